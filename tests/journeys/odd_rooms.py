"""Pages that no plain address opens: the steps of connecting, errors, rules that somebody has changed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.test import RequestFactory, override_settings
from django.utils import timezone
from playwright.sync_api import Page as Window
from playwright.sync_api import Route, expect

import factories
from journeys.rooms import HOSTILE, SYSTEM
from practice_network import MONDAY, Network
from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel
from uppsikt.kernel.hours import read_spans
from uppsikt.kernel.models import BackupRun
from uppsikt.policy import actions as policy
from uppsikt.ui import views as look


@contextmanager
def practice() -> Iterator[Network]:
    """A practice network that connectors may reach, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        network = Network(Path(folder) / "practice", ["--speed", "0", "--start", MONDAY, "--rate", "0"])
        network.start()
        try:
            with override_settings(ALLOW_PRIVATE=frozenset({network.host})):
                yield network
        finally:
            network.stop()


def recognised(window: Window, network: Network) -> None:
    """The second step."""
    window.locator("[name=address]").fill(f"{network.base}/@alvsta")
    window.locator("main form button").first.click()
    expect(window.locator("#found")).to_be_visible()


def connect_needs(window: Window) -> None:
    """What was found, and what is needed."""
    with practice() as network:
        network.open("alvsta")
        recognised(window, network)


def connect_wrong_key(window: Window) -> None:
    """The second step again: the key was wrong."""
    with practice() as network:
        network.open("alvsta")
        recognised(window, network)
        tried(window, "hemlig-gissning")
        expect(window.locator("main [role=alert]")).to_be_visible()


def connect_confirm(window: Window) -> None:
    """Who we become there."""
    with practice() as network:
        token = network.open("alvsta")
        recognised(window, network)
        tried(window, token)
        expect(window.locator("[name=tried]")).to_be_attached()


def tried(window: Window, token: str) -> None:
    """Fill the second step in, and try."""
    window.locator("[name=unit]").select_option(index=1)
    window.locator("[name=reason]").fill("Kontot öppnades 2019, beslut av kulturchefen")
    window.locator("[name=token]").fill(token)
    window.locator("main form button").first.click()


def connect_nowhere(window: Window) -> None:
    """The first step again: nobody answers there."""
    window.locator("[name=address]").fill("http://127.0.0.1:9/")
    window.locator("main form button").first.click()
    expect(window.locator("main [role=alert]")).to_be_visible()


def some_unit() -> tuple[Any, ...]:
    """A unit to choose."""
    factories.municipality()
    return ()


def empty_form(window: Window) -> None:
    """The form sent with nothing in it, past the browser's own checks: the summary of what is wrong."""
    window.evaluate("document.querySelector('main form[method=post]').noValidate = true")
    for box in window.locator(
        "main form[method=post] input[type=text], main form[method=post] input[type=email]"
    ).all():
        box.fill("")
    window.locator("main form[method=post] button[type=submit]").first.click()
    expect(window.locator(".ds-error-summary")).to_be_visible()


def old_form(window: Window) -> None:
    """A form whose secret has gone: 403 of the protection against forged forms."""
    window.context.clear_cookies()
    window.evaluate("document.querySelector('main form').noValidate = true")
    window.locator("main form button").first.click()
    expect(window.locator("h1")).to_have_text("Sidan var för gammal")


def asked_too_often(window: Window) -> None:
    """Login links asked for again and again."""
    for _time in range(12):
        if window.locator("main [role=alert]").count():
            return
        window.goto(window.url)
        window.locator("[name=email]").fill("nagon@alvsta.example")
        window.locator("main form button").first.click()
        window.wait_for_load_state()
    expect(window.locator("main [role=alert]")).to_be_visible()


def link_sent(window: Window) -> None:
    """A login link that was asked for."""
    window.locator("[name=email]").fill("nagon.med.ett.langt.namn@alvsta.example")
    window.locator("main form button").first.click()
    expect(window.locator("h1")).to_have_text("Titta i din e-post")


