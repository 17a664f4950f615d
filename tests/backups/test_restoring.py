"""Restoring: what was backed up comes back, all of it or nothing, and never over what is there by mistake."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from backups.conftest import BODIES, KEYS, forget, here, keep, order
from backups.test_damage import flipped
from uppsikt.cli.restore import known_migrations
from uppsikt.kernel import stores
from uppsikt.kernel.backups import checking, keeping, ours, restoring, runs, taking
from uppsikt.kernel.backups import manifest as manifests
from uppsikt.kernel.backups.keys import Keys
from uppsikt.kernel.stores import Bucket, Folder, Store
from uppsikt.kernel.terminal import Trouble

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words in one language."""
    monkeypatch.setenv("LC_ALL", "C")


def restore(place: Store, which: str, url: str, to: Path) -> manifests.Manifest:
    """As the command does it, into an empty database and folder."""
    manifest = checking.newest(place, which, KEYS.credentials)
    restoring.check_version(manifest, known_migrations())
    restoring.check_empty(url, overwrite=False)
    with restoring.dump_at_hand(place, manifest, to / "tmp") as dump:
        restoring.load_database(url, dump)
    assert restoring.load_blobs(place, manifest, Folder(to / "blobs")) == {}
    return manifest


def test_d18_everything_comes_back(pristine: tuple[Path, str], empty_database: str, tmp_path: Path) -> None:
    place, which = Folder(pristine[0] / "kopior"), pristine[1]
    manifest = restore(place, which, empty_database, tmp_path)
    assert restoring.compare(empty_database, manifest) == []
    assert manifest.counts["kernel_blob"] == len(BODIES)
    for body in BODIES:
        assert stores.checked(Folder(tmp_path / "blobs"), hashlib.sha256(body).hexdigest()) == body
    with psycopg.connect(empty_database) as restored, pytest.raises(psycopg.errors.RestrictViolation):
        restored.execute("DELETE FROM kernel_blob")  # the guard of what only grows came back too


def test_what_is_there_is_not_written_over(pristine: tuple[Path, str], empty_database: str, tmp_path: Path) -> None:
    place, which = Folder(pristine[0] / "kopior"), pristine[1]
    restore(place, which, empty_database, tmp_path)
    with pytest.raises(Trouble, match="REPLACE-EVERYTHING"):
        restoring.check_empty(empty_database, overwrite=False)
    with psycopg.connect(empty_database), pytest.raises(Trouble, match="The service runs"):
        restoring.check_empty(empty_database, overwrite=True)
    restoring.check_empty(empty_database, overwrite=True)


def test_a_restore_that_fails_leaves_what_was_there(
    spoiled: tuple[Folder, str], empty_database: str, tmp_path: Path
) -> None:
    """A damaged part is named before anything is touched; a dump that breaks halfway is taken back."""
    place, which = spoiled
    with psycopg.connect(empty_database) as before:
        before.execute("CREATE TABLE kept (n int)")
    manifest = manifests.load(place, which)
    name = flipped(place, which)
    with pytest.raises(Trouble, match=name), restoring.dump_at_hand(place, manifest, tmp_path):
        raise AssertionError("it must not come this far")
    with pytest.raises(Trouble, match="pg_restore"):
        restoring.load_database(empty_database, place.path(f"backups/{which}/database"))
    with psycopg.connect(empty_database) as after:
        assert after.execute("SELECT to_regclass('kept')").fetchone() == ("kept",)


def test_a_restore_that_was_cut_off_keeps_what_was_there_and_can_be_run_again(
    spoiled: tuple[Folder, str], empty_database: str
) -> None:
    """Killed at any moment after it put the original aside, the original is the one copy of it: never let go."""
    place, which = spoiled
    with psycopg.connect(empty_database) as before:
        before.execute("CREATE TABLE organisation_person (n int)")
        before.execute("INSERT INTO organisation_person VALUES (7)")
    restoring.put_aside(empty_database)  # and here it was killed
    with pytest.raises(Trouble, match="REPLACE-EVERYTHING"):
        restoring.check_empty(empty_database, overwrite=False)
    with psycopg.connect(empty_database) as half:
        half.execute("CREATE TABLE half_loaded (n int)")
    dump = place.path(f"backups/{which}/database")
    toc = (dump / "toc.dat").read_bytes()
    (dump / "toc.dat").write_bytes(toc[:50])
    with pytest.raises(Trouble):
        restoring.load_database(empty_database, dump)
    with psycopg.connect(empty_database) as after:
        assert after.execute("SELECT n FROM public.organisation_person").fetchone() == (7,)
        assert after.execute("SELECT to_regclass('half_loaded')").fetchone() == (None,)
    restoring.put_aside(empty_database)
    (dump / "toc.dat").write_bytes(toc)
    restoring.load_database(empty_database, dump)
    assert restoring.compare(empty_database, manifests.load(place, which)) == []
    with psycopg.connect(empty_database) as loaded:
        assert loaded.execute("SELECT to_regnamespace(%s)", [restoring.ASIDE]).fetchone() == (None,)


def test_a_newer_backup_is_refused_by_an_older_app(pristine: tuple[Path, str]) -> None:
    manifest = manifests.load(Folder(pristine[0] / "kopior"), pristine[1])
    known = known_migrations()
    restoring.check_version(manifest, known)
    restoring.check_version(
        manifest, known | {("records", "9999_still_to_come")}
    )  # an older backup: brought up to date
    with pytest.raises(Trouble, match="newer Uppsikt"):
        restoring.check_version(manifest, {one for one in known if one != ("kernel", "0004_backup_runs")})


