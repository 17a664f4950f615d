"""What changes the look."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db import transaction

from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer
from uppsikt.ui.colours import Colour
from uppsikt.ui.logos import media_type
from uppsikt.ui.models import Appearance


class Speaks(Protocol):
    """A person who has chosen a language, as far as this floor knows them."""

    language: str

    def save(self, *, update_fields: Iterable[str]) -> None:
        """Write these fields."""


def choose_language(*, person: Speaks, language: str) -> None:
    """Remember the language for pages, e-mail and the next login. A taste: it leaves no step in the trail."""
    person.language = language
    person.save(update_fields=["language"])


def change_appearance(
    *, by: Doer, now: datetime, name: str, colour: str, logo: bytes | None = None, drop_logo: bool = False
) -> Appearance:
    """Set name and colour, and the logo when one is given; `drop_logo` goes back to the product's own shield.

    Raises Refused for a file that may not be a logo, ValueError for what is not a colour.
    """
    Colour.parse(colour)
    kind = media_type(logo) if logo else ""
    with transaction.atomic():
        row = Appearance.objects.select_for_update().filter(pk=1).first() or Appearance()
        row.name, row.colour = name, colour.lower()
        if logo:
            row.logo, row.logo_type, row.logo_sha256 = logo, kind, hashlib.sha256(logo).hexdigest()
        elif drop_logo:
            row.logo, row.logo_type, row.logo_sha256 = None, "", ""
        row.save()
        trail.note("restyle", row, by=by, at=now, also={"name": name, "colour": row.colour, "logo": row.logo_sha256})
    return row
