"""Opening an account: named on its network, looked at, made known, and let out when what the policy asks for is there.

A channel goes live in one way alone, `open_account`, and the database refuses any other (D9-D16).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels import words as channel_words
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Trouble
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import networks
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import (
    auditing,
    check_words,
    discover_accounts,
    entries,
    musts,
    opening_texts,
    order_queries,
    order_telling,
    profiles,
)
from uppsikt.register.check_words import Said
from uppsikt.register.checks.base import Check, Fault
from uppsikt.register.checks.table import CHECKS
from uppsikt.register.order_models import Clearance, Launch, Opening, Order

# What an order knows and the register takes over.
TAKEN = (
    "purpose", "goals", "audience", "subject", "languages", "hours_a_week", "days_between_posts", "contact_email",
    "contact_phone", "contact_page",
)  # fmt: skip
# So many other channels at the most are proposed for sharing the news.
SHARES = 3


def begin(order: Order, *, by: Doer, now: datetime) -> Opening:
    """Begin the opening of an approved order, with drafts of what makes the account known (D16)."""
    with transaction.atomic():
        opening = trail.begin(Opening(order=order, begun_at=now), by=by, at=now)
        rows: list[tuple[str, Channel | None]] = [("news", None), ("link", None)]
        rows += [("share", channel) for channel in order_queries.central().filter(state="live")[:SHARES]]
        Launch.objects.bulk_create(
            Launch(opening=opening, sort=sort, channel=channel, text=opening_texts.draft(sort, order))
            for sort, channel in rows
        )
    return opening


def name_account(opening: Opening, *, address: str, handle: str, by: Person, now: datetime) -> Channel:
    """The account has been made on its network: from now on it is known, and not yet open.

    An address that was wrong can be written anew for as long as the account is not connected. Raises Refused.
    """
    order = opening.order
    check_opener(order, by)
    if order.unit is None or order.responsible is None:
        raise Refused("incomplete", _("Beställningen saknar enhet eller ansvarig."))
    address = account_address(order.network, address)
    with transaction.atomic():
        # Of two who write it at once, one makes the account known and the other mends its address.
        row = Opening.objects.select_for_update(of=("self",)).select_related("channel").get(pk=opening.pk)
        if row.channel is not None:
            channel = channels.readdress(row.channel, address=address, by=by.doer, now=now)
            entries.change(channel, by=by.doer, now=now, handle=handle)
        else:
            channel = channels.enlist(
                network=order.network, name=order.name, address=address, unit=order.unit,
                responsible=order.responsible, central=False, by=by.doer, now=now, opening=True,
            )  # fmt: skip
            taken = {name: getattr(order, name) for name in TAKEN}
            entries.change(channel, by=by.doer, now=now, handle=handle, **taken)
        trail.take("name_account", opening, by=by.doer, at=now, channel=channel)
    return channel


def account_address(network: str, address: str) -> str:
    """An account's address in the one form that the register compares by. Raises Refused for another network's."""
    found = discover_accounts.account(address, mine=True)
    if found is not None and found.network == network:
        return found.address
    known, there = NETWORKS.get(network), networks.by_host(urlsplit(address).hostname or "")
    if (there or known) != known or (known is not None and known.hosts and there is None):
        raise Refused(
            "other_network",
            _("Adressen leder inte till ett konto på %(network)s. Skriv den som den står när du tittar på kontot.")
            % {"network": known.name if known else network},
        )
    return address


def look_again(opening: Opening, *, now: datetime) -> None:
    """Read how a connected account looks on its network now, so that what is checked is what people will see.

    Raises Refused where the network does not answer. No transaction may be open: the network takes its time.
    """
    channel = opening.channel
    if channel is None or not channel.is_at_work:
        return
    try:
        profiles.read(channel, now=now, waited_for=True)
    except Trouble as trouble:
        said = channel_words.trouble(trouble.code, trouble.facts)
        raise Refused("not_read", f"{said.title}. {said.todo}") from trouble


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist: the check, whether the policy makes it a must, and what is wrong (nothing: it holds).

    `looked` is False where the check could not be made.
    """

    check: Check
    name: str
    must: bool
    faults: list[Said]
    looked: bool = True

    @property
    def holds(self) -> bool:
        """Whether what is asked for is there."""
        return self.looked and not self.faults


def checklist(channel: Channel, now: datetime) -> list[Line]:
    """Every check that the product can make of an account that is being opened, musts first."""
    outcome = auditing.Outcome()
    found = auditing.look(channel, CHECKS, now, outcome)
    free = auditing.exempted(channel, now)
    lines = [
        Line(
            check,
            check_words.name(check.code),
            musts.is_must(check.code),
            [check_words.unseen(check.code)]
            if check.code in outcome.unseen
            else [
                check_words.said(code, fault.facts, mark) for (code, mark), fault in found.items() if code == check.code
            ],
            check.code not in outcome.failed,
        )
        for check in CHECKS
        if check.code not in free
    ]
    return sorted(lines, key=lambda line: (line.holds, not line.must))


