"""`./uppsikt capture URL --out FOLDER`: evidence from the command line, without a database (D43)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capture import site as pages
from capture.site import Site
from uppsikt.capture import browser
from uppsikt.capture.errors import CODES
from uppsikt.capture.pool import shared
from uppsikt.capture.report import WHY
from uppsikt.cli import capture_take, parser
from uppsikt.kernel.terminal import Trouble


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with pages.serving() as one:
        yield one
    shared().close()


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command; gives its code and all that it said."""
    monkeypatch.setenv("UPPSIKT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en")

    def run(*words: str) -> tuple[int, str]:
        chosen = parser.parse(["capture", *words])
        code = chosen.run(chosen)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_a_page_is_kept_closed_and_found_untouched(command: Any, site: Site, tmp_path: Path) -> None:
    out = tmp_path / "proof"
    code, said = command(f"{site.url}/lazy", "--out", str(out), "--allow-private", site.address, "--expect", "Nyhet")
    assert (code, "The whole page is kept." in said) == (0, True)
    assert "1 of 1 expected" in said
    assert (out / "page.wacz").exists()
    code, said = command("verify", str(out))
    assert (code, "Signed with our key" in said) == (0, True)

    shot = out / "screenshot-001.png"
    whole = bytearray(shot.read_bytes())
    whole[len(whole) // 2] ^= 1
    shot.write_bytes(whole)
    code, said = command("verify", str(out))
    assert (code, "screenshot-001.png" in said) == (3, True)


def test_behind_a_wall_the_files_that_were_given_are_kept(command: Any, site: Site, tmp_path: Path) -> None:
    answer, card = tmp_path / "answer.json", tmp_path / "card.html"
    answer.write_text("{}", encoding="utf-8")
    card.write_text("<!doctype html><h1>Inlägg</h1>", encoding="utf-8")
    given = ("--answer", str(answer), "--answer-url", f"{site.url}/api/7", "--card", str(card))
    code, said = command(f"{site.url}/members", "--out", str(tmp_path / "p"), "--allow-private", site.address, *given)
    assert (code, "only to who logs in" in said) == (capture_take.CARD, True)
    assert command("verify", str(tmp_path / "p"))[0] == 0


def test_each_outcome_has_its_code(command: Any, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(path: str, *words: str) -> int:
        found: int = command(site.url + path, "--out", str(tmp_path / "out"), *words)[0]
        return found

    allowed = ("--allow-private", site.address)
    assert code("/plain") == capture_take.NOTHING  # loopback, and nobody allowed it
    assert code("/file", *allowed) == capture_take.NOTHING
    assert code("/broken", *allowed) == capture_take.AGAIN
    assert code("/plain", *allowed, "--expect", "Ovanlig") == capture_take.PARTS
    with pytest.raises(Trouble):
        code("/plain", *allowed)  # the folder holds something
    monkeypatch.setenv(browser.SETTING, "/nowhere")
    shared().close()
    code_now, said = command(f"{site.url}/plain", "--out", str(tmp_path / "new"), *allowed)
    assert (code_now, "doctor" in said) == (capture_take.AGAIN, True)


def test_every_code_has_its_words() -> None:
    assert set(capture_take.FAILED) == set(CODES)
    assert set(capture_take.LACKS) == set(WHY)
