"""D5–D15, D39 and the rest of what an account must be: the audit finds what is wrong, and nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import factories
from register import logo_drawings as drawn
from register import planted
from register.planted import NOW, PLANTS, House
from uppsikt.channels.models import Channel
from uppsikt.kernel import blobs, trail
from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Notice
from uppsikt.organisation import politicians
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions as policy
from uppsikt.policy import choices
from uppsikt.register import auditing, check_words, deviation_queries, deviation_words, deviations, entries, profiles
from uppsikt.register.checks.table import BY_CODE, CHECKS
from uppsikt.register.deviation_models import Deviation
from uppsikt.register.discover_models import Search
from uppsikt.register.musts import RULE
from uppsikt.register.profile_models import HandLook, ProfileVersion

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def house() -> House:
    return planted.house()


def found(channel: Channel) -> Counter[tuple[str, str]]:
    """What is open, with the marks that a plant cannot know left out."""
    rows = Deviation.objects.filter(channel=channel, state__in=("found", "taken"))
    return Counter((row.code, "*" if ":" in row.mark or row.code == "people.responsible" else row.mark) for row in rows)


def test_forty_planted_accounts_every_fault_is_found_and_no_other(house: House) -> None:
    """Issue 5, Must show 3: five that are sound, one for each fault, the rest with two or three at once."""
    whole = [() for _one in range(5)]
    single = [(plant,) for plant in PLANTS]
    several = [
        (PLANTS[number], PLANTS[number + 9], *((PLANTS[number + 15],) if number % 2 else ()))
        for number in range(40 - len(whole) - len(single))
    ]
    sown = [*whole, *single, *several]
    assert len(sown) == 40
    for number, plants in enumerate(sown):
        channel = planted.sound(house, number)
        for plant in plants:
            plant.spoil(house, channel)
        outcome = auditing.audit(channel, NOW)
        wanted = Counter((code, "*" if mark is None else mark) for plant in plants for code, mark in plant.finds)
        assert not outcome.failed
        assert found(channel) == wanted, f"account {number}"


def test_a_fault_is_found_once_reworded_and_ends_by_itself(house: House) -> None:
    channel = planted.sound(house, 1)
    planted.show(channel, name="Nyheter")
    [first] = auditing.audit(channel, NOW).opened
    assert (first.owner, first.due_on.isoformat()) == (channel.responsible, "2026-11-26")
    assert Notice.objects.filter(person=channel.responsible, kind="deviation").count() == 1
    again = auditing.audit(channel, NOW + DAY)
    assert (again.opened, again.mended, [row.pk for row in again.standing]) == ([], [], [first.pk])
    planted.show(channel, name="Tips")
    auditing.audit(channel, NOW + 2 * DAY)
    first.refresh_from_db()
    assert first.facts["name"] == "Tips"
    planted.show(channel)
    assert [row.pk for row in auditing.audit(channel, NOW + 3 * DAY).mended] == [first.pk]
    first.refresh_from_db()
    assert (first.state, first.ended_at) == ("mended", NOW + 3 * DAY)
    assert [step.name for step in trail.steps_of(first)] == ["find", "reword", "mend"]
    assert Notice.objects.filter(kind="deviation").count() == 1


def test_many_faults_of_an_account_are_told_as_one(house: House) -> None:
    """A municipality that begins has hundreds of faults; nobody reads hundreds of notices."""
    channel = planted.sound(house, 12)
    planted.show(channel, name="Nyheter")
    planted.entry(channel, linked_from="", hours_a_week=None)
    assert len(auditing.audit(channel, NOW).opened) == 3
    [told] = Notice.objects.filter(kind="deviation")
    assert (told.person, told.words) == (channel.responsible, f"{channel.name}: 3 avvikelser")


def test_a_check_that_breaks_keeps_no_other_away_and_ends_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = planted.sound(house, 2)
    planted.show(channel, name="Nyheter")
    auditing.audit(channel, NOW)

    def broken(_subject: object) -> list[auditing.Fault]:
        raise RuntimeError("a fault of ours")

    check = BY_CODE["profile.sender_name"]
    worse = tuple(
        type(one)(one.code, one.duty, one.law, broken, one.must, one.exempt) if one is check else one for one in CHECKS
    )
    monkeypatch.setattr(auditing, "CHECKS", worse)
    planted.entry(channel, linked_from="")
    outcome = auditing.audit(channel, NOW + DAY)
    assert outcome.failed == ["profile.sender_name"]
    assert [row.code for row in outcome.opened] == ["life.not_linked"]
    assert [row.code for row in outcome.standing] == ["profile.sender_name"]
    # What nobody has looked at is not in order: nothing goes live on it.
    assert [(found.code, fault) for found, fault in auditing.must_haves(channel, NOW)] == [
        ("profile.sender_name", auditing.BROKE)
    ]


def test_the_policy_says_what_is_a_must(house: House) -> None:
    channel = planted.sound(house, 3)
    assert auditing.must_haves(channel, NOW) == []
    planted.show(channel, name="Nyheter")
    planted.entry(channel, linked_from="")
    assert [check.code for check, _fault in auditing.must_haves(channel, NOW)] == ["profile.sender_name"]
    every = {one.code: one.on for one in choices.of(RULE)}
    assert set(every) == set(BY_CODE)
    chosen = {**every, "profile.sender_name": False, "life.not_linked": True}
    policy.change_rule(key=RULE, value=chosen, by=factories.TESTER, now=NOW, reason="KS 2026/9")
    assert [check.code for check, _fault in auditing.must_haves(channel, NOW)] == ["life.not_linked"]


def test_an_exemption_rests_on_a_decision_and_ends_on_its_day(house: House) -> None:
    """D15: a unit with a profile of its own is exempt from the logo; nobody is exempt from the other musts."""
    channel, kim = planted.sound(house, 4), house.communications
    planted.show(channel, picture=house.other_picture)
    auditing.audit(channel, NOW)
    day = NOW.date()
    given = {"decision": "KS 2026/3", "decided_on": day, "until": day + 30 * DAY, "reason": "Egen profil", "now": NOW}
    for wrong in (
        {"decision": " "},
        {"until": day},
        {"decided_on": day + DAY},
        {"until": day + 4000 * DAY},
        {"by": channel.responsible},
    ):
        with pytest.raises(Refused):
            deviations.exempt(channel, "profile.logo", **{"by": kim, **given, **wrong})  # type: ignore[arg-type]
    for code in ("profile.sender_name", "people.politician", "no.such"):
        with pytest.raises(Refused):
            deviations.exempt(channel, code, by=kim, **given)  # type: ignore[arg-type]
    assert [check.code for check, _fault in auditing.must_haves(channel, NOW)] == ["profile.logo"]
    row = deviations.exempt(channel, "profile.logo", by=kim, **given)  # type: ignore[arg-type]
    excused = Deviation.objects.get(channel=channel)
    assert (excused.state, excused.exemption) == ("excused", row)
    assert auditing.must_haves(channel, NOW) == []
    with pytest.raises(Refused, match="redan"):
        deviations.exempt(channel, "profile.logo", by=kim, **given)  # type: ignore[arg-type]
    assert auditing.audit(channel, NOW + 30 * DAY).opened == []
    assert [one.code for one in auditing.audit(channel, NOW + 31 * DAY).opened] == ["profile.logo", "life.still"][:1]


def test_an_exemption_from_what_became_a_must_holds_no_more(house: House) -> None:
    """Must show 6: what is a must cannot be gone round by a decision made before it was."""
    channel, kim = planted.sound(house, 5), house.communications
    planted.entry(channel, linked_from="")
    deviations.exempt(
        channel,
        "life.not_linked",
        decision="KS 2026/4",
        decided_on=NOW.date(),
        until=NOW.date() + 90 * DAY,
        reason="",
        by=kim,
        now=NOW,
    )
    assert auditing.audit(channel, NOW).opened == []
    value = {"life.not_linked": True}
    policy.change_rule(key=RULE, value=value, by=factories.TESTER, now=NOW, reason="KS 2026/9")
    assert [check.code for check, _fault in auditing.must_haves(channel, NOW)] == ["life.not_linked"]
    assert [row.code for row in auditing.audit(channel, NOW).opened] == ["life.not_linked"]


def test_an_account_that_is_closed_or_not_yet_open_owes_nothing(house: House) -> None:
    channel = planted.sound(house, 6)
    planted.show(channel, name="Nyheter")
    auditing.audit(channel, NOW)
    Channel.objects.filter(pk=channel.pk).update(state="closed")
    [row] = auditing.audit(channel, NOW + DAY).mended
    assert (row.code, trail.steps_of(row).last().reason) == ("profile.sender_name", "Kontot är avslutat.")  # type: ignore[union-attr]
    assert auditing.audit(channel, NOW + DAY).opened == []


def test_what_is_done_about_a_deviation_is_written_and_bounded(house: House) -> None:
    channel = planted.sound(house, 7)
    planted.show(channel, name="Nyheter")
    [row] = auditing.audit(channel, NOW).opened
    other = factories.person(Role.OFFICER)
    today = NOW.date()
    with pytest.raises(Refused):
        deviations.postpone(row, due_on=today - DAY, reason="Semester", by=other.doer, now=NOW)
    with pytest.raises(Refused):
        deviations.postpone(row, due_on=today + 400 * DAY, reason="Semester", by=other.doer, now=NOW)
    with pytest.raises(Refused):
        deviations.postpone(row, due_on=today + DAY, reason=" ", by=other.doer, now=NOW)
    with pytest.raises(Refused):
        deviations.note(row, words=" ", by=other.doer, now=NOW)
    with pytest.raises(Refused):
        # What a check can see ends when the check no longer sees it, and by nobody's word.
        deviations.settle(row, reason="Det är bra så", by=other.doer, now=NOW)
    row = deviations.take(row, by=channel.responsible, now=NOW)
    row = deviations.hand(row, to=other, reason="Byter arbete", by=other.doer, now=NOW)
    assert (row.state, row.owner) == ("found", other)
    row = deviations.postpone(row, due_on=today + 40 * DAY, reason="Semester", by=other.doer, now=NOW)
    deviations.note(row, words="Ringde nätet", by=other.doer, now=NOW)
    assert [step.name for step in trail.steps_of(row)] == ["find", "take", "hand", "postpone", "note"]
    # Late: the manager is told once for each deadline.
    manager = factories.person(Role.MANAGER)
    assert deviations.tell_late(now=NOW + 40 * DAY) == 0
    assert deviations.tell_late(now=NOW + 41 * DAY) == 1
    assert deviations.tell_late(now=NOW + 42 * DAY) == 0
    assert Notice.objects.filter(person=manager, kind="deviation_late").count() == 1
    auditing.audit(channel, NOW)
    planted.show(channel)
    auditing.audit(channel, NOW + 43 * DAY)
    for step in ("take", "note", "mend"):
        with pytest.raises(Refused):
            trail.take(step, row, by=other.doer, at=NOW)


def test_the_check_its_duty_and_its_law_are_said_of_every_fault(house: House) -> None:
    """Must show 6: each check has a duty with words, a law, a name, a sentence and what to do."""
    for check in CHECKS:
        assert all(duty.strip() in deviation_words.DUTIES for duty in check.duty.split(",")), check.duty
        assert check.law
        assert check.code in check_words.WORDS, check.code
        assert deviation_words.duty(check.duty)
        said = check_words.said(check.code, {})
        assert said.name
        assert said.sentence
        assert said.todo
    assert set(check_words.WORDS) >= set(BY_CODE)
    for key in check_words.MARKED:
        assert key.partition(":")[0] in BY_CODE


def unread(house: House, number: int) -> Channel:
    """An account that is sound in the register, and that no program reads."""
    channel = planted.sound(house, number)
    Channel.objects.filter(pk=channel.pk).update(connected_at=None, profile={})
    channel.refresh_from_db()
    return channel


def saw(house: House, channel: Channel, at: datetime, *, picture: bytes | None = None, **more: Any) -> None:
    """Somebody looks at it in the browser, and writes down what is there."""
    facts = {
        "name": f"{channel.unit.name} i Sollunda",
        "description": f"{channel.unit.name}, Sollunda kommun. Mejla {entries.of(channel).contact_email}.",
        "about": planted.text(channel),
        "address": channel.address,
    } | more.pop("facts", {})
    profiles.note(channel, facts=facts, picture=picture, by=channel.responsible, now=at, **more)
    channel.refresh_from_db()


def test_what_nobody_sees_is_neither_right_nor_wrong_and_what_was_seen_ages(house: House) -> None:
    """Of an account that no program reads the audit says what is wrong, what nobody has seen, and asks anew."""
    channel = unread(house, 8)
    outcome = auditing.audit(channel, NOW)
    assert [row.code for row in outcome.opened] == ["profile.unknown"]
    blind = {"profile.sender_name", "profile.logo", "profile.comments_off", "infotext.none", "life.still"}
    assert blind <= set(outcome.unseen)
    # What is a must and nobody has seen is not in order.
    assert {check.code for check, _fault in auditing.must_haves(channel, NOW)} >= {"profile.unknown", "profile.logo"}
    with pytest.raises(Refused, match="framtiden"):
        saw(house, channel, NOW, last_post_on=NOW.date() + DAY)
    saw(house, channel, NOW)
    outcome = auditing.audit(channel, NOW)
    assert [row.code for row in outcome.mended] == ["profile.unknown"]
    # Nobody said when the last post came, nor whether one can comment. The picture is the one that was here.
    assert set(outcome.unseen) == {"profile.comments_off", "life.still"}
    other = blobs.read(house.other_picture)
    long_ago = NOW.date() - 100 * DAY
    saw(
        house, channel, NOW + DAY, picture=other, facts={"name": "Tips"}, last_post_on=long_ago, comments_open=False,
    )  # fmt: skip
    outcome = auditing.audit(channel, NOW + DAY)
    wrong = {"profile.sender_name", "profile.logo", "profile.comments_off", "life.still"}
    assert ({row.code for row in outcome.opened}, outcome.unseen) == (wrong, [])
    # Sixty days later nobody knows: what was wrong is not mended by that, and somebody is asked to look again.
    outcome = auditing.audit(channel, NOW + 61 * DAY)
    assert (outcome.opened, outcome.mended, len(outcome.standing)) == ([], [], 4)
    outcome = auditing.audit(channel, NOW + 62 * DAY)
    assert [row.code for row in outcome.opened] == ["profile.not_looked"]
    assert "2026-11-13" in check_words.said("profile.not_looked", outcome.opened[0].facts).sentence
    assert outcome.mended == []
    right = drawn.saved(drawn.on_ground(drawn.with_name(planted.ARMS)))
    at = NOW + 62 * DAY
    saw(house, channel, at, picture=right, last_post_on=at.date() - DAY, comments_open=True)
    assert {row.code for row in auditing.audit(channel, at).mended} == wrong | {"profile.not_looked"}
    # A look that found nothing otherwise is a look all the same, and makes no new version.
    before = profiles.ProfileVersion.objects.count()
    saw(house, channel, at + 50 * DAY, last_post_on=at.date() + 49 * DAY, comments_open=True)
    assert profiles.ProfileVersion.objects.count() == before
    assert auditing.audit(channel, at + 61 * DAY).opened == []
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        HandLook.objects.update(at=at + 90 * DAY)


def test_what_is_no_longer_seen_is_not_mended_by_it(house: House) -> None:
    channel = planted.sound(house, 10)
    planted.posts(channel, at=NOW - 300 * DAY)
    assert [row.code for row in auditing.audit(channel, NOW).opened] == ["life.still"]
    planted.trouble(channel, "retry", 0)
    outcome = auditing.audit(channel, NOW)
    assert ([row.code for row in outcome.standing], outcome.unseen) == (["life.still"], ["life.still"])
    # Nor by an account that is paused.
    Channel.objects.filter(pk=channel.pk).update(trouble_code="", state="paused")
    assert auditing.audit(channel, NOW).mended == []
    # A website that nobody has gone through since the account came in says nothing of links to it.
    other = planted.sound(house, 11)
    planted.entry(other, linked_from="")
    Search.objects.update(ended_at=NOW - DAY)
    outcome = auditing.audit(other, NOW)
    assert (outcome.opened, outcome.unseen) == ([], ["life.not_linked"])


def test_a_picture_that_could_not_be_fetched_is_no_missing_picture(house: House) -> None:
    channel = planted.sound(house, 12)
    profile = {**channel.profile, "name": "Biblioteken i Sollunda", "picture": "https://natet.example/ny.png"}
    profiles.keep(channel, profile=profile, picture=profiles.Kept(trouble="timeout"), by=factories.TESTER, now=NOW)
    version = profiles.newest(channel)
    # It is taken to be the one that it was; its address alone tells of no change.
    assert version is not None
    assert (version.picture_id, version.picture_trouble) == (house.picture, "timeout")
    channel.refresh_from_db()
    assert auditing.audit(channel, NOW).opened == []
    ProfileVersion.objects.bulk_create([ProfileVersion(channel=channel, seen_at=NOW, facts=version.facts)])
    assert auditing.audit(channel, NOW).unseen == ["profile.logo"]
    profiles.keep(
        channel, profile={**profile, "picture": ""}, picture=profiles.Kept(), by=factories.TESTER, now=NOW
    )  # fmt: skip
    channel.refresh_from_db()
    assert [(row.code, row.mark) for row in auditing.audit(channel, NOW).opened] == [("profile.logo", "missing")]


def test_d15_the_logo_in_colours_of_nobody_is_told_with_its_figure(house: House) -> None:
    """Arms are their charge and their colours: repainted they are nobody's, in grey they are ours."""
    channel = planted.sound(house, 13)
    ours = drawn.on_ground(drawn.with_name(planted.ARMS))
    for shown, marks in ((drawn.recoloured(ours, hue=0.5), ["colours"]), (ours.convert("L"), [])):
        picture = profiles.keep_picture(drawn.saved(shown), now=NOW).sha256
        planted.show(channel, picture=picture)
        rows = auditing.audit(channel, NOW).opened
        assert [row.mark for row in rows] == marks
    row = Deviation.objects.get(channel=channel)
    assert row.state == "mended"
    assert f"{row.facts['figure']} av 100" in check_words.said(row.code, row.facts, row.mark).sentence


