"""What is secret is, for whoever may not read it, not there: walked over every address, by every role (D20).

A secret conversation, a secret post over an open question, and a secret reply in an open conversation are planted,
full of words and numbers that stand nowhere else. Then every view that Django resolves is asked, with the planted
keys, with keys that never were, and with what somebody would search for. No planted sign may come back; and each page
must be, to the byte, what it was before anything was planted, so that nothing is counted or hinted at either.

A view that is added later is walked too, without a line here.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

import factories
from bare_pages import bare_pages
from uppsikt.capture import printing
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import CapturedAttachment, Direction, Kind, RawResponse
from uppsikt.inbox import actions as inbox
from uppsikt.inbox import answers, forwards
from uppsikt.kernel import blobs
from uppsikt.moderation import vanishing
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import exporting, reading, saved, search, secrecy, suggesting, vocabulary
from uppsikt.records.models import Attachment, Export, Item
from uppsikt.records.search import Asked
from uppsikt.triage import actions as triage
from uppsikt.triage import taking

pytestmark = pytest.mark.django_db

# Somebody knows these of the secret text and looks for them …
KNOWN, KNOWN_AUTHOR = "kvarnbron", "Torvald"
# … and must not come by these.
PLANTED = ("zirkonvals", "Quvnik", "brontofax", "Wexelgök", "mjurkplåt")
# The first secret thing of each kind has this key, whatever its table; the open ones, and none at all, have these.
SECRET, OPENED, NEVER = 987650001, 555550001, 777770001
SIGNS = re.compile(r"98765000\d")
# What differs between two askings of one page.
FLEETING = re.compile(
    r'name="(?:csrfmiddlewaretoken|begun)" value="[^"]+"|"X-CSRFToken": ?"[^"]+"|X-CSRFToken[^,}]*|nonce="[^"]+"'
    r"|\d+[,.]?\d* ms"
)
# Pages of the whole system's upkeep: how many steps, jobs and files there are, whatever they are about.
OF_ALL = {"web:seals", "web:begin_verification", "web:upkeep"}
# A secret of the asker's own is drawn anew at each look.
OF_CHANCE = {"mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate", "mfa_reauthenticate_webauthn"}
# What ends the session or changes the one who asks would end the walk.
LEFT = {"account_logout"}
WORDS = ("q", "sok", "ord", "fran_vem", "text", "s", "fraga", "namn")


@pytest.fixture(autouse=True)
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be printed answers as it is: in a PDF the words are packed, and no sign could be found."""
    monkeypatch.setattr(printing, "pdf", lambda html, *, title: f"{title}\n{html}".encode())


@dataclass
class Asker:
    """Somebody who may not read what is secret on the channel."""

    name: str
    make: Callable[[], Person | None]


def on_unit(role: Role) -> Callable[[], Person]:
    """A role that reads secrets, on another unit."""

    def make() -> Person:
        made = factories.person(name="Frågare")
        organisation.give_role(
            person=made, role=role, unit=factories.municipality("Skola").unit, by=factories.TESTER, now=long_ago()
        )
        return made

    return make


def elsewhere(role: Role) -> Callable[[], Person]:
    """Staff with a mandate on another channel, and one here that has ended."""

    def make() -> Person:
        now = timezone.now()
        made = factories.person(role, name="Frågare", now=now)
        school = factories.channel(unit=factories.municipality("Skola").unit, name="Skolan", now=now)
        factories.mandate(made, school, since=long_ago())
        return made

    return make


ASKERS = [
    Asker("visitor", lambda: None),
    Asker("nobody", lambda: factories.person(name="Frågare")),
    *(
        Asker(role.value, lambda role=role: factories.person(role, name="Frågare", now=timezone.now()))  # type: ignore[misc]
        for role in (Role.AUDITOR, Role.ARCHIVIST, Role.CRISIS_GROUP, Role.ADMINISTRATOR)
    ),
    *(Asker(f"{role.value}-elsewhere", elsewhere(role)) for role in (Role.OFFICER, Role.EDITOR, Role.CUSTOMER_CENTRE)),
    *(
        Asker(f"{role.value}-of-another-unit", on_unit(role))
        for role in (Role.MANAGER, Role.REGISTRAR, Role.DATA_PROTECTION, Role.COMMUNICATIONS)
    ),
]


