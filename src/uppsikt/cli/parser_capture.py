"""The command `capture`: take a page as it is, or look at what was taken."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from uppsikt.cli import capture_verify
from uppsikt.kernel.terminal import Trouble, tell

Command = Callable[[str, str, str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """The command and its options."""
    one = command(
        "capture",
        "verify MAPP: se om ett bevis är som när det skrevs under. Kod 0: ja, 3: nej.",
        "verify FOLDER: see whether evidence is as it was when it was signed. Code 0: yes, 3: no.",
    )
    one.add_argument("what", metavar="verify")
    one.add_argument("folder", nargs="?", default="", metavar=tell("MAPP", "FOLDER"))
    one.add_argument(
        "--key",
        action="append",
        default=[],
        metavar=tell("NYCKEL", "KEY"),
        help=tell("fingeravtryck eller certifikat för nyckeln som ska ha skrivit under",
                  "fingerprint or certificate of the key that should have signed"),
    )  # fmt: skip
    one.add_argument(
        "--roots",
        action="append",
        default=[],
        metavar=tell("FIL", "FILE"),
        help=tell("certifikat för den som sätter tidsstämplar", "certificates of the authority for the time"),
    )
    one.add_argument("--json", action="store_true", help=tell("utfallet för program", "the outcome for programs"))
    one.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt capture verify FOLDER`. Raises Trouble."""
    if chosen.what != "verify" or not chosen.folder:
        raise Trouble("Skriv: capture verify MAPP", "Write: capture verify FOLDER")
    return capture_verify.verify(chosen.folder, keys=chosen.key, roots=chosen.roots, as_json=chosen.json)
