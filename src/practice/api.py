"""The API that programs use, with a token for each account."""

from __future__ import annotations

import base64
import binascii
import re

from practice import items, readings, world
from practice.clock import moment, stamp
from practice.errors import Refusal
from practice.items import Account, Item
from practice.store import Value
from practice.web import Request, Response, Routes, as_json
from practice.world import World

ROUTES = Routes()
ONE = r"/api/v1/(?P<kind>post|comment)s/(?P<number>[0-9]{1,12})"
MOST = 100


@ROUTES.on("GET", r"/\.well-known/practice-network")
def well_known(world_: World, request: Request) -> Response:
    """What tells this network from others: no token needed."""
    listed = [
        {"handle": one.handle, "name": one.name, "flavour": one.flavour.name, "url": f"{request.base}/@{one.handle}"}
        for one in items.accounts(world_.store)
    ]
    return as_json(
        {"network": "practice-network", "version": 1, "name": "Övningsnätet", "api": f"{request.base}/api/v1"}
        | {"accounts": listed}
    )


@ROUTES.on("GET", r"/api/v1/account")
def own_account(world_: World, request: Request) -> Response:
    """The account that the token opens."""
    return as_json(readings.account(world_, _holder(world_, request), request.base))


@ROUTES.on("GET", r"/api/v1/(?P<kind>post|comment)s")
def listing(world_: World, request: Request, kind: str) -> Response:
    """Posts or comments of the account in the order of their last change, deleted ones left out.

    `after`: a cursor from `next`. `order`: oldest (default) or newest first. `since`: changed at
    that time or later. `limit`: at most 100. `left` counts what comes after this page.
    """
    holder = _holder(world_, request)
    newest = request.query.get("order", "oldest") == "newest"
    limit = request.count("limit", 50, MOST)
    after = _cursor(request.query.get("after", ""), newest=newest)
    since = _since(request.query.get("since", ""))
    ahead = "change < ?" if newest else "change > ?"
    where = f"handle = ? AND kind = ? AND state <> 'deleted' AND modified_at >= ? AND {ahead}"
    values: list[Value] = [holder.handle, kind, since, after]
    found = items.items(world_.store, f"{where} ORDER BY change {'DESC' if newest else ''} LIMIT ?", [*values, limit])
    last = found[-1].change if found else after
    left = world_.store.number(f"SELECT count(*) FROM items WHERE {where}", [*values[:3], last])  # noqa: S608
    shown = [readings.item(world_, one, request.base) for one in found]
    return as_json({"items": shown, "next": _as_cursor(last, newest=newest), "left": left})


@ROUTES.on("GET", r"/api/v1/follows")
def follows(world_: World, request: Request) -> Response:
    """What the account likes and follows, the oldest first; `after`, `limit`, `left` as in the other lists."""
    holder = _holder(world_, request)
    limit, after = request.count("limit", 50, MOST), _cursor(request.query.get("after", ""), newest=False)
    rows = world_.store.rows(
        "SELECT id, bond, name, url FROM follows WHERE handle = ? AND id > ? ORDER BY id LIMIT ?",
        [holder.handle, after, limit],
    )
    last = int(rows[-1]["id"]) if rows else after
    left = world_.store.number("SELECT count(*) FROM follows WHERE handle = ? AND id > ?", [holder.handle, last])
    return as_json({"items": [dict(row) for row in rows], "next": _as_cursor(last, newest=False), "left": left})


@ROUTES.on("GET", ONE)
def single(world_: World, request: Request, kind: str, number: str) -> Response:
    """One post or comment, with an ETag; 304 when it is as the asker knows it."""
    one = _own(world_, _holder(world_, request), kind, number)
    return _answer(world_, request, one)


@ROUTES.on("GET", ONE + "/replies")
def replies(world_: World, request: Request, kind: str, number: str) -> Response:
    """What was answered to it, oldest first, wherever the answer was put."""
    one = _own(world_, _holder(world_, request), kind, number)
    found = items.items(
        world_.store,
        "handle = ? AND kind = 'comment' AND state <> 'deleted' AND (parent_id = ? OR asked_id = ?)"
        " ORDER BY id DESC LIMIT ?",
        [one.handle, one.id, one.id, MOST],
    )
    return as_json({"items": [readings.item(world_, child, request.base) for child in reversed(found)]})


