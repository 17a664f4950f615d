"""Cases, notes, forwarded questions and answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.inbox.rules import Outcome, Sort
from uppsikt.inbox.states import ANSWER, CASE, FORWARD
from uppsikt.kernel.machine import Machine
from uppsikt.kernel.models import Intent
from uppsikt.organisation.models import Person
from uppsikt.records.models import Item, Thread


class Case(models.Model):
    """A conversation that wants an answer, with a deadline (D35)."""

    machine: ClassVar[Machine] = CASE

    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=CASE.start)
    # The newest thing the citizen said, and the oldest that has no answer yet.
    last_item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    waiting_item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    claimed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    claimed_until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True, choices=[(each.value, each.value) for each in Outcome])
    outcome_reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    times_opened = models.PositiveIntegerField(default=1)
    warned_for = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="case_due", condition=~models.Q(state="closed")),
            models.Index(
                fields=["channel", "due_at", "id"], name="case_channel_due", condition=~models.Q(state="closed")
            ),
            models.Index(fields=["assignee", "due_at", "id"], name="case_mine", condition=~models.Q(state="closed")),
            models.Index(fields=["-closed_at", "-id"], name="case_closed", condition=models.Q(state="closed")),
            models.Index(
                fields=["channel", "-closed_at", "-id"], name="case_channel_closed", condition=models.Q(state="closed")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(CASE.states)), name="case_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | (~models.Q(outcome="") & models.Q(closed_at__isnull=False)),
                name="case_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome__in=["no_answer", "passed_on"]) | ~models.Q(outcome_reason=""),
                name="case_without_answer_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return _("Ärende %(number)s") % {"number": self.pk}

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do."""
        return self.state != "closed"


class CaseItem(models.Model):
    """Something received that a case stands for; once, however often the news of it is heard."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_items")

    def __str__(self) -> str:
        return str(self.item)


class Note(models.Model):
    """Something that staff told each other about a case. Never changed: a new note mends an old one."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:80]


class Forward(models.Model):
    """A question put to the one who knows, who answers through a link of his own (D37)."""

    machine: ClassVar[Machine] = FORWARD

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="forwards")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    unit_name = models.CharField(max_length=120, blank=True)
    question = models.TextField(blank=True)
    # Only a digest of the link's token is kept.
    digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=12, default=FORWARD.start)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(FORWARD.states)), name="forward_state_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Answer(models.Model):
    """What is said to the citizen. Whose answer it is, and who publishes it, are kept apart (D36)."""

    machine: ClassVar[Machine] = ANSWER

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    to = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Sort])
    forward = models.ForeignKey(Forward, on_delete=models.PROTECT, related_name="+", null=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    author_name = models.CharField(max_length=120)
    author_title = models.CharField(max_length=120, blank=True)
    author_unit = models.CharField(max_length=120, blank=True)
    publisher = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    # The text as it goes out, signature and all.
    out = models.TextField()
    state = models.CharField(max_length=10, default=ANSWER.start)
    intent = models.OneToOneField(Intent, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    promise_due_at = models.DateTimeField(null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="answer_stuck", condition=models.Q(state__in=["failed", "uncertain"])),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(ANSWER.states)), name="answer_state_known"),
            # Hard law: one answer at a time is on its way.
            models.UniqueConstraint(
                fields=["case"], name="one_answer_on_its_way", condition=models.Q(state__in=["sending", "uncertain"])
            ),
        ]

    def __str__(self) -> str:
        return self.out[:80]
