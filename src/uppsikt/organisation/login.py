"""What allauth asks of us: nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are taken in by an administrator, never by a form on the net."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
