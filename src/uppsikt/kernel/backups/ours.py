"""This installation as backups see it: its version, settings, keys and places."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from uppsikt import env
from uppsikt.kernel import blobs, stores
from uppsikt.kernel.backups.keys import Keys
from uppsikt.kernel.backups.taking import Order
from uppsikt.kernel.stores import Store

ROOT = Path(__file__).resolve().parents[4]
WHO, KEYS_WHO = "UPPSIKT_BACKUP_S3", "UPPSIKT_BACKUP_KEYS_S3"
SECRET = re.compile(r"KEY|SECRET|PASS|TOKEN|USER|DATABASE")


@lru_cache(maxsize=1)
def version() -> str:
    """The version, with the commit where the code is a clone."""
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    number = str(about["project"]["version"])
    try:
        done = subprocess.run(  # noqa: S603 fixed words
            ["git", "-c", "safe.directory=*", "-C", str(ROOT), "rev-parse", "--short", "HEAD"],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return number
    return f"{number}+{done.stdout.strip()}" if done.returncode == 0 else number


def kept_settings() -> dict[str, str]:
    """Our settings as they stand in the environment; of those that are secret only that they are set."""
    names = sorted(name for name in os.environ if name.startswith("UPPSIKT_") and name != "UPPSIKT_DATA")
    return {name: "…" if SECRET.search(name) or "@" in os.environ[name] else os.environ[name] for name in names}


def place(words: str) -> Store:
    """A place for backups. Raises SettingError."""
    return stores.at(words, who=WHO)


def keys_place(words: str) -> Store:
    """A place for keys: with access of its own, if its settings say so. Raises SettingError."""
    return stores.at(words, who=KEYS_WHO)


def order(to: Store, keys_to: Store | None, passphrase: str) -> Order:
    """A backup of this installation."""
    return Order(
        url=str(settings.DATABASE_URL),
        place=to,
        blobs=blobs.store(),
        blobs_before=stores.at(settings.BLOBS_BEFORE) if settings.BLOBS_BEFORE else None,
        keys=Keys.of(settings),
        scratch=env.folder() / "tmp",
        app=version(),
        settings=kept_settings(),
        keys_place=keys_to,
        passphrase=passphrase,
    )
