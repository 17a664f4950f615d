"""Made-up municipal logos, drawn by rule: a shield with a charge, with or without its name; and what becomes of one.

No municipality's arms are used. All sizes are in points; every drawing is the same each time.
"""

from __future__ import annotations

import colorsys
import io
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE = 400
Colour = tuple[int, int, int]
Draw = Callable[[ImageDraw.ImageDraw, Colour], None]
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True)
class Arms:
    """A municipality: its name, its shield's outline, charge, colours."""

    name: str
    charge: str
    field: Colour = (0, 85, 150)
    metal: Colour = (250, 210, 50)
    outline: str = "round"


def wheat(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """An ear of wheat."""
    draw.line((200, 110, 200, 330), fill=colour, width=12)
    for step in range(5):
        top = 110 + 36 * step
        draw.ellipse((140, top, 195, top + 30), fill=colour)
        draw.ellipse((205, top, 260, top + 30), fill=colour)


def tower(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """A tower with battlements."""
    draw.rectangle((150, 170, 250, 320), fill=colour)
    for left in (140, 185, 230):
        draw.rectangle((left, 130, left + 30, 172), fill=colour)


def waves(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """Three waves."""
    for top in (140, 200, 260):
        points = [(x, top + 16 * math.sin(x / 17)) for x in range(110, 292, 4)]
        draw.line(points, fill=colour, width=20, joint="curve")


def star(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """A star of six points."""
    points = [
        (200 + radius * math.sin(turn * math.pi / 6), 210 - radius * math.cos(turn * math.pi / 6))
        for turn, radius in enumerate((95, 42) * 6)
    ]
    draw.polygon(points, fill=colour)


def key(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """A key."""
    draw.ellipse((155, 105, 245, 195), outline=colour, width=22)
    draw.rectangle((188, 190, 212, 335), fill=colour)
    draw.rectangle((212, 270, 260, 290), fill=colour)
    draw.rectangle((212, 310, 250, 330), fill=colour)


def fish(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """A fish."""
    draw.ellipse((115, 165, 255, 245), fill=colour)
    draw.polygon(((240, 205), (300, 155), (300, 255)), fill=colour)


def wheel(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """A wheel with eight spokes."""
    draw.ellipse((110, 115, 290, 295), outline=colour, width=18)
    for turn in range(4):
        across, down = 82 * math.cos(turn * math.pi / 4), 82 * math.sin(turn * math.pi / 4)
        draw.line((200 - across, 205 - down, 200 + across, 205 + down), fill=colour, width=12)


def axe(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """An axe."""
    draw.rectangle((190, 110, 208, 335), fill=colour)
    draw.polygon(((205, 120), (285, 105), (285, 225), (205, 190)), fill=colour)


def tree(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """A fir tree."""
    for top in (110, 165, 220):
        draw.polygon(((200, top), (125, top + 85), (275, top + 85)), fill=colour)
    draw.rectangle((190, 300, 210, 335), fill=colour)


def cross(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """A cross."""
    draw.rectangle((182, 105, 218, 325), fill=colour)
    draw.rectangle((115, 172, 285, 208), fill=colour)


def bridge(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """A bridge of two arches."""
    draw.rectangle((105, 170, 295, 270), fill=colour)


def crown(draw: ImageDraw.ImageDraw, colour: Colour) -> None:
    """A crown."""
    draw.polygon(((120, 280), (110, 150), (160, 215), (200, 125), (240, 215), (290, 150), (280, 280)), fill=colour)


CHARGES: dict[str, Draw] = {
    "wheat": wheat,
    "tower": tower,
    "waves": waves,
    "star": star,
    "key": key,
    "fish": fish,
    "wheel": wheel,
    "axe": axe,
    "tree": tree,
    "cross": cross,
    "bridge": bridge,
    "crown": crown,
}


def shield(arms: Arms, *, side: int = SIDE) -> Image.Image:
    """The arms alone, on nothing."""
    picture = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    outline(draw, arms.outline, arms.field)
    CHARGES[arms.charge](draw, arms.metal)
    if arms.charge == "bridge":
        for left in (125, 215):
            draw.pieslice((left, 210, left + 60, 330), 180, 360, fill=arms.field)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def outline(draw: ImageDraw.ImageDraw, form: str, colour: Colour) -> None:
    """A shield's outline, filled."""
    if form == "square":
        draw.rectangle((70, 50, 330, 350), fill=colour)
    elif form == "pointed":
        draw.polygon(((70, 50), (330, 50), (330, 220), (200, 375), (70, 220)), fill=colour)
    else:
        draw.rectangle((70, 50, 330, 230), fill=colour)
        draw.pieslice((70, 95, 330, 365), 0, 180, fill=colour)


def with_name(arms: Arms) -> Image.Image:
    """The arms with the municipality's name under them."""
    picture = Image.new("RGBA", (SIDE, 500), (0, 0, 0, 0))
    picture.alpha_composite(shield(arms))
    font = ImageFont.load_default(64)
    draw = ImageDraw.Draw(picture)
    width = draw.textlength(arms.name, font=font)
    draw.text(((SIDE - width) / 2, 395), arms.name, fill=(30, 30, 30, 255), font=font)
    return picture


def on_ground(
    logo: Image.Image,
    *,
    share: float = 0.8,
    ground: Colour = WHITE,
    side: int = 320,
    shift: tuple[float, float] = (0, 0),
) -> Image.Image:
    """The logo in the middle of a square picture, its longer side `share` of the picture's; shifted by shares of it."""
    size = share * side / max(logo.size)
    small = logo.resize((max(1, round(logo.width * size)), max(1, round(logo.height * size))), Image.Resampling.LANCZOS)
    picture = Image.new("RGBA", (side, side), (*ground, 255))
    left = round((side - small.width) / 2 + shift[0] * side)
    top = round((side - small.height) / 2 + shift[1] * side)
    picture.alpha_composite(Image.new("RGBA", (side, side), (0, 0, 0, 0)))
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    layer.paste(small, (left, top))
    picture.alpha_composite(layer)
    return picture.convert("RGB")


def cropped(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """Shares cut off from the four sides."""
    width, height = picture.size
    return picture.crop(
        (round(width * left), round(height * top), round(width * (1 - right)), round(height * (1 - bottom)))
    )


def circled(picture: Image.Image, outside: Colour) -> Image.Image:
    """What a network leaves: the circle, and a colour outside."""
    big = Image.new("L", (picture.width * 2, picture.height * 2), 0)
    ImageDraw.Draw(big).ellipse((0, 0, big.width - 1, big.height - 1), fill=255)
    return Image.composite(picture, Image.new("RGB", picture.size, outside), big.resize(picture.size))


def recoloured(picture: Image.Image, *, hue: float = 0.0, light: float = 1.0, dim: float = 0.0) -> Image.Image:
    """Its hues turned (1 is all the way round), and its lightness stretched."""
    wheel_: Image.Image = picture.convert("HSV")
    hues, saturation, value = wheel_.split()
    hues = hues.point(lambda one: int(one + hue * 256) % 256)
    value = value.point(lambda one: max(0, min(255, int(one * light + dim))))
    return Image.merge("HSV", (hues, saturation, value)).convert("RGB")


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """A picture's bytes."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def landscape(seed: int, side: int = 320) -> Image.Image:
    """A made-up photograph: sky, hills, noise."""
    dice = random.Random(seed)
    picture = Image.new("RGB", (side, side))
    draw = ImageDraw.Draw(picture)
    hue = dice.random()
    for row in range(side):
        red, green, blue = colorsys.hsv_to_rgb(hue, 0.4, 0.6 + 0.4 * row / side)
        draw.line((0, row, side, row), fill=(int(red * 255), int(green * 255), int(blue * 255)))
    for hill in range(4):
        base, high, wide = side * (0.5 + 0.12 * hill), dice.uniform(10, 60), dice.uniform(20, 90)
        phase = dice.uniform(0, 6)
        points = [(x, base + high * math.sin(x / wide + phase)) for x in range(0, side + 8, 8)]
        shade = dice.randint(30, 160)
        draw.polygon([(0, side), *points, (side, side)], fill=(shade // 2, shade, shade // 3))
    for _ in range(dice.randint(0, 12)):
        x, y, size = dice.randint(0, side), dice.randint(0, side), dice.randint(5, 50)
        draw.ellipse((x, y, x + size, y + size), fill=tuple(dice.randint(0, 255) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def letters(text: str, ground: Colour, ink: Colour) -> Image.Image:
    """A picture with letters alone."""
    picture = Image.new("RGB", (320, 320), ground)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(int(520 / max(4, len(text))))
    box = draw.textbbox((0, 0), text, font=font)
    draw.text(((320 - box[2]) / 2, (320 - box[3]) / 2), text, fill=ink, font=font)
    return picture


GROUNDS: tuple[Colour, ...] = (WHITE, (240, 240, 235), (20, 60, 50), (120, 20, 60), (250, 200, 80), (15, 15, 20))


@dataclass(frozen=True)
class Made:
    """One variation: what was done, its bytes, and whether it is our logo."""

    how: str
    body: bytes
    ours: bool


def treatments(dice: random.Random) -> Iterator[tuple[str, Callable[[Image.Image], bytes]]]:
    """What becomes of a logo on its way to a profile picture: a name, and what makes the bytes of it."""

    def ground() -> Colour:
        return dice.choice(GROUNDS)

    def crop(logo: Image.Image, most: float) -> Image.Image:
        cut = [dice.uniform(0, most) for _side in range(4)]
        return cropped(on_ground(logo, share=0.97, ground=ground()), *cut)

    def any_quality(picture: Image.Image) -> bytes:
        return saved(picture, "JPEG", quality=dice.randint(18, 75))

    yield "scale", lambda logo: saved(on_ground(logo, share=dice.uniform(0.45, 1.0), ground=ground()))
    yield "small", lambda logo: saved(on_ground(logo, share=0.9, ground=ground(), side=dice.randint(56, 96)))
    yield (
        "shift",
        lambda logo: saved(
            on_ground(logo, share=0.6, ground=ground(), shift=(dice.uniform(-0.2, 0.2), dice.uniform(-0.2, 0.2)))
        ),
    )
    yield "crop", lambda logo: saved(crop(logo, 0.17))
    yield (
        "circle",
        lambda logo: saved(
            circled(on_ground(logo, share=dice.uniform(0.7, 0.95), ground=ground()), dice.choice(GROUNDS))
        ),
    )
    yield "jpeg", lambda logo: saved(on_ground(logo, ground=ground()), "JPEG", quality=dice.randint(8, 40))
    yield (
        "colour",
        lambda logo: saved(
            recoloured(
                on_ground(logo, ground=ground()),
                hue=dice.random(),
                light=dice.uniform(0.6, 1.1),
                dim=dice.uniform(0, 40),
            )
        ),
    )
    # On a dark ground of the same lightness nothing of it would be left to see.
    yield "grey", lambda logo: saved(on_ground(logo, ground=dice.choice(GROUNDS[:2])).convert("L"))
    yield (
        "circle+jpeg",
        lambda logo: any_quality(
            circled(on_ground(logo, share=dice.uniform(0.7, 0.9), ground=ground(), side=dice.randint(100, 400)), WHITE)
        ),
    )
    yield "crop+colour+jpeg", lambda logo: any_quality(recoloured(crop(logo, 0.12), hue=dice.uniform(-0.15, 0.15)))
    yield "webp", lambda logo: saved(on_ground(logo, share=0.75, ground=ground()), "WEBP", quality=30)
