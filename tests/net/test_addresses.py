"""Which addresses are refused, and that the check holds for the address connected to (D1, D40)."""

from __future__ import annotations

import threading

import pytest

from servers.hostile_server import HostileServer, plain
from uppsikt.net import Client, Limits, NetError, parse_allowed
from uppsikt.net.addresses import is_public

PRIVATE = [
    "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::a9fe:a9fe", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "nonsense", "",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "172.32.0.1", "192.169.0.1", "193.10.0.1", "2a00:801::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_special_and_unreadable_addresses_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_taken(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_every_way_of_writing_loopback_is_refused_on_the_resolved_address(host: str) -> None:
    with HostileServer(fallback=plain("200 OK", b"secret")) as server, Client() as client:
        with pytest.raises(NetError) as caught:
            client.get(f"http://{host}:{server.port}/")
        assert caught.value.code in {"private_address", "bad_address", "site_down"}
        assert not caught.value.sent
        assert server.asked == []
    if host not in {"0x7f.1", "017700000001", "[::ffff:127.0.0.1]"}:  # some resolvers do not know these ways
        assert caught.value.code == "private_address"


def test_a_name_that_resolves_to_a_private_address_is_refused() -> None:
    with Client(resolver=lambda host, port: ["10.0.0.7"]) as client, pytest.raises(NetError) as caught:
        client.get("http://intranet.example/")
    assert caught.value.code == "private_address"


def test_rebinding_gets_nowhere_since_the_checked_address_is_the_one_connected_to() -> None:
    """The name answers publicly first and privately after; it is asked once per connection, and that answer is used."""
    answers = [["192.0.2.1"], ["127.0.0.1"], ["127.0.0.1"]]
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    with HostileServer(fallback=plain("200 OK", b"secret")) as server:
        with Client(Limits(connect=0.2), resolver=resolver) as client:
            for _ in range(2):
                with pytest.raises(NetError) as caught:
                    client.get(f"http://rebind.example:{server.port}/")
                assert caught.value.code == "private_address"
        assert asked == ["rebind.example"] * 2
        assert server.asked == []


def test_a_name_with_public_and_private_addresses_never_leads_to_the_private_one() -> None:
    with (
        HostileServer(fallback=plain("200 OK", b"secret")) as server,
        Client(Limits(connect=0.2, total=0.5), resolver=lambda host, port: ["127.0.0.1", "1.2.3.4"]) as client,
    ):
        with pytest.raises(NetError) as caught:
            client.get(f"http://both.example:{server.port}/")
        assert caught.value.code in {"timeout", "site_down", "too_slow"}
        assert server.asked == []


def test_the_allow_list_opens_exactly_the_host_and_port_that_are_written() -> None:
    with HostileServer(fallback=plain("200 OK", b"hi")) as open_one, HostileServer() as shut:
        limits = Limits(allow_private=parse_allowed(open_one.host))
        with Client(limits) as client:
            assert client.get(open_one.url).body == b"hi"
            for refused in (shut.url, f"http://localhost:{open_one.port}/", f"http://2130706433:{open_one.port}/"):
                with pytest.raises(NetError) as caught:
                    client.get(refused)
                assert caught.value.code == "private_address"


@pytest.mark.parametrize(
    "words", ["127.0.0.1", ":80", "*:80", "host:0", "host:65536", "host:http", "http://a:80", "a:b:80", "a/b:80"]
)
def test_the_allow_list_takes_no_entry_that_is_not_one_host_and_one_port(words: str) -> None:
    with pytest.raises(ValueError, match="not"):
        parse_allowed(words)


def test_the_allow_list_is_read_from_a_line_of_text() -> None:
    assert parse_allowed("127.0.0.1:8080, [::1]:90 Intra.Kommun.example:443") == {
        "127.0.0.1:8080", "[::1]:90", "intra.kommun.example:443",
    }  # fmt: skip
    assert parse_allowed("") == frozenset()


def test_a_name_that_does_not_exist_is_a_site_that_is_down() -> None:
    with Client() as client, pytest.raises(NetError) as caught:
        client.get("http://no-such-name.invalid/")
    assert caught.value.code == "site_down"


def test_a_resolver_that_hangs_is_left_behind() -> None:
    hang = threading.Event()
    with Client(Limits(connect=0.1), resolver=lambda host, port: [str(hang.wait(5))]) as client:
        with pytest.raises(NetError) as caught:
            client.get("http://slow-name.example/")
        hang.set()
    assert caught.value.code == "timeout"
