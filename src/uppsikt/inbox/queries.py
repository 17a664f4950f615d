"""Reads of the inbox: who may see which cases, and what a case is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from uppsikt.channels import queries as channels_queries
from uppsikt.channels.rules import Act
from uppsikt.inbox.models import Answer, Case, CaseItem, Forward
from uppsikt.inbox.states import OPEN, OUT
from uppsikt.kernel import trail
from uppsikt.kernel.models import Step
from uppsikt.kernel.once import once
from uppsikt.organisation import absences
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, STAFF, Role
from uppsikt.records import reading
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.triage import queries as triage

# Beyond so many nobody needs the exact number, and counting further would cost.
COUNT_TO = 1000
# News that has not been heard for so long has got lost; before that, looking would be meddling.
UNHEARD_AFTER = timedelta(minutes=10)
UNHEARD_BACK = timedelta(days=3)
# A conversation of thousands has a step for each of them.
STEPS_SHOWN = 200
# Steps that say nothing new to somebody who has the case open.
QUIET_STEPS = ("claim", "warn", "escalate", "late")


@dataclass(frozen=True, slots=True)
class Reach:
    """The channels whose cases a person may read, and those on which they may answer (D21), by key.

    `records` is what they may read of what is secret (D20).
    """

    reads: frozenset[int]
    answers: frozenset[int]
    records: Reader = reading.OPEN


def reach(person: Person, *, at: datetime) -> Reach:
    """What a person may see now: staff by mandate, managers their units' channels, other readers all.

    A role that was given on one unit reaches that unit's channels; given for all, it reaches every channel.
    """
    return once(("reach", person.pk), lambda: reach_now(person, at=at))


def reach_now(person: Person, *, at: datetime) -> Reach:
    """The same, asked for anew."""
    held = channels_queries.held_by(person, at=at) if person.is_active else []
    units = [person.units_as(role) for role in READERS if role not in STAFF and role in person.roles]
    reads, answers = set[int](), set[int]()
    channels = [(pk, unit) for pk, _name, unit, _unit_name in channels_queries.listed()]
    for pk, unit in channels:
        acts = [acts for channel, acts in held if channel in {None, pk}]
        if acts or any(reached is None or unit in reached for reached in units):
            reads.add(pk)
        if any(Act.ANSWER.value in each for each in acts):
            answers.add(pk)
    secrets = reading.reader_of(person, [channel for channel, _acts in held], channels)
    return Reach(frozenset(reads), frozenset(answers), secrets)


def knows(person: Person) -> bool:
    """Whether the municipality has come to know of what this person reads; an auditor's look is none of its acts."""
    return bool(person.roles - {Role.AUDITOR})


def cases(reached: Reach, channels: frozenset[int] | None = None) -> QuerySet[Case]:
    """The cases that may be read, or those of them on `channels`: every page and number begins here.

    A case is as secret as its conversation: one in which anything was said that the reader may not read is, for
    them, not there, with its notes, questions and answers (D20). So is one that such a case was merged into.
    """
    within = reached.reads if channels is None else channels
    rows = Case.objects.filter(channel_id__in=within)
    return rows if within <= reached.records.channels else open_to(rows, reached.records)


def open_to(rows: QuerySet[Case], reader: Reader) -> QuerySet[Case]:
    """Of these cases those that hold nothing that is kept from the reader."""
    if reader.everything:
        return rows
    secret = Case.objects.filter(thread__in=reading.kept_from(reader).values("thread_id"))
    # The secret ones are few: the database looks them up once, not for each row.
    merged = secret.filter(merged_into__isnull=False)
    return rows.exclude(pk__in=secret.values("pk")).exclude(pk__in=merged.values("merged_into_id"))


def is_kept_from(case: Case, reader: Reader) -> bool:
    """Whether the case's conversation, or one that is answered with it, holds something that may not be read."""
    if reader.reads_secrets_of(case.channel_id):
        return False
    threads = Case.objects.filter(Q(pk=case.pk) | Q(merged_into=case.pk)).values("thread_id")
    return reading.kept_from(reader).filter(thread__in=threads).exists()


def waiting() -> Exists:
    """Whether a case has a question with an expert."""
    return Exists(waiting_forwards().filter(case=OuterRef("pk")))


def waiting_forwards() -> QuerySet[Forward]:
    """The questions that are with an expert."""
    return Forward.objects.filter(state__in=OUT)


def answers_in(*states: str) -> Exists:
    """Whether a case has an answer in one of these states."""
    return Exists(Answer.objects.filter(case=OuterRef("pk"), state__in=states))


def unused_expert_answer() -> Exists:
    """Whether an expert has answered, and the answer has not been used."""
    used = Answer.objects.filter(forward=OuterRef("pk")).exclude(state="dropped")
    return Exists(Forward.objects.filter(~Exists(used), case=OuterRef("pk"), state="answered"))


