"""Each trouble has its words: what has happened, and what to do (D5)."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from uppsikt.channels import words
from uppsikt.connectors import base, registry
from uppsikt.net import errors

CODES = re.findall(
    r"\b[a-z]+(?:_[a-z]+)*\b",
    " ".join(
        re.findall(r":\s*([a-z_,\s]+)\.", re.sub(r"\s+", " ", (base.Trouble.__doc__ or "").partition("`facts`")[0]))
    ),
)


def test_the_codes_are_read_from_where_they_are_promised() -> None:
    assert {"site_down", "wrong_password", "revoked", "not_json", "unknown_outcome", "locked"} <= set(CODES)


@pytest.mark.parametrize("code", sorted({*CODES, *errors.CODES, "worker_died", "not_recognised"}))
@pytest.mark.parametrize("language", ["sv", "en"])
def test_d5_every_trouble_says_what_has_happened_and_what_to_do(code: str, language: str) -> None:
    with translation.override(language):
        said = words.trouble(code)
    assert code in words.TROUBLES
    assert len(said.title) < 70
    assert not said.title.endswith(".")
    assert said.todo.rstrip().endswith((".", ")"))
    # A code may be a word of English; shown as a code it would stand in brackets.
    assert f"({code})" not in said.title


def test_what_the_network_said_is_added() -> None:
    said = words.trouble("not_json", {"status": "403", "title": "Just a moment...", "other": "x"})
    assert "(svar 403)" in said.title
    assert "”Just a moment...”" in said.todo
    assert "https://ny.example/" in words.trouble("moved", {"to": "https://ny.example/"}).todo


def test_an_unknown_code_is_shown_with_something_to_do() -> None:
    said = words.trouble("brand_new")
    assert "brand_new" in said.title
    assert said.todo


def test_every_network_has_a_name_and_an_icon() -> None:
    for name in registry.NETWORKS:
        assert words.network(name) != name
        assert words.network_icon(name) != "globe"
