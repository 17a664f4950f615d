"""Handing an account over to somebody outside the municipality, by decision of the board (D53-D57).

Each thing that the guideline asks for is done and seen to beforehand; then a person hands it over, and from that
minute nothing is read or sent. What came in until then stays with the municipality: responsibility for a page can be
handed over, responsibility for records already received cannot.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from uppsikt.channels import actions as channels
from uppsikt.channels import queries as channel_queries
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Retry, Trouble
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Board, Person
from uppsikt.organisation.rules import Role
from uppsikt.register import captures, closing, deeds, ends, logos, profiles
from uppsikt.register.closing_models import Capture, Transfer
from uppsikt.register.discover_accounts import folded
from uppsikt.register.profile_models import ProfileVersion

WHY = "transfer"
# What is seen on the account's own page, and the field that says when.
SIGHTS = {
    "owner": "owner_stated_at",
    "profile": "profile_clear_at",
    "cover": "cover_clear_at",
    "name": "name_checked_at",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The board's decision (D53)."""

    number: str
    decided_on: date
    board: Board


def address(row: Transfer) -> str:
    """Where the transfer is shown, without the host."""
    return f"/konton/overlatelse/{row.pk}/"


def under_way(channel: Channel) -> Transfer | None:
    """The channel's transfer that is being prepared."""
    return Transfer.objects.filter(channel=channel, state="preparing").first()


def check_handles(person: Person) -> None:
    """Raise Refused unless the person is of the communications unit, which sees to transfers."""
    if Role.COMMUNICATIONS not in person.roles:
        raise Refused("not_yours", _("Överlåtelser sköts av kommunikationsenheten."))


def begin(channel: Channel, *, owner: str, contact: str, reason: str, by: Person, now: datetime) -> Transfer:
    """Begin to prepare a transfer. Raises Refused."""
    check_handles(by)
    owner = ends.needed(owner, _("Skriv vem som tar över kontot."))
    reason = ends.needed(reason, _("Skriv varför kontot överlåts."))
    with transaction.atomic():
        channel = ends.locked(channel)
        if channel.state not in {"live", "paused"}:
            raise Refused("not_live", _("Kontot är inte öppet. Det finns inget att överlåta."))
        if under_way(channel) or closing.under_way(channel):
            raise Refused("under_way", _("Kontot håller redan på att avslutas eller överlåtas."))
        row = Transfer(
            channel=channel, owner=owner[:200], owner_contact=contact.strip()[:200], reason=reason, by=by, at=now
        )
        trail.begin(row, by=by.doer, at=now, step="begin", reason=reason, also={"channel": channel, "owner": owner})
        words = gettext_noop("%(channel)s ska överlåtas till någon utanför kommunen.")
        ends.tell(channel, [channel.responsible, *ends.communications(now)], words, address(row), by=by, now=now)
    return row


def decide(row: Transfer, *, decision: Decision, by: Person, now: datetime) -> Transfer:
    """Write the board's decision down. Raises Refused for one that is none, or that lies ahead."""
    check_handles(by)
    number = ends.needed(decision.number, _("Skriv beslutets nummer, till exempel KS 2026/114 § 27."))
    if decision.decided_on > timezone.localdate(now):
        raise Refused("not_decided", _("Beslutet kan inte vara fattat i framtiden. Ändra datumet."))
    return trail.take(
        "decide", row, by=by.doer, at=now, decision_number=number[:60], decided_on=decision.decided_on,
        board=decision.board,
    )  # fmt: skip


def name(row: Transfer, *, new_name: str, kept_why: str, by: Person, now: datetime) -> Transfer:
    """What the account is to be called: preferably something new; where not, why (D57). Raises Refused."""
    check_handles(by)
    new_name = new_name.strip()
    if not new_name or folded(new_name) == folded(row.channel.name):
        kept_why = ends.needed(kept_why, _("Helst får kontot ett nytt namn. Skriv varför det behåller sitt gamla."))
        new_name = ""
    return trail.take(
        "check", row, by=by.doer, at=now, new_name=new_name[:160], name_kept_why=kept_why.strip(), name_checked_at=None
    )


