"""How the municipality looks: its name, colour and coat of arms."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from uppsikt.ui.colours import DEFAULT

LOGO_TYPES = ("image/png", "image/webp", "image/svg+xml")
LOGO_BYTES = 200_000


class Appearance(models.Model):
    """One row. Without it the product shows its own name, colour and shield."""

    name = models.CharField(_("kommunens namn"), max_length=80)
    colour = models.CharField(
        _("färg"),
        max_length=7,
        default=DEFAULT,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Skriv som #0b5a4a."))],
    )
    # Small, one of its kind and needed before the blob store can be reached: it lives in the row.
    logo = models.BinaryField(null=True, max_length=LOGO_BYTES)
    logo_type = models.CharField(max_length=20, blank=True, choices=[(kind, kind) for kind in LOGO_TYPES])
    logo_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(pk=1), name="one_appearance")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            kwargs.setdefault("pk", 1)
        super().__init__(*args, **kwargs)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def version(self) -> str:
        """Changes when anything does; part of the addresses of style sheet and logo, so that browsers may keep them."""
        return hashlib.sha256(f"{self.name}|{self.colour}|{self.logo_sha256}".encode()).hexdigest()[:12]
