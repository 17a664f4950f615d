"""Programs of others that evidence is tried with: pywb replays it, `wacz` validates it.

They live in an environment of their own, made once from a lock with hashes and kept in the cache: pywb is GPL and is
run here, never shipped, and its pins stand against ours.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from servers.wordpress_server import free_port

LOCK = Path(__file__).resolve().parents[2] / "requirements" / "replay.txt"


def tools() -> Path:
    """The folder with the programs, installed now where they are not."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "uppsikt"
    cache.mkdir(parents=True, exist_ok=True)
    said = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:16]
    place = cache / f"replay-{said}"
    with (cache / "replay.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "ready").exists():
            shutil.rmtree(place, ignore_errors=True)
            install(place)
            (place / "ready").touch()
    return place / "bin"


def install(place: Path) -> None:
    """Make the environment, as the launcher makes ours: by uv where there is one, else by pip."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    run([sys.executable, "-m", "venv", *(["--without-pip"] if uv else []), str(place)])
    python = str(place / "bin" / "python")
    if uv:
        run([uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", str(LOCK)])
    else:
        run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK)])


def run(command: list[str], **more: object) -> str:
    """What the program said; where it fails, that is in the error."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


def valid(wacz: Path) -> tuple[bool, str]:
    """Whether the validator of the format's makers takes it, and what it said."""
    done = subprocess.run(
        [tools() / "wacz", "validate", "-f", str(wacz)], check=False, capture_output=True, text=True, timeout=60
    )
    return done.returncode == 0 and "is valid" in done.stdout, done.stdout + done.stderr


@contextmanager
def player(folder: Path, *collections: Path) -> Iterator[str]:
    """A running pywb that holds the collections and nothing else; the beginning of addresses in it."""
    bin_ = tools()
    run([str(bin_ / "wb-manager"), "init", "bevis"], cwd=folder)
    run([str(bin_ / "wb-manager"), "add", "--unpack-wacz", "bevis", *map(str, collections)], cwd=folder)
    port = free_port()
    with (folder / "pywb.log").open("wb") as log:
        process = subprocess.Popen(
            [str(bin_ / "wayback"), "--bind", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=log
        )
        try:
            wait(f"http://127.0.0.1:{port}/", process, folder / "pywb.log")
            yield f"http://127.0.0.1:{port}/bevis"
        finally:
            process.terminate()
            process.wait(20)


def wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            urlopen(url, timeout=5).close()  # noqa: S310 our own server on this machine
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text(errors="replace"))
