"""The proxy itself: one for each capture, on a port of loopback."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final
from urllib.parse import urlsplit

import h11

from uppsikt.capture.proxy.authority import Authority
from uppsikt.capture.proxy.door import Door
from uppsikt.capture.proxy.recorder import READ, Cut, Exchange, Recorder
from uppsikt.capture.proxy.upstream import LARGEST_HEAD, Upstream
from uppsikt.capture.proxy.wire import Plain, Secured, Wire
from uppsikt.net import NetError

TLS_BEGINS: Final = 0x16
Place = tuple[str, str, int]

# Between two neighbours only (RFC 9110 7.6.1), and what we decide ourselves.
HOP: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"proxy-authenticate", b"proxy-authorization", b"te"}
    | {b"trailer", b"transfer-encoding", b"upgrade"}
)
# What is kept must open with nothing but Python's own library, in thirty years too.
ENCODINGS: Final = b"gzip, deflate"

# Hosts that Chromium itself calls; no page is made of them.
PHONES_HOME: Final = frozenset(
    {
        "android.clients.google.com",
        "clients1.google.com",
        "clients2.google.com",
        "clients4.google.com",
        "clientservices.googleapis.com",
        "content-autofill.googleapis.com",
        "edgedl.me.gvt1.com",
        "optimizationguide-pa.googleapis.com",
        "passwordsleakcheck-pa.googleapis.com",
        "redirector.gvt1.com",
        "safebrowsing.googleapis.com",
        "sb-ssl.google.com",
        "update.googleapis.com",
    }
)
# It also opens a line to its search engine, and asks nothing. Pages are made of that host too, so it is not refused;
# only that it cannot be reached is no news of the page.
SEARCHES: Final = "www.google.com"


class Proxy:
    """Records what a browser fetches. `async with Proxy(…) as proxy: proxy.port`."""

    def __init__(self, authority: Authority, door: Door, recorder: Recorder) -> None:
        self.port = 0
        self.authority, self.door, self.recorder = authority, door, recorder
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        await self.cut("time")

    async def cut(self, why: str) -> None:
        """End every answer that is still coming; what has come of it is kept."""
        for exchange in self.recorder.exchanges:
            if exchange.open:
                exchange.cut = why
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._tasks.add(task)
        talk = Talk(self, Plain(reader, writer))
        try:
            # What the browser does to its end of the line is not our trouble.
            with contextlib.suppress(OSError, h11.ProtocolError, asyncio.CancelledError):
                await talk.begin()
        finally:
            talk.close()
            if task:
                self._tasks.discard(task)


class Talk:
    """One connection from the browser."""

    def __init__(self, proxy: Proxy, plain: Plain) -> None:
        self._proxy, self._recorder, self._plain = proxy, proxy.recorder, plain
        self._wire: Wire = plain
        self._http = _server_side()
        self._upstream: Upstream | None = None
        self._asked = False

    def close(self) -> None:
        """Close both ends."""
        self._wire.close()
        if self._upstream:
            self._upstream.close()

    async def begin(self) -> None:
        """A question in full, or the wish for a tunnel."""
        event = await self._next()
        if isinstance(event, h11.Request) and event.method == b"CONNECT":
            await self._tunnel(event.target.decode("ascii", "replace"))
        elif isinstance(event, h11.Request):
            await self._questions(event, None)

    async def _tunnel(self, target: str) -> None:
        """Answer as the server that the browser wants to speak to in private."""
        host, _, digits = target.rpartition(":")
        port = int(digits) if digits.isdigit() else 443
        if not await self._may_go("https", host, port):
            await self._wire.write(b"HTTP/1.1 403 Refused\r\nContent-Length: 0\r\n\r\n")
            return
        await self._wire.write(b"HTTP/1.1 200 OK\r\n\r\n")
        first = await self._plain.read()
        if not first or first[0] != TLS_BEGINS:  # an unencrypted WebSocket comes this way
            self._recorder.counts["websockets"] += bool(first)
            await self._wire.write(b"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        place = ("https", host, port)
        # Before we promise anything: what the server cannot prove, we do not vouch for.
        if await self._reach(place) is None:
            return
        secured = Secured(self._plain, self._proxy.authority.context(host.strip("[]")), first)
        await secured.shake_hands()
        self._wire, self._http = secured, _server_side()
        event = await self._next()
        if isinstance(event, h11.Request):
            await self._questions(event, place)

    async def _questions(self, request: h11.Request, place: Place | None) -> None:
        """Serve one question after the other for as long as both sides want."""
        while True:
            if not await self._question(request, place) or self._http.our_state is not h11.DONE:
                return
            self._http.start_next_cycle()
            event = await self._next()
            if not isinstance(event, h11.Request):
                return
            request = event

    async def _question(self, request: h11.Request, tunnel: Place | None) -> bool:
        """Serve one question; False when the connection is of no more use."""
        place, target = _where(request.target.decode("ascii", "replace"), tunnel)
        self._asked = True
        asked = request.headers.raw_items()
        if any(name.lower() == b"upgrade" for name, _ in asked):
            self._recorder.counts["websockets"] += 1
            return await self._say(501)
        if not tunnel and not await self._may_go(*place):
            return await self._say(502)
        sent = [(name, value) for name, value in asked if name.lower() not in HOP]
        sent = [(name, ENCODINGS if name.lower() == b"accept-encoding" else value) for name, value in sent]
        try:
            exchange = self._recorder.begin(
                url=_url(place, target), method=request.method.decode("ascii"), target=target, asked=sent
            )
        except Cut:
            return await self._say(503)
        try:
            return await self._answer(exchange, place)
        finally:
            self._recorder.end(exchange, "disconnect" if exchange.open and exchange.answered else "")

    async def _answer(self, exchange: Exchange, place: Place) -> bool:
        while isinstance(event := await self._next(), h11.Data):
            exchange.question.write(bytes(event.data))
        exchange.question.end()
        upstream, head = await self._ask(exchange, place)
        if upstream is None or head is None:
            return await self._say(502)
        exchange.address, exchange.status = upstream.address, head.status_code
        exchange.reason = bytes(head.reason).decode("latin-1")
        exchange.version = head.http_version.decode("ascii")
        exchange.headers = head.headers.raw_items()
        exchange.stream = exchange.header(b"content-type").startswith(b"text/event-stream")
        coming = asyncio.create_task(self._pull(exchange, upstream))
        try:
            whole = await self._push(exchange, head)
        except (OSError, h11.LocalProtocolError):
            whole = False  # the browser has enough; the record has not
        except asyncio.CancelledError:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
            raise
        try:
            await coming
        except asyncio.CancelledError:
            coming.cancel()
            raise
        return whole

    async def _ask(self, exchange: Exchange, place: Place) -> tuple[Upstream | None, h11.Response | None]:
        """Ask the server; once more where a line that was kept open turns out to be dead."""
        while True:
            upstream = await self._reach(place)
            if upstream is None:
                return None, None
            try:
                return upstream, await upstream.ask(exchange, exchange.asked)
            except NetError as error:
                again = not upstream.fresh and not exchange.question.size
                self._drop()
                if not again:
                    self._refuse(place, error.code)
                    return None, None

    async def _pull(self, exchange: Exchange, upstream: Upstream) -> None:
        """The server's answer onto the disk, at the server's pace."""
        cut = "disconnect"
        try:
            async for piece in upstream.body():
                self._recorder.took(exchange, piece)
            cut = ""
        except Cut as limit:
            cut = limit.why
            self._drop()
        except NetError:
            self._drop()
        finally:
            self._recorder.end(exchange, cut)

    async def _push(self, exchange: Exchange, head: h11.Response) -> bool:
        """The same from the disk to the browser, at the browser's pace; False when it could not have all."""
        # A length beside chunks is a mistake (RFC 9112 6.3), and the chunks are gone.
        dropped = HOP | {b"content-length"} if exchange.header(b"transfer-encoding") else HOP
        kept = [(name, value) for name, value in exchange.headers if name.lower() not in dropped]
        await self._send(h11.Response(status_code=head.status_code, headers=kept, reason=head.reason))
        position = 0
        while True:
            if position < exchange.body.size:
                with exchange.body.open() as file:
                    file.seek(position)
                    while piece := file.read(READ):
                        position += len(piece)
                        await self._send(h11.Data(data=piece))
            elif exchange.body.ended:
                break
            else:
                await exchange.body.more()
        if exchange.cut:
            return False  # without an end, so that the browser knows too
        await self._send(h11.EndOfMessage())
        return True

    async def _reach(self, place: Place) -> Upstream | None:
        if self._upstream and self._upstream.usable(place):
            return self._upstream
        self._drop()
        made = Upstream(place)
        try:
            await made.open(self._proxy.door)
        except NetError as error:
            self._refuse(place, error.code)
            return None
        self._upstream = made
        return made

    def _drop(self) -> None:
        if self._upstream:
            self._upstream.close()
            self._upstream = None

    async def _may_go(self, scheme: str, host: str, port: int) -> bool:
        """Whether the address may be gone to; what the browser wants for itself is refused without a word."""
        if host.lower() in PHONES_HOME:
            return False
        try:
            await self._proxy.door.check(host, port)
        except NetError as error:
            self._refuse((scheme, host, port), error.code)
            return False
        return True

    def _refuse(self, place: Place, code: str) -> None:
        if place[1].lower() != SEARCHES or self._asked:
            self._recorder.refuse(origin(*place), code)

    async def _say(self, status: int) -> bool:
        """An answer of our own, which is not recorded."""
        if self._http.our_state is not h11.SEND_RESPONSE:
            return False
        await self._send(h11.Response(status_code=status, headers=[("Content-Length", "0"), ("Connection", "close")]))
        await self._send(h11.EndOfMessage())
        return False

    async def _send(self, event: h11.Event) -> None:
        if data := self._http.send(event):
            await self._wire.write(data)

    async def _next(self) -> object:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            self._http.receive_data(await self._wire.read())


def _server_side() -> h11.Connection:
    return h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEAD)


def _where(target: str, tunnel: Place | None) -> tuple[Place, str]:
    """The server and the path that a question is for. Raises h11.RemoteProtocolError for what cannot be read."""
    if tunnel:
        return tunnel, target
    try:
        parts = urlsplit(target)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme != "http" or not host:
        raise h11.RemoteProtocolError("not an absolute address")
    path = target.split("://", 1)[1]
    slash = min((path.find(sign) for sign in "/?" if sign in path), default=-1)
    rest = path[slash:] if slash >= 0 else "/"
    return ("http", f"[{host}]" if ":" in host else host, port or 80), rest if rest.startswith("/") else f"/{rest}"


def origin(scheme: str, host: str, port: int) -> str:
    """As the recorder names a server that was not reached."""
    return f"{scheme}://{host.lower()}:{port}"


def _url(place: Place, target: str) -> str:
    scheme, host, port = place
    usual = port == (443 if scheme == "https" else 80)
    return f"{scheme}://{host}{'' if usual else f':{port}'}{target}"
