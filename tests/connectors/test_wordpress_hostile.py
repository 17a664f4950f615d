"""What a hostile or broken site says is taken or refused with a clear word, and never sticks a channel (D1, D40)."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servers.hostile_server import Asked, HostileServer, plain
from uppsikt.connectors.base import BadItem, Captured, Found, Known, Trouble, Visibility
from uppsikt.connectors.wordpress import WordPress, recognise
from uppsikt.net import Client, Limits

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ME = {"id": 1, "name": "redaktion", "capabilities": {"moderate_comments": True, "publish_posts": True}}


class OddSite:
    """A site that speaks WordPress's REST API and fills its lists with what a test wants."""

    def __init__(self) -> None:
        self.lists: dict[str, Any] = {}
        self.server = HostileServer(fallback=self._answer)
        self.client = Client(Limits(allow_private=frozenset({self.server.host})), now=lambda: NOW)

    def connector(self) -> WordPress:
        site = {"api": self.server.url + "/wp-json/", "site": self.server.url + "/"}
        secrets = {"username": "redaktion", "application_password": "abcd"}
        return WordPress(self.client, site, secrets, lambda: NOW)

    def _answer(self, asked: Asked, connection: socket.socket) -> None:
        parts = urlsplit(asked.target)
        name, query = parts.path.rpartition("/")[2], parse_qs(parts.query)
        if name == "me":
            body: Any = ME
        elif "include" in query:
            body = []
        else:
            body = self.lists.get(name, [])
            if query.get("offset", ["0"]) != ["0"]:
                body = []
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        total = {"X_WP_Total": str(len(body))} if isinstance(body, list) else {}
        connection.sendall(plain("200 OK", raw, Content_Type="application/json", **total))

    def pulled(self) -> tuple[dict[str, Captured], list[BadItem]]:
        items: dict[str, Captured] = {}
        bad: list[BadItem] = []
        for batch in self.connector().pull({}):
            items |= {item.native_id: item for item in batch.items}
            bad += batch.bad
            json.dumps(batch.cursor)
        return items, bad


@pytest.fixture(scope="module")
def odd() -> Iterator[OddSite]:
    it = OddSite()
    with it.server, it.client:
        yield it


@pytest.fixture(autouse=True)
def emptied(odd: OddSite) -> None:
    odd.lists.clear()


def comment(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number, "post": 4, "parent": 0, "author": 0, "author_name": "Åsa", "author_url": "", "status": "approved",
        "date_gmt": "2026-11-22T10:00:00", "content": {"rendered": "<p>Hej</p>", "raw": "Hej"},
        "link": "https://almby.example/#c", "author_avatar_urls": {},
    } | fields  # fmt: skip


def fit_to_keep(item: Captured) -> None:
    """Every text can be written to a database and to a page."""
    texts = [item.text, item.html, item.title, item.address, item.author.name, item.author.address, item.native_id]
    for text in [*texts, json.dumps(item.reading)]:
        assert "\x00" not in text
        text.encode()
    assert "\\u0000" not in json.dumps(item.reading)
    assert len(item.fingerprint) == 64


def only(odd: OddSite, **fields: Any) -> Captured:
    odd.lists["comments"] = [comment(1, **fields)]
    items, bad = odd.pulled()
    assert bad == []
    [item] = items.values()
    fit_to_keep(item)
    return item


def said(html: str) -> dict[str, str]:
    return {"rendered": html, "raw": html}


def test_nul_surrogates_and_control_signs_are_taken_out_and_told(odd: OddSite) -> None:
    item = only(odd, content=said("<p>Ab\x00c\ud83dd\x1be</p>"), author_name="N\x00n\udc00")
    assert (item.text, item.author.name) == ("Abcde", "Nn")
    assert item.remarks == ("control", "nul", "surrogates")


def test_marks_that_turn_the_writing_direction_stay_in_the_wording(odd: OddSite) -> None:
    assert only(odd, content=said("<p>\u202etxet\u202c \u2066x\u2069</p>")).text == "\u202etxet\u202c \u2066x\u2069"


def test_a_script_is_kept_as_it_came_and_is_not_text(odd: OddSite) -> None:
    item = only(odd, content=said("<p>Hej<script>alert(1)</script> <img src=x onerror=alert(1)></p>"))
    assert item.text == "Hej"
    assert "<script>" in item.html


