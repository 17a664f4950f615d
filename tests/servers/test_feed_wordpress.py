"""A real WordPress read by its feeds alone, as when its REST API is shut (D1, D18, D40)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from servers.wordpress_server import WordPressServer
from uppsikt.connectors.base import Captured, Found, Kind, Known, Recognition, Refetched
from uppsikt.connectors.feed import FeedReader, recognise
from uppsikt.net import Client, Limits

pytestmark = pytest.mark.server


class Reader:
    """A connector as the product makes it, an hour and more between two pulls since WordPress asks for that."""

    def __init__(self, site: WordPressServer, found: Recognition) -> None:
        self.site, self.found, self.cursor, self.now = site, found, dict[str, Any](), datetime.now(UTC)
        self.held: dict[str, Captured] = {}

    def connector(self) -> FeedReader:
        client = Client(Limits(allow_private=frozenset({self.site.host})))
        return FeedReader(client, self.found.settings, {"own_name": "redaktion"}, lambda: self.now)

    def pull(self) -> dict[str, Captured]:
        self.now += timedelta(minutes=61)
        found: dict[str, Captured] = {}
        for batch in self.connector().pull(self.cursor):
            found |= {item.native_id: item for item in batch.items}
            self.cursor = dict(batch.cursor)
        self.held |= found
        return found

    def look(self) -> dict[str, Refetched]:
        known = [Known(one.native_id, one.fingerprint, "", one.address) for one in self.held.values()]
        return {told.native_id: told for told in self.connector().refetch(known)}

    def said(self, text: str) -> Captured:
        [one] = [one for one in self.held.values() if one.text == text] or [None]
        assert one, sorted((item.kind.value, item.text) for item in self.held.values())
        return one


@pytest.mark.parametrize("kind", ["", "atom"])
def test_d1_d40_a_wordpress_is_read_by_its_feeds(kind: str, site: WordPressServer) -> None:
    site.php("foreach (get_posts(['numberposts' => -1]) as $p) { wp_delete_post($p->ID, true); } return 1;")
    first = site.create_post("Badet öppnar", "<p>Simhallen öppnar <b>i morgon</b> – välkomna!</p>")
    posts = [first, *(site.create_post(f"Nyhet {number}", "<p>Läs mer</p>") for number in range(14))]
    asked = site.insert_comment(first, "Maria L.", "När öppnar <b>badet</b>?")
    site.insert_comment(first, "redaktion", "Klockan åtta.", comment_parent=asked)
    client = Client(Limits(allow_private=frozenset({site.host})))
    found = recognise(f"{site.url}feed/{kind}", client)
    assert found is not None
    assert (found.name, found.network) == ("Almby kommuns blogg", "feed")
    assert found.settings["comments"]
    reader = Reader(site, found)
    reader.pull()
    held = [one for one in reader.held.values() if one.kind is Kind.POST]
    assert len(held) == 15, "WordPress shows ten: the page behind was read"
    question, answer = reader.said("När öppnar badet?"), reader.said("Klockan åtta.")
    post = next(one for one in held if one.title == "Badet öppnar")
    assert post.text == "Simhallen öppnar i morgon – välkomna!"
    assert (question.direction.value, answer.direction.value) == ("received", "drawn_up")
    assert {question.thread_id, answer.thread_id} == {post.native_id}
    assert (question.parent_id, answer.parent_id) == (post.native_id, question.native_id)
    assert (post.published_at, question.published_at) != (None, None)
    # Nothing has happened: all that is held is still there, in the feed or at its own address.
    told = reader.look()
    assert {one.found for one in told.values()} == {Found.SAME}
    assert len(told) == len(reader.held)
    # Edited in the window, deleted in it and out of it, and a comment taken away.
    site.edit_post(posts[-1], post_content="<p>Ändrat</p>")
    site.delete_post(first)
    site.delete_post(posts[-2])
    told = reader.look()
    assert told[next(one.native_id for one in held if one.title == "Nyhet 13")].found is Found.CHANGED
    gone = {reader.held[key].title or reader.held[key].text for key, one in told.items() if one.found is Found.GONE}
    assert gone == {"Badet öppnar", "Nyhet 12", "När öppnar badet?", "Klockan åtta."}


def test_d40_a_deleted_comment_is_gone_and_one_that_is_there_is_not(site: WordPressServer) -> None:
    post = site.create_post("Vintervägar", "<p>Nu plogar vi.</p>")
    kept, lost = (site.insert_comment(post, "Ali", text) for text in ("Tack!", "Ångrar mig"))
    found = recognise(site.url, Client(Limits(allow_private=frozenset({site.host}))))
    assert found is not None
    reader = Reader(site, found)
    reader.pull()
    assert kept
    site.php(f"wp_delete_comment({lost}, true); return 1;")
    told = reader.look()
    assert told[reader.said("Ångrar mig").native_id].found is Found.GONE
    assert told[reader.said("Tack!").native_id].found is Found.SAME
