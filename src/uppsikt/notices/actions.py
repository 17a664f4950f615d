"""Telling people things, each by the ways they chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.kernel.errors import Refused
from uppsikt.notices import delivering, queries
from uppsikt.notices.letters import write_letter as write_letter  # noqa: PLC0414  # rooms above write letters too
from uppsikt.notices.models import Choice, Habits, Notice
from uppsikt.notices.rules import LETTERS, STOPPED, TEST, Way
from uppsikt.organisation.models import Person
from uppsikt.ui.times import when_words

# A text message costs money, and a webhook leads to somebody else's server.
TRIALS_AN_HOUR = 20


def tell(
    people: Iterable[Person], *, kind: str, words: Callable[[], str], url: str, now: datetime, urgent: bool = False
) -> list[Notice]:
    """Give each person a notice by the ways they chose for its kind. Part of the transaction that is open.

    `words` is called once for each person, in that person's language. Besides a job for each delivery, the
    number of queries does not grow with the number of people.
    """
    told = list(people)
    with transaction.atomic():
        ways = queries.ways_of(told, kind)
        notices = Notice.objects.bulk_create(
            Notice(
                person=person,
                kind=kind,
                words=in_language_of(person, words),
                url=url,
                urgent=urgent,
                at=now,
                on_page=Way.PAGE in ways[person.pk],
            )
            for person in told
        )
        delivering.write([(notice, ways[notice.person_id]) for notice in notices], now=now)
    return notices


def tell_of_lock(person: Person, until: datetime, *, now: datetime) -> None:
    """Tell somebody that many wrong passwords were tried on their account."""

    def words() -> str:
        return _(
            "Någon skrev fel lösenord till ditt konto många gånger. Inloggning med lösenord är låst till %(until)s. "
            "Du kan logga in med en länk till din e-post."
        ) % {"until": when_words(until, now)}

    tell([person], kind="login_locked", words=words, url=queries.SECURITY_PAGE, now=now, urgent=True)


def tell_of_login_change(person: Person, *, now: datetime) -> None:
    """Tell somebody that the way they log in has changed, whoever changed it."""
    tell(
        [person],
        kind="login_changed",
        words=lambda: _("Sättet du loggar in på har ändrats. Var det inte du, kontakta systemadministratören genast."),
        url=queries.SECURITY_PAGE,
        now=now,
        urgent=True,
    )


def in_language_of(person: Person, words: Callable[[], str]) -> str:
    """Words as the person reads them, whatever language the page or job has that tells."""
    with translation.override(person.language):
        return words()


def read(person: Person, *, now: datetime, ids: Iterable[int] | None = None) -> int:
    """Mark a person's notices as read: these, or all."""
    unread = Notice.objects.filter(person=person, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=now)


def choose(person: Person, kind: str, *, ways: Iterable[Way]) -> None:
    """A person chooses the ways of a kind of notice. Raises Refused where there would be none, or two letters."""
    chosen = set(ways)
    if not chosen:
        raise Refused(
            "no_way",
            _("”%(kind)s” behöver minst ett sätt, annars får du aldrig veta det. Kryssa i till exempel Sidan.")
            % {"kind": kind_words(kind)},
        )
    if chosen.issuperset(LETTERS):
        raise Refused(
            "two_letters",
            _("Välj antingen e-post genast eller en gång om dagen för ”%(kind)s”.") % {"kind": kind_words(kind)},
        )
    Choice.objects.update_or_create(
        person=person, kind=kind, defaults={"ways": [way.value for way in Way if way in chosen]}
    )


def keep_habits(person: Person, **habits: object) -> Habits:
    """Keep when a person wants quiet, and when the daily letter comes (fields of Habits)."""
    return Habits.objects.update_or_create(person=person, defaults=habits)[0]


def try_out(person: Person, way: Way, *, address: int | None = None, now: datetime) -> Notice:
    """Send a trial by one way, at once and whatever the quiet hours: the person asked for it. Raises Refused."""
    if Notice.objects.filter(person=person, kind=TEST, at__gt=now - timedelta(hours=1)).count() >= TRIALS_AN_HOUR:
        raise Refused("too_many", _("Du har provat många gånger den senaste timmen. Vänta en stund."))
    words = in_language_of(person, lambda: _("Ett prov från Uppsikt: så här ser en avisering ut."))
    with transaction.atomic():
        notice = Notice.objects.create(
            person=person, kind=TEST, words=words, url=queries.CHOICES_PAGE, at=now, on_page=way is Way.PAGE
        )
        delivering.write_one(notice, way, address=address, now=now)
    return notice


def kind_words(kind: str) -> str:
    """A kind of notice, in words."""
    return {
        "assigned": _("Någon lämnar över ett ärende till dig"),
        "expert_answered": _("En sakkunnig har svarat"),
        "not_sent": _("Ett svar gick inte att publicera"),
        "woken": _("Ett ärende som lades åt sidan är tillbaka"),
        "late": _("Ett ärende är försenat"),
        "due_soon": _("Ett ärende ska besvaras snart"),
        "channel_trouble": _("En kanal går inte att läsa"),
        "triage.urgent": _("Något i en kanal behöver ses genast"),
        "triage.history": _("Något i en ny kanals historik behöver ses"),
        "login_changed": _("Sättet du loggar in på har ändrats"),
        "login_locked": _("Din inloggning har låsts"),
        "backup_trouble": _("En säkerhetskopia gick inte att ta eller är för gammal"),
        "seals_wrong": _("Något i spåret är ändrat, eller spåret förseglas inte"),
        "heightened": _("Skärpt uppsikt i en kanal"),
        "round_due": _("En uppsiktsrunda väntar"),
        "round_missed": _("En uppsiktsrunda har missats"),
        "mandate": _("Ett uppdrag eller ansvar i en kanal börjar eller upphör"),
        "guideline": _("Riktlinjen har ändrats och ska kvitteras"),
        "loan": _("Ett konto lånas ut eller lämnas tillbaka"),
        "rota_hole": _("En dag saknar någon som har uppsikten"),
        "order": _("En beställning av ett konto väntar, eller är besvarad"),
        "deviation": _("Ett konto är inte som det ska"),
        "deviation_late": _("En avvikelse är inte åtgärdad i tid"),
        "account_still": _("Ett konto ligger still"),
        "account_ends": _("Ett konto ska avslutas eller överlåtas"),
        "profile_changed": _("Ett kontos namn, beskrivning eller bild har ändrats"),
        "removal_asked": _("Ett förslag att ta bort något väntar på ditt beslut"),
        "removal_answered": _("Det du föreslog får stå kvar"),
        "removal_failed": _("Något gick inte att ta bort, eller syns igen"),
        "vanished": _("Något är borta ur en kanal utan beslut"),
        "ruling": _("En fråga till nämndkansliet, eller svaret på den"),
        "block": _("En avstängning väntar på dig"),
        "reconsideration": _("Någon ber att få ett beslut prövat igen"),
        "incident": _("Vi kan ha publicerat något hemligt"),
        STOPPED: _("Ett sätt att nå dig har slutat fungera"),
        TEST: _("Ett prov"),
    }[kind]
