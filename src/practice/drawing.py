"""HTML made by hand: whatever people wrote is escaped here, and their writing direction kept to themselves."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from practice import office
from practice.clock import moment
from practice.items import Account, Item

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
BONDS = {"like": "Gillar", "follow": "Följer"}
NOTICE = (
    "<strong>Övningsnätet.</strong> Det här är inte ett riktigt socialt nätverk. "
    "Alla personer och händelser är påhittade."
)


def esc(text: str) -> str:
    """Text made safe for HTML; control signs that a page cannot hold become a visible mark."""
    kept = "".join(c if c in "\n\t" or c >= " " else "\ufffd" for c in text)
    return html.escape(kept, quote=True)


def page(title: str, body: str) -> str:
    """A whole page, with the notice that no page goes without."""
    return (
        "<!doctype html><html lang='sv'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{esc(title)} – Övningsnätet</title><link rel='stylesheet' href='/static/practice.css'></head><body>"
        "<header><a class='skip' href='#main'>Till innehållet</a>"
        f"<p class='exercise'>{NOTICE}</p>"
        "<nav class='top' aria-label='Övningsnätet'><a href='/'>Alla konton</a></nav></header>"
        f"<main id='main'>{body}</main></body></html>"
    )


def when(text: str) -> str:
    """A moment in Swedish words, by the clock in Sweden."""
    local: datetime = moment(text).astimezone(office.ZONE)
    words = f"{local.day} {MONTHS[local.month - 1]} {local.year} klockan {local.hour}.{local.minute:02}"
    return f"<time datetime='{esc(text)}'>{words}</time>"


def account_head(one: Account, level: str) -> str:
    """Picture, name, and description of an account."""
    return (
        f"<div class='who'><img src='/@{one.handle}/bild.png' alt='' width='48' height='48'><div>"
        f"<{level}><a href='/@{one.handle}'><bdi>{esc(one.name)}</bdi></a></{level}>"
        f"<span class='soft'>@{one.handle} · {esc(one.flavour.swedish)}</span></div></div>"
        f"<p>{esc(one.description)}</p>"
    )


def follows(others: Iterable[tuple[str, str]]) -> str:
    """Whom the account likes and follows: by bond and name."""
    said = "".join(f"<li>{BONDS[bond]} <bdi>{esc(name)}</bdi></li>" for bond, name in others)
    return f"<ul class='soft'>{said}</ul>" if said else ""


def post(found: Item, one: Account, *, comments: int | None = None, thread: str = "") -> str:
    """A post; with the number of comments, or with the thread itself."""
    address = f"/@{one.handle}/post/{found.id}"
    title = f"<h2><bdi>{esc(found.title)}</bdi></h2>" if found.title else ""
    picture = (
        f"<img class='picture' src='{address}/bild.png' alt='{esc(found.alt)}' width='320' height='180'>"
        if found.alt
        else ""
    )
    edited = " · ändrat" if found.edited_at else ""
    counted = "" if comments is None else f" · {comments} {'kommentar' if comments == 1 else 'kommentarer'}"
    return (
        f"<article class='card'>{title}<a href='{address}'>{when(found.created_at)}</a>"
        f"<span class='soft'>{edited} · {found.likes} gillar{counted}</span>"
        f"<p class='text' dir='auto'>{esc(found.text)}</p>{picture}{thread}</article>"
    )


def thread(under: Item, talk: Sequence[Item], one: Account, names: Mapping[int, str], me: int | None) -> str:
    """The comments under a post or comment, nested as they hang."""
    children = [said for said in talk if said.parent_id == under.id]
    if not children:
        return ""
    drawn = "".join(
        f"<li id='comment-{said.id}'>{_said(said, one, names, me)}{thread(said, talk, one, names, me)}</li>"
        for said in children
    )
    return f"<ol class='talk'>{drawn}</ol>"


def _said(said: Item, one: Account, names: Mapping[int, str], me: int | None) -> str:
    name = one.name if said.person_id is None else names.get(said.person_id, "Någon")
    own = " class='own'" if said.by_account else ""
    edited = " · ändrad" if said.edited_at else ""
    base = f"/@{one.handle}/comment/{said.id}"
    acts = f"<a href='/@{one.handle}/post/{said.post_id}?to={said.id}#skriv'>Svara</a>"
    if me is not None and said.person_id == me:
        change = f"<a href='{base}/andra'>Ändra</a>" if one.flavour.edits else ""
        acts += f"{change}<form method='post' action='{base}/ta-bort'><button class='plain'>Ta bort</button></form>"
    return (
        f"<div class='said'><bdi{own}>{esc(name)}</bdi> <a href='#comment-{said.id}'>{when(said.created_at)}</a>"
        f"<span class='soft'>{edited}</span><p class='text' dir='auto'>{esc(said.text)}</p>"
        f"<div class='acts'>{acts}</div></div>"
    )


def comment_form(found: Item, to: Item, names: Mapping[int, str], name: str) -> str:
    """Where a visitor says something."""
    whom = names.get(to.person_id or 0, "kontot") if to.kind == "comment" else ""
    heading = f"Svara <bdi>{esc(whom)}</bdi>" if whom else "Kommentera som invånare"
    hidden = f"<input type='hidden' name='to' value='{to.id}'>" if to.kind == "comment" else ""
    return (
        f"<form class='card' id='skriv' method='post' action='/@{found.handle}/post/{found.id}'><h2>{heading}</h2>"
        "<p class='soft'>Skriv som om du bodde i Älvsta. Hitta på ett namn, och skriv inget om riktiga personer.</p>"
        f"{hidden}<label for='name'>Ditt namn här</label>"
        f"<input type='text' id='name' name='name' required maxlength='80' autocomplete='off' value='{esc(name)}'>"
        "<label for='text'>Kommentar</label><textarea id='text' name='text' rows='4' required></textarea>"
        "<button>Skicka</button></form>"
    )


def edit_form(said: Item) -> str:
    """Where a visitor gives his own comment other words."""
    return (
        "<h1>Ändra din kommentar</h1>"
        f"<form class='card' method='post' action='/@{said.handle}/comment/{said.id}/andra'>"
        "<label for='text'>Kommentar</label>"
        f"<textarea id='text' name='text' rows='5' required>{esc(said.text)}</textarea>"
        f"<button>Spara</button></form><p><a href='/@{said.handle}/post/{said.post_id}'>Avbryt</a></p>"
    )
