"""Sensitive facts about a person, and what secrecy guards (D20; GDPR articles 9 and 10; OSL).

Illness, faith, party, union, origin, whom somebody loves, and what social services and courts decide are talked of
every day and may be: it is a finding only when the sentence ties it to somebody, the writer included. "Elever med
autism" is nobody, "min son med autism" is somebody. Words: `lexicons/facts.txt`, `persons.txt` and `names.txt`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from uppsikt.text.finding import Finding
from uppsikt.text.lexical import pieces
from uppsikt.text.lexicon import Lexicon, read_lists
from uppsikt.text.names import ALSO_WORDS, first_names
from uppsikt.text.passage import Mark, Passage, Word
from uppsikt.text.prepared import Prepared
from uppsikt.text.uncover import uncover

NAME, VERSION = "sensitive", "1"

HEALTH = "Här står något om en persons hälsa."
FAITH = "Här står vad en person tror på."
PARTY = "Här står en persons politiska åsikt."
UNION = "Här står att en person är med i ett fackförbund."
ORIGIN = "Här står var en person har sitt ursprung."
LOVE = "Här står vem en person älskar, eller något om en persons sexliv."
CRIME = "Här står att en person är dömd eller misstänkt."
DECISION = "Här står något om en person som socialtjänst, vård eller domstol har hand om."
KEPT = "Här står något som sägs vara hemligt."

THIRD = frozenset("hon han hen henne honom hans hennes hens".split())
FIRST = frozenset("jag mig mej".split())
OWNERS = frozenset("min mitt mina hans hennes hens sin sitt sina vår vårt våra deras din ditt".split())
# Words that are kin only when they are somebody's.
NEED_OWNER = frozenset("man barn make vän ex far mor maka kompis polare".split())
HAVE = frozenset(
    """har hade haft fick fått får lider led lidit drabbad drabbades drabbats diagnosen diagnos diagnostiserades
    diagnosticerad diagnostiserad behandlas behandlades utreds utretts insjuknade insjuknat kämpar kämpat dog
    dött avled medicinerar äter tar tog sjukskriven opererades opererats opererad utvecklade utvecklat bär
    smittad smittades lever levt genomgår genomgått genomgick tål väntar konstaterades upptäckte upptäcktes
    bekräftad går gått gick brottas behöver dras vårdas""".split()
)
BE = frozenset("är e va var blev blivit varit blir heter räknas identifierar kallas".split())
VOTES = frozenset(
    """röstar röstade röstat rösta medlem med aktiv kandiderar engagerad sympatiserar sympatisör gick gått
    partibok företräder""".split()
)
JOINED = frozenset(
    """medlem med ansluten engagerad aktiv ombud organiserad gick gått skyddsombud facklig fackligt styrelsen
    ordförande""".split()
)
BELONGS = frozenset(
    """tillhör tillhörde konverterat konverterade medlem med aktiv lämnade lämnat troende gick gått bekänner
    utesluten""".split()
)
COMES = frozenset(
    """kommer kom är född ursprungligen flydde flytt rötter släkt bakgrund flydd härstammar invandrade uppvuxen
    föddes""".split()
)
DECIDED = (
    HAVE
    | BE
    | frozenset(
        "söker beviljades beviljats nekades nekats placerades placerad lever bor sitter ligger satt avslag".split()
    )
)
OFFICES = frozenset("kommunalrådet kommunalrådets politikern oppositionsrådet ministern riksdagsledamoten".split())
# One person in the definite: "grannpojken", "städaren", "busschauffören", "femåringen".
ONE_ENDS = tuple(
    """åringen åriga åringens pojken flickan killen tjejen grabben mannen kvinnan gubben gumman tanten grannen
    sonen dottern mamman pappan frun läkaren chefen föraren ledaren läraren städaren vaktaren aren erskan
    örskan isten ören ologen rektorn eleven""".split()
)
NOBODY = frozenset(
    """sommaren hammaren kammaren skaren faran januaren datorn högtalaren mätaren ansvaren svaren åren paren
    skrivaren dammsugaren kameran scannern miljonaren fönstren radiatoren motoren listen kvisten bristen
    twisten kören dören vattendelaren läsaren besökaren bilisten cyklisten användaren medborgaren
    skattebetalaren konsumenten tittaren invånaren väljaren arbetsgivaren vinnaren författaren huvudpersonen
    kontrollören baren varen haren klaren entreprenören arrangören leverantören utvecklaren hackaren
    programmeraren""".split()
)
KIN_ENDS = tuple("pojke flicka kille tjej barn son dotter bror syster granne lärare kollega vän".split())
SURNAMES = tuple(
    """son ström berg gren qvist kvist lund man mark ell én dahl stedt sjö vall wall holm blad fors löf rot hag strand
    sköld ic ić ov nen sen borg stad lind ås by gård hult rud rup ius""".split()
)
_SHORT = 4
# What a surname ends in when a name with a capital stands before it.
AFTER_A_NAME = tuple(
    """son sson ström berg gren qvist kvist lund man mark ell én in dahl stedt sjö vall wall holm blad
    fors löf rot hag strand sköld ic ov oğlu nen i a sen borg stad s""".split()
)
AUTHORITIES = ("soc", "polis", "myndig", "kommun", "tvång", "lvu", "lvm", "staten", "samhäll", "psyk")
AFTERTHOUGHT = frozenset({"men", "fast", "dock"})
CLOSE, NEAR, FAR = 3, 5, 8


def find(prepared: Prepared) -> Iterator[Finding]:
    """Facts that the sentence ties to somebody."""
    for start, end in pieces(prepared.lower):
        text = prepared.lower[start:end]
        end_of_last = -1
        for passage in _passages(prepared, text, start):
            for mark in sorted(passage.marks, key=lambda mark: (mark.start, -mark.end)):
                told = _told(passage, mark) if mark.start >= end_of_last else None
                if told is None:
                    continue
                end_of_last = mark.end
                kind, score, why = told
                first, last = _place(passage, mark.start), _place(passage, mark.end - 1) + 1
                yield prepared.finding(kind, first, last, score=score, why=why, detector=NAME, version=VERSION)


def _passages(prepared: Prepared, text: str, start: int) -> Iterator[Passage]:
    """The piece as written, and once more with hidden words made plain ("d.i.a.b.e.t.e.s") if it has any."""
    hits = _facts().hits(text)
    if hits:
        yield Passage(prepared, text, hits, list(range(start, start + len(text))))
    hidden = uncover(text, _coverable())
    if hidden:
        plain, back = hidden
        uncovered = [
            hit
            for hit in _facts().hits(plain)
            if text[back[hit.start] : back[hit.end - 1] + 1] != plain[hit.start : hit.end]
        ]
        if uncovered:
            yield Passage(prepared, plain, uncovered, [start + at for at in back])


def _place(passage: Passage, at: int) -> int:
    """A place of the passage as one of `prepared.plain`."""
    return passage.back[at] if passage.back is not None else at


def _capital(passage: Passage, word: Word) -> bool:
    return passage.prepared.plain[_place(passage, word.start)].isupper()


@cache
def _coverable() -> frozenset[str]:
    """What people hide: illness, faith, whom somebody loves; in single words of some length."""
    tags = ("ill", "ill_is", "faith_is", "love_is", "decision")
    return frozenset(
        form
        for form, entries in read_lists(("facts",)).items()
        if len(form) > _SHORT and form.isalpha() and any(entry.tag in tags for entry in entries)
    ) | {"adhd"}


@cache
def _facts() -> Lexicon:
    return Lexicon(read_lists(("facts",)))


@cache
def _persons() -> dict[str, str]:
    """Each listed word with its tag: kin, one, generic or name."""
    lists = read_lists(("persons",))
    words = {
        form: min(entry.tag for entry in entries if not entry.ends)
        for form, entries in lists.items()
        if any(not entry.ends for entry in entries)
    }
    for name in first_names():
        words.setdefault(name, "name")
        words.setdefault(name + "s", "name")
    return words


def _told(passage: Passage, mark: Mark) -> tuple[str, float, str] | None:
    """The kind, the score and the sentence for a fact that is told of somebody; None if it is not."""
    kind, score, why, told = RULES[mark.tag]
    return (kind, score, why) if told(passage, mark) else None


def _person(passage: Passage, index: int) -> str:
    """Who the word at `index` is: "first", "third", "kin", "one" or "name"; "generic" for nobody in particular; ""."""
    word = passage.words[index]
    if word.text in THIRD or word.text in FIRST:
        return "third" if word.text in THIRD else "first"
    tag = _persons().get(word.text, "")
    if word.text in NEED_OWNER and (tag != "generic" or _owned(passage, index)):
        return "kin" if _owned(passage, index) else ""
    if tag:
        return tag if tag != "name" or _capital(passage, word) or word.text not in ALSO_WORDS else ""
    if word.text.endswith(ONE_ENDS) and word.text not in NOBODY:
        return "one"
    owned = index > 0 and passage.words[index - 1].text in OWNERS
    return "kin" if owned and word.text.endswith(KIN_ENDS) else "name" if _full_name(passage, index) else ""


def _owned(passage: Passage, index: int) -> bool:
    """Whether the word is somebody's: "min man", "deras barn", "Annas ex"."""
    sentence = passage.words[index].sentence
    owners = {other.text for other in passage.words[max(0, index - 3) : index] if other.sentence == sentence}
    return bool(owners & OWNERS) or _genitive(passage, index - 1)


