"""Laid aside (D35), handed to a unit and handed out from the shared queue (D2), answered by hand (D18, D36)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

import factories
from inbox.support import NOW, logged_in, published, run, thursday
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Direction
from uppsikt.inbox import actions, answers, forwards, handing, jobs
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Answer, Case
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Notice
from uppsikt.organisation import absences
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item

__all__ = ["thursday"]
HOUR = timedelta(hours=1)


@pytest.fixture
def channel() -> Channel:
    return factories.channel(central=True)


@pytest.fixture
def officer(channel: Channel) -> Person:
    return factories.officer(channel, role=Role.CUSTOMER_CENTRE)


@pytest.mark.django_db
class TestLaidAside:
    """Snoozed with a reason; the deadline stands."""

    def test_d35_it_leaves_the_list_and_comes_back_in_time(
        self, channel: Channel, officer: Person, thursday: object
    ) -> None:
        case = factories.case(channel)
        due = case.due_at
        handing.snooze(case, until=NOW + 3 * HOUR, reason="Väntar på vaktmästaren", by=officer, now=NOW)
        client = logged_in(officer)
        assert client.get("/inkorg/").context["page"].rows == []
        assert [row.pk for row in client.get("/inkorg/?flik=at-sidan").context["page"].rows] == [case.pk]
        assert "Väntar på vaktmästaren" in client.get(f"/inkorg/{case.pk}/").content.decode()
        assert handing.wake_due(now=NOW + 2 * HOUR) == 0
        assert handing.wake_due(now=NOW + 3 * HOUR) == 1
        case.refresh_from_db()
        assert (case.snoozed_until, case.due_at) == (None, due)
        assert Notice.objects.filter(person=officer).count() == 1
        assert [step.name for step in trail.steps_of(case)] == ["open", "snooze", "wake"]

    def test_d35_whoever_has_it_by_then_is_told_that_it_is_back(
        self, channel: Channel, officer: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is handed over while the list of what is to wake has been read, and the case not yet locked."""
        case, other = factories.case(channel), factories.officer(channel)
        handing.snooze(case, until=NOW + 3 * HOUR, reason="Väntar", by=officer, now=NOW)

        def first_handed_over(pk: int) -> dict[int, Case]:
            Case.objects.filter(pk=pk).update(assignee=other)
            return {pk: Case.objects.select_for_update().get(pk=pk)}

        monkeypatch.setattr(handing.together, "locked", first_handed_over)
        assert handing.wake_due(now=NOW + 3 * HOUR) == 1
        assert list(Notice.objects.filter(kind="woken").values_list("person", flat=True)) == [other.pk]

    def test_d35_it_comes_back_when_the_citizen_writes(self, channel: Channel, officer: Person) -> None:
        case = factories.case(channel)
        handing.snooze(case, until=NOW + 3 * HOUR, reason="Väntar", by=officer, now=NOW)
        actions.receive(factories.item(channel, thread=case.thread.native_id, at=NOW + HOUR), now=NOW + HOUR)
        case.refresh_from_db()
        assert case.snoozed_until is None

    def test_d35_never_past_the_deadline_but_a_holding_answer_moves_it(self, channel: Channel, officer: Person) -> None:
        case = factories.case(channel)
        late = case.due_at + HOUR
        for until, code in ((late, "past_deadline"), (case.due_at, "past_deadline"), (NOW, "past")):
            with pytest.raises(Refused) as refusal:
                handing.snooze(case, until=until, reason="Väntar", by=officer, now=NOW)
            assert refusal.value.code == code
        published(answers.hold(case, "Vi återkommer", publisher=officer, now=NOW))
        handing.snooze(Case.objects.get(pk=case.pk), until=late, reason="Väntar", by=officer, now=NOW)
        case.refresh_from_db()
        assert case.snoozed_until == late

    def test_d27_who_covers_sees_the_cases_of_the_one_who_is_away(
        self, channel: Channel, officer: Person, thursday: object
    ) -> None:
        cover, boss = factories.officer(channel), factories.person(Role.ADMINISTRATOR)
        case = factories.case(channel)
        actions.take(case, officer, now=NOW)
        client = logged_in(cover)
        assert client.get("/inkorg/?flik=mina").context["page"].rows == []
        absences.note(person=officer, cover=cover, since=NOW, until=NOW + 48 * HOUR, by=boss, now=NOW)
        assert [row.pk for row in client.get("/inkorg/?flik=mina").context["page"].rows] == [case.pk]
        assert f"{officer.name} är borta" in client.get(f"/inkorg/{case.pk}/").content.decode()


