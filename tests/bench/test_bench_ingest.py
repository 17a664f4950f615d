"""The benchmark of taking in, in a small size: what is copied beside it is what was taken in. No time is asserted."""

from __future__ import annotations

import argparse

import pytest
from benchmarks import ingest
from django.db import connection

from uppsikt.kernel.models import Step
from uppsikt.records.models import Item, Searchable, Version

# It vacuums, which cannot be done in a transaction that is rolled back.
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_rows_go_both_ways() -> None:
    table = ingest.run(argparse.Namespace(items=150, lot=120, batch=60, rounds=1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_generated")
        assert cursor.fetchone() == (150 + 120,)
        cursor.execute("DROP TABLE bench_generated")
    copied = {"pk__gte": ingest.SHIFT}
    assert Item.objects.filter(**copied).count() == Version.objects.filter(**copied).count() == 120
    assert Searchable.objects.filter(item_id__gte=ingest.SHIFT).count() == 120
    assert Step.objects.filter(thing_id__gte=ingest.SHIFT, name="take_in").count() == 120
    # What was there, the lot, and twenty one by one; the lot was reworded once and is found by all its words.
    assert (
        Item.objects.exclude(**copied).count() == Searchable.objects.exclude(item_id__gte=ingest.SHIFT).count() == 290
    )
    assert Version.objects.exclude(**copied).count() == 290 + 120
    assert {row[0] for row in table.rows} >= {"unchanged", "reworded", "new, one at a time"}
