"""Why somebody may not act on a channel, in one place: everything outward asks here (D21, D24, D34).

A mandate opens a channel only while it holds (`Mandates.in_force`): from its first day to its last, for somebody who
works here, is not elected, and has acknowledged the guideline. Nothing has to be run for it to stop.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from uppsikt.channels import queries
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.ui import times


def check(channel: Channel, act: Act, person: Person, *, now: datetime) -> None:
    """Raise Refused unless the person has a mandate in force for this on the channel; the words say what to do."""
    if queries.mandate(person, channel, act, at=now) is None:
        raise refusal(person, channel, now=now)


def check_known(person: Person, *, now: datetime) -> None:
    """Raise Refused where the guideline must be acknowledged first; for what a role opens without a mandate (D24)."""
    if queries.owes(person, at=now):
        raise unacknowledged()


def refusal(person: Person, channel: Channel, *, now: datetime) -> Refused:
    """What to tell somebody who may not act on the channel."""
    if person.politician:
        return Refused(
            "politician",
            _("Du är antecknad som förtroendevald. Förtroendevalda har inga uppdrag i kommunens kanaler."),
        )
    own = Mandate.objects.filter(Q(channel=channel) | Q(channel=None), person=person)
    if own.standing(now).exists():
        return unacknowledged() if queries.owes(person, at=now) else lacking(channel)
    coming = own.filter(since__gt=now, state="in_force").order_by("since").first()
    if coming is not None:
        said = {"channel": channel.name, "day": times.day_words(coming.since)}
        return Refused("no_mandate", _("Ditt uppdrag i kanalen %(channel)s börjar %(day)s.") % said)
    last = own.filter(until__lte=now).order_by("-until").first()
    if last is not None and last.until is not None:
        said = {"channel": channel.name, "day": times.day_words(last.until - timedelta(seconds=1))}
        return Refused(
            "no_mandate", _("Ditt uppdrag i kanalen %(channel)s tog slut %(day)s. Be din chef om ett nytt.") % said
        )
    return lacking(channel)


def lacking(channel: Channel) -> Refused:
    """That no mandate lets them do this there."""
    return Refused(
        "no_mandate",
        _("Du saknar uppdrag för detta i kanalen %(channel)s. Be din chef om ett uppdrag.") % {"channel": channel.name},
    )


def unacknowledged() -> Refused:
    """That the guideline comes first, and where it is."""
    return Refused(
        "unacknowledged",
        _("Läs och kvittera riktlinjen först. Du hittar den under Regler, Riktlinje. Sedan kan du fortsätta här."),
    )
