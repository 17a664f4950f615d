"""Reads of how the municipality looks."""

from __future__ import annotations

from uppsikt.ui.models import Appearance


def appearance() -> Appearance:
    """Name and colour as set, or the product's own; without the logo's bytes."""
    return Appearance.objects.defer("logo").filter(pk=1).first() or Appearance(name="")


def logo() -> tuple[bytes, str] | None:
    """The uploaded logo's bytes and media type, or None when there is none."""
    row = Appearance.objects.filter(pk=1).exclude(logo=None).values_list("logo", "logo_type").first()
    return (bytes(row[0] or b""), row[1]) if row else None
