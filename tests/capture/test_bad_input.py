"""Pages that are none, or never end, or fight: a clear state, worth another try or not, nothing left behind (D43)."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from capture import site as pages
from capture.site import MIB, Site
from uppsikt.capture import browser, page, process
from uppsikt.capture.errors import CaptureFailed
from uppsikt.capture.limits import Limits
from uppsikt.capture.pool import Pool

SHORT = Limits(width=400, height=900, load=30, settle=5, scroll=2, total=90, max_height=30_000)
# For what never loads: there the limit itself is waited for.
HASTY = replace(SHORT, load=3, settle=2)
CARD = "<!doctype html><html lang=sv><h1>Inlägget</h1></html>"


@pytest.fixture
def limits() -> Limits:
    return SHORT


def alive(group: int) -> list[str]:
    """What still runs in a process group; those that are dead and only not buried do not."""
    running = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _parent, its_group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(its_group) == group and state != "Z":
                running.append(entry.name)
    return running


@pytest.mark.parametrize(
    ("path", "code", "retryable"),
    [
        ("/file", "download", False),
        ("/pdf", "download", False),
        ("/to-private", "refused_address", False),
        ("/nothing-here", "not_found", False),
        ("/broken", "unreachable", True),
        ("/login", "login_wall", False),
        ("/members", "login_wall", False),
        ("/forbidden", "login_wall", False),
    ],
)
def test_what_is_no_page_has_a_clear_code_and_leaves_nothing(
    taken: Any, tmp_path: Path, path: str, code: str, retryable: bool
) -> None:
    with pytest.raises(CaptureFailed) as raised:
        taken(path)
    assert (raised.value.code, raised.value.retryable) == (code, retryable)
    assert list((tmp_path / "out").iterdir()) == []


def test_behind_a_login_wall_answer_and_card_are_kept_and_the_wall_itself(taken: Any, tmp_path: Path) -> None:
    report = taken("/members", answer=b"{}", card=CARD)
    assert (report.state, report.why, report.wall) == ("card_only", ["login_wall"], "redirect")
    there = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"answer.json", "card.html", "card.png", "report.json", "screenshot-001.png", "page.warc.gz"} <= there


def test_a_page_with_a_field_for_logging_in_is_no_wall(taken: Any) -> None:
    assert taken("/widget").state == "whole"


def test_a_fault_that_passes_is_tried_again_until_the_last_try_keeps_the_card(taken: Any, tmp_path: Path) -> None:
    with pytest.raises(CaptureFailed):
        taken("/broken", answer=b"{}", card=CARD)
    assert list((tmp_path / "out").iterdir()) == []
    report = taken("/broken", answer=b"{}", card=CARD, last=True)
    assert (report.state, report.why) == ("card_only", ["unreachable"])
    there = {path.name for path in (tmp_path / "out").iterdir()}
    assert there == {"answer.json", "card.html", "card.png", "report.json"}


def test_a_document_that_never_ends_is_cut_and_told(taken: Any, site: Site, tmp_path: Path) -> None:
    report = taken("/never", limits=HASTY)
    assert (report.state, report.why) == ("partly", ["load", "answer_time"])
    assert "rad 10\n" in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")
    assert report.screenshots
    until = time.monotonic() + 5
    while "/never" not in site.hung_up and time.monotonic() < until:
        time.sleep(0.05)
    assert "/never" in site.hung_up  # nobody goes on reading it


def test_a_page_that_grows_for_ever_is_followed_to_a_limit(taken: Any) -> None:
    report = taken("/endless")
    assert report.state == "partly"
    assert set(report.why) <= {"height", "scroll"}
    assert report.screenshots


def test_a_page_of_400_megabytes_is_cut_at_the_limit(taken: Any, site: Site, tmp_path: Path) -> None:
    report = taken(
        "/400", limits=Limits(width=400, load=8, settle=2, scroll=2, max_height=20_000, max_document=2 * MIB)
    )
    assert (report.state, report.why) == ("partly", ["answer_length"]), "cut, and then not waited for"
    assert report.bytes < 4 * MIB
    assert "Tung" in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")
    assert "/400" in site.hung_up


def test_a_script_that_never_gives_way_is_stopped(taken: Any, tmp_path: Path) -> None:
    report = taken("/loop", limits=HASTY)
    assert report.why == ["load", "answer_time"], "what it asks for once more is not waited for"
    assert "Före" in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")
    assert report.screenshots


def test_parts_of_a_page_that_lie_in_a_private_network_are_not_fetched(taken: Any) -> None:
    report = taken("/inside")
    assert report.state == "whole"  # so the page is for readers outside, too
    assert report.refused == {"http://10.1.2.3:80": "private_address", "http://169.254.169.254:80": "private_address"}


def test_a_name_that_turns_private_is_refused(site: Site, browsers: Pool, tmp_path: Path) -> None:
    answers = iter([["10.9.8.7"]])
    with pytest.raises(CaptureFailed) as raised:
        page.capture(
            "http://news.example/", out=tmp_path / "out", pool=browsers, limits=SHORT,
            resolver=lambda host, _port: next(answers) if host == "news.example" else [],
        )  # fmt: skip
    assert raised.value.code == "refused_address"


def test_loopback_is_private_where_nothing_else_is_said(site: Site, browsers: Pool, tmp_path: Path) -> None:
    before = list(site.asked)
    for address in (site.url, f"http://localhost:{site.address.rpartition(':')[2]}"):
        with pytest.raises(CaptureFailed) as raised:
            page.capture(f"{address}/plain", out=tmp_path / "out", pool=browsers, limits=SHORT)
        assert raised.value.code == "refused_address"
    assert site.asked == before


@pytest.mark.parametrize("url", ["file:///etc/passwd", "chrome://version", "about:blank", "http://", "javascript:1"])
def test_only_pages_of_the_web_are_captured(browsers: Pool, tmp_path: Path, url: str) -> None:
    with pytest.raises(CaptureFailed) as raised:
        page.capture(url, out=tmp_path / "out", pool=browsers)
    assert raised.value.code == "bad_address"


def test_a_server_that_hangs_up_is_worth_another_try(browsers: Pool, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"

        def hang_up() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.recv(100)
                connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(CaptureFailed) as raised:
            page.capture(f"http://{address}/", out=tmp_path / "out", allow=[address], pool=browsers, limits=SHORT)
        server.shutdown(socket.SHUT_RDWR)
    assert (raised.value.code, raised.value.retryable) == ("unreachable", True)


def test_a_browser_killed_in_mid_capture_is_told_and_the_next_one_works(taken: Any, site: Site, tmp_path: Path) -> None:
    pool = Pool()
    try:

        def kill() -> None:
            while "GET /never" not in site.asked:
                time.sleep(0.02)
            os.killpg(pool.pids()[0], signal.SIGKILL)

        site.asked.clear()
        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(CaptureFailed) as raised:
            taken("/never", pool=pool, limits=Limits(load=600, total=45))  # unseen, it would be too slow
        killer.join()
        assert (raised.value.code, raised.value.retryable) == ("browser_died", True)
        assert list((tmp_path / "out").iterdir()) == []
        assert taken("/plain", pool=pool).state == "whole"
    finally:
        pool.close()


def test_a_page_that_crashes_is_seen_at_once(taken: Any, site: Site) -> None:
    pool = Pool()
    try:
        # Not at the first request: before its answer the browser may still give the page another process.
        site.routes["/dies"] = lambda h: h.say(pages.page('borta <img src="/last" alt="">'))
        site.routes["/last"] = lambda h: (kill_renderers(pool.pids()[0]), h.say(b"", "image/png"))[1]
        with pytest.raises(CaptureFailed) as raised:
            taken("/dies", pool=pool, limits=Limits(load=600, total=45))  # unseen, it would be too slow
    finally:
        pool.close()
    assert raised.value.code == "browser_died"


def kill_renderers(group: int) -> None:
    """End the processes that draw pages."""
    for number in alive(group):
        try:
            words = Path(f"/proc/{number}/cmdline").read_bytes()
        except OSError:
            continue
        if b"--type=renderer" in words:
            os.kill(int(number), signal.SIGKILL)


def test_time_over_kills_the_browser_with_all_its_processes(site: Site, tmp_path: Path) -> None:
    pool = Pool()
    try:
        page.capture(site.url + "/plain", out=tmp_path / "first", allow=[site.address], pool=pool, limits=SHORT)
        group = pool.pids()[0]
        assert len(alive(group)) > 2
        with pytest.raises(CaptureFailed) as raised:
            page.capture(
                site.url + "/slow", out=tmp_path / "out", allow=[site.address], pool=pool, limits=Limits(total=1)
            )
        assert (raised.value.code, raised.value.retryable) == ("too_slow", True)
        assert alive(group) == []
        assert list((tmp_path / "out").iterdir()) == []
    finally:
        pool.close()


def test_nothing_is_left_of_a_closed_pool(site: Site, tmp_path: Path) -> None:
    pool = Pool()
    page.capture(site.url + "/plain", out=tmp_path / "out", allow=[site.address], pool=pool, limits=SHORT)
    (group,) = pool.pids()
    before = set(process.places())
    pool.close()
    assert alive(group) == []
    assert len(before - set(process.places())) == 1  # its folder
    with pytest.raises(CaptureFailed):
        page.capture(site.url + "/plain", out=tmp_path / "more", allow=[site.address], pool=pool)


def test_without_a_browser_the_card_is_kept_and_it_is_said(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.SETTING, "/nowhere/chromium")
    pool = Pool()
    try:
        with pytest.raises(CaptureFailed) as raised:
            page.capture(site.url, out=tmp_path / "out", allow=[site.address], pool=pool)
        assert (raised.value.code, raised.value.retryable) == ("no_browser", True)
        report = page.capture(
            site.url, out=tmp_path / "out", allow=[site.address], pool=pool, answer=b"{}", card=CARD, last=True
        )
    finally:
        pool.close()
    assert (report.state, report.why) == ("card_only", ["no_browser"])
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"answer.json", "card.html", "report.json"}


def test_a_browser_gets_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch, site: Site, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    pool = Pool()
    try:
        page.capture(site.url + "/plain", out=tmp_path / "out", allow=[site.address], pool=pool, limits=SHORT)
        told = Path(f"/proc/{pool.pids()[0]}/environ").read_bytes()
    finally:
        pool.close()
    assert b"DATABASE_URL" not in told
    assert b"HOME=" in told
