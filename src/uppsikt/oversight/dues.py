"""The walk: every few minutes the rounds that were expected until now are written down, met, missed and told of (D25).

It goes from where it came to last time. However long it stood still, it finds what was expected meanwhile, each once
and in order; a round that was signed while it stood still counts. Each channel's own trail says when it was paused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from uppsikt.channels import restored
from uppsikt.channels.models import Channel
from uppsikt.kernel import once, trail
from uppsikt.kernel.models import Step
from uppsikt.kernel.working import closing_before
from uppsikt.organisation.models import Person
from uppsikt.oversight import heightening, pace, queries, rules, telling, watching, words
from uppsikt.oversight.meeting import OVERSIGHT
from uppsikt.oversight.models import Due, Heightened, Round, Watch
from uppsikt.oversight.pace import Paces
from uppsikt.oversight.rules import LEVELS, Expected, Kind, Level, Spans
from uppsikt.oversight.telling import Crew
from uppsikt.policy import queries as policy

# Whoever signs at the last moment is not told that it was missed.
GRACE = timedelta(minutes=2)
# One whose time is short is reminded when so much of it is left.
LAST_PART = 3
CHANGES = ("open", "take_over", "pause", "resume", "close", "hand_over")
AT_ONCE = 2000


def walk(*, now: datetime) -> None:
    """Go on from where the last walk came to, until `now`."""
    with once.reading():
        go_on(now=now)
        tell(now=now)


def go_on(*, now: datetime) -> None:
    """Write down what was expected since, and what became of it."""
    with transaction.atomic():
        begin_watches(now=now)
        # Channels are held before their watches, here as where a sweep is opened: nobody waits in a ring.
        unread = Watch.objects.filter(watching.TO_CLOSE)
        if closing := list(unread.values_list("channel_id", flat=True)):
            watching.hold(closing)
        watches = list(
            Watch.objects.select_for_update(of=("self",)).filter(counted_until__lt=now)
            .select_related("channel__unit").order_by("channel_id")
        )  # fmt: skip
        paces = Paces()
        for row in watches:
            watching.close_history(row, row.channel)
        pace.measure([row for row in watches if row.channel.state == "live"], paces, now=now)
        live = live_spans(watches, now=now)
        running = list(Heightened.objects.filter(state="running").select_related("channel").order_by("pk"))
        write_down(list(expect(watches, running, live, paces, now=now)), now=now)
        settle(live, now=now)
        for time in running:
            if time.until <= now:
                heightening.finish(time)
        Watch.objects.filter(pk__in=[row.pk for row in watches]).update(counted_until=now)


def begin_watches(*, now: datetime) -> None:
    """Every channel is watched from when it was connected, or open without that; those there before us, from now on."""
    found = list(Channel.objects.to_look_at().exclude(pk__in=Watch.objects.values("channel_id")))
    if not found:
        return
    last = Watch.objects.order_by("-counted_until").values_list("counted_until", flat=True).first()
    opened = opened_at([channel.pk for channel in found if channel.connected_at is None])
    for channel in found:
        begun = channel.connected_at or opened.get(channel.pk, now)
        watching.watch(channel, now=now, since=begun if last is not None and begun > last else now)


def opened_at(keys: Sequence[int]) -> dict[int, datetime]:
    """When each of these channels went live, by its trail."""
    if not keys:
        return {}
    steps = Step.objects.filter(kind=trail.kind_of(Channel), thing_id__in=keys, name__in=("open", "take_over"))
    return dict(steps.order_by("id").values_list("thing_id", "at"))


def live_spans(watches: Sequence[Watch], *, now: datetime) -> dict[int, Spans]:
    """When each channel was live since the last walk, by its trail; one query."""
    if not watches:
        return {}
    first = min(row.counted_until for row in watches)
    steps = Step.objects.filter(
        kind=trail.kind_of(Channel), thing_id__in=[row.channel_id for row in watches], name__in=CHANGES,
        at__gt=first, at__lte=now,
    )  # fmt: skip
    changes = defaultdict[int, list[tuple[datetime, bool]]](list)
    for channel, at, after in steps.order_by("id").values_list("thing_id", "at", "after"):
        changes[channel].append((at, after == "live"))
    return {
        row.channel_id: rules.live_spans(
            row.counted_until,
            now,
            [change for change in changes[row.channel_id] if change[0] > row.counted_until],
            live_now=row.channel.state == "live",
        )
        for row in watches
    }


def expect(
    watches: Sequence[Watch], running: Iterable[Heightened], live: dict[int, Spans], paces: Paces, *, now: datetime
) -> Iterator[Due]:
    """The rounds that began to be expected since the last walk, unsaved."""
    by_channel = {row.channel_id: row for row in running}
    quick = pace.heightened_pace()
    for row in watches:
        channel, after = row.channel, row.counted_until
        hours = paces.hours(channel)
        found = [*rules.within_days(after, now, hours, rounds=row.rounds), *rules.weeks(after, now)]
        for one in found:
            if rules.live_at(one.since, live[row.channel_id]):
                yield due_of(channel, one)
        time = by_channel.get(channel.pk)
        if time is not None:
            for one in rules.heightened(time.since, time.until, quick, upto=now):
                if one.since <= after or rules.live_at(one.since, live[row.channel_id]):
                    yield due_of(channel, one, heightened=time)


def due_of(channel: Channel, one: Expected, heightened: Heightened | None = None) -> Due:
    """An expected round of a channel."""
    return Due(
        channel=channel, unit_id=channel.unit_id, kind=one.kind.value, day=one.day, since=one.since, until=one.until,
        heightened=heightened,
    )  # fmt: skip


def write_down(found: list[Due], *, now: datetime) -> None:
    """Save those that are not there yet, with who is on duty, and their first steps in the trail."""
    if not found:
        return
    there = set(
        Due.objects.filter(channel__in={due.channel_id for due in found}, until__in={due.until for due in found})
        .values_list("channel_id", "kind", "until")
    )  # fmt: skip
    new = [due for due in found if (due.channel_id, due.kind, due.until) not in there]
    if not new:
        return
    crew = Crew(list({due.channel_id: due.channel for due in new}.values()), now=now)
    for due in new:
        due.holder_id = crew.rota.holder(due.channel, due.day, outside=crew.outside(due))
    Due.objects.bulk_create(sorted(new, key=lambda due: (due.since, due.until, due.channel_id)))
    trail.write_many(Due, [first_step(due) for due in new], by=OVERSIGHT, at=now)


def first_step(due: Due) -> trail.Many:
    """That a round is expected, for the trail."""
    facts = {"since": due.since, "until": due.until, "channel": due.channel_id, "holder": due.holder_id}
    return trail.Many(due.pk, str(due), "expect", "", due.state, trail.plain(facts))


def settle(live: dict[int, Spans], *, now: datetime) -> None:
    """Say of each expected round whose time is up what became of it; and of each missed one who made it good.

    Whoever signs sees to that at once; this finds what was written down later than it was made.
    """
    rounds = Round.objects.filter(channel=OuterRef("channel"), state="signed", signed_at__gt=OuterRef("since"))
    first = Subquery(rounds.order_by("signed_at", "pk").values("pk")[:1])
    in_time = Subquery(
        rounds.filter(signed_at__lte=OuterRef("until")).order_by("signed_at", "pk").values("pk")[:1]
    )  # fmt: skip
    open_ = Due.objects.filter(Q(state="waiting") | Q(state="missed", made_good_by=None))
    rows = open_.annotate(first=first, in_time=in_time).select_related("heightened", "channel")
    for due in rows.order_by("until", "pk"):
        if due.state == "missed":
            if due.first is not None:
                trail.take("make_good", due, by=OVERSIGHT, at=now, made_good_by_id=due.first)
        elif due.in_time is not None:
            trail.take("meet", due, by=OVERSIGHT, at=now, met_by_id=due.in_time)
        elif due.until <= now - GRACE:
            trail.take("lapse" if not_owed(due, live) else "miss", due, by=OVERSIGHT, at=now, found_at=now)
            if due.state == "missed" and due.first is not None:
                trail.take("make_good", due, by=OVERSIGHT, at=now, made_good_by_id=due.first)


def not_owed(due: Due, live: dict[int, Spans]) -> bool:
    """Whether the channel was not live when the time was up, or the heightened time had been ended before."""
    time = due.heightened
    if time is not None and time.ended_at is not None and due.until > time.ended_at:
        return True
    spans = live.get(due.channel_id, [])
    known = bool(spans) and due.until >= spans[0][0]
    return not rules.live_at(due.until, spans) if known or not spans else due.channel.state != "live"


def tell(*, now: datetime) -> None:
    """Remind those on duty of what ends soon, and tell of what was missed, level by level, each once.

    Nobody is hurried about a channel that stands still since a restore.
    """
    with transaction.atomic():
        held = restored.held().values("pk")
        soon = Q(state="waiting", reminded_at=None, until__gt=now, until__lte=now + rules.WEEK)
        late = Q(state="missed", made_good_by=None, told_level__lt=len(LEVELS))
        open_ = Due.objects.select_for_update(of=("self",)).filter(soon | late).exclude(channel__in=held)
        rows = list(open_.select_related("channel__unit").order_by("until", "pk")[:AT_ONCE])
        paces, quick = Paces(), pace.heightened_pace()
        ending = [due for due in rows if due.state == "waiting" and now >= remind_at(due, paces)]
        # The week ends at midnight, and nobody is woken for it.
        levels = {
            due: rules.levels_to_tell(rules.by_day(due.until, quick), now, due.told_level, after_minutes())
            for due in rows
            if due.state == "missed"
        }
        missed = {due: some for due, some in levels.items() if some}
        if not ending and not missed:
            return
        crew = Crew(list({due.channel_id: due.channel for due in (*ending, *missed)}.values()), now=now)
        remind(ending, crew, now=now)
        escalate(missed, crew, now=now)


def remind_at(due: Due, paces: Paces) -> datetime:
    """When whoever is on duty is reminded of a round; of the week's on its last working day."""
    lead = timedelta(minutes=policy.number("oversight.remind_before_minutes"))
    if due.kind == Kind.WEEKLY:
        return closing_before(due.until, paces.hours(due.channel)) - lead
    return due.until - min(lead, (due.until - due.since) / LAST_PART)


