"""D68, D69, D71: each crime of the law on message boards and each rule of the house is a ground with law and example.

A ground cannot be used without the reason that it asks for.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.organisation.rules import Role
from uppsikt.policy import grounds, queries
from uppsikt.policy.models import Ground
from uppsikt.text.kinds import KINDS

pytestmark = pytest.mark.django_db
# Lag (1998:112) 5 §, with where each crime stands.
LAWS = {
    "law.threat": "4 kap. 5 §",
    "law.privacy": "4 kap. 6 c §",
    "law.incitement": "16 kap. 5 §",
    "law.agitation": "16 kap. 8 §",
    "law.child_pornography": "16 kap. 10 a §",
    "law.violence": "16 kap. 10 c §",
    "law.terrorism": "(2022:666) 7 §",
    "law.copyright": "(1960:729)",
}
WHY = "Inlägget hotar en namngiven granne med döden."
# Parties, faiths and opinions: a ground that named one would not treat all alike (RF 1:9, 2:1).
SIDES = (
    "vänster",
    "höger",
    "borgerlig",
    "socialdemokrat",
    "moderat",
    "sverigedemokrat",
    "kritik mot kommunen",
    "islam",
)


def ground(code: str) -> Ground:
    found = queries.ground(code)
    assert found, code
    return found


@pytest.mark.parametrize("code", grounds.CRIMES)
def test_d69_each_of_the_eight_crimes_has_a_ground_with_law_text_and_example(code: str) -> None:
    one = ground(code)
    assert one.sort == Ground.Sort.LAW
    assert LAWS[code] in one.law
    assert "lag (1998:112) 5 §" in one.law
    assert all(len(words.split()) >= 6 for words in (one.text, one.example, one.allowed))


@pytest.mark.parametrize("code", grounds.CRIMES)
def test_d69_a_crime_is_a_ground_only_when_it_is_obvious_and_somebody_says_why(code: str) -> None:
    one = ground(code)
    assert grounds.missing(one, WHY, obvious=False) == "obvious"
    assert grounds.missing(one, "", obvious=True) == "reason"
    assert grounds.missing(one, "brott brott brott", obvious=True) == "reason"
    assert grounds.missing(one, WHY, obvious=True) is None
    assert "uppenbart" in one.asks


@pytest.mark.parametrize("code", grounds.HOUSE_RULES)
def test_d68_each_rule_of_the_house_has_a_ground_with_law_text_and_example(code: str) -> None:
    one = ground(code)
    assert (one.sort, one.needs_obvious) == (Ground.Sort.RULE, False)
    assert one.law
    assert all(len(words.split()) >= 4 for words in (one.text, one.example, one.allowed))
    asked = grounds.missing(one, "", obvious=False)
    assert asked == ("reason" if one.needs_reason else None)
    assert grounds.missing(one, "Den angriper rektorn som person.", obvious=False) is None


@pytest.mark.parametrize("code", (*grounds.CRIMES, *grounds.HOUSE_RULES))
def test_d68_no_ground_takes_sides(code: str) -> None:
    one = ground(code)
    said = f"{one.name} {one.text} {one.asks}".lower()
    assert not [side for side in SIDES if side in said]


def test_d68_party_politics_asks_why_it_would_go_whatever_the_opinion() -> None:
    one = ground("rule.politics")
    assert grounds.missing(one, "", obvious=False) == "reason"
    assert "oavsett vilket parti eller vilken åsikt" in one.asks
    assert "1 kap. 9 §" in one.law


def test_d68_every_finding_points_to_a_ground_that_is_there() -> None:
    there = {one.code for one in queries.grounds()}
    assert {kind.ground for kind in KINDS.values() if kind.ground} <= there
    assert set(grounds.CRIMES) | set(grounds.HOUSE_RULES) == there


@pytest.mark.parametrize("role", Role)
def test_d68_everybody_reads_the_grounds_and_how_to_object(role: Role) -> None:
    client = Client()
    client.force_login(factories.person(role))
    page = client.get(reverse("policy:grounds")).content.decode()
    for one in queries.grounds():
        assert one.name in page
    assert "invändning" in page
