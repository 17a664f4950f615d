"""A pool of browsers for callers that know nothing of event loops: each serves one piece of work at a time."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from uppsikt.capture.cdp import CdpError
from uppsikt.capture.chromium import Browser
from uppsikt.capture.errors import CaptureFailed
from uppsikt.capture.proxy.authority import Authority

T = TypeVar("T")
Work = Callable[[Browser], Awaitable[T]]

PAGES: Final = 50  # tabs after which a browser is changed for a new one: browsers grow
UNSOUND: Final = frozenset({"browser_died", "too_slow", "no_browser"})  # after these a browser is not trusted
IDLE: Final = 60.0  # seconds that a browser is kept for the next piece of work
ENDING: Final = 10.0  # seconds that closing may take


class Pool:
    """Up to `size` browsers, each doing one piece of work at a time, so that a page that brings its browser down
    takes no other page with it. Threads may share a pool."""

    def __init__(self, size: int = 1, *, pages: int = PAGES, idle: float = IDLE) -> None:
        """No browser is started before there is work."""
        self.authority = Authority()
        self._size, self._pages, self._idle_seconds = size, pages, idle
        self._loop = asyncio.new_event_loop()
        self._free: list[Browser] = []
        self._all: set[Browser] = set()
        self._places = asyncio.Semaphore(size)
        self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="browsers", daemon=True)
        self._thread.start()

    def run(self, work: Work[T], *, seconds: float) -> T:
        """Do the work with a browser, within a time that begins when the browser is there.

        Raises what the work raises; CaptureFailed too_slow when the time is out, browser_died when the browser went.
        A browser that saw either is killed with all its processes.
        """
        if self._closed:
            raise CaptureFailed("no_browser", why="closed")
        done: Future[T] = asyncio.run_coroutine_threadsafe(self._run(work, seconds), self._loop)
        try:
            return done.result()
        except BaseException:
            done.cancel()
            raise

    def close(self) -> None:
        """Kill all browsers; the pool is of no more use."""
        if self._closed:
            return
        self._closed = True
        ending = asyncio.run_coroutine_threadsafe(self._close(), self._loop)
        try:
            ending.result(timeout=ENDING)
        except TimeoutError:
            for browser in list(self._all):
                browser.kill()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=ENDING)

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._closed

    def pids(self) -> list[int]:
        """The process numbers of the browsers that run."""
        return [browser.pid for browser in list(self._all)]

    async def _run(self, work: Work[T], seconds: float) -> T:
        async with self._lent() as browser:
            try:
                async with asyncio.timeout(seconds):
                    return await work(browser)
            except TimeoutError:
                browser.kill()
                raise CaptureFailed("too_slow") from None
            except CdpError as error:
                if not browser.alive:
                    raise CaptureFailed("browser_died") from None
                browser.kill()  # a browser that does not know its own commands is not to be trusted with the next page
                raise CaptureFailed("browser_died", why=str(error)[:200]) from error

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Browser]:
        async with self._places:
            if self._timer:
                self._timer.cancel()
            browser = await self._take()
            try:
                yield browser
            except CaptureFailed as failed:
                await self._give_back(browser, sound=failed.code not in UNSOUND)
                raise
            except BaseException:
                await self._give_back(browser, sound=False)
                raise
            else:
                await self._give_back(browser, sound=True)
            finally:
                if not self._closed:
                    self._timer = self._loop.call_later(self._idle_seconds, self._rest)

    async def _give_back(self, browser: Browser, *, sound: bool) -> None:
        """Keep it for the next piece of work, or let it go: what went wrong may have left something behind."""
        if sound and browser.alive and browser.tabs < self._pages and not self._closed:
            self._free.append(browser)
        else:
            await asyncio.shield(self._drop(browser))

    async def _take(self) -> Browser:
        while self._free:
            browser = self._free.pop()
            if browser.alive:
                return browser
            await self._drop(browser)
        browser = await Browser.start(extra=[f"--ignore-certificate-errors-spki-list={self.authority.pin}"])
        self._all.add(browser)
        return browser

    async def _drop(self, browser: Browser) -> None:
        await browser.close()
        self._all.discard(browser)

    def _rest(self) -> None:
        """Nobody has asked for a while: let the browsers that wait go."""
        resting, self._free = self._free, []
        for browser in resting:
            task = self._loop.create_task(self._drop(browser))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _close(self) -> None:
        for browser in list(self._all):
            await self._drop(browser)
        here = asyncio.current_task()
        for task in asyncio.all_tasks():
            if task is not here:
                task.cancel()
        self.authority.close()


_shared: dict[int, Pool] = {}
_lock = threading.Lock()


def shared() -> Pool:
    """The pool of this process, of one browser; it closes with the process."""
    with _lock:
        mine = _shared.get(os.getpid())  # a forked child has no threads: it needs a pool of its own
        if mine is None or mine.closed:
            mine = _shared[os.getpid()] = Pool()
            atexit.register(mine.close)
        return mine


def try_out() -> str:
    """Start a browser and end it; its version. Raises CaptureFailed, which says why as far as we know."""
    pool = Pool()
    try:
        return pool.run(_version, seconds=60)
    finally:
        pool.close()


async def _version(browser: Browser) -> str:
    return browser.version
