"""The whole service under its supervisor: up with one command, up again after any kill, down in order."""

import itertools
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import born
from uppsikt.cli.house import next_port
from uppsikt.kernel import keeper
from uppsikt.kernel.postgres_home import Home

ROOT = Path(__file__).parents[2]
Until = Callable[[Callable[[], object]], None]
pytestmark = pytest.mark.slow


def environment(place: Path) -> dict[str, str]:
    """As a person's terminal has it; the tests' own database is not meant."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("UPPSIKT_", "DATABASE_", "DJANGO_"))}
    return {**kept, "UPPSIKT_DATA": str(place), "LANG": "en_GB.UTF-8", "PYTHONPATH": str(ROOT / "src")}


def command(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "uppsikt.cli", *words],
        env=environment(place),
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


@contextmanager
def served(place: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`serve`, killed at the end should it still be there."""
    with (place / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "uppsikt.cli", "serve", "--port", str(port), "--workers", "1"],
            env=environment(place),
            stdout=log,
            stderr=log,
            cwd=ROOT,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    """Whether the login page comes."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def children(process: int) -> dict[int, str]:
    """The children of a process: number and command line."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == process:
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it ended while we looked
    return found


def part(process: int, words: str) -> int:
    """The one child with these words in its command line, or 0."""
    return next((number for number, line in children(process).items() if words in line), 0)


def test_serve_survives_a_kill_of_each_of_its_parts_and_stops_in_order(place: Path, until: Until) -> None:
    port = next_port(18000)
    with served(place, port) as process:
        until(lambda: answers(port))
        for words in ("granian", "queue_worker"):
            first = part(process.pid, words)
            assert first
            os.kill(first, signal.SIGKILL)
            until(lambda first=first, words=words: part(process.pid, words) not in {0, first})  # type: ignore[misc]
            until(lambda: answers(port))
        postmaster = keeper.running(Home(place))[0]
        os.kill(postmaster, signal.SIGKILL)
        until(lambda: keeper.running(Home(place))[0] not in {0, postmaster})
        until(lambda: answers(port))
        until(lambda: "at work" in command(place, "doctor").stdout)
        process.terminate()
        assert process.wait() == 0
    assert not answers(port)
    assert (place / "keys").stat().st_mode & 0o077 == 0
    assert keeper.running(Home(place)) == (0, 0)
    assert "stopped, in order" in (place / "serve.log").read_text()


def test_nothing_outlives_a_killed_serve(place: Path, until: Until) -> None:
    port = next_port(18000)
    born.data_folder(place)
    with served(place, port) as process:
        until(lambda: answers(port))
        process.kill()
        process.wait()
        until(lambda: not answers(port))
        until(lambda: keeper.running(Home(place)) == (0, 0))
        until(lambda: not (place / "postgres.url").exists())  # the keeper's last act


def test_a_taken_port_is_named_with_another(place: Path) -> None:
    done = command(place, "serve", "--port", "1" if os.geteuid() else "99999")
    assert done.returncode == 1
    assert re.search(r"Port \d+ .* is taken. Choose another: ./uppsikt serve --port", done.stderr)


def test_a_database_that_does_not_answer_is_named(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "uppsikt.cli", "pull"],
        env={**environment(place), "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"},
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_numbers_its_checks_and_gives_each_fault_a_fix(place: Path) -> None:
    (place / "keys").mkdir()
    (place / "keys" / "secret.key").write_text("x" * 60)
    (place / "keys" / "secret.key").chmod(0o644)
    done = command(place, "doctor")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    numbered = [int(found.group(1)) for line in lines if (found := re.match(r" ?(\d+)\. ", line))]
    assert numbered == list(range(1, len(numbered) + 1))
    for this, following in itertools.pairwise(lines):
        if re.match(r" ?\d+\. BAD", this):
            assert "→" in following, this
    assert "chmod 600" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
