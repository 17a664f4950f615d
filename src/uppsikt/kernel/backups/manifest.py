"""What a backup says of itself: its parts with their digests, what it was made of, and a seal over it all."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from uppsikt.kernel import stores
from uppsikt.kernel.stores import Missing, Store

FORM = 1
FOLDER = "backups"
BLOBS = "blobs"
NAME = "manifest.json"
LIST = "blobs.list.gz"
TOC = "database/toc.dat"
ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")
MAC = b"uppsikt backup manifest"


class Bad(Exception):
    """A manifest that cannot be believed or read; the text says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup. `table` and `rows` for the rows of a table; what is lost with it hangs on them."""

    name: str
    size: int
    sha256: str
    table: str = ""
    rows: int = 0


@dataclass(slots=True)
class Manifest:
    """A whole backup. Times are ISO 8601 in UTC; `counts` are rows per table in the snapshot."""

    id: str
    taken_at: str
    ended_at: str = ""
    form: int = FORM
    app: str = ""
    postgresql: int = 0
    migrations: list[list[str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    trail: dict[str, Any] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    blobs: dict[str, int] = field(default_factory=dict)
    # Blobs that were missing or damaged in the service itself when the backup was made: sha256 → why.
    wanting: dict[str, str] = field(default_factory=dict)
    keys: str = ""  # "apart" or "left_out"
    fingerprints: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Where its parts are."""
        return f"{FOLDER}/{self.id}"

    @property
    def size(self) -> int:
        """Bytes of the database's parts."""
        return sum(part.size for part in self.parts)


def new_id(now: datetime) -> str:
    """A name that sorts by time, and is nobody else's."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def canonical(content: dict[str, Any]) -> bytes:
    """The one way to write it down that digests are taken of."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def mac(body: bytes, key: str) -> str:
    """The seal that only one who has the key for credentials can make."""
    own = hmac.digest(key.encode(), MAC, "sha256")
    return hmac.digest(own, body, "sha256").hex()


def sign_off(place: Store, manifest: Manifest, key: str) -> None:
    """Write the manifest; from now on the backup is whole."""
    content = asdict(manifest)
    body = canonical(content)
    signed = {"manifest": content, "sha256": hashlib.sha256(body).hexdigest(), "mac": mac(body, key)}
    place.add(f"{manifest.folder}/{NAME}", [json.dumps(signed, indent=1, ensure_ascii=False).encode()])


def load(place: Store, which: str, key: str = "") -> Manifest:
    """A backup's manifest, checked: its digest always, its seal where `key` is the one that sealed it.

    Raises Missing where the backup was never finished, Bad where the manifest was changed or is of another time.
    """
    raw = stores.read(place, f"{FOLDER}/{which}/{NAME}")
    try:
        signed = json.loads(raw)
        content = signed["manifest"]
        body = canonical(content)
        parts = [Part(**part) for part in content["parts"]]
        manifest = Manifest(**{**content, "parts": parts})
    except (ValueError, KeyError, TypeError) as error:
        raise Bad(f"{which}: the manifest cannot be read ({type(error).__name__})") from error
    if manifest.form != FORM:
        raise Bad(f"{which}: the manifest has form {manifest.form}, which this Uppsikt does not know")
    if hashlib.sha256(body).hexdigest() != signed.get("sha256") or manifest.id != which:
        raise Bad(f"{which}: the manifest is not what was written")
    if sealed_by(manifest, key) and not hmac.compare_digest(mac(body, key), str(signed.get("mac"))):
        raise Bad(f"{which}: the manifest was written anew by somebody without the key")
    return manifest


def sealed_by(manifest: Manifest, key: str) -> bool:
    """Whether the key is the one that was in use when the backup was made, so that its seal can be checked."""
    return bool(key) and manifest.fingerprints.get("credentials") == fingerprint(key)


def fingerprint(key: str) -> str:
    """What tells keys apart without giving one away, slow to guess by."""
    return hashlib.scrypt(key.encode(), salt=b"uppsikt key fingerprint", n=2**14, r=8, p=1, dklen=12).hex()


def ids(place: Store) -> dict[str, bool]:
    """Every backup in the place by its id, oldest first; True where it was signed off."""
    found: dict[str, bool] = {}
    for name, _size in place.listing(FOLDER):
        words = name.split("/")
        if len(words) > 2 and ID.fullmatch(words[1]):  # noqa: PLR2004 backups/ID/file
            found[words[1]] = found.get(words[1], False) or words[2:] == [NAME]
    return dict(sorted(found.items()))


def whole(place: Store, key: str = "") -> Iterator[Manifest]:
    """The backups that were signed off and can be read, newest first."""
    for which, signed in reversed(ids(place).items()):
        if signed:
            try:
                yield load(place, which, key)
            except (Bad, Missing):
                continue
