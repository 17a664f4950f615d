"""The public list: what it shows of each live account, and the stamp that tells whether anything of it is new (D12).

Nothing here is for the house alone: whoever is responsible, mandates and credentials never come near it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.policy import networks
from uppsikt.register import words
from uppsikt.register.directory_models import PublicFacts
from uppsikt.register.models import Entry
from uppsikt.register.rules import LANGUAGES
from uppsikt.ui import names
from uppsikt.ui import queries as ui

# Where questions are handed over (D60) is no account that anybody could visit.
NO_ACCOUNT = ("handed_over",)
# One that is not read for a while is still there for all to see.
OPEN = ("live", "paused")
# All that the list shows, in one line of the database's own words: the stamp must cost next to nothing, since it is
# asked at each visit.
STAMP = """
SELECT md5(concat_ws('|',
    (SELECT string_agg(md5((c.id, c.network, c.name, c.address, u.name, d.name, e.handle, e.purpose,
        e.subject, e.languages, e.contact_email, e.contact_phone, e.contact_page, e.opened_on, e.comments_open)::text),
        ',' ORDER BY c.id)
     FROM register_entry e JOIN channels_channel c ON c.id = e.channel_id
     JOIN organisation_unit u ON u.id = c.unit_id JOIN organisation_department d ON d.id = u.department_id
     WHERE c.state = ANY(%s) AND e.listed AND c.network <> ALL(%s)),
    (SELECT md5(a::text) FROM (SELECT name, colour, logo_sha256 FROM ui_appearance WHERE id = 1) a),
    (SELECT md5(f::text) FROM register_publicfacts f WHERE id = 1),
    (SELECT stamp::text FROM policy_policy ORDER BY id LIMIT 1),
    (SELECT max(id)::text FROM register_listchange)))
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """One account as everybody may see it."""

    key: int
    name: str
    network: str
    network_name: str
    address: str
    handle: str
    unit: str
    department: str
    subject: str
    purpose: str
    languages: tuple[str, ...]
    email: str
    phone: str
    contact_page: str
    comments_open: bool
    opened_on: date | None

    def matches(self, asked: str) -> bool:
        """Whether all the words stand somewhere in what is shown of it, in the language of the page."""
        shown = (self.name, self.network_name, self.handle, self.unit, self.department, self.purpose)
        said = " ".join((*shown, words.subject(self.subject))).casefold()
        return all(word in said for word in asked.casefold().split())


def shown() -> QuerySet[Entry]:
    """The entries of the accounts that the list shows: opened ones that nobody has kept out of it."""
    rows = Entry.objects.filter(listed=True, channel__state__in=OPEN).exclude(channel__network__in=NO_ACCOUNT)
    return rows.select_related("channel__unit__department")


def listed() -> list[Listed]:
    """All that is in the list, by name."""
    return [told(row) for row in shown().order_by(names.key("channel__name"), "channel_id")]


def told(entry: Entry) -> Listed:
    """What everybody may see of an account. An address that opens no page of the web is none."""
    channel = entry.channel
    network = networks.NETWORKS.get(channel.network)
    return Listed(
        key=channel.pk,
        name=channel.name,
        network=channel.network,
        network_name=network.name if network else channel.network,
        address=web(channel.address),
        handle=entry.handle,
        unit=channel.unit.name,
        department=channel.unit.department.name,
        subject=entry.subject,
        purpose=entry.purpose,
        languages=tuple(code for code in entry.languages if code in LANGUAGES) or ("sv",),
        email=entry.contact_email,
        phone=entry.contact_phone,
        contact_page=web(entry.contact_page),
        comments_open=entry.comments_open,
        opened_on=entry.opened_on,
    )


def web(address: str) -> str:
    """An address that can be a link for everybody to follow, else ""."""
    return address if address.startswith(("https://", "http://")) else ""


def narrowed(rows: Iterable[Listed], *, asked: str = "", network: str = "", subject: str = "") -> list[Listed]:
    """Those that the visitor asks for."""
    return [
        row
        for row in rows
        if (not network or row.network == network) and (not subject or row.subject == subject) and row.matches(asked)
    ]


def stamp() -> str:
    """Another one as soon as anything that the public pages show is another."""
    with connection.cursor() as cursor:
        cursor.execute(STAMP, [list(OPEN), list(NO_ACCOUNT)])
        (found,) = cursor.fetchone()
    return str(found)


def choice(row: Listed) -> str:
    """An account as it stands in a list of choices."""
    return _("%(name)s på %(network)s") % {"name": row.name, "network": row.network_name}


def as_kept(row: Listed) -> dict[str, Any]:
    """A line of the list as JSON holds it."""
    kept = asdict(row)
    return {**kept, "languages": list(row.languages), "opened_on": row.opened_on.isoformat() if row.opened_on else None}


def public_facts() -> PublicFacts:
    """How the municipality is reached, or nothing of it where nobody has said."""
    return PublicFacts.objects.filter(pk=1).first() or PublicFacts()


def municipality() -> str:
    """The municipality's name, or the product's own where nobody has said."""
    return ui.appearance().name or "Uppsikt"


def whole(path: str) -> str:
    """A whole address of one of our own pages."""
    return f"{settings.PUBLIC_URL}{path}"


def page(name: str, *args: object, language: str = "sv") -> str:
    """The whole address of a public page in Swedish or English; other languages get the Swedish one."""
    space = "directory_en" if language == "en" else "directory"
    return whole(reverse(f"{space}:{name}", args=args))


def short(channel: Channel | Listed) -> str:
    """The shortest whole address of an account's own page, for texts that have little room."""
    return whole(reverse("account_short", args=[channel.pk if isinstance(channel, Channel) else channel.key]))
