"""What is done with a case: opened, joined, taken, claimed, noted, closed, reopened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels import gate
from uppsikt.channels import queries as channel_queries
from uppsikt.channels.rules import Act
from uppsikt.inbox import measure, together
from uppsikt.inbox.models import Answer, Case, CaseItem, Note
from uppsikt.inbox.rules import Outcome
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.kernel.working import Due
from uppsikt.notices import actions as notices
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item

INBOX = Doer.system("inbox")
NO_CLAIM: dict[str, Any] = {"claimed_by": None, "claimed_until": None}


def deadline(received: datetime, *, days: int | None = None) -> Due:
    """When something received then must be answered, by the policy in force (D35)."""
    within = policy.number("answer.within_working_days") if days is None else days
    return policy.due(received, days=within)


AFRESH: dict[str, Any] = {"outcome": "", "outcome_reason": "", "closed_at": None, "warned_for": None}


def receive(item: Item, *, now: datetime) -> Case:
    """Open a case for something received, or let it join the case of its conversation; a closed case reopens.

    Hearing of the same item twice changes nothing the second time.
    """
    due = deadline(item.at)
    with transaction.atomic():
        case = home(item)
        known = CaseItem.objects.filter(item=item).select_related("case").first() if case else None
        if known is not None:
            return known.case
        if case is None:
            case = Case(
                thread_id=item.thread_id,
                channel_id=item.channel_id,
                last_item=item,
                waiting_item=item,
                received_at=item.at,
                due_at=due.at,
            )
            trail.begin(case, by=INBOX, at=now, step="open", also={"item": item, "due_at": due.at})
        else:
            case = rejoin(case, item, due, now=now)
        CaseItem.objects.create(item=item, case=case)
    return case


def home(item: Item) -> Case | None:
    """The case that something said belongs to, locked; None where its conversation has none yet.

    Where part of a conversation was split off, a reply goes where that which it replies to went.
    """
    found = dict(Case.objects.filter(thread_id=item.thread_id).values_list("pk", "split_from_id"))
    if not found:
        return None
    key = next((pk for pk, split_from in found.items() if split_from is None), min(found))
    if len(found) > 1 and item.parent_native_id:
        parent = {"item__channel_id": item.channel_id, "item__native_id": item.parent_native_id, "case__in": found}
        asked = CaseItem.objects.filter(**parent).values_list("case_id", flat=True).first()
        key = asked or Answer.objects.filter(**parent).values_list("case_id", flat=True).first() or key
    return together.locked_family(key)[key]


def rejoin(case: Case, item: Item, due: Due, *, now: datetime) -> Case:
    """Something more was said in a conversation that has a case. A case that was snoozed wakes."""
    counted: dict[str, Any] = {"received_at": item.at, "waiting_item": item}
    newest = item if (item.at, item.pk) > (case.last_item.at, case.last_item_id) else case.last_item
    if case.state == "closed":
        times = case.times_opened + 1
        return trail.take(
            "reopen",
            case,
            by=INBOX,
            at=now,
            also={"item": item},
            last_item=newest,
            times_opened=times,
            due_at=due.at,
            **counted,
            **AFRESH,
        )
    # What waits longest sets the deadline; an older item that comes in late moves it forward.
    older: dict[str, Any] = {}
    if case.state != "promised" and due.at < together.own_due(case):
        older = {**counted, **together.due_fields(case, due.at), "warned_for": None}
    row = trail.take("join", case, by=INBOX, at=now, also={"item": item}, last_item=newest, **together.AWAKE, **older)
    if row.merged_into_id:
        leader = locked(row.merged_into_id)
        together.settle(leader.pk)
        trail.take("join", leader, by=INBOX, at=now, also={"item": item, "case": row}, **together.AWAKE)
    return row


def answered_elsewhere(item: Item, *, now: datetime) -> None:
    """Somebody answered on the network itself: the case ends, and the trail says how."""
    if own_answer(item):
        return
    with transaction.atomic():
        case = home(item)
        if case is None or case.state == "closed" or item.at < case.last_item.at:
            return
        if Answer.objects.filter(case=case, state__in=["sending", "uncertain"]).exists():
            # It may be our own answer coming back; what is said of its intent decides.
            return
        measure.first_answer(case, at=item.at, holding=False)
        reason = _("Besvarat direkt på nätet.")
        close(case, "answered", Outcome.ANSWERED, reason, by=INBOX, now=now, answered_at=item.at)


def own_answer(item: Item) -> bool:
    """Whether the item is one of our answers, come back from the network; the answer then points at it.

    Where the network never told us its id (a person settled it), the words decide: letters and digits, since
    networks change quotes and spaces.
    """
    for row in Answer.objects.filter(case__thread_id=item.thread_id, item=None).select_related("intent"):
        known = row.intent.result.get("native_id")
        if known == item.native_id or (not known and item.version and bare(row.out) == bare(item.version.text)):
            Answer.objects.filter(pk=row.pk).update(item=item)
            return True
    return Answer.objects.filter(item=item).exists()


def bare(text: str) -> str:
    """A text's letters and digits alone."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def close(case: Case, step: str, outcome: Outcome, reason: str, *, by: Doer, now: datetime, **fields: Any) -> Case:
    """End a case with an outcome. Those that follow it end too, or go their own way where they are not answered."""
    leader, members = case.merged_into_id, list(together.members_of(case.pk))
    row = trail.take(
        step,
        case,
        by=by,
        at=now,
        reason=reason,
        outcome=outcome.value,
        outcome_reason=reason,
        closed_at=now,
        merged_into=None,
        own_due_at=None,
        **NO_CLAIM,
        **together.AWAKE,
        **fields,
    )
    if leader:
        together.settle(leader)
    for member in members:
        if outcome is not Outcome.ANSWERED:
            close(member, step, outcome, reason, by=by, now=now)
        elif member.thread_id == case.thread_id:
            measure.first_answer(member, at=now, holding=False)
            words = _("Besvarat i ärende %(number)s.") % {"number": case.pk}
            close(member, step, outcome, words, by=by, now=now, answered_at=member.answered_at or now)
        else:
            together.part(member, by=INBOX, now=now)
    return row


