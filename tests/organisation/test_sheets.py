"""People from a spreadsheet: each fault named by row and column, all or nothing, and a second time changes nothing."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

import factories
from uppsikt.kernel import sheets, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Step
from uppsikt.organisation import politicians, sheets_in, taking_in
from uppsikt.organisation.models import Board, Department, Person, RoleGrant, SheetIn, Unit
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
HEAD = ["Namn", "E-postadress", "Titel", "Telefon", "Nämnd", "Förvaltning", "Enhet", "Roller", "Gäller"]
BUN = ["Barn- och utbildningsnämnden", "Barn- och utbildningsförvaltningen"]


def rows_of(*rows: list[str]) -> list[list[str]]:
    return [HEAD, *rows]


def as_csv(rows: list[list[str]], *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(body: bytes) -> sheets.Sheet:
    return sheets.read(body, taking_in.COLUMNS)


GOOD = rows_of(
    ["Eva Ek", "eva@alvsta.example", "rektor", "070-174 06 05", *BUN, "Björkskolan", "Chef, Handläggare", ""],
    ["Åke Ö", "Ake@Alvsta.Example", "", "", *BUN, "Björkskolan", "Handläggare", ""],
    ["Ida Id", "ida@alvsta.example", "IT-tekniker", "", "", "", "", "Systemadministratör", "alla"],
    ["", "", "", "", *BUN, "Ekskolan", "", ""],
)


@pytest.mark.parametrize(
    "body",
    [
        as_xlsx(GOOD),
        as_csv(GOOD),
        as_csv(GOOD, delimiter=",", encoding="utf-8"),
        as_csv(GOOD, delimiter="\t", encoding="utf-16"),
        as_csv(GOOD, encoding="cp1252"),
    ],
    ids=["xlsx", "csv", "comma", "utf-16 tabs", "windows-1252"],
)
def test_a_sheet_in_any_form_brings_the_same_people(body: bytes) -> None:
    done = taking_in.take_in(read(body), by=factories.TESTER, now=NOW)
    assert (done.count("new"), len(done.branches)) == (3, 4)
    eva = Person.objects.get(email="eva@alvsta.example")
    assert (eva.name, eva.title, eva.phone, str(eva.unit)) == ("Eva Ek", "rektor", "070-174 06 05", "Björkskolan")
    assert {(grant.role, grant.unit) for grant in RoleGrant.objects.filter(person=eva)} == {
        (Role.MANAGER, eva.unit),
        (Role.OFFICER, eva.unit),
    }
    assert RoleGrant.objects.get(person__email="ida@alvsta.example").unit is None
    assert Unit.objects.get(name="Ekskolan").department.board.name == BUN[0]


def test_the_second_time_nothing_changes() -> None:
    taking_in.take_in(read(as_xlsx(GOOD)), by=factories.TESTER, now=NOW)
    before = Step.objects.count(), Person.objects.count(), RoleGrant.objects.count(), Unit.objects.count()
    done = taking_in.take_in(read(as_csv(GOOD)), by=factories.TESTER, now=NOW)
    assert (done.count("same"), done.count("new"), done.count("changed"), done.branches) == (3, 0, 0, [])
    assert before == (Step.objects.count(), Person.objects.count(), RoleGrant.objects.count(), Unit.objects.count())


def test_what_is_different_is_changed_with_the_old_in_the_trail_and_empty_cells_leave_what_is_there() -> None:
    taking_in.take_in(read(as_xlsx(GOOD)), by=factories.TESTER, now=NOW)
    changed = rows_of(["Eva Ek", "EVA@alvsta.example", "skolchef", "", *BUN, "Ekskolan", "", ""])
    plan = taking_in.plan(read(as_xlsx(changed)), now=NOW)
    assert plan.changes[0].what == ("titel: rektor → skolchef", "enhet: Björkskolan → Ekskolan")
    taking_in.take_in(read(as_xlsx(changed)), by=factories.TESTER, now=NOW)
    eva = Person.objects.get(email="eva@alvsta.example")
    assert (eva.title, eva.phone, str(eva.unit)) == ("skolchef", "070-174 06 05", "Ekskolan")
    step = trail.steps_of(eva).order_by("-id")[0]
    assert step.facts["before"]["title"] == "rektor"


BAD = rows_of(
    ["Eva Ek", "inte en adress", "", "", "", "", "", "", ""],  # B2
    ["Åke", "ake@alvsta.example", "", "", "", "", "", "Trollkarl", ""],  # H3
    ["", "ny@alvsta.example", "", "", "", "", "", "", ""],  # A4
    ["Åke igen", "AKE@alvsta.example", "", "", "", "", "", "", ""],  # B5
    ["Ulf", "ulf@alvsta.example", "", "", "", "", "Enhet utan hem", "", ""],  # G6
    ["Una", "una@alvsta.example", "", "", "", "Förvaltning utan nämnd", "", "", ""],  # E7
    ["Långa", "lang@alvsta.example", "x" * 121, "", "", "", "", "", ""],  # C8
    ["Utan adress", "", "", "", "", "", "", "", ""],  # B9
    ["", "", "", "", "", "", "", "", ""],
    ["Var", "var@alvsta.example", "", "", "", "", "", "Chef", "ibland"],  # I11
)
PLACES = ["B2", "H3", "A4", "B5", "G6", "E7", "C8", "B9", "I11"]


@pytest.mark.parametrize("form", [as_csv, as_xlsx])
def test_each_fault_is_named_by_row_and_column_and_nothing_is_half_taken_in(form: Any) -> None:
    good = ["Snäll", "snall@alvsta.example", "", "", *BUN, "Björkskolan", "Chef", ""]
    sheet = read(form([*BAD, good]))
    plan = taking_in.plan(sheet, now=NOW)
    assert [fault.place for fault in plan.faults] == PLACES
    assert all(fault.words.endswith(".") for fault in plan.faults)
    with pytest.raises(Refused):
        taking_in.take_in(sheet, by=factories.TESTER, now=NOW)
    assert not Person.objects.exists()
    assert not Board.objects.exists()
    assert not Step.objects.exists()


def test_a_department_does_not_change_board_by_a_spreadsheet() -> None:
    taking_in.take_in(read(as_xlsx(GOOD)), by=factories.TESTER, now=NOW)
    moved = rows_of(["Eva Ek", "eva@alvsta.example", "", "", "Kommunstyrelsen", BUN[1], "Björkskolan", "", ""])
    assert [fault.place for fault in taking_in.plan(read(as_csv(moved)), now=NOW).faults] == ["E2"]
    assert Department.objects.get().board.name == BUN[0]


def test_d34_no_sheet_gives_somebody_elected_a_role_in_a_channel() -> None:
    elected = factories.person(name="Pelle Politisk")
    politicians.elect(elected, post="Ledamot", by=factories.TESTER, now=NOW)
    asked = {
        role: rows_of(["", elected.email, "", "", "", "", "", role, "alla"]) for role in ("Handläggare", "Revisor")
    }
    found = {
        role: [one.place for one in taking_in.plan(read(as_csv(rows)), now=NOW).faults] for role, rows in asked.items()
    }
    assert found == {"Handläggare": ["H2"], "Revisor": []}


def test_who_is_not_in_the_sheet_is_told_and_left_alone() -> None:
    taking_in.take_in(read(as_xlsx(GOOD)), by=factories.TESTER, now=NOW)
    plan = taking_in.plan(read(as_csv(GOOD[:2])), now=NOW)
    assert [person.email for person in plan.missing] == ["ake@alvsta.example"]
    assert Person.objects.get(email="ake@alvsta.example").is_active


def packed(size: int) -> bytes:
    """A small zip that unpacks to something large."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return out.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n\n",
        b"PK\x03\x04 inte en zip",
        packed(sheets.MOST_UNPACKED + 1),
        packed(10),
        b"x" * (sheets.MOST_BYTES + 1),
        b"namn;namn\na;b\n",
        b"fel;rubriker\na;b\n",
        b'namn;e-post\n"aldrig stangd;x\n',
        b"\x00\x01\x02\xff\xfe\xfd" * 100,
        b"e-post\n" + b"x\n" * (sheets.MOST_ROWS + 2),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        taking_in.plan(read(body), now=NOW)
    assert refused.value.words.endswith(".")


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_the_reader(body: bytes) -> None:
    for start in (b"", b"e-post;namn\n", sheets.ZIP):
        with suppress(Refused):
            read(start + body)


