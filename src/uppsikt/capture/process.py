"""A program in a process group of its own, that talks through pipes 3 and 4 and leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PREFIX = "uppsikt-browser-"
# File descriptors that cannot be mistaken for the 3 and 4 that they become.
CLEAR_OF = 10
GENTLE = 3.0  # seconds that a browser whose pipes are closed may take to end by itself
LONGEST_END = 5.0  # seconds that a killed group may take to be gone
LONGEST_LOG = 4000  # bytes of its last words


class Process:
    """A started browser: `read` and `write` are our ends of its pipes; `folder` is its own and goes with it."""

    def __init__(self, program: str, flags: Sequence[str], folder: Path) -> None:
        """Start it. It gets nothing of our surroundings: passwords and keys stand there. Raises OSError."""
        self.folder = folder
        self.read, theirs_write = _pipe()
        theirs_read, self.write = _pipe()
        try:
            # Not subprocess: it cannot say which number a descriptor is to have, and forking with threads is no place
            # for code of our own.
            self.pid = os.posix_spawn(
                program,
                [program, *flags],
                _surroundings(folder),
                setsid=True,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs_read, 3),
                    (os.POSIX_SPAWN_DUP2, theirs_write, 4),
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, str(folder / "stderr"), os.O_WRONLY | os.O_CREAT, 0o600),
                ],
            )
        except OSError:
            os.close(self.read)
            os.close(self.write)
            raise
        finally:
            os.close(theirs_read)
            os.close(theirs_write)
        self._ended = False

    def running(self) -> bool:
        """Whether it is still there."""
        if not self._ended:
            try:
                self._ended = os.waitpid(self.pid, os.WNOHANG)[0] != 0
            except ChildProcessError:
                self._ended = True
        return not self._ended

    def last_words(self) -> str:
        """The end of what it wrote to stderr."""
        with contextlib.suppress(OSError):
            return (self.folder / "stderr").read_bytes()[-LONGEST_LOG:].decode("utf-8", "replace").strip()
        return ""

    def kill(self) -> None:
        """End the whole group at once; nothing is waited for."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    async def end(self) -> None:
        """See it end, kill what is left of the group, and throw its folder away.

        With its pipes closed it ends by itself, and buries its own children; what does not in time is killed.
        """
        until = time.monotonic() + GENTLE
        while self.running() and time.monotonic() < until:
            await asyncio.sleep(0.02)
        self.kill()
        until = time.monotonic() + LONGEST_END
        while self.running() and time.monotonic() < until:
            await asyncio.sleep(0.02)
        # Not on a thread: at the end of the program there are none to be had.
        shutil.rmtree(self.folder, ignore_errors=True)


def _pipe() -> tuple[int, int]:
    """A pipe (its reading and its writing end), whose ends have high numbers."""
    low = os.pipe()
    try:
        read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, CLEAR_OF) for end in low)
    finally:
        for end in low:
            os.close(end)
    return read, write


def _surroundings(folder: Path) -> dict[str, str]:
    """All that a browser gets to know of us."""
    kept = ("PATH", "LANG", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "LD_LIBRARY_PATH")
    told = {name: os.environ[name] for name in kept if name in os.environ}
    return {"PATH": os.defpath, **told, "HOME": str(folder), "TMPDIR": str(folder), "XDG_RUNTIME_DIR": str(folder)}


def places() -> list[Path]:
    """The folders of all browsers on this machine that are there, or were left behind."""
    return list(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))


def folder() -> Path:
    """A folder of its own for a browser, named after this process; those of processes that are gone are swept."""
    for old in places():
        owner = old.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
