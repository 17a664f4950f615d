"""The shortcuts, said once: the list that `?` shows is made from them, and the browser acts on that list and no other.

Rooms above register theirs, as they do with the menu. A key that stands in no list does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Every page has these; the others belong to the pages that show them by `{% shortcuts "case" %}`.
EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Key:
    """One shortcut. `keys` is what is pressed, as the browser says it ("r", "Shift+J", "$mod+k").

    `act` names what the page's script does; without one, the element with `data-key` of that key is used. A key that
    is `fixed` works while somebody writes and when single keys are switched off; it needs no act of ours to be heard.
    """

    keys: tuple[str, ...]
    words: str | Promise
    act: str = ""
    fixed: bool = False

    @property
    def shown(self) -> list[list[str]]:
        """What stands on the keys, for the eye: each combination as its parts."""
        return [[NAMES.get(part, part) for part in key.split("+")] for key in self.keys if key not in TWINS]


NAMES = {"$mod": "Ctrl", "Escape": "Esc", "k": "K", "Shift": "Shift"}
# The same key as another keyboard sends it.
TWINS = {"Shift+?", "Shift+/"}

_lists: dict[str, tuple[Key, ...]] = {}


def register(place: str, keys: Iterable[Key]) -> None:
    """Tell which shortcuts a sort of page has. Raises ValueError where one key would mean two things there."""
    listed = tuple(keys)
    taken: set[str] = (
        {key for each in _lists.get(EVERYWHERE, ()) for key in each.keys} if place != EVERYWHERE else set()
    )
    for each in listed:
        for key in each.keys:
            if key in taken:
                raise ValueError(f"{key} means two things on {place}")
            taken.add(key)
    _lists[place] = listed


def of(place: str) -> tuple[Key, ...]:
    """The shortcuts of a sort of page, in the order in which they are shown."""
    return _lists[place]


register(
    EVERYWHERE,
    (
        Key(
            ("$mod+k",),
            _("Gå till eller gör något: sök bland sidor, kanaler, ärenden och personer"),
            "palette",
            fixed=True,
        ),
        Key(("/", "Shift+/"), _("Sök i alla handlingar"), "search"),
        Key(("j",), _("Nästa i listan"), "down"),
        Key(("k",), _("Föregående i listan"), "up"),
        Key(("Enter",), _("Öppna"), fixed=True),
        Key(("$mod+Enter",), _("Skicka det du skriver"), "send", fixed=True),
        Key(("Escape",), _("Lämna textfältet, eller stäng rutan"), "leave", fixed=True),
        Key(("?", "Shift+?"), _("Visa den här listan"), "help"),
    ),
)
# What the page that shows the look has to try keys on.
register("style", (Key(("r",), _("Skriv svar")), Key(("e",), _("Avsluta"))))
