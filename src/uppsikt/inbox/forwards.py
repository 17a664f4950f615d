"""Forwarding a question to the one who knows, who needs no rights on the network and no login here (D37)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.inbox import actions, queries
from uppsikt.inbox.models import Case, Forward, ForwardLink
from uppsikt.inbox.states import OUT
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.records import reading
from uppsikt.records.reading import Reader


def digest(token: str) -> str:
    """What is stored of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def link(token: str) -> str:
    """The expert's page."""
    return f"{settings.PUBLIC_URL}/svara/{token}/"


def forward(
    case: Case,
    *,
    question: str,
    by: Person,
    now: datetime,
    person: Person | None = None,
    email: str = "",
    name: str = "",
    language: str = "sv",
) -> tuple[Forward, str]:
    """Put the question to somebody in the organisation, or at any e-mail address; returns the row and the link.

    The letter goes out in the same transaction as the row is written, in the person's own language, else in
    `language`. Raises Refused without an address.
    """
    actions.check_mandate(case, by, now=now)
    to = To(person, email.strip(), name.strip(), language)
    with transaction.atomic():
        holder = actions.locked(case.pk).assignee or by
        trail.take("forward", case, by=by.doer, at=now, also={"to": to.address, "person": person}, assignee=holder)
        return put(case, to, question=question, sent_by=by, by=by.doer, now=now)


@dataclass(frozen=True, slots=True)
class To:
    """Who is asked: somebody here, or whoever reads at an address."""

    person: Person | None
    email: str = ""
    name: str = ""
    language: str = "sv"

    @property
    def address(self) -> str:
        """Where the letter goes."""
        return self.person.email if self.person else self.email

    @property
    def signature(self) -> tuple[str, str, str]:
        """Name, title and unit, as far as we know them."""
        return self.person.signature() if self.person else (self.name, "", "")


def put(
    case: Case,
    to: To,
    *,
    question: str,
    sent_by: Person,
    by: Doer,
    now: datetime,
    handed_on_from: Forward | None = None,
) -> tuple[Forward, str]:
    """Write the question and its letter. Raises Refused without an address, or for one who may not read it."""
    if not to.address:
        raise Refused("nobody", _("Välj vem frågan ska till, eller skriv en e-postadress."))
    if queries.is_kept_from(case, reading.reader(to.person, now=now) if to.person else reading.OPEN):
        raise Refused(
            "secret", _("Konversationen är sekretessmarkerad, och den du har valt får inte läsa den. Välj någon annan.")
        )
    token = secrets.token_urlsafe(32)
    name, title, unit = to.signature
    row = Forward(
        case=case,
        person=to.person,
        email=to.address,
        name=name,
        title=title,
        unit_name=unit,
        question=question.strip(),
        digest=digest(token),
        sent_by=sent_by,
        sent_at=now,
        expires_at=now + timedelta(days=policy.number("forward.link_days")),
        language=to.person.language if to.person else to.language,
        handed_on_from=handed_on_from,
    )
    with transaction.atomic():
        trail.begin(row, by=by, at=now, step="send", also={"case": case, "to": to.address})
        with translation.override(row.language):
            subject = _("En fråga till dig från %(name)s") % {"name": by.name}
            notices.write_letter(to=row.email, subject=subject, text=letter(row, token, now=now), now=now)
    return row, link(token)


def letter(row: Forward, token: str, *, now: datetime) -> str:
    """The letter to the expert. What the citizen wrote stays behind the link: e-mail is no place for it."""
    return _(
        "Hej!\n\n%(name)s ber dig svara på en fråga som har kommit in i kanalen %(channel)s.\n%(question)s\n"
        "Svaret ska ges senast %(due)s.\n\n"
        "Läs frågan och skriv ditt svar här. Länken är din egen och kräver ingen inloggning:\n"
        "%(link)s\n\nDu behöver inte publicera något själv. Ditt svar publiceras i ditt namn.\n"
    ) % {
        "name": row.sent_by.name,
        "channel": row.case.channel.name,
        "question": f"\n{row.question}\n" if row.question else "",
        "due": policy.due_words(row.case.due_at, now=now),
        "link": link(token),
    }


