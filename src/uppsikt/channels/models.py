"""Channels, their credentials, cursors and mandates."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.rules import Act
from uppsikt.channels.states import CHANNEL, MANDATE
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person, Unit


class Channel(models.Model):
    """One account on one network. One unit answers for it, and one person (D5)."""

    machine: ClassVar[Machine] = CHANNEL

    network = models.CharField(_("nät"), max_length=30)
    name = models.CharField(_("namn"), max_length=160)
    address = models.URLField(_("adress"), max_length=500)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # The communications unit answers for central channels (D2).
    central = models.BooleanField(_("central kanal"), default=False)
    state = models.CharField(max_length=20, default=CHANNEL.start)
    settings = models.JSONField(default=dict)
    profile = models.JSONField(default=dict)
    connected_at = models.DateTimeField()
    # How often it is read; from the policy when it was connected.
    pull_seconds = models.PositiveIntegerField(default=300)
    next_pull_at = models.DateTimeField(null=True)
    pulled_at = models.DateTimeField(null=True)
    # The whole history has been read once.
    caught_up_at = models.DateTimeField(null=True)
    trouble_kind = models.CharField(max_length=20, blank=True)
    trouble_code = models.CharField(max_length=40, blank=True)
    trouble_facts = models.JSONField(default=dict)
    trouble_since = models.DateTimeField(null=True)
    trouble_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["next_pull_at"], name="channel_due", condition=models.Q(state="live")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["network", "address"], name="channel_once", condition=~models.Q(state="closed")
            ),
            models.CheckConstraint(condition=models.Q(state__in=sorted(CHANNEL.states)), name="channel_state_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def target(self) -> str:
        """The channel as an intent names it."""
        return f"channel:{self.pk}"


class Cursor(models.Model):
    """How far a channel has been read. Saved in the transaction that saves what was read."""

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="cursor")
    value = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    # The reading that is under way, if any: since when, how many items it has read, how many the network says are
    # left (None where it does not say), and at what pace of late, in items a second (None before that is known).
    begun_at = models.DateTimeField(null=True)
    read = models.PositiveBigIntegerField(default=0)
    left = models.PositiveBigIntegerField(null=True)
    pace = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"cursor of {self.channel}"


class Secret(models.Model):
    """A credential, locked with the key for credentials."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="secrets")
    name = models.CharField(max_length=40)
    locked = models.BinaryField()
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "name"], name="secret_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.channel}"


class Mandates(models.QuerySet["Mandate"]):
    """Mandates by time, channel and person."""

    def in_force(self, at: object) -> Mandates:
        """Those that hold at a time."""
        return self.filter(models.Q(until=None) | models.Q(until__gt=at), state="in_force", since__lte=at)


class Mandate(models.Model):
    """A person's right to act on a channel: what, from when to when, given by which manager (D21)."""

    machine: ClassVar[Machine] = MANDATE

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # None stands for every channel: the communications unit (D8).
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="mandates", null=True, blank=True)
    acts = ArrayField(models.CharField(max_length=20, choices=[(act.value, act.value) for act in Act]))
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("uppdraget i ord"), blank=True)
    state = models.CharField(max_length=20, default=MANDATE.start)

    objects = Mandates.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "state"], name="mandate_person")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(MANDATE.states)), name="mandate_state_known"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="mandate_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.channel or '*'}"
