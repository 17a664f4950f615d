"""D25-D27: the pages on which rounds are made, seen and accounted for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import factories
from factories import THURSDAY
from inbox.support import logged_in
from oversight import support
from triage import making
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.organisation import absences
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import actions, calendars, dues, heightening, queries, rota, signing, sweep_page, watching
from uppsikt.oversight.models import CalendarLink, Deed, Due, Duty, Heightened, Plan, Round, Sweep
from uppsikt.oversight.rota import Days
from uppsikt.records.models import Item
from uppsikt.triage import actions as triage

pytestmark = pytest.mark.django_db
NOW = THURSDAY + timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def channel() -> Channel:
    made = factories.channel(name="Älvsta bibliotek", now=THURSDAY - timedelta(days=2))
    watching.watch(made, now=THURSDAY - timedelta(days=1))
    return made


@pytest.fixture
def eva(channel: Channel) -> Person:
    made = support.looker(channel, name="Eva Ek", now=THURSDAY - timedelta(days=1))
    factories.mandate(made, channel, Act.ANSWER, Act.HIDE, Act.REMOVE)
    return made


@pytest.fixture
def browser(eva: Person) -> Client:
    return logged_in(eva)


def said(channel: Channel, *texts: str) -> list[Item]:
    """What was said, read by triage."""
    rows = [factories.item(channel, text=text, at=THURSDAY + timedelta(minutes=n)) for n, text in enumerate(texts)]
    making.taken(*rows)
    return rows


def begun(browser: Client, *channels: Channel) -> Sweep:
    """A round begun from the page."""
    browser.post(reverse("oversight:begin"), {"kanal": [each.pk for each in channels]})
    return Sweep.objects.latest("pk")


def text_of(browser: Client, name: str, *args: object, query: str = "") -> str:
    answer = browser.get(reverse(f"oversight:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_urgent_stands_first_with_its_reason(browser: Client, channel: Channel) -> None:
    said(channel, making.PLAIN, making.URGENT, "När öppnar ni?")
    page = text_of(browser, "sweep", begun(browser, channel).pk)
    assert page.index(making.URGENT) < page.index(making.PLAIN)
    assert "Personnummer" in page
    assert "3 nya" in page


def test_a_round_is_signed_when_all_has_been_shown_and_not_before(browser: Client, channel: Channel) -> None:
    rows = said(channel, making.PLAIN, "När öppnar ni?")
    sweep = begun(browser, channel)
    answer = browser.post(reverse("oversight:sign", args=[sweep.pk]), follow=True)
    assert "inte visade än" in answer.content.decode()
    assert Round.objects.get().state == "open"
    shown = browser.post(reverse("oversight:shown", args=[sweep.pk]), {"handling": [rows[0].pk]}).json()
    assert shown == {"left": 1, "shown": 1}
    left = text_of(browser, "sweep", sweep.pk, query="?kvar=1")
    assert rows[1].version.text in left
    assert making.PLAIN not in left
    browser.post(reverse("oversight:shown", args=[sweep.pk]), {"handling": [rows[1].pk, "x", "9" * 30]})
    answer = browser.post(reverse("oversight:sign", args=[sweep.pk]), follow=True)
    assert "Inget att anmärka." in answer.content.decode()
    signed = Round.objects.get()
    assert (signed.state, signed.result) == ("signed", "nothing")
    rows[1].refresh_from_db()
    assert rows[1].known_at is not None, "from then on it is known (1998:112)"


def test_what_was_done_in_other_rooms_is_the_rounds(browser: Client, channel: Channel, eva: Person) -> None:
    first, second = said(channel, making.URGENT, making.PLAIN)
    sweep = begun(browser, channel)
    browser.post(reverse("oversight:shown", args=[sweep.pk]), {"handling": [first.pk, second.pk]})
    browser.post(reverse("oversight:fine", args=[sweep.pk, first.pk]))
    browser.post(
        reverse("oversight:sign", args=[sweep.pk]), {"arende": [second.pk], f"anteckning-{channel.pk}": "Lugnt."}
    )
    signed = Round.objects.get()
    assert (signed.result, signed.note) == ("acted", "Lugnt.")
    assert sorted(Deed.objects.values_list("item_id", "what")) == [(first.pk, "judged"), (second.pk, "remarked")]
    page = text_of(browser, "round", signed.pk)
    assert "Bedömd" in page
    assert "Anmärkning" in page


def test_a_deed_is_told_once_however_often_it_is_gathered(channel: Channel, eva: Person) -> None:
    (item,) = said(channel, making.URGENT)
    sweep = actions.open_sweep([channel], by=eva, now=NOW)
    triage.judge(item, ground="rule.sensitive", agreed=True, by=eva, now=NOW + timedelta(minutes=1))
    assert signing.gather(sweep, by=eva, now=NOW + timedelta(minutes=2)) == 1
    assert signing.gather(sweep, by=eva, now=NOW + timedelta(minutes=3)) == 0


def test_parts_hold_everything_once_in_order(channel: Channel, eva: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_page, "SIZE", 3)
    said(channel, *(f"{making.PLAIN} {n}" for n in range(6)), making.URGENT, f"{making.PLAIN} sist")
    browser = logged_in(eva)
    sweep = begun(browser, channel)
    met, place = list[int](), ""
    for _turn in range(4):
        answer = browser.get(
            reverse("oversight:sweep", args=[sweep.pk]),
            {"efter": place} if place else {},
            headers={"HX-Request": "true"},
        )
        part = answer.context["part"]
        met += [row.item.pk for row in part.rows]
        place = part.after
        if not place:
            break
    assert len(met) == len(set(met)) == 8
    assert Item.objects.get(pk=met[0]).version.text == making.URGENT  # type: ignore[union-attr]


def test_parts_ask_no_more_for_more_rows(browser: Client, channel: Channel) -> None:
    counted = []
    for more in (1, 20):
        said(channel, *(f"{text} {n}" for n in range(more) for text in (making.URGENT, making.PLAIN)))
        sweep = begun(browser, channel)
        with CaptureQueriesContext(connection) as asked:
            text_of(browser, "sweep", sweep.pk)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_reworded_item_shows_both_wordings(browser: Client, channel: Channel) -> None:
    factories.item(channel, native_id="comment/omskriven", text="Först skrev jag så.")
    factories.item(
        channel, native_id="comment/omskriven", text="Sedan skrev jag om.", now=THURSDAY + timedelta(minutes=5)
    )
    (standing,) = browser.get(reverse("oversight:start")).context["standings"]
    assert (standing.fresh.wordings, standing.fresh.items) == (2, 1), "the page counts items, as the round's does"
    page = text_of(browser, "sweep", begun(browser, channel).pk)
    assert "Först skrev jag så." in page
    assert "Sedan skrev jag om." in page


def test_nobody_sees_through_anothers_round(channel: Channel, browser: Client) -> None:
    (item,) = said(channel, making.PLAIN)
    sweep = begun(browser, channel)
    other = logged_in(support.looker(channel, name="Otto Os", now=THURSDAY - timedelta(days=1)))
    for name, args in (("sweep", [sweep.pk]), ("item", [sweep.pk, item.pk])):
        assert other.get(reverse(f"oversight:{name}", args=args)).status_code == 404
    assert other.post(reverse("oversight:shown", args=[sweep.pk]), {"handling": [item.pk]}).status_code == 404


def test_an_item_opens_beside_the_list_with_its_reasons(browser: Client, channel: Channel) -> None:
    (item,) = said(channel, making.URGENT)
    sweep = begun(browser, channel)
    said(channel, making.PLAIN)  # came in meanwhile: it belongs to the next round
    whole = text_of(browser, "item", sweep.pk, item.pk)
    assert "data-remove" not in whole, "the network lets nobody remove it from here"
    assert making.PLAIN not in whole
    part = browser.get(
        reverse("oversight:item", args=[sweep.pk, item.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert f'id="rad-{item.pk}"' in part
    assert "Personnummer" in part


def test_the_report_adds_up_and_is_the_same_as_a_file(channel: Channel, eva: Person) -> None:
    manager = logged_in(factories.person(Role.MANAGER, name="Mona Chef"))
    dues.walk(now=NOW)
    support.look(eva, [channel], NOW)
    page = manager.get(reverse("oversight:report"), {"manad": "2026-11"})
    month = page.context["month"]
    total = month.whole.figures.total
    assert total.expected == total.met + total.missed + total.lapsed + total.waiting
    assert total.expected == sum(row.figures.total.expected for row in month.rows) > 0
    text = manager.get(reverse("oversight:report_csv"), {"manad": "2026-11"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert sum(int(row["väntade"]) for row in rows) == total.expected
    assert sum(int(row["gjorda"]) for row in rows) == total.met == Due.objects.filter(state="met").count()


@pytest.mark.browser
def test_the_report_is_printed_for_the_auditor_with_its_structure(channel: Channel, eva: Person) -> None:
    dues.walk(now=NOW)
    support.look(eva, [channel], NOW)
    auditor = logged_in(factories.person(Role.AUDITOR, name="Rune Revisor"))
    answer = auditor.get(reverse("oversight:report_pdf"), {"manad": "2026-11"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.content, "tagged, so that it can be read aloud"


def test_a_name_in_the_file_is_no_formula() -> None:
    manager = logged_in(factories.person(Role.MANAGER))
    channel = factories.channel(name="=HYPERLINK(1)", now=THURSDAY - timedelta(days=2))
    watching.watch(channel, now=THURSDAY - timedelta(days=1))
    dues.walk(now=NOW)
    text = manager.get(reverse("oversight:report_csv"), {"manad": "2026-11"}).content.decode("utf-8-sig")
    assert ";'=HYPERLINK(1);" in text


def test_the_rota_shows_who_covers_and_where_nobody_is(channel: Channel, eva: Person) -> None:
    manager = factories.person(Role.MANAGER, name="Mona Chef")
    karin = support.looker(channel, name="Karin Sjö", now=THURSDAY - timedelta(days=1))
    weekdays = {
        "person": eva.email,
        "cover": karin.email,
        "since": "2026-11-16",
        "weekdays": ["0", "1", "2"],
        "every_weeks": "1",
    }
    asked = {**weekdays, "where": f"kanal-{channel.pk}", "when": "always", "minutes": "30"}
    answer = logged_in(manager).post(reverse("oversight:new_duty"), asked)
    assert answer.status_code == 302, answer.context["form"].errors
    absences.note(
        person=eva,
        cover=karin,
        since=support.local("2026-11-17 00.00"),
        until=support.local("2026-11-18 00.00"),
        by=eva,
        now=NOW,
    )
    page = text_of(logged_in(manager), "rota")
    assert "Karin Sjö" in page
    assert "för Eva Ek" in page
    assert "Ingen står på schemat" in page, "Thursday and Friday have nobody"
    duty = Duty.objects.get()
    assert duty.minutes == 30
    logged_in(manager).post(reverse("oversight:end_duty", args=[duty.pk]))
    duty.refresh_from_db()
    assert duty.state == "ended", "it had not begun"


def test_ones_duties_are_a_calendar_behind_a_private_link(browser: Client, channel: Channel, eva: Person) -> None:
    manager = factories.person(Role.MANAGER)
    karin = support.looker(channel, name="Karin Sjö", now=THURSDAY - timedelta(days=1))
    days = Days(since=NOW.date() + timedelta(days=4), weekdays=frozenset({0}))
    rota.put_on_duty(person=eva, cover=karin, days=days, channel=channel, by=manager, now=NOW)
    browser.post(reverse("oversight:calendar_link"))
    page = text_of(browser, "rota")
    link = page.split('value="http')[1].split('"')[0]
    path = "/uppsikt/" + link.split("/uppsikt/", 1)[1]
    assert 'value="http' not in text_of(browser, "rota"), "it is shown once"
    feed = Client().get(path)
    assert feed["Content-Type"].startswith("text/calendar")
    text = feed.content.decode()
    assert "DTSTART;VALUE=DATE:20261116\r\n" in text
    assert "SUMMARY:Uppsikt: Älvsta bibliotek\r\n" in text
    assert "Karin" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    token = path.split("/")[3]
    assert CalendarLink.objects.get().digest != token
    browser.post(reverse("oversight:calendar_link"))
    assert Client().get(path).status_code == 404, "a new link ends the old one"


def test_absence_moves_the_day_to_the_calendar_of_whoever_covers(channel: Channel, eva: Person) -> None:
    manager = factories.person(Role.MANAGER)
    karin = support.looker(channel, name="Karin Sjö", now=THURSDAY - timedelta(days=1))
    monday = NOW.date() + timedelta(days=4)
    rota.put_on_duty(
        person=eva, cover=karin, days=Days(since=monday, weekdays=frozenset({0})), channel=channel, by=manager, now=NOW
    )
    absences.note(
        person=eva,
        cover=karin,
        since=support.local("2026-11-16 00.00"),
        until=support.local("2026-11-17 00.00"),
        by=eva,
        now=NOW,
    )
    assert monday in calendars.own_days(karin, monday, monday)
    assert monday not in calendars.own_days(eva, monday, monday)


def test_a_calendar_line_never_breaks_a_letter_or_begins_another() -> None:
    folded = calendars.folded("SUMMARY:" + "å" * 100)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == "SUMMARY:" + "å" * 100
    assert calendars.escaped("a;b,c\\d\nBEGIN:VEVENT") == "a\\;b\\,c\\\\d BEGIN:VEVENT"


def test_heightened_oversight_is_ordered_and_ended_with_a_reason(browser: Client, channel: Channel) -> None:
    page = reverse("oversight:order")
    browser.post(page, {"channel": channel.pk, "until": "2026-11-14T12:00", "reason": "Debatt om badhuset."})
    row = Heightened.objects.get()
    assert row.state == "running"
    assert "Debatt om badhuset." in text_of(browser, "rounds")
    assert browser.post(page, {"channel": channel.pk, "until": "2026-11-01T12:00", "reason": "x"}).status_code == 200
    browser.post(reverse("oversight:stop", args=[row.pk]), {"varfor": ""})
    row.refresh_from_db()
    assert row.state == "running", "not without a reason"
    browser.post(reverse("oversight:stop", args=[row.pk]), {"varfor": "Det är lugnt igen."})
    row.refresh_from_db()
    assert row.state == "ended"
    assert heightening.orders(factories.person(Role.OFFICER), channel, at=NOW) is False


def test_the_start_page_says_what_waits(browser: Client, channel: Channel, eva: Person) -> None:
    said(channel, making.PLAIN, making.URGENT)
    dues.walk(now=NOW)
    page = text_of(browser, "start")
    assert "2 nya" in page
    assert "Aldrig signerad" in page
    begun(browser, channel)
    assert "Gå vidare med rundan" in text_of(browser, "start")
    other = factories.channel(now=THURSDAY - timedelta(days=2))
    factories.mandate(eva, other, Act.HIDE)
    browser.post(reverse("oversight:begin"), {"kanal": [channel.pk, other.pk], "bara": other.pk})
    assert [each.channel for each in Sweep.objects.latest("pk").rounds.all()] == [other], "its own button was pressed"
    assert queries.standings([channel.pk], now=NOW)[0].due is not None


def test_how_often_a_channel_is_looked_at_is_said_and_ended_on_the_rota(channel: Channel, eva: Person) -> None:
    """Hours as the office has them follow the policy; one Saturday more is written down (D25)."""
    manager = logged_in(factories.person(Role.MANAGER, name="Mona Chef"))
    assert manager.get(reverse("oversight:plan")).status_code == 200
    asked = {f"day{day}": "8.00-16.30" if day < 5 else "" for day in range(7)}
    asked |= {"where": f"kanal-{channel.pk}", "rounds": "2", "reason": "Många frågor"}
    answer = manager.post(reverse("oversight:plan"), asked)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Plan.objects.get(until=None).week == [], "the office's own hours are not copied"
    answer = manager.post(reverse("oversight:plan"), {**asked, "day5": "10.00-14.00"})
    assert answer.status_code == 302, answer.context["form"].errors
    plan = Plan.objects.get(until=None)
    assert plan.week == [*["8.00–16.30"] * 5, "10.00–14.00", ""]
    assert "måndag–fredag 8.00–16.30; lör 10.00–14.00" in text_of(manager, "rota")
    reader = text_of(logged_in(eva), "rota")
    assert "Många frågor" in reader
    assert reverse("oversight:end_plan", args=[plan.pk]) not in reader, "she does not keep this rota"
    assert manager.post(reverse("oversight:end_plan", args=[plan.pk])).status_code == 302
    assert not Plan.objects.filter(until=None).exists()
    assert manager.post(reverse("oversight:end_plan", args=[plan.pk])).status_code == 404


def test_a_plan_that_cannot_be_kept_is_refused_where_it_stands(channel: Channel) -> None:
    manager = logged_in(factories.person(Role.MANAGER, name="Mona Chef"))
    asked = {f"day{day}": "8.00-16.00" for day in range(5)} | {
        "where": f"kanal-{channel.pk}",
        "rounds": "2",
        "reason": "x",
    }
    for wrong, told in (
        ({"rounds": "0"}, "rounds"),
        ({"rounds": "999"}, "rounds"),
        ({"rounds": "ofta"}, "rounds"),
        ({"day0": "25-26"}, "day0"),
        ({"day6": "16-8"}, "day6"),
        ({"where": "kanal-999999"}, "where"),
        ({"where": ""}, "where"),
        ({"reason": " "}, "reason"),
        ({f"day{day}": "" for day in range(7)}, "__all__"),
    ):
        answer = manager.post(reverse("oversight:plan"), asked | wrong)
        assert answer.status_code == 200, wrong
        assert told in answer.context["form"].errors, wrong
    assert not Plan.objects.exists()


def test_an_officer_keeps_no_plan_of_anothers_channel(channel: Channel, eva: Person) -> None:
    asked = {f"day{day}": "8.00-16.00" for day in range(5)} | {
        "where": f"kanal-{channel.pk}",
        "rounds": "2",
        "reason": "x",
    }
    assert logged_in(eva).post(reverse("oversight:plan"), asked).status_code == 200
    rota.set_plan(channel=channel, rounds=2, week=[], reason="x", by=factories.person(Role.MANAGER), now=NOW)
    logged_in(eva).post(reverse("oversight:end_plan", args=[Plan.objects.get().pk]))
    assert Plan.objects.get().until is None


# None of them is a place in the order, and some are no text either.
NO_PLACES = (
    "", "_", "1_", "1_2026-11-12T09:00:00+00:00_", "1_2026-11-12T09:00:00_4", "x_2026-11-12T09:00:00+00:00_4",
    f"{10**40}_2026-11-12T09:00:00+00:00_4", f"-{10**40}_2026-11-12T09:00:00+00:00_4", "9" * 9000,
    f"1_2026-11-12T09:00:00+00:00_{10**30}", "1_0001-01-01T00:00:00+14:00_4", "1_9999-12-31T23:59:59-14:00_4",
    "'; DROP TABLE x_2026_1", "\x00_2026-11-12T09:00:00+00:00_4", "٣_2026-11-12T09:00:00+00:00_٣",
)  # fmt: skip


def test_a_place_that_is_not_ours_is_the_beginning(browser: Client, channel: Channel) -> None:
    """Or shows what lies there; never an error."""
    said(channel, making.PLAIN)
    sweep = begun(browser, channel)
    for place in NO_PLACES:
        asked = {"efter": place}
        answer = browser.get(reverse("oversight:sweep", args=[sweep.pk]), asked, headers={"HX-Request": "true"})
        assert answer.status_code == 200, place
    keys = ["", "x", "-1", "9" * 30, "٣", "1 OR 1=1"]
    assert browser.post(reverse("oversight:shown", args=[sweep.pk]), {"handling": keys}).json() == {
        "left": 1,
        "shown": 0,
    }


def test_a_report_that_nobody_can_ask_for_is_this_months(channel: Channel) -> None:
    manager = logged_in(factories.person(Role.MANAGER))
    months = [{"manad": month} for month in ("", "2026-13", "0001-01", "9999-12", "-1", "x" * 999, "2026-11-01")]
    for asked in (*months, {"kanal": "9" * 40, "enhet": "-1"}, {"kanal": "x", "enhet": "9" * 40}):
        for name in ("report", "report_csv"):
            assert manager.get(reverse(f"oversight:{name}"), asked).status_code == 200, asked
