"""Around every page: what it asks twice is asked once, and a refusal becomes a page that says what to do instead."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from uppsikt.kernel import once
from uppsikt.kernel.errors import Refused

CONFLICT = 409
# Shorter fields are choices and names; what somebody has written at length is what hurts to lose.
LONG = 20
UNTOLD = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword"}


class AskOnceMiddleware:
    """Lets the parts of a page that only reads share what they have asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with once.reading():
            return self.get_response(request)


class RefusedMiddleware:
    """Answers 409 with the refusal's words and the texts that were sent, so that nothing written is lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal; other errors go their way. Programs and heartbeats get the words alone."""
        if not isinstance(error, Refused):
            return None
        if "text/html" not in request.headers.get("Accept", "") or request.headers.get("HX-Request"):
            return HttpResponse(error.words, status=CONFLICT, content_type="text/plain; charset=utf-8")
        back = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = "/"
        # Where a view says that what is sent to it is sensitive, nothing of it is ever written on a page.
        untold = hasattr(request, "sensitive_post_parameters")
        sent = [] if untold else request.POST.items()
        texts = [text for key, text in sent if len(text) > LONG and key not in UNTOLD]
        return render(request, "ui/refused.html", {"words": error.words, "back": back, "texts": texts}, status=CONFLICT)
