"""`demo`: a made-up municipality in a data folder of its own, with the practice network beside it."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from uppsikt import env
from uppsikt.cli.house import ROOT, SOURCE, database, environment, free, manage, next_port, prepare, step
from uppsikt.cli.serve import database_watch, queues, web
from uppsikt.kernel import postgres
from uppsikt.kernel.keeper import running
from uppsikt.kernel.postgres_home import Home, make_folder
from uppsikt.kernel.supervise import Part, Supervisor
from uppsikt.kernel.terminal import Trouble, say, tell

STEPS = 6
PRACTICE_FIRST = 8100
PRACTICE_LOG = "practice.log"
ANSWER_WITHIN = 60  # seconds that a program may take to answer for the first time


def folder() -> Path:
    """The demo's own data folder: below UPPSIKT_DATA where that is set, else in the clone."""
    return (env.folder() if "UPPSIKT_DATA" in os.environ else ROOT / "data") / "demo"


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt demo`: in the foreground until Ctrl-C."""
    place = folder()
    try:
        make_folder(place)
        handle = (place / "demo.lock").open("w")
    except OSError as error:
        raise Trouble(
            f"Demon behöver skriva i {place}, men det går inte ({error.strerror}). "
            "Sätt UPPSIKT_DATA till en mapp som går att skriva i.",
            f"The demo needs to write in {place}, but cannot ({error.strerror}). "
            "Let UPPSIKT_DATA name a folder that can be written.",
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                "Demon körs redan. Öppna den, eller avsluta den med Ctrl-C där den körs.",
                "The demo is running already. Open it, or end it with Ctrl-C where it runs.",
            ) from None
        return _run(chosen, place)


def _run(chosen: argparse.Namespace, place: Path) -> int:
    step(1, STEPS, f"Förbereder mappen {place}", f"Preparing the folder {place}")
    if chosen.fresh:
        clear(place)
    logs = place / "log"
    logs.mkdir(mode=0o700, exist_ok=True)
    port = next_port(chosen.port)
    practice_port = kept_port(place / "practice.port")
    address, practice_address = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{practice_port}"
    os.environ.pop("DATABASE_URL", None)  # the demo never touches a database that somebody else looks after
    os.environ["UPPSIKT_DATA"] = str(place)
    os.environ["UPPSIKT_URL"] = address
    os.environ["UPPSIKT_ALLOW_PRIVATE"] = f"127.0.0.1:{practice_port}"

    step(2, STEPS, "Startar databasen", "Starting the database")
    with database():
        environ = environment()
        step(3, STEPS, "Ser till att databasens tabeller är aktuella", "Bringing the database's tables up to date")
        prepare(environ)
        step(4, STEPS, "Fyller och startar övningsnätet", "Filling and starting the practice network")
        fill_practice(place / "practice", logs)
        practice = practice_part(practice_port, place / "practice", chosen.every, logs)
        practice.start()
        try:
            wait_for(practice_address, practice)
            step(5, STEPS, "Fyller på med ett år i kommunen", "Filling in a year of the municipality")
            words = ["--practice", practice_address, "--practice-data", str(place / "practice")]
            manage(["seed_demo", *words], environ)
        except BaseException:
            practice.stop()
            raise
        step(6, STEPS, "Startar webbserver och köarbetare", "Starting web server and queue worker")
        server = web("127.0.0.1", port, 0, environ, logs / "web.log")
        parts = [practice, *queues(environ, logs / "worker.log"), server]

        def welcome() -> None:
            wait_for(address, server)
            greet(address, practice_address, environ, logs)

        Supervisor(parts, tick=database_watch()).run(welcome)
    say("Demon är stoppad. Allt finns kvar till nästa gång.", "The demo is stopped. All is kept for next time.")
    return 0


def clear(place: Path) -> None:
    """Throw the last demo away: the folder's content, and the database where that lies elsewhere."""
    home = Home(place)
    if running(home)[0]:
        with postgres.embedded(place):  # left behind by a kill -9: taken over, and stopped in order
            pass
    if home.place.parent != place and home.place.exists():
        shutil.rmtree(home.place)
    for path in place.iterdir():
        if path.name != "demo.lock":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def kept_port(file: Path) -> int:
    """The practice network's port: the one of last time (its channels' addresses hold it), else a free one."""
    if file.exists():
        port = int(file.read_text(encoding="ascii"))
        if free(port):
            return port
    port = next_port(PRACTICE_FIRST)
    file.write_text(str(port), encoding="ascii")
    return port


def practice_part(port: int, data: Path, every: float, logs: Path) -> Part:
    """The practice network: a program of its own that knows nothing of Uppsikt, so it gets nothing of our settings."""
    words = ["serve", "--port", str(port), "--data", str(data), "--speed", "1", "--every", f"{every:g}", "--quiet"]
    return Part(
        tell("Övningsnätet", "The practice network"),
        practice_command(words),
        practice_environment(),
        logs / PRACTICE_LOG,
    )


def fill_practice(data: Path, logs: Path) -> None:
    """Write a year of talk on the practice network; it does nothing where that is done. Raises Trouble."""
    data.mkdir(exist_ok=True)
    with (logs / PRACTICE_LOG).open("ab") as log:
        done = subprocess.run(  # noqa: S603 our own program
            practice_command(["fill", "--data", str(data)]),
            env=practice_environment(),
            stdout=log,
            stderr=log,
            check=False,
        )
    if done.returncode:
        raise Trouble(
            f"Övningsnätet kunde inte fyllas. Loggen finns i {logs / PRACTICE_LOG}.",
            f"The practice network could not be filled. The log is in {logs / PRACTICE_LOG}.",
        )


def practice_command(words: list[str]) -> list[str]:
    """The practice network's own command line."""
    return [sys.executable, "-m", "practice", *words]


def practice_environment() -> dict[str, str]:
    """The environment without our settings."""
    ours = ("UPPSIKT_", "DATABASE_", "DJANGO_")
    return {**{k: v for k, v in os.environ.items() if not k.startswith(ours)}, "PYTHONPATH": str(SOURCE)}


def wait_for(address: str, part: Part) -> None:
    """Wait until something answers there. Raises Trouble when the program stops or stays silent."""
    until = time.monotonic() + ANSWER_WITHIN
    while time.monotonic() < until and part.gone() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 our own address on the loopback
                return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.05)
    raise Trouble(
        f"{part.name} svarar inte på {address}. Loggen finns i {part.log}.",
        f"{part.name} does not answer at {address}. The log is in {part.log}.",
    )


def greet(address: str, practice_address: str, environ: dict[str, str], logs: Path) -> None:
    """Say where everything is, with the one-time links."""
    print(tell(f"\nUppsikt:           {address}", f"\nUppsikt:           {address}"))
    print(tell(f"Övningsnätet:      {practice_address}", f"Practice network:  {practice_address}"))
    print(tell(f"Loggar:            {logs}\n", f"Logs:              {logs}\n"), flush=True)
    manage(["demo_links"], environ)
    print(tell("\nCtrl-C avslutar.", "\nCtrl-C ends it."), flush=True)
