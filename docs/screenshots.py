"""Takes the pictures that the documentation shows, from a running Uppsikt, such as the one of `./uppsikt demo`.

    python docs/screenshots.py LINK [--into docs/screenshots] [--only inbox,today]

LINK is a one-time login link as `./uppsikt demo` prints it (the communications unit sees most). Needs Playwright and a
Chromium, which `./uppsikt test` sets up.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, sync_playwright

from uppsikt.capture import browser as found

WIDE, NARROW = (1366, 900), (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: `path` to open, `click` what to press there before it is taken."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    click: str = ""
    language: str = "sv-SE"


SHOTS = [
    Shot("today", "/"),
    Shot("today-narrow", "/", NARROW),
    Shot("inbox", "/inkorg/"),
    Shot("inbox-dark", "/inkorg/", scheme="dark"),
    Shot("inbox-narrow", "/inkorg/", NARROW),
    Shot("case", "/inkorg/", click="[data-item]"),
    Shot("case-narrow", "/inkorg/", NARROW, click="[data-item]"),
    Shot("search", "/handlingar/?q=parken"),
    Shot("figures", "/inkorg/siffror/"),
    Shot("channels", "/kanaler/"),
    Shot("channels-narrow", "/kanaler/", NARROW),
]


def take(browser: Browser, shot: Shot, address: str, cookies: list[dict[str, object]], into: Path) -> Path:
    """Take one picture; returns its file. Raises playwright's errors when a page does not come."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        locale=shot.language,
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
        device_scale_factor=2 if shot.size == NARROW else 1,
    )
    context.add_cookies(cookies)  # type: ignore[arg-type]  # what Playwright itself gave us
    page: Page = context.new_page()
    page.goto(urljoin(address, shot.path), wait_until="load")
    if shot.click:
        page.locator(shot.click).first.click()
        page.wait_for_load_state("load")
    target = into / f"{shot.name}.png"
    page.screenshot(path=target)
    context.close()
    return target


def main() -> int:
    """Take all pictures, telling each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("link", help="a one-time login link")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent / "screenshots")
    parser.add_argument("--only", default="", help="names divided by commas")
    asked = parser.parse_args()
    only = set(filter(None, asked.only.split(",")))
    asked.into.mkdir(parents=True, exist_ok=True)
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.find(), args=flags)
        page = browser.new_page()
        page.goto(asked.link)
        if (button := page.locator("main form button[type=submit]")).count():
            button.first.click()  # the link asks for a press, so that a mail scanner does not use it up
            page.wait_for_load_state("load")
        cookies = [dict(cookie) for cookie in page.context.cookies()]
        if not any(cookie["name"] == "sessionid" for cookie in cookies):
            sys.stderr.write("The link did not log in. Each works once: take a new one.\n")
            return 1
        for shot in SHOTS:
            if not only or shot.name in only:
                sys.stdout.write(f"{take(browser, shot, asked.link, cookies, asked.into)}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
