"""The logos that accounts may show, and how like them an account's picture is (D15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from uppsikt.kernel import blobs, queue, trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.register import logo_figures, profile_words
from uppsikt.register.logo_figures import COLOURS, LIKE, METHOD
from uppsikt.register.profile_models import Logo, LogoFigure

__all__ = ["COLOURS", "LIKE", "Best", "add", "approved", "best", "compare", "end"]

BYTES = 4_000_000


class Best(NamedTuple):
    """The logo that a picture is most like, and its two figures (`logo_figures.Likeness`)."""

    figure: int
    colours: int
    name: str


def approved() -> list[Logo]:
    """The logos that may be shown now, the oldest first."""
    return list(Logo.objects.filter(until=None).order_by("id"))


def add(*, name: str, body: bytes, decision: str, by: Person, now: datetime) -> Logo:
    """Approve a logo. Raises Refused for what is no picture, or one that is approved already."""
    if len(body) > BYTES:
        raise Refused("too_large", profile_words.picture_trouble("too_large"))
    try:
        kind = logo_figures.media_type(body)
        logo_figures.prepare(body)
    except logo_figures.NoPicture as error:
        raise Refused(error.code, profile_words.picture_trouble(error.code)) from error
    row = Logo(name=name.strip(), decision=decision.strip(), since=now, by=by)
    row.blob_id = blobs.put(body, kind, now=now)
    try:
        with transaction.atomic():
            trail.begin(row, by=by.doer, at=now, step="approve_logo", also={"name": row.name, "blob": row.blob_id})
            # What accounts show already is measured against it, theirs too that no program reads.
            queue.defer("register.measure", once="register.measure")
    except IntegrityError as error:
        raise Refused("logo_known", _("Den logotypen är redan godkänd.")) from error
    return row


def end(row: Logo, *, reason: str, by: Person, now: datetime) -> Logo:
    """A logo may not be used any more. Raises Refused where it has ended already."""
    with transaction.atomic():
        if not Logo.objects.filter(pk=row.pk, until=None).update(until=now):
            raise Refused("ended", _("Logotypen är redan borttagen. Ladda om sidan."))
        row.until = now
        trail.note("end_logo", row, by=by.doer, at=now, reason=reason)
    return row


def best(picture: str, among: Iterable[Logo]) -> Best | None:
    """The logo among some that a picture is most like, one in its own colours first; None where it was not measured."""
    keys = {logo.pk: logo.name for logo in among}
    rows = LogoFigure.objects.filter(picture_id=picture, logo__in=keys, method=METHOD).order_by("logo_id")
    found = [Best(row.figure, row.colours, keys[row.logo_id]) for row in rows]
    return max(found, key=lambda one: (one.figure >= LIKE and one.colours >= COLOURS, one.figure), default=None)


def compare(picture: str, *, now: datetime) -> None:
    """Measure a kept picture against each approved logo that it has not been measured against.

    A picture that cannot be read is left unmeasured, and the audit says so. Raises blobs.Damaged, blobs.Unreachable.
    """
    done = set(LogoFigure.objects.filter(picture_id=picture, method=METHOD).values_list("logo_id", flat=True))
    lacking = [logo for logo in approved() if logo.pk not in done]
    if not lacking:
        return
    try:
        shown = logo_figures.prepare(blobs.read(picture))
    except logo_figures.NoPicture as error:
        if error.code != "empty":
            return
        shown = None
    rows = [
        LogoFigure(picture_id=picture, logo=logo, method=METHOD, figure=told.figure, colours=told.colours, at=now)
        for logo, told in ((logo, likeness(shown, logo)) for logo in lacking)
    ]
    LogoFigure.objects.bulk_create(rows, ignore_conflicts=True)


def likeness(shown: logo_figures.Picture | None, logo: Logo) -> logo_figures.Likeness:
    """How like a logo a picture is; one that shows nothing is like none."""
    if shown is None:
        return logo_figures.Likeness(0, 0)
    return logo_figures.likeness(shown, logo_figures.prepare(blobs.read(logo.blob_id)))
