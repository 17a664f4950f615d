"""Mandates over time: renewed each year by the manager, ended by themselves or with whoever leaves (D21, D34)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels import queries
from uppsikt.channels.models import Channel, Mandate
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.organisation import politicians
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import guideline
from uppsikt.policy import queries as policy
from uppsikt.policy.guideline_models import Acknowledgement, Edition
from uppsikt.ui import times

KEEPER = Doer.system("mandates")
# Mandates that were given without an end, before all had one: so long they hold at least, for the manager to act.
AT_LEAST = timedelta(days=60)
# What is written down as a mandate began within so many years.
FARTHEST = timedelta(days=20 * 366)


def last_moment(since: datetime) -> datetime:
    """The latest end of a mandate that begins then, by the policy."""
    return since + timedelta(days=policy.number("mandate.most_days"))


def ending(since: datetime, until: datetime | None, *, now: datetime) -> datetime:
    """When a mandate is to end; without a wish, as late as the policy lets it. Raises Refused for a longer one, and
    for one that begins so far off that its year is a slip of the pen."""
    if not now - FARTHEST < since < now + FARTHEST:
        raise Refused("too_far", _("Startdatumet ligger för långt bort. Se efter att året är rätt."))
    latest = last_moment(max(since, now))
    if until is None:
        return latest
    # A day that was chosen is whole: its last moment may lie some hours later.
    if until > latest + timedelta(days=1):
        raise Refused(
            "too_long",
            _("Ett uppdrag gäller högst %(days)s dagar och förnyas sedan. Välj ett tidigare slutdatum.")
            % {"days": policy.number("mandate.most_days")},
        )
    return until


def check_holder(person: Person) -> None:
    """Raise Refused for somebody who can have no mandate: elected, or no longer here (D34)."""
    politicians.check(person)
    if not person.is_active:
        raise Refused("left", _("%(name)s arbetar inte kvar. Välj någon annan.") % {"name": person.name})


def renew(mandate: Mandate, *, until: datetime | None, by: Person, reason: str, now: datetime) -> Mandate:
    """Let a mandate hold longer, as far as the policy lets it. Raises Refused for one that is over, or of a loan."""
    check_holder(mandate.person)
    if mandate.on_loan:
        raise Refused("on_loan", _("Uppdraget hör till ett lån och upphör med det. Skriv ett nytt lån i stället."))
    if mandate.state != "in_force" or (mandate.until is not None and mandate.until <= now):
        raise Refused("lapsed", _("Uppdraget har redan upphört. Ge ett nytt uppdrag i stället."))
    end = ending(now, until, now=now)
    if end <= now or (mandate.until is not None and end <= mandate.until):
        raise Refused("not_longer", _("Uppdraget gäller redan så länge. Välj ett senare slutdatum."))
    before = {"until": mandate.until}
    return trail.take(
        "renew", mandate, by=by.doer, at=now, reason=reason, also={"before": before}, until=end, reminded_at=None
    )


def let_go(person: Person, *, now: datetime) -> int:
    """Somebody left. Who was let in again in the same moment has not, and keeps what they held."""
    return 0 if person.is_active else end_of(person, reason="Personen har slutat.", now=now)


def end_of(person: Person, *, reason: str, now: datetime) -> int:
    """End all that a person holds, and give what they answer for to a manager: they left, or were elected (D34)."""
    with transaction.atomic():
        rows = list(Mandate.objects.filter(person=person, state="in_force").order_by("pk"))
        for row in rows:
            trail.take("end", row, by=KEEPER, at=now, reason=reason)
        for channel in Channel.objects.filter(responsible=person).exclude(state="closed").order_by("pk"):
            hand_on(channel, reason=reason, now=now)
    return len(rows)


def hand_on(channel: Channel, *, reason: str, now: datetime) -> Person | None:
    """Let a manager of the unit answer for the channel until somebody is named, else the communications unit (D5).

    None where there is nobody: then the audit says so.
    """
    people = [
        *organisation.managers(channel.unit, at=now),
        *organisation.people_with_role(Role.COMMUNICATIONS, at=now, unit=channel.unit),
    ]
    heir = next((one for one in people if one.pk != channel.responsible_id and not one.politician), None)
    if heir is None:
        return None
    also = {"before": {"responsible": channel.responsible_id}}
    trail.take("change", channel, by=KEEPER, at=now, reason=reason, also=also, responsible=heir)
    notices.tell(
        [heir],
        kind="mandate",
        words=lambda: _("Du ansvarar för %(channel)s tills någon annan utses.") % {"channel": channel.name},
        url=queries.address(channel),
        now=now,
    )
    return heir


def keep(*, now: datetime) -> None:
    """What is done every hour: no mandate without an end, those that are over are closed, and managers are reminded."""
    limit(now=now)
    lapse(now=now)
    remind(now=now)


def limit(*, now: datetime) -> int:
    """Give an end to mandates that have none, from before all had one; never at once. Returns how many."""
    rows = list(Mandate.objects.filter(state="in_force", until=None).order_by("pk"))
    for row in rows:
        trail.take("limit", row, by=KEEPER, at=now, until=max(last_moment(row.since), now + AT_LEAST))
    return len(rows)


def lapse(*, now: datetime) -> int:
    """Write in the trail that mandates are over. They opened nothing from that moment, whether this is run or not.

    Who was told that it would be so, and let it be, is told that it is.
    """
    rows = Mandate.objects.filter(state="in_force", until__lte=now).select_related("person", "channel__unit")
    done = 0
    for row in rows.order_by("pk"):
        with transaction.atomic():
            trail.take("lapse", row, by=KEEPER, at=now)
            if row.reminded_at is not None:
                tell_of_end(row, over=True, now=now)
        done += 1
    return done


def remind(*, now: datetime) -> int:
    """Tell the managers, and those who hold them, of mandates that are soon over; once for each (D21).

    Nothing is said of a loan's mandates, nor of those that were given for less time than the reminder takes.
    """
    ahead = timedelta(days=policy.number("mandate.remind_days"))
    rows = Mandate.objects.in_force(now).filter(until__lte=now + ahead, reminded_at=None, on_loan=False)
    told = 0
    for row in rows.select_related("person", "channel__unit").order_by("until", "pk"):
        if row.until is None or row.until - row.since <= ahead:
            continue
        with transaction.atomic():
            trail.take("remind", row, by=KEEPER, at=now, reminded_at=now)
            tell_of_end(row, over=False, now=now)
        told += 1
    return told


def tell_of_edition(edition: Edition, *, now: datetime) -> int:
    """Ask all who hold a mandate to acknowledge a new edition of the guideline (D24). Returns how many were told."""
    known = Acknowledgement.objects.filter(edition__number__gte=edition.number).values("person_id")
    held = Mandate.objects.standing(now).exclude(person__in=known).values("person_id")
    people = list(Person.objects.filter(pk__in=held).order_by("pk"))
    notices.tell(
        people,
        kind="guideline",
        words=lambda: (
            _("Riktlinjen har ändrats. Läs och kvittera den senast %(day)s.") % {"day": times.day_words(edition.due_at)}
        ),
        url=guideline.PAGE,
        now=now,
    )
    return len(people)


def tell_of_end(row: Mandate, *, over: bool, now: datetime) -> None:
    """Tell the managers and the holder of one mandate that is soon over, or is."""
    givers = Person.objects.filter(pk=row.given_by_id, is_active=True)
    managers = organisation.managers(row.channel.unit, at=now) if row.channel else list(givers)
    url = queries.address(row.channel) if row.channel else "/kanaler/"
    last = row.until - timedelta(seconds=1) if row.until else now

    def said() -> dict[str, str]:
        where = row.channel.name if row.channel else _("alla kanaler")
        return {"name": row.person.name, "channel": where, "day": times.day_words(last)}

    def to_managers() -> str:
        if over:
            return _("Uppdraget för %(name)s i %(channel)s har tagit slut. Ge ett nytt om det ska fortsätta.") % said()
        return _("Uppdraget för %(name)s i %(channel)s gäller till %(day)s. Förnya det eller låt det upphöra.") % said()

    def to_holder() -> str:
        if over:
            return _("Ditt uppdrag i %(channel)s har tagit slut. Be din chef om ett nytt.") % said()
        return _("Ditt uppdrag i %(channel)s gäller till %(day)s. Be din chef förnya det.") % said()

    notices.tell(
        [one for one in managers if one.pk != row.person_id], kind="mandate", words=to_managers, url=url, now=now
    )
    if row.person.is_active:
        notices.tell([row.person], kind="mandate", words=to_holder, url=url, now=now)
