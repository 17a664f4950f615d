"""Blobs in a folder and in a bucket: the same promises (D18: what is taken in is kept as it was)."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from uppsikt.cli import blobs as command
from uppsikt.env import SettingError
from uppsikt.kernel import blobs, moving, stores
from uppsikt.kernel.models import Blob
from uppsikt.kernel.stores import Bucket, Damaged, Folder, Missing, Store, Unreachable

Make = Callable[[], Store]


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each kind of store, empty."""
    if request.param == "folder":
        return Folder(tmp_path / "here")
    made: Store = request.getfixturevalue("bucket")
    return made


def test_what_is_added_is_kept_and_never_written_over(store: Store) -> None:
    store.add("ab/cd/one", [b"f\xc3\xb6rst", b" och sist"])
    store.add("ab/cd/one", [b"annat"])
    assert stores.read(store, "ab/cd/one") == "först och sist".encode()
    assert store.size("ab/cd/one") == len("först och sist".encode())
    assert store.size("ab/cd/two") is None
    with pytest.raises(Missing):
        stores.read(store, "ab/cd/two")


def test_a_large_one_goes_in_parts_and_comes_back_whole(store: Store) -> None:
    body = bytes(range(256)) * 4096 * 11  # 11 MB: more than one request holds
    pieces = [body[start : start + stores.CHUNK] for start in range(0, len(body), stores.CHUNK)]
    store.add("large", iter(pieces))
    store.add("large", [b"annat"] * 20)
    assert hashlib.sha256(stores.read(store, "large")).digest() == hashlib.sha256(body).digest()


def test_names_are_listed_below_a_folder_and_let_go(store: Store) -> None:
    for name in ("aa/1", "aa/b/2", "ab/3"):
        store.add(name, [name.encode()])
    assert sorted(store.listing("aa")) == [("aa/1", 4), ("aa/b/2", 6)]
    store.remove("aa/1")
    store.remove("aa/1")
    assert [name for name, _size in store.listing("aa")] == ["aa/b/2"]
    store.replace("aa/b/2", b"ny")
    assert stores.read(store, "aa/b/2") == b"ny"


def test_many_who_add_the_same_at_once_leave_one_whole(store: Store) -> None:
    body = b"x" * 200_000
    threads = [threading.Thread(target=store.add, args=("same", [body])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores.read(store, "same") == body
    assert [name for name, _size in store.listing("")] == ["same"]


@pytest.mark.django_db
def test_d18_blobs_live_in_a_bucket_by_setting(bucket: Bucket, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    use(bucket, settings, monkeypatch)
    sha256 = blobs.put(b"ett svar", "text/plain", now=timezone.now())
    assert blobs.put(b"ett svar", "text/plain", now=timezone.now()) == sha256
    assert blobs.read(sha256) == b"ett svar"
    assert Blob.objects.filter(sha256=sha256).count() == 1
    bucket.replace(stores.digest_name(sha256), b"ett annat svar")
    with pytest.raises(Damaged, match="not what was written"):
        blobs.read(sha256)
    bucket.remove(stores.digest_name(sha256))
    with pytest.raises(Damaged, match="missing"):
        blobs.read(sha256)


def use(bucket: Bucket, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the settings as somebody who runs the service would."""
    settings.BLOBS = bucket.words
    monkeypatch.setenv("UPPSIKT_S3_ENDPOINT", bucket.endpoint)
    monkeypatch.setenv("UPPSIKT_S3_KEY_ID", bucket.key_id)
    monkeypatch.setenv("UPPSIKT_S3_SECRET", bucket.secret)
    monkeypatch.setenv("UPPSIKT_S3_REGION", bucket.region)


@pytest.mark.django_db
def test_nothing_points_at_what_could_not_be_written(
    bucket: Bucket, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes first, rows after: where the store is away there is no row, and the words name the place and no key."""
    use(bucket, settings, monkeypatch)
    monkeypatch.setenv("UPPSIKT_S3_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(Unreachable) as error:
        blobs.put(b"ett svar", "text/plain", now=timezone.now())
    assert bucket.words in str(error.value)
    assert "secret" not in str(error.value)
    assert Blob.objects.count() == 0


def test_a_bucket_that_is_not_there_is_said_to_be_that(bucket: Bucket) -> None:
    away = replace(bucket, bucket="finns-inte")
    with pytest.raises(Unreachable, match="no such bucket"):
        away.add("one", [b"1"])
    with pytest.raises(Unreachable):
        list(away.listing(""))


def test_places_that_are_none_are_refused_with_a_word() -> None:
    for words in ("s3://", "ftp://server/mapp"):
        with pytest.raises(SettingError):
            stores.at(words)


def test_blobs_move_to_a_bucket_and_back_and_nothing_goes_before_its_copy_is_read(
    bucket: Bucket, tmp_path: Path
) -> None:
    """Resumable: what was cut off goes on; what is damaged stays and is named."""
    folder = Folder(tmp_path / "blobs")
    bodies = {hashlib.sha256(body).hexdigest(): body for body in (b"ett", b"tv\xc3\xa5", b"tre")}
    for sha256, body in bodies.items():
        folder.add(stores.digest_name(sha256), [body])
    damaged = hashlib.sha256(b"fyra").hexdigest()
    folder.add(stores.digest_name(damaged), [b"fem"])
    first = moving.move(folder, bucket, remove=False, progress=lambda *_: None)
    assert (first.there, first.copied, first.removed, len(first.damaged)) == (3, 3, 0, 1)
    bucket.replace(stores.digest_name(next(iter(bodies))), b"fel")  # a copy that went bad is made anew
    again = moving.move(folder, bucket, remove=True, progress=lambda *_: None)
    assert (again.there, again.copied, again.removed) == (3, 1, 3)
    assert list(moving.digests(folder)) == [damaged]
    home = Folder(tmp_path / "home")
    back = moving.move(bucket, home, remove=True, progress=lambda *_: None)
    assert back.copied == 3
    assert {sha256: stores.checked(home, sha256) for sha256 in bodies} == bodies


@pytest.mark.django_db
def test_while_blobs_are_moved_the_old_place_is_read_too(tmp_path: Path, settings: Any) -> None:
    settings.BLOBS = tmp_path / "old"
    sha256 = blobs.put(b"skrevs sist", "text/plain", now=timezone.now())
    settings.BLOBS, settings.BLOBS_BEFORE = tmp_path / "new", str(tmp_path / "old")
    assert blobs.read(sha256) == b"skrevs sist"


def test_the_place_in_use_is_not_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPPSIKT_DATA", str(tmp_path))
    words = ["blobs", "move", "--to", str(tmp_path / "new"), "--remove"]
    with pytest.raises(Exception, match="UPPSIKT_BLOBS="):
        chosen = parse(words)
        command.run(chosen)


def parse(words: list[str]):  # type: ignore[no-untyped-def]
    """The command line as typed."""
    from uppsikt.cli.parser import parse as read  # noqa: PLC0415 it loads every command

    return read(words)
