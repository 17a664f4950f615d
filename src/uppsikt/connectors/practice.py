"""Övningsnätet: the practice network, a small network of our own for the demo, for training and for tests.

It is met over HTTP like any other network (its program lies in src/practice and shares
no code with this). Lists come in the order of the last change, so edits and hiding show
up in a pull; deletions do not, and are found by asking again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from uppsikt import net
from uppsikt.connectors import answers, base, words

WELL_KNOWN: Final = "/.well-known/practice-network"
PAGE: Final = 100
# A server that always names a following page must not keep a worker for ever; the next pull goes on from there.
MOST_PAGES: Final = 5000
# Of what an account likes and follows so much is read, and for no longer than somebody waits for a page.
MOST_FOLLOW_PAGES: Final = 10
FOLLOWS_PATIENCE: Final = timedelta(seconds=20)
GONE: Final = frozenset({404, 410})
UNREACHABLE: Final = frozenset({"bad_address", "site_down", "timeout", "private_address", "certificate"})
CLOCKS_DIFFER: Final = timedelta(minutes=10)
LONGEST_NAME: Final = 500

_HANDLE = re.compile(r"/@([a-z0-9-]{1,40})(?:/|$)")
_NATIVE = re.compile(r"(post|comment)/([0-9]{1,12})")
_CAN: Final = {one.value: one for one in base.Can}
_BONDS: Final = {one.value: one for one in base.Bond}
_STATES: Final = {"visible": base.Visibility.VISIBLE, "held": base.Visibility.HELD, "hidden": base.Visibility.HIDDEN}


def recognise(address: str, client: net.Client) -> base.Recognition | None:
    """The practice network's account at `address` (http://127.0.0.1:8100/@handle), or None. Raises Trouble."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return None  # an address as people write it, without its scheme, is nobody's practice account
    origin = f"{parts.scheme}://{parts.netloc}"
    try:
        response = client.request("GET", origin + WELL_KNOWN, headers={"accept": "application/json"})
    except net.NetError as error:
        if error.code in UNREACHABLE:
            raise answers.from_net(error) from None
        return None  # something odd at this one address; another network may know the site
    told = _told(response)
    if told.get("network") != "practice-network" or response.moved_origin:
        return None
    handle = found.group(1) if (found := _HANDLE.match(parts.path)) else ""
    listed = [one for one in _list(told.get("accounts")) if isinstance(one, Mapping)]
    account = next((one for one in listed if one.get("handle") == handle), None)
    if handle and account is None:
        raise base.Gone("not_found", handle=handle)
    name = _line(account.get("name")) if account else "Övningsnätet"
    return base.Recognition(
        network="practice",
        name=name,
        address=f"{origin}/@{handle}" if handle else f"{origin}/",
        settings={"base": origin, "handle": handle},
        needs=(base.Need("token", secret=True),),
        found={"network": "Övningsnätet", "accounts": str(len(listed))} | ({"handle": handle} if handle else {}),
    )


