"""One row of a sheet of accounts: each cell read on its own, and what is wrong in it (D5, D9-D14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override

from uppsikt.channels import words as channel_words
from uppsikt.kernel.sheets import Row
from uppsikt.net import NetError
from uppsikt.net.client import parse
from uppsikt.organisation.models import Department, Person, Unit
from uppsikt.organisation.taking_in import Fault
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import words
from uppsikt.register.checks.life import NO_ACCOUNT
from uppsikt.register.discover_accounts import account, same
from uppsikt.register.discover_pages import joined
from uppsikt.register.rules import SUBJECTS

# Each column with the headings that it may bear besides its own.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "nät": ("network", "plattform", "medium", "kanaltyp"),
    "namn": ("name", "kontonamn", "kanal", "konto"),
    "adress": ("address", "url", "länk", "webbadress"),
    "enhet": ("unit", "verksamhet", "avdelning"),
    "förvaltning": ("department", "sektor"),
    "ansvarig": ("responsible", "kontoansvarig", "ansvarigs e-post"),
    "administratörer": ("administrators", "admin"),
    "central": ("central kanal", "central channel"),
    "syfte": ("purpose",),
    "mål": ("goals",),
    "målgrupp": ("audience",),
    "ämne": ("subject", "topic"),
    "e-post": ("email", "kontakt e-post", "contact email"),
    "telefon": ("phone", "telephone", "kontakt telefon", "contact phone"),
    "kontaktsida": ("contact page",),
    "timmar i veckan": ("timmar", "hours a week"),
    "dagar mellan inlägg": ("days between posts", "inlägg minst var"),
    "öppnad": ("opened", "öppnad den", "startad"),
    "går att kommentera": ("kommentarer", "comments", "can be commented"),
}
LONGEST = {
    "namn": 160,
    "adress": 500,
    "telefon": 40,
    "syfte": 2000,
    "mål": 2000,
    "målgrupp": 1000,
    "e-post": 254,
    "kontaktsida": 500,
}
LONGEST_HANDLE = 160
YES = frozenset({"ja", "j", "x", "yes", "y", "sant", "true", "1"})
NO = frozenset({"nej", "n", "no", "falskt", "false", "0"})
MOST_HOURS, MOST_DAYS = 168, 366


def headings() -> Mapping[str, str]:
    """Each column as its reader would write it; each language's own is understood (COLUMNS)."""
    return {
        "nät": _("nät"),
        "namn": _("namn"),
        "adress": _("adress"),
        "enhet": _("enhet"),
        "förvaltning": _("förvaltning"),
        "ansvarig": _("ansvarig"),
        "administratörer": _("administratörer"),
        "central": _("central"),
        "syfte": _("syfte"),
        "mål": _("mål"),
        "målgrupp": _("målgrupp"),
        "ämne": _("ämne"),
        "e-post": _("e-post"),
        "telefon": _("telefon"),
        "kontaktsida": _("kontaktsida"),
        "timmar i veckan": _("timmar i veckan"),
        "dagar mellan inlägg": _("dagar mellan inlägg"),
        "öppnad": _("öppnad"),
        "går att kommentera": _("går att kommentera"),
    }


@dataclass
class Places:
    """The units and people that a sheet may name."""

    units: dict[str, list[Unit]] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


