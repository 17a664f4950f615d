"""A picture of an item drawn here, for when its own page cannot be opened: what it says, who said it, when and where.

It stands by itself: no script, nothing fetched, every word escaped.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.html import format_html, format_html_join

from uppsikt.moderation.models import Evidence

PAGE = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{{font:16px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}}
blockquote{{border:1px solid #888;border-radius:6px;margin:1rem 0;padding:1rem;white-space:pre-wrap;
overflow-wrap:anywhere}}
dl{{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}}dt{{color:#555}}
dd{{margin:0;overflow-wrap:anywhere}}
.note{{background:#fff3cd;padding:.5rem 1rem;border-radius:6px}}</style></head>
<body><p class="note">Det här är ritat av Uppsikt ur nätets svar. Det är ingen skärmbild av nätets egen sida.</p>
<h1>{title}</h1><blockquote>{text}</blockquote><dl>{facts}</dl></body></html>
"""


def drawn(row: Evidence) -> str:
    """The item's wording as a page of its own (HTML), in Swedish whatever language anybody has."""
    item, version = row.item, row.version
    facts = [
        ("Skrivet av", version.author_name or str(item.actor)),
        ("Kanal", item.channel.name),
        ("Adress", item.address),
        ("Nätets nummer", item.native_id),
        ("Publicerat", clock(item.published_at)),
        ("Ändrat", clock(version.edited_at)),
        ("Hämtat hit", clock(version.captured_at)),
        ("Lydelse", str(version.number)),
        ("Fingeravtryck", version.fingerprint),
    ]
    shown = format_html_join("", "<dt>{}</dt><dd>{}</dd>", [(name, value) for name, value in facts if value])
    title = version.title or "Kommentar" if item.kind == "comment" else version.title or "Inlägg"
    return str(format_html(PAGE, title=title, text=version.text, facts=shown))


def clock(at: datetime | None) -> str:
    """A time with its zone, or nothing."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
