"""The search page: what was asked for, what was found, day by day, and how much there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import dateformat, formats, timezone, translation
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.records import reading, saved, search, suggesting
from uppsikt.records.forms import SaveForm, SearchForm
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.records.rows import lines
from uppsikt.records.search import Asked, Count, Found, Place
from uppsikt.records.stems import Question
from uppsikt.records.writers import FORMATS
from uppsikt.ui import times
from uppsikt.ui.paging import Page, read_key

SIZE = 25


@dataclass(frozen=True, slots=True)
class Day:
    """What was said on one day, the newest first, line by line."""

    words: str
    rows: list[SafeString]


def by_day(rows: list[Item], *, now: datetime) -> list[Day]:
    """The items under their days."""
    grouped = groupby(rows, key=lambda row: timezone.localdate(row.at))
    return [Day(day_words(found[0].at, now), lines(found, now=now)) for _at, each in grouped if (found := [*each])]


def day_words(at: datetime, now: datetime) -> str:
    """A day as a heading: "I dag", "I går", "torsdag 12 november 2026"."""
    near = {0: _("I dag"), -1: _("I går")}.get(times.days_from(at, now))
    local = timezone.localtime(at)
    english = translation.get_language() != "sv"
    return near or capfirst(dateformat.format(local, "l j F Y" if not english else "l, j F Y"))


def many(number: int) -> str:
    """A number as people here write it: "12 000"."""
    return formats.number_format(number, use_l10n=True, force_grouping=True)


def count_words(count: Count) -> str:
    """How many were found; about, where nobody has counted to the end."""
    number = many(count.number)
    if not count.exact:
        return _("Ca %(number)s handlingar") % {"number": number}
    return ngettext("%(number)s handling", "%(number)s handlingar", count.number) % {"number": number}


def counted(asked: Asked, reader: Reader, question: Question) -> Count | None:
    """How many there are; None where counting takes too long."""
    try:
        return search.count(asked, reader, question=question)
    except Refused:
        return None


def pager(found: Found, query: str) -> Page[Item]:
    """The page with the addresses of its neighbours."""
    return Page(found.rows, beside(found.newer, "newer", query), beside(found.older, "older", query))


def beside(place: Place | None, name: str, query: str) -> str:
    """The address of a page beside this one, "" where there is none."""
    if place is None:
        return ""
    return "?" + "&".join(filter(None, (query, urlencode({name: f"{place[0].isoformat()}_{place[1]}"}))))


def context(request: HttpRequest, person: Person, *, now: datetime) -> dict[str, Any]:
    """What the page shows. Words that cannot be sought are told in `trouble`, and nothing is found then."""
    form, reader = SearchForm(request.GET), reading.reader(person, now=now)
    asked, query = form.asked(), form.query
    back = read_key(request.GET.get("newer", ""))
    place = back or read_key(request.GET.get("older", ""))
    trouble, found, count = "", Found([]), None
    try:
        question = search.understood(asked)
        if place is None:
            found, count = search.begin(asked, reader, limit=SIZE, question=question)
        else:
            found = search.find(asked, reader, place=place, back=back is not None, limit=SIZE, question=question)
            count = counted(asked, reader, question) if found.rows else None
    except Refused as refused:
        trouble = refused.words
    kept = list(saved.shown_to(person))
    return {
        "form": form,
        "query": query,
        "trouble": trouble,
        "page": pager(found, query),
        "days": by_day(found.rows, now=now),
        "count": count_words(count) if count else "",
        "instead": instead(form, asked, reader) if not found.rows and not trouble and not place else [],
        "saved": [(row, row.owner_id == person.pk, row.query == query) for row in kept],
        "save_form": SaveForm(initial={"query": query}),
        "may_share": person.unit_id is not None,
        "formats": [(code, form.label) for code, form in FORMATS.items()],
    }


def instead(form: SearchForm, asked: Asked, reader: Reader) -> list[tuple[str, str]]:
    """Other words that would be found, each with the address that looks for them."""
    if not asked.words:
        return []
    try:
        others = suggesting.suggest(asked.words, reader)
    except Refused:
        return []
    return [(words, "?" + form.query_with(q=words)) for words in others]
