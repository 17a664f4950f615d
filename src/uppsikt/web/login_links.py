"""One-time links for logging in, by e-mail: what the job does that the login page defers."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.notices.models import Letter
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy

LOGIN = Doer.system("login")


def address(token: str) -> str:
    """The link itself."""
    return f"{settings.PUBLIC_URL}{reverse('login_link_use', args=[token])}"


def send(email: str, *, now: datetime) -> Letter | None:
    """Write to whoever has that e-mail address; None where nobody has, or they may not log in any more."""
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        return None
    minutes = policy.number("login.link_minutes")
    with transaction.atomic(), translation.override(person.language):
        token = organisation.make_login_link(person, minutes=minutes, by=LOGIN, now=now)
        text = _(
            "Hej %(name)s!\n\nHär är din länk till Uppsikt. Den loggar in dig en gång och gäller i "
            "%(minutes)s minuter.\n\n"
            "%(link)s\n\nHar du inte bett om länken kan du bortse från det här mejlet. Ingen annan kan "
            "använda den utan "
            "att ha tillgång till din e-post.\n"
        ) % {"name": person.name, "minutes": minutes, "link": address(token)}
        return notices.write_letter(to=person.email, subject=_("Din inloggningslänk till Uppsikt"), text=text, now=now)
