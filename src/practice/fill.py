"""Writes a year of talk in one go: posts, comments, the municipality's answers, edits and deletions.

Everything is thought out in memory first and then written in the order in which it
happened, so that ids, changes and times agree as if people had lived through it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from practice import office, people, scenes, script, speech, world
from practice.clock import stamp
from practice.flavours import FLAVOURS
from practice.grammar import dice
from practice.items import Person
from practice.scenes import Scene
from practice.script import Role, Topic
from practice.speech import WANT_ANSWERS, Said
from practice.store import Store, Value
from practice.world import World

INSERT = (
    "INSERT INTO items (id, kind, handle, post_id, parent_id, thread_id, asked_id, person_id, title, text, alt, state,"
    " created_at, edited_at, modified_at, likes, meaning, change)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
LIVELY_DAYS = 6
FRESH_MINUTES = 200
ANSWERED = {"question": 0.97, "complaint": 0.93, "personal": 0.95, "opinion": 0.8, "praise": 0.12}
LEFT_OVERDUE, LEFT_DUE = 0.3, 0.7
PLAIN_NAMES = 40  # people from here on have a first name and a last name


@dataclass(slots=True, eq=False)
class Draft:
    """An item before it has its number."""

    handle: str
    at: datetime
    text: str
    post: Draft | None = None
    parent: Draft | None = None
    asked: Draft | None = None
    person: Person | None = None
    title: str = ""
    alt: str = ""
    state: str = "visible"
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    likes: int = 0
    meaning: dict[str, Any] = field(default_factory=dict)
    number: int = 0

    @property
    def modified_at(self) -> datetime:
        """When it last changed."""
        return self.deleted_at or self.edited_at or self.at

    def depth(self) -> int:
        """How deep it hangs, 0 right under the post."""
        return 0 if self.parent is None or self.parent.post is None else self.parent.depth() + 1


def fill(to: World, *, until: datetime, days: int = 365, seed: str = "1", share: float = 1.0) -> int:
    """Open the twelve accounts and write `days` of talk up to `until`; returns how many items there are now.

    `share` thins it out for tests. A network that already has items is left as it is.
    """
    store = to.store
    with store.change():
        if store.number("SELECT count(*) FROM items"):
            return store.number("SELECT count(*) FROM items")
        store.keep("seed", seed)
        people.move_in(store, seed)
        for role in script.roles():
            world.open_account(
                to,
                handle=role.handle,
                name=role.name,
                flavour=role.flavour,
                description=role.description,
                colour=role.colour,
            )
        for handle, bond, name, url in script.follows():
            world.follow(to, handle, bond, name=name, url=url)
        crowd = _crowd(store)
        drafts = [
            draft
            for role in script.roles()
            for draft in _Teller(role, crowd, dice(seed, "year", role.handle), until).year(days, share)
        ]
        drafts += [draft for scene in scenes.scenes() for draft in _play(scene, crowd, until)]
        return _write(store, [draft for draft in drafts if draft.at <= until], until)


def _play(scene: Scene, crowd: list[Person], until: datetime) -> Iterator[Draft]:
    """A scene as drafts; who speaks hangs on the line alone."""
    post = Draft(scene.handle, office.office_minutes_before(until, scene.ago), scene.text)
    post.title, post.alt = scene.title, scene.alt
    topic = scenes.topic_of(scene, lambda name: until.month in script.topics()[name].months)
    post.meaning = {"sort": "post", "bound": {}, "topic": topic}
    yield post
    said: dict[str, Draft] = {}
    for line in scene.talk:
        to = said.get(line.asked, post)
        draft = Draft(scene.handle, office.office_minutes_before(until, line.ago), line.text, post, to, to)
        draft.person = dice("scene", line.name).choice(crowd[PLAIN_NAMES:]) if line.sort else None
        draft.meaning = line.meaning() | {"topic": topic}
        said[line.name] = draft
        yield draft


def _crowd(store: Store) -> list[Person]:
    rows = store.rows("SELECT id, name, handle, language, temper FROM people WHERE cookie IS NULL ORDER BY id")
    return [Person(*row) for row in rows]


class _Teller:
    """Tells one account's year."""

    def __init__(self, role: Role, crowd: list[Person], rng: Random, until: datetime) -> None:
        self.role, self.crowd, self.rng, self.until = role, crowd, rng, until
        self.flavour = FLAVOURS[role.flavour]

    def year(self, days: int, share: float) -> Iterator[Draft]:
        """All posts with what was said under them."""
        lately: list[str] = []
        posts: list[tuple[Draft, Topic]] = []
        for at in self._post_times(days, share):
            topic = speech.topic_for(self.rng, self.role, at.month)
            draft, template = self._post(at, topic, lately[-8:])
            lately.append(template)
            posts.append((draft, topic))
            yield draft
            yield from self._crowd_speaks(draft, topic)
        for draft, topic in posts[-4:]:
            at = self.until - timedelta(minutes=self.rng.uniform(2, FRESH_MINUTES))
            if at > draft.at and self._chance(0.6):
                yield self._comment(draft, topic, at)

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _post_times(self, days: int, share: float) -> list[datetime]:
        times = []
        day = (self.until - timedelta(days=days)).astimezone(office.ZONE)
        while day <= self.until.astimezone(office.ZONE):
            lively = self.until - day < timedelta(days=LIVELY_DAYS)
            pace = self.role.weekly / 5 * share * (2.0 if lively else 1.0)
            if not office.works(day.date()):
                pace *= 0.12
            for _ in range(int(pace) + self._chance(pace % 1)):
                clock = day.replace(
                    hour=self.rng.randint(7, 16), minute=self.rng.randint(0, 59), second=self.rng.randint(0, 59)
                )
                times.append(clock.astimezone(self.until.tzinfo))
            day += timedelta(days=1)
        return sorted(time for time in times if time < self.until)

    def _post(self, at: datetime, topic: Topic, lately: list[str]) -> tuple[Draft, str]:
        title, template, said = speech.post(self.rng, self.role, topic, at.month, lately)
        alt = _alt(self.role, said) if self.flavour.pictures or self._chance(0.35) else ""
        draft = Draft(self.role.handle, at, said.text, title=title, alt=alt, likes=int(self.rng.expovariate(0.05)))
        draft.meaning = said.meaning() | {"topic": topic.name}
        if self._chance(0.03) and at < self.until - timedelta(days=2):
            draft.edited_at = at + timedelta(minutes=self.rng.uniform(3, 90))
            draft.text += "\n\nUppdaterat: tiden är ändrad sedan tidigare."
        return draft, template

    def _crowd_speaks(self, post: Draft, topic: Topic) -> Iterator[Draft]:
        count = int(self.rng.expovariate(1 / self.role.crowd)) + self._chance(0.02) * self.rng.randint(12, 25)
        for _ in range(count):
            at = office.awake(post.at + timedelta(hours=self.rng.expovariate(1 / 9)))
            if at <= self.until:
                said = self._comment(post, topic, at)
                yield said
                yield from self._what_follows(said)

    def _comment(self, post: Draft, topic: Topic, at: datetime) -> Draft:
        person = self.rng.choice(self.crowd)
        spoken = speech.comment(
            self.rng, topic, post.meaning["bound"], person.temper, person.language, name=person.name
        )
        text = spoken.text[: self.flavour.text]
        draft = Draft(self.role.handle, at, text, post=post, parent=post, asked=post, person=person)
        draft.meaning = spoken.meaning() | {"topic": topic.name}
        draft.likes = int(self.rng.expovariate(0.6))
        if self.flavour.holds_links and "http" in text:
            draft.state = "held"
        return draft

    def _what_follows(self, said: Draft) -> Iterator[Draft]:
        if self._chance(0.04) and self.flavour.edits:
            said.edited_at = min(self.until, said.at + timedelta(minutes=self.rng.expovariate(1 / 20)))
            said.text = speech.reworded(self.rng, said.text)[: self.flavour.text]
        if self._chance(0.015):
            said.deleted_at = min(self.until, said.at + timedelta(hours=self.rng.expovariate(1 / 6)))
            return
        if said.state == "held":
            return
        if self._chance(0.12):
            at = office.awake(said.at + timedelta(hours=self.rng.expovariate(1 / 3)))
            yield self._under(said, at, speech.chat(self.rng), self.rng.choice(self.crowd))
        yield from self._conversation(said)

    def _conversation(self, said: Draft) -> Iterator[Draft]:
        while True:
            sort = said.meaning["sort"]
            at = office.answered_at(self.rng, said.edited_at or said.at)
            silent = self.rng.random() > ANSWERED.get(sort, 0.02)
            if silent or at > self.until or _left(self.rng, sort, said.at, self.until):
                return
            words = speech.answer(self.rng, said.meaning, self.role)
            answer = self._under(said, at, Said(words, "answer"), None)
            yield answer
            kind = speech.weighted(self.rng, {"thanks": 40, "followup": 14, "unhappy": 5, "": 41})
            back = office.awake(at + timedelta(hours=self.rng.expovariate(1 / 2)))
            if not kind or back > self.until:
                return
            said = self._under(answer, back, speech.reaction(self.rng, kind, said.meaning), said.person)
            yield said
            if kind == "thanks":
                return

    def _under(self, to: Draft, at: datetime, said: Said, person: Person | None) -> Draft:
        parent = to
        while parent.post is not None and parent.depth() >= self.flavour.depth and parent.parent is not None:
            parent = parent.parent
        draft = Draft(
            to.handle, at, said.text[: self.flavour.text], post=to.post, parent=parent, asked=to, person=person
        )
        draft.meaning = said.meaning() | {"topic": to.meaning.get("topic", "")}
        return draft


