"""Whatever people do and in whatever order we look: what we hold is what the network shows (D18, D40)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from practice_network import Network
from uppsikt import net
from uppsikt.connectors import base, practice

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)


class Talk(RuleBasedStateMachine):
    """People talk on one account; we pull and sweep as we please."""

    posts = Bundle("posts")
    comments = Bundle("comments")

    network: ClassVar[Network]
    opened: ClassVar[Iterator[int]] = itertools.count(1)

    def __init__(self) -> None:
        super().__init__()
        self.handle = f"torget-{next(self.opened)}"
        token = self.network.open(self.handle)
        self.client = net.Client(net.Limits(allow_private=frozenset({self.network.host})))
        self.ours = practice.Practice(
            self.client, {"base": self.network.base}, {"token": token}, lambda: datetime.now(UTC)
        )
        self.cursor: base.JSON = {}
        self.held: dict[str, base.Captured] = {}
        self.etags: dict[str, str] = {}
        self.answers = 0

    def teardown(self) -> None:
        self.client.close()

    def everything(self) -> list[dict[str, Any]]:
        return self.network.dump(self.handle)

    def alive(self, item: str) -> bool:
        return any(f"{one['kind']}/{one['id']}" == item and one["state"] != "deleted" for one in self.everything())

    @initialize(target=posts)
    def first_post(self) -> Any:
        return self.network.say("Första inlägget", handle=self.handle)

    @rule(target=posts, text=TEXTS)
    def post(self, text: str) -> Any:
        return self.network.say(text, handle=self.handle)

    @rule(target=comments, to=st.one_of(posts, comments), text=TEXTS, name=st.sampled_from(["Eva", "Bo"]))
    def comment(self, to: str, text: str, name: str) -> Any:
        return self.network.say(text, to=to, name=name) if self.alive(to) else multiple()

    @rule(item=st.one_of(posts, comments), text=TEXTS)
    def edit(self, item: str, text: str) -> None:
        if self.alive(item):
            self.network.control("POST", "edit", item=item, text=text)

    @rule(item=comments, state=st.sampled_from(["visible", "hidden"]))
    def turn(self, item: str, state: str) -> None:
        if self.alive(item):
            self.network.control("POST", "state", item=item, state=state)

    @rule(item=consumes(comments))
    def delete(self, item: str) -> None:
        if self.alive(item):
            self.network.control("POST", "delete", item=item)

    @rule(target=comments, item=comments, text=TEXTS, lost=st.booleans())
    def answer(self, item: str, text: str, lost: bool) -> Any:
        if not self.alive(item):
            return multiple()
        self.answers += 1
        key = f"intent-{self.answers}"
        if lost:
            self.network.control("POST", "troubles", kind="drop_after", count=1, method="POST")
        try:
            return self.ours.reply(item, text, key).native_id
        except base.Unknown:
            found = self.ours.find_sent(item, text, key, datetime(2026, 11, 23, tzinfo=UTC))
            assert found is not None
            return found.native_id

    @rule(step=st.integers(0, 10_000))
    def time_passes(self, step: int) -> None:
        self.network.control("POST", "clock", step=step)

    @rule(after=st.integers(1, 3))
    def pull(self, after: int) -> None:
        """Read, perhaps cut off after a few batches."""
        for number, batch in enumerate(self.ours.pull(self.cursor), start=1):
            for item in batch.items:
                self.held[item.native_id] = item
            self.cursor = batch.cursor
            if number == after:
                break

    @rule()
    def sweep(self) -> None:
        known = [
            base.Known(one.native_id, one.fingerprint, self.etags.get(one.native_id, "")) for one in self.held.values()
        ]
        for answer in self.ours.refetch(known):
            self.etags[answer.native_id] = answer.etag
            if answer.found is base.Found.GONE:
                del self.held[answer.native_id]
            elif answer.item:
                self.held[answer.native_id] = answer.item

    @invariant()
    def a_look_would_show_what_there_is(self) -> None:
        """Looked at from a copy, so that pulls stay cut off and sweeps stay late in what follows."""
        kept = self.cursor, dict(self.held), dict(self.etags)
        self.pull(99)
        self.sweep()
        shown = {
            f"{one['kind']}/{one['id']}": (one["text"], one["state"])
            for one in self.everything()
            if one["state"] != "deleted"
        }
        assert {name: (one.text, one.visibility.value) for name, one in self.held.items()} == shown
        self.cursor, self.held, self.etags = kept
        answered = [one for one in self.everything() if one["key"]]
        assert len(answered) == self.answers


def test_what_we_hold_is_what_the_network_shows(network: Network) -> None:
    """Twenty talks of up to 25 doings each, on one running network."""
    Talk.network = network
    run_state_machine_as_test(
        Talk,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        ),
    )
