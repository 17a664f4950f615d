"""Servers that mean us ill get a clear word and no more of us than the limits give (D1, D40)."""

from __future__ import annotations

import gzip
import logging
import socket
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from servers.hostile_server import Asked, HostileServer, plain
from uppsikt.net import Client, Limits, NetError
from uppsikt.net.client import public_url, retry_after

MIB = 1024 * 1024


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as it:
        yield it


def client_for(*servers: HostileServer, **limits: object) -> Client:
    return Client(Limits(allow_private=frozenset(one.host for one in servers), **limits))  # type: ignore[arg-type]


def refused(client: Client, url: str, method: str = "GET", **kwargs: object) -> NetError:
    with client, pytest.raises(NetError) as caught:
        client.request(method, url, **kwargs)  # type: ignore[arg-type]
    return caught.value


class Flood:
    """Sends up to 200 MB and remembers how much was taken."""

    def __init__(self, head: bytes) -> None:
        self.head, self.sent = head, 0

    def __call__(self, asked: Asked, connection: socket.socket) -> None:
        connection.sendall(self.head)
        block = b"x" * 65536
        while self.sent < 200 * MIB:
            connection.sendall(block)
            self.sent += len(block)


def test_200_mb_announced_are_refused_before_they_are_read(server: HostileServer) -> None:
    flood = Flood(b"HTTP/1.1 200 OK\r\nContent-Length: 209715200\r\n\r\n")
    server.answers["/"] = flood
    assert refused(client_for(server), server.url).code == "too_large"
    assert flood.sent < 20 * MIB


def test_200_mb_unannounced_are_cut_at_the_limit(server: HostileServer) -> None:
    flood = Flood(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    server.answers["/"] = flood
    error = refused(client_for(server), server.url)
    assert error.code == "too_large"
    assert error.sent
    assert flood.sent < 40 * MIB


def test_an_answer_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(server: HostileServer) -> None:
    server.answers |= {"/at": plain("200 OK", b"x" * 1000), "/over": plain("200 OK", b"x" * 1001)}
    with client_for(server, max_bytes=1000) as client:
        assert len(client.get(server.url + "/at").body) == 1000
    assert refused(client_for(server, max_bytes=1000), server.url + "/over").code == "too_large"


@pytest.mark.parametrize("pack", ["gzip", "deflate"])
def test_a_bomb_is_refused_by_its_unpacked_size(server: HostileServer, pack: str) -> None:
    bomb = gzip.compress(bytes(200 * MIB), 9) if pack == "gzip" else zlib.compress(bytes(200 * MIB), 9)
    assert len(bomb) < MIB
    server.answers["/"] = plain("200 OK", bomb, Content_Encoding=pack)
    assert refused(client_for(server), server.url).code == "too_large"


def test_a_bomb_in_layers_and_unknown_packings_are_not_opened(server: HostileServer) -> None:
    layers = gzip.compress(gzip.compress(bytes(MIB)))
    server.answers["/layers"] = plain("200 OK", layers, Content_Encoding="gzip, gzip")
    server.answers["/br"] = plain("200 OK", b"\x00\x01", Content_Encoding="br")
    for path in ("/layers", "/br"):
        assert refused(client_for(server), server.url + path).code == "broken_answer"


def test_packed_answers_are_unpacked_and_broken_ones_told(server: HostileServer) -> None:
    packed = gzip.compress("Hej då".encode())
    server.answers["/good"] = plain("200 OK", packed, Content_Encoding="gzip")
    server.answers["/cut"] = plain("200 OK", packed[:-6], Content_Encoding="gzip")
    server.answers["/lie"] = plain("200 OK", b"not packed", Content_Encoding="gzip")
    server.answers["/empty"] = plain("200 OK", b"", Content_Encoding="gzip")
    with client_for(server) as client:
        assert client.get(server.url + "/good").body.decode() == "Hej då"
        assert client.get(server.url + "/empty").body == b""
    assert refused(client_for(server), server.url + "/cut").code == "broken_answer"
    assert refused(client_for(server), server.url + "/lie").code == "broken_answer"


def drip(head: bytes) -> object:
    def answer(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(400):
            time.sleep(0.02)
            connection.sendall(b"x")

    return answer


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["body", "headers"])
def test_a_slow_drip_is_cut_though_each_read_is_quick(server: HostileServer, head: bytes) -> None:
    server.answers["/"] = drip(head)  # type: ignore[assignment]
    error = refused(client_for(server, total=0.3, read=5.0), server.url)
    assert error.code == "too_slow"
    assert error.sent


def test_silence_is_a_timeout_and_a_post_may_have_been_taken(server: HostileServer) -> None:
    server.answers["/"] = lambda asked, connection: time.sleep(1)
    error = refused(client_for(server, read=0.1), server.url, "POST", json={})
    assert error.code == "timeout"
    assert error.sent


def test_a_shut_door_is_site_down_and_nothing_was_sent() -> None:
    with HostileServer() as server:
        pass
    error = refused(client_for(server), server.url, "POST", json={})
    assert error.code == "site_down"
    assert not error.sent


def test_hanging_up_without_an_answer_is_site_down_and_may_have_been_taken(server: HostileServer) -> None:
    server.answers["/"] = lambda asked, connection: connection.close()
    error = refused(client_for(server), server.url, "POST", json={})
    assert error.code == "site_down"
    assert error.sent


BROKEN = {
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nonly this",
    "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n",
    "/half-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n10\r\nhello",
    "/length": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\nConnection: close\r\n\r\nhello",
    "/two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
    "/minus": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\nConnection: close\r\n\r\nhello",
    "/not-http": b"SSH-2.0-OpenSSH_9.2 Connection: close\r\n\r\n",
    "/big-head": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("path", list(BROKEN))
def test_bytes_that_break_http_are_told_as_a_broken_answer(server: HostileServer, path: str) -> None:
    server.answers |= BROKEN
    assert refused(client_for(server), server.url + path).code == "broken_answer"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "private_address"),
        ("http://127.0.0.1:1/", "private_address"),
        ("http://[::1]:8000/", "private_address"),
        ("http://2130706433/", "private_address"),
        ("//127.0.0.1:1/", "private_address"),
        ("http://localhost:1/", "private_address"),
        ("ftp://example.org/", "unsafe_redirect"),
        ("file:///etc/passwd", "unsafe_redirect"),
        ("http://[::1", "unsafe_redirect"),
        ("gopher://127.0.0.1:70/_", "unsafe_redirect"),
    ],
)
def test_a_redirect_is_looked_at_like_a_first_address(server: HostileServer, target: str, code: str) -> None:
    server.answers["/"] = plain("302 Found", Location=target)
    assert refused(client_for(server), server.url).code == code