@dataclass
class Read:
    """What a row says, once each cell is read: the channel's own (`duty`) and the entry's fields; None is not said."""

    number: int
    network: str = ""
    address: str = ""
    key: str = ""
    duty: dict[str, Any] = field(default_factory=dict)
    entry: dict[str, Any] = field(default_factory=dict)
    administrators: list[Person] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Cells:
    """Reads one row's cells, and gathers what is wrong in them."""

    def __init__(self, row: Row, places: Places) -> None:
        self.row, self.places = row, places
        self.faults: list[Fault] = []

    def fault(self, column: str, told: str) -> None:
        """Something is wrong in a cell."""
        self.faults.append(Fault(self.row.place(column), headings()[column], told))

    def text(self, column: str) -> str:
        """A text within its length."""
        value = self.row.get(column)
        most = LONGEST.get(column)
        if most and len(value) > most:
            self.fault(column, _("Längre än %(most)s tecken. Korta texten.") % {"most": most})
            return value[:most]
        return value

    def email(self, column: str) -> str:
        """An e-mail address, or nothing."""
        value = self.text(column).lower()
        if value and len(value) < LONGEST[column]:
            try:
                validate_email(value)
            except ValidationError:
                self.fault(column, _("Det är ingen e-postadress. Skriv den som namn@kommunen.se."))
        return value

    def yes_or_no(self, column: str) -> bool | None:
        """Yes, no, or nothing said."""
        value = self.row.get(column).casefold()
        if not value:
            return None
        if value not in YES | NO:
            self.fault(column, _("Skriv ja eller nej."))
        return value in YES

    def number(self, column: str, most: int) -> Decimal | None:
        """A number from 0 to `most`, with a comma or a point."""
        value = self.row.get(column)
        if not value:
            return None
        try:
            found = Decimal(value.replace(",", "."))
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite() or not 0 <= found <= most:
            self.fault(column, _("Skriv ett tal mellan 0 och %(most)s.") % {"most": most})
            return None
        return found.quantize(Decimal("0.1"))

    def day(self, column: str) -> date | None:
        """A day."""
        value = self.row.get(column)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fault(column, _("Skriv datumet som 2026-11-22."))
            return None

    def elected(self, column: str, found: Person | None) -> bool:
        """Whether somebody was found who is elected, and so can have no part in an account (D34)."""
        if found is None or not found.politician:
            return False
        told = _("%(name)s är förtroendevald och kan inte ansvara för ett konto eller sköta det.")
        self.fault(column, told % {"name": found.name})
        return True

    def page(self, column: str) -> str:
        """The address of a page, or nothing."""
        value = self.row.get(column)
        if not value:
            return ""
        whole = value if "://" in value else f"https://{value}"
        if len(whole) > LONGEST[column]:
            self.text(column)
            return ""
        try:
            host = parse(whole).host
        except NetError:
            host = ""
        if "." not in host or not joined(whole, whole):
            self.fault(column, _("Det är ingen webbadress. Kopiera den ur webbläsaren, med https:// först."))
            return ""
        return whole

    def person(self, column: str, email: str) -> Person | None:
        """Somebody who works here, by the e-mail address."""
        found = self.places.people.get(email.lower())
        if found is None:
            told = _("Ingen i Uppsikt har adressen %(email)s. Lägg till personen först, eller rätta adressen.")
            self.fault(column, told % {"email": email})
        elif not found.is_active:
            self.fault(column, _("%(name)s arbetar inte kvar. Välj någon annan.") % {"name": found.name})
        return found


def read(row: Row, places: Places) -> Read:
    """A row with all that it says, and every fault in it."""
    cells = Cells(row, places)
    network, address = where(cells)
    made = Read(number=row.number, network=network, address=address, key=same(address) if address else "")
    made.duty = {
        "name": cells.text("namn"),
        "unit": unit(cells),
        "responsible": responsible(cells),
        "central": cells.yes_or_no("central"),
    }
    made.administrators = administrators(cells)
    made.entry = entry_of(cells, address)
    made.faults = cells.faults
    return made


def where(cells: Cells) -> tuple[str, str]:
    """The network's code and the account's address in the network's own form."""
    typed = cells.row.get("adress")
    if not typed:
        cells.fault("adress", _("Adressen saknas. Konton känns igen på sin adress."))
        return network_of(cells), ""
    address = cells.page("adress")
    named = network_of(cells)
    if not address:
        return named, ""
    found = account(address)
    if found is None:
        if not named and not cells.row.get("nät"):
            cells.fault("nät", _("Det syns inte på adressen vilket nät det är. Skriv det i kolumnen."))
        elif named in NETWORKS and NETWORKS[named].hosts and named != "mastodon":
            told = _("Adressen leder inte till ett konto på %(network)s. Öppna kontots första sida och kopiera den.")
            cells.fault("adress", told % {"network": NETWORKS[named].name})
        return named, address
    if named and named != found.network:
        told = _("Adressen hör till %(found)s, men i kolumnen nät står %(named)s.")
        cells.fault("nät", told % {"found": NETWORKS[found.network].name, "named": NETWORKS[named].name})
    return found.network, found.address


