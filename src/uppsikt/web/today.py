"""What is due today for one person, in order, and why (D71). Each line is one thing to do and one link.

Calm: what is many of a sort becomes one line, and what needs nothing is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels import pages, words
from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.channels.states import AT_WORK
from uppsikt.inbox import actions as inbox_actions
from uppsikt.inbox import queries as inbox
from uppsikt.inbox.models import Answer, Case, Forward
from uppsikt.inbox.states import OPEN, UNANSWERED
from uppsikt.kernel.backups import runs
from uppsikt.moderation import waiting
from uppsikt.moderation.waiting import Waiting
from uppsikt.notices.models import Letter
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Department, Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy
from uppsikt.records import queries as records
from uppsikt.register import waiting as accounts_waiting
from uppsikt.ui import times
from uppsikt.web import first_steps, today_oversight, today_people, ways
from uppsikt.web.today_line import Line

MOST = 30
SOON = timedelta(days=14)
# Named one by one up to so many; beyond that, one line says how many.
FEW = 4


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when, and which channels they reach."""

    person: Person
    now: datetime
    reach: inbox.Reach

    def has(self, *roles: str) -> bool:
        """Whether the person holds one of the roles."""
        return bool(set(roles) & self.person.roles)

    @property
    def manages(self) -> Q | None:
        """The channels of the units that the person is manager of; None for somebody who is not."""
        if not self.has(Role.MANAGER):
            return None
        units = self.person.units_as(Role.MANAGER)
        return Q() if units is None else Q(unit__in=units)


def stuck_answers(ask: Asking) -> Iterator[Line]:
    """Answers that did not come through, or nobody can tell."""
    rows = Answer.objects.filter(
        Q(publisher=ask.person) | Q(case__assignee=ask.person),
        state__in=["failed", "uncertain"],
        case__channel_id__in=ask.reach.answers,
    )
    for row in rows.select_related("case__channel", "intent").order_by("id")[:MOST]:
        if row.state == "failed":
            what, why = _("Svaret gick inte att publicera"), words.trouble(row.intent.error_code).title
        else:
            what = _("Säg om svaret kom fram")
            why = _("Förbindelsen bröts mitt i. Ingen kan svara igen förrän det är klart hur det gick.")
        yield Line(
            "exclamation-triangle",
            what,
            why,
            inbox_actions.address(row.case),
            "danger",
            row.case.due_at,
            row.text,
            row.case.channel.name,
            case_id=row.case_id,
        )


