"""What is done around a removal: D20, D30, D42, D44, D68, D69. On a real practice network."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

import factories
from moderation.conftest import Stage, run_jobs
from uppsikt.capture import printing, verifying
from uppsikt.capture.pool import Pool
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Direction
from uppsikt.kernel import blobs, trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import blocks, incidents, notes, police, reconsidering, registering, reports, rulings, waiting
from uppsikt.moderation.models import (
    AuthorNote,
    Block,
    Incident,
    PoliceReport,
    Reconsideration,
    Registering,
    Removal,
    Ruling,
)
from uppsikt.notices.models import Letter, Notice
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import reading, secrecy
from uppsikt.records.models import Item

BROWSER = os.environ.get("UPPSIKT_BROWSER", "")


def with_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on there is a browser, as there was before the stage was set."""
    monkeypatch.delenv("UPPSIKT_BROWSER")
    if BROWSER:
        monkeypatch.setenv("UPPSIKT_BROWSER", BROWSER)


def code_of(act: Callable[[], Any]) -> str:
    """Why it was refused."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def told(person: Person, kind: str) -> int:
    """How many notices of a kind somebody has had."""
    return Notice.objects.filter(person=person, kind=kind).count()


def steps(row: Any) -> list[str]:
    """The trail of it."""
    return [step.name for step in trail.steps_of(row)]


def block(stage: Stage, item: Item, **fields: Any) -> Block:
    """A proposal by the officer."""
    now = timezone.now()
    asked = {"ground": "rule.coarse", "reason": "Fjärde gången i dag.", "until": now + timedelta(days=7), **fields}
    return blocks.propose(item, by=stage.officer, now=now, **asked)


# Blocks


def test_d69_a_block_has_a_reason_an_end_and_somebody_elses_approval_and_ends_by_itself(stage: Stage) -> None:
    item, now = stage.comment(), timezone.now()
    row = block(stage, item)
    assert (row.state, told(stage.manager, "block"), row.actor_id) == ("proposed", 1, item.actor_id)
    assert code_of(lambda: blocks.approve(row, by=stage.officer, now=now)) == "may_not_decide"
    blocks.approve(row, by=stage.manager, now=now)
    assert told(stage.officer, "block") == 1
    blocks.done_by_hand(row, by=stage.officer, now=now)
    assert blocks.end_due(now=now) == 0
    later = row.until + timedelta(minutes=1)
    assert blocks.end_due(now=later) == 1
    row.refresh_from_db()
    assert (row.state, row.ended_by) == ("ended", None)
    assert told(stage.officer, "block") == 2, "asked to undo it on the network"
    blocks.end_due(now=later + timedelta(days=1, minutes=1))
    assert told(stage.officer, "block") == 3, "and again, until it is done"
    blocks.undone(row, by=stage.officer, now=later)
    assert steps(row) == ["propose", "approve", "done_by_hand", "end", "remind", "undone"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reason": " "}, "no_reason"),
        ({"ground": "nothing"}, "no_ground"),
        ({"until": timezone.now() - timedelta(hours=1)}, "bad_end"),
        ({"until": timezone.now() + timedelta(days=400)}, "bad_end"),
    ],
)
def test_a_block_without_what_the_law_asks_is_refused(stage: Stage, fields: dict[str, Any], code: str) -> None:
    item = stage.comment()
    assert code_of(lambda: block(stage, item, **fields)) == code
    assert not Block.objects.exists()


def test_nobody_approves_their_own_block_and_nobody_is_blocked_twice(stage: Stage) -> None:
    item, now = stage.comment(), timezone.now()
    own = blocks.propose(
        item, ground="rule.coarse", reason="Hot", until=now + timedelta(days=1), by=stage.manager, now=now
    )
    assert code_of(lambda: blocks.approve(own, by=stage.manager, now=now)) == "two_people"
    assert code_of(lambda: block(stage, item)) == "blocked_already"
    stranger = factories.person(Role.OFFICER)
    assert code_of(lambda: blocks.done_by_hand(own, by=stranger, now=now)) == "no_mandate"
    other = factories.person(Role.MANAGER)
    blocks.refuse(own, reason="Räcker med borttagning.", by=other, now=now)
    assert block(stage, item).state == "proposed"


# Rulings


def test_d44_in_doubt_the_boards_office_is_asked_and_the_clock_runs(stage: Stage) -> None:
    registrar = factories.person(Role.REGISTRAR)
    item, now = stage.comment(), timezone.now()
    row = rulings.ask(item, question="Är det här en anmälan?", by=stage.officer, now=now)
    assert (row.state, told(registrar, "ruling")) == ("asked", 1)
    assert now < row.due_at
    assert code_of(lambda: rulings.ask(item, question="Igen?", by=stage.officer, now=now)) == "asked_already"
    assert rulings.remind(now=row.due_at - timedelta(minutes=1)) == 0
    assert rulings.remind(now=row.due_at + timedelta(minutes=1)) == 1
    assert rulings.remind(now=row.due_at + timedelta(minutes=6)) == 0, "once a day"
    assert rulings.remind(now=row.due_at + timedelta(days=1, minutes=1)) == 1
    assert (told(registrar, "ruling"), told(stage.officer, "ruling")) == (3, 2)
    answer = {"outcome": "register", "text": "Ja, den ska diarieföras.", "now": now}
    assert code_of(lambda: rulings.answer(row, by=stage.officer, **answer)) == "not_registrar"
    rulings.answer(row, by=registrar, **answer)
    assert told(stage.officer, "ruling") == 3
    assert Registering.objects.get(item=item).why == "ruling"
    assert steps(row) == ["ask", "remind", "remind", "answer"]


def test_a_question_is_taken_back_by_the_one_who_asked(stage: Stage) -> None:
    item, now = stage.comment(), timezone.now()
    row = rulings.ask(item, question="Hur gör vi?", by=stage.officer, now=now)
    assert code_of(lambda: rulings.withdraw(row, by=stage.manager, now=now)) == "not_yours"
    assert rulings.withdraw(row, by=stage.officer, now=now).state == "withdrawn"


def test_d20_who_may_not_read_the_item_can_do_nothing_about_it(stage: Stage) -> None:
    item, now = stage.comment(), timezone.now()
    secrecy.mark(item, ground="osl-21-1", reason="Hälsa.", by=stage.manager, now=now)
    stranger = factories.person(Role.OFFICER)
    for act in (
        lambda: rulings.ask(item, question="Vad är det?", by=stranger, now=now),
        lambda: reports.report(item, ground="rule.coarse", reason="", by=stranger, now=now),
        lambda: police.make(item, ground="law.threat", text="Hot", by=stranger, now=now),
        lambda: incidents.begin(item, what="Läckt", known_at=now, by=stranger, now=now),
    ):
        assert code_of(act) == "not_there"


# Reports to the network


def test_d30_what_the_network_takes_no_report_of_is_done_by_hand_and_logged(stage: Stage) -> None:
    item, now = stage.comment(), timezone.now()
    row = reports.report(item, ground="law.agitation", reason="Hets i tråden.", by=stage.officer, now=now)
    assert (row.state, row.intent) == ("to_do", None)
    reports.done_by_hand(row, note="Anmält som hat.", by=stage.officer, now=now)
    assert (row.state, steps(row)) == ("done", ["report", "by_hand", "done_by_hand"])


def test_d30_a_network_that_should_take_it_and_does_not_leaves_it_to_be_done_by_hand(stage: Stage) -> None:
    """The practice network refuses what it does not know: the intent fails, and the report says so."""
    item, now = stage.comment(), timezone.now()
    Item.objects.filter(pk=item.pk).update(can=[*item.can, "report"])
    item.refresh_from_db()
    row = reports.report(item, ground="law.agitation", reason="Hets.", by=stage.officer, now=now)
    assert row.state == "sending"
    assert row.intent is not None
    run_jobs()
    row.refresh_from_db()
    row.intent.refresh_from_db()
    assert (row.state, row.intent.state, row.intent.kind) == ("to_do", "failed", "report")


# Police


def test_d69_a_police_report_is_a_document_and_a_file_with_the_evidence_that_verifies(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool()  # of our own: another test's browser may still be running
    monkeypatch.setattr(printing, "shared", lambda: pool)
    item, now = stage.comment("Jag vet var du bor, akta dig."), timezone.now()
    fields: dict[str, Any] = {"ground": "law.threat", "text": "Hot mot en handläggare.", "by": stage.officer}
    assert code_of(lambda: police.make(item, now=now, **fields)) == "no_evidence"
    run_jobs()
    row = police.make(item, now=now, **fields)
    run_jobs()
    row.refresh_from_db()
    assert (row.state, row.trouble_code) == ("failed", "no_browser"), "a clear state, and it can be asked for again"
    with_browser(monkeypatch)
    police.again(row, by=stage.officer, now=now)
    run_jobs()
    row.refresh_from_db()
    pool.close()
    assert (row.state, row.trouble_code) == ("made", "")
    document, bundle = blobs.read(str(row.document_id)), blobs.read(str(row.bundle_id))
    assert document.startswith(b"%PDF-") and b"/StructTreeRoot" in document, "tagged"
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert archive.read("polisanmalan.pdf") == document
        archive.extractall(tmp_path / "allt")
    assert verifying.check(tmp_path / "allt" / "bevis") == []
    police.hand_in(row, number="5000-K12345-26", by=stage.officer, now=now)
    assert (row.state, Registering.objects.get(item=item).why) == ("handed_in", "police")


def test_what_the_document_says_is_what_was_written_and_by_whom(stage: Stage) -> None:
    item, now = stage.comment("Jag <b>vet</b> var du bor.", name="Maria <i>L.</i>"), timezone.now()
    fields: dict[str, Any] = {"ground": "law.threat", "text": "Hot.", "by": stage.officer}
    code_of(lambda: police.make(item, now=now, **fields))
    run_jobs()
    row = PoliceReport.objects.select_related("item__channel__unit", "item__actor", "evidence__version", "ground").get(
        pk=police.make(item, now=now, **fields).pk
    )
    context = police.told(row, list(row.evidence.files.select_related("blob")))
    html = police.render_to_string("moderation/police.html", context)
    assert "Jag &lt;b&gt;vet&lt;/b&gt; var du bor." in html and "<b>vet" not in html
    assert "BrB 4 kap. 5 §" in html or row.ground.law in html
    for file in row.evidence.files.all():
        assert str(file.blob_id) in html


# Notes to the author


def removed(stage: Stage, item: Item, **fields: Any) -> Removal:
    """Removed, and read back."""
    made = stage.remove(item, **fields)
    run_jobs()
    made.refresh_from_db()
    assert made.state == "done"
    return made


def test_d69_the_author_is_told_in_the_thread_without_the_matter(stage: Stage) -> None:
    item = stage.comment("Per Persson har fått böter.", name="Maria L.")
    made = removed(stage, item, ground="rule.sensitive", reason="Brottsmisstanke om namngiven person.")
    note = AuthorNote.objects.get(removal=made)
    assert (note.way, note.state) == ("thread", "sent")
    said = [row["text"] for row in stage.connected.network.dump() if "pröva det igen" in str(row.get("text", ""))]
    assert len(said) == 1
    for word in ("Per Persson", "böter", "Brottsmisstanke", "Maria"):
        assert word not in said[0]
    # What is said next in the same conversation within a day is not told there once more.
    assert notes.tell_author(made, now=timezone.now()) == []


def with_email(item: Item, address: str) -> Item:
    """As a network would tell an address: in the raw answer."""
    body = json.dumps({"author_email": address}).encode()
    raw = item.version.raw  # type: ignore[union-attr]
    raw.__class__.objects.filter(pk=raw.pk)  # the row is sealed: the bytes that it names are put beside it
    sha256 = blobs.put(body, "application/json", now=timezone.now())
    item.version.raw.blob_id, item.version.place = sha256, ""  # type: ignore[union-attr]
    return item


def test_d69_where_an_address_is_known_the_letter_holds_ground_reason_and_the_way_to_have_it_tried(
    stage: Stage,
) -> None:
    made = removed(stage, stage.comment("Din idiot."), reason="Personangrepp på en handläggare.")
    AuthorNote.objects.all().delete()
    item = with_email(Item.objects.select_related("version__raw", "thread", "channel__unit").get(pk=made.item_id),
                      "maria@exempel.test")  # fmt: skip
    made.item = item
    (note,) = [one for one in notes.tell_author(made, now=timezone.now()) if one.way == "email"]
    letter = Letter.objects.get(to="maria@exempel.test")
    assert made.ground.name in letter.text and "Personangrepp" in letter.text and "/omprovning/" in letter.text
    assert "Din idiot" not in letter.text
    assert (note.state, "/omprovning/" in note.text) == ("sent", False), "the key stands in the letter alone"


@pytest.mark.parametrize(
    "address",
    ["", "a@b@c", "x y@exempel.test", 12, None, "a" * 300 + "@exempel.test", ["a@b.test"], "a@b.test\nBcc: c@d.test",
     "a@b.test, c@d.test", "<a@b.test>", "a;b@c.test", "@exempel.test", "a@"],
)  # fmt: skip
def test_what_is_no_address_is_none(stage: Stage, address: Any) -> None:
    item = Item.objects.select_related("version__raw").get(pk=stage.comment().pk)
    assert notes.email_of(with_email(item, address)) == ""


def test_d69_whoever_cannot_be_reached_is_recorded_as_that(stage: Stage) -> None:
    hides = factories.person(Role.OFFICER)
    factories.mandate(hides, stage.connected.channel, Act.REMOVE)  # no mandate to answer
    made = removed(stage, stage.comment(), by=hides)
    note = AuthorNote.objects.get(removal=made)
    assert (note.way, note.state, note.digest) == ("none", "unreachable", "")


def test_d69_each_author_in_a_conversation_is_told_once_a_day_and_it_is_not_flooded(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Must show 1: the author is told. One author's line says nothing to the next; twenty lines would be a flood."""
    monkeypatch.setattr(notes, "MOST_LINES", 3)
    first = stage.comment("Idioter.", name="Maria L.")

    def under(name: str) -> AuthorNote:
        native_id = stage.connected.comment("Håll käften.", to=first.native_id, name=name)
        stage.connected.pull()
        return AuthorNote.objects.get(removal=removed(stage, stage.connected.item(native_id)))

    told = [under(name).way for name in ("Ola", "Ola", "Eva", "Per", "Siv")]
    assert told == ["thread", "none", "thread", "thread", "none"], "once each, and as many as a conversation bears"
    with time_machine.travel(timezone.now() + notes.THREAD_PAUSE + timedelta(minutes=1)):
        assert not notes.told_lately(first, now=timezone.now())


