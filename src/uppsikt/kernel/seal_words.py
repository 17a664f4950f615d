"""What going through the seals found, in words: what it is, what it means, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from uppsikt.kernel.findings import Code, Finding, Findings, Remark

KINDS = {
    "kernel.step": gettext_lazy("spårets steg"),
    "kernel.blob": gettext_lazy("listan över sparade filer"),
    "records.version": gettext_lazy("handlingarnas lydelser"),
    "records.rawresponse": gettext_lazy("nätverkens råsvar"),
    "records.misread": gettext_lazy("det som inte gick att läsa"),
    "inbox.note": gettext_lazy("ärendenas anteckningar"),
    "inbox.clarification": gettext_lazy("sakkunnigas motfrågor"),
    "inbox.firstanswer": gettext_lazy("svarstiderna"),
    "inbox.replytemplateversion": gettext_lazy("svarsmallarnas lydelser"),
    "oversight.shown": gettext_lazy("det som uppsiktsrundor har visat"),
    "oversight.deed": gettext_lazy("det som har gjorts i uppsiktsrundor"),
    "oversight.heightenedcause": gettext_lazy("skälen till skärpt uppsikt"),
    "oversight.firstlook": gettext_lazy("tiderna till första blicken"),
}


STAMPS = {
    "unreadable": gettext_lazy("går inte att läsa"),
    "refused": gettext_lazy("utfärdaren sade nej"),
    "other": gettext_lazy("gäller något annat"),
    "untrusted": gettext_lazy("okänd utfärdare"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in words: what was found, what it means, what to do."""

    what: str
    means: str
    todo: str


def kind(name: str) -> str:
    """A table's name for people."""
    return str(KINDS.get(name, name))


def say(finding: Finding) -> Said:
    """One finding, in the reader's language."""
    facts = {
        "kind": kind(finding.kind),
        "rows": rows(finding),
        "seal": finding.seal,
        "made": made(finding.made_at),
        "name": STAMPS.get(finding.name, finding.name),
    }
    what, means, todo = PLAIN[Code(finding.code)]
    return Said(str(what) % facts, str(means) % facts, str(todo) % facts)


def rows(finding: Finding) -> str:
    """Which rows, or which seals: "12" or "12–15"."""
    first, last = finding.first or finding.seal, finding.last or finding.seal
    return str(first) if first == last else f"{first}–{last}"


def made(at: str) -> str:
    """A time that a finding holds, as people read it."""
    return formats.date_format(timezone.localtime(datetime.fromisoformat(at)), "j F Y H:i:s") if at else "–"


def remark(code: str, number: int) -> str:
    """What is worth a word, and not wrong."""
    words = {
        Remark.CLOCK_BACK: ngettext(
            "Klockan har gått bakåt %(number)d gång: ett sigill är daterat före det som gjordes tidigare.",
            "Klockan har gått bakåt %(number)d gånger: sigill är daterade före sådana som gjordes tidigare.",
            number,
        ),
        Remark.LOOSE_ROWS: ngettext(
            "%(number)d rad har inget sigill, eftersom det är borta eller ändrat: den går inte att pröva.",
            "%(number)d rader har inget sigill, eftersom det är borta eller ändrat: de går inte att pröva.",
            number,
        ),
        Remark.STAMP_UNCHECKED: ngettext(
            "%(number)d tidsstämpel är inte prövad mot någon utfärdare: sätt UPPSIKT_TIMESTAMP_ROOTS.",
            "%(number)d tidsstämplar är inte prövade mot någon utfärdare: sätt UPPSIKT_TIMESTAMP_ROOTS.",
            number,
        ),
    }
    return words[Remark(code)] % {"number": number}


def remarks(found: Findings) -> list[str]:
    """All of them."""
    return [remark(code, number) for code, number in found.counts.items()]


def unsealed(counts: dict[str, int]) -> str:
    """How long the unsealed tail is."""
    number = sum(counts.values())
    if not number:
        return _("Allt är förseglat.")
    return ngettext(
        "%(number)d rad väntar på sitt sigill; om den ändras eller tas bort innan dess märks det inte.",
        "%(number)d rader väntar på sina sigill; om de ändras eller tas bort innan dess märks det inte.",
        number,
    ) % {"number": number}


