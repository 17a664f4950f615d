"""The audit of the standing text: fair rewordings pass, incomplete ones are told by part, the rest is let be (D67)."""

from __future__ import annotations

import pytest

import factories
from register.infotext_rewordings import SWEDISH
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Kind
from uppsikt.register import check_words, directory, entries, infotext_facts
from uppsikt.register.checks.base import Subject
from uppsikt.register.checks.infotext import CHECKS, PARTS
from uppsikt.register.infotext_composing import compose, fields
from uppsikt.register.infotext_languages import ALL
from uppsikt.ui.models import Appearance

NOW = factories.THURSDAY
WHOLE = "\n".join(SWEDISH[0].values())


@pytest.fixture
def channel(db: None) -> Channel:
    """An account on Facebook, of a municipality that has a name."""
    Appearance.objects.create(name="Älvsta kommun")
    made = factories.channel(name="Älvsta bibliotek")
    Channel.objects.filter(pk=made.pk).update(network="facebook")
    made.refresh_from_db()
    return made


def faults(channel: Channel, description: str, **profile: str) -> set[str]:
    """The codes of what the checks find in a description."""
    shown = {"name": channel.name, "description": description, **profile}
    subject = Subject(channel, entries.of(channel), shown, NOW)
    return {check.code for check in CHECKS if check.look(subject)}


def test_a_fair_rewording_has_no_fault_and_what_it_lacks_is_named(channel: Channel) -> None:
    for text in SWEDISH:
        assert faults(channel, "\n".join(text.values())) == set()
        for part in PARTS:
            rest = "\n".join(words for name, words in text.items() if name != part)
            assert faults(channel, rest) == {f"infotext.{part}"}


def test_no_text_at_all_is_one_fault(channel: Channel) -> None:
    assert faults(channel, "") == {"infotext.none"}
    assert faults(channel, "Följ oss för nyheter från biblioteket!") == {"infotext.none"}


def test_a_text_that_leads_to_the_list_need_only_say_that_it_is_a_record(channel: Channel) -> None:
    page = directory.short(channel)
    assert faults(channel, f"Biblioteket, Älvsta kommun. Allmän handling. Mer: {page}") == set()
    assert faults(channel, f"Biblioteket, Älvsta kommun. Mer: {page}") == {"infotext.record"}
    assert faults(channel, "Biblioteket, Älvsta kommun. Allmän handling. Regler och kontakt: länken") == set()
    # The website is not that page.
    elsewhere = faults(channel, "Biblioteket, Älvsta kommun. Allmän handling. Håll god ton. Läs mer på vår webbplats.")
    assert "infotext.data_protection" in elsewhere


@pytest.mark.parametrize(
    "network", ["facebook", "instagram", "x", "tiktok", "linkedin", "youtube", "bluesky", "practice"]
)
def test_what_the_product_writes_passes_its_own_audit_on_every_network(channel: Channel, network: str) -> None:
    channel.network = network
    for code, language in ALL.items():
        facts = infotext_facts.of(channel, code)
        most = fields(facts.network)[0][1]
        assert faults(channel, compose(language, facts, most).text) == set(), (network, code)


def test_what_cannot_be_seen_is_no_fault(channel: Channel) -> None:
    shown = Subject(channel, entries.of(channel), {}, NOW)
    assert not any(check.look(shown) for check in CHECKS)
    for network in ("feed", "handed_over"):
        channel.network = network
        assert faults(channel, "Ett flöde") == set()


def test_on_a_site_of_our_own_the_text_may_stand_on_a_page_that_all_may_read(channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(network="wordpress")
    channel.refresh_from_db()
    assert faults(channel, "Nyheter") == {"infotext.none"}
    page = factories.item(channel, text=WHOLE, kind=Kind.PAGE)
    assert faults(channel, "Nyheter") == set()
    type(page).objects.filter(pk=page.pk).update(secret=True)
    assert faults(channel, "Nyheter") == {"infotext.none"}


def test_each_check_has_its_duty_its_law_and_words() -> None:
    for check in CHECKS:
        assert check.duty in {"D14", "D67", "D68", "D70"}
        assert "§" in check.law or "artikel" in check.law
        said = check_words.said(check.code, {})
        assert said.name != check.code
        assert said.todo
