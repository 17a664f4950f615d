"""How like a logo an account's picture is: two figures from 0 to 1000, of its drawing and of its colours. Plain Python.

People crop a logo, shrink it onto a coloured ground, let a network cut a circle out of it and save it as a bad JPEG;
it is the logo all the same. Another municipality's shield has the same outline and another charge; it is not.

So directions of edges are compared, not colours: each point bears a complex number whose size is how sharp the edge is
and whose angle is twice the edge's direction, which is the same for dark on light as for light on dark. The logo is
sought in the picture at every size and place (one multiplication of spectra for each size), with what lies outside the
picture, or outside the circle that a network cuts, counting neither for nor against. Where it lies best it is looked at
closely, and the figure says how much of the edges there are the logo's: another charge within the same shield is seen.

Arms are a charge and its colours: the same charge in others is somebody else's, or nobody's. So where the logo lies,
the hues of its coloured points are compared too. What has no colour there (grey, white on black) is taken for the
logo's: so it is printed and cut. A hue that a camera or a screen has turned a little is the same.

How well it does: docs/reference/logos.md; tests/register/test_logos.py makes the variations.
"""

from __future__ import annotations

import io
import warnings
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image

from uppsikt.kernel.when_used import when_used

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy import fft, ndimage

    Real = NDArray[np.float32]
    Complex = NDArray[np.complex64]
else:
    np, fft, ndimage = when_used("numpy"), when_used("scipy.fft"), when_used("scipy.ndimage")

# Bumped when a figure would come out otherwise: all pictures are then measured anew.
METHOD = 2
# From these figures on it is the logo, and in its colours (docs/reference/logos.md: where ours and others' lie).
LIKE, COLOURS = 740, 600

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PIXELS = 6000 * 6000
# The longer side of a picture when the logo is sought in it, and when it is looked at closely.
COARSE, FINE = 40, 96
# What is flatter than this shows nothing.
FLAT = 0.06
# How large the logo may be beside the picture, each size this much larger than the one before.
SMALLEST, LARGEST, STEP = 0.34, 1.75, 1.14
CLOSER = (1.0, 0.965, 1.035, 0.93, 1.07)
# So far from where it was sought is looked closely, in points of FINE.
REACH = 3
# So much of the logo must lie inside the picture.
VISIBLE = 0.62
# A fit from afar that is worse than this is nothing that a closer look would mend; one that is better needs no circle.
HOPELESS, PLAIN = 0.3, 0.85
LEAST = 4
# From so far between its strongest and its weakest part a point has a colour: in a logo surely, in a picture at all.
COLOURED, TINTED = 0.2, 0.1
# Hues no farther apart than this, in degrees, are the same. A logo of which less has a colour is judged by none.
SAME_HUE, FEW = 60, 0.02


def _sizes() -> tuple[float, ...]:
    tried = [SMALLEST]
    while tried[-1] * STEP <= LARGEST:
        tried.append(tried[-1] * STEP)
    return tuple(tried)


SIZES = _sizes()


@cache
def room() -> tuple[int, int]:
    """Room for the picture and the largest logo beside it, of a length that is quick to take the spectrum of."""
    return (fft.next_fast_len(COARSE + round(COARSE * SIZES[-1])),) * 2


class NoPicture(Exception):
    """Bytes that cannot be compared; `code` says why: wrong_kind, damaged, too_many_pixels, empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Picture:
    """A picture made ready: RGB from 0 to 1, float32, at most 2 × FINE on its longer side. Its edges are kept."""

    def __init__(self, rgb: Real) -> None:
        self.rgb = rgb
        self._edges: dict[int, Complex] = {}

    def edges(self, side: float) -> Complex:
        """Its edges, where its longer side is `side` points."""
        points = max(2 * LEAST, round(side))
        if points not in self._edges:
            self._edges[points] = edges(shrunk(self.rgb, points))
        return self._edges[points]

    @cached_property
    def spectra(self) -> Spectra:
        """What is needed to seek it in another picture, at every size."""
        samples = [self.edges(COARSE * size) for size in SIZES]
        own = [(np.abs(sample) ** 2).astype(np.float32) for sample in samples]
        return Spectra(
            edges=np.stack([np.conj(fft.fft2(sample, room())) for sample in samples]),
            ground=np.stack(
                [np.conj(fft.rfft2(np.ones(sample.shape, dtype=np.float32), room())) for sample in samples]
            ),
            energy=np.stack([np.conj(fft.rfft2(one, room())) for one in own]),
            total=np.array([float(one.sum()) + 1e-6 for one in own], dtype=np.float32)[:, None, None],
        )


class Spectra(NamedTuple):
    """A logo at all sizes, as it is sought: spectra of its edges, of the ground it covers, of how sharp it is where."""

    edges: NDArray[Any]
    ground: NDArray[Any]
    energy: NDArray[Any]
    total: Real


class Likeness(NamedTuple):
    """How like a logo a picture is, from 0 to 1000: its drawing, and where that lies its colours."""

    figure: int
    colours: int


class Place(NamedTuple):
    """Where a logo lies in a picture that is looked at closely: its size beside it, its corner in points of FINE."""

    fit: float
    size: float
    row: int
    column: int


class Found(NamedTuple):
    """Where a logo lies best: its size beside the picture, its upper left corner in points, and how well it fits."""

    size: float
    row: int
    column: int
    fit: float
    circle: bool


def media_type(body: bytes) -> str:
    """The media type of a picture, told from its bytes. Raises NoPicture."""
    return str(Image.MIME[_opened(body).format or ""])


def _opened(body: bytes) -> Image.Image:
    """A picture whose head has been read. Only kinds that we know are tried: each decoder is a door. NoPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(body), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPicture("too_many_pixels") from None
    except Exception:  # noqa: BLE001 a boundary: decoders of strangers' bytes raise all sorts
        raise NoPicture("wrong_kind") from None
    if opened.width * opened.height > PIXELS:
        raise NoPicture("too_many_pixels")
    return opened


