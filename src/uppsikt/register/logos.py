"""The logos that accounts may show, and how like them an account's picture is (D15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from uppsikt.kernel import blobs, trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.register import logo_figures, profile_words
from uppsikt.register.logo_figures import LIKE, METHOD
from uppsikt.register.profile_models import Logo, LogoFigure, ProfileVersion

__all__ = ["LIKE", "add", "approved", "best", "compare", "compare_newest", "end"]

BYTES = 4_000_000


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


def best(picture: str, among: Iterable[Logo]) -> tuple[int | None, str]:
    """The highest figure of a picture against some logos, and the name of that logo; None where it was not measured."""
    keys = {logo.pk: logo.name for logo in among}
    row = (
        LogoFigure.objects.filter(picture_id=picture, logo__in=keys, method=METHOD)
        .order_by("-figure", "logo_id")
        .first()
    )
    return (row.figure, keys[row.logo_id]) if row else (None, "")


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
        LogoFigure(picture_id=picture, logo=logo, method=METHOD, figure=figure(shown, logo), at=now) for logo in lacking
    ]
    LogoFigure.objects.bulk_create(rows, ignore_conflicts=True)


def figure(shown: logo_figures.Picture | None, logo: Logo) -> int:
    """How like a logo a picture is, from 0 to 1000; one that shows nothing is like none."""
    if shown is None:
        return 0
    return logo_figures.likeness(shown, logo_figures.prepare(blobs.read(logo.blob_id)))


def compare_newest(channel_id: int, *, now: datetime) -> None:
    """Measure the picture that an account shows now."""
    version = ProfileVersion.objects.filter(channel=channel_id).order_by("-id").first()
    if version is not None and version.picture_id is not None:
        compare(version.picture_id, now=now)
