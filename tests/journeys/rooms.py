"""What the pages show when they are looked at: a channel in trouble, a record with several wordings, a busy day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

import factories
from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel, Cursor
from uppsikt.connectors.base import CapturedAttachment, Kind, Permanent, Visibility
from uppsikt.inbox import forwards
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.notices.models import Address
from uppsikt.notices.rules import Way
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import LoginLink, Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item

SYSTEM = Doer.system("test")
HOSTILE = "Hej <script>alert(1)</script> fil\u202egpj.exe " + "långtordutanmellanslag" * 12


def reader(role: str) -> Person:
    """The person whom the journey logs in."""
    return Person.objects.get(email=f"{role}@alvsta.example")


def channel(now: datetime, responsible: Person | None = None, **fields: Any) -> Channel:
    """A blog with a mandate, some of whose history is read."""
    unit = factories.municipality("Barn och utbildning").unit
    return factories.channel(network="wordpress", unit=unit, responsible=responsible, now=now, **fields)


def troubled(role: str, now: datetime) -> Channel:
    """A channel whose password has been revoked."""
    row = channel(now, reader(role), name="Rektorsbloggen", address="https://blogg.alvsta.example/rektor")
    channels.note_trouble(row, Permanent("revoked"), asked=None, by=SYSTEM, now=now)
    factories.mandate(factories.person(Role.OFFICER, name="Åsa Öberg"), row)
    return row


def channel_page() -> tuple[Any, ...]:
    """A channel in trouble, with things said there."""
    now = timezone.now()
    row = troubled("communications", now)
    factories.item(row, now=now, at=now - timedelta(hours=3), text=HOSTILE, author="Maria\u202eL.")
    return (row.pk,)


def channel_being_read() -> tuple[Any, ...]:
    """A new channel with a long history, some way into it."""
    now = timezone.now()
    row = channel(now)
    Channel.objects.filter(pk=row.pk).update(caught_up_at=None)
    Cursor.objects.filter(channel=row).update(begun_at=now, saved_at=now, read=12_400, left=67_600, pace=28.0)
    return (row.pk,)


def managed_channel() -> tuple[Any, ...]:
    """A channel as its unit's manager sees it."""
    return (troubled("manager", timezone.now()).pk,)


def many_channels() -> tuple[Any, ...]:
    """A list with one of each state."""
    now = timezone.now()
    troubled("communications", now)
    names = ("Älvsta kommun", "Ängens förskola", "Öppna förskolan", "Biblioteket")
    rows = [channel(now, name=name, address=f"https://natet.example/{number}") for number, name in enumerate(names)]
    channels.pause(rows[1], reason="Webbplatsen byggs om.", by=SYSTEM, now=now)
    return ()


def edited(now: datetime) -> Item:
    """A comment that was edited twice, with a picture, in a conversation."""
    row = channel(now, name="Älvsta bibliotek")
    at, post = now - timedelta(hours=5), "post/1"
    picture = CapturedAttachment("https://natet.example/b.png", "image/png", "b.png", alt="En skylt")
    readings = [
        factories.captured(post, text="Ny rektor på Vallskolan", at=at, kind=Kind.POST, title="Ny rektor"),
        factories.captured("comment/1", text="Kan ni ha öppet på söndagar?", at=at, post=post, attachments=(picture,)),
        factories.captured("comment/2", text=HOSTILE, at=at + timedelta(hours=1), thread="comment/1", post=post),
    ]
    item = factories.items(row, readings, now=now)[1]
    for text in ("Kan biblioteket ha öppet på söndagar?", f"Kan biblioteket ha öppet på söndagar i mars? {HOSTILE}"):
        again = factories.captured(
            "comment/1", text=text, at=at, post=post, attachments=(picture,), visibility=Visibility.HIDDEN
        )
        factories.items(row, [again], now=now)
    return item


def record() -> tuple[Any, ...]:
    """A record with several wordings."""
    return (edited(timezone.now()).pk,)


def gone_record() -> tuple[Any, ...]:
    """A record that is gone from its network."""
    item = edited(timezone.now())
    Item.objects.filter(pk=item.pk).update(state="gone")
    return (item.pk,)


def some_records() -> tuple[Any, ...]:
    """A list of records."""
    edited(timezone.now())
    return ()


def busy_day() -> tuple[Any, ...]:
    """A day with something of each sort to do."""
    now, me = timezone.now(), reader("communications")
    row = troubled("communications", now)
    other = channel(now, name="Älvsta kommun", address="https://natet.example/alvsta")
    for where in (row, other):
        factories.mandate(me, where, until=now + timedelta(days=5))
    factories.case(other, now=now, at=now - timedelta(days=5), text="När plogas Storgatan? " + HOSTILE)
    factories.case(other, now=now, at=now - timedelta(days=4), text="Tack för i går!")
    asked = factories.case(other, now=now, at=now - timedelta(days=1), text="Vem är ny rektor?")
    forward, _link = forwards.forward(asked, question="Vet du?", by=me, now=now, email="sakkunnig@alvsta.example")
    forwards.answer(forward, text="Anna B.", name="Bo Ek", title="rektor", unit="Vallskolan", now=now)
    factories.item(other, now=now, at=now, text="Håll i mig", visibility=Visibility.HELD)
    return ()


def people() -> tuple[Any, ...]:
    """Some people with roles."""
    for name in ("Örjan Ås", "Åke Ärlig", "Zara Ö"):
        factories.person(Role.OFFICER, name=name)
    return ()


def one_person() -> tuple[Any, ...]:
    """Somebody with a role and a mandate."""
    row = channel(timezone.now())
    who = factories.officer(row, name="Åke Ärlig")
    return (who.pk,)


def roster() -> tuple[Any, ...]:
    """One department with a contact person, and one without."""
    factories.municipality("Barn och utbildning")
    here = factories.municipality()
    who = factories.person(name="Åke Ärlig")
    organisation.add_contact(
        department=here.department, person=who, matter="vägar", rank=1, by=SYSTEM, now=timezone.now()
    )
    return ()


def department() -> tuple[Any, ...]:
    """A department to name somebody for."""
    return (factories.municipality().department.pk,)


def told() -> tuple[Any, ...]:
    """Something unread."""
    people = [reader("officer")]
    notices.tell(
        people, kind="late", words=lambda: "Ett ärende är försenat.", url="/inkorg/", now=timezone.now(), urgent=True
    )
    return ()


def reached() -> tuple[Any, ...]:
    """Somebody with a telephone that waits for its code, a webhook that has stopped, and letters on their way."""
    who = reader("officer")
    Address.objects.create(
        person=who, way="sms", target="+46701740605", label="+46701740605", made_at=timezone.now(),
        code_until=timezone.now(),
    )  # fmt: skip
    Address.objects.create(
        person=who, way="webhook", target="https://jour.alvsta.example/larm/med/en/mycket/lang/adress/som/inte/tar/slut",
        made_at=timezone.now(), confirmed_at=timezone.now(), stopped_at=timezone.now(), trouble="http_410",
    )  # fmt: skip
    notices.choose(who, "late", ways=[Way.PAGE, Way.SMS])
    notices.tell([who], kind="assigned", words=lambda: "Eva lämnade över ett ärende.", url="/", now=timezone.now())
    return ()


def login_link() -> tuple[Any, ...]:
    """A link that holds."""
    who = factories.person(name="Åsa Öberg")
    return (organisation.make_login_link(who, minutes=10, by=SYSTEM, now=timezone.now()),)


def dead_link() -> tuple[Any, ...]:
    """A link that nobody knows."""
    LoginLink.objects.all().delete()
    return ("gammal",)