@pytest.mark.django_db
class TestToUnit:
    """Handed to a unit where somebody may answer."""

    def test_d2_a_case_goes_to_a_unit_and_they_are_told(self, channel: Channel, officer: Person) -> None:
        unit = factories.municipality("Teknik").unit
        case = factories.case(channel)
        with pytest.raises(Refused) as refusal:
            handing.to_unit(case, unit, by=officer, now=NOW)
        assert refusal.value.code == "nobody_there"
        there = factories.person(Role.OFFICER, unit=unit)
        factories.mandate(there, channel)
        row = handing.to_unit(case, unit, by=officer, now=NOW, reason="Gatan är er")
        assert (row.unit, row.assignee) == (unit, None)
        assert Notice.objects.get(person=there).kind == "assigned"
        assert not handing.queue_of(officer, now=NOW).exists()


@pytest.mark.django_db
class TestByHand:
    """Where the network takes no answer from here."""

    def by_hand(self, case: Case, officer: Person) -> Answer:
        Item.objects.filter(pk=case.last_item_id).update(can=[])
        case = Case.objects.get(pk=case.pk)
        return answers.by_hand(case, "Klockan tolv.", author=Author.of(officer), publisher=officer, now=NOW)

    def test_d36_the_network_is_not_asked_where_it_takes_no_answers(self, channel: Channel, officer: Person) -> None:
        case = factories.case(channel)
        Item.objects.filter(pk=case.last_item_id).update(can=[])
        with pytest.raises(Refused) as refusal:
            answers.answer(Case.objects.get(pk=case.pk), "Ja", author=Author.of(officer), publisher=officer, now=NOW)
        assert refusal.value.code == "no_reply"

    def test_d36_d18_what_was_published_by_hand_is_known_again_when_it_is_read(
        self, channel: Channel, officer: Person
    ) -> None:
        case = factories.case(channel)
        row = self.by_hand(case, officer)
        text = row.out.replace("\n\n", " ")
        ours = factories.item(
            channel, thread=case.thread.native_id, text=text, at=NOW + HOUR, direction=Direction.DRAWN_UP
        )
        run(jobs.taken_in, channel_id=channel.pk, item_ids=[ours.pk], first=False)
        row.refresh_from_db()
        case.refresh_from_db()
        assert (row.item, case.state, case.outcome_reason) == (ours, "closed", "")


@pytest.mark.django_db(transaction=True)
class TestQueue:
    """The shared queue of the central channels."""

    def test_d2_fifty_ask_at_once_and_each_gets_a_case_of_their_own(self) -> None:
        central = factories.channel(central=True)
        readings = [factories.captured(at=NOW - number * timedelta(minutes=1)) for number in range(50)]
        for item in factories.items(central, readings):
            actions.receive(item, now=NOW)
        staff = [factories.officer(central, role=Role.CUSTOMER_CENTRE) for _ in range(10)]
        barrier = Barrier(10)

        def ask(who: Person) -> list[int]:
            barrier.wait(timeout=60)
            try:
                found = [handing.hand_out(who, now=NOW) for _ in range(5)]
                return [row.pk for row in found if row]
            finally:
                connection.close()

        with ThreadPoolExecutor(10) as pool:
            given = list(pool.map(ask, staff))
        every = [pk for each in given for pk in each]
        assert len(every) == len(set(every)) == 50
        assert all(len(each) == 5 for each in given)
        rows = dict(Case.objects.values_list("pk", "assignee_id"))
        assert all(rows[pk] == who.pk for who, each in zip(staff, given, strict=True) for pk in each)
        assert handing.hand_out(staff[0], now=NOW) is None

    def test_d2_the_one_that_is_due_first_and_nobody_is_busy_with(self) -> None:
        central, own = factories.channel(central=True), factories.channel()
        one, other = factories.officer(None, role=Role.EDITOR), factories.officer(central)
        claimed, asked, aside, taken, last, first = (
            factories.case(central, at=NOW - number * timedelta(minutes=1)) for number in range(6)
        )
        factories.case(own, at=NOW - HOUR)
        actions.claim(claimed, other, now=NOW)
        forwards.forward(asked, question="", by=other, now=NOW, email="a@b.example")
        Case.objects.filter(pk=asked.pk).update(assignee=None)
        handing.snooze(aside, until=NOW + HOUR, reason="Väntar", by=other, now=NOW)
        Case.objects.filter(pk=aside.pk).update(assignee=None)
        actions.take(taken, other, now=NOW)
        given = [handing.hand_out(one, now=NOW) for _ in range(3)]
        assert [row.pk if row else None for row in given] == [first.pk, last.pk, None]
        with pytest.raises(Refused):
            handing.hand_out(other, now=NOW)
