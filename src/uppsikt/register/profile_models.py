"""How an account has looked on its network, and the logos that it may show (D13-D15, D49)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.models import Blob
from uppsikt.organisation.models import Person


class ProfileVersion(models.Model):
    """The account's profile as it looked from a time on. Append-only: a new row for each change.

    `facts` are the parts that people see, by `profile_rules.PARTS`; `picture` is the picture itself, where it could be
    fetched. `noted_by` is set where a person wrote it down, for networks that tell programs nothing.
    """

    sealed: ClassVar = "id"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    seen_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    picture = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    # Why the picture is not here, where there is one: a code of the network client's, or of ours.
    picture_trouble = models.CharField(max_length=40, blank=True)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["channel", "-id"], name="profile_of_channel"),
            models.Index(fields=["-seen_at", "-id"], name="profile_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.seen_at:%Y-%m-%d}"


class HandLook(models.Model):
    """Somebody opened an account that no program reads, and wrote down what it shows. Append-only; it ages.

    What a look tells holds for the day it was made: `version` is how the account looked then. What is None nobody said.
    """

    sealed: ClassVar = "id"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(ProfileVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The day of the newest post of ours, and whether one can comment.
    last_post_on = models.DateField(null=True)
    comments_open = models.BooleanField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["channel", "-id"], name="hand_look_of_channel")]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.at:%Y-%m-%d}"


class Logo(models.Model):
    """A logo that the municipality's accounts may use as their picture (D15)."""

    name = models.CharField(_("namn"), max_length=120)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(_("beslut"), max_length=300, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["blob"], condition=models.Q(until=None), name="logo_once"),
        ]

    def __str__(self) -> str:
        return self.name


class LogoFigure(models.Model):
    """How like a logo a picture is, from 0 to 1000; worked out once for each pair and way of measuring.

    `figure` is of the drawing, `colours` of the colours where the logo lies in the picture.
    """

    picture = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", db_index=False)
    logo = models.ForeignKey(Logo, on_delete=models.PROTECT, related_name="+")
    # `logo_figures.METHOD`: a new way of measuring measures all anew.
    method = models.PositiveSmallIntegerField()
    figure = models.PositiveSmallIntegerField()
    colours = models.PositiveSmallIntegerField(default=0, db_default=0)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["picture", "logo", "method"], name="logo_figure_once"),
            models.CheckConstraint(condition=models.Q(figure__lte=1000), name="logo_figure_within"),
        ]

    def __str__(self) -> str:
        return f"{self.figure}"
