"""`./uppsikt audit [--channel NAME] [--json]`: go through the accounts now, in the foreground."""

from __future__ import annotations

import argparse
import json
import os
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.terminal import swedish
from uppsikt.register import audit_jobs, auditing, check_words, profiles
from uppsikt.register.checks.table import BY_CODE
from uppsikt.register.deviation_models import Deviation
from uppsikt.ui.hostile import printable


def run(chosen: argparse.Namespace) -> int:
    """Read each account's profile, make every check, and print what is wrong. Exit code 0: nothing is wrong;
    1: something is, or a check could not be made. Raises Refused for a channel that is not there."""
    with translation.override("sv" if swedish() else "en"):
        told: list[dict[str, Any]] = []
        for channel in channels(chosen.channel):
            trouble = None
            if chosen.offline:
                profiles.measure_newest(channel, now=timezone.now())
            else:
                trouble = audit_jobs.read(channel, waited_for=False)
            outcome = auditing.audit(channel, timezone.now())
            told.append(as_data(channel, outcome, trouble.code if trouble else ""))
        if chosen.json:
            print(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            tell(told)
    return 1 if any(row["deviations"] or row["failed"] for row in told) else os.EX_OK


def channels(asked: str) -> list[Channel]:
    """The accounts to go through: all that are not closed, or the one that is named. Raises Refused."""
    rows = Channel.objects.exclude(state="closed").select_related("responsible", "unit").order_by("name", "id")
    if not asked:
        return list(rows)
    found = list(rows.filter(pk=asked) if asked.isdigit() else rows.filter(name__iexact=asked))
    if not found:
        raise Refused("no_channel", _("Det finns inget konto som heter ”%(name)s”.") % {"name": asked})
    return found


def as_data(channel: Channel, outcome: auditing.Outcome, trouble: str) -> dict[str, Any]:
    """What came of an audit, for programs."""
    return {
        "channel": channel.pk,
        "name": channel.name,
        "network": channel.network,
        "state": channel.state,
        "deviations": [deviation(row) for row in (*outcome.opened, *outcome.standing)],
        "mended": [deviation(row) for row in outcome.mended],
        "failed": outcome.failed,
        "unseen": outcome.unseen,
        "trouble": trouble,
    }


def deviation(row: Deviation) -> dict[str, Any]:
    """A deviation, for programs: its check with duty and law, in words too."""
    check, words = BY_CODE.get(row.code), check_words.said(row.code, row.facts, row.mark)
    return {
        "id": row.pk,
        "check": row.code,
        "duty": check.duty if check else "",
        "law": check.law if check else "",
        "mark": row.mark,
        "facts": row.facts,
        "words": words.sentence,
        "found_at": row.found_at.isoformat(),
        "due_on": row.due_on.isoformat(),
        "owner": row.owner.name,
    }


def tell(told: list[dict[str, Any]]) -> None:
    """Print it for people. What networks say is shown without signs that would move the terminal."""
    for row in told:
        print(printable(f"{row['name']} ({row['network']})"))
        for one in row["deviations"]:
            print(printable(f"  – {one['words']} [{one['duty']}; {one['law']}] {one['owner']}, {one['due_on']}"))
        for one in row["mended"]:
            print(printable(_("  åtgärdat: %(check)s") % {"check": check_words.name(one["check"])}))
        for code in row["unseen"]:
            print(_("  inte sett: %(check)s") % {"check": check_words.name(code)})
        for code in row["failed"]:
            print(_("  gick inte att kontrollera: %(check)s") % {"check": check_words.name(code)})
        if row["trouble"]:
            print(
                _("  nätet gick inte att läsa (%(code)s); kontrollerat mot det som är känt") % {"code": row["trouble"]}
            )
    count = sum(len(row["deviations"]) for row in told)
    print(_("Konton: %(accounts)s. Avvikelser: %(deviations)s.") % {"accounts": len(told), "deviations": count})
