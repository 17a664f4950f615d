"""How people and the municipality put things: what they mean, in words of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from practice import script
from practice.flavours import FLAVOURS
from practice.grammar import capitals, expand, tidy
from practice.script import Role, Topic

_SEASON = re.compile(r"^@([0-9,]+) ")
SORTS = {
    "question": 34,
    "opinion": 13,
    "praise": 17,
    "complaint": 15,
    "chatter": 11,
    "rude": 3,
    "personal": 2,
    "foreign": 1,
    "link": 1,
}
TEMPERS = {"polite": 22, "plain": 40, "brief": 14, "careless": 12, "loud": 8, "wordy": 4}
WANT_ANSWERS = ("question", "complaint", "opinion", "personal")


@dataclass(frozen=True, slots=True)
class Said:
    """A text with what lies behind it: its sort, the answers that fit, the language, the words it is about."""

    text: str
    sort: str
    answers: tuple[str, ...] = ()
    language: str = "sv"
    bound: Mapping[str, str] = field(default_factory=dict)

    def meaning(self) -> dict[str, Any]:
        """What is kept beside the text, so that somebody can answer it later."""
        return {"sort": self.sort, "answers": list(self.answers), "language": self.language, "bound": dict(self.bound)}


def weighted(rng: Random, weights: Mapping[str, float]) -> str:
    """One of the names, by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def topic_for(rng: Random, role: Role, month: int) -> Topic:
    """What the account speaks of in that month."""
    all_topics = script.topics()
    fitting = {name: weight for name, weight in role.topics.items() if month in all_topics[name].months}
    return all_topics[weighted(rng, fitting or role.topics)]


def post(rng: Random, role: Role, topic: Topic, month: int, lately: Sequence[str] = ()) -> tuple[str, str, Said]:
    """Title, template and text of a post; templates used lately, or of another season, are left alone."""
    seasonal = [one for one in topic.posts if _in_season(one, month)]
    template = rng.choice([one for one in seasonal if one not in lately] or seasonal or list(topic.posts))
    bound: dict[str, str] = {}
    title, _, rest = _SEASON.sub("", template).rpartition(" :: ")
    text = capitals(_expand(rest, rng, bound))
    title = capitals(_expand(title, rng, bound))
    if not FLAVOURS[role.flavour].titles:
        return "", template, Said(f"{title.rstrip('.')}. {text}" if title else text, "post", bound=bound)
    return title or text.split(".")[0][:70], template, Said(text, "post", bound=bound)


def _in_season(template: str, month: int) -> bool:
    found = _SEASON.match(template)
    return found is None or str(month) in found.group(1).split(",")


def comment(
    rng: Random, topic: Topic, bound: Mapping[str, str], temper: str, language: str = "sv", *, name: str = ""
) -> Said:
    """What somebody says under a post about that topic, signed with the writer's own name where it is signed."""
    sort = "foreign" if language != "sv" else weighted(rng, SORTS)
    words = dict(bound)
    if sort == "foreign":
        return _foreign(rng, words, language if language != "sv" else "en")
    if sort in ("question", "complaint"):
        text, answers = rng.choice(topic.questions if sort == "question" else topic.complaints)
    elif sort in ("opinion", "praise"):
        text = rng.choice(topic.opinions if sort == "opinion" else topic.praise)
        answers = script.common(f"answer_{sort}")
    elif sort == "link":
        text, answers = rng.choice(script.common("links")), ()
    else:
        text = rng.choice(script.common(sort))
        answers = script.common("answer_personal") if sort == "personal" else ()
    signed = words | {"name": name.partition(" ")[0]} if name else words
    said = _styled(rng, _expand(text, rng, words), sort, temper, signed)
    if temper == "wordy" and sort in ("question", "complaint", "opinion"):
        more = [_expand(rng.choice(topic.complaints)[0], rng, words), _expand(rng.choice(topic.opinions), rng, words)]
        said = f"{said}\n\n{' '.join(capitals(one) for one in more)}"
    return Said(said, sort, answers, bound=words)


