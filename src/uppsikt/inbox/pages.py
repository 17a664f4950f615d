"""What a case's page shows: the conversation, who has it, what can be done, the trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.channels import queries as channels
from uppsikt.channels import words as channel_words
from uppsikt.channels.rules import Act
from uppsikt.inbox import actions, answers, drafts, flow_page, queries, rules, words
from uppsikt.inbox.answers import Author
from uppsikt.inbox.forms import (
    AnswerForm,
    AssignForm,
    ForwardForm,
    HoldForm,
    NoAnswerForm,
    NoteForm,
    Own,
    PassOnForm,
    ReopenForm,
    by_name,
)
from uppsikt.inbox.models import Answer, Case, Forward
from uppsikt.inbox.queries import Reach
from uppsikt.inbox.rules import Sort
from uppsikt.inbox.states import OUT
from uppsikt.kernel import trail
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.records import queries as records
from uppsikt.records.models import Attachment, Item, Version
from uppsikt.records.reading import Reader
from uppsikt.ui.trails import Line

# A longer conversation is read on the record's page.
SHOWN = 200
# So many of the wordings that an item had are shown here; all of them stand on the record's page.
EARLIER = 10
SUGGESTED = 6
FOUND = 12


@dataclass(slots=True)
class Said:
    """One thing of the conversation: `answer` is set where it is an answer that was written here.

    `changes` counts the times it was reworded, `earlier` holds the newest of the wordings that it had.
    """

    item: Item
    shown_as: str = ""
    is_post: bool = False
    changes: int = 0
    earlier: list[Version] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said, oldest first, and how much older there is."""

    said: list[Said]
    left_out: int

    @property
    def items(self) -> list[Item]:
        """The items alone."""
        return [each.item for each in self.said]


def conversation(case: Case, reader: Reader, written: Sequence[Answer] = (), *, edits: bool = True) -> Conversation:
    """What may be read of the thread, with the post over it, wordings, files, our answers, in steadily many queries.

    Without `edits` nothing is told of what was said before it was reworded.
    """
    thread = records.in_thread(case.thread, reader)
    newest = list(thread.reverse()[: SHOWN + 1])
    left_out = thread.count() - SHOWN if len(newest) > SHOWN else 0
    items = newest[:SHOWN][::-1]
    post = records.post_over(case.thread, reader)
    over = [post] if post and all(post.pk != item.pk for item in items) else []
    rows = [*over, *items]
    earlier, files = defaultdict(list), defaultdict(list)
    changed = [item.pk for item in rows if item.versions_count > 1 and edits]
    for version in records.earlier_wordings(changed, EARLIER) if changed else []:
        earlier[version.item_id].append(version)
    for attachment in Attachment.objects.filter(item__in=[item.pk for item in rows]).order_by("id"):
        files[attachment.item_id].append(attachment)
    ours = {row.item_id: row for row in written if row.item_id}
    said = [
        Said(
            item,
            str(words.SHOWN_AS.get(item.state, "")),
            item.kind in {"post", "page"} and item.direction == "drawn_up",
            item.versions_count - 1 if edits else 0,
            earlier[item.pk],
            files[item.pk],
            ours.get(item.pk),
        )
        for item in rows
    ]
    return Conversation(said, left_out)


@dataclass(frozen=True, slots=True)
class Now:
    """How a case stands at this moment: what its page keeps up to date by itself."""

    case: Case
    can_answer: bool
    sending: bool
    uncertain: bool
    other: Person | None
    mine: bool
    moved: bool
    live: bool
    # The network takes no answer from here: somebody answers there, and keeps the answer here.
    by_hand: bool = False
    # Colleagues who have begun an answer that only they can read.
    writing: tuple[str, ...] = ()

    @property
    def can_send(self) -> bool:
        """Whether an answer would be taken now."""
        return self.can_answer and self.live and self.case.is_open and not self.on_its_way and self.other is None

    @property
    def on_its_way(self) -> bool:
        """Whether an answer is being sent, or nobody can tell whether it was."""
        return self.sending or self.uncertain


