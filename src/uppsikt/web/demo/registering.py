"""The register in the demo: what is known of each account, two that are known only, an order on its way, a loan asked.

Nothing is made up that the product would see for itself: what is wrong with the accounts the audit finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.organisation.models import Person, Unit
from uppsikt.policy import guideline
from uppsikt.register import (
    activity,
    administrators,
    auditing,
    directory_changes,
    entries,
    loans,
    ordering,
    relations,
    stillness,
)
from uppsikt.web.demo.register_facts import ELSEWHERE, ENTRIES, MUNICIPALITY, NOT_YET, RELATIONS

DAY = timedelta(days=1)
KEEPER = "Karin Sjöstrand"


def known(people: Mapping[str, Person], *, now: datetime) -> None:
    """What is written down of the accounts when they have been connected, and who knows the guideline."""
    by = people[KEEPER].doer
    directory_changes.change_facts(by=by, now=now, **MUNICIPALITY)
    handles = by_handle()
    for facts in ENTRIES:
        channel = handles[facts.handle]
        entries.change(channel, by=by, now=now, reason="Ur kommunikationsenhetens kalkylblad", **facts.fields)
        for name in facts.administrators:
            administrators.add(channel, people[name], by=by, now=now)
    for one in ELSEWHERE:
        channel = channels.enlist(
            network=one.network,
            name=one.name,
            address=f"https://www.{one.network}.com/{one.handle}",
            unit=Unit.objects.get(name=one.unit),
            responsible=people[one.responsible],
            central=one.central,
            by=by,
            now=now,
        )
        entries.change(channel, by=by, now=now, handle=one.handle, subject=one.subject, languages=["sv"])
        administrators.add(channel, people[KEEPER], by=by, now=now)
        if one.manager:
            channels.give_mandate(
                person=people[one.responsible],
                channel=channel,
                acts=(Act.ANSWER, Act.PUBLISH),
                since=now,
                until=None,
                given_by=people[one.manager],
                reason="Sköter kontot",
                now=now,
            )
    acknowledge(now=now)


def acknowledge(*, now: datetime) -> None:
    """Those with a mandate read the guideline when they got it; some have it left."""
    edition = guideline.newest()
    if edition is None:
        return
    holders = Person.objects.filter(pk__in=Mandate.objects.values("person_id")).exclude(name__in=NOT_YET)
    for person in holders.order_by("name"):
        guideline.acknowledge(person, number=edition.number, now=max(now, edition.since))


def today(people: Mapping[str, Person], *, now: datetime) -> None:
    """What is under way on this day: orders, a loan, relations; and what the audit finds."""
    handles = by_handle()
    for handle, kind, party, name, address, tie in RELATIONS:
        channel = handles[handle]
        relations.note(
            channel=channel,
            kind=kind,
            party=party,
            name=name,
            address=address,
            tie=tie,
            by=people[KEEPER],
            now=now,
        )
    for channel in handles.values():
        relations.read(channel, now=now)
    order(people, now=now)
    loans.ask(
        channel=handles["bibliotek"],
        people=[people["Petra Lindh"]],
        acts=[Act.ANSWER, Act.PUBLISH],
        since=now + 2 * DAY,
        until=now + 9 * DAY,
        purpose="Petra sköter bibliotekets konto under kulturveckan",
        by=people["Eeva Rinne"],
        now=now,
    )
    activity.make_due(now=now)
    stillness.watch(now=now)
    for channel in Channel.objects.exclude(state="closed").order_by("name"):
        auditing.audit(channel, now)


def order(people: Mapping[str, Person], *, now: datetime) -> None:
    """One order that waits for its manager, and one that its writer has left half-written."""
    sent = ordering.begin(
        by=people["Stina Hägg"],
        now=now - DAY,
        network="instagram",
        name="Parkerna i Älvsta",
        subject="streets",
        purpose="Visa vad som växer och byggs i parkerna, med bilder från dem som sköter dem.",
        goals="Tusen följare första året, och fler förslag till skötselplanen.",
        audience="De som använder parkerna, mest barnfamiljer",
        languages=["sv"],
        why_not_central="Den centrala kanalen har inte plats för flera bilder i veckan om samma sak.",
        second=people["Roger Lundmark"],
        hours_a_week=Decimal("2.0"),
        days_between_posts=7,
        upkeep="Roger tar bilder på rundan, Stina skriver på fredagar.",
        contact_email="gatapark@alvsta.example",
        terms_read=True,
    )
    ordering.send(sent, by=people["Stina Hägg"], now=now - DAY)
    ordering.begin(
        by=people["Johanna Frost"],
        now=now,
        network="tiktok",
        name="Simhallen",
        purpose="Nå ungdomar som inte läser våra andra konton",
    )


def by_handle() -> dict[str, Channel]:
    """The connected accounts by their handles on the practice network."""
    rows = Channel.objects.filter(network="practice").select_related("unit", "responsible")
    return {channel.settings["handle"]: channel for channel in rows}
