"""Taking a proof: the network's answer now and at intake, the wording, and the page where it can be opened (D43).

What is on its way lies in a folder of its own under the data folder, so that a try that only lacked its time-stamp goes
on where it was, and one that was broken off begins anew.
"""

from __future__ import annotations

import json
import logging
import mimetypes
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

from uppsikt.capture import browser, package
from uppsikt.capture.errors import CaptureFailed
from uppsikt.channels import connecting
from uppsikt.connectors.base import Found, Known, Trouble
from uppsikt.connectors.base import RawResponse as Answer
from uppsikt.kernel import blobs
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import card, closing, effects, evidence, opening, rules
from uppsikt.moderation.evidence import File
from uppsikt.moderation.models import Evidence
from uppsikt.moderation.rules import Sort
from uppsikt.records import originals

log = logging.getLogger(__name__)
# Written last: without it, what lies in the folder was broken off.
READY = ".taken.json"
TYPES = {
    ".gz": "application/gzip",
    ".wacz": "application/wacz",
    ".tsr": "application/timestamp-reply",
    ".pem": "application/x-pem-file",
    ".sig": "application/octet-stream",
}


@dataclass(slots=True)
class Got:
    """What a try has come to: how much it holds, and why it is not more."""

    sort: Sort
    code: str = ""
    facts: dict[str, str] = field(default_factory=dict)


def take(pk: int, *, clock: Callable[[], datetime]) -> None:
    """Take a proof as far as it goes this time. What passes by itself is tried again; no fault leaves it half taken."""
    row = evidence.begin(pk, now=clock())
    if row is None:
        return
    folder = Path(settings.DATA) / "captures" / str(row.pk)
    try:
        got = gathered(row, folder)
        stamped_at = closing.close(folder, facts_of(row, got), now=clock())
        files, report = files_of(folder), report_of(folder, got)
        settled = evidence.keep(row, got.sort, files, report=report, code=got.code, now=clock(), stamped_at=stamped_at)
    except CaptureFailed as failed:
        settled = evidence.not_now(row, failed.code, failed.facts, now=clock())
    except package.PackFailed as failed:
        settled = evidence.not_now(row, failed.code, {}, now=clock())
    except (OperationalError, InterfaceError):
        # Passing faults of the database: the job is looked for and begun anew.
        raise
    except Exception as error:  # a boundary: strangers' pages are opened here, and no fault may pass in silence
        log.exception("evidence %s: a fault of ours", row.pk)
        settled = evidence.not_now(row, "our_fault", {"what": type(error).__name__}, now=clock())
    if settled.state == "kept":
        shutil.rmtree(folder, ignore_errors=True)
    if settled.state in {"kept", "failed"}:
        effects.evidence_settled(settled, now=clock())


def gathered(row: Evidence, folder: Path) -> Got:
    """What there is of the item, in the folder. Raises CaptureFailed where the page is worth another try."""
    ready = folder / READY
    if ready.exists():
        told = json.loads(ready.read_text(encoding="utf-8"))
        return Got(Sort(told["sort"]), told["code"], told["facts"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    intake = at_intake(row)
    asked = ask(row)
    row.item.refresh_from_db()
    got = look(row, folder, asked)
    # The page's own capture writes into an empty folder; what we hold of the item is laid beside it.
    for file in (*intake, *wording(row)):
        (folder / file.name).write_bytes(file.body)
    ready.write_text(json.dumps({"sort": got.sort.value, "code": got.code, "facts": got.facts}), encoding="utf-8")
    return got


def look(row: Evidence, folder: Path, asked: Answer | None) -> Got:
    """The item's page, or why it is not opened. Raises CaptureFailed while it is worth another try."""
    drawn = card.drawn(row)
    lacks = "gone" if row.item.state == "gone" else "not_shown" if row.item.state != "visible" else ""
    lacks = lacks or ("no_address" if not row.item.link else "no_browser" if browser.find() is None else "")
    if not lacks:
        told = opening.open_page(row, folder, asked, drawn, last=row.tries >= rules.PAGE_TRIES)
        why = told.why[0] if told.why else ""
        return Got(opening.SORTS[told.state], why, {name: str(value) for name, value in told.facts.items()})
    opening.draw(drawn, folder)
    if asked is not None:
        (folder / "answer.json").write_bytes(asked.body)
    return Got(Sort.INTAKE if lacks == "gone" else Sort.CARD, lacks)


def ask(row: Evidence) -> Answer | None:
    """The network's own answer about the item now, word for word; None where it does not answer."""
    try:
        with connecting.opened(row.item.channel) as connector:
            for answer in connector.refetch([Known(row.item.native_id, row.version.fingerprint, "", row.item.link)]):
                if answer.raw is not None and answer.native_id == row.item.native_id:
                    return None if answer.found is Found.SAME and not answer.raw.body else answer.raw
    except (Trouble, Refused) as trouble:
        log.info("evidence %s: the network was not asked: %s", row.pk, trouble)
    return None


def at_intake(row: Evidence) -> list[File]:
    """The part of the network's answer that the wording rests on, as it was kept when it came in."""
    raw = row.version.raw
    try:
        body = originals.part(blobs.read(raw.blob_id), row.version.place)
        name = "answer-intake.json"
    except Refused:
        # A feed: one document for all its items, and no part of it can be told from the rest.
        body, name = blobs.read(raw.blob_id), "answer-intake.xml"
    return [File(name, mimetypes.guess_type(name)[0] or "", body)]


def wording(row: Evidence) -> list[File]:
    """The wording as it was read, with everything that says which one it is."""
    item, version = row.item, row.version
    intake = {
        "address": version.raw.address,
        "status": version.raw.status,
        "sha256": version.raw.blob_id,
        "fetched_at": version.raw.fetched_at,
        "place": version.place,
    }
    told = {
        "native_id": item.native_id,
        "network": item.channel.network,
        "channel": item.channel.name,
        "kind": item.kind,
        "direction": item.direction,
        "address": item.address,
        "author": {"name": version.author_name, "handle": item.actor.handle, "native_id": item.actor.native_id},
        "published_at": item.published_at,
        "captured_at": version.captured_at,
        "known_at": item.known_at,
        "shown": item.state,
        "version": version.number,
        "fingerprint": version.fingerprint,
        "title": version.title,
        "text": version.text,
        "html": version.html,
        "intake": intake,
    }
    body = json.dumps(told, ensure_ascii=False, indent=1, default=str).encode("utf-8", "surrogatepass")
    return [File("wording.json", "application/json", body)]


def facts_of(row: Evidence, got: Got) -> dict[str, Any]:
    """What the manifest says of the whole."""
    return {
        "url": row.address,
        "state": got.sort.value,
        "why": got.code,
        "item": row.item.native_id,
        "channel": row.item.channel.name,
        "version": row.version.number,
        "fingerprint": row.version.fingerprint,
    }


def report_of(folder: Path, got: Got) -> dict[str, Any]:
    """What the capture told of itself, beside how much it is and why not more."""
    try:
        told = json.loads((folder / package.REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = {}
    return {"capture": told, "why": got.code, "facts": got.facts}


def files_of(folder: Path) -> list[File]:
    """Every file in the folder but our own note, by name; those of folders below it too."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != READY:
            kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            found.append(File(path.relative_to(folder).as_posix()[:120], kind, path.read_bytes()))
    return found
