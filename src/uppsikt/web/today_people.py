"""What somebody who works in channels has to know, for their start page (D24, D71)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.channels import queries as channels
from uppsikt.organisation.models import Person
from uppsikt.policy import courses
from uppsikt.web.today_line import Line


def lines(person: Person, *, now: datetime) -> Iterator[Line]:
    """The guideline's newest edition, and the short courses of the networks where the person has a mandate (D24).

    Asks nothing that the page has not asked already.
    """
    held = channels.holding(person, at=now)
    if not held:
        return
    if held[0]["due"] and not held[0]["said"]:
        yield to_acknowledge(held[0]["due"], late=not held[0]["opens"])
    wanted = {one.code: one for each in held if (one := courses.of(each["channel__network"] or "handed_over"))}
    for code in sorted(code for code, one in wanted.items() if [code, one.version] not in held[0]["courses"]):
        what = _("Gå igenom den korta kursen om %(name)s") % {"name": wanted[code].name}
        why = _("Den som har uppdrag ska känna nätet. Det tar några minuter.")
        yield Line("book", what, why, reverse("policy:course", args=[code]), order=5)


def to_acknowledge(due: datetime, *, late: bool) -> Line:
    """The guideline is to be acknowledged, by a day or at once."""
    why = (
        _("Till dess kan du läsa men inte svara eller göra annat i kanalerna.")
        if late
        else _("Alla med uppdrag ska ha läst den. Efter den dagen kan du inte svara förrän det är gjort.")
    )
    url = reverse("policy:guideline")
    return Line("journal-text", _("Läs och kvittera riktlinjen"), why, url, "danger" if late else "warning", due)