def test_a_megabyte_is_taken_whole_and_more_is_cut_and_told(odd: OddSite) -> None:
    item = only(odd, content={"rendered": "å" * 1_000_000})
    assert (len(item.text), item.remarks) == (1_000_000, ())
    item = only(odd, content={"rendered": "x" * 2_000_000})
    assert (len(item.text), item.remarks) == (1_500_000, ("cut",))
    assert len(item.raw.body) > 2_000_000


@pytest.mark.parametrize("when", ["2099-01-01T00:00:00", "8999-12-31T23:59:59"])
def test_a_clock_that_is_ahead_is_kept_and_told(odd: OddSite, when: str) -> None:
    item = only(odd, date_gmt=when)
    assert item.published_at == datetime.fromisoformat(when).replace(tzinfo=UTC)
    assert item.remarks == ("clock_ahead",)


@pytest.mark.parametrize(
    "when", ["0000-00-00T00:00:00", "-001-11-30T00:00:00", "9999-12-31T23:59:59", "snart", "", None, 17, [], {}]
)
def test_a_time_that_is_none_is_missing_and_not_guessed(odd: OddSite, when: object) -> None:
    item = only(odd, date_gmt=when)
    assert item.published_at is None
    assert "date_gmt" in item.missing


def test_missing_fields_are_told_as_missing(odd: OddSite) -> None:
    odd.lists["comments"] = [{"id": 9}]
    items, bad = odd.pulled()
    assert bad == []
    item = items["comment/9"]
    assert item.missing == {"author_name", "content", "date_gmt", "status"}
    assert (item.text, item.visibility, item.post_id) == ("", Visibility.HIDDEN, "")


WRONG = [
    {"content": 5}, {"content": {"rendered": ["x"]}}, {"content": None}, {"author_name": {"a": 1}}, {"status": 7},
    {"status": "nytt"}, {"parent": "tre"}, {"parent": -1}, {"parent": 1}, {"parent": 2**70}, {"author": []},
    {"post": {}},
    {"link": 4}, {"link": "javascript:alert(1)"}, {"link": "https://[::1"}, {"author_url": "data:text/html,x"},
    {"author_avatar_urls": []}, {"author_avatar_urls": {"24": 7}}, {"_links": {"up": [[]]}}, {"_links": 3},
    {"_links": {"up": [{"post_type": "<b>"}]}}, {"author_name": "x" * 100_000}, {"link": "https://x/" + "y" * 10_000},
]  # fmt: skip


@pytest.mark.parametrize("fields", WRONG, ids=lambda one: str(one)[:40])
def test_fields_of_the_wrong_kind_stop_neither_the_item_nor_its_neighbours(
    odd: OddSite, fields: dict[str, Any]
) -> None:
    odd.lists["comments"] = [comment(1), comment(2, **fields), comment(3)]
    items, bad = odd.pulled()
    assert bad == []
    assert set(items) == {"comment/1", "comment/2", "comment/3"}
    for item in items.values():
        fit_to_keep(item)
        assert item.address in ("", "https://almby.example/#c")


def test_parents_in_a_ring_have_an_end(odd: OddSite) -> None:
    odd.lists["comments"] = [comment(1, parent=3), comment(2, parent=1), comment(3, parent=2)]
    items, _ = odd.pulled()
    assert {item.thread_id for item in items.values()} == {"comment/1"}
    assert {item.remarks for item in items.values()} == {("parent_unseen",)}


def test_what_is_no_item_is_kept_as_bad_with_its_place(odd: OddSite) -> None:
    odd.lists["comments"] = [comment(1), None, "x", {"id": "2"}, {"id": True}, {"id": -4}, [], comment(3)]
    items, bad = odd.pulled()
    assert set(items) == {"comment/1", "comment/3"}
    assert [(one.place, one.why) for one in bad] == [
        ("/1", "no_object"), ("/2", "no_object"), ("/3", "no_id"), ("/4", "no_id"), ("/5", "no_id"),
        ("/6", "no_object"),
    ]  # fmt: skip
    assert bad[0].raw is items["comment/1"].raw


