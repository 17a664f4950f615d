"""What breaks the rules of the house: insult, harassment and sexism, coarse language, pornography (D68, D71).

Harsh words about a decision or about the municipality are criticism and stay; these rules look for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from uppsikt.text.finding import Finding
from uppsikt.text.passage import NOT, Claim, Mark, Passage
from uppsikt.text.small import SELF, YOU

BY = ("house", "1")
INSULT = Claim("insult", 0.75, "Inlägget hånar eller smutskastar en person.", *BY)
ACCUSED = Claim("insult", 0.7, "Inlägget anklagar en person för brott eller något skamligt.", *BY)
HARASSMENT = Claim("harassment", 0.85, "Inlägget trakasserar någon eller önskar någon illa.", *BY)
SLUR = Claim("harassment", 0.75, "Inlägget har ett nedsättande ord för en grupp människor.", *BY)
SEXISM = Claim("harassment", 0.75, "Inlägget nedvärderar människor för deras kön.", *BY)
COARSE = Claim("coarse", 0.7, "Inlägget är grovt i språket.", *BY)
PORNOGRAPHY = Claim("pornography", 0.75, "Inlägget bjuder ut eller beskriver pornografi.", *BY)
# One oath is ordinary; four points are two strong ones, or one of the coarsest.
COARSE_POINTS = 4
# A text with fewer points than one for so many words is civil on the whole.
WORDS_A_POINT = 15
SUREST = 0.9
LINKED = re.compile(
    r"https?:|www\.|\.com\b|@|\b(?:dm|pm|snap|snapchat|kontakta|skriv till mig|min profil|klicka|länken)\b"
)
THROWN_WORDS = 2
OF_LOOKS = frozenset("ful fula äcklig äckliga vidrig vidriga".split())
SWEARS = frozenset("jävla djävla jäkla förbannade satans helvetes äckliga fucking".split())
# Groups whose names are ordinary words too.
AMBIGUOUS = frozenset("svarta finnar kristna".split())
THAT = frozenset("den det de dom där".split())
DEFINITE = ("n", "t", "na")
PLACE_WORDS = 4
POINTS = {"oath_1": 1, "oath_2": 2, "oath_4": 4}
IS = frozenset("är e ä var blir verkar".split())
# Weak words that insult only when said to somebody's face: "du är dum", and not "dum idé".
WEAK = frozenset(
    """dum dumma ful fula korkad korkade patetisk patetiska vidrig vidriga äcklig äckliga värdelös värdelösa blåst
    obegåvad obegåvade puckad puckade""".split()
)
STRENGTH = frozenset("så jävla jävligt bara ju en ett två totalt helt väldigt riktigt verkligen rent ut sagt".split())
POINTED = frozenset("din ditt dina era vilken vilka jävla djävla jäkla förbannade satans helvetes fucking".split())


def insult(passage: Passage) -> Iterator[Finding]:
    """A person is called something: "du är en …", "din …", "rektorn är en …"."""
    for mark in passage.tagged("insult"):
        about = _about(passage, mark)
        if about and not _excused(passage, mark, about):
            yield passage.finding(INSULT, about, mark)
    for mark in passage.tagged("accused"):
        about = _about(passage, mark)
        if about and about is not mark and passage.said(about) != "ni" and not _excused(passage, mark, about):
            yield passage.finding(ACCUSED, about, mark)


def _about(passage: Passage, mark: Mark) -> Mark | None:
    """Whom the word is said of: the mark of that person, the word's own where it is thrown, or None."""
    ahead = passage.before(mark, 6)
    word = passage.said(mark)
    pointed = next((at for at, one in enumerate(reversed(ahead[-3:])) if one in POINTED), None)
    weak = word in WEAK
    if pointed is not None and not weak and not {"som", "om"} & set(ahead[-2:]):
        return mark
    if not weak and ahead[-1:] and ahead[-1] in THAT and word.endswith(DEFINITE):
        return mark
    for at in range(len(ahead) - 1, -1, -1):
        # "ni är så jävla dumma": the verb, with a person just before it and nothing but strength between.
        if ahead[at] not in IS:
            continue
        between = set(ahead[at + 1 :])
        index = mark.first - len(ahead) + at
        if not between <= STRENGTH | POINTED | {"otroligt", "säkert", "som"} and weak:
            return None
        person = _person_at(passage, index - 1, weak=weak) or _person_at(passage, index + 1, weak=weak)
        return person or _placed(passage, index)
    thrown = passage.first_in_clause(mark) and len(passage.sentence(mark)) <= THROWN_WORDS
    return mark if thrown and not weak else None


