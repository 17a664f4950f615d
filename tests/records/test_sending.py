"""Answers go out once: every way a request can end, against a real practice network (D35, D40)."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

import factories
from records.conftest import Connected
from uppsikt.channels import actions, jobs, sending
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.kernel import intents, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent

LATER = timedelta(minutes=30)


def write(connected: Connected, text: str = "Ja, från klockan 6.") -> Intent:
    """An intent to answer a citizen, by somebody with a mandate."""
    comment = connected.comment("Är simhallen öppen?")
    eva = factories.officer(connected.channel)
    return actions.send_reply(connected.channel, to=comment, text=text, publisher=eva, now=timezone.now())


def bring_on(intent: Intent, now: datetime | None = None) -> Intent:
    """What the worker does with it once."""
    sending.publish(intent.pk, now=now or timezone.now())
    intent.refresh_from_db()
    return intent


def test_an_answer_is_published_and_says_where(connected: Connected) -> None:
    intent = bring_on(write(connected))
    assert intent.state == "done"
    assert intent.result["native_id"].startswith("comment/")
    assert connected.replies() == ["Ja, från klockan 6."]
    assert bring_on(intent).state == "done", "a job that runs once more does nothing"
    assert len(connected.replies()) == 1


def test_d21_nothing_goes_out_without_a_mandate_in_force(connected: Connected) -> None:
    now = timezone.now()
    without = factories.person()
    ended = factories.person()
    factories.mandate(ended, connected.channel, until=now - timedelta(days=1))
    elsewhere = factories.officer(factories.channel())
    hides = factories.person()
    factories.mandate(hides, connected.channel, Act.HIDE)
    for person in (without, ended, elsewhere, hides):
        with pytest.raises(Refused) as refused:
            actions.send_reply(connected.channel, to="comment/1", text="Hej", publisher=person, now=now)
        assert refused.value.code == "no_mandate"
    assert Intent.objects.count() == 0


def test_nothing_goes_out_on_a_paused_channel(connected: Connected) -> None:
    eva = factories.officer(connected.channel)
    actions.pause(connected.channel, reason="Semester", by=eva.doer, now=timezone.now())
    with pytest.raises(Refused) as refused:
        actions.send_reply(connected.channel, to="comment/1", text="Hej", publisher=eva, now=timezone.now())
    assert refused.value.code == "channel_not_live"


def test_what_waits_on_a_paused_channel_goes_out_when_it_is_resumed(connected: Connected) -> None:
    """Once: however long the pause, the queue does not fill up with jobs that wait for its end."""
    intent, eva = write(connected), factories.person()
    later = timezone.now() + timedelta(days=3)
    actions.pause(connected.channel, reason="Semester", by=eva.doer, now=timezone.now())
    waiting = publish_jobs()
    with time_machine.travel(later):
        assert bring_on(intent).state == "written"
        jobs.forgotten.func.__wrapped__(timestamp=0)  # type: ignore[attr-defined]  # functools.wraps sets it
        assert publish_jobs() == waiting, "nobody looks again and again"
        actions.resume(connected.channel, by=eva.doer, now=later)
        assert publish_jobs() == waiting + 1
        assert bring_on(intent).state == "done"


def publish_jobs() -> int:
    """How many jobs wait to bring an intent on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'channels.publish'")
        return int(cursor.fetchone()[0])


def test_an_answer_that_was_taken_but_not_acknowledged_is_found_not_repeated(connected: Connected) -> None:
    intent = write(connected)
    connected.trouble("drop_after", method="POST", count=1)
    assert bring_on(intent).state == "unknown"
    assert bring_on(intent).state == "done"
    assert connected.replies() == ["Ja, från klockan 6."]


def test_a_worker_that_died_leaves_a_question_not_a_second_answer(connected: Connected) -> None:
    intent = write(connected)
    intents.start(intent, by=sending.PUBLISHER, now=timezone.now())
    assert bring_on(intent).state == "unknown", "whether it went out, nobody knows yet"
    assert bring_on(intent, timezone.now() + LATER).state == "written", "by now it cannot be under way: it is not there"
    assert bring_on(intent, timezone.now() + LATER).state == "done"
    assert len(connected.replies()) == 1
    assert [step.name for step in trail.steps_of(intent)] == ["write", "try", "lose", "not_there", "try", "done"]


def test_an_answer_that_cannot_be_looked_for_is_put_before_a_person(connected: Connected) -> None:
    intent = write(connected)
    connected.trouble("drop_after", method="POST", count=1)
    assert bring_on(intent).state == "unknown"
    connected.trouble("down")
    assert bring_on(intent, timezone.now() + LATER).needs_person
    connected.calm()
    assert bring_on(intent, timezone.now() + LATER).state == "done", "and we go on looking ourselves"
    assert len(connected.replies()) == 1


@pytest.mark.parametrize(("kind", "state"), [("down", "written"), ("rate_limit", "written"), ("error", "unknown")])
def test_trouble_that_may_pass_is_waited_out(connected: Connected, kind: str, state: str) -> None:
    intent = write(connected)
    connected.trouble(kind, method="POST", count=1, seconds=1)
    bring_on(intent)
    assert intent.state in {state, "unknown"}
    for _ in range(3):
        bring_on(intent, timezone.now() + LATER)
    assert intent.state == "done"
    assert len(connected.replies()) == 1


def test_an_answer_to_something_that_is_gone_fails_with_its_reason(connected: Connected) -> None:
    intent = write(connected)
    connected.network.control("POST", "delete", item=intent.payload["to"])
    bring_on(intent)
    assert (intent.state, intent.error_kind, intent.error_code) == ("failed", "gone", "not_found")


def test_a_dead_token_keeps_the_answer_until_somebody_reconnects(connected: Connected) -> None:
    intent = write(connected)
    connected.network.control("POST", "tokens/revoke", handle="provet")
    assert bring_on(intent).state == "written"
    channel = Channel.objects.get(pk=connected.channel.pk)
    assert channel.trouble_kind == "reconnect"
    token = str(connected.network.control("POST", "tokens", handle="provet")["token"])
    profile = sending.connecting.check(channel.network, channel.settings, {"token": token})
    actions.reconnect(channel, secrets={"token": token}, profile=profile, by=factories.TESTER, now=timezone.now())
    assert bring_on(intent, timezone.now() + LATER).state == "done"
    assert connected.replies() == ["Ja, från klockan 6."]


def test_a_person_settles_what_nobody_can_see(connected: Connected) -> None:
    intent = write(connected)
    intents.start(intent, by=sending.PUBLISHER, now=timezone.now())
    bring_on(intent)
    sending.settle(intent, is_there=False, by=factories.TESTER, now=timezone.now())
    intent.refresh_from_db()
    assert intent.state == "failed"
    sending.retry(intent, by=factories.TESTER, now=timezone.now())
    assert bring_on(intent).state == "done"
    assert len(connected.replies()) == 1
