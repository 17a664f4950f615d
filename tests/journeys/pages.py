"""Every page that axe must pass. A room that gets a page adds a line; a test sees to it that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class Page:
    """A page: `url_name`, the role of the one who opens it (None: nobody is logged in), and `args` of its address.

    `make` builds what the page shows and returns the address's arguments (called inside the test's database).
    """

    url_name: str
    role: str | None = "administrator"
    make: Callable[[], tuple[Any, ...]] = tuple

    def address(self) -> str:
        """The page's path; builds what it shows."""
        return reverse(self.url_name, args=self.make())


PAGES: list[Page] = [
    Page("ui:style"),
    Page("ui:appearance"),
    Page("account_login", role=None),
    Page("account_logout"),
    Page("login_link", role=None),
]
