"""A report to the police (D69): a document that says what happened, and a file with it and all the evidence."""

from __future__ import annotations

import base64
import io
import logging
import zipfile
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.capture import printing, signing
from uppsikt.capture.errors import CaptureFailed
from uppsikt.kernel import blobs, queue, trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import around, effects, evidence, knowing, queries, registering
from uppsikt.moderation.models import Evidence, EvidenceFile, PoliceReport
from uppsikt.moderation.police_paper import LOOK
from uppsikt.organisation.models import Person
from uppsikt.records import reading
from uppsikt.records.models import Item
from uppsikt.ui import paper

log = logging.getLogger(__name__)
SORT = "polisanmalningar"
# So many pictures are shown in the document itself; the rest lie beside it.
SHOWN, SHOWN_BYTES = 12, 8_000_000


def make(item: Item, *, ground: str, text: str, by: Person, now: datetime) -> PoliceReport:
    """Ask for the report to be made; it takes a moment. Raises Refused, also while there is no evidence yet."""
    around.check_read(item, by, now=now)
    around.check_acts(by, item, now=now)
    chosen = around.check_ground(ground)
    text = around.check_words(text, _("Skriv vad som har hänt, så att polisen förstår det utan att ha sett kanalen."))
    proof = around.proof_of(item)
    if proof is None:
        with transaction.atomic():
            locked = Item.objects.select_for_update(of=("self",)).select_related("version", "channel").get(pk=item.pk)
            evidence.want(locked, now=now, by=by.doer)
        raise Refused("no_evidence", _("Bevis tas först. Det brukar ta mindre än en minut. Försök sedan igen."))
    if not evidence.readable(proof, reading.reader(by, now=now)):
        raise Refused("not_there", _("Beviset visar sådant som du inte får läsa."))
    row = PoliceReport(item=item, ground=chosen, text=text, evidence=proof, by=by, at=now)
    with transaction.atomic():
        also = {"item": item, "ground": chosen.code, "evidence": proof}
        trail.begin(row, by=by.doer, at=now, step="begin", reason=text, also=also)
        registering.want(item, "police", now=now, by=by.doer)
        defer(row)
    return row


def defer(row: PoliceReport) -> None:
    """Queue the making."""
    queue.defer("moderation.police", lock=f"police:{row.pk}", report_id=row.pk)


def again(row: PoliceReport, *, by: Person, now: datetime) -> PoliceReport:
    """Make it once more. Raises Refused."""
    around.check_acts(by, row.item, now=now)
    with transaction.atomic():
        row = trail.take("again", row, by=by.doer, at=now, trouble_code="")
        defer(row)
    return row


def hand_in(row: PoliceReport, *, number: str, by: Person, now: datetime) -> PoliceReport:
    """It has been handed in, under the police's number. Raises Refused."""
    around.check_acts(by, row.item, now=now)
    number = around.check_words(number, _("Skriv polisens diarienummer, till exempel 5000-K12345-26."))[:60]
    return trail.take("hand_in", row, by=by.doer, at=now, number=number, ended_at=now, ended_by=by)


def build(pk: int, *, now: datetime) -> None:
    """Write the document and the file. A fault leaves a clear state, and it can be asked for again."""
    rows = PoliceReport.objects.select_related(
        "item__channel__unit", "item__actor", "evidence__version", "ground", "by__unit"
    )
    row = rows.get(pk=pk)
    if row.state != "making":
        return
    try:
        files = queries.files(row.evidence)
        document = written(row, files)
    except CaptureFailed as failed:
        log.warning("police report %s: %s", row.pk, failed.code)
        trail.take("fail", row, by=effects.MODERATOR, at=now, trouble_code=failed.code[:40])
        return
    sheet = blobs.put(document, "application/pdf", now=now)
    bundle = blobs.put(zipped(document, files), "application/zip", now=now)
    also = {"document": sheet, "bundle": bundle}
    trail.take("made", row, by=effects.MODERATOR, at=now, also=also, document_id=sheet, bundle_id=bundle)


def written(row: PoliceReport, files: list[EvidenceFile]) -> bytes:
    """The document as PDF. Raises CaptureFailed."""
    with translation.override("sv"):
        body = render_to_string("moderation/police.html", told(row, files))
        html = paper.document(body, title=_("Polisanmälan"), language="sv", look=LOOK)
    return printing.pdf(html, title=f"Polisanmälan, bevis {row.evidence_id}")


def told(row: PoliceReport, files: list[EvidenceFile]) -> dict[str, Any]:
    """What the document says."""
    proof: Evidence = row.evidence
    signer = signing.Signer.read(settings.EVIDENCE_KEY).certificate
    return {
        "report": row,
        "item": row.item,
        "proof": proof,
        "version": proof.version,
        "known_at": knowing.of(row.item, now=proof.taken_at or row.at)[0],
        "files": files,
        "pictures": pictures(files),
        "key": signing.fingerprint(signer),
        "signer": signer.subject.rfc4514_string(),
        "stamped": settings.TIMESTAMP_URL if proof.stamped_at else "",
    }


def pictures(files: list[EvidenceFile]) -> list[tuple[str, str]]:
    """The screenshots that fit, as addresses that hold the picture itself."""
    found: list[tuple[str, str]] = []
    size = 0
    for file in files:
        if file.media_type not in {"image/png", "image/jpeg"} or len(found) == SHOWN:
            continue
        size += file.blob.size
        if size > SHOWN_BYTES:
            break
        body = base64.b64encode(blobs.read(str(file.blob_id))).decode()
        found.append((file.name, f"data:{file.media_type};base64,{body}"))
    return found


def zipped(document: bytes, files: list[EvidenceFile]) -> bytes:
    """The document and all files of the evidence, as one file; the evidence's own in a folder that can be verified."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("polisanmalan.pdf", document)
        for file in files:
            folder = "bevis" if file.by_id is None else "for-hand"
            archive.writestr(f"{folder}/{file.name}", blobs.read(str(file.blob_id)))
    return out.getvalue()
