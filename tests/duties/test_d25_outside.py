"""D25: oversight every working day of accounts that are not read here too: looked at on their network, and said so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import factories
from inbox.support import logged_in
from oversight import support
from oversight.support import local
from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Profile
from uppsikt.inbox.handed_over import Question
from uppsikt.inbox.models import Case
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Notice
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import actions, dues, holes, outside, queries, watching
from uppsikt.oversight.models import Deed, Due, Hole, Round, Watch
from uppsikt.records.reading import Reader
from uppsikt.web import today_oversight

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WEDNESDAY = NOW - DAY


@pytest.fixture(autouse=True)
def thursday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account() -> Channel:
    return factories.known_account(name="Älvsta kommun", now=WEDNESDAY)


@pytest.fixture
def anna(account: Channel) -> Person:
    return support.looker(account, name="Anna", now=WEDNESDAY)


@pytest.fixture
def browser(anna: Person) -> Client:
    return logged_in(anna)


def look(by: Person, account: Channel, now: datetime) -> Round:
    """A whole round, made on the account's own page."""
    sweep = actions.open_sweep([account], by=by, now=now - 5 * MINUTE)
    outside.look(sweep, sweep.rounds.get().pk, by=by, now=now - MINUTE)
    return actions.sign(sweep, by=by, now=now)[0]


def test_d25_a_round_outside_stands_on_somebodys_word_and_says_so(account: Channel, anna: Person) -> None:
    sweep = actions.open_sweep([account], by=anna, now=NOW)
    made = sweep.rounds.get()
    with pytest.raises(Refused, match="Älvsta kommun läses inte här") as refused:
        actions.sign(sweep, by=anna, now=NOW + MINUTE)
    assert refused.value.code == "not_looked"
    outside.look(sweep, made.pk, by=anna, now=NOW + MINUTE)
    outside.look(sweep, made.pk, by=anna, now=NOW + 2 * MINUTE)
    outside.look_back(sweep, made.pk, by=anna, now=NOW + 3 * MINUTE)
    with pytest.raises(Refused):
        actions.sign(sweep, by=anna, now=NOW + 4 * MINUTE)
    outside.look(sweep, made.pk, by=anna, now=NOW + 5 * MINUTE)
    (row,) = actions.sign(sweep, by=anna, now=NOW + 6 * MINUTE)
    assert (row.outside, row.looked_at, row.wordings, row.result) == (True, NOW + 5 * MINUTE, 0, "nothing")
    steps = list(trail.steps_of(row))
    assert [step.name for step in steps] == ["open", "look", "look_back", "look", "sign"], "said twice is said once"
    assert steps[0].facts["outside"] is steps[-1].facts["outside"] is True
    for late in (outside.look, outside.look_back):
        with pytest.raises(Refused):
            late(sweep, made.pk, by=anna, now=NOW + 7 * MINUTE)


def test_d25_the_database_keeps_rounds_outside_to_accounts_that_are_not_read(account: Channel, anna: Person) -> None:
    read = factories.channel(now=WEDNESDAY)
    support.mandate(anna, read)
    sweep = actions.open_sweep([account, read], by=anna, now=NOW)
    outer, inner = sweep.rounds.get(outside=True), sweep.rounds.get(outside=False)
    copy = (
        "INSERT INTO oversight_round (sweep_id, channel_id, unit_id, by_id, state, opened_at, after, through, wordings,"
        " result, note, outside) SELECT sweep_id, channel_id, unit_id, {by}, state, opened_at, after, through, 0, '',"
        " '', NOT outside FROM oversight_round WHERE id = {pk}"
    )
    other = factories.person(Role.OFFICER).pk
    for statement in (
        "UPDATE oversight_round SET state = 'signed', signed_at = now(), result = 'nothing' WHERE id = {outer}",
        "UPDATE oversight_round SET outside = false WHERE id = {outer}",
        "UPDATE oversight_round SET outside = true WHERE id = {inner}",
        copy.format(pk=outer.pk, by=other),
        copy.format(pk=inner.pk, by=other),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(outer=outer.pk, inner=inner.pk))
    for attempt in (outside.look, outside.look_back):
        with pytest.raises(Refused):
            attempt(sweep, inner.pk, by=anna, now=NOW)