def prepare(body: bytes) -> Picture:
    """Read a picture's bytes; what is transparent is white. Raises NoPicture."""
    opened = _opened(body)
    try:
        opened.draft("RGB", (8 * FINE, 8 * FINE))
        whole = opened.convert("RGBA")
    except Exception:  # noqa: BLE001 a boundary, as above
        raise NoPicture("damaged") from None
    ground = Image.new("RGBA", whole.size, (255, 255, 255, 255))
    ground.alpha_composite(whole)
    small = ground.convert("RGB")
    small.thumbnail((2 * FINE, 2 * FINE), Image.Resampling.LANCZOS)
    rgb = np.asarray(small, dtype=np.float32) / np.float32(255)
    if float(np.ptp(rgb, axis=(0, 1)).max()) < FLAT:
        raise NoPicture("empty")
    return Picture(rgb)


def shrunk(rgb: Real, side: float) -> Real:
    """A picture whose longer side is `side` points; blurred first where it becomes smaller."""
    share = side / max(rgb.shape[:2])
    if share < 1:
        blur = 0.45 / share
        rgb = ndimage.gaussian_filter(rgb, (blur, blur, 0), truncate=2.5)
    height, width = (max(2, round(length * share)) for length in rgb.shape[:2])
    grown: Real = ndimage.zoom(
        rgb, (height / rgb.shape[0], width / rgb.shape[1], 1), order=1, grid_mode=True, mode="nearest"
    )
    return grown


def edges(rgb: Real) -> Complex:
    """The edges of a picture: how sharp each is, up to 1, and twice its direction."""
    down = ndimage.gaussian_filter(rgb, (0.9, 0.9, 0), order=(1, 0, 0), truncate=3.0)
    along = ndimage.gaussian_filter(rgb, (0.9, 0.9, 0), order=(0, 1, 0), truncate=3.0)
    # The colours' gradients together: the direction in which they change most (Di Zenzo 1986).
    both = (along**2).sum(axis=2) - (down**2).sum(axis=2) + 2j * (along * down).sum(axis=2)
    strength = np.abs(both)
    usual = float(np.quantile(strength, 0.92)) + 1e-6
    # A strong edge is an edge and a weak one too: only faint ones count for less.
    field: Complex = (both / (strength + 0.5 * usual)).astype(np.complex64)
    return field


def inside(shape: tuple[int, int], *, circle: bool) -> Real:
    """Where a picture tells anything: all of it, or the circle that networks cut; not its outermost rim."""
    height, width = shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    if circle:
        far = ((rows - (height - 1) / 2) / (height / 2)) ** 2 + ((columns - (width - 1) / 2) / (width / 2)) ** 2
        kept: Real = (far < 0.93**2).astype(np.float32)
        return kept
    weight = np.zeros(shape, dtype=np.float32)
    weight[1:-1, 1:-1] = 1
    return weight


def likeness(shown: Picture, logo: Picture) -> Likeness:
    """How like the logo the picture is."""
    best = sought(shown, logo, circle=False)
    if best.fit < PLAIN:
        best = max(best, sought(shown, logo, circle=True), key=lambda found: found.fit)
    if best.fit < HOPELESS:
        return Likeness(round(1000 * max(0.0, best.fit)), 0)
    place = closely(shown, logo, best)
    return Likeness(round(1000 * place.fit), round(1000 * same_colours(shown, logo, place, circle=best.circle)))


