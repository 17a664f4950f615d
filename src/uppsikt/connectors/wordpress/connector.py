"""One WordPress site as a channel: who we are there, what is new, what has changed, and how we answer."""

from __future__ import annotations

import html
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, ClassVar, Final

from uppsikt import net
from uppsikt.connectors import answers, words
from uppsikt.connectors.base import (
    JSON,
    Acted,
    BadItem,
    Batch,
    Can,
    Captured,
    Deed,
    Found,
    Gone,
    Kind,
    Known,
    Now,
    Permanent,
    Profile,
    Reconnect,
    Refetched,
    Retry,
    Sent,
    Trouble,
    Unknown,
    Visibility,
)
from uppsikt.connectors.wordpress import acting
from uppsikt.connectors.wordpress.api import Answer, Api, number, raise_for, rows
from uppsikt.connectors.wordpress.reading import Family, Me, Source, read_comment, read_post
from uppsikt.connectors.wordpress.walking import (
    COMMENTS,
    PAGE,
    POSTS,
    SENT_ALONG,
    Reader,
    Step,
    walk_comments,
    walk_posts,
)

log = logging.getLogger(__name__)

MOST_ABOVE: Final = 50
CLOCKS: Final = timedelta(minutes=2)
EVERY_STATUS: Final = "publish,private,draft,pending,future,trash"
_PATHS: Final = {Kind.COMMENT: COMMENTS, **POSTS}
_WALKS: Final = (
    (Kind.POST, "modified"),
    (Kind.POST, "date"),
    (Kind.PAGE, "modified"),
    (Kind.PAGE, "date"),
    (Kind.COMMENT, "id"),
)
_ABILITIES: Final = {
    "publish_posts": {Can.POST},
    "moderate_comments": {Can.APPROVE, Can.HIDE, Can.REMOVE},
}
# WordPress says by these that it has not taken the answer, and why; all else it may have.
_BUSY: Final = frozenset({"comment_flood"})


