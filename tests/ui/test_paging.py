"""Pages by key: nothing is missed and nothing shown twice, also while rows come in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from uppsikt.kernel.models import Blob, Step
from uppsikt.ui import paging

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)


def step(minute: int) -> Step:
    """A row with a time; three to a minute, so that times are shared."""
    return Step.objects.create(
        kind="x",
        thing_id=1,
        label="x",
        name="x",
        after="x",
        by="system:x",
        by_name="x",
        at=START + timedelta(minutes=minute),
    )


def test_all_rows_once_there_and_back(rf: RequestFactory) -> None:
    rows = [step(number // 3) for number in range(25)]
    expected = [row.pk for row in reversed(rows)]
    seen: list[int] = []
    page = paging.page(rf.get("/"), Step.objects.all(), by="at", size=4)
    assert not page.newer
    while True:
        seen += [row.pk for row in page.rows]
        if not page.older:
            break
        step(99)  # somebody writes at the top meanwhile
        page = paging.page(rf.get("/" + page.older), Step.objects.all(), by="at", size=4)
    assert seen == expected
    back: list[int] = []
    while page.newer:
        page = paging.page(rf.get("/" + page.newer), Step.objects.all(), by="at", size=4)
        back = [row.pk for row in page.rows] + back
    assert back[-len(expected) + 1 :] == expected[:-1][-len(back) :]


@pytest.mark.parametrize(
    "asked",
    ["older=x", "older=_", "older=2026-01-01_1", "newer=%00_1", "older=2026-01-01T00:00:00%2B00:00_" + "9" * 30],
)
def test_an_address_that_is_not_ours_is_no_error(rf: RequestFactory, asked: str) -> None:
    step(1)
    assert len(paging.page(rf.get(f"/?{asked}"), Step.objects.all(), by="at").rows) <= 1


def test_filters_stay_in_the_address(rf: RequestFactory) -> None:
    for number in range(3):
        step(number)
    page = paging.page(rf.get("/?unit=3"), Step.objects.all(), by="at", size=2)
    assert page.older.startswith("?unit=3&older=")


def test_an_empty_list_has_no_neighbours(rf: RequestFactory) -> None:
    page = paging.page(rf.get("/"), Blob.objects.all(), by="created_at")
    assert (page.rows, page.newer, page.older) == ([], "", "")
