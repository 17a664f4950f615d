"""Items and accounts as the API shows them, and the ETag of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from practice import items
from practice.items import Account, Item
from practice.world import World, closed

Reading = dict[str, Any]


def account(world: World, one: Account, base: str) -> Reading:
    """An account as its own token sees it."""
    return {
        "handle": one.handle,
        "name": one.name,
        "description": one.description,
        "flavour": one.flavour.name,
        "url": f"{base}/@{one.handle}",
        "picture": f"{base}/@{one.handle}/bild.png",
        "limits": {"text": one.flavour.text, "depth": one.flavour.depth},
        "can": ["post", "reply"]
        + ["hide"] * one.flavour.hides
        + ["remove"] * one.flavour.removes
        + ["approve"] * one.flavour.holds_links,
        "posts": world.store.number(
            "SELECT count(*) FROM items WHERE handle = ? AND kind = 'post' AND state <> 'deleted'", [one.handle]
        ),
    }


def item(world: World, one: Item, base: str) -> Reading:
    """A post or comment as its account's token sees it; hidden and held ones too."""
    owner = items.account(world.store, one.handle)
    post_id = one.id if one.kind == "post" else one.post_id
    pictures = []
    if one.alt:
        address = f"{base}/@{one.handle}/post/{one.id}/bild.png"
        pictures = [{"url": address, "type": "image/png", "alt": one.alt}]
    return {
        "id": one.id,
        "kind": one.kind,
        "account": one.handle,
        "post_id": post_id,
        "parent_id": one.parent_id,
        "thread_id": one.thread_id,
        "answers_id": one.asked_id,
        "author": author(world, one, owner, base),
        "title": one.title,
        "text": one.text,
        "state": one.state,
        "created_at": one.created_at,
        "edited_at": one.edited_at,
        "url": f"{base}/@{one.handle}/post/{post_id}" + (f"#comment-{one.id}" if one.kind == "comment" else ""),
        "pictures": pictures,
        "likes": one.likes,
        "can": can(world, one, owner),
        "limits": {"text": owner.flavour.text},
        "client_key": one.key,
    }


def author(world: World, one: Item, owner: Account, base: str) -> Reading:
    """Who wrote it."""
    if one.person_id is None:
        address = f"{base}/@{owner.handle}"
        return {"id": f"account/{owner.handle}", "name": owner.name, "handle": owner.handle, "url": address}
    by = items.person(world.store, one.person_id)
    return {"id": f"person/{by.id}", "name": by.name, "handle": by.handle, "url": ""}


def can(world: World, one: Item, owner: Account) -> list[str]:
    """What the account may do with this very item."""
    post = one if one.kind == "post" else items.item(world.store, "post", one.post_id or 0)
    able = []
    if one.state == "visible" and not closed(world, post, owner.flavour):
        able.append("reply")
    if one.kind == "comment" and not one.by_account and owner.flavour.hides and one.state == "visible":
        able.append("hide")
    if one.by_account or owner.flavour.removes:
        able.append("remove")
    if one.state in ("held", "hidden"):
        able.append("approve")
    return able


def etag(reading: Mapping[str, Any]) -> str:
    """A weak ETag: it changes with the words and the state, not with the count of likes or the address used."""
    kept = {
        name: value for name, value in reading.items() if name not in ("likes", "url", "pictures", "author", "limits")
    }
    kept["author"] = [reading["author"]["id"], reading["author"]["name"]]
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False)
    return f'W/"{hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]}"'
