"""A server of language models on loopback, held to the published contract of OpenAI's chat completions.

What it holds a request to: POST /v1/chat/completions, JSON, a bearer key (401), a model that it has (404), messages
with a role and words, and structured outputs: `response_format` of type json_schema with a name of letters, digits,
`_` and `-` of at most 64 signs, `strict`, and a schema in which every object forbids more and requires all that it has
(400 as the service answers). It keeps what it was asked, counts as a server does (429 with Retry-After when it is
full), and answers in the contract's form with id, created, choices, finish_reason and usage. Not covered: streaming,
tools, several choices, log probabilities, an answer by a model (the words are given by the test), billing.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY, MODEL = "sk-lokal", "gpt-sv"
FIELDS = {"model", "messages", "temperature", "max_tokens", "n", "response_format", "seed", "store", "user"}
Words = Callable[[str], str]


class Wrong(Exception):
    """A request that the contract does not allow: status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def no_findings(_text: str) -> str:
    """What a well-behaved model says of an ordinary comment."""
    return '{"findings": []}'


@dataclass
class Server:
    """The server: `says` gives the words for a user's message; `first` are answers (status, headers, body) before."""

    port: int = 0
    says: Words = no_findings
    reason: str = "stop"
    refusal: str | None = None
    first: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    raw: bytes | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    tokens: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def texts(self) -> list[str]:
        """The comments that it was sent."""
        return [one["messages"][-1]["content"].removeprefix("<kommentar>\n").removesuffix("\n</kommentar>")
                for one in self.asked]  # fmt: skip

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        """What comes back for a request."""
        try:
            asked = self.check(path, headers, body)
        except Wrong as wrong:
            told = {
                "error": {"message": wrong.code, "type": "invalid_request_error", "param": None, "code": wrong.code}
            }
            return wrong.status, {}, json.dumps(told).encode()
        self.asked.append(asked)
        if self.first:
            return self.first.pop(0)
        if self.raw is not None:
            return 200, {}, self.raw
        words = self.says(asked["messages"][-1]["content"])
        self.tokens += len(words)
        message = {"role": "assistant", "content": None if self.refusal else words, "refusal": self.refusal}
        told = {
            "id": f"chatcmpl-{len(self.asked)}",
            "object": "chat.completion",
            "created": 1_794_000_000 + len(self.asked),
            "model": MODEL,
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": self.reason}],
            "usage": {"prompt_tokens": len(body), "completion_tokens": len(words), "total_tokens": self.tokens},
        }
        return 200, {}, json.dumps(told).encode()

    def check(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        """The request, where the contract allows it. Raises Wrong."""
        if path != "/v1/chat/completions":
            raise Wrong(404, "unknown_url")
        if headers.get("authorization") != f"Bearer {KEY}":
            raise Wrong(401, "invalid_api_key")
        if not headers.get("content-type", "").startswith("application/json"):
            raise Wrong(400, "not_json")
        asked: dict[str, Any] = json.loads(body)
        if set(asked) - FIELDS:
            raise Wrong(400, f"unknown_parameter {sorted(set(asked) - FIELDS)}")
        if asked["model"] != MODEL:
            raise Wrong(404, "model_not_found")
        if not all(set(one) == {"role", "content"} and isinstance(one["content"], str) for one in asked["messages"]):
            raise Wrong(400, "invalid_messages")
        form = asked["response_format"]
        if form["type"] != "json_schema" or not re.fullmatch(r"[\w-]{1,64}", form["json_schema"]["name"], re.ASCII):
            raise Wrong(400, "invalid_response_format")
        if form["json_schema"]["strict"]:
            strict(form["json_schema"]["schema"])
        return asked


def strict(schema: dict[str, Any]) -> None:
    """Hold a schema to what structured outputs allow. Raises Wrong."""
    if schema.get("type") == "object":
        names = set(schema.get("properties", {}))
        if schema.get("additionalProperties") is not False or set(schema.get("required", ())) != names:
            raise Wrong(400, "invalid_json_schema")
        for inner in schema["properties"].values():
            strict(inner)
    elif schema.get("type") == "array":
        strict(schema["items"])
    elif set(schema) - {"type", "enum", "description"}:
        raise Wrong(400, "invalid_json_schema")


@contextmanager
def running() -> Iterator[Server]:
    """A server that listens."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heads = {name.lower(): value for name, value in self.headers.items()}
            status, more, told = server.answer(self.path, heads, body)
            self.send_response(status)
            for name, value in {"content-type": "application/json", "content-length": str(len(told)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.port = listener.server_port
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
