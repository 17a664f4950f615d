"""What the law on message boards names as crimes (lag (1998:112) 5 §), as far as words show it (D34, D69).

Each rule asks more than a word: a threat has somebody who threatens and somebody who is threatened, agitation has a
group and contempt. Whether something is a crime, and obvious, a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from uppsikt.text.finding import Finding
from uppsikt.text.passage import NOT, TOLD, Claim, Mark, Passage
from uppsikt.text.small import BE, FIRST, KIN, SELF, SHALL_SUFFER, SOMEONE, THEE, THEIR, WILL

BY = ("unlawful", "2")
OBJECT_WITHIN = 3
# What may stand between the deed and whom it strikes: "skjuter jag dig", "döda hela din familj".
BETWEEN = frozenset("hela alla den din jävla ihjäl ner upp jag i skallen på av".split())
FAR = 6
# Some of a group are not the group, and these are ordinary words too.
PARTIAL = frozenset("många flera vissa några del få mest".split())
ALSO_WORDS = frozenset("svarta finnar kristna".split())
# On the field one beats and crushes, and nobody is hurt.
SPORT = frozenset(
    "planen fotbollsplanen matchen match derbyt laget cupen serien motståndarna finalen isen golfbanan quiz".split()
)
ORDER_WITHIN = 3
THREAT = Claim("threat", 0.85, "Någon verkar hota en person med våld.", *BY)
THREAT_WISH = Claim("threat", 0.7, "Inlägget säger att någon borde dödas eller skadas.", *BY)
AGITATION = Claim("agitation", 0.85, "Inlägget visar förakt för en grupp människor eller hotar den.", *BY)
SLOGAN = Claim(
    "agitation", 0.85, "Inlägget har ett slagord eller påstående som brukar räknas som hets mot folkgrupp.", *BY
)
INCITEMENT = Claim("incitement", 0.8, "Inlägget uppmanar andra att begå brott.", *BY)
TERRORISM = Claim("terrorism", 0.75, "Inlägget verkar uppmana till terrorism eller hylla den.", *BY)
VIOLENCE = Claim("violence", 0.7, "Inlägget verkar sprida en bild eller film med grovt våld.", *BY)
PRIVACY = Claim("privacy", 0.7, "Inlägget verkar sprida en intim bild eller uppgift om någon.", *BY)


def threat(passage: Passage) -> Iterator[Finding]:
    """Somebody who says what they will do to somebody, or that a person should be killed (BrB 4:5)."""
    for mark in passage.tagged("menace"):
        if not passage.told(mark):
            yield passage.finding(THREAT, mark)
    for mark in passage.tagged("menace_end"):
        if not (passage.after(mark, 1) or passage.told(mark)):
            yield passage.finding(THREAT, mark)
    for mark in passage.tagged("harm"):
        victim = _victim(passage, mark)
        if victim is None or passage.denied(mark) or passage.told(mark) or SPORT & passage.sentence(mark):
            continue
        ahead = passage.before(mark, 8)
        someone = SOMEONE & set(ahead) and SHALL_SUFFER & set(ahead)
        told_first = FIRST & set(ahead) or someone or passage.after(mark, 1) == ["jag"] or ahead == ["borde"]
        if told_first and (WILL & set(ahead) or mark.last > mark.first or _present(passage, mark)):
            yield passage.finding(THREAT, mark, victim)
    yield from _laid_waste(passage)
    yield from _beaten(passage)
    yield from _armed(passage)
    for mark in passage.tagged("die"):
        ahead = passage.before(mark, 5)
        person = passage.near(mark, "role", before=4)
        named = person or {"du", "ni", "han", "hon", "dom", "de"} & set(ahead)
        meant = SHALL_SUFFER & set(ahead) - {"kommer"}
        told = passage.told(mark) or NOT & set(ahead) or passage.near(mark, "group", before=5)
        if meant and named and not told and passage.said(mark) not in {"dö", "dör"}:
            yield passage.finding(THREAT_WISH, person or mark, mark)


def _laid_waste(passage: Passage) -> Iterator[Finding]:
    """What is somebody's, burnt or broken unless they do as they are told: "jag bränner ner … om ni inte …"."""
    for mark in passage.tagged("harm"):
        goal = passage.near(mark, "called_for", after=OBJECT_WITHIN)
        forced = {"om", "annars", "nästa", "ikväll", "kväll", "inatt", "natt"} & passage.sentence(mark)
        mine = {"jag", "vi"} & {*passage.before(mark, 3), *passage.after(mark, 1)}
        burning = passage.said(mark).startswith(("bränn", "spräng", "slå sönder", "slår sönder", "elda"))
        if goal and forced and mine and burning and not (passage.told(mark) or passage.denied(mark)):
            yield passage.finding(THREAT, mark, goal)


