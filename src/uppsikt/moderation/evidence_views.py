"""A proof's page, its files, and pictures taken by hand; read by those who may read everything that it shows (D20)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.connectors.base import Deed
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import delegation, evidence, pages, queries
from uppsikt.moderation.forms import PictureForm
from uppsikt.moderation.models import Evidence, EvidenceFile
from uppsikt.moderation.views import DECIDERS, INVALID, reader_of
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import READERS
from uppsikt.records.views import download, kept
from uppsikt.ui import feedback
from uppsikt.ui.access import may


def proof_or_404(request: HttpRequest, pk: int) -> Evidence:
    """A proof that the one who asks may read; of others they are told that there is none."""
    row = get_object_or_404(queries.evidence(pk))
    if not evidence.readable(row, reader_of(request)):
        raise Http404(_("Beviset finns inte, eller så får du inte läsa det."))
    return row


@may(*READERS)
@require_GET
def evidence_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the proof consists of, what it lacks, and its trail."""
    row = proof_or_404(request, pk)
    context = pages.proof(row, person(request), PictureForm(), now=timezone.now())
    return render(request, "moderation/evidence.html", context)


@may(*READERS)
@require_GET
def evidence_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file of a proof, to be saved. That somebody took it is in the trail."""
    file = get_object_or_404(EvidenceFile.objects.select_related("evidence"), pk=pk)
    row = proof_or_404(request, file.evidence_id)
    body = kept(str(file.blob_id))
    trail.note("download", row, by=person(request).doer, at=timezone.now(), also={"file": file.name})
    return download(body, f"bevis-{row.pk}-{file.name.replace('/', '-')}", "application/octet-stream")


def check_may_add(request: HttpRequest, row: Evidence) -> None:
    """Raise Refused unless the person may remove on the channel, or manages the unit."""
    who = delegation.standing(person(request), row.item.channel, at=timezone.now())
    if not (who.manager or who.communications or {Deed.HIDE.value, Deed.REMOVE.value} & who.mandate):
        delegation.check_propose(person(request), row.item.channel, Deed.REMOVE, at=timezone.now())


@may(*DECIDERS)
@require_POST
def add_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a picture taken by hand beside the proof."""
    row = proof_or_404(request, pk)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["picture"]
        try:
            check_may_add(request, row)
            evidence.add_by_hand(
                row,
                upload.read(evidence.MOST_BYTES + 1),
                str(upload.content_type or ""),
                why=form.cleaned_data["why"],
                by=person(request),
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error("picture", refused.words)
        else:
            feedback.done(request, _("Bilden är tillagd."))
            return redirect("moderation:evidence", pk=pk)
    context = pages.proof(row, person(request), form, now=timezone.now())
    return render(request, "moderation/evidence.html", context, status=INVALID)


@may(*DECIDERS)
@require_POST
def take_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proof that failed once more."""
    row = proof_or_404(request, pk)
    try:
        check_may_add(request, row)
        evidence.again(row, by=person(request), now=timezone.now())
    except Refused as refused:
        feedback.failed(request, refused.words)
    else:
        feedback.done(request, _("Beviset tas om."))
    return redirect("moderation:evidence", pk=pk)
