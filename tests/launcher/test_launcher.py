"""The launcher: every failure ends with a sentence that says what to do, never with a traceback."""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from uppsikt.cli import parser

ROOT = Path(__file__).parents[2]
LAUNCHER = ROOT / "uppsikt"


def launch(*words: str, at: Path = ROOT, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the launcher of a clone."""
    return subprocess.run(
        [sys.executable, str(at / "uppsikt"), *words],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], "HOME": str(at), "LANG": "en_GB.UTF-8", **(env or {})},
    )


@pytest.fixture
def clone(place: Path) -> Path:
    """A clone with nothing installed."""
    shutil.copy(LAUNCHER, place)
    shutil.copytree(ROOT / "requirements", place / "requirements")
    return place


def test_its_help_needs_nothing_installed(clone: Path) -> None:
    for words in ([], ["--help"]):
        done = launch(*words, at=clone)
        assert done.returncode == 0
        assert "./uppsikt demo" in done.stdout
    assert not (clone / ".venv").exists()


def test_it_speaks_swedish_where_the_terminal_does(clone: Path) -> None:
    assert "Börja med: ./uppsikt demo" in launch(at=clone, env={"LANG": "sv_SE.UTF-8"}).stdout


def test_an_unknown_command_is_said_to_be_one(clone: Path) -> None:
    done = launch("dmeo", at=clone)
    assert done.returncode == 1
    assert "There is no command dmeo" in done.stderr


def test_help_and_command_line_know_the_same_commands() -> None:
    known = set(re.findall(r"^    \(\"([a-z]+)\", \"", LAUNCHER.read_text(encoding="utf-8"), re.MULTILINE))
    done = launch("nothing-of-the-kind")
    listed = set(re.findall(r"\./uppsikt ([a-z]+)", done.stdout)) - {"demo"}
    (found,) = [part for part in parser.build()._actions if isinstance(part, argparse._SubParsersAction)]
    assert known == listed | {"demo"} == set(found.choices)


@pytest.mark.parametrize("words", [["deadline", "yesterday"], ["deadline", "2026-13-01"]])
def test_a_wrong_time_is_answered_with_a_right_one(words: list[str]) -> None:
    done = launch(*words)
    assert done.returncode == 1
    assert re.search(r"2026-11-\d\dT16:45", done.stderr)
    assert "Traceback" not in done.stderr


def test_a_source_of_packages_out_of_reach(clone: Path) -> None:
    """No network: pip's own words, then what to do. Nothing half made is taken for whole the next time."""
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "UV_INDEX_URL": "http://127.0.0.1:9/simple",
        "UV_NO_CACHE": "1",
        "UV_HTTP_RETRIES": "0",
        "UV_NO_CONFIG": "1",
    }
    for _again in range(2):
        done = launch("doctor", at=clone, env=nowhere)
        assert done.returncode == 1
        assert "run the same command again" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (clone / ".venv" / "uppsikt.lock").exists()


def test_a_package_that_is_not_the_locked_one_is_refused(clone: Path) -> None:
    lock = clone / "requirements" / "run.txt"
    lock.write_text(
        re.sub(r"sha256:[0-9a-f]{8}", "sha256:00000000", lock.read_text(encoding="utf-8")), encoding="utf-8"
    )
    done = launch(
        "doctor", at=clone, env={k: v for k, v in os.environ.items() if k.startswith(("PIP_", "UV_", "SSL_"))}
    )
    assert done.returncode == 1
    assert "do not install it" in done.stderr
    assert not (clone / ".venv" / "uppsikt.lock").exists()


def test_a_clone_that_cannot_be_written(clone: Path) -> None:
    """As root nothing is unwritable; so the place of .venv is taken by what cannot hold it."""
    (clone / ".venv").symlink_to("/proc")
    done = launch("doctor", at=clone)
    assert done.returncode == 1
    assert "Clone into a folder of your own" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_told_before_anything_is_made(clone: Path) -> None:
    text = (clone / "uppsikt").read_text(encoding="utf-8")
    (clone / "uppsikt").write_text(text.replace('{"run": 500', '{"run": 10**9'), encoding="utf-8")
    done = launch("doctor", at=clone)
    assert done.returncode == 1
    assert "Free some space" in done.stderr
    assert not (clone / ".venv").exists()


def test_what_the_system_lacks_is_one_line_to_write(clone: Path) -> None:
    """Without root nothing is installed in the system; the line is printed."""
    text = (clone / "uppsikt").read_text(encoding="utf-8")
    text = text.replace("os.geteuid() != 0 or", "True or").replace('shutil.which("git"), "git"', 'False, "git"')
    (clone / "uppsikt").write_text(text, encoding="utf-8")
    done = launch("test", at=clone)
    assert done.returncode == 1
    assert re.search(r"apt-get update && .*apt-get install -y --no-install-recommends .*git", done.stderr)


def test_an_older_python_can_read_it_and_says_what_it_needs(clone: Path) -> None:
    text = (clone / "uppsikt").read_text(encoding="utf-8")
    text = text.replace("LEAST = (3, 11)", "LEAST = (9, 9)").replace('NEWER = ("python3.11"', 'NEWER = ("python9.9"')
    text = re.sub(r"NEWER = .*", 'NEWER = ("python9.9",)', text)
    (clone / "uppsikt").write_text(text, encoding="utf-8")
    done = launch("demo", at=clone)
    assert done.returncode == 1
    assert "Uppsikt needs Python 3.11 or newer" in done.stderr
