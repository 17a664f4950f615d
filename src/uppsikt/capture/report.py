"""What a capture was asked for, and what it says of itself: how whole it is, and why not."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

WHOLE, PARTLY, CARD_ONLY = "whole", "partly", "card_only"
NAME: Final = "report.json"

# Why a capture is not whole, beside the codes of CaptureFailed (where only a card was kept).
WHY: Final = frozenset(
    {
        "load",  # the page did not finish loading in time
        "answer_length",  # an answer was larger than we take
        "answer_time",  # an answer did not come to its end in time
        "answer_disconnect",  # an answer ended before it was whole
        "requests",  # the page asks for more than we follow
        "scroll",  # the end of the page was not reached in time
        "height",  # the page is taller than we follow
        "inner_scroll",  # a part of the page scrolls by itself and does not show all
        "more_to_show",  # a button promises more, and nobody knows that all is there without it
        "screenshot",  # a picture could not be taken
        "fewer_than_expected",  # fewer posts were found than the network's own answer holds
    }
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the caller knows should be on the page.

    `texts`: words of each item, sought in the page's text whatever its spaces. `selector`: a CSS selector that picks
    the page's items. `count`: how many there should be; else as many as there are texts.
    """

    texts: tuple[str, ...] = ()
    selector: str = ""
    count: int | None = None


@dataclass
class Report:
    """One capture. `state` is whole, partly or card_only, `why` says why not whole; times are UTC.

    `expected`, `found` and `page_says` count items: what the caller expected, what the page holds, and what the page
    itself says that it holds; None where nobody knows. `more` are buttons that promise more, which are not pressed.
    `cut` are answers that are not whole, `refused` servers that were not gone to or not reached, with the reason.
    """

    url: str
    at: str
    state: str = WHOLE
    why: list[str] = field(default_factory=list)
    ended: str = ""
    landed: str = ""
    status: int = 0
    title: str = ""
    expected: int | None = None
    found: int | None = None
    page_says: int | None = None
    missing: list[int] = field(default_factory=list)
    more: int = 0
    width: int = 0
    height: int = 0
    screenshots: list[dict[str, Any]] = field(default_factory=list)
    frames: int = 0
    requests: int = 0
    bytes: int = 0
    cut: list[dict[str, Any]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    unanswered: int = 0
    websockets: int = 0
    answer_url: str = ""
    wall: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    tools: dict[str, str] = field(default_factory=dict)

    def lacks(self, why: str) -> None:
        """The capture is not whole, for a reason in WHY."""
        if why not in WHY:
            raise ValueError(f"unknown reason {why!r}")
        if why not in self.why:
            self.why.append(why)
        if self.state == WHOLE:
            self.state = PARTLY

    def write(self, folder: Path) -> None:
        """Keep it as report.json."""
        words = json.dumps({"format": "uppsikt-capture/1", **asdict(self)}, ensure_ascii=False, indent=1)
        (folder / NAME).write_text(words + "\n", encoding="utf-8")
