"""Posts, comments, accounts and people as the store holds them, and the ways to find them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from practice.errors import Refusal
from practice.flavours import FLAVOURS, Flavour
from practice.store import Store, Value


@dataclass(frozen=True, slots=True)
class Account:
    """One account on the network: a page, a picture stream, a blog."""

    handle: str
    name: str
    flavour: Flavour
    description: str
    colour: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up, or the visitor who writes through the page."""

    id: int
    name: str
    handle: str
    language: str
    temper: str


@dataclass(frozen=True, slots=True)
class Item:
    """A post or a comment. `person_id` None: the account itself wrote it.

    `parent_id` is what it hangs under, `asked_id` what the writer answered: they differ
    where the flavour is too shallow. `change` counts all changes of the network.
    """

    id: int
    kind: str
    handle: str
    post_id: int | None
    parent_id: int | None
    thread_id: int | None
    asked_id: int | None
    person_id: int | None
    title: str
    text: str
    alt: str
    state: str
    created_at: str
    edited_at: str | None
    modified_at: str
    likes: int
    key: str
    meaning: Mapping[str, Any]
    change: int

    @property
    def by_account(self) -> bool:
        """Whether the account itself wrote it."""
        return self.person_id is None

    @property
    def name(self) -> str:
        """Its name across kinds, such as comment/17."""
        return f"{self.kind}/{self.id}"


def as_item(row: sqlite3.Row) -> Item:
    """An item from its row."""
    values = dict(row)
    values["meaning"] = json.loads(values["meaning"])
    return Item(**values)


def account(store: Store, handle: str) -> Account:
    """The account with that handle. Raises Refusal 404."""
    row = store.row("SELECT * FROM accounts WHERE handle = ?", [handle])
    if row is None:
        raise Refusal(404, "no_such_account", "Det finns inget konto med det namnet.")
    return _as_account(row)


def accounts(store: Store) -> list[Account]:
    """All accounts, in the order they were opened."""
    return [_as_account(row) for row in store.rows("SELECT * FROM accounts ORDER BY position")]


def _as_account(row: sqlite3.Row) -> Account:
    return Account(row["handle"], row["name"], FLAVOURS[row["flavour"]], row["description"], row["colour"])


def item(store: Store, kind: str, number: int) -> Item:
    """The post or comment, deleted or not. Raises Refusal 404 when it never was."""
    row = store.row("SELECT * FROM items WHERE kind = ? AND id = ?", [kind, number])
    if row is None:
        raise Refusal(404, "not_found", "Det finns inget sådant inlägg eller sådan kommentar.")
    return as_item(row)


def standing(store: Store, kind: str, number: int) -> Item:
    """The post or comment that is still there. Raises Refusal 404 or 410, as the flavour has it."""
    found = item(store, kind, number)
    if found.state == "deleted":
        status = account(store, found.handle).flavour.gone
        raise Refusal(status, "not_found" if status == 404 else "gone", "Det är borttaget.")  # noqa: PLR2004
    return found


def items(store: Store, where: str, values: Sequence[Value]) -> list[Item]:
    """Items by a condition written in this program (never from outside)."""
    return [as_item(row) for row in store.rows(f"SELECT * FROM items WHERE {where}", values)]  # noqa: S608


def depth(store: Store, one: Item) -> int:
    """How deep a comment hangs: 0 right under the post."""
    deep = 0
    while one.kind == "comment" and one.parent_id != one.post_id:
        one = item(store, "comment", one.parent_id or 0)
        deep += 1
    return deep


def person(store: Store, number: int) -> Person:
    """A person by number. Raises Refusal 404."""
    row = store.row("SELECT * FROM people WHERE id = ?", [number])
    if row is None:
        raise Refusal(404, "no_such_person", "Det finns ingen sådan person.")
    return Person(row["id"], row["name"], row["handle"], row["language"], row["temper"])
