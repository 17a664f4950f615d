"""What breaks the rules of the house: insult, harassment and sexism, coarse language, pornography (D68, D71).

Harsh words about a decision or about the municipality are criticism and stay; these rules look for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from uppsikt.text.finding import Finding
from uppsikt.text.names import ALSO_WORDS, first_names
from uppsikt.text.passage import NOT, Claim, Mark, Passage, Word
from uppsikt.text.small import SELF, YOU

BY = ("house", "2")
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
    r"https?:|www\.|\.com\b|@"
    r"|\b(?:dm|pm|snap|snapchat|kontakta|skriv till mig|min profil|profilen|klicka|länk|länken)\b"
)
THROWN_WORDS = 2
ALONE_WORDS = 3
OF_LOOKS = frozenset("ful fula äcklig äckliga vidrig vidriga".split())
SWEARS = frozenset("jävla djävla jäkla förbannade satans helvetes äckliga fucking".split())
# Groups whose names are ordinary words too.
AMBIGUOUS = frozenset("svarta finnar kristna".split())
THAT = frozenset("den det de dom där".split())
SCORNED = frozenset("lilla lille jävla djävla dumma feta gamla fula äckliga satans lata falska där".split())
DEFINITE = ("n", "t", "na")
PLACE_WORDS = 4
FAR_VERB = 8
OF_THE_HOUSE = frozenset("på i hos från allihop allihopa allesammans".split())
POINTS = {"oath_1": 1, "oath_2": 2, "oath_4": 4}
IS = frozenset("är e ä var blir verkar".split())
# Weak words that insult only when said to somebody's face: "du är dum", and not "dum idé".
WEAK = frozenset(
    """dum dumma ful fula korkad korkade patetisk patetiska vidrig vidriga äcklig äckliga värdelös värdelösa blåst
    obegåvad obegåvade puckad puckade""".split()
)
STRENGTH = frozenset(
    """så jävla jävligt bara ju en ett två totalt helt väldigt riktigt verkligen rent ut sagt inget annat än
    fan väl""".split()
)
POINTED = frozenset(
    "din ditt dina era vilken vilket vilka jävla djävla jäkla förbannade satans helvetes fucking".split()
)


def insult(passage: Passage) -> Iterator[Finding]:
    """A person is called something: "du är en …", "din …", "rektorn är en …", or jeered at in a saying."""
    for mark in passage.tagged("insult", "invective", "mocked"):
        about = _about(passage, mark)
        # "Ni är ett skämt" is said of the house, not of anybody in it.
        of_house = about is not None and mark.tag == "mocked" and passage.said(about) == "ni"
        if about and not of_house and not _excused(passage, mark, about):
            yield passage.finding(INSULT, about, mark)
    for mark in passage.tagged("accused"):
        about = _about(passage, mark)
        if about and about is not mark and passage.said(about) != "ni" and not _excused(passage, mark, about):
            yield passage.finding(ACCUSED, about, mark)
    for mark in passage.tagged("jeer"):
        of_self = SELF & set(passage.before(mark, 4)) and not YOU & passage.sentence(mark)
        if not (of_self or passage.told(mark)):
            yield passage.finding(INSULT, mark)


def _about(passage: Passage, mark: Mark) -> Mark | None:
    """Whom the word is said of: the mark of that person, the word's own where it is thrown, or None."""
    ahead = passage.before(mark, 6)
    weak = mark.tag == "mocked" or passage.said(mark) in WEAK
    if _pointed_at(passage, mark, ahead, weak=weak):
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
        return person or _placed(passage, index) or (None if weak else _spoken_to(passage, index))
    return None if weak or not _thrown(passage, mark) else mark


def _pointed_at(passage: Passage, mark: Mark, ahead: list[str], *, weak: bool) -> bool:
    """Whether a word before points: "din jävla …", "vilken …", "den lilla …an"."""
    pointed = POINTED & set(ahead[-3:])
    if mark.tag == "mocked" and ahead[-1:] and ahead[-1] in {"din", "ditt"}:
        return True
    if weak:
        return False
    if pointed and not {"som", "om"} & set(ahead[-2:]):
        return True
    scorned = len(ahead) > 1 and ahead[-1] in SCORNED and ahead[-2] in THAT
    return bool(ahead) and (ahead[-1] in THAT or scorned) and passage.said(mark).endswith(DEFINITE)


