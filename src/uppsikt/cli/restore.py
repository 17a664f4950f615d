"""`restore`: a backup back into an installation, with nothing let out until a person says so."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg

from uppsikt import env
from uppsikt.cli.backup import WHO, asked_place, keys_place, known_key, passphrase
from uppsikt.cli.house import SOURCE, UNFINISHED, database, environment, prepare, room, step
from uppsikt.cli.progress import Progress
from uppsikt.kernel import stores
from uppsikt.kernel.postgres_home import make_folder
from uppsikt.kernel.stores import Store, Unreachable
from uppsikt.kernel.terminal import Trouble, say, tell

STEPS = 7
# The exact words, so that nobody writes over an installation by a slip of the hand.
OVERWRITE = ("ERSÄTT-ALLT", "REPLACE-EVERYTHING")


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt restore SOURCE`: 0 when everything is back, 1 when something of it is missing."""
    if chosen.overwrite is not None and chosen.overwrite not in OVERWRITE:
        raise Trouble(
            f"För att ersätta det som finns, skriv exakt: --overwrite {OVERWRITE[0]}",
            f"To replace what is there, write exactly: --overwrite {OVERWRITE[1]}",
        )
    if chosen.into:
        os.environ["UPPSIKT_DATA"] = str(Path(chosen.into).absolute())
    make_folder(env.folder())
    place = stores.at(chosen.source or asked_place(), who=WHO)
    try:
        return restore(chosen, place)
    except Unreachable as error:
        raise Trouble(f"Platsen svarar inte: {error}.", f"The place does not answer: {error}.") from error


def restore(chosen: argparse.Namespace, place: Store) -> int:
    """In order: look, load, bring up to date, hold, see that it is whole."""
    restoring, manifest, keys = look(chosen, place)
    overwrite = chosen.overwrite is not None
    with database() as url:
        step(2, STEPS, "Ser efter att det är tomt här", "Seeing that it is empty here")
        restoring.check_empty(url, overwrite=overwrite)
        with restoring.dump_at_hand(place, manifest, env.folder() / "tmp") as dump:
            if keys:
                # Keys that an empty installation has made lock nothing; they are put aside all the same.
                restoring.keep_keys(env.folder() / "keys", keys, overwrite=True)
            with unfinished(url):
                step(3, STEPS, "Läser in databasen", "Loading the database")
                restoring.load_database(url, dump)
                differ = restoring.compare(url, manifest)
                step(4, STEPS, "Läser in bilagor och råsvar", "Loading attachments and raw answers")
                to = stores.at(env.text("UPPSIKT_BLOBS", "") or env.folder() / "blobs")
                missing = restoring.load_blobs(place, manifest, to, Progress())
                step(5, STEPS, "Tar databasen till den här versionen", "Bringing the database to this version")
                prepare(environment(), restoring=True)
                step(6, STEPS, "Håller kvar det som kan ha skickats", "Holding what may have been sent")
                held = hold(manifest.id)
        step(7, STEPS, "Ser efter att allt är med", "Seeing that all is there")
        faults = [*differ, *(f"{sha256}: {why}" for sha256, why in missing.items()), *proof(manifest)]
    return farewell(manifest, held, faults, with_keys=keys is not None)


def look(chosen: argparse.Namespace, place: Store) -> tuple[ModuleType, Any, Any]:
    """Choose the backup, and see that it can be restored here before anything is touched.

    Django is not set up for it: its settings would make keys of their own before the old ones are in place.
    """
    restoring, checking, keys_room = bare("restoring"), bare("checking"), bare("keys")
    step(1, STEPS, f"Läser säkerhetskopian i {place.words}", f"Reading the backup in {place.words}")
    manifest = checking.newest(place, chosen.backup or "", known_key())
    keys_from, keys = keys_place(chosen), None
    if keys_from:
        keys = keys_room.fetch(keys_from, manifest, passphrase(chosen))
        manifest = checking.newest(place, manifest.id, keys.credentials)  # its seal can be checked now
    restoring.check_version(manifest, known_migrations())
    steps = manifest.counts.get("kernel_step", 0)
    say(
        f"      {manifest.id}, tagen av Uppsikt {manifest.app}: {steps} steg i spåret.",
        f"      {manifest.id}, made by Uppsikt {manifest.app}: {steps} steps of the trail.",
    )
    return restoring, manifest, keys


