"""The one error that a person can mend."""

from __future__ import annotations


class Refused(Exception):
    """An action that may not be done now. `words` says, in the reader's language, what to do instead.

    `code` is for tests and programs; nothing has been changed when it is raised.
    """

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = str(words)

    def __str__(self) -> str:
        return self.words
