"""Checking a backup without restoring it: each damaged or missing part by name, and what is lost with it."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from uppsikt.kernel import stores
from uppsikt.kernel.backups import manifest as manifests
from uppsikt.kernel.backups.manifest import Bad, Manifest, Part
from uppsikt.kernel.backups.taking import THREADS, Line, Progress, nothing, place_name
from uppsikt.kernel.stores import Missing, Store
from uppsikt.kernel.terminal import Trouble, tell

BATCH = 500  # blobs read between two words of progress


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `kind`: half_made, manifest, missing, changed, blob_missing, blob_changed, wanting.

    `part` is the file's name in the place, `words` what is wrong with it and what is lost.
    """

    kind: str
    part: str
    words: str


@dataclass(slots=True)
class Checked:
    """What a check saw. A backup is good when there are no faults."""

    manifest: Manifest | None
    faults: list[Fault] = field(default_factory=list)
    parts: int = 0
    blobs: int = 0
    # False where the key that sealed the manifest is not at hand: then only its digest was checked.
    sealed: bool = False


def check(place: Store, which: str, *, key: str = "", with_blobs: bool = True, progress: Progress = nothing) -> Checked:
    """Read a backup to its end. Raises Unreachable where the place does not answer."""
    try:
        manifest = manifests.load(place, which, key)
    except Missing:
        words = tell(
            "säkerhetskopian avbröts innan den var klar och går inte att återställa",
            "the backup was cut off before it was done and cannot be restored",
        )
        return Checked(None, [Fault("half_made", f"{manifests.FOLDER}/{which}", words)])
    except Bad as bad:
        words = tell(
            f"innehållsförteckningen går inte att lita på, och därmed inget i säkerhetskopian ({bad})",
            f"the manifest cannot be trusted, and so nothing in the backup can ({bad})",
        )
        return Checked(None, [Fault("manifest", f"{manifests.FOLDER}/{which}/{manifests.NAME}", words)])
    found = Checked(manifest, sealed=manifests.sealed_by(manifest, key))
    for number, part in enumerate(manifest.parts, 1):
        found.faults += part_faults(place, manifest, part)
        progress("parts", number, len(manifest.parts))
    found.parts = len(manifest.parts)
    if with_blobs:
        found.faults += blob_faults(place, manifest, found, progress)
    return found


def part_faults(place: Store, manifest: Manifest, part: Part) -> Iterator[Fault]:
    """Whether one part of the dump is there and is what was written."""
    name = f"{manifest.folder}/{part.name}"
    digest, size = hashlib.sha256(), 0
    try:
        for piece in place.stream(name):
            digest.update(piece)
            size += len(piece)
    except Missing:
        yield Fault("missing", name, tell(f"saknas. {lost(part)}", f"is missing. {lost(part)}"))
        return
    if size != part.size:
        words = tell(
            f"är {size} byte lång i stället för {part.size}. {lost(part)}",
            f"is {size} bytes long instead of {part.size}. {lost(part)}",
        )
        yield Fault("changed", name, words)
    elif digest.hexdigest() != part.sha256:
        yield Fault("changed", name, tell(f"är ändrad. {lost(part)}", f"is changed. {lost(part)}"))


def lost(part: Part) -> str:
    """What is lost with a part of the dump."""
    if part.table:
        return tell(
            f"Med den förloras tabellen {part.table} ({part.rows} rader).",
            f"With it the table {part.table} is lost ({part.rows} rows).",
        )
    if part.name == manifests.LIST:
        return tell(
            "Med den går det inte att veta vilka bilagor som hör till säkerhetskopian.",
            "Without it nobody knows which attachments belong to the backup.",
        )
    return tell("Utan den går databasen inte att återställa.", "Without it the database cannot be restored.")


def blob_list(place: Store, manifest: Manifest) -> Iterator[Line]:
    """The blobs of a backup. Raises Missing, or Trouble where the list is damaged."""
    packed = stores.read(place, f"{manifest.folder}/{manifests.LIST}")
    try:
        rows = gzip.decompress(packed).decode().splitlines()
        for row in rows:
            sha256, size, media_type = row.split("\t")
            yield Line(sha256, int(size), media_type)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise Trouble(
            f"Listan över bilagor i säkerhetskopian {manifest.id} är skadad.",
            f"The list of attachments in the backup {manifest.id} is damaged.",
        ) from error


def blob_faults(place: Store, manifest: Manifest, found: Checked, progress: Progress) -> Iterator[Fault]:
    """Every blob of the backup, read and compared with its digest."""
    for sha256, why in manifest.wanting.items():
        words = tell(
            f"saknades eller var skadad redan i tjänsten när säkerhetskopian togs ({why})",
            f"was missing or damaged in the service itself when the backup was made ({why})",
        )
        yield Fault("wanting", place_name(sha256), words)
    total = manifest.blobs.get("count", 0)

    def one(line: Line) -> Fault | None:
        return None if line.sha256 in manifest.wanting else blob_fault(place, line)

    try:
        with ThreadPoolExecutor(THREADS) as pool:
            rows = blob_list(place, manifest)
            while batch := list(islice(rows, BATCH)):
                yield from filter(None, pool.map(one, batch))
                found.blobs += len(batch)
                progress("blobs", found.blobs, total)
    except (Missing, Trouble):
        return  # the list itself is among the parts, and was named there


def blob_fault(place: Store, line: Line) -> Fault | None:
    """What is wrong with one blob, or None."""
    name, digest = place_name(line.sha256), hashlib.sha256()
    about = f"{line.media_type or '?'}, {line.size} byte"
    try:
        for piece in place.stream(name):
            digest.update(piece)
    except Missing:
        return Fault("blob_missing", name, tell(f"bilagan saknas ({about})", f"the attachment is missing ({about})"))
    if digest.hexdigest() != line.sha256:
        return Fault("blob_changed", name, tell(f"bilagan är ändrad ({about})", f"the attachment is changed ({about})"))
    return None


def newest(place: Store, which: str, key: str = "") -> Manifest:
    """The backup that is asked for, or the newest whole one. Raises Trouble where there is none."""
    if which:
        try:
            return manifests.load(place, which, key)
        except Missing as error:
            raise Trouble(
                f"Säkerhetskopian {which} finns inte i {place.words}, eller blev aldrig klar.",
                f"The backup {which} is not in {place.words}, or was never finished.",
            ) from error
        except Bad as bad:
            raise Trouble(
                f"Säkerhetskopian går inte att lita på: {bad}.", f"The backup cannot be trusted: {bad}."
            ) from bad
    found = next(manifests.whole(place, key), None)
    if found is None:
        raise Trouble(f"I {place.words} finns ingen hel säkerhetskopia.", f"There is no whole backup in {place.words}.")
    return found