def test_redirects_have_a_number(server: HostileServer) -> None:
    server.answers["/loop"] = plain("302 Found", Location="/loop")
    assert refused(client_for(server), server.url + "/loop").code == "too_many_redirects"
    assert len(server.asked) == 6


def test_a_redirect_within_limits_is_followed_and_told(server: HostileServer) -> None:
    server.answers |= {"/a": plain("301 Moved", Location="b?x=1"), "/b": plain("200 OK", b"here")}
    with client_for(server) as client:
        answer = client.get(server.url + "/a?secret=1", auth=("me", "pw"))
    assert (answer.body, answer.url, answer.redirects) == (b"here", server.url + "/b?x=1", (server.url + "/a",))
    assert not answer.moved_origin
    assert "authorization" in server.asked[1].headers


def test_credentials_do_not_follow_a_redirect_to_another_origin(server: HostileServer) -> None:
    with HostileServer(fallback=plain("200 OK", b"thanks")) as thief:
        server.answers["/"] = plain("307 Temporary Redirect", Location=f"http://user:pw@{thief.host}/")
        with client_for(server, thief) as client:
            answer = client.get(server.url, auth=("me", "hush"), headers={"X-Key": "hush", "Cookie": "a=hush"})
        assert answer.moved_origin
        assert "authorization" in server.asked[0].headers
        assert "hush" not in str(thief.asked[0].headers)
        assert set(thief.asked[0].headers) <= {"host", "accept", "accept-encoding", "user-agent"}


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other"])
def test_what_is_being_sent_is_not_turned_into_a_read(server: HostileServer, status: str) -> None:
    server.answers["/"] = plain(status, Location="/elsewhere")
    error = refused(client_for(server), server.url, "POST", json={"content": "Hej"})
    assert (error.code, error.sent) == ("unsafe_redirect", True)
    assert len(server.asked) == 1


