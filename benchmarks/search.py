"""Search per class of question: ours against SQLite FTS5 and tantivy, on the same comments in the same run.

Each engine gives the newest 25 that the reader may read, with their texts; the engines take turns question by question.
Ours is what the product runs: `records.search.find` and `count`, highlights and all. The page is the whole search page
through Django, as an officer with mandates on three channels gets it; it shows the newest and how many there are, so
it is held to `records.search.begin`, which asks for both.
"""

from __future__ import annotations

import argparse
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from django.test import Client
from django.utils import timezone

from benchmarks import corpus as made
from benchmarks import loading
from benchmarks.corpus import BEGAN, ENDED, FIRST, LAST, Corpus
from benchmarks.engines import EXACT, PAGE, Fts5, Tantivy, Wish
from benchmarks.tables import Table, Times
from uppsikt.channels.models import Mandate
from uppsikt.organisation.models import Person, RoleGrant
from uppsikt.records import search
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.records.search import Asked
from uppsikt.records.vocabulary import MOST

# The channels whose secret comments the reader may read.
READS = frozenset({3, 17, 40})
FTS5_MOST, TANTIVY_MOST, PAGE_MOST = 1.5, 5.0, 3.0


class Engine(Protocol):
    """What is asked."""

    name: str

    def ask(self, wish: Wish) -> list[int] | int:
        """The keys of the newest, whose texts have been read too, or how many there are."""


class Ours:
    """The product's search."""

    name = "Uppsikt"

    def __init__(self) -> None:
        """As the reader of three channels."""
        self.places: dict[int, datetime] = {}

    def ask(self, wish: Wish) -> list[int] | int:
        """The keys of the newest, whose texts have been read too, or how many there are."""
        asked, reader = asked_for(wish), Reader(channels=wish.reads)
        if wish.counts:
            found = search.count(asked, reader)
            return found.number if found.exact else EXACT + 1
        place = (self.places[wish.after], wish.after) if wish.after else None
        return [item.pk for item in search.find(asked, reader, place=place, limit=PAGE).rows]

    def know(self, wishes: dict[str, list[Wish]]) -> None:
        """Learn the times of the comments after which a page is asked for: a page's address holds them."""
        keys = [wish.after for some in wishes.values() for wish in some if wish.after]
        self.places = dict(Item.objects.filter(pk__in=keys).values_list("pk", "at"))


class Asking:
    """All that the page asks of the search: the newest, and how many there are."""

    name = "with their number"

    def __init__(self, ours: Ours) -> None:
        """As the same reader."""
        self.ours = ours

    def ask(self, wish: Wish) -> list[int] | int:
        """The keys of the newest; how many there are is worked out too."""
        asked, reader = asked_for(wish), Reader(channels=wish.reads)
        if not wish.after:
            return [item.pk for item in search.begin(asked, reader, limit=PAGE)[0].rows]
        place = (self.ours.places[wish.after], wish.after)
        found = search.find(asked, reader, place=place, limit=PAGE)
        search.count(asked, reader)
        return [item.pk for item in found.rows]


class WholePage:
    """The search page through Django, from the request to the last letter of the answer."""

    name = "whole page"

    def __init__(self, ours: Ours) -> None:
        """Logged in as an officer with a mandate on each of the three channels."""
        now = timezone.now()
        person, _new = Person.objects.get_or_create(email="officer@bench.example", defaults={"name": "Olof"})
        if _new:
            RoleGrant.objects.create(person=person, role="officer", since=now - timedelta(days=1))
            for channel in READS:
                Mandate.objects.create(
                    person=person,
                    channel_id=channel,
                    acts=["answer"],
                    since=now - timedelta(days=1),
                    given_by=person,
                    state="in_force",
                )
        # Not in the environment of tests, where each template that is rendered is copied for them to look at.
        self.client, self.ours = Client(SERVER_NAME="localhost"), ours
        self.client.force_login(person)

    def ask(self, wish: Wish) -> list[int] | int:
        """Nothing but the time that it takes."""
        asked = asked_for(wish)
        query: dict[str, Any] = {"q": asked.words, "fran_vem": asked.author}
        query["kanal"] = wish.channel or ""
        for name, moment in (("fran", wish.since), ("till", wish.before and wish.before - timedelta(days=1))):
            query[name] = timezone.localtime(moment).date().isoformat() if moment else ""
        if wish.after:
            query["older"] = f"{self.ours.places[wish.after].isoformat()}_{wish.after}"
        answer = self.client.get("/handlingar/", query)
        if answer.status_code != 200:
            raise AssertionError(f"{answer.status_code} for {query}")
        return []


