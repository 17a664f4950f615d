"""Libraries that are heavy to load and used by few: each program begins without them, and loads one when it is used.

Every worker, web server and command loads all rooms. Spreadsheets and the measuring of pictures alone were a third of
the second or two that took. For libraries of others only: what rooms import of each other stands plainly at the top of
a file, where the contract of floors sees it.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any


class WhenUsed(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


def when_used(name: str) -> Any:
    """The module of that name, loaded when something of it is first used; a wrong name is known only then."""
    return WhenUsed(name)
