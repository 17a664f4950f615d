"""The page of one record, put together from all rooms: wordings, conversation, case and trail (D18, D40)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from uppsikt.channels import words as channel_words
from uppsikt.inbox import queries as inbox
from uppsikt.inbox.models import Case, CaseItem
from uppsikt.kernel import trail
from uppsikt.moderation import queries as moderation
from uppsikt.moderation.views import DECIDERS
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF
from uppsikt.records import grounds, queries, secrecy, words
from uppsikt.records.models import Attachment, Item, Secrecy, Version
from uppsikt.records.reading import Reader
from uppsikt.records.secrecy_views import MARKERS
from uppsikt.triage import actions as triage_actions
from uppsikt.triage import queries as triage
from uppsikt.ui import trails
from uppsikt.ui.differences import Part, differences
from uppsikt.ui.hostile import printable

VERSIONS, THREAD, STEPS = 20, 200, 200


@dataclass(frozen=True, slots=True)
class Wording:
    """A version as the page shows it; `parts` is the way from the one before, None for the first and for long ones."""

    version: Version
    parts: list[Part] | None
    remarks: list[str]


def wordings(versions: list[Version]) -> list[Wording]:
    """The versions with what changed, newest first; the last has nothing before it, or stands on the next page."""
    before = [*versions[1:], None]
    return [
        Wording(
            version,
            differences(printable(old.text), printable(version.text)) if old else None,
            [words.word(words.REMARKS, remark) for remark in version.remarks],
        )
        for version, old in zip(versions, before, strict=True)
    ]


def files(item: Item) -> list[tuple[Attachment, str]]:
    """The attachments, each with how it stands in words."""
    return [(row, standing(row)) for row in queries.attachments(item)]


def standing(row: Attachment) -> str:
    """Whether an attachment's bytes are kept, and why not."""
    if row.blob_id:
        return ""
    if not row.trouble:
        return _("hämtas")
    if row.trouble.startswith("http_"):
        return _("gick inte att hämta (svar %(status)s)") % {"status": row.trouble.removeprefix("http_")}
    return _("gick inte att hämta: %(why)s") % {"why": channel_words.trouble(row.trouble).title}


def case_of(item: Item, person: Person, *, now: datetime) -> Case | None:
    """The item's case, or else the first one of its conversation, for those who may see it."""
    rows = inbox.cases(inbox.reach(person, at=now)).filter(thread_id=item.thread_id)
    # Part of a conversation may have been split off into a case of its own.
    own = Exists(CaseItem.objects.filter(case=OuterRef("pk"), item=item))
    return rows.annotate(own=own).order_by("-own", "id").first()


def held_secret(item: Item) -> list[tuple[Secrecy, str]]:
    """The marking that holds, with its ground in words; asked for where there is one."""
    return [(row, grounds.words(row.ground, row.section)) for row in secrecy.marks(item)] if item.secret else []


def context(item: Item, person: Person, reader: Reader, *, now: datetime, before: int | None = None) -> dict[str, Any]:
    """All that the page shows."""
    versions = queries.versions(item, before=before, limit=VERSIONS + 1)
    shown = wordings(versions)[:VERSIONS]
    thread = list(queries.beginnings(queries.in_thread(item.thread, reader))[:THREAD])
    return {
        "item": item,
        "address": item.link,
        "icon": channel_words.network_icon(item.channel.network),
        "network": channel_words.network(item.channel.network),
        "kind": words.word(words.KINDS, item.kind),
        "direction": words.word(words.DIRECTIONS, item.direction),
        "state": words.word(words.STATES, item.state),
        "state_means": words.word(words.STATES_MEAN, item.state),
        "tone": words.TONES.get(item.state, "neutral"),
        "newest": shown[0] if shown and not before else None,
        "wordings": shown,
        "older": shown[-1].version.number if len(versions) > VERSIONS else None,
        "files": files(item),
        "thread": thread,
        "thread_cut": len(thread) == THREAD,
        "post": queries.post_over(item.thread, reader),
        "case": case_of(item, person, now=now),
        "may_mark": secrecy.may_mark(reader, item) and bool(set(MARKERS) & person.roles),
        "secrecy": held_secret(item),
        "lines": trails.lines(trail.steps_of(item)[:STEPS], words.STEPS),
        "removal": moderation.standing(item),
        "may_remove": bool(set(DECIDERS) & person.roles) and item.state != "gone",
        "triage": triage.seen([item], reader).get(item.pk),
        "triage_grounds": triage.ground_names(),
        "may_judge": bool(set(STAFF) & person.roles) and triage_actions.may_judge(person, item.channel, now=now),
    }