def _genitive(passage: Passage, index: int) -> bool:
    """Whether the word is somebody's name or role in the genitive: "Annas", "grannens"."""
    return index >= 0 and passage.words[index].text.endswith("s") and _person(passage, index) in {"name", "kin", "one"}


def _full_name(passage: Passage, index: int) -> bool:
    """Two words with capital letters in a row, not both at the beginning of a sentence's only words."""
    pair = passage.words[index : index + 2]
    return (
        len(pair) == 2  # noqa: PLR2004 a name and a surname
        and pair[0].sentence == pair[1].sentence
        and all(_capital(passage, word) and word.text.isalpha() for word in pair)
        and passage.text[pair[0].end : pair[1].start] == " "
        and pair[1].text.endswith(AFTER_A_NAME)
    )


def _subject(passage: Passage, low: int, high: int, sentence: int) -> str:
    """The person nearest to the end of `words[low:high]`, in that sentence."""
    for index in range(high - 1, max(0, low) - 1, -1):
        if passage.words[index].sentence != sentence:
            break
        person = _person(passage, index)
        if person:
            return person
    return ""


def _is_somebody(person: str) -> bool:
    return person not in {"", "generic"}


def _linked(passage: Passage, mark: Mark, links: frozenset[str], *, reach: int) -> bool:
    """Somebody, then one of the links, then the fact ("hon har adhd"); or with the person after the link ("sedan i
    våras har hon adhd"), or the fact first ("adhd har hon också")."""
    words, sentence = passage.words, mark.sentence
    for index in range(mark.first - 1, max(-1, mark.first - 1 - reach), -1):
        if words[index].sentence != sentence:
            break
        if words[index].text in links:
            between = _subject(passage, index + 1, mark.first, sentence)
            if between:
                return _is_somebody(between)
            return _is_somebody(_subject(passage, index - 6, index, sentence))
    for index in range(mark.last + 1, min(len(words), mark.last + 3)):
        if words[index].sentence == sentence and words[index].text in links and mark.first and _opens(passage, mark):
            following = [
                _person(passage, at)
                for at in range(index + 1, min(len(words), index + 4))
                if words[at].sentence == sentence
            ]
            return any(_is_somebody(person) for person in following)
    return False


