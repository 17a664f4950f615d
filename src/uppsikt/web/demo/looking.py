"""Who looks after the channels, and that they did: a rota, the rounds of the last days, two that were forgotten.

The rounds of the days before were made before anything was fetched here, so they show nothing: what an installation
did not have, nobody saw in it. What has been said since the last of them is news, and of two channels somebody has
looked through it already. The accounts that are only known of were looked at on their own pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from uppsikt.channels.models import Channel
from uppsikt.kernel.hours import ZONE
from uppsikt.organisation.models import Person
from uppsikt.oversight import actions, dues, heightening, holes, outside, queries, rota, watching
from uppsikt.oversight.models import Watch
from uppsikt.oversight.rota import Days
from uppsikt.policy import queries as policy
from uppsikt.records import reading
from uppsikt.web.demo.accounts import ACCOUNTS, EVERYWHERE, Account

DAY = timedelta(days=1)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# One who may look everywhere makes the rounds; the handles that were forgotten so many working days ago.
LOOKER = "Shirin Moradi"
FORGOTTEN = {2: "podden", 5: "sagolund"}
# Looked through today, after everything was fetched.
LOOKED_AT = ("bibliotek", "simhallen")
# So many working days are lived through: each costs whoever starts the demo a moment.
DAYS = 6
# Nobody has renewed this channel's rota.
RUNS_OUT, RUNS_OUT_AFTER = "jobb", 8 * DAY
COUNCIL, COUNCIL_WHY = "fullmaktige", "Fullmäktige behandlar budgeten, och det brukar bli många kommentarer."
COUNCIL_FOR = timedelta(hours=36)


def lately(people: Mapping[str, Person], *, connected: datetime, now: datetime) -> None:
    """Make the rota, and live through the last working days until yesterday."""
    channels = {channel.settings["handle"]: channel for channel in Channel.objects.filter(network="practice")}
    for account in ACCOUNTS:
        put_on_duty(account, channels[account.handle], people, connected=connected, now=now)
    apart = list(Channel.objects.to_look_at().filter(connected_at=None).order_by("pk"))
    past = list(working_days(connected, now))[-DAYS:]
    last = connected
    for channel in [*channels.values(), *apart]:
        watching.watch(channel, now=policy.hours().spans(past[0])[0][0] - 9 * HOUR if past else connected)
    for number, day in enumerate(past):
        opens, closes = policy.hours().spans(day)[0][0], policy.hours().spans(day)[-1][1]
        forgotten = FORGOTTEN.get(len(past) - number)
        looked = [channel for handle, channel in channels.items() if handle != forgotten]
        last = opens + 90 * MINUTE
        sweep = actions.open_sweep([*looked, *apart], by=people[LOOKER], now=last)
        for each in sweep.rounds.filter(outside=True).order_by("pk"):
            outside.look(sweep, each.pk, by=people[LOOKER], now=last + 6 * MINUTE)
        actions.sign(sweep, by=people[LOOKER], now=last + 12 * MINUTE)
        for later in (5, 65, 185) if forgotten else (5,):
            dues.walk(now=closes + later * MINUTE)
    Watch.objects.filter(channel__in=channels.values()).update(history_from=last)


def working_days(connected: datetime, now: datetime) -> Iterator[date]:
    """The working days after the one on which the channels were connected, and before today."""
    day, today = connected.astimezone(ZONE).date() + DAY, now.astimezone(ZONE).date()
    while day < today:
        if policy.hours().spans(day):
            yield day
        day += DAY


def put_on_duty(
    account: Account, channel: Channel, people: Mapping[str, Person], *, connected: datetime, now: datetime
) -> None:
    """Whoever answers for a channel is on duty for it, with a colleague as cover."""
    cover = next((name for name in (*account.staff, *EVERYWHERE) if name != account.responsible), LOOKER)
    until = (now + RUNS_OUT_AFTER).date() if account.handle == RUNS_OUT else None
    rota.put_on_duty(
        person=people[account.responsible],
        cover=people[cover],
        channel=channel,
        days=Days(since=connected.date(), until=until, weekdays=frozenset(range(5))),
        minutes=20,
        by=people["Lena Hovström"],
        now=connected,
    )


def today(people: Mapping[str, Person], *, now: datetime) -> None:
    """What stands on this day: rounds that are expected, heightened oversight by order, a hole in the rota."""
    dues.walk(now=now)
    looked_at = list(Channel.objects.filter(network="practice", settings__handle__in=LOOKED_AT))
    sweep = actions.open_sweep(looked_at, by=people[LOOKER], now=now)
    news = queries.news_of(sweep, reading.reader(people[LOOKER], now=now)).values_list("pk", flat=True)
    actions.show(sweep, news, by=people[LOOKER], now=now)
    actions.sign(sweep, by=people[LOOKER], now=now)
    channel = Channel.objects.get(network="practice", settings__handle=COUNCIL)
    heightening.order(channel, until=now + COUNCIL_FOR, reason=COUNCIL_WHY, by=people["Lena Hovström"], now=now)
    dues.walk(now=now + MINUTE / 60)
    holes.look(now=now)
