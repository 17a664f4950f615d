"""The standing text, put together so that it has room on the network (D14, D67). Plain Python.

What does not fit is first said more shortly, then left to the account's own page in the public list, to which the text
then leads. Who is behind the account, that what is written becomes a public record, and where the rest can be read
never fall away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from uppsikt.policy.networks import Network
from uppsikt.register.infotext_languages import PARTS, Language

# What no length takes away.
ALWAYS = ("sender", "record", "more")
# What falls away first stands first.
FALLS = (
    "welcome",
    "opinions",
    "guideline",
    "abuse",
    "third_party",
    "data_protection",
    "rules",
    "personal",
    "replies",
    "contact",
    "purpose",
)
# A tagline has no limit of its own, but what is longer than a search engine's line is cut by most themes.
TAGLINE = 160
LONGEST_PURPOSE = 300
NEW_LINE = "\n"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register and the policy know, to be put into words. Addresses are whole; "" where there is none."""

    municipality: str
    unit: str
    network: Network
    within_days: int
    page_url: str
    report_url: str
    rules_url: str
    guideline_url: str
    opinions_url: str
    data_protection_url: str
    subject: str = "other"
    purpose: str = ""
    email: str = ""
    phone: str = ""
    contact_page: str = ""

    @property
    def contacts(self) -> tuple[str, ...]:
        """Ways to reach those behind the account, the account's page where none is known."""
        return tuple(filter(None, (self.email, self.phone, self.contact_page))) or (self.page_url,)


@dataclass(frozen=True, slots=True)
class Said:
    """A standing text: its words, which parts stand in it, and which are left to the account's page."""

    text: str
    held: tuple[str, ...]
    left: tuple[str, ...]


class TooLong(ValueError):  # the house names errors by what went wrong
    """Not even what must stand there has room; `over` says by how many characters."""

    def __init__(self, over: int) -> None:
        super().__init__(f"{over} characters too long")
        self.over = over


def applies(network: Network) -> tuple[str, ...]:
    """The parts that an account on the network is to have: no company is behind what the municipality runs itself."""
    return tuple(part for part in PARTS if part != "more" and (part != "third_party" or network.hosts))


def fields(network: Network) -> tuple[tuple[str, int | None], ...]:
    """Where on the network the text can stand, and for how many characters there is room: the account's head first.

    "page" is the account's page in the municipality's own list, which holds everything.
    """
    head = network.limits.description or (TAGLINE if not network.hosts else None)
    longer = [(name, most) for name, most in (("about", network.limits.about), ("post", network.limits.post)) if most]
    return (("description", head), *longer, ("page", None))


def compose(language: Language, facts: Facts, most: int | None = None) -> Said:
    """The text in a language, in at most so many characters. Raises TooLong where what must stand there has no room."""
    wordings = {part: _wordings(language, facts, part) for part in (*applies(facts.network), "more")}
    everything = applies(facts.network)
    if most is None:
        return _said(everything, dict.fromkeys(everything, 0), wordings)
    for step in range(max(len(said) for said in wordings.values())):
        chosen = {part: min(step, len(wordings[part]) - 1) for part in everything}
        if part_ways := _within(everything, chosen, wordings, facts.network, most):
            return _said(everything, part_ways, wordings)
    return _shortened(wordings, everything, facts.network, most)


def _shortened(wordings: Mapping[str, tuple[str, ...]], everything: Iterable[str], network: Network, most: int) -> Said:
    """The text without what falls away first, and with the way to the rest; without the unit's name at the very last.

    A name of the account that shows the unit (D13) then says the rest of who is behind it.
    """
    for without_unit in (0, 1):
        parts = [*everything, "more"]
        for fallen in ("", *FALLS):
            if fallen in parts:
                parts.remove(fallen)
            shortest = {part: len(wordings[part]) - 1 for part in parts}
            shortest["sender"] += without_unit - 1
            if chosen := _within(parts, shortest, wordings, network, most):
                return _said(parts, chosen, wordings)
    raise TooLong(len(_text(parts, shortest, wordings)) - most)


def _within(
    parts: Iterable[str],
    chosen: Mapping[str, int],
    wordings: Mapping[str, tuple[str, ...]],
    network: Network,
    most: int,
) -> dict[str, int] | None:
    """Which wording of each part has room, as long a one as can be, the most important first; None where none has."""
    if not network.holds(_text(parts, chosen, wordings), most):
        return None
    now = dict(chosen)
    for part in (*ALWAYS, *reversed(FALLS)):
        for wording in range(now.get(part, 0)):
            tried = {**now, part: wording}
            if network.holds(_text(parts, tried, wordings), most):
                now = tried
                break
    return now


def _said(parts: Iterable[str], chosen: Mapping[str, int], wordings: Mapping[str, tuple[str, ...]]) -> Said:
    held = tuple(part for part in PARTS if part in set(parts))
    left = tuple(part for part in wordings if part not in held and part != "more")
    return Said(_text(held, chosen, wordings), held, left)


def _text(parts: Iterable[str], chosen: Mapping[str, int], wordings: Mapping[str, tuple[str, ...]]) -> str:
    held = set(parts)
    said = [wordings[part][chosen[part]] for part in PARTS if part in held]
    # What ends with an address gets a line of its own: a full stop there would become part of the address.
    lines = [words + (" " if words.endswith((".", "!", "?")) else NEW_LINE) for words in said]
    return "".join(lines).rstrip()


def _wordings(language: Language, facts: Facts, part: str) -> tuple[str, ...]:
    """A part's wordings with the facts in them, from long to short."""
    # The longest wording names all ways to reach us, the shorter ones the first.
    contacts = {0: facts.contacts}
    return tuple(
        " ".join(say.format(**_filled(language, facts, contacts.get(place, facts.contacts[:1]))).split())
        for place, say in enumerate(language.parts[part].say)
    )


def _filled(language: Language, facts: Facts, contact: tuple[str, ...]) -> dict[str, str]:
    return {
        "municipality": facts.municipality,
        "unit": facts.unit,
        "network": facts.network.name,
        "subject": language.subjects.get(facts.subject, language.subjects["other"]),
        "purpose": sentence(facts.purpose),
        "within": language.working_days(facts.within_days),
        "contact": ", ".join(contact),
        "more": language.link if facts.network.has_link else facts.page_url,
        "report_url": facts.report_url,
        "rules_url": facts.rules_url,
        "guideline_url": facts.guideline_url,
        "opinions_url": facts.opinions_url,
        "data_protection_url": facts.data_protection_url,
    }


def parts_said(language: Language, facts: Facts) -> list[tuple[str, str]]:
    """The whole text part by part, each with its heading, for a page of its own."""
    return [(language.parts[part].title, _wordings(language, facts, part)[0]) for part in applies(facts.network)]


def sentence(purpose: str) -> str:
    """A purpose as it stands in running text: one that is too long is left out, and one without a full stop gets it."""
    words = " ".join(purpose.split())
    if not words or len(words) > LONGEST_PURPOSE:
        return ""
    words = words[0].upper() + words[1:]
    return words if words.endswith((".", "!", "?")) else f"{words}."