def test_d5_what_somebody_who_left_owned_comes_to_whoever_answers_now(house: House) -> None:
    channel = planted.sound(house, 14)
    planted.show(channel, name="Nyheter")
    [row] = auditing.audit(channel, NOW).opened
    elected = factories.person(Role.OFFICER)
    politicians.elect(elected, post="Ledamot", by=factories.TESTER, now=NOW)
    gone = factories.person(Role.OFFICER)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    for to in (elected, gone, factories.person(Role.AUDITOR)):
        with pytest.raises(Refused):
            deviations.hand(row, to=to, reason="Byter", by=channel.responsible.doer, now=NOW)
    leaver = factories.person(Role.OFFICER)
    row = deviations.hand(row, to=leaver, reason="Byter", by=channel.responsible.doer, now=NOW)
    Person.objects.filter(pk=leaver.pk).update(is_active=False)
    auditing.audit(channel, NOW + DAY)
    row.refresh_from_db()
    assert row.owner == channel.responsible
    assert leaver.name in trail.steps_of(row).last().reason  # type: ignore[union-attr]
    # A manager is told of many that are late as a number.
    manager = factories.person(Role.MANAGER, unit=channel.unit)
    planted.entry(channel, hours_a_week=None)
    auditing.audit(channel, NOW + DAY)
    assert deviations.tell_late(now=NOW + 40 * DAY) == 2
    [told] = Notice.objects.filter(person=manager, kind="deviation_late")
    assert (told.words, told.url) == (
        f"{channel.unit.name}: 2 avvikelser skulle ha varit åtgärdade nu.", "/konton/avvikelser/?lage=sena",
    )  # fmt: skip


def test_who_may_act_on_a_deviation(house: House) -> None:
    channel = planted.sound(house, 9)
    planted.show(channel, name="Nyheter")
    [row] = auditing.audit(channel, NOW).opened
    row = deviation_queries.listed().get(pk=row.pk)
    elsewhere = factories.person(Role.OFFICER)
    manager = factories.person(Role.MANAGER)
    assert deviation_queries.acts_on(channel.responsible, row)
    assert deviation_queries.acts_on(house.communications, row)
    assert deviation_queries.acts_on(manager, row)
    assert not deviation_queries.acts_on(elsewhere, row)
