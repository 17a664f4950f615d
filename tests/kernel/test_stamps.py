"""Each day's last seal is time-stamped by an authority outside the house, and never holds up the sealing (D40)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from kernel import sealing
from kernel.authority import Authority, authority
from kernel.sealing import NOW, change, found, go_through, note, seal, steps, tamper
from uppsikt import env
from uppsikt.capture import stamping
from uppsikt.kernel import seals, stamps
from uppsikt.kernel.models import Intent, Seal, TimeStamp

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """The authority, for all tests here."""
    with authority(tmp_path_factory.mktemp("tsa")) as one:
        yield one


@pytest.fixture
def clock(listening: Authority, settings: Any) -> Authority:
    """The authority, named and trusted."""
    listening.mode = "well"
    listening.asked.clear()
    settings.TIMESTAMP_URL = listening.url
    settings.TIMESTAMP_ROOTS = [str(listening.roots)]
    settings.ALLOW_PRIVATE = frozenset({listening.url.split("/")[2]})
    return listening


def test_a_days_last_seal_is_stamped_the_day_after_and_anybody_can_check_it(clock: Authority, tmp_path: Path) -> None:
    steps(2)
    seal(NOW)
    assert stamps.stamp_due(now=NOW) is None  # the day is not over
    head = seals.head()
    note(TOMORROW)
    seal(TOMORROW)
    stamp = stamps.stamp_due(now=TOMORROW)
    assert stamp is not None
    assert (stamp.number, stamp.digest) == (head.number, head.digest)
    assert abs(stamp.stamped_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert stamps.stamp_due(now=TOMORROW + timedelta(hours=1)) is None  # once a day
    assert len(clock.asked) == 1
    assert Intent.objects.get(kind=stamps.KIND).state == "done"
    work = go_through(now=datetime.now(UTC))
    assert work.passed and work.stamps == 1 and not work.remarks.any()
    # Without Uppsikt, as the documents say.
    (tmp_path / "head.txt").write_text(str(head), encoding="ascii")
    (tmp_path / "token.tsr").write_bytes(bytes(stamp.token))
    subprocess.run(
        [
            "openssl",
            "ts",
            "-verify",
            "-data",
            tmp_path / "head.txt",
            "-in",
            tmp_path / "token.tsr",
            "-CAfile",
            clock.roots,
        ],
        check=True,
        capture_output=True,
    )


def stamped(clock: Authority) -> TimeStamp:
    """Two steps, sealed and stamped."""
    steps(2)
    seal(NOW)
    stamp = stamps.stamp_due(now=TOMORROW)
    assert stamp is not None
    return stamp


def test_without_an_authority_nothing_is_asked_and_sealing_goes_on(settings: Any) -> None:
    settings.TIMESTAMP_URL = ""
    steps(2)
    seal(NOW)
    assert stamps.stamp_due(now=TOMORROW) is None
    assert not Intent.objects.filter(kind=stamps.KIND).exists()
    assert go_through().passed


@pytest.mark.parametrize(
    ("mode", "code"),
    [("busy", "stamp_http_503"), ("hangs_up", "site_down"), ("babbles", "stamp_unreadable")],
)
def test_an_authority_that_fails_is_asked_again_later_and_told_of(clock: Authority, mode: str, code: str) -> None:
    steps(2)
    seal(NOW)
    clock.mode = mode
    now = TOMORROW
    for tries in range(1, stamps.TELL_AT + 1):
        assert stamps.stamp_due(now=now) is None
        intent = Intent.objects.get(kind=stamps.KIND)
        assert (intent.state, intent.error_code, intent.attempts) == ("written", code, tries)
        assert intent.not_before is not None and intent.not_before > now
        assert stamps.stamp_due(now=intent.not_before - timedelta(seconds=1)) is None
        assert len(clock.asked) == tries
        now = intent.not_before
    note(now)
    seal(now)  # it goes on all the while
    clock.mode = "well"
    assert stamps.stamp_due(now=now) is not None


def test_a_newer_days_head_takes_the_place_of_one_that_was_never_stamped(clock: Authority) -> None:
    steps(2)
    seal(NOW)
    clock.mode = "busy"
    stamps.stamp_due(now=TOMORROW)
    note(TOMORROW)
    seal(TOMORROW)
    clock.mode = "well"
    stamp = stamps.stamp_due(now=TOMORROW + timedelta(days=1))
    assert stamp is not None and stamp.number == seals.head().number
    assert sorted(Intent.objects.filter(kind=stamps.KIND).values_list("state", flat=True)) == ["done", "withdrawn"]


def test_a_worker_that_died_while_asking_is_made_good_by_asking_again(clock: Authority) -> None:
    steps(2)
    seal(NOW)
    intent = stamps.wanted(TOMORROW)
    assert intent is not None
    stamps.intents.start(intent, by=stamps.STAMPER, now=TOMORROW)
    assert stamps.stamp_due(now=TOMORROW + timedelta(seconds=5)) is None  # may still be under way
    assert stamps.stamp_due(now=TOMORROW + timedelta(minutes=10)) is not None


def test_an_answer_to_another_question_is_no_time_stamp(clock: Authority) -> None:
    """Somebody on the way replays an old answer."""
    stamped(clock)
    clock.mode = "replays"
    note(TOMORROW)
    seal(TOMORROW)
    assert stamps.stamp_due(now=TOMORROW + timedelta(days=1)) is None
    assert Intent.objects.filter(kind=stamps.KIND).latest("pk").error_code == "stamp_other"


def test_a_forged_time_stamp_is_named(clock: Authority, settings: Any, tmp_path: Path) -> None:
    stamp = stamped(clock)
    other = Authority(tmp_path)
    other.make_keys()
    question = stamping.request(str(seals.Head(stamp.number, stamp.digest)).encode()).as_bytes()
    forged = other.answer(question)
    for token, why in ((forged, "untrusted"), (b"x" + bytes(stamp.token)[1:], "unreadable"), (b"", "unreadable")):
        tamper("kernel_timestamp", "UPDATE kernel_timestamp SET token = %s WHERE id = %s", token, stamp.pk)
        kept = go_through().found.kept
        assert [(one.code, one.name, one.seal) for one in kept] == [("bad_stamp", why, stamp.number)]
    # The token of another head.
    note(TOMORROW)
    seal(TOMORROW)
    question = stamping.request(str(seals.head()).encode()).as_bytes()
    tamper("kernel_timestamp", "UPDATE kernel_timestamp SET token = %s WHERE id = %s", clock.answer(question), stamp.pk)
    assert [one.name for one in go_through().found.kept] == ["other"]


def test_without_roots_a_time_stamp_is_looked_at_and_not_believed(clock: Authority, settings: Any) -> None:
    stamped(clock)
    settings.TIMESTAMP_ROOTS = []
    work = go_through(now=datetime.now(UTC))
    assert work.passed and work.remarks.counts == {"stamp_unchecked": 1}
    settings.TIMESTAMP_ROOTS = ["/finns/inte.pem"]
    with pytest.raises(env.SettingError, match="no certificate"):
        go_through()


def test_a_tail_cut_with_its_seals_is_seen_by_the_time_stamp(clock: Authority) -> None:
    steps(2)
    seal(NOW - timedelta(days=1))
    keys = steps(3)
    stamp = stamped(clock)
    tamper("kernel_step", "DELETE FROM kernel_step WHERE id >= %s", keys[0])
    tamper("kernel_seal", "DELETE FROM kernel_seal WHERE number >= %s", stamp.number)
    assert found() == [("cut_seals", "", stamp.number, stamp.number)]


def test_a_chain_made_anew_is_seen_by_the_time_stamp(clock: Authority) -> None:
    seal(NOW - timedelta(days=1))  # what migrations laid in, so that the stamped seal is the steps'
    stamp = stamped(clock)
    change("kernel_step", "by_name = 'Ingen'", Seal.objects.get(number=stamp.number).first)
    sealing.forge(stamp.number)
    assert found() == [("stamp_mismatch", "", stamp.number, stamp.number)]


def test_time_stamps_are_refused_change(clock: Authority) -> None:
    stamped(clock)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_timestamp")
