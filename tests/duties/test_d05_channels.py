"""D2, D5: every channel has one unit and one person that answer for it; central ones are the communications unit's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from uppsikt.channels import actions, pages
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import LASTS
from uppsikt.connectors.base import Permanent, Retry
from uppsikt.kernel import trail
from uppsikt.notices.models import Notice
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown(person: Person, name: str, *args: object) -> str:
    return logged_in(person).get(reverse(name, args=args)).content.decode()


def test_d5_a_channel_cannot_be_without_unit_or_responsible_person() -> None:
    channel = factories.channel()
    for field in ("unit", "responsible"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Channel.objects.filter(pk=channel.pk).update(**{field: None})


def test_d5_the_page_says_who_answers_for_the_channel() -> None:
    responsible = factories.person(Role.OFFICER, name="Åsa Öberg")
    channel = factories.channel(responsible=responsible)
    page = shown(factories.person(Role.REGISTRAR), "web:channel", channel.pk)
    assert "Åsa Öberg" in page
    assert channel.unit.name in page


def test_d5_handing_a_channel_over_keeps_who_answered_before() -> None:
    channel = factories.channel()
    old, new = channel.responsible, factories.person(Role.OFFICER)
    data = {"name": channel.name, "unit": channel.unit_id, "responsible": new.email}
    who = factories.person(Role.COMMUNICATIONS)
    assert logged_in(who).post(reverse("channels:change", args=[channel.pk]), data).status_code == 302
    channel.refresh_from_db()
    assert channel.responsible == new
    step = trail.steps_of(channel).get(name="change")
    assert (step.facts["before"]["responsible"], step.facts["responsible"]) == (old.pk, new.pk)


def test_d2_central_channels_are_marked_and_the_page_says_whose_they_are() -> None:
    channel = factories.channel(central=True)
    assert "Kommunikationsenheten ansvarar för den" in shown(factories.person(Role.EDITOR), "web:channel", channel.pk)
    assert "Central" in shown(factories.person(Role.EDITOR), "channels:channels")


def test_d2_editor_and_customer_centre_answer_on_central_channels_with_a_mandate() -> None:
    channel = factories.channel(central=True)
    for role in (Role.EDITOR, Role.CUSTOMER_CENTRE, Role.COMMUNICATIONS):
        who = factories.officer(channel, role=role)
        actions.check_may(channel, factories.Act.ANSWER, who, now=factories.THURSDAY)


def test_d5_trouble_shows_to_the_one_who_is_responsible_with_what_to_do() -> None:
    responsible = factories.person(Role.OFFICER, now=timezone.now() - timedelta(days=1))
    channel = factories.channel(responsible=responsible, now=timezone.now())
    actions.note_trouble(channel, Permanent("not_json"), asked=None, by=factories.TESTER, now=timezone.now())
    assert f"{channel.name} går inte att läsa" in shown(responsible, "web:today")
    assert "programgränssnitt" in shown(responsible, "web:channel", channel.pk)
    stranger = factories.person(Role.OFFICER)
    assert "går inte att läsa" not in shown(stranger, "web:today")


def test_d5_what_passes_by_itself_troubles_nobody_at_first() -> None:
    responsible = factories.person(Role.OFFICER)
    channel = factories.channel(responsible=responsible)
    assert not Notice.objects.filter(kind="channel_trouble").exists()
    for times in range(1, 7):
        actions.note_trouble(channel, Retry("timeout"), asked=None, by=factories.TESTER, now=timezone.now())
        channel.refresh_from_db()
        assert pages.needs_somebody(channel) is (times >= LASTS)
        # Told once, when it turns out not to pass.
        assert Notice.objects.filter(kind="channel_trouble", person=responsible).count() == (times >= LASTS)


def test_d5_the_list_finds_by_words_network_unit_and_state_and_sorts_as_in_swedish() -> None:
    for name in ("Öster", "Ärlan", "Åsen", "Zinken", "abborren"):
        factories.channel(name=name)
    paused = factories.channel(name="Vilande", network="wordpress")
    actions.pause(paused, reason="Bygger om", by=factories.TESTER, now=timezone.now())
    client = logged_in(factories.person(Role.MANAGER))

    def names(**asked: object) -> list[str]:
        rows = client.get(reverse("channels:channels"), asked).context["rows"]
        return [row.name for row, *_rest in rows]

    assert names() == ["abborren", "Vilande", "Zinken", "Åsen", "Ärlan", "Öster"]
    assert names(q="ås") == ["Åsen"]
    assert names(network="wordpress") == ["Vilande"]
    assert names(state="paused") == ["Vilande"]
    assert names(unit=paused.unit_id, q="vil") == ["Vilande"]
    assert names(network="facebook", unit="x", state="?") == names()


def test_d5_long_lists_come_page_by_page_and_cost_the_same_however_long(
    django_assert_max_num_queries: object,
) -> None:
    for number in range(60):
        factories.channel(name=f"Kanal {number:02}")
    client = logged_in(factories.person(Role.MANAGER))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        first = client.get(reverse("channels:channels"))
    names = [row.name for row, *_rest in first.context["rows"]]
    second = client.get(reverse("channels:channels") + first.context["page"].older)
    names += [row.name for row, *_rest in second.context["rows"]]
    assert names == [f"Kanal {number:02}" for number in range(60)]
    back = client.get(reverse("channels:channels") + second.context["page"].newer)
    assert [row.name for row, *_rest in back.context["rows"]] == names[:50]


def test_d5_pausing_asks_why_and_stops_answers() -> None:
    who = factories.person(Role.COMMUNICATIONS)
    channel = factories.channel()
    client = logged_in(who)
    assert client.post(reverse("channels:pause", args=[channel.pk])).status_code == 409
    assert client.post(reverse("channels:pause", args=[channel.pk]), {"reason": "Bygger om"}).status_code == 302
    channel.refresh_from_db()
    assert (channel.state, trail.steps_of(channel).get(name="pause").reason) == ("paused", "Bygger om")
    client.post(reverse("channels:resume", args=[channel.pk]))
    channel.refresh_from_db()
    assert channel.state == "live"
