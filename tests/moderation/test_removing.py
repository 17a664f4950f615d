"""D43, D45, D69: what is removed is preserved first, rests on a ground and a decision, and is read back."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

import factories
from moderation.conftest import Stage, run_jobs
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.cli import doctor_database
from uppsikt.connectors.base import Deed
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import actions, evidence, queries, taking
from uppsikt.moderation.models import Evidence, EvidenceFile, Removal
from uppsikt.notices.models import Notice
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions as policy_actions
from uppsikt.policy import deciding
from uppsikt.records import reading, secrecy


def test_evidence_comes_first_then_the_network_then_the_record(stage: Stage) -> None:
    item = stage.comment()
    made = stage.remove(item)
    assert (made.state, stage.acts(item)) == ("preserving", []), "nothing has left the building"
    run_jobs()
    made.refresh_from_db()
    item.refresh_from_db()
    assert (made.state, stage.state(item), item.state) == ("done", "deleted", "gone")
    proof = made.evidence
    assert proof is not None
    assert proof.taken_at is not None
    assert made.intent is not None
    assert proof.taken_at < made.intent.written_at <= made.intent.tried_at < made.done_at
    names = {file.name for file in proof.files.all()}
    assert {"answer-intake.json", "wording.json", "manifest.json", "manifest.sig", "card.html"} <= names
    assert stage.acts(item) == ["delete by account"]
    steps = [step.name for step in trail.steps_of(made)]
    assert steps == ["propose", "decide", "preserve", "act", "finish"]


@pytest.mark.browser
def test_the_page_itself_is_part_of_the_proof(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UPPSIKT_BROWSER")
    item = stage.comment()
    made = stage.remove(item)
    run_jobs()
    made.refresh_from_db()
    assert made.state == "done"
    proof = made.evidence
    assert (proof.sort, proof.trouble_code) == ("whole", "")
    names = {file.name for file in proof.files.all()}
    assert {"page.wacz", "screenshot-001.png", "dom.html", "text.txt", "answer.json", "card.html"} <= names
    assert proof.report["capture"]["found"] == proof.report["capture"]["expected"]


def test_a_hidden_comment_is_shown_again(stage: Stage) -> None:
    item = stage.comment()
    made = stage.remove(item, act=Deed.HIDE)
    run_jobs()
    item.refresh_from_db()
    assert (stage.state(item), item.state) == ("hidden", "hidden")
    actions.restore(made, reason="Det var ett citat.", by=stage.officer, now=timezone.now())
    run_jobs()
    made.refresh_from_db()
    item.refresh_from_db()
    assert (made.state, stage.state(item), item.state) == ("restored", "visible", "visible")


def test_a_removed_comment_comes_back_with_what_hung_under_it(stage: Stage) -> None:
    item = stage.comment()
    under = stage.connected.comment("Håller med!", to=item.native_id)
    made = stage.remove(item)
    run_jobs()
    actions.restore(made, reason="Fel kommentar.", by=stage.manager, now=timezone.now())
    run_jobs()
    made.refresh_from_db()
    states = {f"{row['kind']}/{row['id']}": row["state"] for row in stage.connected.network.dump()}
    assert (made.state, states[item.native_id], states[under]) == ("restored", "visible", "visible")
    again = stage.remove(item)
    assert again.pk != made.pk, "what is shown again can be removed again"


def test_d45_every_removal_cites_a_disposal_decision_that_reaches_it(stage: Stage) -> None:
    item, now = stage.comment(), timezone.now()
    with pytest.raises(Refused) as refused:
        actions.remove(
            item,
            act=Deed.REMOVE,
            ground="rule.coarse",
            reason="",
            obvious=False,
            decision=None,
            by=stage.officer,
            now=now,
        )
    assert refused.value.code == "no_decision"
    assert not Removal.objects.exists(), "all or nothing"
    own = factories.disposal_decision("KS 2026-15", "own")
    with pytest.raises(Refused):
        actions.check_decision(own, item)
    ours = factories.item(stage.connected.channel, direction=factories.Direction.DRAWN_UP)
    actions.check_decision(own, ours)
    hidden = actions.remove(
        item, act=Deed.HIDE, ground="rule.coarse", reason="", obvious=False, decision=None, by=stage.officer, now=now
    )
    assert hidden.state == "preserving", "to hide is no disposal"


def test_d45_a_decision_made_for_one_removal_serves_one(stage: Stage) -> None:
    """However it is chosen: through the product, again after a correction of its words, or by SQL."""
    own = factories.disposal_decision("KS 2026-99", standing=False)
    first, second, now = stage.comment(), stage.comment("Ännu en."), timezone.now()
    fields = {"act": Deed.REMOVE, "ground": "rule.coarse", "reason": "", "obvious": False, "by": stage.officer}
    assert own in queries.decisions_for(first)
    made = actions.remove(first, decision=own, now=now, **fields)
    corrected = deciding.change_decision(
        decision=own, name="Gallring av en kommentar", by=factories.TESTER, now=now, reason="Namnet"
    )
    for again in (own, corrected):
        with pytest.raises(Refused) as refused:
            actions.remove(second, decision=again, now=timezone.now(), **fields)
        assert refused.value.code == ("decision_used" if again == corrected else "no_decision")
    assert corrected not in queries.decisions_for(second), "nor is it offered"
    other = stage.remove(second)
    said = refused_by_database("UPDATE moderation_removal SET decision_id = %s WHERE id = %s", corrected.pk, other.pk)
    assert "which was made for one" in said
    # Called off before anything left the building, it has served nobody.
    actions.withdraw(made, by=stage.officer, now=now)
    actions.withdraw(other, by=stage.officer, now=now)
    assert actions.remove(second, decision=corrected, now=timezone.now(), **fields).decision == corrected
    run_jobs()
    said = refused_by_database("UPDATE moderation_removal SET state = 'decided' WHERE id = %s", made.pk)
    assert "which was made for one" in said, "nor by waking what was called off"


@pytest.mark.parametrize(
    ("ground", "reason", "obvious", "code"),
    [
        ("law.threat", "Han hotar att döda handläggaren i morgon.", False, "not_obvious"),
        ("law.threat", "", True, "no_reason"),
        ("nothing", "", False, "no_ground"),
    ],
)
def test_a_ground_is_used_with_what_it_asks_for(
    stage: Stage, ground: str, reason: str, obvious: bool, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        stage.remove(stage.comment(), ground=ground, reason=reason, obvious=obvious)
    assert refused.value.code == code


def test_d21_only_a_mandate_opens_it(stage: Stage) -> None:
    item = stage.comment()
    answers = factories.officer(stage.connected.channel)
    with pytest.raises(Refused) as refused:
        stage.remove(item, by=answers)
    assert refused.value.code == "no_mandate"
    hides = factories.person(Role.OFFICER)
    factories.mandate(hides, stage.connected.channel, Act.HIDE)
    with pytest.raises(Refused):
        stage.remove(item, by=hides)
    assert stage.remove(item, by=hides, act=Deed.HIDE).state == "preserving"


def four_eyes() -> None:
    """Let the policy ask for two behind each removal."""
    policy_actions.change_rule(
        key="removal.people", value=2, by=factories.TESTER, now=timezone.now(), reason="Två ska vara med"
    )


def test_where_two_are_asked_one_proposes_and_another_decides(stage: Stage) -> None:
    four_eyes()
    item = stage.comment()
    made = stage.remove(item)
    run_jobs()
    made.refresh_from_db()
    assert (made.state, made.evidence.state) == ("proposed", "kept"), "the proof does not wait for the decision"
    assert stage.state(item) == "visible"
    decision = queries.decisions_for(item)[0]
    other = factories.person(Role.OFFICER)
    factories.mandate(other, stage.connected.channel, Act.REMOVE)
    for wrong, code in ((stage.officer, "two_people"), (other, "may_not_decide")):
        with pytest.raises(Refused) as refused:
            actions.decide(made, decision=decision, by=wrong, now=timezone.now())
        assert refused.value.code == code
    actions.decide(made, decision=decision, by=stage.manager, now=timezone.now())
    run_jobs()
    made.refresh_from_db()
    assert (made.state, stage.state(item), made.decided_by) == ("done", "deleted", stage.manager)
    hidden = stage.remove(stage.comment("Ännu en."), act=Deed.HIDE)
    assert hidden.state == "preserving", "to hide can be undone, and one is enough"


def test_what_is_not_approved_stays_and_the_proposer_is_told(stage: Stage) -> None:
    four_eyes()
    item = stage.comment()
    made = stage.remove(item)
    actions.reject(made, reason="Det är hård kritik, inget påhopp.", by=stage.manager, now=timezone.now())
    run_jobs()
    assert (made.state, stage.state(item)) == ("rejected", "visible")


def test_words_that_changed_after_the_decision_are_read_again(stage: Stage) -> None:
    """The proof is of the wording that was decided about; another one is not removed on that decision."""
    item = stage.comment()
    made = stage.remove(item)
    stage.connected.network.control("POST", "edit", item=item.native_id, text="Förlåt, jag menade inte så.")
    stage.connected.pull()
    run_jobs()
    made.refresh_from_db()
    assert (made.state, made.trouble_code, stage.state(item)) == ("failed", "reworded", "visible")
    actions.again(made, by=stage.officer, now=timezone.now())
    run_jobs()
    made.refresh_from_db()
    assert (made.state, made.version.number, stage.state(item)) == ("done", 2, "deleted")


def test_d45_where_two_are_asked_other_words_are_decided_by_another_too(stage: Stage) -> None:
    """The decision was about the old wording: to try again with a new one takes whoever may decide about that."""
    four_eyes()
    item = stage.comment()
    made = stage.remove(item)
    actions.decide(made, decision=queries.decisions_for(item)[0], by=stage.manager, now=timezone.now())
    stage.connected.network.control("POST", "edit", item=item.native_id, text="Förlåt, jag menade inte så.")
    stage.connected.pull()
    run_jobs()
    made.refresh_from_db()
    assert (made.state, made.trouble_code) == ("failed", "reworded")
    with pytest.raises(Refused) as refused:
        actions.again(made, by=stage.officer, now=timezone.now())
    assert refused.value.code == "two_people"
    boss = factories.person(Role.MANAGER)
    actions.again(made, by=boss, now=timezone.now())
    run_jobs()
    made.refresh_from_db()
    assert (made.state, made.decided_by, made.version.number) == ("done", boss, 2)


def test_two_at_once_make_one_removal(stage: Stage) -> None:
    item = stage.comment()
    stage.remove(item)
    with pytest.raises(Refused) as refused:
        stage.remove(item)
    assert refused.value.code == "seen_to"


# -- what the database refuses ---------------------------------------------------


def refused_by_database(sql: str, *values: object) -> str:
    """What the database says to a statement."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(refused.value)


