"""An hour of a working day at speed: a real service, five channels that people write on, and a staff at their desks.

`uppsikt serve` runs as anybody runs it, and reads the practice network over HTTP. Each of the staff logs in by
password and keeps one page open, whose live regions ask for themselves; they read, claim, write, answer, ask others,
end cases, take notes and search. All pauses and intervals of theirs are divided by `--speed`, so what is asked in the
run is what an hour brings. Afterwards the database and the network are held against each other.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks.load_network import Network
from benchmarks.load_staff import Officer, Seen
from benchmarks.tables import Table, Times
from uppsikt.channels import actions as channels
from uppsikt.channels import connecting
from uppsikt.channels.rules import Act
from uppsikt.inbox.models import Answer, CaseItem
from uppsikt.kernel.models import Intent, Step
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Board, Department, Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item

ROOT = Path(__file__).resolve().parents[1]
SETTER = Doer.system("load")
PASSWORD = "lång-mening-som-ingen-gissar"  # noqa: S105 - of people who do not exist
# The service lets thirty a minute in from one address.
AT_ONCE, LOGIN_EVERY = 25, 2.1
SETTLES = 180.0  # seconds that everything has to come to rest
PULL_SECONDS = 5


def options(parser: argparse.ArgumentParser) -> None:
    """The sizes that can be chosen."""
    parser.add_argument("--people", type=int, default=50, help="staff at their desks")
    parser.add_argument("--minutes", type=float, default=60, help="minutes of the day that are lived through")
    parser.add_argument("--speed", type=float, default=3, help="how many times faster than life")
    parser.add_argument("--channels", type=int, default=5, help="channels that are read all the time")
    parser.add_argument("--history", type=int, default=500, help="comments that are there before anybody comes in")
    parser.add_argument("--hourly", type=int, default=700, help="what happens on the network in an hour")


def run(chosen: argparse.Namespace) -> Table:
    """Set the scene, live through it, and see whether all is as it should be."""
    network = Network(chosen.folder / "network", free_port(), random.Random(1))
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    service = None
    try:
        network.start()
        network.populate(chosen.channels, chosen.history)
        settings.ALLOW_PRIVATE = frozenset({f"127.0.0.1:{network.port}"})
        people = staff(chosen, network)
        connection.close()
        service = serve(chosen.folder, base, port, network)
        seen = Seen()
        seen.wrong += settle(network)
        took = asyncio.run(day(chosen, network, base, people, seen))
        seen.wrong += settle(network)
        return told(chosen, seen, network, took, [*seen.wrong, *checked(seen, network)])
    finally:
        if service:
            service.terminate()
            service.wait(60)
        network.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def serve(folder: Path, base: str, port: int, network: Network) -> subprocess.Popen[bytes]:
    """The service on our database, answering."""
    environ = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "PYTHONPATH": str(ROOT / "src"),
        "UPPSIKT_DATA": str(folder),
        "UPPSIKT_URL": base,
        "UPPSIKT_ALLOW_PRIVATE": f"127.0.0.1:{network.port}",
        "UPPSIKT_LOG_LEVEL": "WARNING",
    }
    with (folder / "service.log").open("ab") as log:
        service = subprocess.Popen(  # noqa: S603 our own program
            [sys.executable, "-m", "uppsikt.cli", "serve", "--port", str(port)],
            env=environ, cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
    until = time.monotonic() + SETTLES
    while time.monotonic() < until:
        try:
            if httpx.get(f"{base}/logga-in/", timeout=10).is_success:
                return service
        except httpx.HTTPError:
            time.sleep(0.3)
    raise RuntimeError((folder / "service.log").read_text()[-4000:])


def staff(chosen: argparse.Namespace, network: Network) -> list[Person]:
    """Units, channels, people with passwords and mandates on two channels each, and contacts to ask."""
    now = timezone.now()
    board = Board.objects.create(name="Kommunstyrelsen")
    rows, units = [], []
    for number, (handle, token) in enumerate(network.accounts.items()):
        department = Department.objects.create(name=f"Förvaltning {number}", board=board)
        unit = Unit.objects.create(name=f"Enhet {number}", department=department)
        manager = somebody(f"chef{number}", unit, Role.MANAGER)
        organisation.add_contact(department=department, person=manager, matter="", rank=1, by=SETTER, now=now)
        found, secrets = connecting.recognise(f"{network.base}/@{handle}"), {"token": token}
        rows.append(
            channels.connect(
                network=found.network, name=f"Kanal {number}", address=found.address, unit=unit, responsible=manager,
                settings=found.settings, secrets=secrets, central=False, by=SETTER, now=now, pull_seconds=PULL_SECONDS,
                profile=connecting.check(found.network, found.settings, secrets),
            )
        )  # fmt: skip
        units.append((unit, manager))
    people = []
    for number in range(chosen.people):
        unit, manager = units[number % len(units)]
        who = somebody(f"person{number}", unit, Role.OFFICER)
        organisation.set_password(who, PASSWORD, now=now)
        for channel in {rows[number % len(rows)].pk: rows[number % len(rows)], rows[-1].pk: rows[-1]}.values():
            channels.give_mandate(
                person=who, channel=channel, acts=[Act.ANSWER], since=now - timedelta(days=1), until=None,
                given_by=manager, reason="Svarar", now=now,
            )  # fmt: skip
        people.append(who)
    return people


def somebody(name: str, unit: Unit, role: Role) -> Person:
    """One of the staff."""
    now = timezone.now()
    made = organisation.add_person(
        email=f"{name}@alvsta.example", name=name.capitalize(), title="handläggare", unit=unit, by=SETTER, now=now
    )
    organisation.give_role(person=made, role=role, unit=None, by=SETTER, now=now)
    return made


async def day(chosen: argparse.Namespace, network: Network, base: str, people: list[Person], seen: Seen) -> float:
    """Everybody comes in, and then works; returns how many seconds the working took."""
    officers = [
        Officer(base, person.email, PASSWORD, speed=chosen.speed, seed=number, seen=seen)
        for number, person in enumerate(people)
    ]
    coming = []
    for officer in officers:
        coming.append(asyncio.create_task(officer.log_in()))
        await asyncio.sleep(LOGIN_EVERY if len(officers) > AT_ONCE else 0)
    await asyncio.gather(*coming)
    began = time.monotonic()
    until = began + chosen.minutes * 60 / chosen.speed
    town = asyncio.create_task(network.live(every=3600 / chosen.hourly / chosen.speed, until=until))
    done = await asyncio.gather(*(officer.work(until) for officer in officers), town, return_exceptions=True)
    seen.wrong += [f"{type(fault).__name__}: {fault}" for fault in done if isinstance(fault, BaseException)]
    took = time.monotonic() - began
    for officer in officers:
        await officer.client.aclose()
    return took


def settle(network: Network) -> list[str]:
    """Wait until every answer has come to its end and all that is on the network is read; what has not, in words."""
    until = time.monotonic() + SETTLES
    while True:
        left = [f"{row.state}: intent {row.pk}" for row in Intent.objects.filter(state__in=["written", "trying"])[:5]]
        left += missing(network.dump())[:5]
        if not left or time.monotonic() > until:
            return left
        connection.close()
        time.sleep(2)


def missing(dump: list[dict[str, Any]]) -> list[str]:
    """What citizens have said on the network and stands there, and is no record, or has no case."""
    there = {native(row): row for row in dump if row["state"] != "deleted"}
    items = {item.native_id: item for item in Item.objects.select_related("version").only("native_id", "version__text")}
    cases = set(CaseItem.objects.values_list("item__native_id", flat=True))
    found = [f"{name} is no record" for name in there if name not in items]
    found += [
        f"{name} has other words here than there"
        for name, row in there.items()
        if name in items and items[name].version and items[name].version.text != row["text"]  # type: ignore[union-attr]
    ]
    received = [name for name, row in there.items() if row["kind"] == "comment" and row["person_id"] is not None]
    return found + [f"{name} has no case" for name in received if name in items and name not in cases]


def native(row: dict[str, Any]) -> str:
    """A native id, from a row of the network's."""
    return f"{row['kind']}/{row['id']}"