def answer(rng: Random, meaning: Mapping[str, Any], role: Role) -> str:
    """The municipality's answer to what was meant, signed by one who knows, as long as the flavour takes."""
    signer = rng.choice(role.signers)
    options = meaning.get("answers") or script.common("answer_complaint")
    text = capitals(_expand(rng.choice(list(options)), rng, dict(meaning.get("bound", {}))))
    starts_itself = (
        text.startswith(("Hej", "Hello", "Hi", "Tack", "مرحبا", "وعليكم", "Kyllä")) or meaning.get("language") != "sv"
    )
    if not starts_itself and rng.random() < 0.7:  # noqa: PLR2004 - most answers greet
        text = f"{rng.choice(script.common('greeting'))} {text}"
    return f"{text}\n\n{signer.name}, {signer.title}, {signer.unit}"


def reaction(rng: Random, kind: str, meaning: Mapping[str, Any]) -> Said:
    """What the citizen says when answered: thanks, a question more, or discontent."""
    language = str(meaning.get("language", "sv"))
    bound = dict(meaning.get("bound", {}))
    if language != "sv":
        options = script.load("common")["languages"][language]["thanks"]
        return Said(_expand(rng.choice(options), rng, bound), "thanks", language=language, bound=bound)
    if kind == "followup":
        text, answers = rng.choice(script.exchanges(script.load("common")["followup"]))
        return Said(capitals(_expand(text, rng, bound)), "question", answers, bound=bound)
    name = "thanks" if kind == "thanks" else "unhappy"
    return Said(_expand(rng.choice(script.common(name)), rng, bound), name, bound=bound)


def chat(rng: Random) -> Said:
    """What one citizen says to another."""
    return Said(_expand(rng.choice(script.common("chatter")), rng, {}), "chatter")


def reworded(rng: Random, text: str) -> str:
    """The text after its writer has thought again: a slip mended, a line added."""
    added = (
        "\n\nEdit: det löste sig, tack!",
        "\n\nTillägg: det gäller alltså sedan i förrgår.",
        "\n\n(Rättat stavfel.)",
        "\n\nUppdatering: nu har jag ringt också.",
        " Eller har jag missat något?",
        " Någon som vet?",
    )
    return text.rstrip() + rng.choice(added)


def _foreign(rng: Random, words: dict[str, str], language: str) -> Said:
    found = script.load("common")["languages"][language]
    if rng.random() < 0.65:  # noqa: PLR2004 - most of them ask
        text, answers = rng.choice(script.exchanges(found["questions"]))
        return Said(_expand(text, rng, words), "question", answers, language, words)
    return Said(_expand(rng.choice(found["praise"]), rng, words), "praise", (), language, words)


def _styled(rng: Random, text: str, sort: str, temper: str, words: dict[str, str]) -> str:
    text = capitals(text)
    if sort in ("chatter", "link"):
        return text
    if temper == "polite" or (temper in ("plain", "wordy") and rng.random() < 0.3):  # noqa: PLR2004
        asking = script.common("opening_question") if sort == "question" else ()
        opening = rng.choice([*script.common("opening"), *asking]) if sort != "praise" else ""
        closing = _expand(rng.choice(script.common("closing")), rng, words) if sort == "question" else ""
        return capitals(tidy(f"{opening} {text} {closing}"))
    if temper == "careless":
        return text.lower().rstrip(".").replace(",", "").replace("kommunen", "komunen")
    if temper == "loud":
        return f"{text.rstrip('.!?')}{rng.choice(['!!!', '???', '!?!', '!!'])}" if rng.random() < 0.7 else text.upper()  # noqa: PLR2004
    if temper == "brief":
        short = text.split(". ")[0].rstrip(".")
        return short + (rng.choice(["", ".", " 🙂"]) if short[-1:] not in "?!" and sort == "praise" else "")
    return text


def _expand(template: str, rng: Random, bound: dict[str, str]) -> str:
    return expand(template, rng, script.words(), bound)
