"""The database of a benchmark: an embedded PostgreSQL in a folder of its own, with our tables, and Django on top."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command

from uppsikt.kernel import postgres

# What an administrator gives a database of this size; the service's own settings are for the smallest machine.
SETTINGS = {"maintenance_work_mem": "512MB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}


@contextmanager
def database(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """The address of a running database with all our tables; Django is set up on it meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # PostgreSQL's account must pass through when root measures
    with postgres.embedded(folder, options={**SETTINGS, **settings}) as url:
        os.environ.update(UPPSIKT_DATA=str(folder), DATABASE_URL=url, DJANGO_SETTINGS_MODULE="uppsikt.settings")
        os.environ.setdefault("UPPSIKT_LOG_LEVEL", "WARNING")
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        yield url
