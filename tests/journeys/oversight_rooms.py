"""What oversight shows when it is looked at: a round with all that can lie in one, a rota with holes, a report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone
from playwright.sync_api import Page as Window

import factories
from journeys.inbox_rooms import library
from journeys.rooms import HOSTILE, reader
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Direction, Kind, Visibility
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import actions, dues, heightening, holes, queries, rota, watching
from uppsikt.oversight import outside as outside_rounds
from uppsikt.oversight.models import Round, Sweep
from uppsikt.oversight.rota import Days
from uppsikt.records import reading
from uppsikt.records.models import Item
from uppsikt.triage import reading as triage_reading
from uppsikt.triage import taking

LONG_NAME = "Kultur- och fritidsförvaltningens ungdomsmottagnings" + "verksamhet" * 6
URGENT = "Grannen på Björkvägen 12 heter Gun, 860930-9888, ring henne på 070-1740605!"


def desk(now: datetime, role: str = "officer") -> tuple[Channel, Person]:
    """A channel that has been watched for some days, and the one who looks after it.

    That is the one who is logged in where that is an officer; `role` is the role of the one who is logged in.
    """
    if role == "officer":
        channel, me = library(now - timedelta(days=6))
    else:
        channel = factories.channel(name="Älvsta bibliotek", now=now - timedelta(days=6))
        me = factories.officer(channel, name="Eva Ek")
        if role:
            factories.mandate(reader(role), channel, since=now - timedelta(days=300))
    factories.mandate(me, channel, Act.HIDE, Act.REMOVE, since=now - timedelta(days=300))
    watching.watch(channel, now=now - timedelta(days=5))
    return channel, me


def filled(channel: Channel, now: datetime) -> list[Item]:
    """Something of each sort."""
    texts = (
        "Tack för en fin lekplats!",
        URGENT,
        HOSTILE,
        "Ni är ena riktiga idioter allihop.",
        "När öppnar simhallen?",
        "Ord " * 900,
    )
    rows = [
        factories.item(channel, now=now, at=now - timedelta(hours=9 - number), text=text, author=f"Maria {number}")
        for number, text in enumerate(texts)
    ]
    rows.append(
        factories.item(
            channel,
            now=now,
            at=now - timedelta(hours=1),
            text="Välkomna!",
            direction=Direction.DRAWN_UP,
            kind=Kind.POST,
            author="Kommunen",
        )
    )
    rows.append(
        factories.item(channel, now=now, at=now - timedelta(hours=1), text="Väntar på ja", visibility=Visibility.HELD)
    )
    factories.item(channel, now=now, native_id="comment/ny", at=now - timedelta(minutes=50), text="Först så här.")
    factories.item(
        channel, now=now, native_id="comment/ny", at=now - timedelta(minutes=50), text="Sedan så här.", fetched=now
    )
    keys = Item.objects.filter(channel=channel).values_list("pk", flat=True)
    taking.take(triage_reading.newest_of(keys), after=None, now=now)
    return rows


def news() -> tuple[Any, ...]:
    """Two channels with news, one of them missed and heightened."""
    now = timezone.now()
    channel, me = desk(now)
    filled(channel, now)
    other = factories.channel(name="Kundcenter", now=now - timedelta(days=6))
    factories.mandate(me, other, since=now - timedelta(days=300))
    dues.walk(now=now)
    heightening.order(channel, until=now + timedelta(days=2), reason="Debatt om badhuset.", by=me, now=now)
    return ()


def opened() -> tuple[Sweep, list[Item]]:
    """A round that is open."""
    now = timezone.now()
    channel, me = desk(now)
    rows = filled(channel, now)
    return actions.open_sweep([channel], by=me, now=now), rows


def sweep() -> tuple[Any, ...]:
    """A round with something of each sort."""
    return (opened()[0].pk,)


def nothing_new() -> tuple[Any, ...]:
    """A round in which nothing is new."""
    now = timezone.now()
    channel, me = desk(now)
    return (actions.open_sweep([channel], by=me, now=now).pk,)


def outside() -> tuple[Any, ...]:
    """A round of accounts that are not read here beside one that is; one of them has been looked at."""
    return (opened_outside()[0].pk,)


def type_in() -> tuple[Any, ...]:
    """Something that stands on such an account is typed in."""
    made, round_ = opened_outside()
    return made.pk, round_.pk


def opened_outside() -> tuple[Sweep, Round]:
    """The sweep, and the round of the account that is left to look at."""
    now = timezone.now()
    channel, me = desk(now)
    filled(channel, now)
    known = [factories.known_account(name=name, now=now - timedelta(days=6)) for name in ("Älvsta kommun", LONG_NAME)]
    for each in known:
        factories.mandate(me, each, Act.HIDE, since=now - timedelta(days=300))
    made = actions.open_sweep([channel, *known], by=me, now=now)
    looked, left = made.rounds.filter(outside=True).order_by("pk")
    outside_rounds.look(made, looked.pk, by=me, now=now)
    return made, left


def item() -> tuple[Any, ...]:
    """One of its items on a page of its own."""
    made, rows = opened()
    return made.pk, rows[1].pk


def beside(page: Window) -> None:
    """The first item opened beside the list; on a narrow page, its own page."""
    page.locator("[data-item]").first.click()
    page.locator("[data-panel]").wait_for()


def signing(page: Window) -> None:
    """About to sign."""
    page.keyboard.press("s")
    page.locator("#signera textarea").first.wait_for()


def sign_one() -> Round:
    """A round that was signed, with something done."""
    now = timezone.now()
    channel, me = desk(now)
    rows = filled(channel, now)
    made = actions.open_sweep([channel], by=me, now=now)
    actions.show(made, queries.news_of(made, reading.reader(me, now=now)).values_list("pk", flat=True), by=me, now=now)
    actions.note_deed(made, rows[1], what=actions.What.REMARKED, by=me, now=now)
    heightening.order(channel, until=now + timedelta(days=2), reason="Debatt om badhuset.", by=me, now=now)
    return actions.sign(made, notes={channel.pk: "Lugnt i dag."}, by=me, now=now)[0]


def signed() -> tuple[Any, ...]:
    """The list of rounds."""
    sign_one()
    return ()


def one_round() -> tuple[Any, ...]:
    """One round."""
    return (sign_one().pk,)


def some_channel() -> tuple[Any, ...]:
    """A channel, looked after."""
    desk(timezone.now(), "officer")
    return ()


def to_keep() -> tuple[Any, ...]:
    """A channel whose rota the communications unit keeps."""
    desk(timezone.now(), "communications")
    return ()


def rota_with_holes() -> tuple[Any, ...]:
    """A rota of Mondays and Tuesdays, and nobody on the other days."""
    now = timezone.now()
    channel, _me = desk(now, "communications")
    manager = factories.person(Role.MANAGER, now=now)
    people = [factories.officer(channel, name=name) for name in ("Eva Ek", "Karin Sjö")]
    for who, cover, weekday in ((*people, 0), (*people[::-1], 1)):
        days = Days(since=timezone.localdate(now), weekdays=frozenset({weekday}), every_weeks=1)
        rota.put_on_duty(person=who, cover=cover, days=days, channel=channel, by=manager, now=now, minutes=30)
    week = ["10.00–18.00"] * 5 + ["10.00–14.00", ""]
    rota.set_plan(channel=channel, rounds=2, week=week, reason="Lördagsöppet.", by=manager, now=now)
    holes.look(now=now)
    return ()


def month() -> tuple[Any, ...]:
    """Some days of which one was missed."""
    now = timezone.now()
    channel, me = desk(now, "")
    filled(channel, now)
    with time_machine.travel(now, tick=False):
        dues.walk(now=now)
        made = actions.open_sweep([channel], by=me, now=now)
        actions.show(
            made, queries.news_of(made, reading.reader(me, now=now)).values_list("pk", flat=True), by=me, now=now
        )
        actions.sign(made, by=me, now=now)
    return ()
