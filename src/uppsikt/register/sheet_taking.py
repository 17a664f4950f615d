"""The accounts that a municipality has, from a spreadsheet: what it would change, what is wrong in it, and doing it.

Accounts are known by their addresses, so the same sheet a second time changes nothing. An empty cell leaves what is
there. No account is closed because a row is missing; that is told instead (D5, D12).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.sheets import Sheet
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Department, Person, Unit
from uppsikt.organisation.sheets_in import Sort
from uppsikt.organisation.taking_in import Change, Fault
from uppsikt.organisation.taking_in import Plan as AnyPlan
from uppsikt.register import administrators, discover, entries
from uppsikt.register.models import Administrator, Entry
from uppsikt.register.sheet_rows import COLUMNS, Places, Read, headings, read

DUTY = {"name": "namn", "unit": "enhet", "responsible": "ansvarig", "central": "central"}
NEEDED = ("name", "unit", "responsible")


@dataclass
class Plan(AnyPlan):
    """What a sheet of accounts would do; `absent` are channels that are not in it: told, not touched."""

    absent: list[Channel] = field(default_factory=list)


@dataclass
class Known:
    """What the register holds, by the address as addresses are compared; `seen` says on which row an address stood."""

    places: Places
    channels: dict[str, Channel]
    entries: dict[int, Entry]
    administrators: dict[int, set[int]]
    seen: dict[str, int] = field(default_factory=dict)


def load(sheet: Sheet) -> Known:
    """Read what the sheet may be about, in a handful of queries."""
    places = Places()
    for unit in Unit.objects.select_related("department__board"):
        places.units.setdefault(unit.name.casefold(), []).append(unit)
    places.departments = {row.name.casefold(): row for row in Department.objects.all()}
    places.people = {row.email.lower(): row for row in Person.objects.select_related("unit")}
    known = dict(discover.registered())
    held: dict[int, set[int]] = {}
    for channel_id, person_id in Administrator.objects.filter(until=None).values_list("channel_id", "person_id"):
        held.setdefault(channel_id, set()).add(person_id)
    return Known(places, known, {row.channel_id: row for row in Entry.objects.all()}, held)


def plan(sheet: Sheet, *, now: datetime) -> Plan:
    """What the sheet would do, without doing it. Raises Refused where a column that is needed is missing."""
    return work(sheet, by=None, now=now)


def take_in(sheet: Sheet, *, by: Doer, now: datetime) -> Plan:
    """Do it, all or nothing. Raises Refused where anything is wrong in it."""
    with transaction.atomic():
        done = work(sheet, by=by, now=now)
        if done.faults:
            raise Refused("faults", _("Det finns fel i filen. Rätta dem och ladda upp den på nytt."))
        if by is not None:
            discover.settle_taken_in(discover.registered(), now=now)
    return done


def work(sheet: Sheet, *, by: Doer | None, now: datetime) -> Plan:
    """Go through the rows; what they say is done where there is somebody to do it (`by`)."""
    if "adress" not in sheet.columns:
        raise Refused("bad_sheet", _("Filen behöver kolumnen adress. Utgå gärna från mallen."))
    known, made = load(sheet), Plan(unknown=sheet.unknown)
    for row in sheet.rows:
        told = read(row, known.places)
        channel = known.channels.get(told.key) if told.key else None
        faults = told.faults + twice(told, known, row.place("adress")) + lacking(told, channel, row.place)
        if faults:
            made.faults += faults
            continue
        try:
            made.changes.append(one(told, channel, known, by=by, now=now))
        except Refused as refused:
            # What a row cannot show beforehand: whoever answered for the account until now has been elected since.
            words = _("Rad %(row)s: %(words)s") % {"row": told.number, "words": refused.words}
            raise Refused(refused.code, words) from refused
    if not made.faults:
        made.absent = [row for key, row in known.channels.items() if key not in known.seen]
        made.absent.sort(key=lambda row: row.name)
    return made


def twice(told: Read, known: Known, place: str) -> list[Fault]:
    """The same account on two rows."""
    if not told.key:
        return []
    first = known.seen.setdefault(told.key, told.number)
    if first == told.number:
        return []
    words = _("Kontot står också på rad %(row)s. Behåll en av dem.") % {"row": first}
    return [Fault(place, headings()["adress"], words)]


def lacking(told: Read, channel: Channel | None, place: Any) -> list[Fault]:
    """What a new account cannot do without: a name, a unit and somebody who answers for it (D5)."""
    if channel is not None:
        return []
    reported = {fault.column for fault in told.faults}
    if headings()["förvaltning"] in reported:
        reported.add(headings()["enhet"])
    words = {
        "name": _("Namnet saknas. Skriv vad kontot heter."),
        "unit": _("Enheten saknas. Skriv vilken enhet som ansvarar för kontot."),
        "responsible": _("Ansvarig saknas. Skriv e-postadressen till den som ansvarar för kontot."),
    }
    return [
        Fault(place(DUTY[name]), headings()[DUTY[name]], words[name])
        for name in NEEDED
        if not told.duty[name] and headings()[DUTY[name]] not in reported
    ]


def one(told: Read, channel: Channel | None, known: Known, *, by: Doer | None, now: datetime) -> Change:
    """Take in or change the account of a row."""
    if channel is None:
        if by is not None:
            duty = {**told.duty, "central": bool(told.duty["central"])}
            channel = channels.enlist(network=told.network, address=told.address, by=by, now=now, **duty)
            fill(told, channel, known, by=by, now=now)
        return Change(told.number, told.duty["name"], "new", (str(told.duty["unit"]),))
    what = changed_duty(told, channel, by=by, now=now) + fill(told, channel, known, by=by, now=now)
    return Change(told.number, told.duty["name"] or channel.name, "changed" if what else "same", tuple(what))


def changed_duty(told: Read, channel: Channel, *, by: Doer | None, now: datetime) -> list[str]:
    """Who answers for an account that is known, changed where the row says otherwise; in words."""
    now_is = {name: getattr(channel, name) for name in DUTY}
    said = {name: value for name, value in told.duty.items() if value not in (None, "") and value != now_is[name]}
    if not said:
        return []
    if by is not None:
        channels.change(channel, by=by, now=now, **{**now_is, **said})
    named = headings()
    return [f"{named[DUTY[name]]}: {shown(now_is[name])} → {shown(value)}" for name, value in said.items()]


def fill(told: Read, channel: Channel, known: Known, *, by: Doer | None, now: datetime) -> list[str]:
    """The account's line in the register and its administrators, where the row says more or otherwise; in words."""
    entry = known.entries.get(channel.pk) or Entry(channel=channel)
    new = {name: value for name, value in told.entry.items() if getattr(entry, name) != value}
    if new and by is not None:
        entries.change(channel, by=by, now=now, **new)
    label = {item.name: str(item.verbose_name) for item in Entry._meta.concrete_fields}
    what = [f"{label[name]}: {shown(getattr(entry, name))} → {shown(value)}" for name, value in new.items()]
    held = known.administrators.get(channel.pk, set())
    for person in told.administrators:
        if person.pk not in held:
            if by is not None:
                administrators.add(channel, person, by=by, now=now)
            what.append(_("administratör: %(name)s") % {"name": person.name})
    return what


def shown(value: object) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    text = "–" if value is None or value == "" else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 as much as a line holds


ACCOUNTS = Sort("accounts", COLUMNS, plan, take_in, "register.take_in")
