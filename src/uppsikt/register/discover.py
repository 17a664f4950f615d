"""Finding accounts that nobody has registered, and those that use the municipality's name (D2, D12, D16).

The website is read for links to the networks; what people write is looked through for addresses; and whoever stumbles
on an account can write it in. What is found is put before the communications unit: take it into the register, it is
not ours, or it passes itself off as us.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.channels import connecting
from uppsikt.channels.models import Channel
from uppsikt.kernel import queue, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.net import Client, NetError
from uppsikt.net.client import parse
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy
from uppsikt.register import deviations, discover_pages, entries
from uppsikt.register.checks.life import NO_ACCOUNT
from uppsikt.register.deviation_models import Deviation
from uppsikt.register.deviation_states import OPEN
from uppsikt.register.discover_accounts import Account, account, same, uses_name
from uppsikt.register.discover_models import LONGEST_ADDRESS, Find, Search
from uppsikt.register.discover_pages import Page, Walk
from uppsikt.register.models import Entry
from uppsikt.ui import queries as looks

SEARCHER = Doer.system("discover")
UNREGISTERED, IMPERSONATION = "life.unregistered", "life.impersonation"
# No site takes longer than this; one that is still under way then was broken off.
LONGEST_SEARCH = timedelta(hours=3)
# Addresses in running text: with a scheme, or of a network that people write without one.
WRITTEN = re.compile(
    r"(?:https?://|www\.|(?<![\w@.])(?:facebook|instagram|tiktok|linkedin|youtube|x|twitter|threads|bsky)\.(?:com|net|app)/)"
    r"[^\s<>\"'()\[\]{}]{3,400}",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Seen:
    """What a website links to: each account with the first page that links to it, and every other address so."""

    walk: Walk = field(default_factory=Walk)
    start: str = ""
    accounts: dict[str, tuple[Account, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    whole: bool = True


def look(address: str, client: Client, *, most: int, sleep: Callable[[float], None] | None = None) -> Seen:
    """Go through a website for what it links to; nothing is changed by it. Raises NetError."""
    seen = Seen()
    more = {} if sleep is None else {"sleep": sleep}
    for page in discover_pages.walk(address, client, most=most, told=seen.walk, **more):
        seen.start = seen.start or page.address
        note_page(seen, page)
    seen.whole = seen.walk.read + seen.walk.failed < most
    return seen


def note_page(seen: Seen, page: Page) -> None:
    """Where one page links, added to the rest."""
    for link in page.links:
        seen.links.setdefault(same(link.address), page.address)
        found = account(link.address, mine=link.mine)
        if found is not None:
            seen.accounts.setdefault(found.address, (found, page.address))


def registered() -> Mapping[str, Channel]:
    """Every account that is not closed, by its address as addresses are compared; with its unit and responsible."""
    rows = Channel.objects.exclude(state="closed").exclude(network=NO_ACCOUNT)
    return {same(row.address): row for row in rows.select_related("unit", "responsible").order_by("pk")}


def begin(address: str, *, by: Person | None, now: datetime) -> Search:
    """Have a website gone through, by a job. Raises Refused for what is no address, and while one is under way."""
    address = checked(address)
    if Search.objects.filter(state="running", at__gt=now - LONGEST_SEARCH).exists():
        raise Refused("under_way", _("En webbplats gås redan igenom. Vänta tills det är klart."))
    row = Search(address=address, by=by, at=now)
    with transaction.atomic():
        trail.begin(row, by=by.doer if by else SEARCHER, at=now, step="begin", also={"address": address})
        queue.defer("register.discover", lock="register.discover", search_id=row.pk)
    return row


def checked(address: str) -> str:
    """An address of the web, with its scheme. Raises Refused."""
    typed = address.strip()
    if typed and "://" not in typed:
        typed = f"https://{typed}"
    try:
        parse(typed)
    except NetError:
        known = ""
    else:
        known = discover_pages.joined(typed, typed[:LONGEST_ADDRESS])
    if not known:
        raise Refused(
            "bad_address", _("Skriv adressen som den står i webbläsaren, till exempel https://www.kommunen.se.")
        )
    if len(typed) > LONGEST_ADDRESS:
        raise Refused("bad_address", _("Adressen är för lång. Skriv bara början av den."))
    return typed


def run(search: Search, *, clock: Callable[[], datetime], sleep: Callable[[float], None] | None = None) -> None:
    """Go through it, and put what was found before people; how it went stays on the search."""
    if search.state != "running":
        return
    try:
        with connecting.client() as client:
            seen = look(search.address, client, most=policy.number("discover.pages"), sleep=sleep)
    except NetError as error:
        trail.take("fail", search, by=SEARCHER, at=clock(), ended_at=clock(), trouble_code=error.code)
        return
    now = clock()
    with transaction.atomic():
        fresh = keep(seen, now=now)
        trail.take(
            "done", search, by=SEARCHER, at=now, ended_at=now, pages=seen.walk.read, accounts=len(seen.accounts),
            fresh=len(fresh),
        )  # fmt: skip


def keep(seen: Seen, *, now: datetime) -> list[Find]:
    """Write down what a website links to: on the accounts that we know, and as finds; returns those that are new."""
    known = registered()
    lines = entries.of_all(known.values())
    for address, channel in known.items():
        note_link(lines[channel.pk], channel, seen.links.get(address, ""), seen, now=now)
    unknown = [(one, page) for address, (one, page) in seen.accounts.items() if address not in known]
    settle_taken_in(known, now=now)
    return [
        row
        for one, page in unknown
        if (row := find(one, source="website", found_on=page, by=SEARCHER, now=now)) is not None
    ]


def note_link(entry: Entry, channel: Channel, page: str, seen: Seen, *, now: datetime) -> None:
    """Where the website links to a channel (D12, D16). A link that is gone is gone, once the whole site was read."""
    linked = page[:LONGEST_ADDRESS]
    if not linked and not (seen.whole and discover_pages.home(entry.linked_from) == discover_pages.home(seen.start)):
        return
    if linked != entry.linked_from:
        entries.change(channel, by=SEARCHER, now=now, linked_from=linked)


def find(one: Account, *, source: str, found_on: str, by: Doer, now: datetime) -> Find | None:
    """An account that no channel is: written down and put before the communications unit, unless it was before.

    Returns it where it is new. One that was gone and is there again is new too.
    """
    address = one.address[:LONGEST_ADDRESS]
    with transaction.atomic():
        row = Find.objects.select_for_update().filter(address=address).first()
        if row is not None:
            Find.objects.filter(pk=row.pk).update(last_seen_at=now)
            if row.state != "gone":
                return None
            trail.take("again", row, by=by, at=now, last_seen_at=now)
        else:
            row = Find(
                network=one.network,
                address=address,
                handle=one.handle[:160],
                source=source,
                # Where somebody wrote of it is what a network says, and may be any kind of link.
                found_on=discover_pages.joined(found_on, found_on),
                uses_name=uses_name(one.handle, names()),
                first_seen_at=now,
                last_seen_at=now,
            )
            try:
                with transaction.atomic():
                    trail.begin(row, by=by, at=now, step="find", also={"address": address, "source": source})
            except IntegrityError:
                # Somebody else found it in the same moment.
                return None
        raise_deviation(row, now=now)
    return row


def raise_deviation(row: Find, *, now: datetime) -> None:
    """What the find asks for: the website links to what nobody has registered, or somebody bears our name (D2, D12)."""
    if row.state == "impersonation" or (row.source != "website" and row.uses_name):
        deviate(row, IMPERSONATION, now=now)
    elif row.source == "website":
        deviate(row, UNREGISTERED, now=now)


def deviate(row: Find, code: str, *, now: datetime) -> None:
    """A deviation that is no channel's; the communications unit's to see to. Without anybody there, none."""
    owner = organisation.people_with_role(Role.COMMUNICATIONS, at=now).first()
    if owner is not None:
        facts = {"address": row.address, "handle": row.handle, "page": row.found_on}
        deviations.found(code, channel=None, owner=owner, by=SEARCHER, now=now, mark=row.address, facts=facts)


def mend(row: Find, *codes: str, by: Doer, now: datetime) -> None:
    """The find's deviations of these kinds are over."""
    for deviation in Deviation.objects.filter(channel=None, mark=row.address, code__in=codes, state__in=OPEN):
        deviations.mend(deviation, by=by, now=now)


