"""What becomes of an answer: it is out, it failed, nobody can tell, or it was taken back in time (D35, D38)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels import sending
from uppsikt.channels.rules import Act
from uppsikt.inbox import actions, drafts, likes, measure, together
from uppsikt.inbox.models import Answer, Case, CaseItem
from uppsikt.inbox.rules import Outcome, Sort
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent
from uppsikt.notices import actions as notices
from uppsikt.organisation.models import Person
from uppsikt.records.models import Item


def sent(intent: Intent, *, now: datetime) -> None:
    """The answer is on the network: the case closes, or waits for what was promised."""
    with transaction.atomic():
        known = Answer.objects.filter(intent=intent).values_list("case_id", flat=True).first()
        if known is None:
            return
        case = actions.locked(known)
        row = Answer.objects.select_for_update(of=("self",)).get(intent=intent)
        if row.state == "published":
            return
        trail.take("publish", row, by=actions.INBOX, at=now, published_at=now)
        likes.remember(row)
        if case.state != "closed":
            measure.first_answer(case, at=now, holding=row.sort == Sort.HOLDING)
        if row.sort == Sort.HOLDING:
            promised(case, row, now=now)
        elif case.last_item_id == row.to_id:
            first = case.answered_at or now
            actions.close(case, "answered", Outcome.ANSWERED, "", by=actions.INBOX, now=now, answered_at=first)
        elif case.is_open:
            but_more(case, row, now=now)
        tie(row, case, intent)


def promised(case: Case, row: Answer, *, now: datetime) -> None:
    """The holding answer is out: what it promises is the deadline now (D38)."""
    first, due = case.answered_at or now, row.promise_due_at
    if due is None or case.state == "closed":
        return
    if case.state == "merged":
        trail.take("told", case, by=actions.INBOX, at=now, answered_at=first, due_at=due)
        if case.merged_into_id:
            together.settle(case.merged_into_id)
        return
    trail.take(
        "promise",
        case,
        by=actions.INBOX,
        at=now,
        answered_at=first,
        **together.due_fields(case, due),
        warned_for=None,
        **actions.NO_CLAIM,
    )


def but_more(case: Case, row: Answer, *, now: datetime) -> None:
    """The citizen wrote again while the answer was on its way: that is not answered."""
    still = waiting_since(case, row)
    trail.take(
        "answered_but_more",
        case,
        by=actions.INBOX,
        at=now,
        also={"answer": row},
        answered_at=case.answered_at or now,
        waiting_item=still,
        received_at=still.at,
        **together.due_fields(case, actions.deadline(still.at).at),
        warned_for=None,
        **actions.NO_CLAIM,
    )


def tie(row: Answer, case: Case, intent: Intent) -> None:
    """Point the answer at itself come back, where the pull was faster than the news."""
    native_id = intent.result.get("native_id")
    found = Item.objects.filter(channel_id=case.channel_id, native_id=native_id).first() if native_id else None
    if found and row.item_id is None:
        Answer.objects.filter(pk=row.pk).update(item=found)


def waiting_since(case: Case, row: Answer) -> Item:
    """The oldest thing in the case that was said after what the answer answers."""
    later = Item.objects.filter(pk__in=CaseItem.objects.filter(case=case).values("item_id"), at__gte=row.to.at)
    return later.exclude(pk=row.to_id).order_by("at", "id").first() or case.last_item


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
        if row.case.state != "closed":
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


def regret(row: Answer, *, by: Person, now: datetime) -> None:
    """Take back an answer that has not left the house; its text is a draft again.

    Raises Refused where somebody else sent it, or where it has been tried.
    """
    if row.publisher_id != by.pk:
        raise Refused("not_yours", _("Bara den som skickade svaret kan ångra det."))
    with transaction.atomic():
        case = locked_with_others(row)
        channels.regret(row.intent, by=by.doer, now=now)
        trail.take("regret", row, by=by.doer, at=now)
        trail.take("regret", case, by=by.doer, at=now, also={"answer": row})
        regret_others(row, case, by=by, now=now)
        drafts.restore(case.pk, by, drafts.place_of(Sort(row.sort), row.forward), row.text, now=now)


def sent_beside(row: Answer) -> QuerySet[Answer]:
    """What was sent with an answer in other conversations, and is on its way."""
    rows = Answer.objects.filter(publisher=row.publisher_id, written_at=row.written_at, state="sending")
    return rows.exclude(pk=row.pk).order_by("case_id")


def locked_with_others(row: Answer) -> Case:
    """The answer's case, locked at once with all that it was answered together with, in the order that all keep."""
    keys = together.family(row.case_id).union(*(together.family(other.case_id) for other in sent_beside(row)))
    return together.locked(*keys)[row.case_id]


def regret_others(row: Answer, case: Case, *, by: Person, now: datetime) -> None:
    """Take back what was sent with it in other conversations; they are answered together again."""
    for other in sent_beside(row).select_related("intent", "case"):
        channels.regret(other.intent, by=by.doer, now=now)
        trail.take("regret", other, by=by.doer, at=now)
        trail.take("regret", other.case, by=by.doer, at=now, also={"answer": other})
        if other.case.is_open and row.sort == Sort.FULL:
            trail.take("merge", other.case, by=by.doer, at=now, merged_into=case)
    together.settle(case.pk)
