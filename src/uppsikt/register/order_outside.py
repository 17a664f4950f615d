"""How an order that came from outside stands is told where it came from: the e-service, and who ordered there (D10).

Each telling of the e-service is an intent of its own. The receiver is told its key: one that comes twice counts once,
so a telling whose fate nobody knows is safely tried again. The letter to who ordered goes the way of all letters.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.channels import connecting
from uppsikt.channels.rules import GIVE_UP_AFTER, wait
from uppsikt.kernel import intents, queue, trail
from uppsikt.kernel.models import Intent
from uppsikt.kernel.trail import Doer
from uppsikt.net import NetError
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.rules import Role
from uppsikt.register.order_models import Order
from uppsikt.register.order_queries import address

TELLER = Doer.system("order_status")
KIND = "order_status"
TAKEN = range(200, 300)
# One that nobody has looked at for so long has lost its job.
LOOKED_AT = timedelta(hours=1)
# What whoever ordered is written when their order has come to a state. That it came in the e-service itself says.
LETTERS: dict[str, Promise] = {
    "asked": gettext_lazy("Chefen vill veta mer innan beslut. Hör av dig till %(unit)s."),
    "approved": gettext_lazy("Kontot är godkänt och ska nu öppnas."),
    "opened": gettext_lazy("Kontot är öppet."),
    "refused": gettext_lazy("Kontot blir inte av."),
    "central": gettext_lazy("Kontot blir inte av. En av kommunens gemensamma kanaler används i stället."),
    "withdrawn": gettext_lazy("Beställningen är återtagen."),
}


def write_to_orderer(order: Order, *, reason: str, now: datetime) -> None:
    """Write to who ordered in an e-service, where it gave an address and there is something to say.

    The letter is written in the transaction that decides and is sent by the queue, tried again where the mail server
    does not answer. It holds no link: who ordered there may have no login here.
    """
    if not (order.source and order.outside_email and order.state in LETTERS):
        return
    # A letter from an authority; whose page or job wrote it does not matter.
    with translation.override("sv"):
        unit = order.unit.name if order.unit else order.outside_unit
        words = str(LETTERS[order.state]) % {"unit": unit}
        text = _("Hej!\n\nDet gäller beställningen av kontot %(name)s, nummer %(number)s.\n\n%(words)s\n") % {
            "name": order.name or "–",
            "number": order.outside_number,
            "words": words,
        }
        if reason.strip():
            text += "\n" + _("Så här skrev den som svarade:\n%(reason)s\n") % {"reason": reason.strip()}
        if unit:
            text += f"\n{unit}\n"
        subject = _("Din beställning av ett konto, nummer %(number)s") % {"number": order.outside_number}
    with transaction.atomic():
        notices.write_letter(to=order.outside_email, subject=subject, text=text, now=now)
        trail.note("letter", order, by=TELLER, at=now)


def tell_status(order: Order, *, now: datetime) -> None:
    """Queue a telling of how the order stands, where it came from outside and somebody wants to know."""
    if not (order.source and settings.ORDERS["status_url"]):
        return
    facts = {"source": order.source, "number": order.outside_number, "order": order.pk, "state": order.state}
    with transaction.atomic():
        intent = intents.write(KIND, f"order:{order.pk}", {**facts, "at": now.isoformat()}, by=TELLER, now=now)
        defer(intent)


def defer(intent: Intent, *, at: datetime | None = None) -> None:
    """Queue a telling; those of one order go one at a time."""
    queue.defer("register.tell_status", lock=intent.target, at=at, intent_id=intent.pk)


def forgotten(*, now: datetime) -> list[Intent]:
    """Tellings that are due, and that no job has looked at for a while."""
    late = now - LOOKED_AT
    rows = Intent.objects.filter(kind=KIND, state__in=["written", "trying"], written_at__lt=late)
    rows = rows.filter(Q(tried_at=None) | Q(tried_at__lt=late), Q(not_before=None) | Q(not_before__lt=late))
    return list(rows.order_by("pk")[:100])


def deliver(intent_id: int, *, now: datetime) -> None:
    """Tell it, or try again later, whatever state a crash left it in."""
    intent = Intent.objects.get(pk=intent_id)
    if intent.state == "trying":
        intent = intents.trouble(
            "lose", intent, kind="unknown", code="worker_died", facts={}, by=TELLER, now=now
        )  # fmt: skip
        intent = trail.take("not_there", intent, by=TELLER, at=now)
    if intent.state != "written":
        return
    if intent.not_before and intent.not_before > now:
        defer(intent, at=intent.not_before)
        return
    intent = intents.start(intent, by=TELLER, now=now)
    code = told(intent)
    if not code:
        intents.done(intent, {}, by=TELLER, now=now)
        return
    with transaction.atomic():
        if intent.attempts < GIVE_UP_AFTER:
            later = now + timedelta(seconds=wait(intent.attempts))
            intents.trouble("wait", intent, kind="retry", code=code, facts={}, by=TELLER, now=now, not_before=later)
            defer(intent, at=later)
        else:
            intents.trouble("fail", intent, kind="retry", code=code, facts={}, by=TELLER, now=now, ended_at=now)
            tell_of_silence(Order.objects.get(pk=intent.payload["order"]), now=now)


def tell_of_silence(order: Order, *, now: datetime) -> None:
    """Tell the communications unit that an e-service does not know how an order stands: it has to be told by hand."""
    facts = {"name": order.name or order.outside_number, "source": order.source}
    notices.tell(
        organisation.people_with_role(Role.COMMUNICATIONS, at=now),
        kind="order",
        words=lambda: _("E-tjänsten %(source)s svarar inte och vet inte hur det gick med kontot %(name)s.") % facts,
        url=address(order),
        now=now,
    )


def told(intent: Intent) -> str:
    """Hand it over; "" where it was taken, else a code of what went wrong."""
    headers = {"Idempotency-Key": str(intent.key)}
    if settings.ORDERS["status_token"]:
        headers["Authorization"] = f"Bearer {settings.ORDERS['status_token']}"
    body = {**intent.payload, "id": str(intent.key)}
    try:
        with connecting.client() as web:
            answer = web.request("POST", settings.ORDERS["status_url"], headers=headers, json=body)
    except NetError as error:
        return error.code[:40]
    return "" if answer.status in TAKEN else f"http_{answer.status}"
