"""What is done about a deviation: found, taken, handed on, postponed, mended, excused (D5, D13-D15).

What a check looks at is mended by the next audit and by nobody's word; what no check sees (an account that is not
ours) is ended by a person, with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.organisation import politicians
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.policy import queries as policy
from uppsikt.register import check_words
from uppsikt.register.checks.table import BY_CODE
from uppsikt.register.deviation_models import Deviation, Exemption
from uppsikt.register.deviation_states import OPEN
from uppsikt.register.musts import is_must

LATE, OWNERS = Doer.system("late_deviations"), Doer.system("deviation_owners")
# Who may be given one: those who can do something about it.
TAKERS = frozenset({*STAFF, Role.MANAGER})
LONGEST_WAIT = timedelta(days=365)


def address(deviation: Deviation) -> str:
    """Where the deviation is shown, without the host."""
    return f"/konton/avvikelser/{deviation.pk}/"


def found(
    code: str,
    *,
    channel: Channel | None,
    owner: Person,
    by: Doer,
    now: datetime,
    mark: str = "",
    facts: Mapping[str, str] | None = None,
    due_on: date | None = None,
    telling: bool = True,
) -> Deviation:
    """A new deviation, its owner told; the one that is open already where there is one.

    `due_on` is by the policy where it is not given (deviation.within_days). Without `telling` whoever calls tells of
    several at once (`tell_of`).
    """
    with transaction.atomic():
        standing = Deviation.objects.filter(channel=channel, code=code, mark=mark, state__in=OPEN).first()
        if standing is not None:
            return standing
        row = Deviation(
            channel=channel,
            code=code,
            mark=mark,
            facts=dict(facts or {}),
            found_at=now,
            owner=owner,
            due_on=due_on or due_by_policy(now),
        )
        trail.begin(
            row, by=by, at=now, step="find", also={"channel": channel, "code": code, "mark": mark, "facts": row.facts}
        )
        if telling:
            tell_owner(row, now=now)
    return row


def due_by_policy(now: datetime) -> date:
    """The last day on which something found now may be mended."""
    return timezone.localdate(now) + timedelta(days=policy.number("deviation.within_days"))


def tell_owner(row: Deviation, *, now: datetime) -> None:
    """Say to the owner what is wrong."""
    about = row.channel.name if row.channel else row.mark
    notices.tell(
        [row.owner],
        kind="deviation",
        words=lambda: (
            _("%(account)s: %(sentence)s")
            % {"account": about, "sentence": check_words.said(row.code, row.facts, row.mark).sentence}
        ),
        url=address(row),
        now=now,
    )


def tell_of(channel: Channel, rows: list[Deviation], *, now: datetime) -> None:
    """Say to the owner what an audit found on an account: one thing in its own words, more as a number."""
    if len(rows) == 1:
        tell_owner(rows[0], now=now)
    elif rows:
        notices.tell(
            [rows[0].owner],
            kind="deviation",
            words=lambda: (
                ngettext("%(account)s: %(n)s avvikelse", "%(account)s: %(n)s avvikelser", len(rows))
                % {"account": channel.name, "n": len(rows)}
            ),
            url=f"/konton/{channel.pk}/#audit",
            now=now,
        )


def take(row: Deviation, *, by: Person, now: datetime) -> Deviation:
    """Say that one sees to it."""
    return trail.take("take", row, by=by.doer, at=now, owner=by)


def hand(row: Deviation, *, to: Person, reason: str, by: Doer, now: datetime) -> Deviation:
    """Give it to another owner, who is told. Raises Refused for who has left, is elected, or could do nothing."""
    politicians.check(to)
    if not to.is_active:
        raise Refused("not_active", _("%(person)s arbetar inte kvar. Välj någon annan.") % {"person": to.name})
    if not to.roles & TAKERS:
        raise Refused(
            "no_role", _("%(person)s har ingen roll som kan åtgärda det. Välj någon annan.") % {"person": to.name}
        )
    with transaction.atomic():
        kept = trail.take("hand", row, by=by, at=now, reason=reason, owner=to)
        tell_owner(kept, now=now)
    return kept


def postpone(row: Deviation, *, due_on: date, reason: str, by: Doer, now: datetime) -> Deviation:
    """Give it another deadline, with why. Raises Refused for a day that has been, or is too far away."""
    today = timezone.localdate(now)
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför tiden ändras."))
    if due_on < today:
        raise Refused("has_been", _("Dagen har redan varit. Välj en dag som kommer."))
    if due_on > today + LONGEST_WAIT:
        raise Refused("too_late", _("Välj en dag inom ett år. Behövs mer tid än så behövs ett undantag."))
    return trail.take(
        "postpone", row, by=by, at=now, reason=reason, also={"before": row.due_on}, due_on=due_on, late_at=None
    )


def note(row: Deviation, *, words: str, by: Doer, now: datetime) -> Deviation:
    """Write down what was said or done about it."""
    if not words.strip():
        raise Refused("no_words", _("Skriv vad som sades eller gjordes."))
    return trail.take("note", row, by=by, at=now, reason=words.strip())


def reword(row: Deviation, *, facts: Mapping[str, str], by: Doer, now: datetime) -> Deviation:
    """The fault is still there, but another than it was."""
    return trail.take("reword", row, by=by, at=now, also={"before": row.facts}, facts=dict(facts))


def mend(row: Deviation, *, by: Doer, now: datetime, reason: str = "") -> Deviation:
    """The fault is gone."""
    return trail.take("mend", row, by=by, at=now, reason=reason, ended_at=now)


def settle(row: Deviation, *, reason: str, by: Doer, now: datetime) -> Deviation:
    """A person says that it is over, with why; only where no check can see it. Raises Refused."""
    if row.channel_id is not None and row.code in BY_CODE:
        raise Refused(
            "ends_by_itself", _("Avvikelsen stängs av sig själv när felet är borta. Kontrollera kontot igen.")
        )
    if not reason.strip():
        raise Refused("no_reason", _("Skriv hur det blev."))
    return mend(row, by=by, now=now, reason=reason.strip())


def exempt(
    channel: Channel,
    code: str,
    *,
    decision: str,
    decided_on: date,
    until: date,
    reason: str,
    by: Person,
    now: datetime,
) -> Exemption:
    """Let a check not hold for a channel until a day, by a decision; what is open of it is excused (D15).

    What the policy makes a must can only be exempted where the guideline itself says so. Raises Refused.
    """
    check = BY_CODE.get(code)
    if check is None:
        raise Refused("no_check", _("Kontrollen finns inte längre. Ladda om sidan."))
    if Role.COMMUNICATIONS not in by.roles:
        raise Refused("not_yours", _("Undantag beslutas av kommunikationsenheten."))
    if is_must(code) and not check.exempt:
        raise Refused(
            "is_must",
            _("”%(check)s” måste alla konton ha enligt policyn. Ändra policyn om det inte ska gälla.")
            % {"check": check_words.name(code)},
        )
    today = timezone.localdate(now)
    check_dates(today, decision=decision, decided_on=decided_on, until=until)
    with transaction.atomic():
        # An audit of the same channel would find what is being excused; and of two who write it, one does.
        Channel.objects.select_for_update(no_key=True, of=("self",)).get(pk=channel.pk)
        if Exemption.objects.in_force(today).filter(channel=channel, code=code).exists():
            raise Refused("exempt_already", _("Kontot har redan ett sådant undantag. Låt det upphöra först."))
        row = Exemption(
            channel=channel,
            code=code,
            decision=decision.strip(),
            decided_on=decided_on,
            reason=reason,
            since=today,
            until=until,
            by=by,
        )
        trail.begin(
            row,
            by=by.doer,
            at=now,
            step="exempt",
            reason=reason,
            also={"channel": channel, "code": code, "decision": decision, "decided_on": decided_on, "until": until},
        )
        for deviation in Deviation.objects.filter(channel=channel, code=code, state__in=OPEN):
            trail.take("excuse", deviation, by=by.doer, at=now, reason=decision, ended_at=now, exemption=row)
    return row


def check_dates(today: date, *, decision: str, decided_on: date, until: date) -> None:
    """Raise Refused for a decision that is none, or that ends before it holds."""
    if not decision.strip():
        raise Refused("no_decision", _("Skriv vilket beslut undantaget vilar på, till exempel dnr."))
    if decided_on > today:
        raise Refused("not_decided", _("Beslutet kan inte vara fattat i framtiden. Ändra datumet."))
    if until <= today:
        raise Refused("ends_first", _("Undantaget behöver gälla längre än i dag. Välj ett senare slutdatum."))
    if until > today + 5 * LONGEST_WAIT:
        raise Refused("too_late", _("Ett undantag prövas på nytt minst vart femte år. Välj ett tidigare slutdatum."))


def end_exemption(row: Exemption, *, reason: str, by: Doer, now: datetime) -> Exemption:
    """Let the check hold again at once."""
    return trail.take("end", row, by=by, at=now, reason=reason)


def owner_of(channel: Channel, *, now: datetime) -> Person:
    """Who is to see to what is wrong: whoever is responsible, or the manager where that person has left (D5)."""
    if channel.responsible.is_active:
        return channel.responsible
    managers = organisation.managers(channel.unit, at=now)
    return managers[0] if managers else channel.responsible


def keep_owned(row: Deviation, channel: Channel, *, now: datetime) -> None:
    """Give what is still wrong to whoever answers for the account, where its owner works here no more (D5)."""
    if row.owner.is_active:
        return
    owner = owner_of(channel, now=now)
    if owner.is_active and not owner.politician and owner.roles & TAKERS:
        words = _("%(person)s arbetar inte kvar.") % {"person": row.owner.name}
        hand(row, to=owner, reason=words, by=OWNERS, now=now)


def tell_late(*, now: datetime) -> int:
    """Tell the managers of what was not mended in time, once for each deadline; how many were told of.

    A manager is told of one in its own words, of more as a number: a municipality that begins has hundreds.
    """
    rows = Deviation.objects.filter(state__in=OPEN, due_on__lt=timezone.localdate(now), late_at=None)
    by_unit: dict[Unit | None, list[Deviation]] = {}
    for row in rows.select_related("channel__unit", "owner__unit").order_by("due_on", "id"):
        by_unit.setdefault(row.channel.unit if row.channel else row.owner.unit, []).append(row)
    for unit, late in by_unit.items():
        managers = list(organisation.managers(unit, at=now)) if unit else []
        with transaction.atomic():
            for row in late:
                trail.take("late", row, by=LATE, at=now, late_at=now)
            people = managers or list({row.owner_id: row.owner for row in late}.values())
            words, url = late_words(late[0]), address(late[0])
            if len(late) > 1:
                words, url = many_late(late, unit), "/konton/avvikelser/?lage=sena"
            notices.tell(people, kind="deviation_late", words=words, url=url, now=now)
    return sum(map(len, by_unit.values()))


def many_late(rows: list[Deviation], unit: Unit | None) -> Callable[[], str]:
    """What the manager is told of several."""
    return lambda: (
        ngettext(
            "%(unit)s: %(n)s avvikelse skulle ha varit åtgärdad nu.",
            "%(unit)s: %(n)s avvikelser skulle ha varit åtgärdade nu.",
            len(rows),
        )
        % {"unit": unit.name if unit else _("Kontona"), "n": len(rows)}
    )


def late_words(row: Deviation) -> Callable[[], str]:
    """What the manager is told."""
    return lambda: (
        _("%(account)s: ”%(check)s” skulle ha varit åtgärdat %(day)s. %(owner)s ansvarar.")
        % {
            "account": row.channel.name if row.channel else row.mark,
            "check": check_words.name(row.code),
            "day": row.due_on.isoformat(),
            "owner": row.owner.name,
        }
    )
