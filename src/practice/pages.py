"""The pages that people see, drawn on the server; no script runs on them."""

from __future__ import annotations

import secrets
from pathlib import Path

from practice import drawing, items, pictures, world
from practice.drawing import esc
from practice.errors import Refusal
from practice.items import Item, Person
from practice.web import Request, Response, Routes, as_page
from practice.world import World

ROUTES = Routes()
CSS = (Path(__file__).parent / "static" / "practice.css").read_bytes()
COOKIE = "ovning"
AT_A_TIME = 10
FOLLOWED = 20
TALK = 200
LONGEST_NAME = 80
HANDLE = r"/@(?P<handle>[a-z0-9-]{1,40})"


def is_page(request: Request) -> bool:
    """Whether a person asks, and not a program."""
    return not request.path.startswith(("/api/", "/control/", "/.well-known/"))


def refused(refusal: Refusal) -> Response:
    """A refusal as a page that says what to do."""
    body = f"<h1>Det gick inte</h1><p>{esc(refusal.words)}</p><p><a href='/'>Till alla konton</a></p>"
    return as_page(drawing.page("Det gick inte", body), refusal.status)


@ROUTES.on("GET", "/")
def start(world_: World, _request: Request) -> Response:
    """All accounts."""
    shown = "".join(f"<li class='card'>{drawing.account_head(one, 'h2')}</li>" for one in items.accounts(world_.store))
    empty = "<p>Här finns inga konton än. Skriv <code>python -m practice fill</code> för att fylla nätet.</p>"
    body = (
        f"<h1>Konton på Övningsnätet</h1><ul class='accounts'>{shown}</ul>"
        if shown
        else f"<h1>Övningsnätet</h1>{empty}"
    )
    return as_page(drawing.page("Konton", body))


@ROUTES.on("GET", HANDLE)
def account(world_: World, request: Request, handle: str) -> Response:
    """An account with its posts, newest first; `before` pages on."""
    one = items.account(world_.store, handle)
    before = request.count("before", 999_999, 999_999)
    posts = items.items(
        world_.store,
        "handle = ? AND kind = 'post' AND state = 'visible' AND id < ? ORDER BY id DESC LIMIT ?",
        [handle, before, AT_A_TIME + 1],
    )
    talk = {
        post.id: world_.store.number(
            "SELECT count(*) FROM items WHERE post_id = ? AND kind = 'comment' AND state = 'visible'", [post.id]
        )
        for post in posts[:AT_A_TIME]
    }
    shown = "".join(drawing.post(post, one, comments=talk[post.id]) for post in posts[:AT_A_TIME])
    more = (
        f"<p><a href='/@{handle}?before={posts[AT_A_TIME - 1].id}'>Äldre inlägg</a></p>"
        if len(posts) > AT_A_TIME
        else ""
    )
    nothing = "" if posts else "<p>Kontot har inga inlägg än.</p>"
    others = drawing.follows(
        (str(row["bond"]), str(row["name"]))
        for row in world_.store.rows(
            "SELECT bond, name FROM follows WHERE handle = ? ORDER BY id LIMIT ?", [handle, FOLLOWED]
        )
    )
    return as_page(drawing.page(one.name, drawing.account_head(one, "h1") + others + shown + nothing + more))


@ROUTES.on("GET", HANDLE + "/post/(?P<number>[0-9]{1,12})")
def post(world_: World, request: Request, handle: str, number: str) -> Response:
    """A post with its thread, and a form to say something as a citizen."""
    one = items.account(world_.store, handle)
    found = _post(world_, handle, number)
    me = _visitor(world_, request)
    talk = items.items(
        world_.store, "post_id = ? AND kind = 'comment' AND state = 'visible' ORDER BY id LIMIT ?", [found.id, TALK]
    )
    names = {
        row["id"]: str(row["name"])
        for row in world_.store.rows(
            "SELECT id, name FROM people WHERE id IN (SELECT person_id FROM items WHERE post_id = ?)", [found.id]
        )
    }
    thread = drawing.thread(found, talk, one, names, me.id if me else None)
    to = found
    if "to" in request.query:
        to = next((said for said in talk if str(said.id) == request.query["to"]), found)
    form = drawing.comment_form(found, to, names, me.name if me else "")
    if world.closed(world_, found, one.flavour):
        form = "<p class='card'>Det går inte längre att kommentera det här inlägget.</p>"
    body = f"{drawing.account_head(one, 'h1')}{drawing.post(found, one, thread=thread)}{form}"
    return as_page(drawing.page(one.name, body))


