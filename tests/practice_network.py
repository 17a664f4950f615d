"""The practice network as tests use it: a real program of its own, started, killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

SOURCE = Path(__file__).parents[1] / "src"
MONDAY = "2026-11-23T09:00:00Z"
# Reading all authorities takes longer than many a test; once is enough.
TRUST = httpx.create_ssl_context()


def visitor() -> httpx.Client:
    """A client with connections of its own."""
    return httpx.Client(verify=TRUST)


@dataclass
class Network:
    """A running practice network: started, killed, started again on the same data."""

    folder: Path
    options: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None
    base: str = ""
    client: httpx.Client = field(default_factory=visitor)

    def start(self) -> None:
        port = self.base.rsplit(":", 1)[-1] if self.base else "0"
        command = [sys.executable, "-m", "practice", "serve", "--port", port, "--data", str(self.folder), "--quiet"]
        self.process = subprocess.Popen(
            [*command, *self.options],
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        said = self.process.stdout.readline()
        assert "Övningsnätet svarar på " in said
        self.base = said.split()[-1].rstrip("/")

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(number)
            self.process.wait(20)
            assert self.process.stdout
            self.process.stdout.close()
            self.process = None
        self.client.close()
        self.client = visitor()

    @property
    def host(self) -> str:
        return self.base.removeprefix("http://")

    def control(self, method: str, path: str, /, **body: Any) -> Any:
        token = (self.folder / "control-token").read_text()
        answer = self.client.request(
            method, f"{self.base}/control/{path}", json=body or None, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def open(self, handle: str, flavour: str = "page") -> str:
        """Open an account and return a token for it."""
        self.control("POST", "accounts", handle=handle, name=f"Kontot {handle}", flavour=flavour)
        return str(self.control("POST", "tokens", handle=handle)["token"])

    def say(self, text: str, **more: Any) -> str:
        """Let somebody say something; returns its name, such as comment/17."""
        return str(self.control("POST", "say", text=text, **more)["item"])

    def dump(self, handle: str = "") -> list[dict[str, Any]]:
        return list(self.control("GET", f"dump?handle={handle}")["items"])

    def api(self, method: str, path: str, token: str, /, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.client.request(method, f"{self.base}/api/v1/{path}", headers=headers, **more)
