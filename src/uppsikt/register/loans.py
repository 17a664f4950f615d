"""An account on loan: agreed with the communications unit, acknowledged by those who run it, over by itself (D31)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels import mandates
from uppsikt.channels import queries as channel_queries
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.policy import guideline
from uppsikt.policy import queries as policy
from uppsikt.register.loan_models import Loan, LoanPerson
from uppsikt.register.loan_states import OPEN

LOANS = Doer.system("loans")
# Nobody plans a loan longer ahead: a year that is further away is a slip of the pen.
AHEAD = timedelta(days=366)
NOBODY = "Ingen som lånar kontot är kvar."


def address(loan: Loan) -> str:
    """Where the loan is shown, without the host."""
    return f"/konton/lan/{loan.pk}/"


def ask(
    *,
    channel: Channel,
    people: Iterable[Person],
    acts: Iterable[Act],
    since: datetime,
    until: datetime,
    purpose: str,
    by: Person,
    now: datetime,
) -> Loan:
    """The manager wants to lend the account out; the communications unit is told.

    Raises Refused for somebody else's manager, without people, purpose or anything that they may do, for a time that
    is backwards, over or too long, and for somebody who can have no mandate or no use of one (D34).
    """
    borrowers, chosen = list({one.pk: one for one in people}.values()), sorted({act.value for act in acts})
    check_manager(by, channel)
    check_time(since, until, now=now)
    check_open(channel)
    if not borrowers:
        raise Refused("nobody", _("Skriv vem eller vilka som ska sköta kontot."))
    if not chosen:
        raise Refused("no_acts", _("Välj minst en sak som lånet ger rätt till."))
    if not purpose.strip():
        raise Refused("no_purpose", _("Skriv vad kontot lånas ut till."))
    for one in borrowers:
        check_borrower(one)
    loan = Loan(
        channel=channel,
        purpose=purpose.strip(),
        acts=chosen,
        since=since,
        until=until,
        asked_by=by,
        asked_at=now,
    )
    with transaction.atomic():
        also = {"people": borrowers, "acts": chosen, "since": since, "until": until}
        trail.begin(loan, by=by.doer, at=now, step="ask", reason=loan.purpose, also=also)
        LoanPerson.objects.bulk_create(LoanPerson(loan=loan, person=one) for one in borrowers)
        tell(
            loan,
            organisation.people_with_role(Role.COMMUNICATIONS, at=now, unit=channel.unit).exclude(pk=by.pk),
            lambda: _("%(channel)s ska lånas ut. Säg om kommunikationsenheten är överens om det."),
            now=now,
        )
    return loan


def check_manager(person: Person, channel: Channel) -> None:
    """Raise Refused for anybody but the manager who gives mandates there (D21)."""
    if not channel_queries.gives_mandates(person, channel):
        raise Refused(
            "not_manager",
            _("Det är chefen för %(unit)s som lånar ut kontot. Be hen om det.") % {"unit": channel.unit.name},
        )


def check_time(since: datetime, until: datetime, *, now: datetime) -> None:
    """Raise Refused for a loan that never holds, or for longer than the policy lets it."""
    most = policy.number("loan.most_days")
    if until <= since:
        raise Refused("ends_first", _("Lånet tar slut innan det börjar. Välj en senare sista dag."))
    if until <= now:
        raise Refused("past", _("Lånet skulle redan vara slut. Välj en senare sista dag."))
    if until - since > timedelta(days=most + 1):
        raise Refused("too_long", _("Ett konto lånas ut högst %(days)s dagar.") % {"days": most})
    if since > now + AHEAD:
        raise Refused("too_far", _("Lånet börjar om mer än ett år. Välj en tidigare första dag."))


def check_open(channel: Channel) -> None:
    """Raise Refused for an account that is no more."""
    if channel.state == "closed":
        raise Refused("closed", _("Kontot är avslutat och kan inte lånas ut."))


def check_borrower(person: Person) -> None:
    """Raise Refused for somebody who can have no mandate, or whom it would open no page."""
    mandates.check_holder(person)
    if person.roles.isdisjoint(STAFF):
        raise Refused(
            "no_role",
            _(
                "%(name)s har ingen roll för att arbeta i kanaler, så lånet skulle inte öppna något. Be "
                "systemadministratören ge hen rollen kontoansvarig först."
            )
            % {"name": person.name},
        )


def check_not_over(loan: Loan, *, now: datetime) -> None:
    """Raise Refused for a loan whose last day has been, whether that is written yet or not."""
    if loan.until <= now:
        raise Refused("past", _("Lånets sista dag har redan varit. Skriv ett nytt lån."))


def check_communications(person: Person) -> None:
    """Raise Refused for anybody who cannot speak for the communications unit."""
    if Role.COMMUNICATIONS not in person.roles:
        raise Refused("not_communications", _("Det är kommunikationsenheten som kommer överens om ett lån."))


def agree(loan: Loan, *, words: str, by: Person, now: datetime) -> Loan:
    """The communications unit agrees; those who are to run the account are asked to acknowledge it."""
    check_communications(by)
    check_open(loan.channel)
    check_not_over(loan, now=now)
    for one in loan.people.select_related("person"):
        mandates.check_holder(one.person)
    with transaction.atomic():
        row = trail.take(
            "agree", loan, by=by.doer, at=now, reason=words, answered_by=by, answered_at=now, answer=words.strip()
        )
        tell(row, borrowers(row), lambda: _("Du ska få låna %(channel)s. Läs villkoren och kvittera."), now=now)
        tell(row, [row.asked_by], lambda: _("Kommunikationsenheten är överens om att låna ut %(channel)s."), now=now)
    return row


def refuse(loan: Loan, *, reason: str, by: Person, now: datetime) -> Loan:
    """The communications unit does not agree. Raises Refused without a reason."""
    check_communications(by)
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför, så att den som frågade förstår."))
    with transaction.atomic():
        row = trail.take(
            "refuse", loan, by=by.doer, at=now, reason=reason, answered_by=by, answered_at=now, answer=reason.strip()
        )
        tell(
            row, [row.asked_by], lambda: _("Kommunikationsenheten är inte överens om att låna ut %(channel)s."), now=now
        )
    return row


def withdraw(loan: Loan, *, by: Person, now: datetime) -> Loan:
    """The manager no longer wants to lend the account out, before anything was agreed."""
    check_manager(by, loan.channel)
    return trail.take("withdraw", loan, by=by.doer, at=now)


def acknowledge(loan: Loan, *, person: Person, now: datetime) -> LoanPerson:
    """Somebody who is to run the account knows the terms and the guideline; their mandate holds in the loan's time.

    Raises Refused for somebody whom the loan does not name, who has not acknowledged the guideline's newest edition, or
    who can have no mandate.
    """
    mandates.check_holder(person)
    check_open(loan.channel)
    check_not_over(loan, now=now)
    with transaction.atomic():
        row = LoanPerson.objects.select_for_update().filter(loan=loan, person=person).first()
        if row is None:
            raise Refused("not_yours", _("Lånet gäller andra personer än dig."))
        if row.acknowledged_at is not None:
            raise Refused("acknowledged", _("Du har redan kvitterat lånet."))
        if guideline.unread(person) is not None:
            raise Refused("unacknowledged", _("Läs och kvittera riktlinjen först. Sedan kan du kvittera lånet."))
        trail.take("acknowledge", loan, by=person.doer, at=now)
        row.mandate = channels.give_mandate(
            person=person,
            channel=loan.channel,
            acts=[Act(act) for act in loan.acts],
            since=max(loan.since, now),
            until=loan.until,
            given_by=loan.asked_by,
            reason=loan.purpose,
            now=now,
            on_loan=True,
        )
        row.acknowledged_at = now
        row.save(update_fields=["acknowledged_at", "mandate"])
    return row


def end(loan: Loan, *, reason: str, by: Doer, now: datetime) -> Loan:
    """The loan is over, and with it every right that it gave, in the same moment."""
    with transaction.atomic():
        row = trail.take("end", loan, by=by, at=now, reason=reason, ended_at=now)
        for one in row.people.filter(mandate__state="in_force").select_related("mandate"):
            if one.mandate is not None:
                trail.take("end", one.mandate, by=by, at=now, reason=reason)
        tell(row, borrowers(row), lambda: _("Lånet av %(channel)s är slut. Skriv en överlämning."), now=now)
        tell(row, [row.asked_by], lambda: _("Lånet av %(channel)s är slut."), now=now)
    return row


def end_early(loan: Loan, *, reason: str, by: Person, now: datetime) -> Loan:
    """End a loan before its time: the manager, the communications unit, or one of those who have it. Needs a reason."""
    named = loan.people.filter(person=by).exists()
    if not (named or Role.COMMUNICATIONS in by.roles or channel_queries.gives_mandates(by, loan.channel)):
        raise Refused("not_yours", _("Lånet avslutas av chefen, kommunikationsenheten eller den som lånar kontot."))
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför lånet avslutas i förtid."))
    return end(loan, reason=reason.strip(), by=by.doer, now=now)


def hand_back(loan: Loan, *, note: str, by: Person, now: datetime) -> Loan:
    """What is left to do, and what those who take over must know. Raises Refused without a word."""
    named = loan.people.filter(person=by).exists()
    if not (named or channel_queries.gives_mandates(by, loan.channel)):
        raise Refused("not_yours", _("Överlämningen skrivs av den som har lånat kontot, eller av chefen."))
    if not note.strip():
        raise Refused("no_note", _("Skriv vad som återstår och vad den som tar över behöver veta."))
    with transaction.atomic():
        row = trail.take("hand_back", loan, by=by.doer, at=now, handover=note.strip(), handed_back_by=by)
        tell(row, [row.channel.responsible], lambda: _("Överlämningen efter lånet av %(channel)s är skriven."), now=now)
    return row


def keep(*, now: datetime) -> None:
    """What is done every quarter of an hour: loans begin and end. Their mandates keep the time by themselves."""
    rows = Loan.objects.select_related("channel", "asked_by").order_by("pk")
    over = Q(until__lte=now) | Q(channel__state="closed")
    for row in rows.filter(over, state__in=OPEN):
        why = "Lånets sista dag har varit." if row.until <= now else "Kontot är avslutat."
        end(row, reason=why, by=LOANS, now=now)
    for row in rows.filter(over, state="asked"):
        lapse(row, now=now)
    for row in rows.filter(state="agreed", since__lte=now):
        trail.take("begin", row, by=LOANS, at=now)


def lapse(loan: Loan, *, now: datetime) -> Loan:
    """Nobody answered before the loan would have been over; whoever asked is told."""
    with transaction.atomic():
        row = trail.take("withdraw", loan, by=LOANS, at=now, reason="Ingen svarade i tid.")
        tell(row, [row.asked_by], lambda: _("Lånet av %(channel)s blev inte av: ingen svarade i tid."), now=now)
    return row


def let_go(person: Person, *, now: datetime) -> None:
    """Somebody left, or was elected: a loan that has nobody else ends (their own mandates have ended already)."""
    rows = Loan.objects.filter(state__in=[*OPEN, "asked"], people__person=person).select_related("channel", "asked_by")
    for row in rows.order_by("pk"):
        if row.people.filter(person__is_active=True, person__politician=False).exists():
            continue
        if row.state == "asked":
            trail.take("withdraw", row, by=LOANS, at=now, reason=NOBODY)
        else:
            end(row, reason=NOBODY, by=LOANS, now=now)


def borrowers(loan: Loan) -> list[Person]:
    """Those who run the account, and are still here."""
    return list(Person.objects.filter(pk__in=loan.people.values("person_id"), is_active=True).order_by("name"))


def tell(loan: Loan, people: Iterable[Person], words: Callable[[], str], *, now: datetime) -> None:
    """Tell people of a loan; %(channel)s stands for the account."""
    told = list(people)
    if told:
        named = {"channel": loan.channel.name}
        notices.tell(told, kind="loan", words=lambda: words() % named, url=address(loan), now=now)