def launched(launch: Launch, *, address: str, by: Person, now: datetime) -> Launch:
    """One part of the launch is done, and where it can be seen (D16). Raises Refused where it is done already."""
    with transaction.atomic():
        row = held(launch, by)
        if row.done_at is not None:
            raise Refused("done", _("Det är redan noterat som gjort. Ta tillbaka det först om något är fel."))
        row.done_at, row.done_by, row.address = now, by, address
        row.save(update_fields=["done_at", "done_by", "address"])
        trail.note("launch", row.opening, by=by.doer, at=now, also={"sort": row.sort, "address": address})
        if row.sort == "link" and address and row.opening.channel is not None:
            entries.change(row.opening.channel, by=by.doer, now=now, linked_from=address)
    return row


def not_launched(launch: Launch, *, by: Person, now: datetime) -> Launch:
    """It was not done after all, or something in it was wrong. Nothing happens to what is not noted as done."""
    with transaction.atomic():
        row = held(launch, by)
        if row.done_at is not None:
            was = {"sort": row.sort, "address": row.address}
            row.done_at, row.done_by, row.address = None, None, ""
            row.save(update_fields=["done_at", "done_by", "address"])
            trail.note("launch_again", row.opening, by=by.doer, at=now, also=was)
    return row


def held(launch: Launch, by: Person) -> Launch:
    """A part of the launch, locked. Raises Refused for who has no part in the opening, and for one given up."""
    rows = Launch.objects.select_for_update(of=("self",)).select_related("opening__order", "opening__channel")
    row = rows.get(pk=launch.pk)
    check_opener(row.opening.order, by)
    if row.opening.state == "given_up":
        raise Refused("given_up", _("Öppningen är avbruten, så det finns inget konto att berätta om."))
    return row


def open_account(opening: Opening, *, by: Person, now: datetime) -> Channel:
    """Let the account go live, with all that the policy makes a must in place (D9-D16).

    Raises Refused while something is missing, naming all of it.
    """
    check_opener(opening.order, by)
    if opening.channel is None:
        raise Refused("no_account", _("Kontots adress är inte inskriven. Skapa kontot på nätet och skriv in adressen."))
    with transaction.atomic():
        channel = Channel.objects.select_for_update(of=("self",)).get(pk=opening.channel.pk)
        if channel.state != "opening":
            raise Refused("wrong_state", _("Kontot är redan öppnat, eller öppningen är avbruten."))
        broken = auditing.must_haves(channel, now)
        if broken:
            names = list(dict.fromkeys(lacking(check, fault) for check, fault in broken))
            raise Refused(
                "must_haves", _("Kontot kan inte öppnas än. Det här saknas: %(names)s.") % {"names": "; ".join(names)}
            )
        codes = sorted(check.code for check in CHECKS if musts.is_must(check.code))
        Clearance.objects.create(opening=opening, channel=channel, musts=codes, broken=[], by=by, at=now)
        channel = channels.open_up(channel, by=by.doer, now=now)
        trail.take("open", opening, by=by.doer, at=now, ended_at=now)
        order = trail.take("open", opening.order, by=by.doer, at=now, ended_at=now)
        entries.change(channel, by=by.doer, now=now, opened_on=timezone.localdate(now))
        order_telling.tell(order, but=by, now=now)
    return channel


def lacking(check: Check, fault: Fault) -> str:
    """A must that is broken, in words; where its check could not be made, that too."""
    name = check_words.name(check.code)
    return (
        _("%(name)s (gick inte att kontrollera, säg till driften)") % {"name": name}
        if fault is auditing.BROKE
        else name
    )


def give_up(opening: Opening, *, reason: str, by: Person, now: datetime) -> None:
    """The account is not to be opened after all; one that is known already is closed here."""
    trail.take("give_up", opening, by=by.doer, at=now, reason=reason, ended_at=now)
    if opening.channel is not None:
        channels.give_up(opening.channel, reason=reason, by=by.doer, now=now)


def take_over(channel: Channel, *, reason: str, by: Person, now: datetime) -> Channel:
    """The communications unit says that an account was open on its network before it was known here (D8, D12).

    Raises Refused for anybody else, without a reason, and for an account that has an order.
    """
    if not order_queries.decides_all(by):
        raise Refused("not_communications", _("Det är kommunikationsenheten som antecknar det."))
    if Opening.objects.filter(channel=channel).exists():
        raise Refused("has_order", _("Kontot har en beställning och öppnas på dess sida."))
    return channels.take_over(channel, reason=reason, by=by.doer, now=now)


def tell_of_unopened(channel: Channel, *, now: datetime) -> None:
    """Tell the communications unit of an account that is known, has no order, and that nobody says is open (D12)."""
    if channel.state != "opening" or Opening.objects.filter(channel=channel).exists():
        return
    notices.tell(
        organisation.people_with_role(Role.COMMUNICATIONS, at=now),
        kind="order",
        words=lambda: (
            _("Kontot %(name)s är anslutet utan beställning. Säg om det redan är öppet.") % {"name": channel.name}
        ),
        url=reverse("register:account", args=[channel.pk]),
        now=now,
    )


def check_opener(order: Order, by: Person) -> None:
    """Raise Refused for somebody who has no part in the opening."""
    if not order_queries.opens(by, order):
        raise Refused(
            "not_yours", _("Bara beställaren, administratörerna, chefen och kommunikationsenheten kan öppna kontot.")
        )
