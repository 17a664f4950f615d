"""Time-stamps on the chain of seals (RFC 3161): an authority outside the house says when a day's last seal was there.

With the head and the token anybody can see it for himself, without Uppsikt:
`openssl ts -verify -data head.txt -in token.tsr -CAfile roots.pem`, where head.txt holds "number:digest".
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from uppsikt import env
from uppsikt.capture import stamping
from uppsikt.capture.stamping import BadStamp
from uppsikt.kernel import intents, seal_news, trail
from uppsikt.kernel.models import Intent, Seal, TimeStamp
from uppsikt.kernel.seals import Head
from uppsikt.kernel.working import ZONE
from uppsikt.net import NetError

log = logging.getLogger(__name__)

KIND, TARGET = "timestamp", "seals"
STAMPER = trail.Doer.system("stamp")
# Minutes to the next try; the last one from then on, until another day's seal takes its place.
WAITS = (10, 10, 30, 60, 180)
TELL_AT = 5  # tries


def roots() -> tuple[x509.Certificate, ...]:
    """The authorities that are trusted; none where nobody has said. Raises SettingError."""
    try:
        return stamping.read_certificates(tuple(settings.TIMESTAMP_ROOTS))
    except ValueError as error:
        raise env.SettingError(f"UPPSIKT_TIMESTAMP_ROOTS names {error}, where no certificate can be read.") from error


def authority() -> stamping.Authority | None:
    """Whom to ask for time-stamps; None where no address is set. Raises SettingError."""
    if not settings.TIMESTAMP_URL:
        return None
    return stamping.Authority(settings.TIMESTAMP_URL, roots(), settings.ALLOW_PRIVATE)


def check(token: bytes, head: Head) -> datetime:
    """When the authority saw the head. Raises BadStamp where the token does not say so."""
    return stamping.check(token, str(head).encode(), roots())


def day_head(now: datetime) -> Head | None:
    """The last seal of the days before today; None where there is none."""
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    last = Seal.objects.filter(made_at__lt=midnight).order_by("-number").values_list("number", "digest").first()
    return Head(*last) if last else None


def open_intent() -> Intent | None:
    """The time-stamp that is being asked for, if any."""
    waiting = Intent.objects.filter(kind=KIND, target=TARGET, state__in=["written", "trying", "unknown"])
    return waiting.order_by("-pk").first()


def stamp_due(*, now: datetime) -> TimeStamp | None:
    """Ask for a time-stamp where a day's head lacks one and it is time to try. Never raises for what a network does.

    Asking twice does no harm, so a try that was lost is simply made again.
    """
    asked = authority()
    if asked is None:
        return None
    intent = wanted(now)
    if intent is None or (intent.not_before and intent.not_before > now):
        return None
    intents.start(intent, by=STAMPER, now=now)
    head = Head(intent.payload["number"], intent.payload["digest"])
    try:
        token = asked.stamp(str(head).encode())
        at = check(token, head)
    except NetError as error:
        not_now(intent, error.code, now=now)
    except BadStamp as error:
        not_now(intent, f"stamp_{error.why}", now=now)
    else:
        with transaction.atomic():
            kept = TimeStamp.objects.create(
                number=head.number,
                digest=head.digest,
                authority=asked.url,
                token=token,
                stamped_at=at,
                kept_at=now,
            )
            intents.done(intent, {"stamp": kept.pk, "at": at.isoformat()}, by=STAMPER, now=now)
        log.info("seal %s was time-stamped at %s", head, at.isoformat())
        return kept
    return None


def wanted(now: datetime) -> Intent | None:
    """The intent to try, written down now if a newer head than any asked for wants one."""
    intent, head = open_intent(), day_head(now)
    covered = TimeStamp.objects.aggregate(last=Max("number"))["last"] or 0
    if intent is not None and intent.state == "trying":
        under_way = timedelta(seconds=settings.INTENT_UNDER_WAY)
        if intent.tried_at is None or intent.tried_at > now - under_way:
            return None
        intent = trail.take("wait", intent, by=STAMPER, at=now)
    elif intent is not None and intent.state == "unknown":  # a backup was put back
        intent = trail.take("not_there", intent, by=STAMPER, at=now, needs_person=False)
    asked = intent.payload["number"] if intent else 0
    if head is None or head.number <= max(covered, asked):
        return intent
    with transaction.atomic():
        if intent is not None:
            trail.take("withdraw", intent, by=STAMPER, at=now, ended_at=now)
        payload = {"number": head.number, "digest": head.digest}
        return intents.write(KIND, TARGET, payload, by=STAMPER, now=now)


def not_now(intent: Intent, code: str, *, now: datetime) -> None:
    """The authority did not answer as it should: try again later, and tell when it has lasted."""
    again = now + timedelta(minutes=WAITS[min(intent.attempts, len(WAITS)) - 1])
    log.warning("seal %s could not be time-stamped (%s)", intent.payload["number"], code)
    with transaction.atomic():
        intents.trouble(
            "wait", intent, kind="temporary", code=code[:40], facts={}, by=STAMPER, now=now, not_before=again
        )
        if intent.attempts == TELL_AT:
            seal_news.STAMP_TROUBLE.tell(number=intent.payload["number"], code=code)
