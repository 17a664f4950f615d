"""Every format of feed, from one model of truth, over real HTTP: new, edited, deleted, slid out (D1, D18, D40)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from servers.feed_server import BEGUN, FORMATS, FeedServer
from uppsikt.connectors.base import Captured, Found, Gone, Kind, Known, Permanent, Quota, Refetched, Retry, Trouble
from uppsikt.connectors.feed import FeedReader
from uppsikt.net import Client, Limits

NOW = BEGUN + timedelta(days=3)


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with FeedServer() as made:
        yield made


class Reader:
    """A connector over the real client, made anew for each pull as in the product, with the cursor kept between."""

    def __init__(
        self, site: FeedServer, kind: str = "rss2", *, comments: bool = False, own: str = "", **more: Any
    ) -> None:
        self.site, self.cursor, self.now = site, {}, NOW
        self.settings = site.settings(kind, comments=comments) | more
        self.secrets = {"own_name": own}
        self.held: dict[str, Captured] = {}

    def connector(self) -> FeedReader:
        client = Client(Limits(allow_private=frozenset({self.site.host})), now=lambda: self.now)
        return FeedReader(client, self.settings, self.secrets, lambda: self.now)

    def pull(self) -> dict[str, Captured]:
        """What one pull brings."""
        self.now += timedelta(minutes=5)
        found: dict[str, Captured] = {}
        cursor: Mapping[str, Any] = self.cursor
        try:
            for batch in self.connector().pull(self.cursor):
                found |= {item.native_id: item for item in batch.items}
                cursor = batch.cursor
        finally:
            self.cursor = dict(cursor)
            self.held |= found
        return found

    def look(self) -> dict[str, Refetched]:
        """What asking again for all that is held brings."""
        self.now += timedelta(minutes=30)
        known = [Known(one.native_id, one.fingerprint, "", one.address) for one in self.held.values()]
        return {told.native_id: told for told in self.connector().refetch(known)}


def titles(found: Mapping[str, Captured]) -> set[str]:
    return {one.title for one in found.values()}


@pytest.mark.parametrize("kind", FORMATS)
def test_d1_a_feed_of_any_format_is_read_and_its_entries_followed_to_their_end(kind: str, site: FeedServer) -> None:
    site.window = 3
    posts = [site.publish(words=f"<p>Badet öppnar <b>kl. {hour}</b></p>") for hour in range(8, 11)]
    reader = Reader(site, kind)
    found = reader.pull()
    assert titles(found) == {post.title for post in posts}
    one = next(item for item in found.values() if item.title == posts[0].title)
    assert "Badet öppnar" in one.text
    assert "8" in one.text
    assert "<" not in one.text
    assert one.address == site.link(posts[0])
    assert (one.kind, one.direction.value, one.can) == (Kind.POST, "drawn_up", frozenset())
    assert one.published_at == (None if kind == "rss091" else posts[0].at)
    assert one.raw.body
    assert one.place
    assert reader.pull() == {}, "nothing new is not read again"
    # Edited where it stands.
    site.edit(posts[0], "<p>Badet är stängt</p>")
    changed = reader.pull()[one.native_id]
    assert changed.text == "Badet är stängt"
    assert changed.fingerprint != one.fingerprint
    # Slid out: it is there still, at its own address, and so is the other that has slid out by then.
    for _ in range(2):
        site.publish()
    reader.pull()
    assert one.native_id not in reader.pull()
    told = reader.look()
    assert told[one.native_id].found is Found.SAME
    assert {answer.found for answer in told.values()} == {Found.SAME}
    # Truly deleted, in the window and out of it.
    site.delete(posts[0])
    newest = site.posts[0]
    site.delete(newest)
    told = reader.look()
    gone = {key for key, answer in told.items() if answer.found is Found.GONE}
    assert {reader.held[key].title for key in gone} == {posts[0].title, newest.title}
    assert all(told[key].raw is not None and told[key].raw.status == 404 for key in gone)  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", FORMATS)
def test_d18_the_history_is_read_page_by_page_and_a_gap_is_filled(kind: str, site: FeedServer) -> None:
    site.window, site.pages = 4, True
    for _ in range(11):
        site.publish()
    reader = Reader(site, kind)
    assert len(reader.pull()) == 11
    site.publish()
    assert len(reader.pull()) == 4, "only the first page is read once the history is held"
    for _ in range(9):
        site.publish()
    reader.pull()
    assert len(reader.held) == 21, "more had come than the window shows: the pages behind it were read"


def test_a_first_reading_that_is_broken_off_goes_on_where_it_was(site: FeedServer) -> None:
    site.window, site.pages = 2, True
    for _ in range(9):
        site.publish()
    reader = Reader(site)
    for number, batch in enumerate(reader.connector().pull({})):
        reader.cursor = dict(batch.cursor)
        reader.held |= {item.native_id: item for item in batch.items}
        if number == 1:
            break
    site.server.asked.clear()
    reader.pull()
    assert len(reader.held) == 9
    assert [one.target for one in site.server.asked][:2] == ["/rss2", "/rss2?page=3"]


def test_pages_that_run_in_a_ring_or_without_an_end_are_ended(site: FeedServer) -> None:
    site.window = 100
    site.publish()
    for following in ("/rss2", "/rss2?page=1", "/rss2?page=1&x=2"):
        reader = Reader(site)
        original = site.answer

        def ring(asked: Any, following: str = following, original: Any = original) -> bytes:
            return original(asked).replace(
                b"<channel>", f'<channel><atom:link rel="next" href="{following}"/>'.encode()
            )

        body = ring(site.server.asked[0]) if site.server.asked else b""
        assert body == b"" or b"next" in body
        site.answer = lambda asked, ring=ring: relength(ring(asked))  # type: ignore[method-assign]
        site.server.asked.clear()
        assert len(reader.pull()) == 1
        assert len(site.server.asked) <= 4
        site.answer = original  # type: ignore[method-assign]


def relength(answer: bytes) -> bytes:
    """The answer with its length counted anew."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body


