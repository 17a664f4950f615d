"""`./uppsikt search WORDS`: the same search from the command line (D18)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

import factories
from uppsikt.cli.parser import parse
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Step
from uppsikt.records import search_commands
from uppsikt.records.models import Item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def swedish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")


@pytest.fixture
def said() -> list[Item]:
    lamps, park = factories.channel(name="Gator"), factories.channel(name="Parker")
    return [
        factories.item(lamps, text="Lyktan är trasig", author="Åsa Öberg", at=factories.THURSDAY),
        factories.item(park, text="Lyktan\x1b[31m i parken", at=factories.THURSDAY + timedelta(days=2)),
    ]


def asked(*words: str, capsys: pytest.CaptureFixture[str]) -> Any:
    """What the command answers in JSON."""
    search_commands.run(parse(["search", *words, "--json"]))
    return json.loads(capsys.readouterr().out)


def test_json_holds_what_was_found_newest_first(said: list[Item], capsys: pytest.CaptureFixture[str]) -> None:
    found = asked("lykta", capsys=capsys)
    assert (found["count"], found["exact"]) == (2, True)
    assert [one["id"] for one in found["items"]] == [said[1].pk, said[0].pk]
    assert found["items"][1]["text"] == "Lyktan är trasig"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (["--channel", "gator"], [0]),
        (["--author", "öberg"], [0]),
        (["--since", "2026-11-13"], [1]),
        (["--before", "2026-11-13"], [0]),
        (["--kind", "post"], []),
        (["--limit", "1"], [1]),
        (["--unit", "kultur och fritid", "--state", "visible", "--direction", "received"], [1, 0]),
    ],
)
def test_filters_narrow(
    said: list[Item], filters: list[str], found: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    items = asked("lykta", *filters, capsys=capsys)["items"]
    assert [one["id"] for one in items] == [said[number].pk for number in found]


@pytest.mark.parametrize("filters", [["--channel", "nix"], ["--since", "igår"], ["--kind", "brev"]])
def test_a_filter_that_is_not_there_is_told(filters: list[str]) -> None:
    with pytest.raises(Refused):
        search_commands.run(parse(["search", "lykta", *filters]))


def test_secret_records_are_shown_on_request_alone_and_the_trail_tells(
    said: list[Item], capsys: pytest.CaptureFixture[str]
) -> None:
    Item.objects.filter(pk=said[0].pk).update(secret=True)
    assert [one["id"] for one in asked("lykta", capsys=capsys)["items"]] == [said[1].pk]
    assert not Step.objects.filter(name="search_secret").exists()
    assert len(asked("lykta", "--secret", capsys=capsys)["items"]) == 2
    step = Step.objects.get(name="search_secret")
    assert step.facts == {"words": "lykta", "secret": [said[0].pk]}
    assert step.by == "system:search"


def test_people_read_lines_without_what_a_terminal_would_obey(
    said: list[Item], capsys: pytest.CaptureFixture[str]
) -> None:
    assert search_commands.run(parse(["search", "lykta"])) == 0
    told = capsys.readouterr()
    assert "\x1b" not in told.out
    assert "Lyktan är trasig" in told.out
    assert "2 handlingar" in told.err
    assert search_commands.run(parse(["search", "lyktstolpe"])) == 1