def test_a_number_too_long_to_count_with_stops_only_its_own_item(odd: OddSite) -> None:
    listed = json.dumps([comment(1), comment(2), comment(3)])
    odd.lists["comments"] = listed.replace('"id": 2', '"id": ' + "9" * 10_000).encode()
    items, bad = odd.pulled()
    assert set(items) == {"comment/1", "comment/3"}
    assert [one.why for one in bad] == ["no_id"]


def test_a_list_with_holes_is_still_a_list(odd: OddSite) -> None:
    """PHP turns an array that a filter has taken entries from into an object."""
    odd.lists["comments"] = {"0": comment(1), "2": comment(3)}
    items, _ = odd.pulled()
    assert {item.place for item in items.values()} == {"/0", "/2"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"<!doctype html><title>Hej &amp; v\xc3\xa4lkommen</title>", "not_json"),
        (b"<html><form><input type='password'></form>", "login_wall"),
        (b"", "not_json"),
        (b"\xff\xfe\x00", "not_json"),
        (b"[" * 200_000, "not_json"),
        (b"9" * 10_000, "wrong_shape"),
        (b'[{"id":NaN}]', "not_json"),
        (b'[{"id":1}', "not_json"),
        (b"null", "wrong_shape"),
        (b"{}", "wrong_shape"),
        (b'"Hej"', "wrong_shape"),
        (b'{"code":"x","message":"y"}', "wrong_shape"),
    ],
)
def test_an_answer_that_is_no_list_is_told(odd: OddSite, answer: bytes, code: str) -> None:
    odd.lists["comments"] = answer
    with pytest.raises(Trouble) as caught:
        odd.pulled()
    assert caught.value.code == code
    if b"title" in answer:
        assert caught.value.facts["title"] == "Hej & välkommen"


def test_posts_come_in_though_the_comments_are_broken(odd: OddSite) -> None:
    odd.lists |= {"posts": [{"id": 4, "title": {"rendered": "Hej"}}], "comments": b"<html>"}
    seen = []
    with pytest.raises(Trouble):
        for batch in odd.connector().pull({}):
            seen += [item.native_id for item in batch.items]
    assert "post/4" in seen


def test_comments_come_in_though_the_posts_are_broken(odd: OddSite) -> None:
    """A list that cannot be read is told, and the next pull begins with the list after it."""
    odd.lists |= {"posts": b"<html>", "comments": [comment(1)]}
    cursor: Mapping[str, Any] = {}
    seen = []
    for _ in range(3):
        with pytest.raises(Trouble):
            for batch in odd.connector().pull(cursor):
                cursor = batch.cursor
                seen += [item.native_id for item in batch.items]
    assert "comment/1" in seen


def test_a_list_of_nothing_but_too_large_items_is_broken_off_and_gone_on_with(odd: OddSite) -> None:
    announced = (b"Content-Length: 0", b"Content-Length: 9999999999")
    giant = plain("200 OK", b"", Content_Type="application/json").replace(*announced)
    odd.server.answers["/wp-json/wp/v2/comments"] = giant
    reached = []
    cursor: Mapping[str, Any] = {}
    try:
        for _ in range(2):
            begun = len(odd.server.asked)
            with pytest.raises(Trouble) as caught:
                for batch in odd.connector().pull(cursor):
                    cursor = batch.cursor
            assert caught.value.code == "too_large"
            assert len(odd.server.asked) - begun < 60
            reached.append(cursor["comments"]["offset"])
    finally:
        del odd.server.answers["/wp-json/wp/v2/comments"]
    assert 0 < reached[0] < reached[1]


def test_words_of_a_trouble_are_fit_to_keep(odd: OddSite) -> None:
    code = "a" * 100 + "\x00\ud800b" * 10
    odd.lists["comments"] = []
    body = json.dumps({"code": code, "message": "x"}).encode()
    odd.server.answers["/wp-json/wp/v2/comments"] = plain("400 Bad Request", body, Content_Type="application/json")
    try:
        with pytest.raises(Trouble) as caught:
            odd.pulled()
    finally:
        del odd.server.answers["/wp-json/wp/v2/comments"]
    assert caught.value.code == "rejected"
    told = json.dumps(caught.value.facts)
    assert "\\u0000" not in told
    assert "\\ud800" not in told


