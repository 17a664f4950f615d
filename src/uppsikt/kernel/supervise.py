"""Keeps the parts of the service running: starts them, starts again what stops (whatever its code), stops all in order.

A part that stops is always started again: a queue worker, for one, ends with code 0 when the database restarts.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from uppsikt.kernel.terminal import say

BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before each new start; the last one from then on
SETTLED = 30.0  # seconds of life after which a stop counts as the first again
TICK = 0.1
PR_SET_PDEATHSIG = 1


@dataclass
class Part:
    """One program of the service. `grace`: seconds it may take to stop before it is killed."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path | None = None
    grace: float = 20.0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    falls: int = field(default=0, init=False)
    due: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start the program in a group of its own; it is told to stop should we be killed."""
        log = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(  # noqa: S603 our own commands
                list(self.command),
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone; we stop the parts in order
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 the supervisor has one thread
            )
        finally:
            if log:
                log.close()
        self.started = time.monotonic()

    def gone(self) -> int | None:
        """Its exit code when it has stopped, else None."""
        return None if self.process is None else self.process.poll()

    def sweep(self) -> None:
        """Kill what the program left behind in its group."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return

    def stop(self) -> None:
        """Ask it to stop, wait its grace, then kill; returns when it is gone."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(self.grace)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.sweep()
        self.process.wait()


class Supervisor:
    """Runs parts until a signal says stop. Started in the order given, stopped in the reverse order.

    SIGUSR1 renews them: each in turn is stopped in order and started again, with the code that is now on the disk.
    """

    def __init__(self, parts: Sequence[Part], *, tick: Callable[[], None] | None = None) -> None:
        """`tick` is called some times a second, for what must be looked after beside the parts."""
        self.parts = list(parts)
        self.tick = tick
        self.stopping = False
        self.renewing = False

    def run(self, ready: Callable[[], None] | None = None) -> None:
        """Start what is not started, call `ready` once, keep all running until SIGTERM, SIGINT or SIGHUP; then stop."""
        before = {n: signal.signal(n, self._stop_soon) for n in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
        before[signal.SIGUSR1] = signal.signal(signal.SIGUSR1, self._renew_soon)
        try:
            for part in self.parts:
                if part.process is None:
                    part.start()
            if ready and not self.stopping:
                ready()
            while not self.stopping:
                self.look()
                if self.renewing:
                    self.renewing = False
                    self.renew()
                if self.tick:
                    self.tick()
                time.sleep(TICK)
        finally:
            for part in reversed(self.parts):
                part.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def look(self) -> None:
        """Start again what has stopped, later for each time it falls soon after its start."""
        now = time.monotonic()
        for part in self.parts:
            code = part.gone()
            if code is None:
                continue
            if not part.due:
                part.sweep()
                part.falls = 0 if now - part.started > SETTLED else part.falls
                part.due = now + BACKOFF[min(part.falls, len(BACKOFF) - 1)]
                part.falls += 1
                wait = f"{part.due - now:g}"
                say(
                    f"{part.name} stannade (kod {code}) och startas igen om {wait} s.",
                    f"{part.name} stopped (code {code}) and starts again in {wait} s.",
                )
            elif now >= part.due:
                part.due = 0.0
                part.start()

    def renew(self) -> None:
        """Stop and start each part in turn; the others work meanwhile."""
        for part in self.parts:
            if self.stopping:
                return
            part.stop()
            part.due, part.falls = 0.0, 0
            part.start()
            say(f"{part.name} är omstartad.", f"{part.name} is restarted.")

    def _renew_soon(self, _number: int, _frame: object) -> None:
        self.renewing = True

    def _stop_soon(self, _number: int, _frame: object) -> None:
        self.stopping = True


def _die_with(parent: int) -> Callable[[], None] | None:
    """What a child does first: ask Linux for SIGTERM when its parent dies, kill -9 included. Elsewhere nothing."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(0)

    return ask