def test_keys_come_back_and_others_are_not_lost(tmp_path: Path) -> None:
    restoring.keep_keys(tmp_path, KEYS, overwrite=False)
    restoring.keep_keys(tmp_path, KEYS, overwrite=False)
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
    other = Keys({**KEYS.by_name, "credentials": "x" * 40})
    with pytest.raises(Trouble, match="another key"):
        restoring.keep_keys(tmp_path, other, overwrite=False)
    restoring.keep_keys(tmp_path, other, overwrite=True)
    assert (tmp_path / "credentials.key").read_text() == "x" * 40
    assert (tmp_path / "credentials.key.before-restore").read_text() == KEYS.credentials


@contextmanager
def writers(blobs: Path) -> Iterator[list[int]]:
    """Two who write blobs and their rows for as long as the block lasts; how many each has written so far."""
    stop, written = threading.Event(), [0, 0]

    def write(me: int) -> None:
        while not stop.is_set():
            keep([f"skribent {me}, nummer {written[me]}".encode() * 200], blobs)
            written[me] += 1

    threads = [threading.Thread(target=write, args=(me,)) for me in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_backup_under_load_is_one_moment_and_lacks_no_blob(
    bucket: Bucket, tmp_path: Path, empty_database: str
) -> None:
    """To a bucket, while two write: each blob that the snapshot names is there; the next one copies what is new."""
    keep(BODIES, tmp_path / "blobs")
    with writers(tmp_path / "blobs") as written:
        while not all(written):
            pass
        first = taking.take(order(bucket, tmp_path / "blobs"), now=NOW)
        second = taking.take(order(bucket, tmp_path / "blobs"), now=NOW + timedelta(days=1))
    assert second.blobs["copied"] == second.blobs["count"] - first.blobs["count"]
    for made in (first, second):
        assert checking.check(bucket, made.id, key=KEYS.credentials).faults == []
    manifest = restore(bucket, "", empty_database, tmp_path / "new")
    assert manifest.id == second.id, "the newest"
    assert restoring.compare(empty_database, manifest) == []


@pytest.mark.django_db(transaction=True)
def test_what_the_service_itself_has_lost_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    lost, changed, *_rest = keep(BODIES, tmp_path / "blobs")
    blobs, place = Folder(tmp_path / "blobs"), Folder(tmp_path / "kopior")
    blobs.remove(stores.digest_name(lost))
    blobs.replace(stores.digest_name(changed), b"x")
    made = taking.take(order(place, tmp_path / "blobs"), now=NOW)
    assert set(made.wanting) == {lost, changed}
    assert {fault.kind for fault in checking.check(place, made.id).faults} == {"wanting"}
    # Found again, it is part of the next one.
    blobs.replace(stores.digest_name(lost), BODIES[0])
    blobs.replace(stores.digest_name(changed), BODIES[1])
    again = taking.take(order(place, tmp_path / "blobs"), now=NOW + timedelta(days=1))
    assert (again.wanting, again.blobs["copied"]) == ({}, 2)


@pytest.mark.django_db(transaction=True)
def test_old_backups_go_and_the_newest_whole_one_never_does(tmp_path: Path) -> None:
    place, made = Folder(tmp_path / "kopior"), []
    for day in range(4):
        forget()
        keep([f"bara dag {day}".encode(), b"alla dagar"], tmp_path / "blobs")
        made.append(taking.take(order(place, tmp_path / "blobs"), now=NOW + timedelta(days=day)).id)
    stale = "20200101T000000Z-abcdef"
    place.add(f"backups/{stale}/database/toc.dat", [b"avbruten"])
    fresh = "20991231T000000Z-abcdef"
    place.add(f"backups/{fresh}/database/toc.dat", [b"pagar"])
    pruned = keeping.prune(place, 2)
    assert pruned.backups == [stale, *made[:2]]
    assert pruned.blobs == 2, "those of the first two days; the one of all days is kept"
    assert manifests.ids(place) == {made[2]: True, made[3]: True, fresh: False}
    for which in made[2:]:
        assert checking.check(place, which).faults == []
    place.remove(f"backups/{made[2]}/{manifests.NAME}")
    assert keeping.prune(place, 0).backups == [made[2]]
    assert checking.check(place, made[3]).faults == [], "never the newest whole one"


@pytest.mark.django_db(transaction=True)
def test_one_backup_at_a_time(tmp_path: Path) -> None:
    with psycopg.connect(here(), autocommit=True) as other:
        taking.only_one(other)
        with pytest.raises(Trouble, match="Another backup"):
            taking.take(order(Folder(tmp_path / "kopior"), tmp_path / "blobs"), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_no_backup_begins_while_old_ones_are_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would count on blobs that are in the place already, and that the sweep is about to take away."""
    place, blobs = Folder(tmp_path / "kopior"), tmp_path / "blobs"
    keep(BODIES, blobs)
    mine, refused, prune = order(place, blobs), [], keeping.prune

    def meanwhile(*what: Any, **how: Any) -> keeping.Pruned:
        with pytest.raises(Trouble, match="Another backup") as error:
            taking.take(mine, now=NOW)
        refused.append(error)
        return prune(*what, **how)

    monkeypatch.setattr(ours, "order", lambda *_about: mine)
    monkeypatch.setattr(keeping, "prune", meanwhile)
    made, _pruned = runs.backup(place, None, "", keep=1)
    assert refused and manifests.ids(place) == {made.id: True}
