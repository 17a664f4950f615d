"""People who look after channels, and the rounds they make."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import time_machine

import factories
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.kernel.hours import ZONE
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.oversight import actions, queries
from uppsikt.oversight.models import Round, Sweep
from uppsikt.records import reading


def local(clock: str) -> datetime:
    """A moment from Swedish words: "2026-03-06 15.10"."""
    return datetime.strptime(clock, "%Y-%m-%d %H.%M").replace(tzinfo=ZONE)


def looker(*channels: Channel, name: str = "", unit: Unit | None = None, now: datetime = factories.THURSDAY) -> Person:
    """Somebody with a mandate on these channels."""
    person = factories.person(Role.OFFICER, name=name, unit=unit, now=now)
    for channel in channels:
        mandate(person, channel, now=now)
    return person


def mandate(person: Person, channel: Channel, *, now: datetime = factories.THURSDAY) -> None:
    """A mandate for something other than answering: it is enough to look."""
    factories.mandate(person, channel, Act.HIDE, since=now - timedelta(days=1))


def shown(sweep: Sweep, *, now: datetime) -> int:
    """Have all that is new before the one who opened the sweep."""
    reader = reading.reader(sweep.by, now=now)
    return actions.show(sweep, queries.news_of(sweep, reader).values_list("pk", flat=True), by=sweep.by, now=now)


def look(by: Person, channels: Iterable[Channel], now: datetime) -> list[Round]:
    """A whole round: opened, looked through, signed five minutes later."""
    with time_machine.travel(now, tick=False):
        opened = now - timedelta(minutes=5)
        sweep = actions.open_sweep(channels, by=by, now=opened)
        shown(sweep, now=opened + timedelta(minutes=2))
        return actions.sign(sweep, by=by, now=now)


def clock(at: datetime) -> str:
    """The Swedish clock: "16.30"."""
    return at.astimezone(ZONE).strftime("%H.%M")
