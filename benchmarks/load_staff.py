"""One of the staff in a load run: a browser session over HTTP that does what an officer does in a day.

Whatever is not as it should be is noted, never raised: the day goes on.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

import httpx

LIVE = re.compile(r'data-live hx-get="([^"]+)" hx-trigger="every (\d+)s')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')
CASE = re.compile(r'href="(/inkorg/(\d+)/[^"]*)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
WORDS = ("simhallen", "plogning", "skolbuss", "lykt", "bygglov")
OK, NOT_MODIFIED, FOUND, REFUSED = 200, 304, 302, 409
# A refusal that is no fault: somebody else was first, or something was said meanwhile.
MEANWHILE = "Det har hänt något i konversationen"
FAIR = (MEANWHILE, "svarar just nu", "Någon hann före", "redan på väg", "redan avslutat")


@dataclass
class Seen:
    """What all of them met: how long each page took, and what was not as it should be."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    answers: dict[str, int] = field(default_factory=dict)
    claims: list[tuple[int, str, float, float]] = field(default_factory=list)


class Officer:
    """Somebody at a desk. `speed` is how many times faster than life they read, write and click."""

    def __init__(self, base: str, email: str, password: str, *, speed: float, seed: int, seen: Seen) -> None:
        self.email, self.password, self.speed, self.seen = email, password, speed, seen
        self.dice = random.Random(seed)
        self.client = httpx.AsyncClient(base_url=base, timeout=60)
        self.regions: dict[str, tuple[float, str]] = {}
        self.every: dict[str, float] = {}
        self.page = ""
        self.number = 0

    # -- pages ----------------------------------------------------------------

    async def ask(
        self, kind: str, method: str, path: str, ok: tuple[int, ...] = (OK,), **more: object
    ) -> httpx.Response:
        """One question, timed; a status that is not among `ok` is noted."""
        began = time.perf_counter()
        answer = await self.client.request(method, path, **more)  # type: ignore[arg-type]  # httpx's own
        self.seen.times[kind].append((time.perf_counter() - began) * 1000)
        if answer.status_code not in ok:
            self.seen.wrong.append(f"{kind}: {method} {path} gave {answer.status_code}")
        return answer

    async def open(self, kind: str, path: str, ok: tuple[int, ...] = (OK,)) -> str:
        """Open a page: what it shows stands until the next one is opened, and its live regions ask for themselves."""
        answer = await self.ask(kind, "GET", path, ok)
        return self.show(answer)

    def show(self, answer: httpx.Response) -> str:
        """The page that an answer brings."""
        self.page = answer.text
        now = time.monotonic()
        self.every = {unescape(url): int(every) / self.speed for url, every in LIVE.findall(answer.text)}
        self.regions = {url: (now + every, "") for url, every in self.every.items()}
        return self.page

    async def send(self, kind: str, path: str, data: dict[str, str], ok: tuple[int, ...]) -> httpx.Response:
        """Send a form, and follow where it leads."""
        answer = await self.ask(kind, "POST", path, (*ok, FOUND), data=data)
        if answer.status_code == FOUND:
            self.show(await self.ask("page after a form", "GET", answer.headers["location"], (OK,)))
        else:
            self.show(answer)
        return answer

    def form(self, action: str) -> tuple[str, dict[str, str], str] | None:
        """A form of the page by its address before "?": address, hidden fields, and its HTML."""
        found = re.search(rf'<form[^>]*action="({re.escape(action)}(?:\?[^"]*)?)".*?</form>', self.page, re.DOTALL)
        if found is None:
            return None
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(found[0])}
        return unescape(found[1]), hidden, found[0]

    async def poll(self, until: float) -> None:
        """Let the live regions of the page ask for themselves, as they do in a browser."""
        while time.monotonic() < until:
            now = time.monotonic()
            due = [url for url, (at, _tag) in self.regions.items() if at <= now]
            for url in due:
                _at, tag = self.regions.get(url, (0.0, ""))
                headers = {"HX-Request": "true"} | ({"If-None-Match": tag} if tag else {})
                answer = await self.ask("live region", "GET", url, (OK, NOT_MODIFIED), headers=headers)
                self.seen.counts["not modified"] += answer.status_code == NOT_MODIFIED
                if url in self.regions:
                    self.regions[url] = (time.monotonic() + self.every[url], answer.headers.get("etag", ""))
            await asyncio.sleep(0.2 / self.speed + 0.02)

    async def think(self, least: float, most: float) -> None:
        """So many seconds of life."""
        await asyncio.sleep(self.dice.uniform(least, most) / self.speed)

    # -- the day --------------------------------------------------------------

    async def log_in(self) -> None:
        """By password, as people do."""
        page = await self.open("login page", "/logga-in/")
        token = TOKEN.search(page)
        data = {"csrfmiddlewaretoken": token[1] if token else "", "login": self.email, "password": self.password}
        answer = await self.send("login", "/logga-in/", data, ())
        if answer.status_code != FOUND:
            self.seen.wrong.append(f"{self.email} could not log in")

    async def work(self, until: float) -> None:
        """One thing after another until then."""
        polling = asyncio.create_task(self.poll(until))
        await self.think(0, 60)
        while time.monotonic() < until:
            draw = self.dice.random()
            if draw < 0.72:
                await self.a_case(until)
            elif draw < 0.82:
                await self.open("Idag", "/")
                await self.think(10, 30)
            elif draw < 0.93:
                await self.search()
            else:
                await self.open("channels", "/kanaler/")
                await self.think(5, 15)
        await polling

    async def search(self) -> None:
        """Look something up, and read a record."""
        page = await self.open("search", "/handlingar/?" + urlencode({"q": self.dice.choice(WORDS)}))
        await self.think(5, 20)
        found = re.findall(r'href="(/handlingar/\d+/)', page)
        if found:
            await self.open("record", self.dice.choice(found))
            await self.think(10, 30)

    async def a_case(self, until: float) -> None:
        """Take one of the list's first cases, and see to it."""
        page = await self.open("inbox", "/inkorg/")
        await self.think(3, 10)
        rows = list(dict.fromkeys((unescape(url), int(number)) for url, number in CASE.findall(page)))[:8]
        if not rows:
            await self.think(20, 40)
            return
        url, number = self.dice.choice(rows)
        await self.open("case", url)
        await self.think(8, 30)
        draw = self.dice.random()
        if draw < 0.6:
            await self.answer(number, until)
        elif draw < 0.78:
            await self.end(number)
        elif draw < 0.88:
            await self.forward(number)
        else:
            await self.note(number)
        await self.think(2, 6)

    async def answer(self, case: int, until: float) -> None:
        """Say that one is answering, write for a while with a sign of life each minute, and send."""
        began = await self.claim(case)
        if began is None:
            return
        for _ in range(self.dice.choice((1, 1, 2))):
            await self.think(25, 60)
            if await self.claim(case) is None:
                self.seen.wrong.append(f"case {case}: the claim that {self.email} was told of is lost")
                return
        self.number += 1
        text = f"Hej! Vi ser till det redan i dag. [{self.email.partition('@')[0]}-{self.number}]"
        for _try in range(3):
            form = self.form(f"/inkorg/{case}/svar/")
            if form is None:
                self.seen.counts["case went another way"] += 1
                break
            path, hidden, _html = form
            sent = await self.send("answer", path, {**hidden, "text": text, "opens_next_shown": "1"}, (REFUSED,))
            if sent.status_code == FOUND:
                self.seen.answers[text] = case
                break
            why = shown_errors(sent.text)
            self.refused("answer", case, why)
            if "svarar just nu" in why:
                self.seen.wrong.append(f"case {case}: {self.email} held the claim and was refused for another's")
            if MEANWHILE not in why:
                break
            await self.think(5, 20)  # to read what is new, and to send again
        self.seen.claims.append((case, self.email, began, time.monotonic()))

    async def claim(self, case: int) -> float | None:
        """Begin to write, or go on; since when one is told that one holds it, or None where a colleague does."""
        if self.form(f"/inkorg/{case}/svar/") is None:
            return None
        headers = {"HX-Request": "true", "X-CSRFToken": self.client.cookies.get("csrftoken", "")}
        answer = await self.ask("claim", "POST", f"/inkorg/{case}/pagar/", headers=headers)
        if "Du svarar." in answer.text:
            return time.monotonic()
        self.seen.counts["claimed by a colleague" if "svarar just nu" in answer.text else "not to be claimed"] += 1
        return None

    async def end(self, case: int) -> None:
        """No answer is needed."""
        form = self.form(f"/inkorg/{case}/inget-svar/")
        reasons = re.findall(r'name="reason" value="([^"]+)"', form[2]) if form else []
        if form is None or not reasons:
            return
        data = {**form[1], "reason": reasons[0], "more": "Inget att svara på."}
        sent = await self.send("no answer", form[0], data, (REFUSED,))
        if sent.status_code == REFUSED:
            self.refused("no answer", case, shown_errors(sent.text))

    async def forward(self, case: int) -> None:
        """Ask somebody who knows more."""
        form = self.form(f"/inkorg/{case}/vidare/")
        people = re.findall(r'name="person" value="(\d+)"', form[2]) if form else []
        if form is None or not people:
            return
        data = {**form[1], "person": self.dice.choice(people), "language": "sv", "question": "Vet du?"}
        sent = await self.send("forward", form[0], data, (REFUSED,))
        if sent.status_code == REFUSED:
            self.refused("forward", case, shown_errors(sent.text))

    async def note(self, case: int) -> None:
        """Tell colleagues something."""
        form = self.form(f"/inkorg/{case}/anteckning/")
        if form is not None:
            sent = await self.send("note", form[0], {**form[1], "text": "Ringde, inget svar."}, (REFUSED,))
            if sent.status_code == REFUSED:
                self.refused("note", case, shown_errors(sent.text))

    def refused(self, kind: str, case: int, why: str) -> None:
        """A refusal is right where somebody else was first."""
        fair = any(words in why for words in FAIR)
        self.seen.counts["refused, somebody was first" if fair else "refused"] += 1
        if not fair:
            self.seen.wrong.append(f"{kind} on case {case} was refused: {why[:200]}")


def shown_errors(page: str) -> str:
    """What stands as an error on a page."""
    found = re.findall(r'<div class="ds-error-summary".*?</div>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", " ".join(found)))
