"""Cases, notes, forwarded questions and answers."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.inbox.desk_models import ReplyTemplate
from uppsikt.inbox.rules import Outcome, Sort
from uppsikt.inbox.states import ANSWER, CASE, FORWARD, OPEN
from uppsikt.kernel.machine import Machine
from uppsikt.kernel.models import Intent
from uppsikt.organisation.models import Person, Unit
from uppsikt.records.models import Item, Thread


class Case(models.Model):
    """A conversation that wants an answer, with a deadline (D35)."""

    machine: ClassVar[Machine] = CASE

    # One case answers for the conversation; others may have been split off it (see the constraints).
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+", db_index=False)
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
    # The deadline that people were last told of, and how far up it was told; of another deadline nobody has heard.
    warned_for = models.DateTimeField(null=True)
    told_level = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The unit that it was handed to; without one, the channel's own.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    snoozed_until = models.DateTimeField(null=True)
    snooze_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    # Answered together with this case, which then answers for both; undone as long as nothing is answered.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    # Of a case that others are merged into: its own deadline; `due_at` is then the earliest of all.
    own_due_at = models.DateTimeField(null=True)

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
            models.Index(fields=["-received_at", "-id"], name="case_newest"),
            models.Index(fields=["channel", "-received_at", "-id"], name="case_channel_newest"),
            models.Index(fields=["thread"], name="case_thread"),
            models.Index(fields=["merged_into"], name="case_merged", condition=models.Q(merged_into__isnull=False)),
            models.Index(fields=["split_from"], name="case_split", condition=models.Q(split_from__isnull=False)),
            models.Index(fields=["unit", "due_at", "id"], name="case_unit", condition=models.Q(unit__isnull=False)),
            models.Index(
                fields=["snoozed_until"], name="case_snoozed", condition=models.Q(snoozed_until__isnull=False)
            ),
            models.Index(
                fields=["due_at", "id"], name="case_aside_due", condition=models.Q(snoozed_until__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            # What comes next in a conversation has one case to go to, whatever has been split off.
            models.UniqueConstraint(
                fields=["thread"], name="case_one_for_thread", condition=models.Q(split_from__isnull=True)
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="case_merged_into_another",
            ),
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
        """Whether somebody still has something to do here; what is merged is done in the case it went into."""
        return self.state in OPEN

    @property
    def holder_unit(self) -> Unit:
        """The unit whose case it is."""
        return self.unit or self.channel.unit


class CaseItem(models.Model):
    """Something received that a case stands for; once, however often the news of it is heard."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_items")

    def __str__(self) -> str:
        return str(self.item)


class Note(models.Model):
    """Something that staff told each other about a case. Never changed: a new note mends an old one."""

    sealed: ClassVar = "id"

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
    # Whoever was asked first named somebody else, and the question went on.
    handed_on_from = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    reminded_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0)
    renewed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=5, default="sv", db_default="sv")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["sent_at"], name="forward_out", condition=models.Q(state="sent")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(FORWARD.states)), name="forward_state_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class ForwardLink(models.Model):
    """One more link to a question, from a reminder or because the first was too old. Only a digest is kept."""

    forward = models.ForeignKey(Forward, on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"link to {self.forward_id}"


class Clarification(models.Model):
    """A question in between: the expert asks the officer back, and is answered on the same page. Append-only."""

    sealed: ClassVar = "id"

    forward = models.ForeignKey(Forward, on_delete=models.PROTECT, related_name="clarifications")
    # None stands for the expert, whose link is their name here.
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:80]


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
    # The template that it began as, and which version of it.
    template = models.ForeignKey(ReplyTemplate, on_delete=models.PROTECT, related_name="+", null=True)
    template_number = models.PositiveIntegerField(null=True)
    # The words of the question, once the answer is published: like questions find it by them.
    asked_words = SearchVectorField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="answer_stuck", condition=models.Q(state__in=["failed", "uncertain"])),
            models.Index(fields=["publisher", "-id"], name="answer_sending", condition=models.Q(state="sending")),
            GinIndex(fields=["asked_words"], name="answer_asked_words"),
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


class FirstAnswer(models.Model):
    """How long a question waited for its first answer: one row for each time that a case stood open (D35, D4).

    Counted once, by the hours that held then, so that figures over years are plain sums. Append-only.
    """

    sealed: ClassVar = "id"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField()
    # Of opening time.
    seconds = models.PositiveIntegerField()
    in_time = models.BooleanField()
    holding = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["answered_at"], name="first_answer_at"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "received_at"], name="first_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.seconds} s"


class Figure(models.Model):
    """A month of a unit or a channel, or of all, in numbers; made anew each night for the months that still move."""

    month = models.DateField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    received = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0)
    holding = models.PositiveIntegerField(default=0)
    no_answer = models.PositiveIntegerField(default=0)
    # Opening time to the first answer, in seconds; None where nothing was answered.
    median = models.PositiveIntegerField(null=True)
    p90 = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "unit", "channel"], name="figure_once", nulls_distinct=False),
            models.CheckConstraint(condition=models.Q(unit=None) | models.Q(channel=None), name="figure_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