def ran(outcome: dict[str, Any]) -> str:
    """What was gone through."""
    rows, seals, blobs, stamps = sum(outcome["rows"].values()), outcome["seals"], outcome["blobs"], outcome["stamps"]
    return _("Genomgånget: %(rows)s, %(seals)s, %(blobs)s och %(stamps)s.") % {
        "rows": ngettext("%(number)d rad", "%(number)d rader", rows) % {"number": rows},
        "seals": ngettext("%(number)d sigill", "%(number)d sigill", seals) % {"number": seals},
        "blobs": ngettext("%(number)d fil", "%(number)d filer", blobs) % {"number": blobs},
        "stamps": ngettext("%(number)d tidsstämpel", "%(number)d tidsstämplar", stamps) % {"number": stamps},
    }


RESTORE = gettext_lazy(
    "Ta reda på vem som har haft tillgång till databasen. Jämför med en säkerhetskopia från tiden före. Rätta inget "
    "förrän ni har sparat databasen som den är: den är bevis."
)
PLAIN = {
    Code.CHANGED_ROW: (
        gettext_lazy("Ändrad: rad %(rows)s bland %(kind)s."),
        gettext_lazy("Den är inte som den var när sigill %(seal)s gjordes %(made)s."),
        RESTORE,
    ),
    Code.MISSING_ROW: (
        gettext_lazy("Borta: rad %(rows)s bland %(kind)s."),
        gettext_lazy("Den fanns när sigill %(seal)s gjordes %(made)s."),
        RESTORE,
    ),
    Code.INSERTED_ROW: (
        gettext_lazy("Inskjuten: rad %(rows)s bland %(kind)s."),
        gettext_lazy("Den fanns inte när sigill %(seal)s gjordes %(made)s: den har lagts in bland äldre rader."),
        RESTORE,
    ),
    Code.CUT_TAIL: (
        gettext_lazy("Avklippt: rad %(rows)s, slutet av %(kind)s."),
        gettext_lazy("Det som förseglades från och med sigill %(seal)s, gjort %(made)s, är borta."),
        RESTORE,
    ),
    Code.CHANGED_SEAL: (
        gettext_lazy("Ändrat: sigill %(rows)s."),
        gettext_lazy("Det stämmer inte med sig självt eller med sigillet efter. Raderna under det går inte att pröva."),
        RESTORE,
    ),
    Code.MISSING_SEAL: (
        gettext_lazy("Borta: sigill %(rows)s."),
        gettext_lazy("Kedjan är bruten. Raderna under det som är borta går inte att pröva."),
        RESTORE,
    ),
    Code.CUT_SEALS: (
        gettext_lazy("Avklippta: sigill %(rows)s."),
        gettext_lazy(
            "Kedjan slutar tidigare än den har gjort. Det som hände därefter är borta. Så ser det också ut när "
            "databasen har återställts ur en äldre säkerhetskopia."
        ),
        RESTORE,
    ),
    Code.OTHER_CHAIN: (
        gettext_lazy("Omgjord: kedjan är en annan vid sigill %(rows)s."),
        gettext_lazy(
            "Den stämmer med sig själv, men inte med det huvud som sparats. Någon har gjort om den därifrån eller "
            "tidigare."
        ),
        RESTORE,
    ),
    Code.CHANGED_BLOB: (
        gettext_lazy("Ändrad: filen %(name)s."),
        gettext_lazy("Det som ligger sparat är inte de byte som togs emot."),
        gettext_lazy("Hämta filen ur en säkerhetskopia. Kontrollera disken, och vem som har haft tillgång till den."),
    ),
    Code.MISSING_BLOB: (
        gettext_lazy("Borta: filen %(name)s."),
        gettext_lazy("Bilagan eller råsvaret finns inte där det ska ligga."),
        gettext_lazy("Hämta filen ur en säkerhetskopia. Kontrollera disken, och vem som har haft tillgång till den."),
    ),
    Code.BAD_STAMP: (
        gettext_lazy("Falsk eller trasig: tidsstämpeln för sigill %(seal)s (%(name)s)."),
        gettext_lazy("Den säger inte det den ska, eller är inte gjord av någon utfärdare som ni litar på."),
        gettext_lazy("Kontrollera UPPSIKT_TIMESTAMP_ROOTS. Stämmer de har någon bytt ut stämpeln."),
    ),
    Code.STAMP_MISMATCH: (
        gettext_lazy("Omgjord: sigill %(seal)s är ett annat än det som tidsstämplades %(made)s."),
        gettext_lazy("Kedjan stämmer med sig själv, men har gjorts om efter stämpeln."),
        RESTORE,
    ),
}
