"""Every view, every role, and visitors: who is let in is what the hand-written table says (D21; the house's matrix)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

import access_table
import factories
from bare_pages import bare_pages
from journeys.pages import PAGES
from passkeys import passkey
from register import logo_drawings as drawn
from register import ordering_support
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import CapturedAttachment
from uppsikt.inbox import answers, forwards
from uppsikt.inbox.desk_models import ReplyTemplate
from uppsikt.kernel import blobs
from uppsikt.kernel.models import Step
from uppsikt.moderation import notes, rulings, vanishing
from uppsikt.moderation.models import AuthorNote, Reconsideration, Removal
from uppsikt.notices import actions as notices
from uppsikt.notices.models import Address
from uppsikt.organisation import absences, sheets_in
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import actions as oversight
from uppsikt.oversight import calendars, heightening, rota
from uppsikt.oversight.rota import Days
from uppsikt.policy.models import LocalDay, Policy
from uppsikt.records import exporting, saved
from uppsikt.records.models import Attachment
from uppsikt.records.search import Asked
from uppsikt.register import (
    administrators,
    captures,
    closing,
    deviations,
    discover,
    entries,
    loans,
    logos,
    profiles,
    relations,
)
from uppsikt.register.closing_models import CaptureFile, Transfer
from uppsikt.register.discover_accounts import Account
from uppsikt.register.order_models import Launch
from uppsikt.register.relation_rules import Kind
from uppsikt.register.sheet_taking import ACCOUNTS

VISITOR = "visitor"
# Where an account's end begins.
BEGINS = ("begin_closing", "begin_transfer")


def views(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every view that has an address, by its full name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern.callback
        else:
            yield from views(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


ALL = dict(views())


@dataclass
class World:
    """One of each thing that an address can name; the person who asks has a mandate, and is responsible."""

    asker: Person | None
    arguments: dict[str, list[Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def address(self, name: str) -> str:
        """The view's address, with keys of things that are there."""
        return reverse(name, args=self.arguments.get(name, []))


def reads(asker: Person | None) -> bool:
    """Whether the one who asks can have ordered a file of records."""
    return asker is None or asker.roles != {Role.ADMINISTRATOR}


