"""What happens while a question is with an expert: reminders, questions in between, handing on, a new link (D37)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.channels import restored
from uppsikt.inbox import actions, forwards, queries, reminders
from uppsikt.inbox.forwards import To
from uppsikt.inbox.models import Case, Clarification, Forward, ForwardLink
from uppsikt.inbox.states import OPEN, OUT
from uppsikt.kernel import trail, working
from uppsikt.kernel.errors import Refused
from uppsikt.notices import actions as notices
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy

AT_ONCE = 500
# The first reminder tells that the question waits, the second that its time is nearly up.
WAITS, NEARLY_DUE = 1, 2
# A question that has been handed on so many times comes back to the officer.
MOST_HANDS = 5
RENEW_AFTER = timedelta(minutes=10)


def new_link(row: Forward, *, now: datetime) -> str:
    """One more link to the question, beside those that there are."""
    token = secrets.token_urlsafe(32)
    until = now + timedelta(days=policy.number("forward.link_days"))
    ForwardLink.objects.create(forward=row, digest=forwards.digest(token), made_at=now, until=until)
    return forwards.link(token)


def write(row: Forward, subject: Callable[[], str], text: Callable[[str], str], *, now: datetime) -> None:
    """Write to the expert in their language, with a link that opens the question."""
    with translation.override(row.language):
        words = text(new_link(row, now=now))
        notices.write_letter(to=row.email, subject=subject(), text=words, now=now)


def due_of(row: Forward, now: datetime) -> str:
    """The deadline, in words."""
    return policy.due_words(row.case.due_at, now=now)


def remind(*, now: datetime) -> int:
    """Remind each expert once when the question has waited, and once before its time is up; returns how many."""
    after = policy.number("forward.remind_after_minutes") * 60
    before = policy.number("forward.remind_before_minutes") * 60
    hours, done = policy.hours(), 0
    for row in perhaps_due(now=now):
        left = working.working_seconds_between(now, row.case.due_at, hours)
        had = working.working_seconds_between(row.sent_at, row.case.due_at, hours)
        waited = working.working_seconds_between(row.sent_at, now, hours)
        # Whoever was asked when the time was nearly up knows it already.
        if left <= before < had:
            level = NEARLY_DUE
        elif waited >= after:
            level = WAITS
        else:
            continue
        if level > row.reminders:
            send_reminder(row, level, now=now)
            done += 1
    return done


def perhaps_due(*, now: datetime) -> Iterator[Forward]:
    """All questions that are out and may have to be reminded of, some hundreds at a time.

    Whoever has been reminded once is looked at again when the time is nearly up: those who wait keep nobody back.
    """
    # A minute more than the policy says: the moment is found to the minute.
    nearly = reminders.working_minutes_on(now, policy.number("forward.remind_before_minutes") + 1)
    rows = Forward.objects.filter(state="sent", case__state__in=OPEN, sent_at__lt=now)
    rows = rows.filter(Q(reminders__lt=WAITS) | Q(reminders__lt=NEARLY_DUE, case__due_at__lte=nearly))
    # After a restore the expert may have answered already: what we know of it begins anew when the channel does.
    rows, last = rows.exclude(case__channel__in=restored.held()), 0
    rows = rows.select_related("case__channel", "sent_by", "person").order_by("pk")
    while found := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield from found
        last = found[-1].pk


def send_reminder(row: Forward, level: int, *, now: datetime) -> None:
    """The letter, and the step that says so."""
    with transaction.atomic():
        row = trail.take("remind", row, by=actions.INBOX, at=now, reminders=level, reminded_at=now)
        write(
            row,
            lambda: _("Påminnelse: en fråga väntar på ditt svar"),
            lambda link: (
                _(
                    "Hej!\n\n%(name)s har bett dig svara på en fråga i kanalen %(channel)s. "
                    "Svaret ska ges senast %(due)s.\n\nLäs frågan och svara här:\n%(link)s\n\n"
                    "Vet någon annan mer, eller hinner du inte? Lämna frågan vidare eller tillbaka på samma sida.\n"
                )
                % {
                    "name": row.sent_by.name,
                    "channel": row.case.channel.name,
                    "due": due_of(row, now),
                    "link": link,
                }
            ),
            now=now,
        )


def hand_on(row: Forward, *, to: To, question: str, now: datetime) -> Forward:
    """The expert names somebody who knows more: a link of their own for them, and this one ends; the officer is told.

    Raises Refused where the question has been handed on too often, or for the same person.
    """
    if not to.address:
        raise Refused("nobody", _("Skriv e-postadressen till den som vet mer."))
    if to.address.casefold() == row.email.casefold():
        raise Refused("itself", _("Det är din egen adress. Skriv adressen till någon annan."))
    if hands(row) >= MOST_HANDS:
        raise Refused("too_often", _("Frågan har gått runt länge. Lämna tillbaka den i stället."))
    by = forwards.doer(row)
    with transaction.atomic():
        kept = trail.take("hand_on", row, by=by, at=now, also={"to": to.address}, text=question.strip(), ended_at=now)
        case = Case.objects.select_related("assignee", "channel").get(pk=row.case_id)
        words = "\n\n".join(filter(None, (row.question, question.strip())))
        made, _link = forwards.put(case, to, question=words, sent_by=row.sent_by, by=by, now=now, handed_on_from=kept)
        trail.note("forward", case, by=by, at=now, also={"to": to.address, "person": to.person, "forward": made})
        tell_officer(
            made,
            lambda: _("%(name)s lämnade frågan vidare till %(to)s.") % {"name": kept, "to": made},
            now=now,
        )
    return made


def hands(row: Forward) -> int:
    """How many hands the question has been in."""
    count, before = 1, row.handed_on_from_id
    while before and count < MOST_HANDS:
        before = Forward.objects.filter(pk=before).values_list("handed_on_from_id", flat=True).first()
        count += 1
    return count


def tell_officer(row: Forward, words: Callable[[], str], *, now: datetime) -> None:
    """Tell the one who asked, and the one who has the case."""
    case = Case.objects.select_related("assignee").get(pk=row.case_id)
    people = {person for person in (row.sent_by, case.assignee) if person}
    notices.tell(people, kind="expert_answered", words=words, url=actions.address(case), now=now)


def ask_back(row: Forward, *, text: str, now: datetime) -> Clarification:
    """The expert needs to know more first; the question waits with the officer. Raises Refused where it is empty."""
    if not text.strip():
        raise Refused("empty", _("Skriv vad du behöver veta."))
    with transaction.atomic():
        kept = trail.take("ask_back", row, by=forwards.doer(row), at=now)
        said = Clarification.objects.create(forward=kept, text=text.strip(), at=now)
        trail.note("asked_back", row.case, by=forwards.doer(row), at=now, also={"forward": kept})
        tell_officer(kept, lambda: _("%(name)s behöver veta mer för att kunna svara.") % {"name": kept}, now=now)
    return said


def explain(row: Forward, *, text: str, by: Person, now: datetime) -> Clarification:
    """The officer answers what the expert asked, who gets a letter. Raises Refused without a mandate or a text."""
    actions.check_mandate(row.case, by, now=now)
    if not text.strip():
        raise Refused("empty", _("Skriv ditt svar först."))
    with transaction.atomic():
        kept = trail.take("explain", row, by=by.doer, at=now)
        said = Clarification.objects.create(forward=kept, author=by, text=text.strip(), at=now)
        trail.note("explained", row.case, by=by.doer, at=now, also={"forward": kept})
        write(
            row,
            lambda: _("%(name)s har svarat på det du undrade") % {"name": by.name},
            lambda link: (
                _(
                    "Hej!\n\n%(name)s har svarat på det du behövde veta. Läs det och svara på frågan här:\n%(link)s\n\n"
                    "Svaret ska ges senast %(due)s.\n"
                )
                % {"name": by.name, "link": link, "due": due_of(row, now)}
            ),
            now=now,
        )
    return said


def renew(token: str, *, now: datetime) -> Forward:
    """A link that was too old: a new one goes to the address that the question went to, whoever asks for it.

    Raises Refused where there is nothing to open any more. Asking again within some minutes sends nothing.
    """
    row, _until = forwards.behind(token)
    kept = row is not None and queries.is_kept_from(row.case, forwards.reader_of(row, now=now))
    if row is None or kept or row.state not in OUT or not row.case.is_open:
        raise Refused("link_dead", _("Länken gäller inte längre. Be den som skickade frågan om en ny."))
    with transaction.atomic():
        row = Forward.objects.select_for_update(of=("self",)).select_related("case__channel", "sent_by").get(pk=row.pk)
        if row.renewed_at and row.renewed_at > now - RENEW_AFTER:
            return row
        row = trail.take("renew", row, by=forwards.doer(row), at=now, renewed_at=now)
        write(
            row,
            lambda: _("Din nya länk till frågan från %(name)s") % {"name": row.sent_by.name},
            lambda link: (
                _("Hej!\n\nHär är en ny länk till frågan:\n%(link)s\n\nSvaret ska ges senast %(due)s.\n")
                % {"link": link, "due": due_of(row, now)}
            ),
            now=now,
        )
    return row
