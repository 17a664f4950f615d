"""Hiding, removing and showing again on WordPress: comments are held or binned, posts become drafts or are binned.

WordPress answers 500 where nothing had to change, so the item is read first. Its bin can be emptied by the site; then
what was removed is gone for good, which is why nothing here ever asks for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from uppsikt.connectors.base import Acted, Deed, Gone, Kind, Permanent, Visibility
from uppsikt.connectors.wordpress.api import Api, raise_for, rows
from uppsikt.connectors.wordpress.walking import COMMENTS, PAGE, POSTS

_COMMENT: Final = {
    "approved": Visibility.VISIBLE,
    "hold": Visibility.HELD,
    "spam": Visibility.HIDDEN,
    "trash": Visibility.GONE,
}
# What the site calls each deed; SHOW goes back to what was before.
_ASKED: Final = {
    Kind.COMMENT: {Deed.HIDE: "hold", Deed.APPROVE: "approved", Deed.SHOW: "approved"},
    Kind.POST: {Deed.HIDE: "draft", Deed.SHOW: "publish", Deed.APPROVE: "publish"},
}
_STILL_HELD: Final = {Kind.COMMENT: "hold", Kind.POST: "draft"}
# It lies in the bin already, or there is none.
_BINNED: Final = frozenset({"rest_already_trashed"})
_NO_BIN: Final = frozenset({"rest_trash_not_supported"})
# Comments that went into the bin with their post.
_WITH_POST: Final = "post-trashed"


def act(api: Api, native_id: str, deed: Deed, facts: Mapping[str, str]) -> Acted:
    """Do it, unless it is so already. Raises Trouble; the caller tells whether it may have been done all the same."""
    kind, path = _where(native_id)
    shown = _shown(api, native_id)
    if _stands(deed, shown, facts):
        return Acted(native_id, shown, already=True)
    if shown is Visibility.GONE and deed is not Deed.SHOW:
        raise Gone("not_found", what=native_id)
    if deed is Deed.REMOVE:
        return _bin(api, native_id, path)
    asked = _ASKED[kind].get(deed)
    if asked is None:
        raise Permanent("rejected", what=deed.value)
    if deed is Deed.SHOW and facts.get("as") != Visibility.VISIBLE:
        asked = _STILL_HELD[kind]
    answer = api.ask(path, method="POST", json={"status": asked})
    raise_for(answer)
    if kind is Kind.POST and shown is Visibility.GONE:
        _comments_back(api, native_id)
    return Acted(native_id, _shown(api, native_id))


def find(api: Api, native_id: str, deed: Deed, facts: Mapping[str, str]) -> Acted | None:
    """The item as it stands, where that is as the deed would leave it. Raises Trouble."""
    shown = _shown(api, native_id)
    return Acted(native_id, shown) if _stands(deed, shown, facts) else None


def _bin(api: Api, native_id: str, path: str) -> Acted:
    answer = api.ask(path, method="DELETE")
    if answer.code in _BINNED:
        return Acted(native_id, Visibility.GONE, already=True)
    if answer.code in _NO_BIN:
        raise Permanent("no_bin", status=str(answer.raw.status), why=answer.code)
    raise_for(answer)
    return Acted(native_id, Visibility.GONE)


def _comments_back(api: Api, native_id: str) -> None:
    """WordPress's API leaves a post's comments in the bin when the post comes out of it; they wait for approval."""
    found = api.get(
        COMMENTS,
        {"post": native_id.partition("/")[2], "status": _WITH_POST, "per_page": PAGE, "_fields": "id"}
        | {"context": "edit"},
    )
    for _, one in rows(found):
        own = one.get("id") if isinstance(one, Mapping) else None
        if isinstance(own, int):
            raise_for(api.ask(f"{COMMENTS}/{own}", method="POST", json={"status": "hold"}))


def _stands(deed: Deed, shown: Visibility, facts: Mapping[str, str]) -> bool:
    """Whether an item that is shown so is as the deed would leave it."""
    if deed is Deed.REMOVE:
        return shown is Visibility.GONE
    if deed is Deed.HIDE:
        return shown in {Visibility.HELD, Visibility.HIDDEN}
    if deed is Deed.SHOW and facts.get("as") != Visibility.VISIBLE:
        return shown in {Visibility.HELD, Visibility.HIDDEN}
    return shown is Visibility.VISIBLE


def _shown(api: Api, native_id: str) -> Visibility:
    """How the site shows the item now; what is not there at all is gone. Raises Trouble."""
    kind, path = _where(native_id)
    try:
        told = api.get(path, {"context": "edit", "_fields": "id,status"}).data
    except Gone:
        return Visibility.GONE
    status = told.get("status") if isinstance(told, Mapping) else None
    if not isinstance(status, str):
        raise Permanent("wrong_shape", where=native_id)
    if kind is Kind.COMMENT:
        # The API's own word for what went into the bin with its post.
        return Visibility.GONE if status == _WITH_POST else _COMMENT.get(status, Visibility.HIDDEN)
    if status == "trash":
        return Visibility.GONE
    return Visibility.VISIBLE if status == "publish" else Visibility.HIDDEN


def _where(native_id: str) -> tuple[Kind, str]:
    """The sort of item and its route. Raises Permanent."""
    kind, _, own = native_id.partition("/")
    if own.isdigit() and kind == Kind.COMMENT:
        return Kind.COMMENT, f"{COMMENTS}/{own}"
    if own.isdigit() and kind in (Kind.POST, Kind.PAGE):
        return Kind.POST, f"{POSTS[Kind(kind)]}/{own}"
    raise Permanent("not_found", what=native_id[:60])
