"""Pictures of a page from its top to its end, tile by tile."""

from __future__ import annotations

import base64
from pathlib import Path

from uppsikt.capture.cdp import CdpError
from uppsikt.capture.chromium import Tab
from uppsikt.capture.limits import Limits
from uppsikt.capture.report import Report

SECONDS = 60.0  # for one picture


async def take(tab: Tab, out: Path, limits: Limits, report: Report) -> None:
    """Write screenshot-001.png and on; the report is told where each begins and what was left out."""
    size = (await tab.call("Page.getLayoutMetrics"))["cssContentSize"]
    report.width, report.height = limits.width, int(size["height"])
    if report.height > limits.max_height:
        report.lacks("height")
    end = max(min(report.height, limits.max_height), 1)
    for number, top in enumerate(range(0, end, limits.tile), 1):
        height = min(limits.tile, end - top)
        clip = {"x": 0, "y": top, "width": limits.width, "height": height, "scale": 1}
        asked = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        try:
            told = await tab.call("Page.captureScreenshot", asked, seconds=SECONDS)
        except (CdpError, TimeoutError):
            report.lacks("screenshot")
            return
        name = f"screenshot-{number:03d}.png"
        (out / name).write_bytes(base64.b64decode(told["data"]))
        report.screenshots.append({"name": name, "top": top, "height": height})
