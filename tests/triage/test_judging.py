"""What staff say of an item is kept with the version of the rules, and measured by (D71)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from factories import THURSDAY
from triage.making import NOW, PLAIN, URGENT, item, taken
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Step
from uppsikt.organisation.rules import Role
from uppsikt.oversight import actions as oversight
from uppsikt.oversight import signing
from uppsikt.records import secrecy
from uppsikt.records.reading import Reader
from uppsikt.text import reading as text
from uppsikt.triage import actions, figures, lessons, queries, rules
from uppsikt.triage.models import Judgement

pytestmark = pytest.mark.django_db
ALL = Reader(everything=True)


def test_a_judgement_holds_ground_answer_and_what_the_rules_were() -> None:
    """Beside the reason it says who said what; the last one who says something counts."""
    channel = factories.channel()
    officer = factories.officer(channel, name="Anna")
    urgent = item(channel, URGENT)
    taken(urgent)
    row = actions.judge(urgent, ground="rule.sensitive", agreed=True, by=officer, now=NOW)
    assert (row.detector_version, row.found, row.version_id) == (text.VERSION, True, urgent.version_id)
    [reason] = queries.seen([urgent], ALL)[urgent.pk].grounds
    assert (reason.said.agreed, reason.said.by) == (True, "Anna")
    actions.judge(urgent, ground="rule.sensitive", agreed=False, by=officer, now=NOW + timedelta(minutes=1))
    [reason] = queries.seen([urgent], ALL)[urgent.pk].grounds
    assert not reason.said.agreed
    assert Step.objects.filter(name="judge", thing_id=urgent.pk).count() == 2


def test_what_nothing_had_pointed_to_can_be_named() -> None:
    """A human finds what the rules missed."""
    channel = factories.channel()
    officer = factories.officer(channel)
    plain = item(channel, PLAIN)
    taken(plain)
    row = actions.judge(plain, ground="rule.advertising", agreed=True, by=officer, now=NOW)
    assert not row.found
    assert [each.ground for each in queries.seen([plain], ALL)[plain.pk].added] == ["rule.advertising"]


def test_d21_only_those_who_act_on_the_channel_judge() -> None:
    """No mandate, no judgement; moderation has its own rules of who decides."""
    channel = factories.channel()
    stranger = factories.person(Role.OFFICER)
    urgent = item(channel, URGENT)
    with pytest.raises(Refused):
        actions.judge(urgent, ground="rule.sensitive", agreed=True, by=stranger, now=NOW)
    actions.judge(
        urgent, ground="rule.sensitive", agreed=True, by=stranger, now=NOW, source=Judgement.Source.DECISION
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.judge(urgent, ground="rule.made_up", agreed=True, by=factories.officer(channel), now=NOW)
    assert Judgement.objects.count() == 1


def test_a_round_without_remark_judges_what_was_drawn_by_lot_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """And of that only what nobody has judged."""
    channel = factories.channel()
    officer = factories.officer(channel)
    rows = [item(channel, PLAIN, at=THURSDAY + timedelta(seconds=n)) for n in range(4)]
    monkeypatch.setattr(rules, "lot", lambda pk: 0 if pk in {rows[0].pk, rows[1].pk} else 999)
    taken(*rows)
    actions.judge(rows[1], ground="rule.spam", agreed=True, by=officer, now=NOW)
    assert actions.passed(rows, by=officer, now=NOW) == 1
    assert actions.passed(rows, by=officer, now=NOW) == 0
    assert Judgement.objects.get(source="round").item == rows[0]
    missed = figures.missed()
    assert (missed.drawn, missed.looked_at) == (2, 2)
    assert (missed.estimate.hits, missed.estimate.of) == (1, 2)


def test_what_is_missed_is_told_with_an_interval() -> None:
    """Wilson's: of none there is no share; of few it is wide; the published example holds."""
    assert rules.share(0, 0) is None
    none = rules.share(0, 10)
    assert (none.low, round(none.high, 4)) == (0.0, 0.2775)
    some = rules.share(15, 100)
    assert (round(some.low, 4), round(some.high, 4)) == (0.0931, 0.2328)


