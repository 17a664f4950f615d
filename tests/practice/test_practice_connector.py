"""The connector against a real practice network (D1, D18, D35, D40): nothing lost, each trouble by its name."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from practice_network import Network
from uppsikt import net
from uppsikt.connectors import base, practice, registry

SINCE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def client(network: Network) -> Iterator[net.Client]:
    """A client that may reach this one server, and soon loses patience."""
    limits = net.Limits(connect=2, read=1.5, total=3, max_bytes=200_000, allow_private=frozenset({network.host}))
    with net.Client(limits) as made:
        yield made


def connector(network: Network, client: net.Client, token: str, handle: str = "") -> practice.Practice:
    settings = {"base": network.base, "handle": handle}
    return practice.Practice(client, settings, {"token": token}, lambda: datetime.now(UTC))


def pulled(made: practice.Practice, cursor: base.JSON) -> tuple[list[base.Captured], base.JSON]:
    items: list[base.Captured] = []
    for batch in made.pull(cursor):
        assert not batch.bad
        items += batch.items
        cursor = batch.cursor
    json.dumps(cursor)  # it can be kept
    return items, cursor


def ids(items: Iterable[base.Captured]) -> list[str]:
    return [item.native_id for item in items]


def at_place(item: base.Captured) -> Any:
    found = json.loads(item.raw.body)
    for part in item.place.split("/")[1:]:
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def test_an_address_is_recognised_and_says_what_it_needs(network: Network, client: net.Client) -> None:
    network.open("torget")
    for address in (f"{network.base}/@torget", f"{network.base}/@torget/post/1"):
        found = registry.recognise(address, client)
        assert (found.network, found.name) == ("practice", "Kontot torget")
        assert found.settings == {"base": network.base, "handle": "torget"}
        assert found.needs == (base.Need("token", secret=True),)
    bare = practice.recognise(network.base, client)
    assert bare is not None
    assert bare.settings == {"base": network.base, "handle": ""}
    with pytest.raises(base.Gone):
        practice.recognise(f"{network.base}/@finns-inte", client)
    network.control("POST", "troubles", kind="html", path="/.well-known", count=1)
    assert practice.recognise(f"{network.base}/@torget", client) is None


def test_check_says_who_we_are(network: Network, client: net.Client) -> None:
    token, micro = network.open("torget"), network.open("korta", "microblog")
    profile = connector(network, client, token, "torget").check()
    assert (profile.name, profile.logged_in_as, profile.address) == (
        "Kontot torget",
        "torget",
        f"{network.base}/@torget",
    )
    assert profile.can == {base.Can.POST, base.Can.REPLY, base.Can.HIDE, base.Can.REMOVE}
    assert connector(network, client, micro).check().can == {base.Can.POST, base.Can.REPLY}
    with pytest.raises(base.Reconnect):
        connector(network, client, micro, "torget").check()


def test_what_the_account_likes_and_follows_is_read_and_what_could_not_be_read_is_told(
    network: Network, client: net.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D32, D33."""
    made = connector(network, client, network.open("torget"))
    assert made.follows() == base.Follows(())
    # Whoever names a page may name it anything; the same page liked and followed is two things.
    pages = [("like", "Hembygd\x00en", "https://a.example/1"), ("follow", "SMHI", "https://a.example/1")]
    pages += [("follow", f"Sida {number}", f"https://b.example/{number}") for number in range(3)]
    for bond, name, url in pages:
        network.control("POST", "follow", handle="torget", bond=bond, name=name, url=url)
    monkeypatch.setattr(practice, "PAGE", 2)
    told = made.follows()
    assert told.whole
    assert [(one.bond.value, one.name, one.address) for one in told.found] == [
        ("like", "Hembygden", "https://a.example/1"),
        *pages[1:],
    ]
    monkeypatch.setattr(practice, "MOST_FOLLOW_PAGES", 2)
    cut = made.follows()
    assert (len(cut.found), cut.whole) == (4, False)
    monkeypatch.setattr(practice, "PAGE", 100)
    network.control("POST", "follow", handle="torget", bond="like", name="Fälla", url="javascript:alert(1)")
    unread = made.follows()
    assert (len(unread.found), unread.whole) == (5, False)
    for kind, code in (("html", "not_json"), ("nonsense", "wrong_shape"), ("error", "site_down")):
        network.control("POST", "troubles", kind=kind, count=1, path="/api/v1/follows")
        with pytest.raises(base.Trouble) as trouble:
            made.follows()
        assert trouble.value.code == code


