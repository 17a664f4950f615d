"""What the page of a channel shows of this room; `web` puts it together with what other rooms know."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from uppsikt.channels import queries, rules, words
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.models import Step
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.ui import trails

STEPS_SHOWN = 30


def state_tag(channel: Channel) -> tuple[str, str]:
    """The channel's state in words, and the tone of its tag."""
    if channel.state == "live" and channel.trouble_code:
        return _("Kräver åtgärd") if needs_somebody(channel) else _("Försöker igen"), (
            "danger" if needs_somebody(channel) else "warning"
        )
    tone = {"live": "success", "paused": "warning"}.get(channel.state, "neutral")
    return str(words.STATES.get(channel.state, channel.state)), tone


def needs_somebody(channel: Channel) -> bool:
    """Whether the trouble will not pass by itself."""
    return rules.needs_somebody(channel.trouble_kind, channel.trouble_count)


def trouble(channel: Channel) -> words.Trouble | None:
    """The channel's trouble in words."""
    return words.trouble(channel.trouble_code, channel.trouble_facts) if channel.trouble_code else None


def acts_words(acts: list[str]) -> str:
    """What a mandate opens, in words."""
    return ", ".join(str(words.ACTS.get(act, act)) for act in acts)


def can_words(channel: Channel) -> str:
    """What the account lets us do on the network, in words."""
    return ", ".join(str(words.CAN.get(can, can)) for can in channel.profile.get("can", []))


def last_day(mandate: Mandate) -> datetime | None:
    """The last day on which the mandate holds."""
    return mandate.until - timedelta(seconds=1) if mandate.until else None


def steps(channel: Channel) -> list[Step]:
    """The newest steps of the channel and of its mandates."""
    own = trail.steps_of(channel).order_by("-id")[:STEPS_SHOWN]
    given = trail.steps_of_all(Mandate.objects.filter(channel=channel).only("pk"))[:STEPS_SHOWN]
    # Asked for in one, the database would read the whole trail backwards until it has found enough.
    return sorted([*own, *given], key=lambda step: -step.pk)[:STEPS_SHOWN]


def about(step: Step) -> str:
    """What a step was about."""
    if step.name in {"give", "end"}:
        return step.label
    if step.name == "trouble":
        return words.trouble(str(step.facts.get("trouble_code", ""))).title
    return ""


def context(channel: Channel, person: Person, *, now: datetime) -> dict[str, Any]:
    """All that this room knows of a channel, for a page."""
    may_answer = queries.mandate(person, channel, Act.ANSWER, at=now) if set(STAFF) & person.roles else None
    return {
        "channel": channel,
        "tag": state_tag(channel),
        "trouble": trouble(channel),
        "needs_somebody": needs_somebody(channel),
        "can": can_words(channel),
        "icon": words.network_icon(channel.network),
        "network": words.network(channel.network),
        "mandates": [(row, acts_words(row.acts), last_day(row)) for row in queries.mandates(channel, at=now)],
        "ended": [(row, acts_words(row.acts)) for row in queries.ended_mandates(channel, at=now)[:20]],
        "lines": trails.lines(steps(channel), words.STEPS, about),
        "changes": bool({Role.ADMINISTRATOR, Role.COMMUNICATIONS} & person.roles),
        "runs": queries.runs(person, channel),
        "gives": queries.gives_mandates(person, channel),
        "unsettled": [(intent, str(intent.payload.get("text", ""))) for intent in queries.unsettled(channel)]
        if may_answer
        else [],
    }
