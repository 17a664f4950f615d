"""Made-up comments in something like Swedish, the same for every engine: words by Zipf, authors and channels uneven.

The words are such that a stemmer leaves them alone, so that an engine without Swedish finds the same as one with it,
and what they find can be held against each other.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from uppsikt.records import stems

# Words like these are looked for in other forms too.
BENT = re.compile(".{3,}?(?:ornas|orna|ors|or|ans|an|as|a)")
BEGAN, ENDED = datetime(2010, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
CHANNELS, SECRET = 60, 0.005
ROOTS = (
    "kommun gat väg hus skol barn bad hall bibliotek park lek plats buss tåg cykel snö plog ljus lykt lamp vatten "
    "avlopp sop återvinning bygg lov plan torg bro tunnel å sjö hamn båt fisk skog träd gräs klipp stig ned upp fram "
    "mot sam ung äldr vård om sorg hem tjänst lag mat kök sal by stad del nämnd möt beslut svar fråg tack klag trafik "
    "ljud stör buller rök lukt hund katt fågel sten grus sand salt is halk brand skydd polis hjälp dag kväll natt "
    "morgon vinter sommar höst vår jul påsk marknad mässa konst musik teater film bok tidning nät sid post brev kort "
    "pris avgift skatt peng lön jobb arbet kurs prov betyg klass lärar elev rektor vikari lokal rum dörr fönster tak"
).split()
COMMON = (
    "och att det i på en som är för av till med den har inte om ett men de vi jag man så kan när från nu ska".split()
)
FIRST = (
    "Maria Anna Eva Karin Lena Sara Åsa Ulla Elsa Ida Alva Maja Lars Erik Nils Anders Johan Per Olof Karl Hans Jan "
    "Mats Sven Bo Ali Omar Fatima Amina Leila Hassan Yusuf Zeynep Elif Milan Ivana Petra Goran Olga Igor"
).split()
LAST = (
    "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson "
    "Hansson Bengtsson Lindberg Lindqvist Lindgren Bergström Sandberg Forsberg Sjöberg Öberg Åberg Ek Alm Björk Gran "
    "Hassan Ali Mohamed Ahmed Nguyen Kovac Petrovic Yilmaz Demir"
).split()


@dataclass(frozen=True, slots=True)
class Comment:
    """One line of the corpus."""

    id: int
    at: datetime
    channel: int
    actor: int
    author: str
    secret: bool
    text: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """The comments in a file, oldest first, and the words in it, the most common first."""

    file: Path
    size: int
    words: Sequence[str]

    def __iter__(self) -> Iterator[Comment]:
        with self.file.open(encoding="utf-8") as lines:
            for line in lines:
                key, at, channel, actor, author, marked, text = line.rstrip("\n").split("\t")
                moment = datetime.fromtimestamp(int(at), UTC)
                yield Comment(int(key), moment, int(channel), int(actor), author, marked == "1", text)


def vocabulary(size: int) -> list[str]:
    """Words that are their own stem: the short ones first, then ever longer compounds."""
    # Endings mark nothing here; a compound of these reads like Swedish.
    made = itertools.chain.from_iterable(
        ("".join(parts) for parts in itertools.product(ROOTS, repeat=length)) for length in (1, 2, 3)
    )
    chance, kept = random.Random(18), []
    while len(kept) < size:
        lot = list(itertools.islice(made, 20_000))
        known = stems.stems(lot)
        fine = [word for word in lot if known[word] == (word,) and len(word) > 1 and not BENT.fullmatch(word)]
        chance.shuffle(fine)
        kept += fine
    return list(dict.fromkeys(kept))[:size]


def authors(size: int) -> list[tuple[int, str]]:
    """Each author's channel and name."""
    chance = random.Random(5)
    weights = [1 / (number + 1) ** 0.8 for number in range(CHANNELS)]
    channels = chance.choices(range(1, CHANNELS + 1), weights, k=size)
    return [(channel, f"{chance.choice(FIRST)} {chance.choice(LAST)}") for channel in channels]


def make(folder: Path, size: int, *, distinct: int) -> Corpus:
    """The corpus of so many comments, made anew unless the folder has it."""
    words = vocabulary(distinct)
    corpus = Corpus(folder / f"corpus-{size}.tsv", size, words)
    if not corpus.file.exists():
        unfinished = corpus.file.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8") as file:
            file.writelines(lines(size, words))
        unfinished.rename(corpus.file)
    return corpus


def lines(size: int, words: Sequence[str]) -> Iterator[str]:
    """The corpus, line by line. More and more is said as the years pass."""
    chance = random.Random(1)
    people = authors(max(10, size // 25))
    writes = list(itertools.accumulate(1 / (number + 3) ** 0.7 for number in range(len(people))))
    said = list(itertools.accumulate(1 / (number + 2.7) ** 1.05 for number in range(len(words))))
    span = (ENDED - BEGAN) / timedelta(seconds=1)
    lot = 10_000
    for begin in range(0, size, lot):
        end = min(begin + lot, size)
        lengths = [min(300, max(2, int(chance.lognormvariate(2.3, 0.7)))) for _ in range(begin, end)]
        stream = iter(chance.choices(words, cum_weights=said, k=sum(lengths)))
        small = iter(chance.choices(COMMON, k=sum(lengths)))
        actors = chance.choices(range(len(people)), cum_weights=writes, k=end - begin)
        for number, length, actor in zip(range(begin, end), lengths, actors, strict=True):
            at = int(BEGAN.timestamp() + span * ((number + 0.5) / size) ** 0.6)
            channel, author = people[actor]
            # Every third word says nothing, as in all that people write.
            text = " ".join(
                word
                for place, own in enumerate(itertools.islice(stream, length))
                for word in ((next(small), own) if place % 2 else (own,))
            )
            secret = int(chance.random() < SECRET)
            yield f"{number + 1}\t{at}\t{channel}\t{actor + 1}\t{author}\t{secret}\t{text.capitalize()}.\n"