def test_a_podcast_keeps_every_place_where_it_is_answered_its_transcript_and_chapters(site: FeedServer) -> None:
    post = site.publish()
    [item] = Reader(site, "podcast").pull().values()
    told = item.reading["podcast"]
    assert told["socialInteract"] == [
        {"priority": 1, "protocol": "activitypub", "uri": f"https://social.example/@alvsta/{post.number}"},
        {"priority": 2, "protocol": "atproto", "uri": f"at://did:plc:x/app.bsky.feed.post/{post.number}"},
    ]
    assert told["transcript"] == [{"url": f"{site.url}text/{post.number}.vtt", "type": "text/vtt"}]
    assert told["chapters"][0]["url"] == f"{site.url}kapitel/{post.number}.json"
    assert item.reading["itunes"]["duration"] == "12:30"
    assert item.reading["type"] == "Audio"
    [sound] = item.attachments
    assert (sound.address, sound.media_type) == (f"{site.url}ljud/{post.number}.mp3", "audio/mpeg")


def test_a_video_blog_keeps_its_film_and_its_picture(site: FeedServer) -> None:
    post = site.publish()
    [item] = Reader(site, "video").pull().values()
    assert [file.address for file in item.attachments] == [
        f"{site.url}film/{post.number}",
        f"{site.url}film/{post.number}.jpg",
    ]
    assert item.reading["type"] == "Video"
    assert item.reading["youtube"] == {"videoId": str(post.number)}


# -- comments -------------------------------------------------------------------


def comments(found: Mapping[str, Captured]) -> dict[str, Captured]:
    return {one.text: one for one in found.values() if one.kind is Kind.COMMENT}


