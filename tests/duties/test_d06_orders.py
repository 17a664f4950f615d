"""D6, D9, D10, D16, D29: an account is ordered with its needs analysis, approved by the manager, heard, and opened."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

import factories
from register import ordering_support as support
from register.ordering_support import House
from uppsikt.channels import actions as channels
from uppsikt.channels import vault
from uppsikt.channels.models import Channel, Mandate
from uppsikt.connectors.base import Profile
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Notice
from uppsikt.organisation import politicians
from uppsikt.organisation.models import Person
from uppsikt.policy import actions as policy
from uppsikt.register import auditing, entries, musts, opening, order_queries, ordering
from uppsikt.register.check_words import name
from uppsikt.register.order_models import Clearance, Launch, Opening, Order
from uppsikt.register.order_states import ORDER

NOW = factories.THURSDAY
pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> House:
    return support.house()


def told(kind: str = "order") -> set[tuple[str, str]]:
    """Who has been told, and where they are led."""
    return {(row.person.name, row.url) for row in Notice.objects.filter(kind=kind).select_related("person")}


def test_d6_the_manager_approves_and_the_communications_unit_is_heard_before_anything_is_opened(made: House) -> None:
    order = support.at(made, "sent")
    assert told() == {("Maj Chef", order_queries.address(order))}
    order = ordering.approve(order, reason="Bra tanke", by=made.manager, now=NOW)
    assert (order.approved_by, order.approved_at, order.state) == (made.manager, NOW, "consulting")
    assert ("Karin Kommunikation", order_queries.address(order)) in told()
    assert not Opening.objects.exists()
    order = ordering.agree(order, reason="Tänk på bildbeskrivningar", by=made.communications, now=NOW)
    assert (order.consulted_by, order.view) == (made.communications, "Tänk på bildbeskrivningar")
    assert Opening.objects.get().order == order
    steps = [(step.name, step.by_name, step.reason) for step in trail.steps_of(order) if step.name != "write"]
    assert steps == [
        ("begin", "Olle Officer", ""),
        ("send", "Olle Officer", ""),
        ("approve", "Maj Chef", "Bra tanke"),
        ("agree", "Karin Kommunikation", "Tänk på bildbeskrivningar"),
    ]
    assert {who for who, _url in told()} == {"Maj Chef", "Karin Kommunikation", "Olle Officer"}


def test_d6_the_central_account_is_proposed_and_the_manager_decides(made: House) -> None:
    order = support.at(made, "proposed")
    assert order.central is not None
    assert order.view == "Den når fler"
    with pytest.raises(Refused, match="Skriv varför"):
        ordering.keep(order, reason=" ", by=made.manager, now=NOW)
    order = ordering.keep(order, reason="Frågorna kräver bibliotekarier", by=made.manager, now=NOW)
    assert order.state == "approved"
    other = support.at(made, "central", name="Ett annat konto")
    assert other.state == "central"
    assert Opening.objects.count() == 1


def test_d6_a_proposal_names_a_central_account_that_there_is(made: House) -> None:
    order = support.at(made, "consulting")
    for channel in (factories.channel(), closed()):
        with pytest.raises(Refused, match="central kanal"):
            ordering.propose_central(order, central=channel, reason="x", by=made.communications, now=NOW)


def closed() -> Channel:
    """A central channel that is no more."""
    channel = factories.channel(central=True)
    return trail.take("close", channel, by=factories.TESTER, at=NOW)


def test_d6_a_veto_only_where_the_policy_gives_it(made: House) -> None:
    order = support.at(made, "consulting")
    with pytest.raises(Refused) as refused:
        ordering.veto(order, reason="Nej", by=made.communications, now=NOW)
    assert refused.value.code == "no_veto"
    policy.change_rule(key=ordering.VETO, value={"communications": True}, by=factories.TESTER, now=NOW, reason="prov")
    assert ordering.veto(order, reason="Finns redan", by=made.communications, now=NOW).state == "refused"


Deed = Callable[[Order, Person], Order]
DEEDS: dict[str, tuple[Deed, str]] = {
    "send": (lambda order, by: ordering.send(order, by=by, now=NOW), "officer"),
    "ask": (lambda order, by: ordering.ask(order, reason="Mer", by=by, now=NOW), "manager"),
    "approve": (lambda order, by: ordering.approve(order, reason="", by=by, now=NOW), "manager"),
    "refuse": (lambda order, by: ordering.refuse(order, reason="Nej", by=by, now=NOW), "manager"),
    "agree": (lambda order, by: ordering.agree(order, reason="", by=by, now=NOW), "communications"),
    "propose_central": (
        lambda order, by: ordering.propose_central(
            order, central=factories.channel(central=True), reason="Fler", by=by, now=NOW
        ),
        "communications",
    ),
    "keep": (lambda order, by: ordering.keep(order, reason="Egna frågor", by=by, now=NOW), "manager"),
    "use_central": (lambda order, by: ordering.use_central(order, reason="", by=by, now=NOW), "manager"),
    "withdraw": (lambda order, by: ordering.withdraw(order, reason="Ångrat", by=by, now=NOW), "officer"),
}
STATES = sorted(ORDER.states - {"opened"})


def test_d6_each_deed_in_each_state_by_each_person_is_done_or_refused_and_never_done_halfway(made: House) -> None:
    people = {"officer": made.officer, "manager": made.manager, "communications": made.communications}
    people["stranger"] = made.stranger
    for state in STATES:
        order = support.at(made, state)
        for (deed, (act, doer)), (role, person) in itertools.product(DEEDS.items(), people.items()):
            fits = state in set(ORDER.steps[deed][0])
            own = role == doer or (deed == "withdraw" and role == "manager")
            with transaction.atomic():
                before, count = Order.objects.get(pk=order.pk), Opening.objects.count()
                try:
                    act(Order.objects.get(pk=order.pk), person)
                except Refused as refused:
                    assert not (fits and own), (state, deed, role, refused.words)
                    after = Order.objects.get(pk=order.pk)
                    assert (after.state, after.approved_by, after.consulted_by) == (
                        before.state, before.approved_by, before.consulted_by,
                    )  # fmt: skip
                    assert Opening.objects.count() == count
                else:
                    assert fits and own, (state, deed, role)
                transaction.set_rollback(True)


@pytest.mark.parametrize("missing", ["purpose", "goals", "audience", "why_not_central", "hours_a_week", "terms_read"])
def test_d9_no_order_is_sent_without_its_needs_analysis_nor_by_sql(made: House, missing: str) -> None:
    nothing: Any = {"hours_a_week": None, "terms_read": False}.get(missing, "")
    order = support.draft(made, **{missing: nothing})
    with pytest.raises(Refused) as refused:
        ordering.send(order, by=made.officer, now=NOW)
    assert refused.value.code == "incomplete"
    with pytest.raises(IntegrityError, match="order_has_needs_analysis"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="sent")


def test_d6_no_order_skips_its_manager_or_its_consultation_by_sql(made: House) -> None:
    order = support.at(made, "sent")
    with pytest.raises(IntegrityError, match="order_was_approved"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="consulting")
    order = ordering.approve(order, reason="", by=made.manager, now=NOW)
    with pytest.raises(IntegrityError, match="order_was_consulted"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="approved")


def test_d34_a_politician_is_not_ordered_as_administrator(made: House) -> None:
    order = support.draft(made)
    politicians.elect(made.colleague, post="Ledamot i nämnden", by=factories.TESTER, now=NOW)
    with pytest.raises(Refused) as refused:
        ordering.send(Order.objects.get(pk=order.pk), by=made.officer, now=NOW)
    assert refused.value.code == "politician"


def test_d10_what_is_sent_is_changed_only_when_the_manager_asks(made: House) -> None:
    order = support.at(made, "sent")
    with pytest.raises(Refused):
        ordering.write(order, by=made.officer, now=NOW, purpose="Något helt annat än förut")
    order = ordering.ask(order, reason="Vilka är målen?", by=made.manager, now=NOW)
    order = ordering.write(order, by=made.officer, now=NOW, goals="Tio frågor i veckan")
    assert ordering.send(order, by=made.officer, now=NOW).goals == "Tio frågor i veckan"


def test_d29_the_terms_that_were_read_are_those_of_the_network_that_is_ordered(made: House) -> None:
    order = ordering.write(support.draft(made), by=made.officer, now=NOW, network="facebook")
    assert not order.terms_read
    assert ordering.write(order, by=made.officer, now=NOW, network="x", terms_read=True).terms_read


def test_d10_an_order_begun_twice_is_one_and_is_taken_back_without_a_word(made: House) -> None:
    first = ordering.begin(by=made.officer, now=NOW)
    assert ordering.begin(by=made.officer, now=NOW) == first
    ordering.write(first, by=made.officer, now=NOW, name="Badhuset")
    assert ordering.begin(by=made.officer, now=NOW) != first
    assert ordering.withdraw(first, reason="", by=made.officer, now=NOW).state == "withdrawn"
    assert told() == set()
    assert first not in order_queries.listed(made.manager), "it was never anybody else's"


# The opening.


def named(made: House) -> tuple[Opening, Channel]:
    """An opening whose account has been made on the network."""
    order = support.at(made, "approved")
    row = Opening.objects.select_related("order__unit", "order__responsible").get(order=order)
    channel = opening.name_account(
        row, address="https://blogg.alvsta.example/", handle="biblioteken", by=made.officer, now=NOW
    )  # fmt: skip
    return Opening.objects.select_related("order", "channel").get(pk=row.pk), channel


def without_musts(but: str = "") -> None:
    """Let the policy ask for nothing, or for one thing alone."""
    switches = {check.code: check.code == but for check in auditing.CHECKS}
    policy.change_rule(key=musts.RULE, value=switches, by=factories.TESTER, now=NOW, reason="prov")


def test_d12_the_account_is_known_from_when_it_has_an_address_and_is_not_open(made: House) -> None:
    _row, channel = named(made)
    assert (channel.state, channel.connected_at, channel.unit) == ("opening", None, made.unit)
    entry = entries.of(channel)
    assert (entry.purpose, entry.audience, entry.handle) == (
        support.NEEDS["purpose"],
        "Unga vuxna i kommunen",
        "biblioteken",
    )
    assert {row.sort for row in Launch.objects.all()} == {"news", "link"}
    assert all("Biblioteken" in row.text for row in Launch.objects.all())


def test_d16_nothing_is_opened_while_a_must_is_broken_and_each_is_named(made: House) -> None:
    row, channel = named(made)
    broken = {check.code for check, _fault in auditing.must_haves(channel, NOW)}
    assert {"people.administrators", "profile.unknown"} <= broken
    with pytest.raises(Refused) as refused:
        opening.open_account(row, by=made.officer, now=NOW)
    assert all(name(code) in refused.value.words for code in broken)
    channel.refresh_from_db()
    assert channel.state == "opening"
    assert not Clearance.objects.exists()


def test_d5_each_check_that_the_policy_makes_a_must_holds_the_opening_by_itself(made: House) -> None:
    row, channel = named(made)
    outcome = auditing.Outcome()
    faults = auditing.look(channel, auditing.CHECKS, NOW, outcome)
    # What nobody can see yet holds the opening as what is wrong does.
    broken = {code for code, _mark in faults} | set(outcome.unseen)
    for check in auditing.CHECKS:
        with transaction.atomic():
            without_musts(but=check.code)
            held = check.code in broken
            try:
                opening.open_account(Opening.objects.get(pk=row.pk), by=made.officer, now=NOW)
            except Refused as refused:
                assert held, check.code
                assert refused.code == "must_haves"
            else:
                assert not held, check.code
            transaction.set_rollback(True)


def test_d16_a_must_whose_check_breaks_holds_the_opening_and_is_named(
    made: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, channel = named(made)
    without_musts(but="opening.needs")

    def broken(_subject: object) -> list[auditing.Fault]:
        raise RuntimeError("a fault of ours")

    checks = [replace(one, look=broken) if one.code == "opening.needs" else one for one in auditing.CHECKS]
    monkeypatch.setattr(auditing, "CHECKS", checks)
    with pytest.raises(Refused, match="gick inte att kontrollera") as refused:
        opening.open_account(row, by=made.officer, now=NOW)
    assert name("opening.needs") in refused.value.words
    channel.refresh_from_db()
    assert channel.state == "opening"


def test_d6_what_holds_is_opened_and_it_stands_what_was_looked_at(made: House) -> None:
    row, channel = named(made)
    without_musts(but="opening.needs")
    opening.open_account(row, by=made.communications, now=NOW)
    channel.refresh_from_db()
    assert channel.state == "live"
    clearance = Clearance.objects.get()
    assert (clearance.musts, clearance.broken, clearance.by) == (["opening.needs"], [], made.communications)
    assert entries.of(channel).opened_on == NOW.date()
    assert Order.objects.get().state == "opened"
    with pytest.raises(Refused):
        opening.open_account(row, by=made.communications, now=NOW)


def test_d16_somebody_without_a_part_in_it_opens_nothing(made: House) -> None:
    row, _channel = named(made)
    without_musts()
    with pytest.raises(Refused) as refused:
        opening.open_account(row, by=made.stranger, now=NOW)
    assert refused.value.code == "not_yours"


def test_d16_the_launch_is_noted_and_missed_two_weeks_later(made: House) -> None:
    row, channel = named(made)
    without_musts()
    opening.open_account(row, by=made.officer, now=NOW)
    channel.refresh_from_db()
    later = NOW + timedelta(days=15)

    def missed() -> list[str]:
        return [dict(fault.facts)["number"] for fault in look("opening.launch", channel, later)]

    assert missed() == ["2"]
    for launch in Launch.objects.select_related("opening__order", "opening__channel"):
        opening.launched(launch, address="https://alvsta.example/kontakt", by=made.officer, now=NOW)
    assert missed() == []
    assert entries.of(channel).linked_from == "https://alvsta.example/kontakt"
    done = Launch.objects.all()[0]
    with pytest.raises(Refused):
        opening.launched(done, address="", by=made.officer, now=NOW)
    opening.not_launched(done, by=made.officer, now=NOW)
    assert missed() == ["1"]


def look(code: str, channel: Channel, at: Any) -> list[Any]:
    """What one check finds."""
    return auditing.BY_CODE[code].look(auditing.subject_of(channel, at))


def test_d10_an_order_that_is_taken_back_closes_what_was_being_opened(made: House) -> None:
    row, channel = named(made)
    factories.mandate(made.officer, channel)
    vault.keep(channel, "token", "hemlig", now=NOW)
    ordering.withdraw(row.order, reason="Vi hinner inte", by=made.officer, now=NOW)
    channel.refresh_from_db()
    row.refresh_from_db()
    assert (channel.state, row.state) == ("closed", "given_up")
    assert vault.secrets_of(channel) == {}
    assert not Mandate.objects.filter(channel=channel, state="in_force").exists()
    with pytest.raises(Refused) as refused:
        opening.launched(Launch.objects.all()[0], address="", by=made.officer, now=NOW)
    assert refused.value.code == "given_up"


def test_d10_one_that_is_taken_back_while_it_is_approved_leaves_no_opening(made: House) -> None:
    stale = support.at(made, "consulting")
    order = Order.objects.get(pk=stale.pk)
    ordering.agree(Order.objects.get(pk=stale.pk), reason="", by=made.communications, now=NOW)
    ordering.withdraw(order, reason="Vi hinner inte", by=made.manager, now=NOW)
    assert Opening.objects.get().state == "given_up"
    assert Notice.objects.filter(person=made.officer, words__contains="återtagen").exists()


def test_d12_a_wrong_address_is_mended_and_one_on_another_network_is_refused(made: House) -> None:
    row, channel = named(made)
    assert (
        opening.name_account(row, address="https://blogg.alvsta.example/ratt", handle="ratt", by=made.officer, now=NOW)
        == channel
    )
    assert Channel.objects.get(pk=channel.pk).address == "https://blogg.alvsta.example/ratt"
    assert entries.of(channel).handle == "ratt"
    other = factories.channel(network="wordpress", address="https://blogg.alvsta.example/annan")
    for address, code in ((other.address, "channel_known"), ("https://www.facebook.com/alvsta", "other_network")):
        with pytest.raises(Refused) as refused:
            opening.name_account(row, address=address, handle="", by=made.officer, now=NOW)
        assert refused.value.code == code
    assert (
        opening.account_address("facebook", "http://m.facebook.com/Alvsta?ref=x") == "https://www.facebook.com/alvsta"
    )
    with pytest.raises(Refused):
        opening.account_address("facebook", "https://alvsta.se/")
    channels.connect(
        network="wordpress", name="Blogg", address="https://blogg.alvsta.example/ratt", unit=made.unit,
        responsible=made.officer, settings={}, secrets={}, profile=Profile(name="Blogg", address=""), central=False,
        by=factories.TESTER, now=NOW,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        opening.name_account(row, address="https://blogg.alvsta.example/ny", handle="", by=made.officer, now=NOW)
    assert refused.value.code == "named"


# The database itself.


def sql(statement: str, *values: Any) -> str:
    """What the database says to a statement; "" where it lets it through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as refused:
        return str(refused)
    return ""


