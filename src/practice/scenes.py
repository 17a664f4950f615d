"""The conversations of the last working day, written by hand: what is there to do never hangs on the dice alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from practice import script


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody says, so many minutes of office hours before the end; without `sort` the account says it."""

    name: str
    ago: int
    text: str
    sort: str = ""
    asked: str = ""

    def meaning(self) -> dict[str, Any]:
        """What is kept beside the text."""
        answers = script.common("answer_complaint") if self.sort else ()
        return {"sort": self.sort or "answer", "answers": list(answers), "language": "sv", "scene": self.name}


@dataclass(frozen=True, slots=True)
class Scene:
    """A post and what is said under it."""

    handle: str
    ago: int
    text: str
    talk: tuple[Line, ...]
    title: str = ""
    alt: str = ""


@cache
def scenes() -> tuple[Scene, ...]:
    """All of them, in the order of the file."""
    found: list[Mapping[str, Any]] = script.load("scenes")["posts"]
    return tuple(Scene(**{**one, "talk": tuple(Line(**line) for line in one["talk"])}) for one in found)


def topic_of(scene: Scene, fitting: Callable[[str], bool]) -> str:
    """The first topic of the account that `fitting` takes: what people go on about under the post."""
    role = script.role(scene.handle)
    return next((name for name in (role.topics if role else ()) if fitting(name)), "")