def see(row: Transfer, what: str, *, by: Person, now: datetime) -> Transfer:
    """Something is as it should on the account's page, seen by a person, and by the product where the network tells.

    `what` is one of SIGHTS: the new owner is named, our logo is gone from profile or cover picture, the name is the
    one that was agreed (D54, D57). Raises Refused where the network shows otherwise.
    """
    check_handles(by)
    if what == "name" and not (row.new_name or row.name_kept_why):
        raise Refused("no_name", _("Skriv först vad kontot ska heta."))
    version = shown(row.channel, now=now)
    if version is not None:
        check_shown(row, what, version)
    seen: dict[str, Any] = {SIGHTS[what]: now}
    also = {"seen": what, "read_from_network": version is not None}
    return trail.take("check", row, by=by.doer, at=now, also=also, **seen)


def check_ready(row: Transfer, *, now: datetime) -> None:
    """Raise Refused, naming all that is missing."""
    left = missing(row, now=now)
    if left:
        raise Refused("missing", ends.all_of(left, lacking))


def recheck(row: Transfer, *, now: datetime) -> None:
    """See that the account's page still shows what was seen on it, where the network tells. Raises Refused."""
    version = shown(row.channel, now=now)
    if version is not None:
        for what in SIGHTS:
            check_shown(row, what, version)


def shown(channel: Channel, *, now: datetime) -> ProfileVersion | None:
    """How the network shows the account now. Raises Refused where it does not answer just now.

    None where nothing here can ask it: it is not connected, is paused, or its login opens nothing any more, as when
    the new owner has changed it. Then a person's word is taken, and the trail says so.
    """
    if not channel.is_at_work:
        return None
    try:
        return profiles.read(channel, now=now, waited_for=True)
    except Retry as trouble:
        raise Refused("not_read", _("Kontots sida gick inte att läsa just nu. Försök igen om en stund.")) from trouble
    except Trouble:
        return None


def check_shown(row: Transfer, what: str, version: ProfileVersion) -> None:
    """Raise Refused where the account's page shows otherwise than it should."""
    facts = version.facts
    text = folded(" ".join(str(facts.get(part, "")) for part in ("name", "description", "about")))
    if what == "owner" and folded(row.owner) not in text:
        told = _("Sidan nämner inte %(owner)s. Skriv på kontots sida vem som äger det.") % {"owner": row.owner}
        raise Refused("owner_not_stated", told)
    if what == "name" and row.new_name and folded(row.new_name) not in folded(str(facts.get("name", ""))):
        told = _("Kontot heter fortfarande %(name)s på nätet.") % {"name": facts.get("name", "")}
        raise Refused("old_name", told)
    if what == "profile" and version.picture_id is not None:
        best = logos.best(version.picture_id, logos.approved())
        # Ours in other colours is ours still, for whoever sees it.
        if best is not None and best.figure >= logos.LIKE:
            told = _("Profilbilden liknar fortfarande %(logo)s. Byt den först.") % {"logo": best.name}
            raise Refused("logo_there", told)


def write(row: Transfer, *, text: str, by: Person, now: datetime) -> Transfer:
    """Draft the post that tells the followers (D55). Raises Refused."""
    check_handles(by)
    text = ends.needed(text, _("Skriv inlägget: vem som tar över, när, och var man når kommunen sedan."))
    return trail.take("write", row, by=by.doer, at=now, announcement=text, announced_at=None)


def posted(row: Transfer, *, by: Person, now: datetime) -> Transfer:
    """The followers have been told: seen on the network where the channel is read. Raises Refused."""
    check_handles(by)
    found = ends.check_said(row.channel, row.announcement, row.at)
    also = {"item": found.pk if found else None}
    return trail.take("posted", row, by=by.doer, at=now, also=also, announced_at=found.at if found else now)


def capture(row: Transfer, *, by: Person, now: datetime) -> Capture:
    """Have the account kept as it is a last time. Raises Refused."""
    check_handles(by)
    with transaction.atomic():
        made = captures.want(row.channel, why=WHY, by=by.doer, now=now)
        lay_in(row, made, by=by, now=now)
    return made