def _beaten(passage: Passage) -> Iterator[Finding]:
    """A beating or worse that somebody should get: "någon borde ge … stryk", "… är vad du ska ha"."""
    for mark in passage.tagged("beating"):
        words = passage.sentence(mark)
        person = passage.in_sentence(mark, "role") or ({"du", "dig", "dej", "han", "hon", "honom", "henne"} & words)
        meant = {"ska", "skulle", "borde", "bör", "förtjänar", "behöver"} & words
        given = {"ha", "få", "ge", "får", "ger", "förtjänar", "behöver"} & words
        harmless = "?" in passage.text[mark.end :] or SPORT & words or SELF & words
        if person and meant and given and not (harmless or passage.told(mark) or passage.denied(mark, FAR)):
            yield passage.finding(THREAT_WISH, mark)


def _armed(passage: Passage) -> Iterator[Finding]:
    """Somebody who says that they come, and with what: "jag kommer … med basebollträ"."""
    for mark in passage.tagged("weapon"):
        words = passage.sentence(mark)
        coming = {"kommer", "besöker", "hälsar", "väntar", "tar"} & words
        for_them = {"er", "ert", "era", "ni", "dig", "du", "kontoret", "kommunhuset", "stadshuset"} & words
        kind = {"hjälper", "hjälp", "lånar", "träning", "träningen"} & words
        told = passage.told(mark) or passage.denied(mark, FAR) or "?" in passage.text[mark.end :]
        if coming and for_them and "jag" in words and not (kind or told or SPORT & words):
            yield passage.finding(THREAT, mark)


def _victim(passage: Passage, mark: Mark) -> Mark | None:
    """Who is struck: a pronoun or somebody's kin or limbs right after the deed, or a role within a few words."""
    after = passage.after(mark, OBJECT_WITHIN)
    for step, word in enumerate(after):
        word_mark = passage.word_mark(mark.last + 1 + step)
        if word in THEE and (word not in {"er", "dom", "dem"} or step == 0):
            return word_mark
        if word in THEIR and any(one in KIN for one in after[step + 1 : step + 3]):
            return word_mark
        if step == 0 and word not in THEE | BETWEEN:
            break
    own = passage.near(mark, "role", after=OBJECT_WITHIN)
    if own and passage.said(own).startswith("människ"):
        own = None
    ahead = passage.before(mark, 2)
    # "jag ska dig döda" is rare; "då ska du få spö av mig" is not looked for.
    if own is None and ahead and ahead[-1] in {"dig", "dej"}:
        return passage.word_mark(mark.first - 1)
    return own


def _present(passage: Passage, mark: Mark) -> bool:
    """ "jag dödar dig", "så skjuter jag dig": in the present, which is how threats are said without a will."""
    near = {*passage.before(mark, 1), *passage.after(mark, 1)}
    return passage.said(mark).split()[0].endswith("r") and bool({"jag", "vi"} & near)


def agitation(passage: Passage) -> Iterator[Finding]:
    """Contempt for a protected group, or its death wished (BrB 16:8)."""
    for mark in passage.tagged("hate_slogan"):
        if not (passage.told(mark) or _number_alone(passage, mark)):
            yield passage.finding(SLOGAN, mark)
    for mark in passage.tagged("group", "slur"):
        if passage.told(mark) or passage.denied(mark):
            continue
        for bad in passage.in_sentence(mark, "vermin"):
            between = passage.between(mark, bad)
            if BE & between and not NOT & between and len(between) <= FAR:
                yield passage.finding(AGITATION, mark, bad)
                break
        for bad in passage.in_sentence(mark, "wipe_out"):
            between = passage.between(mark, bad)
            meant = SHALL_SUFFER & between or bad.last < mark.first or "alla" in passage.before(mark, 1)
            if meant and not NOT & between and len(between) <= FAR and not SELF & passage.sentence(mark):
                yield passage.finding(AGITATION, mark, bad)
                break


def scorned(passage: Passage) -> Iterator[Finding]:
    """A whole group despised or driven out: "… kan inte bete sig", "kasta ut alla …" (BrB 16:8)."""
    for mark in passage.tagged("group", "slur"):
        some = PARTIAL & set(passage.before(mark, 2)) or passage.said(mark) in ALSO_WORDS
        if some or passage.told(mark) or "?" in passage.text[mark.end :]:
            continue
        for bad in passage.in_sentence(mark, "contempt"):
            between = passage.between(mark, bad)
            if bad.first > mark.last and len(between) <= FAR and not (NOT | SELF | {"som", "när"}) & between:
                yield passage.finding(AGITATION, mark, bad)
                break
        for bad in passage.in_sentence(mark, "drive_out"):
            near = 0 < mark.first - bad.last <= ORDER_WITHIN
            # Who shall have asylum is politics.
            politics = passage.said(mark).startswith(("flykting", "asyl"))
            if near and not (politics or passage.denied(bad, 2)):
                yield passage.finding(AGITATION, mark, bad)
                break


