"""The strings of the practice network that the demo pulls: tokens for its accounts, and what the play means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from uppsikt.channels import connecting
from uppsikt.kernel.terminal import Trouble

TOKEN_FILE = "control-token"  # noqa: S105 - the file's name, not the token


class Network:
    """A running practice network: its address, and the control token that lies in its data folder."""

    def __init__(self, base: str, data: Path) -> None:
        self.base = base.rstrip("/")
        self._token = (data / TOKEN_FILE).read_text(encoding="ascii").strip()

    def give_token(self, handle: str) -> str:
        """A new token for an account."""
        return str(self._ask("POST", "tokens", {"handle": handle})["token"])

    def meanings(self, handle: str) -> dict[str, Mapping[str, Any]]:
        """What lies behind each thing said on an account, by its id on the network."""
        told = self._ask("GET", f"dump?handle={handle}")
        return {f"{one['kind']}/{one['id']}": one["meaning"] for one in told["items"]}

    def take_away(self, native_id: str) -> None:
        """Let its writer delete a comment; done twice it is as done once."""
        self._ask("POST", "delete", {"item": native_id}, fine=(HTTPStatus.NOT_FOUND, HTTPStatus.GONE))

    def _ask(
        self, method: str, path: str, body: Mapping[str, str] | None = None, *, fine: tuple[HTTPStatus, ...] = ()
    ) -> Any:
        with connecting.client() as client:
            answer = client.request(
                method,
                f"{self.base}/control/{path}",
                headers={"Authorization": f"Bearer {self._token}"},
                json=body,
            )
        if answer.status >= HTTPStatus.BAD_REQUEST and answer.status not in fine:
            raise Trouble(
                f"Övningsnätet svarade {answer.status} på {path}. Börja om med ./uppsikt demo --fresh",
                f"The practice network answered {answer.status} to {path}. Begin anew with ./uppsikt demo --fresh",
            )
        return _json(answer.body)


def _json(body: bytes) -> Any:
    return json.loads(body) if body else {}
