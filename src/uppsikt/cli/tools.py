"""The small commands: `connect`, `pull`, `search`, `deadline`, `verify`, `bench`, `manage`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from uppsikt import env
from uppsikt.cli.house import ROOT, database, environment, prepared, room
from uppsikt.kernel import postgres


def connect(chosen: argparse.Namespace) -> int:
    """`./uppsikt connect URL`: recognise the address and connect a channel; says what it found and what it needs."""
    with prepared():
        code: int = room("uppsikt.channels.commands").connect(chosen.url, chosen.options)
    return code


def pull(chosen: argparse.Namespace) -> int:
    """`./uppsikt pull [CHANNEL]`: fetch what is new, now and in the foreground."""
    with prepared():
        code: int = room("uppsikt.records.commands").pull(chosen.channel or None)
    return code


def search(chosen: argparse.Namespace) -> int:
    """`./uppsikt search WORDS`: search the records."""
    with prepared():
        code: int = room("uppsikt.records.search_commands").run(chosen)
    return code


def deadline(chosen: argparse.Namespace) -> int:
    """`./uppsikt deadline TIME`: the due time in ISO form on the first line, then how it was counted.

    Counts by the policy in the database where there is one at hand, else by the policy that Uppsikt comes with;
    nothing is started or made for the question.
    """
    known = bool(env.text("DATABASE_URL", "") or postgres.running_url(env.folder()))
    for line in room("uppsikt.policy.commands").deadline(chosen.time, ask_database=known):
        print(line)
    return 0


def bench(chosen: argparse.Namespace) -> int:
    """`./uppsikt bench NAME …`: one of the benchmarks, on a database of its own."""
    words = [word for word in chosen.words if word != "--"]
    return subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-m", "benchmarks", *words], env=environment(), cwd=ROOT, check=False
    ).returncode


def verify(chosen: argparse.Namespace) -> int:
    """`./uppsikt verify`: go through the trail's seals, or print the chain's end; code 3 where something is wrong."""
    with database():
        command = room("uppsikt.kernel.verify_command")
        if chosen.head:
            code: int = command.head()
        else:
            code = command.verify(
                command.Asked(
                    as_json=chosen.json, blobs=not chosen.no_blobs, recent=chosen.recent, heads=tuple(chosen.expect)
                )
            )
    return code


def manage(chosen: argparse.Namespace) -> int:
    """`./uppsikt manage …`: one of Django's own commands, with the database running."""
    words = [word for word in chosen.words if word != "--"]
    with database():
        return subprocess.run(  # noqa: S603 the person's own command
            [sys.executable, "-m", "django", *words], env=environment(), cwd=Path.cwd(), check=False
        ).returncode
