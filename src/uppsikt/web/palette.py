"""What the palette (Ctrl K) finds: pages, views and kept filters of the inbox, channels, cases, people, records.

Each source asks the rules that its own pages ask: what somebody may not open is not suggested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.channels import queries as channels
from uppsikt.inbox import desks, listing, wishes
from uppsikt.inbox import queries as inbox
from uppsikt.organisation import current
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS
from uppsikt.ui import nav
from uppsikt.ui.hostile import plain
from uppsikt.ui.paging import number_of

# So many of each sort: what is further down is better searched for on its own page.
EACH = 5
LEAST = 2


@dataclass(frozen=True, slots=True)
class Find:
    """Something to go to: `more` says what sort of thing it is, or where it belongs."""

    icon: str
    name: str
    url: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What was written, by whom, when."""

    request: HttpRequest
    person: Person
    text: str
    now: datetime

    def matches(self, name: str) -> bool:
        """Whether a name holds every word that was written."""
        return all(word in name.casefold() for word in self.text.casefold().split())

    @property
    def reads(self) -> bool:
        """Whether the person reads records and cases."""
        return bool(set(READERS) & self.person.roles)


def by_number(ask: Ask) -> Iterator[Find]:
    """The case of that number, where the person may see it."""
    number = number_of(ask.text.removeprefix("#").strip())
    if number is None or not ask.reads:
        return
    row = inbox.cases(inbox.reach(ask.person, at=ask.now)).filter(pk=number).select_related("last_item__actor").first()
    if row is not None:
        name = _("Ärende %(number)s från %(who)s") % {"number": row.pk, "who": row.last_item.actor}
        yield Find("inbox", name, reverse("inbox:case", args=[row.pk]))


def pages(ask: Ask) -> Iterator[Find]:
    """The pages of the menu, and the few beside it."""
    for entry in nav.entries(ask.request):
        if ask.matches(entry.label):
            yield Find(entry.icon, entry.label, entry.url, _("sida"))
    beside = (
        ("file-earmark-text", _("Svarsmallar"), "inbox:templates"),
        ("bell", _("Aviseringar"), "notices:notices"),
        ("person-check", _("Mitt konto"), "organisation:me"),
        ("people", _("Personer"), "organisation:people"),
        ("telephone", _("Kontaktpersoner"), "organisation:contacts"),
    )
    for icon, name, url_name in beside:
        url = reverse(url_name)
        if ask.matches(name) and nav.lets_in(ask.request, url):
            yield Find(icon, name, url, _("sida"))


def views(ask: Ask) -> Iterator[Find]:
    """The views of the inbox, and what the person has kept by name."""
    if not ask.reads:
        return
    address = reverse("inbox:list")
    for kept in desks.of(ask.person).kept:
        if ask.matches(kept["name"]):
            yield Find("funnel", kept["name"], address + kept["query"], _("sparat urval"))
    if not ask.text:
        return
    for view in wishes.VIEWS:
        if view.shown(wishes.Ask(ask.person, ask.now)) and ask.matches(str(view.label)):
            yield Find("inbox", str(view.label), f"{address}?flik={view.key}", _("i inkorgen"))


def in_channels(ask: Ask) -> Iterator[Find]:
    """Channels by name."""
    if len(ask.text) < LEAST:
        return
    for row in channels.for_list(at=ask.now, q=ask.text).order_by("name", "pk")[:EACH]:
        yield Find("broadcast", row.name, channels.address(row), _("kanal"))


def cases(ask: Ask) -> Iterator[Find]:
    """Open cases whose words are these, those due first first."""
    if len(ask.text) <= LEAST or not ask.reads:
        return
    reached = inbox.reach(ask.person, at=ask.now)
    wish = wishes.Chosen(words=ask.text)
    rows = wishes.opened(listing.narrowed(inbox.cases(reached), wish, reached.records, now=ask.now))
    for row in inbox.for_list(rows).order_by("due_at", "pk")[:EACH]:
        words = plain(getattr(row, "words", "") or "")[:70]
        yield Find("chat-left-text", words, reverse("inbox:case", args=[row.pk]), f"{row.last_item.actor}"[:40])


def people(ask: Ask) -> Iterator[Find]:
    """People by name, title or unit."""
    if len(ask.text) < LEAST:
        return
    for row in organisation.find_people(ask.text, EACH):
        yield Find(
            "person", row.name, organisation.address(row), ", ".join(filter(None, (row.title, str(row.unit or ""))))
        )


def records(ask: Ask) -> Iterator[Find]:
    """The way on to the search in all records."""
    if ask.text and ask.reads:
        name = _("Sök ”%(words)s” i alla handlingar") % {"words": ask.text}
        yield Find("search", name, f"{reverse('records:records')}?{urlencode({'q': ask.text})}")


SOURCES: tuple[Callable[[Ask], Iterator[Find]], ...] = (by_number, pages, views, in_channels, cases, people, records)


def find(request: HttpRequest, text: str, *, now: datetime) -> list[Find]:
    """All that the words may mean, the likeliest sort first."""
    ask = Ask(request, current.person(request), " ".join(text.replace("\0", "").split())[:100], now)
    return [found for source in SOURCES for found in source(ask)]
