"""Publishing an intent: tried once at a time, looked for before it is tried again, or put before a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from uppsikt.channels import actions, connecting, news, queries
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import GIVE_UP_AFTER, wait
from uppsikt.connectors.base import Acted, Connector, Deed, Quota, Reconnect, Retry, Sent, Trouble, Unknown
from uppsikt.kernel import intents, trail
from uppsikt.kernel.models import Intent
from uppsikt.kernel.trail import Doer

PUBLISHER = Doer.system("publish")
# Not finding these on the network proves nothing, so that no program may send them again.
FOR_PERSON = frozenset({"duplicate", "restored"})
# Intents of these kinds do something to what is there; the others say something.
DEEDS = frozenset(deed.value for deed in Deed)


def channel_of(intent: Intent) -> Channel:
    """The channel that an intent names."""
    return Channel.objects.get(pk=int(intent.target.partition(":")[2]))


def publish(intent_id: int, *, now: datetime) -> None:
    """Bring an intent one step further, whatever state a crash left it in."""
    intent = Intent.objects.get(pk=intent_id)
    channel = channel_of(intent)
    if intent.state == "trying":
        # Jobs on a channel run one at a time, so whoever was trying is dead. What it sent, nobody knows.
        intent = intents.trouble("lose", intent, kind="unknown", code="worker_died", facts={}, by=PUBLISHER, now=now)
    if intent.state == "unknown":
        reconcile(intent, channel, now=now)
    elif intent.state == "written" and channel.is_at_work:
        # On a channel that is paused it stays as it is: whoever resumes the channel queues it.
        if intent.not_before and intent.not_before > now:
            again(intent, channel, at=intent.not_before)
        else:
            attempt(intent, channel, now=now)


def again(intent: Intent, channel: Channel, *, at: datetime) -> None:
    """Look at the intent once more, later."""
    actions.defer_publish(intent.pk, channel.pk, at=at)


def attempt(intent: Intent, channel: Channel, *, now: datetime) -> None:
    """Try it. The state "trying" is committed before a byte leaves the building."""
    intent = intents.start(intent, by=PUBLISHER, now=now)
    try:
        with connecting.opened(channel) as connector:
            result = carry_out(intent, connector)
    except Trouble as trouble:
        failed(intent, channel, trouble, now=now)
    else:
        succeed(intent, channel, result, now=now)


def carry_out(intent: Intent, connector: Connector) -> Sent | Acted:
    """Bring the effect about; what the network said of it. Raises Trouble."""
    asked = intent.payload
    if intent.kind not in DEEDS:
        return connector.reply(asked["to"], asked["text"], str(intent.key))
    return connector.act(asked["to"], Deed(intent.kind), str(intent.key), asked.get("facts", {}))


def kept_of(told: Sent | Acted) -> dict[str, Any]:
    """What is kept of an answer that is on the network, or of a deed that the network has done."""
    if isinstance(told, Sent):
        return {"native_id": told.native_id, "address": told.address}
    return {"native_id": told.native_id, "shown": told.shown.value, "already": told.already}


def succeed(intent: Intent, channel: Channel, told: Sent | Acted, *, now: datetime) -> None:
    """It is on the network."""
    with transaction.atomic():
        intents.done(intent, kept_of(told), by=PUBLISHER, now=now)
        news.SENT.tell(channel_id=channel.pk, intent_id=intent.pk)


def failed(intent: Intent, channel: Channel, trouble: Trouble, *, now: datetime) -> None:
    """It did not take, or we cannot tell: each kind of trouble has its own next step."""
    asked = trouble.after if isinstance(trouble, Retry) else None
    if isinstance(trouble, Unknown) or trouble.code == "duplicate":
        step, later = "lose", now + timedelta(seconds=5)
    elif isinstance(trouble, Retry | Quota | Reconnect) and intent.attempts < GIVE_UP_AFTER:
        step, later = "wait", now + timedelta(seconds=wait(intent.attempts, asked))
    else:
        step, later = "fail", None
    fields = {"not_before": later} if step == "wait" else {"ended_at": now} if step == "fail" else {}
    with transaction.atomic():
        intents.trouble(
            step, intent, kind=trouble.kind, code=trouble.code, facts=trouble.facts, by=PUBLISHER, now=now, **fields
        )
        if isinstance(trouble, Reconnect):
            actions.note_trouble(channel, trouble, asked=None, by=PUBLISHER, now=now)
        if later:
            again(intent, channel, at=later)
        news.NOT_SENT.tell(channel_id=channel.pk, intent_id=intent.pk)


def look(intent: Intent, channel: Channel, connector: Connector) -> Sent | Acted | None:
    """Read the network for what the intent may have done; an answer that another intent sent does not count."""
    if intent.kind in DEEDS:
        asked = intent.payload
        return connector.find_acted(asked["to"], Deed(intent.kind), str(intent.key), asked.get("facts", {}))
    since = (intent.tried_at or intent.written_at) - timedelta(minutes=10)
    found = connector.find_sent(intent.payload["to"], intent.payload["text"], str(intent.key), since)
    return None if found is None or queries.is_sent(channel, found.native_id) else found


def reconcile(intent: Intent, channel: Channel, *, now: datetime) -> None:
    """Find out by reading. Not there counts only when the request can no longer be under way."""
    certain_at = (intent.tried_at or now) + timedelta(seconds=settings.INTENT_UNDER_WAY)
    try:
        with connecting.opened(channel) as connector:
            found = look(intent, channel, connector)
    except Trouble as trouble:
        put_before_person(intent, channel, trouble, now=now)
        return
    if found:
        succeed(intent, channel, found, now=now)
    elif now < certain_at:
        again(intent, channel, at=certain_at)
    elif intent.error_code in FOR_PERSON:
        # The network says that it has this answer already, or a restored backup cannot know: only a person can tell.
        put_before_person(intent, channel, Unknown(intent.error_code), now=now)
    else:
        with transaction.atomic():
            trail.take("not_there", intent, by=PUBLISHER, at=now, needs_person=False)
            again(intent, channel, at=now)


def put_before_person(intent: Intent, channel: Channel, trouble: Trouble, *, now: datetime) -> None:
    """We cannot read the network either: a person is told, and we go on looking."""
    with transaction.atomic():
        if not intent.needs_person:
            intents.trouble(
                "ask_person",
                intent,
                kind=trouble.kind,
                code=trouble.code,
                facts=trouble.facts,
                by=PUBLISHER,
                now=now,
                needs_person=True,
            )
            news.NOT_SENT.tell(channel_id=channel.pk, intent_id=intent.pk)
        if trouble.code not in FOR_PERSON:
            again(intent, channel, at=now + timedelta(seconds=wait(3)))


def settle(intent: Intent, *, is_there: bool, by: Doer, now: datetime) -> None:
    """A person looked at the network and says how it is."""
    channel = channel_of(intent)
    with transaction.atomic():
        if is_there:
            trail.take("settle_done", intent, by=by, at=now, ended_at=now, needs_person=False)
            news.SENT.tell(channel_id=channel.pk, intent_id=intent.pk)
        else:
            trail.take("settle_failed", intent, by=by, at=now, ended_at=now, needs_person=False)
            news.NOT_SENT.tell(channel_id=channel.pk, intent_id=intent.pk)


def retry(intent: Intent, *, by: Doer, now: datetime) -> None:
    """A person asks for a failed intent to be tried again."""
    with transaction.atomic():
        trail.take("again", intent, by=by, at=now, attempts=0, not_before=None, ended_at=None)
        actions.defer_publish(intent.pk, int(intent.target.partition(":")[2]))
