"""Documents for paper: a whole HTML document whose look lies in it, for it is printed without a network."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString


def document(body: SafeString, *, title: str, language: str, look: SafeString) -> str:
    """A whole HTML document; `look` is CSS in our own words."""
    return format_html(
        '<!DOCTYPE html><html lang="{}"><head><meta charset="utf-8"><title>{}</title><style>{}</style></head>'
        "<body>{}</body></html>",
        language,
        title,
        look,
        body,
    )
