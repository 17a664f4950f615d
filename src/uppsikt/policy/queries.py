"""Reads of the policy: the rules in force, opening hours, and when an answer is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from uppsikt.kernel.hours import Span, read_spans
from uppsikt.kernel.once import once
from uppsikt.kernel.working import Due, Hours, LocalDay, Season, default_hours
from uppsikt.kernel.working import due as count
from uppsikt.policy import models, rules
from uppsikt.policy.words import due_words, how_words

__all__ = [
    "disposal_decisions",
    "due",
    "due_words",
    "ground",
    "grounds",
    "hours",
    "how_words",
    "number",
    "policy",
    "recheck_plan",
    "rule",
    "spans_in_force",
]

# What was worked out last, under the policy's stamp: the policy changes seldom and is asked at every item.
_hours: dict[UUID, Hours] = {}
_values: dict[UUID, Mapping[str, Any]] = {}
Kept = TypeVar("Kept")
SEASON_KEYS = ("season_from", "season_to", "season_name")
WEEK = 7


def policy() -> models.Policy | None:
    """The policy document, or None before one has been laid in."""
    return once("policy", models.Policy.objects.order_by("id").first)


def rule(key: str, at: datetime | None = None) -> Any:
    """The value of a rule now or at a time; its default where the policy has none. KeyError for an unknown key."""
    declared = rules.BY_KEY[key]
    document = policy()
    if document is None:
        return declared.check(declared.default)
    if at is None or at >= document.changed_at:
        values = _kept(_values, document.stamp, lambda: _read_values(document, None))
    else:
        values = _read_values(document, at)
    return values.get(key, declared.check(declared.default))


def number(key: str, at: datetime | None = None) -> int:
    """The value of a rule that is a number."""
    value: int = rule(key, at)
    return value


def recheck_plan() -> rules.Plan:
    """How often an item is fetched again: (up to age in hours, every so many minutes), rising."""
    return tuple((hours, minutes) for hours, minutes in rule("recheck.plan"))


def hours(at: datetime | None = None) -> Hours:
    """The opening hours as they are known now, or as they were known at a time."""
    document = policy()
    if document is None:
        return default_hours()
    if at is None or at >= document.changed_at:
        return _kept(_hours, document.stamp, lambda: build(document, None))
    return build(document, at)


def due(received: datetime, *, days: int | None = None, at: datetime | None = None) -> Due:
    """When something received then must be answered, by the policy now or at a time (D35). Raises OutOfRange."""
    return count(received, hours(at), days=number("answer.within_working_days", at) if days is None else days)


def grounds(at: datetime | None = None) -> list[models.Ground]:
    """The grounds for removing something, now or at a time: crimes first, in the order that people read (D68)."""
    return list(models.Ground.objects.in_force(at).order_by("sort", "order", "id"))


def ground(code: str, at: datetime | None = None) -> models.Ground | None:
    """One ground as it reads now, or read at a time; None where the policy has none by that code."""
    return models.Ground.objects.in_force(at).filter(code=code).order_by("id").first()


def disposal_decisions(at: datetime | None = None, *, covers: str = "") -> list[models.DisposalDecision]:
    """The decisions that a removal may rest on, now or at a time (D45); standing ones first, the newest first.

    `covers` is a `DisposalDecision.Scope`: only those that reach it are given.
    """
    rows = models.DisposalDecision.objects.in_force(at)
    if covers:
        rows = rows.filter(scope__in=(covers, models.DisposalDecision.Scope.ALL))
    return list(rows.order_by("-standing", "-decided_on", "-id"))


def spans_in_force(document: models.Policy, at: datetime | None = None) -> QuerySet[models.OpeningSpan]:
    """The rows of opening hours, in order of season, weekday and time."""
    rows = models.OpeningSpan.objects.in_force(at).filter(policy=document)
    return rows.order_by(*SEASON_KEYS, "weekday", "opens")


def build(document: models.Policy, at: datetime | None) -> Hours:
    """Opening hours from the rows in force. Raises NoHours where they contradict each other."""
    weeks: dict[tuple[str, str, str], list[list[Span] | None]] = {("", "", ""): [[] for _day in range(WEEK)]}
    for row in spans_in_force(document, at):
        season = (row.season_from, row.season_to, row.season_name)
        week = weeks.setdefault(season, [None] * WEEK)
        spans = week[row.weekday] or []
        if row.opens is not None and row.closes is not None:
            spans.append(Span(row.opens, row.closes))
        week[row.weekday] = spans
    local = models.LocalDay.objects.in_force(at).filter(policy=document).order_by("day")
    return Hours(
        week=_week(weeks.pop(("", "", ""))),
        seasons=tuple(
            Season(rules.read_month_day(first), rules.read_month_day(last), _week(week), name)
            for (first, last, name), week in weeks.items()
        ),
        local=tuple(LocalDay(row.day, read_spans(row.hours), row.why) for row in local),
    )


def _week(days: list[list[Span] | None]) -> Any:
    return tuple(None if spans is None else tuple(spans) for spans in days)


def _read_values(document: models.Policy, at: datetime | None) -> Mapping[str, Any]:
    return dict(models.Rule.objects.in_force(at).filter(policy=document).values_list("key", "value"))


def _kept(store: dict[UUID, Kept], stamp: UUID, work: Callable[[], Kept]) -> Kept:
    """What is kept under the stamp, else worked out and kept; older stamps are let go."""
    value = store.get(stamp)
    if value is None:
        value = work()
        store.clear()
        store[stamp] = value
    return value
