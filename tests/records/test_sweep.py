"""Edits and deletions are found by asking again, against a real practice network (D18, D40)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from records.conftest import Connected
from uppsikt.channels import connecting
from uppsikt.connectors.base import Reconnect
from uppsikt.kernel import blobs, trail
from uppsikt.notices.models import Notice
from uppsikt.records import sweep
from uppsikt.records.models import Item, RawResponse


def look(connected: Connected, minutes: float) -> None:
    """Sweep as if so many minutes had passed."""
    now = timezone.now() + timedelta(minutes=minutes)
    with connecting.opened(connected.channel) as connector:
        sweep.sweep(connected.channel, connector, now=now)


def test_an_edit_becomes_a_second_version_and_the_first_stays(connected: Connected) -> None:
    comment = connected.comment("Är simhalen öppen?")
    connected.pull()
    connected.network.control("POST", "edit", item=comment, text="Är simhallen öppen?")
    look(connected, 60)
    item = connected.item(comment)
    assert [version.text for version in item.versions.order_by("number")] == [
        "Är simhalen öppen?",
        "Är simhallen öppen?",
    ]


def test_d40_a_tombstone_takes_two_looks_an_interval_apart(connected: Connected) -> None:
    comment = connected.comment("Det här ångrar jag.")
    connected.pull()
    connected.network.control("POST", "delete", item=comment)
    look(connected, 60)
    assert connected.item(comment).state == "visible"
    look(connected, 62)
    assert connected.item(comment).state == "visible", "two minutes later is too soon for a second look to count"
    look(connected, 71)
    item = connected.item(comment)
    assert item.state == "gone"
    steps = {step.name: step for step in trail.steps_of(item)}
    raw = RawResponse.objects.get(pk=steps["lose"].facts["raw"])
    assert raw.status in {404, 410}
    assert blobs.read(raw.blob_id)
    assert item.version is not None
    assert item.version.text == "Det här ångrar jag.", "the words stay when the network has let go of them"


def test_one_look_that_says_gone_is_forgotten_when_the_next_finds_it(connected: Connected) -> None:
    comment = connected.comment("Jag finns.")
    connected.pull()
    Item.objects.filter(native_id=comment).update(gone_seen_at=timezone.now())
    look(connected, 60)
    item = connected.item(comment)
    assert (item.state, item.gone_seen_at) == ("visible", None)


def test_a_dead_token_is_a_trouble_and_a_notice_never_a_tombstone(connected: Connected) -> None:
    comment = connected.comment("Jag finns.")
    connected.pull()
    connected.network.control("POST", "tokens/revoke", handle="provet")
    with pytest.raises(Reconnect):
        look(connected, 60)
    pulled = connected.pull()
    assert isinstance(pulled.trouble, Reconnect)
    connected.channel.refresh_from_db()
    assert connected.channel.trouble_kind == "reconnect"
    assert Notice.objects.filter(person=connected.channel.responsible, kind="channel_trouble").count() == 1
    connected.pull()
    assert Notice.objects.count() == 1, "the same trouble is told once"
    assert connected.item(comment).state == "visible"


def test_a_site_that_is_down_is_tried_again_and_loud_only_when_it_lasts(connected: Connected) -> None:
    connected.trouble("down")
    for attempt in (1, 2, 3):
        pulled = connected.pull()
        assert pulled.trouble is not None
        assert Notice.objects.count() == (1 if attempt == 3 else 0)
    connected.calm()
    comment = connected.comment("Nu är allt bra.")
    assert connected.pull().trouble is None
    connected.channel.refresh_from_db()
    assert (connected.channel.trouble_code, connected.channel.trouble_count) == ("", 0)
    assert connected.item(comment)
    assert [step.name for step in trail.steps_of(connected.channel)][-2:] == ["trouble", "well"]


def test_an_etag_is_not_kept_before_what_it_stands_for(connected: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between reading and keeping: the next look must not be told "not modified"."""
    comment = connected.comment("Före.")
    connected.pull()
    look(connected, 60)
    connected.network.control("POST", "edit", item=comment, text="Efter.")

    def crash(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("uppsikt.records.sweep.intake.take_in", crash)
        with pytest.raises(KeyboardInterrupt):
            look(connected, 120)
    look(connected, 121)
    item = connected.item(comment)
    assert item.version is not None
    assert item.version.text == "Efter."
