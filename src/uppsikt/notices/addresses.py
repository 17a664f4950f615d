"""Where a person is reached besides e-mail: added, confirmed, removed by that person."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
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


def add_phone(person: Person, words: str, *, now: datetime) -> Address:
    """Take down a telephone number and send a code to it. Raises Refused."""
    if not sms.is_on():
        raise Refused("no_gateway", _("Sms är inte påslaget i den här installationen. Fråga systemadministratören."))
    number = phone_number(words)
    if number is None:
        raise Refused("bad_phone", _("Skriv ett mobilnummer, till exempel 070-123 45 67 eller +46 70 123 45 67."))
    code = f"{secrets.randbelow(1_000_000):06}"
    with transaction.atomic():
        row = take_down(person, Way.SMS, number, label=number, now=now)
        if row.code_until and row.code_until - CODE_LIVES + BETWEEN_CODES > now:
            raise Refused("too_soon", _("Vi skickade nyss en kod. Vänta en minut innan du ber om en ny."))
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
    except (ValueError, TypeError) as error:
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
    if not webhook.is_allowed(url) or len(url) > 1000:  # noqa: PLR2004  # longer than any service gives out
        raise Refused(
            "bad_webhook",
            _("Skriv en adress som börjar med https:// och som den här installationen får anropa."),
        )
    with transaction.atomic():
        return take_down(person, Way.WEBHOOK, url, label=label.strip()[:120], now=now)


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


def remove(person: Person, pk: int) -> None:
    """Take an address away; what waits for it is given up."""
    own(person, pk).delete()