def for_list(rows: QuerySet[Case]) -> QuerySet[Case]:
    """What a list shows of each case, in one query; of a megabyte of text only the beginning is read."""
    return rows.select_related("channel", "assignee", "claimed_by", "last_item__actor").annotate(
        words=Left("last_item__version__text", 1000),
        asked=waiting(),
        expert_answered=unused_expert_answer(),
        sending=answers_in("sending"),
        failed=answers_in("failed"),
        unsure=answers_in("uncertain"),
        # Why somebody should look; the deadline orders the list all the same.
        **triage.beside("last_item"),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases wait, each at most COUNT_TO."""

    todo: int = 0
    mine: int = 0
    asked: int = 0
    promised: int = 0
    late: int = 0
    today: int = 0


def counts(rows: QuerySet[Case], person: Person, *, now: datetime) -> Counts:
    """All the numbers over a list, in one indexed query that stops at COUNT_TO."""
    today = timezone.localdate(now)
    found = list(
        rows.filter(state__in=OPEN)
        .annotate(asked=waiting())
        .order_by("due_at", "id")
        .values_list("state", "assignee_id", "due_at", "asked")[:COUNT_TO]
    )
    return Counts(
        todo=len(found),
        mine=sum(assignee == person.pk for _state, assignee, _due, _asked in found),
        asked=sum(asked for _state, _assignee, _due, asked in found),
        promised=sum(state == "promised" for state, _assignee, _due, _asked in found),
        late=sum(due < now for _state, _assignee, due, _asked in found),
        today=sum(due >= now and timezone.localdate(due) == today for _state, _assignee, due, _asked in found),
    )


def open_count(person: Person, *, now: datetime, reached: Reach | None = None) -> int:
    """How many open cases the person may answer; for the menu."""
    return once(
        ("open_count", person.pk),
        lambda: len(to_answer(reached or reach(person, at=now)).values_list("pk")[:COUNT_TO]),
    )


def to_answer(reached: Reach) -> QuerySet[Case]:
    """The open cases that somebody may answer."""
    return cases(reached, reached.answers).filter(state__in=OPEN)


def due_by(
    person: Person, *, until: datetime, now: datetime, limit: int = 20, reached: Reach | None = None
) -> QuerySet[Case]:
    """Open cases that are due before `until`, soonest first: the person's own and those nobody has (D71)."""
    reached = reached or reach(person, at=now)
    rows = cases(reached, reached.answers).filter(state__in=OPEN)
    mine = Q(assignee__in=standing_for(person, at=now)) | Q(assignee=None)
    return for_list(rows.filter(mine, due_at__lt=until)).order_by("due_at", "id")[:limit]


def standing_for(person: Person, *, at: datetime) -> frozenset[int]:
    """Whose cases are the person's to see to now, by key: one's own, and theirs whom one covers for (D27)."""
    return absences.covered_by(person, at=at) | {person.pk}


def end_of_today(now: datetime) -> datetime:
    """Midnight, Swedish time."""
    tomorrow = timezone.localtime(now) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def case_for(person: Person, pk: int, *, at: datetime) -> tuple[Case, Reach]:
    """One case with what its page shows. Raises Case.DoesNotExist where the person may not see it."""
    reached = reach(person, at=at)
    rows = cases(reached).select_related(
        "channel__unit__department",
        "unit",
        "assignee",
        "claimed_by",
        "thread",
        "last_item__version",
        "last_item__actor",
    )
    return rows.get(pk=pk), reached


def forwards(case: Case) -> list[Forward]:
    """The questions that were put to experts, newest first."""
    return list(case.forwards.select_related("sent_by", "person").order_by("-id"))


def answers(case: Case) -> list[Answer]:
    """The answers that were written, newest first."""
    return list(case.answers.select_related("publisher", "intent", "forward", "item").order_by("-id"))


def steps(case: Case) -> list[Step]:
    """The case's trail, oldest first; of a very long one the newest steps."""
    return list(trail.steps_of(case).order_by("-id")[:STEPS_SHOWN])[::-1]


def newest_step(case: Case) -> int:
    """The key of the last step that says something new to somebody who has the case open."""
    rows = trail.steps_of(case).exclude(name__in=QUIET_STEPS).order_by("-id")
    return rows.values_list("pk", flat=True).first() or 0


def people_by_key(keys: Sequence[int]) -> dict[int, str]:
    """Names of people that a trail mentions."""
    return dict(Person.objects.filter(pk__in=set(keys)).values_list("pk", "name")) if keys else {}


def without_case(*, now: datetime, history: timedelta) -> QuerySet[Item]:
    """Received lately and still without a case, though not history from before the channel was connected."""
    heard = CaseItem.objects.filter(item=OuterRef("pk"))
    rows = Item.objects.filter(
        ~Exists(heard),
        direction="received",
        captured_at__range=(now - UNHEARD_BACK, now - UNHEARD_AFTER),
        at__gte=F("channel__connected_at") - history,
    )
    return rows.select_related("thread").order_by("at", "id")[:200]
