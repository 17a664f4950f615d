"""Reads of oversight: who looks after what, what is new, what is expected, what was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, Count, Max, Q, QuerySet, Value

from uppsikt.channels import queries as channels_queries
from uppsikt.channels.models import Channel, Mandate
from uppsikt.organisation.models import Person, RoleGrant
from uppsikt.organisation.rules import READERS, STAFF, Role
from uppsikt.oversight import watching
from uppsikt.oversight.models import Deed, Due, Heightened, Round, Shown, Sweep, Watch
from uppsikt.oversight.watching import Fresh
from uppsikt.policy import guideline
from uppsikt.records import reading
from uppsikt.records.models import Item, Version
from uppsikt.records.reading import Reader

# Where the room's pages are, without the host; notices lead there.
HOME, ROTA, REPORT = "/uppsikt/", "/uppsikt/schema/", "/uppsikt/rapport/"
# Those who read rounds and figures of every channel, or of the units that the role was given for.
OVERSEERS = tuple(role for role in READERS if role not in STAFF or role is Role.COMMUNICATIONS)


def address(round_: Round) -> str:
    """Where a round is shown, without the host."""
    return f"{HOME}rundor/{round_.pk}/"


# Who may what.


def looked_after(person: Person, *, at: datetime) -> frozenset[int]:
    """The channels (by key), read here or only open on their network, that the person may make rounds of: by a mandate
    for anything, or as one of the communications unit (D21, D25)."""
    return frozenset(own(person, at=at).values_list("pk", flat=True))


def own(person: Person, *, at: datetime) -> QuerySet[Channel]:
    """The same as rows, to be asked together with more."""
    if not person.is_active:
        return Channel.objects.none()
    held = {channel for channel, acts in channels_queries.held_by(person, at=at) if acts}
    # What the role opens asks as much of its holder as a mandate does (D24).
    by_role = Role.COMMUNICATIONS in person.roles and not channels_queries.owes(person, at=at)
    units = person.units_as(Role.COMMUNICATIONS) if by_role else frozenset[int]()
    rows = Channel.objects.to_look_at()
    if None not in held and units is not None:
        rows = rows.filter(Q(pk__in=[pk for pk in held if pk is not None]) | Q(unit__in=units))
    return rows


def overseen(person: Person, *, at: datetime) -> QuerySet[Channel]:
    """The channels whose rounds, rota and figures the person may read, closed ones too: their own, and by role those
    of the units (or all) that it was given for."""
    units = [person.units_as(role) for role in OVERSEERS if role in person.roles]
    if any(each is None for each in units):
        return Channel.objects.all()
    by_role = Q(unit__in=[pk for each in units if each for pk in each])
    return Channel.objects.filter(Q(pk__in=own(person, at=at).values("pk")) | by_role)


def overseen_of(person: Person, channels: Iterable[Channel], *, at: datetime) -> frozenset[int]:
    """Which of these channels (by key) are among the `overseen`; no question where a role opens all of them."""
    units = [person.units_as(role) for role in OVERSEERS if role in person.roles]
    if any(each is None for each in units):
        return frozenset(channel.pk for channel in channels)
    by_role, mine = {pk for each in units if each for pk in each}, looked_after(person, at=at)
    return frozenset(channel.pk for channel in channels if channel.pk in mine or channel.unit_id in by_role)


def able(channels: Iterable[Channel], *, at: datetime) -> dict[int, set[int]]:
    """The active people (by key) who may make rounds of each of these channels (by key); one query."""
    units = {channel.pk: channel.unit_id for channel in channels}
    found: dict[int, set[int]] = {pk: set() for pk in units}
    held = Mandate.objects.in_force(at).filter(Q(channel=None) | Q(channel__in=units), person__is_active=True)
    grants = RoleGrant.objects.in_force(at).filter(
        guideline.knows_it("person_id", at=at), role=Role.COMMUNICATIONS, person__is_active=True
    )
    no_key = Value(None, output_field=BigIntegerField())
    by_mandate = held.values_list("person_id", "channel_id", no_key)
    by_role = grants.values_list("person_id", no_key, "unit_id")
    for person, channel, unit in by_mandate.union(by_role, all=True):
        for pk in found if channel is None else (channel,):
            if unit is None or units[pk] == unit:
                found[pk].add(person)
    return found


# What is new, in a sweep.


def rounds_of(sweep: Sweep) -> list[Round]:
    """A sweep's rounds with their channels, by name."""
    return list(sweep.rounds.select_related("channel__unit", "by").order_by("channel__name", "pk"))


def open_sweep_of(person: Person) -> Sweep | None:
    """The newest sweep that the person has open, to go on with."""
    rows = Sweep.objects.filter(by=person, rounds__state="open").order_by("-pk")
    return rows.first()


def news_of(sweep: Sweep, reader: Reader) -> QuerySet[Item]:
    """The items that the sweep covers and the reader may read, each once, in no order (triage orders them)."""
    rows = reading.readable(watching.items(rounds_of(sweep)), reader)
    return rows.select_related("channel", "actor", "version")


