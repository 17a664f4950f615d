"""Signing a sweep with what was done in its course, in whichever room it was done (D25).

Somebody who removes, answers, forwards or judges does so in the room that it belongs to. What they did about the
sweep's items since they opened it is gathered from there, so that a round says what was done without being told twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db import transaction

from uppsikt.inbox.models import Answer, CaseItem, Forward
from uppsikt.moderation.models import Removal
from uppsikt.organisation.models import Person
from uppsikt.oversight import actions, queries
from uppsikt.oversight.models import Deed, Round, Sweep
from uppsikt.oversight.rules import What
from uppsikt.records import reading
from uppsikt.records.models import Item
from uppsikt.triage import actions as triage
from uppsikt.triage.models import Judgement
from uppsikt.triage.queries import drawn

# A removal that was proposed and then taken back or turned down is no deed of the round.
CAME_TO_NOTHING = ("rejected", "withdrawn")


def sign(sweep: Sweep, *, notes: Mapping[int, str], marked: Iterable[int], by: Person, now: datetime) -> list[Round]:
    """Sign the sweep's rounds. `notes` are words by the channel's key, `marked` items (by key) with a remark.

    Raises Refused as `actions.sign` does; nothing is noted then.
    """
    with transaction.atomic():
        gather(sweep, by=by, now=now)
        remark(sweep, marked, by=by, now=now)
        pass_over(sweep, by=by, now=now)
        return actions.sign(sweep, notes=notes, by=by, now=now)


def gather(sweep: Sweep, *, by: Person, now: datetime) -> int:
    """Note what the person has done since about the items of the sweep's open rounds; returns how many deeds."""
    known = set(Deed.objects.filter(round__sweep=sweep).values_list("item_id", "what"))
    done = [(pk, what) for pk, what in sorted(set(since(sweep, by))) if (pk, what.value) not in known]
    items = {row.pk: row for row in covered(sweep, {pk for pk, _what in done}, by=by, now=now)}
    number = 0
    for pk, what in done:
        if pk in items:
            actions.note_deed(sweep, items[pk], what=what, by=by, now=now)
            number += 1
    return number


def pass_over(sweep: Sweep, *, by: Person, now: datetime) -> None:
    """Tell triage of what was drawn by lot and nothing was done about: by it is measured what the rules miss."""
    still = [each.channel_id for each in queries.rounds_of(sweep) if each.state == "open"]
    rows = queries.news_of(sweep, reading.reader(by, now=now)).filter(channel__in=still)
    acted = Deed.objects.filter(round__sweep=sweep).values("item_id")
    triage.passed(drawn(rows.exclude(pk__in=acted)), by=by, now=now)


def covered(sweep: Sweep, keys: Iterable[int], *, by: Person, now: datetime) -> Iterable[Item]:
    """Of these items those that the sweep covers in a round that is still open."""
    still = [each.channel_id for each in queries.rounds_of(sweep) if each.state == "open"]
    reader = reading.reader(by, now=now)
    return queries.news_of(sweep, reader).filter(pk__in=list(keys), channel__in=still)


def since(sweep: Sweep, by: Person) -> Iterator[tuple[int, What]]:
    """What the person has done since the sweep was opened, about whichever item, in the rooms below."""
    start = sweep.opened_at
    removals = Removal.objects.filter(proposed_by=by, proposed_at__gte=start).exclude(state__in=CAME_TO_NOTHING)
    for pk, act in removals.values_list("item_id", "act"):
        yield pk, What.HIDDEN if act == "hide" else What.REMOVED
    for pk in Judgement.objects.filter(by=by, at__gte=start, source="page").values_list("item_id", flat=True):
        yield pk, What.JUDGED
    answers = Answer.objects.filter(publisher=by, written_at__gte=start).exclude(state="dropped")
    forwards = Forward.objects.filter(sent_by=by, sent_at__gte=start)
    answered, forwarded = (list(rows.values_list("case_id", flat=True)) for rows in (answers, forwards))
    for what, cases in ((What.ANSWERED, answered), (What.FORWARDED, forwarded)):
        for pk in CaseItem.objects.filter(case_id__in=cases).values_list("item_id", flat=True):
            yield pk, what


def remark(sweep: Sweep, marked: Iterable[int], *, by: Person, now: datetime) -> None:
    """Note a remark on each of these items, once."""
    known = set(Deed.objects.filter(round__sweep=sweep, what=What.REMARKED).values_list("item_id", flat=True))
    for item in covered(sweep, set(marked) - known, by=by, now=now):
        actions.note_deed(sweep, item, what=What.REMARKED, by=by, now=now)
