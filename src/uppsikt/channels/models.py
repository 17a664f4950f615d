"""Channels, their credentials, cursors and mandates."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.rules import Act
from uppsikt.channels.states import AT_WORK, CHANNEL, MANDATE
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person, Unit
from uppsikt.policy import guideline


class Channels(models.QuerySet["Channel"]):
    """Channels by what can be done with them from here."""

    def connected(self) -> Channels:
        """Those that the product has a way into; the others are known of, and that is all."""
        return self.exclude(connected_at=None)

    def at_work(self) -> Channels:
        """Those that are read, and that can be written to."""
        return self.connected().filter(state__in=AT_WORK)

    def to_look_at(self) -> Channels:
        """Those that rounds are made of (D25): all that are read here, and those that are open without being read."""
        return self.exclude(state="closed").exclude(connected_at=None, state="opening")


class Channel(models.Model):
    """One account on one network. One unit answers for it, and one person (D5).

    It comes in as "opening". The database lets it go live only once the register has cleared its opening, or somebody
    has written that it was live before it was known here (see the register's migration `opened_rightly`).
    """

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
    # None where the network has no connector here, or nobody has connected it: known of, never read or written to.
    connected_at = models.DateTimeField(null=True)
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

    objects = Channels.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["next_pull_at"], name="channel_due", condition=models.Q(state__in=AT_WORK)),
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

    @property
    def is_at_work(self) -> bool:
        """Whether it is read and can be written to."""
        return self.state in AT_WORK and self.connected_at is not None

    @property
    def joined(self) -> datetime:
        """When it was connected: what was said there before is history. For channels that are connected."""
        if self.connected_at is None:
            raise ValueError(f"channel {self.pk} is not connected")
        return self.connected_at


class TakeOver(models.Model):
    """By whose word an account was live on its network before it was known here, and how that is known (D12)."""

    sealed: ClassVar = "id"

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(reason=""), name="take_over_has_reason")]

    def __str__(self) -> str:
        return f"take-over of {self.channel}"


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

    def in_force(self, at: datetime) -> Mandates:
        """Those that open anything at a time: the one gate for all that is done in a channel (D21, D24, D34)."""
        return self.standing(at).filter(guideline.knows_it("person_id", at=at))

    def standing(self, at: datetime) -> Mandates:
        """Those that hold at a time; where their holder has not acknowledged the guideline, they open nothing yet."""
        return self.of_the_fit().filter(
            models.Q(until=None) | models.Q(until__gt=at), state="in_force", since__lte=at
        )  # fmt: skip

    def of_the_fit(self) -> Mandates:
        """Those of people who work here and are not elected (D34)."""
        return self.filter(person__is_active=True, person__politician=False)


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
    # Of a loan: it ends with the loan and is never renewed (D31).
    on_loan = models.BooleanField(default=False, db_default=False)
    # When the manager was told that it is soon over.
    reminded_at = models.DateTimeField(null=True)

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
