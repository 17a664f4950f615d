"""What views hand to the templates of the shared look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a link with its count. The one that is `current` is the page that is shown."""

    label: str
    url: str
    # "99+" where nobody counts on.
    count: int | str | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key and what it does, for the list that `?` shows."""

    keys: Sequence[str]
    words: str
