"""All text can be read whatever colour a municipality has (D66: accessibility; WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from uppsikt.ui.colours import BLACK, DEFAULT, FIXED, READABLE, WHITE, Colour, contrast, scale, style_sheet

hexes = st.builds("#{:02x}{:02x}{:02x}".format, *[st.integers(0, 255)] * 3)
# (text, backgrounds it stands on)
PAIRS = {
    "text-default": ["background-default", "background-tinted", "surface-default", "surface-tinted", "surface-hover"],
    "text-subtle": ["background-default", "background-tinted", "surface-default", "surface-tinted", "surface-hover"],
    "base-contrast-default": ["base-default", "base-hover", "base-active"],
}
CORNERS = ["".join(["#", *parts]) for parts in itertools.product(("00", "80", "ff"), repeat=3)]


def check(colour: str) -> None:
    for dark in (False, True):
        tokens = scale(colour, dark=dark)
        for text, grounds in PAIRS.items():
            for ground in grounds:
                ratio = contrast(Colour.parse(tokens[text]), Colour.parse(tokens[ground]))
                # Colours are written in whole steps of 1/255, which moves the ratio a little.
                assert ratio >= READABLE - 0.05, (colour, dark, text, ground, ratio)


@given(hexes)
@example("#767676")
@example("#777777")
def test_every_colour_gives_readable_text(colour: str) -> None:
    check(colour)


@pytest.mark.parametrize("colour", [*CORNERS, *FIXED.values(), DEFAULT])
def test_corner_colours_give_readable_text(colour: str) -> None:
    check(colour)


@given(hexes)
def test_quiet_text_reads_on_neutral_ground(colour: str) -> None:
    """Accent text (links, chosen tabs) stands on the neutral page, not only on its own tints."""
    for dark in (False, True):
        page = scale(FIXED["neutral"], dark=dark)
        for ground in ("background-default", "background-tinted", "surface-default"):
            ratio = contrast(Colour.parse(scale(colour, dark=dark)["text-subtle"]), Colour.parse(page[ground]))
            assert ratio >= READABLE - 0.05


def test_contrast_of_black_and_white() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)


def test_the_light_scheme_keeps_the_colour_itself() -> None:
    assert scale("#0b5a4a", dark=False)["base-default"] == "#0b5a4a"


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#0b5a4a;}", "#0b5a4a\n", "0b5a4a"])
def test_what_is_no_colour_never_reaches_the_style_sheet(wrong: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        style_sheet(wrong)
