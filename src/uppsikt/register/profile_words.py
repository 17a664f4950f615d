"""Words for the parts of a profile, and for pictures that are not here."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PARTS: dict[str, Promise] = {
    "name": gettext_lazy("namnet"),
    "description": gettext_lazy("beskrivningen"),
    "about": gettext_lazy("den längre texten"),
    "address": gettext_lazy("adressen"),
    "picture": gettext_lazy("bilden"),
}


def parts(changed: Iterable[str]) -> str:
    """Parts of a profile in a sentence: "namnet, bilden"."""
    return ", ".join(str(PARTS.get(part, part)) for part in changed)


def picture_trouble(code: str) -> str:
    """Why a picture is not here."""
    known = {
        "wrong_kind": _("Filen är ingen bild som går att jämföra. Välj PNG, JPEG, GIF eller WebP."),
        "damaged": _("Bilden går inte att läsa. Spara den på nytt och försök igen."),
        "too_many_pixels": _("Bilden har för många bildpunkter. Välj en som är högst 6000 gånger 6000."),
        "too_large": _("Bilden är för stor. Välj en som är högst 4 MB."),
        "empty": _("Bilden är tom: hela ytan har samma färg. Välj en annan."),
    }
    return known.get(code) or _("Bilden gick inte att hämta (%(code)s).") % {"code": code}
