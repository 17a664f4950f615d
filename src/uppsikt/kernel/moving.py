"""Moving blobs from one store to another while the service runs: each copy is read back before its original may go."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from uppsikt.kernel import stores
from uppsikt.kernel.stores import Damaged, Missing, Store

THREADS, BATCH = 4, 200
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Moved:
    """What came of it: blobs in the new store, copied just now, removed; `damaged` ones stay where they are."""

    there: int = 0
    copied: int = 0
    removed: int = 0
    damaged: list[str] = field(default_factory=list)


def move(one: Store, other: Store, *, remove: bool, progress: Progress) -> Moved:
    """Bring every blob of `one` to `other`; with `remove` let go of each original once its copy has been read back.

    Resumable: what `other` has already is not copied again. Raises Unreachable.
    """
    found = Moved()
    names = list(digests(one))
    with ThreadPoolExecutor(THREADS) as pool:
        rows = iter(names)
        while batch := list(islice(rows, BATCH)):
            for sha256, (state, trouble) in zip(
                batch, pool.map(lambda name: bring(one, other, name), batch), strict=True
            ):
                if trouble:
                    found.damaged.append(f"{sha256}: {trouble}")
                    continue
                found.there += 1
                found.copied += state == "copied"
                if remove:
                    one.remove(stores.digest_name(sha256))
                    found.removed += 1
            progress("blobs", found.there + len(found.damaged), len(names))
    return found


def digests(store: Store) -> Iterator[str]:
    """Every blob of a store by its digest."""
    for first in range(256):
        for name, _size in store.listing(f"{first:02x}"):
            if stores.digest_name(name.rpartition("/")[2]) == name:
                yield name.rpartition("/")[2]


def bring(one: Store, other: Store, sha256: str) -> tuple[str, str]:
    """Have a blob in `other`, read back; how it got there, or why it could not."""
    name = stores.digest_name(sha256)
    if whole(other, sha256):
        return "there", ""
    try:
        body = stores.checked(one, sha256)
    except Damaged as error:
        return "", str(error)
    if other.size(name) is None:
        other.add(name, [body])
    else:
        other.replace(name, body)
    return ("copied", "") if whole(other, sha256) else ("", f"the copy in {other.words} is not what was written")


def whole(store: Store, sha256: str) -> bool:
    """Whether a store has the blob and it is what it should be."""
    digest = hashlib.sha256()
    try:
        for piece in store.stream(stores.digest_name(sha256)):
            digest.update(piece)
    except Missing:
        return False
    return digest.hexdigest() == sha256
