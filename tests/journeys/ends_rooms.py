"""What the register shows of accounts that are found, lie still and end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

import factories
from journeys import rooms
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Direction, Kind
from uppsikt.organisation import sheets_in
from uppsikt.organisation.rules import Role
from uppsikt.register import activity, captures, closing, discover, stillness, transfer
from uppsikt.register.closing_models import Closing, Transfer
from uppsikt.register.discover_accounts import Account
from uppsikt.register.discover_models import Find
from uppsikt.register.sheet_taking import ACCOUNTS

BAD_SHEET = "Nät;Namn;Adress;Enhet;Ansvarig\nOrkut;;inte en adress;Ingenstans;ingen@alvsta.example\n"
LONG = "Barn- och utbildningsförvaltningens gemensamma konto för elevhälsan i centrala Älvsta"


def sheet(body: str) -> tuple[Any, ...]:
    """A sheet of accounts, handed in."""
    by = rooms.reader("communications")
    return (sheets_in.hand_in("konton.csv", body.encode(), by=by, now=timezone.now(), sort=ACCOUNTS).pk,)


def bad_sheet() -> tuple[Any, ...]:
    """One with a fault in each cell."""
    return sheet(BAD_SHEET)


def good_sheet() -> tuple[Any, ...]:
    """One that would bring two accounts in, and leaves one out."""
    now = timezone.now()
    row = rooms.channel(now, name=LONG, address="https://blogg.alvsta.example/elevhalsa")
    who = row.responsible.email
    accounts = (
        ("https://www.facebook.com/alvstabibliotek", "Älvsta bibliotek"),
        ("https://x.com/alvsta", "Älvsta"),
    )
    lines = [f"{address};{name};{row.unit.name};{who}" for address, name in accounts]
    return sheet("\n".join(["adress;namn;enhet;ansvarig", *lines]))


def found(now: datetime) -> list[Find]:
    """Accounts that were found: on the website, and in what somebody wrote."""
    by = rooms.reader("communications")
    page = "https://www.alvsta.example/kontakt"
    made = [
        discover.find(one, source=source, found_on=page, by=by.doer, now=now)
        for one, source in (
            (Account("facebook", "https://www.facebook.com/alvstabad", "alvstabad"), "website"),
            (Account("instagram", "https://www.instagram.com/alvstakommun_vinst/", "alvstakommun_vinst"), "records"),
            (Account("youtube", "https://www.youtube.com/@" + "a" * 90, "a" * 90), "person"),
        )
    ]
    return [row for row in made if row]


def finds() -> tuple[Any, ...]:
    """The list of them."""
    found(timezone.now())
    return ()


def find() -> tuple[Any, ...]:
    """One of them."""
    return (found(timezone.now())[0].pk,)


def still(now: datetime) -> Channel:
    """An account that has been silent for a season, with a year of figures before."""
    row = rooms.channel(now - timedelta(days=500), name=LONG, address="https://blogg.alvsta.example/elevhalsa")
    for days in (400, 300, 200, 120, 100):
        at = now - timedelta(days=days)
        factories.item(row, at=at, now=at, direction=Direction.DRAWN_UP, kind=Kind.POST, text="Ett inlägg")
        factories.item(row, at=at, now=at)
    Channel.objects.filter(pk=row.pk).update(responsible=rooms.reader("communications"))
    row.refresh_from_db()
    activity.make_due(now=now)
    stillness.watch(now=now)
    return row


def overview() -> tuple[Any, ...]:
    """All accounts, one of which lies still."""
    now = timezone.now()
    still(now)
    rooms.troubled("communications", now)
    return ()


def silent() -> tuple[Any, ...]:
    """One that lies still."""
    return (still(timezone.now()).pk,)


def quiet() -> tuple[Any, ...]:
    """One of which nothing is known."""
    return (rooms.troubled("communications", timezone.now()).pk,)


def closed_by(now: datetime) -> Closing:
    """A closing that the manager has approved, though the communications unit objected."""
    by = rooms.reader("communications")
    row = closing.ask(still(now), reason="Ingen hinner, och eleverna läser annat.", by=by, now=now)
    row = closing.view(row, agrees=False, text="Föräldrarna läser. Kan biblioteket ta över?", by=by, now=now)
    row = closing.approve(row, text="Biblioteket har sagt nej.", by=factories.person(Role.MANAGER), now=now)
    row = closing.write(row, text="Nu stänger vi kontot.\nVi finns på alvsta.example.", by=by, now=now)
    made = captures.by_hand(row.channel, b"%PDF-1.7", "export.pdf", why="closing", by=by, now=now)
    return closing.lay_in(row, made, by=by, now=now)


def closing_page() -> tuple[Any, ...]:
    """It."""
    return (closed_by(timezone.now()).pk,)


def handed(now: datetime) -> Transfer:
    """A transfer that lacks most."""
    by = rooms.reader("communications")
    row = rooms.troubled("communications", now)
    made = transfer.begin(row, owner="Älvsta teaterförening", contact="", reason="De tar över.", by=by, now=now)
    board = row.unit.department.board
    return transfer.decide(
        made, decision=transfer.Decision("KS 2026/114 § 27", date(2026, 3, 2), board), by=by, now=now
    )


def transfer_page() -> tuple[Any, ...]:
    """It."""
    return (handed(timezone.now()).pk,)


def ends() -> tuple[Any, ...]:
    """Both."""
    closed_by(timezone.now())
    handed(timezone.now())
    return ()
