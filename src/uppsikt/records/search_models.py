"""What is kept of searches: those that people have named, and those that are written to a file."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person, Unit
from uppsikt.records.states import EXPORT


class SavedSearch(models.Model):
    """A search that somebody has named, for themselves or for their unit."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Whose it is beside the owner's; None where it is the owner's alone.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=80)
    # As the address of the search page holds it, without "?".
    query = models.CharField(max_length=2000)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "name"], name="search_named_once")]

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """A search on its way to a file, and then the file, for the one who ordered it and for a set time.

    `at` and `item` are the place of the last record that was written: where the job goes on after a stop.
    """

    machine: ClassVar[Machine] = EXPORT

    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    query = models.CharField(max_length=2000)
    asked = models.JSONField()
    format = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=10, default=EXPORT.start)
    made_at = models.DateTimeField()
    # How many there were when it was ordered, about; how many are written.
    expected = models.PositiveBigIntegerField(default=0)
    exact = models.BooleanField(default=False)
    done = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    item = models.BigIntegerField(null=True)
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["by", "-id"], name="export_by"),
            models.Index(
                fields=["touched_at"], name="export_open", condition=models.Q(state__in=["waiting", "running"])
            ),
            models.Index(fields=["expires_at"], name="export_ready", condition=models.Q(state="ready")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(EXPORT.states)), name="export_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(expires_at__isnull=False), name="export_not_for_ever"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.pk}"


class ExportPart(models.Model):
    """A piece of an export's file, compressed, with the keys of the records in it. All pieces in order are the file."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    items = ArrayField(models.BigIntegerField())
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["export", "number"], name="export_part_once")]

    def __str__(self) -> str:
        return f"{self.export_id}.{self.number}"
