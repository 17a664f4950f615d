"""What an account must show of itself, as functions over its texts; and what counts as another profile. Plain Python.

All comparing is done on folded text: no difference between capitals, signs of another width or composed letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from math import ceil
from urllib.parse import urlsplit

# What people see of an account, in the order in which a change is told. The picture itself is kept beside them.
PARTS = ("name", "description", "about", "address", "picture")

WORD = re.compile(r"\w+")
# Words that name no municipality and no unit.
COMMON = frozenset(
    {
        *("kommun", "kommuns", "kommunens", "kommunen", "stad", "stads", "staden", "region", "enhet", "enheten"),
        *("förvaltning", "förvaltningen", "avdelning", "avdelningen", "verksamhet", "verksamheten"),
        *("i", "och", "för", "av", "på", "till", "med", "hos", "den", "det", "the", "of", "and", "for"),
    }
)
# What a unit's name often ends with, which its account leaves out: "kommunikationsenheten", "parkförvaltningen".
ENDINGS = ("enheten", "enhet", "avdelningen", "förvaltningen", "verksamheten", "kontoret", "nämnden", "sektionen")
# From this length a name is found inside a longer word too ("#SollundaBibliotek"); a shorter one stands by itself.
LONG, SHORT_STEM = 5, 4
LEAST_DIGITS = 7

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# On one line: under the number there often stands a postcode.
PHONE = re.compile(r"(?<![\w/.-])(?:\+\d{1,3}|00\d{1,3}|0\d)(?:[^\S\n]|[\d()/–-]){5,16}\d(?!\w)")
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+|(?<![@\w.])[\w-]+(?:\.[\w-]+)*\.(?:se|nu|com|org|net|eu|fi)\b(?:/[^\s<>\"]*)?"
)
IDENT = re.compile(r"[?&]id=(\w+)", re.ASCII)


def fold(text: str) -> str:
    """A text as it is compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def significant(name: str) -> list[str]:
    """The words of a name that tell it from others."""
    return [word for word in WORD.findall(fold(name)) if word not in COMMON and len(word) > 1]


def shows_municipality(text: str, municipality: str) -> bool:
    """Whether a text names the municipality: "Sollunda", "Sollundas bibliotek". True where its name is not known.

    Many are called by the genitive, "Hallstahammars kommun", and their accounts by the place, "Hallstahammar".
    """
    words = significant(municipality)
    if not words:
        return True
    folded = fold(text)
    return all(_names(folded, word) or _names(folded, word.removesuffix("s")) for word in words)


def _names(text: str, word: str) -> bool:
    if len(word) >= LONG:
        return word in text
    return any(token in {word, f"{word}s"} for token in WORD.findall(text))


def shows_unit(text: str, unit: str) -> bool:
    """Whether a text names the unit, in any of its forms: at least half of the words that tell it from others.

    "Biblioteket" is named by "Bibliotek i Sollunda", "Gatu- och parkenheten" by "Parkerna och gatorna".
    """
    stems = [stem(word) for word in significant(unit)]
    if not stems:
        return True
    folded = fold(text)
    words = WORD.findall(folded)
    return sum(_begins(folded, words, one) for one in stems) >= ceil(len(stems) / 2)


def _begins(text: str, words: list[str], stem_: str) -> bool:
    if len(stem_) >= LONG:
        return stem_ in text
    if len(stem_) >= SHORT_STEM:
        return any(word.startswith(stem_) for word in words)
    return stem_ in words


def stem(word: str) -> str:
    """What is left of a unit's word without its endings: "biblioteket" → "bibliot", "parkenheten" → "park"."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORT_STEM - 1:
            return word[: -len(ending)].rstrip("s")
    return word[: max(SHORT_STEM, len(word) - 4)] if len(word) > SHORT_STEM else word


def digits(number: str) -> str:
    """A telephone number as it is compared: its digits, without the country's number or the first zero."""
    plain = re.sub(r"\D", "", number.replace("(0)", ""))
    if number.strip().startswith("+"):
        plain = plain.removeprefix("46")
    elif plain.startswith("0046"):
        plain = plain.removeprefix("0046")
    return plain.removeprefix("0")


def page(address: str) -> str:
    """A web address as it is compared: host and path, without the scheme, "www." and what comes after."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:
        return fold(address)
    return fold(parts.netloc.rpartition("@")[2].removeprefix("www.") + parts.path.rstrip("/.,;:)"))


def contacts(text: str) -> dict[str, list[str]]:
    """The contact facts that a text gives: "email", "phone", "page", each as it is written there."""
    found = {"email": [one.rstrip(".") for one in EMAIL.findall(text)]}
    rest = EMAIL.sub(" ", text)
    found["page"] = [one.rstrip(".,;:)") for one in LINK.findall(rest)]
    numbers = [one.strip() for one in PHONE.findall(LINK.sub(" ", rest))]
    found["phone"] = [one for one in numbers if len(re.sub(r"\D", "", one)) >= LEAST_DIGITS]
    return found


def wrong_contacts(text: str, *, email: str, phone: str, link: str) -> list[str]:
    """The contact facts in a text that are others than those of the register; what the register lacks is not judged.

    Beside the right one others may stand: the switchboard, a duty phone. Of addresses on the web only those on the
    same host are judged: a text may link to much.
    """
    found = contacts(text)
    wrong: list[str] = []
    if email and fold(email) not in map(fold, found["email"]):
        wrong += found["email"]
    if phone and digits(phone) and not any(_holds(one, digits(phone)) for one in found["phone"]):
        wrong += found["phone"]
    if link and not email and not phone:
        own = page(link)
        host = own.partition("/")[0]
        pages = [one for one in found["page"] if page(one).partition("/")[0] == host]
        if pages and all(page(one) not in {own, host} for one in pages):
            wrong += pages
    return list(dict.fromkeys(wrong))


def _holds(number: str, known: str) -> bool:
    """Whether a number is the one that is known, alone or with something else in figures on the same line."""
    parts = number.split()
    ends = range(1, len(parts) + 1)
    return any(digits(" ".join(parts[first:last])) == known for last in ends for first in range(last))


def same_account(one: str, other: str) -> bool:
    """Whether two addresses lead to the same account: the scheme, "www.", a slash at the end tell nothing apart.

    Of what stands after the question mark only a number that is the account's own counts (profile.php?id=1000).
    """
    return page(one) == page(other) and ident(one) == ident(other)


def ident(address: str) -> str:
    """The account's own number in an address, "" where it has none."""
    found = IDENT.search(address)
    return found[1] if found else ""


def seen_parts(profile: Mapping[str, object]) -> dict[str, str]:
    """Of a profile, what people see of the account."""
    return {part: str(profile.get(part) or "") for part in PARTS}


def changed(before: Mapping[str, str], after: Mapping[str, str], *, same_picture: bool | None) -> list[str]:
    """The parts that are others than they were.

    `same_picture` says whether the picture itself is the same, None where that is not known: networks give the same
    picture a new address each day, and the picture's own word goes before that of its address.
    """
    parts = [part for part in PARTS if part != "picture" and (before.get(part) or "") != (after.get(part) or "")]
    other = (before.get("picture") or "") != (after.get("picture") or "") if same_picture is None else not same_picture
    return [*parts, "picture"] if other else parts
