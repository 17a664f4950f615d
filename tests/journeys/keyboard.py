"""A keyboard that counts: each key that is pressed, and the letters that are written, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Error, Page

# The element that has the focus, where it cannot be seen that it has. The page itself (nothing chosen yet) is no loss.
LOST = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement || at.id === "main") return "";
  const look = getComputedStyle(at), box = at.getBoundingClientRect();
  const marked = look.outlineStyle !== "none" || look.boxShadow !== "none";
  const seen = at.checkVisibility() && box.width > 0 && box.height > 0;
  return marked && seen ? "" : at.outerHTML.slice(0, 160);
}"""


@dataclass
class Keyboard:
    """Presses keys on a page, counts them, and looks after each that the focus can be seen."""

    page: Page
    pressed: int = 0
    written: int = 0
    spent: dict[str, int] = field(default_factory=dict)

    def press(self, *keys: str) -> None:
        """Press keys one after another; a combination counts as one."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1
            lost = self.lost()
            assert not lost, f"after {key} nobody sees where the focus is: {lost}"

    def lost(self) -> str:
        """What has the focus without showing it, or "" where all is well, or another page is on its way."""
        try:
            return str(self.page.evaluate(LOST))
        except Error as error:
            if "navigation" not in error.message:
                raise
            return ""

    def write(self, text: str) -> None:
        """Write a text."""
        self.page.keyboard.type(text)
        self.written += len(text)

    @contextmanager
    def within(self, most: int, what: str) -> Iterator[None]:
        """What happens inside takes at most so many keys, letters not counted."""
        before = self.pressed
        yield
        self.spent[what] = self.pressed - before
        assert self.spent[what] <= most, f"{what} took {self.spent[what]} keys of {most}"
