"""D7, D13–D15, D49: how an account looks is kept as versions, what changed is told, and the feed tells it all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

import factories
from register import logo_drawings as drawn
from register import planted
from register.planted import NOW, House
from uppsikt.channels.models import Channel
from uppsikt.kernel import blobs, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Step
from uppsikt.notices.models import Notice
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import audit_jobs, auditing, deviations, feed, feed_words, logos, musts, profile_rules, profiles
from uppsikt.register.checks.table import BY_CODE
from uppsikt.register.closing_models import Capture
from uppsikt.register.deviation_models import Deviation, Exemption
from uppsikt.register.profile_models import LogoFigure, ProfileVersion

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def house(db: None) -> House:
    return planted.house()


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


# -- the rules ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "municipality", "shows"),
    [
        ("Sollunda bibliotek", "Sollunda kommun", True),
        ("Musikskolan i SOLLUNDA", "Sollunda kommun", True),
        ("#SollundaBibliotek", "Sollunda kommun", True),
        ("Sollundas simhall", "Sollunda kommun", True),
        ("Biblioteket", "Sollunda kommun", False),
        ("Simhallen i Mora", "Mora kommun", True),
        ("Moras simhall", "Mora kommun", True),
        # A short name is no part of another word.
        ("Humorakademin", "Mora kommun", False),
        ("Vad som helst", "", True),
        ("Ｓｏｌｌｕｎｄａ", "Sollunda kommun", True),
        # Many are called by the genitive, and their accounts by the place.
        ("Bibliotek Hallstahammar", "Hallstahammars kommun", True),
        ("Simhallen i Lund", "Lunds kommun", True),
        ("Blundens dag", "Lunds kommun", False),
        ("Museet i Borås", "Borås Stad", True),
    ],
)
def test_d13_a_name_shows_the_municipality(name: str, municipality: str, *, shows: bool) -> None:
    assert profile_rules.shows_municipality(name, municipality) == shows


@pytest.mark.parametrize(
    ("text", "unit", "shows"),
    [
        ("Bibliotek i Sollunda", "Biblioteket", True),
        ("Parkerna och gatorna i Sollunda", "Gatu- och parkenheten", True),
        ("Kultur för alla", "Kultur och fritid", True),
        ("Nyheter från kommunen", "Biblioteket", False),
        ("Vi som sköter vattnet", "VA-enheten", False),
        ("Hemtjänst nära dig", "Hemtjänsten", True),
        ("Allt möjligt", "Enheten", True),
    ],
)
def test_d13_a_text_shows_the_unit(text: str, unit: str, *, shows: bool) -> None:
    assert profile_rules.shows_unit(text, unit) == shows


@pytest.mark.parametrize(
    ("shown", "known", "wrong"),
    [
        ("Ring 0220-240 00", "0220-24000", False),
        ("Ring +46 220 240 00", "0220-24000", False),
        ("Ring 0220-24 00 00", "0220-24000", True),
        ("Öppet 2026-01-02 10.00–15.00", "0220-24000", False),
        ("Ring 0046 (0)220 240 00", "0220-24000", False),
        # Under the number a postcode, beside it the switchboard or another number.
        ("Telefon: 0220-240 00\n734 80 Sollunda", "0220-24000", False),
        ("Växel 0220-555 00, direkt 0220-240 00", "0220-24000", False),
        ("0220-24000 0220-55500", "0220-24000", False),
        ("Växel 0220-555 00\n734 80 Sollunda", "0220-24000", True),
    ],
)
def test_d14_a_number_is_the_same_however_it_is_written(shown: str, known: str, *, wrong: bool) -> None:
    assert bool(profile_rules.wrong_contacts(shown, email="", phone=known, link="")) == wrong


def test_d14_another_address_beside_the_right_one_is_no_fault() -> None:
    text = "Mejla bibliotek@sollunda.se. Frågor om handlingar: registrator@sollunda.se"
    for known, wrong in (("bibliotek@sollunda.se", []), ("ny@sollunda.se", profile_rules.contacts(text)["email"])):
        assert profile_rules.wrong_contacts(text, email=known, phone="", link="") == wrong


def test_d12_an_account_is_told_by_its_number_where_it_has_no_name() -> None:
    page = "https://www.facebook.com/profile.php"
    assert profile_rules.same_account(f"{page}?id=100064", "http://facebook.com/profile.php?locale=sv_SE&id=100064")
    assert not profile_rules.same_account(f"{page}?id=100064", f"{page}?id=100065")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=40))
def test_no_text_breaks_the_rules(text: str, name: str) -> None:
    profile_rules.contacts(text)
    profile_rules.wrong_contacts(text, email="a@b.se", phone="0220-1", link=name)
    profile_rules.shows_unit(text, name)
    assert profile_rules.shows_municipality(f"{name} {text}", name)
    assert profile_rules.same_account(text, text)


# -- versions -------------------------------------------------------------------


def test_a_version_for_each_change_and_none_for_what_stayed(house: House) -> None:
    channel = planted.sound(house, 1)
    Notice.objects.all().delete()
    assert ProfileVersion.objects.filter(channel=channel).count() == 1
    planted.show(channel)
    # The network gives the same picture a new address each day.
    planted.show(channel, picture=house.picture, address=channel.address)
    assert ProfileVersion.objects.filter(channel=channel).count() == 1
    assert not Notice.objects.filter(kind="profile_changed").exists()
    planted.show(channel, name="Biblioteken i Sollunda")
    assert ProfileVersion.objects.filter(channel=channel).count() == 2
    told = Notice.objects.filter(kind="profile_changed")
    assert {one.person for one in told} == {house.communications, channel.responsible}
    assert "namnet" in told[0].words
    # D49: the account's page is kept when it has changed.
    assert Capture.objects.filter(channel=channel, why="profile").count() == 1
    planted.show(channel, name="Biblioteken i Sollunda", picture=house.other_picture)
    newest = profiles.newest(channel)
    assert newest is not None
    assert newest.picture_id == house.other_picture
    channel.refresh_from_db()
    assert channel.profile["name"] == "Biblioteken i Sollunda"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ProfileVersion.objects.filter(pk=newest.pk).update(facts={})


def test_the_picture_is_measured_once_against_each_logo(house: House) -> None:
    channel = planted.sound(house, 2)
    profiles.measure_all(now=NOW)
    profiles.measure_all(now=NOW)
    assert LogoFigure.objects.filter(picture_id=house.picture).count() == 1
    logos.add(name="Sköld", body=drawn.saved(drawn.shield(planted.ARMS)), decision="", by=house.communications, now=NOW)
    # What is shown already is measured by a job of its own: nobody reads some of the accounts again.
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'register.measure'")
        assert cursor.fetchone() == (1,)
    audit_jobs.measure.func.__wrapped__()
    assert LogoFigure.objects.filter(picture_id=house.picture).count() == 2
    best = logos.best(house.picture, logos.approved())
    assert best is not None
    assert best.figure >= logos.LIKE
    assert best.colours >= logos.COLOURS
    assert best.name in {"Stående", "Sköld"}
    # Another way of measuring has measured nothing yet: nothing is said of the picture.
    LogoFigure.objects.update(method=0)
    assert logos.best(house.picture, logos.approved()) is None
    assert channel.pk


@pytest.mark.parametrize(
    "body", [b"", b"<svg/>", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"%PDF-1.7", b"x" * 4_000_001]
)
def test_only_what_is_a_picture_is_approved_or_kept(house: House, body: bytes) -> None:
    with pytest.raises(Refused):
        logos.add(name="Fel", body=body, decision="", by=house.communications, now=NOW)
    assert profiles.keep_picture(body, now=NOW).sha256 is None


def test_a_logo_is_approved_once_and_ends_once(house: House) -> None:
    [row] = logos.approved()
    with pytest.raises(Refused):
        logos.add(name="Igen", body=blobs.read(row.blob_id), decision="", by=house.communications, now=NOW)
    logos.end(row, reason="Ny profil", by=house.communications, now=NOW)
    assert logos.approved() == []
    with pytest.raises(Refused):
        logos.end(row, reason="Ny profil", by=house.communications, now=NOW)
    # With none approved there is nothing to hold a picture to.
    channel = planted.sound(house, 3)
    planted.show(channel, picture=house.other_picture)
    assert not {one.code for one in auditing.audit(channel, NOW).opened}


def test_the_database_refuses_what_no_action_does(house: House) -> None:
    channel = planted.sound(house, 4)
    row = deviations.found("x.y", channel=channel, owner=channel.responsible, by=factories.TESTER, now=NOW)
    twice = deviations.found("x.y", channel=channel, owner=channel.responsible, by=factories.TESTER, now=NOW)
    assert twice.pk == row.pk
    for fields in ({"state": "excused", "ended_at": NOW}, {"state": "mended"}, {"ended_at": NOW}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deviation.objects.filter(pk=row.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deviation.objects.create(
            channel=channel, code="x.y", owner=channel.responsible, found_at=NOW, due_on=NOW.date()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.create(
            channel=channel,
            code="x.y",
            decision="",
            decided_on=NOW.date(),
            since=NOW.date(),
            until=NOW.date(),
            by=house.communications,
        )


# -- pages ----------------------------------------------------------------------


def test_the_pages_show_the_rule_the_figure_and_let_it_be_mended(house: House) -> None:
    """Must show 6: the rule, its duty and its law can be read on the deviation."""
    channel = planted.sound(house, 5)
    planted.show(channel, picture=house.other_picture, name="Nyheter <b>")
    auditing.audit(channel, NOW)
    client = logged_in(channel.responsible)
    page = client.get("/konton/avvikelser/").content.decode()
    assert "Nyheter &lt;b&gt;" in page
    logo = Deviation.objects.get(code="profile.logo")
    shown = client.get(f"/konton/avvikelser/{logo.pk}/").content.decode()
    for words in ("D15", "Förvaltningslagen (2017:900) 6–7 §§", f"{logo.facts['figure']} av 100", "Stående"):
        assert words in shown
    picture = client.get(f"/konton/profilbild/{profiles.newest(channel).pk}/")  # type: ignore[union-attr]
    assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in picture["Content-Security-Policy"]
    for deed, data, status in (
        ("ta", {}, 302),
        ("ta", {}, 409),
        ("anteckna", {"words": ""}, 422),
        ("anteckna", {"words": "Ringde nätet"}, 302),
        ("flytta", {"due_on": "2020-01-01", "reason": "x"}, 409),
        ("lamna", {"to": "ingen@alvsta.example"}, 422),
        ("avsluta", {"reason": "Bra så"}, 409),
        ("nagot-annat", {}, 404),
    ):
        assert client.post(f"/konton/avvikelser/{logo.pk}/{deed}/", data).status_code == status, deed
    stranger = logged_in(factories.person(Role.OFFICER))
    assert stranger.post(f"/konton/avvikelser/{logo.pk}/anteckna/", {"words": "Hej"}).status_code == 409
    assert stranger.post(f"/konton/{channel.pk}/kontrollera/").status_code == 409
    assert client.get(f"/konton/{channel.pk}/undantag/profile.logo/").status_code == 403
    kim = logged_in(house.communications)
    given = {"decision": "KS 2026/8", "decided_on": "2026-01-01", "until": "2126-01-01", "reason": "Egen profil"}
    assert kim.post(f"/konton/{channel.pk}/undantag/profile.logo/", given).status_code == 409
    given["until"] = "2028-01-01"
    assert kim.post(f"/konton/{channel.pk}/undantag/profile.logo/", given).status_code == 302
    row = Exemption.objects.get()
    assert "KS 2026/8" in kim.get(f"/konton/{channel.pk}/").content.decode()
    assert kim.post(f"/konton/undantag/{row.pk}/avsluta/", {"reason": "Ny profil"}).status_code == 302
    assert kim.get("/konton/avvikelser/?lage=mina&kontroll=profile.logo").status_code == 200
    assert kim.get("/konton/avvikelser/?lage=strunt&kontroll=%00").status_code == 200


def test_versions_are_shown_word_by_word_and_written_by_hand_where_nobody_reads(house: House) -> None:
    channel = planted.sound(house, 6)
    planted.show(channel, name="Biblioteken i Sollunda kommun")
    client = logged_in(channel.responsible)
    page = client.get(f"/konton/{channel.pk}/profil/").content.decode()
    assert "<ins>" in page
    assert "<del>" in page
    assert client.post(f"/konton/{channel.pk}/profil/skriv/", {"name": "x"}).status_code == 422
    given = {"name": "Sollunda", "address": channel.address}
    assert client.post(f"/konton/{channel.pk}/profil/skriv/", given).status_code == 409
    Channel.objects.filter(pk=channel.pk).update(connected_at=None)
    wrong = SimpleUploadedFile("bild.png", b"ingen bild")
    assert client.post(f"/konton/{channel.pk}/profil/skriv/", {**given, "picture": wrong}).status_code == 409
    right = SimpleUploadedFile("bild.png", drawn.saved(drawn.on_ground(drawn.shield(planted.ARMS))))
    assert client.post(f"/konton/{channel.pk}/profil/skriv/", {**given, "picture": right}).status_code == 302
    assert profiles.newest(channel).noted_by == channel.responsible  # type: ignore[union-attr]
    page = client.get(f"/kanaler/{channel.pk}/").content.decode()
    assert "såg efter hur kontot ser ut" in page
    # What the register notes on an account is in words on its page too.
    assert "administrator<" not in page
    assert "antecknade en administratör på nätet" in page


def test_logos_are_added_by_the_communications_unit_alone(house: House) -> None:
    body = drawn.saved(drawn.shield(drawn.Arms("Sollunda", "key")))
    officer, kim = logged_in(factories.person(Role.OFFICER)), logged_in(house.communications)
    for client, sent, status in ((officer, body, 403), (kim, b"x", 409), (kim, body, 302)):
        given = {"name": "N", "file": SimpleUploadedFile("a.png", sent)}
        assert client.post("/konton/logotyper/godkann/", given).status_code == status
    row = logos.approved()[-1]
    assert officer.get(f"/konton/logotyper/{row.pk}/bild/").content == body
    assert kim.post(f"/konton/logotyper/{row.pk}/avsluta/", {"reason": "Gammal"}).status_code == 302


# -- the feed -------------------------------------------------------------------


def test_the_feed_tells_all_of_an_account_and_costs_the_same_however_long(house: House) -> None:
    """D7: the communications unit is kept informed of all that happens to an account."""
    one, other = planted.sound(house, 7), planted.sound(house, 8)
    planted.show(one, name="Nyheter")
    auditing.audit(one, NOW)
    row = Deviation.objects.get(channel=one)
    deviations.note(row, words="Ringde nätet", by=one.responsible.doer, now=NOW + MINUTE)
    told = feed.events(feed.steps(channel=one).order_by("-at", "-id"))
    assert {event.account for event in told} == {one.name}
    assert told[0].reason == "Ringde nätet"
    assert {event.sort for event in told} >= {
        str(feed_words.SORTS[sort][0]) for sort in ("kanal", "uppdrag", "avvikelse")
    }
    assert not [event for event in told if "_" in event.words]
    only = feed.events(feed.steps(channel=one, sort="avvikelse"))
    assert {event.sort for event in only} == {str(feed_words.SORTS["avvikelse"][0])}
    assert list(feed.steps(sort="strunt")) == []
    client = logged_in(house.communications)
    with CaptureQueriesContext(connection) as few:
        page = client.get("/konton/handelser/").content.decode()
    assert other.name in page
    for number in range(20):
        deviations.note(row, words=f"Rad {number}", by=one.responsible.doer, now=NOW + (number + 2) * MINUTE)
    with CaptureQueriesContext(connection) as many:
        assert client.get("/konton/handelser/").status_code == 200
    assert len(many) <= len(few)
    assert client.get(f"/konton/handelser/?konto={one.pk}&slag=avvikelse").status_code == 200
    assert client.get("/konton/handelser/?konto=999999999&slag=%27").status_code == 200


def test_each_step_of_an_account_has_words_in_the_feed() -> None:
    kinds = [Channel, *(model for model in apps.get_app_config("register").get_models() if hasattr(model, "machine"))]
    steps = [Step(kind=trail.kind_of(kind), name=name) for kind in kinds for name in kind.machine.steps]
    assert len(steps) > 50
    assert [f"{one.kind}:{one.name}" for one in steps if feed_words.step(one) == one.name] == []
    assert [kind for _name, kinds in feed_words.SORTS.values() for kind in kinds if apps.get_model(kind) is None] == []


def test_the_feed_is_read_from_its_own_index(house: House) -> None:
    """Millions of steps are of no account; the planner must be able to leave them out."""
    planted.sound(house, 9)
    rows = feed.steps().order_by("-at", "-id")[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        text, values = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN {text}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "step_of_accounts" in plan


def test_every_night_each_account_is_queued_and_closed_ones_end(house: House) -> None:
    open_one, closed = planted.sound(house, 10), planted.sound(house, 11)
    planted.show(closed, name="Nyheter")
    auditing.audit(closed, NOW)
    Channel.objects.filter(pk=closed.pk).update(state="closed")
    audit_jobs.every_night.func.__wrapped__(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'channel_id' FROM procrastinate_jobs WHERE task_name = 'register.look'")
        queued = {int(row[0]) for row in cursor.fetchall()}
    assert queued >= {open_one.pk, closed.pk}
    audit_jobs.look.func.__wrapped__(channel_id=closed.pk)
    assert Deviation.objects.get(channel=closed).state == "mended"


def test_the_musts_are_chosen_on_the_policys_page(house: House) -> None:
    """Issue 5: what an account must have is the policy's to say, with a reason in the trail."""
    kim = logged_in(house.communications)
    address = reverse("policy:rule", args=["account.must_have"])
    page = kim.get(address).content.decode()
    assert "Profilbilden är kommunens logotyp (D15)" in page
    assert kim.post(address, {"value": ["no.such"], "reason": "KS 2026/9"}).status_code == 200
    assert musts.is_must("profile.logo")
    given = {"value": ["profile.sender_name"], "law": "Lag (1998:112) 4 §", "reason": "KS 2026/9"}
    assert kim.post(address, given).status_code == 302
    assert {code for code in BY_CODE if musts.is_must(code)} == {"profile.sender_name"}
    assert "Namnet visar att kommunen är avsändare" in kim.get(reverse("policy:page")).content.decode()
    officer = logged_in(factories.person(Role.OFFICER))
    assert officer.post(address, given).status_code == 403
