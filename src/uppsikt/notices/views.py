"""What one has been told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from uppsikt.notices import actions, queries
from uppsikt.notices.models import Notice
from uppsikt.organisation import current
from uppsikt.ui import paging
from uppsikt.ui.access import signed_in


@signed_in
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The person's notices, newest first."""
    person = current.person(request)
    context = {
        "page": paging.page(request, queries.on_page(person), by="at"),
        "unread": queries.unread_count(person),
    }
    return render(request, "notices/list.html", context)


@signed_in
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read, and go where it points."""
    person = current.person(request)
    notice = get_object_or_404(Notice, pk=pk, person=person)
    actions.read(person, now=timezone.now(), ids=[pk])
    ours = url_has_allowed_host_and_scheme(notice.url, None)
    return redirect(notice.url if notice.url and ours else "notices:notices")


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    actions.read(current.person(request), now=timezone.now())
    return redirect("notices:notices")
