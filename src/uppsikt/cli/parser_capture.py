"""The command `capture`: take a page as it is, or look at what was taken."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from uppsikt.cli import capture_take, capture_verify
from uppsikt.kernel.terminal import Trouble, tell

Command = Callable[[str, str, str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """The command and its options."""
    one = command(
        "capture",
        "URL --out MAPP: spara en sida som den är: bilder, allt den består av, underskrivet. Kod 0: hela, 4: delar, "
        "5: bara svaret och kortet, 6: inget, 75: inget nu. verify MAPP: se om ett bevis är som när det skrevs under. "
        "Kod 0: ja, 3: nej.",
        "URL --out FOLDER: keep a page as it is: pictures, all that it is made of, signed. Code 0: whole, 4: parts, "
        "5: only answer and card, 6: nothing, 75: nothing now. verify FOLDER: see whether evidence is as it was when "
        "it was signed. Code 0: yes, 3: no.",
    )
    one.add_argument("what", metavar="URL | verify")
    one.add_argument("folder", nargs="?", default="", metavar=tell("MAPP", "FOLDER"))
    one.add_argument(
        "--key",
        action="append",
        default=[],
        metavar=tell("NYCKEL", "KEY"),
        help=tell(
            "fingeravtryck eller certifikat för nyckeln som ska ha skrivit under",
            "fingerprint or certificate of the key that should have signed",
        ),
    )
    one.add_argument(
        "--roots",
        action="append",
        default=[],
        metavar=tell("FIL", "FILE"),
        help=tell("certifikat för den som sätter tidsstämplar", "certificates of the authority for the time"),
    )
    one.add_argument("--json", action="store_true", help=tell("utfallet för program", "the outcome for programs"))
    taking(one)
    one.set_defaults(run=run)


def taking(one: argparse.ArgumentParser) -> None:
    """The options for taking a page."""
    one.add_argument("--out", default="", metavar=tell("MAPP", "FOLDER"), help=tell("vart", "where to"))
    one.add_argument(
        "--allow-private",
        action="append",
        default=[],
        metavar=tell("VÄRD:PORT", "HOST:PORT"),
        help=tell("en server i ett privat nät som får läsas", "a server in a private network that may be read"),
    )
    file = tell("FIL", "FILE")
    one.add_argument(
        "--answer", default="", metavar=file, help=tell("nätets eget svar, att spara med", "the network's own answer")
    )
    one.add_argument(
        "--answer-url", default="", metavar="URL", help=tell("varifrån svaret kom", "where the answer came from")
    )
    one.add_argument(
        "--card",
        default="",
        metavar=file,
        help=tell("en HTML-fil som visar inlägget utan nätet", "an HTML file that shows the item without the network"),
    )
    one.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar=tell("ORD", "WORDS"),
        help=tell("ord som ska finnas på sidan", "words that should be on the page"),
    )


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt capture verify FOLDER` or `./uppsikt capture URL --out FOLDER`. Raises Trouble."""
    if chosen.what != "verify" and chosen.out and not chosen.folder:
        return capture_take.take(chosen)
    if chosen.what != "verify" or not chosen.folder:
        raise Trouble(
            "Skriv: capture URL --out MAPP, eller capture verify MAPP",
            "Write: capture URL --out FOLDER, or capture verify FOLDER",
        )
    return capture_verify.verify(chosen.folder, keys=chosen.key, roots=chosen.roots, as_json=chosen.json)
