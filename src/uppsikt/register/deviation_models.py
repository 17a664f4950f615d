"""What is wrong with an account, and what it is exempt from (D5, D13-D15, D39)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person
from uppsikt.register.deviation_states import DEVIATION, EXEMPTION, OPEN


class Exemptions(models.QuerySet["Exemption"]):
    """Exemptions by time."""

    def in_force(self, on: date) -> Exemptions:
        """Those that hold on a day; the last day counts."""
        return self.filter(state="in_force", since__lte=on, until__gte=on)


class Exemption(models.Model):
    """A decision that one check does not hold for a channel, until a day (D15: a profile of its own)."""

    machine: ClassVar[Machine] = EXEMPTION

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    # Who decided, and where it can be read: "KS 2026/114, kommunikationschefen".
    decision = models.CharField(_("beslut"), max_length=300)
    decided_on = models.DateField(_("beslutat den"))
    reason = models.TextField(_("varför"), blank=True)
    since = models.DateField()
    until = models.DateField(_("gäller till och med"))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=EXEMPTION.start)

    objects = Exemptions.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["channel", "code"], name="exemption_channel")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(EXEMPTION.states)), name="exemption_state_known"
            ),
            models.CheckConstraint(condition=~models.Q(decision=""), name="exemption_has_decision"),
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="exemption_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.code}"


class Deviation(models.Model):
    """One thing that is wrong with an account, from when it was found until it is gone.

    `channel` is None for an account that is not ours (unregistered, impersonation): `mark` is then its address. The
    duty and the law that it breaks stand with its check (`checks.table.BY_CODE`).
    """

    machine: ClassVar[Machine] = DEVIATION

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", null=True)
    code = models.CharField(max_length=60)
    mark = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, default=DEVIATION.start)
    ended_at = models.DateTimeField(null=True)
    # The manager was told that its time ran out.
    late_at = models.DateTimeField(null=True)
    exemption = models.ForeignKey(Exemption, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-found_at", "-id"], name="deviation_newest"),
            models.Index(fields=["channel", "-id"], name="deviation_channel"),
            models.Index(fields=["due_on"], name="deviation_open", condition=models.Q(state__in=OPEN)),
            models.Index(fields=["owner", "due_on"], name="deviation_owner", condition=models.Q(state__in=OPEN)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(DEVIATION.states)), name="deviation_state_known"
            ),
            models.UniqueConstraint(
                fields=["channel", "code", "mark"], condition=models.Q(state__in=OPEN), name="deviation_open_once"
            ),
            models.UniqueConstraint(
                fields=["code", "mark"],
                condition=models.Q(state__in=OPEN, channel=None),
                name="deviation_open_once_outside",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN, ended_at=None)
                | (~models.Q(state__in=OPEN) & models.Q(ended_at__isnull=False)),
                name="deviation_ended_when_over",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="excused") | models.Q(exemption__isnull=False),
                name="deviation_excused_by_exemption",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.channel or self.mark}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be mended."""
        return self.state in OPEN
