"""What the workers run for the front of the house."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.kernel import seal_news, seal_words
from uppsikt.kernel.findings import Findings
from uppsikt.kernel.models import Verification
from uppsikt.kernel.queue import job
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.web import login_links


@job("web.send_login_link", queue="mail")
def send_login_link(email: str) -> None:
    """Send a one-time link. Here and not in the page, so that its answer takes as long whoever is asked for."""
    login_links.send(email, now=timezone.now())


@seal_news.WRONG.heard_by("web")
def seals_wrong(verification_id: int) -> None:
    """Something that was sealed is not as it was: those who run it and who answer for it know at once."""
    found = Findings(Verification.objects.get(pk=verification_id).outcome["found"])

    def words() -> str:
        number = sum(found.counts.values())
        first = seal_words.say(found.kept[0])
        return _("Något i spåret är inte som det var (%(number)d fel). %(first)s") % {
            "number": number,
            "first": first.what,
        }

    tell_minders(words, urgent=True)


@seal_news.STALE.heard_by("web")
def seals_stale(minutes: int) -> None:
    """What happens is not being sealed."""
    tell_minders(
        lambda: _("Spåret förseglas inte: något har väntat i %(minutes)d minuter.") % {"minutes": minutes}, urgent=True
    )


@seal_news.STAMP_TROUBLE.heard_by("web")
def stamp_trouble(number: int, code: str) -> None:
    """The authority has not time-stamped a day's head for hours; nothing is lost, and it is tried on."""
    facts = {"number": number, "code": code}
    tell_minders(lambda: _("Sigill %(number)d har inte kunnat tidsstämplas (%(code)s). Försöken fortsätter.") % facts)


def tell_minders(words: Callable[[], str], *, urgent: bool = False) -> None:
    """Tell system administrators and the communications unit, each once."""
    now = timezone.now()
    notices.tell(minders(), kind="seals_wrong", words=words, url=reverse("web:seals"), now=now, urgent=urgent)


def minders() -> QuerySet[Person]:
    """System administrators and the communications unit."""
    now = timezone.now()
    return organisation.people_with_role(Role.ADMINISTRATOR, at=now) | organisation.people_with_role(
        Role.COMMUNICATIONS, at=now
    )
