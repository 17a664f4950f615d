"""A text from a network with the places that were found in it marked, safe to show."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from uppsikt.ui import hostile


def joined(spans: Iterable[tuple[int, int]], end: int) -> list[tuple[int, int]]:
    """The places in order, those that touch or overlap as one, and none beyond the end."""
    made: list[tuple[int, int]] = []
    for start, stop in sorted((max(0, a), min(b, end)) for a, b in spans):
        if start >= stop:
            continue
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], stop))
        else:
            made.append((start, stop))
    return made


def said(text: str, spans: Iterable[tuple[int, int]], limit: int = 20_000) -> SafeString:
    """Like `ui.hostile.said`, with the places marked: every sign of the text is escaped, whatever a place cuts through.

    Beyond `limit` the text is cut, and it says so.
    """
    places = joined(spans, len(text))
    if not places:
        return hostile.said(text, limit)
    shown, parts, at = text[:limit], list[SafeString](), 0
    for start, stop in places:
        if start >= limit:
            break
        parts.append(hostile.marked(hostile.printable(shown[at:start])))
        parts.append(format_html('<mark class="u-hit">{}</mark>', hostile.marked(hostile.printable(shown[start:stop]))))
        at = min(stop, limit)
    parts.append(hostile.marked(hostile.printable(shown[at:])))
    block = format_html('<div class="u-said" dir="auto">{}</div>', SafeString("".join(parts)))
    if len(text) <= limit:
        return block
    note = _("Här visas de första %(shown)s av %(all)s tecken.") % {"shown": limit, "all": len(text)}
    return block + format_html('<p class="u-meta">{}</p>', note)
