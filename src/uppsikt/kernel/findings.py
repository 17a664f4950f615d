"""What going through the seals can find, as data. The words for it are in kernel.seal_words. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

MOST_KEPT = 200  # of each sort; the rest is counted


class Code(StrEnum):
    """The sorts of what is wrong."""

    CHANGED_ROW = "changed_row"
    MISSING_ROW = "missing_row"
    INSERTED_ROW = "inserted_row"
    CUT_TAIL = "cut_tail"
    CHANGED_SEAL = "changed_seal"
    MISSING_SEAL = "missing_seal"
    CUT_SEALS = "cut_seals"
    OTHER_CHAIN = "other_chain"
    CHANGED_BLOB = "changed_blob"
    MISSING_BLOB = "missing_blob"
    BAD_STAMP = "bad_stamp"
    STAMP_MISMATCH = "stamp_mismatch"


class Remark(StrEnum):
    """The sorts of what is not wrong, and worth a word."""

    CLOCK_BACK = "clock_back"
    LOOSE_ROWS = "loose_rows"
    STAMP_UNCHECKED = "stamp_unchecked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: of which table (`kind`), from which row to which, or which blob (`name`); in or at which seal."""

    code: str
    kind: str = ""
    first: int = 0
    last: int = 0
    name: str = ""
    seal: int = 0
    made_at: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Finding:
        """What `as_data` wrote."""
        return cls(**data)

    def as_data(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


class Findings:
    """What was found, in order; of each sort so many are kept, and all are counted."""

    def __init__(self, found: Mapping[str, Any] | None = None) -> None:
        found = found or {}
        self.kept = [Finding.of(one) for one in found.get("kept", ())]
        self.counts: dict[str, int] = dict(found.get("counts", {}))

    def add(self, code: str, number: int = 1, **facts: Any) -> None:
        """One more; for rows that follow on each other and are the same sort, the last one is made longer."""
        seen = self.counts.get(code, 0)
        self.counts[code] = seen + number
        finding = Finding(code, **facts)
        if self.kept and self._goes_on(self.kept[-1], finding):
            old = self.kept.pop()
            finding = Finding(code, old.kind, old.first, finding.last, old.name, old.seal, old.made_at)
        elif sum(1 for one in self.kept if one.code == code) >= MOST_KEPT:
            return
        self.kept.append(finding)

    @staticmethod
    def _goes_on(old: Finding, new: Finding) -> bool:
        return bool(new.first) and (old.code, old.kind, old.last + 1) == (new.code, new.kind, new.first)

    def replace(self, old: list[Finding], new: Finding, number: int) -> None:
        """Let one finding stand for several."""
        place = self.kept.index(old[0])
        self.kept = [one for one in self.kept if one not in old]
        self.kept.insert(place, new)
        self.counts[old[0].code] = self.counts.get(old[0].code, 0) - number
        if self.counts[old[0].code] <= 0:
            del self.counts[old[0].code]
        self.counts[new.code] = self.counts.get(new.code, 0) + number

    def any(self, *codes: str) -> bool:
        """Whether one of these sorts is there; without codes, whether anything is."""
        return bool(self.counts) if not codes else any(code in self.counts for code in codes)

    def as_data(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {"kept": [one.as_data() for one in self.kept], "counts": dict(self.counts)}
