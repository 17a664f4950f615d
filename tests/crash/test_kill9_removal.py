"""Twenty seeded kill -9 over removing, from the decision to the network's answer: evidence first, once, and never lost.

Must show 2 (D43, D45): as in `test_kill9`, everything runs as somebody would run it.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx
import pytest

from crash.service import TRUST, VICTIMS, Service, wait_for
from crash.test_kill9 import KILLS, SEED
from crash.test_kill9 import service as service  # noqa: PLC0414  # a fixture

HANDLE = "borta"
# Workers carry the chain, so that most blows fall on them.
SHARES = {"worker": 10, "web": 4, "postgres": 6}
SLOW_SECONDS = 0.4
# A capture that was struck three times waits for two minutes before it is tried again.
SETTLES = 400.0


class Browser:
    """An officer's browser: it removes, and looks at the page again where no answer came."""

    def __init__(self, service: Service, cookie: str) -> None:
        self.service, self.cookie = service, cookie

    def remove(self, item: int) -> None:
        """Remove an item; whoever sees no answer looks before trying again."""
        wait_for(f"item {item} to be decided about", lambda: self.send(item))

    def send(self, item: int) -> bool:
        """Load the form; True when it is sent, or is seen to already."""
        with httpx.Client(
            base_url=self.service.base, cookies={"sessionid": self.cookie}, timeout=20, verify=TRUST
        ) as client:
            page = client.get(f"/borttaget/granska/{item}/")
            if page.status_code != 200:
                return False
            form = re.search(r"<form[^>]*data-grounds.*?</form>", page.text, re.S)
            if form is None:
                return True
            hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
            decision = re.search(r'<option value="(\d+)"', form[0])
            assert decision
            told = {"act": "remove", "ground": "rule.coarse", "reason": "", "decision": decision[1]}
            sent = client.post(
                f"/borttaget/granska/{item}/", data={**hidden, **told}, headers={"Referer": self.service.base}
            )
            return sent.status_code in {302, 303}


@contextmanager
def removing(browser: Browser, items: list[int]) -> Iterator[None]:
    """Items are removed through the web while the body runs; each is taken before it ends."""
    senders = [threading.Thread(target=browser.remove, args=(item,)) for item in items]
    for sender in senders:
        sender.start()
    yield
    for sender in senders:
        sender.join()


@pytest.mark.slow
@pytest.mark.server
def test_twenty_kills_never_remove_without_evidence_lose_a_decision_or_remove_twice(service: Service) -> None:
    dice = random.Random(SEED)
    service.control("accounts", handle=HANDLE, name="Kraschkanalen", flavour="page")
    token = service.control("tokens", handle=HANDLE)["token"]
    scene = service.stage("set", f"{service.practice}/@{HANDLE}", token)
    post = service.control("say", handle=HANDLE, text="Ett inlägg")["item"]
    comments = [
        service.control("say", to=post, name=f"Medborgare {number}", text=f"Dumt sagt nummer {number}.")["item"]
        for number in range(KILLS + 4)
    ]
    browser = Browser(service, scene["cookie"])
    held = wait_for("the comments", lambda: known(service, comments))
    service.control("troubles", kind="slow", path="/api/", method="DELETE", seconds=SLOW_SECONDS)
    victims = [victim for victim in VICTIMS for _ in range(SHARES[victim])]
    dice.shuffle(victims)
    log, begun = list[str](), time.monotonic()
    for number, victim in enumerate(victims):
        with removing(browser, [held[comments[number]]]):
            time.sleep(dice.uniform(0, 1.8))
            log.append(f"{time.monotonic() - begun:5.1f} s {service.kill(victim, dice)}")
        wait_for("the web server to answer again", service.answers)
    service.calm()
    try:
        told = wait_for("everything to settle", lambda: at_rest(service), SETTLES)
    except AssertionError:
        print(service.stage("tell"))
        raise
    log.append(f"{time.monotonic() - begun:5.1f} s settled")
    print("\n".join(log))
    check(service, told, wanted=comments[: len(victims)], left=comments[len(victims) :])


def known(service: Service, comments: list[str]) -> dict[str, int] | None:
    """The records' keys of the comments, once they are all there."""
    held = {row["native_id"]: row["id"] for row in service.stage("tell")["items"]}
    return held if set(comments) <= set(held) else None


def at_rest(service: Service) -> dict[str, Any] | None:
    """What the database holds, once every removal has come to an end or is before a person."""
    told: dict[str, Any] = service.stage("tell")
    waiting = {row["id"] for row in told["intents"] if row["needs_person"]}
    ended = [row["state"] in {"done", "failed"} or row["intent_id"] in waiting for row in told["removals"]]
    return told if told["removals"] and all(ended) else None


def acts(service: Service) -> list[dict[str, Any]]:
    """What was done on the network."""
    answer = httpx.get(
        f"{service.practice}/control/acts",
        headers={"Authorization": f"Bearer {service.token}"},
        timeout=30,
        verify=TRUST,
    )
    found: list[dict[str, Any]] = answer.json()["acts"]
    return found


def check(service: Service, told: dict[str, Any], *, wanted: list[str], left: list[str]) -> None:
    """Every decision that the page took is there once and carried out once, after its proof; the rest is untouched."""
    done_there = acts(service)
    on_network = Counter(row["item"] for row in done_there if row["act"] == "delete")
    assert max(on_network.values()) == 1, "never two removals"
    assert not set(left) & set(on_network), "what nobody decided about stays"
    by_item = Counter(row["item__native_id"] for row in told["removals"])
    assert by_item == dict.fromkeys(wanted, 1), "every decision that the page took is written down, once"
    when = {row["item"]: datetime.fromisoformat(row["at"]) for row in done_there if row["act"] == "delete"}
    for row in told["removals"]:
        name = row["item__native_id"]
        if name in when:
            assert row["evidence__state"] == "kept", f"{name} went without evidence"
            assert row["evidence__version_id"] == row["version_id"]
            taken_at, written_at = (
                datetime.fromisoformat(row[key]) for key in ("evidence__taken_at", "intent__written_at")
            )
            assert taken_at <= written_at
            assert taken_at <= when[name], f"{name} went before its evidence was kept"
        if row["state"] == "done":
            assert (name in when, row["item__state"]) == (True, "gone"), row
        else:
            assert row["state"] in {"failed", "acting"}, row
    finished = Counter(
        step["thing_id"] for step in told["steps"] if (step["kind"], step["name"]) == ("moderation.removal", "finish")
    )
    decided = Counter(
        step["thing_id"] for step in told["steps"] if (step["kind"], step["name"]) == ("moderation.removal", "decide")
    )
    assert set(decided.values()) == {1}
    assert set(finished.values()) == {1}
    intents = Counter(row["payload"].get("removal") for row in told["intents"] if row["kind"] == "remove")
    assert set(intents.values()) == {1}, "one effect for each removal"
    assert sum(row["state"] == "done" for row in told["removals"]) >= len(wanted) - 2
