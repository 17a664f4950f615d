"""`read`: what the detectors find in texts; JSON lines in, JSON lines out. Needs no database and starts no Django.

The launcher runs this module itself, so that a text is read a tenth of a second after it was asked for.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from uppsikt.kernel.terminal import Trouble, say, tell
from uppsikt.text.known import NOBODY, Known
from uppsikt.text.reading import read

SHOWN = ("kind", "start", "end", "ground", "score", "why")


def options(parser: argparse.ArgumentParser) -> None:
    """What may stand after `read`."""
    parser.add_argument(
        "--own",
        action="store_true",
        help=tell(
            "texterna är våra egna svar: sök råd och myndighetsutövning också",
            "the texts are our own answers: look for advice and exercise of authority too",
        ),
    )
    parser.add_argument(
        "--known",
        type=Path,
        default=None,
        metavar=tell("FIL", "FILE"),
        help=tell(
            "egna e-postadresser, @domäner, gatuadresser och nummer, ett på varje rad, som inte ska hittas",
            "our own mail addresses, @domains, street addresses and numbers, one a line, not to be found",
        ),
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt read < texts.jsonl`. The exit code: 0, or 1 when a line could not be read. Raises Trouble."""
    known = contacts(chosen.known) if chosen.known else NOBODY
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    return answer(sys.stdin.buffer, sys.stdout, own=chosen.own, known=known)


def answer(lines: Iterable[bytes], out: TextIO, *, own: bool = False, known: Known = NOBODY) -> int:
    """Read each line and write its findings, a line each, at once; a line that cannot be read is told of and left."""
    code = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            name, text = _item(line)
        except BadLine as error:
            say(f"Rad {number}: {error}", f"Line {number}: {error}")
            code = 1
            continue
        for finding in read(text, own=own, known=known):
            told = {"id": name, **{field: getattr(finding, field) for field in SHOWN}}
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
        out.flush()
    return code


class BadLine(Exception):
    """A line that is no text to read; says why to a person."""


def _item(line: bytes) -> tuple[str | int, str]:
    """The id and the text of a line. Raises BadLine."""
    try:
        made = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadLine(tell("inte UTF-8", "not UTF-8")) from error
    except (ValueError, RecursionError) as error:
        raise BadLine(tell("inte JSON", "not JSON") + f" ({error})") from error
    if not isinstance(made, dict) or not isinstance(made.get("text"), str):
        raise BadLine(tell('ska vara {"id": …, "text": "…"}', 'has to be {"id": …, "text": "…"}'))
    name = made.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise BadLine(tell('"id" ska vara en text eller ett heltal', '"id" has to be a text or a whole number'))
    return name, made["text"]


def contacts(path: Path) -> Known:
    """The allow-list of a file; `#` begins a remark. Raises Trouble if it cannot be read."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, ValueError) as error:
        raise Trouble(f"{path} går inte att läsa: {error}", f"{path} cannot be read: {error}") from error
    listed = [line for line in lines if line and not line.startswith("#")]
    words = frozenset(line for line in listed if any(sign.isalpha() for sign in line))
    return Known(contacts=words, numbers=frozenset(listed) - words)


def main() -> int:
    """As `python -m uppsikt.cli.read`; the exit code for the shell."""
    parser = argparse.ArgumentParser(
        prog="./uppsikt read",
        description=tell(
            'Läs texter, {"id", "text"} på varje rad, och skriv ut det som någon behöver se.',
            'Read texts, {"id", "text"} on each line, and write what somebody has to see.',
        ),
    )
    options(parser)
    try:
        return run(parser.parse_args(sys.argv[2:] if sys.argv[1:2] == ["read"] else sys.argv[1:]))
    except Trouble as trouble:
        say(f"Fel: {trouble}", f"Error: {trouble}")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # what is left of standard output cannot be written, and Python would say so
        return 0


if __name__ == "__main__":
    sys.exit(main())
