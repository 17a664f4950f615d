"""What is known of the networks, as data with its source (D1, D13-D15, D24, D29, D32, D33, D67)."""

from __future__ import annotations

from datetime import date

import pytest

from uppsikt.connectors import registry
from uppsikt.policy import networks
from uppsikt.policy.networks import NETWORKS

ONE = """
[x]
name = "X"
kind = "profile"
hosts = ["x.com"]
account = "profile"
personal = false
relations = ["like"]
link = true
course = "x"
terms = ""
limits = { name = 50 }
source = ""
said_by = "network"
read_on = 2026-01-01
"""


def test_every_network_that_is_read_and_every_one_of_d1_is_known() -> None:
    of_d1 = {"facebook", "instagram", "linkedin", "x", "youtube", "wordpress", "mediawiki", "podcast"}
    assert set(registry.NETWORKS) | of_d1 <= set(NETWORKS)


@pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda one: one.code)
def test_every_number_has_a_source_and_a_day(network: networks.Network) -> None:
    assert network.source or network.code == "handed_over"
    assert network.read_on <= date(2026, 12, 31)
    assert network.limits.name is None or network.limits.name >= 20
    assert not network.personal_account_allowed or network.account


def test_no_host_is_two_networks() -> None:
    hosts = [host for one in NETWORKS.values() for host in one.hosts]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("facebook.com", "facebook"),
        ("sv-se.facebook.com", "facebook"),
        ("WWW.X.COM.", "x"),
        ("notx.com", None),
        ("x.com.example.se", None),
        ("", None),
    ],
)
def test_a_host_and_its_subdomains_belong_to_the_network_and_look_alikes_do_not(host: str, code: str | None) -> None:
    found = networks.by_host(host)
    assert (found.code if found else None) == code


def test_a_text_is_counted_in_characters_and_in_bytes_where_the_network_counts_so() -> None:
    bluesky = NETWORKS["bluesky"]
    assert bluesky.holds("å" * 256, bluesky.limits.description)
    assert not bluesky.holds("å" * 257, bluesky.limits.description)
    assert not bluesky.holds("🏳️‍🌈" * 200, None)
    assert NETWORKS["feed"].holds("å" * 100_000, None)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ('kind = "profile"', 'kind = "pillar"'),
        ('relations = ["like"]', 'relations = ["poke"]'),
        ('said_by = "network"', 'said_by = "a friend"'),
        ("limits = { name = 50 }", "limits = { nmae = 50 }"),
        ("limits = { name = 50 }", "limits = { name = 0 }"),
        ("limits = { name = 50 }", 'limits = { name = "50" }'),
        ('course = "x"', ""),
    ],
)
def test_a_file_that_says_what_it_cannot_say_is_refused(said: str, instead: str) -> None:
    assert set(networks.read(ONE)) == {"x"}
    with pytest.raises(networks.Unlisted):
        networks.read(ONE.replace(said, instead))
