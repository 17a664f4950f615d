"""An S3 server on the loopback, and a backup of the tests' own database."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from moto.server import ThreadedMotoServer
from psycopg import sql
from psycopg.conninfo import make_conninfo

from uppsikt.kernel import stores
from uppsikt.kernel.backups import taking
from uppsikt.kernel.backups.keys import Keys
from uppsikt.kernel.backups.taking import Order
from uppsikt.kernel.stores import Bucket, Folder

KEYS = Keys({"secret": "s" * 40, "credentials": "c" * 40})
BODIES = [f"En bilaga, nummer {number}. ".encode() * 40 for number in range(12)]


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """A server that speaks S3, over real HTTP; its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, request: pytest.FixtureRequest) -> Bucket:
    """An empty bucket."""
    name = "b" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:20]
    made = Bucket(name, "under", s3, "us-east-1", "key", "secret")
    make_bucket(s3, name)
    return made


def make_bucket(address: str, name: str) -> None:
    """As an administrator of the storage would."""
    import boto3  # noqa: PLC0415 slow to load, and for the few tests that need it

    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1"
    )
    client.create_bucket(Bucket=name)


def url_of(name: str) -> str:
    """The address of a database in the tests' cluster."""
    about = connection.settings_dict
    return make_conninfo(
        host=about["HOST"], port=about["PORT"], user=about["USER"], password=about["PASSWORD"], dbname=name
    )


def here() -> str:
    """The address of the tests' own database."""
    return url_of(str(connection.settings_dict["NAME"]))


@pytest.fixture
def empty_database(django_db_setup: None) -> Iterator[str]:
    """A database with nothing in it; its address."""
    name = f"test_restored_{os.getpid()}"
    with psycopg.connect(here(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield url_of(name)
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def order(place: Any, blobs: Path, **more: Any) -> Order:
    """A backup of the tests' database with blobs in a folder."""
    made = Order(here(), place, Folder(blobs), KEYS, blobs.parent / "scratch", "test", {"UPPSIKT_URL": "http://x"})
    return replace(made, **more)


def keep(bodies: list[bytes], blobs: Path) -> list[str]:
    """Blobs in the folder and their rows in the tests' database, as the service writes them: bytes first."""
    digests = []
    with psycopg.connect(here(), autocommit=True) as writer:
        for body in bodies:
            sha256 = hashlib.sha256(body).hexdigest()
            Folder(blobs).add(stores.digest_name(sha256), [body])
            writer.execute(
                "INSERT INTO kernel_blob (sha256, size, media_type, created_at) VALUES (%s, %s, 'text/plain', now())"
                " ON CONFLICT DO NOTHING",
                [sha256, len(body)],
            )
            digests.append(sha256)
    return digests


def forget() -> None:
    """Empty the tests' table of blobs, which TRUNCATE may in a database with a test's name."""
    with psycopg.connect(here(), autocommit=True) as writer:
        writer.execute("TRUNCATE kernel_blob CASCADE")


@pytest.fixture(scope="module")
def pristine(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str]]:
    """A whole backup in a folder with its keys apart (`kopior`, `nycklar`), and its id; tests copy it."""
    folder = tmp_path_factory.mktemp("pristine")
    with django_db_blocker.unblock():
        keep(BODIES, folder / "blobs")
        made = taking.take(
            order(
                Folder(folder / "kopior"),
                folder / "blobs",
                keys_place=Folder(folder / "nycklar"),
                passphrase="en lång lösenfras",
            ),
            now=datetime.now(UTC),
        )
        forget()
    yield folder, made.id


@pytest.fixture
def spoiled(pristine: tuple[Path, str], tmp_path: Path) -> tuple[Folder, str]:
    """A copy of the whole backup that may be spoiled."""
    shutil.copytree(pristine[0] / "kopior", tmp_path / "kopior")
    shutil.copytree(pristine[0] / "nycklar", tmp_path / "nycklar")
    return Folder(tmp_path / "kopior"), pristine[1]
