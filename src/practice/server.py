"""The wire: a threaded server from the standard library, on the loopback address only."""

from __future__ import annotations

import logging
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from practice import app
from practice.errors import Refusal
from practice.stage import Stage
from practice.web import Request, Response, refused

LOG = logging.getLogger("practice")
LARGEST_BODY = 1_000_000
TICK = 0.5
HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9a-fA-F:]{2,45}\](:[0-9]{1,5})?")


class Server(ThreadingHTTPServer):
    """Answers requests on 127.0.0.1, each in a thread of its own."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, stage: Stage, *, quiet: bool) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.stage = stage
        self.quiet = quiet
        self._over = threading.Event()

    @property
    def address(self) -> str:
        """Where it can be reached, such as http://127.0.0.1:8100."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def live(self) -> None:
        """Let the people live until the server closes; run in a thread of its own."""
        while not self._over.wait(TICK):
            try:
                self.stage.live.catch_up()
            except Exception:  # the people's loop must outlive one bad moment; the log has the cause
                LOG.exception("the people stumbled")

    def server_close(self) -> None:
        """Stop the people, and the listening."""
        self._over.set()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Ovningsnatet/1"
    sys_version = ""
    timeout = 30
    disable_nagle_algorithm = True
    server: Server

    def _any(self) -> None:
        try:
            response = app.answer(self.server.stage, self._request())
        except Refusal as refusal:
            self.close_connection = True
            response = refused(refusal)
        self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - names the library calls

    def _request(self) -> Request:
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not length.isdecimal() or int(length) > LARGEST_BODY:
            raise Refusal(413, "too_large", "Skicka högst en megabyte, med Content-Length.")
        body = self.rfile.read(int(length))
        parts = urlsplit(self.path)
        host = self.headers.get("Host", "")
        return Request(
            method="GET" if self.command == "HEAD" else self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            base=f"http://{host}" if HOST.fullmatch(host) else self.server.address,
        )

    def _send(self, response: Response) -> None:
        if response.drop:
            self.close_connection = True
            return
        self.send_response(response.status)
        if response.status not in (204, 304):
            self.send_header("Content-Type", response.kind)
            self.send_header("Content-Length", str(len(response.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in response.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD" or response.status in (204, 304):
            return
        if response.drip:
            for byte in response.body:
                self.wfile.write(bytes([byte]))
                time.sleep(response.drip)
        else:
            self.wfile.write(response.body)

    def handle(self) -> None:
        """Serve one connection; a client that goes away is nothing to tell of."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Write a line for each request, unless quiet."""
        if not self.server.quiet:
            LOG.info("%s %s", self.log_date_time_string(), format % args)
