"""Orders and openings in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.kernel.models import Step
from uppsikt.policy.networks import NETWORKS
from uppsikt.register.order_models import Order
from uppsikt.register.order_rules import Lack
from uppsikt.ui import trails

# What stands in a list, and the tone of its tag.
STATES: dict[str, tuple[Promise, str]] = {
    "draft": (gettext_lazy("Utkast"), "neutral"),
    "asked": (gettext_lazy("Ska kompletteras"), "warning"),
    "sent": (gettext_lazy("Hos chefen"), "info"),
    "consulting": (gettext_lazy("Hos kommunikationsenheten"), "info"),
    "proposed": (gettext_lazy("Central kanal föreslagen"), "warning"),
    "approved": (gettext_lazy("Godkänd, öppnas"), "info"),
    "opened": (gettext_lazy("Öppnat"), "success"),
    "refused": (gettext_lazy("Avslagen"), "neutral"),
    "central": (gettext_lazy("Den centrala kanalen används"), "neutral"),
    "withdrawn": (gettext_lazy("Återtagen"), "neutral"),
}

STEPS: dict[str, str | Promise] = {
    "begin": gettext_lazy("började på beställningen"),
    "take_in": gettext_lazy("tog emot beställningen från e-tjänsten"),
    "send": gettext_lazy("skickade beställningen till chefen"),
    "ask": gettext_lazy("bad om komplettering"),
    "approve": gettext_lazy("godkände beställningen"),
    "refuse": gettext_lazy("avslog beställningen"),
    "agree": gettext_lazy("samrådde och hade inget emot kontot"),
    "propose_central": gettext_lazy("föreslog den centrala kanalen i stället"),
    "veto": gettext_lazy("sade nej till kontot"),
    "keep": gettext_lazy("höll fast vid ett eget konto"),
    "use_central": gettext_lazy("valde den centrala kanalen"),
    "withdraw": gettext_lazy("tog tillbaka beställningen"),
    "open": gettext_lazy("öppnade kontot"),
    "name_account": gettext_lazy("skrev in kontots adress"),
    "give_up": gettext_lazy("avbröt öppningen"),
    "remind": gettext_lazy("påminde om beställningen"),
    "letter": gettext_lazy("skrev till den som beställde"),
    "launch": gettext_lazy("gjorde klart en del av lanseringen"),
    "launch_again": gettext_lazy("tog tillbaka att en del av lanseringen är klar"),
}

FORM: dict[str, Promise] = {
    "account": gettext_lazy("Kontot"),
    "need": gettext_lazy("Behovet"),
    "central": gettext_lazy("Eget konto eller det centrala"),
    "upkeep": gettext_lazy("Vem sköter det"),
    "terms": gettext_lazy("Nätets villkor"),
}

FIELDS: dict[str, Promise] = {
    "unit": gettext_lazy("Enhet"),
    "network": gettext_lazy("Nät"),
    "name": gettext_lazy("Kontots namn"),
    "subject": gettext_lazy("Vad kontot handlar om"),
    "purpose": gettext_lazy("Syfte"),
    "goals": gettext_lazy("Mål"),
    "audience": gettext_lazy("Målgrupp"),
    "why_not_central": gettext_lazy("Varför den centrala kanalen inte räcker"),
    "responsible": gettext_lazy("Ansvarig administratör"),
    "second": gettext_lazy("Andra administratör"),
    "hours_a_week": gettext_lazy("Timmar i veckan"),
    "terms_read": gettext_lazy("Nätets villkor"),
    "contact_email": gettext_lazy("Kontaktväg"),
}

# The languages of `rules.LANGUAGES`, in words.
LANGUAGES: dict[str, Promise] = {
    "sv": gettext_lazy("Svenska"),
    "sv-latt": gettext_lazy("Lätt svenska"),
    "en": gettext_lazy("Engelska"),
    "fi": gettext_lazy("Finska"),
}

LAUNCHES: dict[str, Promise] = {
    "news": gettext_lazy("Nyhet på webbplatsen"),
    "link": gettext_lazy("Länk från webbplatsen"),
    "share": gettext_lazy("Delning från en annan kanal"),
}


def state(order: Order) -> tuple[str, str]:
    """The order's state in words, and the tone of its tag."""
    label, tone = STATES.get(order.state, (order.state, "neutral"))
    return str(label), tone


def network(code: str) -> str:
    """A network's name."""
    return NETWORKS[code].name if code in NETWORKS else code


def lack(one: Lack) -> str:
    """What is missing, and what to do."""
    name = str(FIELDS.get(one.field, one.field))
    if one.why == "short":
        return _("%(field)s: skriv lite mer, så att den som godkänner förstår.") % {"field": name}
    if one.why == "same":
        return _("Andra administratör: välj någon annan än den ansvariga. Det ska vara två.")
    return _("%(field)s saknas.") % {"field": name}


def lines(steps: Iterable[Step]) -> list[trails.Line]:
    """The trail of an order and its opening."""
    return trails.lines(steps, STEPS)
