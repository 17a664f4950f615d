"""How an account ends: still, talked of, proposed, closed; or handed over by the board, with nothing missing (D6, D49,
D51-D57)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.capture.package import PackFailed
from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel, Mandate, Secret
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Direction, Kind
from uppsikt.kernel import blobs, trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import rules
from uppsikt.notices.models import Notice
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item
from uppsikt.register import activity, captures, closing, deeds, ends, entries, stillness, transfer
from uppsikt.register.activity_models import ActivityMonth, Stillness
from uppsikt.register.checks import life
from uppsikt.register.checks.base import Subject
from uppsikt.register.closing_models import Capture, CaptureFile, Closing, Transfer
from uppsikt.register.life_states import CLOSING, TRANSFER

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
DAY = timedelta(days=1)
PDF = b"%PDF-1.7 handling"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Thursday at ten, going on from there."""
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def channel() -> Channel:
    """An account that was connected long ago, with a secret to forget."""
    made = factories.channel(
        network="facebook", address="https://www.facebook.com/alvsta", secrets={"token": "hemligt"}
    )
    Channel.objects.filter(pk=made.pk).update(connected_at=NOW - 400 * DAY)
    made.refresh_from_db()
    return made


@pytest.fixture
def boss(channel: Channel) -> Person:
    return factories.person(Role.MANAGER, name="Chef")


@pytest.fixture
def unit() -> Person:
    return factories.person(Role.COMMUNICATIONS, name="Kommunikatör")


def post(channel: Channel, at: datetime, text: str = "Ett inlägg") -> Item:
    return factories.item(channel, text=text, at=at, direction=Direction.DRAWN_UP, kind=Kind.POST, now=at)


def kept_file(channel: Channel, by: Person, why: str, now: datetime = NOW) -> Capture:
    return captures.by_hand(channel, PDF, "x.pdf", why=why, by=by, now=now)


# Activity and silence


def test_d51_the_months_are_what_plain_python_counts(channel: Channel) -> None:
    other = factories.channel()
    october = datetime(2026, 10, 14, 7, tzinfo=NOW.tzinfo)
    post(channel, october)
    post(channel, october + DAY)
    for author in ("Maria", "Maria", "Ali"):
        factories.item(channel, author=author, at=october + DAY, now=october + DAY)
    factories.item(channel, direction=Direction.DRAWN_UP, at=october + DAY, now=october + DAY)
    factories.item(other, at=october, now=october)
    secret = factories.item(channel, author="Bo", at=NOW, now=NOW)
    Item.objects.filter(pk=secret.pk).update(secret=True)
    assert activity.make_due(now=NOW) == 2
    assert activity.make_due(now=NOW) == 2
    years = factories.channel()
    factories.item(years, at=NOW - 200 * DAY, fetched=NOW + DAY, now=NOW + DAY)
    assert activity.make_due(now=NOW + DAY) == 3, "an account that is connected later brings its months with it"
    assert [month.received for month in activity.months(years, at=NOW)][-1] == 1
    [row] = ActivityMonth.objects.filter(channel=channel, month=date(2026, 10, 1))
    assert (row.posts, row.received, row.answers, row.people) == (2, 3, 1, 2)
    shown = activity.months(channel, at=NOW)
    assert [(month.month.month, month.posts, month.received) for month in shown] == [(11, 0, 0), (10, 2, 3)], (
        "what is secret is not counted (D20)"
    )


@pytest.mark.parametrize(
    ("ago", "promised", "is_still"), [(59, None, False), (61, None, True), (8, 7, True), (6, 7, False)]
)
def test_d51_an_account_lies_still_when_it_was_silent_for_longer_than_it_may(
    channel: Channel, ago: int, promised: int | None, is_still: bool
) -> None:
    post(channel, NOW - ago * DAY)
    entry = entries.of(channel)
    entry.days_between_posts = promised
    subject = Subject(channel=channel, entry=entry, profile={}, at=NOW)
    found = life.still(subject)
    assert bool(found) is is_still
    if found:
        assert found[0].facts["since"] == (NOW - ago * DAY).date().isoformat()
        assert life.still(Subject(channel=channel, entry=entry, profile={}, at=NOW + DAY)) == found, "told once"


