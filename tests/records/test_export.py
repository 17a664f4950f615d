"""A search as a file: right in a spreadsheet, whole or not at all, and no more than may be read (D18, D20)."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

import factories
from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import exporting, secrecy, writers
from uppsikt.records.models import Export, ExportPart, Item
from uppsikt.records.search import Asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def channel(now: datetime) -> Channel:
    return factories.channel(now=now - timedelta(days=30))


@pytest.fixture
def reader() -> Person:
    return factories.person(Role.AUDITOR)


@pytest.fixture
def items(channel: Channel, now: datetime) -> list[Item]:
    """Seven, of which one is a trap for spreadsheets."""
    texts = ["Åäö; semikolon", '=HYPERLINK("http://x")', 'Citat "här"\noch ny rad', "@summa", "fem", "sex", "sju"]
    readings = [factories.captured(text=text, at=now - timedelta(hours=n)) for n, text in enumerate(texts)]
    return factories.items(channel, readings, now=now)


def ordered(by: Person, now: datetime, **asked: Any) -> Export:
    """An order."""
    return exporting.order(Asked(**asked), query="", format=asked.pop("format", "csv"), by=by, now=now)


def written(export: Export, now: datetime) -> Export:
    """The same, written to its end."""
    exporting.write(export.pk, now=now)
    export.refresh_from_db()
    return export


def body(export: Export, to: Person, now: datetime) -> str:
    """The file."""
    return b"".join(exporting.deliver(export, to=to, now=now)).decode("utf-8")


def test_d18_csv_opens_right_in_a_spreadsheet(reader: Person, items: list[Item], now: datetime) -> None:
    """The mark of UTF-8, semicolons, quotes doubled, and no cell that is a formula."""
    export = written(ordered(reader, now), now)
    text = body(export, reader, now)
    assert text.startswith("\ufeffHandling;Publicerad;")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [row["Text"] for row in rows] == [
        "Åäö; semikolon",
        '\'=HYPERLINK("http://x")',
        'Citat "här"\noch ny rad',
        "'@summa",
        "fem",
        "sex",
        "sju",
    ]
    assert export.size == len(text.encode())
    assert not any(cell.startswith(writers.FORMULA) for row in rows for cell in row.values())


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert writers.safe(cell) == f"'{cell}"


def test_a_long_text_stays_in_its_cell() -> None:
    assert len(writers.safe("x" * 100_000)) < 32_767


def test_d18_json_lines_hold_whole_texts(reader: Person, items: list[Item], now: datetime) -> None:
    export = exporting.order(Asked(words="sju"), query="q=sju", format="jsonl", by=reader, now=now)
    lines = [json.loads(line) for line in body(written(export, now), reader, now).splitlines()]
    assert [(line["text"], line["id"]) for line in lines] == [("sju", items[6].pk)]


def test_it_is_written_in_pieces_and_goes_on_where_it_was_left(
    reader: Person, items: list[Item], now: datetime, monkeypatch: Any
) -> None:
    """Stopped after any piece, even in the middle of one, nothing is doubled, left out or shown as whole."""
    monkeypatch.setattr(exporting, "LOT", 2)
    whole = body(written(ordered(reader, now), now), reader, now)
    export = ordered(reader, now)
    for done in (2, 4):
        exporting.write_lot(export.pk, now=now)
        export.refresh_from_db()
        assert (export.state, export.done, export.parts.count()) == ("running", done, done // 2)
        with pytest.raises(Refused):
            body(export, reader, now)
    lines = writers.FORMATS["csv"].lines

    def dies(*_args: Any) -> bytes:
        raise ConnectionError

    monkeypatch.setitem(
        writers.FORMATS, "csv", writers.Format("", "csv", "", writers.csv_head, dies)  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(ConnectionError):
        exporting.write_lot(export.pk, now=now)
    assert Export.objects.get(pk=export.pk).done == 4
    monkeypatch.setitem(
        writers.FORMATS, "csv", writers.Format("", "csv", "", writers.csv_head, lines)  # type: ignore[arg-type]
    )  # fmt: skip
    assert body(written(export, now), reader, now) == whole


def test_what_has_lost_its_job_gets_a_new_one(reader: Person, items: list[Item], now: datetime) -> None:
    """A worker that was killed leaves nothing lying half done; what is old is let go of."""
    export = ordered(reader, now)
    ProcrastinateJob.objects.filter(task_name="records.export").update(status="failed", queueing_lock=None)
    exporting.see_to(now=now)
    assert not waiting_jobs()
    exporting.see_to(now=now + timedelta(minutes=5))
    assert waiting_jobs() == [export.pk]
    exporting.see_to(now=now + timedelta(days=2))
    export.refresh_from_db()
    assert (export.state, export.trouble) == ("failed", "too_long")


def waiting_jobs() -> list[int]:
    """The exports that a job waits for."""
    rows = ProcrastinateJob.objects.filter(task_name="records.export", status="todo")
    return [row.args["export_id"] for row in rows]


def test_a_file_goes_when_its_time_is_out(reader: Person, items: list[Item], now: datetime) -> None:
    export = written(ordered(reader, now), now)
    later = now + timedelta(days=8)
    with pytest.raises(Refused):
        body(export, reader, later)
    exporting.see_to(now=later)
    export.refresh_from_db()
    assert export.state == "expired"
    assert not ExportPart.objects.exists()


def test_cancelled_is_cancelled(reader: Person, items: list[Item], now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr(exporting, "LOT", 2)
    export = ordered(reader, now)
    exporting.write_lot(export.pk, now=now)
    exporting.cancel(export, by=reader, now=now)
    assert not exporting.write_lot(export.pk, now=now)
    assert not ExportPart.objects.exists()
    assert Export.objects.get(pk=export.pk).state == "cancelled"


def test_d20_what_is_secret_is_in_the_file_of_those_alone_who_read_it(
    reader: Person, channel: Channel, items: list[Item], now: datetime
) -> None:
    officer = factories.officer(channel)
    secrecy.mark(items[4], ground="osl-21-1", reason="Hälsa.", by=officer, now=now)
    for who, found in ((reader, False), (officer, True)):
        for form in ("csv", "jsonl"):
            export = exporting.order(Asked(), query="", format=form, by=who, now=now)
            assert ("fem" in body(written(export, now), who, now)) is found
            assert export.expected == (7 if found else 6)


def test_d20_rights_are_tried_once_more_at_delivery(
    reader: Person, channel: Channel, items: list[Item], now: datetime
) -> None:
    """Marked secret since, or a right lost since: then the file is not handed out."""
    officer = factories.officer(channel)
    mine, hers = written(ordered(reader, now), now), written(ordered(officer, now), now)
    secrecy.mark(items[4], ground="osl-21-1", reason="Hälsa.", by=officer, now=now)
    with pytest.raises(Refused) as refused:
        body(mine, reader, now)
    assert refused.value.code == "may_not_read"
    assert "fem" in body(hers, officer, now)
    with pytest.raises(Refused):
        body(hers, factories.officer(channel), now)
    for grant in officer.grants.all():
        organisation.end_role(grant, by=officer.doer, now=now)
    officer = Person.objects.get(pk=officer.pk)
    with pytest.raises(Refused):
        body(hers, officer, timezone.now())


def test_order_and_download_stand_in_the_trail(reader: Person, items: list[Item], now: datetime) -> None:
    export = written(ordered(reader, now), now)
    body(export, reader, now)
    assert [step.name for step in trail.steps_of(export)] == ["order", "start", "finish", "download"]


def test_the_page_shows_how_far_it_is_and_hands_out_the_file(reader: Person, items: list[Item], now: datetime) -> None:
    client, other = Client(), Client()
    client.force_login(reader)
    other.force_login(factories.person(Role.AUDITOR))
    answer = client.post(reverse("records:order"), {"query": "q=sju&x=1", "format": "csv"})
    assert answer["Location"] == reverse("records:exports")
    region = client.get(reverse("records:exports"), headers={"HX-Request": "true"})
    assert "Väntar på sin tur" in region.content.decode()
    same = {"HX-Request": "true", "If-None-Match": region["ETag"]}
    assert client.get(reverse("records:exports"), headers=same).status_code == 304
    export = written(Export.objects.get(), now)
    assert "Klar att hämta" in client.get(reverse("records:exports")).content.decode()
    file = client.get(reverse("records:download", args=[export.pk]))
    content = b"".join(file.streaming_content)  # type: ignore[arg-type]
    assert int(file["Content-Length"]) == len(content)
    assert "attachment" in file["Content-Disposition"]
    assert b"sju" in content
    for name in ("download", "cancel", "drop"):
        assert other.post(reverse(f"records:{name}", args=[export.pk])).status_code in {404, 405}
    client.post(reverse("records:drop", args=[export.pk]))
    assert client.get(reverse("records:download", args=[export.pk]))["Location"] == reverse("records:exports")


def test_not_more_than_a_few_at_once(reader: Person, items: list[Item], now: datetime) -> None:
    for _time in range(exporting.AT_ONCE):
        ordered(reader, now)
    with pytest.raises(Refused):
        ordered(reader, now)
