"""Who is on duty where and when, days on which nobody is, and how often a channel is to be looked at."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from uppsikt.channels.models import Channel
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person, Unit
from uppsikt.oversight.rules import When
from uppsikt.oversight.states import DUTY, HOLE


def of_one(name: str) -> models.CheckConstraint:
    """It concerns one channel, or all channels of one unit."""
    return models.CheckConstraint(
        condition=Q(channel__isnull=True, unit__isnull=False) | Q(channel__isnull=False, unit__isnull=True), name=name
    )


class Duty(models.Model):
    """Somebody makes the rounds of a channel, or of a unit's channels, on these weekdays between two dates (D25, D27).

    A duty for single dates goes before the weekly ones, one for the channel before one for its unit, a newer before
    an older.
    """

    machine: ClassVar[Machine] = DUTY

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Who is told first when the person is there and the round is not made; absences have a cover of their own.
    cover = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    # Monday is 0. Every so many weeks, counted from the week of `since`.
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    every_weeks = models.PositiveSmallIntegerField(default=1)
    since = models.DateField()
    until = models.DateField(null=True)
    dated = models.BooleanField(default=False)
    when = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in When], default=When.ALWAYS.value
    )
    # Minutes a day that the person has been promised for it (D24).
    minutes = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, default=DUTY.start)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            of_one("duty_of_one"),
            models.CheckConstraint(condition=Q(state__in=sorted(DUTY.states)), name="duty_state_known"),
            models.CheckConstraint(condition=~Q(person=F("cover")), name="duty_cover_is_another"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="duty_ends_after_start"),
            models.CheckConstraint(condition=Q(weekdays__len__gt=0), name="duty_has_weekdays"),
            models.CheckConstraint(condition=Q(every_weeks__gt=0), name="duty_every_weeks"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.channel or self.unit}"


class Hole(models.Model):
    """A coming day on which nobody who can make the round of a channel is there; its manager is told once (D27)."""

    machine: ClassVar[Machine] = HOLE

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    code = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=HOLE.start)
    # Whose day it would have been.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "day"], name="hole_once", condition=Q(state="open")),
            models.CheckConstraint(condition=Q(state__in=sorted(HOLE.states)), name="hole_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.day}"


class Plan(models.Model):
    """How often a channel, or a unit's channels, are looked at where the policy's own number is too low, and by which
    hours where they are not the office's. The newest in force holds; one for the channel goes before its unit's."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    rounds = models.PositiveSmallIntegerField(default=1)
    # Seven days in words ("8.00–16.30", "" for closed), Monday first; empty stands for the office's hours.
    week = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            of_one("plan_of_one"),
            models.CheckConstraint(condition=Q(rounds__gt=0), name="plan_rounds"),
            models.UniqueConstraint(fields=["channel"], name="plan_one_of_channel", condition=Q(until=None)),
            models.UniqueConstraint(fields=["unit"], name="plan_one_of_unit", condition=Q(until=None)),
        ]

    def __str__(self) -> str:
        return f"{self.channel or self.unit}: {self.rounds}"
