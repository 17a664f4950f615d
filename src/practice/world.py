"""What can be done on the network: the one place that changes it."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from practice import items
from practice.clock import Clock, moment, stamp
from practice.errors import Refusal
from practice.flavours import FLAVOURS, Flavour
from practice.items import Account, Item, Person
from practice.store import Store

# What an account can do to somebody else's page.
BONDS = ("like", "follow")


@dataclass(slots=True)
class World:
    """The store and its clock: what every part of the program is handed."""

    store: Store
    clock: Clock

    @property
    def seed(self) -> str:
        """What the made-up people's whims depend on."""
        return self.store.note("seed") or "1"


def open_account(world: World, *, handle: str, name: str, flavour: str, description: str, colour: str) -> Account:
    """Open an account, or give an open one a new name, description and colour."""
    if flavour not in FLAVOURS:
        raise Refusal(422, "no_such_flavour", f"Välj en av: {', '.join(FLAVOURS)}.")
    if not re.fullmatch(r"[a-z0-9-]{1,40}", handle) or not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise Refusal(422, "bad_account", "Handtaget tar a-z, 0-9 och bindestreck; färgen skrivs #1f5f8b.")
    with world.store.change():
        position = world.store.number("SELECT count(*) FROM accounts")
        world.store.write(
            "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (handle) DO UPDATE SET"
            " name = excluded.name, description = excluded.description, colour = excluded.colour",
            [handle, position, name, flavour, description, colour, stamp(world.clock.now())],
        )
    return items.account(world.store, handle)


def give_token(world: World, handle: str, *, seconds: float | None = None) -> str:
    """A new token for the account, good for `seconds` of the network's time or until revoked."""
    items.account(world.store, handle)
    token = f"ovning-{secrets.token_urlsafe(24)}"
    expires = None if seconds is None else stamp(world.clock.now() + timedelta(seconds=seconds))
    world.store.write("INSERT INTO tokens VALUES (?, ?, ?, NULL)", [digest(token), handle, expires])
    return token


def revoke_tokens(world: World, handle: str) -> None:
    """Revoke every token of the account."""
    world.store.write(
        "UPDATE tokens SET revoked_at = ? WHERE handle = ? AND revoked_at IS NULL", [stamp(world.clock.now()), handle]
    )


def holder(world: World, token: str) -> Account:
    """The account that a token opens. Raises Refusal 401."""
    row = world.store.row("SELECT * FROM tokens WHERE digest = ?", [digest(token)])
    if row is None:
        raise Refusal(401, "wrong_token", "Nyckeln är fel.", WWW_Authenticate="Bearer")
    if row["revoked_at"]:
        raise Refusal(401, "token_revoked", "Nyckeln är återkallad.", WWW_Authenticate="Bearer")
    if row["expires_at"] and row["expires_at"] <= stamp(world.clock.now()):
        raise Refusal(401, "token_expired", "Nyckeln har gått ut.", WWW_Authenticate="Bearer")
    return items.account(world.store, row["handle"])


def digest(text: str) -> str:
    """Hex sha256: tokens and cookies are kept as nothing else."""
    return hashlib.sha256(text.encode()).hexdigest()


def publish(
    world: World, handle: str, text: str, *, title: str = "", alt: str = "", meaning: Mapping[str, Any] | None = None
) -> Item:
    """A post by the account. Raises Refusal 422 when the text is empty or too long."""
    account = items.account(world.store, handle)
    _fits(text, account.flavour)
    at = stamp(world.clock.now())
    with world.store.change():
        number = world.store.write(
            "INSERT INTO items (kind, handle, title, text, alt, created_at, modified_at, meaning, change)"
            " VALUES ('post', ?, ?, ?, ?, ?, ?, ?, ?)",
            [handle, title, text, alt, at, at, json.dumps(dict(meaning or {})), world.store.count_up("change")],
        )
        return items.item(world.store, "post", number)