def bare(name: str) -> ModuleType:
    """A module of backups that needs no Django set up."""
    return room(f"uppsikt.kernel.backups.{name}", ready=False)


def known_migrations() -> set[tuple[str, str]]:
    """The migrations of this code, by room and name."""
    return {
        (path.parents[1].name, path.stem)
        for path in (SOURCE / "uppsikt").glob("*/migrations/*.py")
        if path.stem != "__init__"
    }


@contextmanager
def unfinished(url: str) -> Iterator[None]:
    """A mark in the database by which `serve` refuses to start while a restore has not come to its end."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {UNFINISHED}")
    yield
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {UNFINISHED} CASCADE")


def hold(backup: str) -> Any:
    """Pause the channels and put before people what may have been sent since the backup."""
    return room("uppsikt.web.restored").hold(backup)


def proof(manifest: Any) -> list[str]:
    """What going through the seals finds wrong; the chain must reach the end that it had when the backup was made."""
    heads = [manifest.trail["seal"]] if manifest.trail.get("seal") else []
    parse = room("uppsikt.kernel.seals").Head.parse
    found: list[str] = room("uppsikt.kernel.verify_command").faults([parse(head) for head in heads])
    return found


def farewell(manifest: Any, held: Any, faults: list[str], *, with_keys: bool) -> int:
    """Say how it went and what to do next."""
    for fault in faults[:50]:
        print(tell(f"FEL {fault}", f"BAD {fault}"))
    rows = sum(manifest.counts.values())
    say(
        f"\n{'Återställd' if not faults else 'Återställd med brister'}: {rows} rader och "
        f"{manifest.blobs.get('count', 0)} bilagor och råsvar, så som det var {manifest.taken_at[:16]} UTC. "
        f"{len(faults)} fel.",
        f"\n{'Restored' if not faults else 'Restored with faults'}: {rows} rows and "
        f"{manifest.blobs.get('count', 0)} attachments and raw answers, as of {manifest.taken_at[:16]} UTC. "
        f"{len(faults)} faults.",
    )
    say(
        f"\nAtt göra nu:\n"
        f"1. Se till att den gamla installationen är avstängd, så att inte två publicerar.\n"
        f"2. Starta: ./uppsikt serve. {held.channels} kanaler är pausade och {held.intents} svar väntar på att någon "
        f"säger om de kom fram.\n"
        f"3. Starta kanalerna en i taget på deras sidor. Vänta tills en kanal är läst innan någon svarar där: det som "
        f"besvarats efter säkerhetskopian syns först då.\n"
        f"4. Kör ./uppsikt doctor.\n"
        f"{held.questions} brev till sakkunniga som väntade när kopian togs är inte skickade härifrån. Det står på "
        f"deras ärenden: fråga om brevet kom fram, annars ta tillbaka frågan och skicka den igen.",
        f"\nWhat to do now:\n"
        f"1. See that the old installation is shut down, so that not two of them publish.\n"
        f"2. Start: ./uppsikt serve. {held.channels} channels are paused, and {held.intents} answers wait for somebody "
        f"to say whether they came through.\n"
        f"3. Start the channels one by one on their pages. Wait until a channel has been read before anybody answers "
        f"there: what was answered after the backup is not seen until then.\n"
        f"4. Run ./uppsikt doctor.\n"
        f"{held.questions} letters to experts that waited when the backup was made were not sent from here. Their "
        f"cases say so: ask whether the letter came; if not, take the question back and send it again.",
    )
    if not with_keys:
        say(
            "5. Nycklarna var inte med: anslut varje kanal igen på dess sida. Alla behöver logga in på nytt.",
            "5. The keys were not there: connect each channel again on its page. Everybody must log in anew.",
        )
    return 1 if faults else 0
