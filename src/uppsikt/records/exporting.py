"""A search as a file: ordered, written piece by piece by a job, handed out to the one who ordered it (D18, D20).

Pieces are rows of the database, and each is written in the transaction that moves the place from which to go on. So a
stop at any moment leaves whole pieces and a place; and a file is handed out when its last piece is there.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.queue import defer
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.records import reading, search
from uppsikt.records.models import Export, ExportPart
from uppsikt.records.search import Asked
from uppsikt.records.writers import FORMATS

EXPORTER = Doer.system("export")
OPEN = ("waiting", "running")
# Records in a piece, and pieces in a job: then others get their turn.
LOT, LOTS = 1_000, 20
# Somebody who orders more than so many at a time has most likely pressed the button again.
AT_ONCE = 3
# What nothing has been written to for so long has lost its job.
LOST_AFTER = timedelta(minutes=2)
# And what is not done by then never will be.
GIVE_UP_AFTER = timedelta(days=1)
KEYS_AT_ONCE = 10_000


def plain(asked: Asked) -> dict[str, Any]:
    """A search as JSON holds it."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value
        for name, value in asdict(asked).items()
    }


def asked_of(export: Export) -> Asked:
    """The search that was ordered."""
    given: dict[str, Any] = dict(export.asked)
    for name in ("since", "before"):
        given[name] = parse_datetime(given[name]) if given[name] else None
    for name in ("channels", "units"):
        given[name] = tuple(given[name])
    return Asked(**given)


def order(asked: Asked, *, query: str, format: str, by: Person, now: datetime) -> Export:  # the word for it
    """Order a file of all that a search finds. Raises Refused for what cannot be sought, and beyond AT_ONCE."""
    if format not in FORMATS:
        raise Refused("no_format", _("Välj ett av formaten i listan."))
    if not reading.reads_at_all(by):
        raise Refused("may_not_read", _("Du får inte läsa handlingar."))
    counted = search.count(asked, reading.reader(by, now=now))
    with transaction.atomic():
        # One order at a time for a person, so that two at once are counted.
        Person.objects.select_for_update().get(pk=by.pk)
        if Export.objects.filter(by=by, state__in=OPEN).count() >= AT_ONCE:
            raise Refused(
                "enough", _("Du har redan flera exporter på gång. Vänta tills någon är klar, eller avbryt en.")
            )
        export = Export(
            by=by,
            query=query,
            asked=plain(asked),
            format=format,
            language=translation.get_language() or "sv",
            made_at=now,
            touched_at=now,
            expected=counted.number,
            exact=counted.exact,
        )
        trail.begin(export, by=by.doer, at=now, step="order", also={"asked": export.asked, "format": format})
        go_on(export)
    return export


def go_on(export: Export) -> None:
    """Queue the next stretch of the writing."""
    defer("records.export", lock=f"export:{export.pk}", once=f"export:{export.pk}", export_id=export.pk)


def write(export_id: int, *, now: datetime, lots: int = LOTS) -> None:
    """Write on a file where it was left: some pieces, each in a transaction of its own, then queue the next stretch."""
    for _lot in range(lots):
        if not write_lot(export_id, now=now):
            return
    with transaction.atomic():
        export = Export.objects.select_for_update().get(pk=export_id)
        if export.state in OPEN:
            go_on(export)


def write_lot(export_id: int, *, now: datetime) -> bool:
    """Write one piece; returns whether there is more to write. What has ended, in whatever way, stays as it is.

    What the one who ordered may read is asked anew for each piece.
    """
    with transaction.atomic():
        # Not the person's row with it: nobody's login is to wait for a file.
        export = Export.objects.select_for_update(of=("self",)).select_related("by").get(pk=export_id)
        if export.state not in OPEN:
            return False
        if not reading.reads_at_all(export.by):
            fail(export, "may_not_read", now=now)
            return False
        if export.state == "waiting":
            trail.take("start", export, by=EXPORTER, at=now)
        try:
            return write_next(export, now=now)
        except Refused as refused:
            fail(export, refused.code, now=now)
            return False


