"""Each view states who may use it. A test walks all views with all roles."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

View = Callable[..., HttpResponseBase]


class HasRoles(Protocol):
    """A logged-in person, as far as this floor knows them."""

    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a view: everyone, whoever holds a one-time link, whoever is logged in, or holders of a role."""

    kind: Literal["everyone", "by_link", "signed_in", "roles"]
    roles: frozenset[str] = frozenset()

    def lets_in(self, roles: frozenset[str] | None) -> bool:
        """Whether somebody with these roles is let in; None stands for a visitor who is not logged in."""
        if self.kind in {"everyone", "by_link"}:
            return True
        return roles is not None and (self.kind == "signed_in" or bool(self.roles & roles))


class RuledView(Protocol):
    """A view that says who may use it."""

    access: Rule

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def state(rule: Rule) -> Callable[[View], RuledView]:
    """Give a view its rule, and hold it to the rule."""

    def decorate(view: View) -> RuledView:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if rule.lets_in(None):
                # Who asks is not looked up: the answer is the same for all, and may be kept for all.
                return view(request, *args, **kwargs)
            user = request.user
            roles = cast("HasRoles", user).roles if user.is_authenticated else None
            if not rule.lets_in(roles):
                if roles is None:
                    return ask_to_log_in(request)
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = rule  # type: ignore[attr-defined]  # what RuledView says
        return cast("RuledView", guarded)

    return decorate


def ask_to_log_in(request: HttpRequest) -> HttpResponseBase:
    """The login page; a live region that polls is told to leave the page instead of swallowing a login form."""
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["HX-Refresh"] = "true"
        return answer
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def may(*roles: str) -> Callable[[View], RuledView]:
    """Holders of one of these roles."""
    return state(Rule("roles", frozenset(roles)))


signed_in = state(Rule("signed_in"))
everyone = state(Rule("everyone"))
by_link = state(Rule("by_link"))
