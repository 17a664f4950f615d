"""The list of records, and their bytes: raw answers and attachments. A record's page is put together in `web`."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from uppsikt.kernel import blobs
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current
from uppsikt.organisation.rules import READERS
from uppsikt.records import originals, queries, reading, searching
from uppsikt.records.models import Attachment, Version
from uppsikt.records.reading import Reader
from uppsikt.ui.access import may

# What may be read as text in a browser; all else is bytes.
TEXT = re.compile(r"(text/|application/([\w.+-]*\+)?(json|xml)\b)", re.IGNORECASE)
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def reader_of(request: HttpRequest) -> Reader:
    """What the one who asks may read."""
    return reading.reader(current.person(request), now=timezone.now())


@may(*READERS)
@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """All records, newest first, searched and narrowed (D18)."""
    return render(request, "records/list.html", searching.context(request, current.person(request), now=timezone.now()))


def download(body: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes from a network, to be saved and not to be run: whatever they claim to be, the browser takes no part."""
    kind = "text/plain; charset=utf-8" if TEXT.match(media_type) else "application/octet-stream"
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response


def kept(sha256: str) -> bytes:
    """The bytes of a blob. Raises Refused where they are damaged, which somebody must look into."""
    try:
        return blobs.read(sha256)
    except blobs.Damaged as error:
        raise Refused(
            "damaged", _("Filen är skadad på servern. Säg till driften, så kan den återställas ur en säkerhetskopia.")
        ) from error
    except blobs.Unreachable as error:
        raise Refused(
            "unreachable",
            _("Lagringen för filer svarar inte just nu. Försök igen om en stund, eller säg till driften."),
        ) from error


@may(*READERS)
@require_GET
def original(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The network's own answer that a version rests on, word for word.

    One answer may hold many records. Whoever may not read all that is secret on the channel gets their record's own
    part of it, whether or not there is anything secret in the rest.
    """
    reader = reader_of(request)
    item = get_object_or_404(queries.one(pk, reader))
    version = get_object_or_404(Version.objects.select_related("raw"), item=item, number=number)
    media_type = str(version.raw.headers.get("content-type", ""))
    ending = "json" if "json" in media_type.lower() else "txt" if TEXT.match(media_type) else "bin"
    body = kept(version.raw.blob_id)
    if not reader.reads_secrets_of(item.channel_id):
        body = originals.part(body, version.place)
    return download(body, f"handling-{pk}-{number}-original.{ending}", media_type)


@may(*READERS)
@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A file that belongs to a record."""
    row = get_object_or_404(Attachment.objects.exclude(blob=None), pk=pk)
    get_object_or_404(queries.one(row.item_id, reader_of(request)))
    name = file_name(row)
    return download(kept(str(row.blob_id)), name, "application/octet-stream")


def file_name(row: Attachment) -> str:
    """A name to save the file by: the end of its own, without signs that a file system or an eye may stumble on."""
    own = (row.name or row.address.partition("?")[0]).rpartition("/")[2]
    safe = re.sub(r"[^\w.-]+", "_", own).strip("._")[-80:]
    return f"handling-{row.item_id}-{row.pk}-{safe or 'bilaga'}"