def wordings_of(sweep: Sweep, items: Iterable[int]) -> QuerySet[Version]:
    """The new wordings of these items (by key) within the sweep, in the order in which they were taken in.

    An item that was reworded twice since the last look has two: whoever signs has had both before them.
    """
    return watching.wordings(rounds_of(sweep)).filter(item__in=list(items)).order_by("pk")


def shown_in(sweep: Sweep) -> frozenset[int]:
    """The items (by key) that the sweep has shown."""
    return frozenset(Shown.objects.filter(round__sweep=sweep).values_list("item_id", flat=True))


def left_in(sweep: Sweep) -> int:
    """How many items must still be shown before the sweep can be signed; those that the person may not read too."""
    return watching.left([each for each in rounds_of(sweep) if each.state == "open"])


# How it stands.


@dataclass(frozen=True, slots=True)
class Standing:
    """How a channel stands: what is new since the last look, when that was, what is expected next, what was missed.

    `due` is the waiting round that ends first, `missed` the oldest missed one that nobody has made good yet.
    """

    channel: Channel
    fresh: Fresh
    seen_at: datetime | None
    due: Due | None
    missed: Due | None
    heightened: Heightened | None

    @property
    def hurry(self) -> tuple[bool, float]:
        """For sorting: missed first, then by what ends first."""
        return self.missed is None, self.due.until.timestamp() if self.due else float("inf")


def standings(channels: Iterable[int], *, now: datetime) -> list[Standing]:
    """How these channels stand, what hurries most first; six queries, however many there are."""
    rows = list(Channel.objects.filter(pk__in=list(channels)).exclude(state="closed").select_related("unit"))
    keys = [row.pk for row in rows]
    new = watching.fresh(keys)
    seen = dict(Watch.objects.filter(channel__in=keys).values_list("channel_id", "seen_at"))
    waiting = earliest(Due.objects.filter(channel__in=keys, state="waiting", until__gte=now))
    missed = earliest(Due.objects.filter(channel__in=keys, state="missed", made_good_by=None))
    running = {row.channel_id: row for row in Heightened.objects.filter(channel__in=keys, state="running")}
    found = [
        Standing(row, new.get(row.pk, Fresh()), seen.get(row.pk), waiting.get(row.pk), missed.get(row.pk),
                 running.get(row.pk))
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (*one.hurry, one.channel.name))


def earliest(rows: QuerySet[Due]) -> dict[int, Due]:
    """Of each channel the one that ends first."""
    found: dict[int, Due] = {}
    for row in rows.order_by("until", "pk"):
        found.setdefault(row.channel_id, row)
    return found


# What was done.


def rounds(channels: QuerySet[Channel] | Iterable[int]) -> QuerySet[Round]:
    """Rounds of these channels with what a list shows of them, in no order; those still open too.

    Annotated: `shown_count` wordings shown, `deed_count` deeds.
    """
    shown = Count("shown", distinct=True)
    rows = Round.objects.filter(channel__in=channels).select_related("channel__unit", "by", "sweep")
    return rows.annotate(shown_count=shown, deed_count=Count("deeds", distinct=True))


def shown_items(round_: Round, reader: Reader) -> QuerySet[Item]:
    """What a round showed, as far as the reader may read it, in the order in which it was taken in."""
    rows = reading.readable(Item.objects.filter(pk__in=round_.shown.values("item_id")), reader)
    return rows.select_related("channel", "actor", "version").annotate(
        last_shown=Max("versions__pk", filter=Q(versions__pk__lte=round_.through))
    ).order_by("last_shown", "pk")  # fmt: skip


def deeds(round_: Round, reader: Reader) -> QuerySet[Deed]:
    """What was done in a round, about items that the reader may read."""
    hidden = reading.kept_from(reader)
    return round_.deeds.exclude(item__in=hidden).select_related("item", "by").order_by("pk")


def seen_in(item: Item) -> QuerySet[Round]:
    """The signed rounds in which an item was looked at, newest first."""
    rows = Round.objects.filter(pk__in=Shown.objects.filter(item=item).values("round_id"), state="signed")
    return rows.select_related("by").order_by("-signed_at")


def dues(channels: QuerySet[Channel] | Iterable[int]) -> QuerySet[Due]:
    """Expected rounds of these channels with who and what met them, in no order."""
    rows = Due.objects.filter(channel__in=channels)
    return rows.select_related("channel__unit", "holder", "met_by__by", "made_good_by__by")


def heightened(channels: QuerySet[Channel] | Iterable[int]) -> QuerySet[Heightened]:
    """Heightened times of these channels, running and ended, with their causes at hand, newest first."""
    rows = Heightened.objects.filter(channel__in=channels).select_related("channel__unit")
    return rows.prefetch_related("causes__by", "causes__post").order_by("-since", "-pk")
