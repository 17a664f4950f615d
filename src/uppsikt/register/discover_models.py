"""Accounts that somebody found on the website, in what people write, or by chance (D2, D12, D16)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.machine import Machine
from uppsikt.organisation.models import Person
from uppsikt.register.life_states import FIND, SEARCH

LONGEST_ADDRESS = 500


class Search(models.Model):
    """One going through of a website for links to accounts."""

    machine: ClassVar[Machine] = SEARCH

    address = models.URLField(_("webbplatsens adress"), max_length=LONGEST_ADDRESS)
    state = models.CharField(max_length=10, default=SEARCH.start)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)
    accounts = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    # A trouble's code (`channels.words`), where the website could not be read at all.
    trouble_code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(SEARCH.states)), name="search_state_known"),
        ]

    def __str__(self) -> str:
        return self.address


class Find(models.Model):
    """One account that was found, by its address in the network's own form."""

    machine: ClassVar[Machine] = FIND

    network = models.CharField(_("nät"), max_length=30)
    address = models.URLField(_("adress"), max_length=LONGEST_ADDRESS, unique=True)
    handle = models.CharField(_("kontonamn"), max_length=160, blank=True)
    # "website", "records" (somebody wrote its address), "person".
    source = models.CharField(max_length=10)
    found_on = models.URLField(_("hittat på"), max_length=LONGEST_ADDRESS, blank=True)
    uses_name = models.BooleanField(_("använder kommunens namn"), default=False)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    state = models.CharField(max_length=15, default=FIND.start)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.TextField(_("varför"), blank=True)
    judged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-first_seen_at", "-id"], name="find_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(FIND.states)), name="find_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="taken_in") | models.Q(channel__isnull=False), name="find_taken_in_where"
            ),
        ]

    def __str__(self) -> str:
        return self.address
