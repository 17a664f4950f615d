"""What every page needs besides its own: name, colour, menu, bell. Worked out only where a template asks."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from uppsikt.ui import nav, queries
from uppsikt.ui.models import Appearance

SCHEME_COOKIE = "uppsikt_scheme"
SCHEMES = ("auto", "light", "dark")


class Shell:
    """The frame around a page, for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def appearance(self) -> Appearance:
        """How the municipality looks."""
        return queries.appearance()

    @property
    def name(self) -> str:
        """The municipality's name, or "" before it has been set."""
        return self.appearance.name

    @property
    def version(self) -> str:
        """Part of the addresses of style sheet and logo."""
        return self.appearance.version

    @property
    def has_logo(self) -> bool:
        """Whether a logo has been uploaded; else the product's shield is drawn."""
        return bool(self.appearance.logo_sha256)

    @property
    def scheme(self) -> str:
        """Light, dark, or as the system says."""
        chosen = self.request.COOKIES.get(SCHEME_COOKIE, "auto")
        return chosen if chosen in SCHEMES else "auto"

    @property
    def schemes(self) -> list[tuple[str, str]]:
        """The schemes that can be chosen, with words."""
        return [("auto", _("Som systemet")), ("light", _("Ljust")), ("dark", _("Mörkt"))]

    @property
    def home(self) -> str:
        """Where the shield leads."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    @cached_property
    def entries(self) -> list[nav.Entry]:
        """The menu."""
        return nav.entries(self.request)

    @cached_property
    def bell(self) -> tuple[str, int] | None:
        """The bell's address and count."""
        return nav.bell(self.request)

    @property
    def search_url(self) -> str:
        """Where the search field leads."""
        return nav.search_url(self.request)

    @property
    def palette_url(self) -> str:
        """Where the palette asks, or "" for visitors."""
        return nav.palette_url(self.request)

    @property
    def account_url(self) -> str:
        """Where one decides about oneself."""
        return nav.account_url(self.request)


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor."""
    return {"shell": Shell(request)}
