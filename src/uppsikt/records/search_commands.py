"""`./uppsikt search WORDS`: search from the command line, in the foreground."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.terminal import swedish
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Unit
from uppsikt.records import search, suggesting, words
from uppsikt.records.models import Item, Searchable
from uppsikt.records.reading import Reader
from uppsikt.records.search import Asked, Count
from uppsikt.ui import times
from uppsikt.ui.hostile import HIT, HIT_END, printable

Named = TypeVar("Named", bound=Model)
LONGEST = 300
NO_MARKS = str.maketrans(dict.fromkeys((HIT, HIT_END)))


def run(chosen: argparse.Namespace) -> int:
    """Search and print what was found; exit code 1 where nothing was. Raises Refused with a sentence.

    Whoever runs it on the server reads what is open. With `--secret` they read all, and that is noted in the trail.
    """
    with translation.override("sv" if swedish() else "en"):
        asked, reader = asked_for(chosen), Reader(everything=chosen.secret)
        rows = search.find(asked, reader, limit=chosen.limit).rows
        count = search.count(asked, reader)
        instead = [] if rows else suggesting.suggest(asked.words, reader)
        if chosen.secret:
            note(asked, rows)
        if chosen.json:
            print(json.dumps(as_json(rows, count, instead), ensure_ascii=False, indent=1))
        else:
            tell(rows, count, instead)
    return os.EX_OK if rows else 1


def asked_for(chosen: argparse.Namespace) -> Asked:
    """The question in the options. Raises Refused for a channel, unit or day that is not there."""
    for field, known in (("kind", words.KINDS), ("direction", words.DIRECTIONS), ("state", words.STATES)):
        value = getattr(chosen, field)
        if value and value not in known:
            raise Refused(
                "unknown",
                _("%(value)s finns inte. Välj bland: %(known)s") % {"value": value, "known": ", ".join(known)},
            )
    return Asked(
        words=" ".join(chosen.words),
        channels=tuple(key(Channel.objects.all(), name) for name in chosen.channel),
        units=tuple(key(Unit.objects.all(), name) for name in chosen.unit),
        kind=chosen.kind,
        direction=chosen.direction,
        state=chosen.state,
        author=chosen.author,
        since=day(chosen.since, times.day_begins),
        before=day(chosen.before, times.day_begins),
    )


def key(rows: QuerySet[Named], name: str) -> int:
    """The key of the one with that number or name."""
    number = Q(pk=int(name)) if name.isdecimal() and len(name) < len(str(2**63)) else Q()
    found = rows.filter(number or Q(name__iexact=name)).values_list("pk", flat=True).first()
    if found is None:
        raise Refused("unknown", _("Det finns inget som heter %(name)s.") % {"name": name})
    return int(found)


def day(written: str, edge: Callable[[date], datetime]) -> datetime | None:
    """When a day begins that is written as 2026-11-22."""
    if not written:
        return None
    try:
        return edge(date.fromisoformat(written))
    except (ValueError, OverflowError) as error:
        raise Refused(
            "no_date", _("%(value)s är inget datum. Skriv till exempel 2026-11-22.") % {"value": written}
        ) from error


def note(asked: Asked, rows: list[Item]) -> None:
    """Write down who searched among secret records from the server, for what, and which of them were shown."""
    by = Doer("system:search", getpass.getuser())
    shown = [row.pk for row in rows if row.secret]
    facts = {**{name: value for name, value in asdict(asked).items() if value}, "secret": shown}
    trail.note("search_secret", Searchable(item_id=0), by=by, at=timezone.now(), also=facts)


def as_json(rows: list[Any], count: Count, instead: list[str]) -> dict[str, Any]:
    """What was found, as other programs read it."""
    return {
        "count": count.number,
        "exact": count.exact,
        "instead": instead,
        "items": [
            {
                "id": row.pk,
                "at": row.at.isoformat(),
                "channel": row.channel.name,
                "kind": row.kind,
                "direction": row.direction,
                "state": row.state,
                "secret": row.secret,
                "author": row.actor.name or row.actor.handle,
                "title": row.headline.translate(NO_MARKS),
                "text": row.words.translate(NO_MARKS),
                "address": row.address,
            }
            for row in rows
        ],
    }


def tell(rows: list[Any], count: Count, instead: list[str]) -> None:
    """What was found, as people read it."""
    if not rows:
        print(_("Inga handlingar hittades."), file=sys.stderr)
        if instead:
            print(_("Menade du: %(words)s") % {"words": ", ".join(instead)}, file=sys.stderr)
        return
    for row in rows:
        at = timezone.localtime(row.at)
        print(f"{row.pk}  {at:%Y-%m-%d %H:%M}  {row.channel.name}  {line(row.actor.name or row.actor.handle)}")
        print(f"    {line(' '.join(filter(None, (row.headline, row.words))))}")
    number = f"{count.number:,}".replace(",", "\u00a0")
    exact = ngettext("%(number)s handling", "%(number)s handlingar", count.number)
    print((exact if count.exact else _("Ca %(number)s handlingar")) % {"number": number}, file=sys.stderr)


def line(text: str) -> str:
    """Text from a network on one line, without what a terminal would obey."""
    return " ".join(printable(text.translate(NO_MARKS)).split())[:LONGEST]
