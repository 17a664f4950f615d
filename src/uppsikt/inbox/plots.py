"""Small plots drawn on the server: bars by month. A table with the same numbers always stands beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import dateformat

WIDTH, HEIGHT, FOOT, HEAD = 640, 180, 22, 18


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands, how high, and its words."""

    x: float
    y: float
    width: float
    height: float
    label: str
    words: str
    middle: float
    foot: float
    head: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot as the template draws it."""

    width: int
    height: int
    base: int
    bars: list[Bar]


def bars(
    values: Sequence[tuple[date, int | None]], *, words: Callable[[int | None], str], most: int | None = None
) -> Plot:
    """A bar for each month; months without a value have their name alone."""
    top = most or max((value for _month, value in values if value), default=1)
    room, base = WIDTH / max(1, len(values)), HEIGHT - FOOT
    made = list[Bar]()
    for number, (month, value) in enumerate(values):
        height = round((base - HEAD) * (value or 0) / top, 1)
        x = round(number * room + room * 0.15, 1)
        made.append(
            Bar(
                x=x,
                y=round(base - height, 1),
                width=round(room * 0.7, 1),
                height=height,
                label=dateformat.format(month, "M"),
                words=words(value) if value is not None else "",
                middle=round(x + room * 0.35, 1),
                foot=HEIGHT - 6,
                head=round(base - height - 4, 1),
            )
        )
    return Plot(WIDTH, HEIGHT, base, made)
