"""What the page of a channel shows of this room; `web` puts it together with what other rooms know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from uppsikt.channels import progress, queries, rules, words
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.progress import Reading
from uppsikt.channels.rules import Act
from uppsikt.channels.states import MANDATE
from uppsikt.kernel import trail
from uppsikt.kernel.models import Step
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.ui import times, trails

STEPS_SHOWN = 30


def state_tag(channel: Channel) -> tuple[str, str]:
    """The channel's state in words, and the tone of its tag."""
    if channel.is_at_work and channel.trouble_code:
        return _("Kräver åtgärd") if needs_somebody(channel) else _("Försöker igen"), (
            "danger" if needs_somebody(channel) else "warning"
        )
    if channel.connected_at is None and channel.state in {"live", "paused"}:
        return _("Läses inte här"), "neutral"
    tone = {"opening": "info", "live": "success", "paused": "warning"}.get(channel.state, "neutral")
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


@dataclass(frozen=True, slots=True)
class Told:
    """A long reading in words; `percent` None where the network does not say how much there is."""

    words: str
    rest: str
    percent: int | None


def reading(channel: Channel, *, now: datetime) -> Told | None:
    """How far a long reading of the channel has come, and when it will be done; None where there is none."""
    found = progress.of(channel)
    return Told(how_far(found), the_rest(found, channel, now=now), found.percent) if found else None


def how_far(found: Reading) -> str:
    """How much is read: "12 400 av omkring 80 000"."""
    read = number_format(found.read, force_grouping=True)
    if found.total is None:
        return _("%(read)s hittills") % {"read": read}
    return _("%(read)s av omkring %(total)s") % {"read": read, "total": number_format(found.total, force_grouping=True)}


def the_rest(found: Reading, channel: Channel, *, now: datetime) -> str:
    """How it goes on: at what pace and until when, or what it waits for."""
    if not channel.is_at_work:
        return _("Läsningen står still medan kanalen är pausad, och fortsätter sedan där den var.")
    if channel.trouble_code:
        return _("Läsningen står still tills det är löst, och fortsätter sedan där den var.")
    if not found.moves(now):
        return _("Läsningen väntar på sin tur och fortsätter där den var.")
    if found.seconds is None or found.pace is None:
        return _("Läsningen pågår.")
    pace = number_format(max(1, round(found.pace)), force_grouping=True)
    return _("%(pace)s i sekunden, klar om %(time)s.") % {"pace": pace, "time": times.about_words(found.seconds)}


def steps(channel: Channel) -> list[Step]:
    """The newest steps of the channel and of its mandates."""
    own = trail.steps_of(channel).order_by("-id")[:STEPS_SHOWN]
    given = trail.steps_of_all(Mandate.objects.filter(channel=channel).only("pk"))[:STEPS_SHOWN]
    # Asked for in one, the database would read the whole trail backwards until it has found enough.
    return sorted([*own, *given], key=lambda step: -step.pk)[:STEPS_SHOWN]


def about(step: Step) -> str:
    """What a step was about."""
    if step.name in MANDATE.steps or step.name == "give":
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
        "reading": reading(channel, now=now),
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
