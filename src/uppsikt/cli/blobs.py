"""`blobs move --to PLACE`: attachments and raw answers to another store, while the service runs."""

from __future__ import annotations

import argparse
import os

from uppsikt import env
from uppsikt.cli.progress import Progress
from uppsikt.kernel import moving, stores
from uppsikt.kernel.stores import Store, Unreachable
from uppsikt.kernel.terminal import Trouble, say


def current() -> str:
    """The store that the settings name."""
    return env.text("UPPSIKT_BLOBS", "") or str(env.folder() / "blobs")


def run(chosen: argparse.Namespace) -> int:
    """0 when every blob is in the new place, 1 when some are damaged and stayed."""
    os.umask(0o077)
    one, other = stores.at(chosen.source or current()), stores.at(chosen.to)
    if one.words == other.words:
        raise Trouble("Det är samma plats.", "It is the same place.")
    if chosen.remove and one.words == stores.at(current()).words:
        raise Trouble(
            f"Tjänsten använder {one.words}. Sätt UPPSIKT_BLOBS={chosen.to}, starta om, och kör sedan igen med "
            f"--from {one.words} --remove.",
            f"The service uses {one.words}. Set UPPSIKT_BLOBS={chosen.to}, restart, and then run again with "
            f"--from {one.words} --remove.",
        )
    say(f"Flyttar från {one.words} till {other.words} …", f"Moving from {one.words} to {other.words} …")
    try:
        found = moving.move(one, other, remove=chosen.remove, progress=Progress())
    except Unreachable as error:
        raise Trouble(
            f"Platsen svarar inte: {error}. Kör samma kommando igen, så fortsätter flytten.",
            f"The place does not answer: {error}. Run the same command again to go on.",
        ) from error
    return tell(found, one, other, chosen)


def tell(found: moving.Moved, one: Store, other: Store, chosen: argparse.Namespace) -> int:
    """Say how it went and what comes next."""
    for words in found.damaged[:20]:
        say(f"SKADAD, står kvar: {words}", f"DAMAGED, left where it is: {words}")
    say(
        f"{found.there} finns nu i {other.words} och är lästa där ({found.copied} kopierades nu). "
        f"{found.removed} borttagna ur {one.words}. {len(found.damaged)} skadade.",
        f"{found.there} are in {other.words} now and were read there ({found.copied} copied just now). "
        f"{found.removed} removed from {one.words}. {len(found.damaged)} damaged.",
    )
    if not chosen.remove:
        say(
            f"Nästa steg: sätt UPPSIKT_BLOBS={chosen.to} och UPPSIKT_BLOBS_BEFORE={one.words}, starta om tjänsten, och "
            f"kör: ./uppsikt blobs move --from {one.words} --to {chosen.to} --remove",
            f"Next: set UPPSIKT_BLOBS={chosen.to} and UPPSIKT_BLOBS_BEFORE={one.words}, restart the service, and run: "
            f"./uppsikt blobs move --from {one.words} --to {chosen.to} --remove",
        )
    return 1 if found.damaged else 0
