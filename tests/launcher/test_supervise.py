"""The supervisor: what stops is started again, whatever its code; all stop in order; nobody is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
Until = Callable[[Callable[[], object]], None]
RUN = """
import os, sys
from uppsikt.kernel.supervise import Part, Supervisor
here = sys.argv[1]
parts = [Part(name, ["/bin/sh", "-c", script], {**os.environ, "HERE": here}) for name, script in (
    part.split("=", 1) for part in sys.argv[2:])]
Supervisor(parts).run()
"""
LIVE = "trap 'echo {0} >> $HERE/stopped; exit' TERM; echo $$ >> $HERE/{0}; while :; do sleep 0.1; done"


def supervisor(place: Path, **scripts: str) -> subprocess.Popen[bytes]:
    """A supervisor of shell scripts, in a process of its own."""
    parts = [f"{name}={script}" for name, script in scripts.items()]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(place), *parts], env={**os.environ, "PYTHONPATH": str(SOURCE)}
    )


def lines(file: Path) -> list[str]:
    """What was written so far."""
    return file.read_text().split() if file.exists() else []


def lives(process: str) -> bool:
    """Whether a process is there and no mere entry in the table."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("code", [0, 1])
def test_what_stops_is_started_again_whatever_its_code(place: Path, until: Until, code: int) -> None:
    running = supervisor(place, short=f"echo x >> $HERE/starts; exit {code}")
    until(lambda: len(lines(place / "starts")) >= 3)
    running.terminate()
    assert running.wait() == 0


def test_parts_are_renewed_one_at_a_time(place: Path, until: Until) -> None:
    """What `upgrade` asks for: each part anew with the code that is now there, while the others work."""
    running = supervisor(place, first=LIVE.format("first"), second=LIVE.format("second"))
    until(lambda: lines(place / "first") and lines(place / "second"))
    running.send_signal(signal.SIGUSR1)
    until(lambda: len(lines(place / "first")) == len(lines(place / "second")) == 2)
    assert lines(place / "stopped") == ["first", "second"]
    running.terminate()
    assert running.wait() == 0
    assert not any(map(lives, [*lines(place / "first"), *lines(place / "second")]))


def test_parts_stop_in_the_reverse_order(place: Path, until: Until) -> None:
    running = supervisor(place, first=LIVE.format("first"), second=LIVE.format("second"))
    until(lambda: lines(place / "first") and lines(place / "second"))
    running.send_signal(signal.SIGINT)
    assert running.wait() == 0
    assert lines(place / "stopped") == ["second", "first"]


def test_no_part_outlives_a_killed_supervisor(place: Path, until: Until) -> None:
    running = supervisor(place, only=LIVE.format("only"))
    until(lambda: lines(place / "only"))
    (process,) = lines(place / "only")
    running.kill()
    running.wait()
    until(lambda: not lives(process))


def test_what_a_part_started_goes_with_it(place: Path, until: Until) -> None:
    script = "sleep 600 & echo $! >> $HERE/inner; echo $$ >> $HERE/outer; wait"
    running = supervisor(place, outer=script)
    until(lambda: lines(place / "inner") and lines(place / "outer"))
    inner = lines(place / "inner")[0]
    os.kill(int(lines(place / "outer")[0]), signal.SIGKILL)
    until(lambda: not lives(inner))
    until(lambda: len(lines(place / "outer")) == 2)
    running.terminate()
    assert running.wait() == 0
