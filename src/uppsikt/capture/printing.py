"""Prints HTML that we have written ourselves, as PDF or as a picture, without a network and without scripts."""

from __future__ import annotations

import base64
import json
from typing import Final

from uppsikt.capture.chromium import Browser, Tab
from uppsikt.capture.pool import Pool, shared

SECONDS: Final = 60.0
WIDTH: Final = 800  # pixels of a picture
TALLEST: Final = 16_000  # pixels of a picture; what is taller is cut there


def pdf(html: str, *, title: str, pool: Pool | None = None, seconds: float = SECONDS) -> bytes:
    """A whole HTML document as PDF: tagged (headings, lists, tables and alternative texts stay), with an outline.

    A4 upright unless its CSS says otherwise by `@page { size: … }`. `title` is the document's title; its language is
    that of `<html lang>`. Pictures and fonts must lie in the document as `data:` addresses: nothing is fetched.
    Raises CaptureFailed (no_browser, browser_died, too_slow).
    """

    async def work(browser: Browser) -> bytes:
        async with browser.tab() as tab:
            await _show(tab, html, title)
            told = await tab.call(
                "Page.printToPDF",
                {
                    "paperWidth": 8.27,
                    "paperHeight": 11.69,
                    "printBackground": True,
                    "preferCSSPageSize": True,
                    "generateTaggedPDF": True,
                    "generateDocumentOutline": True,
                },
                seconds=seconds,
            )
            return base64.b64decode(told["data"])

    return (pool or shared()).run(work, seconds=seconds)


def png(html: str, *, width: int = WIDTH, pool: Pool | None = None, seconds: float = SECONDS) -> bytes:
    """A whole HTML document as a PNG picture, all its height (at most TALLEST), `width` pixels wide; else as `pdf`."""

    async def work(browser: Browser) -> bytes:
        async with browser.tab() as tab:
            return await picture(tab, html, width=width)

    return (pool or shared()).run(work, seconds=seconds)


async def picture(tab: Tab, html: str, *, width: int = WIDTH) -> bytes:
    """The same in a tab that is there already, which must have no network."""
    await tab.call(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 100, "deviceScaleFactor": 1, "mobile": False},
    )
    await _show(tab, html, "")
    size = (await tab.call("Page.getLayoutMetrics"))["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": width, "height": min(max(size["height"], 1), TALLEST), "scale": 1}
    told = await tab.call(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}, seconds=SECONDS
    )
    return base64.b64decode(told["data"])


async def _show(tab: Tab, html: str, title: str) -> None:
    """Put a document into the tab, and wait for its pictures and fonts."""
    await tab.call("Emulation.setScriptExecutionDisabled", {"value": True})
    tree = await tab.call("Page.getFrameTree")
    await tab.call("Page.setDocumentContent", {"frameId": tree["frameTree"]["frame"]["id"], "html": html})
    # Our own two lines run even where the document's do not.
    await tab.ask("Promise.all([document.fonts.ready, ...[...document.images].map((i) => i.decode().catch(() => 0))])")
    if title:
        await tab.ask(f"document.title = {json.dumps(title)}")
