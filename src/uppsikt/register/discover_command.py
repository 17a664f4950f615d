"""`./uppsikt discover [ADDRESS] [--json]`: go through a website for links to accounts, in the foreground (D12, D16)."""

from __future__ import annotations

import argparse
import json
import os
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels import connecting
from uppsikt.channels import words as channel_words
from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.terminal import swedish
from uppsikt.net import NetError
from uppsikt.policy import queries as policy
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import discover
from uppsikt.register.discover_accounts import Account
from uppsikt.register.discover_models import Search
from uppsikt.ui.hostile import printable


def run(chosen: argparse.Namespace) -> int:
    """Go through it, and print each account with whether it is registered. Exit code 0: all are; 1: some are not.

    What was found is written down as when it is done from the page. Raises Refused for what is no address, or does
    not answer.
    """
    with translation.override("sv" if swedish() else "en"):
        address = discover.checked(chosen.address) if chosen.address else last_address()
        try:
            with connecting.client() as client:
                seen = discover.look(address, client, most=chosen.pages or policy.number("discover.pages"))
        except NetError as error:
            said = channel_words.trouble(error.code)
            raise Refused(error.code, f"{said.title}. {said.todo}") from error
        known = discover.registered()
        with transaction.atomic():
            discover.keep(seen, now=timezone.now())
        told = [as_data(one, page, known.get(one.address)) for one, page in seen.accounts.values()]
        told.sort(key=lambda row: (row["channel"] is not None, row["network"], row["address"]))
        if chosen.json:
            walked = {"address": address, "pages": seen.walk.read, "failed": seen.walk.failed, "whole": seen.whole}
            print(json.dumps({**walked, "accounts": told}, ensure_ascii=False, indent=1))
        else:
            tell(told, seen)
    return 1 if any(row["channel"] is None for row in told) else os.EX_OK


def last_address() -> str:
    """The website that was gone through last. Raises Refused where none was."""
    last = Search.objects.order_by("-id").first()
    if last is None:
        raise Refused("no_address", _("Skriv webbplatsens adress: ./uppsikt discover https://www.kommunen.se"))
    return last.address


def as_data(one: Account, page: str, channel: Channel | None) -> dict[str, Any]:
    """What was found of one account, for programs."""
    return {
        "network": one.network,
        "address": one.address,
        "handle": one.handle,
        "found_on": page,
        "channel": channel.pk if channel else None,
        "name": channel.name if channel else "",
    }


def tell(told: list[dict[str, Any]], seen: discover.Seen) -> None:
    """The same for people, those that nobody has registered first."""
    number = seen.walk.read
    print(ngettext("%(n)s sida läst.", "%(n)s sidor lästa.", number) % {"n": number})
    for row in told:
        where = _("kanal %(number)s, %(name)s") % {"number": row["channel"], "name": row["name"]}
        state = where if row["channel"] else _("finns inte i registret")
        print(f"{NETWORKS[row['network']].name}: {printable(row['address'])} ({printable(state)})")
    if not told:
        print(_("Inga länkar till konton."))
    if not seen.whole:
        print(_("Webbplatsen har fler sidor. Läs fler med --pages."))
