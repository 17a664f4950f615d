"""An account that somebody wants, and what is done until it is open (D6, D9-D12, D16).

The database itself holds an order to its needs analysis, and a channel to its clearance: see the migration
`opened_rightly`.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person, Unit
from uppsikt.register.order_states import OPENING, ORDER

# Before it is sent an order may lack anything; one that was withdrawn may never have been sent.
UNSENT = ["draft", "asked", "withdrawn"]


class Order(models.Model):
    """An account that a unit wants: what for, for whom, who keeps it up (D9, D10).

    `by` is None for one that came from an outside e-service; who ordered it there stands in `outside_name`.
    """

    machine: ClassVar[Machine] = ORDER

    state = models.CharField(max_length=12, default=ORDER.start)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    network = models.CharField(_("nät"), max_length=30, blank=True)
    name = models.CharField(_("kontots namn"), max_length=160, blank=True)
    purpose = models.TextField(_("syfte"), blank=True)
    goals = models.TextField(_("mål"), blank=True)
    audience = models.TextField(_("målgrupp"), blank=True)
    subject = models.CharField(_("ämne"), max_length=30, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list)
    why_not_central = models.TextField(_("varför inte den centrala kanalen"), blank=True)
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    hours_a_week = models.DecimalField(_("timmar i veckan"), max_digits=4, decimal_places=1, null=True)
    days_between_posts = models.PositiveSmallIntegerField(_("dagar mellan inlägg, högst"), null=True)
    upkeep = models.TextField(_("hur kontot sköts"), blank=True)
    contact_email = models.EmailField(_("e-post för kontakt"), blank=True)
    contact_phone = models.CharField(_("telefon för kontakt"), max_length=40, blank=True)
    contact_page = models.URLField(_("sida för kontakt"), max_length=500, blank=True)
    # The network's terms were read, and the account will not be somebody's personal one (D29).
    terms_read = models.BooleanField(_("nätets villkor lästa"), default=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # The e-service that it came from and its number there, for what comes from outside.
    source = models.CharField(max_length=40, blank=True)
    outside_number = models.CharField(max_length=80, blank=True)
    outside_name = models.CharField(max_length=120, blank=True)
    outside_email = models.EmailField(blank=True)
    outside_unit = models.CharField(max_length=200, blank=True)
    # What the manager decided and what the communications unit said; why stands in the trail, too.
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    consulted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    consulted_at = models.DateTimeField(null=True)
    # The account that the communications unit proposed instead, and why.
    central = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", null=True)
    view = models.TextField(_("kommunikationsenhetens syn"), blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-made_at", "-id"], name="order_newest"),
            models.Index(fields=["unit", "state"], name="order_unit"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=sorted(ORDER.states)), name="order_state_known"),
            # No order without its needs analysis (D9).
            models.CheckConstraint(
                condition=Q(state__in=UNSENT)
                | ~(Q(purpose="") | Q(goals="") | Q(audience="") | Q(why_not_central="") | Q(name="") | Q(network=""))
                & Q(
                    hours_a_week__isnull=False,
                    hours_a_week__gt=0,
                    unit__isnull=False,
                    responsible__isnull=False,
                    terms_read=True,
                ),
                name="order_has_needs_analysis",
            ),
            # The manager approves, and the communications unit is heard, before anything is opened (D6).
            models.CheckConstraint(
                condition=~Q(state__in=["consulting", "proposed", "approved", "opened", "central"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="order_was_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "approved", "opened", "central"])
                | Q(consulted_by__isnull=False, consulted_at__isnull=False),
                name="order_was_consulted",
            ),
            models.UniqueConstraint(
                fields=["source", "outside_number"], condition=~Q(source=""), name="order_once_from_outside"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"order {self.pk}"


class Opening(models.Model):
    """The way from an approved order to an account that is open (D11-D16)."""

    machine: ClassVar[Machine] = OPENING

    state = models.CharField(max_length=12, default=OPENING.start)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="+")
    # None until the account has been made on the network and its address is known.
    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+", null=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=sorted(OPENING.states)), name="opening_state_known"),
            models.CheckConstraint(
                condition=~Q(state="opened") | Q(channel__isnull=False), name="opening_of_a_channel"
            ),
        ]

    def __str__(self) -> str:
        return str(self.order)


class Launch(models.Model):
    """What makes an opened account known: a news item, the website's link, a share in another channel (D16)."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="+")
    # news, link, share
    sort = models.CharField(max_length=10)
    # From which of our channels it is shared.
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", null=True)
    text = models.TextField(_("utkast"), blank=True)
    address = models.URLField(_("adress"), max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opening", "sort", "channel"], name="launch_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="launch_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sort}: {self.opening}"


class Clearance(models.Model):
    """What was looked at when an account was let out, and that nothing of what the policy asks for was missing.

    Without one for the channel the database lets no opening account go live.
    """

    sealed: ClassVar = "id"

    opening = models.OneToOneField(Opening, on_delete=models.PROTECT, related_name="+")
    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    # The codes of the checks that the policy made a must then, and of those that were broken: none.
    musts = ArrayField(models.CharField(max_length=60))
    broken = ArrayField(models.CharField(max_length=60))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(broken=[]), name="clearance_nothing_broken")]

    def __str__(self) -> str:
        return f"clearance of {self.channel}"
