"""A month of oversight as its report shows it: figures by channel, what was missed one by one, days with nobody there.

The figures are those of `figures`: rounds belong to the month of the day that they count for, a first look to the month
in which it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from uppsikt.channels.models import Channel
from uppsikt.kernel.hours import DAY
from uppsikt.oversight import figures
from uppsikt.oversight.figures import Figures, Scope, Tally, Workload
from uppsikt.oversight.models import Due, Hole

# So many missed rounds, and days with nobody there, are told one by one; of more, a unit or a channel is asked for.
MOST = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One channel's month."""

    channel: Channel
    figures: Figures

    @property
    def share(self) -> int | None:
        """How many of a hundred that came to their end were made in time; None of nothing."""
        total = self.figures.total
        return 100 * total.met // total.owed if total.owed else None

    @property
    def kinds(self) -> list[tuple[str, Tally]]:
        """The kinds of rounds that were expected at all."""
        return [(kind.value, tally) for kind, tally in self.figures.kinds.items() if tally.expected]


@dataclass(frozen=True, slots=True)
class Month:
    """The month: its channels by unit and name, all of them together, and what was missed, one by one."""

    first: date
    rows: list[Row]
    whole: Row | None
    missed: list[Due]
    holes: list[Hole]
    more_holes: bool
    people: list[Workload]

    @property
    def cut(self) -> bool:
        """Whether more were missed than are told one by one."""
        return self.whole is not None and self.whole.figures.total.missed > len(self.missed)

    @property
    def last(self) -> date:
        """The month's last day."""
        return after(self.first) - DAY


def after(first: date) -> date:
    """The first day of the next month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def month(channels: QuerySet[Channel], first: date) -> Month:
    """These channels' month that begins on a day."""
    last = after(first) - DAY
    listed = list(channels.select_related("unit").order_by("unit__name", "name", "pk"))
    keys = [row.pk for row in listed]
    told = figures.report(keys, first, last)
    holes = list(came(keys, first, last)[: MOST + 1])
    rows = [Row(each, told[Scope(channel=each.pk)]) for each in listed if Scope(channel=each.pk) in told]
    return Month(
        first,
        rows,
        Row(rows[0].channel, told[Scope()]) if rows else None,
        list(missed(keys, first, last)[:MOST]),
        holes[:MOST],
        len(holes) > MOST,
        [each for each in figures.workload(keys, first, last) if each.rounds or each.promised],
    )


def missed(keys: list[int], first: date, last: date) -> QuerySet[Due]:
    """The missed rounds, in order."""
    rows = Due.objects.filter(channel__in=keys, day__gte=first, day__lte=last, state="missed")
    return rows.select_related("channel", "unit", "holder", "made_good_by__by").order_by("until", "pk")


def came(keys: list[int], first: date, last: date) -> QuerySet[Hole]:
    """The days that came with nobody on the rota."""
    rows = Hole.objects.filter(channel__in=keys, state="came", day__gte=first, day__lte=last)
    return rows.select_related("channel", "person").order_by("day", "pk")
