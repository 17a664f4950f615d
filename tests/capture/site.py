"""A server of pages that are hard to capture, on loopback."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

POSTS, POST_HEIGHT = 300, 667  # 200,100 pixels
MIB = 1024 * 1024
PIECE = b"0123456789abcdef" * 4096  # 64 KiB
HEAD = (
    '<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Prov</title><style>body{margin:0}</style></head>'
)


def page(body: str) -> bytes:
    """A whole document."""
    return (HEAD + f"<body>{body}</body></html>").encode()


def tall() -> str:
    """Posts with a band each, whose colour is the post's number."""
    return "".join(
        f'<article style="height:{POST_HEIGHT}px;background:rgb({n >> 8},{n & 255},77)">Inlägg {n}.</article>'
        for n in range(POSTS)
    )


LAZY = """<h1>Nyhet</h1><div style="height:4000px"></div><div id="k">Kommentarer</div><script>
let next = 0;
new IntersectionObserver(async (seen) => { if (!seen.some((one) => one.isIntersecting) || next >= 3) return;
  const n = next++; const text = await (await fetch("/comment/" + n)).text();
  const p = document.createElement("p"); p.textContent = text;
  p.style = "height:1500px;background:rgb(200,0," + n + ")"; k.before(p); }, {rootMargin: "0px"}).observe(k);
</script><img loading="lazy" src="/picture.svg" width="10" height="10">"""
ENDLESS = """<div id="end">slut</div><script>let n = 0; new IntersectionObserver(() => more()).observe(end);
const more = () => { for (let i = 0; i < 5; i++) { const p = document.createElement("p"); p.style.height = "900px";
p.textContent = "rad " + n++; end.before(p); } }; addEventListener("scroll", more); more();</script>"""
WORKER = """<p id="t">väntar</p><script>navigator.serviceWorker.register("/worker.js").then(() =>
navigator.serviceWorker.ready).then(async () => { await new Promise(done => {
if (navigator.serviceWorker.controller) done(); else navigator.serviceWorker.addEventListener("controllerchange", done);
});
t.textContent = await (await fetch("/by-worker")).text(); });</script>"""
WORKER_SCRIPT = b"""self.addEventListener("install", (e) => self.skipWaiting());
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (e) => {
if (e.request.url.endsWith("/by-worker")) e.respondWith(fetch("/from-worker")); });"""
STREAM = """<p id="t"></p><script>new EventSource("/events").onmessage = (e) => { t.append(e.data + " "); };</script>"""
POSTED = """<p id="t"></p><script>fetch("/posted", {method: "POST", headers: {"Content-Type": "application/json"},
body: JSON.stringify({post: 7})}).then(a => a.text()).then(words => { t.textContent = words; });</script>"""
SOCKET = """<p id="t">-</p><script>const s = new WebSocket("ws://" + location.host + "/socket");
s.onerror = () => { t.textContent = "ingen lina"; };</script>"""
ASKING = """<p id="t">-</p><script>alert("hej"); t.textContent = confirm("?") ? "ja" : "nej"; window.open("/plain");
addEventListener("beforeunload", (e) => e.preventDefault());</script>"""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        """By path."""
        self.site.asked.append(f"{self.command} {self.path}")
        self.site.headers.append(dict(self.headers.items()))
        found = self.site.routes.get(self.path.partition("?")[0])
        try:
            if found is None:
                self.say(b"nej", status=404)
            elif callable(found):
                found(self)
            else:
                self.say(*found)
        except OSError:
            self.close_connection = True
            self.site.hung_up.append(self.path)

    do_POST = do_GET  # noqa: N815 the library's name

    def body(self) -> bytes:
        """What was posted."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def say(self, body: bytes, media_type: str = "text/html", *, status: int = 200, **headers: str) -> None:
        """A whole answer."""
        self.begin(media_type, status=status, Content_Length=str(len(body)), **headers)
        self.wfile.write(body)

    def begin(self, media_type: str, *, status: int = 200, **headers: str) -> None:
        """Its head; without a length it is ended by hanging up."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


Route = Callable[[Handler], None] | tuple[bytes, str]


@dataclass
class Site:
    """A server under way: `address` is host:port, `asked` what was asked for, `hung_up` where the other side left."""

    address: str
    scheme: str = "http"
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hung_up: list[str] = field(default_factory=list)
    routes: dict[str, Route] = field(default_factory=dict)
    ending: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"{self.scheme}://{self.address}"


def large(handler: Handler, size: int, media_type: str, start: bytes = b"") -> None:
    """A body made as it goes."""
    handler.begin(media_type, Content_Length=str(size))
    handler.wfile.write(start)
    left = size - len(start)
    while left > 0:
        left -= handler.wfile.write(PIECE[:left])


