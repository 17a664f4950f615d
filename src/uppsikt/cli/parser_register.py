"""The commands that look after the register of accounts."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from uppsikt.cli.house import prepared, room
from uppsikt.kernel.terminal import tell

Command = Callable[[str, str, str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """`audit` and `discover`."""
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

    one = command(
        "discover",
        "Gå igenom en webbplats efter länkar till konton. Kod 0: alla finns i registret, 1: några saknas.",
        "Go through a website for links to accounts. Code 0: all are in the register, 1: some are not.",
    )
    one.add_argument("address", nargs="?", default="", metavar=tell("ADRESS", "ADDRESS"))
    one.add_argument("--json", action="store_true", help=tell("svara i JSON", "answer in JSON"))
    one.add_argument("--pages", type=int, default=0, help=tell("högst så många sidor", "at most so many pages"))
    one.set_defaults(run=discover)


def audit(chosen: argparse.Namespace) -> int:
    """`./uppsikt audit`: go through the accounts, now and in the foreground."""
    with prepared():
        code: int = room("uppsikt.register.audit_command").run(chosen)
    return code


def discover(chosen: argparse.Namespace) -> int:
    """`./uppsikt discover`: go through a website, now and in the foreground."""
    with prepared():
        code: int = room("uppsikt.register.discover_command").run(chosen)
    return code
