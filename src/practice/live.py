"""What people do from now on, by the network's clock: seeded, so that the same clock gives the same talk.

Event number n draws its dice from the seed and n alone; a restart goes on where it stood.
"""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from random import Random

from practice import items, office, script, speech, world
from practice.clock import Clock, moment, stamp
from practice.errors import Refusal
from practice.flavours import FLAVOURS
from practice.grammar import dice
from practice.items import Item, Person
from practice.store import Store
from practice.world import World

DOINGS = {"comment": 60, "chat": 11, "edit": 9, "delete": 5, "post": 5, "like": 10}
REACTIONS = {"thanks": 38, "followup": 22, "unhappy": 6, "edit": 6, "delete": 3, "": 25}
AT_ONCE = 2000
SLEPT = 40
RECENT_POSTS, RECENT_COMMENTS = 6, 25
WAKING = range(7, 18)


class Still(Clock):
    """A clock that stands at the moment of one event."""

    def __init__(self, store: Store, at: datetime) -> None:
        super().__init__(store)
        self._at = at

    def now(self) -> datetime:
        """That moment."""
        return self._at


class Live:
    """The people's life from now on. `every` is the mean time between events in seconds; 0 is silence."""

    def __init__(self, real: World) -> None:
        self._world = real
        self._turn = threading.Lock()

    @property
    def every(self) -> float:
        """Seconds of the network's time between events, on average."""
        return float(self._world.store.note("live_every") or 0)

    def pace(self, every: float) -> None:
        """Set how often something happens by itself, from now on."""
        store = self._world.store
        with store.change():
            store.keep("live_every", repr(max(0.0, every)))
            store.keep("live_next", stamp(self._world.clock.now() + timedelta(seconds=every / 2)))

    def wake(self) -> None:
        """After a stop: skip what would have happened meanwhile, when it is a lot."""
        due = self._world.store.note("live_next")
        behind = self._world.clock.now() - moment(due) if due else timedelta()
        if self.every and behind > timedelta(seconds=self.every * SLEPT):
            self.pace(self.every)

    def catch_up(self) -> int:
        """Let everything happen that is due by now, each at its own time; returns how many things did."""
        with self._turn:
            if not self.every:
                return 0
            count = 0
            while count < AT_ONCE and self._one(self._world.clock.now()):
                count += 1
            return count

    def _one(self, now: datetime) -> bool:
        store = self._world.store
        with store.change():
            self._notice_answers()
            planned = store.row("SELECT * FROM planned ORDER BY at, id LIMIT 1")
            next_at = store.note("live_next") or stamp(now)
            if planned and planned["at"] <= min(next_at, stamp(now)):
                store.write("DELETE FROM planned WHERE id = ?", [planned["id"]])
                self._react(planned["what"], planned["item_id"], moment(planned["at"]))
                return True
            if next_at <= stamp(now):
                number = store.count_up("live_number")
                rng = dice(self._world.seed, "live", number)
                at = moment(next_at)
                store.keep("live_next", stamp(at + timedelta(seconds=self.every * rng.uniform(0.5, 1.5))))
                self._happen(rng, at)
                return True
            return False

    def _notice_answers(self) -> None:
        store = self._world.store
        seen = int(store.note("live_seen") or 0)
        fresh = items.items(store, "id > ? AND kind = 'comment' AND person_id IS NULL ORDER BY id", [seen])
        if not fresh:
            return
        for answer in fresh:
            rng = dice(self._world.seed, "reaction", answer.id)
            asked = store.row("SELECT * FROM items WHERE id = ?", [answer.asked_id])
            kind = speech.weighted(rng, REACTIONS)
            if kind and asked and asked["person_id"] and json.loads(asked["meaning"]).get("sort"):
                at = moment(answer.created_at) + timedelta(seconds=self.every * rng.uniform(0.4, 2.5))
                store.write("INSERT INTO planned (at, what, item_id) VALUES (?, ?, ?)", [stamp(at), kind, answer.id])
        store.keep("live_seen", str(fresh[-1].id))

    def _react(self, kind: str, answer_id: int, at: datetime) -> None:
        now = World(self._world.store, Still(self._world.store, at))
        rng = dice(self._world.seed, "react", answer_id)
        answer = items.item(now.store, "comment", answer_id)
        asked = items.items(now.store, "id = ?", [answer.asked_id])[0]
        if "deleted" in (answer.state, asked.state) or asked.person_id is None:
            return
        if kind in ("edit", "delete"):
            self._think_again(now, rng, kind, asked)
            return
        said = speech.reaction(rng, kind, asked.meaning)
        self._say(now, answer, said, items.person(now.store, asked.person_id))

    def _happen(self, rng: Random, at: datetime) -> None:
        now = World(self._world.store, Still(self._world.store, at))
        weights = {
            one.handle: role.weekly * role.crowd
            for one in items.accounts(now.store)
            if (role := script.role(one.handle)) is not None
        }
        if not weights:
            return
        handle = speech.weighted(rng, weights)
        doing = speech.weighted(rng, DOINGS)
        awake = office.works(at.astimezone(office.ZONE).date()) and at.astimezone(office.ZONE).hour in WAKING
        if doing == "post" and awake:
            self._post(now, rng, handle)
            return
        if doing in ("comment", "post"):
            self._comment(now, rng, handle)
            return
        recent = items.items(
            now.store,
            "handle = ? AND kind = 'comment' AND state = 'visible' AND person_id IN"
            " (SELECT id FROM people WHERE cookie IS NULL) ORDER BY id DESC LIMIT ?",
            [handle, RECENT_COMMENTS],
        )
        if not recent:
            return
        one = rng.choice(recent)
        if doing == "like":
            world.like(now, one)
        elif doing == "chat":
            self._say(now, one, speech.chat(rng), self._somebody(now, rng))
        else:
            self._think_again(now, rng, doing, one)

    def _post(self, now: World, rng: Random, handle: str) -> None:
        role = script.role(handle)
        if role is None:
            return
        topic = speech.topic_for(rng, role, now.clock.now().month)
        title, _, said = speech.post(rng, role, topic, now.clock.now().month)
        alt = f"Landskap. Bild från {role.name}." if FLAVOURS[role.flavour].pictures else ""
        world.publish(now, handle, said.text, title=title, alt=alt, meaning=said.meaning() | {"topic": topic.name})

    def _comment(self, now: World, rng: Random, handle: str) -> None:
        posts = items.items(
            now.store,
            "handle = ? AND kind = 'post' AND state = 'visible' ORDER BY id DESC LIMIT ?",
            [handle, RECENT_POSTS],
        )
        if not posts:
            return
        under = rng.choice(posts)
        person = self._somebody(now, rng)
        topic = script.topics().get(str(under.meaning.get("topic"))) or rng.choice(list(script.topics().values()))
        said = speech.comment(
            rng, topic, under.meaning.get("bound", {}), person.temper, person.language, name=person.name
        )
        self._say(now, under, said, person)

    def _say(self, now: World, to: Item, said: speech.Said, person: Person) -> None:
        longest = items.account(now.store, to.handle).flavour.text
        try:
            world.say(now, to, said.text[:longest], by=person, meaning=said.meaning())
        except Refusal:  # closed meanwhile: the person keeps it to himself
            return

    def _think_again(self, now: World, rng: Random, kind: str, one: Item) -> None:
        flavour = items.account(now.store, one.handle).flavour
        if kind == "delete":
            world.remove(now, one)
        elif flavour.edits:
            world.edit(now, one, speech.reworded(rng, one.text)[: flavour.text])

    def _somebody(self, now: World, rng: Random) -> Person:
        crowd = now.store.rows("SELECT id FROM people WHERE cookie IS NULL ORDER BY id")
        return items.person(now.store, int(rng.choice(crowd)["id"]))
