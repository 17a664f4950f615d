"""What the page of the seals shows, in each of its states."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

import factories
from uppsikt.kernel import seals, verifications
from uppsikt.kernel.models import TimeStamp, Verification


def sealed() -> None:
    """Some records, sealed yesterday and today; yesterday's head has a time-stamp."""
    now = timezone.now()
    factories.items(factories.channel(), [factories.captured(text=f"Hej {one}") for one in range(3)])
    seals.seal_all(now=now - timedelta(days=1))
    head = seals.head()
    TimeStamp.objects.create(
        number=head.number, digest=head.digest, authority="https://tid.example", token=b"x", stamped_at=now, kept_at=now
    )
    factories.item(factories.channel())
    seals.seal_all(now=now)


def passed() -> tuple[Any, ...]:
    """One verification that found nothing."""
    sealed()
    row = verifications.begin(whole=True, by=factories.TESTER, now=timezone.now())
    outcome = {
        "rows": {"kernel.step": 4}, "seals": 4, "blobs": 3, "stamps": 1, "unsealed": {},
        "found": {}, "remarks": {"kept": [], "counts": {"stamp_unchecked": 1}},
    }  # fmt: skip
    Verification.objects.filter(pk=row.pk).update(
        state="passed", ended_at=timezone.now(), rows=4, outcome=outcome, place={}
    )
    return ()


def failed() -> tuple[Any, ...]:
    """One that found the forged time-stamp."""
    sealed()
    row = verifications.begin(whole=True, by=factories.TESTER, now=timezone.now())
    verifications.go_on(row, clock=timezone.now)
    assert Verification.objects.get(pk=row.pk).state == "failed"
    return ()


def running() -> tuple[Any, ...]:
    """One that is on its way."""
    passed()
    row = verifications.begin(whole=False, by=factories.TESTER, now=timezone.now())
    Verification.objects.filter(pk=row.pk).update(rows=1, rows_expected=3)
    return ()
