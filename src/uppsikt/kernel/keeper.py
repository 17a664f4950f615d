"""The keeper: the process that PostgreSQL runs under, for as long as anybody uses the cluster.

Everybody who uses the cluster holds a shared lock on one file, which the operating system drops however they die.
The keeper starts the cluster (or adopts one whose keeper was killed), starts it again on the same port when it
falls, and stops it in order when the last lock is gone. So a kill -9 anywhere leaves nothing to clear up by hand.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from uppsikt.kernel.postgres_home import NAME, Home, write_private
from uppsikt.kernel.terminal import Trouble

TICK = 0.1  # seconds between looks
LARGEST_LOG = 20_000_000  # bytes; a larger log is put aside at the next start
PATIENCE = (0.2, 0.5, 1, 2, 5)  # seconds before each new attempt after a fall; the last one from then on


class Keeper:
    """Keeps one cluster running; `tuning` are PostgreSQL settings as name=value."""

    def __init__(self, home: Home, tuning: list[str]) -> None:
        """Nothing is started yet."""
        self.home = home
        self.tuning = tuning
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.adopted = 0
        self.told_to_stop = False

    def run(self) -> None:
        """Keep the cluster until nobody uses it, or a signal says stop. Raises Trouble when it cannot be started."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        with self.home.keeper_file.open("a") as mine:
            if not locked(mine, fcntl.LOCK_EX):
                return  # another keeper is at work
            self.home.trouble_file.unlink(missing_ok=True)
            with self.home.users_file.open("a") as users:
                try:
                    self._keep(users)
                finally:
                    self._halt()
                    self.home.url_file.unlink(missing_ok=True)

    def _stop_soon(self, _number: int, _frame: object) -> None:
        self.told_to_stop = True

    def _keep(self, users: IO[str]) -> None:
        self.home.initialise()
        self._raise_up(first=True)
        falls = 0
        while not self.told_to_stop and not locked(users, fcntl.LOCK_EX):
            if self._alive():
                falls = falls if self._young() else 0
            else:
                self._note("PostgreSQL is gone; starting it again")
                self._pause(PATIENCE[min(falls, len(PATIENCE) - 1)])
                falls += 1
                self._raise_up(first=False)
            time.sleep(TICK)

    def _raise_up(self, *, first: bool) -> None:
        """Adopt the cluster that runs, or start it and wait, however long its recovery takes."""
        pid, port = running(self.home)
        while pid and not port:  # it has only just been started
            time.sleep(TICK)
            pid, port = running(self.home)
        if pid:
            self.adopted, self.port, self.process = pid, port, None
        else:
            self._disarm()
            self.adopted, self.port = 0, self.port or _port(self.home)
            self._start()
        if first:
            self.home.url_file.unlink(missing_ok=True)  # may name another port
        while not ready(self.home, self.port):
            if not self._alive():
                if first and self._port_taken():
                    self.port = free_port()
                    self._start()
                elif first and not self._still_leaving():
                    raise self._failed()
                elif first:
                    time.sleep(0.5)
                    self._start()
                else:
                    return  # the loop tries again, for as long as somebody waits for it
            if self.told_to_stop:
                return
            time.sleep(TICK / 4)
        password = self.home.password_file.read_text(encoding="utf-8")
        write_private(self.home.url_file, f"postgresql://{NAME}:{password}@127.0.0.1:{self.port}/{NAME}")

    def _disarm(self) -> None:
        """Make a note left by a process long gone harmless.

        The number in it may belong to another program by now, which PostgreSQL would take for a cluster at work. Its
        parent's number it overlooks, and goes on to the check that matters: whether the old memory is still in use.
        """
        note = self.home.data / "postmaster.pid"
        if note.exists():
            _old, line_end, rest = note.read_text(encoding="utf-8").partition("\n")
            note.write_text(f"{os.getpid()}{line_end}{rest}", encoding="utf-8")

    def _start(self) -> None:
        if self.home.log.exists() and self.home.log.stat().st_size > LARGEST_LOG:
            self.home.log.rename(self.home.log.with_suffix(".log.1"))
        self.started = time.monotonic()
        self.log_start = self.home.log.stat().st_size if self.home.log.exists() else 0
        command = [str(self.home.binaries / "postgres"), "-D", str(self.home.data), "-h", "127.0.0.1"]
        command += ["-p", str(self.port), "-k", ""]
        for setting in self.tuning:
            command += ["-c", setting]
        with self.home.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 the binaries of the wheel
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                **self.home.account.popen,
            )

    def _young(self) -> bool:
        return self.process is not None and time.monotonic() - self.started < 30  # noqa: PLR2004 seconds

    def _alive(self) -> bool:
        if self.process is not None:
            return self.process.poll() is None
        return bool(self.adopted) and running(self.home)[0] == self.adopted

    def _halt(self) -> None:
        """Stop in order (clients are sent away, everything is written down) and wait as long as that takes."""
        pid = self.process.pid if self.process else self.adopted
        if pid and self._alive():
            os.kill(pid, signal.SIGINT)
            while self._alive():
                time.sleep(TICK / 4)

    def _said(self) -> str:
        with self.home.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read(20_000).decode("utf-8", "replace")

    def _port_taken(self) -> bool:
        return "Address already in use" in self._said()

    def _still_leaving(self) -> bool:
        """Whether the processes of a killed cluster still hold its memory; they leave by themselves."""
        said = self._said()
        return "pre-existing shared memory block" in said or "is another postmaster" in said

    def _failed(self) -> Trouble:
        lines = [line for line in self._said().splitlines() if "FATAL" in line or "PANIC" in line or "ERROR" in line]
        why = " ".join(lines[-3:]) or "?"
        return Trouble(
            f"Databasen startade inte. Den skrev: {why} Hela loggen finns i {self.home.log}.",
            f"The database did not start. It wrote: {why} The whole log is in {self.home.log}.",
        )

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.told_to_stop:
            time.sleep(TICK)

    def _note(self, words: str) -> None:
        with self.home.log.open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} keeper: {words}\n")