def remind(dues: Sequence[Due], crew: Crew, *, now: datetime) -> None:
    """Remind whoever is on duty, once of each round, in one notice of those that end at the same time."""
    groups = defaultdict[tuple[datetime, frozenset[int]], list[Due]](list)
    people: dict[int, Person] = {}
    for due in dues:
        told = crew.at_level(due, None)
        people |= {person.pk: person for person in told}
        also = {"told": sorted(person.pk for person in told)}
        trail.take("remind", due, by=OVERSIGHT, at=now, also=also, reminded_at=now)
        groups[due.until, frozenset(person.pk for person in told)].append(due)
    for (until, told_keys), some in groups.items():
        names = sorted(due.channel.name for due in some)
        telling.tell(
            [people[pk] for pk in told_keys],
            kind="round_due",
            words=lambda names=names, until=until: words.remind(names, until, now),  # type: ignore[misc]  # bound now
            url=queries.HOME,
            now=now,
            urgent=any(due.kind == Kind.HEIGHTENED for due in some),
        )


def after_minutes() -> tuple[int, int, int]:
    """So many minutes after a round was missed each level is told: the cover at once."""
    manager = policy.number("oversight.tell_manager_after_minutes")
    return 0, manager, policy.number("oversight.tell_communications_after_minutes")


