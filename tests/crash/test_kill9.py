"""Twenty seeded kill -9 over worker, web server and PostgreSQL, in pull and in publish: nothing lost, nothing doubled.

Everything runs as somebody would run it: `uppsikt serve` with its own PostgreSQL, and the practice network over HTTP.
"""

from __future__ import annotations

import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from crash.service import TRUST, VICTIMS, Service, wait_for

SEED = 20261122
KILLS = 20
HANDLE = "krasch"
SLOW_SECONDS = 0.6


@pytest.fixture
def service() -> Iterator[Service]:
    """The service, up and empty, in a folder that PostgreSQL's account can pass through when root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="uppsikt-crash-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o711)
        running = Service(folder)
        try:
            running.start()
            yield running
        finally:
            running.stop()
            # What the service said is the first thing that one wants when this test fails.
            print((folder / "uppsikt.log").read_text(errors="replace")[-4000:])


class Browser:
    """An officer's browser: it sends a form, and tries again as a person would when the page does not come."""

    def __init__(self, service: Service, cookie: str) -> None:
        self.service, self.cookie = service, cookie

    def answer(self, case: int, text: str) -> None:
        """Answer a case. Whoever sees no answer to the form looks at the page before sending again."""
        wait_for(f"case {case} to take an answer", lambda: self.send(case, text))

    def send(self, case: int, text: str) -> bool:
        """Load the page; where the answer is not there yet and the form is, send it. True when it is taken."""
        with httpx.Client(
            base_url=self.service.base, cookies={"sessionid": self.cookie}, timeout=20, verify=TRUST
        ) as client:
            page = client.get(f"/inkorg/{case}/")
            if page.status_code != 200:
                return False
            if text in unescape(page.text):
                return True
            form = re.search(rf'<form[^>]*action="(/inkorg/{case}/svar/[^"]*)".*?</form>', page.text, re.S)
            if form is None:
                return False
            hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
            sent = client.post(form[1], data={**hidden, "text": text}, headers={"Referer": self.service.base})
            return sent.status_code in {200, 302, 303}


class Story:
    """What is done while parts are killed, and what must be there in the end."""

    def __init__(self, service: Service, dice: random.Random) -> None:
        self.service, self.dice = service, dice
        self.posts = [self.say(handle=HANDLE, text=f"Inlägg {number}") for number in range(3)]
        self.comments: list[str] = []
        self.number = 0

    def say(self, **asked: Any) -> str:
        """Somebody says something on the network."""
        return str(self.service.control("say", **asked)["item"])

    def talk(self, many: int) -> None:
        """Citizens write, one of them changes what they wrote, one takes it back."""
        for _ in range(many):
            self.number += 1
            to = self.dice.choice(self.posts)
            self.comments.append(self.say(to=to, name=f"Medborgare {self.number}", text=f"Fråga {self.number}?"))
        changed, gone = self.dice.sample(self.comments[-many:], 2)
        with suppress(httpx.HTTPStatusError):
            self.service.control("edit", item=changed, text=f"Ändrad fråga {self.number}?")
        self.service.control("delete", item=gone)


def settled(told: dict[str, Any]) -> bool:
    """Whether every intent has come to an end, or is before a person."""
    return all(row["state"] in {"done", "failed"} or row["needs_person"] for row in told["intents"])


