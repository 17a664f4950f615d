"""What a person is told on the next page after something was done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest


def done(request: HttpRequest, words: str, *, draft: str = "") -> None:
    """Say that it is done. `draft` names the text field (its `data-draft-key`) whose kept text may now be forgotten."""
    messages.success(request, words, extra_tags=f"draft:{draft}" if draft else "")


def told(request: HttpRequest, words: str) -> None:
    """Say something that asks for no deed."""
    messages.info(request, words)


def failed(request: HttpRequest, words: str) -> None:
    """Say that it was not done, and what to do instead."""
    messages.error(request, words)
