"""Reads of channels and mandates that other rooms may ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONArray

from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.channels.states import AT_WORK
from uppsikt.kernel.drawn_up import DrawnUp
from uppsikt.kernel.models import Intent
from uppsikt.kernel.once import once
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.policy import guideline
from uppsikt.policy.guideline_models import CourseTaken
from uppsikt.ui import names


def mandate(person: Person, channel: Channel, act: Act, *, at: datetime) -> Mandate | None:
    """The mandate that lets the person do this on the channel now, or None (D21)."""
    rows = Mandate.objects.in_force(at).filter(Q(channel=channel) | Q(channel=None), person=person)
    return rows.filter(acts__contains=[act.value]).order_by("id").first()


def held_by(person: Person, *, at: datetime) -> list[tuple[int | None, list[str]]]:
    """The person's mandates: each channel (None for all) and what may be done there. A page asks once.

    Until they have acknowledged the guideline they read on, and may do nothing.
    """
    return [(each["channel_id"], each["acts"] if each["opens"] else []) for each in holding(person, at=at)]


def holding(person: Person, *, at: datetime) -> list[dict[str, Any]]:
    """The person's mandates with all that a page wants to know around them, in one question; a page asks once.

    Of each: channel_id, channel__network, acts, opens (the guideline is known well enough), said (its newest edition is
    acknowledged), due (by when that is owed), courses ([code, version] of those that the person has taken).
    """
    return once(("mandates", person.pk), lambda: HOLDING.ask(person=person.pk, at=at))


def held_with_all_around(*, person: int, at: datetime) -> QuerySet[Any, Any]:
    """The question that `holding` asks, by the person's key."""
    taken = CourseTaken.objects.filter(person=OuterRef("person_id")).order_by()
    rows = Mandate.objects.standing(at).filter(person=person).annotate(
        opens=guideline.knows_it("person_id", at=at),
        said=guideline.said("person_id"),
        due=guideline.due(),
        courses=ArraySubquery(taken.values(both=JSONArray("course", "version"))),
    )  # fmt: skip
    return rows.values("channel_id", "channel__network", "acts", "opens", "said", "due", "courses")


# Every page asks it, and Django would draw it for longer than the database answers it.
HOLDING = DrawnUp(held_with_all_around, person=-987654321987654321, at=datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC))


def owes(person: Person, *, at: datetime) -> bool:
    """Whether the person is stopped until they have acknowledged the guideline, with a mandate or without (D24)."""
    held = holding(person, at=at)
    return not held[0]["opens"] if held else guideline.owes(person, at=at)


def listed() -> list[tuple[int, str, int, str]]:
    """Every channel by name: key, name, and its unit's key and name. A page asks once."""
    rows = Channel.objects.order_by().values_list("pk", "name", "unit_id", "unit__name")
    return once("channels", lambda: sorted(rows, key=lambda row: (names.sort_key(row[1]), row[0])))


def lacking(person: Person, cover: Person, act: Act, *, at: datetime) -> list[str]:
    """The channels, by name, where the person may do this and the one who covers for them may not (D27, D21)."""
    held = {
        each.pk: set(rows.values_list("channel_id", flat=True))
        for each in (person, cover)
        for rows in [Mandate.objects.in_force(at).filter(person=each, acts__contains=[act.value])]
    }
    rows = Channel.objects.exclude(state="closed")
    if None in held[cover.pk]:
        return []
    if None not in held[person.pk]:
        rows = rows.filter(pk__in=held[person.pk])
    return list(rows.exclude(pk__in=held[cover.pk]).order_by("name").values_list("name", flat=True))


def people_on(channel: Channel, act: Act, *, at: datetime) -> QuerySet[Person]:
    """Active people who may do this on the channel now."""
    held = Mandate.objects.in_force(at).filter(Q(channel=channel) | Q(channel=None), acts__contains=[act.value])
    return Person.objects.filter(is_active=True, pk__in=held.values("person_id")).order_by("name")


def due_for_pull(now: datetime) -> QuerySet[Channel]:
    """Channels at work whose next pull has come."""
    return Channel.objects.at_work().filter(Q(next_pull_at=None) | Q(next_pull_at__lte=now)).order_by("next_pull_at")