def _opens(passage: Passage, mark: Mark) -> bool:
    return len(passage.before(mark, 4)) < 4  # noqa: PLR2004 the fact stands first in its sentence


def _possessed(passage: Passage, mark: Mark) -> bool:
    """ "hennes cancer", "min sons autism", "Annas depression"."""
    for index in range(mark.first - 1, max(-1, mark.first - 4), -1):
        word = passage.words[index]
        if word.sentence != mark.sentence:
            break
        if word.text in {"hans", "hennes", "hens", "min", "mina"} and index >= mark.first - 2:
            return True
        if _genitive(passage, index):
            return True
    return False


def _with(passage: Passage, mark: Mark) -> bool:
    """ "min son med autism"."""
    for index in range(mark.first - 1, max(-1, mark.first - 4), -1):
        if passage.words[index].text == "med":
            return _is_somebody(_subject(passage, index - 2, index, mark.sentence))
    return False


def _apposed(passage: Passage, mark: Mark) -> bool:
    """ "hans dementa mamma", "Kalle Svensson, alkoholist"."""
    words = passage.words
    follows = (
        mark.last + 1 < len(words)
        and words[mark.last + 1].sentence == mark.sentence
        and _person(passage, mark.last + 1)
    )
    if follows in {"kin", "one"} and OWNERS & set(passage.before(mark, 2)):
        return True
    return (
        mark.first > 0
        and words[mark.first - 1].sentence == mark.sentence
        and _person(passage, mark.first - 1) == "name"
    )