def sought(shown: Picture, logo: Picture, *, circle: bool) -> Found:
    """Where the logo fits best in the picture, looked at from afar."""
    field, look = shown.edges(COARSE), logo.spectra
    weight = inside((field.shape[0], field.shape[1]), circle=circle)
    across = fft.ifft2(fft.fft2(field * weight, room()) * look.edges).real
    under = fft.irfft2(fft.rfft2((np.abs(field) ** 2 * weight).astype(np.float32), room()) * look.ground, room())
    visible = fft.irfft2(fft.rfft2(weight, room()) * look.energy, room())
    least = 1e-3 * look.total
    fit = across / np.sqrt(np.maximum(under, least) * np.maximum(visible, least))
    fit[visible < VISIBLE * look.total] = 0
    size, row, column = (int(one) for one in np.unravel_index(int(fit.argmax()), fit.shape))
    return Found(
        SIZES[size],
        # What lies beyond the far edge begins before the near one.
        row - room()[0] if row >= field.shape[0] else row,
        column - room()[1] if column >= field.shape[1] else column,
        float(fit[size, row, column]),
        circle,
    )


class Ground(NamedTuple):
    """A picture looked at closely: its edges, how sharp they are, and what counts."""

    edges: Complex
    sharp: Real
    weight: Real


def closely(shown: Picture, logo: Picture, found: Found) -> Place:
    """Where the logo fits best, looked at closely: a little aside, a little larger and smaller."""
    field = shown.edges(FINE)
    weight = inside((field.shape[0], field.shape[1]), circle=found.circle)
    ground = Ground(field * weight, (np.abs(field) ** 2 * weight).astype(np.float32), weight)
    best, aside_down, aside_along, reach = Place(0.0, found.size, 0, 0), 0, 0, REACH
    for closer in CLOSER:
        size = found.size * closer
        sample = logo.edges(FINE * size)
        # A larger one is larger around its middle.
        grown = (found.size - size) * FINE / max(sample.shape) / 2
        row = round(found.row * FINE / COARSE + grown * sample.shape[0])
        column = round(found.column * FINE / COARSE + grown * sample.shape[1])
        aside = range(-reach, reach + 1)
        tried = (
            (fitting(ground, sample, row + aside_down + down, column + aside_along + along), down, along)
            for down in aside
            for along in aside
        )
        fit, down, along = max(tried)
        if fit > best.fit:
            aside_down, aside_along = aside_down + down, aside_along + along
            best = Place(fit, size, row + aside_down, column + aside_along)
        # The first is the size that was found, and says where it lies; the others lie there too.
        reach = 1
    return best


def same_colours(shown: Picture, logo: Picture, place: Place, *, circle: bool) -> float:
    """How much of what is coloured in the logo has that colour in the picture, or none, from 0 to 1."""
    field, sample = shrunk(shown.rgb, FINE), shrunk(logo.rgb, max(2 * LEAST, round(FINE * place.size)))
    height, width = sample.shape[:2]
    top, left = max(place.row, 0), max(place.column, 0)
    bottom, right = min(place.row + height, field.shape[0]), min(place.column + width, field.shape[1])
    if bottom - top < LEAST or right - left < LEAST:
        return 0.0
    own = hues(sample[top - place.row : bottom - place.row, left - place.column : right - place.column])
    seen = hues(field[top:bottom, left:right])
    weight = inside((field.shape[0], field.shape[1]), circle=circle)[top:bottom, left:right]
    coloured = (np.abs(own) > COLOURED) & (weight > 0)
    if coloured.sum() < FEW * weight.sum():
        return 1.0
    apart = np.abs(np.angle(own * np.conj(seen), deg=True))
    same = (apart <= SAME_HUE) | (np.abs(seen) < TINTED)
    return float(same[coloured].mean())


def hues(rgb: Real) -> Complex:
    """The colour of each point: its size how far it is from grey, its angle the hue."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    found: Complex = (red - (green + blue) / 2 + 1j * np.sqrt(0.75) * (green - blue)).astype(np.complex64)
    return found


def fitting(ground: Ground, sample: Complex, row: int, column: int) -> float:
    """How well a logo of this size fits at one place."""
    height, width = sample.shape
    top, left = max(row, 0), max(column, 0)
    bottom, right = min(row + height, ground.weight.shape[0]), min(column + width, ground.weight.shape[1])
    if bottom - top < LEAST or right - left < LEAST:
        return 0.0
    place = np.s_[top:bottom, left:right]
    own = sample[top - row : bottom - row, left - column : right - column]
    size = own.real**2 + own.imag**2
    across = float((ground.edges[place] * np.conj(own)).real.sum())
    return across / float(np.sqrt(ground.sharp[place].sum() * (size * ground.weight[place]).sum()) + 1e-6)
