"""Records as lines of a file: CSV that opens right in a spreadsheet, and JSON Lines for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.channels import words as channel_words
from uppsikt.records import words
from uppsikt.records.models import Item

# What a spreadsheet may take for a formula that it is to carry out, wide forms of the same signs included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A spreadsheet's cell holds 32,767 signs and spills the rest into its neighbours.
CELL = 32_000


def safe(text: str) -> str:
    """A text as a cell: never a formula, never longer than a cell holds."""
    text = text.replace("\0", "")
    if text.startswith(FORMULA):
        text = f"'{text}"
    if len(text) > CELL:
        text = text[:CELL] + _(" … (avkortad, hela texten finns i Uppsikt)")
    return text


def moment(at: datetime | None) -> str:
    """A time as spreadsheets in Sweden read it, local, to the second."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def title(item: Item) -> str:
    """The title of the newest wording."""
    return item.version.title if item.version else ""


def text(item: Item) -> str:
    """The words of the newest wording, whole."""
    return item.version.text if item.version else ""


# Heading, and what stands under it.
COLUMNS: tuple[tuple[Promise, Callable[[Item], str]], ...] = (
    (gettext_lazy("Handling"), lambda item: str(item.pk)),
    (gettext_lazy("Publicerad"), lambda item: moment(item.published_at)),
    (gettext_lazy("Hämtad"), lambda item: moment(item.captured_at)),
    (gettext_lazy("Kanal"), lambda item: item.channel.name),
    (gettext_lazy("Nät"), lambda item: channel_words.network(item.channel.network)),
    (gettext_lazy("Typ"), lambda item: words.word(words.KINDS, item.kind)),
    (gettext_lazy("Riktning"), lambda item: words.word(words.DIRECTIONS, item.direction)),
    (gettext_lazy("På nätet"), lambda item: words.word(words.STATES, item.state)),
    (gettext_lazy("Sekretess"), lambda item: _("ja") if item.secret else ""),
    (gettext_lazy("Skrivet av"), lambda item: str(item.actor)),
    (gettext_lazy("Rubrik"), title),
    (gettext_lazy("Text"), text),
    (gettext_lazy("Lydelser"), lambda item: str(item.versions_count)),
    (gettext_lazy("Adress"), lambda item: item.address),
    (gettext_lazy("Nätets nummer"), lambda item: item.native_id),
    (gettext_lazy("Konversation"), lambda item: item.thread.native_id),
)


def rows(lines: Iterable[Sequence[str]]) -> bytes:
    """Lines of CSV: semicolons, since Swedish spreadsheets use the comma in numbers."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode("utf-8", "replace")


def csv_head() -> bytes:
    """The mark by which Excel knows UTF-8, and the headings."""
    return b"\xef\xbb\xbf" + rows([[safe(str(heading)) for heading, _value in COLUMNS]])


def csv_lines(items: Sequence[Item]) -> bytes:
    """A line for each record."""
    return rows([safe(value(item)) for _heading, value in COLUMNS] for item in items)


def fact(item: Item) -> dict[str, Any]:
    """A record for programs: names in English, times in UTC, texts whole."""
    version = item.version
    return {
        "id": item.pk,
        "channel": {"id": item.channel_id, "name": item.channel.name, "network": item.channel.network},
        "native_id": item.native_id,
        "thread": item.thread.native_id,
        "parent": item.parent_native_id,
        "kind": item.kind,
        "direction": item.direction,
        "state": item.state,
        "secret": item.secret,
        "author": {"id": item.actor.native_id, "name": item.actor.name, "handle": item.actor.handle},
        "published_at": item.published_at.isoformat() if item.published_at else None,
        "captured_at": item.captured_at.isoformat(),
        "address": item.address,
        "title": title(item),
        "text": text(item),
        "edited_at": version.edited_at.isoformat() if version and version.edited_at else None,
        "versions": item.versions_count,
        "sha256": version.fingerprint if version else "",
    }


def json_lines(items: Sequence[Item]) -> bytes:
    """A line for each record."""
    lines = (json.dumps(fact(item), ensure_ascii=False) for item in items)
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: what it is called, how it begins, and how records become lines of it."""

    label: Promise
    ending: str
    media_type: str
    head: Callable[[], bytes]
    lines: Callable[[Sequence[Item]], bytes]


FORMATS: dict[str, Format] = {
    "csv": Format(gettext_lazy("CSV, för kalkylprogram"), "csv", "text/csv; charset=utf-8", csv_head, csv_lines),
    "jsonl": Format(
        gettext_lazy("JSON Lines, för andra program"), "jsonl", "application/x-ndjson; charset=utf-8", bytes, json_lines
    ),
}
