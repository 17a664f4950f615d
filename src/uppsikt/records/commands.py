"""`./uppsikt pull [CHANNEL]`: fetch what is new, now and in the foreground."""

from __future__ import annotations

import os
import sys
from functools import partial

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from uppsikt.channels import pages, words
from uppsikt.channels import progress as progresses
from uppsikt.channels.models import Channel, Cursor
from uppsikt.connectors.base import Batch
from uppsikt.kernel.terminal import swedish
from uppsikt.records import attachments, pulling
from uppsikt.records.pulling import Pulled


def pull(channel: str | None) -> int:
    """Pull the channel with that number, name or address, or all live ones. Exit code 1 when one met trouble."""
    with translation.override("sv" if swedish() else "en"):
        rows = chosen(channel)
        if not rows:
            print(_("Ingen sådan kanal är ansluten. Anslut en med: ./uppsikt connect ADRESS"), file=sys.stderr)
            return 1
        # One at a time, and the rest even where one fails.
        return max([one(row) for row in rows])


def chosen(channel: str | None) -> list[Channel]:
    """The channels that were asked for."""
    live = Channel.objects.at_work()
    if channel is None:
        return list(live)
    number = Q(pk=int(channel)) if channel.isdecimal() else Q()
    return list(live.filter(number or Q(name__iexact=channel) | Q(address__iexact=channel)))


def one(channel: Channel) -> int:
    """Pull one channel, and say how far it is and how it went."""
    name = f"{channel.name} ({channel.address})"
    print(_("%(name)s: läser …") % {"name": name}, flush=True)
    pulled = pulling.pull(channel, clock=timezone.now, progress=partial(progress, channel))
    if pulled.elsewhere:
        print(_("%(name)s läses redan, av tjänsten eller i ett annat fönster.") % {"name": name}, file=sys.stderr)
        return 1
    attachments.defer_missing(channel, now=timezone.now())
    print(
        _("%(name)s: %(new)s nya, %(changed)s ändrade, %(swept)s kontrollerade, %(misread)s gick inte att läsa.")
        % {
            "name": name,
            "new": pulled.new,
            "changed": pulled.changed,
            "swept": pulled.swept,
            "misread": pulled.misread,
        }
    )
    if pulled.trouble is None:
        return os.EX_OK
    trouble = words.trouble(pulled.trouble.code, pulled.trouble.facts)
    print(f"{name}: {trouble.title}. {trouble.todo}", file=sys.stderr)
    return 1


def progress(channel: Channel, pulled: Pulled, batch: Batch) -> None:
    """How far it is, after each batch that is safe."""
    row = Cursor.objects.get(channel=channel)
    reading = progresses.told(row, history=True)
    if reading is None:
        return
    new = _("%(new)s nya") % {"new": number_format(pulled.new, force_grouping=True)}
    print(f"  {pages.how_far(reading)} ({new}). {pages.the_rest(reading, channel, now=row.saved_at)}", flush=True)
