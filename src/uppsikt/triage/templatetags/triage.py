"""What was found, in templates of any room above."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from uppsikt.triage import highlights, queries, words
from uppsikt.triage.queries import Seen
from uppsikt.triage.rules import Share

register = template.Library()


@register.simple_tag
def said_with(text: str, seen: Seen | None) -> SafeString:
    """A whole text from a network, safe to show, with the places that were found in it marked."""
    return highlights.said(text, seen.spans if seen else [])


@register.filter
def beside(row: object) -> Seen:
    """How the item of a list's row stands, from what `queries.beside` put on the row."""
    return queries.seen_beside(row)


@register.filter
def level_words(level: int) -> str:
    """How high something stands."""
    return words.level(level)


@register.filter
def percent(share: Share | None) -> str:
    """A share in percent, a dash for none."""
    return "–" if share is None else f"{share.share:.0%}".replace("%", "\u00a0%")


@register.filter
def between(share: Share | None) -> str:
    """The interval of a share in percent."""
    if share is None:
        return ""
    return f"{share.low:.1%}–{share.high:.1%}".replace("%–", "–").replace("%", "\u00a0%").replace(".", ",")
