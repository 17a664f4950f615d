"""What the two ways in which an account ends have in common: who may, the post that says it, and what can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels import connecting
from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel
from uppsikt.kernel.alone import alone
from uppsikt.kernel.errors import Refused
from uppsikt.net import NetError
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy.networks import NETWORKS
from uppsikt.records.models import Item
from uppsikt.register import activity
from uppsikt.register.closing_models import Capture
from uppsikt.register.discover_accounts import folded

KIND = "account_ends"
# A last picture older than this does not show how the account was when it ended.
FRESH_DAYS = 3
# So many letters of the draft are to be found in one of so many posts.
BEGINNING, MOST_POSTS = 60, 100


def needed(words: str, told: str) -> str:
    """Some words. Raises Refused with what is asked for where there are none."""
    if not words.strip():
        raise Refused("no_words", told)
    return words.strip()


def all_of(codes: Iterable[str], lacking: Callable[[str], str]) -> str:
    """All that is missing, as one sentence."""
    return _("Det här saknas: %(what)s.") % {"what": "; ".join(lacking(code) for code in codes)}


def sees_to(person: Person, channel: Channel) -> bool:
    """Whether the person may see to how the account ends: the responsible, the unit's manager, communications."""
    return (
        channel.responsible_id == person.pk
        or Role.COMMUNICATIONS in person.roles
        or channels.gives_mandates(person, channel)
    )


def check_sees_to(person: Person, channel: Channel) -> None:
    """Raise Refused unless the person may."""
    if not sees_to(person, channel):
        raise Refused(
            "not_yours", _("Det här sköts av den som ansvarar för kontot, enhetens chef och kommunikationsenheten.")
        )


def locked(channel: Channel) -> Channel:
    """The account, held until the transaction ends: one end at a time, and one who begins it. Call it in one."""
    return Channel.objects.select_for_update(no_key=True, of=("self",)).select_related("unit", "responsible").get(
        pk=channel.pk
    )  # fmt: skip


@contextmanager
def unread(channel: Channel) -> Iterator[None]:
    """While nobody reads the channel: whoever does is let finish, and nobody begins before the end is written.

    Raises Refused while it is being read.
    """
    with alone(f"pull:{channel.pk}") as ours:
        if not ours:
            raise Refused("being_read", _("Kanalen läses just nu. Vänta en minut och försök igen."))
        with transaction.atomic():
            yield


def said(channel: Channel, text: str, since: datetime) -> Item | None:
    """Our post on the network that says what was drafted, since then; None where it has not been read from there.

    Letters alone are compared: networks set quotation marks, dashes and lines as they like.
    """
    asked = folded(text)[:BEGINNING]
    rows = Item.objects.filter(channel=channel, direction="drawn_up", kind__in=activity.POSTS, at__gte=since)
    rows = rows.exclude(state="gone").select_related("version").order_by("-at", "-id")
    for row in rows[:MOST_POSTS] if asked else ():
        if row.version and asked in folded(f"{row.version.title} {row.version.text}"):
            return row
    return None


def check_said(channel: Channel, text: str, since: datetime) -> Item | None:
    """See that the post is there, where the channel is read; elsewhere the person's word is taken. Raises Refused."""
    needed(text, _("Skriv först inlägget som berättar för följarna."))
    found = said(channel, text, since)
    if found is None and activity.is_read(channel):
        raise Refused(
            "not_seen",
            _("Inlägget har inte synts på nätet än. Publicera det där, läs kanalen och försök igen."),
        )
    return found


def check_fresh(capture: Capture | None, *, now: datetime) -> str:
    """What is wrong with the last picture: "capture" where there is none, "capture_old"; "" where it will do."""
    if capture is None or capture.state != "kept" or capture.taken_at is None:
        return "capture"
    return "capture_old" if (now - capture.taken_at).days >= FRESH_DAYS else ""


def answers(channel: Channel) -> bool | None:
    """Whether the account's address still shows it: True, False where it is gone, None where that cannot be told.

    A network with its own hosts shows programs a login page or a way round whatever is there.
    """
    known = NETWORKS.get(channel.network)
    if known is not None and known.hosts:
        return None
    try:
        with connecting.client(waited_for=True) as client:
            status = client.get(channel.address).status
    except NetError:
        return None
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return False
    return True if status < HTTPStatus.BAD_REQUEST else None


def tell(channel: Channel, people: list[Person], words: str, url: str, *, by: Person, now: datetime) -> None:
    """Tell each of them once; not whoever did it. `words` is filled in with the channel's name."""
    told = {one.pk: one for one in people if one.is_active and one.pk != by.pk}
    notices.tell(
        told.values(),
        kind=KIND,
        words=lambda: _(words) % {"channel": channel.name},
        url=url,
        now=now,
    )


def communications(now: datetime) -> list[Person]:
    """The communications unit."""
    return list(organisation.people_with_role(Role.COMMUNICATIONS, at=now))
