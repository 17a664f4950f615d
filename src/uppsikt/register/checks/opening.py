"""What an opening asks for beside what the account shows (D9, D16)."""

from __future__ import annotations

from datetime import timedelta

from uppsikt.register.checks.base import Check, Fault, Subject
from uppsikt.register.order_models import Launch, Opening

NEEDS = ("purpose", "goals", "audience")
# So long after it was opened an account may be quiet about itself.
LAUNCHED_WITHIN = timedelta(days=14)


def needs(subject: Subject) -> list[Fault]:
    """What the account is for, what it is to reach and whom, stated in the register (D9)."""
    return [Fault()] if any(not getattr(subject.entry, name).strip() for name in NEEDS) else []


def launch(subject: Subject) -> list[Fault]:
    """What makes a new account known: said on the website, linked from it, shared from other channels (D16)."""
    opening = Opening.objects.filter(channel=subject.channel).first()
    late = opening is not None and opening.ended_at is not None and subject.at - opening.ended_at > LAUNCHED_WITHIN
    if opening is None or not late:
        return []
    left = Launch.objects.filter(opening=opening, done_at=None).count()
    return [Fault(facts={"number": str(left)})] if left else []


CHECKS: tuple[Check, ...] = (
    Check("opening.needs", "D9", "Förvaltningslagen (2017:900) 6 §", needs, must=True),
    Check("opening.launch", "D16", "Förvaltningslagen (2017:900) 6 §", launch),
)
