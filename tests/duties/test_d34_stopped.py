"""Somebody elected, a mandate that is over, a guideline not acknowledged, a loan that ended: each stops at once (D34).

Nothing is listed by hand. Somebody who may do everything on a channel goes through every page that they can reach, and
each form and button that they find there is tried: first by them, to see that it does something, then after each of
the four stops. Afterwards the trail may hold no step of theirs in any room where something is done in a channel.
A page, form or button that is added later is tried too, without a line here (D21, D24, D31, D34).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

import factories
from duties.forms_found import Page
from uppsikt.channels import actions as channels
from uppsikt.channels import queries as channel_queries
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Can, Deed
from uppsikt.inbox import queries as inbox
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent, Step
from uppsikt.moderation import delegation
from uppsikt.organisation import politicians
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import queries as oversight
from uppsikt.policy import guideline
from uppsikt.records.models import Item
from uppsikt.register import loans
from uppsikt.register.models import Loan

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
HOUR = timedelta(hours=1)
# Where something is done in a channel. Steps in other rooms are one's own affairs: notices, absence, language.
ROOMS = ("inbox.", "moderation.", "oversight.", "channels.", "triage.", "kernel.intent", "register.")
# A role of its own, which no mandate and no acknowledgement opens; and what says that somebody is stopped no more.
ELSEWHERE = re.compile(r"^/(logga|regler/riktlinje|regler/kurser|konton/lan|ui|aviseringar|organisation)\b")
# Whoever works here may order an account and have a calendar of their own duties, with a mandate or without (D10, D27);
# somebody elected may not.
BY_ROLE = ("register.order ", "oversight.calendarlink ")
MOST_PAGES = 70


@dataclass
class World:
    """A channel on loan with something of each kind to do, and somebody who may do it all until the loan ends."""

    channel: Channel = field(init=False)
    who: Person = field(init=False)
    loan: Loan = field(init=False)

    def __post_init__(self) -> None:
        manager = factories.person(Role.MANAGER)
        unit = factories.person(Role.COMMUNICATIONS)
        self.channel = factories.channel(name="Badhuset", responsible=manager)
        self.who = factories.person(Role.OFFICER, name="Åsa Öberg")
        self.loan = loans.ask(
            channel=self.channel,
            people=[self.who],
            acts=list(Act),
            since=NOW - HOUR,
            until=NOW + HOUR,
            purpose="Badhuset sköter kontot under sommarlovet",
            by=manager,
            now=NOW - HOUR,
        )
        loans.agree(self.loan, words="Överens.", by=unit, now=NOW - HOUR)
        edition = guideline.newest()
        assert edition
        guideline.acknowledge(self.who, number=edition.number, now=NOW - HOUR)
        loans.acknowledge(self.loan, person=self.who, now=NOW - HOUR)
        self.fill()

    def fill(self) -> None:
        """Questions, a proposal to remove, and a colleague to hand things to."""
        colleague = factories.officer(self.channel, name="Bo Berg")
        factories.mandate(colleague, self.channel, Act.HIDE, Act.REMOVE)
        factories.disposal_decision()
        factories.case(self.channel, text="När öppnar badhuset?", at=NOW - HOUR)
        taken = factories.case(self.channel, text="Får man ha egen luftmadrass?", at=NOW - HOUR)
        item = factories.item(self.channel, text="Dra åt skogen, idiot.", at=NOW - HOUR)
        other = factories.item(self.channel, text="Era jävla as.", at=NOW - HOUR)
        Item.objects.update(can=[Can.REPLY.value, Can.HIDE.value, Can.REMOVE.value])
        factories.inbox_actions.take(taken, self.who, now=NOW)
        drafts = {"act": Deed.REMOVE, "ground": "rule.coarse", "reason": "", "obvious": False}
        for one in (item, other):
            one.refresh_from_db()
        factories.moderation.propose(other, **drafts, by=colleague, now=NOW)


def elected(world: World) -> datetime:
    """They are elected to something."""
    politicians.elect(world.who, post="Ledamot i nämnden", by=factories.TESTER, now=NOW)
    return NOW


def lapsed(_world: World) -> datetime:
    """The last day of the mandate is over; nothing has been run since."""
    return NOW + HOUR


def unacknowledged(_world: World) -> datetime:
    """The guideline has changed, and the policy gives no time."""
    guideline.publish(text="Uppdrag\n- Nytt", changes="Allt är nytt", days=0, by=factories.TESTER, now=NOW)
    return NOW


def loan_ended(world: World) -> datetime:
    """The manager takes the account back before the time."""
    loans.end_early(world.loan, reason="Vi behöver kontot", by=world.loan.asked_by, now=NOW)
    return NOW


STOPS: list[Callable[[World], datetime]] = [elected, lapsed, unacknowledged, loan_ended]


@contextmanager
def undone() -> Iterator[None]:
    """What is done while it lasts is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def found(client: Client, given: dict[str, str]) -> list[tuple[str, dict[str, list[str]]]]:
    """Every form and button on every page that can be reached by links from the start page."""
    ahead, seen, posts = ["/"], {"/"}, dict[str, tuple[str, dict[str, list[str]]]]()
    while ahead and len(seen) < MOST_PAGES:
        address = ahead.pop(0)
        answer = client.get(address, headers={"Accept": "text/html"})
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        page = Page(address, answer.content.decode(), given)
        for form in page.forms:
            for where, what in form.posts():
                if not ELSEWHERE.match(where):
                    posts.setdefault(f"{where} {sorted(what.items())}", (where, what))
        new = sorted(link for link in page.links - seen if link.startswith("/") and not ELSEWHERE.match(link))
        ahead += new
        seen |= set(new)
    return list(posts.values())