def locked(file: IO[str], kind: int) -> bool:
    """Try to lock without waiting; says whether it went."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def free_port() -> int:
    """A TCP port on the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _port(home: Home) -> int:
    """The port of last time, so that those who still hold the old address find the cluster again; else a free one."""
    try:
        port = int(home.url_file.read_text(encoding="utf-8").rsplit(":", 1)[1].split("/")[0])
    except (OSError, IndexError, ValueError):
        return free_port()
    return port


def running(home: Home) -> tuple[int, int]:
    """Process and port of the cluster's live postmaster (port 0 in its first moment), else (0, 0)."""
    try:
        lines = (home.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return 0, 0
    if not _is_postmaster(pid, home.data):
        return 0, 0
    return pid, int(lines[3]) if len(lines) > 3 and lines[3].isdigit() else 0  # noqa: PLR2004 its fourth line


def _is_postmaster(pid: int, data: Path) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        if Path("/proc/self").exists():
            return False
        words = subprocess.run(  # noqa: S603 systems without /proc
            ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
        return str(data) in words
    return str(data) in words and state.rpartition(")")[2].split()[0] != "Z"


def ready(home: Home, port: int) -> bool:
    """Whether the cluster takes connections (not while it recovers)."""
    asked = subprocess.run(  # noqa: S603 the binaries of the wheel
        [str(home.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)],
        check=False,
        stdin=subprocess.DEVNULL,
        **home.account.popen,
    )
    return bool(asked.returncode == 0)


def main() -> int:
    """`python -m uppsikt.kernel.keeper FOLDER [name=value …]`; leaves a sentence in postgres.trouble when it fails."""
    home = Home(Path(sys.argv[1]))
    os.umask(0o077)
    try:
        Keeper(home, sys.argv[2:]).run()
    except Trouble as trouble:
        write_private(home.trouble_file, str(trouble))
        return 1
    except OSError as error:
        write_private(home.trouble_file, f"{error.strerror}: {error.filename}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
