"""A damaged backup says what is damaged, and what is lost by it: each kind of damage."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from backups.conftest import BODIES, KEYS
from uppsikt.kernel.backups import checking, keeping
from uppsikt.kernel.backups import keys as key_places
from uppsikt.kernel.backups import manifest as manifests
from uppsikt.kernel.backups.keys import Keys
from uppsikt.kernel.backups.taking import place_name
from uppsikt.kernel.stores import Folder
from uppsikt.kernel.terminal import Trouble

Spoil = Callable[[Folder, str], str]


def table_file(place: Folder, which: str) -> Path:
    """The file with one table's rows."""
    part = next(part for part in manifests.load(place, which).parts if part.table and part.rows)
    return place.path(f"backups/{which}/{part.name}")


def truncated(place: Folder, which: str) -> str:
    """The dump was cut off."""
    file = table_file(place, which)
    file.write_bytes(file.read_bytes()[:-7])
    return file.name


def flipped(place: Folder, which: str) -> str:
    """One bit of the dump is another."""
    file = table_file(place, which)
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 1
    file.write_bytes(body)
    return file.name


def taken_away(place: Folder, which: str) -> str:
    """A part of the dump is gone."""
    file = table_file(place, which)
    file.unlink()
    return file.name


def contents_changed(place: Folder, which: str) -> str:
    """The dump's own table of contents is damaged."""
    file = place.path(f"backups/{which}/{manifests.TOC}")
    file.write_bytes(file.read_bytes() + b"x")
    return "toc.dat"


def one_blob(place: Folder, which: str) -> Path:
    """The file of some blob."""
    line = next(checking.blob_list(place, manifests.load(place, which)))
    return place.path(place_name(line.sha256))


def blob_missing(place: Folder, which: str) -> str:
    """An attachment is gone."""
    file = one_blob(place, which)
    file.unlink()
    return file.name


def blob_changed(place: Folder, which: str) -> str:
    """An attachment is another, as long as before."""
    file = one_blob(place, which)
    file.write_bytes(b"y" * file.stat().st_size)
    return file.name


def list_changed(place: Folder, which: str) -> str:
    """The list of attachments lacks one."""
    file = place.path(f"backups/{which}/{manifests.LIST}")
    rows = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(rows[1:])))
    return "blobs.list.gz"


def manifest_changed(place: Folder, which: str) -> str:
    """Somebody changed a number in the manifest."""
    file = place.path(f"backups/{which}/{manifests.NAME}")
    signed = json.loads(file.read_text())
    signed["manifest"]["counts"]["kernel_step"] = 4711
    file.write_text(json.dumps(signed))
    return "manifest.json"


def manifest_forged(place: Folder, which: str) -> str:
    """Somebody without the key changed the manifest and made its digest right."""
    manifest = manifests.load(place, which)
    manifest.counts["kernel_step"] = 4711
    file = place.path(f"backups/{which}/{manifests.NAME}")
    file.unlink()
    manifests.sign_off(place, manifest, "another key")
    return "manifest.json"


def manifest_broken(place: Folder, which: str) -> str:
    """The manifest is cut off."""
    file = place.path(f"backups/{which}/{manifests.NAME}")
    file.write_bytes(file.read_bytes()[:100])
    return "manifest.json"


def half_made(place: Folder, which: str) -> str:
    """The backup was never signed off."""
    place.path(f"backups/{which}/{manifests.NAME}").unlink()
    return which


