"""The trail's steps, blobs and intents."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from uppsikt.kernel.machine import Machine
from uppsikt.kernel.states import INTENT


class Step(models.Model):
    """One line of the trail. Append-only: the database refuses UPDATE, DELETE and TRUNCATE.

    It names things and people in words beside their keys, so that it reads after they are gone.
    """

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

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()


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
