"""What staff make of an item: it is kept with what the rules were, and is what they are measured by (D71)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.records import reading as secrecy
from uppsikt.records.models import Item
from uppsikt.text import reading as text
from uppsikt.triage import queries
from uppsikt.triage.models import Judgement, Sample

Source = Judgement.Source


def may_judge(person: Person, channel: Channel, *, now: datetime) -> bool:
    """Whether the person acts on the channel, and so may say what holds there (D21)."""
    return any(channels.mandate(person, channel, act, at=now) for act in (Act.ANSWER, Act.HIDE, Act.REMOVE))


def judge(
    item: Item, *, ground: str, agreed: bool, by: Person, now: datetime, source: Source = Source.PAGE
) -> Judgement:
    """Keep what somebody made of an item: that a ground holds (`agreed`) or does not; "" is nothing to remark.

    A room that decides for other reasons (a removal) says so by `source` and has checked who may. Nothing happens to
    the item. Raises Refused for somebody without a mandate, and for a ground that the policy does not have.
    """
    if source == Source.PAGE:
        readable = secrecy.may_read(secrecy.reader(by, now=now), item)
        if not readable or not may_judge(by, item.channel, now=now):
            raise Refused("may_not_judge", _("Bara den som har uppdrag i kanalen kan säga om bedömningen stämmer."))
    if ground and policy.ground(ground) is None:
        raise Refused("no_ground", _("Välj en av grunderna i reglerna."))
    with transaction.atomic():
        row = Judgement.objects.create(
            item=item,
            version_id=version_of(item),
            ground=ground,
            agreed=agreed,
            source=source,
            by=by,
            at=now,
            detector_version=text.VERSION,
            found=queries.pointed_to(item, ground),
        )
        trail.note("judge", item, by=by.doer, at=now, also={"ground": ground, "agreed": agreed, "source": source.value})
    return row


def version_of(item: Item) -> int:
    """The wording that an item has: it is taken in with one, though the database could not ask for it beforehand."""
    if item.version_id is None:
        raise ValueError(f"item {item.pk} has no wording")
    return item.version_id


def passed(items: Iterable[Item], *, by: Person, now: datetime) -> int:
    """A round was signed with nothing to remark on these: of those drawn by lot, that is kept; returns how many.

    What was not drawn by lot says little: somebody who sees many things at once has not weighed each.
    """
    shown = {item.pk: item for item in items}
    drawn = Sample.objects.filter(item__in=shown).exclude(item__in=Judgement.objects.values("item_id"))
    keys = list(drawn.values_list("item_id", "found"))
    Judgement.objects.bulk_create(
        [
            Judgement(
                item_id=pk, version_id=version_of(shown[pk]), ground="", agreed=True, source=Source.ROUND, by=by,
                at=now, detector_version=text.VERSION, found=found,
            )
            for pk, found in keys
        ]
    )  # fmt: skip
    return len(keys)
