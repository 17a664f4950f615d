"""Requests, answers and the table of addresses: HTTP without its wire."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from practice.errors import Refusal

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, header names in small letters. `base` is where it was sent, such as http://127.0.0.1:8100."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base: str

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Refusal 400."""
        try:
            found = json.loads(self.body or b"{}")
            json.dumps(found, ensure_ascii=False).encode()  # a lone surrogate can be neither kept nor shown
        except (ValueError, RecursionError) as error:
            raise Refusal(400, "not_json", "Skicka JSON i UTF-8.") from error
        if not isinstance(found, dict):
            raise Refusal(400, "not_json", "Skicka ett JSON-objekt.")
        return found

    def text(self, name: str) -> str:
        """A text field of the JSON body. Raises Refusal 422 when it is missing or something else."""
        value = self.json().get(name)
        if not isinstance(value, str):
            raise Refusal(422, "missing", f"Fältet {name} ska vara en text.")
        return value

    def form(self) -> dict[str, str]:
        """The fields of a form from one of our pages. Raises Refusal 403 when it comes from elsewhere."""
        if self.headers.get("origin", self.base) != self.base:
            raise Refusal(403, "foreign_form", "Formuläret kommer från en annan webbplats.")
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def cookie(self, name: str) -> str:
        """A cookie, or the empty text."""
        for part in self.headers.get("cookie", "").split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                return value
        return ""

    def bearer(self) -> str:
        """The token of the Authorization header. Raises Refusal 401."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refusal(401, "no_token", "Skicka en nyckel: Authorization: Bearer …", WWW_Authenticate="Bearer")
        return token.strip()

    def count(self, name: str, default: int, top: int) -> int:
        """A whole number from the query, from 1 to `top`. Raises Refusal 422."""
        text = self.query.get(name, str(default))
        if not re.fullmatch(r"[0-9]{1,6}", text) or not int(text):
            raise Refusal(422, "bad_number", f"{name} ska vara ett heltal.")
        return min(int(text), top)


@dataclass(slots=True)
class Response:
    """One answer. `drop` breaks the connection instead; `drip` seconds lie between its bytes."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    drip: float = 0.0


def as_json(value: object, status: int = 200, **headers: str) -> Response:
    """An answer in JSON."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return Response(status, body, headers={name.replace("_", "-"): text for name, text in headers.items()})


def as_page(text: str, status: int = 200, **headers: str) -> Response:
    """An answer as a page that may run nothing and fetch from nobody else."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    safe = {"Content-Security-Policy": PAGE_POLICY, "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
    return Response(status, text.encode("utf-8", "replace"), "text/html; charset=utf-8", safe | named)


def refused(refusal: Refusal) -> Response:
    """A refusal in JSON."""
    found = as_json({"error": {"code": refusal.code, "message": refusal.words}}, refusal.status)
    found.headers.update(refusal.headers)
    return found


Handler = Callable[..., Response]


@dataclass(slots=True)
class Routes:
    """A table of methods and addresses; groups of a pattern are handed to the handler."""

    table: list[tuple[str, re.Pattern[str], Handler]] = field(default_factory=list)

    def on(self, method: str, pattern: str) -> Callable[[Handler], Handler]:
        """Decorate a handler of `method` at addresses that match the whole pattern."""

        def put(handler: Handler) -> Handler:
            self.table.append((method, re.compile(pattern), handler))
            return handler

        return put

    def find(self, request: Request) -> tuple[Handler, dict[str, str]]:
        """The handler and the groups of the address. Raises Refusal 404 or 405."""
        allowed = []
        for method, pattern, handler in self.table:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                return handler, match.groupdict()
            if match:
                allowed.append(method)
        if allowed:
            raise Refusal(405, "wrong_method", "Så kan man inte göra här.", Allow=", ".join(sorted(set(allowed))))
        raise Refusal(404, "not_found", "Här finns inget.")
