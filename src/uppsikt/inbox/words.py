"""Cases in words: the trail, how items are shown, how a deadline was counted, why a case can end without an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from uppsikt.inbox import actions, answers
from uppsikt.inbox.models import Answer, Case
from uppsikt.kernel.models import Step
from uppsikt.policy import queries as policy

# What somebody did, to be read after their name.
STEPS: dict[str, Promise] = {
    "open": lazy("öppnade ärendet"),
    "join": lazy("tog emot mer i konversationen"),
    "take": lazy("tog ärendet"),
    "assign": lazy("lämnade över ärendet till"),
    "release": lazy("släppte ärendet"),
    "claim": lazy("började svara"),
    "note": lazy("skrev en anteckning"),
    "forward": lazy("skickade frågan vidare till"),
    "expert_answered": lazy("svarade på frågan"),
    "handed_back": lazy("lämnade tillbaka frågan"),
    "withdraw": lazy("tog tillbaka frågan"),
    "send": lazy("skickade ett svar"),
    "send_holding": lazy("skickade ett mellansvar"),
    "not_sent": lazy("kunde inte publicera svaret"),
    "again": lazy("försökte publicera svaret igen"),
    "give_up": lazy("lade svaret åt sidan"),
    "promise": lazy("publicerade mellansvaret. Det lovar svar senast"),
    "answered": lazy("publicerade svaret och avslutade ärendet"),
    "answered_elsewhere": lazy("avslutade ärendet"),
    "answered_but_more": lazy("publicerade svaret. Mer hade kommit under tiden, så ärendet är öppet"),
    "no_answer": lazy("avslutade ärendet utan svar"),
    "pass_on": lazy("lämnade ärendet till vanlig handläggning"),
    "reopen": lazy("öppnade ärendet igen"),
    "warn": lazy("påminde om svarstiden"),
    "late": lazy("sa till att svarstiden har gått ut"),
}

SHOWN_AS: dict[str, Promise] = {
    "held": lazy("Väntar på godkännande på nätet"),
    "hidden": lazy("Dold på nätet"),
    "gone": lazy("Borttagen från nätet"),
}

KINDS: dict[str, Promise] = {
    "post": lazy("Inlägg från %(who)s"),
    "page": lazy("Sida från %(who)s"),
    "comment": lazy("Kommentar från %(who)s"),
    "message": lazy("Meddelande från %(who)s"),
}

OUTCOMES: dict[str, Promise] = {
    "answered": lazy("Besvarat"),
    "no_answer": lazy("Inget svar behövdes"),
    "passed_on": lazy("Vanlig handläggning"),
}

OTHER = "annat"
# The words are kept as the reason, so that they read the same after the list has changed.
NO_ANSWER_REASONS: dict[str, Promise] = {
    "tack": lazy("Tack eller beröm"),
    "ingen-fraga": lazy("Ingen fråga och inget förslag"),
    "redan": lazy("Redan besvarat i konversationen"),
    "samma": lazy("Samma fråga besvaras i ett annat ärende"),
    "reklam": lazy("Reklam eller skräp"),
    OTHER: lazy("Annat skäl"),
}
PASS_ON_REASONS: dict[str, Promise] = {
    "beslut": lazy("Kräver ett beslut i ett enskilt ärende (myndighetsutövning)"),
    "personligt": lazy("Rör någons personliga förhållanden"),
    "rad": lazy("Rådet kan få ekonomiska följder för den som frågar"),
    "synpunkt": lazy("Synpunkt eller förslag som enheten tar ställning till"),
    OTHER: lazy("Annat skäl"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a trail as the shared template shows it."""

    at: datetime
    by_name: str
    words: str
    more: str
    reason: str


def line(step: Step, names: Mapping[int, str]) -> Line:
    """A step in words; `names` holds the people that steps point at. A step without words is shown by its name."""
    words = STEPS.get(key_of(step))
    return Line(step.at, step.by_name, str(words) if words else step.name, more_of(step, names), step.reason)


def key_of(step: Step) -> str:
    """Which words a step takes."""
    if step.name == "send" and step.facts.get("sort") == "holding":
        return "send_holding"
    if step.name == "expert_answered" and step.facts.get("state") == "handed_back":
        return "handed_back"
    return "answered_elsewhere" if step.name == "answered" and step.reason else step.name


def more_of(step: Step, names: Mapping[int, str]) -> str:
    """What follows a step's words: to whom, by when."""
    if step.name == "assign":
        return names.get(step.facts.get("assignee") or 0, "")
    if step.name == "forward":
        return str(step.facts.get("to", ""))
    due = step.facts.get("due_at")
    if step.name == "promise" and due:
        return policy.due_words(datetime.fromisoformat(due), now=step.at)
    return ""


def people_in(steps: Iterable[Step]) -> list[int]:
    """The keys of people that steps point at."""
    return [step.facts["assignee"] for step in steps if step.name == "assign" and step.facts.get("assignee")]


def counted(case: Case, written: Sequence[Answer]) -> list[str]:
    """How the case's deadline was counted, sentence by sentence.

    Empty where the rules have changed since, so that it cannot be counted again to the same moment.
    """
    holding = next((row for row in written if row.promise_due_at == case.due_at), None)
    promised = case.state == "promised" and holding
    due = answers.promise_due(holding.written_at) if promised and holding else actions.deadline(case.received_at)
    return policy.how_words(due) if due.at == case.due_at else []
