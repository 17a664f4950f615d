"""Addresses of the public list: the same pages in Swedish and in English, each with a name of its own."""

from __future__ import annotations

from django.urls import URLPattern, path

from uppsikt.register import directory_form_views, directory_views
from uppsikt.ui.access import RuledView

# Name, address in Swedish, address in English, and the view.
PAGES: tuple[tuple[str, str, str, RuledView], ...] = (
    ("list", "", "", directory_views.listing),
    ("channel", "<int:pk>/", "<int:pk>/", directory_views.channel),
    ("report", "anmal/", "report/", directory_form_views.report),
    ("opinion", "synpunkt/", "opinion/", directory_form_views.opinion),
    ("thanks", "tack/", "thanks/", directory_form_views.thanks),
    ("rules", "regler/", "rules/", directory_views.rules),
    ("guideline", "riktlinje/", "guideline/", directory_views.guideline),
    ("accessibility", "tillganglighet/", "accessibility/", directory_views.accessibility),
    ("embed", "inbaddad/", "embed/", directory_views.embed),
    ("json", "kanaler.json", "channels.json", directory_views.as_json),
    ("csv", "kanaler.csv", "channels.csv", directory_views.as_csv),
    ("rss", "andringar.rss", "changes.rss", directory_views.rss),
    ("dcat", "dcat.rdf", "dcat.rdf", directory_views.dcat),
)


def in_language(language: str) -> list[URLPattern]:
    """The pages in Swedish ("sv") or English ("en")."""
    return [
        path(swedish if language == "sv" else english, view, {"language": language}, name=name)
        for name, swedish, english, view in PAGES
    ]


SWEDISH, ENGLISH = (in_language("sv"), "directory"), (in_language("en"), "directory_en")
