"""Walking through all that a site has said, in bites that can be broken off anywhere and gone on with.

Every list is walked by number and count: the numbers never change and are never tied, as
times are (an import leaves thousands of items in one second, and a database deals those out
in any order it likes).

Comments carry no date of change, and one that is approved, imported or restored late lies
among the old ones. Who may moderate sees every comment whatever its state, so a number passed
by is a comment seen. Who may not sees a list that can grow in its middle: when its count does
not add up, and once a week, it is walked again.

Of posts and pages all are walked once a week, and at each pull those changed or published
since the pull before: asked for by both times, since one that was scheduled keeps an older
time of change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from uppsikt.connectors.base import JSON, BadItem, Batch, Captured, Kind, Permanent, RawResponse
from uppsikt.connectors.wordpress.api import Answer, Api, number, rows

PAGE: Final = 100
OVERLAP: Final = 20
MOST_PAGES: Final = 5000
# So many single items in a row that are too large, and the list is broken off: more than a pull looks back over.
MOST_LOST: Final = OVERLAP + 5
WALK_AGAIN: Final = timedelta(days=7)
# A site's times are local, up to 14 hours from UTC; the rest is for its clock and for ours.
LOCAL: Final = timedelta(hours=26)
POSTS: Final = {Kind.POST: "wp/v2/posts", Kind.PAGE: "wp/v2/pages"}
COMMENTS: Final = "wp/v2/comments"
SENT_ALONG: Final = "author,wp:featuredmedia"

# A batch, and whether it is the last of its walk.
Step = tuple[Batch, bool]
Reader = Callable[[Answer, Sequence[tuple[str, Any]]], tuple[list[Captured], list[BadItem]]]


@dataclass(frozen=True, slots=True)
class Bite:
    """One page of a list. `answer` is None where even a single item was too large to take."""

    at: int
    size: int
    answer: Answer | None
    items: Sequence[tuple[str, Any]]
    bad: tuple[BadItem, ...] = ()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the items that have one."""
        return [own for _, item in self.items if isinstance(item, Mapping) and (own := number(item.get("id")))]

    @property
    def total(self) -> int | None:
        """How many the whole list holds, as the site counts."""
        return self.answer.total if self.answer else None

    @property
    def after(self) -> int:
        """Where the next page begins."""
        return self.at + self.size if self.total is None else min(self.at + self.size, max(self.total, self.at))

    @property
    def last(self) -> bool:
        """Whether the list ends here. A site that filters its list sends fewer than asked before the end."""
        if self.answer is None:
            return False
        return len(self.items) < self.size if self.total is None else self.at + self.size >= self.total