def test_what_is_being_sent_follows_307_within_its_origin_only(server: HostileServer) -> None:
    with HostileServer() as other:
        server.answers |= {
            "/": plain("307 Temporary Redirect", Location="/b"),
            "/b": plain("201 Created"),
            "/away": plain("307 Temporary Redirect", Location=other.url),
        }
        with client_for(server, other) as client:
            assert client.request("POST", server.url, json={"a": 1}).status == 201
        assert server.asked[1].body == b'{"a":1}'
        assert refused(client_for(server, other), server.url + "/away", "POST", json={}).code == "unsafe_redirect"
        assert other.asked == []


def test_a_password_does_not_travel_unencrypted_to_the_open_internet() -> None:
    error = refused(Client(resolver=lambda host, port: ["192.0.2.1"]), "http://site.example/", auth=("me", "hush"))
    assert (error.code, error.sent) == ("insecure", False)


@pytest.mark.parametrize(
    "address", ["", "kommun", "ftp://a.example/", "file:///etc/passwd", "http://", "javascript:alert(1)", "http://[::1"]
)
def test_addresses_that_are_no_web_addresses_are_told(address: str) -> None:
    assert refused(Client(), address).code == "bad_address"


def test_headers_cannot_be_smuggled_in_or_out(server: HostileServer) -> None:
    server.answers["/"] = (
        b"HTTP/1.1 200 OK\r\nX-Odd: a\x01b\x7fc\r\nSet-Cookie: session=hush\r\nX-Two: 1\r\nX-Two: 2\r\n"
        b"Content-Length: 0\r\nConnection: close\r\n\r\n"
    )
    with client_for(server) as client:
        answer = client.get(server.url, headers={"If-None-Match": '"1"\r\nX-Evil: yes', "X-Name": "Åsa €"})
        with pytest.raises(ValueError, match="bad header name"):
            client.get(server.url, headers={"X-Bad\r\nX-Evil": "1"})
    assert "x-evil" not in server.asked[0].headers
    assert server.asked[0].headers["if-none-match"] == '"1"X-Evil: yes'
    assert answer.headers["x-two"] == "1, 2"
    assert "set-cookie" not in answer.headers
    assert "\x01" not in str(dict(answer.headers).values())


def test_a_request_target_cannot_be_split(server: HostileServer) -> None:
    server.fallback = plain("200 OK")
    with client_for(server) as client:
        client.get(server.url + "/a b", params={"q": "x\r\nX-Evil: 1 å"})
    assert server.asked[0].target == "/a%20b?q=x%0D%0AX-Evil%3A+1+%C3%A5"
    assert "x-evil" not in server.asked[0].headers


def test_no_cookie_is_kept_between_requests(server: HostileServer) -> None:
    server.fallback = plain("200 OK", Set_Cookie="session=1")
    with client_for(server) as client:
        client.get(server.url)
        client.get(server.url)
    assert "cookie" not in server.asked[1].headers


def test_secrets_stay_out_of_errors_logs_and_shown_addresses(
    server: HostileServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers["/"] = plain("302 Found", Location="http://10.0.0.1/?token=hush-token")
    url = f"http://user:hush-pw@{server.host}/?key=hush-key"
    error = refused(client_for(server), url, auth=("me", "hush-auth"))
    assert "hush" not in f"{error} {error!r} {error.facts} {error.args}"
    sent_headers = [line for line in caplog.messages if "hush-auth" in line or "Basic" in line or "hush-pw" in line]
    assert sent_headers == []
    assert public_url(url) == f"http://{server.host}/"


def test_the_user_agent_says_who_and_why(server: HostileServer) -> None:
    server.fallback = plain("200 OK")
    with client_for(server, user_agent="Uppsikt/0.1 (+https://kommun.example)") as client:
        client.get(server.url)
    with client_for(server) as client:
        client.get(server.url)
    agents = [asked.headers["user-agent"] for asked in server.asked]
    assert agents[0] == "Uppsikt/0.1 (+https://kommun.example)"
    assert agents[1].startswith("Uppsikt/0.1 (")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Sun, 01 Nov 2026 10:02:00 GMT", 120.0),
        ("Sun, 01 Nov 2026 09:00:00 GMT", 0.0),
        ("99999999", 86400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400.0),
        ("-5", None),
        ("1e9", None),
        ("soon", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(value: str, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 11, 1, 10, 0, tzinfo=UTC)) == seconds