class WordPress:
    """Settings: `api`, the root of the REST API; `site`, its address; `worked_before`, whether the password
    has opened it before. Secrets: `username` and `application_password`, or neither: then what
    anybody can read is read, held comments are not seen and nothing can be answered.
    """

    network: ClassVar[str] = "wordpress"
    # A guest cannot take a comment back; whoever can is one of the site's own.
    takers: ClassVar[frozenset[str]] = frozenset({"us"})

    def __init__(self, client: net.Client, settings: JSON, secrets: Mapping[str, str], now: Now) -> None:
        self._now = now
        self._site = str(settings.get("site") or settings["api"])
        user = str(secrets.get("username") or settings.get("username") or "").strip()
        password = secrets.get("application_password", "").strip()
        self._api = Api(
            client,
            str(settings["api"]),
            (user, password) if user and password else None,
            worked_before=bool(settings.get("worked_before")),
        )
        self._me: Me | None = None
        self._family = Family()

    # -- who we are -----------------------------------------------------------

    def check(self) -> Profile:
        """Read the site's profile, and whom the credentials make us. Raises Trouble.

        Without credentials `can` is empty and `logged_in_as` says nobody. Raises
        Permanent("forbidden") where the user may neither write nor moderate.
        """
        answer = self._api.get("", {"_fields": "name,description,url,home,site_icon_url"})
        told = answer.data
        if not isinstance(told, Mapping):
            raise Permanent("wrong_shape", got=type(told).__name__)
        me = self.me()
        can = {one for name, given in _ABILITIES.items() if name in me.capabilities for one in given}
        if me.id and not me.moderates:
            raise Permanent("forbidden", why="moderate_comments", user=me.name)
        return Profile(
            name=answers.shown(str(told.get("name") or "")),
            address=words.web_address(told.get("home")) or self._site,
            description=answers.shown(str(told.get("description") or "")),
            logged_in_as=me.name,
            native_user_id=f"user/{me.id}" if me.id else "",
            can=frozenset(can | ({Can.REPLY} if me.id else set())),
            picture=words.web_address(told.get("site_icon_url"), self._site),
            raw=answer.raw,
        )

    def follows(self) -> None:
        """A site of its own likes and follows nobody."""

    def me(self) -> Me:
        """Whom our credentials make us, asked once. Raises Trouble, Reconnect where they are not taken."""
        if self._me is None and not self._api.auth:
            self._me = Me()
        elif self._me is None:
            try:
                self._me = self._ask_me()
            except Reconnect as refused:
                raise self._or_switched_off(refused) from refused
        return self._me

    def _or_switched_off(self, refused: Reconnect) -> Reconnect:
        """Not the password is wrong where the site takes no application passwords at all."""
        told = self._api.get("", {"_fields": "authentication"}).data
        offered = told.get("authentication") if isinstance(told, Mapping) else None
        takes = isinstance(offered, Mapping) and "application-passwords" in offered
        return refused if takes else Reconnect("login_ignored", **refused.facts)

    def _ask_me(self) -> Me:
        told = self._api.get("wp/v2/users/me", {"context": "edit", "_fields": "id,name,capabilities"}).data
        if not isinstance(told, Mapping) or not number(told.get("id")):
            raise Permanent("wrong_shape", where="users/me")
        given = told.get("capabilities")
        able = frozenset(str(name) for name, yes in given.items() if yes) if isinstance(given, Mapping) else frozenset()
        return Me(number(told["id"]), answers.shown(str(told.get("name") or "")), able)

    # -- what is new ----------------------------------------------------------

    def pull(self, cursor: JSON) -> Iterator[Batch]:
        """Posts, pages and comments that are new or changed since the cursor. Raises Trouble."""
        self.me()
        # Begun where the last pull says, so that one that is always broken off comes round too.
        first = next((place for place, one in enumerate(_WALKS) if _name(*one) == cursor.get("at")), 0)
        for place in range(first, first + len(_WALKS)):
            walk, following = _WALKS[place % len(_WALKS)], _WALKS[(place + 1) % len(_WALKS)]
            try:
                for batch, last in self._walk(*walk, cursor):
                    cursor = {**batch.cursor, "at": _name(*(following if last else walk))}
                    yield replace(batch, cursor=cursor)
            except Trouble:
                # A list that cannot be read keeps nobody from the others: the next pull begins after it.
                yield Batch((), {**cursor, "at": _name(*following)})
                raise

    def _walk(self, kind: Kind, order: str, cursor: JSON) -> Iterator[Step]:
        read, now = self._reader(kind), self._now()
        if kind is Kind.COMMENT:
            return walk_comments(self._api, cursor, read, moderates=self.me().moderates, now=now)
        return walk_posts(self._api, cursor, read, kind=kind, order=order, now=now)

    def _reader(self, kind: Kind) -> Reader:
        return lambda answer, items: self._read(kind, answer, items)

    def _read(
        self, kind: Kind, answer: Answer, items: Sequence[tuple[str, Any]]
    ) -> tuple[list[Captured], list[BadItem]]:
        """Read what can be read; what cannot is told, and stops nothing."""
        source = Source(answer.raw, self._site, self.me(), frozenset({"php_noise"} if answer.noisy else ()))
        if kind is Kind.COMMENT:
            self._meet_family([item for _, item in items if isinstance(item, Mapping)])
        good: list[Captured] = []
        bad: list[BadItem] = []
        for place, item in items:
            try:
                good.append(self._one(kind, place, item, source))
            except ValueError as error:
                bad.append(BadItem(place, answer.raw, str(error)))
        return good, bad

    def _one(self, kind: Kind, place: str, item: Any, source: Source) -> Captured:
        if kind is Kind.COMMENT:
            return read_comment(place, item, source, self._family)
        return read_post(kind, place, item, source)

    def _meet_family(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Find out which comments began the talks that these belong to, and which authors write for the site."""
        parents, authors = self._family.parents, set()
        for item in items:
            if own := number(item.get("id")):
                parents[own] = number(item.get("parent"))
                authors.add(number(item.get("author")))
        for _ in range(MOST_ABOVE):
            unknown = self._family.unknown()
            if not unknown:
                break
            for chunk in _chunks(unknown):
                seen = self._listed(COMMENTS, chunk, "id,parent", {"status": "any"} if self.me().moderates else {})
                parents.update({one: None for one in chunk})
                parents.update({own: number(item.get("parent")) for own, item in seen.items() if own in chunk})
        strangers = sorted(authors - {0, self.me().id} - self._family.asked_users)
        for chunk in _chunks(strangers):
            # Without the right to list users WordPress shows only those who have published something.
            limit = {"who": "authors"} if "list_users" in self.me().capabilities else {}
            self._family.staff.update(set(self._listed("wp/v2/users", chunk, "id", limit)) & set(chunk))
            self._family.asked_users.update(chunk)

    def _listed(self, path: str, chunk: Sequence[int], fields: str, more: Mapping[str, Any]) -> dict[int, Any]:
        """Things by number, as far as the site shows them; nothing where it refuses. Raises Retry and Reconnect."""
        params = {"include": ",".join(map(str, chunk)), "per_page": PAGE, "_fields": fields, **more}
        try:
            found = rows(self._api.get(path, params))
        except Permanent as trouble:
            log.info("wordpress: %s not listed: %s", path, trouble.code)
            return {}
        return {own: item for _, item in found if isinstance(item, Mapping) and (own := number(item.get("id")))}

    # -- what has become of it ------------------------------------------------

    def refetch(self, known: Sequence[Known]) -> Iterator[Refetched]:
        """Ask again for items we hold. Raises Trouble.

        SAME and CHANGED speak of the wording; how the item is shown stands in the item. What
        lies in the bin is GONE with its item. HIDDEN: it is there, and not for us to see any more (401, 403).
        An item that cannot be read is left out: nothing is known of it.
        """
        me = self.me()
        by_kind: dict[Kind, dict[int, Known]] = {}
        for one in known:
            name, _, own = one.native_id.partition("/")
            if name in (Kind.COMMENT, Kind.POST, Kind.PAGE) and own.isdigit():
                by_kind.setdefault(Kind(name), {})[int(own)] = one
        for kind, asked in by_kind.items():
            for chunk in _chunks(sorted(asked)):
                yield from self._refetch({own: asked[own] for own in chunk}, kind, me)

    def _refetch(self, asked: Mapping[int, Known], kind: Kind, me: Me) -> Iterator[Refetched]:
        """A chunk in one question, and by themselves those that were not in the answer."""
        left = dict(asked)
        if len(asked) > 1:
            for captured in self._again(list(asked), kind, me):
                one = left.pop(int(captured.native_id.partition("/")[2]), None)
                if one is not None:
                    yield self._compared(one, captured)
        for own, one in left.items():
            answer = self._single(own, one, kind, me)
            if answer is not None:
                yield answer

    def _again(self, chunk: list[int], kind: Kind, me: Me) -> list[Captured]:
        params = {
            "include": ",".join(map(str, chunk)),
            "per_page": PAGE,
            "orderby": "include",
            **self._seeing(kind, me),
        }
        if kind is not Kind.COMMENT:
            params["status"] = EVERY_STATUS if me.moderates else "publish"
        else:
            params |= {"status": "any", "orderby": "id"} if me.moderates else {"orderby": "id"}
        try:
            answer = self._api.get(_PATHS[kind], params)
            return self._read(kind, answer, rows(answer))[0]
        except Permanent as trouble:
            # One of them may be too much or may break the list; asked for by itself it stops only itself.
            if trouble.code not in ("too_large", "wrong_shape", "rejected"):
                raise
            return []

    def _seeing(self, kind: Kind, me: Me) -> dict[str, Any]:
        if kind is Kind.COMMENT:
            return {"context": "edit"} if me.moderates else {}
        return {"_embed": SENT_ALONG}

    def _single(self, own: int, one: Known, kind: Kind, me: Me) -> Refetched | None:
        headers = {"If-None-Match": one.etag} if one.etag else {}
        try:
            answer = self._api.ask(f"{_PATHS[kind]}/{own}", self._seeing(kind, me), headers=headers)
            if answer.raw.status == HTTPStatus.NOT_MODIFIED:
                return Refetched(one.native_id, Found.SAME, raw=answer.raw, etag=one.etag)
            raise_for(answer)
        except Gone:
            return Refetched(one.native_id, Found.GONE, raw=answer.raw)
        except Permanent as trouble:
            if trouble.code == "forbidden":
                return Refetched(one.native_id, Found.HIDDEN, raw=answer.raw)
            if trouble.code in ("too_large", "not_found", "rejected"):
                log.info("wordpress: %s not read again: %s", one.native_id, trouble.code)
                return None
            raise
        good, _ = self._read(kind, answer, [("", answer.data)])
        if not good or good[0].native_id != one.native_id:
            return None
        return self._compared(one, good[0])

    def _compared(self, one: Known, captured: Captured) -> Refetched:
        same = Found.SAME if captured.fingerprint == one.fingerprint else Found.CHANGED
        found = Found.GONE if captured.visibility is Visibility.GONE else same
        etag = captured.raw.headers.get("etag", "") if captured.place == "" else ""
        return Refetched(captured.native_id, found, captured, captured.raw, etag)

    # -- answering ------------------------------------------------------------

    def reply(self, to: str, text: str, key: str) -> Sent:
        """Publish an answer to a post ("post/4") or a comment ("comment/17").

        WordPress takes no key, but refuses the same words twice under the same comment:
        Permanent("duplicate"). An answer that the site holds for review is told by its
        item's visibility. Raises Gone where what was said is gone, Unknown where the answer may be there.
        """
        post, parent = self._stands_under(to)
        sending = {"post": post, "parent": parent, "content": html.escape(_lines(text), quote=False)}
        try:
            answer = self._api.ask(COMMENTS, {"context": "edit"}, method="POST", json=sending)
        except Trouble as trouble:
            raise self._outcome(trouble) from trouble
        if answer.raw.status in (200, 201):
            return self._sent(answer)
        if answer.code == "comment_duplicate":
            raise Permanent("duplicate", status=str(answer.raw.status))
        if answer.code in _BUSY:
            raise Retry("rate_limited", after=30.0, why=answer.code)
        if answer.code in ("rest_comment_invalid_post_id", "rest_comment_invalid_id"):
            raise Gone("not_found", why=answer.code)
        raise Permanent("rejected", status=str(answer.raw.status), why=answer.code)

    def _stands_under(self, to: str) -> tuple[int, int]:
        """The numbers of the post and of the comment that an answer goes under. Raises Trouble."""
        kind, _, own = to.partition("/")
        if not own.isdigit():
            raise Permanent("not_found", what=to[:60])
        if kind != Kind.COMMENT:
            return int(own), 0
        told = self._api.get(f"{COMMENTS}/{own}", {"_fields": "id,post,status"}).data
        if not isinstance(told, Mapping) or not number(told.get("post")):
            raise Permanent("wrong_shape", where="comment")
        if told.get("status") == "trash":
            raise Gone("not_found", why="trash")
        return number(told["post"]), int(own)

    def _outcome(self, trouble: Trouble) -> Trouble:
        """Whether what stopped us leaves it open that the answer was taken."""
        cause = trouble.__cause__
        if isinstance(cause, net.NetError):
            lost = cause.sent
        else:
            # A gateway or a broken page may stand before an answer that was taken.
            lost = trouble.code in ("site_down", "not_json", "wrong_shape")
        return Unknown("unknown_outcome", why=trouble.code) if lost else trouble

    def _sent(self, answer: Answer) -> Sent:
        good, _ = self._read(Kind.COMMENT, answer, [("", answer.data)])
        if not good:
            raise Unknown("unknown_outcome", why="wrong_shape")
        return Sent(good[0].native_id, good[0].address, good[0])

    # -- hiding and removing --------------------------------------------------

    def act(self, native_id: str, deed: Deed, key: str, facts: Mapping[str, str]) -> Acted:
        """Hold a comment back, put it in the bin, show it again; a post or page becomes a draft or goes in the bin.

        What the bin holds can be taken out of it; a site without one is not emptied for us: Permanent("no_bin").
        """
        del key
        # A password that is not taken any more would else look like a right that we lack.
        self.me()
        try:
            return acting.act(self._api, native_id, deed, facts)
        except Trouble as trouble:
            raise self._outcome(trouble) from trouble

    def find_acted(self, native_id: str, deed: Deed, key: str, facts: Mapping[str, str]) -> Acted | None:
        """Whether the item stands as the deed would leave it. Raises Trouble."""
        del key
        return acting.find(self._api, native_id, deed, facts)

    def find_sent(self, to: str, text: str, key: str, since: datetime) -> Sent | None:
        """Our own comment with these words under that item, no older than `since` (aware), or None. Raises Trouble."""
        post, parent = self._stands_under(to)
        me = self.me()
        params: dict[str, Any] = {"post": post, "parent": parent, "author": me.id, "order": "desc", "per_page": PAGE}
        answer = self._api.get(COMMENTS, params | {"context": "edit", "status": "any"})
        since += _ahead(answer) - CLOCKS
        good, _ = self._read(Kind.COMMENT, answer, rows(answer))
        for one in good:
            source = one.reading.get("source")
            said = html.unescape(source["content"]) if isinstance(source, Mapping) else one.text
            fresh = one.published_at is not None and one.published_at >= since
            if fresh and one.visibility is not Visibility.GONE and words.squash(said) == words.squash(text):
                return Sent(one.native_id, one.address, one)
        return None


def _name(kind: Kind, order: str) -> str:
    return f"{kind.value}s.{order}"


def _lines(text: str) -> str:
    return words.clean(text.replace("\r\n", "\n").replace("\r", "\n"))[0].strip()


def _ahead(answer: Answer) -> timedelta:
    """How far the site's clock is ahead of ours, as far as its answer tells."""
    try:
        theirs = parsedate_to_datetime(answer.raw.headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return timedelta()
    return theirs.replace(tzinfo=theirs.tzinfo or UTC) - answer.raw.fetched_at


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + PAGE] for start in range(0, len(numbers), PAGE))