def open_intents(channel: Channel) -> QuerySet[Intent]:
    """Effects on the channel that have not come to an end, oldest first."""
    return Intent.objects.filter(target=channel.target, state__in=["written", "trying", "unknown"]).order_by("id")


def is_sent(channel: Channel, native_id: str) -> bool:
    """Whether one of our own finished intents stands for what has this id on the network."""
    done = Intent.objects.filter(target=channel.target, state="done", kind="reply")
    return done.filter(result__native_id=native_id).exists()


def address(channel: Channel) -> str:
    """Where the channel is shown, without the host."""
    return f"/kanaler/{channel.pk}/"


def known(network: str, address: str, *, locked: bool = False) -> Channel | None:
    """The account at this address that is not closed, with or without a slash at the end; `locked` for who changes
    it."""
    bare = address.rstrip("/")
    rows = Channel.objects.filter(network=network, address__in=[address, bare, f"{bare}/"])
    rows = rows.exclude(state="closed")
    return (rows.select_for_update(of=("self",)) if locked else rows).first()


def for_list(*, at: datetime, q: str = "", network: str = "", unit: str = "", state: str = "") -> QuerySet[Channel]:
    """Channels with what a list shows of them; closed ones only where they are asked for. No order."""
    rows = Channel.objects.select_related("unit__department", "responsible")
    for word in q.split():
        rows = rows.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(unit__name__icontains=word))
    if network:
        rows = rows.filter(network=network)
    if unit:
        rows = rows.filter(unit_id=unit)
    if state == "trouble":
        rows = rows.exclude(trouble_code="").filter(state__in=AT_WORK)
    else:
        rows = rows.filter(state=state) if state else rows.exclude(state="closed")
    own = Mandate.objects.in_force(at).filter(channel=OuterRef("pk")).order_by().values("channel")
    counted = own.annotate(people=Count("person", distinct=True)).values("people")
    return rows.annotate(people=Coalesce(Subquery(counted), 0)).order_by()


def people_for_all(*, at: datetime) -> int:
    """How many have a mandate for every channel."""
    return Mandate.objects.in_force(at).filter(channel=None).values("person").distinct().count()


def units_with_channels() -> QuerySet[Unit]:
    """The units that answer for a channel."""
    return Unit.objects.filter(pk__in=Channel.objects.values("unit_id"))


def in_trouble() -> QuerySet[Channel]:
    """Channels at work that cannot be read, those that have waited longest first."""
    return Channel.objects.at_work().exclude(trouble_code="").order_by("trouble_since", "id")


def mandates(channel: Channel, *, at: datetime) -> QuerySet[Mandate]:
    """The mandates that open the channel now or will later, those for every channel among them, the newest last."""
    rows = Mandate.objects.filter(
        Q(channel=channel) | Q(channel=None), Q(until=None) | Q(until__gt=at), state="in_force"
    )
    return rows.select_related("person__unit", "given_by").order_by("person__name", "id")


def ended_mandates(channel: Channel, *, at: datetime) -> QuerySet[Mandate]:
    """The mandates that once opened the channel, the last ended first."""
    rows = Mandate.objects.filter(channel=channel).filter(Q(state="ended") | Q(until__lte=at))
    return rows.select_related("person", "given_by").order_by("-until", "-id")


def mandates_of(person: Person, *, at: datetime) -> QuerySet[Mandate]:
    """The person's mandates that hold now or will."""
    rows = Mandate.objects.filter(Q(until=None) | Q(until__gt=at), person=person, state="in_force")
    return rows.select_related("channel", "given_by").order_by("channel__name", "id")


def runs(person: Person, channel: Channel) -> bool:
    """Whether the person may see to the connection: system administrators, the communications unit, the responsible."""
    responsible = channel.responsible_id == person.pk and not person.politician
    return responsible or bool({Role.ADMINISTRATOR, Role.COMMUNICATIONS} & person.roles)


def gives_mandates(person: Person, channel: Channel | None) -> bool:
    """Whether the person is the manager who gives mandates there; for every channel, a manager of all units (D21)."""
    if Role.MANAGER not in person.roles:
        return False
    units = person.units_as(Role.MANAGER)
    return units is None or (channel is not None and channel.unit_id in units)


def unsettled(channel: Channel) -> QuerySet[Intent]:
    """What was sent, and only a person can tell whether it is there."""
    return Intent.objects.filter(target=channel.target, state="unknown", needs_person=True).order_by("id")
