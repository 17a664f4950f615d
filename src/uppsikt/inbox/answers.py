"""Answering: full and holding answers, signed by the one whose answer it is, sent through an intent (D35-D38)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels import sending
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.inbox import actions
from uppsikt.inbox.models import Answer, Case, Forward
from uppsikt.inbox.rules import Outcome, Sort, signed
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent
from uppsikt.kernel.working import Due
from uppsikt.notices import actions as notices
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


def answer(case: Case, text: str, *, author: Author, publisher: Person, now: datetime, seen: str = "") -> Answer:
    """Send a full answer. Raises Refused; of two who try at once, one sends (D35, D36).

    `seen` is `actions.mark` of the case as the publisher read it: an answer to what has moved on since is refused.
    """
    return send(case, text, Sort.FULL, author=author, publisher=publisher, now=now, promise_due_at=None, seen=seen)


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


def hold(case: Case, text: str, *, publisher: Person, now: datetime, seen: str = "") -> Answer:
    """Say that the question has been passed on; what is promised becomes the second deadline (D38)."""
    author, promised = Author.of(publisher), promise_due(now).at
    return send(
        case, text, Sort.HOLDING, author=author, publisher=publisher, now=now, promise_due_at=promised, seen=seen
    )


def send(
    case: Case,
    text: str,
    sort: Sort,
    *,
    author: Author,
    publisher: Person,
    now: datetime,
    promise_due_at: datetime | None,
    seen: str,
) -> Answer:
    """Write the answer and its intent in one transaction. The text must be there, the author must have a name."""
    channels.check_may(case.channel, Act.ANSWER, publisher, now=now)
    # A form sends two signs for each line break; the network counts one.
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused("empty", _("Skriv ett svar först."))
    if not author.name.strip() or not author.unit.strip():
        raise Refused("unsigned", _("Svaret måste undertecknas med namn och enhet. Fyll i det som saknas."))
    with transaction.atomic():
        row = actions.locked(case.pk)
        check_can_send(row, publisher, seen=seen, now=now)
        out = signed(text, author.name, author.title, author.unit)
        check_length(out, limit_of(row.channel, row.last_item))
        intent = channels.send_reply(
            row.channel,
            to=row.last_item.native_id,
            text=out,
            publisher=publisher,
            now=now,
            about={"case": row.pk, "author": author.name},
        )
        written = Answer(
            case=row,
            to=row.last_item,
            sort=sort.value,
            publisher=publisher,
            text=text,
            out=out,
            intent=intent,
            written_at=now,
            promise_due_at=promise_due_at,
            **author.fields(),
        )
        trail.begin(written, by=publisher.doer, at=now, step="write", also={"case": row, "author": author.name})
        trail.take(
            "send",
            row,
            by=publisher.doer,
            at=now,
            also={"answer": written, "sort": sort.value},
            assignee=row.assignee or publisher,
        )
    return written


def check_can_send(case: Case, publisher: Person, *, seen: str, now: datetime) -> None:
    """Raise Refused unless the case is open, nobody else is answering it, and it is as the publisher read it."""
    if not case.is_open:
        raise Refused("closed", _("Ärendet är redan avslutat. Öppna det igen om du vill svara på nytt."))
    actions.check_claim(case, publisher, now=now)
    actions.check_nothing_on_its_way(case)
    actions.check_seen(case, seen)


def sent(intent: Intent, *, now: datetime) -> None:
    """The answer is on the network: the case closes, or waits for what was promised."""
    with transaction.atomic():
        row = Answer.objects.select_for_update(of=("self",)).select_related("case").filter(intent=intent).first()
        if row is None or row.state == "published":
            return
        trail.take("publish", row, by=actions.INBOX, at=now, published_at=now)
        case = actions.locked(row.case_id)
        first = case.answered_at or now
        if row.sort == Sort.HOLDING:
            if case.is_open:
                trail.take(
                    "promise",
                    case,
                    by=actions.INBOX,
                    at=now,
                    answered_at=first,
                    due_at=row.promise_due_at,
                    warned_for=None,
                    **actions.NO_CLAIM,
                )
        elif case.last_item_id == row.to_id:
            actions.close(case, "answered", Outcome.ANSWERED, "", by=actions.INBOX, now=now, answered_at=first)
        elif case.is_open:
            # The citizen wrote again while the answer was on its way: that is not answered.
            still = waiting_since(case, row)
            trail.take(
                "answered_but_more",
                case,
                by=actions.INBOX,
                at=now,
                also={"answer": row},
                answered_at=first,
                waiting_item=still,
                received_at=still.at,
                due_at=actions.deadline(still.at).at,
                warned_for=None,
                **actions.NO_CLAIM,
            )
        tie(row, case, intent)


def tie(row: Answer, case: Case, intent: Intent) -> None:
    """Point the answer at itself come back, where the pull was faster than the news."""
    native_id = intent.result.get("native_id")
    found = Item.objects.filter(channel_id=case.channel_id, native_id=native_id).first() if native_id else None
    if found and row.item_id is None:
        Answer.objects.filter(pk=row.pk).update(item=found)


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


def waiting_since(case: Case, row: Answer) -> Item:
    """The oldest thing said after what the answer answers."""
    later = case.thread.items.filter(direction="received", at__gte=row.to.at).exclude(pk=row.to_id)
    return later.order_by("at", "id").first() or case.last_item


def failed_words() -> str:
    """What the publisher of an answer that failed is told."""
    return _("Ett svar gick inte att publicera. Öppna ärendet och se varför.")


def unsure_words() -> str:
    """What the publisher is told when nobody can see how it went."""
    return _("Det går inte att se om ett svar kom fram. Titta på nätet och säg hur det är.")


def not_sent(intent: Intent, *, now: datetime) -> None:
    """The answer failed, or nobody can tell: the answer says so, and its publisher is told."""
    with transaction.atomic():
        row = (
            Answer.objects.select_for_update(of=("self",))
            .select_related("case", "publisher")
            .filter(intent=intent)
            .first()
        )
        if row is None:
            return
        # Read under the lock: somebody may have asked for another try since the news was told.
        intent.refresh_from_db()
        if intent.state == "failed" and row.state in {"sending", "uncertain"}:
            trail.take("fail", row, by=actions.INBOX, at=now, also={"code": intent.error_code})
            words = failed_words
        elif intent.needs_person and row.state in {"sending", "uncertain"}:
            if row.state == "sending":
                trail.take("doubt", row, by=actions.INBOX, at=now, also={"code": intent.error_code})
            words = unsure_words
        else:
            return
        if row.case.is_open:
            trail.take("not_sent", row.case, by=actions.INBOX, at=now, also={"answer": row, "code": intent.error_code})
        notices.tell([row.publisher], kind="not_sent", words=words, url=actions.address(row.case), now=now, urgent=True)


def try_again(row: Answer, *, by: Person, now: datetime) -> None:
    """Send a failed answer once more. Raises Refused where the case has ended, or another answer is on its way."""
    channels.check_may(row.case.channel, Act.ANSWER, by, now=now)
    with transaction.atomic():
        case = actions.locked(row.case_id)
        if not case.is_open:
            raise Refused("closed", _("Ärendet är redan avslutat. Öppna det igen om du vill svara på nytt."))
        actions.check_claim(case, by, now=now)
        actions.check_nothing_on_its_way(case)
        trail.take("again", row, by=by.doer, at=now)
        sending.retry(row.intent, by=by.doer, now=now)


def give_up(row: Answer, *, by: Person, now: datetime) -> None:
    """Lay a failed answer aside, so that another can be written."""
    actions.check_mandate(row.case, by, now=now)
    with transaction.atomic():
        trail.take("give_up", row, by=by.doer, at=now)
        trail.take("withdraw", row.intent, by=by.doer, at=now)


def settle(row: Answer, *, is_there: bool, by: Person, now: datetime) -> None:
    """A person looked at the network and says whether the answer is there."""
    actions.check_mandate(row.case, by, now=now)
    sending.settle(row.intent, is_there=is_there, by=by.doer, now=now)
