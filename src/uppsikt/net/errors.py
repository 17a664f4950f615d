"""What can go wrong on the way to another machine: one exception, few codes."""

from __future__ import annotations

from typing import Final

CODES: Final = frozenset(
    {
        "bad_address",  # not an http(s) address that can be read
        "site_down",  # no such name, refused, reset, or nobody answers
        "timeout",  # one step (connecting, a read, a write) took too long
        "too_slow",  # the whole took too long, however lively each step was
        "too_large",  # more bytes than we take, counted after unpacking
        "too_many_redirects",
        "unsafe_redirect",  # from https to http, to another scheme, or of something that was being sent
        "private_address",  # the name leads into a private network
        "certificate",  # TLS could not be trusted or not be set up
        "broken_answer",  # the bytes break HTTP: cut off, badly chunked, badly packed
        "insecure",  # a password was about to travel unencrypted
    }
)


class NetError(Exception):
    """A request that gave no answer.

    `sent` is True when the other side may have read the whole request, so that whoever
    publishes something knows that he cannot know. `facts` are short strings that are safe
    to show and to log: never userinfo, query strings or header values.
    """

    def __init__(self, code: str, *, sent: bool = False, **facts: str) -> None:
        if code not in CODES:
            raise ValueError(f"unknown network error code {code!r}")
        super().__init__(code)
        self.code = code
        self.sent = sent
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in sorted(self.facts.items()))
        return f"{self.code} ({told})" if told else self.code
