"""How an account ends: closed by its manager or handed over by the board; and its last picture (D52-D57)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.machine import Machine
from uppsikt.kernel.models import Blob
from uppsikt.organisation.models import Board, Person
from uppsikt.register.life_states import CAPTURE, CLOSING, TRANSFER

VIEWS = ("agree", "object")


class Capture(models.Model):
    """A channel's own page as it was, kept for good: before it ends, or when something great has changed (D49)."""

    machine: ClassVar[Machine] = CAPTURE

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    address = models.URLField(max_length=500)
    # "closing", "transfer", "profile" …
    why = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=CAPTURE.start)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    wanted_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble_code = models.CharField(max_length=40, blank=True)
    # How much it holds: "whole" or "partly".
    sort = models.CharField(max_length=10, blank=True)
    taken_at = models.DateTimeField(null=True)
    stamped_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["channel", "-id"], name="capture_channel")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=sorted(CAPTURE.states)), name="capture_state_known"),
            models.CheckConstraint(condition=~Q(state="kept") | Q(taken_at__isnull=False), name="capture_kept_when"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}"


class CaptureFile(models.Model):
    """One file of such a picture. Append-only."""

    sealed: ClassVar = "id"

    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=120)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["capture", "name"], name="capture_file_once")]

    def __str__(self) -> str:
        return self.name


class Closing(models.Model):
    """A channel that is to be closed: asked for, consulted on, approved, captured, gone from its network (D6, D52)."""

    machine: ClassVar[Machine] = CLOSING

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=CLOSING.start)
    reason = models.TextField(_("varför"))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # What the communications unit thinks (D6).
    view = models.CharField(max_length=10, blank=True, choices=[(view, view) for view in VIEWS])
    view_text = models.TextField(blank=True)
    view_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    view_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    last_post = models.TextField(_("sista inlägget"), blank=True)
    last_post_at = models.DateTimeField(null=True)
    last_post_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="+", null=True)
    # When the account was seen to be gone from its network: by us ("asked"), or by somebody who looked ("seen").
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="closing_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=sorted(CLOSING.states)), name="closing_state_known"),
            models.UniqueConstraint(
                fields=["channel"], condition=Q(state__in=["asked", "approved"]), name="closing_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "closed"])
                | (Q(decided_by__isnull=False) & Q(view_by__isnull=False)),
                name="closing_approved_and_consulted",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (Q(last_post_at__isnull=False) & Q(capture__isnull=False) & Q(ended_at__isnull=False)),
                name="closing_nothing_missing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}"


class Transfer(models.Model):
    """A channel that goes to somebody outside the municipality, by decision of the board (D53-D57)."""

    machine: ClassVar[Machine] = TRANSFER

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=TRANSFER.start)
    reason = models.TextField(_("varför"))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    owner = models.CharField(_("ny ägare"), max_length=200)
    owner_contact = models.CharField(_("kontakt hos den nya ägaren"), max_length=200, blank=True)
    # The board's decision (D53).
    decision_number = models.CharField(_("beslutets nummer"), max_length=60, blank=True)
    decided_on = models.DateField(_("beslutat den"), null=True)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+", null=True)
    # What the page shows: who owns it, and no logo of ours in profile or cover picture (D54); each with who saw it.
    owner_stated_at = models.DateTimeField(null=True)
    profile_clear_at = models.DateTimeField(null=True)
    cover_clear_at = models.DateTimeField(null=True)
    # Preferably a new name; where it keeps the old, why (D57).
    new_name = models.CharField(_("nytt namn"), max_length=160, blank=True)
    name_kept_why = models.TextField(_("varför namnet behålls"), blank=True)
    name_checked_at = models.DateTimeField(null=True)
    # The post that tells the followers (D55).
    announcement = models.TextField(_("inlägg till följarna"), blank=True)
    announced_at = models.DateTimeField(null=True)
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="+", null=True)
    # The deed as it was drawn up, and the digest of the facts in it (D56).
    deed = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)
    deed_facts = models.CharField(max_length=64, blank=True)
    deed_at = models.DateTimeField(null=True)
    # The minute from which nothing is read or sent.
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="transfer_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=sorted(TRANSFER.states)), name="transfer_state_known"),
            models.UniqueConstraint(fields=["channel"], condition=Q(state="preparing"), name="transfer_once"),
            models.CheckConstraint(
                condition=~Q(state="transferred")
                | (
                    ~Q(decision_number="")
                    & Q(decided_on__isnull=False, board__isnull=False)
                    & Q(owner_stated_at__isnull=False, profile_clear_at__isnull=False, cover_clear_at__isnull=False)
                    & Q(name_checked_at__isnull=False, announced_at__isnull=False)
                    & Q(capture__isnull=False, deed__isnull=False, handed_over_at__isnull=False)
                ),
                name="transfer_nothing_missing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}"