def _beside(passage: Passage, mark: Mark) -> bool:
    """Somebody shortly before it, nobody in particular between, or straight after it."""
    before = _subject(passage, mark.first - FAR, mark.first, mark.sentence)
    if before:
        return _is_somebody(before)
    return _is_somebody(_ahead(passage, mark, 3))


def _ahead(passage: Passage, mark: Mark, reach: int) -> str:
    words = passage.words
    for index in range(mark.last + 1, min(len(words), mark.last + 1 + reach)):
        if words[index].sentence != mark.sentence:
            break
        person = _person(passage, index)
        if person:
            return person
    return ""


def _decided(passage: Passage, mark: Mark) -> bool:
    """What an authority decided about somebody: the writer only where a verb ties it ("jag har försörjningsstöd")."""
    before = _subject(passage, mark.first - FAR, mark.first, mark.sentence)
    if before == "first" or (not before and "vi" in passage.before(mark, 4)):
        return _linked(passage, mark, DECIDED, reach=3)
    if before == "generic" and {"de", "dom"} & set(passage.before(mark, NEAR)):
        return _ahead(passage, mark, CLOSE) in {"third", "kin", "name"}
    if before or _cared_for(passage, mark):
        return _is_somebody(before) and not _cared_for(passage, mark)
    return _ahead(passage, mark, 4) in {"third", "kin", "one", "name"}


def _cared_for(passage: Passage, mark: Mark) -> bool:
    """ "omhändertagen av personalen": looked after, by nobody with a decision."""
    following = passage.after(mark, 4)
    return following[:1] == ["av"] and not any(word.startswith(AUTHORITIES) for word in following)


def _convicted(passage: Passage, mark: Mark) -> bool:
    """A conviction or suspicion of somebody near; of others only how it is with them now, so that history is none."""
    before = _subject(passage, mark.first - FAR, mark.first, mark.sentence)
    if before in {"kin", "one", "first"}:
        return True
    now = passage.text[mark.start : mark.end].startswith(("sitter", "misstänks", "åtalas", "tidigare"))
    return before in {"third", "name"} and (now or bool({"är", "e"} & set(passage.before(mark, 2))))


