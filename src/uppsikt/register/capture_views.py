"""Pictures of an account as it was: those that are kept, and one on demand (D49)."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import READERS
from uppsikt.records.reading import reader
from uppsikt.records.views import download, kept
from uppsikt.register import captures, ends, life_words
from uppsikt.register.closing_forms import FileForm
from uppsikt.register.closing_models import Capture, CaptureFile
from uppsikt.register.ends_pages import ENDERS, channel_or_404, file_of
from uppsikt.register.panel import Panel
from uppsikt.ui import feedback
from uppsikt.ui.access import may

SHOWN = 5


@may(*ENDERS)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the account's page kept as it is now; with a file, what a person took of it where no program can open it."""
    row, who, now = channel_or_404(pk), person(request), timezone.now()
    ends.check_sees_to(who, row)
    if request.FILES:
        body, name = file_of(request)
        captures.by_hand(row, body, name, why="asked", by=who, now=now)
        feedback.done(request, _("Filen är sparad som en bild av kontot."))
    else:
        captures.want(row, why="asked", by=who.doer, now=now)
        feedback.done(request, _("Ögonblicksbilden tas. Det brukar ta mindre än en minut."))
    return redirect("register:account", pk)


@may(*READERS)
@require_GET
def capture_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file of an account's last picture, to be saved. That somebody took it is in the trail."""
    file = get_object_or_404(CaptureFile.objects.select_related("capture__channel"), pk=pk)
    who, now = person(request), timezone.now()
    if not captures.readable(file.capture, reader(who, now=now)):
        raise Http404(_("Filen finns inte, eller så får du inte läsa den."))
    body = kept(str(file.blob_id))
    trail.note("download", file.capture, by=who.doer, at=now, also={"file": file.name})
    return download(body, f"konto-{file.capture_id}-{file.name.replace('/', '-')}", "application/octet-stream")


def panel(request: HttpRequest, row: Channel, now: datetime) -> Panel | None:
    """On the account's page: the newest pictures of it, with their files for those who may read them."""
    who = person(request)
    if not set(READERS) & who.roles:
        return None
    rows = list(Capture.objects.filter(channel=row).order_by("-id")[:SHOWN])
    readable = bool(rows) and captures.readable(rows[0], reader(who, now=now))
    files: dict[int, list[CaptureFile]] = {}
    for file in CaptureFile.objects.filter(capture__in=rows if readable else []).order_by("name"):
        files.setdefault(file.capture_id, []).append(file)
    context = {
        "pk": row.pk,
        "file": FileForm(),
        "rows": [
            (one, life_words.tagged(life_words.CAPTURES, one.state), life_words.why(one.why), files.get(one.pk, []))
            for one in rows
        ],
        "takes": row.state != "closed" and bool(set(ENDERS) & who.roles) and ends.sees_to(who, row),
    }
    return Panel("bilder", _("Ögonblicksbilder"), "register/parts/captures_panel.html", context)
