"""`serve` and `worker`: the service, and a queue worker alone."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from uppsikt import env
from uppsikt.cli.house import ROOT, check_finished, database, environment, free, prepare, step
from uppsikt.kernel import postgres
from uppsikt.kernel.queue import QUICK, SLOW
from uppsikt.kernel.supervise import Part, Supervisor
from uppsikt.kernel.terminal import Trouble, say, tell

CONCURRENCY = 4  # jobs a worker does at once
# Holds the number of the process that supervises the service here, for `upgrade`.
PID_FILE = "serve.pid"
LOOK = 2.0  # seconds between looks at the embedded database


def web(host: str, port: int, workers: int, environ: Mapping[str, str], log: Path | None = None) -> Part:
    """The web server: processes with one thread each, which measured best for Django's synchronous views."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers or os.cpu_count() or 1), "--blocking-threads", "1"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning"]
    command += ["--working-dir", str(ROOT), "uppsikt.web.wsgi:application"]
    return Part(tell("Webbservern", "The web server"), command, environ, log)


def queues(environ: Mapping[str, str], log: Path | None = None, concurrency: int = CONCURRENCY) -> list[Part]:
    """The queue workers: one for what people wait for, one for the networks, which may be slow."""

    def part(name: str, names: tuple[str, ...]) -> Part:
        command = [sys.executable, "-m", "uppsikt.cli.queue_worker", str(concurrency), *names]
        return Part(name, command, environ, log, grace=30.0)

    return [
        part(tell("Köarbetaren", "The queue worker"), QUICK),
        part(tell("Hämtaren", "The fetcher"), SLOW),
    ]


def database_watch() -> Callable[[], None] | None:
    """What the supervisor calls to keep the embedded database up; None where the database is an outside server."""
    folder = env.folder()
    if not postgres.running_url(folder):
        return None
    looked = time.monotonic()

    def look() -> None:
        nonlocal looked
        if time.monotonic() - looked > LOOK:
            looked = time.monotonic()
            postgres.keep_up(folder)

    return look


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt serve`: until SIGTERM or Ctrl-C."""
    if not free(chosen.port, chosen.host):
        raise Trouble(
            f"Port {chosen.port} på {chosen.host} är upptagen. Välj en annan: ./uppsikt serve --port {chosen.port + 1}",
            f"Port {chosen.port} on {chosen.host} is taken. Choose another: ./uppsikt serve --port {chosen.port + 1}",
        )
    os.environ.setdefault("UPPSIKT_URL", f"http://{chosen.host}:{chosen.port}")
    step(1, 3, "Startar databasen", "Starting the database")
    outside = bool(env.text("DATABASE_URL", ""))
    with database():
        environ = environment()
        step(2, 3, "Ser till att databasens tabeller är aktuella", "Bringing the database's tables up to date")
        prepare(environ)
        step(3, 3, "Startar webbserver och köarbetare", "Starting web server and queue worker")
        parts = [*queues(environ), web(chosen.host, chosen.port, chosen.workers, environ)]
        with pid_file():
            Supervisor(parts, tick=None if outside else database_watch()).run(
                lambda: say(
                    f"Uppsikt körs på {os.environ['UPPSIKT_URL']}. Ctrl-C avslutar.",
                    f"Uppsikt runs at {os.environ['UPPSIKT_URL']}. Ctrl-C ends it.",
                )
            )
    say("Allt är stoppat i ordning.", "Everything is stopped, in order.")
    return 0


@contextmanager
def pid_file() -> Iterator[None]:
    """Let `upgrade` find us while we run."""
    file = env.folder() / PID_FILE
    file.write_text(str(os.getpid()), encoding="ascii")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def running_pid() -> int:
    """The process that supervises the service in this data folder, or 0. A number left by a dead one does not count."""
    try:
        pid = int((env.folder() / PID_FILE).read_text(encoding="ascii"))
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return 0
    return pid if b"serve" in words else 0


def worker(chosen: argparse.Namespace) -> int:
    """`./uppsikt worker`: a queue worker alone, started again whenever it stops."""
    outside = bool(env.text("DATABASE_URL", ""))
    with database() as url:
        check_finished(url)
        parts = queues(environment(), concurrency=chosen.concurrency)
        Supervisor(parts, tick=None if outside else database_watch()).run(
            lambda: say("Köarbetaren arbetar. Ctrl-C avslutar.", "The queue worker is at work. Ctrl-C ends it.")
        )
    return 0
