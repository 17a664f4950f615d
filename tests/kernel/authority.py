"""A real time-stamp authority on this machine: OpenSSL's, behind a small server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamper]
basicConstraints = CA:false
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
"""


def openssl(*words: str) -> None:
    """Run the program; what it says is kept for when it fails."""
    subprocess.run(["openssl", *words], check=True, capture_output=True, text=True)


@dataclass
class Authority:
    """Where it listens, the file with its root, how often it was asked; `mode` says how it behaves."""

    folder: Path
    url: str = ""
    asked: list[bytes] = field(default_factory=list)
    mode: str = "well"

    @property
    def roots(self) -> Path:
        """The certificate that is to be trusted."""
        return self.folder / "root.pem"

    def make_keys(self) -> None:
        """A root, and the authority's own certificate under it."""
        place, config = self.folder, self.folder / "tsa.cnf"
        config.write_text(CONFIG.format(folder=place), encoding="utf-8")
        (place / "serial").write_text("01\n", encoding="utf-8")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config", str(config))
        openssl("req", "-x509", *key, "-days", "30", "-subj", "/CN=Rot", "-extensions", "root",
                "-keyout", f"{place}/root.key", "-out", str(self.roots))  # fmt: skip
        openssl("req", *key, "-subj", "/CN=Klockan", "-keyout", f"{place}/tsa.key", "-out", f"{place}/tsa.csr")
        openssl("x509", "-req", "-in", f"{place}/tsa.csr", "-CA", str(self.roots), "-CAkey", f"{place}/root.key",
                "-CAcreateserial", "-days", "30", "-extfile", str(config), "-extensions", "stamper",
                "-out", f"{place}/tsa.pem")  # fmt: skip

    def answer(self, question: bytes) -> bytes:
        """What OpenSSL says to a question."""
        place = self.folder
        (place / "query.tsq").write_bytes(question)
        openssl("ts", "-reply", "-config", f"{place}/tsa.cnf", "-section", "one", "-queryfile", f"{place}/query.tsq",
                "-inkey", f"{place}/tsa.key", "-signer", f"{place}/tsa.pem", "-out", f"{place}/reply.tsr")  # fmt: skip
        return (place / "reply.tsr").read_bytes()


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """One that listens until the end of the block."""
    one = Authority(folder)
    one.make_keys()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["content-length"]))
            one.asked.append(question)
            if one.mode == "busy":
                self.send_error(503)
                return
            if one.mode == "hangs_up":
                self.close_connection = True
                return
            # An old answer is a time-stamp too, and not for this question.
            answer = one.answer(one.asked[0] if one.mode == "replays" else question)
            self.send_response(200)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(b"nonsense"[: len(answer)].ljust(len(answer)) if one.mode == "babbles" else answer)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one.url = f"http://127.0.0.1:{server.server_address[1]}/tsa"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
