"""A site that speaks WordPress's REST API, remembers what it is told, and says what no WordPress would."""

from __future__ import annotations

import functools
import json
import re
import socket
import time
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from servers.hostile_server import Answer, Asked, HostileServer, plain

ME = {"id": 1, "name": "redaktion", "capabilities": {"moderate_comments": True, "publish_posts": True}}
MIB = 1024 * 1024


def comment(number: int, text: str = "Hej", **fields: Any) -> dict[str, Any]:
    """A comment as WordPress gives it to somebody who may moderate."""
    return {
        "id": number, "post": 4, "parent": 0, "author": 0, "author_name": f"Gäst {number}", "author_url": "",
        "status": "approved", "date_gmt": "2026-11-12T08:00:00", "link": f"https://almby.example/#comment-{number}",
        "content": {"rendered": f"<p>{text}</p>", "raw": text}, "author_avatar_urls": {},
    } | fields  # fmt: skip


def post(number: int, title: str = "Hej", **fields: Any) -> dict[str, Any]:
    """A post."""
    return {
        "id": number, "author": 1, "status": "publish", "comment_status": "open", "date_gmt": "2026-11-12T07:00:00",
        "modified_gmt": "2026-11-12T07:00:00", "link": f"https://almby.example/?p={number}",
        "title": {"rendered": title}, "content": {"rendered": "<p>Hej</p>"},
    } | fields  # fmt: skip


@dataclass
class OddWordPress:
    """The site. `lists` hold items as dicts, or as (number, bytes) for what JSON's writer would not write.

    `wrong` puts an answer in the place of a list ("comments"), of the first page ("") or of the API's root ("wp-json").
    `headers` are sent with every answer.
    """

    name: str = "Almby kommuns blogg"
    lists: dict[str, list[Any]] = field(default_factory=lambda: {"posts": [post(4)], "pages": [], "comments": []})
    wrong: dict[str, Answer | bytes] = field(default_factory=dict)
    headers: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = HostileServer(fallback=self._answer)

    @property
    def host(self) -> str:
        """`host:port`."""
        return self.server.host

    @property
    def url(self) -> str:
        """The front page."""
        return self.server.url + "/"

    @property
    def settings(self) -> dict[str, str]:
        """What a channel's connector needs to know of it."""
        return {"api": f"{self.url}wp-json/", "site": self.url}

    def _answer(self, asked: Asked, connection: socket.socket) -> None:
        parts = urlsplit(asked.target)
        where = parts.path.strip("/").removeprefix("wp-json/wp/v2/")
        if (wrong := self.wrong.get(where)) is not None:
            if isinstance(wrong, bytes):
                connection.sendall(wrong)
            else:
                wrong(asked, connection)
            return
        status, body, total = self._found(where, parse_qs(parts.query))
        kind = "application/json; charset=UTF-8" if where else "text/html"
        answer = plain(status, body, Content_Type=kind, Link=f'<{self.url}wp-json/>; rel="https://api.w.org/"', **total)
        head, _, rest = answer.partition(b"\r\n")
        connection.sendall(head + b"\r\n" + b"".join(line + b"\r\n" for line in self.headers) + rest)

    def _found(self, where: str, query: dict[str, list[str]]) -> tuple[str, bytes, dict[str, str]]:
        if where in self.lists:
            rows = sorted((_row(one) for one in self.lists[where]), key=lambda row: row[0])
            if include := query.get("include"):
                wanted = {int(number) for number in include[0].split(",")}
                rows = [row for row in rows if row[0] in wanted]
            begin, size = int(query.get("offset", ["0"])[0]), int(query.get("per_page", ["10"])[0])
            total = {"X_WP_Total": str(len(rows))}
            return "200 OK", b"[" + b",".join(body for _, body in rows[begin : begin + size]) + b"]", total
        if single := re.fullmatch("(comments|posts|pages)/([0-9]+)", where):
            for number, body in map(_row, self.lists[single[1]]):
                if number == int(single[2]):
                    return "200 OK", body, {}
            return "404 Not Found", b'{"code":"rest_comment_invalid_id","message":"x"}', {}
        index = {
            "name": self.name, "description": self.name, "home": self.url.rstrip("/"), "url": self.url,
            "namespaces": ["wp/v2"], "authentication": {"application-passwords": {}},
        }  # fmt: skip
        known = {"users/me": ME, "users": [], "wp-json": index}
        if where in known:
            return "200 OK", json.dumps(known[where]).encode(), {}
        return ("404 Not Found" if where else "200 OK"), b"<!doctype html><title>Blogg</title>", {}


def _row(one: Any) -> tuple[int, bytes]:
    if isinstance(one, tuple):
        return one
    number = one.get("id") if isinstance(one, dict) else None
    return (number if isinstance(number, int) else 0), json.dumps(one).encode()


# -- answers that are no answers ------------------------------------------------

_OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"


def flood(asked: Asked, connection: socket.socket) -> None:
    """200 MB that nobody announced."""
    connection.sendall(_OPEN + b'\r\n["')
    for _ in range(200):
        connection.sendall(b"x" * MIB)


def announced_flood(asked: Asked, connection: socket.socket) -> None:
    """200 MB, announced."""
    connection.sendall(_OPEN + f"Content-Length: {200 * MIB}\r\n\r\n".encode() + b"x" * MIB)


@functools.cache
def packed() -> bytes:
    """200 MB of blanks as gzip has them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([packer.compress(b" " * MIB) for _ in range(200)] + [packer.flush()])


def packed_flood(asked: Asked, connection: socket.socket) -> None:
    """200 MB, packed into a few hundred kilobytes."""
    body = packed()
    head = _OPEN + f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    connection.sendall(head + body)


def drip(asked: Asked, connection: socket.socket) -> None:
    """A byte now and then, for ever."""
    connection.sendall(_OPEN + b"\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.1)


def silence(asked: Asked, connection: socket.socket) -> None:
    """The connection is closed without a word."""
    connection.close()


def cut_off(asked: Asked, connection: socket.socket) -> None:
    """Less than was announced."""
    connection.sendall(_OPEN + b'Content-Length: 1000\r\n\r\n[{"id":1')
