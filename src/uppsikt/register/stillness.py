"""A channel that lies still: a talk, a deadline, and then a proposal to close it, unless it rises (D51).

The deviation says that it lies still; this is what is done about it. What nobody does by then is proposed to the
manager, who decides: nothing is closed by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy
from uppsikt.register import activity, entries
from uppsikt.register.activity_models import STILL, Stillness

MINDER = Doer.system("activity")
LONGEST_WAIT = timedelta(days=365)


def of(channel: Channel) -> Stillness | None:
    """What is being done about the channel's silence; None where it does not lie still."""
    rows = Stillness.objects.filter(channel=channel, state__in=STILL)
    return rows.select_related("talked_by", "channel__unit", "channel__responsible").first()


def address(channel: Channel) -> str:
    """Where a channel's activity is shown, without the host."""
    return f"/konton/{channel.pk}/aktivitet/"


def watch(*, now: datetime) -> int:
    """Look at every live channel; returns how many lie still."""
    number = 0
    for channel in Channel.objects.filter(state="live").select_related("unit", "responsible").order_by("pk"):
        number += look(channel, now=now) is not None
    for row in Stillness.objects.filter(state__in=STILL).exclude(channel__state="live").select_related("channel"):
        if row.channel.state == "closed":
            trail.take("leave", row, by=MINDER, at=now, ended_at=now)
    return number


def look(channel: Channel, *, now: datetime) -> Stillness | None:
    """Where the channel stands: found still, risen, or its time run out."""
    row = of(channel)
    is_still, last = activity.still_since(channel, entries.of(channel), at=now)
    if row is not None and last is not None and (row.last_post_at is None or last > row.last_post_at):
        # It has spoken since: once is enough to begin anew, and it is still being watched.
        trail.take("rise", row, by=MINDER, at=now, ended_at=now, also={"last_post_at": last})
        row = None
    if not is_still:
        return row
    if row is None:
        return find(channel, last, now=now)
    if row.state == "still" and is_remembered(row, now=now):
        remind(row, now=now)
    if row.state == "talked" and row.until is not None and timezone.localdate(now) > row.until:
        return propose(row, now=now)
    return row


def find(channel: Channel, last: datetime | None, *, now: datetime) -> Stillness:
    """The channel lies still: its responsible person and the communications unit are to talk about it."""
    due = timezone.localdate(now) + timedelta(days=policy.number("activity.talk_within_days"))
    row = Stillness(channel=channel, last_post_at=last, found_at=now, talk_due_on=due)
    with transaction.atomic():
        trail.begin(row, by=MINDER, at=now, step="find", also={"channel": channel, "last_post_at": last})
        people = [channel.responsible, *organisation.people_with_role(Role.COMMUNICATIONS, at=now)]
        tell(
            people,
            channel,
            lambda: (
                _("%(channel)s ligger still. Tala igenom vad som ska ske, senast %(day)s.")
                % {"channel": channel.name, "day": due.isoformat()}
            ),
            now=now,
        )
    return row


def is_remembered(row: Stillness, *, now: datetime) -> bool:
    """Whether today is a day to ask for the talk that nobody has noted: the one after its last, and each week then."""
    late = (timezone.localdate(now) - row.talk_due_on).days
    return late > 0 and late % 7 == 1


def remind(row: Stillness, *, now: datetime) -> None:
    """No talk has been noted in time: whoever should have held it is told again, and the unit's manager with them."""
    channel = row.channel
    people = [
        channel.responsible,
        *organisation.managers(channel.unit, at=now),
        *organisation.people_with_role(Role.COMMUNICATIONS, at=now),
    ]
    tell(
        people,
        channel,
        lambda: _("%(channel)s ligger still, och inget samtal är antecknat.") % {"channel": channel.name},
        now=now,
    )


def talk(row: Stillness, *, words: str, on: date, until: date | None, by: Person, now: datetime) -> Stillness:
    """Note a talk: what was agreed, and until when activity must have risen. Raises Refused."""
    today = timezone.localdate(now)
    if not words.strip():
        raise Refused("no_words", _("Skriv vad ni kom fram till."))
    if on > today:
        raise Refused("not_held", _("Samtalet kan inte ha hållits i framtiden. Ändra datumet."))
    end = until or today + timedelta(days=policy.number("activity.after_talk_days"))
    if not today < end <= today + LONGEST_WAIT:
        raise Refused("bad_end", _("Välj en dag efter i dag och inom ett år."))
    return trail.take(
        "talk", row, by=by.doer, at=now, reason=words.strip(), talk=words.strip(), talked_on=on, talked_by=by, until=end
    )


def propose(row: Stillness, *, now: datetime) -> Stillness:
    """The time is out and nothing has come: the manager is asked to decide whether it is closed."""
    channel = row.channel
    with transaction.atomic():
        kept = trail.take("propose", row, by=MINDER, at=now, proposed_at=now)
        managers = organisation.managers(channel.unit, at=now)
        people = [*managers, channel.responsible, *organisation.people_with_role(Role.COMMUNICATIONS, at=now)]
        tell(
            people,
            channel,
            lambda: _("%(channel)s har inte kommit igång. Kontot föreslås avslutas.") % {"channel": channel.name},
            now=now,
        )
    return kept


def tell(people: list[Person], channel: Channel, words: Callable[[], str], *, now: datetime) -> None:
    """Tell each of them once."""
    notices.tell(
        {one.pk: one for one in people}.values(), kind="account_still", words=words, url=address(channel), now=now
    )
