"""D31: an account on loan is agreed with the communications unit, written down, acknowledged, and over by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.channels import actions as channels
from uppsikt.channels import queries as channel_queries
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Notice
from uppsikt.organisation import actions as organisation
from uppsikt.organisation import politicians
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions as policy
from uppsikt.policy import guideline
from uppsikt.register import loans
from uppsikt.register.checks import people as checks
from uppsikt.register.checks.base import Subject
from uppsikt.register.loan_states import LOAN
from uppsikt.register.models import Entry, Loan

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
DAY = timedelta(days=1)


@dataclass
class Town:
    """A channel, its manager, the communications unit, and two who are to run it for a while."""

    channel: Channel
    manager: Person
    unit: Person
    borrower: Person
    other: Person

    def ask(self, **fields: object) -> Loan:
        """Two weeks from tomorrow."""
        usual = {
            "channel": self.channel,
            "people": [self.borrower, self.other],
            "acts": [Act.ANSWER, Act.PUBLISH],
            "since": NOW + DAY,
            "until": NOW + 15 * DAY,
            "purpose": "Ungdomsrådet berättar om lovet",
            "by": self.manager,
            "now": NOW,
        }
        return loans.ask(**{**usual, **fields})  # type: ignore[arg-type]  # the fields that a test varies

    def agreed(self) -> Loan:
        """Agreed, and the guideline known."""
        loan = self.ask()
        for one in (self.borrower, self.other):
            factories.informed(one, None, at=NOW)
        return loans.agree(loan, words="Överens", by=self.unit, now=NOW)

    def may(self, person: Person, *, at: object) -> bool:
        """Whether the person may answer there."""
        return channel_queries.mandate(person, self.channel, Act.ANSWER, at=at) is not None  # type: ignore[arg-type]


@pytest.fixture
def town() -> Town:
    return Town(
        factories.channel(name="Badhuset"),
        factories.person(Role.MANAGER, name="Maj Månsson"),
        factories.person(Role.COMMUNICATIONS, name="Kim Karlsson"),
        factories.person(Role.OFFICER, name="Åsa Öberg"),
        factories.person(Role.OFFICER, name="Bo Berg"),
    )


def test_d31_rights_begin_and_end_by_themselves(town: Town) -> None:
    loan = town.agreed()
    assert not town.may(town.borrower, at=NOW + 2 * DAY)  # nothing before it is acknowledged
    loans.acknowledge(loan, person=town.borrower, now=NOW)
    held = {days: town.may(town.borrower, at=NOW + timedelta(days=days)) for days in (0, 1, 14, 15)}
    assert held == {0: False, 1: True, 14: True, 15: False}
    assert not town.may(town.other, at=NOW + 2 * DAY)  # each for themselves
    for at, why in ((NOW, "börjar 13 nov 2026"), (NOW + 2 * DAY, "saknar uppdrag"), (NOW + 15 * DAY, "tog slut")):
        with pytest.raises(Refused, match=why):
            channels.check_may(town.channel, Act.REMOVE, town.borrower, now=at)
    assert [row.acts for row in Mandate.objects.filter(person=town.borrower)] == [["answer", "publish"]]
    assert channel_queries.mandate(town.borrower, town.channel, Act.REMOVE, at=NOW + 2 * DAY) is None


def test_d31_the_life_of_a_loan_stands_in_the_trail_and_people_are_told(town: Town) -> None:
    loan = town.agreed()
    loans.acknowledge(loan, person=town.borrower, now=NOW)
    loans.keep(now=NOW + DAY)
    loans.keep(now=NOW + 15 * DAY)
    loan.refresh_from_db()
    assert loan.state == "ended"
    loans.hand_back(loan, note="Två frågor är kvar.", by=town.borrower, now=NOW + 16 * DAY)
    assert [step.name for step in trail.steps_of(loan)] == [
        "ask", "agree", "acknowledge", "begin", "end", "hand_back",
    ]  # fmt: skip
    told = {(row.person.name, row.url) for row in Notice.objects.filter(kind="loan").select_related("person")}
    assert told >= {(one.name, loans.address(loan)) for one in (town.unit, town.borrower, town.other, town.manager)}
    # Looked after once more, nothing happens twice.
    loans.keep(now=NOW + 17 * DAY)
    assert trail.steps_of(loan).count() == 6


def test_d31_ended_early_every_right_ends_in_the_same_moment(town: Town) -> None:
    loan = town.agreed()
    for one in (town.borrower, town.other):
        loans.acknowledge(loan, person=one, now=NOW)
    at = NOW + 2 * DAY
    channels.check_may(town.channel, Act.ANSWER, town.borrower, now=at)
    loans.end_early(loan, reason="Vi behöver kontot", by=town.manager, now=at)
    for one in (town.borrower, town.other):
        with pytest.raises(Refused):
            channels.check_may(town.channel, Act.ANSWER, one, now=at)
    assert not Mandate.objects.filter(on_loan=True, state="in_force").exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"people": []}, "nobody"),
        ({"acts": []}, "no_acts"),
        ({"purpose": " "}, "no_purpose"),
        ({"until": NOW}, "ends_first"),
        ({"since": NOW - 3 * DAY, "until": NOW - DAY}, "past"),
        ({"until": NOW + 200 * DAY}, "too_long"),
        ({"since": NOW + 4000 * DAY, "until": NOW + 4001 * DAY}, "too_far"),
    ],
)
def test_d31_a_loan_that_says_too_little_is_not_asked_for(town: Town, fields: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        town.ask(**fields)
    assert refused.value.code == code
    assert not Loan.objects.exists()


def test_d31_nobody_borrows_whom_a_mandate_would_open_nothing(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        town.ask(people=[town.borrower, factories.person(name="Utan roll")])
    assert refused.value.code == "no_role"
    assert "Utan roll" in str(refused.value)


def test_d31_a_loan_ends_with_its_account_and_opens_nothing_there(town: Town) -> None:
    waits, agreed = town.ask(), town.agreed()
    channels.close(town.channel, reason="Avslutat", by=factories.TESTER, now=NOW)
    for deed in (
        lambda: loans.agree(Loan.objects.get(pk=waits.pk), words="Ja", by=town.unit, now=NOW),
        lambda: loans.acknowledge(Loan.objects.get(pk=agreed.pk), person=town.borrower, now=NOW),
        lambda: factories.mandate(town.borrower, Channel.objects.get(pk=town.channel.pk)),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.code == "closed"
    loans.keep(now=NOW)
    assert [Loan.objects.get(pk=one.pk).state for one in (waits, agreed)] == ["withdrawn", "ended"]


def test_d31_what_nobody_answered_in_time_is_over_and_whoever_asked_is_told(town: Town) -> None:
    loan, over = town.ask(), NOW + 15 * DAY
    with time_machine.travel(over, tick=False):
        client = Client()
        client.force_login(town.unit)
        page = client.post(reverse("register:loan_do", args=[loan.pk, "overens"]), {"words": "Överens om <allt>"})
    assert page.status_code == 422
    assert "Överens om &lt;allt&gt;</textarea>" in page.content.decode()  # nothing that was written is lost
    agreed = town.agreed()
    with pytest.raises(Refused) as refused:
        loans.acknowledge(agreed, person=town.borrower, now=over)
    assert refused.value.code == "past"
    loans.keep(now=over)
    loan.refresh_from_db()
    assert (loan.state, Notice.objects.filter(person=town.manager, words__contains="svarade i tid").count()) == (
        "withdrawn",
        1,
    )


def test_d31_how_long_a_loan_holds_is_the_loans_own_affair(town: Town) -> None:
    policy.change_rule(key="mandate.most_days", value=7, by=factories.TESTER, now=NOW, reason="Korta uppdrag")
    loan = town.agreed()
    held = loans.acknowledge(loan, person=town.borrower, now=NOW).mandate
    assert held
    assert held.until == loan.until


def test_d31_only_the_manager_asks_and_only_the_communications_unit_agrees(town: Town) -> None:
    with pytest.raises(Refused, match="chefen"):
        town.ask(by=town.borrower)
    loan = town.ask()
    for deed in (
        lambda: loans.agree(loan, words="", by=town.manager, now=NOW),
        lambda: loans.refuse(loan, reason="Nej", by=town.manager, now=NOW),
        lambda: loans.refuse(loan, reason=" ", by=town.unit, now=NOW),
        lambda: loans.withdraw(loan, by=town.unit, now=NOW),
        lambda: loans.acknowledge(loan, person=town.borrower, now=NOW),
        lambda: loans.end_early(loan, reason="x", by=factories.person(Role.OFFICER), now=NOW),
        lambda: loans.hand_back(loan, note="x", by=town.unit, now=NOW),
    ):
        with pytest.raises(Refused):
            deed()
    loan.refresh_from_db()
    assert loan.state == "asked"
    assert not Mandate.objects.filter(on_loan=True).exists()


def test_d31_it_is_acknowledged_by_those_it_names_who_know_the_guideline(town: Town) -> None:
    loan = town.agreed()
    with pytest.raises(Refused) as refused:
        loans.acknowledge(loan, person=town.manager, now=NOW)
    assert refused.value.code == "not_yours"
    guideline.publish(text="Uppdrag\n- Nytt", changes="Allt", days=30, by=factories.TESTER, now=NOW)
    with pytest.raises(Refused) as refused:
        loans.acknowledge(loan, person=town.borrower, now=NOW)
    assert refused.value.code == "unacknowledged"
    factories.informed(town.borrower, None, at=NOW)
    loans.acknowledge(loan, person=town.borrower, now=NOW)
    with pytest.raises(Refused) as refused:
        loans.acknowledge(loan, person=town.borrower, now=NOW)
    assert refused.value.code == "acknowledged"


def test_d34_nobody_elected_borrows_and_a_loan_of_nobody_ends(town: Town) -> None:
    politicians.elect(town.other, post="Ledamot", by=factories.TESTER, now=NOW)
    with pytest.raises(Refused) as refused:
        town.ask()
    assert refused.value.code == "politician"
    loan = town.ask(people=[town.borrower])
    loans.agree(loan, words="Överens", by=town.unit, now=NOW)
    organisation.change_person(town.borrower, by=factories.TESTER, now=NOW, is_active=False)
    loans.let_go(town.borrower, now=NOW)
    asked = town.ask(people=[factories.person(Role.OFFICER, name="Cilla")])
    organisation.change_person(asked.people.get().person, by=factories.TESTER, now=NOW, is_active=False)
    loans.let_go(asked.people.get().person, now=NOW)
    assert [Loan.objects.get(pk=one.pk).state for one in (loan, asked)] == ["ended", "withdrawn"]


def test_d31_every_deed_in_every_other_state_is_refused(town: Town) -> None:
    """Whichever state the loan is in, what its graph does not lead to is refused and changes nothing."""
    deeds = {
        "agree": lambda row: loans.agree(row, words="Ja", by=town.unit, now=NOW),
        "refuse": lambda row: loans.refuse(row, reason="Nej", by=town.unit, now=NOW),
        "withdraw": lambda row: loans.withdraw(row, by=town.manager, now=NOW),
        "acknowledge": lambda row: loans.acknowledge(row, person=town.borrower, now=NOW),
        "end": lambda row: loans.end_early(row, reason="x", by=town.manager, now=NOW),
        "hand_back": lambda row: loans.hand_back(row, note="x", by=town.manager, now=NOW),
    }
    factories.informed(town.borrower, None, at=NOW)
    loan = town.ask()
    for state in sorted(LOAN.states):
        for name, deed in deeds.items():
            if state in LOAN.steps[name][0]:
                continue
            Loan.objects.filter(pk=loan.pk).update(
                state=state, answered_by=town.unit, handover="x" if state == "handed_back" else ""
            )
            loan.refresh_from_db()
            with pytest.raises(Refused):
                deed(loan)
            assert Loan.objects.get(pk=loan.pk).state == state, (state, name)


def test_d31_the_database_keeps_no_loan_that_nobody_agreed_to(town: Town) -> None:
    loan = town.ask()
    for fields in ({"state": "running"}, {"state": "lent"}, {"until": loan.since}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Loan.objects.filter(pk=loan.pk).update(**fields)


def test_d31_a_loan_without_a_handover_note_is_a_deviation_after_a_week(town: Town) -> None:
    loan = town.agreed()
    loans.end_early(loan, reason="Slut", by=town.manager, now=NOW)
    entry = Entry.objects.get_or_create(channel=town.channel)[0]

    def faults(days: int) -> list[str]:
        subject = Subject(channel=town.channel, entry=entry, profile={}, at=NOW + timedelta(days=days))
        return [fault.mark for fault in checks.no_handover(subject)]

    assert faults(7) == []
    assert faults(8) == [f"loan:{loan.pk}"]
    loans.hand_back(loan, note="Klart", by=town.borrower, now=NOW)
    assert faults(8) == []


@time_machine.travel(NOW, tick=False)
def test_d31_the_pages_do_it_all(town: Town) -> None:
    def client(person: Person) -> Client:
        made = Client()
        made.force_login(person)
        return made

    page = client(town.manager).post(
        reverse("register:lend", args=[town.channel.pk]),
        {
            "people": f"Öberg, Åsa <{town.borrower.email}>;\n{town.other.email} ",
            "purpose": "Lovet",
            "acts": ["answer"],
            "since": "2026-11-12", "until": "2026-11-20",
        },
    )  # fmt: skip
    loan = Loan.objects.get()
    assert page["Location"] == loans.address(loan)
    do = {name: reverse("register:loan_do", args=[loan.pk, name]) for name in ("overens", "kvittera", "avsluta")}
    refused = client(town.manager).post(do["overens"], {"words": "Ja"})
    assert refused.status_code == 422
    assert "kommunikationsenheten" in refused.content.decode()
    assert client(town.unit).post(do["overens"], {"words": "Ja"}).status_code == 302
    assert client(town.borrower).post(do["kvittera"]).status_code == 422
    assert client(town.borrower).post(reverse("policy:guideline"), {"number": "1"}).status_code == 302
    assert client(town.borrower).post(do["kvittera"]).status_code == 302
    assert town.may(town.borrower, at=NOW)
    assert client(town.borrower).post(do["avsluta"], {"words": ""}).status_code == 422
    assert client(town.borrower).post(do["avsluta"], {"words": "Klart"}).status_code == 302
    assert not town.may(town.borrower, at=NOW)
    assert client(town.unit).post(reverse("register:loan_do", args=[loan.pk, "hitta-pa"])).status_code == 404
