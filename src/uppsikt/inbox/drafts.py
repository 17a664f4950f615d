"""What somebody has begun to write on a case: kept on the server as they write, so that any device goes on from there.

A draft is nobody's record and leaves no step in the trail; that it was handed over does.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from uppsikt.inbox.desk_models import Draft
from uppsikt.inbox.rules import Sort
from uppsikt.organisation.models import Person
from uppsikt.ui.paging import number_of

LONGEST = 20_000
PLACES = frozenset({"answer", "hold", "forward", "note", "no-answer", "pass-on"})
# A colleague who has not written for so long is not writing.
STILL_WRITING = timedelta(days=2)
# What nobody has gone on with for so long is let go.
KEPT_FOR = timedelta(days=90)


class Newer(Exception):
    """Another device has written since; `draft` is what stands there now, None where it was sent or thrown away."""

    def __init__(self, draft: Draft | None) -> None:
        super().__init__("newer")
        self.draft = draft


def place_of(sort: Sort, forward: object | None) -> str:
    """In which field an answer is written: one's own, an expert's (a forwarded question), or a holding answer."""
    if sort is Sort.HOLDING:
        return "hold"
    key = getattr(forward, "pk", None)
    return f"forward-{key}" if key else "answer"


def is_place(place: str) -> bool:
    """Whether a field of a case's page has this name."""
    kind, _dash, number = place.partition("-")
    return place in PLACES or (kind == "forward" and number_of(number) is not None)


def save(*, case_id: int, person: Person, place: str, text: str, version: int, now: datetime) -> Draft | None:
    """Keep what is written; nothing is left of an empty text. Raises Newer where `version` is not the newest.

    `version` is that of the draft the writer began from, 0 where there was none.
    """
    with transaction.atomic():
        rows = Draft.objects.select_for_update().filter(case_id=case_id, person=person, place=place)
        draft = rows.first()
        if draft is None and version:
            raise Newer(None)
        if draft is not None and draft.version != version:
            raise Newer(draft)
        if not text.strip():
            rows.delete()
            return None
        if draft is None:
            draft, made = Draft.objects.get_or_create(
                case_id=case_id, person=person, place=place, defaults={"text": text[:LONGEST], "saved_at": now}
            )
            if not made:
                raise Newer(draft)
            return draft
        draft.text, draft.saved_at, draft.version = text[:LONGEST], now, draft.version + 1
        draft.save(update_fields=["text", "saved_at", "version"])
    return draft


def drop(case_id: int, person: Person, place: str) -> None:
    """It was sent, or thrown away."""
    Draft.objects.filter(case_id=case_id, person=person, place=place).delete()


def restore(case_id: int, person: Person, place: str, text: str, *, now: datetime) -> None:
    """What was sent and taken back is a draft again, before anything else written there since."""
    Draft.objects.filter(case_id=case_id, person=person, place=place).delete()
    Draft.objects.create(case_id=case_id, person=person, place=place, text=text, saved_at=now)


def hand_over(case_id: int, *, by: Person, to: Person) -> bool:
    """Let a colleague read what was begun, and go on with it; False where nothing was."""
    return bool(Draft.objects.filter(case_id=case_id, person=by, place="answer").update(handed_to=to))


def of_case(case_id: int, person: Person) -> tuple[dict[str, Draft], list[Draft]]:
    """The person's own drafts by place, and what colleagues have handed over to the person."""
    rows = Draft.objects.filter(Q(person=person) | Q(handed_to=person), case_id=case_id).select_related("person")
    found = list(rows.order_by("-saved_at"))
    own = {draft.place.replace("-", "_"): draft for draft in found if draft.person_id == person.pk}
    return own, [draft for draft in found if draft.person_id != person.pk]


def writers(case_id: int, person: Person, *, now: datetime) -> tuple[str, ...]:
    """The names of colleagues who have lately written on an answer to the case."""
    rows = Draft.objects.filter(case_id=case_id, saved_at__gte=now - STILL_WRITING, handed_to=None)
    rows = rows.exclude(person=person).exclude(place__in=["note", "forward", "no-answer", "pass-on"])
    return tuple(sorted(set(rows.values_list("person__name", flat=True))))


def sweep(*, now: datetime) -> int:
    """Let go of what nobody goes on with; returns how many."""
    return Draft.objects.filter(saved_at__lt=now - KEPT_FOR).delete()[0]
