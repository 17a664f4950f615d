"""Filling the demo in, once; cut off in the middle, the next start goes on where it stood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from uppsikt.channels.models import Channel
from uppsikt.inbox import figures
from uppsikt.inbox.models import Case
from uppsikt.inbox.states import OPEN
from uppsikt.kernel.terminal import tell
from uppsikt.web.demo import building, fetching, looking, registering, town
from uppsikt.web.demo.accounts import ACCOUNTS
from uppsikt.web.demo.day import TO_REGRETTED
from uppsikt.web.demo.deeds import do
from uppsikt.web.demo.living import Month, lately
from uppsikt.web.demo.marks import is_done, mark_done
from uppsikt.web.demo.practice_network import Network

LIVED = "demo_lived"
Say = Callable[[str], None]


def seed(network: Network, *, clock: Callable[[], datetime], say: Say) -> bool:
    """Do what is not yet done; True when there was anything to do. Raises Trouble, `connectors.base.Trouble`."""
    if is_done(LIVED):
        building.follow(network.base, now=clock())
        return False
    if is_done(building.BUILT):
        building.follow(network.base, now=clock())
    else:
        building.build(network, now=clock())
    say(
        tell(
            f"{town.NAME}: {len(town.BOARDS)} nämnder, {len(town.PEOPLE)} personer, {len(ACCOUNTS)} kanaler",
            f"{town.NAME}: {len(town.BOARDS)} boards, {len(town.PEOPLE)} people, {len(ACCOUNTS)} channels",
        )
    )

    def fetched(number: int, of: int, channel: Channel, new: int) -> None:
        words = tell("{} av {}: {}, {} inlägg och kommentarer", "{} of {}: {}, {} posts and comments")
        say(words.format(number, of, channel.name, new))

    fetching.fetch_all(fetched)
    say(tell("Låter den senaste månaden passera", "Letting the last month pass"))
    live(network, now=clock())
    figures.make_due(now=clock())
    waiting, ended = Case.objects.filter(state__in=OPEN).count(), Case.objects.filter(state="closed").count()
    say(tell(f"{waiting} ärenden väntar, {ended} är avslutade", f"{waiting} cases wait, {ended} are closed"))
    return True


def live(network: Network, *, now: datetime) -> None:
    """The last month, in one transaction."""
    channels = list(Channel.objects.filter(network="practice"))
    meanings = {
        native_id: meaning
        for channel in channels
        for native_id, meaning in network.meanings(channel.settings["handle"]).items()
    }
    with transaction.atomic():
        month = Month(meanings, now=now)
        month.live(lately(channels, now=now))
        if month.regretted is not None:
            network.take_away(month.regretted.native_id)
            case = month.case_of(month.regretted)
            if case is not None:
                do(case.pk, TO_REGRETTED, month.people, now)
        looking.today(month.people, now=now)
        registering.today(month.people, now=now)
        mark_done(LIVED, now=now)