def now_of(case: Case, person: Person, reached: Reach, *, since: int | None, now: datetime) -> Now:
    """How the case stands; `since` is the newest step that the reader has seen."""
    ways = set(Answer.objects.filter(case=case, state__in=["sending", "uncertain"]).values_list("state", flat=True))
    held = case.claimed_by if case.claimed_until and case.claimed_until > now else None
    return Now(
        case=case,
        can_answer=case.channel_id in reached.answers,
        sending="sending" in ways,
        uncertain="uncertain" in ways,
        other=held if held and held != person else None,
        mine=held == person,
        moved=since is not None and since != queries.newest_step(case),
        live=case.channel.is_at_work,
        by_hand=not answers.takes_replies(case.last_item),
        writing=drafts.writers(case.pk, person, now=now),
    )


@dataclass(frozen=True, slots=True)
class ExpertAnswer:
    """An expert's answer that has not been used, and the address that takes it up into the answer form."""

    row: Forward
    use_url: str


def expert_answers(forwards: Iterable[Forward], written: Sequence[Answer]) -> list[Forward]:
    """Experts' answers that have not been used."""
    used = {row.forward_id for row in written if row.state != "dropped"}
    return [row for row in forwards if row.state == "answered" and row.pk not in used]


def suggested(case: Case, words_sought: str) -> list[Person]:
    """Who may know: those found by the words, else the contact persons, the channel's own department first (D4)."""
    if words_sought.strip():
        return list(organisation.find_people(words_sought, FOUND))
    own = case.channel.unit.department_id
    roster = sorted(organisation.contacts(), key=lambda contact: contact.department_id != own)
    return list({contact.person_id: contact.person for contact in roster}.values())[:SUGGESTED]


def lines(case: Case, written: Sequence[Answer], forwards: Sequence[Forward]) -> list[Line]:
    """The trail of the case, of its answers and of its questions, oldest first, in words."""
    steps = [
        *queries.steps(case),
        *trail.steps_of_all(written).filter(name__in=["again", "give_up"]),
        *trail.steps_of_all(forwards).filter(name__in=["withdraw", "remind", "renew", "letter_let_go"]),
    ]
    steps.sort(key=lambda step: step.pk)
    names = queries.people_by_key(words.people_in(steps))
    return [words.line(step, names) for step in steps]


def author_for(form: Own, person: Person, experts: Sequence[Forward]) -> Author:
    """Whose answer a form holds: the expert's whose words were taken up, else the writer's own (D36)."""
    chosen = str(form["forward"].value() or "")
    used = next((row for row in experts if str(row.pk) == chosen), None)
    return Author.of_forward(used) if used else Author.of(person)


def fresh_forms(
    case: Case, person: Person, use: Forward | None, forwards: Sequence[Forward], now: datetime, *, shown: bool
) -> list[Own]:
    """The forms of the page before anything is written in them."""
    seen = actions.mark(case)
    asked = next((row for row in forwards if row.state in OUT), None)
    to = ", ".join(filter(None, (asked.name, asked.title))) if asked else ""
    return [
        AnswerForm(initial={"seen": seen, "text": use.text if use else "", "forward": use.pk if use else None}),
        HoldForm(initial={"seen": seen, "text": answers.holding_words(case, to=to, now=now)}),
        ForwardForm(),
        AssignForm(colleagues=colleagues(case, person, now=now)),
        NoAnswerForm(initial={"seen": seen}),
        PassOnForm(initial={"seen": seen}),
        NoteForm(),
        ReopenForm(),
        *flow_page.fresh_forms(case, shown=shown, now=now),
    ]


def colleagues(case: Case, person: Person, *, now: datetime) -> Any:
    """Those who may be given the case."""
    return channels.people_on(case.channel, Act.ANSWER, at=now).exclude(pk=person.pk)


