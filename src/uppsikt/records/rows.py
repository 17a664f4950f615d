"""A record as a line of a list. Written in Python, since a page has thirty of them and a template takes its time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from uppsikt.channels import words as channel_words
from uppsikt.records import words
from uppsikt.ui.hostile import hits, isolate
from uppsikt.ui.templatetags.ui import icon, moment, tag

LINE = """
<li><a data-item href="{}">
<span class="u-row">{}<span class="u-who">{}</span>{}<span class="u-when">{}</span></span>
<span class="u-txt">{}{}</span>
<span class="u-tags">{}</span></a></li>"""
EMPTY = SafeString("")


def lines(rows: Iterable[Any], *, now: datetime, one_channel: bool = False) -> list[SafeString]:
    """Items of `search.find`, with their channels unless all of the list are from one."""
    # Addresses differ in the key alone, and working out each takes a tenth of a line's time.
    before, after = reverse("web:record", args=[0]).rsplit("0", 1)
    language = get_language()
    return [
        format_html(
            LINE,
            f"{before}{row.pk}{after}",
            _mark(row.channel.network, language),
            isolate(row.actor.name or row.actor.handle),
            EMPTY if one_channel else format_html('<span class="u-meta">{}</span>', isolate(row.channel.name)),
            moment(row.at, now),
            format_html("<strong>{}</strong> ", hits(row.headline, 120)) if row.headline else EMPTY,
            hits(row.words, 240),
            _tags(row.kind, row.direction, row.state, row.versions_count, row.secret, language),
        )
        for row in rows
    ]


@lru_cache(maxsize=64)
def _mark(network: str, _language: str | None) -> SafeString:
    """A list says the same few networks on every line."""
    return icon(channel_words.network_icon(network), channel_words.network(network))


@lru_cache(maxsize=512)
def _tags(kind: str, direction: str, state: str, versions: int, secret: bool, _language: str | None) -> SafeString:
    """What is to be known of an item beside its words; on most lines the same."""
    shown = [tag(words.word(words.KINDS, kind), "outline")]
    if secret:
        shown.append(tag(_("Sekretess"), "danger", "lock"))
    if direction == "drawn_up":
        shown.append(tag(_("Upprättad"), "accent"))
    if state != "visible":
        shown.append(tag(words.word(words.STATES, state), words.TONES.get(state, "neutral")))
    if versions > 1:
        shown.append(
            tag(ngettext("%(number)s lydelse", "%(number)s lydelser", versions) % {"number": versions}, "info")
        )
    return SafeString("".join(shown))
