"""One pull: what is new, then the sweep over what is known, then how it went, on the channel's page.

A long history is read in slices: after each the channel gives way to those that wait, and goes on from its cursor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError

from uppsikt.channels import actions, connecting
from uppsikt.channels import progress as progresses
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Batch, Connector, Permanent, Retry, Trouble
from uppsikt.kernel.alone import alone
from uppsikt.kernel.errors import Refused
from uppsikt.records import intake, sweep
from uppsikt.records.gathering import Clock, gathered

log = logging.getLogger(__name__)
# One list of the network's may be broken for long; what we hold is looked at all the same, or no edit would be seen.
OF_ONE_LIST = frozenset({"too_large", "not_json", "wrong_shape", "rejected", "not_feed", "broken_feed", "unsafe_feed"})
# So much is looked at again in a pull; and between two turns of a long reading, which must not keep edits waiting.
AGAIN, BETWEEN = 1000, 200
Progress = Callable[["Pulled", Batch], None]


@dataclass
class Pulled:
    """What a pull came to; `trouble` is set where it broke off. What was read until then is safe.

    `more`: it gave way to others before its end. `elsewhere`: somebody else is reading the channel; nothing was done.
    """

    new: int = 0
    changed: int = 0
    misread: int = 0
    swept: int = 0
    more: bool = False
    elsewhere: bool = False
    trouble: Trouble | None = None


def pull(
    channel: Channel, *, clock: Clock, progress: Progress | None = None, at_most: timedelta | None = None
) -> Pulled:
    """Read a channel to its end, or for as long as `at_most`. A trouble is put on the channel, not raised.

    So is a fault of our own: whoever is responsible must see that the channel is not read. What the database
    says passes by itself, or nothing can be put on the channel at all; that is raised.
    """
    with alone(f"pull:{channel.pk}") as ours:
        if not ours:
            return Pulled(elsewhere=True)
        until = clock() + at_most if at_most is not None else None
        pulled = Pulled()
        try:
            with connecting.opened(channel) as connector:
                look(channel, connector, pulled, clock=clock, progress=progress, until=until)
        except Trouble as trouble:
            pulled.trouble = pulled.trouble or trouble
        except (OperationalError, InterfaceError, Refused):
            raise
        except Exception as error:  # a boundary: strangers' answers are read here, and no channel may stop in silence
            log.exception("channel %s: a fault of ours", channel.pk)
            pulled.trouble = Permanent("our_fault", what=type(error).__name__)
        note(channel, pulled, now=clock())
    return pulled


def look(
    channel: Channel,
    connector: Connector,
    pulled: Pulled,
    *,
    clock: Clock,
    progress: Progress | None,
    until: datetime | None,
) -> None:
    """What is new, and then what has become of what we hold. Raises Trouble."""
    try:
        read(channel, connector, pulled, clock=clock, progress=progress, until=until)
    except Permanent as trouble:
        if trouble.code not in OF_ONE_LIST:
            raise
        pulled.trouble = trouble
    limit = BETWEEN if pulled.more else AGAIN
    pulled.swept = sweep.sweep(channel, connector, now=clock(), limit=limit)


def note(channel: Channel, pulled: Pulled, *, now: datetime) -> None:
    """How it went, on the channel."""
    if pulled.trouble is None:
        actions.note_well(channel, caught_up=not pulled.more, by=intake.PULLER, now=now)
    else:
        log.info("channel %s: %s (%s)", channel.pk, pulled.trouble.code, pulled.trouble.kind)
        asked = pulled.trouble.after if isinstance(pulled.trouble, Retry) else None
        actions.note_trouble(channel, pulled.trouble, asked=asked, by=intake.PULLER, now=now)


def read(
    channel: Channel,
    connector: Connector,
    pulled: Pulled,
    *,
    clock: Clock,
    progress: Progress | None,
    until: datetime | None,
) -> None:
    """Take in what is new since the cursor, counting it in `pulled`. Raises Trouble."""
    first = channel.caught_up_at is None
    cursor = progresses.begin(channel, now=clock()).value
    # Closed when we give way: a connector that waits in its list then lets go of it.
    with closing(gathered(connector.pull(cursor), clock=clock)) as batches:
        for batch in batches:
            result = intake.take_in(
                channel,
                batch.items,
                now=clock(),
                cursor=batch.cursor,
                left=batch.expected,
                bad=batch.bad,
                first=first,
            )
            pulled.new += len(result.new)
            pulled.changed += len(result.changed)
            pulled.misread += result.misread
            if progress:
                progress(pulled, batch)
            if until is not None and clock() >= until:
                pulled.more = True
                return
