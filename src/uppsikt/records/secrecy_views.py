"""Holding a record secret, and letting it be open again: a form, a law and a reason (D20, D42)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.records import grounds, queries, reading, secrecy
from uppsikt.records.forms import LiftForm, MarkForm
from uppsikt.records.models import Item
from uppsikt.ui import feedback
from uppsikt.ui.access import may

MARKERS = (*STAFF, Role.MANAGER, Role.REGISTRAR, Role.DATA_PROTECTION)


def markable(request: HttpRequest, pk: int) -> Item:
    """The record, for somebody who may change its secrecy; others are told that there is none."""
    reader = reading.reader(person(request), now=timezone.now())
    item = get_object_or_404(queries.one(pk, reader).select_related("channel", "actor", "version"))
    if not secrecy.may_mark(reader, item):
        raise Http404
    return item


@may(*MARKERS)
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold the record secret."""
    item = markable(request, pk)
    form = MarkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            number = secrecy.mark(item, by=person(request), now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error("section" if refused.code == "no_ground" else None, refused.words)
        else:
            done = ngettext("Handlingen är sekretessmarkerad.", "%(number)s handlingar är sekretessmarkerade.", number)
            feedback.done(request, done % {"number": number} if number != 1 else done)
            return redirect("web:record", pk=pk)
    context = {"item": item, "form": form, "is_post": item.kind in {"post", "page"}}
    return render(request, "records/mark.html", context, status=422 if form.is_bound else 200)


@may(*MARKERS)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the record be open again."""
    item = markable(request, pk)
    current = next((row for row in secrecy.marks(item) if row.lifted_at is None), None)
    if current is None:
        return redirect("web:record", pk=pk)
    form = LiftForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            secrecy.lift(item, by=person(request), now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Sekretessmarkeringen är hävd."))
            return redirect("web:record", pk=pk)
    context = {
        "item": item,
        "form": form,
        "current": current,
        "ground": grounds.words(current.ground, current.section),
        "is_post": item.kind in {"post", "page"},
    }
    return render(request, "records/lift.html", context, status=422 if form.is_bound else 200)
