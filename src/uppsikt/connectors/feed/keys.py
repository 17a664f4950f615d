"""Which entry is which: keys that stay the same though ids, permalinks and tracking parameters change.

An id is believed where it can be. Two entries of one answer with the same id are two. An entry that stands in a new
answer under a new id, its date and its address or title unchanged, while its old id is no longer there, is the same.
What is needed for that, of the newest reading only, travels in the cursor.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from uppsikt.connectors.feed.documents import Entry

LONGEST: Final = 200
MOST_REMEMBERED: Final = 500
PARTS: Final = 4
_TRACKING = re.compile(
    r"utm_\w+|at_\w+|pk_\w+|mtm_\w+|mc_[ce]id|fbclid|gclid|dclid|msclkid|igshid|yclid|_ga|_gl|ref_src|xtor|cmpid|wt\.\w+"
    r"|phpsessid|jsessionid|aspsessionid\w*|sessionid|sid",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_TRACKING_FRAGMENT = re.compile(r"(?:xtor|utm_|ref=|at_|fbclid)", re.IGNORECASE)


def normal(address: str) -> str:
    """An address without what differs between two ways of writing it: scheme, tracking, sessions, last slash.

    Never asked for; only compared.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return address.strip()
    if not host:
        return address.strip()
    asked = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
    ]
    path = _SESSION.sub("", parts.path).rstrip("/")
    shown = "" if port in (None, 80, 443) else f":{port}"
    fragment = "" if not parts.fragment or _TRACKING_FRAGMENT.match(parts.fragment) else f"#{parts.fragment}"
    return f"{host}{shown}{path}{'?' + urlencode(asked) if asked else ''}{fragment}"


