"""D35, D40: receive, answer, merge, split, open again: nothing is lost, and no question is without its time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

import factories
from inbox.support import NOW, published, refused
from uppsikt.connectors.base import Permanent
from uppsikt.inbox import actions, answers, handing, joining, outcomes
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Answer, Case, CaseItem
from uppsikt.kernel.errors import Refused
from uppsikt.records.models import Item

pytestmark = pytest.mark.django_db
PICK = st.integers(0, 1000)


class Flow(RuleBasedStateMachine):
    """Citizens write in some conversations on two channels while an officer does what an officer can."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = NOW
        self.officer = factories.officer(None)
        self.channels = [factories.channel(), factories.channel()]
        # What has been said, and neither been answered nor judged to need no answer.
        self.unanswered: set[int] = set()
        self.count = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def tick(self) -> datetime:
        self.now += timedelta(minutes=7)
        return self.now

    def some(self, pick: int, *states: str) -> Case | None:
        rows = list(Case.objects.filter(state__in=states).order_by("pk"))
        return rows[pick % len(rows)] if rows else None

    def held(self, case: Case) -> set[int]:
        return set(CaseItem.objects.filter(case=case).values_list("item_id", flat=True))

    def try_to(self, deed: object) -> bool:
        try:
            with transaction.atomic():
                deed()  # type: ignore[operator]
        except Refused:
            return False
        return True

    @rule(thread=st.integers(0, 3), late=st.integers(0, 40), reply=PICK)
    def receive(self, thread: int, late: int, reply: int) -> None:
        """Something is said, perhaps in reply to something, perhaps heard of late."""
        now, channel = self.tick(), self.channels[thread % 2]
        before = list(Item.objects.filter(thread__native_id=f"t{thread}", channel=channel).order_by("pk"))
        parent = before[reply % len(before)].native_id if before and reply % 3 else ""
        self.count += 1
        item = factories.item(
            channel,
            native_id=f"c{self.count}",
            thread=f"t{thread}",
            parent=parent,
            at=now - timedelta(minutes=late),
            now=now,
        )
        for _ in range(2):
            actions.receive(item, now=now)
        self.unanswered.add(item.pk)

    @rule(pick=PICK, works=st.booleans(), holding=st.booleans(), first_last=st.booleans())
    def answer(self, pick: int, works: bool, holding: bool, first_last: bool) -> None:
        """An answer goes out, in as many conversations as it serves; each takes or fails by itself."""
        case, now = self.some(pick, "open", "promised"), self.tick()
        if case is None:
            return
        family = {case.pk, *Case.objects.filter(merged_into=case).values_list("pk", flat=True)}
        stands = {pk: self.held(Case.objects.get(pk=pk)) for pk in family}

        def send() -> None:
            if holding:
                answers.hold(case, "Vi återkommer", publisher=self.officer, now=now)
            else:
                answers.answer(case, "Ja", author=Author.of(self.officer), publisher=self.officer, now=now)

        if not self.try_to(send):
            return
        sent = list(Answer.objects.filter(state="sending").order_by("-pk" if first_last else "pk"))
        for number, row in enumerate(sent):
            if works or number % 2:
                published(row, now=now)
                if not holding:
                    same = Case.objects.filter(pk__in=family, thread_id=row.case.thread_id, state="closed")
                    self.unanswered -= set().union(*(stands[pk] for pk in same.values_list("pk", flat=True)))
            else:
                refused(row, Permanent("rejected"), now=now)
                outcomes.give_up(Answer.objects.get(pk=row.pk), by=self.officer, now=now)

    @rule(pick=PICK, other=PICK)
    def merge(self, pick: int, other: int) -> None:
        """Two are answered together."""
        case, into = self.some(pick, "open", "promised"), self.some(other, "open", "promised")
        if case and into:
            self.try_to(lambda: joining.merge(case, into, by=self.officer, now=self.tick()))

    @rule(pick=PICK)
    @precondition(lambda self: Case.objects.filter(state="merged").exists())
    def part(self, pick: int) -> None:
        """They go their own ways again."""
        case = self.some(pick, "merged")
        assert case
        joining.part(case, by=self.officer, now=self.tick())

    @rule(pick=PICK, chosen=st.sets(st.integers(0, 5)))
    def split(self, pick: int, chosen: set[int]) -> None:
        """Some of it becomes a case of its own."""
        case = self.some(pick, "open", "promised")
        if case:
            listed = sorted(self.held(case))
            items = {listed[number] for number in chosen if number < len(listed)}
            self.try_to(lambda: joining.split(case, items, by=self.officer, now=self.tick()))

    @rule(pick=PICK)
    def no_answer(self, pick: int) -> None:
        """It needs no answer, nor does what is answered together with it."""
        case = self.some(pick, "open", "promised")
        if case:
            family = [case, *Case.objects.filter(merged_into=case)]
            gone = set().union(*(self.held(each) for each in family))
            actions.no_answer(case, "Tack", by=self.officer, now=self.tick())
            self.unanswered -= gone

    @rule(pick=PICK)
    def reopen(self, pick: int) -> None:
        """It is opened again by hand."""
        case = self.some(pick, "closed")
        if case:
            actions.reopen(case, reason="Fel", by=self.officer, now=self.tick())

    @rule(pick=PICK, minutes=st.integers(1, 3000))
    def snooze(self, pick: int, minutes: int) -> None:
        """It is laid aside for a while."""
        case, now = self.some(pick, "open", "promised"), self.tick()
        if case:
            until = now + timedelta(minutes=minutes)
            self.try_to(lambda: handing.snooze(case, until=until, reason="Väntar", by=self.officer, now=now))

    @invariant()
    def each_thing_said_stands_in_one_case(self) -> None:
        received = set(Item.objects.filter(direction="received").values_list("pk", flat=True))
        stands = list(CaseItem.objects.values_list("item_id", flat=True))
        assert sorted(stands) == sorted(received)

    @invariant()
    def what_is_unanswered_stands_open(self) -> None:
        for row in CaseItem.objects.filter(item_id__in=self.unanswered).select_related("case__merged_into"):
            leads = row.case.merged_into or row.case
            assert leads.state in {"open", "promised"}, (row.item_id, row.case_id, leads.state)

    @invariant()
    def no_question_is_without_its_deadline(self) -> None:
        for case in Case.objects.filter(state__in=["open", "promised"]):
            assert case.merged_into_id is None
            members = list(Case.objects.filter(merged_into=case))
            own = case.own_due_at or case.due_at
            assert case.due_at == min([own, *(member.due_at for member in members)])
            assert members or case.own_due_at is None
            assert case.snoozed_until is None or case.snoozed_until < case.due_at or case.snoozed_until <= self.now
        waiting = CaseItem.objects.filter(item_id__in=self.unanswered, case__state="open")
        for row in waiting.select_related("case", "item"):
            assert row.case.due_at <= actions.deadline(max(row.item.at, row.case.received_at)).at

    @invariant()
    def whoever_follows_follows_somebody_who_leads(self) -> None:
        for case in Case.objects.filter(state="merged").select_related("merged_into"):
            assert case.merged_into and case.merged_into.state in {"open", "promised"}


def test_d35_d40_nothing_received_is_lost_whatever_is_done_with_the_cases() -> None:
    run_state_machine_as_test(
        Flow,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
