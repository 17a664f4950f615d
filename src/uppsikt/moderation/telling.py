"""What people here are told of removals: that one waits for them, that one failed, that something is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.moderation.models import Removal, Vanishing
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role


def address(row: Removal) -> str:
    """Where the removal is shown, without the host."""
    return reverse("moderation:removal", args=[row.pk])


def deciders(row: Removal, *, now: datetime) -> list[Person]:
    """Whom the delegation lets decide it: the unit's managers; on central channels the communications unit too."""
    channel = row.item.channel
    found = {person.pk: person for person in organisation.managers(channel.unit, at=now)}
    if channel.central or not found:
        for person in organisation.people_with_role(Role.COMMUNICATIONS, at=now):
            found[person.pk] = person
    found.pop(row.proposed_by_id, None)
    return list(found.values())


def ask_for_decision(row: Removal, *, now: datetime) -> None:
    """Tell those who may decide that a proposal waits."""
    tell(
        deciders(row, now=now),
        "removal_asked",
        lambda: (
            _("%(who)s föreslår att något tas bort i %(channel)s. Det väntar på ditt beslut.")
            % {"who": row.proposed_by.name, "channel": row.item.channel.name}
        ),
        address(row),
        now=now,
        urgent=row.urgent,
    )


def rejected(row: Removal, *, by: Person, now: datetime) -> None:
    """Tell whoever proposed it that it stays."""
    if by.pk != row.proposed_by_id:
        tell(
            [row.proposed_by],
            "removal_answered",
            lambda: (
                _("%(who)s beslutade att det du föreslog i %(channel)s får stå kvar.")
                % {"who": by.name, "channel": row.item.channel.name}
            ),
            address(row),
            now=now,
        )


def failed(row: Removal, *, now: datetime) -> None:
    """Tell those who stand behind it that it was not carried out."""
    people = {person.pk: person for person in (row.proposed_by, row.decided_by) if person is not None}
    tell(
        list(people.values()),
        "removal_failed",
        lambda: (
            _("Det som skulle tas bort eller döljas i %(channel)s ligger kvar. Öppna och se varför.")
            % {"channel": row.item.channel.name}
        ),
        address(row),
        now=now,
        urgent=True,
    )


def not_restored(row: Removal, *, now: datetime) -> None:
    """Tell that what was to be shown again is not."""
    tell(
        [row.decided_by or row.proposed_by],
        "removal_failed",
        lambda: (
            _("Det som skulle visas igen i %(channel)s gick inte att lägga tillbaka.")
            % {"channel": row.item.channel.name}
        ),
        address(row),
        now=now,
        urgent=True,
    )


def ask_of_vanished(row: Vanishing, *, now: datetime) -> None:
    """Ask the responsible person who took away what is gone."""
    if row.asked is None:
        return
    tell(
        [row.asked],
        "vanished",
        lambda: (
            _("Något är borta ur %(channel)s utan beslut här. Säg vem som tog bort det, och på vilken grund.")
            % {"channel": row.item.channel.name}
        ),
        reverse("moderation:vanishing", args=[row.pk]),
        now=now,
    )


def remind_of_vanished(row: Vanishing, *, now: datetime) -> None:
    """Ask the responsible person once more, and tell the unit's manager."""
    people = {person.pk: person for person in organisation.managers(row.item.channel.unit, at=now)}
    if row.asked is not None:
        people[row.asked.pk] = row.asked
    tell(
        list(people.values()),
        "vanished",
        lambda: (
            _("Ingen har sagt vem som tog bort något ur %(channel)s, eller på vilken grund.")
            % {"channel": row.item.channel.name}
        ),
        reverse("moderation:vanishing", args=[row.pk]),
        now=now,
    )


def shown_again(row: Removal, *, now: datetime) -> None:
    """Tell that what was removed is shown on the network again, and not by us here."""
    people = {person.pk: person for person in (row.proposed_by, row.decided_by) if person is not None}
    tell(
        list(people.values()),
        "removal_failed",
        lambda: (
            _("Något som togs bort eller doldes i %(channel)s syns på nätet igen.") % {"channel": row.item.channel.name}
        ),
        address(row),
        now=now,
        urgent=True,
    )


def tell(
    people: list[Person], kind: str, words: Callable[[], str], url: str, *, now: datetime, urgent: bool = False
) -> None:
    """Tell them, if there is anybody."""
    if people:
        notices.tell(people, kind=kind, words=words, url=url, now=now, urgent=urgent)
