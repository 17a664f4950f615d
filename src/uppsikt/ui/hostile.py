"""Text from the networks, made fit to show: escaped, freed of marks that deceive the eye, isolated from our words.

What is stored is never changed; this is for the page alone.
"""

from __future__ import annotations

import re

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Embeddings, overrides and isolates reorder what follows them: "exe.gpj" shows as "jpg.exe".
REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Everything below space but tab and newline, DEL, C1, and the line and paragraph separators.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
MARK = mark_safe('<span class="u-ctl" aria-hidden="true">¬</span>')  # a constant


def printable(text: str) -> str:
    """The text with one kind of line break and without control characters; reordering marks are kept."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def marked(text: str) -> SafeString:
    """Escaped text with a visible mark in the place of each character that would reorder the rest."""
    parts = REORDERING.split(text)
    return escape(parts[0]) if len(parts) == 1 else format_html_join(MARK, "{}", ((part,) for part in parts))


def said(text: str, limit: int = 20_000) -> SafeString:
    """A whole text as a block, at most `limit` characters of it: line breaks kept, nothing made into a link.

    Says in words what was left out and whether it held hidden marks.
    """
    clean = printable(text)
    shown = clean[:limit]
    notes = []
    if len(clean) > limit:
        # No gettext plural: both numbers are large.
        notes.append(_("Här visas de första %(shown)s av %(all)s tecken.") % {"shown": limit, "all": len(clean)})
    hidden = len(REORDERING.findall(shown))
    if hidden:
        notes.append(
            ngettext(
                "Texten innehåller %(count)s dolt tecken som ändrar läsriktningen. Det visas som ¬.",
                "Texten innehåller %(count)s dolda tecken som ändrar läsriktningen. De visas som ¬.",
                hidden,
            )
            % {"count": hidden}
        )
    block = format_html('<div class="u-said" dir="auto">{}</div>', marked(shown))
    return block + format_html_join("", '<p class="u-meta">{}</p>', ((note,) for note in notes))


def isolate(text: object) -> SafeString:
    """A short text (a name, a title) on one line inside <bdi>, so that it cannot reorder the words around it."""
    return format_html("<bdi>{}</bdi>", marked(" ".join(printable(str(text)).split())[:300]))


def plain(text: object) -> str:
    """A short text (a name) on one line where no markup can stand, an attribute or a message: marks are left out."""
    return " ".join(REORDERING.sub("", printable(str(text))).split())[:300]


# What a search puts around the words it found: private-use characters, which say nothing where a network writes them.
HIT, HIT_END = "\ue000", "\ue001"


def hits(text: str, length: int = 200) -> SafeString:
    """Like `preview`, with what stands between HIT and HIT_END marked as found."""
    line = " ".join(printable(text[: length * 4]).split())
    line = line if len(line) <= length else line[: length - 1].rstrip() + "…"
    first, *found = line.split(HIT)
    parts = [marked(first.replace(HIT_END, ""))]
    for piece in found:
        hit, _sep, rest = piece.partition(HIT_END)
        parts.append(format_html('<mark class="u-hit">{}</mark>{}', marked(hit), marked(rest.replace(HIT_END, ""))))
    return format_html("<bdi>{}</bdi>", SafeString("".join(parts)))


def preview(text: str, length: int = 200) -> SafeString:
    """The beginning of a text on one line, for lists."""
    line = " ".join(printable(text[: length * 4]).split())
    return isolate(line if len(line) <= length else line[: length - 1].rstrip() + "…")
