"""Notices on the page, and letters by e-mail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from uppsikt.organisation.models import Person


class Notice(models.Model):
    """Something that one person is told."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    words = models.TextField()
    url = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["person"], name="notice_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.words


class Choice(models.Model):
    """Whether a person wants a kind of notice by e-mail too; without a row, the kind's own default holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    by_email = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "kind"], name="choice_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"


class Letter(models.Model):
    """An e-mail that is to leave, written in the transaction that it tells of and sent by a job with retries."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    written_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tries"], name="letter_waiting", condition=models.Q(sent_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
