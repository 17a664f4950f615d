"""Logging in by a one-time link, and logging out."""

from __future__ import annotations

from typing import cast

from allauth.account import views as account
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from uppsikt.kernel import queue
from uppsikt.kernel.errors import Refused
from uppsikt.notices import browsers
from uppsikt.organisation import actions
from uppsikt.policy import queries as policy
from uppsikt.ui.access import by_link, everyone, signed_in

TOO_MANY = 429
GONE = 410


class AskForm(forms.Form):
    """Whose link it is."""

    email = forms.EmailField(label=_("Din e-postadress i arbetet"), max_length=254)
    email.widget.attrs.update({"autocomplete": "email", "autofocus": True})


@everyone
@never_cache
@require_http_methods(["GET", "POST"])
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether anybody has the address or not."""
    form = AskForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "web/login/ask.html", {"form": form})
    email = form.cleaned_data["email"].lower()
    if not ratelimit.consume(request, action="request_login_code", key=email):
        return render(request, "web/login/ask.html", {"form": form, "wait": True}, status=TOO_MANY)
    queue.defer("web.send_login_link", email=email)
    return render(request, "web/login/sent.html", {"email": email, "minutes": policy.number("login.link_minutes")})


@by_link
@never_cache
@require_http_methods(["GET", "POST"])
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Log in by a link. Looking at it (GET) uses nothing up: programs that scan e-mail follow links too."""
    now = timezone.now()
    try:
        if request.method != "POST":
            person = actions.find_login_link(token, now=now).person
            with translation.override(person.language):
                page = render(request, "web/login/use.html", {"who": person})
        else:
            person = actions.use_login_link(token, now=now)
            page = cast("HttpResponse", perform_login(request, person, email_verification="none", email=person.email))
    except Refused as refused:
        page = render(request, "web/login/dead.html", {"code": refused.code}, status=GONE)
    # The token stands in the address: it must not travel on. "no-referrer" alone would take the Origin from the
    # form too, and the protection against forged forms refuses it then; who knows "strict-origin" takes that.
    page["Referrer-Policy"] = "no-referrer, strict-origin"
    return page


@signed_in
@never_cache
def logout(request: HttpRequest) -> HttpResponseBase:
    """Log out of this browser, which shows no more notices of theirs."""
    response: HttpResponseBase = account.logout(request)
    if request.method == "POST":
        browsers.forget(request, response)
    return response
