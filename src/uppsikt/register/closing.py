"""Closing an account: the unit's manager approves, in consultation with the communications unit (D6, D52).

Then the followers are told, the account is kept as it was a last time, it is taken away on its network, and that is
seen to. It is read until then: what people write meanwhile is a record too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from uppsikt.channels import actions as channels
from uppsikt.channels import queries as channel_queries
from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import captures, ends, stillness
from uppsikt.register.closing_models import Capture, Closing, Transfer

WHY = "closing"
OPEN = ("asked", "approved")


def address(row: Closing) -> str:
    """Where the closing is shown, without the host."""
    return f"/konton/avslut/{row.pk}/"


def under_way(channel: Channel) -> Closing | None:
    """The channel's closing that is under way."""
    return Closing.objects.filter(channel=channel, state__in=OPEN).first()


def ask(channel: Channel, *, reason: str, by: Person, now: datetime) -> Closing:
    """Ask for an account to be closed. Raises Refused."""
    ends.check_sees_to(by, channel)
    reason = ends.needed(reason, _("Skriv varför kontot ska avslutas."))
    with transaction.atomic():
        channel = ends.locked(channel)
        if channel.state not in {"live", "paused"}:
            raise Refused("not_live", _("Kontot är inte öppet. Det finns inget att avsluta."))
        if under_way(channel) or Transfer.objects.filter(channel=channel, state="preparing").exists():
            raise Refused("under_way", _("Kontot håller redan på att avslutas eller överlåtas."))
        row = Closing(channel=channel, reason=reason, by=by, at=now)
        trail.begin(row, by=by.doer, at=now, step="ask", reason=reason, also={"channel": channel})
        people = [*ends.communications(now), *organisation.managers(channel.unit, at=now)]
        words = gettext_noop("%(channel)s föreslås avslutas. Säg vad du tycker.")
        ends.tell(channel, people, words, address(row), by=by, now=now)
    return row


def view(row: Closing, *, agrees: bool, text: str, by: Person, now: datetime) -> Closing:
    """What the communications unit thinks; an objection says why. Raises Refused."""
    if Role.COMMUNICATIONS not in by.roles:
        raise Refused("not_yours", _("Samrådet är kommunikationsenhetens."))
    if not agrees:
        text = ends.needed(text, _("Skriv vad ni invänder, så att chefen kan ta ställning till det."))
    with transaction.atomic():
        row = trail.take(
            "view", row, by=by.doer, at=now, reason=text.strip(), view="agree" if agrees else "object",
            view_text=text.strip(), view_by=by, view_at=now,
        )  # fmt: skip
        managers = organisation.managers(row.channel.unit, at=now)
        words = gettext_noop("Kommunikationsenheten har svarat om att avsluta %(channel)s. Beslutet är ditt.")
        ends.tell(row.channel, managers, words, address(row), by=by, now=now)
    return row


def check_decides(row: Closing, by: Person) -> None:
    """Raise Refused unless the person is the manager of the account's unit (D6)."""
    if not channel_queries.gives_mandates(by, row.channel):
        raise Refused("not_yours", _("Det är chefen för enheten som beslutar om kontot avslutas."))


def approve(row: Closing, *, text: str, by: Person, now: datetime) -> Closing:
    """The unit's manager approves, once the communications unit has been heard. Raises Refused."""
    check_decides(row, by)
    with transaction.atomic():
        # What the communications unit has said last is what is decided on.
        Closing.objects.select_for_update().get(pk=row.pk)
        row.refresh_from_db(fields=["view"])
        if not row.view:
            raise Refused("not_heard", _("Kommunikationsenheten har inte svarat än. Vänta på samrådet."))
        if row.view == "object":
            text = ends.needed(text, _("Kommunikationsenheten har invändningar. Skriv varför kontot avslutas ändå."))
        return decide("approve", row, text=text, by=by, now=now)


def refuse(row: Closing, *, text: str, by: Person, now: datetime) -> Closing:
    """The unit's manager does not want it closed. Raises Refused."""
    check_decides(row, by)
    text = ends.needed(text, _("Skriv varför kontot ska vara kvar."))
    return decide("refuse", row, text=text, by=by, now=now)


def decide(step: str, row: Closing, *, text: str, by: Person, now: datetime) -> Closing:
    """Write the decision down, and tell those whom it touches."""
    with transaction.atomic():
        row = trail.take(
            step, row, by=by.doer, at=now, reason=text.strip(), decision=text.strip(), decided_by=by, decided_at=now
        )
        people = [row.by, row.channel.responsible, *ends.communications(now)]
        words = (
            gettext_noop("%(channel)s ska avslutas. Det finns saker att göra först.")
            if step == "approve"
            else gettext_noop("%(channel)s ska inte avslutas.")
        )
        ends.tell(row.channel, people, words, address(row), by=by, now=now)
    return row