def take(case: Case, person: Person, *, now: datetime) -> Case:
    """Make a case one's own."""
    check_mandate(case, person, now=now)
    return trail.take("take", case, by=person.doer, at=now, assignee=person)


def check_mandate(case: Case, person: Person, *, now: datetime) -> None:
    """Raise Refused without a mandate on the case's channel (D21).

    For what stays in the house, which goes on while a channel is paused.
    """
    gate.check(case.channel, Act.ANSWER, person, now=now)


def assign(case: Case, to: Person, *, by: Person, now: datetime) -> Case:
    """Give a case to a colleague, who is told. Raises Refused where either of the two has no mandate there."""
    check_mandate(case, by, now=now)
    if channel_queries.mandate(to, case.channel, Act.ANSWER, at=now) is None:
        raise Refused(
            "no_mandate",
            _("%(name)s saknar uppdrag i kanalen. Välj någon annan, eller skicka frågan vidare.") % {"name": to},
        )
    with transaction.atomic():
        row = trail.take("assign", case, by=by.doer, at=now, assignee=to, **NO_CLAIM)
        if to != by:
            notices.tell(
                [to],
                kind="assigned",
                words=lambda: _("%(name)s lämnade över ett ärende till dig.") % {"name": by.name},
                url=address(case),
                now=now,
            )
    return row


def release(case: Case, *, by: Person, now: datetime) -> Case:
    """Put a case back for anybody to take. Raises Refused without a mandate."""
    check_mandate(case, by, now=now)
    return trail.take("release", case, by=by.doer, at=now, assignee=None, **NO_CLAIM)


def locked(pk: int) -> Case:
    """The case's row, locked until the transaction ends, and with it those that it is answered together with."""
    return together.locked_family(pk)[pk]


def claim(case: Case, person: Person, *, now: datetime) -> Case:
    """Say "I am answering this now" for some minutes. Raises Refused while a colleague says so.

    Claiming again prolongs; the trail has a step for the first time only.
    """
    channels.check_may(case.channel, Act.ANSWER, person, now=now)
    until = now + timedelta(minutes=policy.number("claim.minutes"))
    with transaction.atomic():
        row = locked(case.pk)
        check_claim(row, person, now=now)
        held = row.claimed_by_id == person.pk and row.claimed_until and row.claimed_until > now
        if not held:
            return trail.take("claim", row, by=person.doer, at=now, claimed_by=person, claimed_until=until)
        Case.objects.filter(pk=row.pk).update(claimed_until=until)
        row.claimed_until = until
    return row