def test_d25_nobody_looks_for_another_or_without_a_mandate(account: Channel, anna: Person) -> None:
    sweep = actions.open_sweep([account], by=anna, now=NOW)
    made, stranger = sweep.rounds.get().pk, support.looker(account, name="Bo", now=WEDNESDAY)
    question = Question(text="Hej", received_at=NOW, network="facebook")
    for attempt in (outside.look, outside.look_back, partial(outside.type_in, question=question)):
        with pytest.raises(Refused):
            attempt(sweep, made, by=stranger, now=NOW)
    for mandate in account.mandates.filter(person=anna):
        channels.end_mandate(mandate, reason="Slutar", by=factories.TESTER, now=NOW)
    for attempt in (outside.look, outside.look_back, partial(outside.type_in, question=question)):
        with pytest.raises(Refused):
            attempt(sweep, made, by=Person.objects.get(pk=anna.pk), now=NOW + MINUTE)
    assert not Case.objects.exists()


def test_d25_a_round_is_expected_of_each_open_account_and_missed_and_made_good(
    account: Channel, anna: Person, thursday: time_machine.Traveller
) -> None:
    factories.known_account(name="Inte öppnat", now=WEDNESDAY, opening=True)
    dues.walk(now=local("2026-11-11 12.00"))
    assert set(Watch.objects.values_list("channel_id", flat=True)) == {account.pk}, "what is not open is not looked at"
    made = look(anna, account, local("2026-11-12 09.00"))
    dues.walk(now=local("2026-11-12 09.05"))
    met = Due.objects.get(kind="daily", state="met")
    assert (met.day.isoformat(), met.met_by) == ("2026-11-12", made)
    thursday.move_to(local("2026-11-13 16.40"))
    dues.walk(now=local("2026-11-13 16.40"))
    assert [due.day.isoformat() for due in Due.objects.filter(kind="daily", state="missed")] == ["2026-11-13"]
    assert Notice.objects.filter(kind="round_missed").exists()
    told = [line.what for line in today_oversight.lines(anna, now=local("2026-11-13 16.40"))]
    assert told == ["En uppsiktsrunda är missad i Älvsta kommun"]
    look(anna, account, local("2026-11-13 16.50"))
    assert Due.objects.get(kind="daily", state="missed").made_good_by is not None


def test_d25_an_account_that_opens_while_the_worker_is_down_is_expected_from_that_moment(anna: Person) -> None:
    """Also one that was known of, and not open, for long."""
    dues.walk(now=local("2026-11-12 08.00"))
    taken = factories.known_account(now=local("2026-11-12 10.00"))
    opened = factories.known_account(now=WEDNESDAY, opening=True)
    channels.take_over(opened, reason="Öppet sedan 2019", by=factories.TESTER, now=local("2026-11-12 11.00"))
    dues.walk(now=local("2026-11-16 08.00"))
    missed = Due.objects.filter(kind="daily", state="missed", channel__in=[taken, opened])
    assert [(due.channel_id, due.day.isoformat()) for due in missed.order_by("channel_id")] == [
        (taken.pk, "2026-11-13"),
        (opened.pk, "2026-11-13"),
    ]


def test_d27_a_day_with_nobody_who_may_look_is_a_hole(account: Channel) -> None:
    holes.look(now=NOW)
    assert Hole.objects.filter(channel=account, state="open").exists(), "its responsible has no mandate"


def test_d25_an_account_that_is_connected_later_is_read_from_then_on(account: Channel, anna: Person) -> None:
    """What was said before is history, not years of news; and nothing that came in meanwhile is passed over."""
    look(anna, account, NOW + HOUR)
    joined = NOW + 300 * DAY
    support.mandate(anna, account, now=joined)
    channels.connect(
        network=account.network, name=account.name, address=account.address, unit=account.unit,
        responsible=account.responsible, settings={}, secrets={}, central=False, by=factories.TESTER, now=joined,
        profile=Profile(name="Konto", address=account.address),
    )  # fmt: skip
    account.refresh_from_db()
    with time_machine.travel(joined, tick=False):
        for days in (200, 20, 2):
            factories.item(account, at=joined - days * DAY, now=joined, text=f"{days} dagar gammalt")
        Channel.objects.filter(pk=account.pk).update(caught_up_at=joined)
        sweep = actions.open_sweep([account], by=anna, now=joined + HOUR)
    news = queries.news_of(sweep, Reader(everything=True))
    assert [item.version.text for item in news if item.version] == ["2 dagar gammalt"]
    assert not sweep.rounds.get().outside
    row = Watch.objects.get(channel=account)
    assert (row.outside, row.since) == (False, joined)


