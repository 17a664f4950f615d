"""What the public list and the standing texts show when they are looked at: many accounts, long names, little room."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from playwright.sync_api import Page as Window

import factories
from journeys import rooms
from uppsikt.channels.models import Channel
from uppsikt.register import entries
from uppsikt.register.directory_models import PublicFacts

SUBJECTS = ("library", "sports", "education", "streets", "")


def accounts() -> tuple[Any, ...]:
    """A list of accounts with all that can be said of them, and with as little as can be."""
    now = timezone.now()
    facts()
    for number in range(7):
        made = rooms.channel(now, name=f"Bibliotek och kultur {number}", address=f"https://natet.example/konto{number}")
        fill(made, SUBJECTS[number % len(SUBJECTS)])
    return ()


def fill(channel: Channel, subject: str) -> None:
    """What the register knows of an account."""
    entries.change(
        channel,
        by=factories.TESTER,
        now=timezone.now(),
        subject=subject,
        purpose="Vi berättar vad som händer och svarar på frågor",
        handle="@biblioteken",
        contact_email="bibliotek@alvsta.example",
        contact_phone="0221-100 00",
        contact_page="https://www.alvsta.example/bibliotek",
        languages=["sv", "fi"],
    )


def account() -> tuple[Any, ...]:
    """One account with all that can be said of it."""
    facts()
    made = rooms.channel(
        timezone.now(), name="Biblioteken i Älvsta", address="https://www.facebook.com/alvstabibliotek"
    )
    Channel.objects.filter(pk=made.pk).update(
        network="facebook", profile={"name": "Biblioteken i Älvsta", "description": "Välkommen till biblioteken!"}
    )
    fill(made, "library")
    return (made.pk,)


def long_named() -> tuple[Any, ...]:
    """An account whose unit has a name that nothing has room for."""
    made = rooms.channel(timezone.now(), name="Konto", address="https://www.tiktok.com/@alvsta")
    Channel.objects.filter(pk=made.pk).update(network="tiktok", profile={})
    made.unit.name = "Enheten för ekonomiskt bistånd, försörjningsstöd och arbetsmarknad i norra området"
    made.unit.save()
    return (made.pk,)


def facts() -> tuple[Any, ...]:
    """What the municipality says of itself."""
    PublicFacts.objects.update_or_create(
        pk=1,
        defaults={
            "website": "https://www.alvsta.example",
            "email": "kommun@alvsta.example",
            "phone": "0221-100 00",
            "post": "Älvsta kommun, 123 45 Älvsta",
            "guideline_page": "https://www.alvsta.example/riktlinjer",
        },
    )
    return ()


def too_quick(page: Window) -> None:
    """A form that was sent at once is shown again with its words."""
    page.locator("textarea").fill("Det står hot under inlägget om badhuset.")
    page.locator("form button[type=submit]").click()
    page.locator(".ds-error-summary").wait_for()
