"""A captured page holds what the page held (D43): what comes late, from afar, large, or by ways of its own."""

from __future__ import annotations

import base64
import io
import json
import resource
import ssl
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from capture import site as pages
from capture.site import MIB, POST_HEIGHT, POSTS, Site
from uppsikt.capture import page
from uppsikt.capture.chromium import Browser
from uppsikt.capture.limits import Limits
from uppsikt.capture.pool import Pool
from uppsikt.capture.report import Expected


def records(folder: Path) -> list[tuple[str, str, str, bytes]]:
    """Kind, address, status or method line, and body (unpacked) of each record in the WARC."""
    found = []
    with (folder / "page.warc.gz").open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            if record.http_headers:
                line = record.http_headers.statusline if record.rec_type == "response" else record.http_headers.protocol
                url = record.rec_headers.get_header("WARC-Target-URI")
                found.append((record.rec_type, url, line, record.content_stream().read()))
    return found


def answers(folder: Path, path: str) -> list[bytes]:
    """The bodies that came from a path."""
    return [body for kind, url, _line, body in records(folder) if kind == "response" and url.endswith(path)]


def column(pool: Pool, png: bytes) -> list[tuple[int, int, int, int]]:
    """A column of a picture's pixels from top to bottom, as (red, green, blue, how many alike)."""
    script = """(async () => { const b = await (await fetch("data:image/png;base64,%s")).blob();
      const i = await createImageBitmap(b); const c = new OffscreenCanvas(1, i.height).getContext("2d");
      c.drawImage(i, -300, 0); const d = c.getImageData(0, 0, 1, i.height).data; const runs = [];
      for (let y = 0; y < d.length; y += 4) { const last = runs.at(-1);
        if (last && last[0] === d[y] && last[1] === d[y+1] && last[2] === d[y+2]) last[3]++;
        else runs.push([d[y], d[y+1], d[y+2], 1]); } return runs; })()"""

    async def look(browser: Browser) -> list[tuple[int, int, int, int]]:
        async with browser.tab() as tab:
            runs = await tab.ask(script % base64.b64encode(png).decode())
            return [tuple(run) for run in runs]

    return pool.run(look, seconds=60)


def test_a_page_200_000_pixels_tall_loses_no_post_in_its_pictures(taken: Any, browsers: Pool, tmp_path: Path) -> None:
    # A window as tall as this takes fewer steps down; the pictures are the same.
    report = taken(
        "/tall",
        expected=Expected(texts=tuple(f"Inlägg {n}." for n in range(POSTS))),
        limits=Limits(width=400, height=3600, total=120),
    )
    assert (report.state, report.height, report.found) == ("whole", POSTS * POST_HEIGHT, POSTS)
    seen: dict[int, int] = {}
    for shot in report.screenshots:
        for red, green, blue, height in column(browsers, (tmp_path / "out" / shot["name"]).read_bytes()):
            assert blue == 77, "nothing but posts is on the page"
            seen[red * 256 + green] = seen.get(red * 256 + green, 0) + height
    assert seen == dict.fromkeys(range(POSTS), POST_HEIGHT)


def test_what_waits_to_be_scrolled_to_is_in_picture_text_and_archive(
    taken: Any, browsers: Pool, tmp_path: Path
) -> None:
    report = taken("/lazy", expected=Expected(texts=tuple(f"Kommentar {n} syns" for n in range(3))))
    out = tmp_path / "out"
    assert (report.state, report.found) == ("whole", 3)
    runs = [run for shot in report.screenshots for run in column(browsers, (out / shot["name"]).read_bytes())]
    assert {(red, blue) for red, _g, blue, height in runs if red == 200 and height > 1000} == {
        (200, 0),
        (200, 1),
        (200, 2),
    }
    assert len(answers(out, "/comment/2")) == 1
    assert len(answers(out, "/picture.svg")) == 1


