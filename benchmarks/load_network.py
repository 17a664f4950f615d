"""The practice network of a load run: five accounts with a past, and people who go on talking."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
POSTS = 12
SUBJECTS = (
    "simhallen",
    "plogningen",
    "skolbussen",
    "biblioteket",
    "lekplatsen",
    "bygglovet",
    "sophämtningen",
    "lyktan",
)
QUESTIONS = (
    "När öppnar {what} i höst?",
    "Varför är {what} alltid sen?",
    "Vem kan jag ringa om {what}?",
    "Tack för {what}, det blev bra!",
    "Kan ni svara på frågan om {what} snart?",
)


@dataclass
class Network:
    """A running practice network, and what we have said on it."""

    folder: Path
    port: int
    dice: random.Random
    process: subprocess.Popen[bytes] | None = None
    token: str = ""
    accounts: dict[str, str] = field(default_factory=dict)
    posts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    said: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Let it run, and wait until it answers."""
        words = ["serve", "--port", str(self.port), "--data", str(self.folder), "--rate", "0", "--quiet"]
        with (self.folder.parent / "practice.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 our own program
                [sys.executable, "-m", "practice", *words], cwd=ROOT, stdout=log, stderr=log
            )
        for _ in range(200):
            try:
                httpx.get(f"{self.base}/.well-known/practice-network")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        self.token = (self.folder / "control-token").read_text().strip()

    def stop(self) -> None:
        """End it."""
        if self.process:
            self.process.terminate()
            self.process.wait(30)

    @property
    def headers(self) -> dict[str, str]:
        """Who may pull its strings."""
        return {"Authorization": f"Bearer {self.token}"}

    def populate(self, channels: int, history: int) -> None:
        """Open the accounts, and give each posts and its share of the past."""
        with httpx.Client(base_url=f"{self.base}/control", headers=self.headers, timeout=30) as strings:
            for number in range(channels):
                handle = f"konto{number}"
                strings.post("/accounts", json={"handle": handle, "name": f"Konto {number}", "flavour": "page"})
                token = strings.post("/tokens", json={"handle": handle}).raise_for_status()
                self.accounts[handle] = str(token.json()["token"])
                for post in range(POSTS):
                    made = strings.post(
                        "/say", json={"handle": handle, "text": f"Vi berättar om {SUBJECTS[post % 8]}."}
                    )
                    self.posts.append(str(made.raise_for_status().json()["item"]))
            for _ in range(history):
                made = strings.post("/say", json=self.question(self.dice.choice(self.posts)))
                self.comments.append(str(made.raise_for_status().json()["item"]))

    def question(self, to: str) -> dict[str, Any]:
        """Somebody's words; no two are the same."""
        self.said += 1
        what = self.dice.choice(QUESTIONS).format(what=self.dice.choice(SUBJECTS))
        return {"to": to, "name": f"Invånare {self.dice.randrange(400)}", "text": f"{what} ({self.said})"}

    async def live(self, *, every: float, until: float) -> None:
        """Something happens every so often (seconds, on average) until then (`time.monotonic`)."""
        async with httpx.AsyncClient(base_url=f"{self.base}/control", headers=self.headers, timeout=30) as strings:
            while time.monotonic() < until:
                await asyncio.sleep(self.dice.expovariate(1 / every))
                await self.happen(strings)

    async def happen(self, strings: httpx.AsyncClient) -> None:
        """One thing: mostly something new is said; now and then it is changed, hidden, or taken back."""
        draw = self.dice.random()
        recent = self.dice.choice(self.comments[-60:])
        if draw < 0.8:
            to = recent if draw < 0.2 else self.dice.choice(self.posts)
            kind, answer = "said", await strings.post("/say", json=self.question(to))
            if answer.is_success:
                self.comments.append(str(answer.json()["item"]))
        elif draw < 0.9:
            words = {"item": recent, "text": f"{self.question('')['text']} Rättat."}
            kind, answer = "edited", await strings.post("/edit", json=words)
        elif draw < 0.95:
            kind, answer = "deleted", await strings.post("/delete", json={"item": recent})
        else:
            state = self.dice.choice(["hidden", "visible"])
            kind, answer = state, await strings.post("/state", json={"item": recent, "state": state})
        if answer.is_success:  # what is deleted can be neither changed nor answered
            self.counts[kind] = self.counts.get(kind, 0) + 1

    def dump(self) -> list[dict[str, Any]]:
        """All that was ever said."""
        answer = httpx.get(f"{self.base}/control/dump", headers=self.headers, timeout=60).raise_for_status()
        found: list[dict[str, Any]] = answer.json()["items"]
        return found
