"""What strangers may do is counted for the whole hour, for all processes, and by household (D70)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from uppsikt.kernel import pace

NOW = datetime(2026, 6, 18, 10, 5, tzinfo=UTC)


@pytest.mark.django_db
def test_so_many_an_hour_and_who_is_refused_takes_nothing_from_others() -> None:
    def admit(name: str, now: datetime = NOW) -> bool:
        return pace.admit("try", {name: 2, "all": 4}, now=now)

    assert [admit("a") for _ in range(5)] == [True, True, False, False, False]
    assert [admit("b") for _ in range(3)] == [True, True, False]
    assert not admit("c"), "all have had theirs"
    assert pace.admit("another", {"a": 1}, now=NOW)
    assert admit("a", NOW + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(expires - now()), count(*) FROM kernel_cache WHERE cache_key LIKE '%%pace:try%%'")
        [soonest, counted] = cursor.fetchone()
    # A count lasts for the hour, however long nobody sends; who was refused left no row behind.
    assert soonest > timedelta(minutes=55)
    assert counted == 5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
    ],
)
def test_a_place_is_a_household_and_cannot_be_read(one: str, other: str, same: bool) -> None:
    assert (pace.place(one, now=NOW) == pace.place(other, now=NOW)) is same
    assert one not in pace.place(one, now=NOW)
    assert pace.place(one, now=NOW) != pace.place(one, now=NOW + timedelta(hours=1))