def events(handler: Handler) -> None:
    """An event stream that says five things and then stays open."""
    handler.begin("text/event-stream")
    for number in range(5):
        handler.wfile.write(f"data: händelse{number}\n\n".encode())
        handler.wfile.flush()
        time.sleep(0.05)
    while not handler.site.ending.wait(0.2):
        handler.wfile.write(b": kvar\n\n")
        handler.wfile.flush()


def never_ends(handler: Handler) -> None:
    """A page that drips."""
    handler.begin("text/html")
    handler.wfile.write(HEAD.encode() + b"<body><h1>Evig</h1>")
    number = 0
    while not handler.site.ending.wait(0.05):
        number += 1
        handler.wfile.write(f"<p>rad {number}</p>".encode())
        handler.wfile.flush()


def packed(handler: Handler) -> None:
    """A page in gzip, and its words in brotli where that is taken for granted."""
    handler.say(gzip.compress(page("<p>packad</p><script src=/packed.js></script>")), Content_Encoding="gzip")


def routes() -> dict[str, Route]:
    """All pages."""
    html, text, script = "text/html; charset=utf-8", "text/plain; charset=utf-8", "text/javascript"
    many = "".join(f'<img src="/picture.svg?{n}" width="9" height="9">' for n in range(200))
    pages = {
        "/plain": "<h1>Vanlig</h1>",
        "/tall": tall(),
        "/lazy": LAZY,
        "/endless": ENDLESS,
        "/worker": WORKER,
        "/stream": STREAM,
        "/post": POSTED,
        "/socket": SOCKET,
        "/asking": ASKING,
        "/many": many,
        "/more": "<p>ett</p><button onclick=\"this.before('två')\">Visa 12 fler kommentarer</button>"
        '<button>Visa kartan</button><button hidden>Visa fler</button><a href="/plain">Visa fler</a>'
        '<div><template shadowrootmode="open"><span role="button">Load more</span></template></div>',
        "/frame": '<p>utanför</p><iframe src="/inner" width="600" height="300"></iframe>',
        "/inner": '<p>i ramen</p><template shadowrootmode="open"></template><div><template shadowrootmode="open">'
        "<b>i skuggan</b></template></div>",
        "/big": '<p>stor</p><script>fetch("/eighty").then(a => a.body.getReader()).then(async r => {'
        'while (!(await r.read()).done); document.querySelector("p").textContent = "allt kom"; })</script>',
        "/video": '<video src="/eighty" autoplay muted></video>',
        "/login": '<h1>Logga in</h1><form><input type="password"></form>',
        "/widget": '<form><input type="password"></form>' + "<p>Ett långt inlägg om snöröjning.</p>" * 60,
        "/loop": "<h1>Före</h1><script>setTimeout(() => { while (true); }, 50)</script><img src='/slow'>",
        "/inside": '<img src="http://10.1.2.3/secret.png"><img src="http://169.254.169.254/latest"><p>sida</p>',
        "/crash": '<p>strax</p><script>setTimeout(() => { location = "chrome://crash" }, 100)</script>',
    }
    made: dict[str, Route] = {path: (page(body), html) for path, body in pages.items()}
    made |= {f"/comment/{n}": (f"Kommentar {n} syns".encode(), text) for n in range(3)}
    made |= {
        "/picture.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "image/svg+xml"),
        "/worker.js": (WORKER_SCRIPT, script),
        "/from-worker": (b"genom arbetaren", text),
        "/events": events,
        "/never": never_ends,
        "/packed": packed,
        "/packed.js": lambda h: h.say(
            brotli.compress(b"document.querySelector('p').append(' brotli')"), script, Content_Encoding="br"
        ),
        "/posted": lambda h: h.say(b"svar " + h.body(), text),
        "/eighty": lambda h: large(h, 80 * MIB, "video/mp4"),
        "/400": lambda h: large(h, 400 * MIB, html, page("<h1>Tung</h1>")),
        "/file": lambda h: h.say(b"PK", "application/zip", Content_Disposition='attachment; filename="a.zip"'),
        "/pdf": (b"%PDF-1.4", "application/pdf"),
        "/members": lambda h: h.say(b"", status=302, Location="/login?next=/members"),
        "/forbidden": lambda h: h.say(page("Nej"), status=403),
        "/broken": lambda h: h.say(page("Fel"), status=503),
        "/to-private": lambda h: h.say(b"", status=302, Location="http://10.0.0.1/admin"),
        "/slow": lambda h: h.site.ending.wait(60) and None,
    }
    return made


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A server, until the end."""
    site = Site("", scheme="https" if tls else "http", routes=routes())

    class Bound(Handler):
        """Knows its site."""

    Bound.site = site
    with ThreadingHTTPServer(("127.0.0.1", 0), Bound) as server:
        server.daemon_threads = True
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        site.address = f"{'localhost' if tls else '127.0.0.1'}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.ending.set()
            server.shutdown()


def certificate(folder: Path, host: str = "localhost") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server shows, signed by itself, and a context that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    file = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(pem + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    trusting = ssl.create_default_context(cadata=pem.decode())
    return server, trusting
