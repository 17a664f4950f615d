"""Wordings are read in batches, once for each version of the rules, and order the queue (D20, D71)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

import factories
from factories import THURSDAY
from triage.making import NOW, NUMBER, PLAIN, URGENT, item, taken
from uppsikt.connectors.base import Direction
from uppsikt.organisation.rules import Role
from uppsikt.records import intake, secrecy
from uppsikt.records import reading as access
from uppsikt.records.models import Item
from uppsikt.records.reading import OPEN, Reader
from uppsikt.text import reading as text
from uppsikt.triage import catching_up, queries, reading, rules
from uppsikt.triage.models import CatchUp, Finding, Reading, Sample, Standing

pytestmark = pytest.mark.django_db
ALL = Reader(everything=True)


def test_d20_a_personnummer_stands_first_with_its_reason_and_its_place() -> None:
    """The finding says where, on what ground and why; it holds no word of the text."""
    channel = factories.channel()
    plain, urgent = item(channel, PLAIN), item(channel, URGENT, at=THURSDAY + timedelta(minutes=1))
    taken(plain, urgent)
    assert list(queries.order(Item.objects.all())) == [urgent, plain]
    [finding] = [row for row in queries.findings([urgent.version_id], ALL)[urgent.version_id] if row.level == 4]
    assert urgent.version.text[finding.start : finding.end].strip() == NUMBER
    assert (finding.kind, finding.ground, finding.part) == ("personnummer", "rule.sensitive", "text")
    assert finding.why
    assert "9811" not in "".join(str(getattr(finding, field.attname)) for field in Finding._meta.concrete_fields)
    seen = queries.seen([plain, urgent], ALL)
    assert seen[urgent.pk].level == 4
    assert seen[urgent.pk].first.name == "Personnummer"
    assert seen[plain.pk].level < 4
    assert Reading.objects.get(version=urgent.version).detector_version == text.VERSION


def test_nothing_is_hidden_whatever_stands_low_or_was_never_read() -> None:
    """The order has every item, those that nobody has read yet among them."""
    channel = factories.channel()
    rows = [item(channel, words) for words in (PLAIN, URGENT, "")] + [item(channel, "Aldrig läst")]
    taken(*rows[:3])
    assert set(queries.order(Item.objects.all())) == set(rows)


def test_reading_again_writes_nothing_and_a_new_version_of_the_rules_reads_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Old readings stay as they were; what holds is the newest."""
    channel = factories.channel()
    urgent = item(channel, URGENT)
    assert len(taken(urgent)) == 1
    before = Finding.objects.count()
    assert taken(urgent) == []
    assert Finding.objects.count() == before
    monkeypatch.setattr(text, "VERSION", "another")
    assert len(taken(urgent)) == 1
    assert Reading.objects.filter(version=urgent.version).count() == 2
    held = queries.findings([urgent.version_id], ALL)[urgent.version_id]
    assert {row.reading.detector_version for row in held} == {"another"}


def test_a_new_wording_is_what_the_item_stands_by() -> None:
    """Once the number is edited away the item sinks; the finding of the earlier wording stays."""
    channel = factories.channel()
    first = factories.captured("comment/1", text=URGENT)
    [urgent] = factories.items(channel, [first])
    taken(urgent)
    intake.take_in(channel, [replace(first, text=PLAIN)], now=NOW)
    urgent.refresh_from_db()
    taken(urgent)
    assert Standing.objects.get(item=urgent).level < 4
    assert Finding.objects.filter(version__item=urgent, level=4).exists()


def test_our_own_answers_are_read_as_ours() -> None:
    """Advice that may cost somebody money is looked for in what we say, not in what others say (D66)."""
    words = "Du behöver inget bygglov för det, så det är bara att bygga."
    channel = factories.channel()
    ours = item(channel, words, direction=Direction.DRAWN_UP)
    theirs = item(channel, words, at=THURSDAY + timedelta(minutes=1))
    taken(ours, theirs)
    own = {each.kind for each in text.read(words, own=True)}
    kinds = set(Finding.objects.filter(version=ours.version).values_list("kind", flat=True))
    assert kinds == own
    assert not Finding.objects.filter(version=theirs.version, kind__in=["advice", "authority"]).exists()


def test_our_own_contacts_are_no_finding(settings: pytest.FixtureRequest) -> None:
    """Whoever writes the address of somebody who works here gives away nothing."""
    settings.OWN_CONTACTS = ["0220-240 00"]
    clerk = factories.person(Role.OFFICER)
    channel = factories.channel()
    known = item(channel, f"Skriv till {clerk.email} eller ring 0220-240 00")
    other = item(channel, "Skriv till anna.persson@example.com", at=THURSDAY + timedelta(minutes=1))
    taken(known, other)
    assert not Finding.objects.filter(version=known.version, kind__in=["email", "phone"]).exists()
    assert Finding.objects.filter(version=other.version, kind="email").exists()


