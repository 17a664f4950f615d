"""Who runs the account, with what right (D4, D8, D11, D21, D24, D29, D31–D34)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from uppsikt.channels.models import Mandate
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Contact, Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import courses, guideline
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import administrators, people_load, relations
from uppsikt.register.checks.base import Check, Fault, Subject
from uppsikt.register.loan_models import Loan

CONTROL = "Kommunallagen (2017:725) 6 kap. 6 §"
ORDER = "OSL (2009:400) 4 kap. 1 §"
SERVICE = "Förvaltningslagen (2017:900) 6 §"
OBJECTIVE = "RF 1 kap. 9 §"
# An account of a network's; what people handed over by other ways is none (D60).
NO_ACCOUNT = "handed_over"
AT_LEAST = 2
# So long somebody has to write how things were left when a loan ended.
NOTE_WITHIN = timedelta(days=7)
TENTH = Decimal("0.1")


def named(people: Iterable[Person], **more: str) -> list[Fault]:
    """A fault for each person, marked by their key."""
    return [Fault(f"person:{one.pk}", {"person": one.name, **more}) for one in people]


def is_account(subject: Subject) -> bool:
    """Whether there is an account on a network at all."""
    return subject.channel.network != NO_ACCOUNT


def two_administrators(subject: Subject) -> list[Fault]:
    """At least two administrators from the unit (D11)."""
    if not is_account(subject):
        return []
    rows = administrators.of(subject.channel).filter(
        person__is_active=True, person__politician=False, person__unit=subject.channel.unit_id
    )
    number = rows.count()
    return [] if number >= AT_LEAST else [Fault(facts={"number": str(number), "unit": subject.channel.unit.name})]


def communications(subject: Subject) -> list[Fault]:
    """Somebody from the communications unit has an administrator's rights (D8)."""
    if not is_account(subject):
        return []
    unit = organisation.people_with_role(Role.COMMUNICATIONS, at=subject.at)
    held = administrators.of(subject.channel).filter(person__in=unit.values("pk"))
    return [] if held.exists() else [Fault()]


def standing(subject: Subject) -> QuerySet[Mandate]:
    """The mandates that hold on the channel."""
    rows = Mandate.objects.standing(subject.at)
    return rows.filter(Q(channel=subject.channel) | Q(channel=None))


def nobody(subject: Subject) -> list[Fault]:
    """Somebody has a mandate that is in force (D21)."""
    return [] if standing(subject).exists() else [Fault()]


def mandates_lapsed(subject: Subject) -> list[Fault]:
    """Whoever has the rights on the network has a mandate too, or is of the communications unit (D21)."""
    unit = organisation.people_with_role(Role.COMMUNICATIONS, at=subject.at)
    rows = administrators.of(subject.channel).exclude(person__in=unit.values("pk"))
    rows = rows.exclude(person__in=standing(subject).values("person"))
    return named(row.person for row in rows)


def politicians(subject: Subject) -> list[Fault]:
    """Nobody who is elected answers for the account, has its rights on the network, or a mandate (D34)."""
    channel = subject.channel
    held = Mandate.objects.filter(channel=channel, state="in_force").filter(Q(until=None) | Q(until__gt=subject.at))
    part = (
        Q(pk=channel.responsible_id)
        | Q(pk__in=administrators.of(channel).order_by().values("person"))
        | Q(pk__in=held.values("person"))
    )
    return named(Person.objects.filter(part, politician=True).order_by("pk"))


def responsible(subject: Subject) -> list[Fault]:
    """The one who answers for the account works here (D5)."""
    one = subject.channel.responsible
    return [] if one.is_active else named([one])


def unacknowledged(subject: Subject) -> list[Fault]:
    """Whoever has a mandate on the channel has acknowledged the guideline (D24)."""
    own = Mandate.objects.standing(subject.at).filter(channel=subject.channel)
    people = Person.objects.filter(pk__in=own.values("person"))
    return named(people.exclude(guideline.knows_it("pk", at=subject.at)).order_by("pk"))


