"""From a link to the account that it leads to: each network writes an account's address in many ways. Plain Python.

What leads to a single post, a film, a button for sharing or a search leads to no account.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from uppsikt.policy import networks

LONGEST = 500
# A name of so many letters is part of no other word; one of fewer than `SHORTEST` is no name to go by.
DISTINCT, SHORTEST = 6, 3
# Where the words of an account's name part: at signs, figures, and where small letters turn into large ones.
WORDS = re.compile(r"[\W_\d]+|(?<=[a-zåäö])(?=[A-ZÅÄÖ])")
OFFICIAL = re.compile(r"\b(kommun|stad|kommuns?)\b")
# Names of a network's own pages, which no account bears.
RESERVED = frozenset(
    """about accounts ads app apps browse business channel company compose dialog directory docs download events
    explore feed feeds followers following games gaming hashtag help home i in intent jobs l.php legal login logout
    marketplace messages notes notifications oauth p permalink.php photo photo.php photos pin play playlist plugins
    posts premium press privacy profile.php r reel reels results search search-advanced settings share share.php
    sharearticle sharer sharer.php shorts signup status stories story.php support tag terms topics tv tr user videos
    watch web widgets""".split()  # noqa: SIM905 words read best as words
)
NAME = r"[\w.\-·]{1,100}"
# What an account's path may look like on a network, and the address that it comes to; the first that fits is taken.
PATHS: dict[str, tuple[tuple[str, str], ...]] = {
    "facebook": (
        (r"(?:pages|people|p)/[^/]+/(\d{5,})", "https://www.facebook.com/profile.php?id={0}"),
        (r"p/[^/]*?-?(\d{8,})", "https://www.facebook.com/profile.php?id={0}"),
        (rf"groups/({NAME})", "https://www.facebook.com/groups/{0}"),
        (rf"({NAME})", "https://www.facebook.com/{0}"),
    ),
    "instagram": ((rf"({NAME})", "https://www.instagram.com/{0}/"),),
    "threads": ((rf"@({NAME})", "https://www.threads.net/@{0}"),),
    "linkedin": ((rf"(company|school|showcase)/({NAME})", "https://www.linkedin.com/{0}/{1}/"),),
    "x": ((r"@?(\w{1,15})", "https://x.com/{0}"),),
    "youtube": (
        (rf"@({NAME})", "https://www.youtube.com/@{0}"),
        (r"channel/(UC[\w-]{10,40})", "https://www.youtube.com/channel/{0}"),
        (rf"(c|user)/({NAME})", "https://www.youtube.com/{0}/{1}"),
        (rf"({NAME})", "https://www.youtube.com/c/{0}"),
    ),
    "tiktok": ((rf"@({NAME})", "https://www.tiktok.com/@{0}"),),
    "snapchat": ((rf"(?:add/|@)({NAME})", "https://www.snapchat.com/add/{0}"),),
    "pinterest": ((rf"({NAME})", "https://www.pinterest.com/{0}/"),),
    "flickr": ((r"(?:photos|people)/([\w.@\-]{1,100})", "https://www.flickr.com/photos/{0}/"),),
    "bluesky": ((r"profile/([\w.:\-]{1,200})", "https://bsky.app/profile/{0}"),),
    "vimeo": ((r"(?!\d+$)([\w\-]{1,100})", "https://vimeo.com/{0}"),),
    "podcast": (),
    "mastodon": ((r"@([\w.\-]{1,100})", ""),),
}
# A network's hosts for short links: only the network knows where they lead.
SHORT = frozenset({"youtu.be", "fb.me", "t.co", "lnkd.in", "pin.it", "flic.kr"})
# On these, large and small letters are the same; identifiers are left as they are.
EXACT = re.compile(r"UC[\w-]{10,40}|did:.*")
# An account's own page may have more behind it: "…/posts", "…/about".
TABS = frozenset(
    """about community events featured live mentions photos playlists posts reviews services shorts streams
    videos""".split()  # noqa: SIM905 words read best as words
)
PODCASTS = (
    ("podcasts.apple.com", re.compile(r".*/?id(\d{4,})"), "https://podcasts.apple.com/podcast/id{0}"),
    ("open.spotify.com", re.compile(r"(?:.+/)?show/(\w{10,40})"), "https://open.spotify.com/show/{0}"),
    ("soundcloud.com", re.compile(rf"({NAME})"), "https://soundcloud.com/{0}"),
    ("acast.com", re.compile(rf"(?:s/)?({NAME})"), "https://shows.acast.com/{0}"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its network's code (`policy.networks`), its address in one form, and its name there."""

    network: str
    address: str
    handle: str


