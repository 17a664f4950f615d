"""TLS names the host that was asked for, though the address was fixed beforehand (D1)."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from uppsikt.net import Client, Limits, NetError

NAME = "site.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for NAME, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


class TlsServer:
    """Answers every connection once and remembers the name that the client asked TLS for."""

    def __init__(self, certificate: Path) -> None:
        self.names: list[str] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._context.sni_callback = lambda sock, name, context: self.names.append(name or "")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(65536)
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
            except OSError:  # also ssl.SSLError: a client that does not trust us hangs up
                if self._listener.fileno() == -1:
                    return

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def server(certificate: Path) -> Iterator[TlsServer]:
    it = TlsServer(certificate)
    yield it
    it.close()


def client(port: int, *names: str, tls: ssl.SSLContext | None = None) -> Client:
    limits = Limits(connect=5, allow_private=frozenset(f"{name}:{port}" for name in names))
    return Client(limits, resolver=lambda host, port: ["127.0.0.1"], tls=tls)


def test_the_name_is_checked_and_sent_while_the_address_is_ours(server: TlsServer, certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    with client(server.port, NAME, tls=trusting) as it:
        assert it.get(f"https://{NAME}:{server.port}/", auth=("me", "pw")).body == b"hi"
    assert server.names == [NAME]


def test_a_certificate_for_another_name_is_refused(server: TlsServer, certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    with client(server.port, "other.example", tls=trusting) as it, pytest.raises(NetError) as caught:
        it.get(f"https://other.example:{server.port}/")
    assert (caught.value.code, caught.value.sent) == ("certificate", False)
    assert "other.example" in caught.value.facts["why"]


def test_a_certificate_that_nobody_vouches_for_is_refused(server: TlsServer) -> None:
    with client(server.port, NAME) as it, pytest.raises(NetError) as caught:
        it.get(f"https://{NAME}:{server.port}/")
    assert caught.value.code == "certificate"


def test_https_to_a_server_that_speaks_no_tls_is_told_as_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def answer() -> None:
            connection, _ = listener.accept()
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(65536)
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        with client(port, NAME) as it, pytest.raises(NetError) as caught:
            it.get(f"https://{NAME}:{port}/")
    assert caught.value.code == "certificate"


def test_no_downgrade_from_https_to_http(certificate: Path, server: TlsServer) -> None:
    server._context.sni_callback = None
    listener = socket.create_server(("127.0.0.1", 0))
    context, port = server._context, listener.getsockname()[1]

    def answer() -> None:
        connection, _ = listener.accept()
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65536)
            secure.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://site.example/\r\nContent-Length: 0\r\n\r\n")

    threading.Thread(target=answer, daemon=True).start()
    trusting = ssl.create_default_context(cafile=str(certificate))
    with listener, client(port, NAME, tls=trusting) as it, pytest.raises(NetError) as caught:
        it.get(f"https://{NAME}:{port}/")
    assert caught.value.code == "unsafe_redirect"
