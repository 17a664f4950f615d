"""The private address of somebody's own duties, for a calendar program that cannot log in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from uppsikt.organisation.models import Person


class CalendarLink(models.Model):
    """An address that shows one person's duties to whoever has it, until another is made. Only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="calendar_link_one"),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.person}"
