"""Each person is told by the ways they chose, in the hours they chose, and nothing is lost on the way (D26, D35)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from notices import receivers
from notices.receivers import Browser, Receiver
from uppsikt.kernel.errors import Refused
from uppsikt.net import parse_allowed
from uppsikt.notices import actions, addresses, delivering, queries, rules
from uppsikt.notices.models import Address, Delivery, Letter, Notice
from uppsikt.notices.rules import KINDS, Quiet, Way
from uppsikt.notices.ways import push, sms, webhook
from uppsikt.organisation.models import Person

pytestmark = pytest.mark.django_db
SWEDEN = ZoneInfo("Europe/Stockholm")
# Thursday 12 November 2026, 10.00 in Sweden.
NOW = factories.THURSDAY
NUMBER = "+46701740605"  # set aside for fiction


@pytest.fixture
def other_end(settings: Any) -> Iterator[Receiver]:
    """A receiver, and an installation that uses it as its gateway."""
    with receivers.listening() as receiver:
        settings.ALLOW_PRIVATE = parse_allowed(f"127.0.0.1:{receiver.port}")
        settings.SMS = {
            "url": receiver.url("/sms"),
            "form": "46elks",
            "user": receivers.USER,
            "password": receivers.PASSWORD,
            "sender": "Uppsikt",
        }
        yield receiver


def tell(
    person: Person, words: str = "Ett ärende är försenat.", *, now: datetime = NOW, urgent: bool = False
) -> Notice:
    """Tell one person of something late."""
    return actions.tell([person], kind="late", words=lambda: words, url="/inkorg/7/", now=now, urgent=urgent)[0]


def run(now: datetime = NOW) -> None:
    """What the workers do: each delivery whose time has come."""
    for pk in (
        Delivery.objects.filter(ended_at=None, not_before__lte=now).exclude(way="digest").values_list("pk", flat=True)
    ):
        delivering.deliver(pk, now=now)


def with_phone(*ways: Way) -> Person:
    """Somebody with a telephone that is confirmed."""
    person = factories.person()
    Address.objects.create(person=person, way="sms", target=NUMBER, made_at=NOW, confirmed_at=NOW)
    actions.choose(person, "late", ways=ways or [Way.SMS])
    return person


def local(day: int, clock: str) -> datetime:
    """A moment of November 2026 in Sweden. The 12th is a Thursday, the 14th and 15th are a weekend."""
    return datetime.combine(date(2026, 11, day), time.fromisoformat(clock), SWEDEN)


NIGHT = Quiet(time(18), time(7))


@pytest.mark.parametrize(
    ("quiet", "at", "sounds"),
    [
        (Quiet(), local(12, "23:00"), local(12, "23:00")),
        (NIGHT, local(12, "17:59"), local(12, "17:59")),
        (NIGHT, local(12, "18:00"), local(13, "07:00")),
        (NIGHT, local(13, "06:59"), local(13, "07:00")),
        (NIGHT, local(13, "07:00"), local(13, "07:00")),
        (Quiet(time(12), time(13)), local(12, "12:30"), local(12, "13:00")),
        (Quiet(free_days=True), local(14, "10:00"), local(16, "00:00")),
        (Quiet(time(18), time(7), free_days=True), local(13, "20:00"), local(16, "07:00")),
        (Quiet(time(0), time(0)), local(12, "10:00"), local(12, "10:00")),
    ],
)
def test_quiet_hours_end_when_they_should(quiet: Quiet, at: datetime, sounds: datetime) -> None:
    assert rules.sounds_at(at, quiet, is_working_day=lambda day: day.weekday() < 5) == sounds


def test_a_calendar_without_working_days_holds_nothing_for_ever() -> None:
    at = local(12, "10:00")
    assert rules.sounds_at(at, Quiet(free_days=True), is_working_day=lambda _day: False) == at


def test_the_night_when_clocks_are_set_back_ends_at_seven_by_the_clock() -> None:
    saturday = datetime(2026, 10, 24, 22, 0, tzinfo=SWEDEN)
    assert rules.sounds_at(saturday, NIGHT, is_working_day=lambda _day: True) == datetime(
        2026, 10, 25, 7, tzinfo=SWEDEN
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("070-174 06 05", NUMBER),
        ("+46 70 174 06 05", NUMBER),
        ("0046701740605", NUMBER),
        ("+358401234567", "+358401234567"),
        ("12", None),
        ("070 hej", None),
        ("", None),
        ("+0701740605", None),
        ("٠٧٠١٧٤٠٦٠٥", None),
    ],
)
def test_telephone_numbers_as_people_write_them(written: str, read: str | None) -> None:
    assert rules.phone_number(written) == read


def test_every_kind_has_words_and_a_way() -> None:
    for kind, ways in KINDS.items():
        assert actions.kind_words(kind)
        assert ways


def test_a_text_message_goes_to_the_telephone_that_was_confirmed(other_end: Receiver) -> None:
    person = with_phone(Way.PAGE, Way.SMS)
    tell(person)
    run()
    (taken,) = other_end.taken
    assert (taken["to"], taken["from"]) == (NUMBER, "Uppsikt")
    assert taken["message"].startswith("Ett ärende är försenat. http")
    assert taken["message"].endswith("/inkorg/7/")
    assert Delivery.objects.get().sent_at == NOW
    run()
    assert len(other_end.taken) == 1


def test_a_long_text_is_cut_but_its_address_never() -> None:
    text = sms.text_of("ö" * 1000, "https://uppsikt.alvsta.example/inkorg/7/")
    assert len(text) <= sms.LONGEST
    assert text.endswith("… https://uppsikt.alvsta.example/inkorg/7/")


def test_a_gateway_that_takes_json(other_end: Receiver, settings: Any) -> None:
    settings.SMS = {**settings.SMS, "form": "json", "url": other_end.url("/json")}
    tell(with_phone())
    run()
    assert other_end.taken[0]["to"] == NUMBER


def test_a_gateway_that_is_down_is_tried_again_ever_more_seldom_and_then_given_up(other_end: Receiver) -> None:
    person = with_phone(Way.PAGE, Way.SMS)
    other_end.statuses = [503] * 20
    tell(person)
    at = NOW
    waits = []
    for _try in range(len(rules.WAITS) + 1):
        run(at)
        row = Delivery.objects.get()
        waits.append(row.not_before - at)
        at = max(row.not_before, at)
    assert waits[:-1] == [timedelta(seconds=wait) for wait in rules.WAITS]
    assert (row.sent_at, row.trouble, row.tries) == (None, "http_503", len(rules.WAITS) + 1)
    assert row.ended_at is not None
    assert not Letter.objects.exists(), "it is on the page"


def test_what_could_reach_its_owner_by_no_way_goes_by_letter(other_end: Receiver) -> None:
    person = with_phone(Way.SMS)
    other_end.statuses = [403]
    tell(person)
    run()
    run()
    assert not Notice.objects.get().on_page
    assert Letter.objects.get().to == person.email


def test_a_way_that_leads_nowhere_yet_is_replaced_by_a_letter() -> None:
    person = factories.person()
    actions.choose(person, "late", ways=[Way.PUSH])
    tell(person)
    assert list(Delivery.objects.values_list("way", flat=True)) == ["email"]


def test_a_gateway_that_asks_us_to_wait_is_heard(other_end: Receiver) -> None:
    person = with_phone()
    other_end.statuses = [429]
    tell(person)
    run()
    row = Delivery.objects.get()
    assert (row.ended_at, row.trouble) == (None, "http_429")
    run(row.not_before)
    assert len(other_end.taken) == 1


def test_wrong_credentials_are_given_up_at_once_and_said(other_end: Receiver, settings: Any) -> None:
    settings.SMS = {**settings.SMS, "password": "fel"}
    tell(with_phone(Way.PAGE, Way.SMS))
    run()
    assert Delivery.objects.get().trouble == "http_401"
    assert len(other_end.asked) == 1


def test_what_happens_in_quiet_hours_waits_and_comes_as_one(other_end: Receiver) -> None:
    person = with_phone(Way.PAGE, Way.SMS)
    actions.keep_habits(person, quiet_from=time(18), quiet_until=time(7))
    night = local(12, "22:00")
    for number in range(3):
        tell(person, f"Sak {number}", now=night + timedelta(minutes=number))
    run(night + timedelta(hours=2))
    assert not other_end.taken
    run(local(13, "07:00"))
    assert [taken["message"].split(" http")[0] for taken in other_end.taken] == ["Sak 0 (och 2 till)"]
    assert not Delivery.objects.filter(ended_at=None).exists()


def test_what_was_read_on_the_page_meanwhile_disturbs_nobody(other_end: Receiver) -> None:
    person = with_phone(Way.PAGE, Way.SMS)
    actions.keep_habits(person, quiet_from=time(18), quiet_until=time(7))
    tell(person, now=local(12, "22:00"))
    actions.read(person, now=local(12, "22:30"))
    run(local(13, "07:00"))
    assert not other_end.taken
    assert Delivery.objects.get().trouble == delivering.READ


@pytest.mark.parametrize(("through", "sent"), [(True, 1), (False, 0)])
def test_what_is_urgent_breaks_the_quiet_unless_the_person_says_no(
    other_end: Receiver, through: bool, sent: int
) -> None:
    """D26: notices that reach people out of hours."""
    person = with_phone()
    actions.keep_habits(person, quiet_from=time(18), quiet_until=time(7), urgent_through=through)
    tell(person, now=local(12, "22:00"), urgent=True)
    run(local(12, "22:00"))
    assert len(other_end.taken) == sent


def test_the_daily_letter_holds_what_was_not_read_and_comes_on_working_days() -> None:
    person = factories.person()
    actions.choose(person, "late", ways=[Way.PAGE, Way.DIGEST])
    friday = local(13, "09:00")
    first = tell(person, "Läst", now=friday)
    tell(person, "Oläst ett", now=friday)
    tell(person, "Oläst två", now=local(14, "12:00"))
    actions.read(person, now=friday, ids=[first.pk])
    assert set(Delivery.objects.values_list("not_before", flat=True)) == {local(16, "08:00")}
    delivering.digest(person.pk, now=local(15, "08:00"))
    assert not Letter.objects.exists()
    delivering.digest(person.pk, now=local(16, "08:00"))
    delivering.digest(person.pk, now=local(16, "08:01"))
    letter = Letter.objects.get()
    assert letter.subject == "2 nya aviseringar"
    assert "Oläst ett" in letter.text
    assert "Oläst två" in letter.text
    assert "Läst\n" not in letter.text


def test_push_reaches_that_browser_alone_and_is_signed(other_end: Receiver) -> None:
    person = factories.person()
    browser = Browser(other_end, "/push/abc")
    addresses.add_push(person, browser.given(), label="Firefox på Linux", now=NOW)
    actions.choose(person, "late", ways=[Way.PAGE, Way.PUSH])
    tell(person, "Känsligt: åäö", urgent=True)
    run()
    (taken,) = other_end.taken
    assert (taken["words"], taken["urgency"]) == ("Känsligt: åäö", "high")
    assert taken["url"].endswith("/inkorg/7/")
    assert "Känsligt".encode() not in other_end.asked[0]["body"]


def test_push_is_locked_as_in_the_standard_s_own_example() -> None:
    """RFC 8291, appendix A: the same key, salt and text give the same bytes."""
    own = ec.derive_private_key(
        int.from_bytes(push.decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    to = push.Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        push.decode("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        push.decode("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    body = push.locked(
        b"When I grow up, I want to be a watermelon", to, salt=push.decode("DGv6ra1nlYgDCS1FRnbzlw"), own=own
    )
    assert push.encode(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
        "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_browser_that_is_gone_is_used_no_more_and_its_owner_is_told(other_end: Receiver) -> None:
    person = factories.person()
    browser = Browser(other_end, "/push/abc")
    addresses.add_push(person, browser.given(), label="Firefox på Linux", now=NOW)
    actions.choose(person, "late", ways=[Way.PAGE, Way.PUSH])
    other_end.gone.add("/push/abc")
    tell(person)
    run()
    assert Address.objects.get().stopped_at == NOW
    told = Notice.objects.get(kind=rules.STOPPED)
    assert "Firefox på Linux" in told.words
    tell(person)
    run()
    assert len(other_end.asked) == 1
    addresses.add_push(person, browser.given(), label="Firefox på Linux", now=NOW)
    assert Address.objects.get().stopped_at is None


def test_on_a_shared_computer_the_browser_is_the_one_s_who_said_yes_last(other_end: Receiver) -> None:
    given = Browser(other_end, "/push/abc").given()
    first, second = factories.person(), factories.person()
    addresses.add_push(first, given, label="Chrome", now=NOW)
    addresses.add_push(second, given, label="Chrome", now=NOW)
    assert list(Address.objects.values_list("person", flat=True)) == [second.pk]


@pytest.mark.parametrize(
    "given",
    [
        "",
        "[]",
        "null",
        '{"endpoint": "https://x.example"}',
        '{"endpoint": 1, "keys": {"p256dh": "a", "auth": "b"}}',
        '{"endpoint": "file:///etc/passwd", "keys": {"p256dh": "BAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}',
        "{" * 2000,
    ],
)
def test_what_no_browser_gives_is_refused_in_words(given: str) -> None:
    with pytest.raises(Refused):
        addresses.add_push(factories.person(), given, label="", now=NOW)
    assert not Address.objects.exists()


def test_a_webhook_is_used_once_it_has_answered_a_trial_and_is_signed(other_end: Receiver) -> None:
    person = factories.person()
    row = addresses.add_webhook(person, other_end.url("/hook/1"), label="Jouren", now=NOW)
    other_end.secret = webhook.secret_of(row.pk)
    actions.choose(person, "late", ways=[Way.PAGE, Way.WEBHOOK])
    tell(person)
    assert not Delivery.objects.exists(), "it has not been tried"
    actions.try_out(person, Way.WEBHOOK, address=row.pk, now=NOW)
    run()
    tell(person)
    run()
    assert [(one["kind"], one["urgent"]) for one in other_end.taken] == [("test", False), ("late", False)]
    assert len({one["id"] for one in other_end.taken}) == 2


@pytest.mark.parametrize(
    "url",
    ["http://intranat.example/x", "ftp://x.example", "https://", "hej", "https://x.example:99999/", "javascript:1"],
)
def test_a_webhook_leads_only_where_it_may(url: str) -> None:
    with pytest.raises(Refused):
        addresses.add_webhook(factories.person(), url, label="", now=NOW)


def test_a_webhook_leads_only_to_hosts_that_are_named(settings: Any) -> None:
    settings.WEBHOOK_HOSTS = frozenset({"chatt.alvsta.example"})
    person = factories.person()
    addresses.add_webhook(person, "https://chatt.alvsta.example/krok", label="", now=NOW)
    with pytest.raises(Refused):
        addresses.add_webhook(person, "https://annan.example/krok", label="", now=NOW)


def test_a_webhook_into_the_house_s_own_network_is_refused_when_it_is_called() -> None:
    person = factories.person()
    row = addresses.add_webhook(person, "https://127.0.0.1:9/", label="", now=NOW)
    actions.try_out(person, Way.WEBHOOK, address=row.pk, now=NOW)
    run()
    assert Delivery.objects.get().trouble == "private_address"


def code_in(receiver: Receiver) -> str:
    """The code that the telephone shows."""
    found = re.search(r"\d{6}", receiver.taken[-1]["message"])
    assert found
    return found.group()


def test_a_telephone_is_confirmed_by_the_code_it_gets(other_end: Receiver) -> None:
    person = factories.person()
    row = addresses.add_phone(person, "070-174 06 05", now=NOW)
    assert not queries.in_use([person.pk])
    code = code_in(other_end)
    assert code not in Address.objects.get().code_digest
    addresses.confirm_phone(person, row.pk, f" {code[:3]} {code[3:]}", now=NOW)
    assert [place.target for place in queries.in_use([person.pk])] == [NUMBER]


def test_five_wrong_codes_and_the_right_one_no_longer_holds(other_end: Receiver) -> None:
    person = factories.person()
    row = addresses.add_phone(person, NUMBER, now=NOW)
    right = code_in(other_end)
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(5):
        with pytest.raises(Refused) as refused:
            addresses.confirm_phone(person, row.pk, wrong, now=NOW)
        assert refused.value.code == "code_wrong"
    with pytest.raises(Refused) as refused:
        addresses.confirm_phone(person, row.pk, right, now=NOW)
    assert refused.value.code == "code_old"


def test_a_code_is_not_sent_every_second_and_does_not_hold_for_long(other_end: Receiver) -> None:
    person = factories.person()
    row = addresses.add_phone(person, NUMBER, now=NOW)
    with pytest.raises(Refused):
        addresses.add_phone(person, NUMBER, now=NOW + timedelta(seconds=30))
    with pytest.raises(Refused):
        addresses.confirm_phone(person, row.pk, code_in(other_end), now=NOW + timedelta(minutes=11))
    addresses.add_phone(person, NUMBER, now=NOW + timedelta(minutes=2))
    assert len(other_end.taken) == 2


def test_a_colleague_s_telephone_is_not_one_s_own_to_confirm_or_remove(other_end: Receiver) -> None:
    row = addresses.add_phone(factories.person(), NUMBER, now=NOW)
    stranger = factories.person()
    with pytest.raises(Refused):
        addresses.confirm_phone(stranger, row.pk, code_in(other_end), now=NOW)
    with pytest.raises(Refused):
        addresses.remove(stranger, row.pk, now=NOW)


def test_telling_many_costs_as_many_queries_as_telling_one(django_assert_max_num_queries: Any) -> None:
    people = [factories.person() for _number in range(30)]
    for person in people[:10]:
        Address.objects.create(person=person, way="sms", target=NUMBER, made_at=NOW, confirmed_at=NOW)
        actions.choose(person, "late", ways=[Way.SMS])
    for person in people[10:]:
        actions.choose(person, "late", ways=[Way.PAGE])
    # Each job that is queued is three statements of its own: a savepoint, the job, the savepoint's end.
    with django_assert_max_num_queries(20 + 3 * 10):
        actions.tell(people, kind="late", words=lambda: "Försenat.", url="/", now=NOW)


def test_a_job_that_was_lost_is_queued_anew() -> None:
    tell(factories.person())
    assert not delivering.overdue(now=NOW + timedelta(minutes=5))
    assert len(delivering.overdue(now=NOW + timedelta(minutes=11))) == 1


def logged_in(person: Person) -> Client:
    """A browser."""
    client = Client()
    client.force_login(person)
    return client


def test_the_page_keeps_what_was_chosen_and_refuses_silence() -> None:
    person = factories.person()
    client = logged_in(person)
    sent = [f"{kind}:page" for kind in KINDS if kind != "late"] + ["late:sms", "due_soon:digest"]
    client.post(reverse("notices:choices"), {"choice": sent})
    assert queries.choices(person)["late"] == {Way.SMS}
    assert queries.choices(person)["due_soon"] == {Way.PAGE, Way.DIGEST}
    answer = client.post(reverse("notices:choices"), {"choice": ["late:email", "late:digest"]}, follow=True)
    assert "minst ett sätt" in answer.content.decode()
    assert "antingen e-post genast eller en gång om dagen" in answer.content.decode()
    assert queries.choices(person)["late"] == {Way.SMS}


def test_the_page_s_forms_say_what_is_wrong_and_keep_what_was_written() -> None:
    client = logged_in(factories.person())
    answer = client.post(reverse("notices:habits"), {"quiet_from": "18:00", "quiet_until": "", "digest_at": "08:00"})
    assert "Skriv båda tiderna" in answer.content.decode()
    assert 'value="18:00"' in answer.content.decode()
    answer = client.post(reverse("notices:add_webhook"), {"url": "http://x.example/", "label": "Min"})
    assert "https://" in answer.content.decode()
    assert 'value="Min"' in answer.content.decode()


def test_each_telephone_has_a_code_form_of_its_own() -> None:
    person, fields = factories.person(), {"way": "sms", "made_at": NOW}
    first, second = (Address.objects.create(person=person, target=NUMBER + end, **fields) for end in "12")
    answer = logged_in(person).post(reverse("notices:confirm_phone", args=[second.pk]), {"code": "123456"})
    page = answer.content.decode()
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert f'id="id_{first.pk}_code"' in page
    assert f'id="id_{second.pk}_code_error"' in page and f'id="id_{first.pk}_code_error"' not in page
    assert page.count("ds-error-summary") == 1


def test_logging_out_ends_push_in_that_browser_alone(other_end: Receiver) -> None:
    """On a shared computer the next one is not shown one's notices."""
    person = factories.person()
    here, there = logged_in(person), logged_in(person)
    for client, path in ((here, "/push/a"), (there, "/push/b")):
        client.post(reverse("notices:add_push"), {"subscription": Browser(other_end, path).given()})
    _ours, theirs = Address.objects.filter(person=person).order_by("pk")
    here.post(reverse("account_logout"))
    assert list(Address.objects.all()) == [theirs]
    assert "uppsikt_push" not in {name for name, morsel in here.cookies.items() if morsel.value}
    there.get(reverse("account_logout"))
    assert Address.objects.exists(), "only asked, not yet logged out"


