"""The guideline as people are asked to know it: its editions, who has acknowledged which, and courses taken (D24)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.organisation.models import Person


class Edition(models.Model):
    """One wording of the guideline in brief, which whoever has a mandate reads and acknowledges.

    From `due_at` nobody acts on a channel who has not acknowledged this edition or a later one; until then the one
    before is enough. `text` is read by `guideline.sections`. Never changed: a new wording is a new edition.
    """

    sealed: ClassVar = "id"

    number = models.PositiveIntegerField(unique=True)
    text = models.TextField(_("riktlinjen i korthet"))
    changes = models.TextField(_("det som är nytt"), blank=True)
    since = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(due_at__gte=models.F("since")), name="edition_due_after_since"),
            models.CheckConstraint(condition=~models.Q(text=""), name="edition_says_something"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Acknowledgement(models.Model):
    """Somebody has read an edition and says that they follow it. Never changed, never taken back."""

    sealed: ClassVar = "id"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "edition"], name="acknowledged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.edition}"


class CourseTaken(models.Model):
    """Somebody has gone through the short course of a network, in the version that it had then. Never changed."""

    sealed: ClassVar = "id"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    course = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "course", "version"], name="course_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.course} {self.version}"
