"""What an account likes and follows: noted by people, read where the network tells, held to the rules (D32, D33)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from uppsikt.channels import gate
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import relation_rules
from uppsikt.register.relation_models import Relation
from uppsikt.register.relation_rules import Kind, Party, Verdict

LONGEST_NAME = 160


def allowed_on(channel: Channel) -> Collection[str]:
    """What an account on the channel's network can do to another's; both, where nothing is known of the network."""
    known = NETWORKS.get(channel.network)
    return known.relations if known else frozenset(one.value for one in Kind)


def judge(channel: Channel, kind: Kind, party: Party, tie: str) -> Verdict:
    """What the guideline says of it."""
    return relation_rules.verdict(kind, party, tie=tie, allows=allowed_on(channel))


def fault(row: Relation) -> str:
    """What is wrong with a relation that is there: a verdict, "unsaid" where nobody has said whose it is, or ""."""
    if not row.party:
        return "unsaid"
    return judge(row.channel, Kind(row.kind), Party(row.party), row.tie).value


def refusals() -> dict[Verdict, str]:
    """Why a relation is refused, in words."""
    return {
        Verdict.UNKNOWN_THERE: _("Det går inte på det här nätet. Välj det andra, eller låt bli."),
        Verdict.TIE: _("Skriv vilken stark lokal anknytning sidan har, minst några ord."),
        Verdict.NOT_LIKED: _(
            "Kommunens konton gillar inte företag, partier eller privatpersoner. Det går att följa dem i stället."
        ),
    }


def check_may(person: Person, channel: Channel, *, now: datetime) -> None:
    """Raise Refused for anybody but those who publish there and the communications unit."""
    if Role.COMMUNICATIONS in person.roles:
        gate.check_known(person, now=now)
    else:
        gate.check(channel, Act.PUBLISH, person, now=now)


def note(
    *,
    channel: Channel,
    kind: Kind,
    party: Party,
    name: str,
    address: str,
    tie: str,
    by: Person,
    now: datetime,
) -> Relation:
    """Note a like or a follow, before it is made. Raises Refused for one that the guideline does not allow."""
    check_may(by, channel, now=now)
    if why := judge(channel, kind, party, tie):
        raise Refused(why.value, refusals()[why])
    row = Relation(
        channel=channel,
        kind=kind.value,
        party=party.value,
        name=name.strip()[:LONGEST_NAME],
        address=address,
        tie=tie.strip(),
        since=now,
        noted_by=by,
    )
    try:
        with transaction.atomic():
            return trail.begin(row, by=by.doer, at=now, step="note", also={"kind": kind.value, "party": party.value})
    except IntegrityError as error:
        raise Refused("there_already", _("Det står redan i listan.")) from error


def say(row: Relation, *, party: Party, tie: str, by: Person, now: datetime) -> Relation:
    """Say whose account it is, of one that was read from the network, or correct what was said."""
    check_may(by, row.channel, now=now)
    if why := judge(row.channel, Kind(row.kind), party, tie):
        raise Refused(why.value, refusals()[why])
    before = {"party": row.party, "tie": row.tie}
    return trail.take(
        "change", row, by=by.doer, at=now, also={"before": before}, party=party.value, tie=tie.strip(), noted_by=by
    )


def end(row: Relation, *, by: Person, now: datetime) -> Relation:
    """The account no longer likes or follows it."""
    check_may(by, row.channel, now=now)
    return trail.take("end", row, by=by.doer, at=now, ended_at=now)


def seen(channel: Channel, found: Collection[tuple[Kind, str, str]], *, by: Doer, now: datetime) -> tuple[int, int]:
    """Take in what the network says that the account likes and follows: (kind, name, address) of all of it.

    What nobody had noted is taken in without a party, for somebody to say; what the network no longer has is ended.
    Returns how many came and how many went.
    """
    with transaction.atomic():
        rows = Relation.objects.select_for_update().filter(channel=channel, state="in_force")
        known = {(row.kind, row.address): row for row in rows.order_by("pk")}
        there = {(kind.value, address): name for kind, name, address in found}
        new = [key for key in sorted(there) if key not in known]
        for kind, address in new:
            name = there[kind, address].strip()[:LONGEST_NAME] or address[:LONGEST_NAME]
            row = Relation(channel=channel, kind=kind, name=name, address=address, since=now, seen_at=now)
            trail.begin(row, by=by, at=now, step="see", also={"kind": kind})
        kept = [row.pk for key, row in known.items() if key in there]
        Relation.objects.filter(pk__in=kept).update(seen_at=now)
        gone = [row for key, row in known.items() if key not in there and row.seen_at is not None]
        for row in gone:
            trail.take("end", row, by=by, at=now, ended_at=now)
    return len(new), len(gone)


def of(channel: Channel) -> QuerySet[Relation]:
    """What the account likes and follows now, by name."""
    return Relation.objects.filter(channel=channel, state="in_force").select_related("channel").order_by("name", "pk")
