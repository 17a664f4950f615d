"""Two hundred random histories of a site with feeds, read by the product into its database (D1, D18, D40).

Whatever happens in between – edits, deletions, entries that slide out of the window, outages, servers that lie – at the
end nothing that a pull was ever shown is lost, nothing that is there is called gone, what was truly deleted is called
gone after two looks, and nothing is there twice.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

import factories
from servers.feed_server import FORMATS, FeedServer
from uppsikt.channels.models import Channel
from uppsikt.connectors import words
from uppsikt.records import pulling
from uppsikt.records.models import Item, Version

HISTORIES, GROUPS = 200, 20
TROUBLES = ("down", "missing", "front", "soft", "login", "lies", "moved", "", "", "")


class History:
    """One site, its channel, and a clock of their own."""

    def __init__(self, seed: int, site: FeedServer) -> None:
        self.chance, self.site = random.Random(seed), site
        self.kind = self.chance.choice(FORMATS)
        self.now = timezone.now()
        self.channel: Channel = factories.channel(
            network="feed", address=f"{site.url}{seed}", settings=site.settings(self.kind, comments=True), now=self.now
        )
        self.told: list[str] = []
        self.deleted: set[int] = set()
        self.silenced: set[int] = set()

    def run(self) -> None:
        """What happens, in any order, and then two looks at a site that is well."""
        often = [self.publish] * 5 + [self.pull] * 4 + [self.edit, self.delete, self.trouble, self.comment] * 2
        deeds = [*often, self.twice, self.share, self.rename, self.track, self.silence]
        for _ in range(self.chance.randrange(6, 18)):
            deed = self.chance.choice(deeds)
            self.told.append(f"{deed.__name__} {self.site.trouble}".strip())
            deed()
        self.site.trouble = ""
        for _ in range(3):
            self.now += timedelta(hours=26)
            pulled = self.pull()
            assert pulled.trouble is None, pulled.trouble

    def pull(self) -> pulling.Pulled:
        self.now += timedelta(minutes=self.chance.choice((5, 11, 40, 400)))
        self.channel.refresh_from_db()
        self.site.watched = True
        pulled = pulling.pull(self.channel, clock=lambda: self.now)
        self.site.watched = False
        return pulled

    def publish(self) -> None:
        self.site.publish()

    def edit(self) -> None:
        if self.site.posts:
            post = self.chance.choice(self.site.posts)
            self.site.edit(post, f"<p>Ändrad {self.site.changes}</p>")

    def delete(self) -> None:
        if self.site.posts:
            post = self.chance.choice(self.site.posts)
            self.site.delete(post)
            self.deleted.add(post.number)
            self.silenced |= {one.number for one in post.comments}

    def twice(self) -> None:
        """The feed writes an entry two times."""
        for post in self.site.posts[:1]:
            post.twice = True

    def share(self) -> None:
        """A new entry bears the id of the one before it, and both are seen."""
        if self.site.posts and not self.site.trouble and self.site.window > 1:
            [above, *_] = self.site.posts
            self.site.publish().id = above.id
            self.pull()

    def rename(self) -> None:
        """Entries that have been seen get new ids."""
        if not self.site.trouble:
            self.pull()
            ids = Counter(post.id for post in self.site.posts)
            for post in self.site.posts[: self.site.window]:
                if ids[post.id] == 1:
                    post.id = f"tag:alvsta.example,{self.site.changes}:{post.number}"
            self.site.changes += 1
            self.pull()

    def track(self) -> None:
        self.site.tracking = f"?utm_source={self.site.changes}"

    def trouble(self) -> None:
        self.site.trouble = self.chance.choice(TROUBLES)

    def comment(self) -> None:
        if self.site.posts:
            self.site.comment(self.chance.choice(self.site.posts), f"Fråga {self.site.changes}")

    def silence(self) -> None:
        said = [(post, one) for post in self.site.posts for one in post.comments]
        if said:
            post, one = self.chance.choice(said)
            self.site.uncomment(post, one)
            self.silenced.add(one.number)

    def holds(self) -> None:
        """What must be true at the end."""
        posts = list(Item.objects.filter(channel=self.channel, kind="post").select_related("version"))
        counted = Counter(item.version.title for item in posts if item.version)
        served = {number for number, _ in self.site.shown}
        assert counted == Counter(f"Inlägg {number}" for number in served), "nothing is lost and nothing there twice"
        texts: dict[int, set[str]] = {}
        for title, text in Version.objects.filter(item__in=posts).values_list("title", "text"):
            texts.setdefault(int(title.split()[1]), set()).add(text)
        for number, written in self.site.shown:
            assert words.read(written).text in texts[number], "every wording that was shown is kept"
        gone = {int(item.version.title.split()[1]) for item in posts if item.state == "gone" and item.version}
        assert gone <= self.deleted, "nothing that is there is called gone"
        assert gone == self.deleted & served, "what was deleted is called gone"
        talk = Item.objects.filter(channel=self.channel, kind="comment")
        heard = Counter(int(re.findall(r"comment-(\d+)", item.native_id)[0]) for item in talk)
        assert heard == Counter(self.site.said)
        lost = {int(re.findall(r"comment-(\d+)", item.native_id)[0]) for item in talk.filter(state="gone")}
        assert lost <= self.silenced


@pytest.fixture
def sites(settings: Settings) -> Iterator[list[FeedServer]]:
    made: list[FeedServer] = []
    yield made
    for site in made:
        site.server.close()


@pytest.mark.django_db
@pytest.mark.parametrize("group", range(GROUPS))
def test_d18_d40_whatever_happens_nothing_is_lost_doubled_or_wrongly_called_gone(
    group: int, sites: list[FeedServer], settings: Settings
) -> None:
    for seed in range(group, HISTORIES, GROUPS):
        chance = random.Random(-seed)
        site = FeedServer(window=chance.choice((1, 2, 3, 5)), pages=chance.random() < 0.4, begun=begun())
        sites.append(site)
        settings.ALLOW_PRIVATE = frozenset({site.host})
        history = History(seed, site)
        try:
            history.run()
            history.holds()
        except BaseException as error:
            error.add_note(f"history {seed}, {history.kind}, window {site.window}, pages {site.pages}: {history.told}")
            raise


def begun() -> datetime:
    return timezone.now() - timedelta(hours=10)
