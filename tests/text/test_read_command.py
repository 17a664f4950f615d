"""D20: `uppsikt read`: JSON lines in, findings out; without a database, and one bad line costs no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIELDS = ["id", "kind", "start", "end", "ground", "score", "why"]


def run(given: bytes, *options: str, module: str = "uppsikt.cli.read") -> subprocess.CompletedProcess[bytes]:
    """The command as the launcher runs it, with nothing in the environment that Uppsikt would need for more."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("UPPSIKT_", "DATABASE_", "DJANGO_"))
    }
    words = ["read"] if module == "uppsikt.cli" else []
    return subprocess.run(
        [sys.executable, "-m", module, *words, *options],
        input=given,
        env={**clean, "PYTHONPATH": str(ROOT / "src"), "LANG": "sv_SE.UTF-8", "LC_ALL": "sv_SE.UTF-8"},
        capture_output=True,
        timeout=60,
        check=False,
    )


def found(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def line(name: object, text: str) -> bytes:
    return json.dumps({"id": name, "text": text}).encode() + b"\n"


@pytest.mark.parametrize("module", ["uppsikt.cli.read", "uppsikt.cli"])
def test_findings_come_out_with_places_in_the_text_as_given(module: str) -> None:
    text = "👍🏽 Ring ０７０-174 06 05, sa\u0308ger Åsa"
    done = run(line("a", text) + line(7, "Hej!") + line(8, "Min son har adhd"), module=module)
    assert (done.returncode, done.stderr) == (0, b"")
    phone, health = [finding for finding in found(done) if finding["kind"] in {"phone", "health"}]
    assert list(phone) == FIELDS
    assert (phone["id"], phone["kind"], phone["ground"]) == ("a", "phone", "rule.sensitive")
    start, end = phone["start"], phone["end"]
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert text[start:end] == "０７０-174 06 05"
    assert health["id"] == 8


def test_a_bad_line_is_told_of_with_its_number_and_costs_no_other() -> None:
    bad = [
        b"{",
        b"[]",
        b'{"id": 1}',
        b'{"text": "x"}',
        b'{"id": true, "text": "x"}',
        b'{"id": 1, "text": null}',
        b"\xff\xfe",
        b"[" * 100_000,
    ]
    good = line("k", "Ring 070-1740605")
    done = run(b"\xef\xbb\xbf" + good + b"\n" + b"".join(each + b"\n" + good for each in bad))
    assert done.returncode == 1
    assert len(found(done)) == 1 + len(bad)
    told = done.stderr.decode().splitlines()
    assert [words.split(":")[0] for words in told] == [f"Rad {3 + 2 * at}" for at in range(len(bad))]
    assert b"Traceback" not in done.stderr


def test_half_a_pair_and_control_signs_are_read_and_written() -> None:
    done = run(b'{"id": "\\ud800", "text": "\\ud800\\u0000 070-1740605"}\n')
    assert (done.returncode, done.stderr) == (0, b"")
    (phone,) = found(done)
    assert (phone["id"], phone["start"], phone["end"]) == ("\ud800", 3, 14)


def test_own_contacts_are_left_out_and_own_answers_read_for_advice(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("# våra\n@kommun.example\n0220-240 00\nStorgatan 1\n", encoding="utf-8")
    text = "Mejla hej.du@kommun.example, ring +46 220 240 00 eller besök oss på Storgatan 1"
    assert {finding["kind"] for finding in found(run(line(1, text)))} >= {"email", "phone"}
    assert not {finding["kind"] for finding in found(run(line(1, text), "--known", str(own)))} & {
        "email",
        "phone",
        "address",
    }
    missing = run(line(1, text), "--known", str(tmp_path / "no.txt"))
    assert missing.returncode == 1
    assert b"no.txt" in missing.stderr
    assert b"Traceback" not in missing.stderr


def test_reading_starts_no_django_and_opens_no_database() -> None:
    code = "import sys, uppsikt.cli.read; print(*{'django', 'psycopg', 'phonenumbers'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=True,
    )
    assert done.stdout.split() == [b"phonenumbers"]
