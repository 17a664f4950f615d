"""A visit to a page: go there, wait, scroll to its end, and look at what it holds."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final
from urllib.parse import urldefrag, urlsplit

from uppsikt.capture.cdp import GONE, CdpError, Params
from uppsikt.capture.chromium import Tab
from uppsikt.capture.errors import CaptureFailed
from uppsikt.capture.limits import Limits
from uppsikt.capture.proxy.recorder import Recorder
from uppsikt.capture.proxy.server import Proxy, origin
from uppsikt.capture.report import Report

QUIET: Final = 0.6  # seconds without traffic after which a page is taken to be there
STEP_QUIET: Final = 0.15  # the same between two steps of scrolling
STEP_WAIT: Final = 3.0  # seconds that one step may take
STILL: Final = 2  # times that the end of the page must still be the end
MOST_FRAMES: Final = 40
PAGES: Final = ("text/", "image/", "application/xhtml+xml", "application/xml", "application/json")
NOT_THERE: Final = frozenset({404, 410})
FAULTY: Final = 500

# How a request that did not go well is told.
REFUSED: Final = {
    "private_address": "refused_address",
    "certificate": "certificate",
    "broken_answer": "broken_answer",
    "site_down": "unreachable",
    "timeout": "unreachable",
}

# All of these run in a world of their own, where the page's scripts have changed nothing.
HEIGHT: Final = """Math.ceil(Math.max(document.documentElement?.scrollHeight || 0, document.body?.scrollHeight || 0))"""
FRAME: Final = "new Promise(done => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 200); })"
LOOK: Final = """(() => {
  const roots = [];
  const walk = (root) => { for (const e of root.querySelectorAll("*")) if (e.shadowRoot) {
    roots.push(e.shadowRoot); walk(e.shadowRoot); } };
  walk(document);
  const top = document.documentElement;
  const type = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "";
  const open = top ? top.cloneNode(false).outerHTML.replace(/<\\/[^>]*>$/, "") : "";
  const html = top ? (top.getHTML ? open + top.getHTML({shadowRoots: roots}) + "</html>" : top.outerHTML) : "";
  const inner = (root) => [...root.children].map((e) => e.innerText || "").join("\\n");
  return {url: location.href, title: document.title, html: type + "\\n" + html,
    text: [document.body ? document.body.innerText || document.body.textContent : "", ...roots.map(inner)].join("\\n"),
    password: [...document.querySelectorAll("input[type=password]")].some((e) => e.checkVisibility())};
})()"""
INNER: Final = """(() => { let most = 0;
  for (const e of document.querySelectorAll("body *")) {
    const hidden = e.scrollHeight - e.clientHeight;
    if (hidden > 50 && e.clientHeight > innerHeight / 3 && e.clientWidth > innerWidth / 3 && hidden > most &&
        /auto|scroll/.test(getComputedStyle(e).overflowY)) most = hidden; }
  return most; })()"""
# Buttons that promise more of the same. They are counted and never pressed: a look must not change what it looks at.
MORE: Final = """(() => { const promise = new RegExp(
  "^((visa|ladda|läs in|hämta|se)( in)?( \\\\d+)? (fler|mer|alla|tidigare|äldre)|fler (kommentarer|svar|inlägg)" +
  "|(show|load|view|see)( \\\\d+)? (more|all|previous|older)|(more|older|previous) (comments|replies|posts))", "i");
  const found = new Set();
  const walk = (root) => { for (const e of root.querySelectorAll("*")) {
    if (e.shadowRoot) walk(e.shadowRoot);
    if (e.matches("button, [role=button], input[type=button]") && e.checkVisibility() &&
        promise.test((e.innerText || e.value || e.ariaLabel || "").trim())) found.add(e); } };
  walk(document);
  return found.size; })()"""


class Visit:
    """One page in one tab, behind one proxy."""

    def __init__(self, tab: Tab, proxy: Proxy, limits: Limits, report: Report) -> None:
        self.status, self.mime, self.download = 0, "", False
        self._tab, self._proxy, self._limits, self._report = tab, proxy, limits, report
        self._recorder: Recorder = proxy.recorder
        self._loaded = asyncio.Event()
        self._over = False
        self._frame = ""
        self._world: int | None = None
        self._landed = self._asked = ""

    async def open(self, url: str) -> None:
        """Go to the page and wait until it is there, or until there is reason to go on. Raises CaptureFailed."""
        limits = self._limits
        self._tab.listen(self._told)
        size = {"width": limits.width, "height": limits.height, "deviceScaleFactor": 1, "mobile": False}
        await self._tab.call("Emulation.setDeviceMetricsOverride", size)
        await self._tab.call("Emulation.setTimezoneOverride", {"timezoneId": "Europe/Stockholm"})
        await self._tab.call("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})
        self._frame = (await self._tab.call("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        self._landed = url
        until = time.monotonic() + limits.load
        try:
            told = await self._tab.call("Page.navigate", {"url": url}, seconds=limits.load)
        except TimeoutError:
            raise CaptureFailed("too_slow") from None
        self._arrived(str(told.get("errorText", "")), bool(told.get("isDownload")))
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + until - time.monotonic()):
                await self._loaded.wait()
        except TimeoutError:
            self._report.lacks("load")
            await self._stop()
        await self.settle()
        self._arrived("", self.download)

    async def settle(self, quiet: float = QUIET, seconds: float = 0.0) -> None:
        """Wait until nothing more comes; streams and what stalls are not waited for."""
        until = time.monotonic() + (seconds or self._limits.settle)
        while not (self._over or self._recorder.quiet(quiet)) and time.monotonic() < until:
            await asyncio.sleep(0.05)

    async def scroll(self) -> None:
        """Go down the page a window at a time, so that all that waits to be seen is there; then back to its top."""
        limits = self._limits
        until = time.monotonic() + limits.scroll
        top = still = 0
        while True:
            height = int(await self.ask(HEIGHT) or 0)
            if top + limits.height >= height:
                await self.settle(seconds=STEP_WAIT)
                still = still + 1 if int(await self.ask(HEIGHT) or 0) <= height else 0
                if still >= STILL:
                    break
            else:
                still = 0
                top += limits.height
            if top >= limits.max_height:
                self._report.lacks("height")
                break
            if time.monotonic() > until:
                self._report.lacks("scroll")
                break
            await self.ask(f"scrollTo({{top: {top}, behavior: 'instant'}})")
            await self.ask(FRAME)
            await self.settle(STEP_QUIET, STEP_WAIT)
        await self.ask("scrollTo({top: 0, behavior: 'instant'})")
        await self.ask(FRAME)
        await self.settle(STEP_QUIET, STEP_WAIT)
        if await self.ask(INNER):
            self._report.lacks("inner_scroll")
        self._report.more = int(await self.ask(MORE) or 0)

    async def look(self) -> dict[str, Any]:
        """The page's address, title, html, text, and whether a password is asked for."""
        return dict(await self.ask(LOOK) or {})

    async def frames(self) -> list[dict[str, Any]]:
        """The same of the frames in it."""
        tree = (await self._tab.call("Page.getFrameTree"))["frameTree"]
        seen = []
        for frame in _inside(tree)[:MOST_FRAMES]:
            try:
                world = await self._tab.call("Page.createIsolatedWorld", {"frameId": frame, "worldName": "uppsikt"})
                looked = await self._tab.ask(LOOK, context=world["executionContextId"])
            except (CdpError, TimeoutError):
                continue  # it went while we looked
            if looked:
                seen.append(dict(looked))
        return seen

    async def ask(self, expression: str) -> Any:
        """The value of an expression in the page, out of reach of its scripts."""
        for _try in range(2):
            if self._world is None:
                made = await self._tab.call(
                    "Page.createIsolatedWorld", {"frameId": self._frame, "worldName": "uppsikt"}
                )
                self._world = int(made["executionContextId"])
            try:
                return await self._tab.ask(expression, context=self._world)
            except CdpError:
                self._world = None  # the page went on to another one
        return None

    def _arrived(self, error: str, download: bool) -> None:
        """See where the browser came. Raises CaptureFailed when it is no page."""
        if download or self.download:
            raise CaptureFailed("download", media_type=self.mime)
        refused = self._recorder.refused.get(_origin(self._landed))
        if refused and (error or self.status in (0, 502)):
            raise CaptureFailed(REFUSED.get(refused, "unreachable"), host=urlsplit(self._landed).hostname or "")
        if error:
            raise CaptureFailed("bad_address" if "UNSAFE_PORT" in error else "unreachable", why=error)
        if self.status in NOT_THERE:
            raise CaptureFailed("not_found", status=str(self.status))
        if self.status >= FAULTY:
            raise CaptureFailed("unreachable", status=str(self.status))
        if self.mime and not self.mime.startswith(PAGES):
            raise CaptureFailed("download", media_type=self.mime)

    async def _stop(self) -> None:
        """The page does not come to an end by itself: cut what is still coming, and stop its scripts."""
        for method in ("Runtime.terminateExecution", "Page.stopLoading"):
            try:
                await self._tab.call(method, seconds=5)
            except (CdpError, TimeoutError):
                continue
        # After the browser has given up: before, it would ask for the same once more.
        await self._proxy.cut("time")

    def _told(self, method: str, params: Params) -> None:
        if method in {"Inspector.targetCrashed", GONE}:
            self._over = True  # there is nothing left to wait for
            self._loaded.set()
        elif method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Network.requestWillBeSent" and self._is_page(params):
            self._landed, self._asked = str(params["request"]["url"]), str(params["requestId"])
        elif method == "Network.loadingFailed" and params.get("requestId") == self._asked:
            self._loaded.set()  # no more of it will come, and a page that is not whole never tells that it is
        elif method == "Network.responseReceived" and self._is_page(params):
            response = params["response"]
            self.status, self.mime = int(response["status"]), str(response["mimeType"])
            self._landed = str(response["url"])
        elif method in {"Page.downloadWillBegin"}:
            self.download = True
            self._loaded.set()
        elif method == "Page.frameNavigated" and not params["frame"].get("parentId"):
            self._world = None

    def _is_page(self, params: Params) -> bool:
        return params.get("type") == "Document" and params.get("frameId") == self._frame


def _inside(tree: Params) -> list[str]:
    """The frames under a frame, in order."""
    found = []
    for child in tree.get("childFrames", ()):
        found.append(str(child["frame"]["id"]))
        found += _inside(child)
    return found


def _origin(url: str) -> str:
    parts = urlsplit(urldefrag(url).url)
    host = parts.hostname or ""
    return origin(
        parts.scheme, f"[{host}]" if ":" in host else host, parts.port or (443 if parts.scheme == "https" else 80)
    )
