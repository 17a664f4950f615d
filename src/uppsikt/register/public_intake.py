"""What the public sends by the forms of the list, opinions and word of abusive content: both land as cases (D67, D70).

Nobody is asked who they are. What is sent is a record like all others (D18). Against abuse, with no third party: a
field that only programs fill in, a form that no person fills in within seconds, and so many an hour from one place and
from all; the place is kept as a digest that nobody can turn back, and only for that hour.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Captured, CapturedActor, Direction, Kind, RawResponse
from uppsikt.inbox import actions as inbox
from uppsikt.inbox import handed_over
from uppsikt.inbox.models import Case
from uppsikt.kernel import pace, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.moderation import knowing
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy.networks import by_host
from uppsikt.records import intake
from uppsikt.records.models import Item
from uppsikt.register import directory

PUBLIC = Doer("public", "Allmänheten")
LONGEST = 4000
# What is added to a link for counting who follows it.
ADDED = re.compile(r"utm_|fbclid=|igshid=|igsh=|gclid=|mibextid=")
MOST_FROM_ONE, MOST_FROM_ALL = 5, 120


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent: `sort` is "opinion" or "report"; about which account, what post, and how to answer.

    `form` tells the form that was filled in from others: one sent twice with the same words in it was sent once.
    """

    sort: str
    text: str
    channel: Channel | None = None
    link: str = ""
    contact: str = ""
    form: str = ""


def check_pace(place: str, *, now: datetime) -> None:
    """Count one more from a place on the internet. Raises Refused for too many within the hour."""
    if not pace.admit("public", {pace.place(place, now=now): MOST_FROM_ONE, "all": MOST_FROM_ALL}, now=now):
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
        home = handed_over.known_channel() or handed_over.channel_for_all(by=somebody(now=now), now=now)
        about = meant(sent)
        captured = reading(sent, text, about, now=now)
        # Of two clicks at once, the second waits here and finds what the first one sent.
        Channel.objects.select_for_update().get(pk=home.pk)
        there = Item.objects.filter(channel=home, native_id=captured.native_id).first()
        if there is not None:
            return inbox.receive(there, now=now)
        taken = intake.take_in(home, [captured], now=now, by=PUBLIC)
        item = Item.objects.get(pk=taken.new[0])
        also = {"sort": sent.sort, "channel": sent.channel, "link": sent.link}
        trail.note("sent_by_form", item, by=PUBLIC, at=now, also=also)
        if about is not None:
            # Removal is owed from when it was known (lag 1998:112, 4 a §).
            knowing.report(about, by=PUBLIC, now=now, also={"by_item": item})
        return inbox.receive(item, now=now)


def meant(sent: Sent) -> Item | None:
    """The item that a report is about, where its address is that of one in our accounts, however old.

    The address decides, not the account that was chosen: who sends it may have chosen wrongly, or none.
    """
    if sent.sort != "report" or not sent.link:
        return None
    host = host_of(sent.link)
    network = by_host(host)
    ours = [
        channel.pk
        for channel in Channel.objects.exclude(network__in=directory.NO_ACCOUNT).only("network", "address")
        if host_of(channel.address) == host or (network is not None and channel.network == network.code)
    ]
    ways = [way for way in ways_to_write(sent.link) if way]
    return Item.objects.filter(~Q(address=""), channel__in=ours, address__in=ways).order_by("-at").first()


def host_of(address: str) -> str:
    """The host of an address, without what is written before it or not; "" where there is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def ways_to_write(link: str) -> list[str]:
    """A link and the same without what browsers and networks add to it on the way."""
    parts = urlsplit(link)
    query = "&".join(pair for pair in parts.query.split("&") if pair and not ADDED.match(pair))
    bare = parts.path.rstrip("/")
    ways = [
        urlunsplit((scheme, parts.netloc.lower(), path, query, parts.fragment))
        for scheme in ("https", "http")
        for path in (bare, f"{bare}/")
    ]
    return [link, *ways]


def somebody(*, now: datetime) -> Person:
    """Who stands behind the channel that it all lands in, should it have to be made. Raises Refused for nobody."""
    person = organisation.people_with_role(Role.COMMUNICATIONS, at=now).exclude(unit=None).first()
    if person is None:
        raise Refused("nobody", _("Formuläret är inte öppet än. Ring eller skriv till kommunen i stället."))
    return person


def reading(sent: Sent, text: str, about: Item | None, *, now: datetime) -> Captured:
    """What was sent, as a record reads it, with where the item is kept that it is about.

    The raw answer is what was entered, word for word. That something secret is kept is told nobody.
    """
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
        if about is not None and not about.secret:
            lines.append(_("Sparat i Uppsikt: %(link)s") % {"link": directory.whole(f"/handlingar/{about.pk}/")})
        if sent.contact:
            lines.append(_("Svar till: %(contact)s") % {"contact": sent.contact})
        nobody = _("Någon som skrev på kommunens sida")
    entered = {
        "sort": sent.sort,
        "text": sent.text,
        "channel": sent.channel.pk if sent.channel else None,
        "link": sent.link,
        "contact": sent.contact,
    }
    once = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([sent.form, entered])) if sent.form else uuid.uuid4()
    native_id = f"message/{once}"
    raw = RawResponse(
        url=handed_over.channel_address(),
        status=200,
        fetched_at=now,
        body=json.dumps({**entered, "at": now.isoformat()}, ensure_ascii=False, indent=1).encode("utf-8", "replace"),
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
