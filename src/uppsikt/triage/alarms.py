"""Telling people at once of personal data, secrets and what may be a crime; once for each item (D20, D43).

A notice says where to look and nothing of the matter: neither the words nor which sort of sensitive thing it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.organisation import absences
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy
from uppsikt.records import reading as secrecy
from uppsikt.records.models import Item
from uppsikt.triage import news, rules
from uppsikt.triage.models import Alarm, HistoryTold, Standing
from uppsikt.triage.reading import Read, channels_of

TRIAGE = Doer.system("triage")
# The history is told of when nothing of it has come in for so long.
SETTLED = timedelta(minutes=15)


def since(channel: Channel | None = None, *, now: datetime) -> datetime:
    """What was said before this is history: it is read, and told of as a whole."""
    days = timedelta(days=policy.number("triage.history_days"))
    return (channel.joined if channel else now) - days


def raise_for(results: Iterable[Read], *, after: datetime | None, now: datetime) -> list[Alarm]:
    """Tell of what is urgent among these, each item once; `after` leaves out what was said before. Returns the alarms.

    What is gone from the network needs nobody at once.
    """
    urgent = [
        one
        for one in results
        if one.urgent
        and one.wording.newest
        and one.wording.state != "gone"
        and (after is None or one.wording.at >= after)
    ]
    if not urgent:
        return []
    with transaction.atomic():
        items = {
            item.pk: item
            for item in Item.objects.select_for_update(of=("self",))
            .filter(pk__in=[one.wording.item_id for one in urgent])
            .order_by("pk")
        }
        told = set(Alarm.objects.filter(item__in=items).values_list("item_id", flat=True))
        places, people = channels_of(urgent), dict[int, list[Person]]()
        made = []
        for one in urgent:
            item, channel = items[one.wording.item_id], places[one.wording.channel_id]
            if item.pk in told:
                continue
            told.add(item.pk)
            if channel.pk not in people:
                people[channel.pk] = who(channel, now=now)
            made.append(raise_one(one, item, channel, people[channel.pk], now=now))
    return made


def raise_one(one: Read, item: Item, channel: Channel, people: Sequence[Person], *, now: datetime) -> Alarm:
    """Tell those who may read the item, note that they were told, and tell upstairs."""
    people = [person for person in people if secrecy.may_read(secrecy.reader(person, now=now), item)]
    alarm = Alarm.objects.create(
        item=item, version_id=one.wording.pk, findings=one.urgent, told=[person.pk for person in people], at=now
    )
    trail.note("raise_alarm", item, by=TRIAGE, at=now, also={"findings": one.urgent, "told": alarm.told})
    notices.tell(
        people,
        kind="triage.urgent",
        words=lambda: words_for(one, channel),
        url=reverse("web:record", args=[item.pk]),
        now=now,
        urgent=True,
    )
    news.URGENT.tell(channel_id=channel.pk, item_id=item.pk, finding_ids=one.urgent)
    return alarm


def words_for(one: Read, channel: Channel) -> str:
    """What a notice says: where, and that it is for now."""
    where = {"channel": channel.name}
    if one.wording.own:
        return _("Något vi själva har skrivit i %(channel)s behöver ses genast.") % where
    return _("Något som skrevs i %(channel)s behöver ses genast.") % where


def who(channel: Channel, *, now: datetime) -> list[Person]:
    """Who acts on the channel: those with a mandate, or their covers; where nobody is there, those above them (D27)."""
    holders = {
        person.pk: person
        for act in (Act.REMOVE, Act.HIDE, Act.ANSWER)
        for person in channels.people_on(channel, act, at=now)
    }
    there = [
        person
        for person in absences.standing_in(holders.values(), at=now).values()
        if person.pk in holders or secrecy.reads_at_all(person)
    ]
    if not there:
        managers = organisation.managers(channel.unit, at=now)
        there = [*managers, *organisation.people_with_role(Role.COMMUNICATIONS, at=now)]
    return sorted({person.pk: person for person in there}.values(), key=lambda person: person.pk)


def tell_of_histories(*, now: datetime) -> int:
    """Once a channel's history has been read: say how much in it ought to be looked at. Returns how many channels."""
    rows = Channel.objects.filter(caught_up_at__lt=now - SETTLED).exclude(
        pk__in=HistoryTold.objects.values("channel_id")
    )
    told = list(rows.select_related("unit").order_by("pk")[:20])
    for channel in told:
        count = left(channel).count()
        with transaction.atomic():
            HistoryTold.objects.create(channel=channel, count=count, at=now)
            if count:
                tell_of(channel, count, now=now)
    return len(told)


def tell_of(channel: Channel, count: int, *, now: datetime) -> None:
    """One notice for a whole history."""
    notices.tell(
        who(channel, now=now),
        kind="triage.history",
        words=lambda: (
            ngettext(
                "Historiken i %(channel)s är läst. %(count)s inlägg i den behöver ses.",
                "Historiken i %(channel)s är läst. %(count)s inlägg i den behöver ses.",
                count,
            )
            % {"count": count, "channel": channel.name}
        ),
        url=f"{reverse('triage:first')}?kanal={channel.pk}",
        now=now,
    )


def left(channel: Channel) -> QuerySet[Standing]:
    """What is urgent on the channel, still there, and has not been told of; what is secret is seen to already."""
    rows = Standing.objects.filter(level=rules.URGENT, item__channel=channel, item__secret=False)
    return rows.exclude(item__state="gone").exclude(item__in=Alarm.objects.values("item_id"))