def test_d18_comments_are_received_in_their_posts_thread_and_our_own_are_drawn_up(site: FeedServer) -> None:
    post = site.publish()
    asked = site.comment(post, "När öppnar badet?")
    site.comment(post, "Klockan åtta.", name="Älvsta kommun", answers=asked.number)
    reader = Reader(site, comments=True, own="Redaktionen, ÄLVSTA KOMMUN")
    found = reader.pull()
    said = comments(found)
    [above] = [one for one in found.values() if one.kind is Kind.POST]
    question, answer = said["När öppnar badet?"], said["Klockan åtta."]
    assert (question.direction.value, answer.direction.value) == ("received", "drawn_up")
    assert {question.thread_id, answer.thread_id, question.post_id, above.thread_id} == {above.native_id}
    assert (question.parent_id, answer.parent_id) == (above.native_id, question.native_id)
    assert (question.author.name, question.title) == ("Maria L.", "")
    sent = reader.connector().find_sent(question.native_id, "klockan åtta", "", NOW - timedelta(days=30))
    assert sent is not None
    assert sent.native_id == answer.native_id
    assert reader.connector().find_sent(question.native_id, "Klockan nio.", "", NOW) is None
    with pytest.raises(Permanent) as refused:
        reader.connector().reply(question.native_id, "Hej", "key")
    assert refused.value.code == "read_only"


@pytest.mark.parametrize("joined", [True, False])
def test_d18_more_comments_than_the_sites_feed_shows_are_read_from_the_posts_own(
    joined: bool, site: FeedServer
) -> None:
    site.window = 3
    post = site.publish()
    for number in range(8):
        site.comment(post, f"Fråga {number}")
    reader = Reader(site, comments=joined)
    assert len(comments(reader.pull())) == 8
    site.comment(post, "En till")
    assert "En till" in comments(reader.pull())
    assert len(comments(reader.held)) == 9, "the same comment in two feeds is one"
    one, other = {key: item.fingerprint for key, item in reader.held.items()}, Reader(site, comments=not joined)
    assert {key: item.fingerprint for key, item in other.pull().items()}.items() <= one.items()


def test_d40_a_comment_is_gone_only_where_all_that_are_left_are_listed(site: FeedServer) -> None:
    site.window = 2
    post = site.publish()
    first, *_ = [site.comment(post, f"Fråga {number}") for number in range(4)]
    reader = Reader(site, comments=True)
    reader.pull()
    key = comments(reader.held)["Fråga 0"].native_id
    assert reader.look()[key].found is Found.SAME
    site.uncomment(post, first)
    assert reader.look()[key].found is Found.GONE
    site.counts = False
    assert key not in reader.look(), "without a count, not being listed proves nothing"


# -- what sites do ----------------------------------------------------------------


def test_a_feed_is_not_asked_sooner_than_it_wishes(site: FeedServer) -> None:
    site.publish()
    original = site.answer
    site.answer = lambda asked: relength(original(asked).replace(b"<channel>", b"<channel><ttl>60</ttl>"))  # type: ignore[method-assign]
    reader = Reader(site)
    reader.pull()
    site.server.asked.clear()
    for _ in range(10):
        assert reader.pull() == {}
    assert site.server.asked == []
    reader.now += timedelta(minutes=10)
    reader.pull()
    assert len(site.server.asked) == 1


def test_a_server_that_lies_about_what_is_new_is_not_believed_for_ever(site: FeedServer) -> None:
    site.publish()
    reader = Reader(site)
    reader.pull()
    site.trouble = "lies"
    site.publish()
    assert reader.pull() == {}
    reader.now += timedelta(hours=6)
    assert len(reader.pull()) == 2


def test_a_feed_that_has_moved_for_good_is_read_where_it_is(site: FeedServer) -> None:
    site.publish()
    reader = Reader(site)
    site.trouble = "moved"
    assert len(reader.pull()) == 1
    site.publish()
    site.server.asked.clear()
    assert len(reader.pull()) == 2
    assert [one.path for one in site.server.asked] == ["/ny/rss2"]


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", Gone, "not_found"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Permanent, "not_found"),
        (b"HTTP/1.1 429 Slow\r\nRetry-After: 77\r\nContent-Length: 0\r\n\r\n", Quota, "rate_limited"),
        (b"HTTP/1.1 503 No\r\nRetry-After: 77\r\nContent-Length: 0\r\n\r\n", Retry, "site_down"),
        (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", Permanent, "login_wall"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", Permanent, "too_large"),
    ],
)
def test_what_stands_in_the_way_has_its_word(answer: bytes, kind: type[Trouble], code: str, site: FeedServer) -> None:
    site.publish()
    reader = Reader(site)
    reader.pull()
    site.server.answers["/rss2"] = answer
    with pytest.raises(kind) as told:
        reader.pull()
    assert told.value.code == code
    if isinstance(told.value, Retry):
        assert told.value.after == 77
    with pytest.raises(Trouble):
        reader.look()
    site.server.answers.clear()
    assert len(reader.pull()) in (0, 1)


