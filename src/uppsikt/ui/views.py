"""The look's own few pages: style sheet, logo, choices of language and scheme, settings, and the style page."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Protocol, cast

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language

from uppsikt.kernel.trail import Doer
from uppsikt.ui import actions, colours, feedback, queries
from uppsikt.ui.access import everyone, may
from uppsikt.ui.context import SCHEME_COOKIE, SCHEMES
from uppsikt.ui.forms import AppearanceForm
from uppsikt.ui.parts import Tab

YEAR = 60 * 60 * 24 * 365


class Acting(Protocol):
    """A logged-in person, as far as this floor knows them."""

    doer: Doer


def keep(response: HttpResponse, request: HttpRequest, version: str) -> HttpResponse:
    """Let browsers keep an answer whose address names the version they asked for."""
    same = request.GET.get("v") == version
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if same else "no-cache"
    return response


@everyone
@require_GET
def theme(request: HttpRequest) -> HttpResponse:
    """All colours, computed from the municipality's one. `?colour=` shows another for the preview of the settings."""
    row = queries.appearance()
    asked = request.GET.get("colour", row.colour)
    try:
        sheet = colours.style_sheet(asked)
    except ValueError as error:
        raise Http404 from error
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    return keep(response, request, row.version if asked == row.colour else "")


@everyone
@require_GET
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True})
def logo(request: HttpRequest) -> HttpResponse:
    """The uploaded logo, or the product's shield in the municipality's colour.

    It has a policy of its own: whoever opens the picture by itself opens it in a box without rights.
    """
    row, uploaded = queries.appearance(), queries.logo()
    if uploaded:
        content, kind = uploaded
    else:
        shield = Path(str(finders.find("uppsikt/shield.svg"))).read_text(encoding="utf-8")
        content, kind = shield.replace(colours.DEFAULT, row.colour).encode(), "image/svg+xml"
    response = HttpResponse(content, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return keep(response, request, row.version)


@everyone
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose language, kept in a cookie and, for somebody who is logged in, for the next time and for e-mail."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        actions.choose_language(person=cast("actions.Speaks", request.user), language=chosen)
    return set_language(request)


@everyone
@require_POST
def scheme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark or the system's scheme, kept in a cookie."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    chosen = request.POST.get("scheme", "auto")
    if chosen in SCHEMES:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(SCHEME_COOKIE, chosen, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


@may("administrator")
@require_http_methods(["GET", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    """The municipality's name, colour and logo."""
    row = queries.appearance()
    form = AppearanceForm(request.POST or None, request.FILES or None, instance=row)
    if request.method == "POST" and form.is_valid():
        actions.change_appearance(
            by=cast("Acting", request.user).doer,
            now=timezone.now(),
            name=form.cleaned_data["name"],
            colour=form.cleaned_data["colour"],
            logo=form.cleaned_data["logo"],
            drop_logo=form.cleaned_data["drop_logo"],
        )
        feedback.done(request, _("Utseendet är ändrat."))
        return redirect("ui:appearance")
    context = {"form": form, "has_logo": bool(row.logo_sha256), "preview_url": reverse("ui:theme")}
    return render(request, "ui/appearance.html", context)


@may("administrator")
@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """All components on one page, for the eye."""
    now = timezone.now()
    offsets = {"late": -25, "soon": 70, "later": 60 * 5, "tomorrow": 60 * 24, "far": 60 * 24 * 9, "ago": -60 * 30}
    return render(
        request,
        "ui/style.html",
        {
            "at": {name: now + timedelta(minutes=minutes) for name, minutes in offsets.items()},
            "tones": ["neutral", "info", "success", "warning", "danger", "accent", "outline"],
            "tabs": [Tab(_("Att göra"), "#", 12, current=True), Tab(_("Mina"), "#", 4), Tab(_("Besvarade"), "#", 318)],
            "form": AppearanceForm({"name": "", "colour": "blå"}),
            "hostile": "Hej <script>alert(1)</script>\nfil\u202egpj.exe\n\nمرحبا",
        },
    )


# What Django calls when something is wrong; not addresses of their own, so without an access rule.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or the form was not as expected."""
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: no right to the page."""
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page."""
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """500: an error of ours. Asks nothing of the database, which may be what has failed."""
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
