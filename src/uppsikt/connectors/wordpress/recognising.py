"""From an address to a WordPress site: what it is called, where its API lies, and what it needs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from uppsikt import net
from uppsikt.connectors import answers, words
from uppsikt.connectors.base import Need, Permanent, Recognition, Trouble
from uppsikt.connectors.wordpress.api import Api

_API_LINK = re.compile(r"<([^<>]{1,2000})>\s*;\s*rel=\"?https://api\.w\.org/", re.IGNORECASE)
_API_TAG = re.compile(r"<link\b[^>]{0,200}https://api\.w\.org/[^>]{0,2000}>", re.IGNORECASE)
_HREF = re.compile(r"href=[\"']([^\"'>]{1,2000})")
LONGEST_HOME = 500
_TRACES = re.compile(rb"/wp-content/|/wp-includes/|content=[\"']WordPress ", re.IGNORECASE)


def recognise(address: str, client: net.Client) -> Recognition | None:
    """Say whether an address leads to a WordPress site, what it is called and what it needs.

    Any page of the site will do. None where it is no WordPress; Trouble where it cannot be
    reached, or is one whose API is shut off or answers with pages.
    """
    response = _first_page(address.strip(), client)
    if trouble := answers.by_status(response):
        raise trouble
    announced, traces = _announced(response), bool(_TRACES.search(response.body))
    asked, trouble = urlsplit(response.url), None
    for root in [announced] if announced else _guesses(response.url):
        if _host(root) != _host(response.url):
            raise Permanent("moved", to=net.public_url(root))
        api = Api(client, root)
        try:
            found = _index(api, f"{asked.scheme}://{asked.netloc}/")
        except Trouble as told:
            trouble = trouble or told
            continue
        if found:
            return found
    if trouble and (announced or traces):
        raise trouble
    return None


def _first_page(address: str, client: net.Client) -> net.Response:
    schemes = [""] if "://" in address else ["https://", "http://"]
    for scheme in schemes:
        try:
            return client.get(scheme + address)
        except net.NetError as error:
            if scheme != "https://" or error.code not in ("site_down", "certificate", "timeout"):
                raise answers.from_net(error) from error
    raise Permanent("bad_address")


def _announced(response: net.Response) -> str:
    """The root of the API as the site tells it, in a header or in the page."""
    if found := _API_LINK.search(response.headers.get("link", "")):
        return words.web_address(found.group(1), response.url)
    page = response.body[:500_000].decode("utf-8", "replace")
    if (tag := _API_TAG.search(page)) and (href := _HREF.search(tag.group(0))):
        return words.web_address(html.unescape(href.group(1)), response.url)
    return ""


def _guesses(url: str) -> Iterator[str]:
    """Where an API may lie that nobody announced: at the address, and at the folders above it."""
    parts = urlsplit(url)
    folders = [part for part in parts.path.split("/") if part and not part.endswith(".php")][:3]
    for depth in range(len(folders), -1, -1):
        base = f"{parts.scheme}://{parts.netloc}/{''.join(f'{one}/' for one in folders[:depth])}"
        yield base + "wp-json/"
        yield base + "?rest_route=/"


def _host(url: str) -> str:
    return (urlsplit(url).netloc or "").lower().removeprefix("www.")


def _index(api: Api, site: str) -> Recognition | None:
    answer = api.get("", {"_fields": "name,description,url,home,namespaces,authentication"})
    told = answer.data if isinstance(answer.data, Mapping) else {}
    spaces = told.get("namespaces")
    if not isinstance(spaces, list) or "wp/v2" not in spaces:
        return None
    offered = told.get("authentication")
    passwords = isinstance(offered, Mapping) and "application-passwords" in offered
    home = words.web_address(told.get("home"))
    home = home if home and len(home) <= LONGEST_HOME else site
    found = {
        "namespaces": ", ".join(str(one)[:60] for one in spaces[:12]),
        "application_passwords": "yes" if passwords else "no",
    }
    for kind in ("posts", "comments"):
        try:
            count = api.get(f"wp/v2/{kind}", {"per_page": 1, "_fields": "id"}).total
        except Trouble:
            count = None
        if count is not None:
            found[kind] = str(count)
    return Recognition(
        network="wordpress",
        name=answers.shown(str(told.get("name") or "")) or _host(site),
        address=home,
        settings={"api": api.root, "site": home},
        needs=(Need("username"), Need("application_password", secret=True)),
        found=found,
    )