@ROUTES.on("POST", HANDLE + "/post/(?P<number>[0-9]{1,12})")
def comment(world_: World, request: Request, handle: str, number: str) -> Response:
    """Say something as a citizen; the browser keeps a cookie, so that one can edit and delete one's own."""
    form = request.form()
    found = _post(world_, handle, number)
    name = form.get("name", "").strip()[:LONGEST_NAME]
    if not name:
        raise Refusal(422, "no_name", "Skriv ett namn, gärna ett påhittat. Gå tillbaka och försök igen.")
    cookie = request.cookie(COOKIE) or secrets.token_urlsafe(18)
    me = world.citizen(world_, cookie=cookie, name=name)
    to = items.standing(world_.store, "comment", int(form["to"])) if form.get("to", "").isdecimal() else found
    if to.kind == "comment" and to.post_id != found.id:
        raise Refusal(422, "elsewhere", "Kommentaren hör till ett annat inlägg.")
    said = world.say(world_, to, form.get("text", "").replace("\r\n", "\n").strip(), by=me)
    if said.state == "held":
        body = "<h1>Tack!</h1><p>Din kommentar innehåller en länk och väntar på att kontot ska godkänna den.</p>"
        answer = as_page(drawing.page("Tack", f"{body}<p><a href='/@{handle}/post/{found.id}'>Tillbaka</a></p>"))
    else:
        answer = _back(said)
    answer.headers["Set-Cookie"] = f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"
    return answer


@ROUTES.on("GET", HANDLE + "/comment/(?P<number>[0-9]{1,12})")
def permalink(world_: World, _request: Request, handle: str, number: str) -> Response:
    """Leads to the comment where it stands."""
    said = items.standing(world_.store, "comment", int(number))
    if said.handle != handle:
        raise Refusal(404, "not_found", "Kontot har ingen sådan kommentar.")
    return _back(said)


@ROUTES.on("GET", HANDLE + "/comment/(?P<number>[0-9]{1,12})/andra")
def edit_form(world_: World, request: Request, handle: str, number: str) -> Response:
    """A form to give one's own comment other words."""
    said = _mine(world_, request, handle, number)
    return as_page(drawing.page("Ändra din kommentar", drawing.edit_form(said)))


@ROUTES.on("POST", HANDLE + "/comment/(?P<number>[0-9]{1,12})/andra")
def edit(world_: World, request: Request, handle: str, number: str) -> Response:
    """Give one's own comment other words."""
    form = request.form()
    said = _mine(world_, request, handle, number)
    return _back(world.edit(world_, said, form.get("text", "").replace("\r\n", "\n").strip()))


@ROUTES.on("POST", HANDLE + "/comment/(?P<number>[0-9]{1,12})/ta-bort")
def remove(world_: World, request: Request, handle: str, number: str) -> Response:
    """Delete one's own comment."""
    request.form()
    said = _mine(world_, request, handle, number)
    world.remove(world_, said)
    return Response(303, headers={"Location": f"/@{handle}/post/{said.post_id}"})


@ROUTES.on("GET", HANDLE + r"/post/(?P<number>[0-9]{1,12})/bild\.png")
def picture(world_: World, _request: Request, handle: str, number: str) -> Response:
    """The picture of a post."""
    return _png(pictures.landscape(_post(world_, handle, number).id))


@ROUTES.on("GET", HANDLE + r"/bild\.png")
def mark(world_: World, _request: Request, handle: str) -> Response:
    """The picture of an account."""
    return _png(pictures.mark(handle, items.account(world_.store, handle).colour))


@ROUTES.on("GET", r"/static/practice\.css")
def stylesheet(_world: World, _request: Request) -> Response:
    """The one stylesheet."""
    return Response(200, CSS, "text/css; charset=utf-8", {"Cache-Control": "max-age=60"})


@ROUTES.on("GET", r"/favicon\.ico")
def favicon(_world: World, _request: Request) -> Response:
    """None."""
    return Response(204)


def _post(world_: World, handle: str, number: str) -> Item:
    found = items.standing(world_.store, "post", int(number))
    if found.handle != handle:
        raise Refusal(404, "not_found", "Kontot har inget sådant inlägg.")
    return found


def _visitor(world_: World, request: Request) -> Person | None:
    cookie = request.cookie(COOKIE)
    row = world_.store.row("SELECT id FROM people WHERE cookie = ?", [world.digest(cookie)]) if cookie else None
    return items.person(world_.store, int(row["id"])) if row else None


def _mine(world_: World, request: Request, handle: str, number: str) -> Item:
    said = items.standing(world_.store, "comment", int(number))
    me = _visitor(world_, request)
    if me is None or said.person_id != me.id or said.handle != handle:
        raise Refusal(403, "not_yours", "Du kan bara ändra eller ta bort det som du själv har skrivit.")
    return said


def _back(said: Item) -> Response:
    return Response(303, headers={"Location": f"/@{said.handle}/post/{said.post_id}#comment-{said.id}"})


def _png(body: bytes) -> Response:
    return Response(200, body, "image/png", {"Cache-Control": "max-age=3600"})
