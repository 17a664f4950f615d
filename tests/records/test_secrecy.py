"""Holding records secret: who may, what is written down, who reads them then (D20, D42)."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from factories import THURSDAY
from uppsikt.connectors.base import Kind
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import reading, secrecy
from uppsikt.records.models import Item, Secrecy
from uppsikt.records.reading import Reader

pytestmark = pytest.mark.django_db
NOW = THURSDAY + timedelta(hours=1)
READ_IT = {Role.COMMUNICATIONS, Role.MANAGER, Role.REGISTRAR, Role.DATA_PROTECTION}


def keep(item: Item, by: Person, **more: bool) -> int:
    """Mark it, with a ground and a reason."""
    return secrecy.mark(item, ground="osl-26-1", reason="Om ett ärende hos oss.", by=by, now=NOW, **more)


@pytest.mark.parametrize("role", list(Role))
def test_d20_who_reads_what_is_secret(role: Role) -> None:
    """Of the roles alone those that guard secrecy; of staff those with a mandate on the channel while it holds."""
    channel = factories.channel()
    person, held = factories.person(role), factories.person(role)
    factories.mandate(held, channel, until=NOW + timedelta(days=1))
    item = factories.item(channel)
    keep(item, factories.officer(channel))
    assert reading.may_read(reading.reader(person, now=NOW), item) is (role in READ_IT)
    assert reading.may_read(reading.reader(held, now=NOW), item) is (role != Role.ADMINISTRATOR)
    later = reading.reader(held, now=NOW + timedelta(days=2))
    assert reading.may_read(later, item) is (role in READ_IT)
    for reader in (reading.reader(person, now=NOW), later, Reader(), Reader(channels=frozenset({channel.pk}))):
        found = reading.readable(Item.objects.all(), reader)
        assert (item in found) is reading.may_read(reader, item)
        assert set(found) | set(reading.kept_from(reader)) == set(Item.objects.all())


def test_d20_a_role_on_a_unit_reads_the_secrets_of_that_unit() -> None:
    """A manager of the library reads nothing of the schools'."""
    library = factories.municipality("Bibliotek").unit
    own, other = factories.channel(unit=library), factories.channel(unit=factories.municipality("Skola").unit)
    boss = factories.person()
    organisation.give_role(person=boss, role=Role.MANAGER, unit=library, by=factories.TESTER, now=THURSDAY)
    assert reading.reader(boss, now=NOW) == Reader(channels=frozenset({own.pk}))
    assert not reading.reader(boss, now=NOW).reads_secrets_of(other.pk)


def test_d20_somebody_who_has_left_reads_nothing() -> None:
    """An account that is closed opens nothing, whatever its mandates say."""
    channel = factories.channel()
    gone = factories.officer(channel, None)
    gone.is_active = False
    gone.save()
    assert reading.reader(Person.objects.get(pk=gone.pk), now=NOW) == Reader()


def test_d42_a_marking_is_written_down_with_its_law_and_lifted_with_a_reason() -> None:
    """Who, when, why and by which section stand in the trail; a lifted marking stays to be read."""
    channel = factories.channel()
    item, officer = factories.item(channel), factories.officer(channel, name="Eva")
    assert keep(item, officer) == 1
    item.refresh_from_db()
    assert item.secret
    with pytest.raises(Refused, match="redan"):
        keep(item, officer)
    step = trail.steps_of(item).last()
    assert step is not None
    assert (step.name, step.by_name, step.reason) == ("mark_secret", "Eva", "Om ett ärende hos oss.")
    assert step.facts["ground"] == "osl-26-1"
    with pytest.raises(Refused):
        secrecy.lift(item, reason=" ", by=officer, now=NOW)
    secrecy.lift(item, reason="Uppgiften är redan känd.", by=officer, now=NOW)
    item.refresh_from_db()
    assert not item.secret
    assert [(row.lifted_reason, row.lifted_by) for row in secrecy.marks(item)] == [
        ("Uppgiften är redan känd.", officer)
    ]
    with pytest.raises(Refused):
        secrecy.lift(item, reason="En gång till.", by=officer, now=NOW)
    assert keep(item, officer) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ground": "osl-99-1"}, "no_ground"),
        ({"ground": "other", "section": " "}, "no_ground"),
        ({"reason": " "}, "no_reason"),
    ],
)
def test_d42_nothing_is_secret_without_law_and_reason(given: dict[str, str], code: str) -> None:
    """Secrecy rests on a section of the law (OSL), never on a wish."""
    channel = factories.channel()
    item = factories.item(channel)
    asked = {"ground": "osl-21-1", "reason": "Hälsa.", **given}
    with pytest.raises(Refused) as refused:
        secrecy.mark(item, by=factories.officer(channel), now=NOW, **asked)
    assert refused.value.code == code
    assert not Secrecy.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ARCHIVIST, Role.CRISIS_GROUP, Role.ADMINISTRATOR, Role.EDITOR])
def test_d20_who_may_not_read_may_not_mark(role: Role) -> None:
    """Nobody marks what they could not read afterwards."""
    item = factories.item(factories.channel())
    with pytest.raises(Refused) as refused:
        keep(item, factories.person(role))
    assert refused.value.code == "may_not_mark"


def test_d20_a_post_takes_its_replies_with_it_also_those_to_come() -> None:
    """Under a secret post nothing is open, not even for a moment, and what stands beside it stays open."""
    channel = factories.channel()
    post, reply, beside = factories.items(
        channel,
        [
            factories.captured("post/1", kind=Kind.POST, text="Ett inlägg"),
            factories.captured("comment/1", post="post/1", text="Ett svar"),
            factories.captured("comment/2", post="post/2", text="Under något annat"),
        ],
    )
    officer = factories.officer(channel)
    assert keep(post, officer, replies=True) == 2
    new = factories.item(channel, native_id="comment/3", post="post/1", at=NOW)
    assert trail.steps_of(new).last().by == "system:secrecy"  # type: ignore[union-attr]
    states = dict(Item.objects.values_list("pk", "secret"))
    assert states == {post.pk: True, reply.pk: True, beside.pk: False, new.pk: True}
    assert secrecy.lift(post, reason="Känt.", by=officer, now=NOW, replies=True) == 3
    assert not Item.objects.filter(secret=True).exists()