def find(token: str, *, now: datetime) -> Forward:
    """The forwarded question of a link.

    Raises Refused: "link_old" where a new link can be had by e-mail, else "link_dead".
    """
    dead = Refused("link_dead", _("Länken gäller inte längre. Be den som skickade frågan om en ny."))
    row, until = behind(token)
    if row is None or until is None or row.state in {"withdrawn", "handed_on"}:
        raise dead
    if queries.is_kept_from(row.case, reader_of(row, now=now)):
        raise dead
    if until <= now:
        raise Refused("link_old", _("Länken är för gammal.")) if row.state in OUT and row.case.is_open else dead
    return row


def behind(token: str) -> tuple[Forward | None, datetime | None]:
    """The question behind a link, and until when the link opens it; the first link, or one that came later."""
    rows = Forward.objects.select_related(
        "case__channel", "case__thread", "case__last_item__version", "sent_by", "person"
    )
    first = rows.filter(digest=digest(token)).first()
    if first is not None:
        return first, first.expires_at
    later = ForwardLink.objects.filter(digest=digest(token)).first()
    return (rows.get(pk=later.forward_id), later.until) if later else (None, None)


def reader_of(row: Forward, *, now: datetime) -> Reader:
    """What the expert may read: what is open, and what is secret where they might read it logged in (D20)."""
    return reading.reader(row.person, now=now) if row.person else reading.OPEN


def doer(row: Forward) -> Doer:
    """The expert as the trail knows them: by the link, with the name that they gave."""
    return Doer(f"forward:{row.pk}", row.name or row.email)


def opened(row: Forward, *, now: datetime) -> None:
    """The expert has seen the question."""
    if row.opened_at is None and row.state in OUT:
        trail.take("open", row, by=doer(row), at=now, opened_at=now)


def answer(row: Forward, *, text: str, name: str, title: str, unit: str, now: datetime) -> Forward:
    """The expert's own answer, with the name, title and unit that it is to be signed with. Raises Refused."""
    if not text.strip():
        raise Refused("empty", _("Skriv ditt svar först."))
    if not (name.strip() and title.strip() and unit.strip()):
        raise Refused("unsigned", _("Fyll i namn, titel och enhet. Svaret undertecknas med dem."))
    with transaction.atomic():
        kept = trail.take(
            "answer",
            row,
            by=Doer(f"forward:{row.pk}", name.strip()),
            at=now,
            text=text.strip(),
            name=name.strip()[:120],
            title=title.strip()[:120],
            unit_name=unit.strip()[:120],
            ended_at=now,
        )
        came_back(kept, lambda: _("%(name)s har svarat på din fråga.") % {"name": name.strip()}, now=now)
    return kept


def hand_back(row: Forward, *, reason: str, now: datetime) -> Forward:
    """The expert says that the question is somebody else's. Raises Refused without a word on whose."""
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför, och gärna vem som vet mer."))
    with transaction.atomic():
        kept = trail.take(
            "hand_back", row, by=doer(row), at=now, reason=reason.strip(), text=reason.strip(), ended_at=now
        )
        came_back(kept, lambda: _("%(name)s lämnade tillbaka frågan.") % {"name": kept}, now=now)
    return kept


def came_back(row: Forward, words: Callable[[], str], *, now: datetime) -> None:
    """Write it on the case, and tell the one who asked and the one who has the case."""
    case = Case.objects.select_related("assignee").get(pk=row.case_id)
    trail.take("expert_answered", case, by=doer(row), at=now, also={"forward": row, "state": row.state})
    people = {person for person in (row.sent_by, case.assignee) if person}
    notices.tell(people, kind="expert_answered", words=words, url=actions.address(case), now=now)


def withdraw(row: Forward, *, by: Person, now: datetime) -> Forward:
    """Take a question back: the link dies at once. Raises Refused without a mandate."""
    actions.check_mandate(row.case, by, now=now)
    return trail.take("withdraw", row, by=by.doer, at=now, ended_at=now)
