"""What the pages of searches, files and secrecy show, in the states that somebody meets them in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

import factories
from journeys import rooms
from uppsikt.connectors.base import Kind
from uppsikt.kernel import blobs
from uppsikt.organisation.models import Person
from uppsikt.records import exporting, saved, secrecy
from uppsikt.records.models import Export, Item
from uppsikt.records.search import Asked
from uppsikt.triage import actions as triage
from uppsikt.triage import taking
from uppsikt.triage.models import LocalModel, Sample

LONG = "Allt om snöröjning och halka på gångvägar, cykelbanor och skolvägar i hela kommunen"


def registrar() -> Person:
    """The one who is logged in, in a unit with which searches can be shared."""
    me = rooms.reader("registrar")
    me.unit = factories.municipality().unit
    me.save(update_fields=["unit"])
    return me


def kept_searches() -> tuple[Any, ...]:
    """Things said on several days, one of them secret; searches of one's own and of a colleague's."""
    now, me = timezone.now(), registrar()
    channel = rooms.channel(now)
    texts = ("När plogas cykelbanan?", "Det är halt vid skolan.", "Tack för plogningen i går!", "Grannen är sjuk.")
    readings = [factories.captured(text=text, at=now - timedelta(hours=14 * n)) for n, text in enumerate(texts)]
    items = factories.items(channel, readings, now=now)
    secrecy.mark(items[3], ground="osl-21-1", reason="Hälsa.", by=me, now=now)
    saved.save(name="Halka", query="q=halt", shared=False, by=me, now=now)
    saved.save(name=LONG[:80], query="q=pl*", shared=True, by=me, now=now)
    mate = factories.person(name="Kalle Kollega", unit=me.unit)
    saved.save(name="Skolor", query="q=skol*", shared=True, by=mate, now=now)
    return ()


def own_search() -> tuple[Any, ...]:
    """One to change."""
    row = saved.save(name="Halka", query="q=halt", shared=True, by=registrar(), now=timezone.now())
    return (row.pk,)


def files() -> tuple[Any, ...]:
    """Files in every state that there is."""
    now, me = timezone.now(), rooms.reader("registrar")
    kept_searches()
    for number, state in enumerate(("waiting", "running", "ready", "failed", "cancelled", "expired")):
        Export.objects.create(
            by=me,
            query=f"q={LONG}" if number == 1 else "q=halt",
            asked=exporting.plain(Asked()),
            format="csv" if number % 2 else "jsonl",
            language="sv",
            state=state,
            made_at=now,
            touched_at=now,
            expected=12_000,
            done=3_000 * min(number, 4),
            size=1_234_567,
            expires_at=now + timedelta(days=7),
            trouble="too_slow" if state == "failed" else "",
        )
    return ()


def a_post() -> Item:
    """A post that one may mark, as whoever is logged in as registrar."""
    return factories.item(rooms.channel(timezone.now()), kind=Kind.POST, text="Vi har fått in ett tips om " + LONG)


def open_post() -> tuple[Any, ...]:
    """One that is open."""
    return (a_post().pk,)


def secret_post() -> tuple[Any, ...]:
    """One that is secret."""
    item = a_post()
    secrecy.mark(item, ground="osl-26-1", reason="Om ett ärende hos socialtjänsten.", by=rooms.reader("registrar"),
                 now=timezone.now(), replies=True)  # fmt: skip
    return (item.pk,)


def found_in() -> Item:
    """A comment that triage has read, with several reasons, for the one who is logged in and acts on the channel."""
    now, me = timezone.now(), rooms.reader("officer")
    channel = rooms.channel(now)
    factories.mandate(me, channel, since=now - timedelta(days=1))
    words = (
        "Hon som bor på Storgatan 12 har personnummer 19900118-9811 och telefon 070-174 06 05. "
        "Hon har fått cancer. Vilken idiot! När gör ni något?"
    )
    texts = (words, "Tack för snöröjningen!", "Ring honom på 070-174 06 06, han är sjuk")
    readings = [factories.captured(text=text, at=now - timedelta(hours=n)) for n, text in enumerate(texts)]
    items = factories.items(channel, readings, now=now)
    Sample.objects.create(item=items[0], at=now, share=20, rank=3, found=True)
    taking.take([item.version_id for item in items], after=None, now=now)
    triage.judge(items[0], ground="rule.sensitive", agreed=True, by=me, now=now)
    triage.judge(items[0], ground="rule.advertising", agreed=True, by=me, now=now)
    return items[0]


def reasons() -> tuple[Any, ...]:
    """The item's page."""
    return (found_in().pk,)


def urgent() -> tuple[Any, ...]:
    """What is left to see at once."""
    found_in()
    return ()


def triage_figures() -> tuple[Any, ...]:
    """Some judgements, a model that is on and one that is off."""
    found_in()
    now = timezone.now()
    blob = blobs.put(b"x", "application/octet-stream", now=now)
    for ground, on in (("rule.insult", True), ("rule.spam", False)):
        LocalModel.objects.create(
            ground=ground, number=3, trained_at=now, blob_id=blob, through=1, positives=320, negatives=611,
            held_positives=131, held_negatives=268, rules_figures=[88, 31, 43], model_figures=[110, 22, 21],
            gained=41, lost=12, threshold=0.6, on=on,
        )  # fmt: skip
    return ()
