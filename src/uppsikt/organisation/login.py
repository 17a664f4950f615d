"""What allauth asks of us: nobody signs up by themselves, many wrong passwords lock, people meet their own language."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from uppsikt.kernel.errors import Refused
from uppsikt.kernel.lockbox import fernet
from uppsikt.organisation import locks
from uppsikt.organisation.models import Person

YEAR = 60 * 60 * 24 * 365


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are taken in by an administrator, never by a form on the net."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before a password is looked at. Raises ValidationError where the account is locked or tries come too fast."""
        try:
            locks.check(str(credentials.get("email", "")), now=timezone.now())
        except Refused as refused:
            raise ValidationError(refused.words, code=refused.code) from refused
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password, for an address that somebody has or not."""
        super().authentication_failed(request, **credentials)
        locks.failed(str(credentials.get("email", "")), now=timezone.now())

    def post_login(self, request: HttpRequest, user: Person, **how: Any) -> HttpResponse:
        """Whichever way somebody came in, the pages speak their language from here on."""
        locks.opened(user.email)
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


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors lie locked in the database, and authenticator apps show whose code it is."""

    def get_totp_issuer(self) -> str:
        """What stands over the code in the app."""
        return "Uppsikt"

    def encrypt(self, text: str) -> str:
        """Lock a secret."""
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret. Locked with another key it is no secret that any code fits; an administrator resets it."""
        try:
            return fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""
