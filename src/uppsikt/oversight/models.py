"""Rounds with what they showed, expected rounds, heightened oversight, the rota, and how soon something was seen.

What comes in on a channel is ordered by the keys of its wordings (records.Version): they are given under the lock that
every taking in holds on its channel, so a later key was taken in later. A round covers the wordings after one key up
to another; a new wording of an old item counts, and so does an item that arrives late.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from uppsikt.channels.models import Channel
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person, Unit
from uppsikt.oversight.calendar_models import CalendarLink
from uppsikt.oversight.rota_models import Duty, Hole, Plan
from uppsikt.oversight.rules import Cause, Kind, Result, What
from uppsikt.oversight.states import DUE, HEIGHTENED, ROUND
from uppsikt.records.models import Item, Version

# Django looks for a room's models here.
__all__ = [
    "CalendarLink",
    "Deed",
    "Due",
    "Duty",
    "FirstLook",
    "Heightened",
    "HeightenedCause",
    "Hole",
    "Plan",
    "Round",
    "Shown",
    "Sweep",
    "Watch",
]


class Watch(models.Model):
    """How far a channel has been looked at, and up to when rounds have been expected of it."""

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    # Expected rounds have been written down for every moment up to this one.
    counted_until = models.DateTimeField()
    # The key of the last wording that a signed round covers.
    seen_through = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    # First wordings up to this key (None: all, while the history is being read) count only from this time on: the
    # years before we came are records, and not news.
    history_through = models.BigIntegerField(null=True)
    history_from = models.DateTimeField()
    # Begun while the account was only known of, and looked at on its network.
    outside = models.BooleanField(default=False, db_default=False)
    # How many looks a working day it needs, by its traffic of late, and the day on which that was worked out.
    rounds = models.PositiveSmallIntegerField(default=1)
    rounds_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"watch of {self.channel_id}"


class Sweep(models.Model):
    """One act of looking over one or several channels; it makes a round for each of them (D25)."""

    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by} {self.opened_at:%Y-%m-%d %H:%M}"


class Round(models.Model):
    """Somebody looked at a channel: who, when, from which wording to which, and what came of it (D25)."""

    machine: ClassVar[Machine] = ROUND

    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT, related_name="rounds")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, default=ROUND.start)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    # The wordings it covers: those of the channel with a key above `after` and not above `through`.
    after = models.BigIntegerField()
    through = models.BigIntegerField()
    first = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    last = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    wordings = models.PositiveIntegerField(default=0)
    # When the channel had last been read: a look at what could not be fetched is a look at nothing.
    read_at = models.DateTimeField(null=True)
    # The account is not read here. Whoever makes the round looks at its own page, and states it: when, on their word.
    outside = models.BooleanField(default=False, db_default=False)
    looked_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=10, blank=True, choices=[(each.value, each.value) for each in Result])
    note = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["channel", "-opened_at", "-id"], name="round_channel_newest"),
            models.Index(fields=["-opened_at", "-id"], name="round_newest"),
            models.Index(fields=["by", "-opened_at", "-id"], name="round_by_newest"),
            models.Index(fields=["channel", "signed_at"], name="round_signed", condition=Q(state="signed")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=sorted(ROUND.states)), name="round_state_known"),
            models.CheckConstraint(condition=Q(through__gte=F("after")), name="round_goes_forward"),
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_at__isnull=False) & ~Q(result="")),
                name="round_signed_with_result",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed", outside=True) | Q(looked_at__isnull=False), name="round_outside_looked"
            ),
            models.UniqueConstraint(fields=["by", "channel"], name="round_one_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.opened_at:%Y-%m-%d %H:%M}"


class Shown(models.Model):
    """A wording that the one who makes a round has had before them. Append-only."""

    sealed: ClassVar = "id"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="shown", db_index=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "version"], name="shown_once")]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.version_id}"


class Deed(models.Model):
    """Something that was done about an item in the course of a round. Append-only."""

    sealed: ClassVar = "id"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="deeds")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=12, choices=[(each.value, each.value) for each in What])
    words = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} {self.item_id}"


class Heightened(models.Model):
    """A time during which a channel is looked at several times a day, outside office hours too (D26)."""

    machine: ClassVar[Machine] = HEIGHTENED

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, default=HEIGHTENED.start)
    # What it began with; `HeightenedCause` holds them all.
    cause = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Cause])
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["channel", "-since"], name="heightened_channel")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=sorted(HEIGHTENED.states)), name="heightened_state_known"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="heightened_ends_after_start"),
            models.UniqueConstraint(fields=["channel"], name="heightened_one", condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.since:%Y-%m-%d %H:%M}"


class HeightenedCause(models.Model):
    """Why oversight was heightened, or goes on being so: a removal, traffic, an order. Append-only."""

    sealed: ClassVar = "id"

    heightened = models.ForeignKey(Heightened, on_delete=models.PROTECT, related_name="causes")
    cause = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Cause])
    # The removal's key, or the post that draws many comments with how many, and how many the channel is used to.
    removal_id = models.BigIntegerField(null=True)
    post = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    comments = models.PositiveIntegerField(null=True)
    usual = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # News may be heard twice.
            models.UniqueConstraint(
                fields=["removal_id"], name="heightened_once_by_removal", condition=Q(removal_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.cause


class Due(models.Model):
    """A round that is expected: signed in time it is met, else it is missed and told of step by step (D25)."""

    machine: ClassVar[Machine] = DUE

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Kind])
    # The day that it counts for: the one on which it ends, Swedish time; of a week its Sunday.
    day = models.DateField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, default=DUE.start)
    heightened = models.ForeignKey(Heightened, on_delete=models.PROTECT, related_name="dues", null=True)
    # Who was on duty by the rota when it was written down; the absent person's own, whoever covers.
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    met_by = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    made_good_by = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    reminded_at = models.DateTimeField(null=True)
    # When it was found to be missed, and how far up that has been told: cover, manager, communications unit.
    found_at = models.DateTimeField(null=True)
    told_level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["until"], name="due_waiting", condition=Q(state="waiting")),
            models.Index(fields=["until"], name="due_to_tell", condition=Q(state="missed", made_good_by=None)),
            models.Index(fields=["day", "channel"], name="due_day"),
            models.Index(fields=["channel", "-until", "-id"], name="due_channel_newest"),
        ]
        constraints: ClassVar = [
            # However often the rounds of a time are worked out, each is expected once.
            models.UniqueConstraint(fields=["channel", "kind", "until"], name="due_once"),
            models.CheckConstraint(condition=Q(state__in=sorted(DUE.states)), name="due_state_known"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="due_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state="met", met_by__isnull=False) | (~Q(state="met") & Q(met_by__isnull=True)),
                name="due_met_by_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day} ({self.channel_id})"


class FirstLook(models.Model):
    """How long something received lay before somebody here first looked at it. Counted once; append-only."""

    sealed: ClassVar = "id"

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+", db_index=False)
    # As the network says, or when it was fetched where the network cannot be believed.
    published_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # Of the clock: what lies open does so at night too.
    seconds = models.PositiveBigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seen_at", "channel"], name="first_look_seen")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.seconds} s"
