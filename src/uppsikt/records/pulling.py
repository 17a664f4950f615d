"""One pull: what is new, then the sweep over what is known, then how it went, on the channel's page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError

from uppsikt.channels import actions, connecting
from uppsikt.channels.models import Channel, Cursor
from uppsikt.connectors.base import Batch, Connector, Permanent, Retry, Trouble
from uppsikt.kernel.errors import Refused
from uppsikt.records import intake, sweep

log = logging.getLogger(__name__)
# One list of the network's may be broken for long; what we hold is looked at all the same, or no edit would be seen.
OF_ONE_LIST = frozenset({"too_large", "not_json", "wrong_shape", "rejected"})
Progress = Callable[["Pulled", Batch], None]


@dataclass
class Pulled:
    """What a pull came to; `trouble` is set where it broke off. What was read until then is safe."""

    new: int = 0
    changed: int = 0
    misread: int = 0
    swept: int = 0
    trouble: Trouble | None = None


def pull(channel: Channel, *, clock: Callable[[], datetime], progress: Progress | None = None) -> Pulled:
    """Read a channel to its end. A trouble is put on the channel and returned, never raised.

    So is a fault of our own: whoever is responsible must see that the channel is not read. What the database
    says passes by itself, or nothing can be put on the channel at all; that is raised.
    """
    pulled = Pulled()
    try:
        connector = connecting.connector(channel)
        try:
            read(channel, connector, pulled, clock=clock, progress=progress)
        except Permanent as trouble:
            if trouble.code not in OF_ONE_LIST:
                raise
            pulled.trouble = trouble
        pulled.swept = sweep.sweep(channel, connector, now=clock())
    except Trouble as trouble:
        pulled.trouble = pulled.trouble or trouble
    except (OperationalError, InterfaceError, Refused):
        raise
    except Exception as error:  # a boundary: strangers' answers are read here, and no channel may stop in silence
        log.exception("channel %s: a fault of ours", channel.pk)
        pulled.trouble = Permanent("our_fault", what=type(error).__name__)
    if pulled.trouble is None:
        actions.note_well(channel, caught_up=True, by=intake.PULLER, now=clock())
    else:
        log.info("channel %s: %s (%s)", channel.pk, pulled.trouble.code, pulled.trouble.kind)
        asked = pulled.trouble.after if isinstance(pulled.trouble, Retry) else None
        actions.note_trouble(channel, pulled.trouble, asked=asked, by=intake.PULLER, now=clock())
    return pulled


def read(
    channel: Channel,
    connector: Connector,
    pulled: Pulled,
    *,
    clock: Callable[[], datetime],
    progress: Progress | None,
) -> None:
    """Take in what is new since the cursor, counting it in `pulled`. Raises Trouble."""
    first = channel.caught_up_at is None
    cursor = Cursor.objects.get(channel=channel).value
    for batch in connector.pull(cursor):
        result = intake.take_in(channel, batch.items, now=clock(), cursor=batch.cursor, bad=batch.bad, first=first)
        pulled.new += len(result.new)
        pulled.changed += len(result.changed)
        pulled.misread += result.misread
        if progress:
            progress(pulled, batch)
