"""Things that tests need, made through the same actions that the product uses."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from uppsikt.channels import actions as channel_actions
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import (
    Can,
    Captured,
    CapturedActor,
    Deed,
    Direction,
    Kind,
    Profile,
    RawResponse,
    Visibility,
)
from uppsikt.inbox import actions as inbox_actions
from uppsikt.inbox.models import Case
from uppsikt.kernel.trail import Doer
from uppsikt.moderation import actions as moderation
from uppsikt.moderation import effects, evidence
from uppsikt.moderation.models import Removal
from uppsikt.moderation.rules import Sort
from uppsikt.organisation import actions as organisation_actions
from uppsikt.organisation.models import Board, Department, Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.policy import courses, deciding, guideline
from uppsikt.policy.models import DisposalDecision
from uppsikt.records import intake
from uppsikt.records.models import Item

TESTER = Doer.system("test")
# A Thursday, 10.00 in Sweden, with no holiday near.
THURSDAY = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
numbers = itertools.count(1)


@dataclass
class Municipality:
    """A board, a department and a unit."""

    board: Board
    department: Department
    unit: Unit


def municipality(name: str = "Kultur och fritid") -> Municipality:
    """A small organisation."""
    board, _ = Board.objects.get_or_create(name="Kommunstyrelsen")
    department, _ = Department.objects.get_or_create(name=f"{name}sförvaltningen", defaults={"board": board})
    unit, _ = Unit.objects.get_or_create(name=name, department=department)
    return Municipality(board, department, unit)


def person(*roles: Role, name: str = "", unit: Unit | None = None, now: datetime = THURSDAY, **fields: Any) -> Person:
    """Somebody with roles for all units, and a title and unit to sign with."""
    number = next(numbers)
    made = organisation_actions.add_person(
        email=f"person{number}@alvsta.example",
        name=name or f"Person {number}",
        title=fields.get("title", "handläggare"),
        unit=unit or municipality().unit,
        by=TESTER,
        now=now,
    )
    for role in roles:
        organisation_actions.give_role(person=made, role=role, unit=None, by=TESTER, now=now - timedelta(days=30))
    return made


def channel(
    *, network: str = "practice", unit: Unit | None = None, now: datetime = THURSDAY, address: str = "", **fields: Any
) -> Channel:
    """A connected channel whose history has been read."""
    number = next(numbers)
    unit = unit or municipality().unit
    made = channel_actions.connect(
        network=network,
        name=fields.pop("name", f"Kanal {number}"),
        address=address or f"https://natet.example/konto{number}",
        unit=unit,
        responsible=fields.pop("responsible", None) or person(Role.OFFICER, unit=unit, now=now),
        settings=fields.pop("settings", {}),
        secrets=fields.pop("secrets", {}),
        profile=Profile(
            name="Konto", address="https://natet.example", logged_in_as="konto", can=frozenset({Can.REPLY})
        ),
        central=fields.pop("central", False),
        by=TESTER,
        now=now,
        reason="Öppnat 2019, beslut av kulturchefen",
    )
    Channel.objects.filter(pk=made.pk).update(caught_up_at=now, pulled_at=now)
    made.refresh_from_db()
    return made


def known_account(
    *, network: str = "facebook", unit: Unit | None = None, now: datetime = THURSDAY, **fields: Any
) -> Channel:
    """An account that is only known of: open on its network, and never read here."""
    number = next(numbers)
    unit = unit or municipality().unit
    return channel_actions.enlist(
        network=network,
        name=fields.pop("name", f"Konto {number}"),
        address=fields.pop("address", f"https://www.{network}.com/konto{number}"),
        unit=unit,
        responsible=fields.pop("responsible", None) or person(Role.OFFICER, unit=unit, now=now),
        central=fields.pop("central", False),
        by=TESTER,
        now=now,
        **fields,
    )


def mandate(
    who: Person, where: Channel | None, *acts: Act, since: datetime = THURSDAY - timedelta(days=30), **fields: Any
) -> Mandate:
    """A mandate, given by a manager to somebody who knows what whoever has one must know (D24)."""
    informed(who, where, at=since)
    return channel_actions.give_mandate(
        person=who,
        channel=where,
        acts=acts or (Act.ANSWER,),
        since=since,
        until=fields.get("until"),
        given_by=fields.get("given_by") or person(Role.MANAGER),
        reason="Svarar i kanalen",
        now=since,
    )


def informed(who: Person, where: Channel | None, *, at: datetime) -> None:
    """They have acknowledged the guideline and gone through the network's short course."""
    if edition := guideline.unread(who):
        guideline.acknowledge(who, number=edition.number, now=at)
    if course := courses.of(where.network if where else "handed_over"):
        courses.take(who, course, now=at)


