"""What can go wrong when a page is captured: one exception, few codes."""

from __future__ import annotations

from typing import Final

# The code, and whether it is worth trying again.
CODES: Final[dict[str, bool]] = {
    "bad_address": False,  # not an http(s) address that can be read
    "refused_address": False,  # the address, or one it led to, lies in a private network
    "not_found": False,  # the page is not there: 404 or 410
    "login_wall": False,  # the page is shown only to who has logged in
    "download": False,  # a file came instead of a page
    "certificate": False,  # the page's TLS certificate could not be trusted
    "too_large": False,  # nothing could be shown within the limit on bytes
    "no_browser": True,  # no Chromium on this machine, or it does not start
    "unreachable": True,  # no such name, refused, reset, or the server said 5xx
    "too_slow": True,  # the limits on time ran out before there was anything to keep
    "browser_died": True,  # the browser ended, or its page crashed
    "broken_answer": True,  # the bytes break HTTP
}


class CaptureFailed(Exception):
    """A capture that kept nothing.

    `retryable` says whether it is worth trying again later. `facts` are short strings that are safe to show and to
    log: never userinfo, query strings or header values.
    """

    def __init__(self, code: str, **facts: str) -> None:
        """Raises ValueError for a code that is not in CODES."""
        if code not in CODES:
            raise ValueError(f"unknown capture error code {code!r}")
        super().__init__(code)
        self.code = code
        self.retryable = CODES[code]
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in sorted(self.facts.items()))
        return f"{self.code} ({told})" if told else self.code
