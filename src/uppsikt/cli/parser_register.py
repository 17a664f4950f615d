"""The commands that look after the register of accounts."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from uppsikt.cli.house import database, environment, prepare, room
from uppsikt.kernel.terminal import tell

Command = Callable[[str, str, str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """`audit`."""
    one = command(
        "audit",
        "Gå igenom kontona: vad är inte som det ska? Kod 0: inget, 1: något.",
        "Go through the accounts: what is not as it should be? Code 0: nothing, 1: something.",
    )
    one.add_argument(
        "--channel",
        default="",
        metavar=tell("KONTO", "ACCOUNT"),
        help=tell("ett konto, namn eller nummer", "one account, by name or number"),
    )
    one.add_argument("--json", action="store_true", help=tell("svara i JSON", "answer in JSON"))
    one.add_argument(
        "--offline",
        action="store_true",
        help=tell("fråga inte näten, utan kontrollera det som är känt", "ask no network; check what is known"),
    )
    one.set_defaults(run=audit)


def audit(chosen: argparse.Namespace) -> int:
    """`./uppsikt audit`: go through the accounts, now and in the foreground."""
    with database():
        prepare(environment())
        code: int = room("uppsikt.register.audit_command").run(chosen)
    return code