def test_must_show_6_no_sql_lets_an_account_out(made: House) -> None:
    row, channel = named(made)
    live = "UPDATE channels_channel SET state = %s WHERE id = %s"
    assert "has not cleared it" in sql(live, "live", channel.pk)
    assert "has not cleared it" in sql(live, "paused", channel.pk)
    # Nor is it written as taken over: it has an order.
    over = "INSERT INTO channels_takeover (channel_id, reason, by, by_name, at) VALUES (%s, 'x', 'x', 'x', now())"
    assert "has an order" in sql(over, channel.pk)
    with pytest.raises(IntegrityError, match="has an order"), transaction.atomic():
        channels.take_over(channel, reason="Det var öppet", by=made.communications.doer, now=NOW)
    # Nor is a clearance written with something broken, or for an order that nobody approved.
    clear = (
        "INSERT INTO register_clearance (opening_id, channel_id, musts, broken, by_id, at)"
        " VALUES (%s, %s, '{}', %s, %s, now())"
    )
    assert "clearance_nothing_broken" in sql(clear, row.pk, channel.pk, ["profile.logo"], made.officer.pk)
    Order.objects.filter(pk=row.order_id).update(state="consulting")
    assert "not approved" in sql(clear, row.pk, channel.pk, [], made.officer.pk)
    Order.objects.filter(pk=row.order_id).update(state="approved")
    other = channels.enlist(
        network="facebook", name="Annat", address="https://facebook.com/annat", unit=made.unit,
        responsible=made.officer, central=False, by=factories.TESTER, now=NOW, opening=True,
    )  # fmt: skip
    assert "not approved" in sql(clear, row.pk, other.pk, [], made.officer.pk)


