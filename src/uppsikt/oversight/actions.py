"""What people do in oversight: open a sweep, be shown what is new, say what was done, sign (D25).

The page's way: `open_sweep` for the channels chosen; `queries.news_of` gives what is new, most urgent first by triage;
as it comes on the screen, `show`; where something is done about an item, `note_deed`; at the end `sign`, once for all
channels. What comes in meanwhile belongs to the next round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels import gate
from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.oversight import meeting, queries, watching
from uppsikt.oversight.models import Deed, Round, Shown, Sweep, Watch
from uppsikt.oversight.rules import Result, What
from uppsikt.oversight.words import listed
from uppsikt.records import actions as records
from uppsikt.records import reading
from uppsikt.records.models import Item

# Whoever has had a sweep open for longer has not looked at what came since: then a new one is opened.
LONGEST_OPEN = timedelta(hours=12)

SHOW = """
INSERT INTO oversight_shown (round_id, version_id, item_id, at)
SELECT r.id, v.id, v.item_id, %(at)s
FROM oversight_round r
JOIN oversight_watch w ON w.channel_id = r.channel_id
JOIN records_item i ON i.channel_id = r.channel_id
JOIN records_version v ON v.item_id = i.id AND v.id > r.after AND v.id <= r.through
WHERE r.sweep_id = %(sweep)s AND r.state = 'open' AND i.id = ANY(%(items)s)
  AND NOT (v.number = 1 AND v.id <= coalesce(w.history_through, v.id) AND i.at < w.history_from)
ORDER BY v.id
ON CONFLICT (round_id, version_id) DO NOTHING
"""

# How long each thing received lay before it was looked at; what was published before we came is left out.
FIRST_LOOK = """
INSERT INTO oversight_firstlook (item_id, channel_id, unit_id, round_id, published_at, seen_at, seconds)
SELECT i.id, i.channel_id, r.unit_id, r.id, i.at, i.known_at,
  greatest(0, floor(extract(epoch FROM i.known_at - i.at)))::bigint
FROM oversight_round r
JOIN oversight_shown s ON s.round_id = r.id
JOIN records_version v ON v.id = s.version_id AND v.number = 1
JOIN records_item i ON i.id = v.item_id
JOIN oversight_watch w ON w.channel_id = r.channel_id
WHERE r.sweep_id = %(sweep)s AND r.state = 'signed' AND i.direction = 'received' AND i.known_at IS NOT NULL
  AND i.at >= w.since
ORDER BY i.id
ON CONFLICT (item_id) DO NOTHING
"""


def open_sweep(channels: Iterable[Channel], *, by: Person, now: datetime) -> Sweep:
    """Begin to look over one or several channels: an open round for each, up to the newest thing that is there.

    What the person has open on these channels is left, unsigned. Raises Refused without a channel, for one that is
    closed, and for one that the person has no mandate on.
    """
    chosen = {channel.pk: channel for channel in channels}
    if not chosen:
        raise Refused("no_channel", _("Välj minst en kanal att titta igenom."))
    check_may(chosen.values(), by=by, now=now)
    with transaction.atomic():
        watching.hold(chosen)
        for old in Round.objects.filter(by=by, channel__in=chosen, state="open").order_by("pk"):
            trail.take("leave", old, by=by.doer, at=now, ended_at=now)
        watches = watching.watches(list(chosen.values()), now=now)
        for pk, row in watches.items():
            watching.close_history(row, chosen[pk])
        new, newest = watching.fresh(list(chosen)), watching.newest_key()
        # Asked for now that they are held: one may have been connected this minute.
        unread = set(Channel.objects.filter(pk__in=chosen, connected_at=None).values_list("pk", flat=True))
        sweep = Sweep.objects.create(by=by, opened_at=now)
        for pk, row in watches.items():
            found = new.get(pk, watching.Fresh())
            round_ = Round(
                sweep=sweep,
                channel=chosen[pk],
                unit_id=chosen[pk].unit_id,
                by=by,
                opened_at=now,
                after=row.seen_through,
                through=max(newest, row.seen_through),
                first_id=found.first,
                last_id=found.last,
                wordings=found.wordings,
                read_at=chosen[pk].pulled_at,
                outside=pk in unread,
            )
            also = {"sweep": sweep, "first": found.first, "last": found.last, "wordings": found.wordings}
            also |= {"outside": True} if round_.outside else {}
            trail.begin(round_, by=by.doer, at=now, step="open", also=also)
    return sweep


def check_may(channels: Iterable[Channel], *, by: Person, now: datetime) -> None:
    """Raise Refused unless the person may make rounds of each of these channels."""
    allowed = queries.looked_after(by, at=now)
    for channel in channels:
        if channel.state == "closed":
            raise Refused("closed", _("%(channel)s är avslutad. Där görs inga rundor.") % {"channel": channel})
        if channel.pk not in allowed:
            gate.check_known(by, now=now)
            raise Refused(
                "no_mandate",
                _("Du har inget uppdrag i %(channel)s. Be enhetens chef om ett, eller lämna över rundan.")
                % {"channel": channel},
            )


def show(sweep: Sweep, items: Iterable[int], *, by: Person, now: datetime) -> int:
    """Note that these items (by key) are before the person, each with all its new wordings; returns how many wordings
    were not noted before. What the person may not read, or the sweep does not cover, is passed over."""
    check_own(sweep, by=by)
    reader = reading.reader(by, now=now)
    allowed = reading.readable(Item.objects.filter(pk__in=list(items)), reader)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SHOW, {"at": now, "sweep": sweep.pk, "items": list(allowed.values_list("pk", flat=True))})
        return int(cursor.rowcount)


def check_own(sweep: Sweep, *, by: Person) -> None:
    """Raise Refused for somebody else's sweep."""
    if sweep.by_id != by.pk:
        raise Refused("not_yours", _("Rundan är öppnad av %(name)s. Öppna en egen.") % {"name": sweep.by})


