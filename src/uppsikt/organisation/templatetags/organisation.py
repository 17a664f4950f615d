"""What the organisation's templates need."""

from __future__ import annotations

from django import template

from uppsikt.organisation import words

register = template.Library()


@register.filter
def role_name(name: str) -> str:
    """A role's name for people."""
    return words.role(name)
