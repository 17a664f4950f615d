"""The commands and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from uppsikt.cli import demo, doctor, parser_backup, parser_capture, parser_register, read, serve, test, tools
from uppsikt.kernel.terminal import tell

# A new command by its name and its help in Swedish and English.
Command = Callable[[str, str, str], argparse.ArgumentParser]


def parse(words: Sequence[str]) -> argparse.Namespace:
    """What was asked for; `run` in it is the function to call. Ends the program at --help or a wrong word."""
    return build().parse_args(_shield(words))


def build() -> argparse.ArgumentParser:
    """All commands and their options, in the language of the terminal."""
    parser = argparse.ArgumentParser(
        prog="./uppsikt",
        description=tell(
            "Uppsikt: kommunens konton i sociala medier, lagligt, snabbt och med bevis.",
            "Uppsikt: a public body's social media, lawful, fast and with proof.",
        ),
        epilog=tell("Börja med: ./uppsikt demo", "Begin with: ./uppsikt demo"),
    )
    commands = parser.add_subparsers(metavar=tell("KOMMANDO", "COMMAND"), required=True)

    def command(name: str, sv: str, en: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=tell(sv, en), description=tell(sv, en))

    try_out(command)
    run_it(command)
    look_after(command)
    parser_backup.add(command)
    parser_capture.add(command)
    parser_register.add(command)
    return parser


def try_out(command: Command) -> None:
    """What a newcomer runs."""
    one = command(
        "demo",
        "Starta en påhittad kommun att prova i; Ctrl-C avslutar.",
        "Start a made-up municipality to try things in; Ctrl-C ends it.",
    )
    one.add_argument("--port", type=int, default=8000, help=tell("första port att prova", "first port to try"))
    one.add_argument(
        "--every",
        type=float,
        default=40.0,
        help=tell("sekunder mellan händelser i övningsnätet; 0 är tystnad", "seconds between events; 0 is silence"),
    )
    one.add_argument(
        "--fresh",
        action="store_true",
        help=tell("kasta förra demon och börja om", "throw the last demo away and begin anew"),
    )
    one.set_defaults(run=demo.run)

    one = command(
        "test",
        "Kör alla kontroller och tester; med argument bara pytest med dem.",
        "Run all checks and tests; with arguments pytest alone, with them.",
    )
    one.add_argument("words", nargs=argparse.REMAINDER, metavar="…")
    one.set_defaults(run=test.run)


def run_it(command: Command) -> None:
    """What keeps the service running."""
    one = command(
        "serve",
        "Kör tjänsten: databas, webb och köarbetare.",
        "Run the service: database, web and queue worker.",
    )
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8000)
    one.add_argument(
        "--workers",
        type=int,
        default=0,
        help=tell("webbprocesser (annars en per kärna)", "web processes (else one per core)"),
    )
    one.set_defaults(run=serve.run)

    one = command(
        "worker",
        "Kör bara en köarbetare, till exempel på en egen maskin.",
        "Run a queue worker alone, for example on a machine of its own.",
    )
    one.add_argument("--concurrency", type=int, default=4)
    one.set_defaults(run=serve.worker)


def look_after(command: Command) -> None:
    """What one does beside the service."""
    one = command(
        "doctor",
        "Gå igenom installationen: numrerade kontroller, var och en med sin åtgärd.",
        "Go through the installation: numbered checks, each with its fix.",
    )
    one.set_defaults(run=doctor.run)

    one = command(
        "connect",
        "Anslut en webbplats eller ett konto utifrån adressen.",
        "Connect a site or an account by its address.",
    )
    one.add_argument("url", metavar="URL")
    one.add_argument("options", nargs=argparse.REMAINDER, metavar="…")
    one.set_defaults(run=tools.connect)

    one = command("pull", "Hämta nytt från en kanal, eller från alla.", "Fetch what is new in a channel, or in all.")
    one.add_argument("channel", nargs="?", default="", metavar=tell("KANAL", "CHANNEL"))
    one.set_defaults(run=tools.pull)

    searching(command)

    read.options(
        command(
            "read",
            'Läs texter, {"id", "text"} på varje rad, och skriv ut det som någon behöver se; utan databas.',
            'Read texts, {"id", "text"} on each line, and write what somebody has to see; without a database.',
        )
    )

    one = command(
        "deadline",
        "Räkna ut svarstiden för något som kom in vid en tidpunkt (ISO 8601).",
        "Work out the time to answer for what came in at a time (ISO 8601).",
    )
    one.add_argument("time", metavar=tell("TID", "TIME"))
    one.set_defaults(run=tools.deadline)

    prove_it(command)

    one = command(
        "bench",
        "Mät en del: search, ingest, seals eller inbox.",
        "Measure one part: search, ingest, seals or inbox.",
    )
    one.add_argument("words", nargs=argparse.REMAINDER, metavar=tell("NAMN …", "NAME …"))
    one.set_defaults(run=tools.bench)

    one = command("manage", "Djangos egna kommandon.", "Django's own commands.")
    one.add_argument("words", nargs=argparse.REMAINDER, metavar="…")
    one.set_defaults(run=tools.manage)


def prove_it(command: Command) -> None:
    """What shows that nothing was changed."""
    one = command(
        "verify",
        "Gå igenom spårets sigill: är allt som förseglats kvar, och som det var? Kod 0: ja, 3: nej.",
        "Go through the trail's seals: is all that was sealed still there, and as it was? Code 0: yes, 3: no.",
    )
    one.add_argument("--json", action="store_true", help=tell("utfallet för program", "the outcome for programs"))
    one.add_argument(
        "--recent",
        action="store_true",
        help=tell(
            "bara det som förseglats sedan förra godkända kontrollen", "only what was sealed since the last pass"
        ),
    )
    one.add_argument(
        "--no-blobs",
        action="store_true",
        help=tell("läs inte filernas innehåll", "leave out the contents of files"),
    )
    one.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar=tell("HUVUD", "HEAD"),
        help=tell("ett huvud som du sparat: visar om slutet klippts av", "a head that you kept: shows a cut end"),
    )
    one.add_argument(
        "--head",
        action="store_true",
        help=tell("skriv bara kedjans slut, att spara någon annanstans", "print the chain's end, to keep elsewhere"),
    )
    one.set_defaults(run=tools.verify)


def searching(command: Command) -> None:
    """What records are sought by."""
    one = command(
        "search",
        'Sök bland handlingarna: ord, "fraser", -inte, eller, början*, *del*; nyast först.',
        'Search the records: words, "phrases", -not, or, beginnings*, *parts*; newest first.',
    )
    one.add_argument("words", nargs="*", metavar=tell("ORD", "WORDS"))
    one.add_argument("--json", action="store_true", help=tell("svara i JSON", "answer in JSON"))
    for name, sv, en in (
        ("channel", "kanalens namn eller nummer; går att upprepa", "the channel's name or number; may be repeated"),
        ("unit", "enhetens namn eller nummer; går att upprepa", "the unit's name or number; may be repeated"),
    ):
        one.add_argument(f"--{name}", action="append", default=[], help=tell(sv, en))
    for name, sv, en in (
        ("kind", "post, page, comment eller message", "post, page, comment or message"),
        ("direction", "received (inkommen) eller drawn_up (upprättad)", "received or drawn_up"),
        ("state", "visible, held, hidden eller gone", "visible, held, hidden or gone"),
        ("author", "vem som skrev", "who wrote it"),
        ("since", "från och med dagen, till exempel 2026-11-22", "from this day on, for example 2026-11-22"),
        ("before", "före dagen", "before this day"),
    ):
        one.add_argument(f"--{name}", default="", help=tell(sv, en))
    one.add_argument("--limit", type=int, default=25, help=tell("högst så många (25)", "at most so many (25)"))
    one.add_argument(
        "--secret",
        action="store_true",
        help=tell("även sekretessmarkerade; det antecknas i loggen", "secret records too; the trail notes it"),
    )
    one.set_defaults(run=tools.search)


def _shield(words: Sequence[str]) -> list[str]:
    """Let `test -k this` and `manage --help` reach whom they are meant for: argparse takes options for its own."""
    if words and words[0] in {"test", "manage", "bench"} and words[1:2] != ["--"]:
        return [words[0], "--", *words[1:]]
    return list(words)
