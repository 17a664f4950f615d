"""D25: oversight at least once every working day: who, when, from which item to which, what was shown and done.

1998:112 §§ 4 a and 5: from knowledge removal is owed, so the time of knowledge is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

import factories
from oversight import support
from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import actions, queries, watching
from uppsikt.oversight.models import Deed, FirstLook, Round, Shown, Sweep, Watch
from uppsikt.oversight.rules import What
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ALL = Reader(everything=True)


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def channel() -> Channel:
    return factories.channel(now=NOW - 30 * 24 * HOUR)


@pytest.fixture
def anna(channel: Channel) -> Person:
    return support.looker(channel, name="Anna")


def opened(channel: Channel, by: Person, at: timedelta = HOUR) -> Sweep:
    return actions.open_sweep([channel], by=by, now=NOW + at)


def test_d25_a_round_says_who_when_and_from_which_to_which(channel: Channel, anna: Person) -> None:
    items = [factories.item(channel, at=NOW + number * MINUTE) for number in range(3)]
    sweep = opened(channel, anna)
    assert support.shown(sweep, now=NOW + HOUR) == 3
    (row,) = actions.sign(sweep, by=anna, now=NOW + HOUR + MINUTE)
    row.refresh_from_db()
    assert (row.by, row.opened_at, row.signed_at) == (anna, NOW + HOUR, NOW + HOUR + MINUTE)
    assert (row.first_id, row.last_id, row.wordings) == (items[0].version_id, items[2].version_id, 3)
    assert (row.result, row.state) == ("nothing", "signed")
    assert [step.name for step in trail.steps_of(row)] == ["open", "sign"]
    assert set(queries.shown_items(row, ALL)) == set(items)
    assert list(queries.seen_in(items[1])) == [row]


def test_d25_what_arrives_meanwhile_belongs_to_the_next_round(channel: Channel, anna: Person) -> None:
    factories.item(channel)
    sweep = opened(channel, anna)
    late = factories.item(channel, at=NOW - 24 * HOUR)
    assert late not in queries.news_of(sweep, ALL)
    support.shown(sweep, now=NOW + HOUR)
    assert actions.show(sweep, [late.pk], by=anna, now=NOW + HOUR) == 0
    actions.sign(sweep, by=anna, now=NOW + HOUR)
    assert list(queries.news_of(opened(channel, anna, 2 * HOUR), ALL)) == [late]


def test_d25_new_wordings_and_late_arrivals_count_in_the_order_in_which_they_were_taken_in(
    channel: Channel, anna: Person
) -> None:
    old = factories.item(channel, native_id="comment/a", text="Först")
    support.look(anna, [channel], NOW + HOUR)
    for text in ("Sedan", "Sist"):
        factories.item(channel, native_id="comment/a", text=text)
    year_old = factories.item(channel, at=NOW - 300 * 24 * HOUR)
    sweep = opened(channel, anna, 2 * HOUR)
    assert set(queries.news_of(sweep, ALL)) == {old, year_old}
    assert [row.text for row in queries.wordings_of(sweep, [old.pk])] == ["Sedan", "Sist"]
    assert queries.left_in(sweep) == 2, "as the page counts them"
    actions.show(sweep, [year_old.pk], by=anna, now=NOW + 2 * HOUR)
    assert queries.left_in(sweep) == 1
    support.shown(sweep, now=NOW + 2 * HOUR)
    assert queries.left_in(sweep) == 0
    assert actions.sign(sweep, by=anna, now=NOW + 2 * HOUR)[0].wordings == 3


def test_d25_a_round_that_was_signed_before_anything_was_fetched_is_gone_on_from() -> None:
    """A new installation: the first round covers nothing, and the database lets the next one begin after it."""
    new = factories.channel(now=NOW - 2 * HOUR)
    Channel.objects.filter(pk=new.pk).update(caught_up_at=None)
    assert watching.newest_key() == 0
    looker = support.looker(new)
    support.look(looker, [Channel.objects.get(pk=new.pk)], NOW)
    old, recent = (factories.item(new, at=NOW - days * 24 * HOUR) for days in (300, 1))
    Channel.objects.filter(pk=new.pk).update(caught_up_at=NOW + HOUR)
    sweep = opened(Channel.objects.get(pk=new.pk), looker, 2 * HOUR)
    assert list(queries.news_of(sweep, ALL)) == [recent], f"{old} is history"
    support.shown(sweep, now=NOW + 2 * HOUR)
    assert actions.sign(sweep, by=looker, now=NOW + 2 * HOUR)[0].state == "signed"


def test_d25_one_sweep_makes_a_round_for_each_channel(channel: Channel, anna: Person) -> None:
    other = factories.channel()
    support.mandate(anna, other)
    factories.item(channel)
    mine = [factories.item(other) for _ in range(2)]
    sweep = actions.open_sweep([channel, other], by=anna, now=NOW + HOUR)
    support.shown(sweep, now=NOW + HOUR)
    actions.note_deed(sweep, mine[0], what=What.HIDDEN, by=anna, now=NOW + HOUR)
    rounds = {row.channel: row for row in actions.sign(sweep, by=anna, now=NOW + HOUR)}
    assert (rounds[channel].result, rounds[other].result) == ("nothing", "acted")
    assert [deed.item for deed in queries.deeds(rounds[other], ALL)] == [mine[0]]
    assert Round.objects.filter(sweep=sweep, state="signed").count() == 2


def test_d25_a_note_is_a_remark(channel: Channel, anna: Person) -> None:
    sweep = opened(channel, anna)
    (row,) = actions.sign(sweep, by=anna, now=NOW + HOUR, notes={channel.pk: " Många frågor om plogning. "})
    assert (row.result, row.note) == ("acted", "Många frågor om plogning.")


def test_d25_a_round_cannot_be_signed_before_everything_was_shown(channel: Channel, anna: Person) -> None:
    items = [factories.item(channel) for _ in range(3)]
    sweep = opened(channel, anna)
    actions.show(sweep, [item.pk for item in items[:2]], by=anna, now=NOW + HOUR)
    with pytest.raises(Refused) as refusal:
        actions.sign(sweep, by=anna, now=NOW + HOUR)
    assert refusal.value.code == "not_shown"
    assert "1 nyhet" in refusal.value.words
    assert Watch.objects.get(channel=channel).seen_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE oversight_round SET state = 'signed', signed_at = now(), result = 'nothing' WHERE id = {round}",
        "INSERT INTO oversight_round (sweep_id, channel_id, unit_id, by_id, state, opened_at, signed_at, after,"
        " through, wordings, result, note) SELECT sweep_id, channel_id, unit_id, by_id, 'signed', now(), now(), after,"
        " through, 0, 'nothing', '' FROM oversight_round WHERE id = {round}",
        "UPDATE oversight_round SET through = after WHERE id = {round}",
        "DELETE FROM oversight_round WHERE id = {round}",
        "INSERT INTO oversight_shown (round_id, version_id, item_id, at) SELECT {round}, v.id, {item}, now()"
        " FROM records_version v WHERE v.id > (SELECT max(through) FROM oversight_round)",
    ],
    ids=["sign", "born_signed", "cover_less", "delete", "show_what_came_later"],
)
def test_d25_the_database_itself_refuses_a_signature_under_what_was_not_shown(
    statement: str, channel: Channel, anna: Person
) -> None:
    item = factories.item(channel)
    row = Round.objects.get(sweep=opened(channel, anna))
    factories.item(channel)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(round=row.pk, item=item.pk))


def test_d25_the_database_refuses_a_look_that_skips_and_a_change_of_what_was_signed(
    channel: Channel, anna: Person
) -> None:
    factories.item(channel)
    (row,) = support.look(anna, [channel], NOW + HOUR)
    factories.item(channel)
    skipping = Round(
        sweep=row.sweep, channel=channel, unit=channel.unit, by=anna, opened_at=NOW,
        after=watching.newest_key(), through=watching.newest_key(),
    )  # fmt: skip
    skipping.save()
    for change in (
        lambda: Round.objects.filter(pk=skipping.pk).update(state="signed", signed_at=NOW, result="nothing"),
        lambda: Round.objects.filter(pk=row.pk).update(note="Annat"),
        lambda: Shown.objects.filter(round=row).delete(),
        lambda: Shown.objects.filter(round=row).update(at=NOW),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_d25_only_who_opened_a_sweep_with_a_mandate_signs_it_while_it_is_fresh(channel: Channel, anna: Person) -> None:
    bo = support.looker(channel, name="Bo")
    stranger = factories.person(Role.OFFICER)
    with pytest.raises(Refused) as refusal:
        opened(channel, stranger)
    assert refusal.value.code == "no_mandate"
    sweep = opened(channel, anna)
    with pytest.raises(Refused) as refusal:
        actions.sign(sweep, by=bo, now=NOW + HOUR)
    assert refusal.value.code == "not_yours"
    with pytest.raises(Refused) as refusal:
        actions.sign(sweep, by=anna, now=NOW + 14 * HOUR)
    assert refusal.value.code == "too_old"
    actions.sign(sweep, by=anna, now=NOW + 2 * HOUR)
    with pytest.raises(Refused) as refusal:
        actions.sign(sweep, by=anna, now=NOW + 2 * HOUR)
    assert refusal.value.code == "ended"


def test_d25_a_channel_that_is_closed_meanwhile_stops_no_other_round(channel: Channel, anna: Person) -> None:
    other = factories.channel(now=NOW - 30 * 24 * HOUR)
    support.mandate(anna, other)
    sweep = actions.open_sweep([channel, other], by=anna, now=NOW)
    channels.close(channel, reason="Används inte", by=factories.TESTER, now=NOW)
    assert [row.channel for row in actions.sign(sweep, by=anna, now=NOW + MINUTE)] == [other]
    assert sweep.rounds.get(channel=channel).state == "left"


def test_d25_a_sweep_left_open_is_begun_anew(channel: Channel, anna: Person) -> None:
    item = factories.item(channel)
    first = opened(channel, anna)
    support.shown(first, now=NOW + HOUR)
    assert queries.open_sweep_of(anna) == first
    second = opened(channel, anna, 2 * HOUR)
    assert Round.objects.get(sweep=first).state == "left"
    assert queries.open_sweep_of(anna) == second
    assert list(queries.news_of(second, ALL)) == [item]
    item.refresh_from_db()
    assert item.known_at is None
    actions.leave(second, by=anna, now=NOW + 2 * HOUR)
    assert queries.open_sweep_of(anna) is None


def test_1998_112_signing_sets_the_time_of_knowledge_to_when_it_was_shown(channel: Channel, anna: Person) -> None:
    first, second = factories.item(channel), factories.item(channel)
    Item.objects.filter(pk=second.pk).update(known_at=NOW + MINUTE)
    sweep = opened(channel, anna)
    actions.show(sweep, [first.pk], by=anna, now=NOW + HOUR)
    actions.show(sweep, [second.pk], by=anna, now=NOW + HOUR + MINUTE)
    actions.sign(sweep, by=anna, now=NOW + 2 * HOUR)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.known_at, second.known_at) == (NOW + HOUR, NOW + MINUTE)
    assert [step.at for step in trail.steps_of(first).filter(name="know")] == [NOW + HOUR]
    assert not trail.steps_of(second).filter(name="know").exists()


def test_d25_the_first_look_is_counted_once_and_never_for_the_time_before_us(channel: Channel, anna: Person) -> None:
    support.look(anna, [channel], NOW)
    item = factories.item(channel, at=NOW, native_id="comment/x")
    factories.item(channel, at=NOW - 60 * 24 * HOUR)
    support.look(anna, [channel], NOW + HOUR + 3 * MINUTE)
    factories.item(channel, at=NOW, native_id="comment/x", text="Ändrad")
    support.look(anna, [channel], NOW + 5 * HOUR)
    (look,) = FirstLook.objects.all()
    assert (look.item, look.seconds, look.seen_at) == (item, 3600, NOW + HOUR)


def test_d25_a_new_channels_history_is_no_news_but_its_last_week_is(anna: Person) -> None:
    channel = factories.channel(now=NOW)
    support.mandate(anna, channel)
    Channel.objects.filter(pk=channel.pk).update(caught_up_at=None)
    watching.watch(channel, now=NOW)
    old, new = (factories.item(channel, at=NOW - days * 24 * HOUR) for days in (200, 3))
    sweep = opened(Channel.objects.get(pk=channel.pk), anna)
    assert list(queries.news_of(sweep, ALL)) == [new]
    support.shown(sweep, now=NOW + HOUR)
    actions.sign(sweep, by=anna, now=NOW + HOUR)
    Channel.objects.filter(pk=channel.pk).update(caught_up_at=NOW + HOUR)
    watching.close_history(Watch.objects.get(channel=channel), Channel.objects.get(pk=channel.pk))
    factories.item(channel, native_id=old.native_id, text="Gammalt inlägg, ny text")
    late = factories.item(channel, at=NOW - 300 * 24 * HOUR)
    again = opened(Channel.objects.get(pk=channel.pk), anna, 2 * HOUR)
    assert set(queries.news_of(again, ALL)) == {old, late}


def test_d20_what_somebody_may_not_read_is_not_shown_to_them_and_cannot_be_signed_by_them(
    channel: Channel, anna: Person
) -> None:
    secret = factories.item(channel)
    Item.objects.filter(pk=secret.pk).update(secret=True)
    sweep = opened(channel, anna)
    assert list(queries.news_of(sweep, Reader())) == []
    assert list(queries.news_of(sweep, Reader(channels=frozenset({channel.pk})))) == [secret]
    assert queries.left_in(sweep) == 1
    assert support.shown(sweep, now=NOW + HOUR) == 1
    row = actions.sign(sweep, by=anna, now=NOW + HOUR)[0]
    assert list(queries.shown_items(row, Reader())) == []


def test_d25_the_number_of_questions_does_not_grow_with_the_news(channel: Channel, anna: Person) -> None:
    def counted(number: int) -> list[int]:
        factories.items(channel, [factories.captured() for _ in range(number)])
        found = []
        with CaptureQueriesContext(connection) as context:
            sweep = actions.open_sweep([channel], by=anna, now=NOW + HOUR)
        found.append(len(context))
        with CaptureQueriesContext(connection) as context:
            support.shown(sweep, now=NOW + HOUR)
        found.append(len(context))
        with CaptureQueriesContext(connection) as context:
            actions.sign(sweep, by=anna, now=NOW + HOUR)
        return [*found, len(context)]

    counted(1)
    assert counted(2) == counted(40)
    assert Deed.objects.count() == 0