@pytest.mark.parametrize("state", ["acting", "done", "restoring", "restored"])
def test_sql_cannot_mark_something_removed_without_kept_evidence(stage: Stage, state: str) -> None:
    made = stage.remove(stage.comment())
    said = refused_by_database("UPDATE moderation_removal SET state = %s WHERE id = %s", state, made.pk)
    assert "no evidence is kept" in said
    said = refused_by_database(
        "UPDATE moderation_removal SET state = %s, evidence_id = NULL WHERE id = %s", state, made.pk
    )
    assert "no evidence is kept" in said


def test_sql_cannot_use_the_evidence_of_another_item_or_wording(stage: Stage) -> None:
    other = stage.remove(stage.comment("En annan."))
    run_jobs()
    other.refresh_from_db()
    made = stage.remove(stage.comment())
    said = refused_by_database(
        "UPDATE moderation_removal SET state = 'done', evidence_id = %s WHERE id = %s", other.evidence_id, made.pk
    )
    assert "no evidence is kept" in said
    refused_by_database("UPDATE moderation_removal SET item_id = %s WHERE id = %s", other.item_id, made.pk)


@pytest.mark.parametrize("kind", ["hide", "remove"])
def test_sql_cannot_write_an_intent_without_kept_evidence(stage: Stage, kind: str) -> None:
    made = stage.remove(stage.comment())
    write = (
        "INSERT INTO kernel_intent (key, kind, target, payload, state, written_at, by, by_name, attempts, error_kind,"
        " error_code, error_facts, result, needs_person) VALUES (gen_random_uuid(), %s, %s,"
        " jsonb_build_object('to', %s::text, 'removal', %s::int), 'written', now(), 'x',"
        " 'x', 0, '', '', '{}', '{}', false)"
    )
    target, native_id = made.item.channel.target, made.item.native_id
    assert "is refused" in refused_by_database(write, kind, target, native_id, made.pk)
    assert "is refused" in refused_by_database(write, kind, target, native_id, None)
    with connection.cursor() as cursor:
        cursor.execute(write, ["reply", target, native_id, made.pk])
    assert "is refused" in refused_by_database("UPDATE kernel_intent SET kind = %s", kind)


