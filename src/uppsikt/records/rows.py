"""A record as a line of a list. Written in Python, since a page has thirty of them and a template takes its time."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels import words as channel_words
from uppsikt.records import words
from uppsikt.ui.hostile import hits, isolate
from uppsikt.ui.templatetags.ui import icon, tag, when

LINE = """
<li><a data-item href="{}">
<span class="u-row">{}<span class="u-who">{}</span>{}<span class="u-when">{}</span></span>
<span class="u-txt">{}{}</span>
<span class="u-tags">{}</span></a></li>"""
EMPTY = SafeString("")


def line(row: Any, *, one_channel: bool = False) -> SafeString:
    """An item of `search.find`, with its channel unless all of the list are from one."""
    network = row.channel.network
    mark = icon(channel_words.network_icon(network), channel_words.network(network))
    channel = EMPTY if one_channel else format_html('<span class="u-meta">{}</span>', isolate(row.channel.name))
    headline = format_html("<strong>{}</strong> ", hits(row.headline, 120)) if row.headline else EMPTY
    return format_html(
        LINE,
        reverse("web:record", args=[row.pk]),
        mark,
        isolate(row.actor.name or row.actor.handle),
        channel,
        when(row.at),
        headline,
        hits(row.words, 240),
        tags(row),
    )


def tags(row: Any) -> SafeString:
    """What is to be known of the item beside its words."""
    shown = [tag(words.word(words.KINDS, row.kind), "outline")]
    if row.secret:
        shown.append(tag(_("Sekretess"), "danger", "lock"))
    if row.direction == "drawn_up":
        shown.append(tag(_("Upprättad"), "accent"))
    if row.state != "visible":
        shown.append(tag(words.word(words.STATES, row.state), words.TONES.get(row.state, "neutral")))
    if (number := row.versions_count) > 1:
        shown.append(tag(ngettext("%(number)s lydelse", "%(number)s lydelser", number) % {"number": number}, "info"))
    return SafeString("".join(shown))