def names() -> tuple[str, ...]:
    """What the municipality is called."""
    name = looks.appearance().name
    return (name,) if name else ()


def report(address: str, *, by: Person, now: datetime) -> Find:
    """Somebody has found an account. Raises Refused for what is no account, is registered or is known already."""
    one = account(checked(address))
    if one is None:
        raise Refused("no_account", _("Adressen leder inte till ett konto. Öppna kontots första sida och kopiera den."))
    if one.address in registered():
        raise Refused("registered", _("Kontot finns redan bland våra konton."))
    found = find(one, source="person", found_on="", by=by.doer, now=now)
    if found is None:
        raise Refused("known", _("Kontot är redan hittat. Du ser det i listan."))
    return found


def read_text(text: str, link: str, *, now: datetime) -> list[Find]:
    """Accounts whose addresses somebody wrote, and that bear the municipality's name; those that are new."""
    called = names()
    if not called:
        return []
    addresses = (match.group().rstrip(".,;:!?") for match in WRITTEN.finditer(text))
    written = {one.address: one for address in addresses if (one := account(with_scheme(address))) is not None}
    suspect = [one for one in written.values() if uses_name(one.handle, called)]
    if not suspect:
        return []
    known = registered()
    unknown = [one for one in suspect if one.address not in known]
    return [
        row for one in unknown if (row := find(one, source="records", found_on=link, by=SEARCHER, now=now)) is not None
    ]


