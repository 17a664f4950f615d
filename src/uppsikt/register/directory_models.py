"""What the public list says of the municipality itself, and what has changed in it (D12, D67, D70)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel


class PublicFacts(models.Model):
    """How the municipality itself is reached, and where its own pages are. One row.

    Where a page of its own is not named, the product's stands in its place.
    """

    website = models.URLField(_("kommunens webbplats"), max_length=500, blank=True)
    email = models.EmailField(_("e-post"), blank=True)
    phone = models.CharField(_("telefon"), max_length=40, blank=True)
    post = models.CharField(_("postadress"), max_length=200, blank=True)
    data_protection_page = models.URLField(_("sida om personuppgifter"), max_length=500, blank=True)
    guideline_page = models.URLField(_("sida om riktlinjerna"), max_length=500, blank=True)
    opinions_page = models.URLField(_("sida för synpunkter"), max_length=500, blank=True)
    # The accessibility statement (lag 2018:1937 13 §): what is known to fall short, and when it was looked at.
    shortcomings = models.TextField(_("kända brister i tillgänglighet"), blank=True)
    assessed_on = models.DateField(_("tillgängligheten granskad den"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(pk=1), name="one_public_facts")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            kwargs.setdefault("pk", 1)
        super().__init__(*args, **kwargs)

    def __str__(self) -> str:
        return self.website or self.email


class ListedChannel(models.Model):
    """A channel as the public list last showed it, so that what changes can be told."""

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"listed: {self.channel}"


class ListChange(models.Model):
    """One thing that became different in the public list: a channel came, went, or is told of otherwise. Only grows."""

    sealed: ClassVar = "id"

    class What(models.TextChoices):
        """What happened to the channel in the list."""

        ADDED = "added", _("Ny i listan")
        CHANGED = "changed", _("Ändrad")
        REMOVED = "removed", _("Inte längre i listan")

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    facts = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(what__in=["added", "changed", "removed"]), name="list_change_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.channel}"