KINDS: list[tuple[Spoil, str, str]] = [
    (truncated, "changed", "lost"),
    (flipped, "changed", "the table"),
    (taken_away, "missing", "the table"),
    (contents_changed, "changed", "cannot be restored"),
    (blob_missing, "blob_missing", "text/plain"),
    (blob_changed, "blob_changed", "text/plain"),
    (list_changed, "changed", "attachments"),
    (manifest_changed, "manifest", "not what was written"),
    (manifest_forged, "manifest", "without the key"),
    (manifest_broken, "manifest", "cannot be read"),
    (half_made, "half_made", "cut off"),
]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words in one language."""
    monkeypatch.setenv("LC_ALL", "C")


def test_a_whole_backup_has_no_faults(spoiled: tuple[Folder, str]) -> None:
    place, which = spoiled
    seen = checking.check(place, which, key=KEYS.credentials)
    assert seen.faults == []
    assert seen.sealed
    assert seen.blobs == len(BODIES)
    assert not checking.check(place, which, key="another key").sealed, "a stranger's key cannot vouch for it"


@pytest.mark.parametrize(("spoil", "kind", "words"), KINDS, ids=lambda one: getattr(one, "__name__", ""))
def test_damage_is_named_with_what_is_lost(spoil: Spoil, kind: str, words: str, spoiled: tuple[Folder, str]) -> None:
    place, which = spoiled
    named = spoil(place, which)
    faults = checking.check(place, which, key=KEYS.credentials).faults
    assert [fault.kind for fault in faults] == [kind], faults
    assert named in faults[0].part
    assert words in faults[0].words


def test_what_was_never_signed_off_is_not_taken_for_whole(spoiled: tuple[Folder, str]) -> None:
    place, which = spoiled
    half_made(place, which)
    assert manifests.ids(place) == {which: False}
    with pytest.raises(Trouble, match="no whole backup"):
        checking.newest(place, "")
    with pytest.raises(Trouble, match="never finished"):
        checking.newest(place, which)


def test_wrong_keys_are_said_to_be_wrong(spoiled: tuple[Folder, str], tmp_path: Path) -> None:
    """Locked, with the wrong passphrase, those of another installation, damaged, and not there."""
    place, which = spoiled
    manifest, at = manifests.load(place, which), Folder(tmp_path / "nycklar")
    assert key_places.fetch(at, manifest, "en lång lösenfras") == KEYS
    with pytest.raises(Trouble, match="passphrase-file"):
        key_places.fetch(at, manifest)
    with pytest.raises(Trouble, match="does not open"):
        key_places.fetch(at, manifest, "en annan lösenfras")
    at.replace(key_places.name_of(which), b"skr\xc3\xa4p")
    with pytest.raises(Trouble, match="damaged"):
        key_places.fetch(at, manifest)
    at.remove(key_places.name_of(which))
    with pytest.raises(Trouble, match="no keys"):
        key_places.fetch(at, manifest)
    key_places.keep(at, which, Keys({**KEYS.by_name, "credentials": "x" * 40}))
    with pytest.raises(Trouble, match="not those that belong"):
        key_places.fetch(at, manifest)


def test_keys_are_nowhere_in_the_backup(spoiled: tuple[Folder, str]) -> None:
    place, which = spoiled
    for name, _size in place.listing(""):
        body = place.path(name).read_bytes()
        assert not any(key.encode() in body for key in KEYS.by_name.values()), name
    assert all(key not in json.dumps(asdict(manifests.load(place, which))) for key in KEYS.by_name.values())


def test_keys_may_not_lie_beside_what_they_open(tmp_path: Path) -> None:
    for keys in (tmp_path / "kopior", tmp_path / "kopior" / "nycklar", tmp_path):
        with pytest.raises(Trouble, match="may not lie"):
            key_places.check_apart(Folder(tmp_path / "kopior"), Folder(keys))
    key_places.check_apart(Folder(tmp_path / "kopior"), Folder(tmp_path / "kopior-nycklar"))


def test_an_unreadable_backup_keeps_every_blob(spoiled: tuple[Folder, str]) -> None:
    """Blobs are let go only where every list can be read; and nothing at all where there is no whole backup."""
    place, which = spoiled
    manifest_broken(place, which)
    assert keeping.prune(place, 1).backups == []
    assert sum(1 for _ in place.listing("blobs")) == len(BODIES)
