"""What the inbox's templates ask for beyond the shared look."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils import timezone

from uppsikt.channels import words as channel_words
from uppsikt.inbox import words
from uppsikt.inbox.models import Answer, Case

register = template.Library()

register.simple_tag(channel_words.network_icon)
register.simple_tag(channel_words.network)


@register.filter
def of(mapping: Mapping[int, object], key: int) -> object:
    """What a mapping holds under a key, or None."""
    return mapping.get(key) if mapping else None


@register.filter
def outcome(case: Case) -> str:
    """How the case ended, in a word or two."""
    return str(words.OUTCOMES.get(case.outcome, ""))


@register.filter
def seconds_left(answer: Answer) -> int:
    """For how many more seconds an answer can be taken back."""
    until = answer.intent.not_before
    return max(int((until - timezone.now()).total_seconds()), 0) if until else 0