def with_scheme(address: str) -> str:
    """An address as a browser reads it."""
    return address if "://" in address else f"https://{address}"


def settle_taken_in(known: Mapping[str, Channel], *, now: datetime) -> None:
    """Finds that stand in the register by now are taken in, however that came about."""
    for row in Find.objects.filter(state__in=["new", "impersonation", "not_ours", "gone"], address__in=list(known)):
        took_in(row, known[row.address], by=SEARCHER, now=now)


def enlist(row: Find, *, name: str, unit: Unit, responsible: Person, by: Person, now: datetime) -> Channel:
    """It is ours: take it into the register as it is. Raises Refused."""
    with transaction.atomic():
        channel = channels.enlist(
            network=row.network,
            name=name,
            address=row.address,
            unit=unit,
            responsible=responsible,
            central=False,
            by=by.doer,
            now=now,
            reason=_("Kontot hittades på %(page)s.") % {"page": row.found_on or row.address},
        )
        page = row.found_on if row.source == "website" else ""
        entries.change(channel, by=by.doer, now=now, handle=row.handle, linked_from=page)
        took_in(row, channel, by=by.doer, now=now)
    return channel


def took_in(row: Find, channel: Channel, *, by: Doer, now: datetime) -> Find:
    """The account is a channel of ours now."""
    with transaction.atomic():
        kept = trail.take("take_in", row, by=by, at=now, channel=channel, also={"channel": channel})
        mend(row, UNREGISTERED, IMPERSONATION, by=by, now=now)
    return kept


def not_ours(row: Find, *, reason: str, by: Person, now: datetime) -> Find:
    """It is somebody else's, and says so. Raises Refused without a reason."""
    with transaction.atomic():
        kept = judge("not_ours", row, reason, by=by, now=now)
        mend(row, UNREGISTERED, IMPERSONATION, by=by.doer, now=now)
    return kept


def impersonates(row: Find, *, reason: str, by: Person, now: datetime) -> Find:
    """It passes itself off as the municipality: a deviation until it is gone. Raises Refused without a reason."""
    with transaction.atomic():
        kept = judge("impersonate", row, reason, by=by, now=now)
        mend(row, UNREGISTERED, by=by.doer, now=now)
        deviate(row, IMPERSONATION, now=now)
    return kept


def gone(row: Find, *, reason: str, by: Person, now: datetime) -> Find:
    """The account is not there any more. Raises Refused without a word of who looked, and how."""
    with transaction.atomic():
        kept = judge("gone", row, reason, by=by, now=now)
        mend(row, UNREGISTERED, IMPERSONATION, by=by.doer, now=now)
    return kept


def judge(step: str, row: Find, reason: str, *, by: Person, now: datetime) -> Find:
    """Take a step by a person, with why, in their words. Raises Refused without any."""
    words = reason.strip()
    if not words:
        raise Refused("no_reason", _("Skriv varför, så att andra förstår bedömningen."))
    # `reason` is both the trail's and the find's own.
    kept = trail.take(step, row, by=by.doer, at=now, reason=words, judged_by=by, judged_at=now)
    Find.objects.filter(pk=row.pk).update(reason=words)
    row.reason = words
    return kept


def nightly(*, now: datetime) -> None:
    """Go through the website again that was gone through last, once in so many days as the policy says."""
    last = Search.objects.filter(state="done").order_by("-id").first()
    if last is None or (timezone.localdate(now) - timezone.localdate(last.at)).days < policy.number(
        "discover.every_days"
    ):
        return
    with suppress(Refused):
        begin(last.address, by=None, now=now)
