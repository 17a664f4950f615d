"""The look's own pages."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.ui import actions, live, views
from uppsikt.ui.logos import media_type
from uppsikt.ui.middleware import RefusedMiddleware
from uppsikt.ui.models import LOGO_BYTES, Appearance

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
BY = Doer("person:1", "Eva Ek")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def change(**more: object) -> Appearance:
    given = {"name": "Älvsta kommun", "colour": "#123456", **more}
    return actions.change_appearance(by=BY, now=NOW, **given)  # type: ignore[arg-type]


def test_the_theme_follows_the_municipality(client: Client) -> None:
    before = client.get("/ui/theme.css").content
    row = change()
    after = client.get(f"/ui/theme.css?v={row.version}")
    assert after.content != before
    assert b"--ds-color-accent-base-default:#123456" in after.content
    assert "immutable" in after["Cache-Control"]
    assert after["Content-Type"].startswith("text/css")


def test_the_preview_takes_colours_only(client: Client) -> None:
    assert client.get("/ui/theme.css", {"colour": "#abcdef"}).status_code == 200
    assert client.get("/ui/theme.css", {"colour": "red;}body{display:none}"}).status_code == 404


def test_a_logo_can_run_nothing(client: Client) -> None:
    change(logo=b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')
    answer = client.get("/ui/logo")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


def test_without_a_logo_the_shield_has_the_municipalitys_colour(client: Client) -> None:
    change()
    assert b"#123456" in client.get("/ui/logo").content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a", "wrong_kind"),
        (b"<html><svg></svg></html>", "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * LOGO_BYTES, "too_large"),
        (b"<svg><script>alert(1)</script></svg>", "active_svg"),
        (b'<svg onload="alert(1)"></svg>', "active_svg"),
        (b'<svg><a href="javascript:x"/></svg>', "active_svg"),
        (b"<!DOCTYPE svg [<!ENTITY x 'y'>]><svg>&x;</svg>", "wrong_kind"),
        (b'<svg><image href="http://a.example/"/></svg>', "active_svg"),
        (b"<svg><style>*{background:url(//a.example)}</style></svg>", "active_svg"),
        (b"<svg><foreignObject/></svg>", "active_svg"),
    ],
)
def test_what_may_not_be_a_logo(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        media_type(content)
    assert caught.value.code == code


def test_what_may_be_a_logo() -> None:
    assert media_type(PNG) == "image/png"
    assert media_type(b"RIFF1234WEBPVP8 ") == "image/webp"
    assert media_type(b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg><path/></svg>') == "image/svg+xml"


def test_scheme_and_language_are_kept_and_lead_nowhere_else(client: Client) -> None:
    answer = client.post("/ui/fargschema", {"scheme": "dark", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert answer.cookies["uppsikt_scheme"].value == "dark"
    assert client.get("/ui/fargschema").status_code == 405
    answer = client.post("/ui/sprak", {"language": "en", "next": "//evil.example/"})
    assert answer["Location"] == "/"


def test_a_refusal_keeps_what_was_written(rf: RequestFactory) -> None:
    middleware = RefusedMiddleware(lambda _request: HttpResponse())
    text = "Ett långt svar som ingen vill skriva om."
    request = rf.post("/x", {"text": text, "csrfmiddlewaretoken": "hemlig-hemlig-hemlig"}, HTTP_ACCEPT="text/html")
    answer = middleware.process_exception(request, Refused("late", "Någon hann före."))
    assert answer is not None
    page = answer.content.decode()
    assert answer.status_code == 409
    assert text in page
    assert "Någon hann före." in page
    assert "hemlig" not in page


def test_a_refusal_to_a_program_is_words_alone(rf: RequestFactory) -> None:
    middleware = RefusedMiddleware(lambda _request: HttpResponse())
    answer = middleware.process_exception(rf.post("/x"), Refused("late", "Någon hann före."))
    assert answer is not None
    assert answer.content.decode() == "Någon hann före."
    assert middleware.process_exception(rf.post("/x"), ValueError()) is None


def test_a_live_region_costs_a_304_when_nothing_changed(rf: RequestFactory) -> None:
    context = {"tabs": [], "label": "Vyer"}
    first = live.region(rf.get("/x"), "ui/parts/tabs.html", context)
    again = live.region(rf.get("/x", HTTP_IF_NONE_MATCH=first["ETag"]), "ui/parts/tabs.html", context)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    changed = live.region(
        rf.get("/x", HTTP_IF_NONE_MATCH=first["ETag"]), "ui/parts/tabs.html", {**context, "label": "A"}
    )
    assert changed.status_code == 200


def test_the_language_is_remembered_for_somebody_who_is_logged_in(rf: RequestFactory) -> None:
    saved: list[object] = []
    person = SimpleNamespace(
        is_authenticated=True, roles=frozenset(), language="sv", save=lambda **how: saved.append(how)
    )
    for language in ("en", "xx"):
        request = rf.post("/ui/sprak", {"language": language})
        request.user = person  # type: ignore[assignment]  # as far as the view knows people
        views.language(request)
    assert person.language == "en"
    assert saved == [{"update_fields": ["language"]}]
