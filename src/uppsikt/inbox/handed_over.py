"""Questions that came to somebody's private account, handed over to the municipality (D60).

What is typed in is a record like all others (D18): it is taken in through the same door, rests on what was entered,
and gets a case whose deadline counts from when the question came.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import (
    Captured,
    CapturedActor,
    CapturedAttachment,
    Direction,
    Kind,
    Profile,
    RawResponse,
)
from uppsikt.inbox import actions, handing
from uppsikt.inbox.models import Case
from uppsikt.kernel import blobs, trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.records import intake
from uppsikt.records.models import Attachment, Item

NETWORK = "handed_over"
LONGEST = 20_000
LARGEST = 10 * 1024 * 1024
MOST_PICTURES = 5
OLDEST = timedelta(days=365)
# What a picture begins with; other files are no pictures, whatever they are called.
BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the question: its bytes and the name that it had."""

    body: bytes
    name: str

    @property
    def media_type(self) -> str:
        """What it is by its own bytes, or "" for what is no picture that we take."""
        if self.body[:4] == b"RIFF" and self.body[8:12] == b"WEBP":
            return "image/webp"
        return next((kind for start, kind in BEGINNINGS.items() if self.body.startswith(start)), "")

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Question:
    """What came to a private account: as little of who asked as is needed to answer."""

    text: str
    received_at: datetime
    network: str
    asker: str = ""
    link: str = ""
    pictures: Sequence[Picture] = ()


def hand_over(
    question: Question, *, by: Person, now: datetime, unit: Unit | None = None, account: Channel | None = None
) -> Case:
    """Take the question in as a record and open its case; with `unit`, for that unit where somebody there may answer.

    With `account` it stood on an account of ours that is not read here. Raises Refused for what cannot be taken in.
    """
    check(question, now=now)
    # Before the channel's row is locked: megabytes on their way to the store keep nobody else waiting.
    blobs.put_many([(picture.body, picture.media_type) for picture in question.pictures], now=now)
    with transaction.atomic():
        channel = channel_for_all(by=by, now=now)
        taken = intake.take_in(channel, [reading(question, by=by, now=now, account=account)], now=now, by=by.doer)
        item = Item.objects.get(pk=taken.new[0])
        for picture in question.pictures:
            kept = Attachment.objects.filter(item=item, address=address_of(picture))
            kept.update(blob_id=picture.sha256, kept_at=now)
        also = {"network": question.network} | ({"account": account} if account else {})
        trail.note("type_in" if account else "hand_over", item, by=by.doer, at=now, also=also)
        case = actions.receive(item, now=now)
        if unit is not None and handing.answerers(case, unit, now=now).exists():
            case = trail.take("to_unit", case, by=by.doer, at=now, unit=unit)
            handing.tell_unit(case, unit, by=by, now=now)
    return case


def check(question: Question, *, now: datetime) -> None:
    """Raise Refused for what cannot be taken in."""
    if not question.text.strip() and not question.pictures:
        raise Refused("empty", _("Skriv vad frågan är, eller bifoga en bild av den."))
    if question.received_at > now:
        raise Refused("future", _("Frågan kan inte ha kommit i framtiden. Kontrollera dag och klockslag."))
    if question.received_at < now - OLDEST:
        raise Refused("too_old", _("Frågan är mer än ett år gammal. Hör av dig till kommunikationsenheten."))
    if len(question.pictures) > MOST_PICTURES:
        raise Refused("too_many", _("Bifoga högst %(most)s bilder.") % {"most": MOST_PICTURES})
    for picture in question.pictures:
        if not picture.media_type:
            raise Refused(
                "no_picture", _("%(name)s är ingen bild i PNG, JPEG, GIF eller WebP.") % {"name": picture.name}
            )
        if len(picture.body) > LARGEST:
            raise Refused(
                "too_large", _("%(name)s är för stor. En bild får vara högst 10 MB.") % {"name": picture.name}
            )


def reading(question: Question, *, by: Person, now: datetime, account: Channel | None = None) -> Captured:
    """The question as a record reads it; the raw answer is what was entered, word for word."""
    entered = {
        "handed_over_by": by.email,
        "handed_over_at": now.isoformat(),
        "network": question.network,
        **({"account": account.address} if account else {}),
        "asker": question.asker,
        "received_at": question.received_at.isoformat(),
        "link": question.link,
        "text": question.text,
        "pictures": [{"name": picture.name, "sha256": picture.sha256} for picture in question.pictures],
    }
    raw = RawResponse(
        url=channel_address(),
        status=200,
        fetched_at=now,
        body=json.dumps(entered, ensure_ascii=False, indent=1).encode(),
        headers={"content-type": "application/json; charset=utf-8"},
    )
    native_id = f"message/{uuid.uuid4()}"
    asker = question.asker.strip()[:300]
    # Two who bear one name are not one: nobody is known by more than the question.
    actor = CapturedActor(native_id=f"asker/{native_id}", name=asker or _("Okänd"))
    return Captured(
        native_id=native_id,
        kind=Kind.MESSAGE,
        direction=Direction.RECEIVED,
        raw=raw,
        place="/text",
        text=question.text.replace("\r\n", "\n").replace("\0", "").strip()[:LONGEST],
        author=actor,
        address=question.link,
        published_at=question.received_at,
        thread_id=native_id,
        attachments=tuple(
            CapturedAttachment(address=address_of(picture), media_type=picture.media_type, name=picture.name)
            for picture in question.pictures
        ),
        reading={
            "network": question.network,
            "handed_over_by": by.name,
            **({"account": account.name} if account else {}),
        },
    )


def address_of(picture: Picture) -> str:
    """A picture has no address on any network; its digest tells it from others."""
    return f"urn:sha256:{picture.sha256}"


def channel_for_all(*, by: Person, now: datetime) -> Channel:
    """The municipality's own channel of questions handed over; made when the first one comes."""
    found = known_channel()
    if found is not None:
        return found
    try:
        return made_channel(by=by, now=now)
    except Refused:
        # Of two first questions at once, one makes the channel; the other one finds it.
        found = known_channel()
        if found is None:
            raise
        return found


def channel_address() -> str:
    """What stands for an address on a network: where questions are handed over."""
    return f"{settings.PUBLIC_URL}/inkorg/overlamna/"


def known_channel() -> Channel | None:
    """The channel, where there is one."""
    return Channel.objects.filter(network=NETWORK, address=channel_address()).exclude(state="closed").first()


def made_channel(*, by: Person, now: datetime) -> Channel:
    """The channel, now connected. Raises Refused."""
    address = channel_address()
    communications = list(organisation.people_with_role(Role.COMMUNICATIONS, at=now).select_related("unit"))
    responsible = next((person for person in [*communications, by] if person.unit), by)
    unit = responsible.unit or Unit.objects.order_by("id").first()
    if unit is None:
        raise Refused("no_unit", _("Kommunens enheter är inte inlagda än. Be systemadministratören om det."))
    with translation.override("sv"):
        name = _("Överlämnade frågor")
    return channels.connect(
        network=NETWORK,
        name=name,
        address=address,
        unit=unit,
        responsible=responsible,
        settings={"name": name, "address": address},
        secrets={},
        profile=Profile(name=name, address=address),
        central=True,
        by=by.doer,
        now=now,
    )
