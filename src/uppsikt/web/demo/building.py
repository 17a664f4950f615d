"""Laying the municipality in: organisation, people with roles, the contact roster, channels, mandates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from uppsikt.channels import actions as channels
from uppsikt.channels import connecting
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Profile, Recognition
from uppsikt.kernel import trail
from uppsikt.kernel.hours import ZONE
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Board, Department, Person, Unit
from uppsikt.policy import actions as rules
from uppsikt.policy import courses, deciding, guideline
from uppsikt.policy import queries as policy
from uppsikt.ui import actions as look
from uppsikt.web.demo import looking, registering, replies, town
from uppsikt.web.demo.accounts import ACCOUNTS, APART, EVERYWHERE, Account, Apart
from uppsikt.web.demo.marks import DEMO, mark_done
from uppsikt.web.demo.practice_network import Network

BUILT = "demo_built"
# The municipality began with Uppsikt so long ago; the channels were connected a week later.
BEGAN, CONNECTED = timedelta(days=28), timedelta(days=21)
# Their staff had looked after them all along: no need to go through more than the last days before that.
HISTORY_DAYS = 7
PULL_SECONDS = 12
ALL_ACTS = (Act.ANSWER, Act.PUBLISH, Act.HIDE)
# Numbers of the series that is reserved for fiction.
DESKS, MOBILES = "08-465 004 {:02}", "070-174 06 {:02}"
FIRST_MOBILE = 5


def morning(now: datetime, ago: timedelta) -> datetime:
    """Shortly after nine o'clock on the working day at or before that day."""
    day, hours = (now - ago).astimezone(ZONE).date(), policy.hours()
    while not hours.spans(day):
        day -= timedelta(days=1)
    return hours.spans(day)[0][0] + timedelta(minutes=65)


def build(network: Network, *, now: datetime) -> None:
    """Lay everything in, in one transaction: cut off in the middle, nothing is there."""
    found = [meet(network, account) for account in ACCOUNTS]
    with transaction.atomic():
        look.change_appearance(by=DEMO, now=now, name=town.NAME, colour=town.COLOUR)
        began = morning(now, BEGAN)
        people = add_people(add_units(), now=began)
        for department, name, matter in town.CONTACTS:
            organisation.add_contact(
                department=Department.objects.get(name=department),
                person=people[name],
                matter=matter,
                rank=1,
                by=people["Lena Hovström"].doer,
                now=began,
            )
        rules.change_rule(
            key="inbox.history_days",
            value=HISTORY_DAYS,
            by=people["Lena Hovström"].doer,
            now=now,
            reason="Enheterna har svarat hela tiden. Det som är äldre än en vecka är omhändertaget.",
        )
        deciding.add_decision(**town.DISPOSAL, decided_on=began.date(), by=people["Ulf Brännström"].doer, now=began)
        connected = morning(now, CONNECTED)
        connect_all(found, people, now=connected)
        for one in APART:
            give_apart(one, people, connected=connected, now=now)
        registering.known(people, now=connected)
        replies.write(now=connected)
        looking.lately(people, connected=connected, now=now)
        mark_done(BUILT, now=now)


def meet(network: Network, account: Account) -> tuple[Account, Recognition, str, Profile]:
    """Recognise an account from its address and log in, as somebody at the connecting page does."""
    known = connecting.recognise(f"{network.base}/@{account.handle}")
    token = network.give_token(account.handle)
    profile = connecting.check(known.network, known.settings, {"token": token})
    return account, known, token, profile


def add_units() -> dict[str, Unit]:
    """Boards, departments and units, by the unit's name."""
    units = {}
    for board, department, names in town.BOARDS:
        owner = Board.objects.create(name=board)
        above = Department.objects.create(name=department, board=owner)
        for name in names:
            units[name] = Unit.objects.create(name=name, department=above)
    return units


def add_people(units: Mapping[str, Unit], *, now: datetime) -> dict[str, Person]:
    """The sixty with their roles, by name."""
    people = {}
    for number, one in enumerate(town.PEOPLE):
        unit = units[one.unit]
        person = organisation.add_person(email=one.email, name=one.name, title=one.title, unit=unit, by=DEMO, now=now)
        phone = DESKS.format(number) if number % 3 else MOBILES.format(FIRST_MOBILE + number)
        organisation.change_person(person, by=DEMO, now=now, phone=phone)
        for role in one.here:
            organisation.give_role(person=person, role=role, unit=unit, by=DEMO, now=now)
        for role in one.everywhere:
            organisation.give_role(person=person, role=role, unit=None, by=DEMO, now=now)
        people[one.name] = person
    return people


def connect_all(
    found: list[tuple[Account, Recognition, str, Profile]], people: Mapping[str, Person], *, now: datetime
) -> None:
    """Connect the channels, and give each channel's staff their mandates."""
    units = {unit.name: unit for unit in Unit.objects.all()}
    for account, known, token, profile in found:
        channel = channels.connect(
            network=known.network,
            name=profile.name,
            address=known.address,
            unit=units[account.unit],
            responsible=people[account.responsible],
            settings=known.settings,
            secrets={"token": token},
            profile=profile,
            central=account.central,
            by=people["Karin Sjöstrand"].doer,
            now=now,
            pull_seconds=PULL_SECONDS,
        )
        for name in account.staff:
            give(people[name], channel, people[account.manager], "Svarar i kanalen", now=now)
    for name in EVERYWHERE:
        give(people[name], None, people["Margareta Ekblad"], "Stöder alla kanaler", now=now)


def give(person: Person, channel: Channel | None, manager: Person, reason: str, *, now: datetime) -> None:
    """An ordinary mandate, from now on, of somebody who has read what they should."""
    if edition := guideline.unread(person):
        guideline.acknowledge(person, number=edition.number, now=now)
    if course := courses.of("practice"):
        courses.take(person, course, now=now)
    channels.give_mandate(
        person=person,
        channel=channel,
        acts=ALL_ACTS,
        since=now,
        until=None,
        given_by=manager,
        reason=reason,
        now=now,
    )


def give_apart(one: Apart, people: Mapping[str, Person], *, connected: datetime, now: datetime) -> None:
    """A mandate with times of its own."""
    manager, day = people[one.manager], timedelta(days=1)
    mandate = channels.give_mandate(
        person=people[one.who],
        channel=channel_of(one.handle),
        acts=(Act.ANSWER,),
        since=connected if one.since is None else now + one.since * day,
        until=None if one.until is None else now + one.until * day,
        given_by=manager,
        reason=one.reason,
        now=connected,
    )
    if one.ended is not None:
        channels.end_mandate(mandate, reason="Uppdraget är klart", by=manager.doer, now=now + one.ended * day)


def channel_of(handle: str) -> Channel:
    """The channel of an account."""
    return Channel.objects.get(network="practice", settings__handle=handle)


def follow(base: str, *, now: datetime) -> None:
    """Where the practice network had to move to another port, its channels follow."""
    for channel in Channel.objects.filter(network="practice").exclude(settings__base=base):
        trail.take(
            "change",
            channel,
            by=DEMO,
            at=now,
            address=f"{base}/@{channel.settings['handle']}",
            settings={**channel.settings, "base": base},
        )
