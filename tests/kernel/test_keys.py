"""Keys are made once and whole, whoever comes first; a key that cannot be used stops the start with a sentence."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from uppsikt import env
from uppsikt.capture.signing import Signer, new

ROOT = Path(__file__).resolve().parents[2]


def test_of_many_that_make_a_key_at_once_one_makes_it_and_all_read_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UPPSIKT_PROV", raising=False)
    file, gate = tmp_path / "keys" / "prov.key", threading.Barrier(4)

    def read(_number: int) -> str:
        gate.wait()
        return env.key("UPPSIKT_PROV", file, make=lambda: new("prov"))

    with ThreadPoolExecutor(4) as pool:
        (first,) = set(pool.map(read, range(4)))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Signer.read(first).certificate.subject.rfc4514_string() == "CN=prov,O=Uppsikt"
    assert [path.name for path in file.parent.iterdir()] == ["prov.key"]


def test_processes_that_start_together_have_one_key(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from uppsikt import env; from uppsikt.capture.signing import new; "
        f"print(env.key('UPPSIKT_PROV', Path({str(tmp_path)!r}) / 'prov.key', make=lambda: new('prov'))[-200:])"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    started = [
        subprocess.Popen([sys.executable, "-c", program], env=environ, stdout=subprocess.PIPE, text=True)
        for _number in range(4)
    ]
    said = {one.communicate(timeout=60)[0] for one in started}
    assert len(said) == 1 and "END CERTIFICATE" in said.pop()


def test_a_place_that_takes_no_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("no folder")
    with pytest.raises(env.SettingError, match="UPPSIKT_DATA"):
        env.key("UPPSIKT_PROV", tmp_path / "keys" / "prov.key")


def test_a_key_for_evidence_that_is_none_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "UPPSIKT_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", "import uppsikt.settings"],
        env={**environ, "UPPSIKT_EVIDENCE_KEY": "abc"}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert "UPPSIKT_EVIDENCE_KEY: no private key in it. Put an unlocked private key" in done.stderr
