"""Who is asking: the logged-in person behind a request."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from uppsikt.organisation.models import Person


def person(request: HttpRequest) -> Person:
    """The logged-in person. Views that are open to visitors must not ask; PermissionDenied tells of those that do."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
