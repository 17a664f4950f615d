"""D18: what is said is kept in order, searchable in every wording, and readable by all where not secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from uppsikt.connectors.base import CapturedAttachment, Direction, Kind, Visibility
from uppsikt.kernel import blobs
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, Role
from uppsikt.records.models import Attachment, Item

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
HOSTILE = 'Hej <script>alert(1)</script> <img src=x onerror="alert(2)"> fil\u202egpj.exe'


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def found(client: Client, **asked: object) -> list[str]:
    """Native ids of what the list shows."""
    return [row.native_id for row in client.get(reverse("records:records"), asked).context["page"].rows]


@pytest.fixture
def reader() -> Client:
    return logged_in(factories.person(Role.REGISTRAR))


def test_d18_every_wording_is_found_by_its_words_in_any_form(reader: Client) -> None:
    channel = factories.channel()
    factories.item(channel, native_id="comment/1", text="Gatorna plogas inte")
    factories.item(channel, native_id="comment/1", text="Ursäkta, jag hade fel")
    assert found(reader, q="gata") == ["comment/1"]
    assert found(reader, q="plogade") == ["comment/1"]
    assert found(reader, q="fel") == ["comment/1"]
    assert found(reader, q="cykel") == []
    assert found(reader, q="nul\0tecken") == found(reader)


def test_d18_what_is_gone_from_the_network_is_still_read_and_found_here(reader: Client) -> None:
    item = factories.item(factories.channel(), text="Borttaget av mig")
    Item.objects.filter(pk=item.pk).update(state="gone")
    page = reader.get(reverse("web:record", args=[item.pk])).content.decode()
    assert "Borttaget av mig" in page
    assert "Den finns inte längre på nätet. Handlingen finns kvar här." in page
    assert found(reader, q="borttaget", status="gone") == [item.native_id]


def test_d18_the_list_is_narrowed_by_channel_kind_direction_state_and_days(reader: Client) -> None:
    here, there = factories.channel(), factories.channel()
    factories.item(here, native_id="post/1", kind=Kind.POST, direction=Direction.DRAWN_UP)
    factories.item(here, native_id="comment/1", at=NOW - timedelta(days=3))
    factories.item(there, native_id="comment/2", visibility=Visibility.HELD)
    assert found(reader) == ["comment/2", "post/1", "comment/1"]
    assert found(reader, kanal=there.pk) == ["comment/2"]
    assert found(reader, typ="post") == ["post/1"]
    assert found(reader, riktning="received") == ["comment/2", "comment/1"]
    assert found(reader, status="held") == ["comment/2"]
    assert found(reader, till="2026-11-11") == ["comment/1"]
    assert found(reader, fran="2026-11-12") == ["comment/2", "post/1"]
    assert found(reader, kanal="x", typ="?", fran="i går") == found(reader)


def test_d18_long_lists_come_page_by_page_at_the_same_cost(django_assert_max_num_queries: object) -> None:
    channel = factories.channel()
    factories.items(channel, [factories.captured(f"comment/{number}", at=NOW) for number in range(70)])
    client, seen, url = logged_in(factories.person(Role.REGISTRAR)), list[str](), reverse("records:records")
    while url:
        with django_assert_max_num_queries(21):  # type: ignore[operator]
            page = client.get(url)
        seen += [row.native_id for row in page.context["page"].rows]
        older = page.context["page"].older
        url = reverse("records:records") + older if older else ""
    assert seen == [f"comment/{number}" for number in range(69, -1, -1)]


def test_d18_all_roles_but_the_system_administrator_read_records() -> None:
    item = factories.item(factories.channel())
    for role in Role:
        status = logged_in(factories.person(role)).get(reverse("web:record", args=[item.pk])).status_code
        assert status == (200 if role in READERS else 403), role
    administrator = logged_in(factories.person(Role.ADMINISTRATOR))
    page = administrator.get(reverse("web:channel", args=[item.channel_id])).content.decode()
    assert "När plogas gatan?" not in page


def test_d18_the_page_shows_what_changed_from_wording_to_wording(reader: Client) -> None:
    channel = factories.channel()
    for text in ("Kan ni ha öppet på söndagar?", "Kan biblioteket ha öppet på söndagar?"):
        item = factories.item(channel, native_id="comment/1", text=text)
    page = " ".join(reader.get(reverse("web:record", args=[item.pk])).content.decode().split())
    assert '<del><span class="ds-sr-only">borttaget: </span>ni</del>' in page
    assert '<ins><span class="ds-sr-only">tillagt: </span>biblioteket</ins>' in page


def test_d18_hostile_text_is_shown_as_text(reader: Client) -> None:
    channel = factories.channel()
    for text in ("Först", HOSTILE):
        item = factories.item(channel, native_id="comment/1", text=text, author=HOSTILE, title=HOSTILE)
    for url in (
        reverse("web:record", args=[item.pk]),
        reverse("records:records"),
        reverse("web:channel", args=[channel.pk]),
    ):
        page = reader.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page


def test_d18_an_address_that_is_no_web_address_is_no_link(reader: Client) -> None:
    item = factories.item(factories.channel())
    Item.objects.filter(pk=item.pk).update(address="javascript:alert(1)")
    assert "javascript:" not in reader.get(reverse("web:record", args=[item.pk])).content.decode()


def test_d18_a_megabyte_of_text_makes_no_megabyte_of_page(reader: Client) -> None:
    channel = factories.channel()
    for text in ("ord " * 250_000, "andra ord " * 100_000):
        item = factories.item(channel, native_id="comment/1", text=text)
    for url in (reverse("web:record", args=[item.pk]), reverse("records:records")):
        answer = reader.get(url)
        assert answer.status_code == 200
        assert len(answer.content) < 200_000


def test_d18_the_networks_own_answer_is_downloaded_word_for_word_and_never_run(reader: Client) -> None:
    item = factories.item(factories.channel(), text=HOSTILE)
    assert item.version
    answer = reader.get(reverse("records:original", args=[item.pk, 1]))
    assert answer.content == HOSTILE.encode()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert item.version.raw.blob_id in reader.get(reverse("web:record", args=[item.pk])).content.decode()


def test_d18_attachments_are_bytes_to_save_under_a_safe_name(reader: Client) -> None:
    file = CapturedAttachment("https://natet.example/x.html?a=1", "text/html", '../../"evil\u202e.html')
    item = factories.item(factories.channel(), attachments=(file,))
    row = Attachment.objects.get(item=item)
    assert reader.get(reverse("records:attachment", args=[row.pk])).status_code == 404
    row.blob_id = blobs.put(b"<script>1</script>", "text/html", now=timezone.now())
    row.save()
    answer = reader.get(reverse("records:attachment", args=[row.pk]))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="handling-{item.pk}-{row.pk}-evil_.html"'


def test_d18_a_damaged_file_is_said_to_be_so(reader: Client) -> None:
    item = factories.item(factories.channel())
    assert item.version
    blobs.path_of(item.version.raw.blob_id).write_bytes(b"annat")
    answer = reader.get(reverse("records:original", args=[item.pk, 1]), headers={"Accept": "text/html"})
    assert answer.status_code == 409
    assert "skadad" in answer.content.decode()


def test_d18_the_first_look_of_somebody_here_is_noted_once_and_an_auditors_is_not() -> None:
    item = factories.item(factories.channel())
    url = reverse("web:record", args=[item.pk])
    logged_in(factories.person(Role.AUDITOR)).get(url)
    item.refresh_from_db()
    assert item.known_at is None
    logged_in(factories.person(Role.OFFICER)).get(url)
    item.refresh_from_db()
    first = item.known_at
    assert first is not None
    logged_in(factories.person(Role.REGISTRAR)).get(url)
    item.refresh_from_db()
    assert item.known_at == first
