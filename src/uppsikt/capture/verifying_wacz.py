"""The collection inside evidence looked at: its own digests and signature, its index, and every record of the WARC.

The validators at hand accept a package that was edited and hashed anew. Here its signature must be by the key that
signed the rest, its text the text beside it, and every answer must be where the index says.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from uppsikt.capture import indexing, signing, wacz

LARGEST_INDEX = 200_000_000
BROKEN = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a code, the file that it is in, and what tells it from others of its kind.

    Codes: missing, added, changed, unreadable, bad_signature, other_key, bad_stamp; in a collection also bad_digest
    (the package's own digest), bad_index (an answer is not where the index says), bad_record (a WARC record against its
    own digest), no_digest (a record without one), other_text (the text is not the one beside it).
    """

    code: str
    file: str
    about: str = ""


class Closed(Exception):
    """The collection cannot be read on; `fault` is why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def look_at(file: Path, *, text: str, signer: x509.Certificate | None) -> list[Fault]:
    """What is wrong with a collection. `signer` is whose key signed the evidence around it."""
    try:
        with zipfile.ZipFile(file) as archive:
            return list(faults_in(archive, file.name, text=text, signer=signer))
    except Closed as closed:
        return [closed.fault]
    except BROKEN as error:
        return [Fault("unreadable", file.name, type(error).__name__)]


def faults_in(archive: zipfile.ZipFile, name: str, *, text: str, signer: x509.Certificate | None) -> Iterator[Fault]:
    """The faults, one thing after the other."""
    package = archive.read(wacz.PACKAGE)
    yield from own_digest(package, json.loads(archive.read(wacz.DIGEST)), name, signer)
    listed = {one["path"]: one for one in json.loads(package)["resources"]}
    held = archive.namelist()
    if len(held) != len(set(held)):
        yield Fault("added", f"{name}: {next(one for one in held if held.count(one) > 1)}")
    for path, one in listed.items():
        if path not in held:
            raise Closed(Fault("missing", f"{name}: {path}"))
        with archive.open(path) as stream:
            if "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest() != one["hash"]:  # type: ignore[arg-type]
                yield Fault("changed", f"{name}: {path}")
    for path in held:
        if path not in listed and path not in (wacz.PACKAGE, wacz.DIGEST):
            yield Fault("added", f"{name}: {path}")
    if said_in(archive.read(wacz.PAGES)) != text:
        yield Fault("other_text", f"{name}: {wacz.PAGES}")
    with archive.open(wacz.INDEX) as packed:
        index = gzip.GzipFile(fileobj=packed).read(LARGEST_INDEX).decode()
    with archive.open(wacz.WARC) as warc:
        yield from records(warc, places(index), f"{name}: {wacz.WARC}")


def own_digest(
    package: bytes, digest: Mapping[str, Any], name: str, signer: x509.Certificate | None
) -> Iterator[Fault]:
    """The digest of the package, and the signature on it by the key that signed the rest."""
    said = "sha256:" + hashlib.sha256(package).hexdigest()
    if digest.get("hash") != said:
        yield Fault("bad_digest", f"{name}: {wacz.DIGEST}")
    signed = digest.get("signedData")
    if signer is None or (signed is None and not isinstance(signing.public_of(signer), ec.EllipticCurvePublicKey)):
        return
    if not signed or not rightly_signed(signed, said, json.loads(package).get("created"), signer):
        yield Fault("bad_signature", f"{name}: {wacz.DIGEST}")


def rightly_signed(signed: Mapping[str, Any], said: str, created: object, signer: x509.Certificate) -> bool:
    """Whether the draft's signature is the signer's, over this digest and time."""
    key = signing.public_of(signer)
    signature = base64.b64decode(signed["signature"])
    if "publicKey" in signed:
        if signed["publicKey"] != signing.written(key):
            return False
        signature = signing.parted(signature)
    return (signed["hash"], signed["created"]) == (said, created) and signing.right(signature, said.encode(), key)


def said_in(pages: bytes) -> str:
    """The text of the page in the list of pages."""
    _head, page, *_rest = pages.decode().splitlines()
    return str(json.loads(page).get("text", ""))


def places(index: str) -> dict[int, str]:
    """Where the index says that answers lie: offset and address."""
    found = {}
    for line in index.splitlines():
        facts = json.loads(line.split(" ", 2)[2])
        found[int(facts["offset"])] = str(facts["url"])
    return found


def records(warc: IO[bytes], expected: dict[int, str], name: str) -> Iterator[Fault]:
    """Each record against its own digests and the index."""
    left, answers = dict(expected), 0
    for record in indexing.records(warc):
        if record.answer:
            answers += 1
            if left.pop(record.start, None) != record.url:
                yield Fault("bad_index", name, record.url)
        if record.fault:
            yield Fault(record.fault, name, record.url or record.id)
    if left:
        yield Fault("bad_index", name, next(iter(left.values())))
    if not answers:
        yield Fault("bad_index", name, "0")
