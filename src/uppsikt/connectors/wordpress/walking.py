"""Walking through all that a site has said, in bites that can be broken off anywhere and gone on with.

Comments carry no date of change, and one that is approved, imported or restored late lies
among the old ones: they are walked by number, never by date. Who may moderate sees every comment
whatever its state, so a number passed by is a comment seen. Who may not sees a list that can
grow in its middle: when its count does not add up, and once a week, it is walked again.

Posts are walked by time of change and by time of publishing (one that was scheduled keeps
the older time of change), and all again once a week, for what no time tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from uppsikt.connectors.base import JSON, BadItem, Batch, Captured, Kind, Permanent, RawResponse
from uppsikt.connectors.wordpress.api import Answer, Api, number, rows

PAGE: Final = 100
OVERLAP: Final = 20
MOST_PAGES: Final = 5000
WALK_AGAIN: Final = timedelta(days=7)
# A site writes its own local time, up to 14 hours from ours, and its clock may differ.
LOCAL: Final = timedelta(hours=26)
DAYLIGHT: Final = timedelta(hours=2)
POSTS: Final = {Kind.POST: "wp/v2/posts", Kind.PAGE: "wp/v2/pages"}
COMMENTS: Final = "wp/v2/comments"
SENT_ALONG: Final = "author,wp:featuredmedia"

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


def walk_comments(api: Api, cursor: JSON, read: Reader, *, moderates: bool, now: datetime) -> Iterator[Batch]:
    """Comments by number, from where the cursor stands to the end of the list. Raises Trouble.

    The state kept in the cursor: `mode`; `offset`, how much of the list has been passed;
    `last`, the highest number seen; `whole`, when the list was last begun from its start, and
    `open`, whether that walk has not reached the end yet.
    """
    mode = "all" if moderates else "open"
    params = {"orderby": "id", "order": "asc"} | ({"status": "any", "context": "edit"} if moderates else {})
    start: dict[str, Any] = {"mode": mode, "offset": 0, "last": 0, "open": True, "whole": now.isoformat()}
    state = _state(cursor, "comments")
    if state.get("mode") != mode or (mode == "open" and _long_ago(state.get("whole"), now)):
        state = start
    passed, fresh = state["offset"], 0
    walk = Walk(api, COMMENTS, now)
    bite = _meet(walk, params, passed, state["last"])
    for _ in range(MOST_PAGES):
        fresh += sum(own > state["last"] for own in set(bite.numbers))
        state = state | {"offset": bite.after, "last": max([state["last"], *bite.numbers])}
        ended = bite.last
        if ended and mode == "open" and not state["open"] and bite.after != passed + fresh:
            # Something has come up in the middle, or gone: only a new walk can tell what.
            state, ended = start, False
        elif ended:
            state = state | {"open": False}
        yield _batch(bite, read, cursor := {**cursor, "comments": state})
        if ended:
            return
        bite = walk.bite(0, params) if not state["offset"] else _next(walk, params, bite)


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


def walk_posts(api: Api, cursor: JSON, read: Reader, *, kind: Kind, order: str, now: datetime) -> Iterator[Batch]:
    """Posts or pages by time of change ("modified") or of publishing ("date"). Raises Trouble.

    The state kept in the cursor: `next`, from when the next walk begins (the site's local
    time); while a walk is open `after`, `offset` and `top`, the latest time seen, and
    `begun`; `whole`, when a walk last began from the start.
    """
    name = f"{kind.value}s.{order}"
    state = _state(cursor, name)
    if "begun" not in state:
        state = _begin(state, order, now)
    walk = Walk(api, POSTS[kind], now)
    for _ in range(MOST_PAGES):
        params: dict[str, Any] = {"orderby": order, "order": "asc", "_embed": SENT_ALONG}
        if state["after"]:
            params["modified_after" if order == "modified" else "after"] = state["after"]
        bite = walk.bite(state["offset"], params)
        state = _step(state, bite, order)
        if bite.last:
            state = _end(state, now)
        yield _batch(bite, read, cursor := {**cursor, name: state})
        if bite.last:
            return


def _begin(state: dict[str, Any], order: str, now: datetime) -> dict[str, Any]:
    """A new walk: from where the last one ended, or from the start when that is a week ago."""
    begun = {"begun": now.isoformat(), "offset": 0, "top": "", "whole": state.get("whole", "")}
    if order == "date":  # the walk by time of change brings the history
        return begun | {"after": state.get("next") or _local(now - LOCAL)}
    if not state.get("next") or _long_ago(state.get("whole"), now):
        return begun | {"after": "", "whole": now.isoformat()}
    return begun | {"after": state["next"]}


def _step(state: dict[str, Any], bite: Bite, order: str) -> dict[str, Any]:
    """Go on by time where time has moved, so that what is changed meanwhile shifts nothing; else by count."""
    times = [at for _, item in bite.items if isinstance(item, Mapping) and (at := _time(item.get(order)))]
    top = max([state["top"], *times])
    if times and (before := _second_before(times[-1])) > state["after"] and not bite.last:
        return state | {"after": before, "offset": 0, "top": top}
    return state | {"offset": bite.at + bite.size, "top": top}


def _end(state: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the next walk needs to know. A time ahead of the clock must not hide what comes before it."""
    begun = datetime.fromisoformat(state["begun"])
    seen = state["top"] or state["after"] or _local(begun)
    overlap = _local(datetime.fromisoformat(seen).replace(tzinfo=UTC) - DAYLIGHT)
    return {"next": min(overlap, _local(begun - LOCAL)), "whole": state["whole"]}


def _batch(bite: Bite, read: Reader, cursor: JSON) -> Batch:
    items, bad = read(bite.answer, bite.items) if bite.answer else ([], [])
    left = None if bite.total is None else max(bite.total - bite.at - bite.size, 0)
    return Batch(tuple(items), cursor, left, (*bite.bad, *bad))


def _state(cursor: JSON, name: str) -> dict[str, Any]:
    state = cursor.get(name)
    return dict(state) if isinstance(state, Mapping) else {}


def _long_ago(written: Any, now: datetime) -> bool:
    return not isinstance(written, str) or not written or datetime.fromisoformat(written) + WALK_AGAIN <= now


def _time(value: Any) -> str:
    """A site's local time, if it is one that any clock may show, else ""."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return ""
    return _local(at) if at and 1970 < at.year < 2200 else ""  # noqa: PLR2004


def _second_before(local: str) -> str:
    return _local(datetime.fromisoformat(local) - timedelta(seconds=1))


def _local(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S")
