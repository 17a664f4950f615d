"""Captures a page: pictures, all that it is made of, its words, and a report on how whole it is (D43)."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import shutil
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from uppsikt.capture import counting, printing, screens, walls, warc
from uppsikt.capture.chromium import Browser, Tab
from uppsikt.capture.errors import CaptureFailed
from uppsikt.capture.limits import Limits
from uppsikt.capture.pool import Pool, shared
from uppsikt.capture.proxy.authority import Authority
from uppsikt.capture.proxy.door import Door
from uppsikt.capture.proxy.recorder import Recorder
from uppsikt.capture.proxy.server import Proxy
from uppsikt.capture.report import CARD_ONLY, Expected, Report
from uppsikt.capture.visit import Visit
from uppsikt.net import NetError, addresses
from uppsikt.net.client import parse

SOFTWARE: Final = "Uppsikt 0.1"
CARD: Final = "card.png"
RECORDING: Final = ".recording"
FRAMES: Final = "frame-{:03d}.html"


def capture(
    url: str,
    *,
    out: Path,
    limits: Limits | None = None,
    answer: bytes | None = None,
    answer_url: str = "",
    card: str | None = None,
    expected: Expected | None = None,
    allow: Iterable[str] = (),
    last: bool = False,
    pool: Pool | None = None,
    tls: ssl.SSLContext | None = None,
    resolver: addresses.Resolver = addresses.system_resolver,
) -> Report:
    """Capture a page into a folder, and tell how whole it is.

    Writes screenshot-001.png …, page.warc.gz, dom.html (frame-001.html …), text.txt and report.json; answer.json is
    `answer`, the network's own answer about the item, byte for byte, and card.html with card.png are `card`, a whole
    HTML document that shows the item without the network.

    Where the page cannot be opened for a reason that will not pass (a login wall, a file, a private address) and an
    answer or a card was given, these are kept and the report's state is card_only. With `last`, the caller's last
    try, the same is done for every reason. Else raises CaptureFailed, and leaves nothing in `out`.
    `allow` are servers in private networks that may be gone to, as host:port.
    """
    limits = limits or Limits()
    limits = replace(limits, allow_private=limits.allow_private | frozenset(allow))
    report = Report(url=url, at=warc.stamp(datetime.now(UTC)), answer_url=answer_url)
    out.mkdir(parents=True, exist_ok=True)
    before = {path.name for path in out.iterdir()}
    door = Door(limits.allow_private, connect=limits.connect, tls=tls, resolver=resolver)
    try:
        _keep(out, answer, card)
        given = {path.name for path in out.iterdir()}
        try:
            _check(url)
            chosen = pool or shared()
            job = Job(url, out, limits, report, expected, card, door, chosen.authority)
            chosen.run(job.work, seconds=limits.total)
        except CaptureFailed as failed:
            if given == before or (failed.retryable and not last):
                raise
            if failed.code != "login_wall":
                _clear(out, given)
            report.state, report.why, report.facts = CARD_ONLY, [failed.code], failed.facts
            _draw(out, card, pool)
    except BaseException:
        _clear(out, before)
        raise
    report.ended = warc.stamp(datetime.now(UTC))
    report.write(out)
    return report


def _check(url: str) -> None:
    """Raises CaptureFailed bad_address."""
    try:
        parse(url)
    except NetError:
        raise CaptureFailed("bad_address") from None


def _keep(out: Path, answer: bytes | None, card: str | None) -> None:
    if answer is not None:
        (out / "answer.json").write_bytes(answer)
    if card is not None:
        (out / "card.html").write_text(card, encoding="utf-8")


def _draw(out: Path, card: str | None, pool: Pool | None) -> None:
    """The card as a picture, where there is a browser to draw it; without one its HTML must do."""
    if card is not None:
        with contextlib.suppress(CaptureFailed):
            (out / CARD).write_bytes(printing.png(card, pool=pool))


def _clear(out: Path, kept: set[str]) -> None:
    """Take away what we have written."""
    for path in out.iterdir():
        if path.name not in kept:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


@dataclass
class Job:
    """One capture, for a browser to do."""

    url: str
    out: Path
    limits: Limits
    report: Report
    expected: Expected | None
    card: str | None
    door: Door
    authority: Authority

    async def work(self, browser: Browser) -> None:
        """Visit the page and write all but the report. Raises CaptureFailed; what a login wall shows is kept first."""
        folder = self.out / RECORDING
        folder.mkdir()
        recorder = Recorder(folder, self.limits)
        try:
            async with Proxy(self.authority, self.door, recorder) as proxy:
                async with browser.tab(proxy=proxy.port) as tab:
                    reason = await self._visit(tab, Visit(tab, proxy, self.limits, self.report))
                await self._finish(recorder)
            warc.write(self.out / "page.warc.gz", recorder.exchanges, software=f"{SOFTWARE}, {browser.version}")
            self._tell(recorder, browser)
            if reason:
                raise CaptureFailed("login_wall", sign=reason)
            if self.card is not None:
                async with browser.tab() as tab:
                    (self.out / CARD).write_bytes(await printing.picture(tab, self.card))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def _visit(self, tab: Tab, visit: Visit) -> str:
        """See the page; returns why it is a login wall, or nothing."""
        await visit.open(self.url)
        seen, picked, text = await self._look(visit)
        reason = walls.wall(
            walls.Landed(
                asked=self.url,
                url=str(seen.get("url") or self.url),
                status=visit.status,
                text=text,
                password=bool(seen.get("password")),
                recognised=self._recognises(text, picked),
            )
        )
        if not reason:
            await visit.scroll()
            seen, picked, text = await self._look(visit)
        await screens.take(tab, self.out, self.limits, self.report)
        (self.out / "dom.html").write_text(str(seen.get("html", "")), encoding="utf-8", errors="replace")
        (self.out / "text.txt").write_text(text, encoding="utf-8", errors="replace")
        report = self.report
        report.landed, report.title = str(seen.get("url", "")), str(seen.get("title", ""))
        report.status, report.wall = visit.status, reason
        counting.count(report, self.expected, text=text, picked=picked)
        return reason

    async def _look(self, visit: Visit) -> tuple[dict[str, Any], int | None, str]:
        """The page, how many elements the caller's selector picks in it, and its words with those of its frames."""
        seen = await visit.look()
        frames = await visit.frames()
        self.report.frames = len(frames)
        for number, frame in enumerate(frames, 1):
            words = f"<!-- {str(frame['url']).replace('--', '%2D%2D')} -->\n{frame['html']}"
            (self.out / FRAMES.format(number)).write_text(words, encoding="utf-8", errors="replace")
        picked = None
        if self.expected and self.expected.selector:
            picked = int(await visit.ask(counting.picking(self.expected.selector)) or 0)
        return seen, picked, "\n".join([str(seen.get("text", "")), *(str(frame["text"]) for frame in frames)])

    def _recognises(self, text: str, picked: int | None) -> bool:
        """Whether something that the caller looks for is on the page."""
        if picked:
            return True
        texts = self.expected.texts if self.expected else ()
        return bool(texts) and len(counting.missing(texts, text)) < len(texts)

    async def _finish(self, recorder: Recorder) -> None:
        """The page is seen; files that are on their way are waited for, streams are not."""
        until = time.monotonic() + self.limits.load
        while recorder.downloading() and time.monotonic() < until:
            await asyncio.sleep(0.05)

    def _tell(self, recorder: Recorder, browser: Browser) -> None:
        """What the traffic says of how whole the capture is."""
        report = self.report
        report.requests, report.bytes = len(recorder.exchanges), recorder.bytes
        report.refused = dict(sorted(recorder.refused.items()))
        report.websockets = recorder.counts["websockets"]
        report.unanswered = sum(not exchange.answered for exchange in recorder.exchanges)
        report.tools = {"browser": browser.version, "warcio": importlib.metadata.version("warcio")}
        if recorder.counts["requests_over"]:
            report.lacks("requests")
        for exchange in recorder.exchanges:
            if exchange.cut:
                fact = {"url": exchange.url, "why": exchange.cut, "bytes": exchange.body.size}
                report.cut.append({**fact, "stream": exchange.stream})
                if not exchange.stream or exchange.cut == "length":
                    report.lacks(f"answer_{exchange.cut}")
