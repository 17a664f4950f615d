"""What the workers run for the organisation."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel.queue import job
from uppsikt.organisation import locks, sheets_in
from uppsikt.organisation.models import SheetIn


@job("organisation.take_in", queue="upkeep")
def take_in(sheet_id: int) -> None:
    """Take in a spreadsheet of people."""
    sheets_in.run(SheetIn.objects.select_related("by").get(pk=sheet_id), now=timezone.now())


@job("organisation.tidy", queue="upkeep", cron="37 2 * * *", queueing_lock="organisation.tidy")
def tidy(timestamp: int) -> None:
    """Let go of files that nobody took in, and of wrong passwords that no longer count."""
    sheets_in.tidy(now=timezone.now())
    locks.tidy(now=timezone.now())
