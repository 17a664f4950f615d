"""An embedded PostgreSQL for those who have no server of their own: `with embedded(folder) as url`.

Every command that needs the database enters `embedded`; the first starts the cluster, the others share it, and it
stops in order when the last has left. The keeper (uppsikt.kernel.keeper) does the work in a process of its own.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from uppsikt.kernel.keeper import locked, ready, running
from uppsikt.kernel.postgres_home import Home, make_folder
from uppsikt.kernel.terminal import Trouble, say

SOURCE = Path(__file__).resolve().parents[2]
PATIENCE = 5.0  # seconds between two words to somebody who waits


def running_url(folder: Path) -> str | None:
    """The postgresql:// address of the embedded cluster of this data folder, when one runs. Starts nothing."""
    try:
        return Home(folder.absolute()).url_file.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def tuning() -> dict[str, str]:
    """PostgreSQL settings for a small machine that runs the whole service."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "shared_buffers": f"{max(64, min(1024, memory // 8))}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_connections": "80",
        "max_wal_size": "2GB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "log_error_verbosity": "terse",  # no DETAIL, which quotes rows
        "log_statement": "none",  # statements carry what citizens wrote
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


@contextmanager
def embedded(folder: Path, *, options: Mapping[str, str] | None = None) -> Iterator[str]:
    """Have the cluster of this data folder running, and yield its postgresql:// address (with its password).

    `options` are PostgreSQL settings put on top of `tuning()`; they count only for the one who starts the cluster.
    Waits as long as recovery takes, and says so. Raises Trouble, with a sentence, when the cluster cannot be had.
    """
    home = Home(folder.absolute())
    settings = {**tuning(), **(options or {})}
    try:
        make_folder(home.folder)
        users = home.users_file.open("a")
    except OSError as error:
        raise Trouble(
            f"Datamappen {home.folder} går inte att skriva i ({error.strerror}). "
            "Sätt UPPSIKT_DATA till en mapp som går att skriva i.",
            f"The data folder {home.folder} cannot be written ({error.strerror}). "
            "Let UPPSIKT_DATA name a folder that can be written.",
        ) from error
    with users:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a cluster that nobody used any more is stopping
        keeper = _up(home, settings)
        try:
            yield home.url_file.read_text(encoding="utf-8").strip()
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            _down(home, keeper)


def keep_up(folder: Path) -> None:
    """See to it that a cluster in use has a keeper; called now and then by those who run for long."""
    home = Home(folder.absolute())
    if not _kept(home):
        _keeper(home, tuning())


def _up(home: Home, settings: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
    """Wait until the cluster answers, starting a keeper where there is none."""
    keeper: subprocess.Popen[bytes] | None = None
    since = told = time.monotonic()
    while True:
        if keeper is not None and keeper.poll():
            raise Trouble(*[_reason(home)] * 2)
        if not _kept(home):
            if keeper is None or keeper.poll() is not None:
                first = not (home.data / "PG_VERSION").exists()
                if first:
                    say(f"Databasen skapas i {home.place} …", f"Making the database in {home.place} …")
                keeper = _keeper(home, settings)
        elif home.url_file.exists() and _answers(home):
            return keeper
        if time.monotonic() - told > PATIENCE:
            told = time.monotonic()
            passed = int(told - since)
            say(
                f"Databasen startar eller återhämtar sig efter ett avbrott ({passed} s). Det får ta sin tid.",
                f"The database is starting or recovering from an interruption ({passed} s). It may take a while.",
            )
        time.sleep(0.03)


def _down(home: Home, keeper: subprocess.Popen[bytes] | None) -> None:
    """When we were the last, wait until the cluster has stopped; others in the house keep it."""
    if keeper is not None:
        while keeper.poll() is None:
            if _used(home):
                return
            time.sleep(0.03)
    while _kept(home) and not _used(home):
        time.sleep(0.03)


def _answers(home: Home) -> bool:
    pid, port = running(home)
    return bool(pid and port) and ready(home, port)


def _keeper(home: Home, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    words = [f"{name}={value}" for name, value in settings.items()]
    with os.fdopen(os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
        return subprocess.Popen(  # noqa: S603 our own module
            [sys.executable, "-m", "uppsikt.kernel.keeper", str(home.folder), *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,  # Ctrl-C at the terminal must not reach it before its users have left
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
        )


def _kept(home: Home) -> bool:
    """Whether a keeper is at work."""
    return _held(home.keeper_file, fcntl.LOCK_SH)


def _used(home: Home) -> bool:
    """Whether somebody (other than the keeper on its way out) uses the cluster."""
    return _held(home.users_file, fcntl.LOCK_EX) and not _held(home.users_file, fcntl.LOCK_SH)


def _held(file: Path, kind: int) -> bool:
    try:
        with file.open() as stream:
            return not locked(stream, kind)
    except FileNotFoundError:
        return False


def _reason(home: Home) -> str:
    try:
        return home.trouble_file.read_text(encoding="utf-8")
    except OSError:
        return f"PostgreSQL: {home.log}"
