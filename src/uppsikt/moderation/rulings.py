"""Asking the board's office when in doubt (D44): a question on the item, a clock, reminders, a ruling."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import around, registering, telling
from uppsikt.moderation.models import Ruling
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item

SORT = "fragor"
OUTCOMES = ("stay", "remove", "register", "other")


def ask(item: Item, *, question: str, by: Person, now: datetime) -> Ruling:
    """Ask the board's office about an item; the clock starts. Raises Refused."""
    around.check_read(item, by, now=now)
    question = around.check_words(question, _("Skriv vad du undrar."))
    due = around.due_in(now, "ruling.within_working_days")
    row = Ruling(item=item, text=question, by=by, at=now, due_at=due)
    with around.only_one("asked_already", _("Nämndkansliet har redan fått en fråga om det här.")):
        trail.begin(row, by=by.doer, at=now, step="ask", reason=question, also={"item": item, "due": due})
        words = lazy("%(who)s frågar vad som gäller för något i %(channel)s.")
        tell(around.with_role(Role.REGISTRAR, item, now=now), row, words, now=now, who=by.name)
    return row


def tell(people: Iterable[Person | None], row: Ruling, words: Promise, *, now: datetime, who: str = "") -> None:
    """Tell them of it."""
    telling.tell(people, "ruling", words, row.item, around.address(SORT, row), now=now, who=who)


def answer(row: Ruling, *, outcome: str, text: str, by: Person, now: datetime) -> Ruling:
    """What the office comes to. It advises: whoever may remove decides. Raises Refused."""
    if Role.REGISTRAR not in by.roles:
        raise Refused("not_registrar", _("Det här svarar nämndkansliet på."))
    if outcome not in OUTCOMES:
        raise Refused("no_outcome", _("Välj vad ni kommit fram till."))
    text = around.check_words(text, _("Skriv varför."))
    with transaction.atomic():
        row = trail.take(
            "answer", row, by=by.doer, at=now, reason=text, answer=text, outcome=outcome, ended_at=now, ended_by=by
        )
        if outcome == "register":
            registering.want(row.item, "ruling", now=now, by=by.doer)
        tell([row.by], row, lazy("Nämndkansliet har svarat på din fråga om något i %(channel)s."), now=now)
    return row


def withdraw(row: Ruling, *, by: Person, now: datetime) -> Ruling:
    """The question needs no answer any more. Raises Refused for another's."""
    if row.by_id != by.pk:
        raise Refused("not_yours", _("Bara den som frågade kan ta tillbaka frågan."))
    return trail.take("withdraw", row, by=by.doer, at=now, ended_at=now, ended_by=by)


def remind(*, now: datetime) -> int:
    """Remind the office and whoever asked, once a day from when the time is out."""
    with transaction.atomic():
        late = list(around.reminded(Ruling.objects.filter(state="asked"), now=now))
        for row in late:
            people = [*around.with_role(Role.REGISTRAR, row.item, now=now), row.by]
            tell(people, row, lazy("En fråga till nämndkansliet har inte fått svar i tid."), now=now)
    return len(late)