def test_a_trial_of_each_way_from_the_page(other_end: Receiver) -> None:
    person = with_phone()
    client = logged_in(person)
    place = Address.objects.get()
    client.post(reverse("notices:try_out", args=["email"]))
    client.post(reverse("notices:try_out_at", args=["sms", place.pk]))
    run(timezone.now())
    assert Letter.objects.get().to == person.email
    assert len(other_end.taken) == 1
    assert client.post(reverse("notices:try_out", args=["brevduva"])).status_code == 409


def test_what_went_along_with_something_old_is_not_given_up_with_it(other_end: Receiver) -> None:
    person = with_phone(Way.PAGE, Way.SMS)
    old, new = tell(person, "Gammalt."), tell(person, "Nytt.")
    Delivery.objects.filter(notice=old).update(tries=len(rules.WAITS))
    other_end.statuses = [503]
    delivering.deliver(Delivery.objects.get(notice=old).pk, now=NOW)
    assert Delivery.objects.get(notice=old).ended_at == NOW
    left = Delivery.objects.get(notice=new)
    assert (left.ended_at, left.not_before > NOW) == (None, True)


def test_nothing_is_handed_over_to_somebody_who_has_left(other_end: Receiver) -> None:
    person = with_phone(Way.SMS)
    tell(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    run()
    assert other_end.taken == []
    assert Delivery.objects.get().trouble == "left"


def test_a_delivery_that_stops_its_worker_each_time_is_given_up_at_last(other_end: Receiver) -> None:
    tell(with_phone(Way.SMS))
    Delivery.objects.update(tries=delivering.MOST_TRIES)
    run()
    assert other_end.taken == []
    assert set(Delivery.objects.values_list("way", "trouble")) == {("sms", "broken"), ("email", "")}


def test_a_webhook_that_was_gone_can_be_added_anew(other_end: Receiver) -> None:
    person = factories.person()
    row = addresses.add_webhook(person, other_end.url("/hook/1"), label="Jouren", now=NOW)
    Address.objects.filter(pk=row.pk).update(confirmed_at=NOW, stopped_at=NOW, trouble="http_410")
    again = addresses.add_webhook(person, other_end.url("/hook/1"), label="Jouren", now=NOW)
    assert (again.pk, again.stopped_at, again.confirmed_at) == (row.pk, None, None)
    other_end.secret = webhook.secret_of(row.pk)
    actions.try_out(person, Way.WEBHOOK, address=row.pk, now=NOW)
    run()
    assert Address.objects.get().confirmed_at == NOW


def test_no_trial_goes_to_a_telephone_that_is_not_confirmed_nor_by_another_way(other_end: Receiver) -> None:
    person = factories.person()
    row = addresses.add_phone(person, NUMBER, now=NOW)
    for way in (Way.SMS, Way.WEBHOOK):
        with pytest.raises(Refused):
            addresses.to_try(person, way, row.pk)


def test_codes_cannot_be_sent_faster_by_other_numbers_or_by_removing_them(other_end: Receiver) -> None:
    person = factories.person()
    row = addresses.add_phone(person, NUMBER, now=NOW)
    with pytest.raises(Refused, match="minut"):
        addresses.add_phone(person, "+46701740606", now=NOW)
    with pytest.raises(Refused, match="minut"):
        addresses.remove(person, row.pk, now=NOW)
    addresses.remove(person, row.pk, now=NOW + timedelta(minutes=1))
    assert not Address.objects.exists()


def test_trials_come_to_an_end() -> None:
    person = factories.person()
    for _trial in range(actions.TRIALS_AN_HOUR):
        actions.try_out(person, Way.PAGE, now=NOW)
    with pytest.raises(Refused, match="stund"):
        actions.try_out(person, Way.PAGE, now=NOW)