def test_everything_said_is_read_once_and_edits_come_again(network: Network, client: net.Client) -> None:
    """D18: every item and every wording."""
    token = network.open("torget")
    post = network.say("Utsikt", handle="torget", alt="Landskap")
    first = network.say("Hej", to=post, name="Eva 🦫")
    second = network.say("Svar", to=first)
    made = connector(network, client, token)
    items, cursor = pulled(made, {})
    assert ids(items) == [post, first, second]
    said = {item.native_id: item for item in items}
    assert [said[one].direction.value for one in (post, first, second)] == ["drawn_up", "received", "drawn_up"]
    assert [said[one].thread_id for one in (post, first, second)] == [post, first, first]
    assert [said[one].parent_id for one in (post, first, second)] == ["", post, first]
    assert said[first].author.name == "Eva 🦫"
    assert said[first].published_at == SINCE
    assert said[first].address == f"{network.base}/@torget/{post}#{first.replace('/', '-')}"
    assert [one.alt for one in said[post].attachments] == ["Landskap"]
    assert all(at_place(item)["text"] == item.text for item in items)
    assert pulled(made, cursor) == ([], cursor)
    network.control("POST", "like", item=first)
    assert pulled(made, cursor)[0] == []
    network.control("POST", "edit", item=first, text="Hej igen")
    network.control("POST", "state", item=first, state="hidden")
    (again,), _ = pulled(made, cursor)
    assert (again.text, again.visibility) == ("Hej igen", base.Visibility.HIDDEN)
    assert again.edited_at is not None
    assert again.fingerprint != said[first].fingerprint


def test_a_pull_goes_on_where_it_stood(network: Network, client: net.Client) -> None:
    token = network.open("torget")
    post = network.say("Inlägg", handle="torget")
    said = [network.say(f"Nummer {number}", to=post, name="Eva") for number in range(230)]
    made = connector(network, client, token)
    batches = []
    for batch in made.pull({}):
        batches.append(batch)
        if len(batches) == 2:
            break
    assert [batch.expected for batch in batches] == [230, 130], (
        "the posts before the comments, and what is left of both"
    )
    rest, _ = pulled(made, batches[-1].cursor)
    assert ids([*batches[0].items, *batches[1].items, *rest]) == [post, *said]


def test_asking_again_tells_same_changed_and_gone(network: Network, client: net.Client) -> None:
    token = network.open("torget")
    post = network.say("Inlägg", handle="torget")
    said = [network.say(f"Nummer {number}", to=post, name="Eva") for number in range(4)]
    made = connector(network, client, token)
    items, _ = pulled(made, {})
    first = {one.native_id: one for one in made.refetch([base.Known(i.native_id, i.fingerprint) for i in items])}
    assert {one.found for one in first.values()} == {base.Found.SAME}
    known = [base.Known(i.native_id, i.fingerprint, first[i.native_id].etag) for i in items]
    assert [one.raw.status for one in made.refetch(known) if one.raw] == [304] * 5
    network.control("POST", "like", item=said[0])
    network.control("POST", "edit", item=said[1], text="Annat")
    network.control("POST", "state", item=said[2], state="hidden")
    network.control("POST", "delete", item=said[3])
    found = {one.native_id: one for one in made.refetch([*known, base.Known("comment/999")])}
    assert [found[one].found.value for one in [*said, "comment/999"]] == ["same", "changed", "changed", "gone", "gone"]
    assert found[said[2]].item is not None
    assert found[said[2]].item.visibility is base.Visibility.HIDDEN  # type: ignore[union-attr]
    assert found[said[3]].raw is not None


def test_a_page_in_place_of_the_network_is_not_a_deletion(network: Network, client: net.Client) -> None:
    """D40: something else that answers 404 at the address must never make tombstones."""
    token = network.open("torget")
    said = network.say("Inlägg", handle="torget")
    lost = practice.Practice(client, {"base": f"{network.base}/nej"}, {"token": token}, lambda: datetime.now(UTC))
    with pytest.raises(base.Permanent) as trouble:
        list(lost.refetch([base.Known(said)]))
    assert trouble.value.code == "not_json"


def test_an_answer_is_published_once_and_found_again(network: Network, client: net.Client) -> None:
    token = network.open("bild", "photo")
    asked = network.say("Fråga?", to=network.say("Inlägg", handle="bild"), name="Eva")
    made = connector(network, client, token)
    sent = made.reply(asked, "Svar\n\nAnna Ek, bibliotekarie, Älvsta bibliotek", "intent-1")
    again = made.reply(asked, "Svar\n\nAnna Ek, bibliotekarie, Älvsta bibliotek", "intent-1")
    assert sent.native_id == again.native_id
    assert sent.item is not None
    assert sent.item.direction is base.Direction.DRAWN_UP
    assert sent.item.parent_id == asked
    by_key = made.find_sent(asked, "andra ord", "intent-1", SINCE)
    assert by_key is not None
    assert by_key.native_id == sent.native_id
    assert made.find_sent(asked, "Svar", "intent-2", SINCE) is None
    deeper = network.say("Men?", to=sent.native_id, name="Eva")
    answer = made.reply(deeper, "Jo", "intent-3")
    assert answer.item is not None
    assert answer.item.parent_id == asked  # too shallow to nest: it is put beside
    found = made.find_sent(deeper, "Jo", "intent-3", SINCE)
    assert found is not None
    assert found.native_id == answer.native_id
    by_hand = network.say("Skrivet för hand", to=asked)
    found = made.find_sent(asked, "skrivet för hand", "intent-4", SINCE)
    assert found is not None
    assert found.native_id == by_hand


