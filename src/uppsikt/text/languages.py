"""Which language a text is in: one of those that people write to us in, or "und" rather than a wrong guess (D66).

py3langid counts letters; it is held to our languages and to those that it else takes them for. A text in one of the
latter, a very short one, and one that could be two languages is "und".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

OURS = frozenset({"sv", "fi", "en", "no", "da", "de", "ar", "so", "se"})
UNKNOWN = "und"
# Also written in Sweden, or alike: a text in one of these is no doubtful case of ours.
OTHERS = frozenset(
    "nn is fo nl fy af et pl ru uk sr bs hr sq tr ku fa ps ur es fr it pt ro hu el th vi zh sw am om".split()
)
SAME = {"nn": "no"}
LEAST_LETTERS = 12
SURE_ENOUGH = 0.85
LONGEST = 2_000
NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|[\d_]+")
WORD = re.compile(r"[^\W\d_]+")
# Words that only one of our languages has, for texts too short to count letters in.
TELLING: dict[str, frozenset[str]] = {
    "sv": frozenset(
        "och inte är jag från eller också även mycket något någon nån vad hej tack snälla när på för att öppet öppnar "
        "stängt vilken varför ingen bra jättebra fint ni era kan ska vill måste kommunen skolan".split()
    ),
    "no": frozenset("ikke jeg hva og noen også mye fra når hvorfor hvor dere takk åpner barnehage".split()),
    "da": frozenset("ikke jeg hvad og nogen også meget fra hvornår hvorfor hvor tak åbner lukker børnehave".split()),
    "fi": frozenset(
        "ja ei minä kiitos onko mitä missä milloin kunta hei hyvä päivää auki kirjasto koulu ovatko".split()
    ),
    "en": frozenset(
        "the and is are what when where please thanks thank you hello open closed this with for not".split()
    ),
    "de": frozenset("und nicht ich ist danke bitte wann wo das die der haben geöffnet schule".split()),
    "so": frozenset("iyo waa waxaan mahadsanid maxay ayaa laakiin goorma xagee".split()),
    "se": frozenset("ja lea bures giitu leat mii goas gos skuvla gielda dat".split()),
}


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its ISO 639 code ("und" where it cannot be told), and how sure that is (0 to 1)."""

    code: str
    score: float


def language(text: str) -> Language:
    """The language of a text. Links, addresses, numbers and names with @ or # tell nothing and are left out."""
    words = WORD.findall(NOISE.sub(" ", text[:LONGEST]))
    plain = " ".join(words)
    if sum(map(len, words)) < LEAST_LETTERS:
        return _by_words(words)
    found: dict[str, float] = {}
    for label, part in _identifier().rank(plain.lower()):
        code = SAME.get(label, label)
        found[code] = found.get(code, 0.0) + float(part)
    best = max(found, key=lambda code: found[code])
    score = round(min(found[best], 1.0), 3)
    told = _by_words(words)
    if told.code != UNKNOWN and (score < SURE_ENOUGH or (best != told.code and told.score > SURE_ENOUGH)):
        return told
    if best not in OURS or score < SURE_ENOUGH:
        return Language(UNKNOWN, score)
    return Language(best, score)


def _by_words(words: list[str]) -> Language:
    """By the words that only one language has: at least two of them, or all there are, and none of another's."""
    lower = {word.lower() for word in words}
    hits = {code: len(lower & telling) for code, telling in TELLING.items()}
    best = max(hits, key=lambda code: hits[code])
    rivals = [count for code, count in hits.items() if code != best]
    if hits[best] == 0 or max(rivals) >= hits[best] or (hits[best] == 1 and len(lower) > 1):
        return Language(UNKNOWN, 0.0)
    return Language(best, 0.7 if max(rivals) or hits[best] == 1 else 0.9)


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(OURS | OTHERS))
    return identifier
