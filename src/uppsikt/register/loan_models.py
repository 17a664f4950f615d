"""An account on loan: to whom, for what, from when to when, agreed by whom, and how it was left (D31)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person
from uppsikt.register.loan_states import LOAN


class Loan(models.Model):
    """People who run a channel for a time that is set beforehand. The manager asks, the communications unit agrees."""

    machine: ClassVar[Machine] = LOAN

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField(_("vad kontot lånas ut till"))
    acts = ArrayField(models.CharField(max_length=20, choices=[(act.value, act.value) for act in Act]))
    since = models.DateTimeField()
    until = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(_("överenskommelsen i ord"), blank=True)
    ended_at = models.DateTimeField(null=True)
    handover = models.TextField(_("överlämning"), blank=True)
    handed_back_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=12, default=LOAN.start)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["until"], name="loan_open", condition=models.Q(state__in=["agreed", "running"])),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(LOAN.states)), name="loan_state_known"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="loan_ends_after_start"),
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "withdrawn"]) | models.Q(answered_by__isnull=False),
                name="loan_agreed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="handed_back") | ~models.Q(handover=""), name="loan_handed_back_with_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.since:%Y-%m-%d} – {self.until:%Y-%m-%d}"


class LoanPerson(models.Model):
    """One of those who run the account on loan; the mandate comes when they have acknowledged it, and ends with it."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "person"], name="loan_person_once"),
            models.CheckConstraint(
                condition=models.Q(mandate=None) | models.Q(acknowledged_at__isnull=False),
                name="loan_acknowledged_before_mandate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.loan}"
