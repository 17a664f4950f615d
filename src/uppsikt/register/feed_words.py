"""The feed in words: sorts of events, and what each step did."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.channels import words as channel_words
from uppsikt.kernel.models import Step
from uppsikt.register import check_words, deviation_words, life_words, loan_words, order_words, profile_words

# Each sort by its code in addresses: what it is called, and the kinds of thing that it holds, as the trail names them.
SORTS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "kanal": (gettext_lazy("Kontot och anslutningen"), ("channels.channel", "channels.takeover", "register.entry")),
    "uppdrag": (gettext_lazy("Uppdrag och administratörer"), ("channels.mandate", "register.administrator")),
    "bestallning": (
        gettext_lazy("Beställning och öppning"),
        ("register.order", "register.opening", "register.launch", "register.clearance"),
    ),
    "avvikelse": (
        gettext_lazy("Avvikelser och undantag"),
        ("register.deviation", "register.exemption", "register.logo"),
    ),
    "lan": (gettext_lazy("Lån"), ("register.loan", "register.loanperson")),
    "relation": (gettext_lazy("Relationer"), ("register.relation",)),
    "slut": (
        gettext_lazy("Stillhet, avslut och överlåtelse"),
        ("register.stillness", "register.closing", "register.transfer", "register.capture"),
    ),
    "hittat": (gettext_lazy("Sökta och hittade konton"), ("register.search", "register.find")),
}

STEPS: dict[str, Mapping[str, str | Promise]] = {
    "channels.channel": channel_words.STEPS,
    "channels.mandate": channel_words.STEPS,
    "register.deviation": deviation_words.STEPS,
    "register.exemption": deviation_words.STEPS,
    "register.logo": deviation_words.STEPS,
    "register.order": order_words.STEPS,
    "register.opening": order_words.STEPS,
    "register.launch": order_words.STEPS,
    "register.loan": loan_words.STEPS,
    "register.relation": loan_words.RELATION_STEPS,
    "register.stillness": life_words.STEPS,
    "register.closing": life_words.STEPS,
    "register.transfer": life_words.STEPS,
    "register.capture": {
        "want": gettext_lazy("bad om att kontots sida bevaras"),
        "take": gettext_lazy("började bevara kontots sida"),
        "wait": gettext_lazy("väntar med att bevara kontots sida"),
        "keep": gettext_lazy("bevarade kontots sida"),
        "fail": gettext_lazy("kunde inte bevara kontots sida"),
        "again": gettext_lazy("bad om ett försök till"),
    },
    "register.search": {
        "begin": gettext_lazy("började gå igenom webbplatsen"),
        "done": gettext_lazy("gick igenom webbplatsen"),
        "fail": gettext_lazy("kunde inte gå igenom webbplatsen"),
    },
    "register.find": {
        "find": gettext_lazy("hittade ett konto"),
        "take_in": gettext_lazy("tog in kontot i registret"),
        "not_ours": gettext_lazy("skrev att kontot inte är vårt"),
        "impersonate": gettext_lazy("skrev att kontot utger sig för att vara oss"),
        "gone": gettext_lazy("skrev att kontot är borta"),
        "again": gettext_lazy("hittade kontot igen"),
    },
}
# Steps of things that have no words of their own here.
OTHERS: dict[str, Promise] = {
    "begin": gettext_lazy("började"),
    "write": gettext_lazy("skrev i den"),
    "ask": gettext_lazy("bad om det"),
    "agree": gettext_lazy("gick med på det"),
    "refuse": gettext_lazy("sade nej"),
    "withdraw": gettext_lazy("tog tillbaka det"),
    "end": gettext_lazy("avslutade det"),
    "acknowledge": gettext_lazy("läste och godtog reglerna"),
    "hand_back": gettext_lazy("lämnade tillbaka kontot"),
}


def kinds_of(sort: str) -> tuple[str, ...]:
    """The kinds of thing of a sort; none for a sort that is not there."""
    return SORTS[sort][1] if sort in SORTS else ()


def sort_of(kind: str) -> str:
    """What the sort of a kind of thing is called, "" for one that has none."""
    return next((str(name) for name, kinds in SORTS.values() if kind in kinds), "")


def step(row: Step) -> str:
    """What a step did: "ändrade kanalens uppgifter"; a step that nobody has words for is shown by its name."""
    known = STEPS.get(row.kind, {}).get(row.name) or OTHERS.get(row.name) or row.name
    return str(known)


def about(row: Step) -> str:
    """What a step of an account was about, where its words do not say it: the check, the parts of the profile."""
    if row.kind in {"register.deviation", "register.exemption"}:
        code = str(row.facts.get("code") or row.label.partition(":")[0])
        if row.name == "find":
            facts = row.facts.get("facts")
            mark = str(row.facts.get("mark", ""))
            return check_words.said(code, facts if isinstance(facts, Mapping) else {}, mark).sentence
        named = code in check_words.WORDS
        return _("kontrollen ”%(name)s”") % {"name": check_words.name(code)} if named else ""
    if row.kind == "channels.channel" and row.name == "profile":
        return profile_words.parts(str(part) for part in row.facts.get("changed", []))
    return ""
