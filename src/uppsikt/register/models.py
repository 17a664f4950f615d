"""What the municipality knows of each account beside the account itself (D9-D14)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.organisation.models import Person
from uppsikt.register.activity_models import ActivityMonth, Stillness
from uppsikt.register.closing_models import Capture, CaptureFile, Closing, Transfer
from uppsikt.register.deviation_models import Deviation, Exemption
from uppsikt.register.directory_models import ListChange, ListedChannel, PublicFacts
from uppsikt.register.discover_models import Find, Search
from uppsikt.register.loan_models import Loan, LoanPerson
from uppsikt.register.order_models import Clearance, Launch, Opening, Order
from uppsikt.register.profile_models import HandLook, Logo, LogoFigure, ProfileVersion
from uppsikt.register.relation_models import Relation

# Django looks for a room's models here.
__all__ = [
    "ActivityMonth",
    "Administrator",
    "Capture",
    "CaptureFile",
    "Clearance",
    "Closing",
    "Deviation",
    "Entry",
    "Exemption",
    "Find",
    "HandLook",
    "Launch",
    "ListChange",
    "ListedChannel",
    "Loan",
    "LoanPerson",
    "Logo",
    "LogoFigure",
    "Opening",
    "Order",
    "ProfileVersion",
    "PublicFacts",
    "Relation",
    "Search",
    "Stillness",
    "Transfer",
]


class Entry(models.Model):
    """A channel's line in the register: what it is for, for whom, whom to reach, what was promised (D9, D14).

    Each channel has one, from the moment when it is known here.
    """

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    handle = models.CharField(_("kontonamn på nätet"), max_length=160, blank=True)
    purpose = models.TextField(_("syfte"), blank=True)
    goals = models.TextField(_("mål"), blank=True)
    audience = models.TextField(_("målgrupp"), blank=True)
    # What it is about, for the public list: a code of `register.rules.SUBJECTS`.
    subject = models.CharField(_("ämne"), max_length=30, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list)
    contact_email = models.EmailField(_("e-post för kontakt"), blank=True)
    contact_phone = models.CharField(_("telefon för kontakt"), max_length=40, blank=True)
    contact_page = models.URLField(_("sida för kontakt"), max_length=500, blank=True)
    # Where the municipality's own website links to the channel (D12, D16).
    linked_from = models.URLField(_("länkas från"), max_length=500, blank=True)
    # Promised hours of work a week, and how often something is to be posted at least (D9, D24, D51).
    hours_a_week = models.DecimalField(_("timmar i veckan"), max_digits=4, decimal_places=1, null=True, blank=True)
    days_between_posts = models.PositiveSmallIntegerField(_("dagar mellan inlägg, högst"), null=True, blank=True)
    opened_on = models.DateField(_("öppnad den"), null=True, blank=True)
    # Shown in the public list while the channel is live (D12).
    listed = models.BooleanField(_("i den öppna förteckningen"), default=True)
    # Whether people can comment, and why not (D39).
    comments_open = models.BooleanField(_("går att kommentera"), default=True)
    comments_closed_why = models.TextField(_("varför det inte går att kommentera"), blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(hours_a_week=None) | models.Q(hours_a_week__gte=0), name="entry_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"entry of {self.channel}"


class Administrator(models.Model):
    """Somebody who has the rights of an administrator on the network itself (D8, D11)."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "person"], condition=models.Q(until=None), name="administrator_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.channel}"
