"""What the register shows of the people around accounts: loans, relations, rights, time, and the guideline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

import factories
from journeys import rooms
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.organisation import absences, politicians
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import guideline
from uppsikt.register import administrators, entries, loans, relations
from uppsikt.register.models import Loan
from uppsikt.register.relation_rules import Kind, Party

DAY = timedelta(days=1)


def account(name: str = "Badhuset") -> Channel:
    """An account with two administrators, hours promised, and somebody who has yet to read the guideline."""
    now = timezone.now()
    row = rooms.channel(now, name=name, address=f"https://natet.example/{next(factories.numbers)}")
    for one in ("Åsa Öberg", "Bo Berg"):
        person = factories.person(Role.OFFICER, name=one, unit=row.unit)
        administrators.add(row, person, by=rooms.SYSTEM, now=now)
        factories.mandate(person, row)
    entries.change(row, by=rooms.SYSTEM, now=now, hours_a_week=4)
    return row


def people() -> tuple[Any, ...]:
    """Some accounts, one with a name that takes all the room, and somebody who is away."""
    now = timezone.now()
    account()
    account(rooms.HOSTILE[:150])
    away, cover = Person.objects.filter(name="Åsa Öberg").first(), Person.objects.filter(name="Bo Berg").first()
    assert away
    assert cover
    absences.note(person=away, cover=cover, since=now, until=now + 3 * DAY, by=away, now=now)
    return ()


def one_account() -> tuple[Any, ...]:
    """One account."""
    return (account().pk,)


def lent(state: str, role: str = "") -> Loan:
    """A loan that has come so far; the one who is logged in is the manager, the unit, or one of those who borrow."""
    now, row = timezone.now(), account()
    manager = rooms.reader(role) if role == "manager" else factories.person(Role.MANAGER)
    unit = rooms.reader(role) if role == "communications" else factories.person(Role.COMMUNICATIONS)
    borrower = rooms.reader(role) if role == "officer" else factories.person(Role.OFFICER, name="Ungdomsrådet")
    loan = loans.ask(
        channel=row,
        people=[borrower, factories.person(Role.OFFICER, name="Cilla Carlsson")],
        acts=[Act.ANSWER, Act.PUBLISH],
        since=now,
        until=now + 7 * DAY,
        purpose=f"Ungdomsrådet berättar om lovet. {rooms.HOSTILE}",
        by=manager,
        now=now,
    )
    if state == "asked":
        return loan
    loans.agree(loan, words="Vi är överens om tiden och om vem som svarar.", by=unit, now=now)
    factories.informed(borrower, row, at=now)
    if state == "agreed":
        return loan
    loans.acknowledge(loan, person=borrower, now=now)
    if state == "ended":
        loans.end_early(loan, reason="Lovet är slut", by=manager, now=now)
    return loan


def all_loans() -> tuple[Any, ...]:
    """One of each."""
    for state in ("asked", "agreed", "ended"):
        lent(state)
    return ()


def related() -> tuple[Any, ...]:
    """Relations that are fine, and one that was read from the network and that nobody has said anything of."""
    now, row = timezone.now(), account()
    row = Channel.objects.get(pk=row.pk)
    Channel.objects.filter(pk=row.pk).update(network="facebook")
    row.refresh_from_db()
    unit = factories.person(Role.COMMUNICATIONS)
    relations.note(
        channel=row, kind=Kind.LIKE, party=Party.ASSOCIATION, name="Älvsta hembygdsförening",
        address="https://facebook.example/hembygd", tie="Driver hembygdsgården i Älvsta", by=unit, now=now,
    )  # fmt: skip
    relations.seen(row, [(Kind.LIKE, rooms.HOSTILE[:150], "https://facebook.example/x")], by=rooms.SYSTEM, now=now)
    return ()


def unsaid() -> tuple[Any, ...]:
    """A relation whose party nobody has said."""
    related()
    return (relations.Relation.objects.get(party="").pk,)


def renewing() -> tuple[Any, ...]:
    """A mandate to renew."""
    account()
    return (Mandate.objects.order_by("pk").first().pk,)  # type: ignore[union-attr]  # there are two


def elected() -> tuple[Any, ...]:
    """Somebody elected."""
    person = factories.person(Role.OFFICER, name="Pelle Politisk")
    politicians.elect(person, post="Ledamot i nämnden", by=rooms.SYSTEM, now=timezone.now())
    return (person.pk,)


def changed_guideline() -> tuple[Any, ...]:
    """A new edition that stops whoever has not read it."""
    now = timezone.now()
    guideline.publish(text="Ditt uppdrag\n- Svara snällt.", changes="Ny punkt", days=0, by=rooms.SYSTEM, now=now)
    factories.informed(factories.person(name="Åsa Öberg"), None, at=now)
    return ()
