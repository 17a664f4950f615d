"""How much goes on in an account, month by month, and what is done about one that lies still (D51)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person
from uppsikt.register.life_states import STILLNESS

STILL = ("still", "talked", "proposed")


class ActivityMonth(models.Model):
    """What was said in a channel in a month. Counted anew each night; points at no record."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    # Our posts, what others wrote, our own comments, and how many different people wrote.
    posts = models.PositiveIntegerField()
    received = models.PositiveIntegerField()
    answers = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "month"], name="activity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.month:%Y-%m}"


class Stillness(models.Model):
    """A channel that lies still: found, talked of, given time, and then proposed to be closed (D51)."""

    machine: ClassVar[Machine] = STILLNESS

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=STILLNESS.start)
    # Of the last post; None where there has been none.
    last_post_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    talk_due_on = models.DateField()
    talked_on = models.DateField(null=True)
    talked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    talk = models.TextField(_("vad ni kom fram till"), blank=True)
    # Until when activity has to have risen.
    until = models.DateField(null=True)
    proposed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(STILLNESS.states)), name="stillness_state_known"
            ),
            models.UniqueConstraint(fields=["channel"], condition=models.Q(state__in=STILL), name="stillness_once"),
            # No proposal to close without a talk and the time that it gave.
            models.CheckConstraint(
                condition=~models.Q(state__in=["talked", "proposed"])
                | (models.Q(talked_on__isnull=False) & models.Q(until__isnull=False)),
                name="stillness_talk_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}"