def steps_of(client: Client, who: Person, post: tuple[str, dict[str, list[str]]]) -> list[str]:
    """What a press of the button left in the trail as theirs, where something is done in a channel; undone again."""
    last = Step.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with undone():
        client.post(post[0], post[1], headers={"Accept": "text/html"})
        rows = Step.objects.filter(pk__gt=last, by=who.doer.key).order_by("pk")
        return [f"{row.kind} {row.name}" for row in rows if row.kind.startswith(ROOMS)]


def test_d34_whoever_is_stopped_does_nothing_on_any_page() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        world, client = World(), Client()
        client.force_login(world.who)
        tomorrow = f"{NOW + timedelta(days=1):%Y-%m-%d}"
        with undone():
            posts = found(
                client, {"date": tomorrow, "datetime-local": f"{tomorrow}T10:00", "text": "Tack för din fråga"}
            )
        did = {number: done for number, post in enumerate(posts) if (done := steps_of(client, world.who, post))}
        # They may, and the forms are filled in well enough to see it: else nothing would be tried below.
        names = {name for done in did.values() for name in done}
        assert len(did) >= 20, (len(posts), did)
        assert {"inbox.case take", "inbox.answer write", "oversight.round open"} <= names, names
        assert any(name.startswith("moderation.removal") for name in names), names
        for stop in STOPS:
            with undone():
                clock.move_to(stop(world), tick=False)
                client.force_login(Person.objects.get(pk=world.who.pk))
                for number, post in enumerate(posts):
                    done = steps_of(client, world.who, post)
                    if stop is not elected:
                        done = [name for name in done if not name.startswith(BY_ROLE)]
                    assert not done, f"{stop.__name__}: {post[0]} {post[1]} did {done} (else: {did.get(number)})"
                assert not Intent.objects.exists()
            clock.move_to(NOW, tick=False)


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: str(stop.__name__))
def test_d34_every_gate_shuts_in_the_same_moment(stop: Callable[[World], datetime]) -> None:
    """The floors below the pages: what other rooms ask, whichever page, job or program asks them."""
    with time_machine.travel(NOW, tick=False):
        world = World()
        assert gates(world, at=NOW) == [True] * 7
        now = stop(world)
        world.who = Person.objects.get(pk=world.who.pk)
        assert gates(world, at=now) == [False] * 7
        for act in Act:
            with pytest.raises(Refused):
                channels.check_may(world.channel, act, world.who, now=now)
        with pytest.raises(Refused):
            channels.send_reply(world.channel, to="comment/1", text="Hej", publisher=world.who, now=now)
        assert not Intent.objects.exists()


def gates(world: World, *, at: datetime) -> list[bool]:
    """Whether each gate is open: the mandate, its reading, who may on the channel, cases, rounds, crews, removals."""
    who, channel = world.who, world.channel
    standing = delegation.standing(who, channel, at=at)
    return [
        all(channel_queries.mandate(who, channel, act, at=at) for act in Act),
        any(acts for _channel, acts in channel_queries.held_by(who, at=at)),
        who in channel_queries.people_on(channel, Act.ANSWER, at=at),
        channel.pk in inbox.reach_now(who, at=at).answers,
        channel.pk in oversight.looked_after(who, at=at),
        who.pk in oversight.able([channel], at=at)[channel.pk],
        bool(standing.mandate or standing.manager or standing.communications),
    ]


def test_d34_the_database_itself_lets_nobody_elected_have_a_part() -> None:
    channel, who = factories.channel(), factories.person(Role.OFFICER)
    held = factories.mandate(who, channel)
    politicians.elect(who, post="Ledamot i nämnden", by=factories.TESTER, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(person=who, channel=channel, acts=["answer"], since=NOW, given_by=held.given_by)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE channels_channel SET responsible_id = %s WHERE id = %s", [who.pk, channel.pk])