def asked_for(wish: Wish) -> Asked:
    """A question in our own words."""
    words = " ".join(wish.words)
    words = f'"{words}"' if wish.phrase else f"*{words}*" if wish.part else f"{words}*" if wish.prefix else words
    return Asked(
        words,
        channels=(wish.channel,) if wish.channel else (),
        author=wish.author,
        since=wish.since,
        before=wish.before,
    )


def wishes(corpus: Corpus, each: int) -> dict[str, list[Wish]]:
    """Questions by class, the same ones every time."""
    chance, words = random.Random(7), corpus.words
    many = min(300, len(words) // 10)
    common, middle = words[5:many], words[many : max(3 * many, len(words) // 20)]
    seldom = words[len(words) // 10 : len(words) // 2]
    spoken = list(texts(corpus, chance, each))
    kinds: dict[str, Callable[[], Wish]] = {
        "common word": lambda: Wish((chance.choice(common),), reads=READS),
        "word": lambda: Wish((chance.choice(middle),), reads=READS),
        "rare word": lambda: Wish((chance.choice(seldom),), reads=READS),
        "two common words": lambda: Wish(tuple(chance.sample(common, 2)), reads=READS),
        "common and rare word": lambda: Wish((chance.choice(common), chance.choice(middle)), reads=READS),
        "phrase": lambda: Wish(chance.choice(spoken), phrase=True, reads=READS),
        "prefix": lambda: Wish((chance.choice(middle)[:5],), prefix=True, reads=READS),
        "part of a word": lambda: Wish((part(chance, middle, words),), part=True, reads=READS),
        "word by channel": lambda: Wish((chance.choice(common),), channel=chance.randint(1, 60), reads=READS),
        "rare word by channel": lambda: Wish((chance.choice(middle),), channel=chance.randint(1, 60), reads=READS),
        "by author": lambda: Wish(author=f"{chance.choice(FIRST)} {chance.choice(LAST)}", reads=READS),
        "word by author": lambda: Wish((chance.choice(common),), author=chance.choice(LAST), reads=READS),
        "word in a month": lambda: month(chance, (chance.choice(common),)),
        "rare word in a month": lambda: month(chance, (chance.choice(middle),)),
        "next page": lambda: Wish(
            (chance.choice(common),), after=chance.randint(corpus.size // 2, corpus.size), reads=READS
        ),
        "newest in channel": lambda: Wish(channel=chance.randint(1, 60), reads=READS),
        "nothing found": lambda: Wish((chance.choice(seldom)[::-1] + "q",), reads=READS),
        "two rare words": lambda: Wish(tuple(chance.sample(seldom, 2)), reads=READS),
        "count common": lambda: Wish((chance.choice(common),), counts=True, reads=READS),
        "count word": lambda: Wish((chance.choice(middle),), counts=True, reads=READS),
        "count two words": lambda: Wish((chance.choice(common), chance.choice(common)), counts=True, reads=READS),
    }
    return {name: [make() for _ in range(each)] for name, make in kinds.items()}


def texts(corpus: Corpus, chance: random.Random, number: int) -> Iterator[tuple[str, ...]]:
    """Two words that somebody wrote after each other, neither of them one that is not indexed."""
    small = set(made.COMMON)
    step = max(1, corpus.size // (number * 2))
    for one in itertools.islice(corpus, 0, None, step):
        said = one.text.lower().strip(".").split()
        pairs = [pair for pair in itertools.pairwise(said) if not small & set(pair)]
        if pairs:
            yield chance.choice(pairs)


def part(chance: random.Random, likely: Sequence[str], words: Sequence[str]) -> str:
    """Six letters to eight from the middle of a longer word, that stand in other words too but not in thousands."""
    while True:
        word = chance.choice(likely)
        if len(word) > 10:
            begin = chance.randint(1, len(word) - 9)
            letters = word[begin : begin + chance.randint(6, 8)]
            if sum(letters in word for word in words) < MOST // 2:
                return letters


def month(chance: random.Random, words: tuple[str, ...]) -> Wish:
    """A word in a month somewhere in the years."""
    begin = timezone.localtime(BEGAN + (ENDED - BEGAN) * chance.uniform(0.3, 0.95))
    since = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    before = (since + timedelta(days=31)).replace(tzinfo=None)
    return Wish(words, since=since, before=timezone.make_aware(before), reads=READS)


def options(parser: argparse.ArgumentParser) -> None:
    """Sizes."""
    parser.add_argument("--items", type=int, default=50_000, help="how many comments (50000)")
    parser.add_argument("--words", type=int, default=0, help="how many different words (a tenth of the comments)")
    parser.add_argument("--each", type=int, default=25, help="questions of each class (25)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each question is put (3)")
    parser.add_argument("--no-page", action="store_true", help="leave the whole page out")


def prepare(folder: Path, items: int, words: int = 0) -> Corpus:
    """The comments, in a file and in our tables."""
    corpus = made.make(folder, items, distinct=words or min(400_000, max(3_000, items // 10)))
    loading.load(corpus, lambda told: print(told, flush=True))
    return corpus


def run(chosen: argparse.Namespace) -> Table:
    """Load what is not loaded, put every question to every engine in turn, and say how they stand to each other."""
    corpus = prepare(chosen.folder, chosen.items, chosen.words)
    ours, fts5, tantivy = Ours(), Fts5(chosen.folder, corpus), Tantivy(chosen.folder, corpus)
    asked = wishes(corpus, chosen.each)
    ours.know(asked)
    engines: list[Engine] = [ours, fts5, tantivy]
    if not chosen.no_page:
        engines += [Asking(ours), WholePage(ours)]
    times, differing = measure(engines, asked, chosen.rounds)
    return table(corpus, times, differing, chosen)


Taken = dict[str, dict[str, Times]]


def measure(engines: list[Engine], asked: dict[str, list[Wish]], rounds: int) -> tuple[Taken, list[str]]:
    """The times by engine and class, and the questions to which the engines gave different answers."""
    times: Taken = {engine.name: {kind: Times() for kind in asked} for engine in engines}
    differing = []
    for kind, some in asked.items():
        for wish in some:
            for number in range(rounds + 1):
                answers = []
                for engine in engines:
                    taken = times[engine.name][kind] if number else Times()
                    answers.append(taken.run(lambda engine=engine, wish=wish: engine.ask(wish)))
                    # The first time warms up the pages that all of them read, and shows whether they agree.
                if not number and any(answer != answers[0] for answer in answers[1:3]):
                    differing.append(f"{kind}: {wish}")
    return times, differing


def table(corpus: Corpus, times: Taken, differing: list[str], chosen: argparse.Namespace) -> Table:
    """What was found, per class and over all."""
    names = list(times)
    result = Table(
        f"Search in {corpus.size:,} comments",
        f"{len(corpus.words):,} different words, {chosen.each} questions of each class, each put {chosen.rounds} times "
        f"after a first one that warms up; milliseconds, median / p95; all newest first and through the filter of "
        f"secrecy; questions with different answers: {len(differing)}.",
        ["class", *names, "p95 to FTS5", "p95 to tantivy"],
    )
    every = {name: Times([one for kind in kinds.values() for one in kind.taken]) for name, kinds in times.items()}
    for kind in times[names[0]]:
        result.rows.append(line(kind, {name: times[name][kind] for name in names}))
    result.rows.append(line("**all classes**", every))
    ours, fts5, tantivy = (every[name].p95 for name in names[:3])
    result.claims.append((f"p95 over all at most {FTS5_MOST} × FTS5's: {ours / fts5:.2f} ×", ours <= FTS5_MOST * fts5))
    result.claims.append(
        (f"p95 over all at most {TANTIVY_MOST:g} × tantivy's: {ours / tantivy:.2f} ×", ours <= TANTIVY_MOST * tantivy)
    )
    if len(names) > 3:
        asking, page = every[names[3]].p95, every[names[4]].p95
        words = f"the whole page at most {PAGE_MOST:g} × what it asks: {page / asking:.2f} × by p95"
        alone = f" ({page / ours:.2f} × where what it shows is asked for without their number)"
        result.claims.append((words + alone, page <= PAGE_MOST * asking))
    return result


def line(kind: str, taken: dict[str, Times]) -> list[object]:
    """A row: each engine's median and p95, and what ours is to the others."""
    ours, fts5, tantivy = list(taken.values())[:3]
    cells = [f"{one.median:.1f} / {one.p95:.1f}" for one in taken.values()]
    return [kind, *cells, ours.p95 / fts5.p95, ours.p95 / tantivy.p95]