def note_deed(sweep: Sweep, item: Item, *, what: What, by: Person, now: datetime, words: str = "") -> Deed:
    """Note what was done about an item in the course of the sweep. Raises Refused where its round has ended."""
    check_own(sweep, by=by)
    with transaction.atomic():
        round_ = open_rounds(sweep).filter(channel=item.channel_id).first()
        if round_ is None:
            raise Refused("ended", _("Rundan är avslutad. Öppna en ny."))
        deed = Deed.objects.create(round=round_, item=item, what=what.value, words=words, by=by, at=now)
        trail.note("deed", round_, by=by.doer, at=now, also={"item": item, "what": what.value})
    return deed


def open_rounds(sweep: Sweep) -> QuerySet[Round]:
    """The rounds of a sweep that are still open, locked, in order."""
    rows = Round.objects.select_for_update(of=("self",)).filter(sweep=sweep, state="open")
    return rows.select_related("channel").order_by("channel_id")


def sign(sweep: Sweep, *, by: Person, now: datetime, notes: Mapping[int, str] | None = None) -> list[Round]:
    """Sign all rounds of a sweep: "nothing to remark" for each channel where nothing was done and nothing is said.

    `notes` are words by the channel's key. Sets the records' time of knowledge, to when each was shown. Raises Refused
    while anything has not been shown, or an account that is not read here has not been looked at, for a sweep that is
    too old, ended or another's. The database refuses as well.
    """
    check_own(sweep, by=by)
    if now - sweep.opened_at > LONGEST_OPEN:
        raise Refused("too_old", _("Rundan öppnades för länge sedan. Öppna en ny, så ser du det som har kommit sedan."))
    with transaction.atomic():
        rounds = going_on(open_rounds(sweep), by=by, now=now)
        check_may([each.channel for each in rounds], by=by, now=now)
        check_shown(rounds)
        check_looked(rounds)
        watches = Watch.objects.select_for_update().filter(channel__in=[each.channel_id for each in rounds])
        by_channel = {row.channel_id: row for row in watches.order_by("channel_id")}
        done = set(Deed.objects.filter(round__in=rounds).values_list("round_id", flat=True))
        know(rounds, by=by)
        for each in rounds:
            note = (notes or {}).get(each.channel_id, "").strip()
            sign_one(each, acted=bool(note) or each.pk in done, note=note, by=by, now=now)
            row = by_channel[each.channel_id]
            row.seen_through, row.seen_at = max(row.seen_through, each.through), now
        Watch.objects.bulk_update(by_channel.values(), ["seen_through", "seen_at"])
        with connection.cursor() as cursor:
            cursor.execute(FIRST_LOOK, {"sweep": sweep.pk})
        meeting.count_for(rounds, now=now)
    return rounds


def going_on(rounds: Iterable[Round], *, by: Person, now: datetime) -> list[Round]:
    """The rounds that can be signed: one of a channel that has been closed meanwhile is left, and stops no other.

    Raises Refused where none is there.
    """
    listed = list(rounds)
    going = [each for each in listed if each.channel.state != "closed"]
    if listed and not going:
        check_may([each.channel for each in listed], by=by, now=now)
    if not going:
        raise Refused("ended", _("Rundan är avslutad. Öppna en ny."))
    for each in listed:
        if each.channel.state == "closed":
            trail.take("leave", each, by=by.doer, at=now, reason=_("Kanalen har avslutats."), ended_at=now)
    return going


def check_shown(rounds: list[Round]) -> None:
    """Raise Refused while anything that the rounds cover has not been shown."""
    if left := watching.left(rounds):
        words = ngettext(
            "%(n)s nyhet är inte visad än. Gå igenom den först, så kan du signera.",
            "%(n)s nyheter är inte visade än. Gå igenom dem först, så kan du signera.",
            left,
        )
        raise Refused("not_shown", words % {"n": left})


def check_looked(rounds: list[Round]) -> None:
    """Raise Refused while nobody has stated to have looked at an account that is not read here."""
    if left := [each.channel.name for each in rounds if each.outside and each.looked_at is None]:
        words = ngettext(
            "%(names)s läses inte här. Öppna kontot på nätet, titta igenom det nya och säg att du har gjort det.",
            "%(names)s läses inte här. Öppna kontona på nätet, titta igenom det nya och säg att du har gjort det.",
            len(left),
        )
        raise Refused("not_looked", words % {"names": listed(left)})


def sign_one(each: Round, *, acted: bool, note: str, by: Person, now: datetime) -> None:
    """Sign a round."""
    result = Result.ACTED if acted else Result.NOTHING
    also: dict[str, Any] = {"through": each.through, "wordings": each.wordings}
    also |= {"outside": True, "looked_at": each.looked_at} if each.outside else {}
    trail.take("sign", each, by=by.doer, at=now, also=also, signed_at=now, ended_at=now, result=result.value, note=note)


def know(rounds: list[Round], *, by: Person) -> None:
    """From when it was before the person, the municipality knows of it (1998:112 §§ 4 a and 5)."""
    shown = Shown.objects.filter(round__in=rounds, item__known_at=None, item__direction="received")
    seen = dict(shown.values("item_id").annotate(first=Min("at")).values_list("item_id", "first"))
    if seen:
        records.know_each(seen, by=by.doer)


def leave(sweep: Sweep, *, by: Person, now: datetime) -> None:
    """Close a sweep without signing it; what it showed is new again in the next."""
    check_own(sweep, by=by)
    with transaction.atomic():
        for each in open_rounds(sweep):
            trail.take("leave", each, by=by.doer, at=now, ended_at=now)
