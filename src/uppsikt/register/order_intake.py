"""Orders as an outside e-service sends them: our own JSON, or Open ePlatform's XML. Plain Python.

Whatever comes is a stranger's: nothing is fetched, nothing is expanded, everything has a most (D10).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

MOST_BYTES: Final = 256 * 1024
DEEPEST: Final = 40
MOST_ELEMENTS: Final = 5000
LONGEST: Final = 8000
LONGEST_NUMBER: Final = 80
# What an order can bring, and the names that a form's designer may have given it in Swedish.
NAMES: Final[Mapping[str, str]] = {
    "unit": "unit", "enhet": "unit",
    "network": "network", "nat": "network", "natverk": "network",
    "name": "name", "namn": "name", "kontonamn": "name",
    "subject": "subject", "amne": "subject",
    "purpose": "purpose", "syfte": "purpose",
    "goals": "goals", "mal": "goals",
    "audience": "audience", "malgrupp": "audience",
    "why_not_central": "why_not_central", "varforintecentral": "why_not_central", "centralkanal": "why_not_central",
    "responsible": "responsible", "ansvarig": "responsible",
    "second": "second", "andraadministrator": "second",
    "hours_a_week": "hours_a_week", "timmar": "hours_a_week", "timmariveckan": "hours_a_week",
    "days_between_posts": "days_between_posts", "dagarmellaninlagg": "days_between_posts",
    "upkeep": "upkeep", "skotsel": "upkeep",
    "contact_email": "contact_email", "epost": "contact_email",
    "contact_phone": "contact_phone", "telefon": "contact_phone",
    "contact_page": "contact_page", "kontaktsida": "contact_page",
    "terms_read": "terms_read", "villkor": "terms_read",
}  # fmt: skip  # a table, read as one
FIELDS: Final = frozenset(NAMES.values())
YES: Final = frozenset({"true", "yes", "ja", "1", "on", "x"})
PLAIN: Final = str.maketrans("åäöéÅÄÖÉ", "aaoeaaoe", "-_ .")


class Unreadable(Exception):
    """It is no order that can be read; `code`: too_large, not_json, not_xml, unsafe_xml, not_an_order, no_number."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Outside:
    """An order as it came: from which e-service, its number there, who sent it, and what it says by our names."""

    source: str
    number: str
    orderer: str = ""
    email: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def read_json(body: bytes) -> Outside:
    """An order in our own form (docs/reference/orders-in.md). Raises Unreadable."""
    told = parsed(body)
    if not isinstance(told, dict):
        raise Unreadable("not_an_order")
    orderer = told.get("orderer")
    who: Mapping[str, Any] = orderer if isinstance(orderer, dict) else {}
    return order(
        source=words(told.get("source")) or "json",
        number=words(told.get("number")),
        orderer=words(who.get("name")),
        email=words(who.get("email")),
        values={name: words(told[name]) for name in FIELDS if name in told},
    )


def parsed(body: bytes) -> object:
    """JSON, or Unreadable."""
    if len(body) > MOST_BYTES:
        raise Unreadable("too_large")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_json") from error


def words(value: object) -> str:
    """A value as one text; several stand on a line each. What is neither text, number nor yes and no is nothing."""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, str | int | float):
        return storable(str(value)).strip()[:LONGEST]
    if isinstance(value, list):
        return "\n".join(filter(None, map(words, value[:50])))[:LONGEST]
    return ""


def storable(text: str) -> str:
    """A text without what no database takes: zeros, and halves of signs that JSON lets one write."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def order(*, source: str, number: str, orderer: str, email: str, values: Mapping[str, str]) -> Outside:
    """An order with its number, without which nobody could tell it from another. Raises Unreadable."""
    if not number or len(number) > LONGEST_NUMBER:
        raise Unreadable("no_number")
    return Outside(source[:40], number, orderer[:120], email[:254], {k: v for k, v in values.items() if v})


@dataclass(slots=True)
class Element:
    """An element of the XML: its name without namespace, its words, and what stands below it."""

    name: str
    words: list[str] = field(default_factory=list)
    below: list[Element] = field(default_factory=list)

    def child(self, name: str) -> Element | None:
        """The first element below with the name, whatever its letters' size."""
        return next((one for one in self.below if one.name.lower() == name.lower()), None)

    def text(self, *path: str) -> str:
        """The words at the end of a path of names, or ""."""
        here: Element | None = self
        for name in path:
            here = here.child(name) if here else None
        return "".join(here.words).strip()[:LONGEST] if here else ""


def read_tree(body: bytes) -> Element:
    """XML as a tree, in whatever encoding it says (ISO-8859-1 as a rule). Raises Unreadable.

    A document type is refused as such: with it go entities, and all that is fetched or blown up by them.
    """
    if len(body) > MOST_BYTES:
        raise Unreadable("too_large")
    root = Element("")
    open_now, count = [root], 0

    def start(name: str, _attributes: object) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS or len(open_now) > DEEPEST:
            raise Unreadable("too_large")
        one = Element(name.rpartition(" ")[2])
        open_now[-1].below.append(one)
        open_now.append(one)

    def say(words: str) -> None:
        open_now[-1].words.append(words)

    def refuse(*_told: object) -> int:
        raise Unreadable("unsafe_xml")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: open_now.pop()
    parser.CharacterDataHandler = say
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable("not_xml") from error
    return root


def read_xml(body: bytes) -> Outside:
    """An order as Open ePlatform exports it: a FlowInstance with a header and values. Raises Unreadable.

    The elements under Values bear the names that the form's designer gave the questions; each holds one Value or more.
    """
    flow = read_tree(body).child("FlowInstance")
    if flow is None:
        raise Unreadable("not_an_order")
    header, values = flow.child("Header") or Element(""), flow.child("Values") or Element("")
    said: dict[str, str] = {}
    for one in values.below:
        name = NAMES.get(plain(one.name))
        answer = "\n".join(filter(None, ("".join(value.words).strip() for value in answers(one))))
        if name and answer:
            said[name] = storable(answer)[:LONGEST]
    who = " ".join(filter(None, (header.text("Poster", "Firstname"), header.text("Poster", "Lastname"))))
    number = header.text("FlowInstanceID")
    return order(
        source="openeplatform", number=number, orderer=who, email=header.text("Poster", "Email"), values=said
    )  # fmt: skip


def answers(question: Element) -> list[Element]:
    """The values of a question, one level down or two."""
    found = []
    for one in question.below:
        found += [one] if one.name == "Value" else [two for two in one.below if two.name == "Value"]
    return found


def plain(name: str) -> str:
    """A designer's name for a question without accents, size and joints: "Varför-inte-central"."""
    return name.lower().translate(PLAIN) if name.lower() not in NAMES else name.lower()