def say(
    world: World, to: Item, text: str, *, by: Person | None, key: str = "", meaning: Mapping[str, Any] | None = None
) -> Item:
    """A comment under a post or an answer to a comment, by a person or by the account itself (None).

    Too deep for the flavour, it is put beside what it answers. Raises Refusal.
    """
    flavour = items.account(world.store, to.handle).flavour
    _fits(text, flavour)
    with world.store.change():
        to = items.standing(world.store, to.kind, to.id)
        post = to if to.kind == "post" else items.standing(world.store, "post", to.post_id or 0)
        if closed(world, post, flavour):
            raise Refusal(403, "closed", "Det går inte längre att kommentera det här inlägget.")
        parent = to
        while parent.kind == "comment" and items.depth(world.store, parent) >= flavour.depth:
            up = "post" if parent.parent_id == parent.post_id else "comment"
            parent = items.item(world.store, up, parent.parent_id or 0)
        held = flavour.holds_links and by is not None and "http" in text
        at = stamp(world.clock.now())
        number = world.store.write(
            "INSERT INTO items (kind, handle, post_id, parent_id, thread_id, asked_id, person_id, text, state,"
            " created_at, modified_at, key, meaning, change) VALUES ('comment', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(to.handle, post.id, parent.id, parent.thread_id, to.id, by.id if by else None, text),
                *("held" if held else "visible", at, at, key, json.dumps(dict(meaning or {}))),
                world.store.count_up("change"),
            ],
        )
        if parent.kind == "post":
            world.store.write("UPDATE items SET thread_id = id WHERE id = ?", [number])
        return items.item(world.store, "comment", number)


def say_once(world: World, to: Item, text: str, key: str) -> tuple[Item, bool]:
    """The account answers, once for each key: the same key gives the same answer again, and True.

    Raises Refusal 422 when the key came before with something else.
    """
    said = digest(json.dumps([to.name, text]))
    with world.store.change():
        row = world.store.row("SELECT * FROM sent WHERE handle = ? AND key = ?", [to.handle, key])
        if row is not None:
            if row["digest"] != said:
                raise Refusal(422, "key_reused", "Samma Idempotency-Key har redan använts för något annat.")
            return items.item(world.store, "comment", row["item_id"]), True
        made = say(world, to, text, by=None, key=key)
        world.store.write("INSERT INTO sent VALUES (?, ?, ?, ?)", [to.handle, key, said, made.id])
        return made, False


def edit(world: World, one: Item, text: str) -> Item:
    """Give a post or comment other words. Raises Refusal when the flavour allows no edits."""
    flavour = items.account(world.store, one.handle).flavour
    if one.kind == "comment" and not flavour.edits:
        raise Refusal(403, "no_edits", "Här kan kommentarer inte ändras.")
    _fits(text, flavour)
    with world.store.change():
        one = items.standing(world.store, one.kind, one.id)
        if one.text != text:
            at = stamp(world.clock.now())
            world.store.write(
                "UPDATE items SET text = ?, edited_at = ?, modified_at = ?, change = ? WHERE id = ?",
                [text, at, at, world.store.count_up("change"), one.id],
            )
        return items.item(world.store, one.kind, one.id)


def set_state(world: World, one: Item, state: str, *, by: str = "network") -> Item:
    """Show or hide a comment, as the account may where the flavour lets it. Raises Refusal.

    `by` is who did it ("account", "author", "network"): it stands in the list of acts.
    """
    if state not in ("visible", "hidden") or one.kind != "comment":
        raise Refusal(422, "no_such_state", "Skriv visible eller hidden.")
    if state == "hidden" and not items.account(world.store, one.handle).flavour.hides:
        raise Refusal(403, "no_hiding", "Här kan kommentarer inte döljas.")
    with world.store.change():
        one = items.standing(world.store, one.kind, one.id)
        if one.state != state:
            _note(world, one, "hide" if state == "hidden" else "show", by)
            _turn(world, one, state)
        return items.item(world.store, one.kind, one.id)


