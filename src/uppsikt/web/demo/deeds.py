"""What colleagues did, done by the ordinary actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from uppsikt.inbox import actions, answers, forwards
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Case, Forward
from uppsikt.organisation.models import Person
from uppsikt.web.demo.day import Deed

People = Mapping[str, Person]


def do(pk: int, deed: Deed, people: People, now: datetime) -> None:
    """Carry a deed out on a case. Raises Refused where it may not be done."""
    case = Case.objects.select_related("channel", "last_item", "assignee").get(pk=pk)
    VERBS[deed.verb](case, deed, people, now)


def take(case: Case, deed: Deed, people: People, now: datetime) -> None:
    actions.take(case, people[deed.who], now=now)


def assign(case: Case, deed: Deed, people: People, now: datetime) -> None:
    actions.assign(case, people[deed.to], by=people[deed.who], now=now)


def forward(case: Case, deed: Deed, people: People, now: datetime) -> None:
    forwards.forward(
        case,
        question=deed.text,
        by=people[deed.who],
        now=now,
        person=None if deed.email else people[deed.to],
        email=deed.email,
        name=deed.to,
    )


def waiting(case: Case) -> Forward:
    """The question that was put last."""
    return case.forwards.select_related("case", "sent_by").filter(state="sent").latest("id")


def expert(case: Case, deed: Deed, people: People, now: datetime) -> None:
    name, title, unit = people[deed.who].signature()
    forwards.answer(waiting(case), text=deed.text, name=name, title=title, unit=unit, now=now)


def hand_back(case: Case, deed: Deed, people: People, now: datetime) -> None:
    forwards.hand_back(waiting(case), reason=deed.text, now=now)


def note(case: Case, deed: Deed, people: People, now: datetime) -> None:
    actions.add_note(case, deed.text, by=people[deed.who], now=now)


def answer(case: Case, deed: Deed, people: People, now: datetime) -> None:
    who = people[deed.who]
    answers.answer(case, deed.text, author=Author.of(who), publisher=who, now=now)


VERBS: dict[str, Callable[[Case, Deed, People, datetime], None]] = {
    "take": take,
    "assign": assign,
    "forward": forward,
    "expert": expert,
    "hand_back": hand_back,
    "note": note,
    "answer": answer,
}