def test_d25_a_round_is_made_from_the_page_and_what_wants_an_answer_is_typed_in(
    account: Channel, anna: Person, browser: Client
) -> None:
    assert "Läses inte här" in browser.get(reverse("oversight:start")).content.decode()
    browser.post(reverse("oversight:begin"), {"kanal": [account.pk]})
    made = Round.objects.get()
    page = reverse("oversight:sweep", args=[made.sweep_id])
    text = browser.get(page).content.decode()
    assert f'href="{account.address}"' in text
    assert "1 konto att titta på" in text
    assert "Inget nytt sedan sist" not in text, "nobody knows that"
    answer = browser.post(reverse("oversight:sign", args=[made.sweep_id]))
    assert answer["Location"] == f"{page}?konton=1#utanfor"
    form = reverse("oversight:type_in", args=[made.sweep_id, made.pk])
    assert account.address in browser.get(form).content.decode()
    assert browser.post(form, {"text": "", "received": "2026-11-12T09:30"}).status_code == 409
    asked = {"text": "När öppnar badet?", "received": "2026-11-12T09:30", "asker": "Maria", "link": account.address}
    assert browser.post(form, asked)["Location"] == f"{page}?konton=1#konto-{made.pk}"
    case, deed = Case.objects.get(), Deed.objects.get()
    assert deed.item_id == case.case_items.get().item_id
    assert [step.name for step in trail.steps_of(deed.item)].count("type_in") == 1
    assert deed.item.known_at == NOW, "whoever typed it in has read it (1998:112)"
    browser.post(reverse("oversight:look", args=[made.sweep_id, made.pk]))
    browser.post(reverse("oversight:sign", args=[made.sweep_id]))
    made.refresh_from_db()
    assert (made.state, made.result) == ("signed", "acted")
    shown = browser.get(reverse("oversight:round", args=[made.pk])).content.decode()
    assert "Utanför Uppsikt, på kontots egen sida" in shown
    assert "Inlagd för hand" in shown
    assert "Kanalen lästes senast" not in shown
    assert "sett utanför Uppsikt" in browser.get(reverse("oversight:rounds")).content.decode()
    stranger = logged_in(support.looker(account, name="Otto", now=WEDNESDAY))
    assert stranger.get(form).status_code == 404


def test_d25_the_report_says_how_many_were_made_outside(account: Channel, anna: Person) -> None:
    read = factories.channel(now=WEDNESDAY)
    support.mandate(anna, read)
    for channel in (account, read):
        watching.watch(channel, now=WEDNESDAY)
    look(anna, account, NOW)
    support.look(anna, [read], NOW)
    manager = logged_in(factories.person(Role.MANAGER))
    page = manager.get(reverse("oversight:report"), {"manad": "2026-11"})
    assert page.context["month"].whole.figures.outside == 1
    text = page.content.decode()
    assert "1 av dem gjordes utanför Uppsikt" in text
    assert "1 utanför Uppsikt</span>" in text
    sheet = manager.get(reverse("oversight:report_csv"), {"manad": "2026-11"}).content.decode("utf-8-sig")
    rows = {row["kanal"]: row for row in csv.DictReader(io.StringIO(sheet), delimiter=";") if row["signerade rundor"]}
    assert (rows[account.name]["varav utanför Uppsikt"], rows[read.name]["varav utanför Uppsikt"]) == ("1", "0")


def test_d25_the_pages_ask_no_more_for_more_accounts(anna: Person, browser: Client) -> None:
    counted = []
    for more in (2, 12):
        known = [factories.known_account(now=WEDNESDAY) for _number in range(more)]
        for each in known:
            support.mandate(anna, each, now=WEDNESDAY)
        sweep = actions.open_sweep(known, by=anna, now=NOW)
        asked = []
        for url in (reverse("oversight:start"), reverse("oversight:sweep", args=[sweep.pk])):
            with CaptureQueriesContext(connection) as queries_asked:
                assert browser.get(url).status_code == 200
            asked.append(len(queries_asked))
        counted.append(asked)
    assert counted[0] == counted[1]
