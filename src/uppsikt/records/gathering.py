"""Several answers of a network taken in together: what is dear about keeping them is dear once.

A network deals out its items by the hundred, and the database takes in thousands as readily. What has been gathered
is never held back for long, and none of it is lost when the network breaks off.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from uppsikt.connectors.base import BadItem, Batch, Captured

# Taken in as soon as there are so many items, so many bytes of answers, or so long has passed since the first.
ENOUGH = 2_000
HEAVY = 32 * 2**20
LONG = timedelta(seconds=3)

Clock = Callable[[], datetime]


@dataclass
class Basket:
    """What has been read and not yet taken in."""

    since: datetime
    items: dict[str, Captured] = field(default_factory=dict)
    bad: list[BadItem] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)
    last: Batch | None = None

    def fits(self, batch: Batch) -> bool:
        """Whether the batch can go in too; not where an item in it says something else by now: each wording is kept."""
        return all(
            before.fingerprint == one.fingerprint and before.visibility == one.visibility
            for one in batch.items
            if (before := self.items.get(one.native_id))
        )

    def add(self, batch: Batch) -> None:
        """Put a batch in."""
        for one in batch.items:
            self.items[one.native_id] = one
            self.answers[id(one.raw)] = len(one.raw.body)
        self.bad += batch.bad
        self.last = batch

    def is_full(self, now: datetime) -> bool:
        """Whether it is time to take it in."""
        heavy = sum(self.answers.values()) >= HEAVY
        return len(self.items) >= ENOUGH or heavy or now - self.since >= LONG

    def whole(self) -> Batch | None:
        """All of it as one batch, with the cursor and the count of the last; None where nothing was put in."""
        if self.last is None:
            return None
        return Batch(tuple(self.items.values()), self.last.cursor, self.last.expected, tuple(self.bad))


def gathered(batches: Iterable[Batch], *, clock: Clock) -> Generator[Batch]:
    """The batches, put together to such as are worth a transaction of their own.

    Where the network breaks off, what came before is yielded first, and then its Trouble is raised.
    """
    basket = Basket(clock())
    try:
        for batch in batches:
            if not basket.fits(batch):
                yield from emptied(basket)
                basket = Basket(clock())
            basket.add(batch)
            if basket.is_full(clock()):
                yield from emptied(basket)
                basket = Basket(clock())
    except Exception:  # whatever broke it off, and it goes on its way below
        yield from emptied(basket)
        raise
    yield from emptied(basket)


def emptied(basket: Basket) -> Iterator[Batch]:
    """What is in it, if anything."""
    whole = basket.whole()
    if whole is not None:
        yield whole