def long_ago() -> datetime:
    """Before anything that the tests tell of."""
    return timezone.now() - timedelta(days=30)


def keys_from(first: int) -> None:
    """Let the next row of every table of records, triage and inbox have this key."""
    with connection.cursor() as cursor:
        for model in (
            each
            for room in ("records", "triage", "inbox", "moderation")
            for each in apps.get_app_config(room).get_models()
        ):
            if model._meta.managed and model._meta.pk.get_internal_type() == "BigAutoField":
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s, false)",
                    [model._meta.db_table, model._meta.pk.column, first],
                )


@dataclass
class World:
    """An open question under a post, and an open comment; and somebody with a mandate who can plant secrets."""

    channel: Any = field(init=False)
    officer: Person = field(init=False)
    token: str = ""

    def __post_init__(self) -> None:
        now = timezone.now()
        unit = factories.municipality("Vatten").unit
        self.channel = factories.channel(name="Vattnet", unit=unit, now=now - timedelta(days=40))
        self.officer = factories.officer(self.channel, name="Handläggaren")
        factories.mandate(self.officer, self.channel, Act.HIDE, Act.REMOVE)
        factories.disposal_decision()
        keys_from(OPENED)
        # One answer of the network held both the open comment and a secret one.
        raw = RawResponse(
            url="https://natet.example/api/list",
            status=200,
            fetched_at=now - timedelta(hours=2),
            body=f'[{{"text": "Vattnet är brunt"}}, {{"text": "{PLANTED[0]}"}}]'.encode(),
            headers={"content-type": "application/json"},
        )
        comment = factories.captured("comment/o1", text="Vattnet är brunt", at=now - timedelta(hours=3))
        question = factories.captured(
            "comment/o2", text="När stängs vattnet av?", at=now - timedelta(hours=2), post="post/s"
        )
        first, second = factories.items(self.channel, [replace(comment, raw=raw, place="/0"), question], now=now)
        taking.take([first.version_id, second.version_id], after=None, now=now)
        triage.judge(first, ground="rule.coarse", agreed=False, by=self.officer, now=now)
        case = inbox.receive(second, now=now)
        inbox.add_note(case, "Kolla med driften", by=self.officer, now=now)

    def plant(self) -> None:
        """The secrets: a conversation with all that belongs to a case, a post, a reply."""
        now, officer = timezone.now(), self.officer
        keys_from(SECRET)
        picture = CapturedAttachment("https://natet.example/Wexelgök.png", "image/png", "Wexelgök.png", "Wexelgök")
        whole = factories.captured(
            "comment/Quvnik",
            text=f"Vid {KNOWN} bor {PLANTED[0]} som är sjuk, 19900118-9811",
            author=f"{KNOWN_AUTHOR} Quvnik",
            at=now - timedelta(minutes=50),
            attachments=(picture,),
            title=f"{KNOWN} brontofax",
        )
        items = factories.items(
            self.channel,
            [
                whole,
                factories.captured("post/s", text=f"{KNOWN} {PLANTED[2]}", title="Quvnik", kind=Kind.POST,
                                   direction=Direction.DRAWN_UP, at=now - timedelta(hours=4)),
                factories.captured("comment/s3", text=f"{KNOWN} {PLANTED[0]}", thread="comment/o1",
                                   author=f"{KNOWN_AUTHOR} Quvnik", at=now - timedelta(minutes=40)),
            ],
            now=now,
        )  # fmt: skip
        case = inbox.receive(items[0], now=now)
        assert (items[0].pk, case.pk) == (SECRET, SECRET)
        Attachment.objects.filter(item=items[0]).update(blob=blobs.put(b"brontofax", "image/png", now=now))
        inbox.add_note(case, "mjurkplåt", by=officer, now=now)
        _row, link = forwards.forward(case, question="mjurkplåt?", by=officer, now=now, email="ute@alvsta.example")
        self.token = link.rstrip("/").rpartition("/")[2]
        answers.answer(case, "mjurkplåt", author=answers.Author.of(officer), publisher=officer, now=now)
        saved.save(name=f"Om {PLANTED[4]}", query=f"q={PLANTED[4]}", shared=False, by=officer, now=now)
        taking.take([item.version_id for item in items], after=None, now=now)
        # What is removed is as secret as what it was: with its proof, and what vanished.
        factories.removal(items[0], by=officer, now=now)
        vanishing.found(items[2], now=now)
        for item in items:
            triage.judge(item, ground="rule.sensitive", agreed=True, by=officer, now=now)
            secrecy.mark(item, ground="osl-21-1", reason="mjurkplåt", by=officer, now=now)
        vocabulary.gather()


def patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address, by its view's full name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern
        else:
            yield from patterns(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def addresses(name: str, pattern: URLPattern, key: int, token: str = "-") -> list[str]:  # noqa: S107 no secret
    """The address with the key wherever a number stands, and with 1 and the open key in the second places."""
    converters = pattern.pattern.converters
    choices = []
    for place, converter in enumerate(converters.values()):
        if isinstance(converter, IntConverter):
            choices.append([key] if place == 0 else [key, 1])
        else:
            choices.append([token])  # type: ignore[list-item]
    with contextlib.suppress(Exception):
        return [reverse(name, kwargs=dict(zip(converters, each, strict=True))) for each in itertools.product(*choices)]
    return []


VIEWS = [(name, pattern) for name, pattern in patterns() if name not in LEFT]
PLAIN = [(name, pattern) for name, pattern in VIEWS if not pattern.pattern.converters]
KEYED = [(name, pattern) for name, pattern in VIEWS if pattern.pattern.converters]


def whole(answer: Any) -> str:
    """All that an answer says: status, headers, bytes."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        # A sheet: what is in it, not when it was packed.
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist() if name != "docProps/core.xml")
    heads = "\n".join(f"{name}: {value}" for name, value in answer.items() if name not in {"ETag", "Content-Length"})
    return FLEETING.sub("", f"{answer.status_code}\n{heads}\n{body.decode('utf-8', 'replace')}")


def signs(said: str) -> list[str]:
    """What is planted and stands in an answer."""
    lowered = said.lower()
    return [word for word in PLANTED if word.lower() in lowered] + SIGNS.findall(said)


def ask(client: Client, address: str, method: str = "get", data: dict[str, str] | None = None, **heads: str) -> str:
    """Ask, and undo what the asking did."""
    with transaction.atomic():
        answer = getattr(client, method)(address, data or {}, headers={"Accept": "text/html", **heads})
        said = whole(answer)
        transaction.set_rollback(True)
    return said


def let_in(views: list[tuple[str, URLPattern]], who: Person | None) -> list[tuple[str, URLPattern]]:
    """The views that the person's roles open. The guard of the others answers before they look at anything."""
    roles = None if who is None else Person.objects.get(pk=who.pk).roles
    return [(name, pattern) for name, pattern in views if pattern.callback.access.lets_in(roles)]


def pages(client: Client, who: Person | None) -> dict[str, str]:
    """Every page that anybody can open without knowing a key, plain and as a live region; and those of open things."""
    said = {}
    for name, pattern in let_in(PLAIN, who):
        if name not in OF_ALL | OF_CHANCE:
            address = addresses(name, pattern, 0)[0]
            said[name] = ask(client, address)
            if "data-live" in said[name]:
                said[f"{name} live"] = ask(client, address, HX_Request="true")
    for name, pattern in let_in(KEYED, who):
        for address in addresses(name, pattern, OPENED)[:1]:
            said[f"{name} {address}"] = ask(client, address)
    for name in ("web:record", "web:channel"):
        said[f"{name} more"] = ask(client, reverse(name, args=[OPENED + 1 if name == "web:record" else channel_key()]))
    return said


def channel_key() -> int:
    """The channel of the open things."""
    return Item.objects.values_list("channel_id", flat=True).get(pk=OPENED)


def looked_for(client: Client, who: Person | None) -> Iterator[tuple[str, str]]:
    """What comes of looking for what somebody knows, on every page that can be asked by words."""
    for name, pattern in let_in(PLAIN, who):
        yield f"{name} {KNOWN}", ask(client, addresses(name, pattern, 0)[0], data=dict.fromkeys(WORDS, KNOWN))
    if who is None or not reading.reads_at_all(who):
        return
    channel, today = channel_key(), timezone.localdate()
    for narrowed in ({"kanal": channel}, {"fran": today - timedelta(days=1), "till": today}, {"fran_vem": KNOWN_AUTHOR},
                     {"q": KNOWN}, {"q": "kvarnbon"}, {"q": "*varnbro*"}, {"q": f'"vid {KNOWN}"'}):  # fmt: skip
        yield (
            f"search {narrowed}",
            ask(client, reverse("records:records"), data={k: str(v) for k, v in narrowed.items()}),
        )


@pytest.mark.parametrize("asker", ASKERS, ids=lambda asker: asker.name)
def test_d20_nothing_of_what_is_secret_reaches_those_who_may_not_read_it(asker: Asker) -> None:
    """Every view, by keys, by words, by what is counted; as somebody who may not read it."""
    with time_machine.travel(timezone.now(), tick=False), bare_pages():
        who, world = asker.make(), World()
        client = Client()
        if who is not None:
            client.force_login(who)
        before = pages(client, who)
        world.plant()
        after = pages(client, who)
        for name, said in after.items():
            assert not signs(said), f"{name} shows what is secret"
            assert said == before[name], f"{name} is not as if nothing were there"
        for name, said in looked_for(client, who):
            assert not signs(said), f"{name} shows what is secret"
        as_if_never(client, who, world)
        if who is not None:
            files(client, who)


def as_if_never(client: Client, who: Person | None, world: World) -> None:
    """The planted keys, and the link that an expert was sent, answer as keys and links that never were."""
    for (name, pattern), method in itertools.product(let_in(KEYED, who), ("get", "post")):
        there = addresses(name, pattern, SECRET, world.token)
        nowhere = addresses(name, pattern, NEVER, world.token[::-1])
        for one, other in zip(there, nowhere, strict=True):
            said, never = ask(client, one, method), ask(client, other, method)
            for sign, no in ((str(SECRET), str(NEVER)), (world.token, world.token[::-1])):
                said, never = said.replace(sign, "…"), never.replace(no, "…")
            assert not signs(said), f"{method} {one} shows what is secret"
            assert said == never, f"{method} {one} is not answered as a key that never was"


def files(client: Client, who: Person) -> None:
    """Exports in every format, by words and of all; counts and suggestions."""
    now = timezone.now()
    reader = reading.reader(who, now=now)
    assert search.count(Asked(KNOWN), reader).number == 0
    assert search.count(Asked(), reader).number == 2
    assert not signs(" ".join(suggesting.suggest("kvarnbon", reader) + suggesting.suggest("zirkonval", reader)))
    if not reading.reads_at_all(who):
        return
    for query, form in itertools.product(("", f"q={KNOWN}", f"fran_vem={KNOWN_AUTHOR}"), ("csv", "jsonl")):
        client.post(reverse("records:order"), {"query": query, "format": form})
        export = Export.objects.latest("pk")
        exporting.write(export.pk, now=now)
        said = whole(client.get(reverse("records:download", args=[export.pk])))
        assert "attachment" in said
        assert not signs(said), query
        assert export.expected == (0 if query else 2)


def test_d20_those_who_may_read_it_do() -> None:
    """The walk sees what there is to see: to the registrar everything planted is there, on the same addresses."""
    with time_machine.travel(timezone.now(), tick=False):
        world = World()
        world.plant()
        client = Client()
        who = factories.person(Role.REGISTRAR, now=timezone.now())
        client.force_login(who)
        showing = {name for name, said in pages(client, who).items() if signs(said)}
        assert {"records:records", "inbox:list", "inbox:list live"} <= showing, showing
        for name, pattern in let_in(KEYED, who):
            for address in addresses(name, pattern, SECRET, world.token):
                if signs(ask(client, address).replace(str(SECRET), "")):
                    showing.add(name)
        assert {"web:record", "records:original", "records:attachment", "inbox:case"} <= showing, showing
        assert any("zirkonvals" in said for _name, said in looked_for(client, who))
