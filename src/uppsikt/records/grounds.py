"""The grounds on which a record may be held secret: sections of offentlighets- och sekretesslagen (2009:400)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Ground:
    """A section of the law, by chapter and number, and what it protects, in plain words."""

    chapter: int
    section: int
    protects: Promise

    @property
    def code(self) -> str:
        """What is stored: "osl-21-1"."""
        return f"osl-{self.chapter}-{self.section}"

    @property
    def cited(self) -> str:
        """As the law is cited: "OSL 21 kap. 1 §"."""
        return _("OSL %(chapter)s kap. %(section)s §") % {"chapter": self.chapter, "section": self.section}


# Those that a municipality meets in what people write to it, the commonest first.
GROUNDS = (
    Ground(21, 1, lazy("någons hälsa eller sexualliv")),
    Ground(26, 1, lazy("någon som har kontakt med socialtjänsten")),
    Ground(23, 1, lazy("ett barn eller en familj i förskolan")),
    Ground(23, 2, lazy("en elev i skolan")),
    Ground(25, 1, lazy("en patient i vården")),
    Ground(21, 3, lazy("adressen till någon som är hotad eller förföljd")),
    Ground(21, 7, lazy("personuppgifter som annars behandlas i strid med dataskyddsreglerna")),
    Ground(39, 1, lazy("någon som är anställd, i ärenden om psykologstöd")),
    Ground(39, 2, lazy("någon som är anställd, i ärenden om omplacering eller stöd")),
    Ground(39, 3, lazy("adress och telefon till någon som är anställd och kan bli utsatt för hot")),
    Ground(35, 1, lazy("någon som utreds för brott")),
    Ground(18, 1, lazy("en brottsutredning som pågår")),
    Ground(18, 8, lazy("lås, larm och bevakning")),
    Ground(18, 13, lazy("planer för kriser")),
    Ground(15, 2, lazy("landets försvar")),
    Ground(19, 3, lazy("en upphandling som pågår")),
    Ground(31, 16, lazy("ett företag som gör affärer med kommunen")),
)

BY_CODE = {ground.code: ground for ground in GROUNDS}


def choices() -> list[tuple[str, str]]:
    """The grounds for a form: code, and section with what it protects."""
    listed = [
        (ground.code, _("%(cited)s: %(protects)s") % {"cited": ground.cited, "protects": ground.protects})
        for ground in GROUNDS
    ]
    return [*listed, (OTHER, _("En annan bestämmelse"))]


def cited(code: str, section: str = "") -> str:
    """A ground as it is cited; for one that is not listed, the section that somebody wrote."""
    ground = BY_CODE.get(code)
    return ground.cited if ground else section or code


def words(code: str, section: str = "") -> str:
    """A ground with what it protects."""
    ground = BY_CODE.get(code)
    if ground is None:
        return section or code
    return _("%(cited)s: %(protects)s") % {"cited": ground.cited, "protects": ground.protects}
