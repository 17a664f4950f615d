"""What keeps search whole by itself (D18)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

import factories
from uppsikt.records import search, upkeep, vocabulary
from uppsikt.records.models import Item, Searchable, Version, Walk
from uppsikt.records.reading import Reader
from uppsikt.records.search import Asked

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY


def part(item: Item) -> str:
    """The part of the index that holds an item."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM records_searchable WHERE item_id = %s", [item.pk])
        return str(cursor.fetchone()[0]).rpartition("_")[2]


def fastupdate(year: str) -> bool:
    """Whether words may wait beside the index of a year."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [f"records_searchable_{year}_words_idx"])
        return cursor.fetchone() == (["fastupdate=t"],)


def test_years_get_their_parts_before_they_come_and_what_came_too_early_moves_over() -> None:
    assert upkeep.look_ahead(now=NOW) == []
    channel = factories.channel()
    far = datetime(2030, 5, 1, tzinfo=UTC)
    early = factories.item(channel, text="Från framtiden", at=far)
    older = factories.item(channel, text="Från förr", at=datetime(1999, 5, 1, tzinfo=UTC))
    assert (part(early), part(older)) == ("later", "before")
    made = upkeep.look_ahead(now=far)
    assert made
    assert made[-1] == 2031
    assert part(early) == "2030"
    assert upkeep.look_ahead(now=far) == []
    assert (fastupdate("2030"), fastupdate("2031"), fastupdate("later"), fastupdate("2027")) == (
        True,
        True,
        True,
        False,
    )
    assert [row.pk for row in search.find(Asked("framtiden or förr"), Reader()).rows] == [early.pk, older.pk]
    upkeep.look_ahead(now=datetime(2033, 1, 1, tzinfo=UTC))
    assert part(factories.item(channel, at=datetime(2034, 5, 1, tzinfo=UTC))) == "2034"


def test_years_that_lie_together_hold_what_each_of_them_held() -> None:
    channel = factories.channel()
    said = [factories.item(channel, text="Snö", at=datetime(year, 5, 1, tzinfo=UTC)) for year in (2007, 2013, 2024)]
    assert part(said[0]) == part(said[1])
    with connection.cursor() as cursor:
        # What a test has written waits to be looked at by its foreign keys, and holds the tables until then.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SELECT records_join_years(2024, 2025)")
    assert part(said[2]) == "2025"
    assert [row.pk for row in search.find(Asked("snö"), Reader()).rows] == [item.pk for item in reversed(said)]


def test_what_was_there_before_an_upgrade_is_indexed_by_itself() -> None:
    items = [factories.item(factories.channel(), text=f"Lyktan nummer{n}") for n in range(5)]
    Searchable.objects.all().delete()
    Walk.objects.filter(name="index").delete()
    assert search.count(Asked("lykta"), Reader()).number == 0
    assert upkeep.catch_up()
    assert search.count(Asked("lykta"), Reader()).number == 5
    assert search.count(Asked("*ykta*"), Reader()).number == 5
    late = factories.item(factories.channel(), text="Trasig papperskorg")
    assert upkeep.catch_up()
    assert [row.pk for row in search.find(Asked("*korg*"), Reader()).rows] == [late.pk]
    assert Walk.objects.get(name="index").through == items[-1].pk


def test_a_gap_in_the_keys_does_not_hold_up_the_list_of_words() -> None:
    factories.item(factories.channel(), text="Lyktan")
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) + 1000000000 FROM records_version")
        # A sequence does not go back with a test's transaction, so the key is given by hand.
        (far,) = cursor.fetchone()
    after = factories.item(factories.channel(), text="Papperskorgen")
    later = Version.objects.get(item=after)
    later.pk, later.number = far, 2
    later.save(force_insert=True)
    assert vocabulary.gather(most=1)
    assert vocabulary.holding("papp")
    assert vocabulary.holding("lykt")
