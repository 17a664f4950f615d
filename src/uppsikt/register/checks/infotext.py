"""Whether the standing text says what it must, in whatever words (D14, D67).

The text may stand in the account's description, in its longer text, or, on a site of our own, on one of its pages. Who
sends and how they are reached is looked at with the profile. Where the text leads to the account's page in the public
list, which says everything, only that what is written becomes a public record must stand on the account itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from uppsikt.kernel.once import once
from uppsikt.policy.networks import Network
from uppsikt.records import reading
from uppsikt.records.models import Item
from uppsikt.register import hand_looks, infotext_facts, infotext_reading, profile_rules
from uppsikt.register.checks.base import Check, Fault, Subject
from uppsikt.register.infotext_composing import applies
from uppsikt.register.infotext_reading import Known

SERVICE = "Förvaltningslagen (2017:900) 6–7 §§"
DATA = "Dataskyddsförordningen (EU) 2016/679 artikel 13"
BOARDS = "Lag (1998:112) 3 §"
# Each part with the duty and the law that ask for it.
PARTS = {
    "purpose": ("D14", SERVICE),
    "replies": ("D67", SERVICE),
    "personal": ("D67", "OSL (2009:400) 5 kap. 1–2 §§; dataskyddsförordningen (EU) 2016/679 artikel 5"),
    "record": ("D67", "TF 2 kap. 4 och 9 §§"),
    "third_party": ("D67", DATA),
    "data_protection": ("D67", DATA),
    "rules": ("D68", BOARDS),
    "abuse": ("D70", "Lag (1998:112) 4–5 §§"),
    "guideline": ("D67", SERVICE),
    "opinions": ("D67", SERVICE),
}
# On a site of our own the text stands on a page; of so many of the newest, one may hold it.
OWN_SITES = frozenset({"wordpress"})
# Nothing that can be read here could hold the text.
UNSEEN = frozenset({"feed", "handed_over"})
PAGES = 30
# So few of the parts are found in any text by chance.
BY_CHANCE = 2


def text_of(subject: Subject) -> str | None:
    """What the account says, as far as the product can see; None where it cannot. Asked once in an audit."""
    return once(("standing_text", subject.channel.pk), lambda: _text_of(subject))


def _text_of(subject: Subject) -> str | None:
    if subject.channel.network in UNSEEN:
        return None
    shown = profile_rules.seen_parts(subject.profile)
    if not any(shown.values()):
        return None
    texts = [shown["description"], shown["about"]]
    if subject.channel.network in OWN_SITES:
        pages = Item.objects.filter(channel=subject.channel, kind="page", state="visible")
        rows = reading.readable(pages, reading.OPEN).order_by("-at", "-id").values_list("version__text", flat=True)
        texts += [text or "" for text in rows[:PAGES]]
    return "\n".join(texts)


@lru_cache(maxsize=64)
def _found(text: str, known: Known) -> frozenset[str]:
    return infotext_reading.parts(text, known)


def missing(subject: Subject) -> frozenset[str]:
    """The parts that are to stand there and do not; all of them where next to nothing does."""
    text = text_of(subject)
    if text is None:
        return frozenset()
    network, known = infotext_facts.network_of(subject.channel), infotext_facts.known(subject.channel)
    found = _found(text, known)
    asked = frozenset(PARTS) & frozenset(applies(network))
    if leads_on(text, found, network, known):
        asked = frozenset({"record"})
    lacking = asked - found
    return asked if len(asked - lacking) < BY_CHANCE < len(asked) else lacking


def leads_on(text: str, found: frozenset[str], network: Network, known: Known) -> bool:
    """Whether the text leads to the account's page in the public list: by its address, or by the profile's link."""
    words = text.casefold()
    return any(page.casefold() in words for page in known.pages) or (network.has_link and "more" in found)


def sees(subject: Subject) -> bool:
    """Whether it is known what the account says; where nothing could hold a text there is nothing to see."""
    if subject.channel.network in UNSEEN:
        return True
    fresh = subject.channel.connected_at is not None or hand_looks.is_fresh(subject.looked, at=subject.at)
    return fresh and any(profile_rules.seen_parts(subject.profile).values())


def nothing(subject: Subject) -> list[Fault]:
    """There is no standing text at all: one fault, not ten."""
    lacking = missing(subject)
    return [Fault()] if _is_all(subject, lacking) else []


def _is_all(subject: Subject, lacking: frozenset[str]) -> bool:
    asked = frozenset(PARTS) & frozenset(applies(infotext_facts.network_of(subject.channel)))
    return lacking == asked


def lacks(part: str) -> Callable[[Subject], list[Fault]]:
    """A look for one part of a text that is there."""

    def look(subject: Subject) -> list[Fault]:
        lacking = missing(subject)
        return [Fault()] if part in lacking and not _is_all(subject, lacking) else []

    return look


CHECKS: tuple[Check, ...] = (
    Check("infotext.none", "D67", SERVICE, nothing, sees=sees),
    *(Check(f"infotext.{part}", duty, law, lacks(part), sees=sees) for part, (duty, law) in PARTS.items()),
)
