"""`python -m benchmarks NAME …`: one benchmark on a PostgreSQL of its own, its table on the terminal.

A benchmark is a module of this package with two functions: `options(parser)` adds its own options,
`run(chosen)` does the work and returns a `Table`. It is imported when the database is up and Django is ready.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from benchmarks import places  # noqa: E402 the path had to come first
from benchmarks.tables import keep  # noqa: E402

BENCHMARKS = {
    "search": "search per class against SQLite FTS5 and tantivy on the same data",
    "ingest": "pulled-to-searchable against a raw COPY into the same indexed tables",
    "seals": "sealing and verifying the trail",
    "text": "reading texts against Presidio on the same texts",
    "triage": "wordings read, kept and put in order against reading them alone",
    "directory": "the public list of accounts from what is kept, against the inbox page",
    "inbox": "the inbox page with many cases: time and number of queries",
    "load": "an hour of a working day at speed: staff at their desks, channels being read, nothing lost or doubled",
}

WITHOUT_DATABASE = {"text"}


def main(words: list[str]) -> int:
    """Bring a database up, run the benchmark that is named, show its table; the exit code for the shell."""
    parser = argparse.ArgumentParser(
        prog="./uppsikt bench",
        description="Measure one part: " + "; ".join(f"{name}: {does}" for name, does in BENCHMARKS.items()) + ".",
        add_help=not words or words[0] not in BENCHMARKS,
    )
    parser.add_argument("name", choices=sorted(BENCHMARKS))
    parser.add_argument("--data", type=Path, help="folder to keep the database and the data in, to run again")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/RESULTS.md too")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of PostgreSQL")
    chosen, rest = parser.parse_known_args(words)
    with ExitStack() as stack:
        folder = chosen.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="uppsikt-bench-")))
        if chosen.name not in WITHOUT_DATABASE:
            stack.enter_context(places.database(folder, dict(pair.split("=", 1) for pair in chosen.set)))
        module = importlib.import_module(f"benchmarks.{chosen.name}")
        own = argparse.ArgumentParser(prog=f"./uppsikt bench {chosen.name}", description=module.__doc__)
        own.set_defaults(folder=folder)
        module.options(own)
        table = module.run(own.parse_args(rest))
        print(table.markdown())
        if chosen.write:
            keep(chosen.name, table)
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