def test_our_own_words_have_no_author_to_tell(stage: Stage) -> None:
    made = removed(stage, stage.comment())
    AuthorNote.objects.all().delete()
    made.item.direction = Direction.DRAWN_UP.value
    assert notes.tell_author(made, now=timezone.now()) == []


# Reconsideration


@pytest.fixture
def link(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> tuple[Removal, str]:
    """A removal, and the link that its author has."""
    cache.clear()
    with monkeypatch.context() as while_told:
        while_told.setattr(notes.secrets, "token_urlsafe", lambda _size: "nyckel-ett")
        made = removed(stage, stage.comment("Det här hemliga står ingenstans."), reason="Skälet med namn i.")
    return made, "/omprovning/nyckel-ett/"


def test_d68_the_author_asks_by_link_and_somebody_else_decides(
    stage: Stage, link: tuple[Removal, str], client: Client
) -> None:
    made, address = link
    page = client.get(address)
    shown = page.content.decode()
    assert page.status_code == 200 and made.ground.name in shown
    assert "hemliga" not in shown and "Skälet" not in shown, "anybody can open the link of a public thread"
    assert page["Cache-Control"] == "no-store, private" and "no-referrer" in page["Referrer-Policy"]
    done = client.post(address, {"text": "Jag citerade bara.", "contact": "maria@exempel.test"})
    assert done.status_code == 302 and done["Location"].endswith("/begaran/") and "nyckel-ett" not in done["Location"]
    row = Reconsideration.objects.get()
    assert (row.removal_id, row.state, row.way) == (made.pk, "asked", "thread")
    assert told(stage.manager, "reconsideration") == 1 and told(stage.officer, "reconsideration") == 0
    now = timezone.now()
    assert code_of(lambda: reconsidering.uphold(row, reason="Nej.", by=stage.officer, now=now)) == "same_person"
    assert reconsidering.remind(now=row.due_at + timedelta(minutes=1)) == 1
    reconsidering.change(row, reason="Det var ett citat.", by=stage.manager, now=now)
    run_jobs()
    made.refresh_from_db()
    assert made.state == "restored"
    assert "Det var ett citat." in Letter.objects.get(to="maria@exempel.test").text
    open_to_all, own = (client.get(one).content.decode() for one in (address, done["Location"]))
    assert "ändrar oss" in open_to_all and "ändrar oss" in own
    assert "Det var ett citat." in own and "Jag citerade bara." in own
    assert "citat" not in open_to_all, "the answer is for whoever asked"
    assert steps(row) == ["ask", "remind", "change"]


def test_d68_who_asks_and_asks_is_held_back(link: tuple[Removal, str], client: Client, stage: Stage) -> None:
    made, address = link
    assert client.post(address, {"text": "Fel!"}).status_code == 302
    assert client.post(address, {"text": "Fel!"}).status_code == 409, "one at a time"
    for _turn in range(2):
        row = Reconsideration.objects.get(removal=made, state="asked")
        reconsidering.uphold(row, reason="Står fast.", by=stage.manager, now=timezone.now())
        assert client.post(address, {"text": "Fel!"}).status_code == 302
    row = Reconsideration.objects.get(removal=made, state="asked")
    reconsidering.uphold(row, reason="Står fast.", by=stage.manager, now=timezone.now())
    assert client.post(address, {"text": "Fel!"}).status_code == 409, "tried often enough"
    for _turn in range(reconsidering.AN_HOUR):
        client.post(address, {"text": "Fel!"})
    answer = client.post(address, {"text": "Fel!"})
    assert answer.status_code == 409 and "om en timme" in answer.content.decode()
    assert Reconsideration.objects.count() == 3


def test_d68_the_open_link_takes_no_tries_from_the_letter(
    stage: Stage, link: tuple[Removal, str], client: Client
) -> None:
    """Whoever finds the line in the conversation can use up that link's requests, and not the author's own."""
    made, address = link
    now = timezone.now()
    letter = AuthorNote.objects.create(
        removal=made, item=made.item, way="email", state="sent", at=now, digest=notes.digest("brevets")
    )
    for _turn in range(reconsidering.MOST):
        row, _key = reconsidering.ask(
            AuthorNote.objects.get(way="thread"), text="Bus", contact="", place="192.0.2.1", now=now
        )
        reconsidering.uphold(row, reason="Nej, på grund av Per.", by=stage.manager, now=now)
    assert client.post(address, {"text": "Mer bus"}).status_code == 409
    page = client.get("/omprovning/brevets/").content.decode()
    assert "Skälet med namn i." in page and "på grund av Per" in page, "the letter went to the author alone"
    assert "på grund av Per" not in client.get(address).content.decode()
    row, key = reconsidering.ask(letter, text="Det var jag.", contact="", place="192.0.2.2", now=now)
    assert (row.way, steps_by(row)) == ("email", ["author"])
    assert reconsidering.find_asked(key, now=now) == row
    for wrong in ("", "x", notes.digest(key), key + " "):
        with pytest.raises(Refused):
            reconsidering.find_asked(wrong, now=now)
    late = now + reconsidering.LASTS + timedelta(minutes=1)
    assert code_of(lambda: reconsidering.find_asked(key, now=late)) == "link_dead"
    assert code_of(lambda: reconsidering.find("brevets", now=late)) == "link_dead"


def steps_by(row: Any) -> list[str]:
    """Who took each step."""
    return [step.by for step in trail.steps_of(row)]


def test_a_link_that_leads_nowhere_says_so_and_stands_in_no_log(
    client: Client, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/omprovning/gissad/").status_code == 404
    assert "/omprovning/…" in caplog.text and "gissad" not in caplog.text
    assert client.post("/omprovning/gissad/", {"text": "x"}).status_code == 404


# Incidents


def test_d20_our_own_secret_words_taken_away_are_an_incident_with_its_clock(stage: Stage) -> None:
    officer = factories.person(Role.DATA_PROTECTION)
    native_id = stage.connected.comment("Anna har diabetes.", name="Maria L.")
    stage.connected.pull()
    item = stage.connected.item(native_id)
    Item.objects.filter(pk=item.pk).update(direction=Direction.DRAWN_UP.value)
    item.refresh_from_db()
    made = stage.remove(item, ground="rule.sensitive", reason="Vi skrev ut en sjukdom.")
    run_jobs()
    row = Incident.objects.get(item=item)
    assert (row.state, row.removal_id, row.due_at - row.known_at) == ("open", made.pk, timedelta(hours=72))
    assert row.known_at == made.known_at
    assert told(officer, "incident") == 1 and told(stage.manager, "incident") == 1
    assert Notice.objects.filter(person=officer, kind="incident").get().urgent
    assert Registering.objects.filter(item=item).count() == 1
    for hours, expected in ((23, 1), (25, 2), (26, 2), (49, 3), (67, 4), (73, 5), (100, 5)):
        incidents.remind(now=row.known_at + timedelta(hours=hours))
        assert told(officer, "incident") == expected, hours
    now = timezone.now()
    row.refresh_from_db()
    assert code_of(lambda: incidents.report(row, number="IMY-1", by=stage.officer, now=now)) == "not_yours"
    incidents.note(row, text="Svaret borttaget, cachen tömd.", by=officer, now=now)
    incidents.tell_people(row, text="Ringde Anna.", by=officer, now=now)
    incidents.report(row, number="IMY-2026-1", by=officer, now=now)
    incidents.close(row, text="Mallen ändrad.", by=officer, now=now)
    assert row.state == "closed" and row.people_told_at == now
    assert steps(row)[-4:] == ["note", "tell_people", "report", "close"]


def test_an_incident_that_is_not_reported_says_why_and_needs_no_more_reminders(stage: Stage) -> None:
    item, now = stage.comment(), timezone.now()
    row = incidents.begin(item, what="Fel namn", known_at=now, by=stage.officer, now=now)
    assert code_of(lambda: incidents.begin(item, what="x", known_at=now, by=stage.officer, now=now)) == "open_already"
    later = now + timedelta(hours=1)
    assert code_of(lambda: incidents.begin(item, what="x", known_at=later, by=stage.officer, now=now)) == "later"
    assert code_of(lambda: incidents.no_report(row, reason="", by=stage.manager, now=now)) == "no_reason"
    incidents.no_report(row, reason="Uppgiften var redan känd.", by=stage.manager, now=now)
    assert incidents.remind(now=now + timedelta(hours=80)) == 0


# The door to the diary


def test_d42_what_is_secret_or_removed_as_such_must_be_registered(stage: Stage) -> None:
    registrar = factories.person(Role.REGISTRAR)
    now = timezone.now()
    plain, secret = stage.comment("Dra åt skogen."), stage.comment("Bor på Storgatan 1.", name="Ola")
    secrecy.mark(secret, ground="osl-21-1", reason="Adress.", by=stage.manager, now=now)
    secret.refresh_from_db()
    stage.remove(plain)
    stage.remove(secret)
    run_jobs()
    listed = registering.waiting(reading.reader(registrar, now=now))
    assert [(row.item_id, row.why) for row in listed] == [(secret.pk, "secrecy")]
    stranger = reading.reader(factories.person(Role.OFFICER), now=now)
    assert not registering.waiting(stranger).exists(), "not even that there is one"
    row = listed[0]
    assert code_of(lambda: registering.leave(row, reason="Onödigt.", by=registrar, now=now)) == "secret"
    assert code_of(lambda: registering.register(row, number="KS 1", by=stage.officer, now=now)) == "not_registrar"
    registering.register(row, number="KS 2026/17", by=registrar, now=now)
    assert not registering.waiting(reading.reader(registrar, now=now)).exists()
    assert registering.want(secret, "police", now=now).pk == row.pk, "once"


# The start page


def test_d71_what_waits_is_told_to_whom_it_waits_for_and_to_nobody_else(stage: Stage) -> None:
    now = timezone.now()
    registrar, protector = factories.person(Role.REGISTRAR), factories.person(Role.DATA_PROTECTION)
    first, second = stage.comment(), stage.comment("Annat", name="Ola")
    rulings.ask(first, question="Vad gäller?", by=stage.officer, now=now)
    blocked = block(stage, first)
    incidents.begin(second, what="Ett personnummer", known_at=now, by=stage.officer, now=now)
    reports.report(first, ground="law.agitation", reason="", by=stage.officer, now=now)

    def sees(who: Person) -> list[str]:
        return [one.url.split("/")[3] for one in waiting.for_person(who, reading.reader(who, now=now), now=now)]

    assert sees(registrar) == ["fragor", "registreras"]
    assert sees(stage.manager) == ["avstangningar", "incidenter"]
    assert sees(protector) == ["incidenter"]
    assert sees(stage.officer) == ["anmalningar"]
    assert sees(factories.person(Role.AUDITOR)) == []
    blocks.approve(blocked, by=stage.manager, now=now)
    assert sees(stage.officer) == ["avstangningar", "anmalningar"]
    assert sees(stage.manager) == ["incidenter"]
    secrecy.mark(second, ground="osl-21-1", reason="Hälsa.", by=protector, now=now)
    assert sees(factories.person(Role.REGISTRAR)) == ["fragor", "registreras"], "who keeps the diary reads secrets"


# Pages


@pytest.mark.parametrize(
    ("sort", "fields"),
    [
        ("fragor", {"text": "Vad gäller?"}),
        ("avstangningar", {"ground": "rule.coarse", "text": "Hot.", "until": "2026-12-01"}),
        ("anmalningar", {"ground": "law.agitation", "text": "Hets."}),
        ("incidenter", {"text": "Ett personnummer.", "known_at": "2026-11-20T10:00"}),
    ],
)
def test_each_is_begun_on_its_page_and_done_on_its_own(
    stage: Stage, client: Client, sort: str, fields: dict[str, str]
) -> None:
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        item = stage.comment()
        client.force_login(stage.officer)
        begin = f"/borttaget/mer/{item.pk}/{sort}/"
        assert client.get(f"/borttaget/mer/{item.pk}/").status_code == 200
        assert client.get(begin).status_code == 200
        assert client.post(begin, {}).status_code == 422
        done = client.post(begin, fields)
        assert done.status_code == 302, done.content.decode()
        page = client.get(done["Location"])
        assert page.status_code == 200 and "Dra åt skogen" in page.content.decode()
        listed = client.get(f"/borttaget/kring/{sort}/")
        assert done["Location"] in listed.content.decode()
        assert client.post(done["Location"] + "gor/", {"move": "finns-inte"}).status_code == 302


def test_a_ruling_is_answered_on_its_page(stage: Stage, client: Client) -> None:
    row = rulings.ask(stage.comment(), question="Vad gäller?", by=stage.officer, now=timezone.now())
    address = f"/borttaget/kring/fragor/{row.pk}/"
    client.force_login(factories.person(Role.AUDITOR))
    page = client.get(address)
    assert page.status_code == 200 and 'name="move"' not in page.content.decode()
    answer = {"move": "svara", "outcome": "stay", "text": "Nej"}
    assert client.post(f"{address}gor/", answer).status_code == 403
    client.force_login(stage.officer)
    assert client.post(f"{address}gor/", answer).status_code == 409
    client.force_login(factories.person(Role.REGISTRAR))
    assert 'value="svara"' in client.get(address).content.decode()
    assert client.post(f"{address}gor/", {"move": "svara", "outcome": "stay"}).status_code == 422
    assert client.post(f"{address}gor/", {**answer, "text": "Får stå kvar."}).status_code == 302
    assert Ruling.objects.get(pk=row.pk).answer == "Får stå kvar."


def test_d20_pages_of_what_one_may_not_read_are_not_there(stage: Stage, client: Client) -> None:
    item, now = stage.comment("Torvalds zirkon."), timezone.now()
    row = rulings.ask(item, question="Zirkon?", by=stage.officer, now=now)
    secrecy.mark(item, ground="osl-21-1", reason="x", by=stage.manager, now=now)
    client.force_login(factories.person(Role.OFFICER))
    assert client.get(f"/borttaget/kring/fragor/{row.pk}/").status_code == 404
    assert client.get(f"/borttaget/mer/{item.pk}/fragor/").status_code == 404
    assert "irkon" not in client.get("/borttaget/kring/fragor/").content.decode()


def test_taking_the_police_report_is_in_the_trail(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = stage.comment()
    fields: dict[str, Any] = {"ground": "law.threat", "text": "Hot.", "by": stage.officer, "now": timezone.now()}
    code_of(lambda: police.make(item, **fields))
    run_jobs()
    row = police.make(item, **fields)
    client.force_login(stage.officer)
    assert client.get(f"/borttaget/polisanmalningar/{row.pk}/anmalan.pdf").status_code == 404
    with_browser(monkeypatch)
    run_jobs()
    answer = client.get(f"/borttaget/polisanmalningar/{row.pk}/allt.zip")
    body = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == 200 and zipfile.is_zipfile(io.BytesIO(body))
    assert steps(row)[-1] == "download"


def test_a_page_asks_no_more_however_many_there_are(
    stage: Stage, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(stage.officer)
    now = timezone.now()
    for number in range(12):
        rulings.ask(stage.comment(f"Kommentar {number}", name=f"N{number}"), question="?", by=stage.officer, now=now)
    client.get("/borttaget/kring/fragor/")
    with django_assert_max_num_queries(28):
        client.get("/borttaget/kring/fragor/")
