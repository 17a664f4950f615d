"""D71: each person's start page says what is due today, in order, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Visibility
from uppsikt.inbox import actions as inbox
from uppsikt.inbox import answers, forwards, joining
from uppsikt.inbox.models import Answer
from uppsikt.kernel import once, trail
from uppsikt.notices.models import Letter
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import dues, watching
from uppsikt.oversight.models import Hole
from uppsikt.web import first_steps, today
from uppsikt.web.today import Line

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    """Thursday at ten."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def channel() -> Channel:
    row = factories.channel()
    factories.organisation_actions.add_contact(
        department=row.unit.department, person=row.responsible, matter="", rank=1, by=factories.TESTER, now=NOW
    )
    return row


def lines(person: Person) -> list[Line]:
    found: list[Line] = today.context(Person.objects.get(pk=person.pk), now=NOW)["lines"]
    return found


def page(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.get("/").content.decode()


def test_d71_what_is_due_comes_in_order_of_time_with_its_reason(channel: Channel) -> None:
    officer = factories.officer(channel)
    later = factories.case(channel, at=NOW - timedelta(days=1) + timedelta(hours=2), text="I dag före tolv")
    late = factories.case(channel, at=NOW - timedelta(days=3), text="Försenad")
    factories.case(channel, at=NOW - timedelta(minutes=5), text="I morgon")
    found = lines(officer)
    assert [(line.case_id, line.due_at) for line in found] == [(late.pk, late.due_at), (later.pk, later.due_at)]
    assert {line.what for line in found} == {"Svara"}
    assert all("inom en arbetsdag" in line.why for line in found)
    assert [line.url for line in found] == [inbox.address(late), inbox.address(later)]


def test_d71_a_promise_is_due_as_a_promise(channel: Channel) -> None:
    officer = factories.officer(channel)
    case = factories.case(channel, at=NOW - timedelta(days=2))
    trail.take("promise", case, by=officer.doer, at=NOW, due_at=NOW + timedelta(hours=2))
    (line,) = lines(officer)
    assert line.what == "Ge det svar som är utlovat"
    assert "lovat" in line.why


def test_d71_what_a_colleague_has_taken_is_not_mine(channel: Channel) -> None:
    officer, colleague = factories.officer(channel), factories.officer(channel)
    case = factories.case(channel, at=NOW - timedelta(days=3))
    inbox.take(case, colleague, now=NOW)
    assert lines(officer) == []
    assert [line.case_id for line in lines(colleague)] == [case.pk]


def test_d71_without_a_mandate_nothing_is_asked_and_the_page_says_why(channel: Channel) -> None:
    factories.case(channel, at=NOW - timedelta(days=3))
    stranger = factories.person(Role.OFFICER)
    assert lines(stranger) == []
    assert "Du har inget uppdrag i någon kanal än" in page(stranger)


def test_d71_an_expert_who_has_answered_waits_for_me_and_the_case_stands_once(channel: Channel) -> None:
    officer = factories.officer(channel)
    case = factories.case(channel, at=NOW - timedelta(days=3))
    row, _link = forwards.forward(case, question="?", by=officer, now=NOW, email="bo@vallskolan.example")
    forwards.answer(row, text="På fredag.", name="Bo Ek", title="rektor", unit="Vallskolan", now=NOW)
    (line,) = lines(officer)
    assert (line.what, line.case_id, line.quote) == ("Bo Ek har svarat", case.pk, "På fredag.")


@pytest.mark.parametrize(
    ("state", "words"), [("failed", "Svaret gick inte att publicera"), ("uncertain", "Säg om svaret kom fram")]
)
def test_d71_an_answer_that_did_not_come_through_is_on_top(channel: Channel, state: str, words: str) -> None:
    officer = factories.officer(channel)
    case = factories.case(channel, at=NOW - timedelta(hours=2))
    row = answers.answer(case, "Ja.", author=answers.Author.of(officer), publisher=officer, now=NOW)
    Answer.objects.filter(pk=row.pk).update(state=state)
    found = lines(officer)
    assert [line.what for line in found] == [words]


def test_d71_held_comments_are_one_line_for_each_channel(channel: Channel) -> None:
    officer = factories.officer(channel)
    for _number in range(3):
        factories.item(channel, visibility=Visibility.HELD)
    (line,) = lines(officer)
    assert line.what == "3 kommentarer väntar på godkännande"
    assert f"kanal={channel.pk}" in line.url


def test_d71_a_manager_sees_that_the_units_cases_are_late(channel: Channel) -> None:
    factories.officer(channel)
    boss = factories.person(Role.MANAGER)
    late = factories.case(channel, at=NOW - timedelta(days=3))
    assert [line.what for line in lines(boss)] == ["1 ärende i dina kanaler är försenat"]
    # What is answered together is one piece of work, and counts once.
    together = factories.case(factories.channel(), at=NOW - timedelta(days=3))
    joining.merge(together, late, by=factories.officer(None), now=NOW)
    assert [line.what for line in lines(boss)] == ["1 ärende i dina kanaler är försenat"]


def test_d71_a_system_administrator_sees_that_letters_do_not_leave() -> None:
    administrator = factories.person(Role.ADMINISTRATOR)
    Letter.objects.create(to="a@alvsta.example", subject="x", text="y", written_at=NOW, tries=3, trouble="OSError")
    assert [line.what for line in lines(administrator)] == ["1 mejl går inte att skicka"]


@pytest.mark.parametrize("role", list(Role))
def test_d71_an_empty_day_says_what_ones_part_is(role: Role) -> None:
    person = factories.person(role)
    shown = page(person)
    said = "Kom igång" if role == Role.ADMINISTRATOR else "Inget väntar på dig i dag"
    assert said in shown or role in {Role.COMMUNICATIONS, Role.MANAGER}
    client = Client()
    client.force_login(person)
    for way in today.context(person, now=NOW)["ways"]:
        assert client.get(way.url).status_code == 200


def test_d71_the_page_brings_itself_up_to_date_and_costs_nothing_when_nothing_changed(channel: Channel) -> None:
    officer = factories.officer(channel)
    client = Client()
    client.force_login(officer)
    first = client.get("/", headers={"HX-Request": "true"})
    assert "<html" not in first.content.decode()
    again = client.get("/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert again.status_code == 304
    factories.case(channel, at=NOW - timedelta(days=3))
    assert client.get("/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]}).status_code == 200


def test_d71_the_number_of_queries_does_not_grow_with_the_day(
    channel: Channel, django_assert_max_num_queries: object
) -> None:
    officer = factories.officer(channel)
    for number in range(12):
        factories.case(channel, at=NOW - timedelta(days=3, minutes=number))
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        today.context(Person.objects.get(pk=officer.pk), now=NOW)


def test_d71_nor_with_the_roles_of_the_busiest(channel: Channel, django_assert_max_num_queries: object) -> None:
    busiest = factories.officer(channel)
    for role in Role:
        if role not in busiest.roles:
            factories.organisation_actions.give_role(
                person=busiest, role=role, unit=None, by=factories.TESTER, now=NOW - timedelta(days=1)
            )
    for number in range(12):
        factories.case(channel, at=NOW - timedelta(days=3, minutes=number))
    asking = Person.objects.get(pk=busiest.pk)
    with once.reading(), django_assert_max_num_queries(22):  # type: ignore[operator]  # as a page is asked for
        today.context(asking, now=NOW)


@pytest.mark.parametrize(
    ("roles", "most"),
    [((), 22), ((Role.MANAGER, Role.COMMUNICATIONS), 22), (tuple(Role), 23)],
    ids=["one", "two", "all"],
)
def test_d71_nor_on_a_day_with_rounds_due_and_missed(
    channel: Channel, django_assert_max_num_queries: object, roles: tuple[Role, ...], most: int
) -> None:
    """Five channels with a round due and one missed, and a day with nobody there; nobody has every role, and would ask
    once more."""
    others = [factories.channel(now=NOW - timedelta(days=3)) for _ in range(5)]
    officer = factories.officer(channel)
    for other in others:
        factories.mandate(officer, other, Act.ANSWER)
    for role in roles:
        if role not in officer.roles:
            factories.organisation_actions.give_role(
                person=officer, role=role, unit=None, by=factories.TESTER, now=NOW - timedelta(days=1)
            )
    for each in (channel, *others):
        watching.watch(each, now=NOW - timedelta(days=3))
        factories.case(each, at=NOW - timedelta(days=3))
    dues.walk(now=NOW)
    Hole.objects.create(channel=channel, day=(NOW + timedelta(days=1)).date(), code="nobody", found_at=NOW)
    asking = Person.objects.get(pk=officer.pk)
    with once.reading(), django_assert_max_num_queries(most):  # type: ignore[operator]  # as a page is asked for
        shown = today.context(asking, now=NOW)
    told = sorted({line.what for line in shown["lines"]})
    assert any(what.startswith("Gör uppsiktsrundan i 5") for what in told), told
    assert any(what.startswith("Uppsiktsrundor är missade") for what in told), told


def test_d71_a_question_handed_back_and_asked_anew_is_under_way(channel: Channel) -> None:
    eva = factories.officer(channel)
    case = factories.case(channel)
    for name in ("Anna", "Bo"):
        row, _link = forwards.forward(case, question="", by=eva, now=NOW, email=f"{name}@foretag.example", name=name)
        if name == "Anna":
            forwards.hand_back(row, reason="Bo vet", now=NOW)
            assert any("Anna lämnade tillbaka" in line.what for line in lines(eva))
    assert not any("lämnade tillbaka" in line.what for line in lines(eva))


def test_d71_visitors_are_asked_to_log_in() -> None:
    assert Client().get("/")["Location"] == f"{reverse('account_login')}?next=/"


def test_d71_the_first_day_teaches_what_to_do_until_it_is_done() -> None:
    administrator = factories.person(Role.ADMINISTRATOR)
    steps = first_steps.for_person(administrator)
    assert [step.done for step in steps] == [False, True, False, False, False]  # the factory gives the person a unit
    client = Client()
    client.force_login(administrator)
    for step in steps:
        assert client.get(step.url).status_code == 200
    boss = factories.person(Role.MANAGER)
    where = factories.channel()
    assert [step.done for step in first_steps.for_person(administrator)] == [False, True, True, True, False]
    assert first_steps.for_person(boss) == []
    factories.officer(where)
    assert first_steps.for_person(administrator) == []
    assert "Kom igång" not in page(administrator)
