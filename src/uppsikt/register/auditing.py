"""The audit: all checks on a channel, and what comes of what they find (D5, D8, D11, D13-D15, D39).

It reads what is known here and asks no network; what the networks show is read before it (`profiles`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.once import reading
from uppsikt.kernel.trail import Doer
from uppsikt.register import deviations, hand_looks
from uppsikt.register.checks.base import Check, Fault, Subject
from uppsikt.register.checks.table import BY_CODE, CHECKS
from uppsikt.register.deviation_models import Deviation, Exemption
from uppsikt.register.deviation_states import OPEN
from uppsikt.register.models import Entry
from uppsikt.register.musts import is_must

log = logging.getLogger(__name__)

AUDITOR = Doer.system("audit")
# What is being opened is held to the musts when it opens; what is closed owes nothing.
AUDITED = frozenset({"live", "paused"})
UNSEEN = Fault("unseen")
BROKE = Fault("broke")


@dataclass(slots=True)
class Outcome:
    """What an audit of one channel came to.

    `unseen` names checks for which nobody can see what they look at, `failed` those that broke: what they found
    before stands.
    """

    opened: list[Deviation] = field(default_factory=list)
    mended: list[Deviation] = field(default_factory=list)
    standing: list[Deviation] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def subject_of(channel: Channel, now: datetime) -> Subject:
    """The channel as the checks are given it; an entry that nobody has written in is empty."""
    entry = Entry.objects.filter(channel=channel).first() or Entry(channel=channel)
    looked = hand_looks.newest(channel)
    return Subject(channel=channel, entry=entry, profile=channel.profile, at=now, looked=looked)


def exempted(channel: Channel, now: datetime) -> set[str]:
    """The checks that a decision lets the channel be without today. No decision reaches what is a must for all."""
    codes = Exemption.objects.in_force(timezone.localdate(now)).filter(channel=channel).values_list("code", flat=True)
    return {code for code in codes if code in BY_CODE and (BY_CODE[code].exempt or not is_must(code))}


def must_haves(channel: Channel, now: datetime) -> list[tuple[Check, Fault]]:
    """What keeps the channel from going live: each must of the policy that is broken, with how.

    A must that nobody can see is broken (`UNSEEN`), and so is one whose check cannot be made (`BROKE`): what nobody
    has looked at is not in order.
    """
    free, subject = exempted(channel, now), subject_of(channel, now)
    musts = [check for check in CHECKS if check.code not in free and is_must(check.code)]
    return [(check, fault) for check in musts for fault in faults_of(check, subject)]


def faults_of(check: Check, subject: Subject) -> list[Fault]:
    """What a check finds; `UNSEEN` alone where nobody can see what it looks at, `BROKE` alone where it breaks."""
    try:
        with transaction.atomic():
            return list(check.look(subject)) if check.sees(subject) else [UNSEEN]
    except Exception:  # a boundary: one check that breaks must not silence the others
        log.exception("channel %s: the check %s broke", subject.channel.pk, check.code)
        return [BROKE]


def audit(channel: Channel, now: datetime, by: Doer = AUDITOR) -> Outcome:
    """Make every check on a channel: new faults become deviations, those whose fault is gone end by themselves."""
    outcome = Outcome()
    with transaction.atomic():
        # Two who audit the same channel at once would each find the same fault.
        channel = Channel.objects.select_for_update(no_key=True, of=("self",)).select_related(
            "unit", "responsible"
        ).get(pk=channel.pk)  # fmt: skip
        faults = look(channel, CHECKS, now, outcome) if channel.state in AUDITED else {}
        known = {
            (row.code, row.mark): row
            for row in Deviation.objects.filter(channel=channel, state__in=OPEN).select_related("owner")
        }
        for key, fault in faults.items():
            settle_fault(channel, key, fault, known.pop(key, None), outcome, by=by, now=now)
        deviations.tell_of(channel, outcome.opened, now=now)
        for (code, _mark), row in known.items():
            # What a person or another part of the register found is theirs to end.
            if code in BY_CODE and code not in outcome.failed and code not in outcome.unseen:
                outcome.mended.append(deviations.mend(row, by=by, now=now, reason=why_over(channel)))
            else:
                outcome.standing.append(row)
        for row in outcome.standing:
            deviations.keep_owned(row, channel, now=now)
    return outcome


def why_over(channel: Channel) -> str:
    """Why what is found no more is over, where it is not because somebody mended it."""
    return _("Kontot är avslutat.") if channel.state == "closed" else ""


def unseen(channel: Channel, now: datetime) -> list[Check]:
    """The checks for which nobody can see now what they look at. What several of them ask is asked once."""
    free, subject = exempted(channel, now), subject_of(channel, now)
    sights = {check.sees for check in CHECKS}
    blind = {sees for sees in sights if not sees(subject)}
    return [check for check in CHECKS if check.sees in blind and check.code not in free]


def look(channel: Channel, checks: Iterable[Check], now: datetime, outcome: Outcome) -> dict[tuple[str, str], Fault]:
    """What the checks find that no decision lets be, by check and mark. A check that breaks keeps no other away."""
    free, subject = exempted(channel, now), subject_of(channel, now)
    faults: dict[tuple[str, str], Fault] = {}
    with reading():
        for check in checks:
            if check.code in free:
                continue
            found = faults_of(check, subject)
            if found == [BROKE]:
                outcome.failed.append(check.code)
                continue
            if found == [UNSEEN]:
                outcome.unseen.append(check.code)
                continue
            faults.update({(check.code, fault.mark[:500]): fault for fault in found})
    return faults


def settle_fault(
    channel: Channel,
    key: tuple[str, str],
    fault: Fault,
    known: Deviation | None,
    outcome: Outcome,
    *,
    by: Doer,
    now: datetime,
) -> None:
    """Make a fault a deviation, or bring the one that is open up to date."""
    facts = {name: str(value)[:300] for name, value in fault.facts.items()}
    if known is None:
        outcome.opened.append(
            deviations.found(
                key[0],
                channel=channel,
                owner=deviations.owner_of(channel, now=now),
                mark=key[1],
                facts=facts,
                by=by,
                now=now,
                telling=False,
            )
        )
    else:
        if known.facts != facts:
            deviations.reword(known, facts=facts, by=by, now=now)
        outcome.standing.append(known)
