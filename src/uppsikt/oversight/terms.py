"""Oversight in words: why a round is expected, how it ended, what was done."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86_400


def kind(code: str) -> str:
    """Why a round is expected."""
    return {
        "daily": _("Varje arbetsdag"),
        "weekly": _("Varje vecka (lagens golv)"),
        "traffic": _("Flera gånger om dagen"),
        "heightened": _("Skärpt uppsikt"),
    }.get(code, code)


def due_state(code: str) -> str:
    """How an expected round ended."""
    return {
        "waiting": _("Väntar"),
        "met": _("Gjord"),
        "missed": _("Missad"),
        "lapsed": _("Föll bort"),
    }.get(code, code)


def round_state(code: str) -> str:
    """How a round stands."""
    return {"open": _("Pågår"), "signed": _("Signerad"), "left": _("Avbruten")}.get(code, code)


def result(code: str) -> str:
    """What the one who signed said."""
    return {"nothing": _("Inget att anmärka"), "acted": _("Åtgärdat")}.get(code, "")


def deed(code: str) -> str:
    """What was done about an item."""
    return {
        "answered": _("Besvarad"),
        "forwarded": _("Skickad vidare"),
        "hidden": _("Döljs"),
        "removed": _("Tas bort"),
        "restored": _("Visas igen"),
        "reported": _("Anmäld"),
        "registered": _("Diarieförd"),
        "judged": _("Bedömd"),
        "remarked": _("Anmärkning"),
        "typed_in": _("Inlagd för hand"),
    }.get(code, code)


def cause(code: str) -> str:
    """Why oversight is heightened."""
    return {
        "removal": _("Något har tagits bort"),
        "traffic": _("Ett inlägg drar många kommentarer"),
        "order": _("Någon har bestämt det"),
    }.get(code, code)


def removal(state: str, act: str) -> str:
    """How a removal stands."""
    hides = act == "hide"
    return {
        "proposed": _("Väntar på beslut"),
        "decided": _("Beslutat, beviset tas"),
        "preserving": _("Beslutat, beviset tas"),
        "acting": _("Beviset finns, nätet döljer nu") if hides else _("Beviset finns, nätet tar bort nu"),
        "done": _("Dold, med bevis") if hides else _("Borttagen, med bevis"),
        "failed": _("Gick inte att ta bort"),
        "restoring": _("Visas snart igen"),
        "restored": _("Visas igen"),
    }.get(state, "")


def hole(code: str) -> str:
    """Why nobody is there on a day."""
    return {
        "nobody": _("Ingen står på schemat"),
        "away": _("Den som står på schemat är borta utan ersättare"),
        "left": _("Den som står på schemat har slutat"),
        "no_mandate": _("Den som står på schemat saknar uppdrag"),
    }.get(code, _("Ingen kan göra rundan"))


def length(seconds: float | None) -> str:
    """How long something lay: "40 minuter", "3 timmar", "2 dygn"; a dash for nothing."""
    if seconds is None:
        return "–"
    if seconds < HOUR:
        number = max(round(seconds / MINUTE), 0)
        return ngettext("%(n)s minut", "%(n)s minuter", number) % {"n": number}
    if seconds < 2 * DAY:
        number = round(seconds / HOUR)
        return ngettext("%(n)s timme", "%(n)s timmar", number) % {"n": number}
    number = round(seconds / DAY)
    return ngettext("%(n)s dygn", "%(n)s dygn", number) % {"n": number}


def weekdays(days: list[int]) -> str:
    """Days of the week in short: "mån, ons", "vardagar", "alla dagar"."""
    chosen = sorted(set(days))
    if chosen == list(range(7)):
        return _("alla dagar")
    if chosen == list(range(5)):
        return _("måndag–fredag")
    names = (_("mån"), _("tis"), _("ons"), _("tors"), _("fre"), _("lör"), _("sön"))
    return ", ".join(names[day] for day in chosen)


def week(hours: list[str]) -> str:
    """A week's hours, Monday first, days with the same ones together: "måndag–fredag 10.00–18.00; lör 10.00–14.00"."""
    together: dict[str, list[int]] = {}
    for day, spans in enumerate(hours):
        if spans:
            together.setdefault(spans, []).append(day)
    return "; ".join(f"{weekdays(days)} {spans}" for spans, days in together.items()) or _("kontorets tider")


def when(code: str) -> str:
    """Which part of the day a duty is about."""
    return {
        "always": _("dygnet runt"),
        "office": _("på kontorstid"),
        "outside": _("utanför kontorstid"),
    }.get(code, code)
