"""Templates for answers (svarsmallar): who may use and change them, their versions, and which suits a case best."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.inbox import rules, tongues
from uppsikt.inbox.desk_models import ReplyTemplate, ReplyTemplateVersion
from uppsikt.inbox.models import Case
from uppsikt.inbox.rules import Sort
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.hours import write_spans
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy
from uppsikt.policy.words import weekday_name
from uppsikt.ui.paging import number_of
from uppsikt.ui.times import day_words

LONGEST = 5000
# No desk has more at hand than can be looked through; beyond that, those that suit least are left out of the picker.
AT_HAND = 300
OFFERED = 30
WORD = re.compile(r"\w{3,}")
# So much of a word decides whether two are the same: öppettider and öppettiderna, plogas and plogning.
STEM = 6


def usable(person: Person) -> QuerySet[ReplyTemplate]:
    """The person's own templates, their unit's, and everybody's."""
    mine = Q(owner=person) | Q(owner=None, unit=None)
    if person.unit_id is not None:
        mine |= Q(unit_id=person.unit_id)
    return ReplyTemplate.objects.filter(mine, retired_at=None).select_related("unit")


def may_change(person: Person, *, owner_id: int | None, unit_id: int | None) -> bool:
    """Whether the person keeps such templates: one's own; a unit's its manager; all the communications unit."""
    if owner_id is not None:
        return owner_id == person.pk
    if Role.COMMUNICATIONS in person.roles:
        return True
    units = person.units_as(Role.MANAGER) if Role.MANAGER in person.roles else frozenset[int]()
    return unit_id is not None and (units is None or unit_id in units)


def units_kept(person: Person) -> QuerySet[Unit]:
    """The units whose templates the person keeps."""
    if Role.COMMUNICATIONS in person.roles:
        return Unit.objects.all()
    units = person.units_as(Role.MANAGER) if Role.MANAGER in person.roles else frozenset[int]()
    return Unit.objects.all() if units is None else Unit.objects.filter(pk__in=units)


def save(
    template: ReplyTemplate | None,
    *,
    name: str,
    texts: Mapping[str, str],
    sort: Sort,
    words: str,
    owner: Person | None,
    unit: Unit | None,
    by: Person,
    now: datetime,
) -> ReplyTemplate:
    """Write a template, or a new version of one. Raises Refused for what may not be, or could never be sent."""
    kept = {code: text.replace("\r\n", "\n").strip() for code, text in texts.items() if text.strip()}
    check(kept, owner=owner, unit=unit, by=by)
    with transaction.atomic():
        if template is None:
            row = ReplyTemplate(changed_at=now)
        else:
            row = ReplyTemplate.objects.select_for_update().get(pk=template.pk)
            check_may_change(row.owner_id, row.unit_id, by)
            row.number += 1
        row.name, row.texts, row.sort, row.words = name.strip(), kept, sort.value, " ".join(words.split())
        row.owner, row.unit, row.changed_at = owner, unit, now
        row.save()
        ReplyTemplateVersion.objects.create(template=row, number=row.number, name=row.name, texts=kept, by=by, at=now)
        step = "write_template" if template is None else "change_template"
        trail.note(step, row, by=by.doer, at=now, also={"number": row.number, "unit": unit, "owner": owner})
    return row


def check(texts: Mapping[str, str], *, owner: Person | None, unit: Unit | None, by: Person) -> None:
    """Raise Refused unless there is a text, with fields that exist, in a place where the person may put it."""
    check_may_change(owner.pk if owner else None, unit.pk if unit else None, by)
    if not texts:
        raise Refused("empty", _("Skriv mallens text på minst ett språk."))
    if any(len(text) > LONGEST for text in texts.values()):
        raise Refused("too_long", _("En mall får vara högst %(number)s tecken.") % {"number": LONGEST})
    unknown = [name for text in texts.values() for name in rules.unknown_fields(text)]
    if unknown:
        raise Refused(
            "unknown_field",
            _("Det finns inget fält som heter %(name)s. Fälten är: %(fields)s.")
            % {"name": f"{{{unknown[0]}}}", "fields": ", ".join(f"{{{name}}}" for name in rules.FIELDS)},
        )


def check_may_change(owner_id: int | None, unit_id: int | None, by: Person) -> None:
    """Raise Refused where the person does not keep such templates."""
    if not may_change(by, owner_id=owner_id, unit_id=unit_id):
        raise Refused(
            "not_yours",
            _("Enhetens mallar ändras av chefen, och allas av kommunikationsenheten. Gör en egen mall i stället."),
        )


