"""Evidence looked at again, alone: every kind of damage is named with its file (D43; must show 3)."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capture import making
from kernel.authority import Authority as Server
from uppsikt.capture import indexing, package, signing, verifying, wacz
from uppsikt.capture.signing import Signer
from uppsikt.capture.stamping import Authority

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, key: Signer, tsa: Server) -> Path:
    """Evidence that is as it should be."""
    asked = Authority(tsa.url, (), frozenset({tsa.url.split("/")[2]}))
    return making.closed(tmp_path_factory.mktemp("modell") / "bevis", key, asked)


@pytest.fixture
def folder(model: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    return Path(shutil.copytree(model, tmp_path / "bevis"))


def named(folder: Path, **known: Any) -> set[tuple[str, str]]:
    """The faults, by code and file."""
    return {(fault.code, fault.file) for fault in verifying.check(folder, **known)}


def flip(file: Path, place: int) -> None:
    """Change one bit."""
    body = bytearray(file.read_bytes())
    body[place] ^= 1
    file.write_bytes(body)


def test_what_is_right_is_said_and_what_could_not_be_looked_at_too(
    model: Path, key: Signer, authority: Authority
) -> None:
    found = verifying.examine(model)
    assert found.whole and (found.files, found.state, found.url) == (7, "whole", making.PAGE)
    assert (found.ours, found.stamp_proved, found.unproved) == (None, None, ["stamp", "key"])
    assert found.stamped_at is not None
    print_ = signing.fingerprint(key.certificate)
    found = verifying.examine(model, keys=[print_.upper()], trusted=authority.trusted)
    assert found.whole and (found.ours, found.stamp_proved, found.unproved, found.key_sha256) == (
        True,
        True,
        [],
        print_,
    )


@pytest.mark.parametrize(
    "name", ["screenshot-001.png", "dom.html", "text.txt", "answer.json", "report.json", "page.wacz"]
)
def test_one_changed_bit_is_named_with_its_file(folder: Path, name: str) -> None:
    size = (folder / name).stat().st_size
    for place in (0, size // 2, size - 1):
        flip(folder / name, place)
        assert ("changed", name) in named(folder), place
        flip(folder / name, place)
    assert named(folder) == set()


def test_every_bit_of_a_small_file_counts(folder: Path) -> None:
    file = folder / "answer.json"
    for place in range(file.stat().st_size):
        flip(file, place)
        assert named(folder) == {("changed", "answer.json")}
        flip(file, place)


def away(name: str) -> Callable[[Path], None]:
    """Take a file away."""
    return lambda folder: (folder / name).unlink()


def other_file(folder: Path) -> None:
    (folder / "bilder").mkdir()
    (folder / "bilder" / "mer.png").write_bytes(b"x")


def link(folder: Path) -> None:
    (folder / "text.txt").rename(folder.parent / "text.txt")
    (folder / "text.txt").symlink_to(folder.parent / "text.txt")


def edit_manifest(folder: Path) -> None:
    body = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").write_bytes(body.replace(b'"whole"', b'"partly"'))


def other_signature(folder: Path) -> None:
    (folder / "manifest.sig").write_bytes(making.signer().sign((folder / "manifest.json").read_bytes()))


def other_certificate(folder: Path) -> None:
    (folder / "signer.pem").write_text(making.signer().pem)


def nonsense(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(b"nonsense")


def dots(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][0]["path"] = "../../etc/passwd"
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (away("screenshot-002.png"), {("missing", "screenshot-002.png")}),
        (away("page.wacz"), {("missing", "page.wacz")}),
        (away("manifest.json"), {("missing", "manifest.json")}),
        # Without the certificate nobody can say whose the signature in the collection is.
        (away("signer.pem"), {("missing", "signer.pem")}),
        # What an authority saw is the signature: both fall with it.
        (away("manifest.sig"), {("missing", "manifest.sig"), ("missing", "manifest.tsr")}),
        (away("manifest.tsr"), {("missing", "manifest.tsr")}),
        (other_file, {("added", "bilder/mer.png")}),
        (link, {("missing", "text.txt")}),
        (edit_manifest, {("bad_signature", "manifest.sig")}),
        (other_signature, {("bad_signature", "manifest.sig"), ("bad_stamp", "manifest.tsr")}),
        (nonsense("manifest.sig"), {("bad_signature", "manifest.sig"), ("bad_stamp", "manifest.tsr")}),
        (nonsense("manifest.tsr"), {("bad_stamp", "manifest.tsr")}),
        (nonsense("signer.pem"), {("unreadable", "signer.pem")}),
        (nonsense("page.wacz"), {("changed", "page.wacz"), ("unreadable", "page.wacz")}),
    ],
)
def test_each_kind_of_damage_is_named(
    folder: Path, damage: Callable[[Path], None], expected: set[tuple[str, str]]
) -> None:
    damage(folder)
    assert named(folder) >= expected
    assert {file for _code, file in named(folder)} == {file for _code, file in expected}


@pytest.mark.parametrize("damage", [dots, nonsense("manifest.json")])
def test_a_manifest_that_leads_out_of_the_folder_or_is_none_is_not_followed(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)
    assert ("unreadable", "manifest.json") in named(folder)


def test_another_certificate_is_told_from_the_one_that_signed(folder: Path) -> None:
    other_certificate(folder)
    assert ("bad_signature", "manifest.sig") in named(folder)


def test_somebody_who_makes_it_all_anew_has_another_key_and_another_time(
    folder: Path, key: Signer, authority: Authority
) -> None:
    """By itself such a forgery is whole: only who knows the key, or the time, can tell."""
    (folder / "text.txt").write_text("Inget hände.")
    (folder / "manifest.sig").unlink()
    (folder / "page.wacz").unlink()
    package.pack(folder, facts={}, signer=making.signer(), authority=authority, now=making.NOW)
    assert named(folder) == set()
    assert named(folder, keys=[signing.fingerprint(key.certificate)]) == {("other_key", "signer.pem")}


def test_a_time_stamp_by_an_authority_that_nobody_trusts_is_no_proof(folder: Path, tmp_path: Path) -> None:
    other = Server(tmp_path)
    other.make_keys()
    from_other = (
        signing_roots := [
            *__import__("uppsikt.capture.stamping", fromlist=["x"]).read_certificates((str(other.roots),))
        ]
    )
    assert from_other and named(folder, trusted=signing_roots) == {("bad_stamp", "manifest.tsr")}


def remake(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write the collection anew with something in it changed."""
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    change(held)
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in held.items():
            archive.writestr(name, body)


