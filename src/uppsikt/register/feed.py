"""All that happens to every account, read from the trail (D7): what was done, found, decided, by whom and when.

A step names its thing by kind and key. Which account that is, each of the room's models says by its own `channel`; so a
model that is new in the room is in the feed from its first day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from uppsikt.channels.models import Channel, Mandate
from uppsikt.kernel import trail
from uppsikt.kernel.models import Step
from uppsikt.register import feed_words
from uppsikt.register.order_models import Opening, Order

# The same words as the index `step_of_accounts` has, so that it is used: millions of steps are of no account.
OF_ACCOUNTS = Q(kind__startswith="register.") | Q(kind__startswith="channels.")


@dataclass(frozen=True, slots=True)
class Event:
    """One step as the feed shows it. `url` leads to the account, "" where it has none yet."""

    at: datetime
    by_name: str
    words: str
    label: str
    reason: str
    account: str
    channel_id: int | None
    sort: str


@cache
def things() -> dict[str, type[models.Model]]:
    """The models that are an account's own, by the trail's name for them."""
    own: list[type[models.Model]] = [Mandate]
    own += [model for model in apps.get_app_config("register").get_models() if _bears(model)]
    return {trail.kind_of(model): model for model in own}


def _bears(model: type[models.Model]) -> bool:
    return any(field.name == "channel" for field in model._meta.get_fields())


def steps(*, channel: Channel | None = None, sort: str = "") -> QuerySet[Step]:
    """The steps of all accounts or of one, perhaps of one sort (`feed_words.SORTS`); no order."""
    rows = Step.objects.filter(OF_ACCOUNTS)
    if sort:
        rows = rows.filter(kind__in=feed_words.kinds_of(sort))
    if channel is None:
        return rows
    about = Q(kind=trail.kind_of(Channel), thing_id=channel.pk)
    for kind, model in things().items():
        about |= Q(kind=kind, thing_id__in=model._default_manager.filter(channel=channel).values("pk"))
    orders = Opening.objects.filter(channel=channel).values("order_id")
    return rows.filter(about | Q(kind=trail.kind_of(Order), thing_id__in=orders))


def events(rows: Iterable[Step]) -> list[Event]:
    """Steps as the feed shows them: one question for each sort of thing among them, and one for the accounts."""
    shown = list(rows)
    owners = owners_of(shown)
    names = dict(Channel.objects.filter(pk__in=set(owners.values())).values_list("pk", "name"))
    return [event(step, owners.get((step.kind, step.thing_id)), names) for step in shown]


def owners_of(rows: list[Step]) -> dict[tuple[str, int], int]:
    """The key of the account that each step is about, by the step's kind and key; none for what has no account."""
    found: dict[tuple[str, int], int] = {}
    known: dict[str, Any] = {**things(), trail.kind_of(Channel): None, trail.kind_of(Order): Opening}
    for kind in {row.kind for row in rows} & known.keys():
        keys = {row.thing_id for row in rows if row.kind == kind}
        if kind == trail.kind_of(Channel):
            pairs = [(key, key) for key in keys]
        elif kind == trail.kind_of(Order):
            pairs = list(Opening.objects.filter(order__in=keys).values_list("order_id", "channel_id"))
        else:
            pairs = list(known[kind]._default_manager.filter(pk__in=keys).values_list("pk", "channel_id"))
        found |= {(kind, key): channel for key, channel in pairs if channel is not None}
    return found


def event(step: Step, channel_id: int | None, names: dict[int, str]) -> Event:
    """One step as the feed shows it."""
    account = names.get(channel_id, "") if channel_id is not None else ""
    return Event(
        at=step.at,
        by_name=step.by_name,
        words=feed_words.step(step),
        label=step.label if not account else feed_words.about(step),
        reason=step.reason,
        account=account,
        channel_id=channel_id,
        sort=feed_words.sort_of(step.kind),
    )
