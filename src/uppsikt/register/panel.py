"""A part of an account's page, as each part of the register makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from uppsikt.channels.models import Channel


@dataclass(frozen=True, slots=True)
class Panel:
    """One section of the account's page: its heading, the template of what stands under it, and what that shows.

    `key` is the section's id on the page (a-z), so that links can lead to it. The template stands in a card with its
    heading already; it is given `context` as `panel`, beside `channel` and `now`.
    """

    key: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


# What gives a panel for whoever asks, or None where there is nothing to show them.
Make = Callable[[HttpRequest, Channel, datetime], Panel | None]
