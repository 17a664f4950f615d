"""Reading the practice network's year through the ordinary pull."""

from __future__ import annotations

from collections.abc import Callable

from django.apps import apps
from django.db import connection
from django.utils import timezone

from uppsikt.channels.models import Channel
from uppsikt.kernel.terminal import Trouble
from uppsikt.records import pulling

# Which channel, how many there are, what was read.
Tell = Callable[[int, int, Channel, int], None]


def fetch_all(tell: Tell) -> int:
    """Pull each channel to its end; one that is read already costs one question. Raises Trouble."""
    channels = list(Channel.objects.filter(network="practice", state="live").order_by("id"))
    read = 0
    for number, channel in enumerate(channels, start=1):
        pulled = pulling.pull(channel, clock=timezone.now)
        if pulled.trouble:
            raise Trouble(
                f"Det gick inte att läsa {channel.name} ({pulled.trouble.code}). Kör demon igen.",
                f"{channel.name} could not be read ({pulled.trouble.code}). Run the demo again.",
            )
        read += pulled.new
        tell(number, len(channels), channel, pulled.new)
    take_stock()
    return read


def take_stock() -> None:
    """Let the database count what was read; by itself it does so a minute later, and plans for nothing until then."""
    tables = [each._meta.db_table for each in apps.get_app_config("records").get_models() if each._meta.managed]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
