"""Each odd feed is read right, or refused with a word, and never holds anybody up (D1, D18)."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import feedparser
import pytest

from connectors.odd_feeds import ODD, Odd, item, rss
from uppsikt.connectors.base import Captured, Kind, RawResponse, Trouble
from uppsikt.connectors.feed import keys, parsing
from uppsikt.connectors.feed.documents import Document, Entry, File
from uppsikt.connectors.feed.reading import Whose, captured

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLACE = "https://almby.example/flode/rss.xml"


def document(body: bytes, called: str = "application/rss+xml") -> Document:
    return parsing.read(RawResponse(PLACE, 200, NOW, body, {"content-type": called}))


def readings(told: Document) -> list[Captured]:
    keyed = keys.Memory().assign("post", told.entries)
    return [captured(key, entry, told, Whose(Kind.POST, "https://almby.example/", "Almby")) for key, entry in keyed]


@pytest.mark.parametrize("name", ODD)
def test_d18_an_odd_feed_is_read_right_or_refused_with_a_word(name: str) -> None:
    odd: Odd = ODD[name]
    if odd.word:
        with pytest.raises(Trouble) as told:
            document(odd.body, odd.called)
        assert told.value.code == odd.word
        return
    read = document(odd.body, odd.called)
    found = readings(read)
    assert len(read.bad) == odd.bad
    if "count" in odd.more:
        assert len(found) == odd.more["count"]
        return
    assert [one.title for one in found] == [title for title, _, _ in odd.entries]
    for one, (_, text, at) in zip(found, odd.entries, strict=True):
        assert text is None or one.text == text
        assert (one.published_at.isoformat() if one.published_at else None) == at
        assert "\x00" not in f"{one.title}{one.text}{one.html}{one.reading}"
    said = {remark for one in found for remark in one.remarks} | read.remarks
    assert said >= odd.remarks
    assert said - odd.remarks <= {"mended_xml"}


def test_relative_addresses_are_made_whole_by_the_nearest_base() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.example/a/"><entry xml:base="b/"><id>1</id>'
        b'<title>Ett</title><link href="ett.html"/><link rel="enclosure" href="/ljud.mp3" type="audio/mpeg"/>'
        b'<content type="html" xml:base="bilder/">&lt;img src="x.png" alt="En b\xc3\xa5t"&gt;</content></entry></feed>'
    )
    [one] = readings(document(body))
    assert one.address == "https://cdn.example/a/b/ett.html"
    assert [(file.address, file.alt) for file in one.attachments] == [
        ("https://cdn.example/ljud.mp3", ""), ("https://cdn.example/a/b/bilder/x.png", "En båt"),
    ]  # fmt: skip
    [other] = readings(document(rss(item(text="&lt;img src='x.png'&gt;", more="<link>/nyhet/1</link>"))))
    assert other.address == "https://almby.example/nyhet/1"
    assert [file.address for file in other.attachments] == ["https://almby.example/nyhet/x.png"]


def test_hostile_addresses_open_nothing() -> None:
    more = "<link>javascript:alert(1)</link><enclosure url='data:text/html,x'/><enclosure url='file:///etc/passwd'/>"
    [one] = readings(document(rss(item(more=more))))
    assert (one.address, one.attachments) == ("", ())


def test_the_place_of_an_entry_is_told() -> None:
    told = document(rss(item("Ett") + item("Två")))
    assert [entry.place for entry in told.entries] == ["/rss[1]/channel[1]/item[1]", "/rss[1]/channel[1]/item[2]"]


def test_an_entry_without_an_id_is_known_by_what_it_has() -> None:
    base = {"title": "Ett", "published": "2026"}
    cases = [
        ({"link": "https://a.example/1/?utm_source=x&b=2"}, "post/link:a.example/1?b=2"),
        ({"id": "HTTP://A.example/1;jsessionid=9?PHPSESSID=8"}, "post/a.example/1"),
        ({"files": [File("https://a.example/1.mp3")]}, "post/file:a.example/1.mp3"),
        ({"id": "tag:a,2026:1"}, "post/tag:a,2026:1"),
    ]
    for given, key in cases:
        assert keys.of("post", Entry("", **base, **given)) == key  # type: ignore[arg-type]
    assert keys.of("post", Entry("", **base)).startswith("post/said:")
    assert keys.of("post", Entry("", plain="Hej")).startswith("post/text:")
    assert len(keys.of("post", Entry("", id="x" * 5000))) < 100


def test_the_reader_agrees_with_feedparser_on_what_is_well_formed() -> None:
    """feedparser is who knows feeds; where XML is whole we read it ourselves, and must come to the same."""
    compared = 0
    for name, odd in ODD.items():
        if odd.word or odd.bad or not odd.body.startswith((b"<?xml", b"<feed", b"<rss")) or len(odd.body) > 50_000:
            continue
        told = feedparser.parse(odd.body, sanitize_html=False, resolve_relative_uris=False)
        if told.bozo:
            continue
        ours = document(odd.body, odd.called)
        assert len(ours.entries) == len(told.entries), name
        for one, other in zip(ours.entries, told.entries, strict=True):
            assert one.id == other.get("id", ""), name
            assert one.title == parsing.rss_atom.plain(other.get("title", "")), name
            compared += 1
    assert compared > 20


def test_bytes_at_random_are_read_or_refused_and_never_a_fault() -> None:
    chance = random.Random(5)
    whole = [odd.body for odd in ODD.values() if 0 < len(odd.body) < 5000]
    for _ in range(600):
        body = bytearray(chance.choice(whole))
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(body))
            deed = chance.randrange(3)
            if deed == 0:
                body[at] = chance.randrange(256)
            elif deed == 1:
                del body[at : at + chance.randrange(1, 40)]
            else:
                body[at:at] = bytes(body[:at][-chance.randrange(1, 60) :])
            body = body or bytearray(b"<")
        try:
            found = readings(document(bytes(body)))
        except Trouble as told:
            assert told.code in {"not_feed", "login_wall", "unsafe_feed", "broken_feed"}
            continue
        for one in found:
            assert len(one.native_id) <= 300
            assert "\x00" not in f"{one.native_id}{one.title}{one.text}{one.html}{one.address}{one.author}{one.reading}"
            f"{one.native_id}{one.title}{one.text}{one.html}{one.reading}".encode()
