"""A long history is read in turns: nobody starves, nothing is lost or doubled, and all see how far it is (D18, D40)."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

import factories
from records.conftest import Connected
from uppsikt.channels import actions, connecting, pages, progress
from uppsikt.channels.models import Channel, Cursor
from uppsikt.connectors import practice
from uppsikt.kernel.alone import alone
from uppsikt.kernel.queue import priority
from uppsikt.organisation.rules import Role
from uppsikt.records import gathering, intake, jobs
from uppsikt.records.models import Item, Version
from uppsikt.web import today

LONG, PAGE = 60, 10


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten items an answer, each taken in by itself, and a turn over after the first of them."""
    monkeypatch.setattr(practice, "PAGE", PAGE)
    monkeypatch.setattr(gathering, "ENOUGH", PAGE)
    monkeypatch.setattr(jobs, "TURN", timedelta())


@pytest.fixture
def history(connected: Connected, small: None) -> Connected:
    """A channel whose history of sixty comments nobody has read yet."""
    for number in range(LONG):
        connected.comment(f"Kommentar {number}")
    Channel.objects.update(caught_up_at=None, pulled_at=None)
    connected.channel.refresh_from_db()
    return connected


def another(connected: Connected, number: int) -> Channel:
    """One more account on the network, with two comments, whose history has been read."""
    handle = f"kort{number}"
    token = connected.network.open(handle)
    found = connecting.recognise(f"{connected.network.base}/@{handle}")
    channel = factories.channel(
        network="practice",
        address=found.address,
        settings=dict(found.settings),
        secrets={"token": token},
        now=timezone.now(),
    )
    post = connected.network.say("Vi har öppet.", handle=handle)
    for text in ("Tack!", "När då?"):
        connected.network.say(text, to=post, name="Maria L.")
    return channel


def next_pull() -> int | None:
    """Do the pull that the worker would take next; returns its channel, or None when none is due."""
    with connection.cursor() as cursor:
        # To the database it is still the time when the test's transaction began.
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE scheduled_at <= %s", [timezone.now()])
        cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        cursor.execute("SELECT id, args FROM procrastinate_fetch_job_v2(ARRAY['pull'], %s)", cursor.fetchone())
        job, args = cursor.fetchone()
        if job is None:
            return None
        facts: dict[str, int] = json.loads(args)
        jobs.pull.func.__wrapped__(**facts)  # type: ignore[attr-defined]  # functools.wraps sets it
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job])
    return facts["channel_id"]


def forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_d40_five_short_channels_are_never_starved_by_a_long_one(history: Connected) -> None:
    short = [another(history, number) for number in range(5)]
    forget_jobs()
    now = timezone.now()
    jobs.defer_pull(history.channel, at=now - timedelta(minutes=1))
    for channel in short:
        jobs.defer_pull(channel, at=now)
    order: list[int] = []
    while (done := next_pull()) is not None:
        order.append(done)
        Channel.objects.filter(pk=history.channel.pk).update(next_pull_at=now - timedelta(hours=1))
        # The safety net finds the long one due each time, and must not put it before the others.
        jobs.pull_due.func.__wrapped__(timestamp=0)  # type: ignore[attr-defined]
        assert len(order) < 100
    turns = [place for place, pk in enumerate(order) if pk == history.channel.pk]
    assert turns[0] == 0, "it was due first"
    first = [order.index(channel.pk) for channel in short]
    assert max(first) < turns[1], f"and then lets each of the others go before its second turn: {order}"
    assert len(turns) >= LONG // PAGE
    kept = Counter(Item.objects.values_list("channel", flat=True))
    assert kept == {history.channel.pk: LONG + 1, **{channel.pk: 3 for channel in short}}
    assert Version.objects.count() == sum(kept.values()), "nothing is read twice as something new"
    history.channel.refresh_from_db()
    assert history.channel.caught_up_at is not None


def test_what_comes_in_droves_stands_behind_what_is_due_soon() -> None:
    now = timezone.now()
    assert priority(now, timedelta(minutes=10)) < priority(now + timedelta(minutes=9)) < priority(now) < priority(None)


