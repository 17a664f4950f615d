"""D7, D13–D15, D18, D32: a real network is read for how the account looks and what it likes; what changes is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import factories
from practice_network import Network
from uppsikt.channels import connecting
from uppsikt.channels.models import Channel
from uppsikt.kernel import blobs
from uppsikt.notices.models import Notice
from uppsikt.organisation.rules import Role
from uppsikt.register import audit_command, logo_figures, profiles, relations
from uppsikt.register.deviation_models import Deviation
from uppsikt.register.profile_models import ProfileVersion
from uppsikt.ui.models import Appearance

HANDLE = "biblioteket"


@pytest.fixture
def network(db: None, tmp_path: Path, settings: Any) -> Iterator[Network]:
    """A practice network of its own."""
    running = Network(tmp_path / "practice", ["--speed", "1", "--rate", "0"])
    running.start()
    settings.ALLOW_PRIVATE = frozenset({running.host})
    yield running
    running.stop()


@pytest.fixture
def channel(network: Network) -> Channel:
    """An account there, connected."""
    Appearance(name="Sollunda kommun").save()
    token = network.open(HANDLE)
    found = connecting.recognise(f"{network.base}/@{HANDLE}")
    return factories.channel(
        network="practice", address=found.address, settings=dict(found.settings), secrets={"token": token}
    )


def look(network: Network, **facts: str) -> None:
    """Let the account have another name or description on the network."""
    network.control("POST", "accounts", handle=HANDLE, flavour="page", **facts)


def test_d13_what_changes_on_the_network_is_read_kept_and_mended(network: Network, channel: Channel) -> None:
    kim = factories.person(Role.COMMUNICATIONS)
    look(network, name="Sollunda bibliotek", description="Kultur och fritid i Sollunda. Ring 0220-240 00.")
    first = profiles.read(channel, now=timezone.now())
    assert first is not None
    assert first.facts["name"] == "Sollunda bibliotek"
    # The picture came home through the one client, and is what the network shows.
    assert first.picture_id is not None
    assert logo_figures.media_type(blobs.read(first.picture_id)) == "image/png"
    profiles.read(channel, now=timezone.now())
    assert ProfileVersion.objects.filter(channel=channel).count() == 1
    # Somebody renames it, and likes a page: the button on its page finds that, and finds too when it is mended.
    liked = {"handle": HANDLE, "bond": "like", "url": "https://bygg.example/"}
    network.control("POST", "follow", name="Bygg AB", **liked)
    look(network, name="Boktips", description="Kultur och fritid i Sollunda. Ring 0220-240 00.")
    client = Client()
    client.force_login(kim)
    assert client.post(f"/konton/{channel.pk}/kontrollera/").status_code == 302
    assert Deviation.objects.get(channel=channel, code="profile.sender_name").state == "found"
    assert Deviation.objects.get(channel=channel, code="people.relation_unsaid").state == "found"
    assert [row.name for row in relations.of(channel)] == ["Bygg AB"]
    assert Notice.objects.filter(person=kim, kind="profile_changed").count() == 1
    network.control("POST", "unfollow", **liked)
    look(network, name="Sollunda bibliotek", description="Kultur och fritid i Sollunda. Ring 0220-240 00.")
    client.post(f"/konton/{channel.pk}/kontrollera/")
    assert Deviation.objects.get(channel=channel, code="profile.sender_name").state == "mended"
    assert Deviation.objects.get(channel=channel, code="people.relation_unsaid").state == "mended"
    assert ProfileVersion.objects.filter(channel=channel).count() == 3


def test_d18_a_network_that_does_not_answer_leaves_what_is_known(
    network: Network, channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    look(network, name="Boktips", description="")
    profiles.read(channel, now=timezone.now())
    network.control("POST", "troubles", kind="error", times=20)
    before = ProfileVersion.objects.filter(channel=channel).count()
    chosen = type("Chosen", (), {"channel": channel.name, "json": False, "offline": False})()
    assert audit_command.run(chosen) == 1
    told = capsys.readouterr().out
    assert "D13" in told
    assert "Boktips" in told
    assert ProfileVersion.objects.filter(channel=channel).count() == before
    chosen = type("Chosen", (), {"channel": str(channel.pk), "json": True, "offline": True})()
    assert audit_command.run(chosen) == 1
    assert '"duty": "D13"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "kept"),
    [("https://127.0.0.1:1/bild.png", "private_address"), ("ftp://natet.example/bild.png", "bad_address"), ("", "")],
)
def test_a_picture_that_leads_into_our_own_house_is_not_fetched(db: None, answer: str, kept: str) -> None:
    found = profiles.fetch(answer, now=timezone.now())
    assert (found.sha256, found.trouble) == (None, kept)