def network_of(cells: Cells) -> str:
    """The network that the column names, by code or name; "" where it says nothing."""
    asked = cells.row.get("nät").casefold()
    if not asked:
        return ""
    named = {code: known for code, known in NETWORKS.items() if code != NO_ACCOUNT}
    for code, known in named.items():
        if asked in {code, known.name.casefold(), channel_words.network(code).casefold()}:
            return code
    if asked == "twitter":
        return "x"
    known_names = ", ".join(one.name for one in named.values())
    told = _("%(asked)s är inget nät som Uppsikt känner till. Näten är: %(known)s.")
    cells.fault("nät", told % {"asked": cells.row.get("nät"), "known": known_names})
    return ""


def unit(cells: Cells) -> Unit | None:
    """The unit that a row names; with a department where several bear the name."""
    name, department = cells.row.get("enhet"), cells.row.get("förvaltning")
    if not name:
        return None
    found = cells.places.units.get(name.casefold(), [])
    if department:
        if department.casefold() not in cells.places.departments:
            cells.fault(
                "förvaltning", _("Förvaltningen finns inte i Uppsikt. Lägg till den först, eller rätta namnet.")
            )
            return None
        found = [one for one in found if one.department.name.casefold() == department.casefold()]
    if len(found) == 1:
        return found[0]
    cells.fault(
        "enhet",
        _("Flera förvaltningar har en enhet med det namnet. Skriv förvaltningen också.")
        if found
        else _("Enheten finns inte i Uppsikt. Lägg till den under Organisation först, eller rätta namnet."),
    )
    return None


def responsible(cells: Cells) -> Person | None:
    """Who answers for the account (D5)."""
    email = cells.row.get("ansvarig")
    if not email:
        return None
    found = cells.person("ansvarig", email)
    cells.elected("ansvarig", found)
    return found


def administrators(cells: Cells) -> list[Person]:
    """Those who have an administrator's rights on the network, each once (D8, D11)."""
    asked = {part.lower() for part in re.split(r"[,;\s]+", cells.row.get("administratörer")) if part}
    people = [cells.person("administratörer", email) for email in sorted(asked)]
    return [found for found in people if found is not None and not cells.elected("administratörer", found)]


def subject(cells: Cells) -> str:
    """What the account is about, by its name in either language or its code."""
    asked = cells.row.get("ämne")
    if not asked or asked.casefold() in SUBJECTS:
        return asked.casefold()
    for language in ("sv", "en"):
        with override(language):
            for code in SUBJECTS:
                if str(words.subject(code)).casefold() == asked.casefold():
                    return code
    known = ", ".join(str(words.subject(code)) for code in SUBJECTS)
    cells.fault("ämne", _("%(asked)s är inget ämne. Ämnena är: %(known)s.") % {"asked": asked, "known": known})
    return ""


def entry_of(cells: Cells, address: str) -> dict[str, Any]:
    """What the row says for the account's line in the register; an empty cell leaves what is there."""
    found = account(address) if address else None
    days = cells.number("dagar mellan inlägg", MOST_DAYS)
    said: Mapping[str, Any] = {
        "handle": found.handle[:LONGEST_HANDLE] if found else "",
        "purpose": cells.text("syfte"),
        "goals": cells.text("mål"),
        "audience": cells.text("målgrupp"),
        "subject": subject(cells),
        "contact_email": cells.email("e-post"),
        "contact_phone": cells.text("telefon"),
        "contact_page": cells.page("kontaktsida"),
        "hours_a_week": cells.number("timmar i veckan", MOST_HOURS),
        "days_between_posts": int(days) if days else None,
        "opened_on": cells.day("öppnad"),
        "comments_open": cells.yes_or_no("går att kommentera"),
    }
    return {name: value for name, value in said.items() if value is not None and value != ""}