def remove(world: World, one: Item, *, by: str = "author", root: int | None = None) -> None:
    """Delete a post or comment and all that hangs under it. `by`: see `set_state`; `root` is the act it came with."""
    with world.store.change():
        one = items.standing(world.store, one.kind, one.id)
        act = _note(world, one, "delete", by, root)
        _turn(world, one, "deleted")
        column = "post_id" if one.kind == "post" else "parent_id"
        under = items.items(world.store, f"{column} = ? AND kind = 'comment' AND state <> 'deleted'", [one.id])
        for child in under:
            if items.item(world.store, "comment", child.id).state != "deleted":
                remove(world, child, by=by, root=root or act)


def restore(world: World, one: Item) -> Item:
    """Bring back what the account itself deleted, with all that went with it. Raises Refusal."""
    with world.store.change():
        one = items.item(world.store, one.kind, one.id)
        act = world.store.row("SELECT * FROM acts WHERE item_id = ? ORDER BY id DESC LIMIT 1", [one.id])
        if one.state != "deleted" or act is None or act["act"] != "delete" or act["by"] != "account":
            raise Refusal(403, "not_by_you", "Kontot kan bara lägga tillbaka det som det självt har tagit bort.")
        gone = world.store.rows(
            "SELECT item_id, before FROM acts WHERE id = ? OR root = ? ORDER BY id", [act["id"]] * 2
        )
        for row in gone:
            found = items.items(world.store, "id = ? AND state = 'deleted'", [row["item_id"]])
            for back in found:
                _note(world, back, "restore", "account")
                _turn(world, back, row["before"])
        return items.item(world.store, one.kind, one.id)


def like(world: World, one: Item) -> None:
    """One more likes it: a counter that ticks and changes nothing that was said."""
    world.store.write("UPDATE items SET likes = likes + 1 WHERE id = ?", [one.id])


def follow(world: World, handle: str, bond: str, *, name: str, url: str) -> None:
    """Let the account like or follow (`bond`) somebody else's page; done already, it gets the new name."""
    if bond not in BONDS:
        raise Refusal(422, "no_such_bond", f"Välj en av: {', '.join(BONDS)}.")
    items.account(world.store, handle)
    world.store.write(
        "INSERT INTO follows (handle, bond, name, url) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (handle, bond, url) DO UPDATE SET name = excluded.name",
        [handle, bond, name, url],
    )


def unfollow(world: World, handle: str, bond: str, *, url: str) -> None:
    """Let the account like or follow it no more."""
    world.store.write("DELETE FROM follows WHERE handle = ? AND bond = ? AND url = ?", [handle, bond, url])


def citizen(world: World, *, cookie: str, name: str) -> Person:
    """The visitor with that cookie, made when new; the name is the one he gives now."""
    known = digest(cookie)
    with world.store.change():
        row = world.store.row("SELECT id FROM people WHERE cookie = ?", [known])
        if row is None:
            number = world.store.write(
                "INSERT INTO people (name, handle, language, temper, cookie) VALUES (?, ?, 'sv', 'visitor', ?)",
                [name, f"besokare-{known[:8]}", known],
            )
        else:
            number = int(row["id"])
            world.store.write("UPDATE people SET name = ? WHERE id = ?", [name, number])
        return items.person(world.store, number)


def closed(world: World, post: Item, flavour: Flavour) -> bool:
    """Whether the post takes comments no more."""
    days = flavour.closes_after_days
    return days is not None and moment(post.created_at) + timedelta(days=days) < world.clock.now()


def _note(world: World, one: Item, act: str, by: str, root: int | None = None) -> int:
    """One more line in the list of what was done to what is said; returns its number."""
    return world.store.write(
        "INSERT INTO acts (item_id, act, by, before, at, root) VALUES (?, ?, ?, ?, ?, ?)",
        [one.id, act, by, one.state, stamp(world.clock.now()), root],
    )


def _turn(world: World, one: Item, state: str) -> None:
    world.store.write(
        "UPDATE items SET state = ?, modified_at = ?, change = ? WHERE id = ?",
        [state, stamp(world.clock.now()), world.store.count_up("change"), one.id],
    )


def _fits(text: str, flavour: Flavour) -> None:
    if not text.strip():
        raise Refusal(422, "empty", "Skriv något först.")
    if len(text) > flavour.text:
        raise Refusal(422, "too_long", f"Texten är för lång: högst {flavour.text} tecken.")
