"""`upgrade`: the database to the new version while the old one runs, then each part of the service anew."""

from __future__ import annotations

import argparse
import os
import signal

from uppsikt import env
from uppsikt.cli.backup import WHO
from uppsikt.cli.house import database, environment, prepare, room, step
from uppsikt.cli.progress import Progress
from uppsikt.cli.serve import running_pid
from uppsikt.kernel import stores
from uppsikt.kernel.stores import Unreachable
from uppsikt.kernel.terminal import Trouble, say

STEPS = 3


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt upgrade [--backup PLACE]`: run with the new code in place; the service need not be stopped."""
    to = chosen.backup or env.text("UPPSIKT_BACKUP_TO", "")
    with database():
        if to:
            step(1, STEPS, "Säkerhetskopierar först", "Backing up first")
            back_up(to)
        else:
            step(1, STEPS, "Ingen säkerhetskopia (ange --backup)", "No backup (name a place with --backup)")
        step(2, STEPS, "Ändrar databasen medan tjänsten går", "Changing the database while the service runs")
        prepare(environment())
    step(3, STEPS, "Startar om delarna i ordning", "Restarting the parts in order")
    if pid := running_pid():
        os.kill(pid, signal.SIGUSR1)
        say("Tjänsten startar om sina delar, en i taget.", "The service restarts its parts, one at a time.")
    else:
        say(
            "Tjänsten går inte på den här maskinen. Starta om web och köarbetare där de går.",
            "The service does not run on this machine. Restart web and queue workers where they run.",
        )
    return 0


def back_up(to: str) -> None:
    """A backup with the keys' place of the settings. Raises Trouble; then nothing has been changed."""
    runs = room("uppsikt.kernel.backups.runs")
    named = env.text("UPPSIKT_BACKUP_KEYS", "")
    keys = stores.at(named, who="UPPSIKT_BACKUP_KEYS_S3") if named else None
    try:
        runs.backup(
            stores.at(to, who=WHO), keys, env.text("UPPSIKT_BACKUP_PASSPHRASE", ""), keep=0, progress=Progress()
        )
    except Unreachable as error:
        raise Trouble(f"Platsen svarar inte: {error}.", f"The place does not answer: {error}.") from error
