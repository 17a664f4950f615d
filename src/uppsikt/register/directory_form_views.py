"""The public's two forms: an opinion, and word of abusive content (D67, D70)."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.register import public_intake
from uppsikt.register.directory_forms import OpinionForm, PublicForm, ReportForm
from uppsikt.register.directory_views import page, site, space
from uppsikt.register.public_intake import Sent
from uppsikt.ui.access import everyone

INVALID, CONFLICT = 422, 409


@everyone
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, language: str) -> HttpResponse:
    """Tell of abusive or unlawful content. `?konto=` says on which account."""
    return _form(request, language, "report", ReportForm)


@everyone
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, language: str) -> HttpResponse:
    """Say what one thinks of the municipality."""
    return _form(request, language, "opinion", OpinionForm)


@everyone
@require_safe
def thanks(request: HttpRequest, language: str) -> HttpResponse:
    """It has come in."""
    return page(request, language, "thanks", (), lambda: site(language, "thanks"))


def _form(request: HttpRequest, language: str, name: str, kind: type[PublicForm]) -> HttpResponse:
    with override(language):
        account = request.GET.get("konto", "")
        first = {"channel": int(account)} if account.isdecimal() and len(account) < len(str(2**63)) else {}
        form, status = kind(request.POST if request.method == "POST" else None, initial=first), 200
        if form.is_bound:
            if form.by_a_program:
                # It is told what a person would be told, and learns nothing.
                return redirect(f"{space(language)}:thanks")
            status = _receive(request, form, name)
            if not status:
                return redirect(f"{space(language)}:thanks")
        context = {**site(language, name), "form": form}
        response = render(request, f"register/directory/{name}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    return response


def _receive(request: HttpRequest, form: PublicForm, sort: str) -> int:
    """Take in what is rightly filled in; 0 when that was done, else what to answer with the form."""
    if not form.is_valid():
        return INVALID
    given = form.cleaned_data
    channel = Channel.objects.filter(pk=given["channel"]).first() if given["channel"] else None
    sent = Sent(sort, given["text"], channel, given.get("link", ""), given["contact"], given["begun"])
    place = str(get_adapter(request).get_client_ip(request))
    try:
        public_intake.receive(sent, place=place, now=timezone.now())
    except Refused as refused:
        form.add_error(None, refused.words)
        return CONFLICT
    return 0
