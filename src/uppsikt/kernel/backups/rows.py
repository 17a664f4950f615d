"""What is remembered of backups and drills: when, where, and how it went."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class BackupRun(models.Model):
    """One backup or drill, begun and ended. One that has no end was cut off."""

    kind = models.CharField(max_length=10, choices=[("backup", "backup"), ("drill", "drill")])
    place = models.CharField(max_length=500)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # None until it has ended.
    went_well = models.BooleanField(null=True)
    backup = models.CharField(max_length=40, blank=True)
    trouble = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    # When administrators were told of it.
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "-begun_at"], name="backuprun_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.begun_at:%Y-%m-%d %H:%M}"
