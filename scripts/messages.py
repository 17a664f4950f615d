"""Brings the words people read into the English catalogue, and compiles it. Needs no gettext program.

    python scripts/messages.py            # new Swedish words into locale/en/LC_MESSAGES/django.po, then django.mo
    python scripts/messages.py --check    # changes nothing; fails when a word lacks English or the .mo is old

Swedish is the source language, so it has no catalogue. Words that have left the code leave the catalogue too.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1] / "src" / "uppsikt"
PO = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# What Babel writes in the head that changes with each run, or says nothing.
HEAD = (
    '"POT-Creation',
    '"PO-Revision',
    '"Project-Id',
    '"Report-Msgid',
    '"Last-Trans',
    '"Language-Team',
    '"Generated-By',
)
# The compiled catalogue keeps its head: a time of its making would make it old a minute later.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
Found = tuple[str, int, str | tuple[str, ...], str | None]


def words(root: Path) -> Iterator[Found]:
    """Every text marked for translation below `root`: file, line, text or its forms, context."""
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.html"), *root.rglob("*.txt")]):
        place = path.relative_to(root)
        if "tests" in place.parts or "migrations" in place.parts or "static" in place.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Django's own reading of templates, which turns them into something that looks like Python.
            text = templatize(text, origin=str(place))
        for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            if message:
                yield str(place), line, message, context


def fresh(root: Path) -> Catalog:
    """All words of the code, without translations."""
    catalog = Catalog(
        locale="en",
        header_comment="# The English of Uppsikt. Made by scripts/messages.py.",
        charset="utf-8",
        fuzzy=False,
        creation_date=NEVER,
    )
    for place, _line, message, context in words(root):
        # Places without line numbers: else every change of code changes the catalogue.
        flags = ["python-format"] if _formats(message) else []
        catalog.add(message, locations=[(place, None)], context=context, flags=flags)
    return catalog


def _formats(message: str | tuple[str, ...]) -> bool:
    return any("%(" in part for part in ([message] if isinstance(message, str) else message))


def kept() -> Catalog:
    """The catalogue as it is, or an empty one."""
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as stream:
        return read_po(stream, locale="en")


def merged(root: Path) -> Catalog:
    """The words of the code with the English they have. Nothing is guessed from words that look alike."""
    old, new = kept(), fresh(root)
    for message in new:
        before = old.get(message.id, message.context) if message.id else None
        if before is not None and before.string and not before.fuzzy:
            message.string = before.string
    return new


def lacking(catalog: Catalog) -> list[str]:
    """The words that have no English, or English without the same placeholders."""
    missing = []
    for message in catalog:
        if not message.id:
            continue
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        plain = message.id if isinstance(message.id, str) else message.id[0]
        if not forms or not all(forms) or any(True for _error in message.check(catalog)):
            missing.append(plain)
    return missing


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def written(catalog: Catalog) -> bytes:
    """The catalogue as people read it."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=110, omit_header=False, sort_output=True, include_lineno=False)
    # The times that Babel puts in the head would make every run a change.
    lines = stream.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(HEAD)).encode()


def main() -> int:
    """0 when all words have English, 1 when some lack it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, fail when something is missing")
    check = parser.parse_args().check
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    catalog = merged(SOURCE)
    mo, missing = PO.with_suffix(".mo"), lacking(catalog)
    for word in missing:
        sys.stderr.write(f"lacks English: {word}\n")
    if check:
        stale = not mo.exists() or mo.read_bytes() != compiled(catalog) or PO.read_bytes() != written(catalog)
        if stale:
            sys.stderr.write("The catalogue is old. Run: python scripts/messages.py\n")
        return int(bool(missing) or stale)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(written(catalog))
    mo.write_bytes(compiled(catalog))
    sys.stdout.write(f"{len(catalog)} texts, {len(missing)} without English\n")
    return int(bool(missing))


if __name__ == "__main__":
    raise SystemExit(main())