@ROUTES.on("POST", ONE + "/replies")
def reply(world_: World, request: Request, kind: str, number: str) -> Response:
    """Answer as the account; an Idempotency-Key makes it happen once, where the flavour honours keys."""
    one = _own(world_, _holder(world_, request), kind, number)
    text = request.text("text")
    key = request.headers.get("idempotency-key", "")
    if key and items.account(world_.store, one.handle).flavour.keys:
        made, again = world.say_once(world_, one, text, key)
    else:
        made, again = world.say(world_, one, text, by=None), False
    answer = _answer(world_, request, made, status=200 if again else 201)
    if again:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


@ROUTES.on("POST", r"/api/v1/posts")
def publish(world_: World, request: Request) -> Response:
    """A new post by the account."""
    holder = _holder(world_, request)
    title = request.json().get("title", "")
    made = world.publish(world_, holder.handle, request.text("text"), title=str(title)[:300])
    return _answer(world_, request, made, status=201)


@ROUTES.on("PATCH", ONE)
def edit(world_: World, request: Request, kind: str, number: str) -> Response:
    """Other words for a post or comment of the account's own."""
    one = _own(world_, _holder(world_, request), kind, number)
    if not one.by_account:
        raise Refusal(403, "not_yours", "Kontot kan bara ändra det som det självt har skrivit.")
    return _answer(world_, request, world.edit(world_, one, request.text("text")))


@ROUTES.on("PUT", ONE + "/state")
def set_state(world_: World, request: Request, kind: str, number: str) -> Response:
    """Hide a comment, show it again, or approve one that is held."""
    one = _own(world_, _holder(world_, request), kind, number)
    return _answer(world_, request, world.set_state(world_, one, request.text("state"), by="account"))


@ROUTES.on("DELETE", ONE)
def remove(world_: World, request: Request, kind: str, number: str) -> Response:
    """Delete one's own, or another's where the flavour lets the account do so."""
    holder = _holder(world_, request)
    one = _own(world_, holder, kind, number)
    if not one.by_account and not holder.flavour.removes:
        raise Refusal(403, "no_removing", "Här kan kontot inte ta bort andras kommentarer.")
    world.remove(world_, one, by="account")
    return Response(204)


@ROUTES.on("POST", ONE + "/restore")
def restore(world_: World, request: Request, kind: str, number: str) -> Response:
    """Bring back what the account deleted, with what hung under it."""
    holder = _holder(world_, request)
    one = items.item(world_.store, kind, int(number))
    if one.handle != holder.handle:
        raise Refusal(404, "not_found", "Kontot har inget sådant inlägg eller sådan kommentar.")
    return _answer(world_, request, world.restore(world_, one))


def _holder(world_: World, request: Request) -> Account:
    return world.holder(world_, request.bearer())


def _own(world_: World, holder: Account, kind: str, number: str) -> Item:
    one = items.item(world_.store, kind, int(number))
    if one.handle != holder.handle:
        raise Refusal(404, "not_found", "Kontot har inget sådant inlägg eller sådan kommentar.")
    return items.standing(world_.store, kind, int(number))


def _answer(world_: World, request: Request, one: Item, status: int = 200) -> Response:
    reading = readings.item(world_, one, request.base)
    tag = readings.etag(reading)
    if request.method == "GET" and tag in [t.strip() for t in request.headers.get("if-none-match", "").split(",")]:
        return Response(304, headers={"ETag": tag})
    return as_json(reading, status, ETag=tag)


def _as_cursor(change: int, *, newest: bool) -> str:
    return base64.urlsafe_b64encode(f"{'n' if newest else 'o'}{change}".encode()).decode()


def _cursor(text: str, *, newest: bool) -> int:
    if not text:
        return 2**60 if newest else 0
    try:
        plain = base64.urlsafe_b64decode(text.encode()).decode()
    except (ValueError, binascii.Error):
        plain = ""
    if not re.fullmatch(r"n[0-9]{1,18}" if newest else r"o[0-9]{1,18}", plain):
        raise Refusal(422, "bad_cursor", "Markören i after kommer inte från den här listan.")
    return int(plain[1:])


def _since(text: str) -> str:
    try:
        return stamp(moment(text)) if text else ""
    except ValueError as error:
        raise Refusal(422, "bad_time", "since ska vara en tid med zon, som 2026-11-23T08:00:00Z.") from error
