"""The list of records: what a search finds, and what it shows of it (D18)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

import factories
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar() -> Client:
    client = Client()
    client.force_login(factories.person(Role.REGISTRAR))
    return client


def test_d18_a_hit_is_shown_with_the_words_around_it(registrar: Client) -> None:
    text = "<script>alert(1)</script> " + "ord " * 300 + "men lyktorna på Storgatan lyser inte " + "ord " * 300
    factories.item(factories.channel(), text=text)
    shown = registrar.get("/handlingar/?q=lykta").content.decode()
    assert '<mark class="u-hit">lyktorna</mark> på Storgatan' in shown
    assert "<script>alert" not in shown
    assert "u-hit" not in registrar.get("/handlingar/").content.decode()


def test_d18_a_hit_in_an_older_wording_is_found_and_shown_as_it_stands_now(registrar: Client) -> None:
    channel = factories.channel()
    first = factories.captured("comment/1", text="Lyktorna lyser inte", at=factories.THURSDAY)
    factories.items(channel, [first])
    factories.items(channel, [factories.captured("comment/1", text="Nu är det lagat", at=factories.THURSDAY)])
    shown = registrar.get("/handlingar/?q=lykta").content.decode()
    assert "Nu är det lagat" in shown
    assert "u-hit" not in shown


PARTITIONS = """
SELECT c.relname, a.attstattarget,
    (SELECT option_value::boolean FROM pg_options_to_table(i.reloptions) WHERE option_name = 'fastupdate')
FROM pg_inherits p
JOIN pg_class c ON c.oid = p.inhrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'words'
JOIN pg_class i ON i.relname = c.relname || '_words_idx'
WHERE p.inhparent = 'records_searchable'::regclass
"""


def test_d18_the_planner_knows_rare_words_from_common_ones_in_every_year() -> None:
    with connection.cursor() as cursor:
        cursor.execute(PARTITIONS)
        years = {name.split("_")[2]: (target, options) for name, target, options in cursor.fetchall()}
    assert {"before", "2006", "2025", "later"} <= years.keys()
    assert {target for target, _options in years.values()} == {1000}
    # Migrations spell it in two ways (f, off); it is the same to PostgreSQL.
    assert (years["2006"][1], years["later"][1]) == (False, True)


def test_the_folded_filters_stand_open_when_one_is_set(registrar: Client) -> None:
    fold = '<details class="u-fold" open>'
    assert fold not in registrar.get("/handlingar/?q=lykta").content.decode()
    assert fold in registrar.get("/handlingar/?typ=comment").content.decode()
