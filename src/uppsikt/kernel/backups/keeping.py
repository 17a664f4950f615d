"""Letting old backups go, with the blobs that no backup names any more."""

from __future__ import annotations

from dataclasses import dataclass, field

from uppsikt.kernel.backups import checking, keys
from uppsikt.kernel.backups import manifest as manifests
from uppsikt.kernel.backups.manifest import Bad
from uppsikt.kernel.stores import Missing, Store
from uppsikt.kernel.terminal import Trouble


@dataclass(slots=True)
class Pruned:
    """What was let go: backups by id, and how many blobs. `held` says why blobs were left, where they were."""

    backups: list[str] = field(default_factory=list)
    blobs: int = 0
    held: str = ""


def prune(place: Store, keep: int, *, keys_place: Store | None = None) -> Pruned:
    """Keep the newest `keep` whole backups (at least one) and let go of the others, half-made ones that are older too.

    Nothing is let go unless there is a whole backup. Run by whoever holds `taking.alone`,
    or a blob that a new one counts on could vanish under it. Raises Unreachable.
    """
    whole = list(manifests.whole(place))
    kept = whole[: max(keep, 1)]
    done = Pruned()
    if not kept:
        return done
    for which, signed in manifests.ids(place).items():
        if which in {one.id for one in kept} or (not signed and which > kept[0].id):
            continue
        if signed and which not in {one.id for one in whole}:
            continue  # it cannot be read: somebody should look before it goes
        forget(place, which, keys_place)
        done.backups.append(which)
    if done.backups:
        sweep(place, done)
    return done


def forget(place: Store, which: str, keys_place: Store | None) -> None:
    """Let go of one backup, its manifest first: what is half gone must not look whole."""
    place.remove(f"{manifests.FOLDER}/{which}/{manifests.NAME}")
    for name, _size in list(place.listing(f"{manifests.FOLDER}/{which}")):
        place.remove(name)
    if keys_place:
        keys_place.remove(keys.name_of(which))


def sweep(place: Store, done: Pruned) -> None:
    """Let go of blobs that no backup in the place names; of none where one of the lists cannot be read."""
    signed_off = [which for which, signed in manifests.ids(place).items() if signed]
    named = set[bytes]()
    try:
        for which in signed_off:
            for line in checking.blob_list(place, manifests.load(place, which)):
                named.add(bytes.fromhex(line.sha256))
    except (Missing, Bad, Trouble) as error:
        done.held = str(error)
        return
    for first in range(256):
        for name, _size in list(place.listing(f"{manifests.BLOBS}/{first:02x}")):
            sha256 = name.rpartition("/")[2]
            if len(sha256) == 64 and bytes.fromhex(sha256) not in named:  # noqa: PLR2004 a digest's length
                place.remove(name)
                done.blobs += 1