def check_claim(case: Case, person: Person, *, now: datetime) -> None:
    """Raise Refused while somebody else is answering."""
    held = case.claimed_until is not None and case.claimed_until > now
    if held and case.claimed_by is not None and case.claimed_by != person:
        raise Refused(
            "claimed",
            _("%(name)s svarar just nu. Din text är kvar. Vänta en stund, eller prata med %(name)s.")
            % {"name": case.claimed_by.name},
        )


def add_note(case: Case, text: str, *, by: Person, now: datetime) -> Note:
    """Tell colleagues something about a case. Raises Refused for an empty note, or without a mandate."""
    check_mandate(case, by, now=now)
    if not text.strip():
        raise Refused("empty", _("Skriv något i anteckningen först."))
    with transaction.atomic():
        note = Note.objects.create(case=case, author=by, text=text.strip(), at=now)
        trail.note("note", case, by=by.doer, at=now, also={"note": note})
    return note


def mark(case: Case) -> str:
    """What somebody who read the case has seen: the newest thing said, its wording, and our newest answer."""
    newest = Answer.objects.filter(case_id=case.pk).order_by("-id").values_list("pk", flat=True).first()
    following = together.members_of(case.pk).values_list("last_item_id", flat=True)
    return ".".join(str(part) for part in (case.last_item_id, case.last_item.versions_count, newest or 0, *following))


def check_seen(case: Case, seen: str) -> None:
    """Raise Refused where the conversation has moved since it was read. An empty mark is not asked about.

    It also stops a form that is sent once more from an old page.
    """
    if seen and seen != mark(case):
        raise Refused(
            "moved_on",
            _("Det har hänt något i konversationen sedan du öppnade den. Läs det nya, och skicka sedan igen."),
        )


def no_answer(case: Case, reason: str, *, by: Person, now: datetime, seen: str = "") -> Case:
    """End a case that wants no answer, with the reason."""
    return end_without_answer(case, "no_answer", Outcome.NO_ANSWER, reason, by=by, now=now, seen=seen)


def pass_on(case: Case, reason: str, *, by: Person, now: datetime, seen: str = "") -> Case:
    """End a case that goes to ordinary case handling, with the reason (D66: exercise of authority, advice)."""
    return end_without_answer(case, "pass_on", Outcome.PASSED_ON, reason, by=by, now=now, seen=seen)


def end_without_answer(
    case: Case, step: str, outcome: Outcome, reason: str, *, by: Person, now: datetime, seen: str
) -> Case:
    """End a case without an answer of ours. Raises Refused without a reason, or while an answer is on its way."""
    check_mandate(case, by, now=now)
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför ärendet avslutas utan svar."))
    with transaction.atomic():
        row = locked(case.pk)
        check_claim(row, by, now=now)
        check_seen(row, seen)
        check_nothing_on_its_way(row)
        return close(row, step, outcome, reason.strip(), by=by.doer, now=now)


def check_nothing_on_its_way(case: Case) -> None:
    """Raise Refused while an answer is being sent, or nobody can tell whether it was."""
    if Answer.objects.filter(case=case, state__in=["sending", "uncertain"]).exists():
        raise Refused("on_its_way", _("Ett svar är redan på väg. Vänta tills du ser hur det gick."))


def reopen(case: Case, *, reason: str, by: Person, now: datetime) -> Case:
    """Open a closed case again by hand; a new deadline counts from now. Raises Refused without a mandate."""
    check_mandate(case, by, now=now)
    due = deadline(now)
    return trail.take(
        "reopen",
        case,
        by=by.doer,
        at=now,
        reason=reason,
        due_at=due.at,
        received_at=now,
        times_opened=case.times_opened + 1,
        **AFRESH,
    )


def address(case: Case) -> str:
    """Where the case is shown, without the host."""
    return f"/inkorg/{case.pk}/"