def test_d51_what_nobody_reads_cannot_be_told_to_lie_still_and_a_new_account_is_given_time(channel: Channel) -> None:
    entry = entries.of(channel)
    assert activity.still_since(channel, entry, at=NOW) == (True, None), "connected a year ago, and never a post"
    Channel.objects.filter(pk=channel.pk).update(connected_at=NOW - 10 * DAY)
    channel.refresh_from_db()
    assert activity.still_since(channel, entry, at=NOW) == (False, None)
    listed = channels.enlist(
        network="x", name="X", address="https://x.com/alvsta", unit=channel.unit, responsible=channel.responsible,
        central=False, by=factories.TESTER, now=NOW - 400 * DAY,
    )  # fmt: skip
    assert activity.still_since(listed, entries.of(listed), at=NOW) == (False, None)
    Channel.objects.filter(pk=channel.pk).update(trouble_code="wrong_password", connected_at=NOW - 400 * DAY)
    channel.refresh_from_db()
    assert activity.still_since(channel, entry, at=NOW) == (False, None)


def test_d51_still_talk_deadline_proposal_and_a_post_begins_anew(channel: Channel, boss: Person, unit: Person) -> None:
    post(channel, NOW - 100 * DAY)
    assert stillness.watch(now=NOW) == 1
    row = stillness.of(channel)
    assert row
    assert Notice.objects.filter(kind="account_still").count() == 2
    assert stillness.watch(now=NOW + DAY) == 1
    assert Stillness.objects.count() == 1, "one at a time"
    Notice.objects.all().delete()
    for days in range(20, 31):
        stillness.watch(now=NOW + days * DAY)
    told = Notice.objects.filter(kind="account_still", words__contains="inget samtal är antecknat")
    assert (told.filter(person=unit).count(), told.filter(person=boss).count()) == (2, 2), "the day after, and weekly"
    for words, on, until, code in (
        ("  ", NOW.date(), None, "no_words"),
        ("x", NOW.date() + DAY, None, "not_held"),
        ("x", NOW.date(), NOW.date(), "bad_end"),
        ("x", NOW.date(), NOW.date() + 400 * DAY, "bad_end"),
    ):
        with pytest.raises(Refused) as refused:
            stillness.talk(row, words=words, on=on, until=until, by=unit, now=NOW)
        assert refused.value.code == code
    stillness.talk(row, words="Två inlägg i veckan", on=NOW.date(), until=NOW.date() + 30 * DAY, by=unit, now=NOW)
    stillness.watch(now=NOW + 30 * DAY)
    row.refresh_from_db()
    assert row.state == "talked", "its last day is its own"
    stillness.watch(now=NOW + 31 * DAY)
    row.refresh_from_db()
    assert row.state == "proposed"
    assert boss.pk in set(
        Notice.objects.filter(kind="account_still", words__contains="föreslås").values_list("person", flat=True)
    )
    assert Channel.objects.get(pk=channel.pk).state == "live", "nothing is closed by itself"
    later = NOW + 31 * DAY
    stillness.talk(row, words="Den ska vara kvar", on=later.date(), until=later.date() + 7 * DAY, by=boss, now=later)
    assert stillness.of(channel).state == "talked"  # type: ignore[union-attr]  # it is there
    stillness.watch(now=NOW + 39 * DAY)
    post(channel, NOW + 40 * DAY)
    assert stillness.watch(now=NOW + 40 * DAY) == 0
    row.refresh_from_db()
    assert row.state == "risen"
    assert [step.name for step in trail.steps_of(row)] == [
        "find", "talk", "propose", "talk", "propose", "rise",
    ]  # fmt: skip