def test_figures_of_a_ground_count_what_was_said_and_what_the_rules_had_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Right, wrong, missed: by hand."""
    channel = factories.channel()
    officer = factories.officer(channel)
    monkeypatch.setattr(rules, "lot", lambda _pk: 0)
    right, wrong, absent, nothing = (
        item(channel, words, at=THURSDAY + timedelta(seconds=n))
        for n, words in enumerate((URGENT, "Ring mig på 070-174 06 05", PLAIN, PLAIN))
    )
    taken(right, wrong, absent, nothing)
    actions.judge(right, ground="rule.sensitive", agreed=True, by=officer, now=NOW)
    actions.judge(wrong, ground="rule.sensitive", agreed=False, by=officer, now=NOW)
    actions.judge(absent, ground="rule.sensitive", agreed=True, by=officer, now=NOW)
    actions.judge(nothing, ground="", agreed=True, by=officer, now=NOW)
    found = lessons.examples(["rule.sensitive"])["rule.sensitive"]
    assert lessons.counts(found) == (2, 2)
    assert lessons.score_of_rules(found) == rules.Score(right=1, wrong=1, missed=1)


def test_silence_on_what_the_rules_point_to_is_no_answer() -> None:
    """Who agrees that a number stands there has not said that the insult beside it is none; "nothing at all" has."""
    channel = factories.channel()
    officer = factories.officer(channel)
    both = item(channel, f"Vilken jävla idiot! {URGENT}")
    taken(both)
    assert queries.pointed_to(both, "rule.insult")
    actions.judge(both, ground="rule.sensitive", agreed=True, by=officer, now=NOW)
    found = lessons.examples(["rule.insult", "rule.spam"])
    assert (found["rule.insult"], lessons.counts(found["rule.spam"])) == ([], (0, 1))
    actions.judge(both, ground="", agreed=True, by=officer, now=NOW)
    assert lessons.counts(lessons.examples(["rule.insult"])["rule.insult"]) == (0, 1)


def test_d20_what_is_secret_neither_counts_nor_teaches() -> None:
    """A judged item that is marked secret leaves the figures."""
    channel = factories.channel()
    officer = factories.officer(channel)
    urgent = item(channel, URGENT)
    taken(urgent)
    actions.judge(urgent, ground="rule.sensitive", agreed=True, by=officer, now=NOW)
    assert lessons.examples(["rule.sensitive"])["rule.sensitive"]
    secrecy.mark(urgent, ground="osl-21-1", reason="Hälsa", by=officer, now=NOW)
    assert not lessons.examples(["rule.sensitive"])["rule.sensitive"]


def test_the_page_of_figures_asks_no_more_for_more_judgements() -> None:
    """As many questions for forty judgements as for four."""
    channel = factories.channel()
    officer = factories.officer(channel)
    rows = [item(channel, PLAIN, at=THURSDAY + timedelta(seconds=n)) for n in range(40)]
    taken(*rows)

    def asked(some: list[object]) -> int:
        for row in some:
            actions.judge(row, ground="rule.spam", agreed=True, by=officer, now=NOW)
        with CaptureQueriesContext(connection) as questions:
            figures.context()
        return len(questions)

    few = asked(rows[:4])
    assert asked(rows[4:]) == few


def test_signing_a_round_passes_what_was_drawn_by_lot_and_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of oversight: shown, nothing done, signed; what was judged in the round is not passed as well."""
    channel = factories.channel()
    officer = factories.officer(channel)
    monkeypatch.setattr(rules, "lot", lambda pk: pk % 2 * 999)
    rows = [item(channel, PLAIN, at=THURSDAY + timedelta(seconds=n)) for n in range(6)]
    taken(*rows)
    even = [row for row in rows if row.pk % 2 == 0]
    sweep = oversight.open_sweep([channel], by=officer, now=NOW)
    oversight.show(sweep, [row.pk for row in rows], by=officer, now=NOW)
    actions.judge(even[0], ground="rule.spam", agreed=True, by=officer, now=NOW + timedelta(minutes=1))
    signing.sign(sweep, notes={}, marked=[], by=officer, now=NOW + timedelta(minutes=2))
    passed = Judgement.objects.filter(source="round")
    assert {row.item_id for row in passed} == {row.pk for row in even[1:]}
    assert figures.missed().estimate.hits == 1
