"""A loopback server that answers whatever bytes a test wants, as slowly or endlessly as it wants."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came in: header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path without its query."""
        return urlsplit(self.target).path


Answer = Callable[[Asked, socket.socket], None]
TLS_HELLO = b"\x16"


def plain(status: str, body: bytes = b"", **headers: str) -> bytes:
    """A well-formed answer that closes the connection. Header names: `_` stands for `-`."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@dataclass
class HostileServer:
    """Listens on a loopback port until closed; `answers` maps a path to what is done with the socket."""

    answers: dict[str, Answer | bytes] = field(default_factory=dict)
    fallback: Answer | bytes = field(default_factory=lambda: plain("404 Not Found"))
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            block_on_close = False

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that hangs up on us is what these tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    @property
    def host(self) -> str:
        """`host:port`, as an allow-list wants it."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The root, without a slash at its end."""
        return f"http://{self.host}"

    def _serve(self, connection: socket.socket) -> None:
        if connection.recv(1, socket.MSG_PEEK) == TLS_HELLO:
            # As web servers do on a port without TLS, rather than wait for a line that never ends.
            connection.sendall(plain("400 Bad Request"))
            return
        stream = connection.makefile("rb")
        while (asked := _read(stream)) is not None:
            self.asked.append(asked)
            answer = self.answers.get(asked.path, self.fallback)
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(asked, connection)
            if not isinstance(answer, bytes) or b"Connection: close" in answer:
                return

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(stream: object) -> Asked | None:
    first = stream.readline().decode("latin-1").split()  # type: ignore[attr-defined]
    if len(first) < 2:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().decode("latin-1").strip():  # type: ignore[attr-defined]
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))  # type: ignore[attr-defined]
    return Asked(first[0], first[1], headers, body)
