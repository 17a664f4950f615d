"""Which browser shows whose push notices: known by a cookie, so that logging out ends them on a shared computer."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from uppsikt.notices.models import Address
from uppsikt.notices.rules import Way

COOKIE = "uppsikt_push"
SALT = "uppsikt.notices.browsers"
YEAR = 60 * 60 * 24 * 365


def remember(response: HttpResponseBase, place: Address) -> None:
    """This browser is that address from here on."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_signed_cookie(
        COOKIE, str(place.pk), salt=SALT, max_age=YEAR, secure=secure, httponly=True, samesite="Lax"
    )


def forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """Show no more notices in this browser, whoever said yes to them in it."""
    pk = request.get_signed_cookie(COOKIE, default=None, salt=SALT)
    if pk is not None:
        Address.objects.filter(pk=int(pk), way=Way.PUSH).delete()
        response.delete_cookie(COOKIE, samesite="Lax")