def officer(*channels: Channel | None, name: str = "", role: Role = Role.OFFICER) -> Person:
    """Somebody who may answer on these channels."""
    made = person(role, name=name)
    for where in channels:
        mandate(made, where)
    return made


def captured(  # a reading has many sides, and tests vary each
    native_id: str = "",
    *,
    text: str = "När plogas gatan?",
    at: datetime = THURSDAY,
    author: str = "Maria L.",
    direction: Direction = Direction.RECEIVED,
    kind: Kind = Kind.COMMENT,
    thread: str = "",
    parent: str = "",
    post: str = "",
    visibility: Visibility = Visibility.VISIBLE,
    fetched: datetime | None = None,
    **fields: Any,
) -> Captured:
    """A reading as a connector would give it."""
    native_id = native_id or f"comment/{next(numbers)}"
    raw = RawResponse(
        url=f"https://natet.example/api/{native_id}",
        status=200,
        fetched_at=fetched or at + timedelta(minutes=1),
        body=text.encode("utf-8", "replace"),
        headers={"content-type": "application/json"},
    )
    return Captured(
        native_id=native_id,
        kind=kind,
        direction=direction,
        raw=raw,
        place="",
        text=text,
        author=CapturedActor(native_id=f"user/{author}", name=author),
        published_at=at,
        parent_id=parent or post,
        thread_id=thread or native_id,
        post_id=post,
        visibility=visibility,
        can=frozenset({Can.REPLY}),
        address=f"https://natet.example/{native_id}",
        **fields,
    )


def items(where: Channel, readings: Iterable[Captured], *, now: datetime = THURSDAY) -> list[Item]:
    """Readings taken in, in the order given."""
    listed = list(readings)
    intake.take_in(where, listed, now=now)
    found = {item.native_id: item for item in Item.objects.filter(channel=where).select_related("thread", "version")}
    return [found[reading.native_id] for reading in listed]


def item(where: Channel, *, now: datetime = THURSDAY, **fields: Any) -> Item:
    """One item taken in."""
    return items(where, [captured(**fields)], now=now)[0]


def case(where: Channel, *, now: datetime = THURSDAY, **fields: Any) -> Case:
    """A case opened by something received."""
    return inbox_actions.receive(item(where, now=now, **fields), now=now)


def disposal_decision(number: str = "KS 2026-14", scope: str = "all", *, standing: bool = True) -> DisposalDecision:
    """A disposal decision; the one that is there by that number, if any."""
    known = DisposalDecision.objects.in_force(None).filter(number=number).first()
    return known or deciding.add_decision(
        number=number,
        name="Gallring i sociala medier",
        text="Det som bryter mot lag eller husregler får tas bort när bevis är sparat.",
        standing=standing,
        scope=scope,
        decided_by="Kommunstyrelsen",
        decided_on=date(2026, 1, 14),
        by=TESTER,
        now=THURSDAY,
    )


def removal(of: Item, *, by: Person | None = None, now: datetime = THURSDAY, act: Deed = Deed.REMOVE) -> Removal:
    """Decided by an officer (`by` has a mandate for it), with evidence kept, and on its way to the network."""
    who = by or officer(of.channel)
    if by is None:
        mandate(who, of.channel, Act.HIDE, Act.REMOVE)
    Item.objects.filter(pk=of.pk).update(can=[Can.REPLY.value, Can.HIDE.value, Can.REMOVE.value])
    made = moderation.remove(
        of,
        act=act,
        ground="rule.coarse",
        reason="",
        obvious=False,
        decision=disposal_decision(),
        by=who,
        now=now,
    )
    begun = evidence.begin(made.evidence_id or 0, now=now)
    assert begun
    wording = evidence.File("wording.json", "application/json", b"{}")
    effects.evidence_settled(evidence.keep(begun, Sort.CARD, [wording], report={}, code="", now=now), now=now)
    return Removal.objects.select_related("item", "evidence", "intent").get(pk=made.pk)