def _person_at(passage: Passage, index: int, *, weak: bool) -> Mark | None:
    if not 0 <= index < len(passage.words):
        return None
    word = passage.words[index]
    if word.text in YOU | {"han", "hon"}:
        return Mark("you", word.start, word.end, index, index, word.sentence)
    for mark in passage.tagged("role"):
        if mark.first <= index <= mark.last and word.text not in {"man", "människor", "människa"}:
            return mark
    if not weak and index > 0 and _is_name(passage, index):
        return Mark("name", word.start, word.end, index, index, word.sentence)
    return None


def _placed(passage: Passage, verb: int) -> Mark | None:
    """A person with a place after: "chefen på tekniska är"."""
    nearby = range(max(0, verb - PLACE_WORDS - 1), verb)
    named = [at for at in nearby if passage.words[at].text in {"han", "hon"} or (at and _is_name(passage, at))]
    for mark in (*passage.tagged("role"), *(passage.word_mark(at) for at in named)):
        between = [word.text for word in passage.words[mark.last + 1 : verb]]
        if 1 < len(between) <= PLACE_WORDS and between[0] in {"på", "i", "för", "hos", "vid"}:
            return mark if mark.sentence == passage.words[verb].sentence else None
    return None


def _is_name(passage: Passage, index: int) -> bool:
    """A word with a capital that opens no sentence."""
    word = passage.words[index]
    if word.sentence != passage.words[index - 1].sentence:
        return False
    at = word.start if passage.back is None else passage.back[word.start]
    written = passage.prepared.plain[at : at + word.end - word.start]
    return written[:1].isupper() and not written.isupper()


def _excused(passage: Passage, mark: Mark, about: Mark) -> bool:
    """Said of oneself, denied, told of others, or of what somebody does: "du är dum om du missar det"."""
    ahead = set(passage.before(mark, 6))
    of_self = about is mark and SELF & ahead and not YOU & ahead
    of_deeds = passage.said(mark) in WEAK - OF_LOOKS and {"om", "på", "att", "som"} & set(passage.after(mark, 1))
    return bool(of_self or of_deeds) or passage.denied(mark) or passage.told(mark)


def harassment(passage: Passage) -> Iterator[Finding]:
    """Ill wished to somebody, a slur, or contempt for a sex."""
    for tag, claim in (("wish_ill", HARASSMENT), ("slur", SLUR), ("sexism", SEXISM)):
        for mark in passage.tagged(tag):
            if not passage.told(mark) and not (tag != "sexism" and passage.denied(mark, 1)):
                yield passage.finding(claim, mark)


def sworn_at(passage: Passage) -> Iterator[Finding]:
    """A group sworn at: "jävla …"."""
    for mark in passage.tagged("group"):
        sworn = SWEARS & set(passage.before(mark, 1)) and passage.said(mark) not in AMBIGUOUS
        if sworn and not passage.told(mark):
            yield passage.finding(SLUR, mark)


def coarse(passage: Passage) -> Iterator[Finding]:
    """Oaths and words of the body, as many as make a text coarse; one finding from the first to the last."""
    sworn: dict[int, Mark] = {}
    for mark in sorted(passage.tagged(*POINTS), key=lambda mark: POINTS[mark.tag]):
        sworn[mark.first] = mark
    points = sum(POINTS[mark.tag] for mark in sworn.values())
    if points < COARSE_POINTS or all(passage.told(mark) for mark in sworn.values()):
        return
    if points * WORDS_A_POINT < len(passage.words):
        return
    marks = sorted(sworn.values(), key=lambda mark: mark.first)
    worst = max(marks, key=lambda mark: POINTS[mark.tag])
    near = [mark for mark in marks if mark.sentence == worst.sentence]
    yield passage.finding(COARSE, near[0], near[-1], score=min(SUREST, COARSE.score + (points - COARSE_POINTS) / 20))


def pornography(passage: Passage) -> Iterator[Finding]:
    """Offered, linked to, or told in the words of such offers; not talked about."""
    about = passage.tagged("porn_about")
    linked = LINKED.search(passage.text)
    for mark in passage.tagged("porn"):
        words = passage.said(mark)
        if about or passage.told(mark) or NOT & set(passage.before(mark, 3)):
            continue
        if linked or " " in words:
            yield passage.finding(PORNOGRAPHY, mark)
    for mark in passage.tagged("porn_act"):
        if not about and not passage.told(mark):
            yield passage.finding(PORNOGRAPHY, mark)


RULES: tuple[Callable[[Passage], Iterator[Finding]], ...] = (insult, harassment, sworn_at, coarse, pornography)