@pytest.mark.slow
@pytest.mark.server
def test_twenty_kills_lose_nothing_and_double_nothing(service: Service) -> None:
    """D40: what was said is kept whole; D35: an answer goes out once, whatever dies meanwhile."""
    dice = random.Random(SEED)
    service.control("accounts", handle=HANDLE, name="Kraschkanalen", flavour="microblog")  # which forgets keys
    token = service.control("tokens", handle=HANDLE)["token"]
    scene = service.stage("set", f"{service.practice}/@{HANDLE}", token)
    story = Story(service, dice)
    story.talk(40)
    browser = Browser(service, scene["cookie"])
    wait_for("the first cases", lambda: len(service.stage("tell")["cases"]) >= 30)
    service.control("troubles", kind="slow", path="/api/", method="POST", seconds=SLOW_SECONDS)
    victims = [victim for victim in VICTIMS for _ in range(KILLS // len(VICTIMS) + 1)][:KILLS]
    dice.shuffle(victims)
    log: list[str] = []
    wanted: dict[int, str] = {}
    for number, victim in enumerate(victims):
        if number % 2:
            story.talk(25)
            time.sleep(dice.uniform(0, 2.2))
            log.append(f"pull: {service.kill(victim, dice)}")
        else:
            with publishing(service, browser, wanted):
                time.sleep(dice.uniform(0, 1.6))
                log.append(f"publish: {service.kill(victim, dice)}")
        wait_for("the web server to answer again", service.answers)
    service.calm()
    told = wait_for("everything to settle", lambda: at_rest(service))
    print("\n".join(log))
    check_records(service.dump(), told)
    check_answers(service.dump(), told, wanted)


@contextmanager
def publishing(service: Service, browser: Browser, wanted: dict[int, str]) -> Iterator[None]:
    """Two answers are sent through the web while the body runs; both are taken before it ends."""
    cases = wait_for("cases", lambda: service.stage("tell")["cases"])
    chosen = [case["id"] for case in cases if case["state"] == "open" and case["id"] not in wanted][:2]
    assert chosen, "there is somebody left to answer"
    wanted.update({case: f"Svar nummer {case}, skrivet en gång." for case in chosen})
    senders = [threading.Thread(target=browser.answer, args=(case, wanted[case])) for case in chosen]
    for sender in senders:
        sender.start()
    yield
    for sender in senders:
        sender.join()


def at_rest(service: Service) -> dict[str, Any] | None:
    """What the database holds, once it holds all that the network shows and nothing is on its way."""
    told: dict[str, Any] = service.stage("tell")
    shown = {name(row) for row in service.dump() if row["state"] != "deleted"}
    held = {row["native_id"] for row in told["items"]}
    waiting = {row["native_id"] for row in told["items"] if row["direction"] == "received"} - set(told["case_items"])
    return told if shown <= held and not waiting and settled(told) else None


def name(row: dict[str, Any]) -> str:
    """An item's native id, from the network's dump."""
    return f"{row['kind']}/{row['id']}"


def check_records(dump: list[dict[str, Any]], told: dict[str, Any]) -> None:
    """Each thing on the network is here once, in its last wording; each was taken in by one step."""
    counted = Counter(row["native_id"] for row in told["items"])
    assert max(counted.values()) == 1
    words = {row["item__native_id"]: row["text"] for row in told["versions"]}
    for row in dump:
        if row["state"] != "deleted":
            assert words[name(row)] == row["text"], name(row)
    for item in told["items"]:
        numbers = [row["number"] for row in told["versions"] if row["item__native_id"] == item["native_id"]]
        assert numbers == list(range(1, item["versions_count"] + 1)), item
    taken = Counter(step["thing_id"] for step in told["steps"] if step["name"] == "take_in")
    assert taken == {row["id"]: 1 for row in told["items"]}


def check_answers(dump: list[dict[str, Any]], told: dict[str, Any], wanted: dict[int, str]) -> None:
    """Each answer is on the network once and done once, or unknown before a person; never twice, never lost."""
    on_network = Counter(row["text"] for row in dump if row["text"].startswith("Svar nummer"))
    taken_back = {name(row) for row in dump if row["state"] == "deleted"}
    intents = {row["id"]: row for row in told["intents"]}
    by_case: dict[int, list[dict[str, Any]]] = {}
    for row in told["answers"]:
        by_case.setdefault(row["case_id"], []).append(row)
    assert set(by_case) == set(wanted), "every answer that the page took is written down"
    for case, rows in by_case.items():
        assert len(rows) == 1, f"case {case} was answered {len(rows)} times"
        intent, out = intents[rows[0]["intent_id"]], rows[0]["out"]
        assert out.startswith(wanted[case])
        assert on_network[out] <= 1, f"doubled on the network: {out}"
        if intent["state"] == "done":
            assert (on_network[out], rows[0]["state"]) == (1, "published")
        elif intent["state"] == "failed":
            # The citizen took the question back meanwhile: the network has nothing to hang an answer on.
            assert (intent["error_code"], on_network[out], rows[0]["state"]) == ("not_found", 0, "failed"), intent
            assert intent["payload"]["to"] in taken_back
        else:
            assert intent["needs_person"], intent
    done = Counter(
        step["thing_id"] for step in told["steps"] if step["kind"] == "kernel.intent" and step["name"] == "done"
    )
    assert all(count == 1 for count in done.values())
    assert sum(row["state"] == "done" for row in told["intents"]) >= len(wanted) // 2
