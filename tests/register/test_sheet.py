"""A sheet of sixty accounts with twelve planted faults: each named by row and column, all or nothing, and twice is once
(D5, D9, D11, D12, D14)."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

import factories
from uppsikt.channels.models import Channel
from uppsikt.kernel import sheets
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Step
from uppsikt.organisation import actions as organisation
from uppsikt.organisation import sheets_in
from uppsikt.organisation.models import Person, SheetIn
from uppsikt.organisation.rules import Role
from uppsikt.register import administrators, entries
from uppsikt.register.models import Administrator, Entry
from uppsikt.register.sheet_taking import ACCOUNTS, Plan, plan, take_in

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
# A–S, in the order of the columns.
HEAD = ["Nät", "Kontonamn", "Webbadress", "Enhet", "Förvaltning", "Kontoansvarig", "Administratörer", "Central",
        "Syfte", "Mål", "Målgrupp", "Ämne", "E-post", "Telefon", "Kontaktsida", "Timmar i veckan",
        "Dagar mellan inlägg", "Öppnad den", "Kommentarer"]  # fmt: skip
NETWORKS = (
    ("Facebook", "https://sv-se.facebook.com/alvsta{0}/?ref=bookmarks", "https://www.facebook.com/alvsta{0}"),
    ("instagram", "www.instagram.com/Alvsta.{0}", "https://www.instagram.com/alvsta.{0}/"),
    ("", "https://twitter.com/alvsta_{0}", "https://x.com/alvsta_{0}"),
    ("LinkedIn", "https://se.linkedin.com/company/alvsta-{0}/about/", "https://www.linkedin.com/company/alvsta-{0}/"),
    ("YouTube", "https://youtube.com/@alvsta{0}/videos", "https://www.youtube.com/@alvsta{0}"),
    ("WordPress", "https://blogg{0}.alvsta.example/", "https://blogg{0}.alvsta.example/"),
)


@pytest.fixture
def people() -> list[Person]:
    """Three units, a unit whose name two departments have, and those who answer for the accounts."""
    units = [factories.municipality(name).unit for name in ("Kultur", "Teknik", "Skola")]
    other = factories.municipality("Vård")
    organisation_unit = type(other.unit)
    for department in (other.department, units[0].department):
        organisation_unit.objects.create(name="Staben", department=department)
    return [
        organisation.add_person(
            email=f"{name}@alvsta.example", name=name.title(), title="", unit=unit, by=factories.TESTER, now=NOW
        )
        for name, unit in zip(("eva", "ake", "ida"), units, strict=True)
    ]


def sixty() -> list[list[Any]]:
    """Sixty accounts in good order, on six networks and three units."""
    rows: list[list[Any]] = []
    for number in range(60):
        network, address, _known = NETWORKS[number % 6]
        who, unit = (("eva", "Kultur"), ("ake", "teknik"), ("ida", "Skola"))[number % 3]
        rows.append(
            [network, f"Älvsta {number}", address.format(number), unit, "", f"{who}@alvsta.example",
             "eva@alvsta.example; Ake@alvsta.example", "ja" if number == 0 else "nej", f"Berätta om {number}",
             "Fler frågar", "Alla som bor här", "Kultur" if number % 2 else "library", f"post{number}@alvsta.example",
             "0220-100 00",
             "alvsta.example/kontakt", "2,5", 7, date(2020, 1, 1 + number % 28), "Ja"]
        )  # fmt: skip
    return rows


# Row in the sheet (the first account stands on row 2), column by its place in HEAD, what is written there, and the
# cell that is told of.
PLANTED: tuple[tuple[int, int, Any, str], ...] = (
    (2, 0, "Orkut", "A2"),  # a network that nobody knows
    (7, 1, "", "B7"),  # no name
    (9, 2, "inte en adress", "C9"),
    (14, 2, "https://www.facebook.com/alvsta0?x=1", "C14"),  # the account of row 2, written otherwise
    (15, 0, "Facebook", "A15"),  # the address is Instagram's
    (21, 3, "Hamnen", "D21"),  # no such unit
    (22, 3, "Staben", "D22"),  # two departments have one
    (33, 5, "nobody@alvsta.example", "F33"),
    (40, 6, "eva@alvsta.example, okand@alvsta.example", "G40"),
    (45, 12, "post snabel-a alvsta", "M45"),
    (52, 15, "många", "P52"),
    (61, 17, "förra våren", "R61"),
)


def planted() -> list[list[Any]]:
    rows = sixty()
    for row, column, value, _place in PLANTED:
        rows[row - 2][column] = value
    return rows


def as_xlsx(rows: list[list[Any]], head: list[str] = HEAD) -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    for row in (head, *rows):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(rows: list[list[Any]], head: list[str] = HEAD) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([head, *rows])
    return out.getvalue().encode("utf-8-sig")


def planned(body: bytes) -> Plan:
    return plan(sheets.read(body, ACCOUNTS.columns), now=NOW)


def taken(body: bytes, by: Person) -> Plan:
    return take_in(sheets.read(body, ACCOUNTS.columns), by=by.doer, now=NOW)


def counted() -> tuple[int, ...]:
    return Channel.objects.count(), Entry.objects.count(), Administrator.objects.count(), Step.objects.count()


@pytest.mark.parametrize("form", [as_xlsx, as_csv], ids=["xlsx", "csv"])
def test_twelve_planted_faults_are_each_named_by_their_cell_and_nothing_is_half_taken_in(
    people: list[Person], form: Any
) -> None:
    before = counted()
    found = planned(form(planted()))
    assert [fault.place for fault in found.faults] == [place for _row, _column, _value, place in PLANTED]
    assert all(fault.words.endswith(".") and fault.column for fault in found.faults)
    with pytest.raises(Refused) as refused:
        taken(form(planted()), people[0])
    assert refused.value.code == "faults"
    assert counted() == before


def test_sixty_accounts_come_in_and_the_second_time_nothing_doubles(people: list[Person]) -> None:
    first = taken(as_xlsx(sixty()), people[0])
    assert (first.count("new"), first.faults, Channel.objects.count()) == (60, [], 60)
    found = Channel.objects.order_by("pk")
    assert [row.address for row in found] == [NETWORKS[number % 6][2].format(number) for number in range(60)]
    assert {row.state for row in found} == {"live"}
    one = found[1]
    assert (one.network, one.unit.name, one.responsible.email) == ("instagram", "Teknik", "ake@alvsta.example")
    entry = entries.of(one)
    assert (entry.hours_a_week, entry.days_between_posts, entry.subject) == (Decimal("2.5"), 7, "culture")
    assert (entry.opened_on, entry.contact_page) == (date(2020, 1, 2), "https://alvsta.example/kontakt")
    assert [row.person.name for row in administrators.of(one)] == ["Ake", "Eva"]
    assert [row.central for row in found[:2]] == [True, False]
    before = counted()
    for again in (as_xlsx(sixty()), as_csv(sixty())):
        second = taken(again, people[0])
        assert (second.count("same"), second.count("new"), second.count("changed")) == (60, 0, 0)
        assert counted() == before


def test_what_is_different_is_changed_and_an_empty_cell_or_a_missing_row_leaves_what_is_there(
    people: list[Person], django_assert_max_num_queries: Any
) -> None:
    taken(as_xlsx(sixty()), people[0])
    rows = [
        ["", "Älvsta bad", NETWORKS[0][2].format(0), "", "", "ida@alvsta.example", "", "", "", "", "", "", "", "", "",
         "4", "", "", "nej"],
        ["", "", NETWORKS[1][1].format(1), *[""] * 16],
    ]  # fmt: skip
    with django_assert_max_num_queries(12):
        planned(as_csv(sixty()))
    found = planned(as_csv(rows))
    assert [change.sort for change in found.changes] == ["changed", "same"]
    assert "Eva → Ida" in " ".join(found.changes[0].what)
    assert len(found.absent) == 58
    before = Channel.objects.count()
    taken(as_csv(rows), people[0])
    one = Channel.objects.get(address=NETWORKS[0][2].format(0))
    assert (one.name, one.responsible.name, one.unit.name, one.central) == ("Älvsta bad", "Ida", "Kultur", True)
    entry = entries.of(one)
    assert (entry.hours_a_week, entry.comments_open, entry.purpose) == (Decimal("4.0"), False, "Berätta om 0")
    assert Channel.objects.exclude(state="closed").count() == before
    # What a row does not show beforehand is told with its row, and nothing is half taken in.
    Person.objects.filter(pk=people[1].pk).update(politician=True)
    renamed = [["", name, NETWORKS[n][1].format(n), *[""] * 16] for n, name in enumerate(("Ett", "Två"))]
    with pytest.raises(Refused) as refused:
        taken(as_csv(renamed), people[0])
    assert "Rad 3" in refused.value.words
    assert not Channel.objects.filter(name="Ett").exists()


# What cannot be read in a row that is right in all else: column, what is written there, and the cell that is told of.
UNREADABLE: tuple[tuple[int, str, str], ...] = (
    (0, "podd eller nåt", "A2"),
    (0, "handed_over", "A2"),
    (1, "x" * 161, "B2"),
    (2, "", "C2"),
    (2, "https://www.facebook.com/sharer/sharer.php?u=x", "C2"),
    (2, f"https://blogg.alvsta.example/{'x' * 500}", "C2"),
    (2, "https://blogg.alvsta.example:99999/", "C2"),
    (12, f"{'x' * 250}@alvsta.example", "M2"),
    (14, f"alvsta.example/{'x' * 500}", "O2"),
    (4, "Sjöfartsförvaltningen", "E2"),
    (5, "", "F2"),
    (7, "kanske", "H2"),
    (11, "Sjörövare", "L2"),
    (14, "ingen sida", "O2"),
    (15, "-1", "P2"),
    (15, "nan", "P2"),
    (16, "400", "Q2"),
    (18, "ibland", "S2"),
)


def test_each_cell_that_cannot_be_read_is_told_with_its_place(people: list[Person]) -> None:
    told = []
    for column, value, _place in UNREADABLE:
        row = sixty()[0]
        row[column] = value
        told.append((column, value, *(fault.place for fault in planned(as_csv([row])).faults)))
    assert told == list(UNREADABLE)


def test_neither_who_is_elected_nor_who_has_left_can_answer_for_an_account(people: list[Person]) -> None:
    Person.objects.filter(pk=people[0].pk).update(politician=True)
    Person.objects.filter(pk=people[1].pk).update(is_active=False)
    rows = sixty()[:2]
    for row in rows:
        row[6] = ""
    assert [fault.place for fault in planned(as_csv(rows)).faults] == ["F2", "F3"]
    Person.objects.filter(pk=people[1].pk).update(is_active=True)
    rows[0][5] = rows[1][5]
    rows[0][6] = "eva@alvsta.example; ake@alvsta.example"
    assert [fault.place for fault in planned(as_csv(rows)).faults] == ["G2"], "nor have an administrator's rights"


def test_from_the_page_it_is_looked_through_and_then_taken_in(people: list[Person], client: Any) -> None:
    who = factories.person(Role.COMMUNICATIONS)
    client.force_login(who)
    for language in ("sv", "en"):
        Person.objects.filter(pk=who.pk).update(language=language)
        example = sheets.read(client.get(reverse("register:sheet_example")).content, ACCOUNTS.columns)
        assert (example.unknown, len(example.columns)) == ((), 19), "what we give out we can read"
    Person.objects.filter(pk=who.pk).update(language="sv")
    sent = {"sheet": SimpleUploadedFile("konton.xlsx", as_xlsx(planted()))}
    page = client.post(reverse("register:sheet_in"), sent, follow=True).content.decode()
    assert all(place in page for _row, _column, _value, place in PLANTED)
    assert "12 rutor behöver rättas" in page
    bad = SheetIn.objects.get()
    assert client.post(reverse("register:sheet_take_in", args=[bad.pk])).status_code == 409
    sent = {"sheet": SimpleUploadedFile("konton.xlsx", as_xlsx(sixty()))}
    page = client.post(reverse("register:sheet_in"), sent, follow=True).content.decode()
    assert "Det här skulle ändras" in page
    assert not Channel.objects.exists(), "looking changes nothing"
    row = SheetIn.objects.exclude(pk=bad.pk).get()
    client.post(reverse("register:sheet_take_in", args=[row.pk]))
    row.refresh_from_db()
    sheets_in.run(row, now=NOW, sort=ACCOUNTS)
    assert Channel.objects.count() == 60
    page = client.get(reverse("register:sheet", args=[row.pk])).content.decode()
    assert "Allt är inne" in page
    assert client.get(reverse("organisation:sheet", args=[row.pk])).status_code in {403, 404}
    row.refresh_from_db()
    assert bytes(row.body) == b""
