"""What each role's part is here, for a day when nothing is due: a sentence, and where to go (D71)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF, Role

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Way:
    """Somewhere to go."""

    url: str
    label: Words
    icon: str


@dataclass(frozen=True, slots=True)
class Part:
    """A person's part, and where they take it."""

    words: Words
    ways: list[Way]


WAYS: dict[str, tuple[str, Words, str]] = {
    "inbox": ("inbox:list", _("Öppna inkorgen"), "inbox"),
    "records": ("records:records", _("Sök bland handlingar"), "search"),
    "channels": ("channels:channels", _("Se kanalerna"), "broadcast"),
    "people": ("organisation:people", _("Personer och roller"), "people"),
}

READS = _("Du kan läsa handlingarna i varje lydelse och följa vem som har gjort vad. Inget väntar på dig här.")

# The first that fits is the person's.
PARTS: tuple[tuple[frozenset[str], Words, tuple[str, ...]], ...] = (
    (
        frozenset(STAFF),
        _("Det som kommer in i dina kanaler dyker upp här i den ordning det ska besvaras."),
        ("inbox", "records"),
    ),
    (
        frozenset({Role.MANAGER}),
        _("Här ser du när något i enhetens kanaler är försenat, och när uppdrag du har gett tar slut."),
        ("channels", "inbox"),
    ),
    (
        frozenset({Role.ADMINISTRATOR}),
        _(
            "Du sköter personer, roller och anslutningar. Här står det när en kanal inte går att läsa eller e-post "
            "inte går fram."
        ),
        ("people", "channels"),
    ),
    (
        frozenset({Role.REGISTRAR}),
        _("Allt som sägs i kanalerna blir handlingar som du kan söka bland och läsa i varje lydelse."),
        ("records",),
    ),
    (
        frozenset({Role.AUDITOR, Role.ARCHIVIST, Role.DATA_PROTECTION, Role.CRISIS_GROUP}),
        READS,
        ("records", "channels"),
    ),
)


def for_person(person: Person, *, answers: bool) -> Part:
    """The part of somebody; `answers` says whether they have a mandate to answer anywhere."""
    if set(STAFF) & person.roles and not answers:
        words: Words = _(
            "Du har inget uppdrag i någon kanal än. Be din chef om ett, så visas det som ska besvaras här."
        )
        return Part(words, [way("channels")])
    for roles, said, names in PARTS:
        if roles & person.roles:
            return Part(said, [way(name) for name in names])
    return Part(_("Du har ingen roll i Uppsikt än. Systemadministratören kan ge dig en."), [])


def way(name: str) -> Way:
    """One of WAYS with its address."""
    url_name, label, icon = WAYS[name]
    return Way(reverse(url_name), label, icon)