def lay_in(row: Transfer, made: Capture, *, by: Person, now: datetime) -> Transfer:
    """This is the account's last picture."""
    return trail.take("capture", row, by=by.doer, at=now, capture=made)


def facts_of(row: Transfer) -> str:
    """The digest of what the deed says: another decision or another owner asks for a new deed."""
    told = [
        row.channel.name, row.channel.network, row.channel.address, row.channel.unit_id, row.owner, row.owner_contact,
        row.decision_number, row.decided_on, row.board_id, row.new_name, row.name_kept_why, row.reason, row.capture_id,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def draw_up(row: Transfer, *, by: Person, now: datetime) -> Transfer:
    """Draw the deed up as a PDF, of the facts as they stand. Raises Refused, naming what it cannot say yet."""
    check_handles(by)
    left = [code for code in missing(row, now=now) if code in {"decision", "name", "capture", "capture_old"}]
    if left:
        raise Refused("missing", ends.all_of(left, lacking))
    digest = deeds.kept(row, by=by, now=now)
    return trail.take("draw_up", row, by=by.doer, at=now, deed_id=digest, deed_at=now, deed_facts=facts_of(row))


def missing(row: Transfer, *, now: datetime) -> list[str]:
    """What is still to be done before the account can be handed over, in order."""
    named = bool(row.new_name or row.name_kept_why)
    lacks = [
        ("decision", row.decision_number and row.decided_on and row.board_id),
        ("owner", row.owner_stated_at),
        ("profile", row.profile_clear_at),
        ("cover", row.cover_clear_at),
        ("name", named and row.name_checked_at),
        ("announcement", row.announced_at),
    ]
    found = [code for code, there in lacks if not there]
    if wrong := ends.check_fresh(row.capture, now=now):
        found.append(wrong)
    if row.deed_id is None or row.deed_facts != facts_of(row):
        found.append("deed")
    if channel_queries.open_intents(row.channel).exists():
        found.append("outgoing")
    return found


def hand_over(row: Transfer, *, by: Person, now: datetime) -> Transfer:
    """Hand the account over now: from this minute nothing is read or sent. Raises Refused, naming all that lacks."""
    check_handles(by)
    check_ready(row, now=now)
    recheck(row, now=now)
    with ends.unread(row.channel):
        row = Transfer.objects.select_for_update(of=("self",)).select_related("channel__unit").get(pk=row.pk)
        check_ready(row, now=now)
        channels.hand_over(row.channel, reason=f"{row.decision_number}: {row.owner}", by=by.doer, now=now)
        row = trail.take("hand_over", row, by=by.doer, at=now, handed_over_at=now, handed_over_by=by)
        people = [row.by, row.channel.responsible, *ends.communications(now)]
        ends.tell(row.channel, people, gettext_noop("%(channel)s är överlåtet."), address(row), by=by, now=now)
    return row


def withdraw(row: Transfer, *, reason: str, by: Person, now: datetime) -> Transfer:
    """It is not to be handed over after all. Raises Refused."""
    check_handles(by)
    reason = ends.needed(reason, _("Skriv varför kontot inte ska överlåtas."))
    return trail.take("withdraw", row, by=by.doer, at=now, reason=reason)


def lacking(code: str) -> str:
    """What is missing, in words."""
    return {
        "decision": _("nämndens beslut med nummer och datum"),
        "owner": _("att sidan säger vem som äger kontot"),
        "profile": _("att logotypen är borta ur profilbilden"),
        "cover": _("att logotypen är borta ur omslagsbilden"),
        "name": _("att namnet är kontrollerat"),
        "announcement": _("inlägget till följarna"),
        "capture": _("den sista ögonblicksbilden"),
        "capture_old": _("en ny ögonblicksbild, den som finns är för gammal"),
        "deed": _("överlåtelsehandlingen, skriven av uppgifterna som de är nu"),
        "outgoing": _("att det som är på väg ut i kanalen har kommit fram"),
    }[code]
