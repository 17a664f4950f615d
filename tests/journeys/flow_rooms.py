"""What the pages of the flow of cases show: absence, merged and split cases, figures, the expert's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

import factories
from journeys.inbox_rooms import LONG_AGO, library
from uppsikt.channels.models import Channel
from uppsikt.inbox import actions, experts, figures, forwards, joining
from uppsikt.inbox.models import Case, CaseItem, FirstAnswer, Forward
from uppsikt.organisation import absences
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item


def away() -> tuple[Any, ...]:
    """Somebody is away and covered for."""
    now = timezone.now()
    boss, one, other = (factories.person(Role.ADMINISTRATOR, name=name) for name in ("Chef", "Anna Ek", "Bo Alm"))
    absences.note(person=one, cover=other, since=now, until=now + timedelta(days=14), by=boss, now=now)
    return ()


def two() -> tuple[Channel, Person, Case, Case]:
    """A long case and another of the same citizen, answered together; a part split off; its holder away."""
    now = timezone.now()
    channel, me = library(now)
    other = factories.channel(name="Kundcenter", now=now, unit=factories.municipality("Teknik").unit)
    factories.mandate(me, other, since=now - LONG_AGO)
    for number in range(3):
        item = factories.item(
            channel, thread="comment/1", at=now - timedelta(hours=5 - number), now=now, text=f"Fråga {number}"
        )
        case = actions.receive(item, now=now)
    second = factories.case(other, at=now - timedelta(hours=1), now=now, text="Samma fråga, i den andra kanalen")
    factories.case(other, at=now, now=now, text="En tredje gång samma fråga")
    keys = list(CaseItem.objects.filter(case=case).values_list("item_id", flat=True))
    joining.split(case, {keys[1]}, by=me, now=now, reason="Handlar om något annat")
    joining.merge(second, case, by=me, now=now)
    colleague = factories.officer(channel, name="Bo Alm")
    boss = factories.person(Role.ADMINISTRATOR)
    actions.assign(case, colleague, by=me, now=now)
    absences.note(person=colleague, cover=me, since=now, until=now + timedelta(days=7), by=boss, now=now)
    return channel, me, case, second


def together() -> tuple[Any, ...]:
    """The case that leads."""
    return (two()[2].pk,)


def merged() -> tuple[Any, ...]:
    """The case that follows."""
    return (two()[3].pk,)


def by_hand() -> tuple[Any, ...]:
    """A case on a network that takes no answers from here."""
    now = timezone.now()
    channel, _me = library(now)
    case = factories.case(channel, now=now, at=now)
    Item.objects.filter(pk=case.last_item_id).update(can=[])
    return (case.pk,)


def asked() -> tuple[Forward, str, Person]:
    """A question with an expert, and the token of its link."""
    now = timezone.now()
    channel = factories.channel(name="Älvsta bibliotek", now=now)
    me = factories.officer(channel, name="Eva Ek")
    row, link = forwards.forward(
        factories.case(channel, now=now, at=now), question="Vet du?", by=me, now=now, email="a@b.example", name="Anna"
    )
    return row, link.split("/")[-2], me


def expert_old() -> tuple[Any, ...]:
    """The link is too old."""
    row, token, _me = asked()
    Forward.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(days=1))
    return (token,)


def expert_between() -> tuple[Any, ...]:
    """The expert has asked back, been answered, and asked again."""
    row, token, me = asked()
    for _ in range(2):
        row = Forward.objects.get(pk=row.pk)
        experts.ask_back(row, text="Vilken avdelning?", now=timezone.now())
        if not row.clarifications.exclude(author=None).exists():
            experts.explain(row, text="Barnavdelningen", by=me, now=timezone.now())
    return (token,)


def figures_made() -> tuple[Any, ...]:
    """A year of answers, counted."""
    now = timezone.now()
    channel = factories.channel(name="Älvsta bibliotek", now=now)
    me = factories.officer(channel, name="Eva Ek")
    case = factories.case(channel, now=now, at=now - timedelta(days=3))
    actions.take(case, me, now=now)
    FirstAnswer.objects.bulk_create(
        FirstAnswer(
            case=case,
            channel=channel,
            unit=channel.unit,
            received_at=now - timedelta(days=9 * number, hours=3),
            due_at=now - timedelta(days=9 * number),
            answered_at=now - timedelta(days=9 * number),
            seconds=600 + number * 300,
            in_time=number % 4 > 0,
            holding=number % 5 == 0,
        )
        for number in range(40)
    )
    figures.make_due(now=now)
    return ()
