"""Rules that a release brings, laid into the policy that is there: what a migration does with each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# They hold from before anything that the records can hold.
SINCE = datetime(1995, 1, 1, tzinfo=UTC)


def rules(brought: Sequence[tuple[str, Any, str, str]]) -> migrations.RunPython:
    """The operation that lays them in: key, value, duty and law of each. Nothing is taken out on the way back."""

    def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        rule = apps.get_model("policy", "Rule")
        for policy in apps.get_model("policy", "Policy").objects.all():
            for key, value, duty, law in brought:
                rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=law, since=SINCE)

    return migrations.RunPython(lay_in, migrations.RunPython.noop)
