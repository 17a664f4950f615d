"""What is done with a search: named and kept, and written to a file."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import READERS
from uppsikt.records import exporting, saved, words
from uppsikt.records.forms import LONGEST, SaveForm, SearchForm
from uppsikt.records.models import Export, SavedSearch
from uppsikt.records.searching import many
from uppsikt.records.writers import FORMATS
from uppsikt.ui import feedback, live
from uppsikt.ui.access import may

LISTED = 30


def to_search(query: str) -> HttpResponse:
    """The search page, with a search."""
    return redirect(reverse("records:records") + (f"?{query}" if query else ""))


def try_to(request: HttpRequest, act: Callable[[], str]) -> None:
    """Do it and say so; a refusal is told on the page that follows."""
    try:
        feedback.done(request, act())
    except Refused as refused:
        feedback.failed(request, refused.words)


@may(*READERS)
def save(request: HttpRequest) -> HttpResponse:
    """Name a search."""
    if request.method != "POST":
        return to_search("")
    form = SaveForm(request.POST)
    # Read anew, so that what is kept is a search and nothing else.
    query = SearchForm(QueryDict(request.POST.get("query", "")[:LONGEST])).query

    def act() -> str:
        if not form.is_valid():
            raise Refused("invalid", " ".join(str(error) for errors in form.errors.values() for error in errors))
        given = form.cleaned_data
        row = saved.save(
            name=given["name"], query=query, shared=given["shared"], by=person(request), now=timezone.now()
        )
        return _("Sökningen ”%(name)s” är sparad.") % {"name": row.name}

    try_to(request, act)
    return to_search(query)


@may(*READERS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a search of one's own, or say who sees it."""
    row = get_object_or_404(SavedSearch.objects.select_related("owner"), pk=pk, owner=person(request))
    initial = {"name": row.name, "shared": row.unit_id is not None}
    form = SaveForm(request.POST) if request.method == "POST" else SaveForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            saved.change(row, name=given["name"], shared=given["shared"], by=person(request), now=timezone.now())
        except Refused as refused:
            form.add_error("name", refused.words)
        else:
            feedback.done(request, _("Sökningen är ändrad."))
            return to_search(row.query)
    status = 422 if form.is_bound else 200
    may_share = person(request).unit_id is not None
    return render(request, "records/saved.html", {"row": row, "form": form, "may_share": may_share}, status=status)


@may(*READERS)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let go of a search of one's own."""
    row = get_object_or_404(SavedSearch, pk=pk, owner=person(request))
    if request.method != "POST":
        return redirect("records:change_search", pk=pk)

    def act() -> str:
        saved.remove(row, by=person(request), now=timezone.now())
        return _("Sökningen ”%(name)s” är borttagen.") % {"name": row.name}

    try_to(request, act)
    return to_search("")


@may(*READERS)
def order(request: HttpRequest) -> HttpResponse:
    """Order a file of all that a search finds."""
    form = SearchForm(QueryDict(request.POST.get("query", "")[:LONGEST]))
    if request.method != "POST":
        return redirect("records:exports")
    try:
        exporting.order(
            form.asked(),
            query=form.query,
            format=request.POST.get("format", ""),
            by=person(request),
            now=timezone.now(),
        )
    except Refused as refused:
        feedback.failed(request, refused.words)
        return to_search(form.query)
    return redirect("records:exports")


def row_of(export: Export) -> dict[str, object]:
    """An export as the page shows it."""
    expected = max(export.expected, export.done)
    about = _("%(done)s av %(all)s") if export.exact else _("%(done)s av ca %(all)s")
    return {
        "export": export,
        "open": export.state in exporting.OPEN,
        "state": words.EXPORT_STATES[export.state],
        "tone": words.EXPORT_TONES[export.state],
        "format": FORMATS[export.format].label,
        "search": searched(export),
        "progress": about % {"done": many(export.done), "all": many(expected)},
        "most": max(expected, 1),
        "records": many(export.done),
        "trouble": words.word(words.EXPORT_TROUBLES, export.trouble) if export.trouble else "",
    }


def searched(export: Export) -> str:
    """The search in words: what was written and what it was narrowed by, as the address has it."""
    given = QueryDict(export.query)
    return ", ".join(filter(None, (given.get(name) for name in given))) or _("Alla handlingar")


@may(*READERS)
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """One's own files: those on their way with how far they are, and those to fetch."""
    rows = Export.objects.filter(by=person(request)).order_by("-id")[:LISTED]
    context = {"rows": [row_of(row) for row in rows]}
    if live.wants_region(request):
        return live.region(request, "records/parts/exports.html", context)
    return render(request, "records/exports.html", context)


def own(request: HttpRequest, pk: int) -> Export:
    """An export of one's own; nobody learns of others'."""
    return get_object_or_404(Export, pk=pk, by=person(request))


@may(*READERS)
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, to the one who ordered it and may still read all that is in it."""
    export, who = own(request, pk), person(request)
    try:
        body = exporting.deliver(export, to=who, now=timezone.now())
    except Refused as refused:
        feedback.failed(request, refused.words)
        return redirect("records:exports")
    form = FORMATS[export.format]
    response = StreamingHttpResponse(body, content_type=form.media_type)
    name = f"handlingar-{timezone.localtime(export.made_at):%Y-%m-%d-%H%M}.{form.ending}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    # By this the browser knows a broken download from a whole one.
    response["Content-Length"] = str(export.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@may(*READERS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the writing of a file."""
    export = own(request, pk)

    def act() -> str:
        exporting.cancel(export, by=person(request), now=timezone.now())
        return _("Exporten är avbruten.")

    if request.method == "POST":
        try_to(request, act)
    return redirect("records:exports")


@may(*READERS)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Let go of a file before its time."""
    export = own(request, pk)

    def act() -> str:
        exporting.remove(export, by=person(request), now=timezone.now())
        return _("Filen är borttagen.")

    if request.method == "POST":
        try_to(request, act)
    return redirect("records:exports")
