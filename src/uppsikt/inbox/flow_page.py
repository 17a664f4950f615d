"""What a case's page shows of its way: laid aside, merged, split, handed on, told of, answered by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from uppsikt.channels import queries as channels
from uppsikt.channels.rules import Act
from uppsikt.inbox import answers, queries, reminders, together
from uppsikt.inbox.answers import Author
from uppsikt.inbox.flow_forms import ExplainForm, MergeForm, SnoozeForm, SplitForm, ToUnitForm
from uppsikt.inbox.forms import Own
from uppsikt.inbox.models import Case, CaseItem, Clarification, Forward
from uppsikt.inbox.queries import Reach
from uppsikt.inbox.rules import signed
from uppsikt.inbox.states import OPEN
from uppsikt.kernel import working
from uppsikt.organisation import absences
from uppsikt.organisation.models import Absence, Unit
from uppsikt.policy import queries as policy

# So much is offered to choose among; what is older is found by its number, or moved in two goes.
ALIKE = 6
SPLIT_AMONG = 50
BEGINNING = 120
NAMES = frozenset({"snooze", "merge", "split", "to_unit", "explain"})


@dataclass(frozen=True, slots=True)
class Told:
    """One case among those that are answered together: where it is, and what its own conversation began with."""

    case: Case
    place: str
    words: str = ""
    own_answer: bool = True


@dataclass(slots=True)
class Flow:
    """All of it, as the template reads it."""

    by_hand: bool = False
    out: str = ""
    members: list[Told] = field(default_factory=list)
    alike: list[Told] = field(default_factory=list)
    parts: list[Case] = field(default_factory=list)
    away: Absence | None = None
    stand_in: str = ""
    told: str = ""
    can_split: bool = False
    can_hand: bool = False
    asked_back: Mapping[int, Sequence[Clarification]] = field(default_factory=dict)


def morning_after(now: datetime) -> datetime:
    """The next time that the office opens, at least an hour from now."""
    return working.next_opening(now + timedelta(hours=1), policy.hours())


def units_for(case: Case, *, now: datetime) -> list[Unit]:
    """The other units where somebody may answer on the channel."""
    people = channels.people_on(case.channel, Act.ANSWER, at=now).order_by().values("unit_id")
    return list(Unit.objects.filter(pk__in=people).exclude(pk=case.holder_unit.pk).order_by("name"))


def pieces(case: Case) -> list[tuple[int, str]]:
    """What has been received in the case, the newest last, each by its beginning."""
    rows = CaseItem.objects.filter(case=case).order_by("-item__at", "-item_id")
    found = rows.values_list("item_id", "item__actor__name", Left("item__version__text", BEGINNING))[:SPLIT_AMONG]
    return [(pk, f"{name or _('Okänd')}: {' '.join((text or '').split())}") for pk, name, text in reversed(found)]


def alike(case: Case, reached: Reach) -> list[Told]:
    """Open cases that one answer may serve too: of the same citizen first, then the nearest in the same channel."""
    rows = queries.cases(reached, reached.answers).filter(state__in=OPEN).exclude(pk=case.pk)
    actor = case.last_item.actor
    same = Q(last_item__actor=actor) | Q(last_item__actor__name=actor.name) if actor.name else Q(last_item__actor=actor)
    rows = rows.filter(same).select_related("channel", "last_item__actor")
    found = rows.annotate(words=Left("last_item__version__text", BEGINNING)).order_by("due_at", "id")[:ALIKE]
    return [Told(row, place_of(row), row.words or "") for row in found]


def place_of(case: Case) -> str:
    """Who asks, and where."""
    return f"{case.last_item.actor}, {case.channel.name}"


def members(case: Case) -> list[Told]:
    """The cases that follow this one."""
    rows = together.members_of(case.pk).select_related("channel", "last_item__actor")
    rows = list(rows.annotate(words=Left("last_item__version__text", 1000)))
    own = {row.pk for row in together.others(rows, case)}
    return [Told(row, place_of(row), row.words or "", row.pk in own) for row in rows]


def refer_words(case: Case) -> str:
    """What points the reader of another conversation to this one's answer."""
    return _("Hej! Vi har svarat på frågan här: %(link)s") % {"link": case.last_item.link or case.channel.address}


def elsewhere(case: Case, sent: Mapping[str, str]) -> dict[int, str]:
    """What a sent answer form says of the other conversations: those that are pointed to the answer in this one."""
    keys = together.members_of(case.pk).values_list("pk", flat=True)
    return {pk: refer_words(case) for pk in keys if sent.get(f"elsewhere-{pk}") == "refer"}


def fresh_forms(case: Case, *, shown: bool, now: datetime) -> list[Own]:
    """The forms, before anything is written in them. Where they are not shown, nothing is looked up for them."""
    units = units_for(case, now=now) if shown else []
    until = min(morning_after(now), case.due_at - timedelta(minutes=30))
    return [
        SnoozeForm(until=until if until > now else None),
        MergeForm(),
        SplitForm(choices=pieces(case) if shown else (), units=units),
        ToUnitForm(units=units),
        ExplainForm(),
    ]


def context(
    case: Case, reached: Reach, forms: Mapping[str, Own], forwards: Sequence[Forward], author: Author, *, now: datetime
) -> Flow:
    """What the page shows of the case's way, for somebody who may answer, or only reads."""
    may = case.channel_id in reached.answers
    flow = Flow(by_hand=not answers.takes_replies(case.last_item))
    if case.is_open:
        flow.members = members(case)
        flow.told = told(case)
        if case.assignee:
            flow.away = absences.absence_of(case.assignee, at=now)
    if flow.away and case.assignee:
        stand_in = absences.standing_in([case.assignee], at=now).get(case.assignee.pk)
        flow.stand_in = stand_in.name if stand_in else ""
    if may and case.is_open:
        flow.alike = alike(case, reached)
        split: Any = forms["split"].fields["items"]
        unit: Any = forms["to_unit"].fields["unit"]
        flow.can_split, flow.can_hand = len(split.choices) > 1, unit.queryset.exists()
    flow.parts = list(Case.objects.filter(split_from=case).order_by("pk")[:20])
    flow.out = out_by_hand(flow, forms, author)
    flow.asked_back = asked_back(forwards)
    return flow


def told(case: Case) -> str:
    """How far up the case's deadline has been told, in words."""
    if case.warned_for != case.due_at:
        return ""
    return {
        reminders.MANAGER: _("Chefen har fått veta att svarstiden snart går ut."),
        reminders.LATE: _("Chefen och kommunikationsenheten har fått veta att svarstiden har gått ut."),
    }.get(case.told_level, "")


def out_by_hand(flow: Flow, forms: Mapping[str, Own], author: Author) -> str:
    """The signed text to publish by hand, once something has been written."""
    form = forms["answer"]
    if not flow.by_hand or not form.is_bound:
        return ""
    text = answers.tidy(str(form["text"].value() or ""))
    return signed(text, author.name, author.title, author.unit) if text else ""


def asked_back(forwards: Sequence[Forward]) -> dict[int, list[Clarification]]:
    """What was asked in between and answered, of each question."""
    found: dict[int, list[Clarification]] = {}
    if not forwards:
        return found
    rows = Clarification.objects.filter(forward__in=[row.pk for row in forwards])
    for row in rows.select_related("author").order_by("id"):
        found.setdefault(row.forward_id, []).append(row)
    return found
