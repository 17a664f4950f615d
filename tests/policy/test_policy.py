"""The policy as data: what is laid in, what can be changed and what is refused (D35, D38, D66)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from uppsikt.kernel.errors import Refused
from uppsikt.kernel.hours import Span, read_spans
from uppsikt.kernel.trail import Doer, steps_of
from uppsikt.kernel.working import ZONE, default_hours
from uppsikt.policy import actions, queries, rules, words
from uppsikt.policy.models import Ground, LocalDay, OpeningSpan, Rule

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ANNA = Doer("person:1", "Anna")
DAY = read_spans("8.00–16.30")
SUMMER = actions.SeasonKey((6, 1), (8, 31), "Sommartid")
SUMMER_WEEK = (*[read_spans("8.00–16.00")] * 5, None, None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_what_is_laid_in_is_what_the_rules_declare() -> None:
    rows = {row.key: row for row in Rule.objects.in_force(None)}
    assert set(rows) == set(rules.BY_KEY)
    for key, declared in rules.BY_KEY.items():
        assert rows[key].value == declared.check(declared.default)
        assert (rows[key].duty, rows[key].law) == (declared.duty, declared.law)
    assert queries.hours() == default_hours()


def test_every_rule_names_its_duty_and_has_words() -> None:
    """D66: every rule of the policy names its duty and its law."""
    for key, declared in rules.BY_KEY.items():
        assert declared.duty.startswith("D")
        assert words.rule_name(key)
        assert words.rule_about(key)
        assert words.value_lines(key, declared.check(declared.default))


def test_without_a_policy_the_defaults_hold() -> None:
    Rule.objects.all().delete()
    Ground.objects.all().delete()
    OpeningSpan.objects.all().delete()
    document = queries.policy()
    assert document
    document.delete()
    assert queries.hours() == default_hours()
    assert queries.number("claim.minutes") == 10
    assert queries.recheck_plan()[0] == (24, 30)


def test_a_changed_rule_holds_from_then_and_the_old_value_can_still_be_asked() -> None:
    actions.change_rule(key="answer.promise_working_days", value=5, by=ANNA, now=NOW, reason="KS 2026/12")
    assert queries.number("answer.promise_working_days") == 5
    assert queries.number("answer.promise_working_days", NOW - timedelta(seconds=1)) == 3
    document = queries.policy()
    assert document
    assert document.version == 2
    step = steps_of(document).get()
    assert (step.name, step.by_name, step.reason) == ("change_rule", "Anna", "KS 2026/12")
    assert step.facts["before"]["value"] == 3
    assert step.facts["after"]["value"] == 5


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("answer.within_working_days", 0, "too_low"),
        ("answer.within_working_days", 11, "too_high"),
        ("answer.within_working_days", "1", "not_a_number"),
        ("answer.within_working_days", True, "not_a_number"),
        ("recheck.plan", [[24, 30], [12, 60]], "bad_plan"),
        ("recheck.plan", [[24, 0]], "bad_plan"),
        ("recheck.plan", "often", "bad_plan"),
        ("recheck.plan", [], "bad_plan"),
    ],
)
def test_a_value_outside_the_limits_is_refused_and_nothing_happens(key: str, value: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.change_rule(key=key, value=value, by=ANNA, now=NOW, reason="")
    assert refused.value.code == code
    document = queries.policy()
    assert document
    assert document.version == 1
    assert not steps_of(document).exists()


def test_a_season_changes_the_deadlines_in_it_d35() -> None:
    actions.replace_week(week=SUMMER_WEEK, season=SUMMER, by=ANNA, now=NOW)
    assert queries.due(at("2026-06-01T16:10")).at == at("2026-06-02T16:00")
    assert queries.due(at("2026-09-01T16:10")).at == at("2026-09-02T16:10")
    longer = actions.SeasonKey((5, 15), (8, 31), "Lång sommar")
    actions.replace_week(week=SUMMER_WEEK, season=longer, instead_of=SUMMER, by=ANNA, now=NOW)
    assert [season.first for season in queries.hours().seasons] == [(5, 15)]
    actions.end_season(season=longer, by=ANNA, now=NOW)
    assert queries.hours() == default_hours()
    with pytest.raises(Refused, match="Ladda om"):
        actions.end_season(season=longer, by=ANNA, now=NOW)


def test_a_season_may_close_a_weekday_and_leave_others_as_they_are() -> None:
    actions.replace_week(week=(None, None, None, None, (), None, None), season=SUMMER, by=ANNA, now=NOW)
    hours = queries.hours()
    assert hours.clock(date(2026, 7, 3)) == ()
    assert hours.clock(date(2026, 7, 2)) == DAY


@pytest.mark.parametrize(
    ("season", "code"),
    [
        (actions.SeasonKey((8, 1), (9, 30), "Höst"), "seasons_overlap"),
        (actions.SeasonKey((2, 30), (3, 1), "Vinter"), "bad_date"),
    ],
)
def test_hours_that_cannot_be_counted_with_are_refused(season: actions.SeasonKey, code: str) -> None:
    actions.replace_week(week=SUMMER_WEEK, season=SUMMER, by=ANNA, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.replace_week(week=SUMMER_WEEK, season=season, by=ANNA, now=NOW)
    assert refused.value.code == code
    assert len(queries.hours().seasons) == 1


def test_a_week_that_never_opens_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        actions.replace_week(week=((),) * 7, by=ANNA, now=NOW)
    assert refused.value.code == "never_open"
    closed = actions.SeasonKey((1, 1), (12, 31), "Alltid")
    with pytest.raises(Refused) as refused:
        actions.replace_week(week=((),) * 7, season=closed, by=ANNA, now=NOW)
    assert refused.value.code == "never_open"
    assert queries.hours() == default_hours()


def test_a_closed_local_day_moves_the_deadline_d35() -> None:
    row = actions.add_local_day(day=date(2026, 5, 15), spans=(), why="klämdag", by=ANNA, now=NOW)
    assert queries.due(at("2026-05-13T10:00")).at == at("2026-05-18T10:00")
    actions.add_local_day(day=date(2026, 5, 15), spans=read_spans("8.00–12.00"), why="halvdag", by=ANNA, now=NOW)
    assert LocalDay.objects.in_force(None).count() == 1
    assert queries.due(at("2026-05-13T15:00")).at == at("2026-05-15T12:00")
    with pytest.raises(Refused):
        actions.drop_local_day(row=row, by=ANNA, now=NOW)
    actions.drop_local_day(row=LocalDay.objects.in_force(None).get(), by=ANNA, now=NOW)
    assert queries.hours() == default_hours()


def test_hours_of_several_spans_and_to_midnight_survive_the_database() -> None:
    day = (Span(time(8), time(12)), Span(time(13), time(0)))
    actions.replace_week(week=(day, DAY, DAY, DAY, DAY, (), ()), by=ANNA, now=NOW)
    assert queries.hours().clock(date(2026, 11, 16)) == day


def test_due_is_read_back_from_what_a_case_keeps() -> None:
    due = queries.due(at("2026-06-18T10:00"))
    assert type(due).from_data(due.as_data()) == due
