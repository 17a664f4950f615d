"""Grounds and disposal decisions: what is laid in, what may be changed and by whom, and what the database refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer, steps_of
from uppsikt.organisation.rules import Role
from uppsikt.policy import deciding, grounds, queries
from uppsikt.policy.models import DisposalDecision, Ground

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ANNA = Doer("person:1", "Anna")
RULE: dict[str, Any] = {
    "name": "Lotterier",
    "law": "Kommunens regler för kanalen",
    "text": "Inlägget bjuder in till ett lotteri.",
    "example": "”Gilla och dela så kan du vinna!”",
    "allowed": "Föreningars lotterier med tillstånd.",
    "needs_reason": False,
    "asks": "",
}
DECISION: dict[str, Any] = {
    "number": "KS 2026/123 § 45",
    "name": "Dokumenthanteringsplan",
    "text": "Inlägg som strider mot lag eller husregler.",
    "standing": True,
    "scope": "all",
    "decided_by": "Kommunstyrelsen",
    "decided_on": date(2026, 3, 2),
}


def ground(code: str) -> Ground:
    found = queries.ground(code)
    assert found
    return found


def client(role: Role) -> Client:
    browser = Client()
    browser.force_login(factories.person(role))
    return browser


def test_a_changed_ground_is_a_new_row_and_the_old_words_stay_with_what_was_done_by_them() -> None:
    old = ground("rule.insult")
    new = deciding.change_ground(
        ground=old, text="Nya ord.", needs_reason=False, asks="", by=ANNA, now=NOW, reason="KS 2026/9"
    )
    old.refresh_from_db()
    assert (old.until, old.text != new.text, new.since) == (NOW, True, NOW)
    assert (new.code, new.sort, new.duty, new.order) == (old.code, old.sort, old.duty, old.order)
    assert queries.ground("rule.insult", NOW - timedelta(days=1)) == old
    assert queries.ground("rule.insult") == new
    document = queries.policy()
    assert document
    step = steps_of(document).get(name="change_ground")
    assert (step.reason, step.facts["ground"], step.facts["after"]["text"]) == ("KS 2026/9", "rule.insult", "Nya ord.")


def test_two_who_change_the_same_ground_do_not_both_win() -> None:
    old = ground("rule.spam")
    deciding.change_ground(ground=old, text="Först.", by=ANNA, now=NOW, reason="r")
    with pytest.raises(Refused, match="ändrats av någon annan"):
        deciding.change_ground(ground=old, text="Sedan.", by=ANNA, now=NOW, reason="r")


@pytest.mark.parametrize("code", grounds.ALWAYS_REASONED)
def test_no_municipality_can_drop_the_reason_that_the_law_or_fairness_asks_for(code: str) -> None:
    with pytest.raises(Refused) as error:
        deciding.change_ground(ground=ground(code), needs_reason=False, by=ANNA, now=NOW, reason="r")
    assert error.value.code == "needs_reason"


def test_a_reason_that_is_asked_for_answers_a_question() -> None:
    with pytest.raises(Refused) as error:
        deciding.add_rule(**{**RULE, "needs_reason": True}, by=ANNA, now=NOW, reason="r")
    assert error.value.code == "needs_asks"


@pytest.mark.parametrize("code", grounds.STAY)
def test_what_the_law_asks_to_be_removed_stays(code: str) -> None:
    with pytest.raises(Refused) as error:
        deciding.end_ground(ground=ground(code), by=ANNA, now=NOW, reason="r")
    assert error.value.code == "law_stays"


def test_the_database_itself_asks_that_a_crime_be_obvious_and_that_every_ground_says_what_it_means() -> None:
    for broken in ({"needs_obvious": False}, {"needs_reason": False}, {"text": ""}, {"law": ""}, {"example": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ground.objects.filter(code="law.threat").update(**broken)


def test_a_rule_of_ones_own_comes_and_goes() -> None:
    first = deciding.add_rule(**RULE, by=ANNA, now=NOW, reason="r")
    second = deciding.add_rule(**{**RULE, "name": "Två"}, by=ANNA, now=NOW, reason="r")
    assert (first.code, first.sort, second.code) == ("rule.own1", "rule", "rule.own2")
    deciding.end_ground(ground=first, by=ANNA, now=NOW, reason="KS 2026/10")
    assert queries.ground("rule.own1") is None
    assert deciding.add_rule(**RULE, by=ANNA, now=NOW, reason="r").code == "rule.own3"


def test_disposal_decisions_are_found_by_what_they_cover_standing_ones_first() -> None:
    once = deciding.add_decision(
        **{**DECISION, "number": "2", "standing": False, "scope": "received"}, by=ANNA, now=NOW
    )
    own = deciding.add_decision(**{**DECISION, "number": "3", "scope": "own"}, by=ANNA, now=NOW)
    whole = deciding.add_decision(**DECISION, by=ANNA, now=NOW)
    assert queries.disposal_decisions(covers="received") == [whole, once]
    assert queries.disposal_decisions(covers="own") == [whole, own]
    deciding.end_decision(decision=whole, by=ANNA, now=NOW + timedelta(days=1), reason="Ny plan")
    assert queries.disposal_decisions(covers="own") == [own]
    assert whole in queries.disposal_decisions(NOW)


def test_a_decision_is_not_made_tomorrow_nor_twice_under_one_number() -> None:
    with pytest.raises(Refused) as error:
        deciding.add_decision(**{**DECISION, "decided_on": date(2026, 11, 21)}, by=ANNA, now=NOW)
    assert error.value.code == "not_decided_yet"
    row = deciding.add_decision(**DECISION, by=ANNA, now=NOW)
    with pytest.raises(Refused) as error:
        deciding.add_decision(**DECISION, by=ANNA, now=NOW)
    assert error.value.code == "number_taken"
    new = deciding.change_decision(decision=row, by=ANNA, now=NOW, reason="Skrivfel", number="KS 2026/124")
    assert (queries.disposal_decisions(), new.number) == ([new], "KS 2026/124")
    with pytest.raises(Refused) as error:
        deciding.change_decision(decision=row, by=ANNA, now=NOW, reason="r", number="X")
    assert error.value.code == "changed_meanwhile"


def test_the_page_changes_a_ground_and_says_what_is_wrong_where_it_stands() -> None:
    browser = client(Role.COMMUNICATIONS)
    url = reverse("policy:ground", args=["law.threat"])
    form = {**RULE, "text": "Ändrad text.", "asks": "Varför är det uppenbart?", "reason": "KS 2026/9"}
    form.pop("needs_reason")
    assert browser.post(url, {**form, "reason": ""}).status_code == 200
    assert browser.post(url, form).status_code == 302
    changed = ground("law.threat")
    assert (changed.text, changed.needs_reason, changed.needs_obvious) == ("Ändrad text.", True, True)
    assert "ändrade en grund: Lotterier" in browser.get(reverse("policy:grounds")).content.decode()
    assert browser.get(reverse("policy:ground", args=["no.such"])).status_code == 404


def test_the_page_adds_and_ends_a_rule() -> None:
    browser = client(Role.COMMUNICATIONS)
    form = {**RULE, "reason": "KS 2026/9"}
    form.pop("needs_reason")
    assert browser.post(reverse("policy:new_ground"), form).status_code == 302
    end = reverse("policy:end_ground", args=["rule.own1"])
    assert browser.post(end, {}).status_code == 200
    assert browser.post(end, {"reason": "KS 2026/10"}).status_code == 302
    assert queries.ground("rule.own1") is None
    assert (
        "följer av lag"
        in browser.post(reverse("policy:end_ground", args=["law.threat"]), {"reason": "x"}).content.decode()
    )


def test_the_page_keeps_disposal_decisions() -> None:
    browser = client(Role.ARCHIVIST)
    form = {**DECISION, "standing": "on", "reason": ""}
    new = reverse("policy:new_disposal_decision")
    assert "i framtiden" in browser.post(new, {**form, "decided_on": "2199-01-01"}).content.decode()
    assert browser.post(new, form).status_code == 302
    assert "redan ett gällande beslut" in browser.post(new, form).content.decode()
    row = DisposalDecision.objects.get()
    one = reverse("policy:disposal_decision", args=[row.pk])
    assert browser.post(one, {**form, "number": "KS 2026/200"}).status_code == 302
    assert browser.get(one).status_code == 404
    changed = queries.disposal_decisions()[0]
    end = reverse("policy:end_disposal_decision", args=[changed.pk])
    assert browser.post(end, {"reason": "Ny plan"}).status_code == 302
    page = browser.get(reverse("policy:disposal_decisions")).content.decode()
    assert "Gäller inte längre" in page
    assert "KS 2026/200" in page