def case_context(
    case: Case,
    person: Person,
    reached: Reach,
    *,
    bound: Own | None,
    use: int | None,
    sought: str,
    query: str,
    now: datetime,
) -> dict[str, Any]:
    """All that the page of a case shows. `bound` is a form that was sent and could not be carried out."""
    written, forwards = queries.answers(case), queries.forwards(case)
    experts = expert_answers(forwards, written)
    taken_up = next((row for row in experts if row.pk == use), None)
    shown = case.is_open and case.channel_id in reached.answers
    used = by_name(fresh_forms(case, person, taken_up, forwards, now, shown=shown))
    if bound is not None:
        used[bound.name] = bound
        renew(bound, case)
    author = author_for(used["answer"], person, experts)
    stands = now_of(case, person, reached, since=None, now=now)
    unsent = bound if bound is not None and bound.name not in shown_forms(stands) else None
    return {
        "case": case,
        "person": person,
        "stands": stands,
        "may": stands.can_answer,
        "forms": used,
        "bound": bound.name if bound is not None else "",
        "unsent": unsent,
        "unsent_texts": texts_of(unsent) if unsent is not None else [],
        "conversation": conversation(case, reached.records, written),
        "title": str(words.KINDS[case.last_item.kind]) % {"who": case.last_item.actor},
        "network": channel_words.network(case.channel.network),
        "network_icon": channel_words.network_icon(case.channel.network),
        "author": author,
        "flow": flow_page.context(case, reached, used, forwards, author, now=now),
        "signature": rules.signature(*person.signature()),
        "limit": answers.limit_of(case.channel, case.last_item),
        **sent_context(written),
        "experts": [ExpertAnswer(row, use_url(case, row, query)) for row in experts],
        **taken_up_context(case, taken_up),
        "asked": [row for row in forwards if row.state in OUT],
        "handed_back": [row for row in forwards if row.state == "handed_back"],
        "people": suggested(case, sought),
        "sought": sought,
        "chosen_person": str(used["forward"]["person"].value() or ""),
        "query": query,
        "promise_due": answers.promise_due(now).at,
        "counted": words.counted(case, written),
        "outcome": words.OUTCOMES.get(case.outcome, ""),
        "notes": case.notes.select_related("author").order_by("-id"),
        "trail": lines(case, written, forwards),
        "newest_step": queries.newest_step(case),
        "draft": f"case-{case.pk}",
        "record_url": record_url(case.last_item),
    }


def sent_context(written: Sequence[Answer]) -> dict[str, Any]:
    """What the page shows of answers that were sent; `written` has the newest first."""
    newest = written[0] if written else None
    return {
        "answer": newest,
        "trouble": trouble_of(newest),
        # Our answers until they have come back from the network as items of the conversation.
        "coming": [row for row in reversed(written) if row.state in {"sending", "published"} and row.item_id is None],
        "holding": newest is not None and newest.sort == Sort.HOLDING,
    }


def taken_up_context(case: Case, taken_up: Forward | None) -> dict[str, Any]:
    """The answer form, filled with an expert's words where somebody has taken them up."""
    return {
        "taken_up": taken_up,
        "focus_answer": taken_up is not None,
        "answer_label": _("Den sakkunnigas svar") if taken_up else "",
        "answer_draft": f"case-{case.pk}-forward-{taken_up.pk}" if taken_up else f"case-{case.pk}-answer",
    }


ANSWERING = frozenset({"answer", "hold", "forward", "no_answer", "pass_on"})


def shown_forms(stands: Now) -> set[str]:
    """Which forms the page has room for as the case stands."""
    if not stands.can_answer:
        return set()
    if not stands.case.is_open:
        return {"note", "reopen"}
    return {"note", "assign"} | (
        set() if stands.on_its_way else {"answer", "hold", "forward", "no_answer", "pass_on"} | flow_page.NAMES
    )


def texts_of(form: Own) -> list[str]:
    """What somebody wrote at length in a form."""
    return [str(text) for name, text in form.data.items() if name in {"text", "question", "more"} and text]


def use_url(case: Case, row: Forward, query: str) -> str:
    """Where the expert's words stand in the answer form."""
    return f"{reverse('inbox:case', args=[case.pk])}{query}{'&' if query else '?'}anvand={row.pk}"


def renew(bound: Own, case: Case) -> None:
    """What the writer has now been shown: the next try is held to this."""
    if "seen" in bound.fields:
        bound.data = {**dict(bound.data.items()), "seen": actions.mark(case)}


def trouble_of(newest: Answer | None) -> channel_words.Trouble | None:
    """Why the newest answer is not out, in words; None where nothing is wrong."""
    if newest is None or newest.state not in {"failed", "uncertain"}:
        return None
    return channel_words.trouble(newest.intent.error_code, newest.intent.error_facts)


def record_url(item: Item) -> str:
    """Where the record stands."""
    return reverse("web:record", args=[item.pk])
