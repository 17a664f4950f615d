"""The whole service as somebody runs it, with the practice network beside it, and a hand that kills."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

import born
from crash.standing import ROOT, Standing, Unanswered

PATIENCE = 180.0
# Reading whom to trust takes longer than the question; nothing here is asked over TLS, but each client reads it.
TRUST = ssl.create_default_context()
# How often a blow at PostgreSQL strikes its postmaster, and so the whole server, instead of one backend.
POSTMASTER = 0.5
VICTIMS = {"worker": "uppsikt.cli.queue_worker", "web": "granian", "postgres": "postgres"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_for(what: str, true: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """Wait until it is so; the test fails with `what` when it does not come about."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with suppress(httpx.HTTPError, OSError, Unanswered):
            value = true()
            if value:
                return value
        time.sleep(0.25)
    raise AssertionError(f"waited in vain for: {what}")


class Service:
    """`uppsikt serve` in a data folder of its own, and the practice network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.practice_port = free_port(), free_port()
        self.base, self.practice = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.practice_port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.standing: dict[str, Standing] = {}
        self.lock = threading.Lock()
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("UPPSIKT_", "DATABASE_URL"))}
        self.environ = clean | {
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}",
            "DJANGO_SETTINGS_MODULE": "uppsikt.settings",
            "UPPSIKT_DATA": str(folder / "uppsikt"),
            "UPPSIKT_URL": self.base,
            "UPPSIKT_ALLOW_PRIVATE": f"127.0.0.1:{self.practice_port}",
            "UPPSIKT_HEARTBEAT_SECONDS": "1",
            "UPPSIKT_STALLED_SECONDS": "4",
            "UPPSIKT_UNDER_WAY_SECONDS": "4",
        }

    def start(self) -> None:
        """Both programs, answering."""
        if not (self.folder / "uppsikt").exists():
            born.data_folder(self.folder / "uppsikt")
        self.run(
            "practice",
            "-m",
            "practice",
            "serve",
            "--port",
            str(self.practice_port),
            "--data",
            str(self.folder / "net"),
            "--rate",
            "0",
            "--quiet",
        )
        self.run("uppsikt", "-m", "uppsikt.cli", "serve", "--port", str(self.port))
        wait_for(
            "the practice network",
            lambda: httpx.get(f"{self.practice}/.well-known/practice-network", verify=TRUST).is_success,
        )
        wait_for("the web server", self.answers)
        self.token = (self.folder / "net" / "control-token").read_text().strip()

    def run(self, name: str, *words: str) -> None:
        """Start a program in a group of its own, its words in a file."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, *words], env=self.environ, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
                )
            )

    def answers(self) -> bool:
        """Whether the web server gives the login page."""
        return httpx.get(f"{self.base}/logga-in/", timeout=5, verify=TRUST).is_success

    def stop(self) -> None:
        """End what was started here."""
        for standing in self.standing.values():
            standing.end()
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()

    def control(self, path: str, /, **asked: Any) -> Any:
        """Pull a string of the practice network."""
        answer = httpx.post(
            f"{self.practice}/control/{path}",
            json=asked,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=30,
            verify=TRUST,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def calm(self) -> None:
        """Take all made trouble away."""
        httpx.delete(
            f"{self.practice}/control/troubles",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=30,
            verify=TRUST,
        ).raise_for_status()

    def dump(self) -> list[dict[str, Any]]:
        """All that was ever said on the practice network."""
        answer = httpx.get(
            f"{self.practice}/control/dump", headers={"Authorization": f"Bearer {self.token}"}, timeout=30, verify=TRUST
        )
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def stage(self, *words: str, script: str = "crash.stage") -> Any:
        """Ask a script that stands beside the service, on its database. Raises Unanswered."""
        url = (self.folder / "uppsikt" / "postgres.url").read_text().strip()
        with self.lock:
            standing = self.standing.get(script)
            if standing is None or standing.url != url or standing.process.poll() is not None:
                if standing is not None:
                    standing.end()
                standing = self.standing[script] = Standing(script, self.environ, url)
        return standing.ask(*words)

    def pids(self, victim: str) -> list[int]:
        """The processes of one part of our own service, told by their command and by whose child they are."""
        ours = self.family()
        pattern = VICTIMS[victim]
        return [pid for pid in ours if re.search(pattern, command(pid)) and "serve" not in command(pid)]

    def family(self) -> list[int]:
        """Every process below ours, and the database's postmaster with its own."""
        below = {self.processes[1].pid, *self.postmasters()}
        parents = {int(path.name): parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
        grown = True
        while grown:
            more = {pid for pid, above in parents.items() if above in below} - below
            grown = bool(more)
            below |= more
        return sorted(below - {self.processes[1].pid})

    def postmasters(self) -> list[int]:
        """The database's first process, by its own file."""
        found = []
        for pid_file in (self.folder / "uppsikt").rglob("postmaster.pid"):
            with suppress(OSError, ValueError, IndexError):
                found.append(int(pid_file.read_text().splitlines()[0]))
        return found

    def kill(self, victim: str, dice: random.Random) -> str:
        """kill -9 one process of a part: the postmaster or a backend, a web worker or the one above it."""
        pids = wait_for(f"a {victim} to kill", lambda: self.pids(victim))
        if victim == "postgres" and dice.random() < POSTMASTER:
            pids = self.postmasters() or pids
        pid = dice.choice(pids)
        what = command(pid)[:80]
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return f"{victim} {pid} {what}"


def parent(path: Path) -> int:
    """The parent of a process in /proc; 0 when it has gone."""
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def command(pid: int) -> str:
    """A process's command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
