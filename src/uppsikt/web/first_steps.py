"""What a municipality does on its first day, for the system administrator (D71): in order, until all of it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel, Mandate
from uppsikt.organisation.models import Person, RoleGrant, Unit
from uppsikt.organisation.rules import Role
from uppsikt.ui import queries as look

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what, why, where. `done` when it has been."""

    what: Words
    why: Words
    url: str
    button: Words
    done: bool


def for_person(person: Person) -> list[Step]:
    """The steps for a system administrator while any is left; for others, and afterwards, none."""
    if Role.ADMINISTRATOR not in person.roles or Mandate.objects.exists():
        return []
    return [
        Step(
            _("Ge Uppsikt kommunens namn, färg och vapen"),
            _("Då syns det överallt vems Uppsikt det är, även för sakkunniga som får en länk."),
            reverse("ui:appearance"),
            _("Till utseendet"),
            bool(look.appearance().name),
        ),
        Step(
            _("Lägg in nämnder, förvaltningar och enheter"),
            _("Varje kanal hör till en enhet. Börja med de enheter som har kanaler."),
            reverse("organisation:units"),
            _("Till organisationen"),
            Unit.objects.exists(),
        ),
        Step(
            _("Lägg till kollegor och ge dem roller"),
            _("Minst en chef, som ger uppdrag, och de som ska svara. De loggar in med en länk i ett mejl."),
            reverse("organisation:people"),
            _("Till personerna"),
            RoleGrant.objects.filter(role=Role.MANAGER).exists(),
        ),
        Step(
            _("Anslut den första kanalen"),
            _("Uppsikt läser det som sägs där, sparar det som handlingar och visar vad som ska besvaras."),
            reverse("channels:connect"),
            _("Anslut kanal"),
            Channel.objects.exists(),
        ),
        Step(
            _("Be enhetens chef ge uppdrag"),
            _("Utan uppdrag kan ingen svara. Chefen ger dem på kanalens sida."),
            reverse("channels:channels"),
            _("Se kanalerna"),
            False,
        ),
    ]
