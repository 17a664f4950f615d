"""D21, D45: each act on a removal, in each state, by each sort of person; and the page offers what would be taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

import factories
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import actions, pages
from uppsikt.moderation.models import Removal
from uppsikt.moderation.states import REMOVAL
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions as policy
from uppsikt.records import reading
from uppsikt.records.models import Item

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY

ACTS: dict[str, Callable[[Removal, Person], Removal]] = {
    "decide": lambda row, by: actions.decide(row, decision=factories.disposal_decision(), by=by, now=NOW),
    "reject": lambda row, by: actions.reject(row, reason="Det är kritik.", by=by, now=NOW),
    "withdraw": lambda row, by: actions.withdraw(row, by=by, now=NOW),
    "again": lambda row, by: actions.again(row, by=by, now=NOW),
    "restore": lambda row, by: actions.restore(row, reason="Ett citat.", by=by, now=NOW),
}
# From which states each act leads on, whoever does it.
FROM = {
    "decide": {"proposed"},
    "reject": {"proposed"},
    "withdraw": {"proposed", "decided", "preserving", "failed"},
    "again": {"failed"},
    "restore": {"done"},
}
ALL = set(ACTS)
# Who may do what, where one is enough behind a removal and where two are asked.
MAY = {
    1: {"proposer": ALL, "manager": ALL - {"again"}, "stranger": set()},
    2: {"proposer": {"withdraw", "again", "restore"}, "manager": ALL - {"again"}, "stranger": set()},
}


@dataclass
class World:
    """A removal that can be put in any state, and the people around it."""

    row: Removal
    people: dict[str, Person]

    def put(self, state: str) -> None:
        """Let the removal stand as it would in the state."""
        decided = {name: getattr(self.row, name) for name in ("decided_by", "decided_at", "decision")}
        undecided = dict.fromkeys(decided)
        Removal.objects.filter(pk=self.row.pk).update(state=state, **(undecided if state == "proposed" else decided))
        Item.objects.filter(pk=self.row.item_id).update(state="hidden" if state == "done" else "visible")

    def stands(self) -> Removal:
        """The removal as it is, read anew."""
        return Removal.objects.select_related("item__channel__unit", "evidence", "intent").get(pk=self.row.pk)


@pytest.fixture
def world() -> World:
    channel = factories.channel()
    officer = factories.officer(channel)
    factories.mandate(officer, channel, Act.HIDE, Act.REMOVE)
    people = {
        "proposer": officer,
        "manager": factories.person(Role.MANAGER),
        "stranger": factories.person(Role.OFFICER),
    }
    return World(factories.removal(factories.item(channel), by=officer), people)


def outcome(row: Removal, name: str, by: Person) -> bool:
    """Whether the act is taken; what is refused changes nothing and leaves no trail. All is undone afterwards."""
    steps = trail.steps_of(row).count()
    with transaction.atomic():
        try:
            with transaction.atomic():
                ACTS[name](row, by)
        except Refused:
            assert trail.steps_of(row).count() == steps
            return False
        finally:
            transaction.set_rollback(True)
    return True


def offered(row: Removal, by: Person) -> set[str]:
    """What the page lets somebody do."""
    context: dict[str, Any] = pages.removal(row, by, reading.reader(by, now=NOW), now=NOW)
    names = {"decide": "decide", "reject": "reject", "withdraw": "may_withdraw", "again": "may_again"}
    return {name for name, key in {**names, "restore": "restore"}.items() if context[key]}


@pytest.mark.parametrize("people", [1, 2])
def test_what_may_be_done_is_what_the_table_says_and_what_the_page_offers(world: World, people: int) -> None:
    policy.change_rule(key="removal.people", value=people, by=factories.TESTER, now=NOW, reason="Så ska det vara")
    for state in sorted(REMOVAL.states):
        world.put(state)
        for who, person in world.people.items():
            expected = {name for name in MAY[people][who] if state in FROM[name]}
            assert offered(world.stands(), person) == expected, (state, who)
            taken = {name for name in ACTS if outcome(world.stands(), name, person)}
            assert taken == expected, (state, who)
