"""Cases in words: the trail, how items are shown, how a deadline was counted, why a case can end without an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from uppsikt.inbox import actions, answers
from uppsikt.inbox.models import Answer, Case
from uppsikt.kernel.models import Step
from uppsikt.policy import queries as policy
from uppsikt.ui.trails import Line

# What somebody did, to be read after their name.
STEPS: dict[str, Promise] = {
    "open": gettext_lazy("öppnade ärendet"),
    "join": gettext_lazy("tog emot mer i konversationen"),
    "take": gettext_lazy("tog ärendet"),
    "assign": gettext_lazy("lämnade över ärendet till"),
    "release": gettext_lazy("släppte ärendet"),
    "claim": gettext_lazy("började svara"),
    "note": gettext_lazy("skrev en anteckning"),
    "to_unit": gettext_lazy("lämnade ärendet till enheten"),
    "snooze": gettext_lazy("lade ärendet åt sidan till"),
    "wake": gettext_lazy("tog upp ärendet igen"),
    "merge": gettext_lazy("slog ihop ärendet med ärende"),
    "follow": gettext_lazy("lät ärendet följa med till ärende"),
    "part": gettext_lazy("lät ärendet stå för sig självt igen"),
    "part_promised": gettext_lazy("lät ärendet stå för sig självt igen"),
    "lead": gettext_lazy("besvarar här också ärende"),
    "let_go": gettext_lazy("besvarar inte längre ärende"),
    "split": gettext_lazy("delade av ärende"),
    "told": gettext_lazy("publicerade mellansvaret här också"),
    "asked_back": gettext_lazy("behövde veta mer"),
    "explained": gettext_lazy("svarade den sakkunniga"),
    "remind": gettext_lazy("påminde den sakkunniga"),
    "renew": gettext_lazy("bad om en ny länk"),
    "letter_let_go": gettext_lazy(
        "återställdes ur en säkerhetskopia. Ett brev till den sakkunniga som väntade då skickades inte härifrån"
    ),
    "escalate": gettext_lazy("sa till chefen om svarstiden"),
    "forward": gettext_lazy("skickade frågan vidare till"),
    "expert_answered": gettext_lazy("svarade på frågan"),
    "handed_back": gettext_lazy("lämnade tillbaka frågan"),
    "withdraw": gettext_lazy("tog tillbaka frågan"),
    "send": gettext_lazy("skickade ett svar"),
    "send_holding": gettext_lazy("skickade ett mellansvar"),
    "not_sent": gettext_lazy("kunde inte publicera svaret"),
    "again": gettext_lazy("försökte publicera svaret igen"),
    "give_up": gettext_lazy("lade svaret åt sidan"),
    "promise": gettext_lazy("publicerade mellansvaret. Det lovar svar senast"),
    "answered": gettext_lazy("publicerade svaret och avslutade ärendet"),
    "answered_elsewhere": gettext_lazy("avslutade ärendet"),
    "answered_but_more": gettext_lazy("publicerade svaret. Mer hade kommit under tiden, så ärendet är öppet"),
    "no_answer": gettext_lazy("avslutade ärendet utan svar"),
    "pass_on": gettext_lazy("lämnade ärendet till vanlig handläggning"),
    "reopen": gettext_lazy("öppnade ärendet igen"),
    "warn": gettext_lazy("påminde om svarstiden"),
    "late": gettext_lazy("sa till att svarstiden har gått ut"),
}

SHOWN_AS: dict[str, Promise] = {
    "held": gettext_lazy("Väntar på godkännande på nätet"),
    "hidden": gettext_lazy("Dold på nätet"),
    "gone": gettext_lazy("Borttagen från nätet"),
}

KINDS: dict[str, Promise] = {
    "post": gettext_lazy("Inlägg från %(who)s"),
    "page": gettext_lazy("Sida från %(who)s"),
    "comment": gettext_lazy("Kommentar från %(who)s"),
    "message": gettext_lazy("Meddelande från %(who)s"),
}

OUTCOMES: dict[str, Promise] = {
    "answered": gettext_lazy("Besvarat"),
    "no_answer": gettext_lazy("Inget svar behövdes"),
    "passed_on": gettext_lazy("Vanlig handläggning"),
}

OTHER = "annat"
# The words are kept as the reason, so that they read the same after the list has changed.
NO_ANSWER_REASONS: dict[str, Promise] = {
    "tack": gettext_lazy("Tack eller beröm"),
    "ingen-fraga": gettext_lazy("Ingen fråga och inget förslag"),
    "redan": gettext_lazy("Redan besvarat i konversationen"),
    "samma": gettext_lazy("Samma fråga besvaras i ett annat ärende"),
    "reklam": gettext_lazy("Reklam eller skräp"),
    OTHER: gettext_lazy("Annat skäl"),
}
PASS_ON_REASONS: dict[str, Promise] = {
    "beslut": gettext_lazy("Kräver ett beslut i ett enskilt ärende (myndighetsutövning)"),
    "personligt": gettext_lazy("Rör någons personliga förhållanden"),
    "rad": gettext_lazy("Rådet kan få ekonomiska följder för den som frågar"),
    "synpunkt": gettext_lazy("Synpunkt eller förslag som enheten tar ställning till"),
    OTHER: gettext_lazy("Annat skäl"),
}


# Steps that point at another case, and under which fact.
POINTED = {"merge": "into", "follow": "into", "lead": "case", "let_go": "case", "split": "case"}


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
        return names.get(step.facts.get("person") or 0, "") or str(step.facts.get("to", ""))
    pointed = step.facts.get(POINTED.get(step.name, ""))
    if isinstance(pointed, int):
        return str(pointed)
    if step.name == "snooze" and step.facts.get("snoozed_until"):
        return policy.due_words(datetime.fromisoformat(step.facts["snoozed_until"]), now=step.at)
    due = step.facts.get("due_at")
    if step.name == "promise" and due:
        return policy.due_words(datetime.fromisoformat(due), now=step.at)
    return ""


def people_in(steps: Iterable[Step]) -> list[int]:
    """The keys of people that steps point at."""
    pointed = {"assign": "assignee", "forward": "person"}
    found = (step.facts.get(pointed[step.name]) for step in steps if step.name in pointed)
    return [key for key in found if key]


def counted(case: Case, written: Sequence[Answer]) -> list[str]:
    """How the case's deadline was counted, sentence by sentence.

    Empty where the rules have changed since, so that it cannot be counted again to the same moment.
    """
    holding = next((row for row in written if row.promise_due_at == case.due_at), None)
    promised = case.state == "promised" and holding
    due = answers.promise_due(holding.written_at) if promised and holding else actions.deadline(case.received_at)
    return policy.how_words(due) if due.at == case.due_at else []
