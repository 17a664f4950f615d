"""From an item to its page: what the capture is told to look for, and what it brings back as a proof's sort."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from uppsikt.capture.errors import CaptureFailed
from uppsikt.connectors.base import RawResponse as Answer
from uppsikt.moderation.models import Evidence


def open_page(row: Evidence, folder: Path, asked: Answer | None, drawn: str) -> dict[str, Any]:
    """Capture the item's page into the folder; how much it came to. Raises CaptureFailed."""
    del row, folder, asked, drawn
    raise CaptureFailed("bad_address")


def draw(drawn: str, folder: Path) -> None:
    """Lay the drawn card in the folder, as a page and, where a browser is at hand, as a picture."""
    (folder / "card.html").write_text(drawn, encoding="utf-8")