def without_course(subject: Subject) -> list[Fault]:
    """Whoever has a mandate on the channel has gone through the network's short course (D24)."""
    course = courses.of(subject.channel.network)
    if course is None:
        return []
    own = Mandate.objects.standing(subject.at).filter(channel=subject.channel)
    people = list(Person.objects.filter(pk__in=own.values("person")).order_by("pk"))
    done = courses.taken(one.pk for one in people)
    return named((one for one in people if course.code not in done.get(one.pk, set())), course=course.name)


def contact_gap(subject: Subject) -> list[Fault]:
    """The unit's department has somebody to ask when an answer cannot wait (D4)."""
    department = subject.channel.unit.department
    there = Contact.objects.filter(department=department, person__is_active=True).exists()
    return [] if there else [Fault(facts={"department": department.name})]


def personal_account(subject: Subject) -> list[Fault]:
    """The account is no employee's own, where the network does not let an organisation use one (D29)."""
    known = NETWORKS.get(subject.channel.network)
    if known is None or known.personal_account_allowed or not is_account(subject):
        return []
    names = {str(subject.profile.get("name", "")).strip().casefold(), subject.entry.handle.strip().casefold()} - {""}
    if not names:
        return []
    ours = {name.casefold(): name for name in Person.objects.filter(is_active=True).values_list("name", flat=True)}
    found = sorted(names & set(ours))
    return [Fault(facts={"name": ours[found[0]]})] if found else []


def overloaded(subject: Subject) -> list[Fault]:
    """The channel gives no more to do than was promised time for (D24)."""
    load = people_load.of([subject.channel], at=subject.at).get(subject.channel.pk)
    promised = subject.entry.hours_a_week
    if load is None or not people_load.too_much(load, promised):
        return []
    # To the half hour: a figure that moves each night would be another fault each night.
    hours = (load.hours * 2).to_integral_value() / 2
    return [Fault(facts={"hours": str(hours.quantize(TENTH)), "promised": str(promised)})]


def unfit_relations(subject: Subject) -> list[Fault]:
    """What the account likes and follows is what the guideline lets it (D32, D33)."""
    rows = relations.of(subject.channel).exclude(party="")
    return [Fault(f"relation:{row.pk}", {"name": row.name}) for row in rows if relations.fault(row)]


def unsaid_relations(subject: Subject) -> list[Fault]:
    """Somebody has said whose the pages are that the account likes; one fault, however many there are (D32)."""
    number = sum(relations.fault(row) == "unsaid" for row in relations.of(subject.channel).filter(party=""))
    return [Fault(facts={"number": str(number)})] if number else []


def no_handover(subject: Subject) -> list[Fault]:
    """Whoever had the account on loan has written how it was left (D31)."""
    rows = Loan.objects.filter(channel=subject.channel, state="ended", ended_at__lt=subject.at - NOTE_WITHIN)
    return [
        Fault(f"loan:{row.pk}", {"day": f"{timezone.localdate(row.ended_at):%Y-%m-%d}"}) for row in rows.order_by("pk")
    ]


CHECKS: tuple[Check, ...] = (
    Check("people.responsible", "D5", CONTROL, responsible, must=True),
    Check("people.administrators", "D11", ORDER, two_administrators, must=True),
    Check("people.communications_missing", "D8", ORDER, communications, must=True),
    Check("people.nobody", "D21", CONTROL, nobody, must=True),
    Check("people.mandate_lapsed", "D21", CONTROL, mandates_lapsed),
    Check("people.politician", "D34", OBJECTIVE, politicians, must=True),
    Check("people.unacknowledged", "D24", CONTROL, unacknowledged),
    Check("people.course", "D24", SERVICE, without_course),
    Check("people.overloaded", "D24", SERVICE, overloaded),
    Check("people.contact_gap", "D4", SERVICE, contact_gap),
    Check(
        "people.personal_account", "D29", "Nätets egna villkor; OSL (2009:400) 4 kap. 1 §", personal_account, must=True
    ),
    Check("people.relation", "D32, D33", OBJECTIVE, unfit_relations),
    Check("people.relation_unsaid", "D32", OBJECTIVE, unsaid_relations),
    Check("people.loan_note", "D31", ORDER, no_handover),
)
