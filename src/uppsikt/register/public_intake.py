"""What the public sends by the forms of the list, opinions and word of abusive content: both land as cases (D67, D70).

Nobody is asked who they are. What is sent is a record like all others (D18). Against abuse, with no third party: a
field that only programs fill in, a form that no person fills in within seconds, and so many an hour from one place and
from all; the place is kept as a digest that nobody can turn back, and only for that hour.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Captured, CapturedActor, Direction, Kind, RawResponse
from uppsikt.inbox import actions as inbox
from uppsikt.inbox import handed_over
from uppsikt.inbox.models import Case
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import intake
from uppsikt.records.models import Item

PUBLIC = Doer("public", "Allmänheten")
LONGEST = 4000
AN_HOUR = 3600
# Addresses have no index of their own; an account's newest items do.
NEWER = timedelta(days=90)
MOST_FROM_ONE, MOST_FROM_ALL = 5, 120


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent: `sort` is "opinion" or "report"; about which account, what post, and how to answer."""

    sort: str
    text: str
    channel: Channel | None = None
    link: str = ""
    contact: str = ""


def check_pace(place: str, *, now: datetime) -> None:
    """Count one more from a place on the internet. Raises Refused for too many within the hour."""
    hour = now.strftime("%Y-%m-%dT%H")
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{hour}|{place}".encode(), hashlib.sha256).hexdigest()
    for key, most in ((f"public:{digest}", MOST_FROM_ONE), (f"public:all:{hour}", MOST_FROM_ALL)):
        cache.add(key, 0, timeout=AN_HOUR)
        if cache.incr(key) > most:
            raise Refused(
                "too_many",
                _("Det har kommit många meddelanden härifrån. Försök igen om en timme, eller ring kommunen."),
            )


def receive(sent: Sent, *, place: str, now: datetime) -> Case:
    """Take it in as a record and open its case, with its deadline (D35). Raises Refused."""
    text = sent.text.replace("\r\n", "\n").replace("\0", "").strip()[:LONGEST]
    if not text and not sent.link:
        raise Refused("empty", _("Skriv vad det gäller."))
    check_pace(place, now=now)
    with transaction.atomic():
        home = handed_over.channel_for_all(by=somebody(now=now), now=now)
        taken = intake.take_in(home, [reading(sent, text, now=now)], now=now, by=PUBLIC)
        item = Item.objects.get(pk=taken.new[0])
        also = {"sort": sent.sort, "channel": sent.channel, "link": sent.link}
        trail.note("sent_by_form", item, by=PUBLIC, at=now, also=also)
        about = meant(sent, now=now)
        if about is not None:
            # Removal is owed from when it was known (lag 1998:112, 4 a §): that time is kept with the item itself.
            trail.note("reported", about, by=PUBLIC, at=now, also={"by_item": item})
        return inbox.receive(item, now=now)


def meant(sent: Sent, *, now: datetime) -> Item | None:
    """The item that a report is about, where the account is named and the address is one of its newer ones."""
    if sent.sort != "report" or not sent.link or sent.channel is None:
        return None
    return Item.objects.filter(channel=sent.channel, at__gt=now - NEWER, address=sent.link).order_by("-at").first()


def somebody(*, now: datetime) -> Person:
    """Who stands behind the channel that it all lands in, should it have to be made. Raises Refused for nobody."""
    person = organisation.people_with_role(Role.COMMUNICATIONS, at=now).exclude(unit=None).first()
    if person is None:
        raise Refused("nobody", _("Formuläret är inte öppet än. Ring eller skriv till kommunen i stället."))
    return person


def reading(sent: Sent, text: str, *, now: datetime) -> Captured:
    """What was sent, as a record reads it; the raw answer is what was entered, word for word."""
    with override("sv"):
        told = {
            "report": _("Anmälan om innehåll"),
            "opinion": _("Synpunkt"),
        }[sent.sort]
        lines = [told]
        if sent.channel is not None:
            account = {"name": sent.channel.name, "address": sent.channel.address}
            lines.append(_("Konto: %(name)s, %(address)s") % account)
        if sent.link:
            lines.append(_("Inlägg: %(link)s") % {"link": sent.link})
        if sent.contact:
            lines.append(_("Svar till: %(contact)s") % {"contact": sent.contact})
        nobody = _("Någon som skrev på kommunens sida")
    entered = {
        "sort": sent.sort,
        "text": sent.text,
        "channel": sent.channel.pk if sent.channel else None,
        "link": sent.link,
        "contact": sent.contact,
        "at": now.isoformat(),
    }
    native_id = f"message/{uuid.uuid4()}"
    raw = RawResponse(
        url=handed_over.channel_address(),
        status=200,
        fetched_at=now,
        body=json.dumps(entered, ensure_ascii=False, indent=1).encode("utf-8", "replace"),
        headers={"content-type": "application/json; charset=utf-8"},
    )
    return Captured(
        native_id=native_id,
        kind=Kind.MESSAGE,
        direction=Direction.RECEIVED,
        raw=raw,
        place="/text",
        text="\n".join([*lines, "", text]).strip(),
        author=CapturedActor(native_id=f"asker/{native_id}", name=nobody),
        address="",
        published_at=now,
        thread_id=native_id,
        reading={"sort": sent.sort},
    )
