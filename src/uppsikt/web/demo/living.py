"""The last month, lived through in the order in which it happened, by the ordinary actions with the times of then.

What the municipality had answered on the network is answered here too, by the one who signed it; what it left
without an answer, its staff end with a reason; what came lately waits. The network is not touched: an answer that
is there already is not sent again, its intent is done. When an item was fetched, and when somebody here first saw
it, is not made up: the records say how that really was.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

from uppsikt.channels.models import Channel
from uppsikt.channels.sending import PUBLISHER
from uppsikt.inbox import actions, answers, outcomes
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Answer, Case
from uppsikt.inbox.states import OPEN
from uppsikt.kernel import intents
from uppsikt.kernel.hours import ZONE
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item
from uppsikt.web.demo.accounts import ACCOUNTS
from uppsikt.web.demo.day import BEFORE_US, DAY, ENDS, HELD, REGRETTED, WAITS
from uppsikt.web.demo.deeds import do

HEARD_AFTER = timedelta(minutes=3)
MINUTE = timedelta(minutes=1)
# One in so many answers was written on the network itself.
ELSEWHERE = 9


def office_later(at: datetime, minutes: float) -> datetime:
    """The moment when so many minutes of opening hours have passed since `at`."""
    hours, left = policy.hours(), timedelta(minutes=minutes)
    day = at.astimezone(ZONE).date()
    while True:
        for opens, closes in hours.spans(day):
            start = max(opens, at)
            if closes - start >= left:
                return start + left
            left -= max(closes - start, timedelta())
        day += timedelta(days=1)


class Month:
    """An agenda of what happens when. `meanings` says what lies behind each thing said, by its id on the network."""

    def __init__(self, meanings: Mapping[str, Mapping[str, Any]], *, now: datetime) -> None:
        self.meanings, self.now = meanings, now
        self.people = {person.name: person for person in Person.objects.select_related("unit")}
        self.staff = {account.handle: account.staff for account in ACCOUNTS}
        self.regretted: Item | None = None
        self._agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._number = count()
        self._answered_at: dict[int, list[datetime]] = defaultdict(list)

    def plan(self, at: datetime, what: Callable[[datetime], None]) -> None:
        """Let something happen then, unless that is still to come."""
        if at <= self.now:
            heapq.heappush(self._agenda, (at, next(self._number), what))

    def live(self, items: Iterable[Item]) -> None:
        """Let it all happen."""
        for item in items:
            early = item.channel.joined + HEARD_AFTER
            if item.direction == "received":
                self.plan(max(item.at + HEARD_AFTER, early), partial(self.received, item))
            else:
                self._answered_at[item.thread_id].append(item.at)
                self.plan(max(item.at, early), partial(self.said, item))
        while self._agenda:
            at, _number, what = heapq.heappop(self._agenda)
            what(at)

    def received(self, item: Item, at: datetime) -> None:
        """A case opens or goes on; whoever has something to do with it gets it on the agenda."""
        case = actions.receive(item, now=at)
        meaning = self.meanings.get(item.native_id, {})
        scene = meaning.get("scene", "")
        if scene:
            for deed in DAY.get(scene, ()):
                then = min(office_later(item.at, deed.after), self.now - MINUTE)
                self.plan(max(then, at), partial(do, case.pk, deed, self.people))
            if scene == REGRETTED:
                self.regretted = item
            return
        if any(later > item.at for later in self._answered_at[item.thread_id]):
            return
        sort = str(meaning.get("sort", ""))
        if sort in WAITS and actions.deadline(item.at).at > self.now:
            return
        look = office_later(at, self.dice(item).uniform(15, 260))
        self.plan(look, partial(self.end, item, sort))

    def end(self, item: Item, sort: str, now: datetime) -> None:
        """Staff end what has no answer, where nothing more has been said."""
        case = self.case_of(item)
        if case is None or case.last_item_id != item.pk:
            return
        rng, who = self.dice(item), self.colleague(item)
        verb, reasons = ENDS.get(sort, ENDS["chatter"])
        reason = BEFORE_US if item.at < item.channel.joined else rng.choice(reasons)
        (actions.pass_on if verb == "pass_on" else actions.no_answer)(case, reason, by=who, now=now)

    def said(self, item: Item, at: datetime) -> None:
        """The municipality said something itself: an answer, where a case was waiting for one."""
        case = self.case_of(item)
        if case is None:
            return
        held = self.meanings.get(item.native_id, {}).get("scene") == HELD
        own = item.at > item.channel.joined and (held or self.dice(item).randrange(ELSEWHERE))
        # What the network takes no answers to from here any more was answered there: the records would say no other.
        own = own and answers.takes_replies(case.last_item)
        if own and item.version and item.at - case.last_item.at > HEARD_AFTER + MINUTE:
            self.answered(case, item, item.version.text, held=held)
        else:
            actions.answered_elsewhere(item, now=at + HEARD_AFTER)

    def answered(self, case: Case, item: Item, text: str, *, held: bool) -> None:
        """Somebody answered, in the name of the one who signed."""
        body, _blank, signature = text.rpartition("\n\n")
        author = self.people[signature.partition(",")[0]]
        publisher = author if author.name in self.staff[item.channel.settings["handle"]] else self.colleague(item)
        written = item.at - MINUTE
        if case.assignee_id is None:
            actions.take(case, publisher, now=written)
        if held:
            row = answers.hold(case, body, publisher=publisher, now=written)
        else:
            row = answers.answer(case, body, author=Author.of(author), publisher=publisher, now=written)
        arrived(row, item)

    def case_of(self, item: Item) -> Case | None:
        """The open case of the item's conversation."""
        rows = Case.objects.filter(state__in=OPEN).select_related("channel", "last_item", "assignee")
        return rows.filter(thread_id=item.thread_id).first()

    def colleague(self, item: Item) -> Person:
        """One of those who look after the channel."""
        return self.people[self.dice(item).choice(self.staff[item.channel.settings["handle"]])]

    def dice(self, item: Item) -> Random:
        """Whims that hang on the item alone."""
        return Random(item.native_id)  # noqa: S311 - a play, not cryptography


def arrived(row: Answer, item: Item) -> None:
    """The answer is the item: it reached the network then, so its intent is done and is never tried."""
    intents.start(row.intent, by=PUBLISHER, now=item.at)
    intents.done(row.intent, {"native_id": item.native_id, "address": item.address}, by=PUBLISHER, now=item.at)
    outcomes.sent(row.intent, now=item.at)


def lately(channels: Iterable[Channel], *, now: datetime) -> Iterable[Item]:
    """What was said since the channels' history begins to open cases, as the ordinary first pull would have it."""
    days = timedelta(days=policy.number("inbox.history_days"))
    rows = Item.objects.filter(kind="comment", at__lte=now).select_related("channel", "version", "thread")
    return [
        item
        for channel in channels
        for item in rows.filter(channel=channel, at__gte=channel.joined - days).order_by("at", "id")
    ]
