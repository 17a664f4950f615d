"""D66: no advice that can cost somebody money; what borders on exercise of authority goes to case handling."""

from __future__ import annotations

import pytest

from uppsikt.text.reading import read

SIGNED = "\n\nMed vänlig hälsning\nAnna Ek, kommunikatör, Älvsta kommun"


@pytest.mark.parametrize(
    "text",
    [
        "Hej! Du behöver inget bygglov för friggeboden, så du kan börja bygga.",
        "Hej! Vi rekommenderar att du säger upp avtalet med din hyresvärd.",
    ],
)
def test_d66_advice_that_may_cost_somebody_money_is_seen_before_it_is_sent(text: str) -> None:
    (found,) = (finding for finding in read(text + SIGNED, own=True) if finding.kind == "advice")
    assert "skadeståndslagen" in found.law
    assert found.ground == ""
    assert not [finding for finding in read(text) if finding.kind == "advice"], "others may advise as they like"


@pytest.mark.parametrize(
    "text",
    [
        "Hej! Din dotter har fått plats på förskolan Solen.",
        "Hej! Din ansökan om färdtjänst har avslagits.",
    ],
)
def test_d66_a_decision_in_somebodys_matter_is_seen_before_it_is_sent(text: str) -> None:
    (found,) = (finding for finding in read(text + SIGNED, own=True) if finding.kind == "authority")
    assert "förvaltningslagen" in found.law


@pytest.mark.parametrize(
    "text",
    [
        "Hej! Vi kan inte svara om din ansökan här. Ring kundcenter, så hjälper de dig vidare.",
        "Hej! Så här söker du bygglov: logga in i e-tjänsten på webbplatsen.",
        "Hej! Badhuset öppnar klockan 10 och det kostar 60 kronor.",
    ],
)
def test_d66_help_to_find_the_way_is_neither(text: str) -> None:
    assert not {"advice", "authority"} & {finding.kind for finding in read(text + SIGNED, own=True)}