def test_kept_evidence_stays_as_it_is(stage: Stage) -> None:
    made = stage.remove(stage.comment())
    assert "holds nothing" in refused_by_database(
        "UPDATE moderation_evidence SET state = 'kept', sort = 'card', taken_at = now() WHERE id = %s",
        made.evidence_id,
    )
    run_jobs()
    for sql in (
        "UPDATE moderation_evidence SET state = 'wanted'",
        "UPDATE moderation_evidence SET report = '{}', address = ''",
        "DELETE FROM moderation_evidence",
        "UPDATE moderation_evidencefile SET name = 'other'",
        "DELETE FROM moderation_evidencefile",
    ):
        assert "refused" in refused_by_database(sql)


# -- troubles --------------------------------------------------------------------


def test_a_worker_that_died_while_taking_evidence_is_taken_up(stage: Stage) -> None:
    """Must not remove meanwhile: the state says that it is taken anew."""
    item = stage.comment()
    made = stage.remove(item)
    row = evidence.begin(made.evidence_id, now=timezone.now())
    assert row is not None
    assert row.state == "taking"
    assert stage.state(item) == "visible"
    taking.take(made.evidence_id, clock=timezone.now)
    made.evidence.refresh_from_db()
    assert made.evidence.state == "kept"
    codes = [step.facts.get("trouble_code") for step in trail.steps_of(made.evidence)]
    assert "worker_died" in codes
    run_jobs()
    assert stage.acts(item) == ["delete by account"]


