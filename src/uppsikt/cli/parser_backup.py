"""The commands for backups and upgrades, and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from uppsikt.cli import backup, blobs, drill, restore, upgrade
from uppsikt.kernel.terminal import tell

Command = Callable[[str, str, str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """`backup` and `restore`, then the commands beside them."""
    one = command(
        "backup",
        "Säkerhetskopiera medan tjänsten går: backup [PLATS], backup list [PLATS], backup check [PLATS]. "
        "PLATS är en mapp eller s3://hink/prefix.",
        "Back up while the service runs: backup [PLACE], backup list [PLACE], backup check [PLACE]. "
        "PLACE is a folder or s3://bucket/prefix.",
    )
    one.add_argument("words", nargs="*", metavar=tell("PLATS", "PLACE"))
    keys(one)
    one.add_argument(
        "--keep",
        type=int,
        help=tell("behåll så många av de nyaste, släpp de äldre", "keep so many of the newest, let go of older ones"),
    )
    one.add_argument("--backup", metavar="ID", help=tell("pröva just denna", "check this one"))
    one.set_defaults(run=backup.run)

    one = command(
        "restore",
        "Återställ en säkerhetskopia. Kanalerna pausas, så att inget skickas två gånger.",
        "Restore a backup. The channels are paused, so that nothing is sent twice.",
    )
    one.add_argument("source", nargs="?", metavar=tell("PLATS", "PLACE"))
    keys(one)
    one.add_argument("--backup", metavar="ID", help=tell("just denna, annars den nyaste", "this one, else the newest"))
    one.add_argument("--into", metavar=tell("MAPP", "FOLDER"), help=tell("en annan datamapp", "another data folder"))
    one.add_argument(
        "--overwrite", metavar=restore.OVERWRITE[0], help=tell("ersätt det som finns", "replace what is there")
    )
    one.set_defaults(run=restore.run)

    beside(command)


def beside(command: Command) -> None:
    """`drill`, `blobs`, `upgrade`: what one does with a backup, and beside it."""
    one = command(
        "drill",
        "Öva: återställ den nyaste säkerhetskopian på en egen plats, starta den, mät tiden och städa.",
        "Practise: restore the newest backup in a place of its own, start it, take the time and clean up.",
    )
    one.add_argument("source", nargs="?", metavar=tell("PLATS", "PLACE"))
    one.add_argument("--backup", metavar="ID", help=tell("just denna, annars den nyaste", "this one, else the newest"))
    one.set_defaults(run=drill.run)

    one = command(
        "blobs",
        "blobs move: flytta bilagor och råsvar till en annan plats medan tjänsten går.",
        "blobs move: move attachments and raw answers to another place while the service runs.",
    )
    one.add_argument("verb", choices=["move"])
    one.add_argument("--from", dest="source", metavar=tell("PLATS", "PLACE"))
    one.add_argument("--to", required=True, metavar=tell("PLATS", "PLACE"))
    one.add_argument(
        "--remove",
        action="store_true",
        help=tell("ta bort det som är kopierat och läst på nya platsen", "remove what was copied and read there"),
    )
    one.set_defaults(run=blobs.run)

    one = command(
        "upgrade",
        "Ta databasen till den nya versionen medan den gamla går, och starta sedan om delarna i ordning.",
        "Bring the database to the new version while the old one runs, then restart the parts in order.",
    )
    one.add_argument(
        "--backup", metavar=tell("PLATS", "PLACE"), help=tell("säkerhetskopiera dit först", "back up to there first")
    )
    one.set_defaults(run=upgrade.run)


def keys(one: argparse.ArgumentParser) -> None:
    """Where the keys are, and what opens them."""
    one.add_argument(
        "--keys", metavar=tell("PLATS", "PLACE"), help=tell("nycklarnas egen plats", "the keys' own place")
    )
    one.add_argument(
        "--passphrase-file",
        metavar=tell("FIL", "FILE"),
        help=tell("fil med lösenfrasen som nycklarna låses med", "file with the passphrase that locks the keys"),
    )
