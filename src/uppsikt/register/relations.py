"""What an account likes and follows: noted by people, read where the network tells, held to the rules (D32, D33)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length, Trim
from django.utils.translation import gettext as _

from uppsikt.channels import connecting, gate
from uppsikt.channels import queries as channels
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
from uppsikt.register.relation_rules import TIE_LETTERS, WITH_TIE, Kind, Party, Verdict, key_of

READER = Doer.system("relations")
LONGEST_NAME, LONGEST_ADDRESS = 160, 500
BOTH = frozenset(one.value for one in Kind)


def allowed_on(channel: Channel) -> Collection[str]:
    """What an account on the channel's network can do to another's; both, where nothing is known of the network."""
    known = NETWORKS.get(channel.network)
    return known.relations if known else BOTH


def judge(channel: Channel, kind: Kind, party: Party, tie: str) -> Verdict:
    """What the guideline says of it."""
    return relation_rules.verdict(kind, party, tie=tie, allows=allowed_on(channel))


def fault(row: Relation) -> str:
    """What is wrong with a relation that is there: a verdict, "unsaid" where nobody has said whose it is, or "".

    To follow is free whoever it is (D33): there it may be unsaid. What the network itself has shown goes there.
    """
    if not row.party:
        return "unsaid" if row.kind == Kind.LIKE.value else ""
    allows = BOTH if row.seen_at else allowed_on(row.channel)
    return relation_rules.verdict(Kind(row.kind), Party(row.party), tie=row.tie, allows=allows).value


def to_judge(rows: QuerySet[Relation]) -> QuerySet[Relation]:
    """Those of the rows that somebody must see to: liked without a word of whose it is, or against the guideline."""
    fine = [one.value for one in relation_rules.ALWAYS]
    tied = Q(party__in=[one.value for one in WITH_TIE], letters__gte=TIE_LETTERS)
    return rows.annotate(letters=Length(Trim("tie"))).filter(~Q(party__in=fine), ~tied, kind=Kind.LIKE.value)


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


def reach(person: Person, *, now: datetime) -> set[int | None]:
    """The keys of the channels that `check_may` lets the person change, None for all; for lists."""
    if Role.COMMUNICATIONS in person.roles:
        return set() if channels.owes(person, at=now) else {None}
    return {channel for channel, acts in channels.held_by(person, at=now) if Act.PUBLISH.value in acts}


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
    with transaction.atomic():
        alone(channel)
        if any(one.kind == kind.value and key_of(one.address) == key_of(address) for one in of(channel)):
            raise Refused("there_already", _("Det står redan i listan."))
        return trail.begin(row, by=by.doer, at=now, step="note", also={"kind": kind.value, "party": party.value})


def alone(channel: Channel) -> None:
    """Let nobody else add to what the account likes and follows until the transaction that is open has ended."""
    Channel.objects.select_for_update(no_key=True, of=("self",)).get(pk=channel.pk)


def say(row: Relation, *, party: Party, tie: str, by: Person, now: datetime) -> Relation:
    """Say whose account it is, of one that was read from the network, or correct what was said.

    It is there already, so that what is true is kept, and `fault` says what the guideline says of it.
    """
    check_may(by, row.channel, now=now)
    before = {"party": row.party, "tie": row.tie}
    return trail.take(
        "change", row, by=by.doer, at=now, also={"before": before}, party=party.value, tie=tie.strip(), noted_by=by
    )


def end(row: Relation, *, by: Person, now: datetime) -> Relation:
    """The account no longer likes or follows it."""
    check_may(by, row.channel, now=now)
    return trail.take("end", row, by=by.doer, at=now, ended_at=now)


def read(channel: Channel, *, now: datetime, waited_for: bool = False) -> tuple[int, int] | None:
    """Ask the network what the account likes and follows now, and take it in. How many came and how many went.

    None where there is nobody to ask, or the network does not tell. Raises Trouble.
    """
    if not channel.is_at_work:
        return None
    with connecting.opened(channel, waited_for=waited_for) as connector:
        told = connector.follows()
    if told is None:
        return None
    found = [(Kind(one.bond.value), one.name, one.address) for one in told.found]
    return seen(channel, found, whole=told.whole, by=READER, now=now)


def seen(
    channel: Channel, found: Collection[tuple[Kind, str, str]], *, by: Doer, now: datetime, whole: bool = True
) -> tuple[int, int]:
    """Take in what the network says that the account likes and follows: (kind, name, address).

    What nobody had noted is taken in without a party, for somebody to say, but for our own channels and for what was
    said of it before. What the network no longer has is ended, where `found` is the `whole` of what it has.
    Returns how many came and how many went.
    """
    there = {(kind.value, key_of(address)): (name, address) for kind, name, address in found if fits(address)}
    with transaction.atomic():
        alone(channel)
        rows = list(Relation.objects.select_for_update().filter(channel=channel, state="in_force").order_by("pk"))
        new = sorted(set(there) - {(row.kind, key_of(row.address)) for row in rows})
        if new:
            said = said_before(channel)
            for key in new:
                name, address = there[key]
                row = Relation(
                    channel=channel, kind=key[0], name=name.strip()[:LONGEST_NAME] or address[:LONGEST_NAME],
                    address=address, since=now, seen_at=now,
                )  # fmt: skip
                row.party, row.tie = said.get(key, ("", ""))
                trail.begin(row, by=by, at=now, step="see", also={"kind": row.kind, "party": row.party})
        kept = [row.pk for row in rows if (row.kind, key_of(row.address)) in there]
        Relation.objects.filter(pk__in=kept).update(seen_at=now)
        gone = [row for row in rows if whole and row.seen_at is not None and row.pk not in set(kept)]
        for row in gone:
            trail.take("end", row, by=by, at=now, ended_at=now)
    return len(new), len(gone)


def fits(address: str) -> bool:
    """Whether an address from a network has room here. One that is longer is nobody's page."""
    return len(address) <= LONGEST_ADDRESS


def said_before(channel: Channel) -> dict[tuple[str, str], tuple[str, str]]:
    """Whose a page is, with its tie, by kind and key: our own channels, and what was said of it when it was here."""
    ours = Channel.objects.exclude(state="closed").exclude(address="").values_list("address", flat=True)
    own = {(kind.value, key_of(address)): (Party.OWN.value, "") for address in ours for kind in Kind}
    ended = Relation.objects.filter(channel=channel, state="ended").exclude(party="").order_by("ended_at", "pk")
    before = {(row.kind, key_of(row.address)): (row.party, row.tie) for row in ended}
    return {**own, **before}


def of(channel: Channel) -> QuerySet[Relation]:
    """What the account likes and follows now, by name."""
    return Relation.objects.filter(channel=channel, state="in_force").select_related("channel").order_by("name", "pk")
