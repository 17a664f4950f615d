"""The one HTTP client. Everything that leaves the building for a network goes through it.

It follows no redirect that it has not looked at, keeps no cookies, reads no proxy or
password from its surroundings, and never shows a password to an origin it was not meant for.
"""

from __future__ import annotations

import functools
import os
import re
import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self

import httpcore
import httpx

from uppsikt.net import addresses, bodies, guard
from uppsikt.net.errors import NetError
from uppsikt.net.limits import Limits

Params = Mapping[str, str | int | list[str] | list[int]]

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
FOR_GOOD: Final = frozenset({301, 308})
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_WAIT: Final = 24 * 3600.0
LONGEST_HEADER: Final = 8192
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# What may follow a request to another origin. All else may be, or hold, a credential.
_TRAVELS: Final = frozenset({"accept", "accept-encoding", "accept-language", "user-agent"})


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whatever its status.

    `url` is the address that answered, without userinfo; `asked` the one first asked.
    `headers` has lower-case names, without control signs and without cookies. `body` is
    unpacked. `fetched_at` is aware UTC. `moved` says that every redirect on the way was for good (301, 308).
    """

    url: str
    asked: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    redirects: tuple[str, ...] = field(default=())
    moved: bool = False

    @property
    def retry_after(self) -> float | None:
        """Seconds that the other side asks us to wait (RFC 9110 10.2.3), at most a day; None when it does not say."""
        return retry_after(self.headers.get("retry-after", ""), self.fetched_at)

    @property
    def moved_origin(self) -> bool:
        """Whether another origin answered than was asked: then it saw no credentials."""
        return _origin(httpx.URL(self.url)) != _origin(httpx.URL(self.asked))


def retry_after(value: str, now: datetime) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date. None for what cannot be read."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,11}", value):
        return min(float(value), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), LONGEST_WAIT)


def public_url(url: str | httpx.URL) -> str:
    """An address fit to be shown: no userinfo, no query, no fragment."""
    parsed = parse(str(url))
    return str(parsed.copy_with(username="", password="", query=None, fragment=None))


def parse(address: str) -> httpx.URL:
    """Read an http(s) address. Raises NetError bad_address."""
    try:
        url = httpx.URL(address)
        host, port = url.host, url.port
    except (httpx.InvalidURL, ValueError, TypeError, UnicodeError):
        raise NetError("bad_address") from None
    if url.scheme not in ("http", "https") or not host or port == 0:
        raise NetError("bad_address")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host.lower(), url.port or (443 if url.scheme == "https" else 80)


def clean_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers to send, lower-cased; control signs are taken out of values. Raises ValueError for a bad name."""
    cleaned: dict[str, str] = {}
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"bad header name {name!r}")
        cleaned[name.lower()] = _CONTROL.sub("", value).encode("latin-1", "replace").decode("latin-1").strip()
    return cleaned


def _bytes(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]


@functools.lru_cache(maxsize=4)
def _trust(_file: str, _folder: str) -> ssl.SSLContext:
    """Whom we trust. Reading all authorities costs more than a whole request, so it is done once for each setting."""
    return httpx.create_ssl_context()