def came_back(ask: Asking) -> Iterator[Line]:
    """Experts who have answered, or handed the question back, to the one who asked."""
    mine = Q(sent_by=ask.person) | Q(case__assignee=ask.person)
    used = Answer.objects.exclude(forward=None).exclude(state="dropped").values("forward_id")
    rows = Forward.objects.filter(mine, state__in=["answered", "handed_back"], case__channel_id__in=ask.reach.answers)
    # Of a case that another answers for too: what the expert said is wanted by whoever writes that answer.
    rows = rows.filter(case__state__in=UNANSWERED).exclude(pk__in=used)
    # Handed back and put to somebody else since: that is under way again.
    asked_again = Exists(Forward.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk")))
    rows = rows.exclude(Q(state="handed_back") & asked_again)
    for row in rows.select_related("case__channel").order_by("ended_at")[:MOST]:
        answered = row.state == "answered"
        yield Line(
            "reply",
            (_("%(name)s har svarat") if answered else _("%(name)s lämnade tillbaka frågan")) % {"name": row},
            _("Svaret väntar på att du publicerar det i kanalen.")
            if answered
            else _("Frågan behöver någon annan som vet."),
            inbox_actions.address(row.case),
            "accent",
            row.case.due_at,
            row.text,
            row.case.channel.name,
            case_id=row.case_id,
        )


def cases(ask: Asking) -> Iterator[Line]:
    """Cases that are overdue or due today: one's own, and those that nobody has taken (D35, D38)."""
    until, days = inbox.end_of_today(ask.now), policy.number("answer.within_working_days")
    for case in inbox.due_by(ask.person, until=until, now=ask.now, limit=MOST, reached=ask.reach):
        yield Line(
            "chat-left-text",
            _("Ge det svar som är utlovat") if case.state == "promised" else _("Svara"),
            why_case(case, ask, days),
            inbox_actions.address(case),
            "danger" if case.due_at < ask.now else "warning",
            case.due_at,
            str(getattr(case, "words", "") or ""),
            case.channel.name,
            case_id=case.pk,
        )


def why_case(case: Case, ask: Asking, days: int) -> str:
    """Why a case is due now; an answer is owed within so many working days."""
    if case.state == "promised":
        return _("Mellansvaret har lovat ett svar till den här tiden.")
    whose = _("Du har tagit ärendet.") if case.assignee_id == ask.person.pk else _("Ingen har tagit ärendet än.")
    if getattr(case, "asked", False):
        whose = _("Frågan ligger hos en sakkunnig. Hinner hen inte kan du skicka ett mellansvar.")
    within = ngettext(
        "Den som skriver ska få svar inom en arbetsdag.", "Den som skriver ska få svar inom %(days)s arbetsdagar.", days
    )
    return f"{within % {'days': days} if days > 1 else within} {whose}"


def oversight(ask: Asking) -> Iterator[Line]:
    """Rounds that are due or missed, and coming days with nobody to make them (D25-D27)."""
    yield from today_oversight.lines(ask.person, now=ask.now)


def to_know(ask: Asking) -> Iterator[Line]:
    """The guideline to acknowledge, and short courses to take (D24)."""
    yield from today_people.lines(ask.person, now=ask.now)


def around_removals(ask: Asking) -> Iterator[Line]:
    """Removals, questions, blocks, reports, reconsiderations and incidents that wait for the person."""
    for one in waiting.for_person(ask.person, ask.reach.records, now=ask.now):
        yield waits("shield-check", one)


def around_accounts(ask: Asking) -> Iterator[Line]:
    """Orders, loans, closings, deviations and accounts that were found, where they wait for the person."""
    for one in accounts_waiting.for_person(ask.person, now=ask.now):
        yield waits("journal-text", one, order=2)


def waits(icon: str, one: Waiting, *, order: int = 0) -> Line:
    """The line of one thing that waits for the person in another room."""
    return Line(icon, one.what, one.why, one.url, one.tone, one.due_at, who=one.about, order=order)


def late_for_others(ask: Asking) -> Iterator[Line]:
    """For managers: what is overdue in the channels of their units, whoever has it."""
    if ask.manages is None:
        return
    own = Channel.objects.filter(ask.manages)
    # What another case answers for has that one's deadline, and counts once.
    late = Case.objects.filter(channel__in=own, due_at__lt=ask.now, state__in=OPEN).exclude(assignee=ask.person)
    number = len(late.exclude(channel_id__in=ask.reach.answers, assignee=None).values_list("pk")[: inbox.COUNT_TO])
    if number:
        what = ngettext(
            "%(number)s ärende i dina kanaler är försenat", "%(number)s ärenden i dina kanaler är försenade", number
        ) % {"number": number}
        why = _("Enheten ansvarar för sina kanaler. Se vem som har ärendena, och om någon behöver hjälp.")
        yield Line("hourglass-split", what, why, reverse("inbox:list"), "warning", order=1)


def about_channels(ask: Asking) -> Iterator[Line]:
    """Channels that cannot be read or whose history is being read (D5), and those where nobody may answer (D21).

    They are asked for together, each for those who wait for it or can mend it.
    """
    sees_all = ask.has(Role.ADMINISTRATOR, Role.COMMUNICATIONS)
    unread = Q(caught_up_at=None, state__in=[*AT_WORK, "paused"]) | (Q(state__in=AT_WORK) & ~Q(trouble_code=""))
    wanted = unread if sees_all else unread & Q(responsible=ask.person)
    whose = Q() if ask.has(Role.COMMUNICATIONS) else ask.manages
    rows = Channel.objects.connected().select_related("unit", "cursor")
    if whose is not None:
        held = Mandate.objects.in_force(ask.now)
        answered = held.filter(acts__contains=[Act.ANSWER.value], channel=OuterRef("pk"))
        rows = rows.annotate(nobody=~Exists(answered) & ~Exists(held.filter(channel=None)))
        wanted |= whose & Q(nobody=True, state__in=AT_WORK)
    found = list(rows.filter(wanted).order_by("trouble_since", "pk"))
    mine = [row for row in found if sees_all or row.responsible_id == ask.person.pk]
    yield from troubled([row for row in mine if row.is_at_work and row.trouble_code])
    begun = [row for row in mine if row.caught_up_at is None]
    yield from histories(sorted(begun, key=lambda row: (row.joined, row.pk))[:FEW], now=ask.now)
    yield from without_mandates([row for row in found if getattr(row, "nobody", False) and row.is_at_work])


def troubled(rows: list[Channel]) -> Iterator[Line]:
    """Channels that cannot be read until somebody sees to it."""
    for channel in [row for row in rows if pages.needs_somebody(row)][:MOST]:
        said = words.trouble(channel.trouble_code, channel.trouble_facts)
        what = _("%(channel)s går inte att läsa") % {"channel": channel.name}
        why = _("%(title)s. Det som sägs där syns inte här förrän det är löst.") % {"title": said.title}
        yield Line("plug", what, why, channels.address(channel), "danger", order=0)


def histories(rows: list[Channel], *, now: datetime) -> Iterator[Line]:
    """Channels whose history is being read for the first time."""
    for channel in rows:
        reading = pages.reading(channel, now=now)
        if reading is None or pages.needs_somebody(channel):
            continue
        what = _("Historiken i %(channel)s läses in") % {"channel": channel.name}
        why = _("%(far)s. %(rest)s") % {"far": reading.words, "rest": reading.rest}
        yield Line("hourglass-split", what, why, channels.address(channel), order=6)


def held(ask: Asking) -> Iterator[Line]:
    """Comments that the networks hold back, one line for each channel."""
    rows = records.held(list(ask.reach.answers)).values("channel_id", "channel__name").annotate(number=Count("pk"))
    for row in rows.order_by("channel__name"):
        what = ngettext(
            "%(number)s kommentar väntar på godkännande", "%(number)s kommentarer väntar på godkännande", row["number"]
        ) % {"number": row["number"]}
        why = _("Nätet visar dem inte förrän någon godkänner dem. De är ändå inkomna och ska ha svar.")
        url = f"{reverse('records:records')}?kanal={row['channel_id']}&status=held"
        yield Line("eye-slash", what, why, url, "warning", who=row["channel__name"], order=2)


def without_mandates(rows: list[Channel]) -> Iterator[Line]:
    """Channels where nobody may answer, for those who can mend it."""
    for channel in sorted(rows, key=lambda row: row.name)[:FEW]:
        what = _("Ingen har uppdrag i %(channel)s") % {"channel": channel.name}
        why = _("Utan uppdrag kan ingen svara den som skriver där. Det är enhetens chef som ger uppdrag.")
        yield Line("person-plus", what, why, channels.address(channel), "warning", order=3)


def ending(ask: Asking) -> Iterator[Line]:
    """Mandates that end within two weeks: one's own, and for managers those they answer for (D21)."""
    rows = Mandate.objects.in_force(ask.now).filter(until__lte=ask.now + SOON).select_related("channel__unit", "person")
    whose = Q(person=ask.person)
    if ask.manages is not None:
        whose |= Q(channel__in=Channel.objects.filter(ask.manages))
    for row in rows.filter(whose).order_by("until")[:MOST]:
        where = row.channel.name if row.channel else _("alla kanaler")
        mine = row.person_id == ask.person.pk
        what = (
            _("Ditt uppdrag i %(channel)s tar slut") if mine else _("Uppdraget för %(name)s i %(channel)s tar slut")
        ) % {
            "channel": where,
            "name": row.person.name,
        }
        why = (
            _("Be din chef om ett nytt om du ska fortsätta svara där.")
            if mine
            else _("Ge ett nytt uppdrag, eller låt det ta slut.")
        )
        url = channels.address(row.channel) if row.channel else reverse("channels:channels")
        last = times.day_words(row.until - timedelta(seconds=1)) if row.until else ""
        yield Line("calendar-event", what, why, url, order=4, who=last)


def roster_gaps(ask: Asking) -> Iterator[Line]:
    """Departments where nobody can be asked (D4), for those who can name somebody."""
    gaps = organisation.departments_without_contact().filter(pk__in=organisation.rosters_kept(ask.person))
    rows: list[Department] = list(gaps[: inbox.COUNT_TO])
    why = _("Varje förvaltning behöver någon som kan svara när en fråga inte kan vänta.")
    url = reverse("organisation:contacts")
    if len(rows) > FEW:
        what = _("%(number)s förvaltningar saknar kontaktperson") % {"number": len(rows)}
        yield Line("telephone", what, why, url, order=5)
        return
    for row in rows:
        what = _("%(department)s saknar kontaktperson") % {"department": row.name}
        yield Line("telephone", what, why, url, order=5)


def letters(ask: Asking) -> Iterator[Line]:
    """For system administrators: e-mail that does not leave the house."""
    if not ask.has(Role.ADMINISTRATOR):
        return
    number = len(Letter.objects.filter(sent_at=None, tries__gte=2).values_list("pk")[: inbox.COUNT_TO])
    if number:
        what = ngettext("%(number)s mejl går inte att skicka", "%(number)s mejl går inte att skicka", number) % {
            "number": number
        }
        why = _(
            "E-postservern tar inte emot dem. Sakkunniga och kollegor får då inte veta något. Se över "
            "UPPSIKT_EMAIL_URL."
        )
        yield Line("envelope", what, why, reverse("organisation:people"), "danger", order=0)


def backups(ask: Asking) -> Iterator[Line]:
    """For system administrators: backups that have grown too old, and drills that failed."""
    if not ask.has(Role.ADMINISTRATOR):
        return
    url = reverse("web:upkeep")
    too_old, drill_failed = runs.wanting(now=ask.now)
    if too_old:
        what = _("Den senaste säkerhetskopian är för gammal")
        yield Line(
            "database", what, _("Går något sönder nu förloras det som har hänt sedan dess."), url, "danger", order=0
        )
    if drill_failed:
        what = _("Övningen att återställa misslyckades")
        yield Line("database", what, _("En säkerhetskopia som inte går att återställa hjälper ingen."), url, "danger")


SOURCES: tuple[Callable[[Asking], Iterator[Line]], ...] = (
    stuck_answers,
    came_back,
    cases,
    oversight,
    to_know,
    around_removals,
    around_accounts,
    late_for_others,
    about_channels,
    letters,
    backups,
    held,
    ending,
    roster_gaps,
)


def lines(ask: Asking) -> list[Line]:
    """Everything, in order. A case stands once, under what is most pressing about it."""
    kept: list[Line] = []
    seen = set[int]()
    for source in SOURCES:
        for line in source(ask):
            if line.case_id and line.case_id in seen:
                continue
            seen.add(line.case_id)
            kept.append(line)
    return sorted(kept, key=lambda line: line.place)


def context(person: Person, *, now: datetime) -> dict[str, Any]:
    """What the page shows."""
    ask = Asking(person, now, inbox.reach(person, at=now))
    found = lines(ask)
    end = inbox.end_of_today(now)
    others = inbox.open_count(person, now=now, reached=ask.reach) - sum(line.case_id > 0 for line in found)
    part = ways.for_person(person, answers=bool(ask.reach.answers))
    return {
        # Where somebody may answer, the first day is over.
        "first_steps": [] if ask.reach.answers else first_steps.for_person(person),
        "lines": found[:MOST],
        "more": max(len(found) - MOST, 0),
        "waiting": max(others, 0),
        "late": sum(line.due_at is not None and line.due_at < now for line in found),
        "today": sum(line.due_at is not None and now <= line.due_at < end for line in found),
        "part": part.words,
        "ways": part.ways,
        "day": timezone.localtime(now),
    }
