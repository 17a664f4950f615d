"""The page "Regler och öppettider": all signed in read, two roles change (D35, D66)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from uppsikt.kernel.hours import read_spans
from uppsikt.kernel.trail import Doer
from uppsikt.kernel.working import default_hours
from uppsikt.organisation.models import Person, RoleGrant
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions, queries
from uppsikt.policy.models import LocalDay

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CHANGING = ["document", "week", "new_season", "local_day"]


def signed_in_as(role: Role) -> Client:
    person = Person.objects.create_user(f"{role}@example.se", name=f"Kim {role.value}")
    RoleGrant.objects.create(person=person, role=role.value, since=LONG_AGO)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def editor() -> Client:
    return signed_in_as(Role.COMMUNICATIONS)


def week_of(**days: str) -> dict[str, str]:
    return {f"day{number}": days.get(f"day{number}", "8.00–16.30" if number < 5 else "") for number in range(7)}


def test_everyone_signed_in_reads_each_rule_with_its_duty_and_law() -> None:
    page = signed_in_as(Role.AUDITOR).get(reverse("policy:page")).content.decode()
    for part in ("Svara inom", "1 arbetsdag", "D35", "lag (1930:173) 2 §", "8.00–16.30", "Måndag"):
        assert part in page
    assert reverse("policy:week") not in page


def test_a_visitor_is_asked_to_log_in() -> None:
    assert Client().get(reverse("policy:page")).status_code == 302


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.COMMUNICATIONS}))
@pytest.mark.parametrize("name", CHANGING)
def test_others_change_nothing(role: Role, name: str) -> None:
    client = signed_in_as(role)
    assert client.get(reverse(f"policy:{name}")).status_code == 403
    assert client.post(reverse(f"policy:{name}"), {}).status_code == 403


@pytest.mark.parametrize("name", CHANGING)
def test_a_form_that_is_sent_empty_is_shown_again(editor: Client, name: str) -> None:
    assert editor.get(reverse(f"policy:{name}")).status_code == 200
    if name != "document":
        assert editor.post(reverse(f"policy:{name}"), {"x": "1"}).status_code == 200


def test_the_calculator_says_when_and_how_it_was_counted() -> None:
    client = signed_in_as(Role.OFFICER)
    page = client.get(reverse("policy:page"), {"received": "2026-11-13T16:45"}).content.decode()
    assert "Svara senast måndag 16 november 2026 16.30" in page
    assert "efter stängning" in page


@pytest.mark.parametrize(
    "received", ["", "i går", "1066-10-14T09:00", "9999-12-31T23:59", "2026-03-29T02:30", "2026-10-25T02:30"]
)
def test_the_calculator_says_what_it_cannot_count(received: str) -> None:
    answer = signed_in_as(Role.OFFICER).get(reverse("policy:page"), {"received": received})
    assert answer.status_code == 200
    assert "Svara senast" not in answer.content.decode()


def test_a_rule_is_changed_with_a_reason(editor: Client) -> None:
    url = reverse("policy:rule", args=["answer.promise_working_days"])
    assert "Från 1 arbetsdag till 30 arbetsdagar" in editor.get(url).content.decode()
    assert editor.post(url, {"value": "5", "law": "FL 6 §"}).status_code == 200
    assert editor.post(url, {"value": "31", "law": "", "reason": "KS"}).status_code == 200
    assert queries.number("answer.promise_working_days") == 3
    assert editor.post(url, {"value": "5", "law": "FL 6 §", "reason": "KS 2026/12"}).status_code == 302
    assert queries.number("answer.promise_working_days") == 5
    page = editor.get(reverse("policy:page")).content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Kim communications ändrade en regel: Återkomma efter mellansvar inom KS 2026/12" in words
    assert "FL 6 §" in page


def test_the_plan_for_looking_again_is_changed_as_text(editor: Client) -> None:
    url = reverse("policy:rule", args=["recheck.plan"])
    assert "24: 30" in editor.get(url).content.decode()
    assert editor.post(url, {"value": "ofta", "reason": "r"}).status_code == 200
    assert editor.post(url, {"value": "48: 15\n720: 1440", "reason": "r"}).status_code == 302
    assert queries.recheck_plan() == ((48, 15), (720, 1440))
    assert editor.get(reverse("policy:rule", args=["no.such"])).status_code == 404


def test_the_week_is_changed_and_what_is_wrong_is_said_where_it_stands(editor: Client) -> None:
    url = reverse("policy:week")
    for wrong in ("8-16", "16.00–8.00", "8.00–12.00, 11.00–13.00"):
        answer = editor.post(url, week_of(day0=wrong))
        assert answer.status_code == 200
        assert wrong in answer.content.decode()
    assert "minst en vardag" in editor.post(url, dict.fromkeys(week_of(), "stängt")).content.decode()
    assert queries.hours() == default_hours()
    assert editor.post(url, week_of(day4="8.00–12.00, 13.00–15.00", day5="10.00–14.00")).status_code == 302
    assert queries.hours().week[4] == read_spans("8.00–12.00, 13.00–15.00")
    assert queries.hours().week[5] == read_spans("10.00–14.00")


def test_a_season_is_made_changed_and_let_go(editor: Client) -> None:
    season = {"name": "Sommartid", "from_day": "1", "from_month": "6", "to_day": "31", "to_month": "8"}
    hours = {f"day{number}": "8.00–16.00" for number in range(5)}
    assert editor.post(reverse("policy:new_season"), {**season, **hours}).status_code == 302
    url = reverse("policy:season", args=["06-01--08-31"])
    assert "Sommartid" in editor.get(url).content.decode()
    assert "1 juni" in editor.get(reverse("policy:page")).content.decode()
    assert editor.post(url, {**season, **hours, "to_day": "15"}).status_code == 302
    assert [one.last for one in queries.hours().seasons] == [(8, 15)]
    answer = editor.post(reverse("policy:new_season"), {**season, **hours, "name": "Igen"})
    assert "redan en säsong" in answer.content.decode()
    assert editor.get(url).status_code == 404
    assert editor.get(reverse("policy:season", args=["x"])).status_code == 404
    assert editor.post(reverse("policy:end_season", args=["06-01--08-15"])).status_code == 302
    assert queries.hours() == default_hours()


def test_a_local_day_is_added_and_dropped(editor: Client) -> None:
    ahead = date(datetime.now(UTC).year + 1, 5, 15)
    form = {"day": ahead.isoformat(), "hours": "", "why": "klämdag <b>"}
    assert editor.post(reverse("policy:local_day"), form).status_code == 302
    page = editor.get(reverse("policy:page")).content.decode()
    assert "klämdag &lt;b&gt;" in page
    row = LocalDay.objects.in_force(None).get()
    assert editor.get(reverse("policy:drop_local_day", args=[row.pk])).status_code == 405
    assert editor.post(reverse("policy:drop_local_day", args=[row.pk])).status_code == 302
    assert not LocalDay.objects.in_force(None).exists()
    assert editor.post(reverse("policy:local_day"), {**form, "day": "9999-01-01"}).status_code == 200


def test_the_document_says_who_decided_it(editor: Client) -> None:
    form = {"name": "Riktlinjer", "owner": "Kanslichefen", "decided_by": "Kommunstyrelsen", "decided_on": "2026-02-03"}
    assert editor.post(reverse("policy:document"), form).status_code == 302
    page = editor.get(reverse("policy:page")).content.decode()
    assert "beslutad av Kommunstyrelsen" in page
    wrong = {**form, "valid_from": "2026-02-03", "valid_until": "2025-02-03"}
    assert editor.post(reverse("policy:document"), wrong).status_code == 200


def test_past_seasons_do_not_stand_in_the_way_of_new_ones() -> None:
    by = Doer.system("test")
    summer = actions.SeasonKey((6, 1), (8, 31), "Sommar")
    week = (*[read_spans("8.00–16.00")] * 5, None, None)
    for _again in range(2):
        actions.replace_week(week=week, season=summer, by=by, now=datetime.now(UTC))
        actions.end_season(season=summer, by=by, now=datetime.now(UTC))
    assert queries.hours() == default_hours()
