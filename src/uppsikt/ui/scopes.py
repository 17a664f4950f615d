"""Whose figures a page shows: one unit's, one channel's, or those of all that the person may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest

from uppsikt.ui.paging import number_of


class Keyed(Protocol):
    """A row that can be chosen."""

    @property
    def pk(self) -> Any:
        """Its key."""


Unit = TypeVar("Unit", bound=Keyed)
Channel = TypeVar("Channel", bound=Keyed)
Row = TypeVar("Row", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Scope(Generic[Unit, Channel]):
    """What may be chosen, and what is. Of unit and channel at most one is chosen; neither stands for all."""

    units: list[Unit]
    channels: list[Channel]
    unit: Unit | None = None
    channel: Channel | None = None

    @property
    def one(self) -> Unit | Channel | None:
        """The unit or channel that is chosen."""
        return self.channel or self.unit

    def query(self, **more: str) -> str:
        """The choice as an address has it, after what else is asked for: "?manad=2026-11&enhet=3"."""
        chosen = {"enhet": self.unit, "kanal": self.channel}
        asked = {**more, **{name: str(row.pk) for name, row in chosen.items() if row is not None}}
        return f"?{urlencode(asked)}" if asked else ""


def asked(request: HttpRequest, units: list[Unit], channels: list[Channel]) -> Scope[Unit, Channel]:
    """What an address asks for (`?enhet=`, `?kanal=`), of what may be chosen; anything else is not there."""
    channel = _chosen(request.GET.get("kanal", ""), channels)
    unit = _chosen(request.GET.get("enhet", ""), units) if channel is None else None
    return Scope(units, channels, unit, channel)


def _chosen(text: str, rows: Iterable[Row]) -> Row | None:
    number = number_of(text)
    return next((row for row in rows if row.pk == number), None)