def test_a_batch_asks_the_database_no_more_than_one_item_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty items cost as many questions as four (each table once)."""
    monkeypatch.setattr(rules, "lot", lambda pk: pk % 2 * 999)
    channel = factories.channel()
    rows = [item(channel, PLAIN, at=THURSDAY + timedelta(seconds=n)) for n in range(44)]
    with CaptureQueriesContext(
        connection,
    ) as few:
        taken(*rows[:4])
    with CaptureQueriesContext(connection) as many:
        taken(*rows[4:])
    assert len(many) <= len(few)
    shown = list(Item.objects.all())
    with CaptureQueriesContext(connection) as one:
        queries.seen(shown[:1], ALL, brief=True)
    with CaptureQueriesContext(connection) as all_of_them:
        queries.seen(shown, ALL, brief=True)
    assert len(all_of_them) == len(one)


def test_of_very_many_findings_the_weightiest_are_kept_and_all_are_counted() -> None:
    """Somebody pastes a register."""
    channel = factories.channel()
    urgent = item(channel, "\n".join(f"070-174 06 {n:02}" for n in range(5, 99)) + f"\n{NUMBER} " + "07a@b.se " * 200)
    taken(urgent)
    kept = Finding.objects.filter(version=urgent.version)
    assert kept.count() <= rules.MOST
    assert Reading.objects.get(version=urgent.version).found >= kept.count()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE triage_reading SET level = 0",
        "DELETE FROM triage_reading",
        "UPDATE triage_finding SET level = 0",
        "DELETE FROM triage_finding",
    ],
)
def test_the_database_keeps_what_was_found(statement: str) -> None:
    """No statement changes or removes a finding or a reading."""
    taken(item(factories.channel(), URGENT))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_d20_findings_of_what_is_secret_are_for_those_who_may_read_it() -> None:
    """For others there is no finding, no level and no reason."""
    channel = factories.channel()
    officer, stranger = factories.officer(channel), factories.person(Role.OFFICER)
    urgent = item(channel, URGENT)
    taken(urgent)
    secrecy.mark(urgent, ground="osl-21-1", reason="Hälsa", by=officer, now=NOW)
    urgent.refresh_from_db()
    for who, sees in ((officer, True), (stranger, False)):
        reader = access.reader(who, now=NOW)
        assert bool(queries.findings([urgent.version_id], reader)) is sees
        assert bool(queries.seen([urgent], reader)) is sees
        assert queries.left_to_see(reader).exists() is sees
    assert queries.seen([urgent], OPEN) == {}


def test_what_was_there_before_is_read_from_the_newest_down_and_goes_on_where_it_was_broken_off() -> None:
    """An upgrade reads everything anew, in turns; the walk ends, and says how far it is."""
    channel = factories.channel()
    rows = [item(channel, PLAIN, at=THURSDAY + timedelta(seconds=n)) for n in range(7)]
    catching_up_bite = catching_up.BITE
    catching_up.BITE = 3
    try:
        assert not catching_up.catch_up(now=NOW, seconds=-1)
        assert Reading.objects.count() == 3
        assert set(Reading.objects.values_list("version", flat=True)) == {row.version_id for row in rows[-3:]}
        while not catching_up.catch_up(now=NOW, seconds=-1):
            pass
    finally:
        catching_up.BITE = catching_up_bite
    assert Reading.objects.count() == 7
    walk = CatchUp.objects.get()
    assert walk.bottom == 0
    assert walk.done_at == NOW


def test_what_no_job_heard_of_is_found_some_minutes_later() -> None:
    """A job that failed for good leaves nothing unread."""
    channel = factories.channel()
    item(channel, PLAIN)
    assert catching_up.catch_up(now=NOW)
    lost = item(channel, URGENT, at=NOW)
    assert catching_up.catch_up(now=NOW + timedelta(minutes=2))
    assert not Reading.objects.filter(version=lost.version).exists()
    assert catching_up.catch_up(now=NOW + timedelta(minutes=7))
    assert Reading.objects.filter(version=lost.version).exists()


def test_lots_are_the_same_whenever_they_are_drawn_and_near_the_share() -> None:
    """About twenty of a thousand, by the item's key alone."""
    drawn = [pk for pk in range(1, 100_001) if rules.lot(pk) < 20]
    assert 1_800 < len(drawn) < 2_200
    assert {rules.lot_rank(pk) for pk in drawn} == set(rules.LOTS)


def test_what_was_drawn_by_lot_is_met_among_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is marked, and stands higher than its level; what is urgent stays above it."""
    channel = factories.channel()
    monkeypatch.setattr(rules, "lot", lambda _pk: 0)
    plain, urgent = item(channel, PLAIN), item(channel, URGENT, at=THURSDAY + timedelta(minutes=1))
    taken(plain, urgent)
    assert Sample.objects.get(item=plain).found is False
    assert Sample.objects.get(item=urgent).found is True
    assert list(queries.order(Item.objects.all())) == [urgent, plain]
    assert Standing.objects.get(item=plain).rank in rules.LOTS
    assert queries.seen([plain], ALL)[plain.pk].sampled
    assert reading.stand([plain.pk], now=NOW) is None
    assert Standing.objects.get(item=plain).rank in rules.LOTS
