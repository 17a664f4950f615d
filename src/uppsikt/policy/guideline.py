"""Who knows the guideline: acknowledged by those with a mandate, and anew when it changes (D24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.once import once
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Person
from uppsikt.policy import news, queries
from uppsikt.policy.guideline_models import Acknowledgement, Edition

PAGE = "/regler/riktlinje/"
POINT = "-"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the guideline and what is said under it."""

    heading: str
    points: tuple[str, ...]


def sections(text: str) -> tuple[Section, ...]:
    """The guideline as a page shows it: a line is a heading, a line that begins with "-" a point under it."""
    found: list[tuple[str, list[str]]] = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        if not line.startswith(POINT):
            found.append((line, []))
        else:
            if not found:
                found.append(("", []))
            found[-1][1].append(line.removeprefix(POINT).strip())
    return tuple(Section(heading, tuple(points)) for heading, points in found)


def newest() -> Edition | None:
    """The edition that is asked for now; None before the policy is laid in."""
    return Edition.objects.order_by("-number").first()


def knows_it(person: str, *, at: datetime) -> Q:
    """For rows with a person: that each edition which is due by then, or a later one, is acknowledged by them.

    `person` is the field that holds the person's key. No question more is asked of the database.
    """
    said = Acknowledgement.objects.filter(
        person=OuterRef(OuterRef(person)), edition__number__gte=OuterRef("number"), at__lte=at
    )
    return ~Q(Exists(Edition.objects.filter(~Exists(said), due_at__lte=at)))


def owes(person: Person, *, at: datetime) -> bool:
    """Whether the person is stopped now, until they have acknowledged the guideline. A page asks once."""
    rows = Person.objects.filter(knows_it("pk", at=at), pk=person.pk)
    return once(("guideline", person.pk), lambda: not rows.exists())


def unread(person: Person) -> Edition | None:
    """The newest edition, where the person has not acknowledged it yet, whether it is due or not; one question."""
    said = Acknowledgement.objects.filter(person=person, edition=OuterRef("pk"))
    edition = Edition.objects.annotate(said=Exists(said)).order_by("-number").first()
    return None if edition is None or edition.said else edition


def due() -> Subquery:
    """For a query: by when the newest edition is to be acknowledged; None where there is none."""
    return Subquery(Edition.objects.order_by("-number").values("due_at")[:1])


def said(person: str) -> Exists:
    """For rows with a person (whose key the field holds): whether they have acknowledged the newest edition."""
    newest = Subquery(Edition.objects.order_by("-number").values("pk")[:1])
    return Exists(Acknowledgement.objects.filter(person=OuterRef(person), edition=newest))


def acknowledged(edition: Edition) -> QuerySet[Acknowledgement]:
    """Who has acknowledged an edition, the last first."""
    return Acknowledgement.objects.filter(edition=edition).select_related("person__unit").order_by("-at", "-pk")


def acknowledge(person: Person, *, number: int, now: datetime) -> Acknowledgement:
    """The person has read the edition and follows it; said twice, once counts. Raises Refused for another edition."""
    edition = newest()
    if edition is None or edition.number != number:
        raise Refused("changed_meanwhile", _("Riktlinjen har fått en ny lydelse. Läs den nya och kvittera sedan."))
    with transaction.atomic():
        row, made = Acknowledgement.objects.get_or_create(person=person, edition=edition, defaults={"at": now})
        if made:
            trail.note("acknowledge", edition, by=person.doer, at=now)
    return row


def publish(
    *, text: str, changes: str, days: int | None = None, after: int | None = None, by: Doer, now: datetime
) -> Edition:
    """A new edition, which all with a mandate acknowledge within so many days (by the policy; 0: at once).

    `after` is the number of the edition that the writer began from. Raises Refused without a text, without a word of
    what is new, and where somebody has published another edition since.
    """
    if not sections(text):
        raise Refused("no_text", _("Skriv riktlinjen i korthet."))
    if not changes.strip():
        raise Refused("no_changes", _("Skriv vad som är nytt, så att de som redan kan riktlinjen ser det."))
    grace = queries.number("guideline.acknowledge_days") if days is None else days
    with transaction.atomic():
        # Of two who publish at once one waits here, and then sees what the other published.
        list(Edition.objects.select_for_update().order_by("number")[:1])
        last = newest()
        if after is not None and last is not None and last.number != after:
            raise Refused(
                "changed_meanwhile",
                _("Det har kommit en ny utgåva sedan du började skriva. Läs den, och skriv om det behövs en till."),
            )
        edition = Edition(
            number=last.number + 1 if last else 1,
            text=text.strip(),
            changes=changes.strip(),
            since=now,
            due_at=now + timedelta(days=grace),
        )
        edition.save(force_insert=True)
        trail.note("publish", edition, by=by, at=now, reason=edition.changes, also={"due_at": edition.due_at})
        news.EDITION.tell(edition_id=edition.pk)
    return edition
