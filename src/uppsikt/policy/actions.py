"""What changes the policy. Nothing is overwritten: the old row ends, a new one begins, the trail says why."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.hours import NoHours, Spans, write_spans
from uppsikt.kernel.trail import Doer
from uppsikt.kernel.working import next_working_day
from uppsikt.policy import queries, rules
from uppsikt.policy.models import LocalDay, OpeningSpan, Policy, Rule
from uppsikt.policy.words import BAD_VALUE, NO_HOURS

DOCUMENT_FIELDS = ("name", "owner", "decided_by", "decided_on", "valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class SeasonKey:
    """Which season: from and to as (month, day)."""

    first: tuple[int, int]
    last: tuple[int, int]
    name: str = ""

    def columns(self) -> dict[str, str]:
        """As the rows hold it."""
        return {
            "season_from": rules.write_month_day(self.first),
            "season_to": rules.write_month_day(self.last),
            "season_name": self.name,
        }


YEAR_ROUND = {"season_from": "", "season_to": "", "season_name": ""}


@contextmanager
def changing(now: datetime) -> Iterator[Policy]:
    """The policy, locked; afterwards it has a new version, and hours that can be counted with, or nothing happened."""
    with transaction.atomic():
        document = Policy.objects.select_for_update().order_by("id").first()
        if document is None:
            raise Refused(
                "no_policy", _("Det finns ingen policy i databasen. Kör ./uppsikt doctor, som säger vad som saknas.")
            )
        yield document
        try:
            next_working_day(now.date(), queries.build(document, None))
        except NoHours as error:
            raise Refused(error.code, str(NO_HOURS[error.code])) from error
        document.version += 1
        document.changed_at, document.stamp = now, uuid.uuid4()
        document.save()


def change_document(*, by: Doer, now: datetime, reason: str = "", **fields: Any) -> Policy:
    """Change who owns the policy, who decided it and how long it holds; the old values stay in the trail."""
    with changing(now) as document:
        before = {name: getattr(document, name) for name in DOCUMENT_FIELDS}
        for name in DOCUMENT_FIELDS:
            setattr(document, name, fields.get(name, before[name]))
        if document.valid_from and document.valid_until and document.valid_until < document.valid_from:
            raise Refused("backwards", _("Policyn kan inte sluta gälla innan den börjar. Ändra datumen."))
        trail.note("change_document", document, by=by, at=now, reason=reason, also={"before": before, "after": fields})
    return document


def change_rule(*, key: str, value: Any, by: Doer, now: datetime, reason: str, law: str | None = None) -> Rule:
    """Give a rule a new value, and perhaps another reading of the law. Raises Refused for what it cannot take."""
    declared = rules.BY_KEY[key]
    try:
        kept = declared.check(value)
    except rules.BadValue as error:
        raise Refused(error.code, str(BAD_VALUE[error.code])) from error
    with changing(now) as document:
        old = Rule.objects.in_force(None).filter(policy=document, key=key).first()
        if old:
            Rule.objects.filter(pk=old.pk).update(until=now)
        text = law if law is not None else (old.law if old else declared.law)
        row = Rule.objects.create(policy=document, key=key, value=kept, duty=declared.duty, law=text, since=now)
        before = {"value": old.value, "law": old.law} if old else {}
        after = {"value": kept, "law": text}
        trail.note(
            "change_rule", document, by=by, at=now, reason=reason, also={"key": key, "before": before, "after": after}
        )
    return row


def replace_week(
    *,
    week: tuple[Spans | None, ...],
    by: Doer,
    now: datetime,
    reason: str = "",
    season: SeasonKey | None = None,
    instead_of: SeasonKey | None = None,
) -> Policy:
    """Give the year, or a season, its hours from Monday to Sunday; `instead_of` is the season that this one was.

    In a season None means as in the rest of the year, () closed. Raises Refused for hours that cannot be counted with.
    """
    columns = season.columns() if season else YEAR_ROUND
    old = instead_of.columns() if instead_of else columns
    if season and all(spans is None for spans in week):
        raise Refused("empty_season", _("Skriv öppettider för minst en dag under säsongen, eller ta bort den."))
    with changing(now) as document:
        before = _end(document, old, now)
        for weekday, spans in enumerate(week):
            if spans is None or (season is None and not spans):
                continue
            pairs: list[tuple[time | None, time | None]] = [(span.opens, span.closes) for span in spans]
            OpeningSpan.objects.bulk_create(
                OpeningSpan(policy=document, weekday=weekday, opens=opens, closes=closes, since=now, **columns)
                for opens, closes in pairs or [(None, None)]
            )
        after = [None if spans is None else write_spans(spans) for spans in week]
        trail.note(
            "change_hours", document, by=by, at=now, reason=reason, also={**columns, "before": before, "after": after}
        )
    return document


def end_season(*, season: SeasonKey, by: Doer, now: datetime, reason: str = "") -> Policy:
    """Let a season go: its days have the hours of the rest of the year."""
    with changing(now) as document:
        before = _end(document, season.columns(), now)
        if not before:
            raise Refused("no_season", _("Säsongen finns inte längre. Ladda om sidan."))
        trail.note("end_season", document, by=by, at=now, reason=reason, also={**season.columns(), "before": before})
    return document


def add_local_day(*, day: date, spans: Spans, why: str, by: Doer, now: datetime) -> LocalDay:
    """Say that one date differs: closed (no spans) or with hours of its own. What was said of that date before ends."""
    with changing(now) as document:
        LocalDay.objects.in_force(None).filter(policy=document, day=day).update(until=now)
        row = LocalDay.objects.create(policy=document, day=day, hours=write_spans(spans), why=why, since=now)
        trail.note("add_local_day", document, by=by, at=now, also={"day": day, "hours": row.hours, "why": why})
    return row


def drop_local_day(*, row: LocalDay, by: Doer, now: datetime) -> None:
    """Let a date be like any other again."""
    with changing(now) as document:
        if not LocalDay.objects.in_force(None).filter(pk=row.pk).update(until=now):
            raise Refused("no_local_day", _("Dagen är redan borttagen. Ladda om sidan."))
        trail.note("drop_local_day", document, by=by, at=now, also={"day": row.day, "why": row.why})


def _end(document: Policy, columns: dict[str, str], now: datetime) -> list[str]:
    """End a season's rows; what they said, for the trail."""
    rows = queries.spans_in_force(document).filter(**columns)
    before = [f"{row.weekday}: {row.opens or ''}–{row.closes or ''}" for row in rows]
    rows.update(until=now)
    return before
