"""What the pages of an order and its opening show, and which deeds are open to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from uppsikt.channels import words as channel_words
from uppsikt.organisation.models import Person
from uppsikt.policy.networks import NETWORKS, Network
from uppsikt.register import opening as openings
from uppsikt.register import order_queries, order_rules, order_words, ordering, words
from uppsikt.register.order_models import Launch, Opening, Order


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: what it does, what it says, how it looks."""

    name: str
    words: str
    variant: str
    icon: str


def deeds(order: Order, person: Person) -> list[Deed]:
    """What the person can do with the order as it stands, the likeliest first."""
    found: list[Deed] = []
    writer, manager = order_queries.writes(person, order), order_queries.is_manager(person, order)
    if order.state in {"draft", "asked"} and writer:
        found.append(Deed("send", _("Skicka till chefen"), "primary", "send"))
    if order.state == "sent" and manager:
        found += [
            Deed("approve", _("Godkänn"), "primary", "check-lg"),
            Deed("ask", _("Be om mer"), "secondary", "chat-square-text"),
            Deed("refuse", _("Avslå"), "secondary", "x-lg"),
        ]
    if order.state == "consulting" and order_queries.decides_all(person):
        found += [
            Deed("agree", _("Inget emot kontot"), "primary", "check-lg"),
            Deed("propose_central", _("Föreslå den centrala kanalen"), "secondary", "arrow-left"),
        ]
        if ordering.may_veto():
            found.append(Deed("veto", _("Säg nej"), "danger", "x-lg"))
    if order.state == "proposed" and manager:
        found += [
            Deed("use_central", _("Använd den centrala kanalen"), "primary", "check-lg"),
            Deed("keep", _("Håll fast vid ett eget konto"), "secondary", "arrow-right"),
            Deed("refuse", _("Avslå"), "secondary", "x-lg"),
        ]
    # Where the manager can say no, taking it back would be the same thing twice.
    takes_back = writer or (manager and order.state in {"asked", "consulting", "approved"})
    if takes_back and "withdraw" in order.machine.open_steps(order.state):
        found.append(Deed("withdraw", _("Ta tillbaka"), "tertiary", "x-lg"))
    return found


def told(order: Order) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The order as it is read: each step of the form by its name, with its heading, and what was written."""
    rows = {
        "account": [
            (_("Enhet"), str(order.unit or order.outside_unit or "")),
            (_("Nät"), order_words.network(order.network)),
            (_("Kontots namn"), order.name),
            (_("Vad kontot handlar om"), words.subject(order.subject) if order.subject else ""),
        ],
        "need": [
            (_("Syfte"), order.purpose),
            (_("Mål"), order.goals),
            (_("Målgrupp"), order.audience),
            (_("Språk"), ", ".join(str(order_words.LANGUAGES.get(code, code)) for code in order.languages)),
        ],
        "central": [(_("Skäl"), order.why_not_central)],
        "upkeep": [
            (_("Ansvarig administratör"), order.responsible.name if order.responsible else ""),
            (_("Andra administratör"), order.second.name if order.second else ""),
            (_("Timmar i veckan"), number_format(order.hours_a_week.normalize()) if order.hours_a_week else ""),
            (_("Dagar mellan inlägg, högst"), str(order.days_between_posts or "")),
            (_("Hur kontot sköts"), order.upkeep),
            (_("Kontakt"), ", ".join(filter(None, (order.contact_email, order.contact_phone, order.contact_page)))),
        ],
        "terms": [(_("Nätets villkor"), _("lästa, kontot blir kommunens") if order.terms_read else "")],
    }
    return [(step, str(order_words.FORM[step]), rows[step]) for step in order_rules.STEPS]


def network(code: str) -> Network | None:
    """What is known of the network."""
    return NETWORKS.get(code)


@dataclass(frozen=True, slots=True)
class LaunchLine:
    """One part of the launch."""

    row: Launch
    title: str
    text: str


def launch_lines(opening: Opening) -> list[LaunchLine]:
    """What makes the account known, in order."""
    rows = Launch.objects.filter(opening=opening).select_related("channel", "done_by").order_by("pk")
    return [
        LaunchLine(row, ": ".join(filter(None, (str(order_words.LAUNCHES[row.sort]), name_of(row)))), row.text)
        for row in rows
    ]


def name_of(row: Launch) -> str:
    """The channel that the news is shared from, if that is what it is."""
    return row.channel.name if row.channel else ""


def opening_context(opening: Opening, person: Person, *, now: datetime) -> dict[str, Any]:
    """All that the page of an opening shows."""
    channel = opening.channel
    lines = openings.checklist(channel, now) if channel is not None and opening.state == "preparing" else []
    return {
        "opening": opening,
        "order": opening.order,
        "channel": channel,
        "network": order_words.network(opening.order.network),
        "icon": channel_words.network_icon(opening.order.network),
        "facts": network(opening.order.network),
        "lines": lines,
        "missing": [line for line in lines if line.must and not line.holds],
        "advised": [line for line in lines if not line.must and not line.holds],
        "there": [line for line in lines if line.holds],
        "launches": launch_lines(opening),
        "opens": order_queries.opens(person, opening.order),
        "trail": order_words.lines(order_queries.steps(opening.order, opening)),
    }
