"""What is done around a removal: blocks, rulings asked for, reports, notes to authors, reconsiderations, incidents."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.kernel.machine import Machine
from uppsikt.kernel.models import Blob, Intent
from uppsikt.moderation import matter_states as states
from uppsikt.organisation.models import Person
from uppsikt.policy.models import Ground
from uppsikt.records.models import Actor, Item


def state_known(machine: Machine, name: str) -> models.CheckConstraint:
    """A row stands in a state that its machine has, whoever wrote it."""
    return models.CheckConstraint(condition=models.Q(state__in=sorted(machine.states)), name=name)


class Matter(models.Model):
    """What all of them have: the item, who began it and when, and what was said first and last."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("skäl"), blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    answer = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.item_id}"


class Block(Matter):
    """Somebody may not write on a channel: with a ground, a reason, an end, and the approval of somebody else (D69)."""

    machine: ClassVar[Machine] = states.BLOCK

    state = models.CharField(max_length=12, default=states.BLOCK.start)
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "until"], name="block_by_end"),
        ]
        constraints: ClassVar = [
            state_known(states.BLOCK, "block_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "in_force"]) | models.Q(approved_by__isnull=False),
                name="block_was_approved",
            ),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("at")), name="block_ends"),
            models.UniqueConstraint(
                fields=["actor"],
                condition=models.Q(state__in=["proposed", "approved", "in_force"]),
                name="block_one_of_an_actor",
            ),
        ]


class Ruling(Matter):
    """The board's office is asked what to make of an item (D44). It waits, with a clock."""

    machine: ClassVar[Machine] = states.RULING

    state = models.CharField(max_length=12, default=states.RULING.start)
    due_at = models.DateTimeField()
    reminders = models.PositiveSmallIntegerField(default=0)
    # What the office came to: stay, remove, register, other.
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="ruling_by_due")]
        constraints: ClassVar = [
            state_known(states.RULING, "ruling_state_known"),
            models.UniqueConstraint(fields=["item"], condition=models.Q(state="asked"), name="ruling_one_of_an_item"),
        ]


class NetworkReport(Matter):
    """An item was reported to its network (D30): by us where the network takes that, else by hand."""

    machine: ClassVar[Machine] = states.REPORT

    state = models.CharField(max_length=12, default=states.REPORT.start)
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+")
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="network_report_open")]
        constraints: ClassVar = [state_known(states.REPORT, "network_report_state_known")]


class PoliceReport(Matter):
    """A report to the police (D69): a document to hand in, and a file with it and all the evidence."""

    machine: ClassVar[Machine] = states.POLICE

    state = models.CharField(max_length=12, default=states.POLICE.start)
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey("moderation.Evidence", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)
    bundle = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)
    trouble_code = models.CharField(max_length=40, blank=True)
    # The number that the police gave it.
    number = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="police_report_open")]
        constraints: ClassVar = [state_known(states.POLICE, "police_report_state_known")]


class AuthorNote(Matter):
    """What the author of something removed was told: why, and how to have it tried again (D69)."""

    machine: ClassVar[Machine] = states.NOTE

    state = models.CharField(max_length=12, default=states.NOTE.start)
    removal = models.ForeignKey("moderation.Removal", on_delete=models.PROTECT, related_name="+")
    # thread, email, none
    way = models.CharField(max_length=8)
    to = models.CharField(max_length=300, blank=True)
    # The sha256 of the key in the link, by which the author asks for reconsideration.
    digest = models.CharField(max_length=64, blank=True)
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="author_note_open")]
        constraints: ClassVar = [
            state_known(states.NOTE, "author_note_state_known"),
            models.UniqueConstraint(fields=["removal", "way"], name="author_note_once"),
            models.UniqueConstraint(fields=["digest"], condition=~models.Q(digest=""), name="author_note_by_link"),
        ]


class Reconsideration(Matter):
    """The author asks for a removal to be tried again, by somebody else than the one who decided it (D68)."""

    machine: ClassVar[Machine] = states.RECONSIDERATION

    state = models.CharField(max_length=12, default=states.RECONSIDERATION.start)
    removal = models.ForeignKey("moderation.Removal", on_delete=models.PROTECT, related_name="+")
    # By which link it came: "email", which the author alone has had, or "thread", which others can open too.
    way = models.CharField(max_length=8, blank=True, default="", db_default="")
    # The sha256 of the key in the link by which whoever asked reads the answer.
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    contact = models.EmailField(blank=True)
    due_at = models.DateTimeField()
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="reconsideration_by_due")]
        constraints: ClassVar = [
            state_known(states.RECONSIDERATION, "reconsideration_state_known"),
            # More from the same link waits until the first has its answer.
            models.UniqueConstraint(
                fields=["removal"], condition=models.Q(state="asked"), name="reconsideration_one_of_a_removal"
            ),
            models.UniqueConstraint(fields=["digest"], condition=~models.Q(digest=""), name="reconsideration_by_link"),
        ]


class Incident(Matter):
    """We published what we should not have: 72 hours to tell the authority (GDPR art. 33)."""

    machine: ClassVar[Machine] = states.INCIDENT

    state = models.CharField(max_length=16, default=states.INCIDENT.start)
    known_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminders = models.PositiveSmallIntegerField(default=0)
    removal = models.ForeignKey("moderation.Removal", on_delete=models.PROTECT, related_name="+", null=True)
    evidence = models.ForeignKey("moderation.Evidence", on_delete=models.PROTECT, related_name="+", null=True)
    people_told_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="incident_by_due")]
        constraints: ClassVar = [
            state_known(states.INCIDENT, "incident_state_known"),
            models.UniqueConstraint(fields=["item"], condition=models.Q(state="open"), name="incident_one_of_an_item"),
        ]


class Registering(Matter):
    """An item must be registered in the diary, and why (D42). The diary's own room takes it from here."""

    machine: ClassVar[Machine] = states.REGISTERING

    state = models.CharField(max_length=12, default=states.REGISTERING.start)
    # secrecy, removed, police, incident, ruling
    why = models.CharField(max_length=10)
    number = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="registering_open")]
        constraints: ClassVar = [
            state_known(states.REGISTERING, "registering_state_known"),
            models.UniqueConstraint(fields=["item"], name="registering_once"),
        ]
