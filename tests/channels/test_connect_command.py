"""`./uppsikt connect` and `./uppsikt pull`: the same words as in the browser, and exit codes (Must show 3)."""

from __future__ import annotations

from pathlib import Path

import pytest

import factories
from practice_network import Network
from uppsikt.channels import commands
from uppsikt.channels.models import Channel
from uppsikt.organisation.rules import Role
from uppsikt.records import commands as record_commands
from uppsikt.records.models import Item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Swedish terminal, where nothing stands in the environment."""
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    for name in ("UPPSIKT_USERNAME", "UPPSIKT_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def test_an_address_alone_says_what_was_found_and_what_is_needed(
    network: Network, capsys: pytest.CaptureFixture[str]
) -> None:
    network.open("alvsta")
    assert commands.connect(f"{network.base}/@alvsta") == commands.NEEDS_MORE
    said = capsys.readouterr().out
    assert "Hittade: Övningsnätet, Kontot alvsta" in said
    assert "åtkomstnyckel, enhet, ansvarig person" in said
    assert "--unit" in said
    assert Channel.objects.count() == 0


def test_with_what_is_needed_it_connects_and_pulls(
    network: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = network.open("alvsta")
    who = factories.person(Role.OFFICER)
    file = tmp_path / "key"
    file.write_text(f"{token}\n")
    options = ["--unit", str(who.unit), "--responsible", who.email, "--password-file", str(file), "--name", "Torget"]
    assert commands.connect(f"{network.base}/@alvsta", options) == commands.DONE
    channel = Channel.objects.get()
    assert (channel.name, channel.unit, channel.responsible) == ("Torget", who.unit, who)
    assert token not in capsys.readouterr().out
    assert record_commands.pull(None) == 0
    assert record_commands.pull(str(channel.pk)) == 0
    assert "Torget" in capsys.readouterr().out
    assert Item.objects.filter(channel=channel).count() == len(network.dump("alvsta"))
    assert commands.connect(f"{network.base}/@alvsta", options) == commands.FAILED
    assert "redan ansluten" in capsys.readouterr().err


def test_each_trouble_has_its_words_and_exit_code(
    network: Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    network.open("alvsta")
    who = factories.person(Role.OFFICER)
    address, options = f"{network.base}/@alvsta", ["--unit", str(who.unit), "--responsible", who.email]
    monkeypatch.setenv("UPPSIKT_PASSWORD", "fel")
    assert commands.connect(address, options) == commands.FAILED
    assert "Fel åtkomstnyckel" in capsys.readouterr().err
    assert commands.connect(address, ["--unit", "Finns inte"]) == commands.FAILED
    assert "Finns inte" in capsys.readouterr().err
    assert commands.connect(address, ["--responsible", "ingen@alvsta.example"]) == commands.FAILED
    assert "Skriv personens e-postadress" in capsys.readouterr().err
    assert commands.connect(address, [*options, "--password-file", "/finns/inte"]) == commands.FAILED
    assert "/finns/inte" in capsys.readouterr().err
    network.stop()
    assert commands.connect(address, options) == commands.FAILED
    assert "Webbplatsen svarar inte" in capsys.readouterr().err
    assert Channel.objects.count() == 0


def test_a_page_instead_of_data_is_said_to_be_one(web_page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.connect(web_page) == commands.FAILED
    assert "webbsida i stället för data" in capsys.readouterr().err


def test_a_pull_that_meets_trouble_says_so_and_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    there = "https://127.0.0.1:9"
    channel = factories.channel(address=f"{there}/@x", settings={"base": there, "handle": "x"}, secrets={"token": "x"})
    assert record_commands.pull(channel.name) == 1
    assert "internt nät" in capsys.readouterr().err
    channel.refresh_from_db()
    assert channel.trouble_code == "private_address"
    assert record_commands.pull("okänd") == 1
    assert "Ingen sådan kanal" in capsys.readouterr().err
