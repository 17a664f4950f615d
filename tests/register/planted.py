"""Accounts in which all is as it should be, and ways to plant one fault in each of them (issue 5, Must show 3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import factories
from register import logo_drawings as drawn
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Can, Direction, Kind
from uppsikt.organisation import politicians
from uppsikt.organisation.models import Contact, Department, Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.policy import courses, guideline
from uppsikt.records.models import Item
from uppsikt.register import administrators, entries, infotext_facts, logos, profiles
from uppsikt.register.discover_models import Search
from uppsikt.register.infotext_composing import compose
from uppsikt.register.infotext_languages import ALL
from uppsikt.register.models import Administrator
from uppsikt.register.relation_models import Relation
from uppsikt.ui.models import Appearance

NOW = factories.THURSDAY
MUNICIPALITY = "Sollunda kommun"
ARMS = drawn.Arms("Sollunda", "wheat")
UNITS = ("Biblioteket", "Gatu- och parkenheten", "Musikskolan", "Simhallen", "Hemtjänsten", "Konsthallen")


@dataclass(frozen=True)
class House:
    """What all accounts share."""

    communications: Person
    units: tuple[Unit, ...]
    picture: str
    other_picture: str


def house() -> House:
    """A municipality with a name, a logo, a communications unit and some units, each with somebody to ask."""
    Appearance(name=MUNICIPALITY).save()
    unit = factories.person(Role.COMMUNICATIONS, name="Kim Kommunikatör")
    know(unit)
    board = factories.municipality().board
    units = []
    for name in UNITS:
        department = Department.objects.create(name=f"{name}s förvaltning", board=board)
        units.append(Unit.objects.create(name=name, department=department))
        Contact.objects.create(department=department, person=unit)
    logos.add(name="Stående", body=drawn.saved(drawn.with_name(ARMS)), decision="KS 2026/1", by=unit, now=NOW)
    ours = drawn.circled(drawn.on_ground(drawn.with_name(ARMS)), (10, 40, 80))
    others = drawn.on_ground(drawn.with_name(drawn.Arms("Bergviken", "tower")))
    # The website has been gone through since the accounts came in.
    Search.objects.create(address="https://sollunda.example", state="done", at=NOW, ended_at=NOW + timedelta(hours=1))
    kept = [profiles.keep_picture(drawn.saved(one), now=NOW).sha256 for one in (ours, others)]
    return House(unit, tuple(units), str(kept[0]), str(kept[1]))


def know(person: Person) -> None:
    """Somebody who knows the guideline and the practice network."""
    edition = guideline.newest()
    if edition is not None:
        guideline.acknowledge(person, number=edition.number, now=NOW - timedelta(days=20))
    for course in courses.COURSES.values():
        courses.take(person, course, now=NOW - timedelta(days=20))


def sound(where: House, number: int) -> Channel:
    """An account in which nothing is wrong."""
    unit = where.units[number % len(where.units)]
    first, second = (factories.person(Role.OFFICER, unit=unit, name=f"Namn {number} {one}") for one in "AB")
    channel = factories.channel(
        unit=unit, responsible=first, name=f"{unit.name} {number}", address=f"https://natet.example/konto-{number}"
    )
    entries.change(
        channel,
        by=factories.TESTER,
        now=NOW,
        purpose="Berätta vad som händer",
        goals="Fler besök",
        audience="Alla i kommunen",
        subject="culture",
        languages=["sv"],
        contact_email=f"enhet{number}@sollunda.example",
        contact_phone="0220-240 00",
        linked_from="https://sollunda.example/sociala-medier",
        hours_a_week=Decimal("12.0"),
    )
    for person in (first, second):
        know(person)
        factories.mandate(person, channel, Act.ANSWER, Act.PUBLISH)
        administrators.add(channel, person, by=factories.TESTER, now=NOW)
    administrators.add(channel, where.communications, by=factories.TESTER, now=NOW)
    for day in range(1, 6):
        factories.item(
            channel,
            native_id=f"post/{number}-{day}",
            kind=Kind.POST,
            direction=Direction.DRAWN_UP,
            at=NOW - timedelta(days=day),
            text="Nu öppnar vi",
        )
    show(channel, picture=where.picture)
    return channel


def text(channel: Channel) -> str:
    """The standing text of the account, as the product writes it."""
    return compose(ALL["sv"], infotext_facts.of(channel, "sv")).text


def show(channel: Channel, *, picture: str | None = None, **parts: str) -> None:
    """Let the account look so on its network; what is not named is as it should be."""
    entry = entries.of(channel)
    profile = {
        "name": f"{channel.unit.name} i Sollunda",
        "description": f"Här finns {channel.unit.name}, Sollunda kommun. Mejla {entry.contact_email}, ring 0220-24000.",
        "about": text(channel),
        "address": channel.address,
        "logged_in_as": "sollunda",
        "can": [Can.REPLY.value],
        "picture": "https://natet.example/bild.png",
        **parts,
    }
    last = profiles.newest(channel)
    held = picture or (last.picture_id if last else None)
    profiles.keep(channel, profile=profile, picture=profiles.Kept(held), by=factories.TESTER, now=NOW)


@dataclass(frozen=True)
class Plant:
    """A fault to plant: what makes it, and what the audit is to find: (check, mark), None for whatever mark."""

    spoil: Callable[[House, Channel], None]
    finds: tuple[tuple[str, str | None], ...]


def entry(channel: Channel, **fields: object) -> None:
    """Write something else in the register."""
    entries.change(channel, by=factories.TESTER, now=NOW, **fields)


def bare(channel: Channel) -> str:
    """A description that tells no way to reach anybody."""
    return f"{channel.unit.name}, Sollunda kommun. Välkommen hit!"


def lose_administrator(channel: Channel, *, communications: bool) -> None:
    """One has the rights, and the mandate, no more."""
    rows = [row for row in administrators.of(channel) if (Role.COMMUNICATIONS in row.person.roles) == communications]
    Administrator.objects.filter(pk=rows[-1].pk).update(until=NOW)
    Mandate.objects.filter(channel=channel, person=rows[-1].person).delete()


def lapse(channel: Channel, many: int) -> None:
    """The mandates of so many ran out; they have the rights on the network still."""
    keys = list(Mandate.objects.filter(channel=channel).order_by("-pk").values_list("pk", flat=True)[:many])
    Mandate.objects.filter(pk__in=keys).update(until=NOW - timedelta(minutes=1))


def newcomer(channel: Channel, *, knows: bool) -> Person:
    """One more with a mandate and the rights on the network."""
    someone = factories.person(Role.OFFICER, unit=channel.unit)
    if knows:
        know(someone)
    factories.mandate(someone, channel, Act.ANSWER)
    return someone


def elect(channel: Channel) -> None:
    """One of those who have the rights on the network is elected."""
    someone = newcomer(channel, knows=True)
    administrators.add(channel, someone, by=factories.TESTER, now=NOW)
    politicians.elect(someone, post="fullmäktige", by=factories.TESTER, now=NOW)


def leave(channel: Channel) -> None:
    """Whoever answers for it has left."""
    gone = factories.person(Role.OFFICER, unit=channel.unit)
    Channel.objects.filter(pk=channel.pk).update(responsible=gone)
    Person.objects.filter(pk=gone.pk).update(is_active=False)


def posts(channel: Channel, **fields: object) -> None:
    """What the network says of its posts."""
    Item.objects.filter(channel=channel, kind="post").update(**fields)


def trouble(channel: Channel, kind: str, days: int) -> None:
    """It cannot be read."""
    since = NOW - timedelta(days=days)
    Channel.objects.filter(pk=channel.pk).update(trouble_kind=kind, trouble_code="wrong_password", trouble_since=since)


def move(channel: Channel) -> None:
    """The unit came to a department where there is nobody to ask."""
    board = factories.municipality().board
    department = Department.objects.create(name=f"Ny förvaltning {channel.pk}", board=board)
    unit = Unit.objects.create(name=channel.unit.name, department=department)
    Person.objects.filter(pk__in=administrators.of(channel).filter(person__unit=channel.unit).values("person")).update(
        unit=unit
    )
    Channel.objects.filter(pk=channel.pk).update(unit=unit)


def like(channel: Channel) -> None:
    """It likes a company, and pages that nobody has said whose they are; it follows one more."""
    Relation.objects.create(
        channel=channel,
        kind="like",
        party="company",
        name="Bygg AB",
        address="https://natet.example/bygg",
        since=NOW,
        noted_by=channel.responsible,
    )
    for number in range(3):
        Relation.objects.create(
            channel=channel, kind="like", name="?", address=f"https://x.example/{number}", since=NOW
        )
    Relation.objects.create(channel=channel, kind="follow", name="?", address="https://x.example/", since=NOW)


def without_record(channel: Channel) -> str:
    """The standing text without the sentence that says that what is written becomes a public record."""
    sentences = re.split(r"(?<=[.!?])\s+", text(channel))
    return " ".join(one for one in sentences if "allmän" not in one.casefold())


PLANTS: tuple[Plant, ...] = (
    Plant(lambda _house, one: show(one, about=""), (("infotext.none", ""),)),
    Plant(lambda _house, one: show(one, about=without_record(one)), (("infotext.record", ""),)),
    Plant(
        lambda _house, one: show(one, about="", description=bare(one)),
        (("infotext.none", ""), ("profile.contact", "missing")),
    ),
    Plant(
        lambda _house, one: show(one, about="", description=f"Om {one.unit.name}: ring 0220-240 00"),
        (("infotext.none", ""), ("profile.sender_description", "municipality")),
    ),
    Plant(lambda _house, one: show(one, name="Nyheter och tips"), (("profile.sender_name", ""),)),
    Plant(lambda _house, one: show(one, address="https://natet.example/nytt-namn"), (("profile.address", ""),)),
    Plant(lambda _house, one: entry(one, contact_email="ny@sollunda.example"), (("profile.contact", "wrong"),)),
    Plant(lambda _house, one: entry(one, contact_phone="0220-555 55"), (("profile.contact", "wrong"),)),
    Plant(lambda where, one: show(one, picture=where.other_picture), (("profile.logo", "other"),)),
    Plant(lambda _house, one: posts(one, can=[]), (("profile.comments_off", "closed"),)),
    Plant(lambda _house, one: entry(one, comments_open=False), (("profile.comments_off", "no_reason"),)),
    Plant(lambda _house, one: trouble(one, "reconnect", 0), (("profile.trouble", "login"),)),
    Plant(lambda _house, one: trouble(one, "retry", 3), (("profile.trouble", "unread"),)),
    Plant(lambda _house, one: leave(one), (("people.responsible", None),)),
    Plant(lambda _house, one: lose_administrator(one, communications=False), (("people.administrators", ""),)),
    Plant(lambda _house, one: lose_administrator(one, communications=True), (("people.communications_missing", ""),)),
    Plant(lambda _house, one: lapse(one, 1), (("people.mandate_lapsed", None),)),
    Plant(
        lambda _house, one: lapse(one, 2),
        (("people.nobody", ""), ("people.mandate_lapsed", None), ("people.mandate_lapsed", None)),
    ),
    Plant(lambda _house, one: elect(one), (("people.politician", None), ("people.mandate_lapsed", None))),
    Plant(lambda _house, one: move(one), (("people.contact_gap", ""),)),
    Plant(lambda _house, one: entry(one, hours_a_week=Decimal("0.1")), (("people.overloaded", ""),)),
    Plant(lambda _house, one: like(one), (("people.relation", None), ("people.relation_unsaid", ""))),
    Plant(lambda _house, one: posts(one, at=NOW - timedelta(days=300)), (("life.still", ""),)),
    Plant(lambda _house, one: entry(one, linked_from=""), (("life.not_linked", ""),)),
    Plant(lambda _house, one: entry(one, hours_a_week=None), (("life.hours", ""),)),
    Plant(lambda _house, one: entry(one, purpose=" "), (("opening.needs", ""),)),
)