class Walk:
    """Reads pages of one list, in smaller bites where an answer is too large."""

    def __init__(self, api: Api, path: str, now: datetime) -> None:
        self._api, self._path, self._now = api, path, now
        self._size = PAGE

    def bite(self, at: int, params: Mapping[str, Any]) -> Bite:
        """The page that begins at `at`. Raises Trouble."""
        while True:
            size = self._size
            try:
                answer = self._api.get(self._path, {**params, "offset": at, "per_page": size})
            except Permanent as trouble:
                if trouble.code != "too_large":
                    raise
                if size == 1:
                    raw = RawResponse(f"{self._api.url(self._path)}#{at}", 0, self._now, b"")
                    return Bite(at, 1, None, (), (BadItem("", raw, "too_large"),))
                self._size = max(1, size // 10)
                continue
            self._size = min(PAGE, size * 2)
            return Bite(at, size, answer, rows(answer))


def walk_comments(api: Api, cursor: JSON, read: Reader, *, moderates: bool, now: datetime) -> Iterator[Step]:
    """Comments from where the cursor stands to the end of the list. Raises Trouble.

    The state kept in the cursor: `mode`; `offset`, how much of the list has been passed;
    `last`, the highest number seen; `whole`, when the list was last begun from its start, and
    `open`, whether that walk has not reached the end yet.
    """
    mode = "all" if moderates else "open"
    params = {"status": "any", "context": "edit"} if moderates else {}
    start: dict[str, Any] = {"mode": mode, "offset": 0, "last": 0, "open": True, "whole": now.isoformat()}
    state = _state(cursor, "comments")
    if state.get("mode") != mode or (mode == "open" and _long_ago(state.get("whole"), now)):
        state = start
    passed, fresh = state["offset"], 0
    for bite in _bites(Walk(api, COMMENTS, now), params, state):
        fresh += sum(own > state["last"] for own in set(bite.numbers))
        state = _passed(state, bite)
        if bite.last and mode == "open" and not state["open"] and bite.after != passed + fresh:
            # Something has come up in the middle, or gone: only a new walk can tell what.
            state = start
        elif bite.last:
            state = state | {"open": False}
        yield _batch(bite, read, cursor := {**cursor, "comments": state}), bite.last and state is not start
    if state is start:
        yield from walk_comments(api, cursor, read, moderates=moderates, now=now)


def walk_posts(api: Api, cursor: JSON, read: Reader, *, kind: Kind, order: str, now: datetime) -> Iterator[Step]:
    """Posts or pages changed ("modified") or published ("date") since the walk before. Raises Trouble.

    The state kept in the cursor: `next`, from when the next walk is to ask; while a walk is
    open `after`, from when it asks ("" for all), `begun`, `offset` and `last`; `whole`, when
    all were last asked for.
    """
    name = f"{kind.value}s.{order}"
    state = _state(cursor, name)
    if "begun" not in state:
        state = _begin(state, order, now)
    params: dict[str, Any] = {"_embed": SENT_ALONG}
    if state["after"]:
        params["modified_after" if order == "modified" else "after"] = state["after"]
    for bite in _bites(Walk(api, POSTS[kind], now), params, state):
        state = _passed(state, bite)
        if bite.last:
            state = {"next": _since(datetime.fromisoformat(state["begun"])), "whole": state["whole"]}
        yield _batch(bite, read, cursor := {**cursor, name: state}), bite.last


def _begin(state: dict[str, Any], order: str, now: datetime) -> dict[str, Any]:
    """A new walk: from where the last one says, or through all when that was a week ago."""
    begun = {"begun": now.isoformat(), "offset": 0, "last": 0, "whole": state.get("whole", "")}
    if order == "date":  # the walk by time of change brings the history
        return begun | {"after": state.get("next") or _since(now)}
    if not state.get("next") or _long_ago(state.get("whole"), now):
        return begun | {"after": "", "whole": now.isoformat()}
    return begun | {"after": state["next"]}


def _since(now: datetime) -> str:
    """A local time of the site, whichever its zone, that lies before now: some is asked for twice, none is missed."""
    return (now - LOCAL).strftime("%Y-%m-%dT%H:%M:%S")


def _passed(state: dict[str, Any], bite: Bite) -> dict[str, Any]:
    return state | {"offset": bite.after, "last": max([state["last"], *bite.numbers])}


def _bites(walk: Walk, params: Mapping[str, Any], state: Mapping[str, Any]) -> Iterator[Bite]:
    """The list from where it was left to its end, or to as many pages as one pull takes."""
    params = {"orderby": "id", "order": "asc", **params}
    bite = _meet(walk, params, state["offset"], state["last"])
    lost = 0
    for _ in range(MOST_PAGES):
        yield bite
        lost = lost + 1 if bite.answer is None else 0
        if bite.last:
            return
        if lost == MOST_LOST:
            raise Permanent("too_large")
        bite = _next(walk, params, bite)


def _meet(walk: Walk, params: Mapping[str, Any], offset: int, last: int) -> Bite:
    """The page where the list was left, or so far before it as the list has shrunk since."""
    at, back = max(0, offset - OVERLAP), PAGE
    while True:
        bite = walk.bite(at, params)
        if at == 0 or bite.answer is None or (bite.numbers and min(bite.numbers) <= last):
            return bite
        at, back = max(0, at - back), back * 2


def _next(walk: Walk, params: Mapping[str, Any], bite: Bite) -> Bite:
    """The next page, overlapping a little, and more if the list shrank while we read."""
    at = max(0, bite.after - min(OVERLAP, bite.size // 5))
    found = walk.bite(at, params)
    shrunk = (bite.total or 0) - (found.total or 0)
    return walk.bite(max(0, at - shrunk), params) if found.answer and shrunk > 0 and at else found


def _batch(bite: Bite, read: Reader, cursor: JSON) -> Batch:
    items, bad = read(bite.answer, bite.items) if bite.answer else ([], [])
    left = None if bite.total is None else max(bite.total - bite.at - bite.size, 0)
    return Batch(tuple(items), cursor, left, (*bite.bad, *bad))


def _state(cursor: JSON, name: str) -> dict[str, Any]:
    state = cursor.get(name)
    return dict(state) if isinstance(state, Mapping) else {}


def _long_ago(written: Any, now: datetime) -> bool:
    return not isinstance(written, str) or not written or datetime.fromisoformat(written) + WALK_AGAIN <= now
