"""What comes from the networks is shown, and does nothing (D18: everything is kept and can be read)."""

from __future__ import annotations

from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from uppsikt.ui import hostile


@given(st.text())
def test_d18_no_text_becomes_markup(text: str) -> None:
    for shown in (hostile.said(text), hostile.isolate(text), hostile.preview(text)):
        assert isinstance(shown, SafeString)
        bare = str(shown)
        for own in (
            '<div class="u-said" dir="auto">',
            "</div>",
            "<bdi>",
            "</bdi>",
            hostile.MARK,
            '<p class="u-meta">',
            "</p>",
        ):
            bare = bare.replace(own, "")
        assert "<" not in bare
        assert ">" not in bare
        assert "\x00" not in shown
        assert not hostile.REORDERING.search(shown)


def test_d18_script_is_text() -> None:
    assert "&lt;script&gt;" in hostile.said("<script>alert(1)</script>")


def test_d18_reordering_marks_are_seen_and_told() -> None:
    shown = hostile.said("fil\u202egpj.exe")
    assert "\u202e" not in shown
    assert hostile.MARK in shown
    assert "1 dolt tecken" in shown


def test_d18_a_megabyte_is_cut_and_told() -> None:
    shown = hostile.said("å" * 1_000_000, limit=500)
    assert shown.count("å") < 600
    assert "1000000" in shown


def test_line_breaks_are_kept_whatever_their_kind() -> None:
    assert "ett\ntvå\ntre" in hostile.said("ett\r\ntvå\rtre")


def test_names_stay_on_one_line() -> None:
    assert hostile.isolate("Anna\n\tB") == "<bdi>Anna B</bdi>"
    assert hostile.preview("ord " * 100, 20).endswith("…</bdi>")


def test_what_a_search_found_is_marked_and_all_else_escaped() -> None:
    text = f"<b> {hostile.HIT}Skatt{hostile.HIT_END} & {hostile.HIT}<i>{hostile.HIT_END}\u202eslut"
    shown = str(hostile.hits(text))
    assert '<mark class="u-hit">Skatt</mark> &amp; <mark class="u-hit">&lt;i&gt;</mark>' in shown
    assert shown.startswith("<bdi>&lt;b&gt; ")
    assert "\u202e" not in shown
    assert not {hostile.HIT, hostile.HIT_END} & set(shown)
    assert hostile.hits("ord " * 100, 20) == hostile.preview("ord " * 100, 20)
    cut = str(hostile.hits(f"{hostile.HIT}långt ord som inte tar slut{hostile.HIT_END}", 12))
    assert cut == '<bdi><mark class="u-hit">långt ord…</mark></bdi>'
