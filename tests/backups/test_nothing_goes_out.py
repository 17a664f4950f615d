"""A restored copy never sends again what was sent after the backup (D35: an answer goes out once)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

import factories
from records.conftest import Connected, connected
from records.test_sending import LATER, bring_on, write
from uppsikt.channels import actions as channels
from uppsikt.channels import connecting, jobs, sending
from uppsikt.channels import restored as channels_restored
from uppsikt.channels.models import Channel, Secret
from uppsikt.connectors.base import Reconnect
from uppsikt.inbox import experts, forwards, reminders
from uppsikt.kernel import intents, trail
from uppsikt.kernel.models import Intent
from uppsikt.notices.models import Letter
from uppsikt.web import restored

__all__ = ["connected"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def in_flight(connected: Connected) -> Iterator[dict[str, Intent]]:
    """One intent in each state that a backup can catch it in."""
    now = timezone.now()
    found = {name: write(connected, f"Svar {name}.") for name in ("written", "trying", "unknown", "done")}
    intents.start(found["trying"], by=sending.PUBLISHER, now=now)
    intents.start(found["unknown"], by=sending.PUBLISHER, now=now)
    intents.trouble("lose", found["unknown"], kind="unknown", code="x", facts={}, by=sending.PUBLISHER, now=now)
    bring_on(found["done"])
    yield found


def hold() -> restored.Held:
    """What a restore does last."""
    return restored.hold("20261122T023000Z-abcdef")


def outward_jobs() -> int:
    """Jobs that would reach people or networks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing') AND queue_name IN ('send', 'mail')"
        )
        return int(cursor.fetchone()[0])


def test_d35_nothing_is_sent_by_itself_after_a_restore(connected: Connected, in_flight: dict[str, Intent]) -> None:
    before = connected.replies()
    held = hold()
    assert (held.channels, held.intents) == (1, 3)
    assert outward_jobs() == 0
    assert set(Channel.objects.values_list("state", flat=True)) == {"paused"}
    for intent in Intent.objects.exclude(pk=in_flight["done"].pk):
        assert (intent.state, intent.needs_person, intent.error_code) == ("unknown", True, "restored")
        for moment in (timezone.now(), timezone.now() + LATER, timezone.now() + timedelta(days=3)):
            bring_on(intent, moment)  # should a job be left after all
    waiting = outward_jobs()
    jobs.forgotten.func.__wrapped__(timestamp=0)  # type: ignore[attr-defined]  # functools.wraps sets it
    assert outward_jobs() == waiting
    assert connected.replies() == before


def test_d35_started_again_a_channel_finds_what_was_sent_since_and_leaves_the_rest_to_a_person(
    connected: Connected, in_flight: dict[str, Intent]
) -> None:
    """The original sent one of them after the backup. The copy finds that one, and sends neither."""
    connection.cursor().execute("CREATE TEMP TABLE backed_up AS SELECT * FROM kernel_intent")
    assert bring_on(in_flight["written"]).state == "done"  # after the backup, at the original
    Intent.objects.filter(pk=in_flight["written"].pk).update(state="written", attempts=0, tried_at=None, result={})
    before = connected.replies()
    hold()
    channel = Channel.objects.get(pk=connected.channel.pk)
    channels.resume(channel, by=factories.person().doer, now=timezone.now())
    assert outward_jobs() == 3, "each is looked for"
    assert bring_on(in_flight["written"]).state == "done"
    for name in ("trying", "unknown"):
        intent = bring_on(in_flight[name], timezone.now() + LATER)
        assert (intent.state, intent.needs_person) == ("unknown", True)
    assert connected.replies() == before
    sending.settle(in_flight["trying"], is_there=False, by=factories.person().doer, now=timezone.now())
    sending.retry(in_flight["trying"], by=factories.person().doer, now=timezone.now())
    assert bring_on(in_flight["trying"]).state == "done", "a person may send it"
    assert len(connected.replies()) == len(before) + 1


def test_the_trail_says_what_was_held_and_why(connected: Connected, in_flight: dict[str, Intent]) -> None:
    hold()
    hold()
    last = list(trail.steps_of(in_flight["written"]))[-1]
    assert (last.name, last.before, last.facts["error_facts"]["was"]) == ("restored", "written", "written")
    paused = [step for step in trail.steps_of(connected.channel) if step.name == "pause"]
    assert len(paused) == 1
    assert "20261122T023000Z-abcdef" in paused[0].reason


def test_letters_that_waited_are_not_sent_twice(connected: Connected) -> None:
    Letter.objects.create(to="a@alvsta.example", subject="Hej", text="Hej", written_at=timezone.now())
    sent = Letter.objects.create(to="b@alvsta.example", subject="Hej", text="Hej", written_at=timezone.now())
    Letter.objects.filter(pk=sent.pk).update(sent_at=timezone.now())
    hold()
    assert list(Letter.objects.values_list("to", flat=True)) == ["b@alvsta.example"]


def test_d35_nobody_is_hurried_before_the_channel_is_started(connected: Connected) -> None:
    """Expert and officer may both have answered after the backup; reminders wait for whoever starts the channel."""
    now = timezone.now()
    officer = factories.officer(connected.channel)
    case = factories.case(connected.channel, now=now, at=now)
    asked, _link = forwards.forward(case, question="?", by=officer, now=now, email="sakkunnig@alvsta.example")
    late = case.due_at + timedelta(days=1)
    held = hold()
    assert held.questions == 1, "its letter waited when the backup was made"
    assert [step.name for step in trail.steps_of(asked)] == ["send", "letter_let_go"]
    client = Client()
    client.force_login(officer)
    assert "skickades inte härifrån" in client.get(f"/inkorg/{case.pk}/").content.decode()
    assert (reminders.remind(now=late), experts.remind(now=late)) == (0, 0)
    assert not Letter.objects.exists()
    channels.resume(Channel.objects.get(pk=connected.channel.pk), by=officer.doer, now=now)
    assert (reminders.remind(now=late), experts.remind(now=late)) == (1, 1)
    channels.pause(Channel.objects.get(pk=connected.channel.pk), reason="x", by=officer.doer, now=late)
    assert not channels_restored.held().exists(), "a pause by a person hides no deadline"
    hold()
    assert channels_restored.held().count() == 1


def test_without_the_key_for_credentials_a_channel_asks_to_be_connected_again(connected: Connected) -> None:
    Secret.objects.filter(channel=connected.channel).update(locked=b"locked with a key that is lost")
    with pytest.raises(Reconnect) as error, connecting.opened(connected.channel):
        raise AssertionError("it must not open")
    assert error.value.code == "locked"
    connected.pull()
    connected.channel.refresh_from_db()
    assert connected.channel.trouble_code == "locked", "said on the channel, with what to do; nothing crashes"
