"""What an account likes and follows: whom, why it may, and since when (D32, D33)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person
from uppsikt.register.relation_rules import Kind, Party
from uppsikt.register.relation_states import RELATION


class Relation(models.Model):
    """One like or follow. Without a party it was seen on the network, and nobody has said yet whose account it is."""

    machine: ClassVar[Machine] = RELATION

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("gilla eller följa"), max_length=8, choices=[(one.value, one.value) for one in Kind])
    party = models.CharField(
        _("vems kontot är"), max_length=14, choices=[(one.value, one.value) for one in Party], blank=True
    )
    name = models.CharField(_("namn"), max_length=160)
    address = models.URLField(_("adress"), max_length=500)
    tie = models.TextField(_("lokal anknytning"), blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # By whom it was noted; None where the network told.
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    # When the network last said that it is there.
    seen_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default=RELATION.start)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(RELATION.states)), name="relation_state_known"),
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(one.value for one in Kind)), name="relation_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(party__in=["", *sorted(one.value for one in Party)]), name="relation_party_known"
            ),
            models.UniqueConstraint(
                fields=["channel", "kind", "address"],
                name="relation_once_in_force",
                condition=models.Q(state="in_force"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