def test_d40_a_history_that_breaks_off_goes_on_where_it_was(
    history: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, taken = intake.take_in, []

    def dies(*args: Any, **more: Any) -> Any:
        if len(taken) == 3:
            raise KeyboardInterrupt
        taken.append(args)
        return real(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr("uppsikt.records.pulling.intake.take_in", dies)
        with pytest.raises(KeyboardInterrupt):
            history.pull()
    half = Item.objects.count()
    assert half == 1 + 3 * PAGE
    reading = progress.of(Channel.objects.get(pk=history.channel.pk))
    assert reading is not None
    assert (reading.read, reading.left, reading.total) == (half, LONG + 1 - half, LONG + 1)
    pulled = history.pull()
    assert (pulled.new, Item.objects.count(), Version.objects.count()) == (LONG + 1 - half, LONG + 1, LONG + 1)
    assert progress.of(Channel.objects.get(pk=history.channel.pk)) is None


def test_only_one_reads_a_channel_at_a_time(history: Connected) -> None:
    began, over = threading.Event(), threading.Event()

    def somebody_else() -> None:
        with alone(f"pull:{history.channel.pk}") as ours:
            assert ours
            began.set()
            over.wait(30)
        connections.close_all()

    other = threading.Thread(target=somebody_else)
    other.start()
    assert began.wait(30)
    assert history.pull().elsewhere
    assert Item.objects.count() == 0
    over.set()
    other.join()
    assert history.pull().new == LONG + 1


def test_what_was_read_before_the_network_broke_off_is_safe(
    history: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what had been gathered and not yet taken in."""
    monkeypatch.setattr(gathering, "ENOUGH", 1000)
    real, asked = practice.Practice._get, []

    def breaks(self: practice.Practice, path: str, params: Any = None) -> Any:
        asked.append(path)
        if len(asked) == 5:
            history.trouble("down")
        return real(self, path, params)

    monkeypatch.setattr(practice.Practice, "_get", breaks)
    pulled = history.pull()
    assert pulled.trouble is not None
    assert pulled.trouble.code == "site_down"
    assert Item.objects.count() == pulled.new == 1 + 2 * PAGE
    reading = pages.reading(Channel.objects.get(pk=history.channel.pk), now=timezone.now())
    assert reading is not None
    assert "står still tills det är löst" in reading.rest


def test_everybody_concerned_sees_how_far_it_is(history: Connected) -> None:
    channel, now = history.channel, timezone.now()
    Cursor.objects.filter(channel=channel).update(begun_at=now, saved_at=now, read=12_400, left=67_600, pace=28.0)
    reading = pages.reading(Channel.objects.get(pk=channel.pk), now=now)
    assert reading is not None
    assert (reading.words.replace("\N{NO-BREAK SPACE}", " "), reading.percent) == ("12 400 av omkring 80 000", 15)
    assert reading.rest == "28 i sekunden, klar om ca 40 min."
    for who, told in ((channel.responsible, True), (factories.person(Role.COMMUNICATIONS), True)):
        found = [line.what for line in today.context(who, now=now)["lines"]]
        assert (f"Historiken i {channel.name} läses in" in found) is told
    assert not [line for line in today.context(factories.officer(channel), now=now)["lines"] if "läses in" in line.what]
    client = Client()
    client.force_login(channel.responsible)
    assert 'value="15"' in client.get(f"/kanaler/{channel.pk}/").content.decode()
    later = now + timedelta(minutes=5)
    waits = pages.reading(Channel.objects.get(pk=channel.pk), now=later)
    assert waits is not None
    assert "väntar på sin tur" in waits.rest
    actions.pause(channel, reason="Byte av lösenord", by=factories.TESTER, now=later)
    paused = pages.reading(Channel.objects.get(pk=channel.pk), now=later)
    assert paused is not None
    assert "kanalen är pausad" in paused.rest


def test_the_pace_is_that_of_late_and_a_gap_counts_for_nothing() -> None:
    steady = progress.pace(None, 300, timedelta(seconds=3))
    assert steady == 100
    slower = progress.pace(steady, 30, timedelta(seconds=30))
    assert slower is not None
    assert 1 < slower < 100
    assert progress.pace(steady, 10, timedelta(hours=8)) is None, "nobody read over night"
    assert progress.pace(steady, 10, timedelta()) == steady
