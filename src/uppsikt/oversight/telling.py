"""Whom oversight tells: who is on duty, the cover, the manager, the communications unit; each if there (D25-D27)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property

from uppsikt.channels.models import Channel
from uppsikt.kernel import working
from uppsikt.notices import actions as notices
from uppsikt.organisation import absences
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import queries
from uppsikt.oversight.models import Due
from uppsikt.oversight.pace import Paces
from uppsikt.oversight.rota import Rota
from uppsikt.oversight.rules import Kind, Level, local_day

MINUTE = timedelta(minutes=1)


def tell(
    people: Iterable[Person], *, kind: str, words: Callable[[], str], url: str, now: datetime, urgent: bool
) -> None:
    """Tell each of them once, in their own language, by the ways they chose."""
    told = sorted(set(people), key=lambda person: person.pk)
    if told:
        notices.tell(told, kind=kind, words=words, url=url, now=now, urgent=urgent)


class Crew:
    """Who may look after some channels and is there now, read once. Whoever is away is stood in for (D27)."""

    def __init__(self, channels: Sequence[Channel], *, now: datetime, known: Iterable[Person] = ()) -> None:
        self.now = now
        self.rota = Rota(since=local_day(now) - timedelta(days=60))
        self._may = queries.able(channels, at=now)
        self._known = self.rota.people | {person.pk: person for person in known}
        for channel in channels:
            if Channel.responsible.is_cached(channel):
                self._known[channel.responsible_id] = channel.responsible
        self._here: dict[int, Person | None] = {}

    @cached_property
    def paces(self) -> Paces:
        """The plans in force, asked for only where hours matter."""
        return Paces()

    @cached_property
    def _covering(self) -> dict[int, int]:
        return absences.covers(self.now)

    def here(self, keys: Iterable[int], channel: Channel) -> set[Person]:
        """Of these people, or those who stand in for them, the ones who may look at the channel."""
        there = self._standing_in(set(keys))
        return {person for person in there if person.pk in self._may[channel.pk]}

    def _standing_in(self, keys: set[int]) -> set[Person]:
        """Those who see to what is these people's; only whoever is not known yet is asked for."""
        if lacking := keys - set(self._here):
            unknown = lacking - set(self._known)
            self._known |= {row.pk: row for row in Person.objects.filter(pk__in=unknown)} if unknown else {}
            asked = [self._known[key] for key in lacking if key in self._known]
            found = absences.standing_in(asked, at=self.now, covering=self._covering)
            self._here |= {key: found.get(key) for key in lacking}
        return {person for key in keys if (person := self._here[key]) is not None}

    def on_duty(self, channel: Channel, day: date, *, outside: bool) -> set[Person]:
        """Whoever is on duty, by the rota; where nobody is, all who may; where none of them is there, the manager."""
        holder = self.rota.holder(channel, day, outside=outside)
        found = self.here([holder], channel) if holder is not None else set[Person]()
        return found or self.here(self._may[channel.pk], channel) or self.managers(channel)

    def covers(self, channel: Channel, day: date, *, outside: bool) -> set[Person]:
        """Who is next: the cover of the one on duty; without one, all others who may; else the manager."""
        line = self.rota.line(channel, day, outside=outside)
        holders = self.on_duty(channel, day, outside=outside)
        named = self.here([line.cover], channel) - holders if line else set[Person]()
        return named or self.here(self._may[channel.pk], channel) - holders or self.managers(channel)

    def managers(self, channel: Channel) -> set[Person]:
        """The managers of the channel's unit, or those who stand in for them; else the communications unit."""
        managers = organisation.managers(channel.unit, at=self.now)
        return set(absences.standing_in(managers, at=self.now).values()) or self.communications()

    def communications(self) -> set[Person]:
        """The communications unit, as far as they are there."""
        people = organisation.people_with_role(Role.COMMUNICATIONS, at=self.now)
        return set(absences.standing_in(people, at=self.now).values())

    def outside(self, due: Due) -> bool:
        """Whether an expected round falls outside the channel's hours."""
        if due.kind != Kind.HEIGHTENED:
            return False
        return not working.is_open(due.until - MINUTE, self.paces.hours(due.channel))

    def at_level(self, due: Due, level: Level | None) -> set[Person]:
        """Who hears of an expected round: before its time whoever is on duty (None), then level by level."""
        if level is Level.MANAGER:
            return self.managers(due.channel)
        if level is Level.COMMUNICATIONS:
            return self.communications()
        ask = self.on_duty if level is None else self.covers
        return ask(due.channel, due.day, outside=self.outside(due))


def on_duty(channel: Channel, *, now: datetime) -> set[Person]:
    """Whoever is on duty for a channel at this moment, and the one who answers for it."""
    crew = Crew([channel], now=now)
    outside = not working.is_open(now, crew.paces.hours(channel))
    return crew.on_duty(channel, local_day(now), outside=outside) | crew.here([channel.responsible_id], channel)
