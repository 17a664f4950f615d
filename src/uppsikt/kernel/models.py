"""The trail's steps and seals, blobs and intents.

A model that only grows and is to be sealed names in `sealed` its rising key, by which the sealer walks it.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.expressions import RawSQL

from uppsikt.kernel.backups.rows import BackupRun
from uppsikt.kernel.machine import Machine
from uppsikt.kernel.states import INTENT, VERIFICATION

# Django looks for models here.
__all__ = ["BackupRun", "Blob", "Intent", "Seal", "Step", "TimeStamp", "Verification"]


class Step(models.Model):
    """One line of the trail. Append-only: the database refuses UPDATE, DELETE and TRUNCATE.

    It names things and people in words beside their keys, so that it reads after they are gone.
    """

    sealed: ClassVar = "id"

    kind = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    name = models.CharField(max_length=40)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "thing_id", "id"], name="step_thing"),
            models.Index(fields=["by", "id"], name="step_by"),
        ]


class Blob(models.Model):
    """Bytes by their sha256: written once, checked on each read."""

    sealed: ClassVar = "number"

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    # Digests come in no order, and the sealer needs one.
    number = models.BigIntegerField(unique=True, editable=False, db_default=RawSQL("nextval('kernel_blob_number')", []))


class Intent(models.Model):
    """An effect outside the building, written down before it is tried."""

    machine: ClassVar[Machine] = INTENT

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    # Which room's thing it is for, in words that room knows: "channel:3".
    target = models.CharField(max_length=80)
    payload = models.JSONField()
    state = models.CharField(max_length=20, default=INTENT.start)
    written_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=200)
    attempts = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    error_kind = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_facts = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    needs_person = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["target", "-id"], name="intent_target"),
            models.Index(
                fields=["state", "id"],
                name="intent_open",
                condition=models.Q(state__in=["written", "trying", "unknown"]),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(INTENT.states)), name="intent_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Seal(models.Model):
    """One link of the chain that seals the trail: some rows of one kind, and the link before. Append-only.

    `ids` are the rows' keys ("1-500,502-510"), `leaves` their digests one after the other (32 bytes each, in the
    keys' order), `rows` the digest of the leaves. What the digests are taken of is said in docs/explanation/seals.md.
    """

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=60)
    columns = models.TextField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    count = models.PositiveIntegerField()
    ids = models.TextField()
    leaves = models.BinaryField()
    rows = models.CharField(max_length=64)
    before = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "number"], name="seal_kind"),
            models.Index(fields=["kind", "-last"], name="seal_last"),
            models.Index(fields=["made_at"], name="seal_made"),
        ]

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


class TimeStamp(models.Model):
    """What a time-stamp authority answered for a seal (RFC 3161). Append-only.

    It has no foreign key, so that it outlives the seal that it speaks of.
    """

    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    authority = models.TextField()
    token = models.BinaryField()
    stamped_at = models.DateTimeField()
    kept_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-number"], name="timestamp_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.stamped_at:%Y-%m-%d %H:%M:%S}"


class Verification(models.Model):
    """One going through of the seals: how far it is, and what it came to."""

    machine: ClassVar[Machine] = VERIFICATION

    state = models.CharField(max_length=20, default=VERIFICATION.start)
    whole = models.BooleanField()
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Where it goes on from after a pause or a crash, and what it found: as kernel.verify writes it.
    place = models.JSONField(default=dict)
    rows = models.BigIntegerField(default=0)
    rows_expected = models.BigIntegerField(default=0)
    head = models.CharField(max_length=90, blank=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="running"), name="verification_one"),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(VERIFICATION.states)), name="verification_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M}"
