"""What the network answers when it cannot do as asked."""

from __future__ import annotations


class Refusal(Exception):
    """Becomes an HTTP answer: status, a code for programs, words for people, and headers."""

    def __init__(self, status: int, code: str, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status = status
        self.code = code
        self.words = words
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
