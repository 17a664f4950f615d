"""Taking in: everything is captured, nothing overwritten, nothing doubled (D18, D40)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from uppsikt.channels.models import Cursor
from uppsikt.connectors.base import BadItem, Direction, Visibility
from uppsikt.kernel import blobs, trail
from uppsikt.records import intake, search
from uppsikt.records.models import Item, Misread, RawResponse, Version
from uppsikt.records.reading import Reader
from uppsikt.records.search import Asked

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY


def test_d18_an_item_keeps_author_thread_times_direction_and_its_raw_answer() -> None:
    channel = factories.channel()
    item = factories.item(channel, text="Hej!", author="Åsa Öberg", thread="comment/1", at=NOW)
    assert (item.actor.name, item.thread.native_id, item.direction) == ("Åsa Öberg", "comment/1", "received")
    assert (item.published_at, item.captured_at, item.known_at) == (NOW, NOW + timedelta(minutes=1), None)
    assert item.version is not None
    assert blobs.read(item.version.raw.blob_id) == b"Hej!"
    assert [step.name for step in trail.steps_of(item)] == ["take_in"]


def test_d40_each_wording_is_kept_and_the_same_again_changes_nothing() -> None:
    channel = factories.channel()
    for text in ("Först", "Först", "Sedan", "Sedan", "Först"):
        item = factories.item(channel, native_id="comment/1", text=text)
    assert list(item.versions.order_by("number").values_list("number", "text")) == [
        (1, "Först"),
        (2, "Sedan"),
        (3, "Först"),
    ]
    assert item.version is not None
    assert item.version.number == item.versions_count == 3
    assert RawResponse.objects.count() == 3


def test_one_answer_with_many_items_is_kept_once() -> None:
    channel = factories.channel()
    answer = factories.captured().raw
    many = [
        intake.Captured(**{**fields(factories.captured(f"comment/{n}")), "raw": answer, "place": f"/{n}"})
        for n in range(50)
    ]
    intake.take_in(channel, many, now=NOW)
    assert RawResponse.objects.count() == 1
    assert sorted(Version.objects.values_list("place", flat=True)) == sorted(f"/{n}" for n in range(50))


def fields(reading: object) -> dict[str, object]:
    """A reading's fields."""
    return {name: getattr(reading, name) for name in reading.__dataclass_fields__}  # type: ignore[attr-defined]


def test_the_number_of_queries_does_not_grow_with_the_batch() -> None:
    counts = []
    for size in (5, 100):
        channel = factories.channel()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            intake.take_in(channel, [factories.captured() for _ in range(size)], now=NOW, cursor={"n": size})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_cursor_is_saved_with_what_was_read_or_not_at_all() -> None:
    channel = factories.channel()
    intake.take_in(channel, [factories.captured("comment/1")], now=NOW, cursor={"at": 1})
    assert Cursor.objects.get(channel=channel).value == {"at": 1}
    broken = factories.captured("comment/2", text="x")
    object.__setattr__(broken, "reading", {"bad": object()})
    with pytest.raises(TypeError):
        intake.take_in(channel, [broken], now=NOW, cursor={"at": 2})
    assert Cursor.objects.get(channel=channel).value == {"at": 1}
    assert not Item.objects.filter(native_id="comment/2").exists()


def test_a_clock_in_2099_is_kept_but_not_believed() -> None:
    channel = factories.channel()
    ahead = datetime(2099, 1, 1, tzinfo=UTC)
    item = factories.item(channel, at=ahead, fetched=NOW)
    assert item.published_at == ahead
    assert item.at == NOW


def test_what_cannot_be_read_is_kept_beside_what_can() -> None:
    channel = factories.channel()
    good = factories.captured("comment/1")
    result = intake.take_in(channel, [good], now=NOW, bad=[BadItem("/3", good.raw, "no_id")])
    assert (len(result.new), result.misread) == (1, 1)
    assert list(Misread.objects.values_list("place", "why")) == [("/3", "no_id")]


def test_an_item_follows_how_the_network_shows_it() -> None:
    channel = factories.channel()
    for shown in (Visibility.HELD, Visibility.VISIBLE, Visibility.HIDDEN, Visibility.VISIBLE):
        item = factories.item(channel, native_id="comment/1", visibility=shown)
    item.refresh_from_db()
    assert item.state == "visible"
    assert [step.name for step in trail.steps_of(item)] == ["take_in", "show", "hide", "show"]


def test_an_item_in_the_bin_is_not_gone_before_two_looks_say_so() -> None:
    channel = factories.channel()
    factories.item(channel, native_id="comment/1")
    item = factories.item(channel, native_id="comment/1", visibility=Visibility.GONE, now=NOW + timedelta(hours=1))
    item.refresh_from_db()
    assert item.state == "visible"
    assert item.next_check_at == NOW + timedelta(hours=1)


def test_ours_and_theirs_are_told_apart() -> None:
    channel = factories.channel()
    ours = factories.item(channel, direction=Direction.DRAWN_UP)
    theirs = factories.item(channel)
    assert (ours.direction, theirs.direction) == ("drawn_up", "received")


def test_a_megabyte_of_text_is_taken_in_and_found() -> None:
    channel = factories.channel()
    long = "kommunhuset " + " ".join(f"ord{n}" for n in range(150_000))
    item = factories.item(channel, text=long)
    assert item.version is not None
    assert item.version.text == long
    assert search.find(Asked("kommunhuset"), Reader()).rows