def world(who: str) -> World:
    """Make it."""
    now = timezone.now()
    asker = None if who == VISITOR else factories.person(Role(who), now=now - timedelta(days=40))
    boss = factories.person(Role.MANAGER, now=now - timedelta(days=40))
    channel = factories.channel(responsible=asker or boss, now=now - timedelta(days=30))
    entries.of(channel)
    officer = factories.officer(channel)
    mandate = factories.mandate(asker or officer, channel, given_by=boss, since=now - timedelta(days=30))
    picture = CapturedAttachment("https://natet.example/bild.png", "image/png", "bild.png")
    received = now - timedelta(hours=1)
    case = factories.case(channel, now=now, at=received, attachments=(picture,))
    item = case.last_item
    Attachment.objects.filter(item=item).update(blob=blobs.put(b"\x89PNG", "image/png", now=now))
    attachment = Attachment.objects.get(item=item)
    forwarded, token = forwards.forward(case, question="?", by=officer, now=now, email="sakkunnig@alvsta.example")
    answer = answers.answer(case, "Ja.", author=answers.Author.of(officer), publisher=officer, now=now)
    told = notices.tell([asker or boss], kind="late", words=lambda: "Sent", url="/", now=now)[0]
    sheet = sheets_in.hand_in("a.csv", b"e-post;namn\nx@alvsta.example;X\n", by=boss, now=now)
    key = passkey(asker or boss)
    telephone = Address.objects.create(person=asker or boss, way="sms", target="+46701740605", made_at=now)
    contact = organisation.add_contact(
        department=channel.unit.department, person=boss, matter="", rank=1, by=boss.doer, now=now
    )
    grant = organisation.give_role(person=officer, role=Role.EDITOR, unit=None, by=boss.doer, now=now)
    decision = factories.disposal_decision()
    day = LocalDay.objects.filter(policy=Policy.objects.first()).first()
    made = World(asker)
    search = saved.save(name="Sökning", query="q=gata", shared=False, by=asker or boss, now=now)
    export = exporting.order(Asked(), query="", format="csv", by=asker or boss, now=now) if reads(asker) else None
    link = organisation.make_login_link(officer, minutes=5, by=boss.doer, now=now)
    lists = ("list", "filters", "many", "many_undo", "templates", "new_template", "next", "figures", "figures_csv")
    beside = {f"inbox:{name}" for name in (*lists, "hand_over")}
    away = absences.note(
        person=asker or boss, cover=officer, since=now, until=now + timedelta(days=1), by=asker or boss, now=now
    )
    one_case = {name: [case.pk] for name in ALL if name.startswith("inbox:") and name not in beside}
    template = ReplyTemplate.objects.create(name="Mall", texts={"sv": "Hej"}, changed_at=now)
    one_channel = (
        "web:channel",
        *(f"channels:{name}" for name in ("change", "read_now", "pause", "resume", "reconnect")),
    )
    one_person = ("web:person", "organisation:change_person", "organisation:give_role")
    made.arguments = {
        **one_case,
        **{f"inbox:{name}": [case.pk, forwarded.pk] for name in ("withdraw", "explain")},
        "organisation:end_absence": [away.pk],
        **{f"inbox:{name}": [case.pk, answer.pk] for name in ("try_again", "give_up", "settle", "regret")},
        **{f"inbox:{name}": [template.pk] for name in ("template", "retire_template")},
        **{key: [channel.pk] for key in one_channel},
        "channels:settle": [channel.pk, answer.intent_id],
        "channels:give_mandate": [channel.pk],
        "channels:end_mandate": [mandate.pk],
        **{key: [officer.pk] for key in one_person},
        "web:record": [item.pk],
        "triage:judge": [item.pk],
        "records:original": [item.pk, 1],
        "records:attachment": [attachment.pk],
        **{f"records:{key}": [item.pk] for key in ("mark", "lift")},
        **{f"records:{key}": [search.pk] for key in ("change_search", "remove_search")},
        **{f"records:{key}": [export.pk if export else 1] for key in ("download", "cancel", "drop")},
        **{
            key: [token.rstrip("/").rpartition("/")[2]]
            for key in (
                f"expert:{name}" for name in ("question", "answer", "hand_back", "ask_back", "hand_on", "renew")
            )
        },
        **{name: [channel.pk] for name in ("directory:channel", "directory_en:channel", "account_short")},
        **{f"register:{name}": [channel.pk] for name in ("infotext", "infotext_languages")},
        "notices:open": [told.pk],
        **{f"notices:{name}": [telephone.pk] for name in ("confirm_phone", "remove")},
        "notices:try_out": ["email"],
        "notices:try_out_at": ["sms", telephone.pk],
        "organisation:add_branch": ["enhet"],
        "organisation:rename": ["enhet", channel.unit_id],
        "organisation:end_role": [grant.pk],
        "organisation:add_contact": [channel.unit.department_id],
        "organisation:drop_contact": [contact.pk],
        **removal_arguments(channel, now=now),
        **round_arguments(channel, asker or officer, boss, now=now),
        **order_arguments(channel, now=now),
        **life_arguments(channel, boss, now=now),
        **people_arguments(channel, officer, boss, now=now),
        **audit_arguments(channel, now=now),
        "channels:renew_mandate": [mandate.pk],
        **{f"organisation:{name}": [officer.pk] for name in ("elect", "unelect")},
        "policy:course": ["facebook"],
        "policy:rule": ["answer.within_working_days"],
        **{f"policy:{name}": ["rule.politics"] for name in ("ground", "end_ground")},
        **{f"policy:{name}": [decision.pk] for name in ("disposal_decision", "end_disposal_decision")},
        "policy:season": ["ny"],
        "policy:end_season": ["ny"],
        "policy:drop_local_day": [day.pk if day else 1],
        "login_link_use": [link],
        **{name: [key.pk] for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")},
        "security_end_session": [1],
        **{name: [sheet.pk] for name in ("organisation:sheet", "organisation:sheet_take_in")},
        **{name: [officer.pk] for name in ("security_reset_factors", "security_unlock")},
    }
    return made


def removal_arguments(channel: Channel, *, now: datetime) -> dict[str, list[Any]]:
    """A removal with its proof, and something that vanished."""
    row = factories.removal(factories.item(channel, now=now), now=now)
    file = row.evidence.files.first() if row.evidence else None
    gone = factories.item(channel, now=now, text="Borta i morgon.")
    lost = vanishing.found(gone, now=now)
    names = ("removal", "decide", "reject", "withdraw", "again", "restore", "settle")
    return {
        **{f"moderation:{name}": [row.pk] for name in names},
        **{f"moderation:{name}": [row.item_id] for name in ("review", "review_dialog")},
        **{f"moderation:{name}": [row.evidence_id] for name in ("evidence", "add_picture", "take_again")},
        "moderation:evidence_file": [file.pk if file else 1],
        **{f"moderation:{name}": [lost.pk] for name in ("vanishing", "answer_vanishing")},
        **matter_arguments(row, now=now),
    }


def matter_arguments(row: Removal, *, now: datetime) -> dict[str, list[Any]]:
    """A question to the board's office, a report to the police that is not made yet, and the author's links."""
    asked = rulings.ask(row.item, question="Vad gäller?", by=row.proposed_by, now=now)
    AuthorNote.objects.create(removal=row, item=row.item, way="email", at=now, digest=notes.digest("nyckel"))
    Reconsideration.objects.create(removal=row, item=row.item, at=now, due_at=now, digest=notes.digest("begärans"))
    return {
        "moderation:around": [row.item_id],
        "moderation:begin": [row.item_id, "fragor"],
        "moderation:matters": ["fragor"],
        **{f"moderation:{name}": ["fragor", asked.pk] for name in ("matter", "move")},
        "moderation:police_file": [1, "allt.zip"],
        "author:page": ["nyckel"],
        "author:asked": ["begärans"],
    }


def round_arguments(channel: Channel, who: Person, boss: Person, *, now: datetime) -> dict[str, list[Any]]:
    """A round of one's own with something new in it, a row of the rota, heightened oversight, a private calendar."""
    item = factories.item(channel, now=now, at=now - timedelta(minutes=5), text="Nytt sedan sist.")
    known = factories.known_account(now=now)
    factories.mandate(who, known, since=now - timedelta(days=30))
    sweep = oversight.open_sweep([channel, known], by=who, now=now)
    outside = sweep.rounds.get(outside=True).pk
    days = Days(since=now.date())
    duty = rota.put_on_duty(person=who, cover=factories.officer(channel), days=days, channel=channel, by=boss, now=now)
    plan = rota.set_plan(rounds=2, week=[], reason="Debatt", channel=channel, by=boss, now=now)
    row = heightening.order(channel, until=now + timedelta(days=1), reason="Debatt", by=boss, now=now)
    return {
        **{f"oversight:{name}": [sweep.pk] for name in ("sweep", "shown", "sign", "leave")},
        **{f"oversight:{name}": [sweep.pk, item.pk] for name in ("item", "fine")},
        **{f"oversight:{name}": [sweep.pk, outside] for name in ("look", "look_back", "type_in")},
        "oversight:round": [sweep.rounds.get(outside=False).pk],
        "oversight:stop": [row.pk],
        "oversight:end_duty": [duty.pk],
        "oversight:end_plan": [plan.pk],
        "oversight:calendar": [calendars.make_link(who, now=now)],
    }


def life_arguments(channel: Channel, boss: Person, *, now: datetime) -> dict[str, list[Any]]:
    """A sheet of accounts, an account found, and another account of each sort of end with its last picture."""
    sheet = sheets_in.hand_in("b.csv", b"adress\nhttps://x.com/alvsta\n", by=boss, now=now, sort=ACCOUNTS)
    link = Account("x", "https://x.com/alvsta_nytt", "alvsta_nytt")
    found = discover.find(link, source="person", found_on="", by=boss.doer, now=now)
    closes, leaves = (factories.channel(responsible=channel.responsible, now=now) for _number in range(2))
    ended = closing.ask(closes, reason="Används inte", by=boss, now=now)
    handed = Transfer(channel=leaves, owner="Föreningen", reason="De tar över", by=boss, at=now)
    handed.deed_id = blobs.put(b"%PDF-", "application/pdf", now=now)
    handed.save()
    picture = captures.by_hand(closes, b"%PDF-", "x.pdf", why="closing", by=boss, now=now)
    return {
        **{f"register:{name}": [sheet.pk] for name in ("sheet", "sheet_take_in")},
        **{f"register:{name}": [found.pk if found else 1] for name in ("find", "take_in_find", "judge_find")},
        **{f"register:{name}": [channel.pk] for name in ("channel_activity", "talk", "take_capture", *BEGINS)},
        "register:closing": [ended.pk],
        "register:move_closing": [ended.pk, "publicerat"],
        **{f"register:{name}": [handed.pk] for name in ("transfer", "deed")},
        "register:move_transfer": [handed.pk, "publicerat"],
        "register:capture_file": [CaptureFile.objects.get(capture=picture).pk],
    }


def order_arguments(channel: Channel, *, now: datetime) -> dict[str, list[Any]]:
    """An order that is approved, its opening with something to launch, and the account's line in the register."""
    order = ordering_support.at(ordering_support.house(now=now), "approved", now=now)
    launch = Launch.objects.filter(opening__order=order).first()
    names = ("order", "decide_order", "opening", "name_account", "look_again", "open_account")
    return {
        **{f"register:{name}": [order.pk] for name in names},
        "register:order_step": [order.pk, "need"],
        "register:launched": [order.pk, launch.pk if launch else 1],
        "register:account": [channel.pk],
        "register:change_entry": [channel.pk],
        "register:take_over": [channel.pk],
        "register:order_status": ["e-tjansten", "1"],
    }


# Addresses where the made-up key stands for nothing, so that somebody who is let in is told "no such".
NOT_THERE = {
    # No e-service has a token here.
    "register:orders_in",
    "register:order_status",
    "moderation:police_file",
    "mfa_download_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_deactivate_totp",
    "policy:season",
    "policy:end_season",
    "policy:drop_local_day",
    "channels:settle",
}


def people_arguments(channel: Channel, officer: Person, boss: Person, *, now: datetime) -> dict[str, list[Any]]:
    """Whom the people around an account can name: an administrator on the network, a loan, something liked."""
    row = administrators.add(channel, officer, by=boss.doer, now=now)
    loan = loans.ask(
        channel=channel, people=[officer], acts=[Act.ANSWER], since=now, until=now + timedelta(days=1), purpose="Lov",
        by=boss, now=now,
    )  # fmt: skip
    relations.seen(channel, [(Kind.LIKE, "En sida", "https://natet.example/sida")], by=boss.doer, now=now)
    liked = relations.of(channel).get()
    return {
        **{f"register:{name}": [channel.pk] for name in ("add_administrator", "promise", "lend", "note_relation")},
        "register:end_administrator": [row.pk],
        "register:loan": [loan.pk],
        "register:loan_do": [loan.pk, "kvittera"],
        **{f"register:{name}": [liked.pk] for name in ("say_relation", "end_relation")},
    }


def audit_arguments(channel: Channel, *, now: datetime) -> dict[str, list[Any]]:
    """What the audit's pages can name: a deviation, an exemption, a version with its picture, a logo."""
    kim = factories.person(Role.COMMUNICATIONS, now=now - timedelta(days=40))
    body = drawn.saved(drawn.shield(drawn.Arms("Alvsta", "fish"), side=96))
    logo = logos.add(name="Skölden", body=body, decision="", by=kim, now=now)
    picture = profiles.keep_picture(body, now=now)
    version = profiles.keep(
        channel, profile={**channel.profile, "name": "Nytt namn"}, picture=picture, by=kim.doer, now=now
    )
    today = now.date()
    exemption = deviations.exempt(
        channel, "profile.logo", decision="KS 2026/1", decided_on=today, until=today + timedelta(days=9), reason="",
        by=kim, now=now,
    )  # fmt: skip
    row = deviations.found("profile.sender_name", channel=channel, owner=kim, by=kim.doer, now=now)
    return {
        **{f"register:{name}": [channel.pk] for name in ("recheck", "profile", "profile_write")},
        "register:deviation": [row.pk],
        "register:deviation_do": [row.pk, "anteckna"],
        "register:exempt": [channel.pk, "profile.logo"],
        "register:end_exemption": [exemption.pk],
        "register:profile_picture": [version.pk],
        "register:logo_picture": [logo.pk],
        "register:end_logo": [logo.pk],
    }


def let_in(answer: Any) -> bool:
    """Whether the answer is that of the view itself, not of its guard."""
    sent_to_login = answer.status_code == 302 and answer["Location"].startswith(f"{reverse('account_login')}?next=")
    return answer.status_code != 403 and not sent_to_login


def logged_in(made: World) -> Client:
    """A browser in which the one who asks is logged in."""
    client = Client()
    if made.asker:
        client.force_login(made.asker)
    return client


def test_every_view_states_who_may_use_it() -> None:
    """No view without a rule; what Django resolves is what the table knows, no more and no less."""
    assert {name for name, view in ALL.items() if not hasattr(view, "access")} == set()
    assert set(ALL) == set(access_table.TABLE), "tests/access_table.py and the addresses do not name the same views"


def test_the_rules_are_those_of_the_table() -> None:
    """Each view's rule, beside the table that was written by hand."""
    for name, view in ALL.items():
        expected, rule = access_table.TABLE[name], view.access  # type: ignore[attr-defined]
        if isinstance(expected, str):
            assert rule.kind == {"everyone": "everyone", "link": "by_link"}[expected], name
        elif expected == access_table.EVERY_ROLE:
            assert rule.kind == "signed_in", name
        else:
            assert (rule.kind, set(rule.roles)) == ("roles", set(expected)), name


@pytest.mark.django_db
def test_the_auditor_changes_nothing() -> None:
    """Nothing that an auditor may POST to leaves a trace, but for choices about oneself (house rule)."""
    made = world(Role.AUDITOR.value)
    client = logged_in(made)
    for name, expected in access_table.TABLE.items():
        if isinstance(expected, str) or Role.AUDITOR not in expected or name in access_table.ONES_OWN:
            continue
        before = Step.objects.count()
        answer = client.post(made.address(name))
        assert answer.status_code == 405, f"{name} takes POST from an auditor"
        assert Step.objects.count() == before, name


@pytest.mark.django_db
@pytest.mark.parametrize("who", [VISITOR, *(role.value for role in Role)])
def test_each_view_lets_in_whom_the_table_names(who: str) -> None:
    """Ask for every view in both ways, as each role and as a visitor (Must show 6); no page is forgotten (D66)."""
    made = world(who)
    client = logged_in(made)
    cookies = client.cookies.output(header="")
    looked_at, forgotten = {page.url_name for page in PAGES}, set()
    for method, (name, expected) in product(("get", "post"), access_table.TABLE.items()):
        client.cookies = SimpleCookie(cookies)
        allowed = isinstance(expected, str) or (who != VISITOR and Role(who) in expected)
        with transaction.atomic(), bare_pages():
            answer = getattr(client, method)(made.address(name), headers={"Accept": "text/html"})
            said = b"".join(answer)
            transaction.set_rollback(True)
        assert let_in(answer) is allowed, f"{method} {name} as {who}: {answer.status_code}"
        if allowed:
            assert answer.status_code < 500
            assert answer.status_code != 404 or name in NOT_THERE, f"{method} {name} as {who}: not found"
        elif who == VISITOR:
            assert answer.status_code == 302, name
        else:
            assert answer.status_code == 403, name
        if (method, answer.status_code) == ("get", 200) and b"<html" in said and name not in looked_at:
            forgotten.add(name)
    assert not forgotten, "the browser looks at every page: tests/journeys/pages.py must name them"


@pytest.mark.django_db
def test_somebody_without_a_role_gets_no_further_than_the_open_pages() -> None:
    """A person who is known but has been given no role."""
    made = world(VISITOR)
    made.asker = factories.person()
    client = logged_in(made)
    with bare_pages():
        for name, expected in access_table.TABLE.items():
            if not isinstance(expected, str) and expected != access_table.EVERY_ROLE:
                assert client.get(made.address(name)).status_code == 403, name
    assert client.get(reverse("web:today")).status_code == 200


@pytest.mark.django_db
def test_a_role_that_has_ended_opens_nothing() -> None:
    """Roles hold from when to when."""
    now = timezone.now()
    person = factories.person(Role.REGISTRAR, now=now - timedelta(days=2))
    client = Client()
    client.force_login(person)
    assert client.get(reverse("records:records")).status_code == 200
    grant = person.grants.get()
    organisation.end_role(grant, by=person.doer, now=now)
    assert client.get(reverse("records:records")).status_code == 403


@pytest.mark.django_db
def test_a_live_region_of_somebody_logged_out_is_told_to_leave() -> None:
    """A polling part of a page must not swallow a login form."""
    answer = Client().get(reverse("web:today"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (401, "true")


def test_acts_and_roles_are_what_the_table_was_written_for() -> None:
    """A new role or act must be thought through, here and in the house's matrix."""
    assert {role.value for role in Role} == {
        "officer",
        "editor",
        "customer_centre",
        "manager",
        "communications",
        "registrar",
        "archivist",
        "data_protection",
        "crisis_group",
        "auditor",
        "administrator",
    }
    assert {act.value for act in Act} == {"answer", "publish", "hide", "remove"}
