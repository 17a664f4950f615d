"""What the inbox shows when it is looked at: a long list, a case with all that can happen to one, the expert's page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

import factories
from journeys.rooms import HOSTILE, reader
from uppsikt.channels import sending
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import CapturedAttachment, Direction, Kind, Permanent, Sent, Unknown, Visibility
from uppsikt.inbox import actions, answers, desks, drafts, forwards, outcomes, reply_templates
from uppsikt.inbox.answers import Author
from uppsikt.inbox.desk_models import ReplyTemplate
from uppsikt.inbox.models import Answer, Case, Forward
from uppsikt.inbox.rules import Sort
from uppsikt.kernel import intents
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role

LONG_AGO = timedelta(days=300)


def library(now: datetime, *, name: str = "Älvsta bibliotek") -> tuple[Channel, Person]:
    """A channel, and the one who is logged in with a mandate on it."""
    channel, me = factories.channel(name=name, now=now), reader("officer")
    me.unit = channel.unit
    me.save()
    factories.mandate(me, channel, since=now - LONG_AGO)
    return channel, me


def fail(answer: Answer, *, uncertain: bool, now: datetime) -> None:
    """The answer does not reach the network, or nobody can tell."""
    intent = intents.start(answer.intent, by=sending.PUBLISHER, now=now)
    sending.failed(
        intent, answer.case.channel, Unknown("unknown_outcome") if uncertain else Permanent("rejected"), now=now
    )
    intent.refresh_from_db()
    if uncertain:
        intent.needs_person = True
        intent.save()
    outcomes.not_sent(intent, now=now)


def many_cases() -> tuple[Any, ...]:
    """A list with a case of each sort."""
    now = timezone.now()
    channel, me = library(now)
    factories.mandate(me, factories.channel(name="Kundcenter", now=now), since=now - LONG_AGO)
    texts = ("När plogas Storgatan? Barnen går mitt i vägen.", "Kan ni ha söndagsöppet?", HOSTILE, "Tack för i går!")
    rows = [
        factories.case(channel, now=now, at=now - timedelta(hours=30 - 7 * number), text=text, author=f"Maria {number}")
        for number, text in enumerate(texts)
    ]
    actions.take(rows[0], me, now=now)
    forwards.forward(rows[1], question="", by=me, now=now, email="siv@alvsta.example", name="Siv Lund")
    fail(answers.answer(rows[2], "Ja", author=Author.of(me), publisher=me, now=now), uncertain=False, now=now)
    return ()


def whole_case(now: datetime) -> Case:
    """A case with an edited comment, a held one, a picture, notes, an expert who answered and one who did not."""
    channel, me = library(now)
    colleague = factories.officer(channel, name="Olle Berg")
    at, post = now - timedelta(hours=4), "post/1"
    picture = CapturedAttachment("https://natet.example/b.png", "image/png", "b.png", alt="En stängd dörr")
    readings = [
        factories.captured(
            post,
            text="Nu har vi söndagsöppet! " * 9,
            at=at,
            kind=Kind.POST,
            direction=Direction.DRAWN_UP,
            author="Biblioteket",
        ),
        factories.captured("comment/1", text="När öpnar ni?", at=at, post=post, attachments=(picture,)),
        factories.captured("comment/2", text=HOSTILE, at=at + timedelta(hours=1), thread="comment/1", post=post),
        factories.captured(
            "comment/3",
            text="Elakt",
            at=at + timedelta(hours=2),
            thread="comment/1",
            post=post,
            visibility=Visibility.HELD,
        ),
    ]
    items = factories.items(channel, readings, now=now)
    again = factories.captured("comment/1", text="När öppnar ni på söndag?", at=at, post=post, attachments=(picture,))
    factories.items(channel, [again], now=now)
    for item in items[1:]:
        case = actions.receive(item, now=now)
    actions.assign(case, colleague, by=me, now=now)
    actions.add_note(case, "Ring vaktmästaren, han vet.", by=colleague, now=now)
    expert = factories.person(name="Siv Lund", title="bibliotekarie")
    organisation.add_contact(
        department=channel.unit.department, person=expert, matter="", rank=1, by=factories.TESTER, now=now
    )
    row, _link = forwards.forward(case, question="Vet du?", by=me, now=now, person=expert)
    forwards.answer(row, text="Klockan tolv.", name="Siv Lund", title="bibliotekarie", unit="Biblioteket", now=now)
    forwards.forward(case, question="Och i jul?", by=me, now=now, email="vd@foretag.example", name="Bo Ek")
    return case


def full_case() -> tuple[Any, ...]:
    """The page of such a case."""
    return (whole_case(timezone.now()).pk,)


def failed_case() -> tuple[Any, ...]:
    """A case whose answer did not reach the network."""
    now = timezone.now()
    case, me = whole_case(now), reader("officer")
    fail(answers.answer(case, "Klockan tolv.", author=Author.of(me), publisher=me, now=now), uncertain=False, now=now)
    return (case.pk,)


def uncertain_case() -> tuple[Any, ...]:
    """A case of whose answer nobody knows whether it is on the network."""
    now = timezone.now()
    case, me = whole_case(now), reader("officer")
    fail(answers.answer(case, "Klockan tolv.", author=Author.of(me), publisher=me, now=now), uncertain=True, now=now)
    return (case.pk,)


def claimed_case() -> tuple[Any, ...]:
    """A case that a colleague is answering."""
    now = timezone.now()
    case = whole_case(now)
    colleague = Person.objects.get(name="Olle Berg")
    factories.mandate(colleague, case.channel, since=now - LONG_AGO)
    actions.claim(case, colleague, now=now)
    return (case.pk,)


def closed_case() -> tuple[Any, ...]:
    """A case that has ended."""
    now = timezone.now()
    case = whole_case(now)
    actions.no_answer(case, "Tack eller beröm", by=reader("officer"), now=now)
    return (case.pk,)


def read_only_case() -> tuple[Any, ...]:
    """A case as somebody sees it who may read but not answer."""
    now = timezone.now()
    return (factories.case(factories.channel(now=now), now=now, at=now - timedelta(hours=1), text="När öppnar ni?").pk,)


def question(now: datetime) -> tuple[Forward, str]:
    """A forwarded question, and the token of its link."""
    channel = factories.channel(name="Älvsta bibliotek", now=now)
    who = factories.person(name="Eva Ek")
    factories.mandate(who, channel, since=now - LONG_AGO)
    case = factories.case(channel, now=now, at=now - timedelta(hours=1), text="När öppnar ni på söndag? " + HOSTILE)
    expert = factories.person(name="Siv Lund", title="bibliotekarie")
    row, link = forwards.forward(case, question="Gäller det även i jul?", by=who, now=now, person=expert)
    return row, link.rstrip("/").rsplit("/", 1)[1]


def expert_question() -> tuple[Any, ...]:
    """The expert's page."""
    return (question(timezone.now())[1],)


