"""What a benchmark found, as a table: times by median and p95, and how they stand to each other.

Machines differ and are noisy, so a claim is a ratio between two things measured in turn in the same run.
"""

from __future__ import annotations

import math
import os
import platform
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass
class Times:
    """How long one thing took, each time, in milliseconds."""

    taken: list[float] = field(default_factory=list)

    def run(self, work: Callable[[], Any]) -> Any:
        """Do it once, and note how long it took."""
        began = time.perf_counter()
        result = work()
        self.taken.append((time.perf_counter() - began) * 1000)
        return result

    def percentile(self, percent: float) -> float:
        """The time that so many percent of the times were at or below (nearest rank)."""
        ranked = sorted(self.taken)
        return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]

    @property
    def median(self) -> float:
        """The time in the middle."""
        return self.percentile(50)

    @property
    def p95(self) -> float:
        """The time that nineteen of twenty stay below."""
        return self.percentile(95)


@dataclass
class Table:
    """A title, what was measured, columns and rows; `claims` are sentences of what must hold, and whether it does."""

    title: str
    told: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    claims: list[tuple[str, bool]] = field(default_factory=list)

    def markdown(self) -> str:
        """The table in Markdown, with the date and the size of the machine."""
        lines = [f"## {self.title}", "", f"{self.told} {machine()}", ""]
        lines += [row(self.columns), row(["---", *["---:"] * (len(self.columns) - 1)])]
        lines += [row(cells) for cells in self.rows]
        lines += [""] * bool(self.claims)
        lines += [f"- {'Holds' if holds else '**Does not hold**'}: {claim}" for claim, holds in self.claims]
        return "\n".join(lines) + "\n"


def row(cells: Sequence[object]) -> str:
    """One line of a table; a number with as many decimals as say something."""
    return "| " + " | ".join(shown(cell) for cell in cells) + " |"


def shown(cell: object) -> str:
    """A cell in words."""
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"


def machine() -> str:
    """When and on what: times without this say nothing."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory:.0f} GB memory, "
        f"Python {platform.python_version()}."
    )


def keep(name: str, table: Table) -> None:
    """Put the table into RESULTS.md in the place of the one before it with the same name."""
    whole = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    section = begin + table.markdown() + end
    found = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    there = found.search(whole)
    whole = found.sub(lambda _match: section, whole) if there else f"{whole.rstrip()}\n\n{section}"
    RESULTS.write_text(whole, encoding="utf-8")
