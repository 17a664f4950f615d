"""From an item to its page: what the capture is told to look for, and what it brings back as a proof's sort."""

from __future__ import annotations

import contextlib
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Left

from uppsikt.capture import page, printing
from uppsikt.capture.errors import CaptureFailed
from uppsikt.capture.limits import MIB, Limits
from uppsikt.capture.report import CARD_ONLY, PARTLY, WHOLE, Expected, Report
from uppsikt.connectors.base import RawResponse as Answer
from uppsikt.moderation.models import Evidence
from uppsikt.moderation.rules import Sort
from uppsikt.records.models import Item

SORTS = {WHOLE: Sort.WHOLE, PARTLY: Sort.PARTLY, CARD_ONLY: Sort.CARD}
# A proof is read and written whole, so that it must fit in a worker's memory.
LIMITS = Limits(total=180.0, max_bytes=160 * MIB, max_body=120 * MIB)
# So many of what stands under the same post are sought on the page, each by its beginning.
SOUGHT, BEGINNING = 100, 300


def open_page(row: Evidence, folder: Path, asked: Answer | None, drawn: str, *, last: bool) -> Report:
    """Capture the item's page into the folder. Raises CaptureFailed while it is worth another try; never on the `last`.

    `asked` is the network's own answer of now, `drawn` the card.
    """
    return page.capture(
        row.item.link,
        out=folder,
        limits=LIMITS,
        answer=asked.body if asked else None,
        answer_url=asked.url if asked else "",
        card=drawn,
        expected=Expected(texts=expected(row)),
        allow=settings.ALLOW_PRIVATE,
        last=last,
    )


def expected(row: Evidence) -> tuple[str, ...]:
    """The words that the page should hold: those of the item, and of what we know to be shown under the same post."""
    thread = row.item.thread
    beside = Q(thread=thread)
    if thread.post_native_id:
        beside |= Q(thread__channel_id=thread.channel_id, thread__post_native_id=thread.post_native_id, kind="comment")
    rows = Item.objects.filter(beside, channel_id=row.item.channel_id, state="visible").exclude(pk=row.item_id)
    words = rows.order_by("-at", "-id").values_list(Left("version__text", BEGINNING), flat=True)[:SOUGHT]
    return tuple(filter(None, (first_line(text or "") for text in (row.version.text, *words))))


def first_line(text: str) -> str:
    """The beginning of a text as far as no network lays it out otherwise."""
    return next((line.strip() for line in text[:BEGINNING].splitlines() if line.strip()), "")


def draw(drawn: str, folder: Path) -> None:
    """Lay the drawn card in the folder, as a page and, where a browser is at hand, as a picture."""
    (folder / "card.html").write_text(drawn, encoding="utf-8")
    with contextlib.suppress(CaptureFailed):
        (folder / page.CARD).write_bytes(printing.png(drawn))