def write_next(export: Export, *, now: datetime) -> bool:
    """The next piece, of a row that is locked."""
    after = (export.at, export.item) if export.at is not None and export.item is not None else None
    reader = reading.reader(export.by, now=now)
    lot = next(search.every(asked_of(export), reader, after=after, most=LOT), [])
    number = export.parts.count()
    form = FORMATS[export.format]
    with translation.override(export.language):
        body = (form.head() if number == 0 else b"") + form.lines([item for _place, item in lot])
    if lot or number == 0:
        packed = gzip.compress(body, 5, mtime=0)
        ExportPart.objects.create(export=export, number=number, items=[item.pk for _place, item in lot], body=packed)
    fields: dict[str, Any] = {"done": export.done + len(lot), "size": export.size + len(body), "touched_at": now}
    if lot:
        (fields["at"], fields["item"]), _item = lot[-1]
        Export.objects.filter(pk=export.pk).update(**fields)
        return True
    days = policy.number("export.keep_days")
    trail.take("finish", export, by=EXPORTER, at=now, ended_at=now, expires_at=now + timedelta(days=days), **fields)
    return False


def fail(export: Export, code: str, *, now: datetime) -> None:
    """It cannot be written; what was written is let go of."""
    with transaction.atomic():
        trail.take("fail", export, by=EXPORTER, at=now, ended_at=now, trouble=code[:40])
        export.parts.all().delete()


def cancel(export: Export, *, by: Person, now: datetime) -> None:
    """Stop the writing; what was written is let go of. Raises Refused where it has ended already."""
    with transaction.atomic():
        trail.take("cancel", export, by=by.doer, at=now, ended_at=now)
        export.parts.all().delete()


def remove(export: Export, *, by: Person, now: datetime) -> None:
    """Let go of a file before its time. Raises Refused where there is none."""
    with transaction.atomic():
        trail.take("remove", export, by=by.doer, at=now)
        export.parts.all().delete()


def deliver(export: Export, *, to: Person, now: datetime) -> Iterator[bytes]:
    """The file, piece by piece, for the one who ordered it, noted in the trail.

    Raises Refused where it is not ready, and where anything in it may no longer be read by them: they have lost a
    right since, or a record has been marked secret.
    """
    if export.by_id != to.pk:
        raise Refused("not_yours", _("Bara den som beställde exporten kan hämta filen."))
    if export.state != "ready" or export.expires_at is None or export.expires_at <= now:
        raise Refused("no_file", _("Filen finns inte. Beställ exporten igen."))
    if not reading.reads_at_all(to) or holds_unreadable(export, to, now=now):
        raise Refused(
            "may_not_read",
            _("Du får inte längre läsa allt som finns i filen. Beställ exporten igen, så får du det du kan läsa nu."),
        )
    trail.take("download", export, by=to.doer, at=now, also={"records": export.done, "bytes": export.size})
    return pieces(export)


def holds_unreadable(export: Export, person: Person, *, now: datetime) -> bool:
    """Whether something in the file is kept from the person now."""
    kept = reading.kept_from(reading.reader(person, now=now)).values_list("pk", flat=True)
    if export.at is not None:
        # The file goes from the newest down to this place.
        kept = kept.filter(at__gte=export.at)
    keys = list(kept)
    return any(
        export.parts.filter(items__overlap=keys[start : start + KEYS_AT_ONCE]).exists()
        for start in range(0, len(keys), KEYS_AT_ONCE)
    )


def pieces(export: Export) -> Iterator[bytes]:
    """The file's bytes, one piece at a time in memory."""
    for number in range(export.parts.count()):
        yield gzip.decompress(bytes(ExportPart.objects.get(export=export, number=number).body))


def see_to(*, now: datetime) -> None:
    """Give those that have lost their job a new one, and let go of files whose time is out."""
    for export in Export.objects.filter(state__in=OPEN, touched_at__lt=now - LOST_AFTER).order_by("touched_at"):
        if export.made_at < now - GIVE_UP_AFTER:
            fail(export, "too_long", now=now)
        else:
            go_on(export)
    for export in Export.objects.filter(state="ready", expires_at__lte=now).order_by("expires_at")[:1000]:
        with transaction.atomic():
            trail.take("expire", export, by=EXPORTER, at=now)
            export.parts.all().delete()