def account(link: str, *, mine: bool = False) -> Account | None:
    """The account that a link leads to, or None. `mine` says that the page calls the account its own (rel="me"): then
    a Mastodon server may have any name."""
    if len(link) > LONGEST:
        return None
    try:
        parts = urlsplit(unwrapped(link.strip()))
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or host in SHORT:
        return None
    known = networks.by_host(host)
    path = unquote(parts.path).strip("/")
    if known is None or known.code == "mastodon":
        return mastodon(host, path) if mine or known else None
    if known.code == "podcast":
        return podcast(host, path)
    return numbered(parts.query) if path.lower() == "profile.php" else of_path(known.code, path)


def numbered(query: str) -> Account | None:
    """An account on Facebook that has a number and no name."""
    number = parse_qs(query).get("id", [""])[0]
    address = f"https://www.facebook.com/profile.php?id={number}"
    return Account("facebook", address, number) if number.isdigit() else None


def unwrapped(link: str) -> str:
    """The address inside a network's own way out ("l.facebook.com/l.php?u=…"); the link itself where it is none."""
    parts = urlsplit(link)
    if parts.path in {"/l.php", "/redirect"}:
        inner = parse_qs(parts.query)
        return (inner.get("u") or inner.get("q") or [link])[0]
    return link


def of_path(network: str, path: str) -> Account | None:
    """The account that a path on a network leads to."""
    pieces = path.split("/")
    if len(pieces) > 1 and pieces[-1].lower() in TABS:
        path = "/".join(pieces[:-1])
    for pattern, made in PATHS.get(network, ()):
        found = re.fullmatch(pattern, path)
        if found is None:
            continue
        names = [name if EXACT.fullmatch(name) else name.lower() for name in found.groups()]
        if names[0] in RESERVED and len(names) == 1:
            return None
        return Account(network, made.format(*names), found.groups()[-1])
    return None


def mastodon(host: str, path: str) -> Account | None:
    """An account on a Mastodon server."""
    found = re.fullmatch(r"(?:users/|@)([\w.\-]{1,100})", path)
    if found is None:
        return None
    return Account("mastodon", f"https://{host}/@{found[1].lower()}", f"@{found[1]}@{host}")


def podcast(host: str, path: str) -> Account | None:
    """A programme of a podcast."""
    for known, pattern, made in PODCASTS:
        if host == known or host.endswith(f".{known}"):
            found = pattern.fullmatch(path)
            if found is None or found[1].lower() in RESERVED:
                return None
            return Account("podcast", made.format(found[1]), found[1])
    return None


def same(address: str) -> str:
    """An address as it is compared: an account's own form where it is one, else without what browsers add."""
    found = account(address)
    if found is not None:
        return found.address
    try:
        parts = urlsplit(address.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        # What no browser opens is like itself alone.
        return address.strip()
    host = (parts.hostname or "").lower().removeprefix("www.")
    return f"{host}{port}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def folded(name: str) -> str:
    """A name's letters alone, without marks: "Älvsta kommun" and "alvsta_kommun" are one."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def uses_name(handle: str, names: Iterable[str]) -> bool:
    """Whether an account's name says that it is one of these: the municipality, with or without "kommun".

    A short name must stand by itself or before "kommun": people are called Lundberg, and are not Lunds kommun.
    """
    asked = folded(handle)
    words = {folded(word) for word in WORDS.split(handle)}
    for name in names:
        whole, short = folded(name), folded(OFFICIAL.sub(" ", name.casefold()))
        if whole != short and whole in asked:
            return True
        # "Lunds kommun" is about Lund.
        places = {short, short.removesuffix("s")} if whole != short else {short}
        if any(
            (len(place) >= DISTINCT and place in asked)
            or (len(place) >= SHORTEST and (place in words or re.search(rf"{place}s?(kommun|stad)", asked)))
            for place in places
        ):
            return True
    return False
