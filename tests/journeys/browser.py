"""What journeys do with a real browser: open pages in every size and scheme, ask axe, keep pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from uppsikt.capture import browser as found

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# Of axe's rules that are on, those that look at colours.
COLOURS = ("color-contrast", "link-in-text-block")
SIZES = {"wide": (1366, 900), "narrow": (390, 844)}
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@cache
def axe_source() -> str:
    """The program that looks for what is wrong."""
    return AXE.read_text(encoding="utf-8")


def launch(playwright: Playwright) -> Browser:
    """A Chromium: the one that UPPSIKT_BROWSER names, else one on PATH, else Playwright's own."""
    # Chromium's sandbox does not start for root; for others it stays on.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    return playwright.chromium.launch(executable_path=found.find(), args=flags)


@dataclass
class Tab:
    """One page in one browser, with what went wrong in it."""

    page: Page
    address: str
    shots: Path
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the server under test."""
        self.page.goto(self.address + path, wait_until="load")
        return self.page

    def look(self, *, size: str, scheme: str) -> None:
        """Give the window another size, and the page another scheme, without loading it again."""
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def shot(self, name: str, *, full: bool = False) -> Path:
        """Keep a picture; returns where."""
        path = self.shots / f"{name}.png"
        self.page.screenshot(path=path, full_page=full)
        return path

    def axe(self, *, only: Sequence[str] = ()) -> list[str]:
        """What axe-core finds wrong on the page, by all its rules or by some, one readable line per place."""
        if not self.page.evaluate("'axe' in window"):
            session = self.page.context.new_cdp_session(self.page)
            # Through the debugging protocol, because the pages' own policy lets in no foreign script.
            session.send("Runtime.evaluate", {"expression": axe_source()})
            session.detach()
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if only:
            options["runOnly"] = {"type": "rule", "values": list(only)}
        # What is right makes a long answer too, and it would all be sent here.
        violations: list[dict[str, Any]] = self.page.evaluate(
            "async (options) => (await axe.run(document, options)).violations", options
        )
        return [
            f"{rule['id']} ({rule['impact']}): {rule['help']}\n    {node['html'][:160]}\n    {node['failureSummary']}"
            for rule in violations
            for node in rule["nodes"]
        ]

    def signature(self) -> int:
        """A number that tells one document from another: its marks, and where each element stands or that it does not.

        Colours are no part of it.
        """
        number: int = self.page.evaluate(
            """() => {
              const places = [...document.querySelectorAll("body *")].map((e) => {
                if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true})) return "-";
                const box = e.getBoundingClientRect();
                return [box.x, box.y, box.width, box.height].map(Math.round).join();
              });
              const all = document.documentElement.outerHTML + places.join(" ");
              let number = 0;
              for (let i = 0; i < all.length; i++) number = (Math.imul(number, 31) + all.charCodeAt(i)) | 0;
              return number;
            }"""
        )
        return number

    def overflow(self) -> list[str]:
        """The elements that are wider than the window; empty when nothing must be scrolled sideways."""
        wide: list[str] = self.page.evaluate(
            """() => document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("body *")]
              .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
              .map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`).slice(0, 5)"""
        )
        return wide


@contextmanager
def tab(
    browser: Browser,
    address: str,
    shots: Path,
    *,
    size: str = "wide",
    scheme: str = "light",
    language: str = "sv",
    cookies: dict[str, str] | None = None,
    scripts: bool = True,
) -> Iterator[Tab]:
    """A fresh browser context with one page; on leaving, script errors and refusals by the policy are an error.

    `size` is a name in SIZES, `scheme` light or dark, `cookies` those that log somebody in.
    """
    width, height = SIZES[size]
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB" if language == "en" else "sv-SE",
        timezone_id="Europe/Stockholm",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    for name, value in (cookies or {}).items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    opened = Tab(context.new_page(), address, shots)
    opened.page.on("pageerror", lambda error: opened.errors.append(f"script: {error}"))
    opened.page.on(
        "console",
        lambda line: (
            opened.errors.append(f"console: {line.text}")
            if line.type == "error" and "Content Security Policy" in line.text
            else None
        ),
    )
    try:
        yield opened
        assert not opened.errors, opened.errors
    finally:
        context.close()