def test_dates_and_numbers_are_read_as_people_see_them() -> None:
    sheet = sheets.read(
        as_xlsx([["nr", "dag"], [7.0, factories.THURSDAY.replace(tzinfo=None, hour=0)]]), {"nr": (), "dag": ()}
    )
    assert dict(sheet.rows[0].cells) == {"nr": "7", "dag": "2026-11-12"}
    assert sheet.rows[0].place("dag") == "B2"


def administrator() -> tuple[Client, Person]:
    person = factories.person(Role.ADMINISTRATOR)
    client = Client()
    client.force_login(person)
    return client, person


def hand_in(client: Client, body: bytes) -> Any:
    return client.post(
        reverse("organisation:sheet_in"), {"sheet": SimpleUploadedFile("personer.xlsx", body)}, follow=True
    )


def test_from_the_page_it_is_looked_through_and_then_taken_in() -> None:
    client, person = administrator()
    before = Person.objects.count()
    page = hand_in(client, as_xlsx(GOOD)).content.decode()
    assert "Det här skulle ändras" in page
    assert Person.objects.count() == before, "looking changes nothing"
    row = SheetIn.objects.get()
    client.post(reverse("organisation:sheet_take_in", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "running"
    assert client.post(reverse("organisation:sheet_take_in", args=[row.pk])).status_code == 409
    sheets_in.run(row, now=NOW)
    assert Person.objects.count() == before + 3
    page = client.get(reverse("organisation:sheet", args=[row.pk])).content.decode()
    assert "Allt är inne" in page
    row.refresh_from_db()
    assert bytes(row.body) == b""
    sheets_in.run(row, now=NOW)
    assert Step.objects.filter(kind="organisation.sheetin").last().by == person.doer.key


def test_the_page_shows_each_fault_and_offers_no_way_round_them() -> None:
    client, _person = administrator()
    page = hand_in(client, as_xlsx(BAD)).content.decode()
    assert all(place in page for place in PLACES)
    assert "9 rutor behöver rättas" in page
    assert client.post(reverse("organisation:sheet_take_in", args=[SheetIn.objects.get().pk])).status_code == 409


def test_what_changed_between_looking_and_taking_in_is_met_with_words() -> None:
    client, _person = administrator()
    hand_in(client, as_xlsx(GOOD))
    row = SheetIn.objects.get()
    client.post(reverse("organisation:sheet_take_in", args=[row.pk]))
    other = Board.objects.create(name="Tekniska nämnden")
    Department.objects.create(name=BUN[1], board=other)
    row.refresh_from_db()
    sheets_in.run(row, now=NOW)
    assert row.state == "failed"
    assert "Rätta" in row.outcome["words"]
    assert not Person.objects.filter(email="eva@alvsta.example").exists()


def test_the_example_can_be_handed_in_as_it_is() -> None:
    client, _person = administrator()
    body = client.get(reverse("organisation:sheet_example")).content
    assert [cell.value for cell in load_workbook(io.BytesIO(body)).worksheets[0][1]] == list(taking_in.COLUMNS)
    assert not taking_in.plan(read(body), now=NOW).faults


def test_a_role_without_a_place_is_never_given_on_all_units_by_silence() -> None:
    rows = rows_of(["Ulla Utan", "ulla@alvsta.example", "", "", "", "", "", "Registrator", ""])
    plan = taking_in.plan(read(as_xlsx(rows)), now=NOW)
    assert [fault.place for fault in plan.faults] == ["H2"]


def test_a_file_whose_job_never_ended_is_let_go() -> None:
    sheet = sheets_in.hand_in("p.csv", as_csv(GOOD), by=factories.person(), now=NOW)
    SheetIn.objects.filter(pk=sheet.pk).update(state="running")
    sheets_in.tidy(now=NOW + 2 * sheets_in.KEPT)
    sheet.refresh_from_db()
    assert (sheet.state, bytes(sheet.body)) == ("dropped", b"")


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("inside", [b"", b"<a/>", b"<workbook><sheets><sheet/></sheets></workbook>", b"\0"])
def test_a_workbook_with_a_made_up_part_is_refused_or_read(part: str, inside: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx(GOOD))) as good, zipfile.ZipFile(out, "w") as made:
        for name in good.namelist():
            made.writestr(name, inside if name == part else good.read(name))
    with suppress(Refused):
        read(out.getvalue())
