"""What a cover lacks to see to the work of the one who is away, told when the cover is chosen (D27, D21)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from uppsikt.channels import queries as channels
from uppsikt.channels.rules import Act
from uppsikt.organisation import absences
from uppsikt.organisation.models import Person

# So many channels are named; of more, how many.
NAMED = 3


def lacks_mandate(person: Person, cover: Person, at: datetime) -> str:
    """That the cover may not answer in some of the person's channels, and who is told of the deadlines there."""
    names = channels.lacking(person, cover, Act.ANSWER, at=at)
    if not names:
        return ""
    where = ", ".join(names) if len(names) <= NAMED else _("%(n)s av kanalerna") % {"n": len(names)}
    return _(
        "%(cover)s saknar uppdrag i %(where)s och kan inte svara där. Påminnelserna går till chefen och till alla som "
        "har uppdrag i kanalen. Be din chef om ett uppdrag för %(cover)s, eller välj någon annan."
    ) % {"cover": cover.name, "where": where}


def register() -> None:
    """Tell the absences."""
    absences.register_concern(lacks_mandate)
