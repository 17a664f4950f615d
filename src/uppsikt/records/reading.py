"""Who may read what: the one place that knows, for every list, count, suggestion, export and page (D18, D20).

A record that somebody may not read is, for them, not there: neither found nor counted nor hinted at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from uppsikt.channels import queries
from uppsikt.channels.models import Channel
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, Role
from uppsikt.records.models import Item

# Those who read secret records by their role, on the units (or all) that it was given for.
KEEPERS = (Role.COMMUNICATIONS, Role.MANAGER, Role.REGISTRAR, Role.DATA_PROTECTION)


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody may read beside what is open: all secret records, or those of some channels (by key).

    `Reader()` reads what is open and nothing more.
    """

    everything: bool = False
    channels: frozenset[int] = frozenset()

    def reads_secrets_of(self, channel_id: int) -> bool:
        """Whether secret records of the channel may be read."""
        return self.everything or channel_id in self.channels


# Reads what is open and nothing more.
OPEN = Reader()


def reader(person: Person, *, now: datetime) -> Reader:
    """What the person may read now; at most two queries."""
    if not reads_at_all(person):
        return OPEN
    units = kept_units(person)
    if units is None:
        return Reader(everything=True)
    mandates = [channel for channel, _acts in queries.held_by(person, at=now)]
    channels = Channel.objects.filter(unit__in=units).values_list("pk", "unit_id") if units else ()
    return reader_of(person, mandates, channels)


def reader_of(person: Person, mandates: Iterable[int | None], channels: Iterable[tuple[int, int]]) -> Reader:
    """The same, where the person's mandates (keys of channels, None for all) and all channels (key, unit) are known."""
    if not reads_at_all(person):
        return OPEN
    units, held = kept_units(person), set(mandates)
    if units is None or None in held:
        return Reader(everything=True)
    own = {pk for pk, unit in channels if unit in units}
    return Reader(channels=frozenset(own | {pk for pk in held if pk is not None}))


def reads_at_all(person: Person) -> bool:
    """Whether the person reads records: is active, and has a role that does."""
    return person.is_active and bool(set(READERS) & person.roles)


def kept_units(person: Person) -> frozenset[int] | None:
    """The units whose channels' secret records the person reads by role; None stands for all."""
    kept = set[int]()
    for role in KEEPERS:
        if role in person.roles:
            units = person.units_as(role)
            if units is None:
                return None
            kept |= units
    return frozenset(kept)


def readable(rows: QuerySet[Item], reader: Reader) -> QuerySet[Item]:
    """Of these items those that the reader may read."""
    if reader.everything:
        return rows
    open_to_all = Q(secret=False)
    return rows.filter(open_to_all | Q(channel_id__in=sorted(reader.channels)) if reader.channels else open_to_all)


def may_read(reader: Reader, item: Item) -> bool:
    """Whether the reader may read the item."""
    return not item.secret or reader.reads_secrets_of(item.channel_id)


def kept_from(reader: Reader) -> QuerySet[Item]:
    """The secret items that the reader may not read: few, and found by an index of their own."""
    if reader.everything:
        return Item.objects.none()
    return Item.objects.filter(secret=True).exclude(channel_id__in=sorted(reader.channels))