def retire(template: ReplyTemplate, *, by: Person, now: datetime) -> None:
    """Take a template out of use. Its versions stay: answers point at them."""
    check_may_change(template.owner_id, template.unit_id, by)
    with transaction.atomic():
        ReplyTemplate.objects.filter(pk=template.pk, retired_at=None).update(retired_at=now)
        trail.note("retire_template", template, by=by.doer, at=now)


@dataclass(frozen=True, slots=True)
class Choice:
    """A template in one language, filled in for a case. `missing` are the fields that nobody has filled yet."""

    template: ReplyTemplate
    code: str
    text: str
    missing: tuple[str, ...]

    @property
    def language(self) -> str:
        """The language's name."""
        return str(tongues.LANGUAGES.get(self.code, self.code))

    @property
    def place(self) -> str:
        """The field of the case's page that it is for."""
        return "hold" if self.template.sort == Sort.HOLDING else "answer"

    @property
    def key(self) -> str:
        """Which template, version and language, as a form says it."""
        return f"{self.template.pk}.{self.template.number}.{self.code}"


def choices(case: Case, person: Person, *, now: datetime) -> list[Choice]:
    """What can be answered with, filled in, the best suited first: by the question's language, then by its words."""
    text = case.last_item.version.text[:2000] if case.last_item.version else ""
    asked, code = stems(text), tongues.language_of(text)
    values = values_of(case, person, now=now)
    ranked = sorted(
        (
            (
                -(language == code),
                template.sort == Sort.HOLDING,
                -shared(template, asked),
                whose(template),
                template.name,
                language,
                template,
            )
            for template in usable(person).order_by("-id")[:AT_HAND]
            for language in template.texts
        ),
        key=lambda row: row[:6],
    )
    return [choice(template, language, values) for *_rank, language, template in ranked[:OFFERED]]


def choice(template: ReplyTemplate, code: str, values: Mapping[str, str]) -> Choice:
    """One template in one language, filled in."""
    text = rules.fill(template.texts[code], values)
    return Choice(template, code, text, tuple(rules.unfilled(text)))


def whose(template: ReplyTemplate) -> int:
    """Own templates go before the unit's, and those before everybody's."""
    return 0 if template.owner_id else 1 if template.unit_id else 2


def stems(text: str) -> frozenset[str]:
    """The beginnings of a text's words."""
    return frozenset(word[:STEM] for word in WORD.findall(text.lower()))


def shared(template: ReplyTemplate, asked: frozenset[str]) -> int:
    """How many of a question's words the template is about; its name and its words count double its text."""
    about = stems(f"{template.name} {template.words}") & asked
    said = stems(" ".join(template.texts.values())) & asked
    return 2 * len(about) + len(said)


def values_of(case: Case, person: Person, *, now: datetime) -> dict[str, str]:
    """What the case fills in; what it does not know is left out. In Swedish, as the field's name is."""
    with translation.override("sv"):
        return {
            "namn": one_line(str(case.last_item.actor)),
            "kanal": case.channel.name,
            "enhet": case.holder_unit.name,
            "handläggare": person.name,
            "telefon": person.phone,
            "länk": case.last_item.link,
            "datum": day_words(now),
            "svarsdag": policy.due_words(case.due_at, now=now),
            "öppettider": opening_words(),
        }


def one_line(text: str) -> str:
    """A name from a network as part of a sentence; what would be a field of ours is none."""
    return " ".join(text.replace("{", "(").replace("}", ")").split())[:80]


def opening_words() -> str:
    """The week's opening hours, days that are alike together: "måndag–fredag 8.00–16.30"."""
    week = [write_spans(spans or ()) for spans in policy.hours().week]
    groups = list[tuple[int, int, str]]()
    for day, hours in enumerate(week):
        if groups and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], day, hours)
        else:
            groups.append((day, day, hours))
    return ", ".join(days_words(first, last) + f" {hours}" for first, last, hours in groups if hours)


def days_words(first: int, last: int) -> str:
    """Weekdays from one to another."""
    names = weekday_name(first).lower(), weekday_name(last).lower()
    return names[0] if first == last else "–".join(names)


def find(key: str, person: Person) -> tuple[ReplyTemplate, str] | None:
    """The template and language of a form's key, where the person may use it; None for any other."""
    parts = key.split(".")
    if len(parts) != len(("key", "version", "language")):
        return None
    pk, version, language = number_of(parts[0]), number_of(parts[1]), parts[2]
    if pk is None or version is None:
        return None
    template = usable(person).filter(pk=pk).first()
    if template is None or language not in template.texts:
        return None
    # The version that was filled in is the one that the trail names, though a newer one was written meanwhile.
    template.number = min(version, template.number)
    return template, language


def versions(template: ReplyTemplate) -> Sequence[ReplyTemplateVersion]:
    """The wordings that it had, newest first."""
    return list(template.versions.select_related("by").order_by("-number")[:20])
