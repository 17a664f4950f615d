"""Answering: full and holding answers, signed by the one whose answer it is, sent through an intent (D35-D38)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Can
from uppsikt.inbox import actions, drafts, outcomes, together
from uppsikt.inbox.desk_models import ReplyTemplate
from uppsikt.inbox.models import Answer, Case, Forward
from uppsikt.inbox.rules import Sort, signed, unfilled
from uppsikt.kernel import intents, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent
from uppsikt.kernel.working import Due
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item


@dataclass(frozen=True, slots=True)
class Author:
    """The one whose answer it is: somebody here, or an expert who answered by link."""

    name: str
    title: str
    unit: str
    person: Person | None = None
    forward: Forward | None = None

    def fields(self) -> dict[str, Any]:
        """The author as an answer keeps them, by their words and not by a key alone."""
        return {
            "forward": self.forward,
            "author": self.person,
            "author_name": self.name,
            "author_title": self.title,
            "author_unit": self.unit,
        }

    @classmethod
    def of(cls, person: Person) -> Author:
        """A person who answers in their own name."""
        return cls(*person.signature(), person=person)

    @classmethod
    def of_forward(cls, forward: Forward) -> Author:
        """An expert who answered a forwarded question."""
        return cls(forward.name, forward.title, forward.unit_name, person=forward.person, forward=forward)


AT_ONCE = timedelta()
# What somebody has brought about on a network that offers us no way to.
BY_HAND = "by_hand"


def answer(
    case: Case,
    text: str,
    *,
    author: Author,
    publisher: Person,
    now: datetime,
    seen: str = "",
    template: ReplyTemplate | None = None,
    wait: timedelta = AT_ONCE,
    elsewhere: Mapping[int, str] | None = None,
) -> Answer:
    """Send a full answer. Raises Refused; of two who try at once, one sends (D35, D36).

    `seen` is `actions.mark` of the case as the publisher read it: an answer to what has moved on since is refused.
    `template` is what the text began as. For as long as `wait` the answer stays in the house, and `regret` takes it
    back. Where other cases are answered together with this one, each conversation gets the text too, or, by the
    case's key in `elsewhere`, another one.
    """
    order = Order(text, Sort.FULL, author, publisher, now, template=template, wait=wait, elsewhere=elsewhere or {})
    return send(case, order, seen=seen)


def by_hand(
    case: Case, text: str, *, author: Author, publisher: Person, now: datetime, seen: str = "", address: str = ""
) -> Answer:
    """Keep a full answer that the publisher has put on the network by hand, which offers no other way (D18, D36).

    `address` is where it can be seen, when the publisher says so. When it comes back in a pull, it is known again.
    Cases of other conversations that were to be answered together with it are not: they stand by themselves again.
    """
    order = Order(text, Sort.FULL, author, publisher, now, by_hand=True, address=address)
    with transaction.atomic():
        written = send(case, order, seen=seen)
        outcomes.sent(written.intent, now=now)
    written.refresh_from_db()
    return written


def undo_window() -> timedelta:
    """For how long an answer that is sent by hand stays in the house, so that it can be taken back."""
    return timedelta(seconds=policy.number("answer.undo_seconds"))


def promise_due(now: datetime) -> Due:
    """When what a holding answer of now promises is due (D38)."""
    return actions.deadline(now, days=policy.number("answer.promise_working_days"))


def holding_words(case: Case, *, to: str, now: datetime) -> str:
    """The text that a holding answer starts from (D38): in Swedish, whatever language the officer's pages have."""
    del case
    with translation.override("sv"):
        return holding_text(to, now=now)


def holding_text(to: str, *, now: datetime) -> str:
    """The text, in the language that is set."""
    by = policy.due_words(promise_due(now).at, now=now)
    if to:
        return _(
            "Hej! Tack för att du hör av dig. Vi har skickat din fråga vidare till %(to)s, som återkommer till dig "
            "så snart som möjligt, senast %(by)s."
        ) % {"to": to, "by": by}
    return _(
        "Hej! Tack för att du hör av dig. Vi har skickat din fråga vidare till den som vet mest, som återkommer till "
        "dig så snart som möjligt, senast %(by)s."
    ) % {"by": by}


