"""Reading texts, in texts a second of one core, against Presidio on the same texts in the same run.

Presidio (a blank Swedish pipeline, its recognizers for Swedish) runs in an environment of its own, which is made the
first time from requirements/bench.txt and kept in the cache. Both read in turn and count their own processor time.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from benchmarks.tables import Table, Times
from uppsikt.text import reading, sensitive
from uppsikt.text.personal import addresses, cases, emails, numbers, vehicles
from uppsikt.text.prepared import prepare

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ROOT / "tests" / "text"
LOCK = ROOT / "requirements" / "bench.txt"
PERSONAL = (numbers.find, emails.find, addresses.find, vehicles.find, cases.find)
TIMES_PERSONAL, TIMES_WHOLE = 5, 1


def options(parser: argparse.ArgumentParser) -> None:
    """The sizes that can be chosen."""
    parser.add_argument("--texts", type=int, default=6_000, help="how many texts")
    parser.add_argument("--rounds", type=int, default=5, help="how often each reads them, in turn")
    parser.add_argument("--alone", action="store_true", help="leave Presidio out: nothing is installed")


def run(chosen: argparse.Namespace) -> Table:
    """Read in turn, and put the times side by side."""
    texts = some_texts(chosen.texts)
    ways: dict[str, Callable[[], int]] = {
        "personal data": lambda: read_with(PERSONAL, texts),
        "personal data, sensitive facts, secrecy": lambda: read_with((*PERSONAL, sensitive.find), texts),
        "the whole pipeline": lambda: sum(len(findings) for findings in reading.read_many(texts)),
    }
    took = {name: Times() for name in (*ways, "Presidio")}
    found = dict.fromkeys(took, 0)
    sum(way() for way in ways.values())  # fills what is kept between readings
    with presidio(texts, Path(chosen.folder), left_out=chosen.alone) as theirs:
        for _round in range(chosen.rounds):
            for name, way in ways.items():
                began = time.process_time()
                found[name] = way()
                took[name].taken.append((time.process_time() - began) * 1000)
            if theirs:
                seconds, found["Presidio"] = theirs()
                took["Presidio"].taken.append(seconds * 1000)
    return table(texts, took, found)


def read_with(detectors: Sequence[reading.Detector], texts: Sequence[str]) -> int:
    """How much the detectors find in all the texts."""
    count = 0
    for text in texts:
        prepared = prepare(text)
        for detector in detectors:
            count += sum(1 for _finding in detector(prepared))
    return count


def some_texts(count: int) -> list[str]:
    """Ordinary Swedish sentences, every eleventh a comment as on a municipality's page, some with personal data."""
    ordinary = gzip.decompress((TEXTS / "ordinary_swedish.txt.gz").read_bytes()).decode("utf-8").splitlines()
    lines = (TEXTS / "personal_data.jsonl").read_text("utf-8").splitlines()
    comments = [str(json.loads(line)["text"]) for line in lines]
    return [
        comments[(at // 11) % len(comments)] if at % 11 == 0 else ordinary[at % len(ordinary)] for at in range(count)
    ]


def table(texts: Sequence[str], took: dict[str, Times], found: dict[str, int]) -> Table:
    """Texts a second by the median, and how they stand to Presidio's."""
    theirs = took.pop("Presidio")
    letters = sum(map(len, texts)) / len(texts)
    rounds = len(next(iter(took.values())).taken)
    made = Table(
        title="Reading texts",
        told=f"{len(texts):,} Swedish texts of {letters:.0f} letters (tests/text), {rounds} rounds in turn, processor "
        "time of one process each. Presidio with a blank Swedish pipeline and the recognizers that it has for "
        f"Swedish{presidio_version()}.",
        columns=("what", "texts/s (median)", "µs a text", "found", "of Presidio's pace"),
    )
    for name, times in took.items():
        ratio: object = theirs.median / times.median if theirs.taken else "-"
        made.rows.append((name, 1000 * len(texts) / times.median, 1000 * times.median / len(texts), found[name], ratio))
    if theirs.taken:
        pace = (1000 * len(texts) / theirs.median, 1000 * theirs.median / len(texts))
        made.rows.append(("Presidio, for comparison", *pace, found["Presidio"], 1.0))
        personal, _more, whole = (theirs.median / times.median for times in took.values())
        made.claims = [
            (
                f"personal data at least {TIMES_PERSONAL} × Presidio's pace: {personal:.1f} ×",
                personal >= TIMES_PERSONAL,
            ),
            (f"the whole pipeline at least {TIMES_WHOLE} × Presidio's pace: {whole:.1f} ×", whole >= TIMES_WHOLE),
        ]
    return made


def presidio_version() -> str:
    """Which one the lock holds, and the `phonenumbers` that both read with."""
    pinned = [
        line.split()[0].partition("==")[2] for line in LOCK.read_text().splitlines() if line.startswith("presidio-")
    ]
    return f" ({pinned[0]}; phonenumbers {version('phonenumbers')})"


@contextmanager
def presidio(texts: Sequence[str], folder: Path, *, left_out: bool) -> Iterator[Callable[[], tuple[float, int]] | None]:
    """A function that has Presidio read all the texts: the seconds that it took, and how much it found."""
    if left_out:
        yield None
        return
    folder.mkdir(parents=True, exist_ok=True)
    given = folder / "texts.json"
    given.write_text(json.dumps(list(texts)), encoding="utf-8")
    side = [str(environment()), str(ROOT / "benchmarks" / "presidio_side.py"), str(given)]
    with subprocess.Popen(  # noqa: S603 our own program
        side,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        into, out = process.stdin, process.stdout
        if into is None or out is None:
            raise RuntimeError("both are pipes")
        print("Presidio:", ", ".join(json.loads(out.readline())["ready"]), file=sys.stderr)

        def once() -> tuple[float, int]:
            into.write("\n")
            into.flush()
            told = json.loads(out.readline())
            return told["seconds"], told["found"]

        yield once
        into.close()


def environment() -> Path:
    """The Python of Presidio's environment, made now where it is not yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "uppsikt"
    place = cache / f"bench-{hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:16]}"
    python = place / "bin" / "python"
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        print("Making an environment for Presidio, once …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)  # noqa: S603
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK)], check=True)  # noqa: S603
        (place / "ready").touch()
    return python
