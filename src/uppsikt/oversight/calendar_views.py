"""The feed of one's own duties, by a private link, and making that link."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.organisation.current import person
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.oversight import calendars
from uppsikt.ui import feedback
from uppsikt.ui.access import by_link, may

# Where the link waits, in the session, until the page has shown it once.
SHOWN_ONCE = "oversight.calendar"


@may(*STAFF, Role.MANAGER)
@require_POST
def make_link(request: HttpRequest) -> HttpResponse:
    """Make a private link, or let it stop."""
    who, now = person(request), timezone.now()
    if "avsluta" in request.POST:
        calendars.end_link(who, now=now)
        feedback.done(request, _("Länken gäller inte längre. Kalendern slutar att uppdateras."))
    else:
        token = calendars.make_link(who, now=now)
        request.session[SHOWN_ONCE] = settings.PUBLIC_URL.rstrip("/") + reverse("oversight:calendar", args=[token])
        feedback.done(request, _("Länken är klar. Kopiera den nu: den visas bara den här gången."))
    return redirect(reverse("oversight:rota") + "#kalender")


@by_link
@require_GET
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, for whoever has the link."""
    who = calendars.holder_of(token)
    if who is None:
        raise Http404
    text = calendars.calendar(
        who, now=timezone.now(), address=settings.PUBLIC_URL.rstrip("/") + reverse("oversight:start")
    )
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=900"
    answer["X-Robots-Tag"] = "noindex"
    return answer
