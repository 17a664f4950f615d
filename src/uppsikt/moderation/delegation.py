"""Who may say that something should go, and who decides it: the mandate, the roles and the policy (D21, D45)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from uppsikt.channels import gate
from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Deed
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import rules
from uppsikt.moderation.models import Removal
from uppsikt.moderation.rules import Standing
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy

# On central channels these see to what is removed (D2).
CENTRAL = frozenset({Role.EDITOR.value, Role.CUSTOMER_CENTRE.value, Role.COMMUNICATIONS.value})


def standing(person: Person, channel: Channel, *, at: datetime) -> Standing:
    """How the person stands to the channel now."""
    if not person.is_active:
        return Standing(frozenset())
    held = [acts for pk, acts in channels.held_by(person, at=at) if pk in {None, channel.pk}]
    units = person.units_as(Role.MANAGER) if Role.MANAGER in person.roles else frozenset[int]()
    mandate = frozenset(act for acts in held for act in acts)
    # What a role opens asks as much of its holder as a mandate does (D24).
    if {*CENTRAL, Role.MANAGER} & person.roles and channels.owes(person, at=at):
        return Standing(mandate)
    return Standing(
        mandate=mandate,
        manager=units is None or channel.unit_id in units,
        central=channel.central and bool(CENTRAL & person.roles),
        communications=Role.COMMUNICATIONS in person.roles,
    )


def people_asked() -> int:
    """How many the policy asks for behind a removal."""
    return policy.number("removal.people")


def may_propose(person: Person, channel: Channel, deed: Deed, *, at: datetime) -> bool:
    """Whether the person may propose it."""
    return rules.may_propose(standing(person, channel, at=at), deed)


def may_decide(person: Person, removal: Removal, *, at: datetime) -> bool:
    """Whether the person may decide this proposal."""
    who = standing(person, removal.item.channel, at=at)
    own = removal.proposed_by_id == person.pk
    return rules.may_decide(who, Deed(removal.act), people=people_asked(), proposer=own)


def decides_alone(person: Person, channel: Channel, deed: Deed, *, at: datetime) -> bool:
    """Whether the person may both propose and decide it."""
    who = standing(person, channel, at=at)
    return rules.may_propose(who, deed) and rules.may_decide(who, deed, people=people_asked(), proposer=True)


def check_propose(person: Person, channel: Channel, deed: Deed, *, at: datetime) -> None:
    """Raise Refused unless the person may propose it (D21)."""
    if not may_propose(person, channel, deed, at=at):
        gate.check_known(person, now=at)
        raise Refused(
            "no_mandate",
            _("Du saknar uppdrag att dölja eller ta bort i kanalen %(channel)s. Be din chef om ett uppdrag.")
            % {"channel": channel.name},
        )


def check_decide(person: Person, removal: Removal, *, at: datetime) -> None:
    """Raise Refused unless the delegation lets the person decide it (D45)."""
    if may_decide(person, removal, at=at):
        return
    gate.check_known(person, now=at)
    if removal.proposed_by_id == person.pk:
        raise Refused("two_people", _("Du har själv föreslagit detta. Någon annan ska besluta: enhetens chef."))
    raise Refused("may_not_decide", _("Det här beslutas av enhetens chef, eller av den som reglerna pekar ut."))
