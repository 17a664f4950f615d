"""How the installation is looked after: backups and drills, for those who run it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from uppsikt.kernel.backups import runs
from uppsikt.organisation.rules import Role
from uppsikt.ui.access import may

RECENT = 30


@may(Role.ADMINISTRATOR)
@require_GET
def upkeep(request: HttpRequest) -> HttpResponse:
    """The last backups and drills, and whether all is as it should be."""
    return render(
        request,
        "web/upkeep.html",
        {
            "asked_for": runs.asked_for(),
            "too_old": runs.too_old(now=timezone.now()),
            "good": runs.last_good(),
            "drilled": runs.last_good(runs.DRILL),
            "runs": runs.recent(RECENT),
        },
    )
