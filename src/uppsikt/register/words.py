"""The register's codes in words; each part of the register adds its own block."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# What an account is about, for choosing from and for the public list.
SUBJECTS: dict[str, Promise] = {
    "municipality": gettext_lazy("Hela kommunen"),
    "democracy": gettext_lazy("Politik och beslut"),
    "work": gettext_lazy("Arbete och lediga jobb"),
    "building": gettext_lazy("Bygga och bo"),
    "children": gettext_lazy("Förskola och barn"),
    "business": gettext_lazy("Näringsliv"),
    "culture": gettext_lazy("Kultur"),
    "library": gettext_lazy("Bibliotek"),
    "environment": gettext_lazy("Miljö, vatten och avfall"),
    "emergency": gettext_lazy("Räddning och krisberedskap"),
    "care": gettext_lazy("Omsorg och stöd"),
    "sports": gettext_lazy("Idrott och fritid"),
    "streets": gettext_lazy("Gator, trafik och parker"),
    "tourism": gettext_lazy("Turism och besök"),
    "youth": gettext_lazy("Ungdomar"),
    "education": gettext_lazy("Skola och utbildning"),
    "other": gettext_lazy("Annat"),
}


# What the public list tells of an account, for whoever follows what changes in it.
LISTED: dict[str, Promise] = {
    "name": gettext_lazy("Namn"),
    "address": gettext_lazy("Adress"),
    "handle": gettext_lazy("Kontonamn på nätet"),
    "unit": gettext_lazy("Ansvarig"),
    "department": gettext_lazy("Förvaltning"),
    "subject": gettext_lazy("Ämne"),
    "purpose": gettext_lazy("Syfte"),
    "languages": gettext_lazy("Språk"),
    "email": gettext_lazy("E-post"),
    "phone": gettext_lazy("Telefon"),
    "contact_page": gettext_lazy("Sida"),
    "comments_open": gettext_lazy("Kommentarer"),
    "opened_on": gettext_lazy("Öppnad den"),
}


def subject(code: str) -> str:
    """What an account is about; "" where nobody has said."""
    return str(SUBJECTS.get(code, code))
