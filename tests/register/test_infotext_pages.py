"""The house's pages of the standing text and of the public list: who changes what, and what is written down (D67)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.channels.models import Channel
from uppsikt.kernel.models import Step
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import directory, entries
from uppsikt.register.directory_models import PublicFacts
from uppsikt.ui.models import Appearance

pytestmark = pytest.mark.django_db


def client(person: Person) -> Client:
    """Logged in."""
    made = Client()
    made.force_login(person)
    return made


@pytest.fixture
def channel() -> Channel:
    """An account on Instagram, which has room for 150 characters."""
    Appearance.objects.create(name="Älvsta kommun")
    made = factories.channel(name="Biblioteken", responsible=factories.person(Role.OFFICER))
    Channel.objects.filter(pk=made.pk).update(
        network="instagram", profile={"name": "Biblioteken", "description": "Hej!"}
    )
    made.refresh_from_db()
    entries.of(made)
    return made


def test_the_text_is_shown_for_each_place_with_what_it_leaves_out_and_what_the_account_lacks(channel: Channel) -> None:
    page = client(factories.person(Role.AUDITOR)).get(reverse("register:infotext", args=[channel.pk]))
    words = page.content.decode()
    assert "av högst 150 tecken" in words
    assert "Får inte plats här" in words
    assert words.count("data-copy=") == 3
    assert "Saknas" in words
    assert directory.short(channel) in words
    assert "Spara språken" not in words
    finnish = client(channel.responsible).get(reverse("register:infotext", args=[channel.pk]) + "?sprak=fi")
    assert "julkinen asiakirja" in finnish.content.decode()


def test_whoever_answers_for_the_account_chooses_its_languages_and_nobody_else(channel: Channel) -> None:
    address = reverse("register:infotext_languages", args=[channel.pk])
    chosen = {"languages": ["fi", "sv-latt"]}
    assert client(factories.person(Role.OFFICER)).post(address, chosen).status_code == 409
    assert entries.of(channel).languages == []
    assert client(channel.responsible).post(address, {"languages": ["xx"]}).status_code == 422
    assert client(channel.responsible).post(address, {}).status_code == 422
    assert client(channel.responsible).post(address, chosen).status_code == 302
    assert entries.of(channel).languages == ["sv-latt", "fi"]
    step = Step.objects.filter(kind="channels.channel", name="entry").latest("id")
    assert step.facts["before"] == {"languages": "[]"}


def test_what_the_municipality_says_of_itself_is_in_the_trail_and_in_every_text(channel: Channel) -> None:
    who, address = client(factories.person(Role.COMMUNICATIONS)), reverse("register:public_facts")
    before = directory.stamp()
    given = {"phone": "0221-100 00", "guideline_page": "www.alvsta.example/riktlinjer"}
    assert who.post(address, {**given, "email": "inte en adress"}).status_code == 422
    assert not PublicFacts.objects.exists()
    assert who.post(address, given).status_code == 302
    assert directory.stamp() != before
    assert PublicFacts.objects.get().guideline_page == "https://www.alvsta.example/riktlinjer"
    assert who.post(address, {**given, "phone": "0221-200 00"}).status_code == 302
    step = Step.objects.filter(name="public_facts").latest("id")
    assert (step.facts["new"], step.facts["before"]) == ({"phone": "0221-200 00"}, {"phone": "0221-100 00"})
    steps = Step.objects.count()
    assert who.post(address, {**given, "phone": "0221-200 00"}).status_code == 302
    assert Step.objects.count() == steps
    page = Client().get(reverse("directory:channel", args=[channel.pk])).content.decode()
    assert "0221-200 00" in page
    assert "https://www.alvsta.example/riktlinjer" in page
