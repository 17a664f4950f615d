"""Small made-up pictures, drawn by rule: a landscape for posts, a letter-like mark for accounts."""

from __future__ import annotations

import math
import struct
import zlib
from functools import lru_cache

from practice.grammar import dice

Colour = tuple[int, int, int]
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((132, 178, 214), (232, 240, 246)),
    ((90, 120, 170), (248, 214, 176)),
    ((176, 196, 210), (240, 238, 230)),
    ((54, 66, 110), (188, 150, 160)),
)
HILLS: tuple[tuple[Colour, Colour], ...] = (
    ((110, 140, 104), (62, 94, 66)),
    ((222, 230, 234), (176, 192, 200)),
    ((178, 150, 86), (112, 98, 62)),
    ((98, 128, 138), (54, 84, 96)),
)


def png(width: int, height: int, rows: list[bytes]) -> bytes:
    """A PNG file of rows of RGB bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\x00" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@lru_cache(maxsize=256)
def landscape(seed: int) -> bytes:
    """A sky, a sun and two hills, 320 by 180: always the same for the same number."""
    rng = dice("picture", seed)
    (high, low), (far, near) = rng.choice(SKIES), rng.choice(HILLS)
    width, height = 320, 180
    sun_x, sun_y, sun_r = rng.randint(40, 280), rng.randint(24, 70), rng.randint(10, 20)
    waves = [(rng.uniform(0.008, 0.02), rng.uniform(0, 6), base) for base in (108, 138)]
    lines = [[base + 16 * math.sin(x * pace + shift) for x in range(width)] for pace, shift, base in waves]
    rows = []
    for y in range(height):
        share = y / height
        sky = bytes(round(a + (b - a) * share) for a, b in zip(high, low, strict=True))
        row = bytearray(sky * width)
        for x in range(width):
            if y > lines[1][x]:
                row[3 * x : 3 * x + 3] = bytes(near)
            elif y > lines[0][x]:
                row[3 * x : 3 * x + 3] = bytes(far)
            elif (x - sun_x) ** 2 + (y - sun_y) ** 2 < sun_r**2:
                row[3 * x : 3 * x + 3] = b"\xff\xf4\xd6"
        rows.append(bytes(row))
    return png(width, height, rows)


@lru_cache(maxsize=64)
def mark(handle: str, colour: str) -> bytes:
    """An account's picture, 96 by 96: its colour, and a pattern that is its own."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    rng = dice("mark", handle)
    cells = [[rng.random() < 0.5 for _ in range(3)] for _ in range(6)]  # noqa: PLR2004 - half of the cells
    ground, light = bytes((red, green, blue)), bytes(min(255, c + 96) for c in (red, green, blue))
    rows = []
    for y in range(96):
        row = b"".join((light if _lit(cells, x, y) else ground) for x in range(96))
        rows.append(row)
    return png(96, 96, rows)


def _lit(cells: list[list[bool]], x: int, y: int) -> bool:
    column, line = (x - 12) // 12, (y - 12) // 12
    if not (0 <= column < 6 and 0 <= line < 6):  # noqa: PLR2004 - six cells a side
        return False
    return cells[line][min(column, 5 - column)]
