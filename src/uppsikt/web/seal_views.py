"""The page of the trail's seals: is what was sealed still as it was, and who outside can say so? (D18, D40)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.kernel import seal_words, seals, verifications
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.findings import Findings
from uppsikt.kernel.models import Seal, Verification
from uppsikt.kernel.seal_words import Said
from uppsikt.organisation import current
from uppsikt.organisation.rules import Role
from uppsikt.ui import feedback, live
from uppsikt.ui.access import may

# Whoever begins one is written in the trail, and the auditor leaves no trace: sees what those of each night came to.
BEGINNERS = (Role.ADMINISTRATOR, Role.COMMUNICATIONS)
MINDERS = (Role.AUDITOR, *BEGINNERS)
RECENT = 10
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A verification as the page shows it."""

    row: Verification
    found: list[Said]
    remarks: list[str]
    ran: str
    number: int

    @classmethod
    def of(cls, row: Verification) -> Line:
        """With its findings in words."""
        if not row.outcome:
            return cls(row, [], [], "", 0)
        found = Findings(row.outcome["found"])
        return cls(
            row,
            [seal_words.say(one) for one in found.kept[:SHOWN]],
            seal_words.remarks(Findings(row.outcome["remarks"])),
            seal_words.ran(row.outcome),
            sum(found.counts.values()),
        )


@may(*MINDERS)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The last seal, the last verifications and the days' heads."""
    if live.wants_region(request):
        return live.region(request, "web/parts/seals.html", {**state(), "begins": begins(request)})
    now = timezone.now()
    last = Seal.objects.order_by("-number").values("number", "made_at", "digest").first()
    rest = {
        "begins": begins(request),
        "last": last,
        "head": seals.head(),
        "days": verifications.day_heads(now=now),
        "authority": settings.TIMESTAMP_URL,
        "trusted": bool(settings.TIMESTAMP_ROOTS),
    }
    return render(request, "web/seals.html", {**state(), **rest})


def begins(request: HttpRequest) -> bool:
    """Whether the person may begin a verification."""
    return bool(current.person(request).roles & set(BEGINNERS))


def state() -> dict[str, Any]:
    """What changes while one looks."""
    now = timezone.now()
    lines = [Line.of(row) for row in Verification.objects.order_by("-id")[:RECENT]]
    running = next((line.row for line in lines if line.row.state == "running"), None)
    waiting = verifications.waiting_since()
    return {
        "lines": lines,
        "running": running,
        "latest": next((line for line in lines if line.row.state in {"passed", "failed"}), None),
        "stale": waiting is not None and now - waiting > verifications.STALE_AFTER,
        "waiting": waiting,
        "every": 2 if running else 20,
    }


@may(*BEGINNERS)
@require_POST
def begin(request: HttpRequest) -> HttpResponseRedirect:
    """Begin to go through the seals now: all of them, or what is new."""
    try:
        verifications.begin(
            whole=request.POST.get("what") != "recent", by=current.person(request).doer, now=timezone.now()
        )
        feedback.done(request, _("Kontrollen har börjat. Du kan lämna sidan: den fortsätter av sig själv."))
    except Refused as refused:
        feedback.failed(request, refused.words)
    return redirect("web:seals")
