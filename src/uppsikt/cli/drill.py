"""`drill`: restore the newest backup in a place of its own, start the web on it, and say how long it took."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uppsikt import env
from uppsikt.cli.backup import asked_place
from uppsikt.cli.demo import wait_for
from uppsikt.cli.house import ROOT, SOURCE, database, next_port, room
from uppsikt.cli.serve import web
from uppsikt.kernel import postgres
from uppsikt.kernel.postgres_home import Home, make_folder
from uppsikt.kernel.terminal import Trouble, say

FIRST_PORT = 8600
PAGE = "/logga-in/"
# Settings of the service that a copy in a drill must not have: its database, its stores, its ways out.
OURS = ("UPPSIKT_", "DATABASE_")
KEPT = ("UPPSIKT_S3_", "UPPSIKT_BACKUP_S3_", "UPPSIKT_BACKUP_KEYS_S3_")


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt drill [SOURCE]`: 0 when the newest backup can be restored and answers."""
    source = chosen.source or asked_place()
    if not there_is_one():
        times = drill(source, chosen.backup)
        tell(times)
        return 0
    with database():
        runs = room("uppsikt.kernel.backups.runs")
        with runs.remembered(runs.DRILL, source) as outcome:
            outcome.facts = times = drill(source, chosen.backup)
    tell(times)
    return 0


def there_is_one() -> bool:
    """Whether there is an installation here that can remember the outcome; a drill may be run anywhere."""
    return bool(env.text("DATABASE_URL", "")) or (Home(env.folder()).data / "PG_VERSION").exists()


def tell(times: dict[str, float]) -> None:
    """Say how long each thing took."""
    say(
        f"Övningen gick bra: återställd på {times['restore']:.0f} s, webben svarade efter {times['web']:.0f} s. "
        "Kopian är borttagen igen.",
        f"The drill went well: restored in {times['restore']:.0f} s, the web answered after {times['web']:.0f} s. "
        "The copy is gone again.",
    )


def drill(source: str, backup: str | None) -> dict[str, float]:
    """Restore, start, ask; seconds for each. Raises Trouble where anything of it fails."""
    with place() as folder:
        environ = apart(folder)
        began = time.monotonic()
        words = ["restore", source, *(["--backup", backup] if backup else [])]
        done = subprocess.run(  # noqa: S603 our own command
            [sys.executable, "-m", "uppsikt.cli", *words],
            env=environ,
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            why = " ".join((done.stdout + done.stderr).split())[-1500:]
            raise Trouble(f"Övningen misslyckades: {why}", f"The drill failed: {why}")
        restored = time.monotonic()
        page(environ, folder)
        return {"restore": round(restored - began, 1), "web": round(time.monotonic() - restored, 1)}


@contextmanager
def place() -> Iterator[Path]:
    """A data folder of its own, gone afterwards with the database that may lie elsewhere."""
    make_folder(env.folder() / "tmp")
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=env.folder() / "tmp"))
    folder.chmod(0o711)  # PostgreSQL's account must pass through
    try:
        yield folder
    finally:
        elsewhere = Home(folder).place
        shutil.rmtree(folder, ignore_errors=True)
        if elsewhere.exists():
            shutil.rmtree(elsewhere, ignore_errors=True)


def apart(folder: Path) -> dict[str, str]:
    """An environment that shares nothing with the service but the way to the backup."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS) or name.startswith(KEPT)}
    return {**clean, "PYTHONPATH": str(SOURCE), "UPPSIKT_DATA": str(folder)}


def page(environ: dict[str, str], folder: Path) -> None:
    """Start the web once, with no queue workers (nothing is sent or read), and ask for a page. Raises Trouble."""
    port = next_port(FIRST_PORT)
    address = f"http://127.0.0.1:{port}"
    with postgres.embedded(folder) as url:
        more = {**environ, "DATABASE_URL": url, "UPPSIKT_URL": address}
        part = web("127.0.0.1", port, 1, {**more, "DJANGO_SETTINGS_MODULE": "uppsikt.settings"}, folder / "web.log")
        part.start()
        try:
            wait_for(address, part)
            with urllib.request.urlopen(address + PAGE, timeout=30) as answer:  # noqa: S310 our own address
                if answer.status != 200 or b"Uppsikt" not in answer.read():  # noqa: PLR2004
                    raise Trouble("Webben svarade inte som den ska.", "The web did not answer as it should.")
        finally:
            part.stop()
