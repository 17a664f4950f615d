"""Asking a language model inside the municipality of what came in: off unless it is set up, and never relied on.

Only what is not secret is sent, with personal data masked; what the rules took for sensitive or secret is not sent at
all. What it points to orders the queue a little, alarms nobody, and is said to come from a machine that is often wrong.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from uppsikt.kernel.alone import alone
from uppsikt.net import Client, Limits, NetError, Response
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item
from uppsikt.text.kinds import KINDS
from uppsikt.triage import contract, reading, rules
from uppsikt.triage.contract import Thrown
from uppsikt.triage.masking import Masked, mask
from uppsikt.triage.models import Endpoint, Finding, Reading
from uppsikt.triage.reading import ENDPOINT, RULES

log = logging.getLogger(__name__)
KIND, DETECTOR = "endpoint", "endpoint"
WHY = "Kommunens språkmodell pekar på det här stället. Den har ofta fel: läs själv."
SCORE = 0.5
MOST_SIGNS = 4_000
MOST_BYTES = 256 * 1024
TURN = 25.0  # seconds
LOT = 50
# What came in longer ago than this has been looked at by somebody.
YOUNG = timedelta(days=2)
LONGEST_WAIT = timedelta(hours=1)
TRIES = 5
OK = 200
HOUR = timedelta(hours=1)
NOT_INSIDE = "not_inside"
# Of these the other side says that it is about this one text, and not about us or itself.
OF_THE_TEXT = frozenset({400, 413, 422})


class Unanswered(Exception):
    """No answer: the other side is away, full, or does not know us. `after` are seconds that it asked us to wait."""

    def __init__(self, code: str, after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.after = after


@dataclass(frozen=True, slots=True)
class Place:
    """The endpoint as the settings give it."""

    url: str
    model: str
    key: str
    an_hour: int

    @property
    def opened(self) -> bool:
        """Whether the server is named among those inside the municipality: an address elsewhere is never asked."""
        parts = urlsplit(self.url)
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return False
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return parts.scheme in {"http", "https"} and f"{host}:{port}" in settings.ALLOW_PRIVATE


def place() -> Place | None:
    """The endpoint, or None where there is none: then nothing is ever sent."""
    found = Place(**settings.TRIAGE_ENDPOINT)
    return found if found.url and found.model else None


def ask(*, now: datetime, clock: Callable[[], float] = time.monotonic) -> int:
    """Ask of what has come in, for one turn; how many texts were answered about."""
    where = place()
    if where is None:
        return 0
    with alone("triage.ask") as ours:
        return ask_at(where, now=now, clock=clock) if ours else 0


def ask_at(where: Place, *, now: datetime, clock: Callable[[], float]) -> int:
    """The same, by the only process that asks."""
    row = state(where, now=now)
    if not where.opened:
        row.trouble, row.trouble_since = NOT_INSIDE, row.trouble_since or now
        row.save()
        return 0
    if row.trouble == NOT_INSIDE:
        row.trouble, row.trouble_since = "", None
    if row.not_before and now < row.not_before:
        return 0
    until, asker = clock() + TURN, Asker(where, row, now)
    with Client(asker.limits) as client:
        while clock() <= until and (lot := waiting(row)):
            for one in lot:
                if clock() > until or not asker.done_with(one, client):
                    row.save()
                    return asker.answered
                row.through = one.pk
            row.save()
    return asker.answered


def state(where: Place, *, now: datetime) -> Endpoint:
    """How it is with the endpoint. One that is new begins with what comes in from now on."""
    newest = Reading.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Endpoint.objects.get_or_create(address=where.url[:300], defaults={"through": newest})[0]


def waiting(row: Endpoint) -> list[Reading]:
    """The next readings by the rules that have not been gone through. One writes them at a time, so none comes late."""
    rows = Reading.objects.filter(pk__gt=row.through, source=RULES).order_by("pk")
    return list(rows.select_related("version__item").defer("version__html", "version__reading")[:LOT])


class Asker:
    """One turn of asking."""

    def __init__(self, where: Place, row: Endpoint, now: datetime) -> None:
        self.where, self.row, self.now = where, row, now
        self.answered = 0
        self.grounds = {ground.code: f"{ground.name}. {ground.text}" for ground in policy.grounds()}
        self.limits = Limits(
            total=60, read=60, max_bytes=MOST_BYTES, max_redirects=0, allow_private=settings.ALLOW_PRIVATE
        )

    def done_with(self, one: Reading, client: Client) -> bool:
        """Ask of one text, if it is one to ask of; False where the turn is over and it is to be asked of again."""
        sent = to_send(one, now=self.now)
        if sent is None:
            return True
        if not self.within():
            return False
        try:
            self.ask_of(one, sent, client)
        except Unanswered as error:
            trouble(self.row, error, now=self.now)
            if self.row.tries >= TRIES:
                # It may be this text that brings the other side down: it is left, and the next one tried in its turn.
                throw(self.row, "gave_up")
                self.row.tries, self.row.through = 0, one.pk
            return False
        return True

    def within(self) -> bool:
        """Whether it may be asked once more this hour; counts it."""
        row = self.row
        if row.hour_since is None or self.now >= row.hour_since + HOUR:
            row.hour_since, row.hour_count = self.now, 0
        if row.hour_count >= self.where.an_hour:
            return False
        row.hour_count += 1
        return True

    def ask_of(self, one: Reading, sent: Masked, client: Client) -> None:
        """Ask of one text, and keep what is taken of the answer. Raises Unanswered."""
        try:
            body = sent_to(self.where, client, contract.question(self.where.model, sent.text, self.grounds))
            # Whatever it says, it is there.
            self.row.trouble, self.row.trouble_since, self.row.tries, self.row.not_before = "", None, 0, None
            found = contract.answer(body, sent, self.grounds)
        except Thrown as thrown:
            throw(self.row, thrown.code)
            return
        self.answered += 1
        keep(one, self.where, found, now=self.now)


def to_send(one: Reading, *, now: datetime) -> Masked | None:
    """The text without personal data; None for what is not to be asked of, or must not leave at all.

    Asked of: what was received of late, is not urgent anyhow, and is not secret, looked up at the last moment.
    """
    item = one.version.item
    if one.level >= rules.URGENT or item.direction != "received" or item.at < now - YOUNG:
        return None
    if not Item.objects.filter(pk=item.pk, secret=False).exists():
        return None
    found = list(Finding.objects.filter(reading=one, part="text"))
    groups = {KINDS[row.kind].group for row in found if row.kind in KINDS}
    if groups & rules.UNLISTED or not one.version.text.strip():
        return None
    hidden = [(row.start, row.end) for row in found if row.kind in KINDS and KINDS[row.kind].group == "personal"]
    return mask(one.version.text, hidden, limit=MOST_SIGNS)


def sent_to(where: Place, client: Client, question: dict[str, object]) -> bytes:
    """The answer's bytes. Raises Unanswered, and Thrown where the other side will not take this text."""
    headers = {"authorization": f"Bearer {where.key}"} if where.key else {}
    try:
        response: Response = client.request(
            "POST", f"{where.url.rstrip('/')}/chat/completions", headers=headers, json=question
        )
    except NetError as error:
        if error.code == "too_large":
            raise Thrown("too_large") from error
        raise Unanswered(error.code) from error
    if response.status in OF_THE_TEXT:
        raise Thrown(f"http_{response.status}")
    if response.status != OK:
        raise Unanswered(f"http_{response.status}", response.retry_after)
    return response.body


