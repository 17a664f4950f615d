"""A headless Chromium: how it is started, and a tab in it that knows nothing of other tabs."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from uppsikt.capture import browser as finder
from uppsikt.capture import process
from uppsikt.capture.cdp import Cdp, CdpError, Params
from uppsikt.capture.errors import CaptureFailed

START = 30.0  # seconds in which a browser must have answered for the first time

FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    # What it would do by itself: call home, update, sync, ask, remember.
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    # All traffic goes through the proxy of its tab; what belongs to no tab has nowhere to go, and no name is looked
    # up but by us.
    "--proxy-server=http://nowhere.invalid:1",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Frames of other sites are seen only where all frames share a process; a tab holds nothing worth keeping apart.
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,Translate,"
    "MediaRouter,DialMediaRouteProvider,OptimizationHints,AutofillServerCommunication,InterestFeedContentSuggestions,"
    "CertificateTransparencyComponentUpdater,NetworkTimeServiceQuerying,PaintHolding,PreconnectToSearch,"
    "SearchEnginePreconnect2,SearchEnginePreconnectInterval",
    # A page that is looked at by a machine must not doze off, make a sound or move.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-hang-monitor",
    "--disable-popup-blocking",
    "--force-color-profile=srgb",
    "--force-prefers-reduced-motion",
    "--hide-scrollbars",
    "--mute-audio",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--js-flags=--max-old-space-size=1024",
    "--lang=sv-SE",
    "--accept-lang=sv-SE,sv,en",
)


class Browser:
    """One running Chromium. `tabs` counts how many it has opened."""

    def __init__(self, running: process.Process, pipes: Cdp) -> None:
        """Use `start`."""
        self.tabs = 0
        self.version = ""
        self._process = running
        self._pipes = pipes

    @classmethod
    async def start(cls, *, extra: Sequence[str] = ()) -> Browser:
        """Start one; `extra` flags come last. Raises CaptureFailed no_browser, which says why as far as we know."""
        program = finder.find()
        if program is None:
            raise CaptureFailed("no_browser")
        folder = await asyncio.to_thread(process.folder)
        # Chromium's sandbox does not start for root. For others it stays on, and doing without it is no way out.
        flags = [*FLAGS, f"--user-data-dir={folder / 'profile'}", *extra]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")
        try:
            running = process.Process(program, [*flags, "about:blank"], folder)
        except OSError as error:
            raise CaptureFailed("no_browser", why=error.strerror or "") from None
        pipes = Cdp()
        try:
            await pipes.open(running.read, running.write)
            started = cls(running, pipes)
            told = await pipes.call("Browser.getVersion", seconds=START)
            started.version = str(told.get("product", ""))
            await pipes.call("Target.setDiscoverTargets", {"discover": True})
        except (CaptureFailed, TimeoutError, CdpError, OSError) as error:
            words = running.last_words()
            pipes.close()
            await running.end()
            raise CaptureFailed("no_browser", why=_why(words)) from error
        except BaseException:
            pipes.close()
            running.kill()
            raise
        return started

    @property
    def alive(self) -> bool:
        """Whether it still runs and listens."""
        return self._pipes.alive and self._process.running()

    @property
    def pid(self) -> int:
        """The number of its process, which is that of its group too."""
        return self._process.pid

    def kill(self) -> None:
        """End it and all its processes at once."""
        self._process.kill()

    async def close(self) -> None:
        """End it, see it gone, and throw its profile away."""
        self._pipes.close()
        await self._process.end()

    @asynccontextmanager
    async def tab(self, *, proxy: int | None = None) -> AsyncIterator[Tab]:
        """A tab with cookies, cache and workers of its own; it fetches through `proxy` (a port here), or not at all."""
        self.tabs += 1
        context = await self._pipes.call(
            "Target.createBrowserContext",
            {
                "disposeOnDetach": True,
                "proxyServer": f"http://127.0.0.1:{proxy}" if proxy else "http://nowhere.invalid:1",
                "proxyBypassList": "<-loopback>",
            },
        )
        kept = {"browserContextId": context["browserContextId"]}
        try:
            with contextlib.suppress(CdpError):
                await self._pipes.call("Browser.setDownloadBehavior", {"behavior": "deny", **kept})
            made = await self._pipes.call("Target.createTarget", {"url": "about:blank", **kept})
            target = str(made["targetId"])
            attached = await self._pipes.call("Target.attachToTarget", {"targetId": target, "flatten": True})
            opened = Tab(self._pipes, str(attached["sessionId"]), target, kept["browserContextId"])
            try:
                await opened.prepare()
                yield opened
            finally:
                opened.leave()
        finally:
            with contextlib.suppress(CdpError, CaptureFailed, TimeoutError):
                await self._pipes.call("Target.disposeBrowserContext", kept, seconds=5)


class Tab:
    """One page being looked at. `crashed` is set when its process ends; `events` hears what the page tells."""

    def __init__(self, pipes: Cdp, session: str, target: str, context: str) -> None:
        """Use `Browser.tab`."""
        self.crashed = False
        self._pipes, self._session, self._target, self._context = pipes, session, target, context
        self._tasks: set[asyncio.Task[None]] = set()

    async def prepare(self) -> None:
        """Listen, and see to it that nothing that a page asks of its reader stops it."""
        self._pipes.listen(self._session, self._told)
        self._pipes.listen("", self._told_of_others)
        await self.call("Page.enable")

    def leave(self) -> None:
        """Stop listening."""
        self._pipes.forget(self._session)
        self._pipes.unlisten("", self._told_of_others)
        for task in self._tasks:
            task.cancel()

    def listen(self, listener: Any) -> None:
        """Call `listener(method, params)` for every event of the page."""
        self._pipes.listen(self._session, listener)

    async def call(self, method: str, params: Params | None = None, *, seconds: float = 30) -> Params:
        """Send the page a command. Raises CdpError, TimeoutError, CaptureFailed browser_died."""
        if self.crashed:
            raise CaptureFailed("browser_died", why="page")
        return await self._pipes.call(method, params, session=self._session, seconds=seconds)

    async def ask(self, expression: str, *, context: int | None = None, seconds: float = 30) -> Any:
        """The value of a JavaScript expression, which may be a promise; None when it throws."""
        params: Params = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        if context is not None:
            params["contextId"] = context
        told = await self.call("Runtime.evaluate", params, seconds=seconds)
        return None if "exceptionDetails" in told else told.get("result", {}).get("value")

    def _told(self, method: str, params: Params) -> None:
        if method == "Page.javascriptDialogOpening":
            # A page waits for the answer to its question, and leaving must not be refused.
            leaving = params.get("type") == "beforeunload"
            self._later("Page.handleJavaScriptDialog", {"accept": leaving}, own=True)
        elif method == "Inspector.targetCrashed":
            self.crashed = True
            self._pipes.fail(self._session)

    def _told_of_others(self, method: str, params: Params) -> None:
        told = params.get("targetInfo", {})
        if method != "Target.targetCreated" or told.get("type") != "page":
            return
        if told.get("browserContextId") == self._context and told.get("targetId") != self._target and self._session:
            self._later("Target.closeTarget", {"targetId": told["targetId"]})  # a window that the page opened

    def _later(self, method: str, params: Params, *, own: bool = False) -> None:
        task = asyncio.get_running_loop().create_task(self._quietly(method, params, own=own))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, method: str, params: Params, *, own: bool) -> None:
        with contextlib.suppress(CdpError, CaptureFailed, TimeoutError):
            await self._pipes.call(method, params, session=self._session if own else "", seconds=5)


def _why(words: str) -> str:
    """What of a browser's last words helps who must mend it."""
    lines = [line for line in words.splitlines() if "sandbox" in line.lower() or "shared librar" in line.lower()]
    return (lines or words.splitlines() or [""])[-1].strip()[:300]
