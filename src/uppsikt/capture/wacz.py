"""The page as one file that other programs can replay: a web archive collection, zipped (WACZ 1.1.1).

Its own digest is signed by the draft for signed collections (wacz-auth 0.1.0): by a key alone, or, where somebody else
vouches for our host and an authority tells the time, with both in it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from uppsikt.capture import indexing, signing, stamping
from uppsikt.capture.signing import Signer
from uppsikt.capture.stamping import Authority

VERSION, DRAFT = "1.1.1", "0.1.0"
WARC, INDEX, INDEXES, PAGES = (
    "archive/page.warc.gz",
    "indexes/index.cdx.gz",
    "indexes/index.idx",
    "pages/pages.jsonl",
)
PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
BITE = 1 << 20


@dataclass(frozen=True, slots=True)
class Page:
    """The page that the collection is about."""

    url: str
    at: datetime
    title: str = ""
    text: str = ""

    @property
    def when(self) -> str:
        """Its time as the format writes it."""
        return stamp(self.at)

    def lines(self) -> bytes:
        """The list of pages, with the text that was read on it, so that the collection can be searched."""
        head = {"format": "json-pages-1.0", "id": "pages", "title": "Sidor", "hasText": bool(self.text)}
        name = hashlib.sha256(f"{self.when} {self.url}".encode()).hexdigest()[:22]
        page = {"id": name, "url": self.url, "ts": self.when, "title": self.title or self.url, "text": self.text}
        return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in (head, page)).encode()


def stamp(at: datetime) -> str:
    """A time in UTC to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(
    file: Path, warc: Path, page: Page, *, software: str, now: datetime, signer: Signer, authority: Authority | None
) -> None:
    """Write the collection of a WARC file. Raises OSError, ValueError, and what an authority's `stamp` raises."""
    index, indexes = indexing.packed(indexing.lines(warc, WARC.rpartition("/")[2]), INDEX.rpartition("/")[2])
    small = {INDEX: index, INDEXES: indexes, PAGES: page.lines()}
    created = now.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(file, "w") as archive:
        resources = [put_file(archive, WARC, warc, created)]
        # What is packed already is stored as it is: a player reads pieces out of the middle.
        for name, body in small.items():
            put(archive, name, body, created, packed=name == PAGES)
            resources.append(resource(name, hashlib.sha256(body).hexdigest(), len(body)))
        package = json.dumps(
            {
                "profile": "data-package",
                "wacz_version": VERSION,
                "title": page.title or page.url,
                "mainPageUrl": page.url,
                "mainPageDate": page.when,
                "created": stamp(now),
                "software": software,
                "resources": resources,
            },
            ensure_ascii=False,
            indent=1,
        ).encode()
        put(archive, PACKAGE, package, created)
        said = "sha256:" + hashlib.sha256(package).hexdigest()
        digest: dict[str, Any] = {"path": PACKAGE, "hash": said}
        if signed := sign(said, stamp(now), software=software, signer=signer, authority=authority):
            digest["signedData"] = signed
        put(archive, DIGEST, json.dumps(digest, indent=1).encode(), created)


def put(archive: zipfile.ZipFile, name: str, body: bytes, at: Iterable[int], *, packed: bool = True) -> None:
    """Put a small file into the collection."""
    info = zipfile.ZipInfo(name, tuple(at))  # type: ignore[arg-type]  # six numbers
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    archive.writestr(info, body)


def put_file(archive: zipfile.ZipFile, name: str, file: Path, at: Iterable[int]) -> dict[str, Any]:
    """Put a large file into the collection as it is; what the collection says of it."""
    info = zipfile.ZipInfo(name, tuple(at))  # type: ignore[arg-type]  # six numbers
    sha256, size = hashlib.sha256(), 0
    with file.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while bite := source.read(BITE):
            sha256.update(bite)
            size += len(bite)
            target.write(bite)
    return resource(name, sha256.hexdigest(), size)


def resource(path: str, sha256: str, size: int) -> dict[str, Any]:
    """What the collection says of a file in it."""
    return {"name": path.rpartition("/")[2], "path": path, "hash": f"sha256:{sha256}", "bytes": size}


def sign(said: str, created: str, *, software: str, signer: Signer, authority: Authority | None) -> dict[str, str]:
    """The signature on the collection's digest, in whichever of the draft's two forms fits; empty where none does."""
    signature = signer.sign(said.encode())
    held = {"hash": said, "created": created, "software": software, "version": DRAFT}
    if signer.domain and authority:
        text = base64.b64encode(signature).decode()
        answer = authority.stamp(text.encode())
        return held | {
            "signature": text,
            "domain": signer.domain,
            "domainCert": signer.pem,
            "timeSignature": base64.b64encode(stamping.bare_token(answer)).decode(),
            "timestampCert": stamping.chain_of(answer),
        }
    if isinstance(signer.key, ec.EllipticCurvePrivateKey):
        text = base64.b64encode(signing.joined(signature, signer.key)).decode()
        return held | {"signature": text, "publicKey": signing.written(signer.key.public_key())}
    return {}