def expert_done() -> tuple[Any, ...]:
    """The expert's page when the answer has been sent."""
    now = timezone.now()
    row, token = question(now)
    forwards.answer(row, text="Klockan tolv.", name="Siv Lund", title="bibliotekarie", unit="Biblioteket", now=now)
    return (token,)


def expert_dead() -> tuple[Any, ...]:
    """A link that nobody knows."""
    return ("okand",)


def filtered_cases() -> tuple[Any, ...]:
    """A list with filters that stay, some of them kept by name."""
    many_cases()
    me = reader("officer")
    desks.keep(me, "Snön på gatorna", "?ord=plogas")
    desks.filter_by(me, {"ord": "plogas", "slag": "comment"})
    return ()


def some_templates() -> tuple[Any, ...]:
    """Everybody's templates, and one's own."""
    now = timezone.now()
    me, keeper = reader("officer"), factories.person(Role.COMMUNICATIONS, name="Karin Sjö", now=now)
    for owner, name in ((me, "Min egen " + "långa mall " * 6), (None, "Söndagar hos oss"), (None, "Lånetid")):
        texts = {"sv": "Hej {namn}! Ring oss på {telefon}, vi har öppet {öppettider}.", "en": "Hello {namn}!"}
        reply_templates.save(
            None,
            name=name.strip(),
            texts=texts,
            sort=Sort.FULL,
            words="öppet",
            owner=owner,
            unit=None,
            by=owner or keeper,
            now=now,
        )
    return ()


def own_template() -> tuple[Any, ...]:
    """A template that one may change."""
    some_templates()
    return (ReplyTemplate.objects.get(owner=reader("officer")).pk,)


def others_template() -> tuple[Any, ...]:
    """A template that one may use and not change."""
    some_templates()
    return (ReplyTemplate.objects.filter(owner=None).latest("pk").pk,)


def templated_case() -> tuple[Any, ...]:
    """A case with templates at hand, a like question that was answered, a colleague's draft and one's own."""
    now = timezone.now()
    channel, me = library(now)
    colleague = factories.officer(channel, name="Olle Berg")
    factories.mandate(colleague, channel, since=now - LONG_AGO)
    some_templates()
    old = factories.case(channel, now=now, at=now - timedelta(hours=3), text="Hyr ni ut kanoter vid Storsjön?")
    sent = answers.answer(old, "Ja, vid bryggan.", author=Author.of(me), publisher=me, now=now)
    intents.start(sent.intent, by=sending.PUBLISHER, now=now)
    sending.succeed(sent.intent, channel, Sent("comment/svar", "https://natet.example/svar"), now=now)
    sent.intent.refresh_from_db()
    outcomes.sent(sent.intent, now=now)
    case = factories.case(
        channel, now=now, at=now - timedelta(hours=1), text="Var hyr man kanoter vid Storsjön? " + HOSTILE
    )
    drafts.save(case_id=case.pk, person=colleague, place="answer", text="Vi har kanoter", version=0, now=now)
    drafts.hand_over(case.pk, by=colleague, to=me)
    return (case.pk,)