def _disclosed(passage: Passage, mark: Mark) -> bool:
    """Told although it is said to be secret ("det är sekretess, men …"), or said to be so of somebody."""
    if AFTERTHOUGHT & set(passage.after(mark, 5)) or {"egentligen", "mellan"} & set(passage.before(mark, 4)):
        return True
    if passage.text[mark.end : mark.end + 1] == ":":
        return True
    subject = _subject(passage, mark.first - NEAR, mark.first, mark.sentence) or _ahead(passage, mark, 12)
    return passage.text.startswith("sekretess", mark.start) and subject in {"third", "kin", "name"}


def _figure_of_speech(passage: Passage, mark: Mark) -> bool:
    """ "jag får ångest av era parkeringar"; what follows "om" and "för" is a topic."""
    if "av" in passage.after(mark, 1) and (
        {"får", "fick", "blir", "blev"} & set(passage.before(mark, 4)) or mark.tag == "ill_is"
    ):
        return True
    last = passage.before(mark, 2)
    return bool({"om", "kring", "mot"} & set(last[-1:])) and not {
        "medicinerar",
        "medicin",
        "kämpar",
        "behandlas",
    } & set(passage.before(mark, 3))


def _ill(passage: Passage, mark: Mark) -> bool:
    told = _possessed(passage, mark) or _with(passage, mark) or _linked(passage, mark, HAVE | BE, reach=NEAR)
    return told and not _figure_of_speech(passage, mark)


def _is_ill(passage: Passage, mark: Mark) -> bool:
    told = _linked(passage, mark, BE | HAVE, reach=CLOSE) or _apposed(passage, mark)
    return told and not _figure_of_speech(passage, mark)


def _is(passage: Passage, mark: Mark) -> bool:
    return _linked(passage, mark, BE, reach=CLOSE) or _apposed(passage, mark)


def _of_party(passage: Passage, mark: Mark) -> bool:
    """An elected person's party is public."""
    links = BE if mark.tag == "party_is" else VOTES
    told = _linked(passage, mark, links, reach=CLOSE) or (mark.tag == "party_is" and _apposed(passage, mark))
    return told and not OFFICES & passage.sentence(mark)


def _believes(passage: Passage, mark: Mark) -> bool:
    return _linked(passage, mark, BELONGS, reach=CLOSE)


def _in_union(passage: Passage, mark: Mark) -> bool:
    return _linked(passage, mark, JOINED, reach=CLOSE)


def _comes_from(passage: Passage, mark: Mark) -> bool:
    return passage.before(mark, 1) in (["från"], ["i"]) and _linked(passage, mark, COMES, reach=CLOSE + 1)


# What each list of `lexicons/facts.txt` is a finding of, and what the sentence has to say for it to be one.
RULES: dict[str, tuple[str, float, str, Callable[[Passage, Mark], bool]]] = {
    "ill": ("health", 0.85, HEALTH, _ill),
    "ill_is": ("health", 0.85, HEALTH, _is_ill),
    "care": ("health", 0.8, HEALTH, _beside),
    "faith_is": ("sensitive", 0.8, FAITH, _is),
    "faith": ("sensitive", 0.8, FAITH, _beside),
    "faith_group": ("sensitive", 0.8, FAITH, _believes),
    "party_is": ("sensitive", 0.8, PARTY, _of_party),
    "party": ("sensitive", 0.8, PARTY, _of_party),
    "union_is": ("sensitive", 0.8, UNION, _is),
    "union": ("sensitive", 0.8, UNION, _in_union),
    "origin_is": ("sensitive", 0.8, ORIGIN, _is),
    "origin": ("sensitive", 0.8, ORIGIN, _beside),
    "origin_from": ("sensitive", 0.8, ORIGIN, _comes_from),
    "love_is": ("sensitive", 0.8, LOVE, _is),
    "love": ("sensitive", 0.8, LOVE, _beside),
    "crime": ("sensitive", 0.8, CRIME, _convicted),
    "decision": ("secrecy", 0.8, DECISION, _decided),
    "secret": ("secrecy", 0.7, KEPT, _disclosed),
}