def test_must_show_6_no_account_comes_in_live_and_none_comes_back(made: House) -> None:
    live = factories.channel()
    again = "INSERT INTO channels_channel SELECT (jsonb_populate_record(c, %s)).* FROM channels_channel c WHERE id = %s"
    new = '{"id": 999999, "address": "https://natet.example/ny", "state": "live"}'
    assert "comes in as opening" in sql(again, new, live.pk)
    trail.take("close", live, by=factories.TESTER, at=NOW)
    for state in ("live", "opening", "paused"):
        assert "does not go" in sql("UPDATE channels_channel SET state = %s WHERE id = %s", state, live.pk)


def test_must_show_6_what_was_written_of_it_stays(made: House) -> None:
    row, _channel = named(made)
    without_musts()
    opening.open_account(row, by=made.officer, now=NOW)
    factories.channel()
    for table in ("register_clearance", "channels_takeover"):
        assert "append-only" in sql(f"DELETE FROM {table}")  # noqa: S608 the two tables named here
        assert "append-only" in sql(f"UPDATE {table} SET at = now()")  # noqa: S608 the two tables named here


def test_d12_an_account_from_before_says_by_whose_word_it_was_open(made: House) -> None:
    with pytest.raises(Refused, match="Skriv hur du vet"):
        channel = channels.enlist(
            network="facebook", name="Gammalt", address="https://facebook.com/gammalt", unit=made.unit,
            responsible=made.officer, central=False, by=factories.TESTER, now=NOW, opening=True,
        )  # fmt: skip
        channels.take_over(channel, reason=" ", by=factories.TESTER, now=NOW)
    channels.take_over(channel, reason="Öppet sedan 2019", by=factories.TESTER, now=NOW)
    channel.refresh_from_db()
    assert channel.state == "live"
    assert [step.name for step in trail.steps_of(channel)] == ["enlist", "take_over"]
    with pytest.raises(Refused) as refused:
        channels.enlist(
            network="facebook", name="Igen", address="https://facebook.com/gammalt/", unit=made.unit,
            responsible=made.officer, central=False, by=factories.TESTER, now=NOW,
        )  # fmt: skip
    assert refused.value.code == "channel_known"


def test_d18_an_account_without_a_connection_is_neither_read_nor_written_to(made: House) -> None:
    channel = channels.enlist(
        network="facebook", name="Gammalt", address="https://facebook.com/gammalt", unit=made.unit,
        responsible=made.officer, central=False, by=factories.TESTER, now=NOW,
    )  # fmt: skip
    factories.mandate(made.officer, channel)
    assert not channel.is_at_work
    with pytest.raises(Refused):
        channels.read_now(channel, by=made.officer.doer, now=NOW)
    with pytest.raises(Refused):
        channels.send_reply(channel, to="1", text="Hej", publisher=made.officer, now=NOW)
