"""Pages of what is done around a removal: lists by sort, one matter, a new one about an item."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import evidence, matter_words, matters, queries, words
from uppsikt.moderation.matters import SORTS, Move, Sort
from uppsikt.moderation.models import AuthorNote, PoliceReport
from uppsikt.moderation.views import CONFLICT, DECIDERS, INVALID, item_or_404, reader_of
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import READERS, Role
from uppsikt.records.models import Item
from uppsikt.records.views import download, kept
from uppsikt.ui import feedback, paging, parts, trails
from uppsikt.ui.access import may

# Who begins something about an item; each sort says more.
BEGINNERS = (*DECIDERS, Role.REGISTRAR, Role.DATA_PROTECTION)
LISTED, STEPS = 50, 200


def sort_or_404(code: str) -> Sort:
    """The sort of an address."""
    if code not in SORTS:
        raise Http404
    return SORTS[code]


def rows_of(request: HttpRequest, sort: Sort) -> Any:
    """The matters of a sort whose item the one who asks may read."""
    rows = sort.model._default_manager.filter(queries.of_readable(reader_of(request)))
    return rows.select_related("item__channel__unit", "item__actor", "by", "ended_by", *sort.also)


def line(sort: Sort, row: Any) -> dict[str, Any]:
    """A matter as a line of a list."""
    return {
        "title": matter_words.ONE[sort.code],
        "row": row,
        "state": sort.state(row),
        "tone": matter_words.TONES.get(row.state, "neutral"),
        "url": reverse("moderation:matter", args=[sort.code, row.pk]),
    }


@may(*READERS)
@require_GET
def matter_list(request: HttpRequest, sort: str) -> HttpResponse:
    """Those of a sort, the newest first; what waits has its count on the tab."""
    chosen = sort_or_404(sort)
    rows = rows_of(request, chosen).annotate(words=Left("item__version__text", 300))
    page = paging.page(request, rows, by="at", size=LISTED)
    listed = [line(chosen, row) for row in page.rows]
    context = {"sort": chosen, "rows": listed, "page": page, "tabs": tabs(request, sort)}
    return render(request, "moderation/matters.html", context)


def tabs(request: HttpRequest, current: str) -> list[parts.Tab]:
    """All sorts, with how many wait."""
    readable = queries.of_readable(reader_of(request))
    return [
        parts.Tab(
            str(one.title),
            reverse("moderation:matters", args=[one.code]),
            one.model._default_manager.filter(readable, state__in=one.open_states).count(),
            one.code == current,
        )
        for one in SORTS.values()
    ]


def matter_or_404(request: HttpRequest, sort: Sort, pk: int) -> Any:
    """A matter whose item the one who asks may read."""
    return get_object_or_404(rows_of(request, sort).select_related("item__version"), pk=pk)


@may(*READERS)
@require_GET
def matter(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """One matter: what it is about, what has happened, and what can be done."""
    chosen = sort_or_404(sort)
    return show(request, chosen, matter_or_404(request, chosen, pk))


@may(*BEGINNERS)
@require_POST
def move_matter(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """Do one of the things that can be done with a matter."""
    chosen = sort_or_404(sort)
    row = matter_or_404(request, chosen, pk)
    move = next((one for one in chosen.moves if one.name == request.POST.get("move")), None)
    if move is None:
        feedback.failed(request, _("Välj vad som ska göras."))
        return redirect("moderation:matter", sort, pk)
    form, status = move.form(request.POST), INVALID
    if form.is_valid():
        try:
            move.act(row, form.cleaned_data, person(request), timezone.now())
        except Refused as refused:
            form.add_error(None, refused.words)
            status = CONFLICT
        else:
            feedback.done(request, _("Det är bokfört."), draft=f"{sort}-{pk}-{move.name}")
            return redirect("moderation:matter", sort, pk)
    return show(request, chosen, row, move=move, bound=form, status=status)


def show(
    request: HttpRequest, chosen: Sort, row: Any, *, move: Move | None = None, bound: Any = None, status: int = 200
) -> HttpResponse:
    """The page of a matter; `bound` is the form of a move that could not be made."""
    who, now = person(request), timezone.now()
    context = {
        "sort": chosen,
        "title": matter_words.ONE[chosen.code],
        "row": row,
        "item": row.item,
        "state": chosen.state(row),
        "tone": matter_words.TONES.get(row.state, "neutral"),
        "facts": [fact for fact in chosen.facts(row) if fact[1]],
        "moves": [
            (one, bound if one is move else one.form(auto_id=f"{one.name}-%s"), f"{chosen.code}-{row.pk}-{one.name}")
            for one in chosen.moves
            if one is move or (row.state in one.states and one.may(row, who, now))
        ],
        "lines": trails.lines(trail.steps_of(row).order_by("id")[:STEPS], matter_words.STEPS),
        "police": row if isinstance(row, PoliceReport) and row.document_id else None,
        "trouble": words.trouble(getattr(row, "trouble_code", "")),
        "proof": proof_of(request, row),
    }
    return render(request, "moderation/matter.html", context, status=status)


def proof_of(request: HttpRequest, row: Any) -> Any:
    """The evidence that a matter names, where it may be read."""
    proof = getattr(row, "evidence", None)
    return proof if proof is not None and evidence.readable(proof, reader_of(request)) else None


@may(*BEGINNERS)
def begin_matter(request: HttpRequest, sort: str, item_pk: int) -> HttpResponse:
    """Begin something about an item."""
    chosen = sort_or_404(sort)
    if chosen.form is None or chosen.begin is None:
        raise Http404
    item = item_or_404(request, item_pk)
    form = chosen.form(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            try:
                row = chosen.begin(item, form.cleaned_data, person(request), timezone.now())
            except Refused as refused:
                form.add_error(None, refused.words)
                status = CONFLICT
            else:
                feedback.done(request, _("Det är bokfört."), draft=f"ny-{sort}-{item_pk}")
                return redirect("moderation:matter", sort, row.pk)
    context = {"sort": chosen, "item": item, "form": form, "draft": f"ny-{sort}-{item_pk}"}
    return render(request, "moderation/begin_matter.html", context, status=status)


def of_item(sort: Sort, item: Item) -> list[Any]:
    """The newest matters of a sort about an item."""
    return list(sort.model._default_manager.filter(item=item).order_by("-pk")[:10])


@may(*READERS)
@require_GET
def choose_matter(request: HttpRequest, item_pk: int) -> HttpResponse:
    """What can be done around an item, and what has been."""
    item = item_or_404(request, item_pk)
    begun = [line(one, row) for one in SORTS.values() for row in of_item(one, item)]
    notes = [
        (note, matter_words.NOTES[note.way], matter_words.NOTE_STATES[note.state])
        for note in AuthorNote.objects.filter(item=item).order_by("-pk")[:10]
    ]
    context = {"item": item, "sorts": [one for one in SORTS.values() if one.form], "begun": begun, "notes": notes}
    return render(request, "moderation/choose_matter.html", context)


@may(*READERS)
@require_GET
def police_file(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The report to the police, or the file with all evidence; that somebody took it is in the trail."""
    row = get_object_or_404(rows_of(request, matters.POLICE).select_related("evidence__item__thread"), pk=pk)
    blob = {"anmalan.pdf": row.document_id, "allt.zip": row.bundle_id}.get(what)
    if not blob or not evidence.readable(row.evidence, reader_of(request)):
        raise Http404
    trail.note("download", row, by=person(request).doer, at=timezone.now(), also={"file": what})
    kind = "application/pdf" if what.endswith("pdf") else "application/zip"
    return download(kept(str(blob)), f"polisanmalan-{row.pk}-{what}", kind)
