"""The colour scale of all pages, computed from the municipality's one colour.

The rule is that of Designsystemet: each token has a fixed luminance in the light and the dark scheme, and the given
colour is mixed with black or white until it has it; the "base" tokens keep the colour itself. Ours adds one thing: a
button's hovered and pressed colour keeps a contrast of 4.5 to the text on it (WCAG 2.2, 1.4.3; D66).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

DEFAULT = "#0b5a4a"
# Fixed hues for meaning. Neutral is a blue grey, so that the dark scheme is not plain black.
FIXED = {
    "neutral": "#1e2b3c",
    "info": "#0a71c0",
    "success": "#068718",
    "warning": "#ea9b1b",
    "danger": "#c01b1b",
}
# Relative luminance per token: (light, dark).
LUMINANCE = {
    "background-default": (1.0, 0.009),
    "background-tinted": (0.9, 0.014),
    "surface-default": (1.0, 0.021),
    "surface-tinted": (0.81, 0.027),
    "surface-hover": (0.7, 0.036),
    "surface-active": (0.59, 0.056),
    "border-subtle": (0.5, 0.08),
    "border-default": (0.19, 0.22),
    "border-strong": (0.11, 0.39),
    "text-subtle": (0.11, 0.39),
    "text-default": (0.0245, 0.84),
}
READABLE = 4.5
STEP = 8.0


class Colour(NamedTuple):
    """Red, green and blue, 0 to 255."""

    red: float
    green: float
    blue: float

    @classmethod
    def parse(cls, text: str) -> Colour:
        """From "#0b5a4a". Raises ValueError for anything else."""
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
            raise ValueError(f"{text!r} is not a colour like #0b5a4a.")
        return cls(*(int(text[place : place + 2], 16) for place in (1, 3, 5)))

    def __str__(self) -> str:
        return "#" + "".join(f"{max(0, min(255, int(part + 0.5))):02x}" for part in self)

    @property
    def rounded(self) -> Colour:
        """As it will be written, so that later steps start from what is shown."""
        return Colour.parse(str(self))

    @property
    def luminance(self) -> float:
        """Relative luminance by WCAG, 0 to 1."""
        red, green, blue = (_linear(part) for part in self)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @property
    def lightness(self) -> float:
        """CIE L*, 0 to 100."""
        y = self.luminance
        return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def _linear(part: float) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  # sRGB


def _gamma(part: float) -> float:
    return 255 * (12.92 * part if part <= 0.0031308 else 1.055 * max(part, 0.0) ** (1 / 2.4) - 0.055)  # noqa: PLR2004


def luminance_of(lightness: float) -> float:
    """Relative luminance (0 to 1) of a CIE lightness (0 to 100)."""
    return ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness * 27 / 24389  # noqa: PLR2004  # CIE


def contrast(one: Colour, other: Colour) -> float:
    """Contrast by WCAG, 1 to 21."""
    dark, light = sorted((one.luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)


def with_luminance(colour: Colour, target: float) -> Colour:
    """The colour mixed with black or white until it has a relative luminance (0 to 1)."""
    if target <= 0:
        return BLACK
    if target >= 1:
        return WHITE
    low, high = (BLACK, colour) if colour.luminance > target else (colour, WHITE)
    middle = colour
    for _round in range(21):
        middle = Colour(*((a + b) / 2 for a, b in zip(low, high, strict=True)))
        if middle.luminance > target:
            high = middle
        else:
            low = middle
    return middle


def muted(colour: Colour, share: float) -> Colour:
    """The colour with a share of its chroma, in the space OKLab (Björn Ottosson, 2020)."""
    red, green, blue = (_linear(part) for part in colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = (1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short) * share
    b = (0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short) * share
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return Colour(
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def base_tokens(colour: Colour, dark: bool) -> dict[str, str]:
    """The colour itself as background of buttons, with its hovered and pressed shades and the text upon it."""
    light = colour.lightness
    if dark:
        light = 70.0 if light <= 30 else 100 - light  # noqa: PLR2004  # Designsystemet's rule
        base = with_luminance(colour, luminance_of(light)).rounded
    else:
        base = colour
    text = WHITE if contrast(base, WHITE) >= contrast(base, BLACK) else BLACK
    shift = -STEP if light <= 30 or 49 <= light <= 65 else STEP  # noqa: PLR2004  # Designsystemet's rule

    def shade(steps: int) -> Colour:
        first = with_luminance(base, luminance_of(light - steps * shift)).rounded
        if contrast(first, text) >= READABLE:
            return first
        away = STEP if text is WHITE else -STEP
        return with_luminance(base, luminance_of(max(0.0, min(100.0, light - steps * away)))).rounded

    reach = 60 if base.lightness <= 40 or base.lightness >= 60 else 50  # noqa: PLR2004  # Designsystemet's rule
    subtle = base.lightness + (reach if text is WHITE else -reach)
    return {
        "base-default": str(base),
        "base-hover": str(shade(1)),
        "base-active": str(shade(2)),
        "base-contrast-subtle": str(with_luminance(base, luminance_of(max(0.0, min(100.0, subtle))))),
        "base-contrast-default": str(text),
    }


def scale(text: str, *, dark: bool) -> dict[str, str]:
    """The sixteen tokens of one colour in one scheme, as "#rrggbb". Raises ValueError for what is not a colour."""
    colour = Colour.parse(text)
    source = muted(colour, 0.7).rounded if dark else colour
    tokens = {name: str(with_luminance(source, pair[dark])) for name, pair in LUMINANCE.items()}
    return tokens | base_tokens(colour, dark)


def _lines(accent: str, dark: bool) -> Iterator[str]:
    for name, colour in {"accent": accent, **FIXED}.items():
        for token, value in scale(colour, dark=dark).items():
            yield f"--ds-color-{name}-{token}:{value}"
    neutral = scale(FIXED["neutral"], dark=dark)
    yield f"--ds-color-focus-inner:{neutral['background-default']}"
    yield f"--ds-color-focus-outer:{neutral['text-default']}"


def style_sheet(accent: str) -> str:
    """The CSS that sets all colours: light, dark, and as the system says. Raises ValueError for what is no colour."""
    light, dark = ";".join(_lines(accent, False)), ";".join(_lines(accent, True))
    return (
        f':root,[data-color-scheme="light"]{{{light}}}\n'
        f'[data-color-scheme="dark"]{{{dark}}}\n'
        f'@media (prefers-color-scheme:dark){{[data-color-scheme="auto"]{{{dark}}}}}\n'
    )
