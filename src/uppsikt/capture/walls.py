"""Is this the page that was asked for, or a door with a lock?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

SHORT: Final = 1500  # signs of text under which a page with a password field is nothing but a door
UNAUTHORISED: Final = frozenset({401, 403, 407})

_PATH: Final = re.compile(
    r"(?:^|[/._-])(?:log-?in|sign-?in|logga-?in|inloggning|auth|checkpoint|wp-login|accounts?/login|oauth\d?|saml2?|sso)"
    r"(?:$|[/._?-])",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(
    r"logga in för att (?:fortsätta|se|läsa)|du måste (?:vara inloggad|logga in)|log ?in to (?:continue|see|view)"
    r"|log into (?:facebook|instagram)|sign in to (?:continue|see|view)|you must (?:be logged|log|sign) in"
    r"|sign up to see|den här sidan är inte tillgänglig just nu|this (?:page|content) isn't available",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Landed:
    """What was found where a page was asked for. `password`: a field for one is to be seen."""

    asked: str
    url: str
    status: int
    text: str
    password: bool
    recognised: bool = False


def wall(page: Landed) -> str:
    """Why the page is a login wall ("status", "redirect", "form", "words"), or nothing when it is not.

    A page on which something was found that was looked for is none, whatever stands beside it: many pages have a
    field for logging in.
    """
    if page.status in UNAUTHORISED:
        return "status"
    if page.recognised:
        return ""
    short = len(page.text) < SHORT
    if _led_to_login(page.asked, page.url) and (page.password or short):
        return "redirect"
    if page.password and short:
        return "form"
    return "words" if short and _WORDS.search(page.text) else ""


def _led_to_login(asked: str, url: str) -> bool:
    before, after = urlsplit(asked), urlsplit(url)
    if (before.netloc, before.path) == (after.netloc, after.path):
        return False
    return bool(_PATH.search(after.path)) and not _PATH.search(before.path)