def browsers() -> list[int]:
    """The browsers that this process has started."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == os.getpid() and b"chrom" in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found


def kill_one(seen: list[int]) -> None:
    """Kill the browser that opens the page, in the midst of it."""
    for _turn in range(400):
        time.sleep(0.05)
        if found := browsers():
            time.sleep(1.0)
            for pid in found:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            seen.extend(found)
            return


@pytest.mark.browser
def test_a_browser_killed_in_mid_capture_is_a_clear_state_and_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Must show 7: nothing is removed meanwhile."""
    item = stage.comment()
    monkeypatch.delenv("UPPSIKT_BROWSER")
    # The page does not come until the browser is gone.
    stage.connected.trouble("slow", path="/@", seconds=8)
    made, killed = stage.remove(item), list[int]()
    killer = threading.Thread(target=kill_one, args=(killed,))
    killer.start()
    taking.take(made.evidence_id, clock=timezone.now)
    killer.join()
    assert killed, "there was a browser to kill"
    proof = Evidence.objects.get(pk=made.evidence_id)
    assert (proof.state, proof.trouble_code) == ("wanted", "browser_died")
    assert proof.next_try_at is not None
    assert proof.next_try_at > proof.begun_at
    assert (stage.state(item), stage.acts(item)) == ("visible", [])
    stage.connected.calm()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        run_jobs()
    proof.refresh_from_db()
    assert (proof.state, proof.sort, stage.state(item)) == ("kept", "whole", "deleted")


def test_a_silent_time_stamp_authority_holds_everything_up(stage: Stage, settings: Any) -> None:
    """Nothing is removed while the proof is not closed; it is asked again, and not captured anew."""
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    settings.ALLOW_PRIVATE = frozenset({*settings.ALLOW_PRIVATE, "127.0.0.1:9"})
    item = stage.comment()
    made = stage.remove(item)
    run_jobs()
    made.refresh_from_db()
    proof = made.evidence
    assert (made.state, proof.state, stage.state(item)) == ("preserving", "wanted", "visible")
    assert proof.trouble_code.startswith("stamp_")
    assert proof.next_try_at > timezone.now()
    settings.TIMESTAMP_URL = ""
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        run_jobs()
    made.refresh_from_db()
    assert (made.state, stage.state(item)) == ("done", "deleted")


