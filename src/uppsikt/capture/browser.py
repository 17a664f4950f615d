"""Finds a browser: named by setting, on PATH, Playwright's own, in that order."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SETTING = "UPPSIKT_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium, or None."""
    named = os.environ.get(SETTING)
    if named:
        return named if os.access(named, os.X_OK) else None
    for name in NAMES:
        if found := shutil.which(name):
            return found
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    inside = ("chrome-linux/chrome", "chrome-linux64/chrome", "chrome-mac/Chromium.app/Contents/MacOS/Chromium")
    found_own = sorted(path for part in inside for path in cache.glob(f"chromium-*/{part}"))
    return str(found_own[-1]) if found_own else None
