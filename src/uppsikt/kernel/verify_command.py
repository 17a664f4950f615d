"""`./uppsikt verify`: go through the seals in the foreground, with progress, and say what was found."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.kernel import seal_words, seals, verifications
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Seal
from uppsikt.kernel.seals import Head
from uppsikt.kernel.terminal import swedish
from uppsikt.kernel.verify import Examination

WRONG = 3  # the exit code where something is not as it was
TICK = 0.25  # seconds between two looks at how far it is, on a terminal; without one twenty times as long
SHOWN = 50  # findings in words; --json has more


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    as_json: bool = False
    blobs: bool = True
    recent: bool = False
    heads: Sequence[str] = ()


def verify(asked: Asked) -> int:
    """Go through; the exit code: 0 all is well, 3 something is not as it was. Raises Refused for what is no head."""
    with translation.override("sv" if swedish() else "en"):
        need_tables()
        try:
            heads = [Head.parse(one) for one in asked.heads]
        except ValueError as error:
            raise Refused(
                "bad_head", _("Det är inget huvud: skriv det som verify --head gav, till exempel 12:ab…")
            ) from error
        begun = time.monotonic()
        since = verifications.last_head() if asked.recent else None
        work = Examination(since=since, with_blobs=asked.blobs, heads=[*heads, *verifications.kept_heads()])
        run(work, quiet=asked.as_json)
        result = report(work, time.monotonic() - begun)
        if asked.as_json:
            print(json.dumps(result, ensure_ascii=False, indent=1))
        else:
            print("\n".join(lines(work, result)))
        return os.EX_OK if work.passed else WRONG


def head() -> int:
    """Print the chain's end, to be kept elsewhere; exit code 1 where nothing is sealed yet."""
    with translation.override("sv" if swedish() else "en"):
        need_tables()
        found = seals.head()
        if not found.number:
            raise Refused("nothing_sealed", _("Inget är förseglat än. Starta tjänsten: ./uppsikt serve"))
        print(found)
        return os.EX_OK


def faults(heads: Sequence[Head] = (), *, blobs: bool = True) -> list[str]:
    """Go through everything and say what is wrong, a line each, in the language of the terminal. For a restore."""
    with translation.override("sv" if swedish() else "en"):
        need_tables()
        work = Examination(with_blobs=blobs, heads=heads)
        run(work, quiet=False)
        return [f"{said.what} {said.means}" for said in map(seal_words.say, work.found.kept)]


def need_tables() -> None:
    """Raises Refused where the database has not been brought up to date."""
    if Seal._meta.db_table not in connection.introspection.table_names():
        raise Refused("no_tables", _("Databasen har inga sigill än. Starta tjänsten en gång: ./uppsikt serve"))


def run(work: Examination, *, quiet: bool) -> None:
    """Go through to the end, and show how far it is."""
    terminal = sys.stderr.isatty()
    said = 0.0
    while work.step(now=timezone.now()):
        if not quiet and time.monotonic() - said > (TICK if terminal else TICK * 20):
            said = time.monotonic()
            print(far(work), end="\r" if terminal else "\n", file=sys.stderr, flush=True)
    if terminal and not quiet:
        print(" " * 78, end="\r", file=sys.stderr, flush=True)


def far(work: Examination) -> str:
    """How far it is, in a line."""
    stages = {
        "chain": ngettext("Kedjan: %(seals)d sigill", "Kedjan: %(seals)d sigill", work.seals),
        "rows": _("Raderna: %(rows)d av %(expected)d"),
        "blobs": _("Filerna: %(blobs)d"),
    }
    words = stages.get(work.place.stage, _("Tidsstämplarna: %(stamps)d"))
    facts = {"seals": work.seals, "rows": sum(work.rows.values()), "expected": work.expected}
    return f"  {words % {**facts, 'blobs': work.blobs, 'stamps': work.stamps}}".ljust(60)


def report(work: Examination, seconds: float) -> dict[str, Any]:
    """The outcome for programs."""
    outcome = work.outcome()
    return {
        "ok": work.passed,
        "head": str(work.to),
        "seconds": round(seconds, 3),
        "rows": outcome["rows"],
        "seals": work.seals,
        "blobs": work.blobs if work.with_blobs else None,
        "stamps": work.stamps,
        "unsealed": outcome["unsealed"],
        "counts": outcome["found"]["counts"],
        "findings": [
            {**one.as_data(), "words": said.what, "means": said.means, "todo": said.todo}
            for one, said in ((one, seal_words.say(one)) for one in work.found.kept)
        ],
        "remarks": [{**one.as_data(), "words": seal_words.remark(one.code, 1)} for one in work.remarks.kept],
    }


def lines(work: Examination, result: dict[str, Any]) -> list[str]:
    """The outcome for people."""
    said: list[str] = []
    done: set[str] = set()
    for finding in work.found.kept[:SHOWN]:
        words = seal_words.say(finding)
        said += [_("FEL  %(what)s") % {"what": words.what}, f"     {words.means}"]
        if words.todo not in done:
            said.append(f"   → {words.todo}")
            done.add(words.todo)
    hidden = sum(work.found.counts.values()) - sum(max(1, one.last - one.first + 1) for one in work.found.kept[:SHOWN])
    if hidden > 0:
        said.append(_("     … och %(number)d till; allt står i verify --json.") % {"number": hidden})
    said += [_("OBS  %(remark)s") % {"remark": one} for one in seal_words.remarks(work.remarks)]
    said.append(seal_words.ran(work.outcome()))
    if not work.with_blobs:
        said.append(_("Filernas innehåll är inte genomgånget (--no-blobs)."))
    said.append(seal_words.unsealed(work.unsealed))
    if not work.to.number and work.passed:
        said.append(_("Inget är förseglat än. Starta tjänsten: ./uppsikt serve"))
    elif work.passed:
        said.append(_("Allt som är förseglat är som det var. Kedjan slutar med %(head)s") % {"head": work.to})
        said.append(_("Spara den raden någon annanstans: då märks det om slutet klipps av (verify --expect)."))
    else:
        number = sum(work.found.counts.values())
        told = ngettext(
            "Något är INTE som det var: %(number)d fel.", "Något är INTE som det var: %(number)d fel.", number
        )
        said.append(told % {"number": number})
    return said