def keep(one: Reading, where: Place, found: list[tuple[str, int, int]], *, now: datetime) -> None:
    """Write what the model points to, and let the queue know. Asked of the same wording twice, it is kept once."""
    version = where.model[:60]
    level = max((rules.level_of_ground(ground, most=rules.RULE) for ground, _a, _b in found), default=rules.NOTHING)
    with transaction.atomic():
        made, new = Reading.objects.get_or_create(
            version_id=one.version_id,
            source=ENDPOINT,
            detector_version=version,
            defaults={"at": now, "level": level, "found": len(found)},
        )
        if not new:
            return
        Finding.objects.bulk_create(
            Finding(
                reading=made, version_id=one.version_id, kind=KIND, start=start, end=end, ground=ground, law="",
                score=SCORE, level=rules.level_of_ground(ground, most=rules.RULE), why=WHY, detector=DETECTOR,
                detector_version=version,
            )
            for ground, start, end in found
        )  # fmt: skip
        reading.stand([one.version.item_id], now=now)


def throw(row: Endpoint, code: str) -> None:
    """Count an answer that was not taken."""
    row.thrown = {**row.thrown, code: row.thrown.get(code, 0) + 1}


def trouble(row: Endpoint, error: Unanswered, *, now: datetime) -> None:
    """Note that it does not answer, and wait: twice as long each time, and never less than it asks for."""
    log.info("the language model does not answer: %s", error.code)
    row.tries += 1
    wait = min(timedelta(minutes=2 ** (row.tries - 1)), LONGEST_WAIT)
    row.trouble, row.trouble_since = error.code[:40], row.trouble_since or now
    row.not_before = now + max(wait, timedelta(seconds=min(error.after or 0, LONGEST_WAIT.total_seconds())))