def write(row: Closing, *, text: str, by: Person, now: datetime) -> Closing:
    """Draft the last post. What was said to be published is then to be seen anew. Raises Refused."""
    ends.check_sees_to(by, row.channel)
    check_there(row)
    text = ends.needed(text, _("Skriv det sista inlägget: att kontot avslutas, när, och var man hittar er sedan."))
    return trail.take("write", row, by=by.doer, at=now, last_post=text, last_post_at=None, last_post_by=None)


def posted(row: Closing, *, by: Person, now: datetime) -> Closing:
    """The last post is on the network: seen there where the channel is read. Raises Refused."""
    ends.check_sees_to(by, row.channel)
    found = ends.check_said(row.channel, row.last_post, row.at)
    also = {"item": found.pk if found else None}
    return trail.take(
        "posted", row, by=by.doer, at=now, also=also, last_post_at=found.at if found else now, last_post_by=by
    )


def capture(row: Closing, *, by: Person, now: datetime) -> Capture:
    """Have the account kept as it is a last time. Raises Refused."""
    ends.check_sees_to(by, row.channel)
    check_there(row)
    with transaction.atomic():
        made = captures.want(row.channel, why=WHY, by=by.doer, now=now)
        lay_in(row, made, by=by, now=now)
    return made


def lay_in(row: Closing, made: Capture, *, by: Person, now: datetime) -> Closing:
    """This is the account's last picture. Raises Refused once the account is away: then it shows nothing."""
    check_there(row)
    return trail.take("capture", row, by=by.doer, at=now, capture=made)


def check_there(row: Closing) -> None:
    """Raise Refused unless the account is to be closed and is still on its network."""
    if row.state not in OPEN:
        raise Refused("wrong_state", _("Kontot håller inte längre på att avslutas."))
    if row.state != "approved":
        raise Refused("not_approved", _("Kontot ska först vara godkänt att avsluta."))
    if row.ended_at:
        raise Refused("gone", _("Kontot är redan borta på nätet. Det går inte att ändra det som skulle göras innan."))


def ended(row: Closing, *, seen: str, by: Person, now: datetime) -> Closing:
    """The account is gone from its network: asked there, or seen by a person who says how. Raises Refused.

    What stands between is named first: once the account is away, there is nothing left to keep.
    """
    ends.check_sees_to(by, row.channel)
    left = [code for code in missing(row, now=now) if code != "ended"]
    if left:
        raise Refused("missing", ends.all_of(left, lacking))
    shown = ends.answers(row.channel)
    if shown:
        raise Refused("still_there", _("Kontot syns fortfarande på sin adress. Ta bort det på nätet först."))
    if shown is None:
        seen = ends.needed(seen, _("Det går inte att se härifrån om kontot är borta. Skriv hur du har sett det."))
    how = "asked" if shown is False else "seen"
    return trail.take("ended", row, by=by.doer, at=now, reason=seen.strip(), ended_at=now, ended_how=how, ended_by=by)


def missing(row: Closing, *, now: datetime) -> list[str]:
    """What is still to be done before the account is closed, in order."""
    lacks: list[tuple[str, Any]] = [
        ("view", row.view_by_id),
        ("approval", row.state == "approved"),
        ("last_post", row.last_post_at),
        ("ended", row.ended_at),
    ]
    found = [code for code, there in lacks if not there]
    # Once the account is away its picture cannot be taken anew.
    wrong = ends.check_fresh(row.capture, now=row.ended_at or now)
    if wrong:
        found.insert(len(found) - (row.ended_at is None), wrong)
    return found


def finish(row: Closing, *, by: Person, now: datetime) -> Closing:
    """Close the channel here: it is read no more. Raises Refused, naming all that is missing."""
    ends.check_sees_to(by, row.channel)
    with ends.unread(row.channel):
        row = Closing.objects.select_for_update(of=("self",)).select_related("channel__unit", "capture").get(pk=row.pk)
        left = missing(row, now=now)
        if left:
            raise Refused("missing", ends.all_of(left, lacking))
        channels.close(row.channel, reason=row.reason, by=by.doer, now=now)
        row = trail.take("finish", row, by=by.doer, at=now, finished_at=now)
        still = stillness.of(row.channel)
        if still is not None:
            trail.take("leave", still, by=by.doer, at=now, ended_at=now)
        people = [row.by, row.channel.responsible, *ends.communications(now)]
        ends.tell(row.channel, people, gettext_noop("%(channel)s är avslutat."), address(row), by=by, now=now)
    return row


def withdraw(row: Closing, *, reason: str, by: Person, now: datetime) -> Closing:
    """It is not to be closed after all. Raises Refused."""
    ends.check_sees_to(by, row.channel)
    reason = ends.needed(reason, _("Skriv varför kontot inte ska avslutas."))
    return trail.take("withdraw", row, by=by.doer, at=now, reason=reason)


def lacking(code: str) -> str:
    """What is missing, in words."""
    return {
        "view": _("kommunikationsenhetens syn"),
        "approval": _("chefens beslut"),
        "last_post": _("sista inlägget"),
        "capture": _("den sista ögonblicksbilden"),
        "capture_old": _("en ny ögonblicksbild, den som finns är för gammal"),
        "ended": _("att kontot är borta på nätet"),
    }[code]
