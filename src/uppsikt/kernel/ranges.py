"""Sets of whole numbers as ranges, first and last both counted in; written "1-500,502,510-512". Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Range = tuple[int, int]


def pack(numbers: Iterable[int]) -> list[Range]:
    """The ranges that rising numbers fill."""
    listed = list(numbers)
    if listed and listed[-1] - listed[0] + 1 == len(listed):  # as they nearly always are
        return [(listed[0], listed[-1])]
    found: list[Range] = []
    for number in listed:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def write(ranges: Iterable[Range]) -> str:
    """Ranges as text."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def read(text: str) -> list[Range]:
    """The ranges that a text names. Raises ValueError for what is no such text, or where they do not rise."""
    found: list[Range] = []
    for part in filter(None, text.split(",")):
        first, _dash, last = part.partition("-")
        one = (int(first), int(last or first))
        if one[0] > one[1] or (found and one[0] <= found[-1][1]):
            raise ValueError(f"not rising: {part}")
        found.append(one)
    return found


def each(ranges: Iterable[Range]) -> Iterator[int]:
    """Every number, rising where the ranges do."""
    for first, last in ranges:
        yield from range(first, last + 1)


def size(ranges: Iterable[Range]) -> int:
    """How many numbers there are."""
    return sum(last - first + 1 for first, last in ranges)


def merge(ranges: Iterable[Range]) -> list[Range]:
    """The same numbers in as few ranges as it takes, rising; the ranges may come in any order and overlap."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def without(ranges: Iterable[Range], taken: Iterable[Range]) -> list[Range]:
    """What is left of the ranges when those that are taken are gone."""
    left: list[Range] = []
    away = merge(taken)
    start = 0
    for first, last in merge(ranges):
        here = first
        while start < len(away) and away[start][1] < first:
            start += 1
        place = start
        while place < len(away) and away[place][0] <= last:
            if away[place][0] > here:
                left.append((here, away[place][0] - 1))
            here = max(here, away[place][1] + 1)
            place += 1
        if here <= last:
            left.append((here, last))
    return left
