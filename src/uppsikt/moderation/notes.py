"""Telling the author why something was removed, and how to have it tried again (D69).

In the thread without repeating the matter, by e-mail where an address is known; where neither is so, that is written
down.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from uppsikt.channels import actions as channels
from uppsikt.connectors.base import Can
from uppsikt.kernel import blobs, trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import effects
from uppsikt.moderation.models import AuthorNote, Removal
from uppsikt.notices import actions as notices
from uppsikt.organisation.models import Person
from uppsikt.records import originals
from uppsikt.records.models import Item

# In one conversation nobody is told more often, and no more lines than these stand there: it is others' talk too.
THREAD_PAUSE, MOST_LINES = timedelta(hours=24), 5
LONGEST_ADDRESS = 254


def tell_author(removal: Removal, *, now: datetime) -> list[AuthorNote]:
    """Tell whoever wrote what was removed, once for each removal, by the ways that there are."""
    item = removal.item
    if item.direction != "received" or AuthorNote.objects.filter(removal=removal).exists():
        return []
    # What the author reads is Swedish, whatever language a page had.
    with override("sv"), transaction.atomic():
        made = [note for note in (by_email(removal, now=now), in_thread(removal, now=now)) if note is not None]
        if not made:
            row = AuthorNote(removal=removal, item=item, way="none", at=now, text="", ended_at=now)
            also = {"removal": removal}
            made = [trail.begin(row, by=effects.MODERATOR, at=now, step="unreachable", also=also)]
            made = [trail.take("unreachable", made[0], by=effects.MODERATOR, at=now)]
    return made


def email_of(item: Item) -> str:
    """The author's e-mail address as the network told it; empty where it did not.

    It is read in the raw answer, and kept nowhere else.
    """
    version = item.version
    if version is None:
        return ""
    try:
        raw = json.loads(originals.part(blobs.read(str(version.raw.blob_id)), version.place))
    except (Refused, ValueError, RecursionError, blobs.Damaged, blobs.Unreachable):
        return ""
    found = raw.get("author_email") if isinstance(raw, dict) else None
    return found if isinstance(found, str) and is_address(found) else ""


def is_address(text: str) -> bool:
    """Whether it is one e-mail address and nothing else: it comes from a stranger."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_ADDRESS


def by_email(removal: Removal, *, now: datetime) -> AuthorNote | None:
    """The letter: the ground, the reason, how to have it tried again."""
    to = email_of(removal.item)
    if not to:
        return None
    token = secrets.token_urlsafe(32)
    text = letter(removal, link(token))
    row = AuthorNote(removal=removal, item=removal.item, way="email", to=to, digest=digest(token), text=text, at=now)
    with transaction.atomic():
        row.text = text.replace(link(token), "…")
        trail.begin(row, by=effects.MODERATOR, at=now, step="write", also={"removal": removal, "way": "email"})
        subject = _("Det du skrev i %(channel)s") % {"channel": removal.item.channel.name}
        notices.write_letter(to=to, subject=subject, text=text, now=now)
        return trail.take("sent", row, by=effects.MODERATOR, at=now, ended_at=now)


def letter(removal: Removal, address: str) -> str:
    """What the letter says. What was removed is not in it."""
    done = _("dolt") if removal.act == "hide" else _("tagit bort")
    return _(
        "Hej!\n\nVi har %(done)s det du skrev i %(channel)s.\n\nGrund: %(ground)s\n%(means)s\n%(reason)s\n"
        "Tycker du att det är fel? Be oss pröva det igen. Någon annan än den som beslutade gör det:\n%(link)s\n\n"
        "Vi har sparat det du skrev, så som lagen kräver av en myndighet.\n\n%(unit)s\n"
    ) % {
        "done": done,
        "channel": removal.item.channel.name,
        "ground": removal.ground.name,
        "means": removal.ground.text,
        "reason": f"\n{_('Skäl')}: {removal.reason}\n" if removal.reason else "",
        "link": address,
        "unit": removal.item.channel.unit.name,
    }


def in_thread(removal: Removal, *, now: datetime) -> AuthorNote | None:
    """A line in the conversation, without the matter; None where nothing can be written there, or it was lately."""
    item = removal.item
    publisher = removal.decided_by or removal.proposed_by
    above = place_in(item)
    if above is None or told_lately(item, now=now):
        return None
    token = secrets.token_urlsafe(32)
    text = _(
        "En kommentar här följde inte våra regler och visas inte längre. Du som skrev den kan läsa varför, och be oss "
        "pröva det igen: %(link)s /%(unit)s"
    ) % {"link": link(token), "unit": item.channel.unit.name}
    row = AuthorNote(removal=removal, item=item, way="thread", digest=digest(token), text=text, at=now)
    return send(row, above, publisher, now=now)


def send(row: AuthorNote, above: Item, publisher: Person, *, now: datetime) -> AuthorNote | None:
    """Hand it to the queue, in the name of whoever decided; None without a mandate to answer."""
    row.to = above.native_id
    try:
        with transaction.atomic():
            trail.begin(row, by=effects.MODERATOR, at=now, step="write", also={"removal": row.removal_id})
            about = {"author_note": row.pk}
            row.intent = channels.send_reply(
                row.item.channel, to=above.native_id, text=row.text, publisher=publisher, now=now, about=about
            )
            row.save(update_fields=["intent"])
    except (Refused, IntegrityError):
        return None
    return row


def place_in(item: Item) -> Item | None:
    """What a line can be put under: the comment above, else the post; None where neither takes one."""
    thread = item.thread
    ids = [one for one in (item.parent_native_id, thread.native_id, thread.post_native_id) if one]
    rows = Item.objects.filter(
        channel=item.channel_id, native_id__in=ids, state="visible", secret=False, can__contains=[Can.REPLY.value]
    ).exclude(pk=item.pk)
    found = {row.native_id: row for row in rows}
    return next((found[one] for one in ids if one in found), None)


def told_lately(item: Item, *, now: datetime) -> bool:
    """Whether the author has had such a line in the conversation within a day, or it has had many."""
    lines = AuthorNote.objects.filter(item__thread=item.thread_id, way="thread", at__gt=now - THREAD_PAUSE)
    return lines.filter(item__actor=item.actor_id).exists() or lines.count() >= MOST_LINES


def digest(token: str) -> str:
    """What is kept of a link's key."""
    return hashlib.sha256(token.encode()).hexdigest()


def link(token: str) -> str:
    """The address that the author opens."""
    return f"{settings.PUBLIC_URL}{reverse('author:page', args=[token])}"
