"""Asking a WordPress site, and its troubles told in the few kinds that there are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from uppsikt import net
from uppsikt.connectors import answers
from uppsikt.connectors.base import Gone, Permanent, RawResponse, Reconnect

# WordPress tells a wrong password by the first three where something made it look early at who
# asks. A plain one looks too late, goes on as if nobody had asked, and says that nobody is logged in.
_WRONG: Final = frozenset({"incorrect_password", "invalid_username", "invalid_email", "rest_not_logged_in"})
_OFF: Final = frozenset({"application_passwords_disabled", "application_passwords_disabled_for_user"})
_GONE: Final = frozenset({"rest_comment_invalid_id", "rest_post_invalid_id"})


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON that a site answered with; `noisy` when PHP's warnings stood before it."""

    raw: RawResponse
    data: Any
    noisy: bool = False

    @property
    def code(self) -> str:
        """WordPress's own code of an error, or ""."""
        code = self.data.get("code") if isinstance(self.data, Mapping) else ""
        return code if self.raw.status >= HTTPStatus.BAD_REQUEST and isinstance(code, str) else ""

    @property
    def total(self) -> int | None:
        """How many there are in all, as the site counts."""
        told = self.raw.headers.get("x-wp-total", "")
        return int(told) if re.fullmatch("[0-9]{1,12}", told) else None


@dataclass(frozen=True, slots=True)
class Api:
    """One site's API, and whom we ask as. Its troubles are told in the few kinds that there are."""

    client: net.Client
    root: str
    auth: tuple[str, str] | None = None
    worked_before: bool = False

    def ask(self, path: str, params: Mapping[str, Any] | None = None, *, method: str = "GET", **kwargs: Any) -> Answer:
        """Any answer in JSON, errors too. Raises Trouble for all else, and where our password is not taken."""
        try:
            response = self.client.request(method, self.url(path), params=params, auth=self.auth, **kwargs)
        except net.NetError as error:
            raise answers.from_net(error) from error
        if self.auth and response.moved_origin:
            raise Permanent("moved", to=net.public_url(response.url))
        raw = answers.keep(response)
        if response.status == HTTPStatus.NOT_MODIFIED:
            return Answer(raw, None)
        if trouble := answers.by_status(response):
            raise trouble
        try:
            data, noisy = answers.decode(response.body)
        except ValueError:
            raise answers.not_json(response) from None
        answer = Answer(raw, data, noisy)
        self._refused(answer.code)
        return answer

    def url(self, path: str) -> str:
        """The address of a route, in the pretty form or the plain one (?rest_route=/)."""
        return self.root + path

    def _refused(self, code: str) -> None:
        if self.auth and code in _WRONG:
            raise Reconnect("revoked" if self.worked_before else "wrong_password", why=code)
        if self.auth and code in _OFF:
            raise Reconnect("login_ignored", why=code)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """An answer that is no error. Raises Trouble."""
        answer = self.ask(path, params)
        raise_for(answer)
        return answer


def raise_for(answer: Answer) -> None:
    """Raise the Trouble that an error in JSON is; nothing for an answer that is none."""
    status, code = answer.raw.status, answer.code
    if status < HTTPStatus.BAD_REQUEST:
        return
    facts = {"status": str(status), "why": code[: answers.SHOWN]}
    if code in _GONE or status == HTTPStatus.GONE:
        raise Gone("not_found", **facts)
    if status in (401, 403):
        raise Permanent("forbidden", **facts)
    if status == HTTPStatus.NOT_FOUND:
        raise Permanent("not_found", **facts)
    raise Permanent("rejected", **facts)


def rows(answer: Answer) -> list[tuple[str, Any]]:
    """The items of a list with their places; PHP turns a list with holes into an object with numbers."""
    data = answer.data
    if isinstance(data, list):
        return [(f"/{number}", one) for number, one in enumerate(data)]
    if isinstance(data, Mapping) and data and all(key.isdigit() for key in data):
        return [(f"/{key}", one) for key, one in data.items()]
    raise Permanent("wrong_shape", got=type(data).__name__)


def number(value: Any) -> int:
    """A WordPress number: a whole number above nought, or 0 for all else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else 0