def test_d51_the_database_proposes_nothing_without_a_talk(channel: Channel) -> None:
    row = Stillness.objects.create(channel=channel, found_at=NOW, talk_due_on=NOW.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        Stillness.objects.filter(pk=row.pk).update(state="proposed")


# Closing


def approved(channel: Channel, boss: Person, unit: Person) -> Closing:
    row = closing.ask(channel, reason="Används inte", by=channel.responsible, now=NOW)
    closing.view(row, agrees=True, text="", by=unit, now=NOW)
    row.refresh_from_db()
    closing.approve(row, text="Ja", by=boss, now=NOW)
    row.refresh_from_db()
    return row


def refused_for(code: str, act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == code
    return refused.value.words


def test_d52_an_account_is_closed_by_its_manager_after_the_communications_unit_was_heard(
    channel: Channel, boss: Person, unit: Person
) -> None:
    stranger = factories.person(Role.OFFICER)
    officer = channel.responsible
    refused_for("not_yours", lambda: closing.ask(channel, reason="x", by=stranger, now=NOW))
    refused_for("no_words", lambda: closing.ask(channel, reason=" ", by=officer, now=NOW))
    row = closing.ask(channel, reason="Används inte", by=officer, now=NOW)
    refused_for("under_way", lambda: closing.ask(channel, reason="x", by=unit, now=NOW))
    assert {notice.person_id for notice in Notice.objects.filter(kind="account_ends")} == {boss.pk, unit.pk}
    refused_for("not_heard", lambda: closing.approve(row, text="", by=boss, now=NOW))
    refused_for("not_yours", lambda: closing.view(row, agrees=True, text="", by=boss, now=NOW))
    refused_for("no_words", lambda: closing.view(row, agrees=False, text="", by=unit, now=NOW))
    row = closing.view(row, agrees=False, text="Många läser", by=unit, now=NOW)
    refused_for("not_yours", lambda: closing.approve(row, text="", by=officer, now=NOW))
    refused_for("no_words", lambda: closing.approve(row, text="", by=boss, now=NOW))
    row = closing.approve(row, text="Ingen hinner", by=boss, now=NOW)
    assert (row.state, row.decided_by, row.view_by, row.view) == ("approved", boss, unit, "object")


def test_d52_nothing_is_closed_while_anything_is_missing_and_each_thing_is_named(
    channel: Channel, boss: Person, unit: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = approved(channel, boss, unit)
    officer = channel.responsible
    mandate = factories.mandate(officer, channel)
    assert closing.missing(row, now=NOW) == ["last_post", "capture", "ended"]
    words = refused_for("missing", lambda: closing.finish(row, by=officer, now=NOW))
    assert all(closing.lacking(code) in words for code in closing.missing(row, now=NOW))
    refused_for("missing", lambda: closing.ended(row, seen="Jag såg det", by=officer, now=NOW))
    refused_for("no_words", lambda: closing.posted(row, by=officer, now=NOW))
    row = closing.write(row, text='Nu "stänger" vi.\nVi finns på alvsta.example.', by=officer, now=NOW)
    refused_for("not_seen", lambda: closing.posted(row, by=officer, now=NOW))
    post(channel, NOW, "Nu stänger vi kulturskolan")
    refused_for("not_seen", lambda: closing.posted(row, by=officer, now=NOW))
    post(channel, NOW, "Hej! Nu ”stänger” vi. Vi finns på alvsta.example.")
    row = closing.posted(row, by=officer, now=NOW)
    row = closing.lay_in(row, kept_file(channel, officer, "closing"), by=officer, now=NOW)
    assert closing.missing(row, now=NOW) == ["ended"]
    assert closing.missing(row, now=NOW + 4 * DAY) == ["capture_old", "ended"]
    refused_for("no_words", lambda: closing.ended(row, seen="", by=officer, now=NOW))
    monkeypatch.setattr(ends, "answers", lambda _channel: True)
    refused_for("still_there", lambda: closing.ended(row, seen="Jag såg det", by=officer, now=NOW))
    monkeypatch.setattr(ends, "answers", lambda _channel: False)
    row = closing.ended(row, seen="", by=officer, now=NOW)
    assert row.ended_how == "asked"
    made = kept_file(channel, officer, "closing")
    for act in (
        lambda: closing.write(row, text="x", by=officer, now=NOW),
        lambda: closing.capture(row, by=officer, now=NOW),
        lambda: closing.lay_in(row, made, by=officer, now=NOW),
    ):
        refused_for("gone", act)
    answered = factories.case(channel)
    factories.mandate(officer, channel, Act.ANSWER)
    intent = channels.send_reply(channel, to=answered.last_item.native_id, text="Ja", publisher=officer, now=NOW)
    refused_for("on_its_way", lambda: closing.finish(row, by=officer, now=NOW))
    channels.regret(intent, by=officer.doer, now=NOW)
    row = closing.finish(row, by=officer, now=NOW + 10 * DAY)
    channel.refresh_from_db()
    mandate.refresh_from_db()
    assert (row.state, channel.state, channel.next_pull_at, mandate.state) == ("closed", "closed", None, "ended")
    assert not Secret.objects.filter(channel=channel).exists()
    assert Item.objects.filter(channel=channel).count() == 3, "what was written stays"


def test_d52_the_database_closes_nothing_that_was_not_approved_consulted_and_kept(
    channel: Channel, boss: Person, unit: Person
) -> None:
    row = closing.ask(channel, reason="x", by=unit, now=NOW)
    for state in ("approved", "closed"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Closing.objects.filter(pk=row.pk).update(state=state)
    Closing.objects.filter(pk=row.pk).update(decided_by=boss, view_by=unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.filter(pk=row.pk).update(state="closed")


def test_d6_a_closing_can_be_refused_and_taken_back_and_begun_anew(
    channel: Channel, boss: Person, unit: Person
) -> None:
    row = closing.ask(channel, reason="x", by=unit, now=NOW)
    refused_for("no_words", lambda: closing.refuse(row, text="", by=boss, now=NOW))
    assert closing.refuse(row, text="Behövs", by=boss, now=NOW).state == "refused"
    row = approved(channel, boss, unit)
    assert closing.withdraw(row, reason="Någon tar över", by=unit, now=NOW).state == "withdrawn"
    for act in (closing.capture, closing.finish):
        with pytest.raises(Refused):
            act(row, by=unit, now=NOW)
    assert closing.ask(channel, reason="igen", by=unit, now=NOW).state == "asked"


def test_what_has_ended_takes_no_more_steps() -> None:
    assert [CLOSING.open_steps(state) for state in CLOSING.states - {"asked", "approved"}] == [[], [], []]
    assert TRANSFER.open_steps("transferred") == TRANSFER.open_steps("withdrawn") == []


# Transfer


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deed without a browser; that it can be printed is tried in the journey."""
    monkeypatch.setattr(deeds.printing, "pdf", lambda html, title: b"%PDF-" + html.encode())


def prepared(channel: Channel, unit: Person) -> tuple[Transfer, dict[str, Callable[[Transfer], Transfer]]]:
    """A transfer that lacks everything, and what brings each thing."""
    Channel.objects.filter(pk=channel.pk).update(connected_at=None, caught_up_at=None)
    channel.refresh_from_db()
    row = transfer.begin(
        channel, owner="Älvsta teaterförening", contact="", reason="Föreningen tar över", by=unit, now=NOW
    )
    decision = transfer.Decision("KS 2026/114 § 27", date(2026, 10, 1), channel.unit.department.board)

    def named(row: Transfer) -> Transfer:
        row = transfer.name(row, new_name="Teatern i Älvsta", kept_why="", by=unit, now=NOW)
        return transfer.see(row, "name", by=unit, now=NOW)

    def announced(row: Transfer) -> Transfer:
        row = transfer.write(row, text="Föreningen tar över.", by=unit, now=NOW)
        return transfer.posted(row, by=unit, now=NOW)

    return row, {
        "decision": lambda row: transfer.decide(row, decision=decision, by=unit, now=NOW),
        "owner": lambda row: transfer.see(row, "owner", by=unit, now=NOW),
        "profile": lambda row: transfer.see(row, "profile", by=unit, now=NOW),
        "cover": lambda row: transfer.see(row, "cover", by=unit, now=NOW),
        "name": named,
        "announcement": announced,
        "capture": lambda row: transfer.lay_in(row, kept_file(channel, unit, "transfer"), by=unit, now=NOW),
        "deed": lambda row: transfer.draw_up(row, by=unit, now=NOW),
    }


EACH = ["decision", "owner", "profile", "cover", "name", "announcement", "capture", "deed"]


def test_d53_d57_a_transfer_without_one_thing_is_refused_and_names_it(
    channel: Channel, unit: Person, printed: None
) -> None:
    for left_out in EACH:
        with transaction.atomic():
            check_left_out(left_out, channel, unit)
            transaction.set_rollback(True)


def check_left_out(left_out: str, channel: Channel, unit: Person) -> None:
    row, steps = prepared(channel, unit)
    assert transfer.missing(row, now=NOW) == EACH
    for name, step in steps.items():
        if name != left_out and not (name == "deed" and left_out in {"decision", "name", "capture"}):
            row = step(row)
    left = transfer.missing(row, now=NOW)
    assert left_out in left
    words = refused_for("missing", lambda: transfer.hand_over(row, by=unit, now=NOW))
    assert transfer.lacking(left_out) in words
    assert Channel.objects.get(pk=channel.pk).state == "live"
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=row.pk).update(state="transferred", handed_over_at=NOW)


def test_d56_from_the_minute_of_the_transfer_nothing_is_read_or_sent_and_what_came_stays(
    channel: Channel, unit: Person, printed: None, tmp_path: Path
) -> None:
    case = factories.case(channel)
    officer = channel.responsible
    factories.mandate(officer, channel)
    row, steps = prepared(channel, unit)
    for step in steps.values():
        row = step(row)
    pending = captures.want(channel, why="profile", by=unit.doer, now=NOW)
    under_way = captures.begin(captures.want(channel, why="asked", by=unit.doer, now=NOW).pk, now=NOW)
    assert transfer.missing(row, now=NOW) == []
    body = blobs.read(str(row.deed_id)).decode()
    for said in (
        "KS 2026/114 § 27",
        "Älvsta teaterförening",
        "Teatern i Älvsta",
        "kan inte överlåtas",
        "Kommunstyrelsen",
    ):
        assert said in body
    row = transfer.decide(
        row,
        decision=transfer.Decision("KS 2026/115", date(2026, 10, 1), channel.unit.department.board),
        by=unit,
        now=NOW,
    )
    assert transfer.missing(row, now=NOW) == ["deed"], "another decision asks for another deed"
    row = steps["deed"](row)
    assert transfer.missing(row, now=NOW + 5 * DAY) == ["capture_old"]
    row = transfer.hand_over(row, by=unit, now=NOW)
    channel.refresh_from_db()
    assert (row.state, row.handed_over_at, channel.state) == ("transferred", NOW, "closed")
    assert not Mandate.objects.filter(channel=channel, state="in_force").exists()
    refused_for("channel_not_live", lambda: channels.check_may(channel, Act.ANSWER, officer, now=NOW))
    refused_for("channel_not_live", lambda: channels.read_now(channel, by=officer.doer, now=NOW))
    # Nor is its page kept: it is somebody else's.
    refused_for("closed", lambda: captures.want(channel, why="asked", by=unit.doer, now=NOW))
    refused_for("closed", lambda: kept_file(channel, unit, "asked"))
    assert captures.begin(pending.pk, now=NOW) is None
    assert under_way
    (tmp_path / captures.STANDING).write_text("{}")
    assert captures.keep(under_way, tmp_path, sort="whole", stamped_at=None, now=NOW).state == "failed"
    assert not CaptureFile.objects.filter(capture=under_way).exists()
    assert Item.objects.filter(pk=case.last_item_id).exists()
    assert trail.steps_of(channel).last().name == "hand_over"  # type: ignore[union-attr]  # there is one
    refused_for("wrong_state", lambda: transfer.write(row, text="x", by=unit, now=NOW))


def test_d56_who_reads_the_channel_is_let_finish_first(channel: Channel, unit: Person, printed: None) -> None:
    row, steps = prepared(channel, unit)
    for step in steps.values():
        row = step(row)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"pull:{channel.pk}"])
        refused_for("being_read", lambda: transfer.hand_over(row, by=unit, now=NOW))
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    row.refresh_from_db()
    assert transfer.hand_over(row, by=unit, now=NOW).state == "transferred"


def test_d53_only_the_communications_unit_prepares_a_transfer_and_one_end_at_a_time(
    channel: Channel, boss: Person, unit: Person
) -> None:
    refused_for("not_yours", lambda: transfer.begin(channel, owner="F", contact="", reason="x", by=boss, now=NOW))
    row = transfer.begin(channel, owner="F", contact="", reason="x", by=unit, now=NOW)
    refused_for("under_way", lambda: transfer.begin(channel, owner="F", contact="", reason="x", by=unit, now=NOW))
    refused_for("under_way", lambda: closing.ask(channel, reason="x", by=unit, now=NOW))
    board = channel.unit.department.board
    for number, on, code in (("", date(2026, 1, 1), "no_words"), ("1", date(2027, 1, 1), "not_decided")):
        decision = transfer.Decision(number, on, board)
        refused_for(code, lambda decision=decision: transfer.decide(row, decision=decision, by=unit, now=NOW))  # type: ignore[misc]
    refused_for("no_words", lambda: transfer.name(row, new_name=channel.name.upper(), kept_why="", by=unit, now=NOW))
    refused_for("no_name", lambda: transfer.see(row, "name", by=unit, now=NOW))
    refused_for("missing", lambda: transfer.draw_up(row, by=unit, now=NOW))
    assert transfer.withdraw(row, reason="Nämnden sade nej", by=unit, now=NOW).state == "withdrawn"


# The last picture


def test_d49_only_pictures_documents_and_archives_are_laid_in(channel: Channel, unit: Person) -> None:
    for body in (b"", b"MZ\x90", b"<html>", b"GIF89a", b"%PD"):
        with pytest.raises(Refused) as refused:
            captures.by_hand(channel, body, "x", why="closing", by=unit, now=NOW)
        assert refused.value.code == "bad_file"


def test_d49_a_picture_that_failed_is_tried_again_and_then_put_before_a_person(channel: Channel) -> None:
    row = captures.want(channel, why="closing", by=factories.TESTER, now=NOW)
    assert captures.want(channel, why="closing", by=factories.TESTER, now=NOW).pk == row.pk, "one at a time"
    begun = captures.begin(row.pk, now=NOW)
    assert begun
    captures.not_now(begun, "unreachable", retryable=True, now=NOW)
    assert captures.begin(row.pk, now=NOW) is None, "its time has not come"
    now = NOW + DAY
    assert captures.begin(row.pk, now=now)
    begun = captures.begin(row.pk, now=now)
    assert begun, "whoever was at it is dead"
    assert [found.pk for found in captures.forgotten(now=now + DAY)] == [row.pk]
    captures.not_now(begun, "login_wall", retryable=False, now=now)
    row.refresh_from_db()
    assert (row.state, row.trouble_code) == ("failed", "login_wall")
    made = captures.want(channel, why="closing", by=factories.TESTER, now=now)
    for tries in range(rules.TRIES):
        assert captures.begin(made.pk, now=now + tries * DAY), "each worker that was at it died"
    assert captures.begin(made.pk, now=now + 30 * DAY) is None
    made.refresh_from_db()
    assert (made.state, made.trouble_code) == ("failed", "worker_died")


def test_d49_the_page_is_opened_once_while_its_time_stamp_is_waited_for(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    opened: list[str] = []
    stamps = iter([PackFailed("stamp_timeout", retryable=True)] * rules.PAGE_TRIES)

    def opens(address: str, *, out: Path, **_more: Any) -> None:
        opened.append(address)
        (out / "report.json").write_text('{"state": "partly"}')

    def stamped(_folder: Path, _facts: Any, *, now: datetime) -> datetime:
        for outage in stamps:
            raise outage
        return now

    monkeypatch.setattr(captures.page, "capture", opens)
    monkeypatch.setattr(captures.closing, "close", stamped)
    row = captures.want(channel, why="asked", by=factories.TESTER, now=NOW)
    for day in range(rules.PAGE_TRIES + 1):
        captures.take(row.pk, clock=lambda day=day: NOW + day * DAY)  # type: ignore[misc]
    row.refresh_from_db()
    assert (row.state, row.sort, opened) == ("kept", "partly", [channel.address])
    assert not list((tmp_path / "captures").iterdir())


def test_d49_a_picture_on_demand_by_those_who_see_to_the_account(channel: Channel, unit: Person) -> None:
    client = Client()
    client.force_login(factories.person(Role.OFFICER))
    address = reverse("register:take_capture", args=[channel.pk])
    assert client.post(address).status_code == 409
    client.force_login(unit)
    assert client.post(address).status_code == 302
    assert Capture.objects.get(channel=channel).why == "asked"
    page = client.get(reverse("register:account", args=[channel.pk])).content.decode()
    assert "på begäran" in page
    assert "Ta en ögonblicksbild nu" in page
    assert client.post(address, {"file": SimpleUploadedFile("x.exe", b"MZ")}).status_code == 409
    assert client.post(address, {"file": SimpleUploadedFile("x.pdf", PDF)}).status_code == 302
    assert Capture.objects.filter(channel=channel, why="asked", state="kept", sort="by_hand").count() == 1


def test_d20_the_picture_is_as_secret_as_what_the_page_shows_and_cannot_be_changed(
    channel: Channel, unit: Person
) -> None:
    made = kept_file(channel, unit, "closing")
    file = CaptureFile.objects.get(capture=made)
    reader = factories.person(Role.OFFICER)
    client = Client()
    client.force_login(reader)
    address = reverse("register:capture_file", args=[file.pk])
    assert client.get(address).content == PDF
    assert trail.steps_of(made).last().name == "download"  # type: ignore[union-attr]  # there is one
    Item.objects.filter(pk=factories.item(channel).pk).update(secret=True)
    assert client.get(address).status_code == 404
    client.force_login(unit)
    assert client.get(address).status_code == 200
    for change in ("UPDATE register_capturefile SET name = 'x'", "DELETE FROM register_capturefile"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


# On the pages


def test_the_pages_carry_a_closing_from_proposal_to_its_end(
    channel: Channel, boss: Person, unit: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ends, "answers", lambda _channel: None)
    Channel.objects.filter(pk=channel.pk).update(connected_at=None, caught_up_at=None)
    browsers = {who.pk: Client() for who in (channel.responsible, boss, unit)}
    for pk, browser in browsers.items():
        browser.force_login(Person.objects.get(pk=pk))
    officer, manager, press = browsers.values()
    assert "Avsluta kontot" in officer.get(reverse("register:account", args=[channel.pk])).content.decode()
    answer = officer.post(reverse("register:begin_closing", args=[channel.pk]), {"reason": "Används inte"})
    row = Closing.objects.get()
    assert answer.url == reverse("register:closing", args=[row.pk])

    def move(browser: Client, name: str, **more: Any) -> int:
        return browser.post(reverse("register:move_closing", args=[row.pk, name]), more).status_code

    assert move(manager, "godkann") == 422
    assert move(officer, "inget-att-invanda") == 422
    assert move(press, "invandning", text="Många läser") == 302
    assert move(manager, "fil", file=SimpleUploadedFile("x.pdf", PDF)) == 422
    assert not Capture.objects.exists(), "a file that cannot be laid in leaves nothing"
    refused = officer.post(reverse("register:move_closing", args=[row.pk, "godkann"]), {"text": "Jag tror att ja"})
    assert refused.status_code == 422
    assert move(manager, "godkann", text="Ingen hinner") == 302
    typed = manager.post(reverse("register:move_closing", args=[row.pk, "borta"]), {"text": "Jag såg det"})
    assert ">Jag såg det</textarea>" in typed.content.decode(), "what was typed is not typed again"
    assert move(officer, "avsluta") == 422
    page = officer.get(reverse("register:closing", args=[row.pk])).content.decode()
    assert "Det här saknas" in page
    assert "sista inlägget" in page
    assert move(officer, "skriv", text="Nu stänger vi") == 302
    assert move(officer, "publicerat") == 302
    assert move(officer, "fil") == 422
    assert move(officer, "fil", file=SimpleUploadedFile("x.pdf", PDF)) == 302
    assert move(officer, "borta") == 422
    assert move(officer, "borta", text="Adressen ger ingen sida") == 302
    assert move(officer, "nonsens") == 404
    assert move(officer, "avsluta") == 302
    channel.refresh_from_db()
    assert channel.state == "closed"
    assert "Avslutat" in press.get(reverse("register:ends")).content.decode()


def test_the_pages_of_activity_say_what_is_known(channel: Channel, unit: Person) -> None:
    post(channel, NOW - 100 * DAY)
    activity.make_due(now=NOW)
    stillness.watch(now=NOW)
    client = Client()
    client.force_login(unit)
    assert "Ligger still" in client.get(reverse("register:activity")).content.decode()
    address = reverse("register:channel_activity", args=[channel.pk])
    page = client.get(address).content.decode()
    assert "<svg" in page
    assert "Tala igenom vad som ska ske" in page
    talk = reverse("register:talk", args=[channel.pk])
    assert client.post(talk, {"on": "2026-11-12", "words": "", "until": "2026-12-24"}).status_code == 422
    assert client.post(talk, {"on": "2026-11-12", "words": "Vi kör", "until": "2026-12-24"}).status_code == 302
    assert "Vi kör" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"connected_at": None}, "läses inte härifrån"),
        ({"trouble_code": "down"}, "går inte att läsa just nu"),
        ({"caught_up_at": None}, "hämtas än"),
        ({"state": "paused"}, "läses inte nu"),
        ({}, "har aldrig haft ett inlägg"),
    ],
)
def test_why_nothing_can_be_told_of_an_account_is_said(
    channel: Channel, unit: Person, fields: dict[str, Any], said: str
) -> None:
    Channel.objects.filter(pk=channel.pk).update(**{"caught_up_at": NOW, **fields})
    client = Client()
    client.force_login(unit)
    pages = [reverse("register:channel_activity", args=[channel.pk]), reverse("register:account", args=[channel.pk])]
    for address in pages:
        page = client.get(address).content.decode()
        others = {"läses inte härifrån", "går inte att läsa just nu", "hämtas än", "läses inte nu"} - {said}
        assert said in page, address
        assert not [words for words in others if f"{words}, så Uppsikt" in page], address