class Client:
    """Requests within limits. Threads may share one; close it, or use it in a `with`.

    `now` gives the time that answers are stamped with; `resolver` turns a name into
    addresses (the system's own by default).
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        now: Callable[[], datetime] | None = None,
        resolver: addresses.Resolver = addresses.system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._now = now or (lambda: datetime.now(UTC))
        self._pool = httpcore.ConnectionPool(
            # SSL_CERT_FILE and SSL_CERT_DIR are heard here: an intranet brings its own authority.
            ssl_context=tls or _trust(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", "")),
            network_backend=guard.GuardedBackend(self.limits, resolver),
            max_connections=10,
            keepalive_expiry=15.0,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def get(self, url: str, **kwargs: Any) -> Response:
        """Short for `request("GET", …)`."""
        return self.request("GET", url, **kwargs)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Params | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        content: bytes | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Response:
        """Ask, and read the answer to its end. Any status is an answer.

        `params` are added to what the address already asks; `content` is sent as it is; `auth` is a user name and a
        password, sent as HTTP Basic (UTF-8), and only encrypted or to an allowed private
        server. Raises NetError.
        """
        asked = parse(url).copy_with(username="", password="", fragment=None)
        if params:
            asked = asked.copy_merge_params(dict(params))
        sending = {"user-agent": self.limits.user_agent, "accept": "*/*", **clean_headers(headers or {})}
        sending["accept-encoding"] = bodies.ACCEPTED
        if auth is not None:
            self._refuse_in_clear(asked)
            sending["authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode("ascii")
        request = httpx.Request(method, asked, headers=_bytes(sending), json=json, data=data, content=content)
        with guard.deadline(self.limits.total):
            return self._follow(request, asked)

    def _refuse_in_clear(self, url: httpx.URL) -> None:
        host, port = _origin(url)[1:]
        written = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if url.scheme == "http" and written not in self.limits.allow_private:
            raise NetError("insecure", host=host)

    def _follow(self, request: httpx.Request, asked: httpx.URL) -> Response:
        seen: list[str] = []
        for_good = True
        while True:
            response = self._once(request, str(asked), tuple(seen))
            location = response.headers.get("location", "")
            if response.status not in REDIRECTS or not location:
                return replace(response, moved=bool(seen) and for_good)
            for_good = for_good and response.status in FOR_GOOD
            seen.append(public_url(request.url))
            if len(seen) > self.limits.max_redirects:
                raise NetError("too_many_redirects", sent=True, host=asked.host)
            request = self._next(request, response.status, location)

    def _next(self, request: httpx.Request, status: int, location: str) -> httpx.Request:
        """The request that a redirect leads to. Raises NetError unsafe_redirect or bad_address."""
        unsafe = NetError("unsafe_redirect", sent=request.method not in SAFE_METHODS, host=request.url.host)
        try:
            target = parse(str(request.url.join(location)))
        except (NetError, httpx.InvalidURL, ValueError):
            raise unsafe from None
        target = target.copy_with(username="", password="", fragment=None)
        same = _origin(target) == _origin(request.url)
        if request.url.scheme == "https" and target.scheme == "http":
            raise unsafe
        if request.method not in SAFE_METHODS and not (same and status in (307, 308)):
            raise unsafe
        headers = {
            name: value
            for name, value in request.headers.items()
            if (same or name in _TRAVELS) and name not in ("host", "content-length")
        }
        return httpx.Request(request.method, target, headers=_bytes(headers), content=request.content or None)

    def _once(self, request: httpx.Request, asked: str, seen: tuple[str, ...]) -> Response:
        limits = self.limits
        url = request.url
        core = httpcore.Request(
            method=request.method.encode("ascii"),
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.content,
            extensions={
                "timeout": {
                    "connect": limits.connect,
                    "read": limits.read,
                    "write": limits.write,
                    "pool": limits.connect,
                }
            },
        )
        try:
            answer = self._pool.handle_request(core)
            try:
                headers = _received(answer.headers)
                body = b"" if request.method == "HEAD" else self._body(answer, headers)
            finally:
                answer.close()
        except httpcore.TimeoutException as error:
            raise NetError(
                "timeout", sent=not isinstance(error, httpcore.ConnectTimeout | httpcore.PoolTimeout), host=url.host
            ) from None
        except httpcore.ProtocolError as error:
            if "disconnected without sending" in str(error):
                raise NetError("site_down", sent=True, host=url.host) from None
            raise NetError("broken_answer", sent=True, host=url.host) from None
        except httpcore.ConnectError as error:
            raise _not_connected(error, url.host) from None
        except httpcore.NetworkError:
            raise NetError("site_down", sent=True, host=url.host) from None
        return Response(
            url=str(url),
            asked=asked,
            status=answer.status,
            headers=headers,
            body=body,
            fetched_at=self._now(),
            redirects=seen,
        )

    def _body(self, answer: httpcore.Response, headers: Mapping[str, str]) -> bytes:
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced[:20]) > self.limits.max_bytes:
            raise NetError("too_large", sent=True, limit=str(self.limits.max_bytes))
        return bodies.read(
            answer.iter_stream(), encoding=headers.get("content-encoding", ""), limit=self.limits.max_bytes
        )


def _received(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        if key in ("set-cookie", "set-cookie2"):
            continue
        text = _CONTROL.sub("", value.decode("latin-1"))[:LONGEST_HEADER]
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _not_connected(error: Exception, host: str) -> NetError:
    """Tell an untrusted certificate from a door that is shut."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NetError("certificate", host=host, why=cause.verify_message[:200])
        if isinstance(cause, ssl.SSLError):
            return NetError("certificate", host=host, why="tls")
        cause = cause.__cause__ or cause.__context__
    return NetError("site_down", host=host)