@pytest.mark.parametrize("trouble", ["front", "soft", "login", "missing", "down"])
def test_d40_a_site_that_leads_astray_says_neither_gone_nor_same(trouble: str, site: FeedServer) -> None:
    site.window = 1
    first, _ = site.publish(), site.publish()
    site.posts.reverse()
    reader = Reader(site)
    reader.pull()
    site.posts.reverse()
    reader.pull()
    key = next(key for key, item in reader.held.items() if item.title == first.title)
    if trouble == "soft":
        site.delete(first)
    site.trouble = trouble
    told: Mapping[str, Refetched] = {}
    try:
        told = reader.look()
    except Trouble as found:
        assert found.code in {"login_wall", "not_found", "site_down"}
    assert key not in told


def test_one_page_that_says_404_is_believed_only_while_the_feed_answers(site: FeedServer) -> None:
    site.window = 1
    site.publish()
    reader = Reader(site)
    reader.pull()
    site.publish()
    reader.pull()
    connector = reader.connector()
    list(connector.pull(reader.cursor))
    site.trouble = "missing"
    known = [Known(one.native_id, one.fingerprint, "", one.address) for one in reader.held.values()]
    assert Found.GONE not in {told.found for told in connector.refetch(known)}


# -- which entry is which -----------------------------------------------------------


def test_tracking_in_addresses_and_ids_makes_no_new_entry(site: FeedServer) -> None:
    post = site.publish()
    for kind in ("rss2", "rss091"):
        reader = Reader(site, kind)
        for place in range(3):
            site.tracking = f"?utm_source=rss&utm_campaign={place}"
            post.id = f"{site.url}{post.path}?utm_content={place}"
            reader.pull()
        assert len(reader.held) == 1, kind


def test_an_id_made_anew_each_time_makes_no_new_entry_and_a_moved_permalink_neither(site: FeedServer) -> None:
    posts = [site.publish() for _ in range(3)]
    reader = Reader(site)
    reader.pull()
    for place in range(3):
        for post in posts:
            post.id = f"urn:uuid:{place}-{post.number}"
        reader.pull()
    assert len(reader.held) == 3
    for post in posts:
        post.path, post.id = f"nytt/{post.number}", f"{site.url}nytt/{post.number}"
    assert len(reader.pull()) == 3
    assert len(reader.held) == 3


def test_entries_that_share_an_id_are_all_kept_and_stay_who_they_are(site: FeedServer) -> None:
    first = site.publish()
    reader = Reader(site)
    reader.pull()
    for _ in range(4):
        site.publish().id = first.id
    for _ in range(3):
        assert len(reader.pull()) in (0, 5)
        site.edit(first, f"<p>Ändrad {site.changes}</p>")
    assert len(reader.held) == 5
    assert len({one.title for one in reader.held.values()}) == 5
    told = reader.look()
    assert {answer.found for answer in told.values()} <= {Found.SAME, Found.CHANGED}
    assert len(told) == 5


def test_an_entry_that_is_served_twice_is_kept_once(site: FeedServer) -> None:
    site.publish().twice = True
    assert len(Reader(site).pull()) == 1


def test_an_empty_feed_is_no_trouble_and_nothing_is_forgotten(site: FeedServer) -> None:
    reader = Reader(site)
    assert reader.pull() == {}
    site.publish()
    reader.pull()
    kept, site.posts = site.posts, []
    reader.pull()
    site.posts = kept
    assert len(reader.pull()) == 1


def test_the_cursor_says_only_what_it_must(site: FeedServer) -> None:
    reader = Reader(site)
    for _ in range(10):
        site.publish()
    reader.pull()
    assert len(str(reader.cursor)) < 4000