def short(text: str) -> str:
    """A few signs that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def of(kind: str, entry: Entry) -> str:
    """The key that an entry has by itself: its id, else its address, file, title with date, or words."""
    files = [one.address for one in entry.files]
    if entry.id:
        key = normal(entry.id) if "://" in entry.id[:12] else entry.id
    elif entry.link:
        key = "link:" + normal(entry.link)
    elif files:
        key = "file:" + normal(files[0])
    elif entry.title and entry.published:
        key = "said:" + short(f"{entry.title}\n{entry.published}")
    else:
        key = "text:" + short(f"{entry.title}\n{entry.html or entry.plain}")
    return (
        f"{kind}/{key}"
        if len(key) <= LONGEST
        else f"{kind}/sha256:{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"
    )


def variant(entry: Entry) -> str:
    """What tells entries apart that bear the same id."""
    files = [one.address for one in entry.files]
    if entry.link or files:
        return short(normal(entry.link or files[0]))
    return short(f"{entry.title}\n{entry.published}")


def traits(entry: Entry) -> list[str]:
    """Address, title and date, each as a few signs or ""."""
    address = normal(entry.link) if entry.link else ""
    return [short(one) if one else "" for one in (address, entry.title, entry.published)]


@dataclass(slots=True)
class Memory:
    """What one feed's newest reading showed. `rows` are [key, address, title, date]; they outlive an `empty` one.

    `shared` maps an id that several entries bear to the variant whose key it is; `other` maps a new key to the old.
    """

    rows: list[list[str]] = field(default_factory=list)
    empty: bool = False
    shared: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Any) -> Memory:
        """From the cursor."""
        told = told if isinstance(told, Mapping) else {}
        rows = [
            [str(part) for part in row] for row in told.get("rows", []) if isinstance(row, list) and len(row) == PARTS
        ]
        return cls(rows, bool(told.get("empty")), dict(told.get("shared", {})), dict(told.get("other", {})))

    def kept(self) -> dict[str, Any]:
        """For the cursor."""
        return {"rows": list(self.rows), "empty": self.empty, "shared": dict(self.shared), "other": dict(self.other)}

    @property
    def keys(self) -> set[str]:
        """The keys of the newest reading that showed any."""
        return {row[0] for row in self.rows}

    @property
    def shown(self) -> set[str]:
        """The keys that the newest reading showed, as far as they are remembered."""
        return set() if self.empty else self.keys

    def remember(self, keyed: Sequence[tuple[str, Entry]]) -> None:
        """Take a reading of the feed's first page as the newest; after an empty one entries are still known again."""
        self.empty = not keyed
        if self.empty:
            return
        self.rows = [[key, *traits(entry)] for key, entry in keyed[:MOST_REMEMBERED]]
        self.other = dict(list(self.other.items())[-MOST_REMEMBERED:])
        self.shared = dict(list(self.shared.items())[-MOST_REMEMBERED:])

    def assign(self, kind: str, entries: Iterable[Entry], *, newest: bool = True) -> list[tuple[str, Entry]]:
        """Give each entry of one answer its key; what is there twice word for word is kept once.

        `newest` says that this is the feed's first page: only there is an entry known again by other than its id.
        """
        listed = list(entries)
        plain = [of(kind, entry) for entry in listed]
        self._find_shared(plain, listed)
        fresh = [one for key, one in zip(plain, listed, strict=True) if key not in self.keys]
        back = self._backwards(set(plain), fresh) if newest else {}
        given: dict[str, Entry] = {}
        for key, entry in zip(plain, listed, strict=True):
            own = self._own(key, entry, back)
            if own in given:
                if _same(given[own], entry):
                    continue
                own = f"{own}#{short(entry.title + entry.html + entry.plain)}"
                entry.remarks.add("id_twice")
            given.setdefault(own, entry)
        return list(given.items())

    def _find_shared(self, plain: Sequence[str], listed: Sequence[Entry]) -> None:
        kinds: dict[str, list[str]] = {}
        for key, entry in zip(plain, listed, strict=True):
            kinds.setdefault(key, []).append(variant(entry))
        known = {row[0]: row[1] for row in self.rows}
        for key, variants in kinds.items():
            if len(set(variants)) > 1 and key not in self.shared:
                # The oldest stands last in most feeds; one that we hold already keeps its key.
                held = known.get(self.other.get(key, key), "")
                self.shared[key] = held if held in variants else variants[-1]

    def _own(self, key: str, entry: Entry, back: Mapping[int, str]) -> str:
        if key in self.shared:
            entry.remarks.add("id_shared")
            told = variant(entry)
            return self.other.get(key, key) if told == self.shared[key] else f"{key}#{told}"
        if key in self.other:
            return self.other[key]
        if old := back.get(id(entry)):
            self.other[key] = old
            entry.remarks.add("id_changed")
            return old
        return key

    def _backwards(self, here: set[str], listed: Sequence[Entry]) -> dict[int, str]:
        """Entries that are new by their ids and known by two of address, title and date, with the keys they had."""
        missing = [row for row in self.rows if row[0] not in here]
        if not missing:
            return {}
        pairs = Counter(pair for row in self.rows for pair in _pairs(row[1:]))
        alike = {(of("", entry), pair) for entry in listed for pair in _pairs(traits(entry))}
        own = Counter(pair for _, pair in alike)
        known = {pair: row[0] for row in missing for pair in _pairs(row[1:]) if pairs[pair] == 1}
        taken = {old for new, old in self.other.items() if new in here}
        found: dict[int, str] = {}
        for entry in listed:
            for pair in _pairs(traits(entry)):
                old = known.get(pair)
                if old and own[pair] == 1 and old not in taken:
                    found[id(entry)] = old
                    taken.add(old)
                    break
        return found


def _pairs(told: Sequence[str]) -> list[tuple[int, str, str]]:
    address, title, date = told
    both = [(0, address, "" if date else title), (1, address, date), (2, title, date)]
    return [pair for pair in both if pair[1] and pair[2]]


def _same(one: Entry, other: Entry) -> bool:
    said = [(each.title, each.html, each.plain, each.author, each.published, each.files) for each in (one, other)]
    return said[0] == said[1]