def _thrown(passage: Passage, mark: Mark) -> bool:
    """Whether the word is thrown without a verb: "…!", "… på tekniska", "du fattar inget, …", "… som du"."""
    after = passage.after(mark, 2)
    alone = passage.first_in_clause(mark) and len(passage.sentence(mark)) <= THROWN_WORDS
    called = passage.text[: mark.start].rstrip().endswith(",") and not after and bool(YOU & passage.sentence(mark))
    housed = mark.tag == "invective" and not passage.before(mark, 1) and bool(after) and after[0] in OF_THE_HOUSE
    likened = len(after) > 1 and after[0] == "som" and after[1] in YOU | {"han", "hon", "henne", "honom"}
    return alone or called or housed or likened


def _spoken_to(passage: Passage, verb: int) -> Mark | None:
    """Those spoken to, with a clause between them and their verb: "ni som jobbar där är …"."""
    for at in range(max(0, verb - FAR_VERB), verb - 1):
        word, after = passage.words[at], passage.words[at + 1]
        if word.text in {"ni", "du"} and after.text == "som" and word.sentence == passage.words[verb].sentence:
            return passage.word_mark(at)
    return None


def _person_at(passage: Passage, index: int, *, weak: bool) -> Mark | None:
    if not 0 <= index < len(passage.words):
        return None
    word = passage.words[index]
    if word.text in YOU | {"han", "hon"}:
        return Mark("you", word.start, word.end, index, index, word.sentence)
    for mark in passage.tagged("role"):
        if mark.first <= index <= mark.last and word.text not in {"man", "människor", "människa"}:
            return mark
    if _first_name(passage, index) or (not weak and index > 0 and _is_name(passage, index)):
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


def _first_name(passage: Passage, index: int) -> bool:
    """A common first name with a capital, wherever it stands."""
    word = passage.words[index]
    return word.text in first_names() - ALSO_WORDS and _capital(passage, word)


def _is_name(passage: Passage, index: int) -> bool:
    """A word with a capital that opens no sentence."""
    word = passage.words[index]
    if word.sentence != passage.words[index - 1].sentence:
        return False
    return _capital(passage, word)


def _capital(passage: Passage, word: Word) -> bool:
    at = word.start if passage.back is None else passage.back[word.start]
    written = passage.prepared.plain[at : at + word.end - word.start]
    return written[:1].isupper() and not written.isupper()


def _excused(passage: Passage, mark: Mark, about: Mark) -> bool:
    """Said of oneself, denied, told of others, or of what somebody does: "du är dum om du missar det"."""
    ahead = set(passage.before(mark, 6))
    of_self = about is mark and SELF & ahead and not YOU & ahead
    next_word = set(passage.after(mark, 1))
    of_deeds = passage.said(mark) in WEAK - OF_LOOKS and {"om", "på", "att", "som"} & next_word
    # "En nolla på att sy", "mask i sagan".
    of_deeds = of_deeds or (mark.tag == "mocked" and {"på", "i", "om", "av", "att"} & next_word)
    return bool(of_self or of_deeds) or passage.denied(mark) or passage.told(mark)


def harassment(passage: Passage) -> Iterator[Finding]:
    """Ill wished to somebody, a slur, or contempt for a sex."""
    for tag, claim in (("wish_ill", HARASSMENT), ("slur", SLUR), ("sexism", SEXISM)):
        for mark in passage.tagged(tag):
            if not passage.told(mark) and not (tag != "sexism" and passage.denied(mark, 1)):
                yield passage.finding(claim, mark)
    for mark in passage.tagged("wish_ill_alone"):
        if (
            len(passage.words) <= ALONE_WORDS
            and passage.first_in_clause(mark)
            and "!" not in passage.text[: mark.start]
        ):
            yield passage.finding(HARASSMENT, mark)


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