def test_asking_again_survives_any_neighbour(odd: OddSite) -> None:
    odd.lists |= {"1": comment(1), "2": b"<html>no", "3": {"id": 99}, "4": [], "5": comment(5, status="trash")}
    known = [Known(f"comment/{number}") for number in (1, 3, 4, 5)]
    found = {answer.native_id: answer.found for answer in odd.connector().refetch(known)}
    assert found == {"comment/1": Found.CHANGED, "comment/5": Found.GONE}
    assert list(odd.connector().refetch([Known("odd/1"), Known("comment/x"), Known("")])) == []


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=8), one, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from([*comment(1), "_links", "_embedded", "title", "modified_gmt"])
ODD_COMMENTS = st.builds(lambda fields: comment(7) | fields, st.dictionaries(FIELDS, JSONS, max_size=6))
TIDY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@TIDY
@given(shape=JSONS)
def test_d40_any_json_in_place_of_a_list_gives_nothing_but_trouble(odd: OddSite, shape: Any) -> None:
    odd.lists["comments"] = shape
    try:
        odd.pulled()
    except Trouble as trouble:
        assert trouble.code in {"wrong_shape", "not_json"}


@TIDY
@given(strangers=st.lists(JSONS | ODD_COMMENTS, max_size=5), kind=st.sampled_from(["comments", "posts"]))
def test_d40_no_neighbour_makes_a_well_formed_item_be_lost(odd: OddSite, strangers: list[Any], kind: str) -> None:
    odd.lists.clear()
    odd.lists[kind] = [comment(1001), *strangers, comment(1003)]
    items, bad = odd.pulled()
    name = kind.removesuffix("s")
    assert {f"{name}/1001", f"{name}/1003"} <= set(items)
    assert items[f"{name}/1001"].text == "Hej"
    for item in items.values():
        fit_to_keep(item)
    numbers = {one["id"] for one in strangers if isinstance(one, Mapping) and f"{name}/{one.get('id')}" in items}
    assert len(bad) + len(strangers) >= len(numbers)


@TIDY
@given(index=JSONS)
def test_any_index_is_recognised_or_not_and_raises_nothing_but_trouble(odd: OddSite, index: Any) -> None:
    odd.lists[""] = index
    try:
        found = recognise(odd.server.url, odd.client)
    except Trouble:
        return
    assert found is None


def test_an_api_announced_on_another_host_is_not_followed(odd: OddSite) -> None:
    with HostileServer(fallback=plain("200 OK", b"{}")) as thief:
        page = plain("200 OK", b"<html>", Link=f'<{thief.url}/wp-json/>; rel="https://api.w.org/"')
        odd.server.answers["/x"] = page
        with pytest.raises(Trouble) as caught:
            recognise(odd.server.url + "/x", odd.client)
        assert (caught.value.code, caught.value.facts["to"]) == ("moved", thief.url + "/wp-json/")
        assert thief.asked == []


def test_a_site_that_has_moved_never_sees_our_password_and_is_told(odd: OddSite) -> None:
    with HostileServer(fallback=plain("200 OK", json.dumps(ME).encode())) as other:
        moved = plain("301 Moved", Location=other.url + "/wp-json/wp/v2/users/me")
        client = Client(Limits(allow_private=frozenset({odd.server.host, other.host})))
        odd.server.answers["/wp-json/wp/v2/users/me"] = moved
        try:
            site = {"api": odd.server.url + "/wp-json/", "site": odd.server.url}
            secrets = {"username": "a", "application_password": "hush"}
            with pytest.raises(Trouble) as caught:
                WordPress(client, site, secrets, lambda: NOW).me()
        finally:
            del odd.server.answers["/wp-json/wp/v2/users/me"]
        assert caught.value.code == "moved"
        assert all("authorization" not in asked.headers for asked in other.asked)


def test_no_password_stands_in_what_a_trouble_says(odd: OddSite) -> None:
    odd.lists["comments"] = b"<html>abcd"
    with pytest.raises(Trouble) as caught:
        odd.pulled()
    assert "abcd" not in f"{caught.value!r} {caught.value.facts}"
