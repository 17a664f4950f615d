"""The guideline as data: the document, its rules, opening hours and local days. Old values stay, with their times."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from uppsikt.policy.guideline_models import Acknowledgement, CourseTaken, Edition

__all__ = [
    "Acknowledgement",
    "CourseTaken",
    "DisposalDecision",
    "Edition",
    "Ground",
    "LocalDay",
    "OpeningSpan",
    "Policy",
    "Rule",
]

Row = TypeVar("Row", bound=models.Model)


class Policy(models.Model):
    """The decided document: who owns it, who decided it and when, how long it holds."""

    name = models.CharField(_("namn"), max_length=200)
    owner = models.CharField(_("dokumentansvarig"), max_length=200, blank=True)
    decided_by = models.CharField(_("beslutad av"), max_length=200, blank=True)
    decided_on = models.DateField(_("beslutad den"), null=True, blank=True)
    valid_from = models.DateField(_("gäller från"), null=True, blank=True)
    valid_until = models.DateField(_("gäller till"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    # New at each change: what has been worked out from the policy is kept under it.
    stamp = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return self.name


class Dated(models.QuerySet[Row]):
    """Rows that hold for a time."""

    def in_force(self, at: datetime | None) -> Dated[Row]:
        """Those that held then; None stands for now, when nothing can have been ended ahead."""
        if at is None:
            return self.filter(until=None)
        return self.filter(Q(until=None) | Q(until__gt=at), since__lte=at)


class Rule(models.Model):
    """The value of one rule from `since` until `until`; `policy.rules` says what the key may hold."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    value = models.JSONField()
    duty = models.CharField(max_length=20)
    law = models.CharField(_("lagrum"), max_length=300, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = Dated["Rule"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "key"], condition=Q(until=None), name="rule_once_in_force"),
        ]

    def __str__(self) -> str:
        return self.key


class OpeningSpan(models.Model):
    """Open on a weekday (Monday 0) from `opens` to `closes`; without them, closed that weekday in that season.

    A season runs from one day of the year to another ("06-01" to "08-31"), perhaps over the new year; without one
    the span holds whenever no season says otherwise. A closing at 0.00 is the midnight that ends the day.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    season_name = models.CharField(max_length=80, blank=True)
    season_from = models.CharField(max_length=5, blank=True)
    season_to = models.CharField(max_length=5, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = Dated["OpeningSpan"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="span_weekday"),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None) | Q(opens__isnull=False, closes__isnull=False),
                name="span_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(season_from="", season_to="") | (~Q(season_from="") & ~Q(season_to="")),
                name="span_season_both_ends",
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="span_since_until"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}–{self.closes}"


class LocalDay(models.Model):
    """A date that differs here: closed, or with hours of its own ("8.00–12.00")."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("dag"))
    hours = models.CharField(_("öppettider"), max_length=120, blank=True)
    why = models.CharField(_("varför"), max_length=120)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = Dated["LocalDay"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "day"], condition=Q(until=None), name="local_day_once_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.why}"


class Ground(models.Model):
    """Why something may be removed: a crime that the law on message boards names, or a rule of the house (D68, D71).

    `code` is what findings point to. A changed wording is a new row, so that a removal keeps the words it was made by.
    `policy.grounds.missing` says what a ground asks of whoever uses it.
    """

    class Sort(models.TextChoices):
        """A crime of 5 § of the law on message boards, or a rule of the house."""

        LAW = "law", _("Brott enligt lag")
        RULE = "rule", _("Husregel")

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    sort = models.CharField(_("sort"), max_length=4, choices=Sort)
    order = models.PositiveSmallIntegerField(default=100)
    name = models.CharField(_("namn"), max_length=80)
    law = models.CharField(_("lagrum"), max_length=300)
    text = models.TextField(_("vad som tas bort"))
    example = models.TextField(_("exempel"))
    allowed = models.TextField(_("vad som får stå kvar"))
    needs_reason = models.BooleanField(_("kräver motivering"), default=False)
    needs_obvious = models.BooleanField(_("kräver att det är uppenbart"), default=False)
    asks = models.CharField(_("frågan som motiveringen besvarar"), max_length=300, blank=True)
    duty = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = Dated["Ground"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "code"], condition=Q(until=None), name="ground_once_in_force"),
            models.CheckConstraint(
                condition=~Q(sort="law") | Q(needs_reason=True, needs_obvious=True), name="ground_law_is_obvious"
            ),
            models.CheckConstraint(
                condition=~Q(law="") & ~Q(text="") & ~Q(example="") & ~Q(name=""), name="ground_says_what_it_means"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="ground_since_until"),
        ]

    def __str__(self) -> str:
        return self.name


class DisposalDecision(models.Model):
    """The decision that a removal rests on: standing, in the records plan, or made for its own occasion (D45, D46)."""

    class Scope(models.TextChoices):
        """What the decision covers."""

        RECEIVED = "received", _("Andras inlägg och kommentarer")
        OWN = "own", _("Våra egna inlägg och svar")
        MOVED = "moved", _("Flytt till ett annat medium")
        ALL = "all", _("Allt i kanalerna")

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("beslutets nummer"), max_length=60)
    name = models.CharField(_("namn"), max_length=120)
    text = models.TextField(_("vad beslutet omfattar"))
    standing = models.BooleanField(_("stående beslut"), default=True)
    scope = models.CharField(_("gäller"), max_length=10, choices=Scope, default=Scope.ALL)
    decided_by = models.CharField(_("beslutat av"), max_length=200)
    decided_on = models.DateField(_("beslutat den"))
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = Dated["DisposalDecision"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["policy", "number"], condition=Q(until=None), name="disposal_decision_once_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(text="") & ~Q(decided_by=""), name="disposal_decision_says_who"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="disposal_decision_since_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
