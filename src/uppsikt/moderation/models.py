"""Proofs, removals, and what vanished outside the product (D43-D45, D69).

The database itself refuses a removal that acts without kept evidence of that very item and wording, and an intent to
hide or remove without such a removal (see the migration `evidence_first`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.kernel.machine import Machine
from uppsikt.kernel.models import Blob, Intent
from uppsikt.moderation.matter_models import (
    AuthorNote,
    Block,
    Incident,
    NetworkReport,
    PoliceReport,
    Reconsideration,
    Registering,
    Ruling,
    state_known,
)
from uppsikt.moderation.rules import TAKING, Sort, Who
from uppsikt.moderation.states import EVIDENCE, REMOVAL, STANDING, VANISHING
from uppsikt.organisation.models import Person
from uppsikt.policy.models import DisposalDecision, Ground
from uppsikt.records.models import Item, Version

# Django looks for a room's models here.
__all__ = [
    "AuthorNote",
    "Block",
    "Evidence",
    "EvidenceFile",
    "Incident",
    "NetworkReport",
    "PoliceReport",
    "Reconsideration",
    "Registering",
    "Removal",
    "Ruling",
    "Vanishing",
]


class Evidence(models.Model):
    """The proof of one wording of one item: what it consists of is its files, what it lacks is in the report.

    Once kept it stays as it is: the database refuses to change or delete it; files can only be added.
    """

    machine: ClassVar[Machine] = EVIDENCE

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=EVIDENCE.start)
    sort = models.CharField(max_length=10, blank=True, choices=[(sort.value, sort.value) for sort in Sort])
    # How the network showed the item when it was wanted: what to go back to.
    shown = models.CharField(max_length=10)
    address = models.TextField(blank=True)
    wanted_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    # Why the last try came to nothing, or came to less than the whole: a code of capture's, and its facts.
    trouble_code = models.CharField(max_length=40, blank=True)
    trouble_facts = models.JSONField(default=dict)
    taken_at = models.DateTimeField(null=True)
    stamped_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["item", "-id"], name="evidence_of_item"),
            models.Index(
                fields=["next_try_at"],
                name="evidence_open",
                condition=models.Q(state__in=["wanted", "taking"]),
            ),
        ]
        constraints: ClassVar = [
            state_known(EVIDENCE, "evidence_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="kept") | (~models.Q(sort="") & models.Q(taken_at__isnull=False)),
                name="evidence_kept_is_something",
            ),
            # One is under way for a wording at a time; a kept one serves until the item is worded otherwise.
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(state__in=["wanted", "taking", "failed"]),
                name="evidence_one_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} ({self.version_id})"


class EvidenceFile(models.Model):
    """A file of a proof. Append-only. `by` is set where a person put it there by hand."""

    sealed: ClassVar = "id"

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=120)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["evidence", "name"], name="evidence_file_once")]

    def __str__(self) -> str:
        return self.name


class Removal(models.Model):
    """A decision to hide or remove one wording of one item: why, since when it was known, by whom, on what it rests."""

    machine: ClassVar[Machine] = REMOVAL

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=10, choices=[(deed.value, deed.value) for deed in TAKING])
    state = models.CharField(max_length=12, default=REMOVAL.start)
    # The ground as it was worded then; what it is called is in the row.
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("skäl"), blank=True)
    obvious = models.BooleanField(_("uppenbart"), default=False)
    # Personal data or secrecy: evidence and hiding in one go.
    urgent = models.BooleanField(default=False)
    known_at = models.DateTimeField()
    known_by = models.CharField(max_length=10, default="person")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    # The standing or own decision on disposal that it rests on (D45).
    decision = models.ForeignKey(DisposalDecision, on_delete=models.PROTECT, related_name="+", null=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", null=True)
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="+", null=True)
    restore_intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="+", null=True)
    # How the network showed the item before: what restoring goes back to.
    shown_before = models.CharField(max_length=10)
    # It was done outside the product, and this says why afterwards.
    outside = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)
    # Why it came to nothing: a connector's code with its facts, or one of ours.
    trouble_code = models.CharField(max_length=40, blank=True)
    trouble_facts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["item", "-id"], name="removal_of_item"),
            models.Index(
                fields=["state", "id"],
                name="removal_open",
                condition=models.Q(state__in=["proposed", "decided", "preserving", "acting", "failed", "restoring"]),
            ),
            models.Index(fields=["-decided_at", "-id"], name="removal_newest"),
        ]
        constraints: ClassVar = [
            state_known(REMOVAL, "removal_state_known"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(state__in=STANDING), name="removal_one_of_an_item"
            ),
            # Decided is decided by somebody; to remove is disposal, and rests on a decision about that (D45).
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "rejected", "withdrawn"])
                | (
                    models.Q(decided_by__isnull=False, decided_at__isnull=False)
                    & (models.Q(decision__isnull=False) | models.Q(act="hide"))
                ),
                name="removal_rests_on_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.item_id}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in {"proposed", "decided", "preserving", "acting", "failed", "restoring"}


class Vanishing(models.Model):
    """An item went away, and not by us here: by its author, the network, or by us with another tool (D43, D45).

    Where it was ours, `removal` says on what ground.
    """

    machine: ClassVar[Machine] = VANISHING

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=VANISHING.start)
    # "hidden" or "gone".
    became = models.CharField(max_length=10)
    taker = models.CharField(max_length=10, default=Who.UNKNOWN.value, choices=[(who.value, who.value) for who in Who])
    seen_at = models.DateTimeField()
    # Who is asked: the channel's responsible person then.
    asked = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", null=True)
    removal = models.ForeignKey(Removal, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["item", "-id"], name="vanishing_of_item"),
            models.Index(
                fields=["state", "id"], name="vanishing_open", condition=models.Q(state__in=["found", "asked"])
            ),
        ]
        constraints: ClassVar = [
            state_known(VANISHING, "vanishing_state_known"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(state__in=["found", "asked"]), name="vanishing_one_of_an_item"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.became}"