def test_evidence_that_cannot_be_had_stops_the_removal_and_says_so(stage: Stage, settings: Any) -> None:
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    settings.ALLOW_PRIVATE = frozenset({*settings.ALLOW_PRIVATE, "127.0.0.1:9"})
    item = stage.comment()
    made = stage.remove(item)
    for hours in range(1, 15):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            run_jobs(turns=2)
    made.refresh_from_db()
    assert (made.state, made.trouble_code, made.evidence.state) == ("failed", "no_evidence", "failed")
    assert stage.state(item) == "visible"
    settings.TIMESTAMP_URL = ""
    actions.again(made, by=stage.officer, now=timezone.now())
    run_jobs()
    made.refresh_from_db()
    assert made.state == "done"


def test_a_network_that_refuses_leaves_a_clear_state_and_tells(stage: Stage) -> None:
    item = stage.comment()
    made = stage.remove(item)
    # Everything of the account's is closed to the token from now on.
    taking.take(made.evidence_id, clock=timezone.now)
    stage.connected.network.control("POST", "tokens/revoke", handle="provet")
    for hours in range(1, 30):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            run_jobs(turns=2)
    made.refresh_from_db()
    assert (made.state, stage.state(item)) == ("failed", "visible")
    assert made.trouble_code == "revoked_key"
    told = Notice.objects.filter(kind="removal_failed", person=stage.officer)
    assert told.exists()


def test_an_answer_that_was_lost_is_read_back_and_never_done_twice(stage: Stage) -> None:
    item = stage.comment()
    made = stage.remove(item)
    stage.connected.trouble("drop_after", method="DELETE", count=1)
    run_jobs()
    made.refresh_from_db()
    assert made.intent.state == "unknown"
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        run_jobs()
    made.refresh_from_db()
    assert (made.state, made.intent.state, stage.acts(item)) == ("done", "done", ["delete by account"])


def test_what_waits_on_a_paused_channel_is_removed_when_it_is_resumed(stage: Stage) -> None:
    item = stage.comment()
    made = stage.remove(item)
    Channel.objects.filter(pk=item.channel_id).update(state="paused")
    run_jobs()
    made.refresh_from_db()
    assert (made.state, stage.state(item)) == ("acting", "visible")


# -- reading rules ---------------------------------------------------------------


def test_d20_a_proof_is_as_secret_as_all_that_its_pages_show(stage: Stage) -> None:
    item, beside = stage.comment(), stage.comment("Min son Pelle har diabetes.", name="En förälder")
    proof = stage.remove(item).evidence
    assert proof is not None
    reader = reading.reader(factories.person(Role.ARCHIVIST), now=timezone.now())
    assert evidence.readable(proof, reader)
    secrecy.mark(beside, ground="osl-21-1", reason="Hälsa", by=stage.manager, now=timezone.now())
    assert not evidence.readable(proof, reader), "the picture of the page shows it"
    assert evidence.readable(proof, reading.reader(stage.manager, now=timezone.now()))


def test_time_of_knowledge_is_when_somebody_or_the_system_learnt_of_it(stage: Stage) -> None:
    item = stage.comment()
    before = timezone.now() - timedelta(hours=3)
    type(item).objects.filter(pk=item.pk).update(known_at=before)
    made = stage.remove(item)
    assert (made.known_at, made.known_by) == (before, "person")


def test_a_picture_taken_by_hand_stands_beside_the_proof(stage: Stage) -> None:
    proof = stage.remove(stage.comment()).evidence
    run_jobs()
    evidence.add_by_hand(proof, b"\x89PNG\r\n\x1a\n123", "image/png", why="Appen", by=stage.officer, now=timezone.now())
    with pytest.raises(Refused):
        evidence.add_by_hand(proof, b"MZ", "image/png", why="Appen", by=stage.officer, now=timezone.now())
    assert EvidenceFile.objects.get(by=stage.officer).name == "by-hand-001.png"
    assert Evidence.objects.get(pk=proof.pk).state == "kept"


def test_the_doctor_misses_a_guard_that_somebody_has_taken_away(stage: Stage) -> None:
    assert stage
    assert doctor_database.triggers().level == "ok"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_intent DISABLE TRIGGER moderation_intent_guard")
    found = doctor_database.triggers()
    assert found.level == "wrong"
    assert "kernel_intent" in found.words
