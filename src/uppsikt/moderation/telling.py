"""What people here are told of removals: that one waits for them, that one failed, that something is gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from uppsikt.moderation.models import Removal, Vanishing
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item


def tell(
    people: Iterable[Person | None],
    kind: str,
    words: Promise,
    item: Item,
    url: str,
    *,
    now: datetime,
    urgent: bool = False,
    **facts: str,
) -> None:
    """Tell each of them once, in their own language, if there is anybody.

    `words` may name %(channel)s, the item's, and the `facts`.
    """
    told = {one.pk: one for one in people if one is not None}
    if told:
        said = {"channel": item.channel.name, **facts}
        notices.tell(told.values(), kind=kind, words=lambda: str(words) % said, url=url, now=now, urgent=urgent)


def address(row: Removal) -> str:
    """Where the removal is shown, without the host."""
    return reverse("moderation:removal", args=[row.pk])


def deciders(item: Item, *, now: datetime, but: Iterable[int | None] = ()) -> list[Person]:
    """Whom the delegation lets decide: the unit's managers; on central channels, or without any, communications too.

    Those whose keys are in `but` are left out.
    """
    left_out = set(but)
    found = [one for one in organisation.managers(item.channel.unit, at=now) if one.pk not in left_out]
    if item.channel.central or not found:
        found += [one for one in organisation.people_with_role(Role.COMMUNICATIONS, at=now) if one.pk not in left_out]
    return list({one.pk: one for one in found}.values())


def ask_for_decision(row: Removal, *, now: datetime) -> None:
    """Tell those who may decide that a proposal waits."""
    words = lazy("%(who)s föreslår att något tas bort i %(channel)s. Det väntar på ditt beslut.")
    people = deciders(row.item, now=now, but=[row.proposed_by_id])
    tell(people, "removal_asked", words, row.item, address(row), now=now, urgent=row.urgent, who=row.proposed_by.name)


def rejected(row: Removal, *, by: Person, now: datetime) -> None:
    """Tell whoever proposed it that it stays."""
    if by.pk != row.proposed_by_id:
        words = lazy("%(who)s beslutade att det du föreslog i %(channel)s får stå kvar.")
        tell([row.proposed_by], "removal_answered", words, row.item, address(row), now=now, who=by.name)


def failed(row: Removal, *, now: datetime) -> None:
    """Tell those who stand behind it that it was not carried out."""
    words = lazy("Det som skulle tas bort eller döljas i %(channel)s ligger kvar. Öppna och se varför.")
    tell([row.proposed_by, row.decided_by], "removal_failed", words, row.item, address(row), now=now, urgent=True)


def not_restored(row: Removal, *, now: datetime) -> None:
    """Tell that what was to be shown again is not."""
    words = lazy("Det som skulle visas igen i %(channel)s gick inte att lägga tillbaka.")
    people = [row.decided_by or row.proposed_by]
    tell(people, "removal_failed", words, row.item, address(row), now=now, urgent=True)


def shown_again(row: Removal, *, now: datetime) -> None:
    """Tell that what was removed is shown on the network again, and not by us here."""
    words = lazy("Något som togs bort eller doldes i %(channel)s syns på nätet igen.")
    tell([row.proposed_by, row.decided_by], "removal_failed", words, row.item, address(row), now=now, urgent=True)


def put_back_by_hand(row: Removal, *, by: Person, now: datetime) -> None:
    """Ask for what was removed with another tool to be put back with it: it was wrong to remove it."""
    words = lazy("Det som togs bort utanför Uppsikt i %(channel)s ska visas igen. Lägg tillbaka det på nätet.")
    people = [by, row.decided_by, row.item.channel.responsible]
    tell(people, "reconsideration", words, row.item, address(row), now=now, urgent=True)


def ask_of_vanished(row: Vanishing, *, now: datetime) -> None:
    """Ask the responsible person who took away what is gone."""
    words = lazy("Något är borta ur %(channel)s utan beslut här. Säg vem som tog bort det, och på vilken grund.")
    tell([row.asked], "vanished", words, row.item, reverse("moderation:vanishing", args=[row.pk]), now=now)


def remind_of_vanished(row: Vanishing, *, now: datetime) -> None:
    """Ask the responsible person once more, and tell the unit's manager."""
    words = lazy("Ingen har sagt vem som tog bort något ur %(channel)s, eller på vilken grund.")
    people = [*organisation.managers(row.item.channel.unit, at=now), row.asked]
    tell(people, "vanished", words, row.item, reverse("moderation:vanishing", args=[row.pk]), now=now)