class Practice:
    """One account on the practice network. Settings: base, handle (may be empty). Secret: token."""

    network: ClassVar[str] = "practice"
    takers: ClassVar[frozenset[str]] = frozenset({"author", "network", "us"})

    def __init__(
        self, client: net.Client, settings: Mapping[str, object], secrets: Mapping[str, str], now: base.Now
    ) -> None:
        self._client = client
        self._base = str(settings.get("base", "")).rstrip("/")
        self._handle = str(settings.get("handle", ""))
        self._token = secrets.get("token", "")
        self._now = now

    def check(self) -> base.Profile:
        """Read the account with the token. Raises Trouble; Reconnect when the token is another account's."""
        response = self._get("/account")
        told = _object(response)
        handle = _line(told.get("handle"))
        if not handle:
            raise base.Permanent("wrong_shape", where="account")
        if self._handle and handle != self._handle:
            raise base.Reconnect("wrong_key", account=handle)
        return base.Profile(
            name=_line(told.get("name")),
            address=words.web_address(told.get("url")),
            description=_text(told.get("description"))[0],
            logged_in_as=handle,
            native_user_id=f"account/{handle}",
            can=_can(told),
            picture=words.web_address(told.get("picture")),
            raw=answers.keep(response),
        )

    def follows(self) -> base.Follows:
        """What the account likes and follows. What is no address that can be shown is passed by. Raises Trouble."""
        found: dict[tuple[base.Bond, str], base.Followed] = {}
        after, whole, stop = "", True, self._now() + FOLLOWS_PATIENCE
        for _page in range(MOST_FOLLOW_PAGES):
            params = {"limit": str(PAGE)} | ({"after": after} if after else {})
            told = _object(self._get("/follows", params=params))
            rows, following, left = told.get("items"), told.get("next"), told.get("left")
            if not isinstance(rows, list) or not isinstance(following, str) or not isinstance(left, int):
                raise base.Permanent("wrong_shape", where="follows")
            for row in rows[:PAGE]:
                one = _followed(row)
                whole &= one is not None
                if one is not None:
                    found.setdefault((one.bond, one.address), one)
            if left <= 0:
                return base.Follows(tuple(found.values()), whole and len(rows) <= PAGE)
            if not rows or following == after:  # a list that leads back to itself
                raise base.Permanent("wrong_shape", where="next")
            after = following
            if self._now() > stop:
                break
        return base.Follows(tuple(found.values()), whole=False)

    def pull(self, cursor: base.JSON) -> Iterator[base.Batch]:
        """Posts and then comments, in the order in which they last changed. Raises Trouble."""
        reached = {kind: str(cursor.get(kind, "")) for kind in ("posts", "comments")}
        # Whoever reads the whole history wants to know how much there is of it, and the posts are the least part.
        beyond = 0 if reached["comments"] else self._number("comments")
        for kind in ("posts", "comments"):
            for _page in range(MOST_PAGES):
                params = {"limit": str(PAGE)} | ({"after": reached[kind]} if reached[kind] else {})
                response = self._get(f"/{kind}", params=params)
                told = _object(response)
                rows, following, left = told.get("items"), told.get("next"), told.get("left")
                if not isinstance(rows, list) or not isinstance(following, str) or not isinstance(left, int):
                    raise base.Permanent("wrong_shape", where=kind)
                if not rows:
                    break
                if following == reached[kind]:  # a list that leads back to itself would be read for ever
                    raise base.Permanent("wrong_shape", where="next")
                reached = {**reached, kind: following}
                raw = answers.keep(response)
                items, bad = _read_all(rows, raw)
                yield base.Batch(items, dict(reached), left + (beyond if kind == "posts" else 0), bad)
                if left <= 0:
                    break

    def _number(self, kind: str) -> int:
        """How many there are in a list. Raises Trouble."""
        told = _object(self._get(f"/{kind}", params={"limit": "1"}))
        rows, left = told.get("items"), told.get("left")
        return len(rows) + left if isinstance(rows, list) and isinstance(left, int) else 0

    def refetch(self, known: Sequence[base.Known]) -> Iterator[base.Refetched]:
        """Ask for each item with the ETag we know. A held or hidden item is still there. Raises Trouble."""
        for one in known:
            response = self._ask("GET", _path(one.native_id), headers={"if-none-match": one.etag} if one.etag else {})
            if response.status in GONE:
                told_gone = _told(response).get("error")
                if not isinstance(told_gone, Mapping):  # a page of somebody else's, not the network's own word
                    raise answers.not_json(response)
                yield base.Refetched(one.native_id, base.Found.GONE, raw=answers.keep(response))
                continue
            self._raise_for(response)
            etag = response.headers.get("etag", "")
            raw = answers.keep(response)
            if response.status == HTTPStatus.NOT_MODIFIED:
                yield base.Refetched(one.native_id, base.Found.SAME, raw=raw, etag=etag or one.etag)
                continue
            item = _read(_object(response), raw, "")
            if item is None or item.native_id != one.native_id:
                raise base.Permanent("wrong_shape", where=one.native_id)
            same = item.fingerprint == one.fingerprint and one.etag in ("", etag)
            yield base.Refetched(one.native_id, base.Found.SAME if same else base.Found.CHANGED, item, raw, etag)

    def reply(self, to: str, text: str, key: str) -> base.Sent:
        """Answer an item; sent twice with the same key it is published once. Raises Trouble, Unknown when unsure."""
        path = f"{_path(to)}/replies"
        try:
            response = self._ask_net("POST", path, headers={"idempotency-key": key}, json={"text": text})
        except net.NetError as error:
            if error.sent:
                raise base.Unknown("unknown_outcome", why=error.code) from None
            raise answers.from_net(error) from None
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # it may have been taken before something broke
            raise base.Unknown("unknown_outcome", status=str(response.status))
        if response.status in GONE:
            raise base.Gone("not_found", item=to)
        if response.status in (400, 413, 422):
            raise base.Permanent("rejected", why=_told_why(response), status=str(response.status))
        self._raise_for(response)
        sent = _sent(_told(response), response)
        if sent is None:
            raise base.Unknown("unknown_outcome", status=str(response.status))
        return sent

    def find_sent(self, to: str, text: str, key: str, since: datetime) -> base.Sent | None:
        """Our answer under that item: the one with our key, else one without a key with these words. Raises Trouble."""
        response = self._ask("GET", f"{_path(to)}/replies")
        if response.status in GONE:
            return None
        self._raise_for(response)
        rows = _object(response).get("items")
        if not isinstance(rows, list):
            raise base.Permanent("wrong_shape", where="replies")
        ours = [row for row in rows if isinstance(row, Mapping) and _is_account(row)]
        for row in ours:
            if key and row.get("client_key") == key:
                return _sent(row, response, f"/items/{rows.index(row)}")
        for row in ours:
            at = _time(row.get("created_at"))
            wording = words.squash(_text(row.get("text"))[0]) == words.squash(text)
            if not row.get("client_key") and wording and at is not None and at >= since - CLOCKS_DIFFER:
                return _sent(row, response, f"/items/{rows.index(row)}")
        return None

    def act(self, native_id: str, deed: base.Deed, key: str, facts: Mapping[str, str]) -> base.Acted:
        """Hide, show, approve, delete, or bring back what the account deleted. Raises Trouble, Unknown when unsure."""
        del key, facts
        path = _path(native_id)
        if deed is base.Deed.REMOVE:
            response = self._change("DELETE", path)
            gone = response.status in GONE
            if not gone:
                self._raise_for(response)
            return base.Acted(native_id, base.Visibility.GONE, already=gone)
        state = {base.Deed.HIDE: "hidden", base.Deed.SHOW: "visible", base.Deed.APPROVE: "visible"}.get(deed)
        if state is None:
            raise base.Permanent("rejected", why=deed.value)
        response = self._change("PUT", f"{path}/state", json={"state": state})
        if response.status in GONE and deed is base.Deed.SHOW:
            response = self._change("POST", f"{path}/restore")
        if response.status in GONE:
            raise base.Gone("not_found", item=native_id)
        self._raise_for(response)
        shown = _STATES.get(str(_told(response).get("state")))
        if shown is None:
            raise base.Unknown("unknown_outcome", status=str(response.status))
        return base.Acted(native_id, shown)

    def find_acted(self, native_id: str, deed: base.Deed, key: str, facts: Mapping[str, str]) -> base.Acted | None:
        """Whether the item stands as the deed would leave it. Raises Trouble."""
        del key
        response = self._ask("GET", _path(native_id))
        if response.status in GONE:
            shown = base.Visibility.GONE
        else:
            self._raise_for(response)
            shown = _STATES.get(str(_object(response).get("state")), base.Visibility.VISIBLE)
        before = base.Visibility(facts.get("as") or base.Visibility.VISIBLE)
        wanted = {base.Deed.REMOVE: base.Visibility.GONE, base.Deed.HIDE: base.Visibility.HIDDEN}
        wanted[base.Deed.SHOW] = before
        return base.Acted(native_id, shown) if shown is wanted.get(deed, base.Visibility.VISIBLE) else None

    def _change(self, method: str, path: str, **more: Any) -> net.Response:
        """Ask for a change. Raises Unknown where it may have been made before something broke."""
        try:
            response = self._ask_net(method, path, **more)
        except net.NetError as error:
            if error.sent:
                raise base.Unknown("unknown_outcome", why=error.code) from None
            raise answers.from_net(error) from None
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise base.Unknown("unknown_outcome", status=str(response.status))
        return response

    def _get(self, path: str, params: Mapping[str, str] | None = None) -> net.Response:
        response = self._ask("GET", path, params=params)
        if response.status in GONE:
            if not _told(response):  # not the network's own word: something else answers at this address
                raise answers.not_json(response)
            raise base.Gone("not_found", status=str(response.status))
        self._raise_for(response)
        return response

    def _ask(self, method: str, path: str, **more: Any) -> net.Response:
        try:
            return self._ask_net(method, path, **more)
        except net.NetError as error:
            raise answers.from_net(error) from None

    def _ask_net(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> net.Response:
        """Send with the token: encrypted, or to a private server that the installation allows. Raises NetError."""
        parts = urlsplit(self._base)
        if parts.scheme != "https" and parts.netloc.lower() not in self._client.limits.allow_private:
            raise net.NetError("insecure", host=parts.hostname or "")
        sending = {"accept": "application/json", "authorization": f"Bearer {self._token}", **(headers or {})}
        return self._client.request(method, f"{self._base}/api/v1{path}", headers=sending, **more)

    def _raise_for(self, response: net.Response) -> None:
        """Raise the Trouble that a status tells."""
        if response.status == HTTPStatus.UNAUTHORIZED:
            told = _told(response).get("error")
            code = told.get("code") if isinstance(told, Mapping) else ""
            raise base.Reconnect("revoked_key" if code in ("token_revoked", "token_expired") else "wrong_key")
        if trouble := answers.by_status(response):
            raise trouble
        if response.status == HTTPStatus.FORBIDDEN:
            raise base.Permanent("forbidden", why=_told_why(response))
        if response.status >= HTTPStatus.BAD_REQUEST:  # any other refusal
            raise base.Permanent("rejected", why=_told_why(response), status=str(response.status))


CONNECTOR = Practice


def _read_all(rows: Sequence[Any], raw: base.RawResponse) -> tuple[tuple[base.Captured, ...], tuple[base.BadItem, ...]]:
    """The items of a list, and those that could not be read."""
    items, bad = [], []
    for number, row in enumerate(rows):
        item = _read(row, raw, f"/items/{number}") if isinstance(row, Mapping) else None
        if item is None:
            bad.append(base.BadItem(f"/items/{number}", raw, "not_an_item"))
        else:
            items.append(item)
    return tuple(items), tuple(bad)


def _read(row: Mapping[str, Any], raw: base.RawResponse, place: str) -> base.Captured | None:
    """One item as the network told it; None when it is not even clear which one it is."""
    kind, number = row.get("kind"), row.get("id")
    if kind not in ("post", "comment") or not isinstance(number, int) or number < 1:
        return None
    text, remarks = _text(row.get("text"))
    post_id = _native("post", row.get("post_id"))
    parent_id = ""
    if kind == "comment":
        above = row.get("parent_id")
        parent_id = post_id if above == row.get("post_id") else _native("comment", above)
    limits = row.get("limits")
    return base.Captured(
        native_id=f"{kind}/{number}",
        kind=base.Kind(kind),
        direction=base.Direction.DRAWN_UP if _is_account(row) else base.Direction.RECEIVED,
        raw=raw,
        place=place,
        text=text,
        author=_author(row.get("author")),
        title=_line(row.get("title")),
        address=words.web_address(row.get("url")),
        published_at=_time(row.get("created_at")),
        edited_at=_time(row.get("edited_at")),
        parent_id=parent_id,
        thread_id=f"post/{number}" if kind == "post" else _native("comment", row.get("thread_id")),
        post_id=post_id,
        visibility=_STATES.get(str(row.get("state")), base.Visibility.VISIBLE),
        attachments=_pictures(row.get("pictures")),
        can=_can(row),
        missing=frozenset(name for name in ("text", "author", "created_at") if row.get(name) is None),
        remarks=remarks,
        reading={
            "likes": row.get("likes") if isinstance(row.get("likes"), int) else None,
            "longest_answer": limits.get("text") if isinstance(limits, Mapping) else None,
        },
    )


def _followed(row: Any) -> base.Followed | None:
    """One that the account likes or follows; None for what says neither whom nor how."""
    if not isinstance(row, Mapping):
        return None
    bond, address = _BONDS.get(str(row.get("bond"))), words.web_address(row.get("url"))
    return base.Followed(bond, _line(row.get("name")), address) if bond and address else None


def _author(told: Any) -> base.CapturedActor:
    if not isinstance(told, Mapping):
        return base.CapturedActor("", "")
    return base.CapturedActor(
        _line(told.get("id")), _line(told.get("name")), _line(told.get("handle")), words.web_address(told.get("url"))
    )


def _is_account(row: Mapping[str, Any]) -> bool:
    author = row.get("author")
    return isinstance(author, Mapping) and author.get("id") == f"account/{row.get('account')}"


def _pictures(told: Any) -> tuple[base.CapturedAttachment, ...]:
    found = []
    for one in _list(told)[: words.MOST_FILES]:
        address = words.web_address(one.get("url")) if isinstance(one, Mapping) else ""
        if address:
            found.append(base.CapturedAttachment(address, _line(one.get("type")), alt=_line(one.get("alt"))))
    return tuple(found)


def _sent(row: Mapping[str, Any], response: net.Response, place: str = "") -> base.Sent | None:
    item = _read(row, answers.keep(response), place)
    return base.Sent(item.native_id, item.address, item) if item else None


def _path(native_id: str) -> str:
    """The API's address of an item. Raises Permanent for an id that is none of this network's."""
    found = _NATIVE.fullmatch(native_id)
    if not found:
        raise base.Permanent("wrong_shape", where="native_id")
    return f"/{found.group(1)}s/{found.group(2)}"


def _native(kind: str, number: Any) -> str:
    return f"{kind}/{number}" if isinstance(number, int) else ""


def _can(told: Mapping[str, Any]) -> frozenset[base.Can]:
    return frozenset(_CAN[one] for one in _list(told.get("can")) if isinstance(one, str) and one in _CAN)


def _object(response: net.Response) -> Mapping[str, Any]:
    """The JSON object of an answer. Raises Permanent."""
    try:
        told, _ = answers.decode(response.body)
    except ValueError:
        raise answers.not_json(response) from None
    if not isinstance(told, Mapping):
        raise base.Permanent("wrong_shape", where="answer")
    return told


def _told(response: net.Response) -> Mapping[str, Any]:
    """The JSON object of an answer, or an empty one."""
    try:
        told, _ = answers.decode(response.body)
    except ValueError:
        return {}
    return told if isinstance(told, Mapping) else {}


def _told_why(response: net.Response) -> str:
    error = _told(response).get("error")
    message = error.get("message") if isinstance(error, Mapping) else ""
    return answers.shown(message) if isinstance(message, str) else ""


def _text(value: Any) -> tuple[str, tuple[str, ...]]:
    """A text made fit to keep, and what had to be done to it."""
    if not isinstance(value, str):
        return "", ()
    cleaned, remarks = words.clean(value)
    return cleaned, tuple(sorted(remarks))


def _line(value: Any) -> str:
    return words.clean(value, cap=LONGEST_NAME)[0] if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _time(value: Any) -> datetime | None:
    """An aware UTC time, or None for what is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
