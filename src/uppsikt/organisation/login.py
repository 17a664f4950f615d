"""What allauth asks of us: nobody signs up by themselves, and people meet the language that they have chosen."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from uppsikt.organisation.models import Person

YEAR = 60 * 60 * 24 * 365


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are taken in by an administrator, never by a form on the net."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: Person, **how: Any) -> HttpResponse:
        """Whichever way somebody came in, the pages speak their language from here on."""
        response: HttpResponse = super().post_login(request, user, **how)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
