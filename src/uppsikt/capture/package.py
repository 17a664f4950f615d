"""Evidence closed: what a capture wrote, listed with digests, signed, and time-stamped by an authority outside.

`manifest.json` names every file with size, sha256 and what it is; `manifest.sig` is our signature on it, `signer.pem`
the certificate of the key, `manifest.tsr` an authority's word for when the signature was there. The loose WARC moves
into `page.wacz`, byte for byte, so that nothing is kept twice.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import mimetypes
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from uppsikt.capture import signing, wacz
from uppsikt.capture.signing import Signer
from uppsikt.capture.stamping import Authority, BadStamp
from uppsikt.net import NetError

FORMAT, SOFTWARE = "uppsikt-evidence/1", "Uppsikt 0.1"
PART = ".part"
MANIFEST, SIGNATURE, STAMP, CERTIFICATE = "manifest.json", "manifest.sig", "manifest.tsr", "signer.pem"
SEALS = frozenset({MANIFEST, SIGNATURE, STAMP, CERTIFICATE})
WARC, WACZ, REPORT, TEXT = "page.warc.gz", "page.wacz", "report.json", "text.txt"
LONGEST_TEXT = 2_000_000  # signs of the page's text in the collection

# What a file is, by how its name begins; for people and programs that read the manifest.
WHAT = (
    ("page.wacz", "page", "application/wacz"),
    ("page.warc.gz", "page", "application/warc"),
    ("screenshot", "screenshot", ""),
    ("by-hand", "screenshot_by_hand", ""),
    ("dom.html", "dom", "text/html"),
    ("text.txt", "text", "text/plain"),
    ("answer", "answer", ""),
    ("card", "card", ""),
    ("report.json", "report", "application/json"),
)


class PackFailed(Exception):
    """The evidence could not be closed. `code` says why; `retryable` whether asking again may help."""

    def __init__(self, code: str, *, retryable: bool) -> None:
        super().__init__(code)
        self.code, self.retryable = code, retryable


@dataclass(frozen=True, slots=True)
class Told:
    """What the capture's own report says, as far as the manifest needs it."""

    report: Mapping[str, Any]

    def get(self, name: str, facts: Mapping[str, Any]) -> str:
        """A fact from whoever asked, else from the report; empty where neither says."""
        return str(facts.get(name) or self.report.get(name) or "")


def pack(
    out: Path, *, facts: Mapping[str, Any], signer: Signer, authority: Authority | None, now: datetime | None = None
) -> Path:
    """Close the evidence in a folder and return its manifest. Asking again goes on where it was left.

    `facts` are kept in the manifest as they are given (JSON); `url`, `state`, `title` and `at` (ISO 8601) go before
    those of the report. Without an authority the evidence is closed without a time-stamp, and says so. Raises
    PackFailed: with an authority that does not answer the evidence is signed and waits, and is not closed.
    """
    now = now or datetime.now(UTC)
    try:
        if not signed(out, signer):
            close(out, facts=facts, signer=signer, authority=authority, now=now)
        if authority and not (out / STAMP).exists():
            replace(out / STAMP, authority.stamp((out / SIGNATURE).read_bytes()))
    except NetError as error:
        raise PackFailed(f"stamp_{error.code}", retryable=True) from error
    except BadStamp as error:
        raise PackFailed(f"stamp_{error.why}", retryable=True) from error
    except ValueError as error:
        raise PackFailed("unreadable", retryable=False) from error
    return out / MANIFEST


def signed(out: Path, signer: Signer) -> bool:
    """Whether the manifest is there with our signature on it."""
    try:
        manifest, signature = (out / MANIFEST).read_bytes(), (out / SIGNATURE).read_bytes()
    except FileNotFoundError:
        return False
    return signing.right(signature, manifest, signing.public_of(signer.certificate))


def close(out: Path, *, facts: Mapping[str, Any], signer: Signer, authority: Authority | None, now: datetime) -> None:
    """Make the collection, the manifest and the signature."""
    for left in out.rglob(f"*{PART}"):
        left.unlink()
    told = Told(read_report(out))
    if (out / WARC).exists():
        making = out / (WACZ + PART)
        page = wacz.Page(
            url=told.get("url", facts),
            at=moment(told.get("at", facts), now),
            title=told.get("title", facts),
            text=read_text(out / TEXT),
        )
        wacz.write(making, out / WARC, page, software=SOFTWARE, now=now, signer=signer, authority=authority)
        making.replace(out / WACZ)
        (out / WARC).unlink()
    manifest = {
        "format": FORMAT,
        "url": told.get("url", facts),
        "state": told.get("state", facts),
        "captured_at": told.get("at", facts),
        "closed_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "facts": dict(facts),
        "tools": tools(told.report),
        "signer": {
            "subject": signer.certificate.subject.rfc4514_string(),
            "key_sha256": signing.fingerprint(signer.certificate),
        },
        "time_authority": authority.url if authority else "",
        "files": [describe(file, out) for file in files(out)],
    }
    body = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    (out / STAMP).unlink(missing_ok=True)
    replace(out / CERTIFICATE, signer.pem.encode())
    replace(out / MANIFEST, body)
    replace(out / SIGNATURE, signer.sign(body))


def files(out: Path) -> list[Path]:
    """What the manifest lists: all but its seals, and notes of whoever keeps it, whose names begin with a dot.

    Raises ValueError for a link.
    """
    found = sorted(path for path in out.rglob("*") if path.is_symlink() or path.is_file())
    for path in found:
        if path.is_symlink():
            raise ValueError(f"{path.name} is a link")
    names = {path: path.relative_to(out).as_posix() for path in found}
    return [path for path, name in names.items() if name not in SEALS and not name.startswith(".")]


def describe(file: Path, out: Path) -> dict[str, Any]:
    """A file's line in the manifest; what it is, its own name says in whichever folder it lies."""
    name = file.relative_to(out).as_posix()
    what, media_type = next(((what, kind) for start, what, kind in WHAT if file.name.startswith(start)), ("other", ""))
    sha256, size = digest(file)
    return {
        "path": name,
        "what": what,
        "type": media_type or mimetypes.guess_type(name)[0] or "application/octet-stream",
        "size": size,
        "sha256": sha256,
        "written_at": datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds"),
    }


def digest(file: Path) -> tuple[str, int]:
    """A file's sha256 and size."""
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256")
        return found.hexdigest(), stream.tell()


def replace(file: Path, body: bytes) -> None:
    """Write a file so that it is whole or not there."""
    part = file.with_name(file.name + PART)
    part.write_bytes(body)
    part.replace(file)


def read_report(out: Path) -> Mapping[str, Any]:
    """What the capture reported; nothing where it did not. Raises ValueError."""
    file = out / REPORT
    found = json.loads(file.read_bytes()) if file.exists() else {}
    if not isinstance(found, dict):
        raise ValueError("the report is no object")  # noqa: TRY004 it is a value in a file
    return found


def read_text(file: Path) -> str:
    """The page's own words."""
    return file.read_text(encoding="utf-8", errors="replace")[:LONGEST_TEXT] if file.exists() else ""


def moment(text: str, otherwise: datetime) -> datetime:
    """A time in ISO 8601."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def tools(report: Mapping[str, Any]) -> dict[str, str]:
    """The programs that took part, by version; the browser's stands in the report."""
    named = {name: importlib.metadata.version(name) for name in ("warcio", "fastwarc", "cryptography")}
    said = report.get("tools")
    return {
        "uppsikt": SOFTWARE,
        "python": platform.python_version(),
        **named,
        **({str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}),
    }
