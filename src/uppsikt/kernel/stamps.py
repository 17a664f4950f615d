"""Time-stamps on the chain of seals (RFC 3161): an authority outside the house says when a day's last seal was there.

With the head and the token anybody can see it for himself, without Uppsikt:
`openssl ts -verify -data head.txt -in token.tsr -CAfile roots.pem`, where head.txt holds "number:digest".
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from uppsikt import env
from uppsikt.kernel import intents, seal_news, trail
from uppsikt.kernel.models import Intent, Seal, TimeStamp
from uppsikt.kernel.seals import Head
from uppsikt.kernel.working import ZONE
from uppsikt.net import Client, Limits, NetError

log = logging.getLogger(__name__)

KIND, TARGET = "timestamp", "seals"
STAMPER = trail.Doer.system("stamp")
LIMITS = Limits(connect=10.0, read=20.0, total=30.0, max_bytes=1_000_000, max_redirects=2)
# Minutes to the next try; the last one from then on, until another day's seal takes its place.
WAITS = (10, 10, 30, 60, 180)
TELL_AT = 5  # tries
OK = 200


class BadStamp(Exception):
    """A token is no time-stamp for this head. `why` is a code: unreadable, refused, other, nonce, untrusted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@lru_cache(maxsize=4)
def read_roots(names: tuple[str, ...]) -> tuple[x509.Certificate, ...]:
    """The certificates in PEM files. Raises SettingError."""
    found: list[x509.Certificate] = []
    for name in names:
        try:
            found += x509.load_pem_x509_certificates(Path(name).read_bytes())
        except (OSError, ValueError) as error:
            raise env.SettingError(
                f"UPPSIKT_TIMESTAMP_ROOTS names {name}, where no certificate can be read."
            ) from error
    return tuple(found)


def roots() -> tuple[x509.Certificate, ...]:
    """The authorities that are trusted; none where nobody has said. Raises SettingError."""
    return read_roots(tuple(settings.TIMESTAMP_ROOTS))


def request(head: Head) -> TimeStampRequest:
    """The question to the authority."""
    return TimestampRequestBuilder().data(str(head).encode()).hash_algorithm(HashAlgorithm.SHA256).build()


def check(token: bytes, head: Head, *, nonce: int | None = None) -> datetime:
    """When the authority saw the head. Raises BadStamp where the token does not say so.

    Without roots nobody can tell who made the token: then it is seen only that it speaks of this head.
    """
    try:
        answer = decode_timestamp_response(token)
        if PKIStatus(answer.status) != PKIStatus.GRANTED:
            raise BadStamp("refused")
        info = answer.tst_info
        at: datetime = info.gen_time
        imprint = bytes(info.message_imprint.message)
        said = info.nonce
    except ValueError as error:
        raise BadStamp("unreadable") from error
    if imprint != hashlib.sha256(str(head).encode()).digest():
        raise BadStamp("other")
    if nonce is not None and said != nonce:
        raise BadStamp("nonce")
    if trusted := roots():
        prove(answer, head, trusted)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def prove(answer: TimeStampResponse, head: Head, trusted: tuple[x509.Certificate, ...]) -> None:
    """See that one of the trusted signed it. Raises BadStamp."""
    try:
        VerifierBuilder(roots=list(trusted)).build().verify_message(answer, str(head).encode())
    except (VerificationError, ValueError, AssertionError) as error:
        raise BadStamp("untrusted") from error


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
    if not settings.TIMESTAMP_URL:
        return None
    intent = wanted(now)
    if intent is None or (intent.not_before and intent.not_before > now):
        return None
    intents.start(intent, by=STAMPER, now=now)
    head = Head(intent.payload["number"], intent.payload["digest"])
    try:
        token = ask(settings.TIMESTAMP_URL, head)
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
                authority=settings.TIMESTAMP_URL,
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


def ask(url: str, head: Head) -> bytes:
    """The authority's answer, whose nonce is ours. Raises NetError and BadStamp."""
    question = request(head)
    with Client(replace(LIMITS, allow_private=settings.ALLOW_PRIVATE)) as client:
        answer = client.request(
            "POST",
            url,
            headers={"content-type": "application/timestamp-query", "accept": "application/timestamp-reply"},
            content=question.as_bytes(),
        )
    if answer.status != OK:
        raise BadStamp(f"http_{answer.status}")
    check(answer.body, head, nonce=question.nonce)
    return answer.body


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
