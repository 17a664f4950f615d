"""The demo's municipality: whole, the same whenever it is started, once; and its links let one in."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from practice_network import SOURCE
from practice_network import Network as Program
from uppsikt.channels import sending
from uppsikt.channels.models import Channel, Mandate
from uppsikt.inbox import jobs, queries
from uppsikt.inbox.models import Answer, Case, Forward, Note
from uppsikt.inbox.states import OPEN
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.oversight import watching
from uppsikt.oversight.models import Due, Heightened, Hole, Round
from uppsikt.records.models import Item
from uppsikt.ui.models import Appearance
from uppsikt.web.demo import building, town
from uppsikt.web.demo.practice_network import Network
from uppsikt.web.demo.seeding import seed

# Swedish time: Monday 10.00; Friday 16.20, Sunday 8.00, Boxing Day 11.00, a Monday after a holiday 7.30.
MONDAY = "2025-11-17T09:00:00Z"
MOMENTS = ["2025-11-14T15:20:00Z", "2025-11-16T07:00:00Z", "2025-12-26T10:00:00Z", "2025-06-09T05:30:00Z"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(request: pytest.FixtureRequest) -> datetime:
    """When the demo is started."""
    return datetime.fromisoformat(getattr(request, "param", MONDAY).replace("Z", "+00:00"))


@pytest.fixture
def program(tmp_path: Path, at: datetime, settings: Any) -> Iterator[Program]:
    """A real practice network with a share of the year, up to that moment."""
    data, until = tmp_path / "practice", at.isoformat()
    words = ["fill", "--data", str(data), "--until", until, "--days", "60", "--share", "0.25"]
    command = [sys.executable, "-m", "practice", *words]
    subprocess.run(command, env={"PYTHONPATH": str(SOURCE)}, check=True, stdout=subprocess.DEVNULL)
    made = Program(data, ["--speed", "0", "--rate", "0"])
    made.start()
    settings.ALLOW_PRIVATE = frozenset({made.host})
    settings.BLOBS = tmp_path / "blobs"
    yield made
    made.stop()


@pytest.fixture
def network(program: Program) -> Network:
    """Its strings, as the demo holds them."""
    return Network(program.base, program.folder)


def fill(network: Network, at: datetime) -> None:
    assert seed(network, clock=lambda: at, say=lambda _words: None)


def waiting() -> dict[int, tuple[str, str, str]]:
    """Where every case stands."""
    rows = Case.objects.values_list("pk", "state", "outcome", "due_at")
    return {pk: (state, outcome, due.isoformat()) for pk, state, outcome, due in rows}


@pytest.mark.parametrize("at", MOMENTS, indirect=True)
def test_the_inbox_looks_like_a_working_day_whenever_it_is_started(network: Network, at: datetime) -> None:
    fill(network, at)
    assert Channel.objects.filter(trouble_code="", caught_up_at__isnull=False).count() == 12
    assert Channel.objects.filter(central=True).count() == 4
    assert Channel.objects.exclude(pk__in=Channel.objects.connected()).count() == 2, "known only"
    assert Person.objects.count() == 60
    opened = Case.objects.filter(state__in=OPEN)
    late = set(opened.filter(due_at__lt=at).values_list("last_item__version__text", flat=True))
    assert {words.split()[0] for words in late} == {"Vad", "Lyktorna"}
    assert 20 <= opened.count() <= 120
    assert opened.filter(state="promised").count() == 1
    assert opened.filter(assignee=None).count() > 5
    assert opened.exclude(assignee=None).values("assignee").distinct().count() >= 7
    outcomes = Counter(Case.objects.values_list("outcome", flat=True))
    assert min(outcomes["answered"], outcomes["no_answer"], outcomes["passed_on"]) > 0
    assert outcomes["answered"] + outcomes["no_answer"] > 12
    assert Counter(Forward.objects.values_list("state", flat=True)) == {"sent": 4, "answered": 1, "handed_back": 1}
    assert Note.objects.count() == 4
    assert Answer.objects.filter(state="published", item=None).count() == 0
    # Known is what was shown in today's rounds, and nothing else.
    known = Item.objects.filter(known_at__isnull=False).values_list("channel__settings__handle", flat=True)
    assert set(known) <= {"bibliotek", "simhallen"}
    # What happened, happened before now, and in the order of time.
    assert not Case.objects.filter(closed_at__gt=at).exists()
    assert not Answer.objects.filter(written_at__gt=at).exists()


def each_of_the_five_has_something_to_do(network: Network, at: datetime) -> None:
    seen = {}
    for _sv, en, name in town.DOORS:
        person = Person.objects.get(name=name)
        reach = queries.reach(person, at=at)
        seen[en] = queries.counts(queries.cases(reach), person, now=at), reach
    for role in ("Officer", "Customer centre", "Communications unit"):
        counts, reach = seen[role]
        assert counts.late
        assert counts.today
        assert counts.asked
        assert reach.answers
    assert seen["Officer"][0].mine >= 2
    assert seen["Manager"][0].late
    assert not seen["Manager"][1].answers
    assert len(seen["Communications unit"][1].answers) == len(seen["Registrar"][1].reads) == 14
    assert not seen["Registrar"][1].answers

    organisation_has_its_findings(at)


def the_channels_are_looked_after_but_for_two_mornings(network: Network, at: datetime) -> None:
    """D25-D27: the report has something to tell, and so has the rota."""
    daily = Due.objects.filter(kind="daily")
    assert Counter(daily.values_list("state", flat=True)) == {"met": 84, "missed": 2, "waiting": 12}
    assert {due.channel.settings["handle"] for due in daily.filter(state="missed")} == {"podden", "sagolund"}
    assert set(Round.objects.values_list("state", flat=True)) == {"signed"}
    outside = Round.objects.filter(outside=True)
    assert set(outside.values_list("channel__network", flat=True)) == {"facebook", "linkedin"}, "looked at there"
    assert Heightened.objects.get(state="running").channel.settings["handle"] == "fullmaktige"
    assert {hole.channel.settings["handle"] for hole in Hole.objects.filter(state="open")} == {"jobb"}
    shown = Round.objects.filter(shown__isnull=False).values_list("channel__settings__handle", flat=True)
    assert set(shown) == {"bibliotek", "simhallen"}, "looked through after everything was fetched"
    # What was said since the last look is news, and what was said before is not.
    new = watching.fresh(list(Channel.objects.values_list("pk", flat=True)))
    assert 5 <= sum(each.wordings for each in new.values()) <= 400


def organisation_has_its_findings(at: datetime) -> None:
    """D4, D21: a department without a contact person, mandates that end soon, that have ended, that begin later."""
    assert [row.name for row in organisation.departments_without_contact()] == ["Socialförvaltningen"]
    assert set(Mandate.objects.values_list("given_by__grants__role", flat=True)) <= {
        "manager", "communications", "crisis_group", "officer"
    }  # fmt: skip
    assert Mandate.objects.filter(state="ended").count() == 1
    assert Mandate.objects.filter(until__lte=at).count() == 1
    assert Mandate.objects.filter(until__gt=at, until__lte=at + timedelta(days=30)).count() == 2
    assert Mandate.objects.filter(since__gt=at).count() == 1
    look = Appearance.objects.get()
    assert (look.name, look.colour) == (town.NAME, town.COLOUR)
    # Nobody real can be reached.
    for person in Person.objects.all():
        assert re.fullmatch(r"[a-z.]+@alvsta\.example", person.email), person.email
        digits = re.sub(r"\D", "", person.phone)
        assert "0701740605" <= digits <= "0701740699" or "0846500400" <= digits <= "0846500499"


def an_answer_to_what_its_writer_took_away_cannot_be_sent(network: Network, at: datetime) -> None:
    row = Answer.objects.get(state="sending")
    sending.publish(row.intent_id, now=timezone.now())
    row.intent.refresh_from_db()
    assert (row.intent.state, row.intent.error_code) == ("failed", "not_found")


def the_ordinary_news_changes_nothing_more(network: Network, at: datetime) -> None:
    """The jobs that the pull queued run when the worker starts: all is as they would have it."""
    before = waiting()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'inbox.hears.records.taken_in' ORDER BY id"
        )
        queued = [json.loads(args) for (args,) in cursor.fetchall()]
    assert {pk for args in queued for pk in args["item_ids"]} == set(Item.objects.values_list("pk", flat=True))
    for args in queued:
        inspect.unwrap(jobs.taken_in.func)(**args)  # as a worker would, within the test's transaction
    assert waiting() == before


def it_is_done_once(network: Network, at: datetime) -> None:
    before, channels = waiting(), set(Channel.objects.values_list("pk", "address"))
    assert not seed(network, clock=lambda: at, say=lambda _words: None)
    assert (waiting(), set(Channel.objects.values_list("pk", "address"))) == (before, channels)
    assert Person.objects.count() == 60
    # Where the network had to move to another port, the channels follow.
    building.follow("http://127.0.0.1:1", now=at)
    moved = Channel.objects.get(settings__handle="gatapark")
    assert (moved.address, moved.settings["base"]) == ("http://127.0.0.1:1/@gatapark", "http://127.0.0.1:1")


def the_links_let_one_in(network: Network, at: datetime) -> None:
    client, out = Client(), StringIO()
    call_command("demo_links", stdout=out)
    links = re.findall(r"^  \S.*?\s{2,}(\S.*?)\s{2,}(http\S+)$", out.getvalue(), re.MULTILINE)
    assert [name for name, _link in links] == [name for _sv, _en, name in town.DOORS]
    for name, link in links:
        path = urlsplit(link).path
        assert name in client.get(path).content.decode()
        assert client.post(path).status_code == 302
        page = client.get("/")
        assert page.status_code == 200
        assert name in page.content.decode()
        assert client.post(path).status_code == 410
        client.logout()


PARTS = (
    each_of_the_five_has_something_to_do,
    the_channels_are_looked_after_but_for_two_mornings,
    an_answer_to_what_its_writer_took_away_cannot_be_sent,
    the_ordinary_news_changes_nothing_more,
    it_is_done_once,
    the_links_let_one_in,
)


def test_cut_off_anywhere_the_next_start_completes_it_and_nothing_is_amiss(network: Network, at: datetime) -> None:
    """Killed between or within its parts, nothing is there twice and nothing is missing: all that it shows is there."""
    for stop in (0, 1, 5, 13):
        heard = 0

        def say(_words: str, stop: int = stop) -> None:
            nonlocal heard
            if heard == stop:
                raise KeyboardInterrupt
            heard += 1

        with pytest.raises(KeyboardInterrupt):
            seed(network, clock=lambda: at, say=say)
    assert Case.objects.count() == 0
    fill(network, at)
    assert (Channel.objects.count(), Person.objects.count()) == (14, 60)
    assert Case.objects.filter(state="promised").count() == 1
    for part in PARTS:
        with transaction.atomic():
            part(network, at)
            transaction.set_rollback(True)
