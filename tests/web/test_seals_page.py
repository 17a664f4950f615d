"""The page of the seals, and who is told when something is wrong (D18, D40)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

import factories
from kernel.sealing import change, seal, steps
from uppsikt.kernel import seal_words, seals, trail, verifications
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Seal, Step, Verification
from uppsikt.notices.models import Notice
from uppsikt.organisation.rules import Role
from uppsikt.policy.guideline_models import Edition
from uppsikt.web import jobs

pytestmark = pytest.mark.django_db


def verified(*, whole: bool = True) -> Verification:
    """One gone through to its end, in pieces as short as they can be."""
    row = verifications.begin(whole=whole, by=factories.TESTER, now=timezone.now())
    for _turn in range(200):
        row.refresh_from_db()
        if verifications.go_on(row, clock=timezone.now, seconds=0):
            break
    row.refresh_from_db()
    return row


def test_a_verification_goes_on_in_pieces_and_says_what_it_came_to(client: Client) -> None:
    seal(timezone.now())
    keys = steps(30)
    seal(timezone.now())
    row = verified()
    # What migrations lay in is sealed too: the guideline's first edition.
    sealed = Step.objects.filter(pk__lte=keys[-1]).count() + Edition.objects.count()
    assert row.state == "passed" and row.whole and row.rows == sealed
    assert [step.name for step in trail.steps_of(row)] == ["begin", "pass"]
    change("kernel_step", "label = 'annat'", keys[4])
    assert verified(whole=False).state == "passed"  # only what is new
    wrong = verified()
    assert wrong.state == "failed"
    client.force_login(factories.person(Role.AUDITOR))
    page = client.get(reverse("web:seals")).content.decode()
    assert f"Ändrad: rad {keys[4]} bland spårets steg." in page
    assert str(seals.head()) in page


def test_the_auditor_sees_the_outcome_and_begins_nothing(client: Client) -> None:
    client.force_login(factories.person(Role.AUDITOR))
    page = client.get(reverse("web:seals")).content.decode()
    assert "Sigillen har inte kontrollerats än" in page and "Kontrollera allt nu" not in page
    assert client.post(reverse("web:begin_verification"), {"what": "whole"}).status_code == 403
    assert not Verification.objects.exists()
    client.force_login(factories.person(Role.COMMUNICATIONS))
    assert "Kontrollera allt nu" in client.get(reverse("web:seals")).content.decode()


@pytest.mark.parametrize(
    ("language", "one", "more"), [("sv", "1 rad, 1 sigill", "2 rader"), ("en", "1 row, 1 seal,", "2 rows")]
)
def test_one_row_is_a_row(language: str, one: str, more: str) -> None:
    with translation.override(language):
        assert one in seal_words.ran({"rows": {"steps": 1}, "seals": 1, "blobs": 0, "stamps": 0})
        assert more in seal_words.ran({"rows": {"steps": 1, "items": 1}, "seals": 1, "blobs": 0, "stamps": 0})


def test_those_who_answer_for_it_are_told_once_and_urgently() -> None:
    people = [factories.person(Role.ADMINISTRATOR), factories.person(Role.COMMUNICATIONS, Role.ADMINISTRATOR)]
    factories.person(Role.OFFICER)
    keys = steps(3)
    seal(timezone.now())
    change("kernel_step", "label = 'annat'", keys[1])
    row = verified()
    jobs.seals_wrong.func.__wrapped__(row.pk)
    told = Notice.objects.filter(kind="seals_wrong")
    assert {one.person_id for one in told} == {one.pk for one in people} and len(told) == 2
    assert all(one.urgent and f"rad {keys[1]}" in one.words and one.url == reverse("web:seals") for one in told)
    jobs.seals_stale.func.__wrapped__(20)
    jobs.stamp_trouble.func.__wrapped__(4, "site_down")
    assert told.filter(urgent=True).count() == 4 and told.filter(urgent=False).count() == 2


def test_the_same_damage_is_told_once_and_what_is_new_again(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(verifications.seal_news.WRONG, "tell", lambda **facts: told.extend(facts.values()))
    keys = steps(9)
    seal(timezone.now())
    change("kernel_step", "label = 'annat'", keys[1])
    first, _again = verified(), verified()
    change("kernel_step", "label = 'annat'", keys[5])
    third = verified()
    assert told == [first.pk, third.pk]


def test_one_at_a_time_and_one_that_died_gives_way(client: Client) -> None:
    steps(1)
    now = timezone.now()
    row = verifications.begin(whole=True, by=factories.TESTER, now=now)
    with pytest.raises(Refused, match="pågår"):
        verifications.begin(whole=True, by=factories.TESTER, now=now + timedelta(minutes=5))
    client.force_login(factories.person(Role.COMMUNICATIONS))
    answer = client.post(reverse("web:begin_verification"), {"what": "whole"}, follow=True)
    assert "En kontroll pågår redan" in answer.content.decode()
    later = now + verifications.DEAD_AFTER + timedelta(minutes=1)
    assert verifications.begin(whole=True, by=factories.TESTER, now=later).pk != row.pk
    row.refresh_from_db()
    assert row.state == "stopped"


def test_it_runs_by_itself_each_night_and_whole_each_week(settings: pytest.FixtureRequest) -> None:
    steps(1)
    seal(timezone.now())
    night, seen = timezone.now().replace(hour=2, minute=40), []
    for _turn in range(9):
        row = verifications.begin_due(now=night)
        assert row is not None
        seen.append(row.whole)
        while not verifications.go_on(row, clock=lambda: night):  # noqa: B023 used at once
            row.refresh_from_db()
        assert verifications.begin_due(now=night + timedelta(hours=1)) is None
        night += timedelta(days=1)
    assert seen == [True, *[False] * 6, True, False]
    settings.VERIFY_DAYS = settings.VERIFY_WHOLE_DAYS = 0  # type: ignore[attr-defined]  # pytest-django's fixture
    assert verifications.begin_due(now=night) is None


def test_steps_that_wait_too_long_for_their_seal_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(verifications.seal_news.STALE, "tell", lambda **facts: told.extend(facts.values()))
    now = timezone.now()
    verifications.watch(now=now)
    steps(1, at=now - timedelta(minutes=40))
    verifications.watch(now=now)
    assert told in ([39], [40])
    seals.seal_all(now=now)
    verifications.watch(now=now)
    assert len(told) == 1


def test_the_page_asks_as_many_questions_however_many_seals_there_are(
    client: Client, django_assert_max_num_queries: object
) -> None:
    client.force_login(factories.person(Role.ADMINISTRATOR))
    for turn in range(4):
        steps(1)
        seals.seal_all(now=timezone.now() - timedelta(days=3 - turn))
        verified()
    with django_assert_max_num_queries(20):  # type: ignore[operator]  # pytest-django's fixture
        assert client.get(reverse("web:seals")).status_code == 200
    assert Seal.objects.count() >= 4
