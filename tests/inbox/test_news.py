"""Hearing of what was taken in: one bad item keeps nobody else waiting, and nothing received is forgotten (D35)."""

from datetime import timedelta

import pytest
from django.utils import timezone

import factories
from uppsikt.inbox import actions, jobs, queries
from uppsikt.inbox.models import Case
from uppsikt.records.models import Item

pytestmark = pytest.mark.django_db
HISTORY = timedelta(days=30)


def test_one_item_that_cannot_be_heard_of_keeps_nobody_else_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = factories.channel()
    items = factories.items(channel, [factories.captured() for _ in range(3)])
    real = actions.receive

    def receive(item: Item, *, now: object) -> object:
        if item.pk == items[1].pk:
            raise ZeroDivisionError
        return real(item, now=now)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "receive", receive)
    with pytest.raises(ExceptionGroup):
        jobs.taken_in.func.__wrapped__(channel_id=channel.pk, item_ids=[item.pk for item in items], first=False)
    assert set(Case.objects.values_list("last_item", flat=True)) == {items[0].pk, items[2].pk}
    monkeypatch.undo()
    jobs.taken_in.func.__wrapped__(channel_id=channel.pk, item_ids=[item.pk for item in items], first=False)
    assert Case.objects.count() == 3


def test_d35_what_was_received_and_never_heard_of_gets_its_case_all_the_same() -> None:
    now = timezone.now()
    channel = factories.channel(now=now - timedelta(days=2))
    long_ago = now - timedelta(hours=1)
    forgotten = factories.item(channel, at=long_ago, now=now)
    fresh = factories.item(channel, at=now - timedelta(minutes=2), now=now)
    history = factories.item(channel, at=now - timedelta(days=90), fetched=long_ago, now=now)
    assert list(queries.without_case(now=now, history=HISTORY)) == [forgotten]
    jobs.unheard.func.__wrapped__(timestamp=0)
    assert list(Case.objects.values_list("last_item", flat=True)) == [forgotten.pk]
    assert not list(queries.without_case(now=now, history=HISTORY))
    assert {fresh.pk, history.pk} == set(Item.objects.exclude(pk=forgotten.pk).values_list("pk", flat=True))
