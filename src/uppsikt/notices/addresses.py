"""Where a person is reached besides e-mail: added, confirmed, removed by that person."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Address
from uppsikt.notices.rules import Way, phone_number
from uppsikt.notices.ways import push, sms, webhook
from uppsikt.notices.ways.base import Undelivered
from uppsikt.organisation.models import Person

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
# A gateway costs money, and somebody else's telephone may ring.
BETWEEN_CODES = timedelta(minutes=1)
MOST = 10
# Longer than any service gives out.
LONGEST_WEBHOOK = 1000


def add_phone(person: Person, words: str, *, now: datetime) -> Address:
    """Take down a telephone number and send a code to it. Raises Refused."""
    if not sms.is_on():
        raise Refused("no_gateway", _("Sms är inte påslaget i den här installationen. Fråga systemadministratören."))
    number = phone_number(words)
    if number is None:
        raise Refused("bad_phone", _("Skriv ett mobilnummer, till exempel 070-123 45 67 eller +46 70 123 45 67."))
    code = f"{secrets.randbelow(1_000_000):06}"
    with transaction.atomic():
        # Whichever number: many numbers in a row cost as much as one number many times. One form at a time.
        Person.objects.select_for_update().get(pk=person.pk)
        if Address.objects.filter(just_sent(now), person=person).exists():
            raise Refused("too_soon", _("Vi skickade nyss en kod. Vänta en minut innan du ber om en ny."))
        row = take_down(person, Way.SMS, number, label=number, now=now)
        row.code_digest, row.code_until, row.tries_left = digest(row, code), now + CODE_LIVES, CODE_TRIES
        row.save(update_fields=["code_digest", "code_until", "tries_left"])
    text = _("Din kod till Uppsikt är %(code)s. Den gäller i tio minuter.") % {"code": code}
    try:
        sms.send_text(row.target, text, key=f"uppsikt-code-{row.pk}-{int(now.timestamp())}")
    except Undelivered as trouble:
        Address.objects.filter(pk=row.pk).update(code_until=None, trouble=trouble.code)
        raise Refused(
            "not_delivered", _("Sms-tjänsten tog inte emot meddelandet. Kontrollera numret och försök igen.")
        ) from trouble
    return row


def just_sent(now: datetime) -> Q:
    """The telephones that a code went to less than a minute ago."""
    return Q(way=Way.SMS, code_until__gt=now + CODE_LIVES - BETWEEN_CODES)


def digest(row: Address, code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(f"{row.pk}:{row.target}:{code}".encode()).hexdigest()


def confirm_phone(person: Person, pk: int, code: str, *, now: datetime) -> Address:
    """The code that came to the telephone is typed in. Raises Refused; after five wrong ones a new code is needed."""
    row = own(person, pk)
    # Counted before it is compared: of many tries at once each costs one.
    counted = Address.objects.filter(pk=row.pk, tries_left__gt=0, code_until__gt=now).update(
        tries_left=F("tries_left") - 1
    )
    if not counted:
        raise Refused("code_old", _("Koden gäller inte längre. Be om en ny."))
    if not hmac.compare_digest(row.code_digest, digest(row, "".join(code.split()))):
        raise Refused("code_wrong", _("Koden stämmer inte. Se efter i meddelandet och försök igen."))
    Address.objects.filter(pk=row.pk).update(
        confirmed_at=now, stopped_at=None, trouble="", code_digest="", code_until=None, tries_left=0
    )
    row.refresh_from_db()
    return row


def add_push(person: Person, subscription: str, *, label: str, now: datetime) -> Address:
    """Take down a browser that said yes to push. Raises Refused where what it gave cannot be used."""
    try:
        target = push.read(subscription).as_text()
    except (ValueError, TypeError, RecursionError) as error:
        raise Refused(
            "bad_subscription", _("Webbläsaren gav ett svar som inte går att använda. Ladda om sidan och försök igen.")
        ) from error
    with transaction.atomic():
        # One browser, one person: on a shared computer the one before must not have his notices shown.
        Address.objects.filter(way=Way.PUSH, target=target).exclude(person=person).delete()
        row = take_down(person, Way.PUSH, target, label=label[:120], now=now)
        Address.objects.filter(pk=row.pk).update(confirmed_at=now, stopped_at=None, trouble="", label=label[:120])
    row.refresh_from_db()
    return row


def add_webhook(person: Person, url: str, *, label: str, now: datetime) -> Address:
    """Take down a webhook; it is used once it has answered a trial. Raises Refused where it may not lead there."""
    url = url.strip()
    if not webhook.is_allowed(url) or len(url) > LONGEST_WEBHOOK:
        raise Refused(
            "bad_webhook",
            _("Skriv en adress som börjar med https:// och som den här installationen får anropa."),
        )
    with transaction.atomic():
        row = take_down(person, Way.WEBHOOK, url, label=label.strip()[:120], now=now)
        if row.stopped_at:
            # Added anew, as the person was told to: it waits for its trial like a new one.
            row.stopped_at, row.confirmed_at, row.trouble = None, None, ""
            row.save(update_fields=["stopped_at", "confirmed_at", "trouble"])
    return row


def answered(row: Address, *, now: datetime) -> None:
    """A webhook took a trial: it is in use from now on."""
    Address.objects.filter(pk=row.pk).update(confirmed_at=now, stopped_at=None, trouble="")


def take_down(person: Person, way: Way, target: str, *, label: str, now: datetime) -> Address:
    """The person's address, made where it is new. Raises Refused where there are too many."""
    row = Address.objects.select_for_update().filter(person=person, way=way, target=target).first()
    if row is not None:
        return row
    if Address.objects.filter(person=person).count() >= MOST:
        raise Refused("too_many", _("Du har redan tio ställen. Ta bort ett som du inte använder."))
    return Address.objects.create(person=person, way=way.value, target=target, label=label, made_at=now)


def own(person: Person, pk: int) -> Address:
    """One of the person's own addresses. Raises Refused."""
    row = Address.objects.filter(person=person, pk=pk).first()
    if row is None:
        raise Refused("not_there", _("Den finns inte längre. Ladda om sidan."))
    return row


def to_try(person: Person, way: Way, pk: int) -> Address:
    """One of the person's own addresses of that way, for a trial. Raises Refused for a telephone not yet confirmed."""
    row = own(person, pk)
    if row.way != way:
        raise Refused("not_there", _("Den finns inte längre. Ladda om sidan."))
    # A stranger's telephone may be written here; a webhook is confirmed by its trial.
    if row.confirmed_at is None and way is not Way.WEBHOOK:
        raise Refused("not_confirmed", _("Skriv först in koden som kom till telefonen."))
    return row


def remove(person: Person, pk: int, *, now: datetime) -> None:
    """Take an address away; what waits for it is given up. Raises Refused while a code is on its way to it."""
    row = own(person, pk)
    if Address.objects.filter(just_sent(now), pk=row.pk).exists():
        # Else it could be added again at once, with a new code each time.
        raise Refused("too_soon", _("Vi skickade nyss en kod dit. Vänta en minut innan du tar bort numret."))
    row.delete()
