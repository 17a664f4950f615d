"""Wordings read by triage in batches, in items a second, against reading the same texts and keeping nothing.

The items lie in the database as taking in leaves them. What is measured ends when their readings and findings are
committed, lots are drawn, and the queue stands by them. Every twentieth text holds something that is found.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from benchmarks.ingest import NOW, Source, make_channel
from benchmarks.tables import Table, Times
from uppsikt.channels.models import Channel
from uppsikt.records import intake
from uppsikt.records.models import Version
from uppsikt.text import reading as text
from uppsikt.triage import taking
from uppsikt.triage.known import known
from uppsikt.triage.models import Finding

ODD = (" Ring mig på 070-174 06 05.", " Han bor på Storgatan 12.", " Vilken idiot du är.", " Vem svarar på det?")
EVERY = 20
# Taking in may cost as much as reading; a queue that reads at half the speed of reading is not held up by itself.
LEAST = 0.4


def options(parser: argparse.ArgumentParser) -> None:
    """The sizes that can be chosen."""
    parser.add_argument("--lot", type=int, default=3_000, help="items in what is measured once")
    parser.add_argument("--batch", type=int, default=500, help="items in a transaction: as many as news tells of")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured, in turn")


def run(chosen: argparse.Namespace) -> Table:
    """Fill, then measure in turn."""
    source, channel, took = Source(), make_channel(), {"triage": Times(), "text": Times()}
    for number in range(chosen.rounds):
        versions = fill(source, channel, number * chosen.lot, chosen.lot)
        texts = list(Version.objects.filter(pk__in=versions).order_by("pk").values_list("text", flat=True))
        ours = known()
        took["text"].run(lambda texts=texts, ours=ours: [found for found in text.read_many(texts, known=ours)])
        took["triage"].run(lambda versions=versions: read(versions, chosen.batch))
    return told(chosen, took)


def fill(source: Source, channel: Channel, start: int, lot: int) -> list[int]:
    """Items taken in, every twentieth with something in it; the keys of their wordings."""
    readings = [
        replace(one, text=one.text + ODD[place // EVERY % len(ODD)]) if place % EVERY == 0 else one
        for place, one in enumerate(source.readings(start, lot))
    ]
    made = intake.take_in(channel, readings, now=NOW, first=True).new
    return list(Version.objects.filter(item__in=made).order_by("pk").values_list("pk", flat=True))


def read(versions: Sequence[int], batch: int) -> None:
    """Read them as the news of a history does."""
    for start in range(0, len(versions), batch):
        taking.take(versions[start : start + batch], after=NOW + timedelta(days=1), now=NOW)


def told(chosen: argparse.Namespace, took: dict[str, Times]) -> Table:
    """The table."""
    pace = {name: chosen.lot / (times.median / 1000) for name, times in took.items()}
    ratio = pace["triage"] / pace["text"]
    table = Table(
        "Triage: read in batches, kept and put in order",
        f"{chosen.rounds} × {chosen.lot:,} comments, {chosen.batch} in a transaction; {Finding.objects.count():,}"
        " findings were kept in all.",
        ("what", "median, ms", "p95, ms", "items/s", "of reading alone"),
    )
    for name, words in (("text", "reading the texts, keeping nothing"), ("triage", "triage")):
        times = took[name]
        share = f"{pace[name] / pace['text']:.2f} ×"
        table.rows.append((words, f"{times.median:.0f}", f"{times.p95:.0f}", f"{pace[name]:,.0f}", share))
    table.claims.append(
        (f"Triage reads at least {LEAST} × as many texts a second as reading them alone does", ratio >= LEAST)
    )
    return table
