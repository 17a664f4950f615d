"""Addresses as the index of a web archive sorts them: `se,exempel)/nyheter?a=1&b=2`.

Players look an address up by the key that they make of it themselves, so the rules here are theirs, oddities
included: letters are made small, `www.` goes, parameters are sorted, session numbers go.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

PORTS = {"http": "80", "https": "443"}
# Signs that stand for themselves in a key, once everything has been unquoted.
PLAIN = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_WWW = re.compile(r"www\d*\.")
_SESSIONS = tuple(
    re.compile(rf"^(.*)(?:{one})(?:&(.*))?$")
    for one in (
        "jsessionid=[0-9a-z]{32}",
        "phpsessid=[0-9a-z]{32}",
        "sid=[0-9a-z]{32}",
        "aspsessionid[a-z]{8}=[a-z]{24}",
        "cfid=[^&]+&cftoken=[^&]+",
    )
)


def key(url: str) -> str:
    """The address's place in the index. What is no web address stands as it is."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in PORTS or not parts.hostname:
        return url
    host = host_of(parts.hostname)
    if port and str(port) != PORTS[parts.scheme.lower()]:
        host += f":{port}"
    return f"{host}){path_of(parts.path)}{query_of(parts.query)}"


def host_of(name: str) -> str:
    """A host, its parts the other way round."""
    try:
        name = name.encode("ascii").decode()
    except UnicodeEncodeError:
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            name = quote(name)
    name = _WWW.sub("", name.lower().strip("."), count=1) if _WWW.match(name.lower()) else name.lower().strip(".")
    return ",".join(reversed(name.split(".")))


def settled(text: str) -> str:
    """Quoted once and no more, however often it was quoted before; small letters."""
    before, now = None, text.encode("utf-8", "surrogatepass")
    while before != now:
        before, now = now, unquote_to_bytes(now)
    return quote(now, safe=PLAIN).lower()


def path_of(path: str) -> str:
    """A path without doubled strokes, steps up, or a stroke at its end."""
    kept: list[str] = []
    for part in settled(path).split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in ("", "."):
            kept.append(part)
    return "/" + "/".join(kept)


def query_of(query: str) -> str:
    """What is asked for, in the order of the letters, without session numbers."""
    asked = settled(query)
    for pattern in _SESSIONS:
        if found := pattern.match(asked):
            asked = found[1] + (found[2] or "")
    return "?" + "&".join(sorted(asked.split("&"))) if asked else ""
