"""Attachments: their bytes are part of the record (D18), fetched by a job so that a slow file stops no pull."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

from uppsikt.channels import connecting
from uppsikt.channels.models import Channel
from uppsikt.kernel import blobs
from uppsikt.kernel.queue import defer
from uppsikt.net.errors import NetError
from uppsikt.records.models import Attachment

TRIES = 5
AT_ONCE = 200
# A long history brings pictures by the thousand, and what is said now must not wait for them.
BEHIND = timedelta(minutes=10)


def defer_missing(channel: Channel, *, now: datetime) -> int:
    """Queue the fetching of what is not kept yet, behind the pulls that are due soon; returns how many."""
    waiting = Attachment.objects.filter(item__channel=channel, blob=None, tries__lt=TRIES).order_by("tries", "id")
    ids = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    for pk in ids:
        defer("records.attachment", once=f"attachment:{pk}", at=now, behind=BEHIND, attachment_id=pk)
    return len(ids)


def keep(attachment_id: int, *, now: datetime) -> None:
    """Fetch and keep one attachment; what goes wrong is written on it, and it is tried again at later pulls."""
    row = Attachment.objects.get(pk=attachment_id)
    if row.blob_id:
        return
    row.tries += 1
    try:
        with connecting.client() as client:
            answer = client.request("GET", row.address)
    except NetError as error:
        row.trouble = error.code[:40]
    else:
        if answer.status == HTTPStatus.OK:
            row.media_type = answer.headers.get("content-type", row.media_type)[:120]
            row.blob_id = blobs.put(answer.body, row.media_type, now=now)
            row.kept_at, row.trouble = now, ""
        else:
            row.trouble = f"http_{answer.status}"
    row.save(update_fields=["tries", "trouble", "media_type", "blob", "kept_at"])