def _left(rng: Random, sort: str, asked: datetime, until: datetime) -> bool:
    """Whether it still lies unanswered: only of late, so that there is something to do."""
    if sort not in WANT_ANSWERS or asked < office.working_days_before(until, 2):
        return False
    overdue = asked < office.working_days_before(until, 1)
    return rng.random() < (LEFT_OVERDUE if overdue else LEFT_DUE)


def _alt(role: Role, said: Said) -> str:
    place = said.bound.get("park") or said.bound.get("street") or said.bound.get("district") or "Älvsta"
    return f"Landskap vid {place}. Bild från {role.name}."


def _write(store: Store, drafts: list[Draft], until: datetime) -> int:
    gone: set[int] = set()
    drafts.sort(key=lambda draft: (draft.at, draft.handle, draft.text))
    for number, draft in enumerate(drafts, start=1):
        draft.number = number
    order = {id(draft): place for place, draft in enumerate(sorted(drafts, key=lambda d: (d.modified_at, d.number)), 1)}
    rows = []
    for draft in drafts:
        if (
            draft.deleted_at
            or (draft.parent and draft.parent.number in gone)
            or (draft.parent and not draft.parent.number)
        ):
            gone.add(draft.number)
        rows.append(_row(draft, order[id(draft)], gone=draft.number in gone))
    store.write_many(INSERT, rows)
    store.keep("change", str(len(drafts)))
    store.keep("live_seen", str(len(drafts)))
    store.keep("live_next", stamp(until + timedelta(seconds=20)))
    return len(drafts)


def _row(draft: Draft, change: int, *, gone: bool) -> list[Value]:
    top = draft
    while top.parent is not None and top.parent.post is not None:
        top = top.parent
    is_post = draft.post is None
    return [
        draft.number,
        "post" if is_post else "comment",
        draft.handle,
        draft.post.number if draft.post else None,
        draft.parent.number if draft.parent else None,
        None if is_post else top.number,
        draft.asked.number if draft.asked else None,
        draft.person.id if draft.person else None,
        draft.title,
        draft.text,
        draft.alt,
        "deleted" if gone else draft.state,
        stamp(draft.at),
        stamp(draft.edited_at) if draft.edited_at else None,
        stamp(draft.modified_at),
        draft.likes,
        json.dumps(draft.meaning, ensure_ascii=False),
        change,
    ]
