"""Evidence looked at again, alone: no database, no network, nothing but the folder (D43).

Each fault is named with the file that it is in. What a right signature says is said too, and what it does not: that the
files are as they were when they were signed, by whoever holds the key; not that the network served them so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from uppsikt.capture import package, signing, stamping, verifying_wacz
from uppsikt.capture.package import CERTIFICATE, FORMAT, MANIFEST, SEALS, SIGNATURE, STAMP, WACZ
from uppsikt.capture.signing import BadKey
from uppsikt.capture.stamping import BadStamp
from uppsikt.capture.verifying_wacz import Fault

__all__ = ["Fault", "Found", "check", "examine"]

_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Found:
    """What was seen: faults, and what is true where there are none.

    `signed_by` and `key_sha256` tell the key; `ours` whether it is one of those that were said to be ours (None: nobody
    said). `stamped_at` is the authority's time, `stamp_proved` whether somebody trusted signed it (None: nobody was
    said to be trusted, False is a fault too). `unproved` lists what could not be looked at.
    """

    faults: list[Fault]
    files: int = 0
    bytes: int = 0
    state: str = ""
    url: str = ""
    captured_at: str = ""
    signed_by: str = ""
    key_sha256: str = ""
    ours: bool | None = None
    stamped_at: datetime | None = None
    stamp_proved: bool | None = None
    unproved: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def check(folder: Path, *, keys: Sequence[str] = (), trusted: Sequence[x509.Certificate] = ()) -> list[Fault]:
    """What is wrong with the evidence in a folder; nothing where all is as it was signed."""
    return examine(folder, keys=keys, trusted=trusted).faults


def examine(folder: Path, *, keys: Sequence[str] = (), trusted: Sequence[x509.Certificate] = ()) -> Found:
    """Look at all of it.

    `keys` are fingerprints of the keys that are known to be ours; `trusted` certificates of authorities for the time.
    """
    try:
        body = (folder / MANIFEST).read_bytes()
    except OSError:
        return Found([Fault("missing", MANIFEST)])
    faults: list[Fault] = []
    manifest = read_manifest(body)
    if manifest is None:
        faults.append(Fault("unreadable", MANIFEST))
        manifest = {"files": []}
    listed: dict[str, Mapping[str, Any]] = {one["path"]: one for one in manifest["files"]}
    faults += look_at_files(folder, listed)
    who, wrong = signature_of(folder, body)
    faults += wrong
    ours, wrong = known(who, manifest, keys)
    faults += wrong
    at, wrong, unproved = stamp_of(folder, manifest, trusted)
    faults += wrong
    if WACZ in listed and (folder / WACZ).is_file():
        faults += verifying_wacz.look_at(folder / WACZ, text=package.read_text(folder / package.TEXT), signer=who)
    return Found(
        faults,
        files=len(listed),
        bytes=sum(one["size"] for one in listed.values()),
        state=str(manifest.get("state", "")),
        url=str(manifest.get("url", "")),
        captured_at=str(manifest.get("captured_at", "")),
        signed_by=who.subject.rfc4514_string() if who else "",
        key_sha256=signing.fingerprint(who) if who else "",
        ours=ours,
        stamped_at=at,
        stamp_proved=None if at is None or not trusted else True,
        unproved=unproved + (["key"] if who and ours is None else []),
    )


def read_manifest(body: bytes) -> dict[str, Any] | None:
    """The manifest; None where it is none, or one of a form that we do not know."""
    try:
        found = json.loads(body)
        rows = found["files"]
        fine = found["format"] == FORMAT and all(
            isinstance(one["path"], str)
            and safe(one["path"])
            and isinstance(one["size"], int)
            and _HEX.fullmatch(one["sha256"])
            for one in rows
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if fine else None


def safe(name: str) -> bool:
    """Whether a name leads into the folder and nowhere else."""
    return bool(name) and not name.startswith("/") and ".." not in name.split("/") and "\\" not in name


def look_at_files(folder: Path, listed: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """Files that are changed, missing, or there without being listed."""
    for name, one in listed.items():
        file = folder / name
        if file.is_symlink() or not file.is_file():
            yield Fault("missing", name)
            continue
        try:
            sha256, size = package.digest(file)
        except OSError as error:
            yield Fault("unreadable", name, error.strerror or "")
            continue
        if sha256 != one["sha256"]:
            yield Fault("changed", name, f"{one['size']} → {size}" if size != one["size"] else "")
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if (file.is_symlink() or not file.is_dir()) and name not in listed and name not in SEALS:
            yield Fault("added", name)


def signature_of(folder: Path, body: bytes) -> tuple[x509.Certificate | None, list[Fault]]:
    """Who signed the manifest, as far as the certificate says; what is wrong."""
    seals: dict[str, bytes] = {}
    for name in (SIGNATURE, CERTIFICATE):
        try:
            seals[name] = (folder / name).read_bytes()
        except OSError:
            return None, [Fault("missing", name)]
    try:
        certificate = x509.load_pem_x509_certificates(seals[CERTIFICATE])[0]
        key = signing.public_of(certificate)
    except (ValueError, IndexError, BadKey):
        return None, [Fault("unreadable", CERTIFICATE)]
    if not signing.right(seals[SIGNATURE], body, key):
        return certificate, [Fault("bad_signature", SIGNATURE)]
    return certificate, []


def known(
    who: x509.Certificate | None, manifest: Mapping[str, Any], keys: Sequence[str]
) -> tuple[bool | None, list[Fault]]:
    """Whether the key is one of ours, as far as somebody said which they are; and whether the manifest names it."""
    if who is None:
        return None, []
    found = signing.fingerprint(who)
    named = manifest.get("signer")
    said = {"subject": who.subject.rfc4514_string(), "key_sha256": found}
    ours = found in {one.lower() for one in keys} if keys else None
    wrong = ours is False or (named is not None and named != said)
    return ours, [Fault("other_key", CERTIFICATE, found)] if wrong else []


def stamp_of(
    folder: Path, manifest: Mapping[str, Any], trusted: Sequence[x509.Certificate]
) -> tuple[datetime | None, list[Fault], list[str]]:
    """When the signature was seen by an authority; what is wrong; what could not be looked at."""
    wanted = bool(manifest.get("time_authority"))
    try:
        token, signature = (folder / STAMP).read_bytes(), (folder / SIGNATURE).read_bytes()
    except OSError:
        return None, [Fault("missing", STAMP)] if wanted else [], [] if wanted else ["no_stamp"]
    try:
        at = stamping.check(token, signature, trusted)
    except BadStamp as error:
        return None, [Fault("bad_stamp", STAMP, error.why)], []
    return at, [], [] if trusted else ["stamp"]
