"""What an address of the inbox wishes for: whatever is written in it, the page knows what to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from uppsikt.inbox import wishes

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = st.text(max_size=30)
QUERIES = st.dictionaries(
    st.sampled_from(("flik", "kanal", "enhet", "ord", "slag", "sena", "fore", "efter")),
    st.one_of(
        WORDS,
        st.integers(-5, 10**20).map(str),
        st.sampled_from((*wishes.BY_KEY, *wishes.KINDS, "ja", "nej", "2026-11-12T09:00:00+00:00_7", "x_1", "٣", "²")),
    ),
)
PLACES = st.tuples(
    st.integers(0, 4 * 10**15).map(lambda after: EPOCH + timedelta(microseconds=after)), st.integers(0, 2**62)
)
WISHES = st.builds(
    wishes.Chosen,
    tab=st.sampled_from(tuple(wishes.BY_KEY)),
    channel=st.none() | st.integers(1, 10**18 - 1),
    unit=st.none() | st.integers(1, 10**18 - 1),
    words=WORDS.map(lambda words: " ".join(words.replace("\0", "").split())),
    kind=st.sampled_from(("", *wishes.KINDS)),
    late=st.booleans(),
    place=PLACES,
    back=st.booleans(),
)


def asked(query: str) -> wishes.Chosen:
    """What an address' query wishes for."""
    return wishes.chosen(QueryDict(query.removeprefix("?")))


@settings(max_examples=60, deadline=None)
@given(QUERIES)
def test_any_address_wishes_for_something_that_can_be_shown(given_: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(given_)
    wish = wishes.chosen(query)
    assert wish.view in wishes.VIEWS
    assert wish.kind in {"", *wishes.KINDS}
    assert "\0" not in wish.words
    assert asked(wish.here) == wish, "what it understood, it understands again"


@settings(max_examples=60, deadline=None)
@given(WISHES)
def test_a_wish_comes_back_from_its_own_address_whole(wish: wishes.Chosen) -> None:
    assert asked(wish.here) == wish
    without_place = asked(wish.query())
    assert (without_place.tab, without_place.filters, without_place.place) == (wish.tab, wish.filters, None)
