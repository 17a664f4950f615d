"""Notices, the ways that people chose for them, and what was handed over on those ways."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import MD5

from uppsikt.notices.rules import ADDRESSED, Way
from uppsikt.organisation.models import Person


class Notice(models.Model):
    """Something that one person is told. The row is kept whatever ways it takes: it proves what was told, and when."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    words = models.TextField()
    url = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # Whether the person wants this kind on the page.
    on_page = models.BooleanField(default=True, db_default=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["person"], name="notice_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.words


class Choice(models.Model):
    """The ways that a person chose for a kind of notice; without a row, the kind's own default holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    ways = ArrayField(models.CharField(max_length=10), default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "kind"], name="choice_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"


class Habits(models.Model):
    """When a person wants quiet, and at what time the daily letter comes. Local times."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    quiet_free_days = models.BooleanField(default=False)
    urgent_through = models.BooleanField(default=True)
    digest_at = models.TimeField(default=time(8, 0))

    def __str__(self) -> str:
        return str(self.person)


class Address(models.Model):
    """Where a person is reached besides e-mail: a browser for push, a telephone, a webhook.

    Used once it is confirmed: a code typed in, a browser that said yes, a webhook that answered. `target` is a
    telephone number, an address, or what the browser gave (JSON).
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=10, choices=[(way.value, way.value) for way in sorted(ADDRESSED)])
    target = models.TextField()
    label = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # Only a digest of the code is kept, with the tries that are left for it.
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    tries_left = models.PositiveSmallIntegerField(default=0)
    # Set where the other side said that it is no longer there.
    stopped_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("person", "way", MD5("target"), name="address_once"),
            models.CheckConstraint(condition=models.Q(way__in=sorted(ADDRESSED)), name="address_way_known"),
        ]

    def __str__(self) -> str:
        return self.label or self.target


class Delivery(models.Model):
    """A notice on one of its ways: written with the notice, handed over by a job, tried again where it fails.

    Ended when it was handed over (`sent_at`), when it was given up (`trouble` says why), or when it was no longer
    wanted (read on the page while it waited).
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=10, choices=[(way.value, way.value) for way in Way])
    address = models.ForeignKey(Address, on_delete=models.SET_NULL, related_name="+", null=True)
    written_at = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="delivery_newest"),
            models.Index(fields=["not_before"], name="delivery_waiting", condition=models.Q(ended_at=None)),
            models.Index(fields=["notice"], name="delivery_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.way}: {self.notice_id}"


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