def test_a_body_of_80_megabytes_is_kept_whole_in_flat_memory(taken: Any, tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = taken("/big")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert (report.state, report.cut) == ("whole", [])
    assert "allt kom" in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")
    assert grown < 60 * MIB
    (body,) = answers(tmp_path / "out", "/eighty")
    assert len(body) == 80 * MIB


def test_a_film_that_the_browser_stops_reading_is_recorded_to_its_end(taken: Any, tmp_path: Path) -> None:
    report = taken("/video")
    assert report.state == "whole"
    assert [len(body) for body in answers(tmp_path / "out", "/eighty")] == [80 * MIB]


def test_an_event_stream_is_kept_as_far_as_it_came_and_hangs_nothing(taken: Any, tmp_path: Path) -> None:
    report = taken("/stream")
    assert report.state == "whole"  # a stream has no end to lack
    assert [(cut["why"], cut["stream"]) for cut in report.cut] == [("time", True)]
    (body,) = answers(tmp_path / "out", "/events")
    for number in range(5):
        assert f"händelse{number}" in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")
        assert f"händelse{number}".encode() in body
    (cut,) = [
        record.rec_headers.get_header("WARC-Truncated")
        for record in ArchiveIterator(io.BytesIO((tmp_path / "out" / "page.warc.gz").read_bytes()))
        if record.rec_type == "response" and record.rec_headers.get_header("WARC-Target-URI").endswith("/events")
    ]
    assert cut == "time"


def test_what_a_service_worker_fetches_is_recorded(taken: Any, tmp_path: Path) -> None:
    report = taken("/worker")
    assert report.state == "whole"
    assert "genom arbetaren" in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")
    assert answers(tmp_path / "out", "/worker.js")
    assert answers(tmp_path / "out", "/from-worker") == [b"genom arbetaren"]


def test_frames_and_shadows_are_in_code_and_text(taken: Any, tmp_path: Path) -> None:
    report = taken("/frame")
    out = tmp_path / "out"
    assert (report.state, report.frames) == ("whole", 1)
    text = (out / "text.txt").read_text(encoding="utf-8")
    assert all(words in text for words in ("utanför", "i ramen", "i skuggan"))
    assert "i skuggan" in (out / "frame-001.html").read_text(encoding="utf-8")
    assert answers(out, "/inner")


def test_a_posted_question_stands_beside_its_answer(taken: Any, tmp_path: Path) -> None:
    taken("/post")
    posted = [(kind, line, body) for kind, url, line, body in records(tmp_path / "out") if url.endswith("/posted")]
    assert [(kind, body) for kind, _line, body in posted] == [
        ("response", b'svar {"post":7}'),
        ("request", b'{"post":7}'),
    ]
    assert posted[1][1].startswith("POST")


def test_200_resources_are_all_recorded_and_nothing_else(taken: Any, site: Site, tmp_path: Path) -> None:
    report = taken("/many")
    asked = {url for kind, url, _line, _body in records(tmp_path / "out") if kind == "request"}
    assert {f"{site.url}/picture.svg?{n}" for n in range(200)} <= asked
    # The browser's own calls home are neither answered nor recorded.
    assert all(url.startswith(site.url) for url in asked)
    assert report.refused == {}


def test_packed_answers_are_kept_as_they_came_over_a_verified_line(
    browsers: Pool, limits: Limits, tmp_path: Path
) -> None:
    server, trusting = pages.certificate(tmp_path)
    with pages.serving(server) as secure:
        report = page.capture(
            f"{secure.url}/packed",
            out=tmp_path / "out",
            allow=[secure.address],
            pool=browsers,
            tls=trusting,
            limits=limits,
        )
    assert report.state == "whole"
    assert report.landed.startswith("https://localhost:")
    assert "packad brotli" in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")
    with (tmp_path / "out" / "page.warc.gz").open("rb") as file:
        sent = {
            record.rec_headers.get_header("WARC-Target-URI").rpartition("/")[2]: record.raw_stream.read()
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        }
    assert sent["packed"][:2] == b"\x1f\x8b"


def test_the_report_is_a_file_and_other_files_are_given_back_as_they_were(taken: Any, tmp_path: Path) -> None:
    card = "<!doctype html><html lang=sv><h1>Kort</h1></html>"
    report = taken("/plain", answer=b'{"id":  7}', answer_url="https://nät.example/7", card=card)
    out = tmp_path / "out"
    told = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert (told["state"], told["title"], told["answer_url"]) == ("whole", "Prov", "https://nät.example/7")
    assert (told["url"], told["status"]) == (report.url, 200)
    assert (out / "answer.json").read_bytes() == b'{"id":  7}'
    assert (out / "card.html").read_text(encoding="utf-8") == card
    assert (out / "card.png").read_bytes().startswith(b"\x89PNG")
    assert "<h1>Vanlig</h1>" in (out / "dom.html").read_text(encoding="utf-8")
    assert not (out / page.RECORDING).exists()


def test_fewer_than_expected_is_said(taken: Any) -> None:
    report = taken("/plain", expected=Expected(texts=("Vanlig", "Ovanlig")))
    assert (report.state, report.why, report.missing) == ("partly", ["fewer_than_expected"], [1])
    assert (report.expected, report.found) == (2, 1)


def test_buttons_that_promise_more_are_told_and_not_pressed(taken: Any, tmp_path: Path) -> None:
    report = taken("/more")
    assert (report.state, report.why, report.more) == ("partly", ["more_to_show"], 2)
    assert "två" not in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")
    assert taken("/more", expected=Expected(texts=("ett",))).state == "whole"


def test_questions_to_the_reader_and_windows_stop_nothing(taken: Any, tmp_path: Path) -> None:
    report = taken("/asking")
    assert report.state == "whole"
    assert "nej" in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")


def test_a_socket_is_refused_and_counted(taken: Any, site: Site, tmp_path: Path) -> None:
    report = taken("/socket")
    assert report.websockets == 1
    assert "ingen lina" in (tmp_path / "out" / "text.txt").read_text(encoding="utf-8")
    assert "GET /socket" in site.asked  # the page itself
    assert not any("Upgrade" in headers for headers in site.headers)


def test_a_browser_knows_nothing_of_the_page_before(taken: Any, site: Site, tmp_path: Path) -> None:
    site.routes["/cookie"] = lambda h: h.say(pages.page("kaka"), Set_Cookie="a=1")
    taken("/cookie")
    (tmp_path / "out").rename(tmp_path / "first")
    site.headers.clear()
    taken("/cookie")
    assert not any("Cookie" in headers for headers in site.headers)


def test_an_unverified_certificate_is_refused(browsers: Pool, tmp_path: Path) -> None:
    server, _trusting = pages.certificate(tmp_path)
    with pages.serving(server) as secure, pytest.raises(page.CaptureFailed) as raised:
        page.capture(
            secure.url + "/plain", out=tmp_path / "out", allow=[secure.address], pool=browsers,
            tls=ssl.create_default_context(),
        )  # fmt: skip
    assert (raised.value.code, raised.value.retryable) == ("certificate", False)
    assert list((tmp_path / "out").iterdir()) == []
