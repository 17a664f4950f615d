"""What oversight tells people: a round that waits, one that was missed, heightened oversight, a hole in the rota."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels.models import Channel
from uppsikt.oversight.rules import Cause, Kind, Level
from uppsikt.ui.times import clock, day_begins, day_words, full_words, when_words, within_day

# Of many channels so many are named.
NAMED = 5


def listed(names: Sequence[str]) -> str:
    """Some names, and how many more there are: "Biblioteket, Teknik och 3 till"."""
    if len(names) <= NAMED:
        return ", ".join(names)
    return _("%(names)s och %(n)s till") % {"names": ", ".join(names[:NAMED]), "n": len(names) - NAMED}


def remind(channels: Sequence[str], until: datetime, now: datetime) -> str:
    """That a round is soon to be made."""
    facts = {"channels": listed(channels), "n": len(channels), "until": when_words(within_day(until), now)}
    return (
        ngettext(
            "Uppsiktsrundan i %(channels)s väntar på dig, senast %(until)s.",
            "Uppsiktsrundan i %(n)s kanaler väntar på dig, senast %(until)s: %(channels)s.",
            len(channels),
        )
        % facts
    )


def missed(which: str, channels: Sequence[str], until: datetime) -> str:
    """That a round was not made, by its kind."""
    facts = {"channels": listed(channels), "n": len(channels), "day": day_words(until), "clock": clock(until)}
    if which == Kind.WEEKLY:
        words = ngettext(
            "Ingen har haft uppsikt över %(channels)s på en hel vecka. Lagen kräver det minst en gång i veckan.",
            "Ingen har haft uppsikt över %(n)s kanaler på en hel vecka: %(channels)s. Lagen kräver det minst en gång i "
            "veckan.",
            len(channels),
        )
    elif which == Kind.HEIGHTENED:
        words = ngettext(
            "Skärpt uppsikt: rundan före %(clock)s den %(day)s i %(channels)s blev inte gjord.",
            "Skärpt uppsikt: rundan före %(clock)s den %(day)s blev inte gjord i %(n)s kanaler: %(channels)s.",
            len(channels),
        )
    else:
        words = ngettext(
            "Uppsiktsrundan i %(channels)s blev inte gjord den %(day)s.",
            "Uppsiktsrundan blev inte gjord i %(n)s kanaler den %(day)s: %(channels)s.",
            len(channels),
        )
    return words % facts


def asks(level: Level) -> str:
    """What each level is asked to do about it."""
    return {
        Level.COVER: _("Du är ersättare: gör rundan nu."),
        Level.MANAGER: _("Se till att någon gör den."),
        Level.COMMUNICATIONS: _("Ersättare och chef har fått veta. Gör rundan, eller se till att någon gör den."),
    }[level]


def heightened(channel: Channel, why: Cause, until: datetime, now: datetime) -> str:
    """That oversight of a channel is heightened from now on."""
    facts = {"channel": channel.name, "until": when_words(until, now), "full": full_words(until)}
    return {
        Cause.REMOVAL: _(
            "Skärpt uppsikt i %(channel)s till %(full)s: något har tagits bort. Titta flera gånger om dagen."
        ),
        Cause.TRAFFIC: _(
            "Skärpt uppsikt i %(channel)s till %(full)s: ett inlägg drar ovanligt många kommentarer. "
            "Titta flera gånger om dagen."
        ),
        Cause.ORDER: _("Skärpt uppsikt i %(channel)s till %(full)s. Titta flera gånger om dagen."),
    }[why] % facts


def hole(channels: Sequence[str], day: date) -> str:
    """That nobody is there to look after some channels on a coming day."""
    facts = {"channels": listed(channels), "n": len(channels), "day": day_words(day_begins(day))}
    return (
        ngettext(
            "Ingen har uppsikten över %(channels)s den %(day)s. Sätt någon på schemat.",
            "Ingen har uppsikten över %(n)s kanaler den %(day)s: %(channels)s. Sätt någon på schemat.",
            len(channels),
        )
        % facts
    )
