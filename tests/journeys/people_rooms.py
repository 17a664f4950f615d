"""What the pages of logins and of people from a spreadsheet show when they are looked at."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.utils import timezone
from playwright.sync_api import Page as Window

import factories
from journeys.rooms import reader
from passkeys import passkey
from uppsikt.kernel import trail
from uppsikt.organisation import locks, sheets_in
from uppsikt.organisation.models import SheetIn

HOME = "Barn- och utbildningsnämnden;Barn- och utbildning"
GOOD = "namn;e-post;titel;nämnd;förvaltning;enhet;roll\n" + "".join(
    f"Person {number};p{number}@alvsta.example;rektor;{HOME};Skola {number};Chef\n" for number in range(120)
)
BAD = "namn;e-post;roll\nEva;inte en adress;\nÅke;ake@alvsta.example;Trollkarl\n;ny@alvsta.example;\n"


def well_guarded() -> tuple[Any, ...]:
    """Somebody with passkeys, an app and recovery codes, logged in at several places."""
    with_app()
    who = reader("officer")
    for name in ("Min dator", "En säkerhetsnyckel med ett mycket långt namn som någon har tyckt var bra att ge den"):
        passkey(who, name)
    UserSession.objects.create(user=who, ip="192.0.2.7", session_key="x", user_agent="Mozilla/5.0 (iPhone) Safari/604")
    return ()


def with_app() -> tuple[Any, ...]:
    """Codes from an app, and recovery codes."""
    TOTP.activate(reader("officer"), "x" * 32)
    RecoveryCodes.activate(reader("officer"))
    return ()


def own_key() -> tuple[Any, ...]:
    """A passkey of one's own, and recovery codes to say who one is by."""
    RecoveryCodes.activate(reader("officer"))
    return (passkey(reader("officer"), "Min dator").pk,)


def key_alone() -> tuple[Any, ...]:
    """A passkey is all there is to say who one is by."""
    passkey(reader("officer"))
    return ()


def confirmed(page: Window) -> None:
    """Say who one is by a recovery code, and come to what was asked for."""
    held = Authenticator.objects.get(user=reader("officer"), type="recovery_codes")
    page.get_by_label("Kod", exact=True).fill(held.wrap().get_unused_codes()[0])
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_role("heading", name="Bekräfta att det är du").wait_for(state="detached")


def locked_out() -> tuple[Any, ...]:
    """Somebody whose login is locked, with a second step that an administrator may take away."""
    who = factories.person(name="Åsa Öberg")
    for _try in range(locks.MOST):
        locks.failed(who.email, now=timezone.now())
    Authenticator.objects.create(user=who, type="totp", data={"secret": "x"})
    return (who.pk,)


def handed_in(words: str) -> SheetIn:
    """A file that was handed in."""
    return sheets_in.hand_in("Personal 2026 höst.csv", words.encode(), by=reader("administrator"), now=timezone.now())


def good_sheet() -> tuple[Any, ...]:
    """One that can be taken in, longer than the page shows."""
    return (handed_in(GOOD).pk,)


def bad_sheet() -> tuple[Any, ...]:
    """One with faults."""
    return (handed_in(BAD).pk,)


def sheet_under_way() -> tuple[Any, ...]:
    """One that is being taken in."""
    row = handed_in(GOOD)
    trail.take("start", row, by=row.by.doer, at=timezone.now())
    return (row.pk,)


def wrong_file(page: Window) -> None:
    """Hand in what is no spreadsheet."""
    page.set_input_files(
        "input[type=file]", {"name": "bild.xlsx", "mimeType": "image/png", "buffer": b"PK\x03\x04 nej"}
    )
    page.get_by_role("button", name="Titta igenom filen").click()
    page.get_by_text("går inte att läsa").first.wait_for()