def rehash(held: dict[str, bytes]) -> None:
    """What an editor with time does: put every digest right again. The signature he cannot."""
    found = json.loads(held[wacz.PACKAGE])
    for one in found["resources"]:
        body = held[one["path"]]
        one |= {"hash": "sha256:" + hashlib.sha256(body).hexdigest(), "bytes": len(body)}
    held[wacz.PACKAGE] = json.dumps(found).encode()
    digest = json.loads(held[wacz.DIGEST])
    digest["hash"] = "sha256:" + hashlib.sha256(held[wacz.PACKAGE]).hexdigest()
    held[wacz.DIGEST] = json.dumps(digest).encode()


def edited_warc(held: dict[str, bytes]) -> None:
    """A word in an answer, changed in place; the record's own digest is left."""
    start = held[wacz.WARC]
    plain = gzip.decompress(start)
    assert b"lekpark" in plain
    stream = io.BytesIO()
    for record in plain.replace(b"lekpark", b"fotboll").split(b"WARC/1.1\r\n")[1:]:
        stream.write(gzip.compress(b"WARC/1.1\r\n" + record))
    held[wacz.WARC] = stream.getvalue()


def other_text(held: dict[str, bytes]) -> None:
    held[wacz.PAGES] = held[wacz.PAGES].replace(b"Vad bra!", b"Vad illa")


def extra(held: dict[str, bytes]) -> None:
    held["archive/mer.warc.gz"] = b""


def no_index(held: dict[str, bytes]) -> None:
    held[wacz.INDEX] = indexing.packed([], "index.cdx.gz")[0]


def unsigned(held: dict[str, bytes]) -> None:
    digest = json.loads(held[wacz.DIGEST])
    del digest["signedData"]
    held[wacz.DIGEST] = json.dumps(digest).encode()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (edited_warc, ("bad_record", "page.wacz: archive/page.warc.gz")),
        (edited_warc, ("changed", "page.wacz: archive/page.warc.gz")),
        (other_text, ("other_text", "page.wacz: pages/pages.jsonl")),
        (extra, ("added", "page.wacz: archive/mer.warc.gz")),
        (no_index, ("bad_index", "page.wacz: archive/page.warc.gz")),
        (unsigned, ("bad_signature", "page.wacz: datapackage-digest.json")),
    ],
)
def test_damage_inside_the_collection_is_named_with_the_file_in_it(
    folder: Path, change: Callable[[dict[str, bytes]], None], expected: tuple[str, str]
) -> None:
    remake(folder / "page.wacz", change)
    assert expected in named(folder)


def test_a_collection_that_was_edited_and_hashed_anew_is_seen_by_its_signature(folder: Path) -> None:
    """The format's own validator takes such a one."""

    def edit(held: dict[str, bytes]) -> None:
        other_text(held)
        rehash(held)

    remake(folder / "page.wacz", edit)
    found = named(folder)
    assert ("bad_signature", "page.wacz: datapackage-digest.json") in found
    assert ("bad_digest", "page.wacz: datapackage-digest.json") not in found


def uppsikt(*words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The command, in a world without a database."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "LANG": "sv_SE.UTF-8", **more}
    environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    return subprocess.run(
        [sys.executable, "-m", "uppsikt.cli", "capture", "verify", *map(str, words)],
        check=False, capture_output=True, text=True, env=environ,
    )  # fmt: skip


def test_the_command_says_it_in_words_and_in_json_without_a_database(
    folder: Path, key: Signer, tsa: Server, tmp_path: Path
) -> None:
    home = {"UPPSIKT_DATA": str(tmp_path / "data")}
    done = uppsikt(folder, "--key", signing.fingerprint(key.certificate), "--roots", tsa.roots, **home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 filer" in done.stdout and "inte att nätet" in done.stdout
    assert not (tmp_path / "data").exists()  # nothing is made for the question
    flip(folder / "text.txt", 3)
    (folder / "mer").write_text("x")
    done = uppsikt(folder, **home, LANG="en_GB.UTF-8")
    assert done.returncode == 3
    assert "text.txt" in done.stdout and "changed" in done.stdout and "mer" in done.stdout
    done = uppsikt(folder, "--json", **home)
    said = json.loads(done.stdout)
    assert (done.returncode, said["whole"]) == (3, False)
    assert {("changed", "text.txt"), ("added", "mer")} <= {(one["code"], one["file"]) for one in said["faults"]}
    done = uppsikt(tmp_path / "finns-inte", **home)
    assert done.returncode == 1 and "finns-inte" in done.stderr
