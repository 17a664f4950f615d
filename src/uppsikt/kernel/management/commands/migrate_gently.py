"""`migrate_gently`: bring the database up to date while the service runs on it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from uppsikt.kernel import upgrading


class Command(BaseCommand):
    """Migrate, never waiting long for a lock that others would then wait behind."""

    help = "Bring the database up to date while the service runs on it."

    def handle(self, **_options: Any) -> None:
        """Raises CommandError where the database stays too busy."""
        upgrading.migrate_gently()