def hold(
    case: Case,
    text: str,
    *,
    publisher: Person,
    now: datetime,
    seen: str = "",
    template: ReplyTemplate | None = None,
    wait: timedelta = AT_ONCE,
) -> Answer:
    """Say that the question has been passed on; what is promised becomes the second deadline (D38)."""
    order = Order(
        text,
        Sort.HOLDING,
        Author.of(publisher),
        publisher,
        now,
        promise_due_at=promise_due(now).at,
        template=template,
        wait=wait,
    )
    return send(case, order, seen=seen)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be said, by whom, and how it goes out."""

    text: str
    sort: Sort
    author: Author
    publisher: Person
    now: datetime
    promise_due_at: datetime | None = None
    template: ReplyTemplate | None = None
    wait: timedelta = AT_ONCE
    elsewhere: Mapping[int, str] = field(default_factory=dict)
    by_hand: bool = False
    address: str = ""

    def out(self, text: str) -> str:
        """A text as it goes out, signed."""
        return signed(text, self.author.name, self.author.title, self.author.unit)


def send(case: Case, order: Order, *, seen: str) -> Answer:
    """Write the answer and its intent in one transaction. The text must be there, the author must have a name."""
    text = tidy(order.text)
    if not text:
        raise Refused("empty", _("Skriv ett svar först."))
    check_filled(text)
    if not order.author.name.strip() or not order.author.unit.strip():
        raise Refused("unsigned", _("Svaret måste undertecknas med namn och enhet. Fyll i det som saknas."))
    check_may_send(case, order)
    with transaction.atomic():
        row = actions.locked(case.pk)
        check_can_send(row, order.publisher, seen=seen, now=order.now)
        # What somebody published by hand is in one conversation alone. The others go their own way when this one ends.
        members = [] if order.by_hand else together.others(together.members_of(row.pk), row)
        written = write_one(row, order, text)
        for member in members:
            write_beside(member, row, order, tidy(order.elsewhere.get(member.pk, "")) or text)
        if members and order.sort is Sort.FULL:
            together.settle(row.pk)
        drafts.drop(row.pk, order.publisher, drafts.place_of(order.sort, order.author.forward))
    return written


def write_beside(member: Case, leader: Case, order: Order, text: str) -> None:
    """Write the answer of a case that is answered together with another."""
    check_may_send(member, order)
    actions.check_nothing_on_its_way(member)
    if order.sort is Sort.FULL:
        # From here on each has an answer of its own, which may fail on its own.
        words = _("Besvaras tillsammans med ärende %(number)s.") % {"number": leader.pk}
        member = together.part(member, by=order.publisher.doer, now=order.now, reason=words)
    write_one(member, order, text)


def tidy(text: str) -> str:
    """A text as it is sent: a form writes two signs for each line break, where the network counts one."""
    return text.replace("\r\n", "\n").strip()


def check_may_send(case: Case, order: Order) -> None:
    """Raise Refused without a mandate, or where the network takes no answer the way that was asked for."""
    channels.check_may(case.channel, Act.ANSWER, order.publisher, now=order.now)
    if not order.by_hand and not takes_replies(case.last_item):
        raise Refused(
            "no_reply",
            _("Det går inte att svara härifrån i %(channel)s. Svara själv på nätet och bokför svaret här.")
            % {"channel": case.channel.name},
        )


def takes_replies(item: Item) -> bool:
    """Whether the network lets us answer the item; where it does not, somebody answers there by hand."""
    return Can.REPLY.value in item.can


def write_one(row: Case, order: Order, text: str) -> Answer:
    """Write one conversation's answer, and what sends it."""
    out, publisher, now, template = order.out(text), order.publisher, order.now, order.template
    check_length(out, limit_of(row.channel, row.last_item))
    about = {"case": row.pk, "author": order.author.name}
    if order.by_hand:
        intent = done_by_hand(row, out, order, about)
    else:
        intent = channels.send_reply(
            row.channel,
            to=row.last_item.native_id,
            text=out,
            publisher=publisher,
            now=now,
            about=about,
            not_before=now + order.wait if order.wait else None,
        )
    written = Answer(
        case=row,
        to=row.last_item,
        sort=order.sort.value,
        publisher=publisher,
        text=text,
        out=out,
        intent=intent,
        written_at=now,
        promise_due_at=order.promise_due_at,
        template=template,
        template_number=template.number if template else None,
        **order.author.fields(),
    )
    began_as = {"template": template, "template_number": template.number} if template else {}
    way = {"by_hand": True} if order.by_hand else {}
    trail.begin(written, by=publisher.doer, at=now, step="write", also={**about, **began_as, **way})
    trail.take(
        "send",
        row,
        by=publisher.doer,
        at=now,
        also={"answer": written, "sort": order.sort.value, **way},
        assignee=row.assignee or publisher,
        **together.AWAKE,
    )
    return written


def done_by_hand(row: Case, out: str, order: Order, about: Mapping[str, Any]) -> Intent:
    """The effect as the trail knows it: a person has brought it about, and says so."""
    by, now = order.publisher.doer, order.now
    payload = {"to": row.last_item.native_id, "text": out, **about}
    intent = intents.write(BY_HAND, row.channel.target, payload, by=by, now=now)
    intent = intents.start(intent, by=by, now=now)
    return intents.done(intent, {"address": order.address} if order.address else {}, by=by, now=now)


def check_filled(text: str) -> None:
    """Raise Refused while a field of a template has not been filled in."""
    left = unfilled(text)
    if left:
        raise Refused(
            "unfilled",
            _("Fyll i %(fields)s i texten innan du skickar.") % {"fields": ", ".join(f"{{{name}}}" for name in left)},
        )


def check_can_send(case: Case, publisher: Person, *, seen: str, now: datetime) -> None:
    """Raise Refused unless the case is open, nobody else is answering it, and it is as the publisher read it."""
    if not case.is_open:
        raise Refused("closed", _("Ärendet är redan avslutat. Öppna det igen om du vill svara på nytt."))
    actions.check_claim(case, publisher, now=now)
    actions.check_nothing_on_its_way(case)
    actions.check_seen(case, seen)


def limit_of(channel: Channel, item: Item) -> int | None:
    """How many characters an answer to the item may have, or None where the network has named no limit.

    What the network says of the item itself goes before what is set for the channel.
    """
    told = item.version.reading.get("longest_answer") if item.version else None
    given = told or channel.settings.get("reply_limit")
    return given if isinstance(given, int) and given > 0 else None


def check_length(out: str, limit: int | None) -> None:
    """Raise Refused where the signed text is longer than the network takes."""
    if limit is not None and len(out) > limit:
        raise Refused(
            "too_long",
            _(
                "Svaret är %(length)s tecken med underskriften. Nätet tar emot högst %(limit)s. "
                "Korta det med %(over)s tecken."
            )
            % {"length": len(out), "limit": limit, "over": len(out) - limit},
        )