def refused(window: Window) -> None:
    """Somebody else paused the channel while one wrote why it should be: 409, with the text."""
    channels.pause(Channel.objects.get(), reason="Webbplatsen byggs om.", by=SYSTEM, now=timezone.now())
    window.locator("details:has(#pause-reason) summary").click()
    window.locator("#pause-reason").fill("Webbplatsen flyttas till en ny server i natt.")
    window.locator("form:has(#pause-reason) button").click()
    expect(window.locator("h1")).to_have_text("Det gick inte")


def rendered(answer: Callable[[], Any]) -> Callable[[Window], None]:
    """Shows what Django would answer with, at the page's own address, with its style."""

    def shown(window: Window) -> None:
        made = answer()

        def fulfill(route: Route) -> None:
            route.fulfill(status=made.status_code, content_type="text/html; charset=utf-8", body=made.content)

        where = urlsplit(window.url)._replace(path="/trasig/").geturl()
        window.route(where, fulfill)
        window.goto(where)
        window.unroute(where)

    return shown


broken = rendered(lambda: look.broken(RequestFactory().get("/")))
bad_request = rendered(lambda: look.bad_request(RequestFactory().get("/"), ValueError()))


SUMMER = policy.SeasonKey((6, 15), (8, 15), "Sommar")


def rules_changed() -> tuple[Any, ...]:
    """A season, and a day that differs."""
    now = timezone.now()
    policy.replace_week(week=(read_spans("8.00–15.00"), *(None,) * 5, ()), season=SUMMER, by=SYSTEM, now=now)
    tomorrow = timezone.localdate() + timedelta(days=1)
    policy.add_local_day(day=tomorrow, spans=(), why=HOSTILE[:120], by=SYSTEM, now=now)
    return ()


def season() -> tuple[Any, ...]:
    """The key of a season."""
    rules_changed()
    return ("06-15--08-15",)


def counted(window: Window) -> None:
    """A deadline that was counted out."""
    window.goto(f"{window.url}?received=2026-12-23T17:00")
    expect(window.locator("#rakna [role=status]")).to_be_visible()


def wrong_hours(window: Window) -> None:
    """Hours that cannot be read."""
    window.locator("main form[method=post] input[type=text]").first.fill("åtta till fem")
    window.locator("main form[method=post] button[type=submit]").first.click()
    expect(window.locator(".ds-error-summary")).to_be_visible()


def searched(window: Window) -> None:
    """A search that finds something."""
    window.goto(f"{window.url}?q=söndag&typ=comment")
    expect(window.locator("mark").first).to_be_visible()


def backups() -> tuple[Any, ...]:
    """A night's backup that went well, one that failed, a drill, and one that is not done."""
    now = timezone.now()
    facts = {"steps": 1200, "blobs": 340, "restore": 12.5}
    for number, (kind, well, trouble) in enumerate(
        [("backup", True, ""), ("backup", False, "s3://kopior: the keys are refused"), ("drill", True, "")]
    ):
        at = now - timedelta(hours=number)
        BackupRun.objects.create(
            kind=kind, place="/srv/kopior", begun_at=at, ended_at=at, went_well=well, trouble=trouble, facts=facts
        )
    BackupRun.objects.create(kind="backup", place="/srv/kopior", begun_at=now)
    return ()


def marked(window: Window) -> None:
    """Some cases marked, and what can be done with them."""
    window.keyboard.press("a")
    window.keyboard.press("b")
    expect(window.locator("[data-marked]")).to_contain_text("markerade ärenden")


def picking(window: Window) -> None:
    """The templates, over a case with a like question."""
    expect(window.locator("#liknande-h")).to_be_visible()
    window.keyboard.press("m")
    expect(window.locator("#mallar-sok")).to_be_focused()


def palette(window: Window) -> None:
    """The palette, with something found."""
    window.keyboard.press("Control+k")
    window.keyboard.type("svar")
    expect(window.locator("#u-palette [role=option]").first).to_be_visible()
