"""What belongs to the desk: templates, drafts, and how each person likes it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from uppsikt.inbox.rules import Sort
from uppsikt.organisation.models import Person, Unit


class ReplyTemplate(models.Model):
    """A text to start an answer from (svarsmall): somebody's own, a unit's, or everybody's.

    `texts` holds it by language; each version that there was is kept in ReplyTemplateVersion.
    """

    name = models.CharField(max_length=80)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    sort = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Sort], default=Sort.FULL.value)
    # More words that questions of this sort hold; they and the name decide which template suits a case.
    words = models.CharField(max_length=300, blank=True)
    texts = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(owner=None) | models.Q(unit=None), name="template_of_one_or_of_many"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReplyTemplateVersion(models.Model):
    """A wording that a template had. Append-only: an answer's trail points at it by number."""

    sealed: ClassVar = "id"

    template = models.ForeignKey(ReplyTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    texts = models.JSONField(default=dict)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["template", "number"], name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Draft(models.Model):
    """What somebody has written in a field of a case's page and not sent. Nobody else reads it, unless handed over.

    `version` tells two devices apart that write at once. A draft is no record: it ends when it is sent.
    """

    case = models.ForeignKey("inbox.Case", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=30)
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    handed_to = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["saved_at"], name="draft_saved")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "person", "place"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.place}"


class Desk(models.Model):
    """How somebody likes their desk: the filters that stay, those kept by name, what opens after sending."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+", primary_key=True)
    filters = models.JSONField(default=dict)
    kept = models.JSONField(default=list)
    opens_next = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.person)
