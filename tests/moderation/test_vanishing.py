"""D43, D45: what goes away outside the product is noticed, asked about, and given its ground where it was ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from moderation.conftest import Stage, run_jobs
from uppsikt.connectors import registry
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import actions, queries, reconsidering, vanishing
from uppsikt.moderation.models import AuthorNote, Removal, Vanishing
from uppsikt.moderation.rules import Who, by_whom
from uppsikt.notices.models import Letter, Notice
from uppsikt.records.models import Item


def gone(stage: Stage, item: Item) -> Item:
    """Two looks, an interval apart, say that it is gone."""
    for minutes in (40, 80):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            Item.objects.filter(pk=item.pk).update(next_check_at=timezone.now())
            stage.connected.pull()
            run_jobs()
    item.refresh_from_db()
    return item


def test_what_its_author_may_have_taken_back_is_asked_about_and_preserved(stage: Stage) -> None:
    item = stage.comment()
    stage.connected.network.control("POST", "delete", item=item.native_id)
    assert gone(stage, item).state == "gone"
    row = Vanishing.objects.get(item=item)
    assert (row.state, row.taker, row.asked) == ("asked", "unknown", item.channel.responsible)
    assert (row.evidence.state, row.evidence.sort) == ("kept", "intake")
    assert {"answer-intake.json", "wording.json"} <= {file.name for file in row.evidence.files.all()}
    assert Notice.objects.filter(person=row.asked, kind="vanished").count() == 1
    vanishing.answer(row, who=Who.AUTHOR, by=stage.officer, now=timezone.now(), note="Hen skrev det själv.")
    row.refresh_from_db()
    assert (row.state, row.taker, row.removal) == ("settled", "author", None)


def test_our_own_is_asked_for_its_ground_and_rests_on_a_decision(stage: Stage) -> None:
    item = stage.comment()
    stage.connected.network.control("POST", "delete", item=item.native_id, by="account")
    gone(stage, item)
    row = Vanishing.objects.get(item=item)
    with pytest.raises(Refused) as refused:
        vanishing.answer(row, who=Who.US, by=stage.officer, now=timezone.now())
    assert refused.value.code == "no_ground"
    with pytest.raises(Refused) as refused:
        vanishing.answer(row, who=Who.US, by=stage.officer, now=timezone.now(), ground="rule.coarse")
    assert refused.value.code == "no_decision"
    vanishing.answer(
        row,
        who=Who.US,
        by=stage.officer,
        now=timezone.now(),
        ground="rule.coarse",
        decision=queries.decisions_for(item)[0],
        note="Kalle tog bort den i appen.",
    )
    made = Removal.objects.get(item=item)
    assert (made.state, made.outside, made.intent, made.evidence.sort) == ("done", True, None, "intake")
    with pytest.raises(Refused):
        actions.restore(made, reason="Åter", by=stage.manager, now=timezone.now())


def own_up(stage: Stage, item: Item) -> Removal:
    """It went with another tool, and the officer says on what ground."""
    stage.connected.network.control("POST", "delete", item=item.native_id, by="account")
    gone(stage, item)
    row, decision = Vanishing.objects.get(item=item), queries.decisions_for(item)[0]
    vanishing.answer(row, who=Who.US, by=stage.officer, now=timezone.now(), ground="rule.coarse", decision=decision)
    run_jobs()
    return Removal.objects.get(item=item)


def test_d69_the_author_of_what_was_removed_with_another_tool_is_told_too_and_may_have_it_tried(stage: Stage) -> None:
    cache.clear()
    made = own_up(stage, stage.comment())
    assert (made.state, made.outside) == ("done", True)
    note = AuthorNote.objects.get(removal=made)
    assert (note.way, note.state) == ("thread", "sent")
    now = timezone.now()
    row, _key = reconsidering.ask(note, text="Det var ett citat.", contact="m@exempel.test", place="x", now=now)
    reconsidering.change(row, reason="Det stämmer.", by=stage.manager, now=now)
    made.refresh_from_db()
    assert made.state == "done", "we cannot put back what another tool took: somebody is asked to"
    for person in (stage.manager, stage.officer, made.item.channel.responsible):
        assert Notice.objects.filter(kind="reconsideration", person=person, url=f"/borttaget/{made.pk}/").exists()
    assert "läggs tillbaka" in Letter.objects.get(to="m@exempel.test").text


def test_what_we_removed_here_is_no_vanishing(stage: Stage) -> None:
    item = stage.comment()
    stage.remove(item)
    run_jobs()
    assert gone(stage, item).state == "gone"
    assert not Vanishing.objects.exists()


def test_hidden_with_another_tool_is_asked_about_and_back_again_is_no_question(stage: Stage) -> None:
    item = stage.comment()
    stage.connected.network.control("POST", "state", item=item.native_id, state="hidden")
    stage.connected.pull()
    run_jobs()
    assert Vanishing.objects.get(item=item).state == "asked"
    stage.connected.network.control("POST", "state", item=item.native_id, state="visible")
    stage.connected.pull()
    run_jobs()
    assert Vanishing.objects.get(item=item).state == "back"


def test_what_was_removed_and_is_shown_again_by_others_is_told(stage: Stage) -> None:
    item = stage.comment()
    made = stage.remove(item, act=actions.Deed.HIDE)
    run_jobs()
    stage.connected.network.control("POST", "state", item=item.native_id, state="visible")
    stage.connected.pull()
    run_jobs()
    made.refresh_from_db()
    assert made.state == "restored"
    assert Notice.objects.filter(person=stage.officer, kind="removal_failed").count() == 1


def test_nobody_who_answers_is_asked_again_with_the_manager(stage: Stage) -> None:
    item = stage.comment()
    stage.connected.network.control("POST", "state", item=item.native_id, state="hidden")
    stage.connected.pull()
    run_jobs()
    later = timezone.now() + timedelta(days=2)
    vanishing.remind(now=later)
    vanishing.remind(now=later)
    assert Notice.objects.filter(kind="vanished", person=stage.manager).count() == 1


@pytest.mark.parametrize(
    ("network", "direction", "who"),
    [
        ("wordpress", "received", Who.US),
        ("wordpress", "drawn_up", Who.US),
        ("practice", "received", Who.UNKNOWN),
        ("feed", "drawn_up", Who.US),
    ],
)
def test_who_can_have_taken_it_away_is_the_networks_to_say(network: str, direction: str, who: Who) -> None:
    assert by_whom(direction, registry.takers(network)) is who