def checked(seen: Seen, network: Network) -> list[str]:
    """Every answer that was taken is on the network once and published once; no claim was given to two."""
    wrong = []
    dump = network.dump()
    ours = Counter(token for row in dump if row["person_id"] is None for token in [mark(row["text"])] if token)
    rows = {mark(row.out): row for row in Answer.objects.select_related("intent", "to")}
    gone = {native(row) for row in dump if row["state"] == "deleted"}
    for text, case in seen.answers.items():
        token = mark(text)
        row = rows.get(token)
        if row is None:
            wrong.append(f"case {case}: the answer {token} was taken and is not there")
        elif row.intent.state == "failed" and row.intent.error_code == "not_found" and row.to.native_id in gone:
            seen.counts["answered too late, taken back by its writer"] += 1
        elif row.state != "published" or ours[token] != 1:
            wrong.append(f"case {case}: the answer {token} is {row.state} and {ours[token]} times on the network")
    wrong += [f"{token} is {number} times on the network" for token, number in ours.items() if number > 1]
    done = Counter(Step.objects.filter(kind="kernel.intent", name="done").values_list("thing_id", flat=True))
    wrong += [f"intent {pk} was done {number} times" for pk, number in done.items() if number > 1]
    return wrong + overlapping(seen)


def mark(text: str) -> str:
    """What tells one answer from all others."""
    return text.partition("[")[2].partition("]")[0]


def overlapping(seen: Seen) -> list[str]:
    """Claims on one case that two were told of for the same time."""
    by_case = defaultdict(list)
    for case, who, began, ended in seen.claims:
        by_case[case].append((began, ended, who))
    wrong = []
    for case, spans in by_case.items():
        spans.sort()
        for (_began, ended, one), (began, _ended, other) in pairwise(spans):
            if began < ended and one != other:
                wrong.append(f"case {case}: {one} and {other} both held the claim")
    return wrong


def told(chosen: argparse.Namespace, seen: Seen, network: Network, took: float, wrong: list[str]) -> Table:
    """The table."""
    asked = sum(map(len, seen.times.values()))
    table = Table(
        "A working day",
        f"{chosen.people} staff for {chosen.minutes:g} minutes of a day, {chosen.speed:g} times faster than life "
        f"({took:.0f} s); {chosen.channels} channels read every {PULL_SECONDS} s, on which was "
        f"{', '.join(f'{kind} {number}' for kind, number in sorted(network.counts.items()))}. "
        f"{asked:,} questions, {asked / took:.0f} a second, from the same machine (load average "
        f"{os.getloadavg()[1]:.1f} on {os.cpu_count()} cores); {len(seen.answers)} answers, "
        f"{len(seen.claims)} claims. {'; '.join(f'{what}: {number}' for what, number in sorted(seen.counts.items()))}.",
        ("what", "number", "median ms", "p95 ms"),
    )
    for kind, times in sorted(seen.times.items()):
        found = Times(times)
        table.rows.append((kind, len(times), found.median, found.p95))
    table.claims.append(("no unexpected status, no lost claim, no doubled or lost answer, nothing unread", not wrong))
    table.claims += [(line, False) for line in wrong[:30]]
    return table