def _number_alone(passage: Passage, mark: Mark) -> bool:
    """1488 in a price, a street number or a year is a number."""
    text = passage.said(mark)
    return text.isdigit() and len(passage.words) > ORDER_WITHIN


def incitement(passage: Passage) -> Iterator[Finding]:
    """A call to commit a crime: what to do, and to what (BrB 16:5)."""
    for mark in passage.tagged("by_own_hand"):
        if not (passage.told(mark) or passage.denied(mark)):
            yield passage.finding(INCITEMENT, mark)
    for mark in passage.tagged("call"):
        goal = passage.near(mark, "called_for", "role", "body", after=4)
        if goal is None or passage.told(mark) or passage.denied(mark, 4):
            continue
        if passage.said(mark) in OF_PEOPLE and goal.tag == "called_for" and passage.said(goal) not in PEOPLE:
            continue
        if _called(passage, mark):
            yield passage.finding(INCITEMENT, mark, goal)


# What is done to people, and the people among what is called for.
OF_PEOPLE = frozenset(
    (
        "jaga",
        "jaga bort",
        "jaga ut",
        "döda",
        "häng",
        "skjut",
        "slå ihjäl",
        "avrätta",
        "lyncha",
        "spöa upp",
        "spöa",
        "slå ner",
        "slå ned",
        "misshandla",
    )
)
PEOPLE = frozenset(
    (
        *("politikerna", "politiker", "polisen", "polis", "poliser", "varenda polis", "snuten", "snutarna", "aina"),
        *("dem", "dom", "dem alla", "dom alla", "dom jävlarna", "de jävlarna", "svinen", "rubbet"),
    )
)
TOGETHER = frozenset("vi samlas kväll ikväll natt inatt gubbar grabbar häng alla".split())
BOMBS = frozenset({"spräng", "spränga", "bomba"})


def _called(passage: Passage, mark: Mark) -> bool:
    """Whether the deed is called for: an order that opens a clause, or "vi borde", "någon måste", "dags att"."""
    ahead = passage.before(mark, 4)
    if passage.said(mark).startswith("och ") or {"vi"} & set(passage.said(mark).split()):
        return bool(TOGETHER & passage.sentence(mark)) and "?" not in passage.text[mark.end :]
    if passage.first_in_clause(mark):
        return True
    if not ahead:
        return True
    asks = {"borde", "bör", "måste", "dags", "låt"} & set(ahead)
    orders = (
        ahead[-1] in {"nu", "bara", "gå", "kom", "och", "å", "så"} and len(ahead) <= ORDER_WITHIN and "jag" not in ahead
    )
    someone = {"vi", "ni", "alla", "någon", "nån", "man", "folk", "dags", "oss"} & set(ahead)
    return bool((asks and someone) or orders)


def terrorism(passage: Passage) -> Iterator[Finding]:
    """Terrorism praised or called for (2022:666, 7 §)."""
    for mark in passage.tagged("terror_cry"):
        if not (passage.told(mark) or passage.denied(mark)):
            yield passage.finding(TERRORISM, mark)
    for mark in passage.tagged("terror"):
        call = passage.near(mark, "terror_call", before=5, after=4)
        if call and not (passage.told(mark) or passage.denied(call)) and "mot" not in passage.between(mark, call):
            yield passage.finding(TERRORISM, call, mark)
    for mark in passage.tagged("call", "harm"):
        goal = passage.near(mark, "building", after=3)
        if passage.said(mark) not in BOMBS or goal is None or passage.told(mark) or passage.denied(mark):
            continue
        if _called(passage, mark) or FIRST & set(passage.before(mark, 4)):
            yield passage.finding(TERRORISM, mark, goal)


def violence(passage: Passage) -> Iterator[Finding]:
    """A picture or a film of grave violence, shown or linked to (BrB 16:10 c)."""
    for mark in passage.tagged("gore"):
        shown = passage.in_sentence(mark, "show")
        linked = "http" in passage.text or "www." in passage.text
        spoken = "filmen" not in passage.sentence(mark) and passage.told(mark)
        if (shown or linked) and not spoken and not passage.denied(mark):
            yield passage.finding(VIOLENCE, shown[0] if shown else mark, mark)


def privacy(passage: Passage) -> Iterator[Finding]:
    """An intimate picture of somebody, or of somebody in distress, spread here (BrB 4:6 c)."""
    for mark in passage.tagged("intimate"):
        shown = passage.in_sentence(mark, "show")
        person = passage.in_sentence(mark, "of_person")
        if shown and person and not passage.denied(mark) and not (TOLD - {"filmen"}) & passage.sentence(mark):
            yield passage.finding(PRIVACY, shown[0], mark)


RULES: tuple[Callable[[Passage], Iterator[Finding]], ...] = (
    threat,
    agitation,
    scorned,
    incitement,
    terrorism,
    violence,
    privacy,
)
