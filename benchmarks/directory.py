"""The public list of accounts, from what is kept, against the inbox page: how many a second each can be answered.

Through Django's test client, one request after the other, in turn: the inbox as an officer sees it, the list as all do,
packed as browsers ask for it; then the list asked for again by somebody who has it, and the list as JSON.
"""

from __future__ import annotations

import argparse

from django.conf import settings
from django.test import Client
from django.utils import timezone

from benchmarks import inbox
from benchmarks.tables import Table, Times
from uppsikt.channels.models import Channel, TakeOver
from uppsikt.register.models import Entry

LEAST = 10


def options(parser: argparse.ArgumentParser) -> None:
    """The sizes that can be chosen."""
    parser.add_argument("--cases", type=int, default=10_000, help="cases in the inbox")
    parser.add_argument("--accounts", type=int, default=60, help="accounts in the list")
    parser.add_argument("--rounds", type=int, default=200, help="how often each page is asked for")


def run(chosen: argparse.Namespace) -> Table:
    """Fill, then ask for each page in turn."""
    settings.ALLOWED_HOSTS = ["*"]
    place = inbox.scene()
    inbox.fill(0, chosen.cases, place)
    listed(chosen.accounts, place)
    officer, visitor = Client(), Client(headers={"Accept-Encoding": "gzip"})
    officer.force_login(place.person)
    known = visitor.get("/vara-kanaler/")
    again = Client(headers={"Accept-Encoding": "gzip", "If-None-Match": known["ETag"]})
    asked = {
        "the inbox": lambda: officer.get("/inkorg/"),
        "the list": lambda: visitor.get("/vara-kanaler/"),
        "the list, known already": lambda: again.get("/vara-kanaler/"),
        "the list as JSON": lambda: visitor.get("/vara-kanaler/kanaler.json"),
    }
    found = {name: Times() for name in asked}
    for name, ask in asked.items():
        for _ in range(3):
            answer = ask()
        if answer.status_code != (304 if name.endswith("already") else 200):
            raise RuntimeError(f"{name} answered {answer.status_code}")
    for _ in range(chosen.rounds):
        for name, ask in asked.items():
            found[name].run(ask)
    return told(chosen, found, len(known.content))


def listed(accounts: int, place: inbox.Scene) -> None:
    """So many accounts with all that the list shows of them."""
    now = timezone.now()
    more = [
        Channel(
            network="facebook",
            name=f"Konto {number:03}",
            address=f"https://www.facebook.com/alvsta{number}",
            unit=place.person.unit,
            responsible=place.person,
            connected_at=now,
        )
        for number in range(max(0, accounts - Channel.objects.count()))
    ]
    Channel.objects.bulk_create(more)
    every = Channel.objects.all()
    TakeOver.objects.bulk_create(
        TakeOver(channel=channel, reason="Fanns före mätningen", by="system:bench", by_name="Bench", at=now)
        for channel in every
    )
    every.update(state="live")
    Entry.objects.bulk_create(
        Entry(
            channel=channel,
            purpose="Vi berättar vad som händer och svarar på frågor.",
            subject="library",
            handle=f"@konto{channel.pk}",
            contact_email="kontakt@alvsta.example",
            languages=["sv", "en"],
        )
        for channel in Channel.objects.order_by("id")[:accounts]
    )


def told(chosen: argparse.Namespace, found: dict[str, Times], size: int) -> Table:
    """The table, and whether what we claim holds."""
    table = Table(
        title="Directory",
        told=f"{chosen.accounts} accounts, {chosen.cases:,} cases; the list weighs {size / 1000:.1f} kB packed.",
        columns=["page", "ms, median", "p95", "requests/s", "times the inbox"],
    )
    first = found["the inbox"].median
    for name, times in found.items():
        table.rows.append([name, times.median, times.p95, 1000 / times.median, first / times.median])
    ratio = first / found["the list"].median
    table.claims.append(
        (
            f"from what is kept, the list is answered at least {LEAST} times as often as the inbox ({ratio:.1f})",
            ratio >= LEAST,
        )
    )
    return table