def test_an_answer_whose_receipt_was_lost_is_unknown_and_then_found(network: Network, client: net.Client) -> None:
    """D35, D40: never blindly twice."""
    token = network.open("torget")
    asked = network.say("Fråga?", to=network.say("Inlägg", handle="torget"), name="Eva")
    made = connector(network, client, token)
    for number, kind in enumerate(("drop_after", "error", "html", "slow")):
        network.control("POST", "troubles", kind=kind, count=1, method="POST", seconds=2)
        with pytest.raises(base.Unknown):
            made.reply(asked, "Svar", f"intent-{kind}")
        found = made.find_sent(asked, "Svar", f"intent-{kind}", SINCE)
        if kind == "drop_after":
            assert found is not None
        sent = made.reply(asked, "Svar", f"intent-{kind}")
        assert found is None or found.native_id == sent.native_id
        assert len([one for one in network.dump() if one["text"] == "Svar"]) == number + 1


TROUBLES: Mapping[str, tuple[type[base.Trouble], str]] = {
    "error": (base.Retry, "site_down"),
    "html": (base.Permanent, "not_json"),
    "nonsense": (base.Permanent, "wrong_shape"),
    "down": (base.Retry, "site_down"),
    "slow": (base.Retry, "timeout"),
    "drip": (base.Retry, "too_slow"),
}


@pytest.mark.parametrize("kind", TROUBLES)
def test_each_trouble_has_its_name(network: Network, client: net.Client, kind: str) -> None:
    made = connector(network, client, network.open("torget"))
    network.say("Inlägg " * 20, handle="torget")
    network.control("POST", "troubles", kind=kind, seconds=0.2 if kind == "drip" else 3)
    expected, code = TROUBLES[kind]
    with pytest.raises(expected) as trouble:
        list(made.pull({}))
    assert trouble.value.code == code
    network.control("DELETE", "troubles")
    assert len(pulled(made, {})[0]) == 1


def test_tokens_and_limits_have_their_words(network: Network, client: net.Client) -> None:
    token = network.open("torget")
    asked = network.say("Inlägg", handle="torget")
    made = connector(network, client, token)
    network.control("POST", "troubles", kind="rate_limit", count=1, seconds=9)
    with pytest.raises(base.Quota) as quota:
        made.check()
    assert (quota.value.code, quota.value.after) == ("rate_limited", 9)
    with pytest.raises(base.Reconnect) as wrong:
        connector(network, client, "ovning-fel").check()
    assert wrong.value.code == "wrong_key"
    with pytest.raises(base.Permanent) as long:
        made.reply(asked, "x" * 8001, "intent-1")
    assert long.value.code == "rejected"
    assert "8000" in long.value.facts["why"]
    with pytest.raises(base.Gone):
        made.reply("comment/999", "Hej", "intent-2")
    network.control("POST", "tokens/revoke", handle="torget")
    for act in (made.check, lambda: list(made.pull({})), lambda: made.reply(asked, "Hej", "intent-3")):
        with pytest.raises(base.Reconnect) as revoked:
            act()
        assert revoked.value.code == "revoked_key"
        assert token not in str(revoked.value.facts)
    network.stop(signal.SIGKILL)
    with pytest.raises(base.Retry) as down:
        made.check()
    assert down.value.code == "site_down"


def test_the_token_goes_nowhere_unencrypted_unless_allowed(network: Network) -> None:
    token = network.open("torget")
    with net.Client() as strict, pytest.raises(base.Permanent) as trouble:
        connector(network, strict, token).check()
    assert trouble.value.code in ("insecure", "private_address")


def test_hostile_words_are_taken_clean(network: Network, client: net.Client) -> None:
    token = network.open("torget")
    hostile = "Hej\x00 \u202egnäl\u202c <script>alert(1)</script>\x07"
    said = network.say(hostile, to=network.say("Inlägg", handle="torget"), name="E\x00va")
    item = {one.native_id: one for one in pulled(connector(network, client, token), {})[0]}[said]
    assert item.text == "Hej \u202egnäl\u202c <script>alert(1)</script>"
    assert item.author.name == "Eva"
    assert item.remarks == ("control", "nul")


def test_a_list_that_never_ends_is_left_and_gone_on_with_at_the_next_pull(
    network: Network, client: net.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = network.open("lang")
    post = network.say("Nu plogar vi.", handle="lang")
    said = {network.say(f"Kommentar {number}", to=post, name="Maria") for number in range(9)}
    monkeypatch.setattr(practice, "PAGE", 2)
    monkeypatch.setattr(practice, "MOST_PAGES", 2)
    made = connector(network, client, token)
    found, pulls = set[str](), 0
    reached: base.JSON = {}
    while not said <= found:
        items, reached = pulled(made, reached)
        assert len(items) <= 1 + 2 * 2
        found |= {item.native_id for item in items}
        pulls += 1
        assert pulls < 9
    assert pulls == 3