def escalate(dues: Mapping[Due, Sequence[Level]], crew: Crew, *, now: datetime) -> None:
    """Tell of missed rounds: the cover at once, then the manager, then the communications unit, each once."""
    groups = defaultdict[tuple[int, datetime, str, frozenset[int]], list[str]](list)
    people: dict[int, Person] = {}
    for due, levels in dues.items():
        for level in levels:
            told = crew.at_level(due, level)
            people |= {person.pk: person for person in told}
            keys = sorted(person.pk for person in told)
            number = LEVELS.index(level) + 1
            trail.take(f"tell_{level.value}", due, by=OVERSIGHT, at=now, also={"told": keys}, told_level=number)
            groups[number, due.until, due.kind, frozenset(keys)].append(due.channel.name)
    for (number, until, kind, told_keys), names in sorted(groups.items(), key=lambda group: group[0][1::-1]):
        level = LEVELS[number - 1]
        telling.tell(
            [people[pk] for pk in told_keys],
            kind="round_missed",
            words=lambda level=level, kind=kind, names=names, until=until: (  # type: ignore[misc]  # bound now
                f"{words.missed(kind, sorted(names), until)} {words.asks(level)}"
            ),
            url=queries.HOME,
            now=now,
            urgent=kind in {Kind.WEEKLY, Kind.HEIGHTENED},
        )
