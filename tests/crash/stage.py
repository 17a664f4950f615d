"""Runs inside the service's own environment: sets the scene for the crash test, and tells what the database holds.

Asked `set ADDRESS TOKEN` it gives a session cookie, asked `tell` everything (see `standing`).
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django had to be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.utils import timezone  # noqa: E402

from crash.standing import serve  # noqa: E402
from uppsikt.channels import actions as channels  # noqa: E402
from uppsikt.channels import connecting  # noqa: E402
from uppsikt.channels.models import Channel  # noqa: E402
from uppsikt.channels.rules import Act  # noqa: E402
from uppsikt.inbox.models import Answer, Case, CaseItem  # noqa: E402
from uppsikt.kernel.models import Intent, Step  # noqa: E402
from uppsikt.kernel.trail import Doer  # noqa: E402
from uppsikt.moderation.models import Removal  # noqa: E402
from uppsikt.organisation import actions as organisation  # noqa: E402
from uppsikt.organisation.models import Board, Department, Person, Unit  # noqa: E402
from uppsikt.organisation.rules import Role  # noqa: E402
from uppsikt.policy import deciding  # noqa: E402
from uppsikt.records.models import Item, Version  # noqa: E402

SETTER = Doer.system("stage")
PULL_SECONDS = 2


def set_scene(address: str, token: str) -> dict[str, Any]:
    """An officer with a mandate on one practice channel that is read every other second; the officer's session."""
    now = timezone.now()
    board = Board.objects.create(name="Kommunstyrelsen")
    department = Department.objects.create(name="Förvaltningen", board=board)
    unit = Unit.objects.create(name="Kundcenter", department=department)
    officer, manager = (
        organisation.add_person(
            email=f"{name}@alvsta.example", name=name, title="prövare", unit=unit, by=SETTER, now=now
        )
        for name in ("Eva", "Maj")
    )
    organisation.give_role(person=officer, role=Role.OFFICER, unit=None, by=SETTER, now=now)
    organisation.give_role(person=manager, role=Role.MANAGER, unit=None, by=SETTER, now=now)
    found = connecting.recognise(address)
    secrets = {"token": token}
    channel = channels.connect(
        network=found.network,
        name="Kraschkanalen",
        address=found.address,
        unit=unit,
        responsible=officer,
        settings=found.settings,
        secrets=secrets,
        profile=connecting.check(found.network, found.settings, secrets),
        central=False,
        by=SETTER,
        now=now,
        pull_seconds=PULL_SECONDS,
    )
    channels.give_mandate(
        person=officer,
        channel=channel,
        acts=[Act.ANSWER, Act.HIDE, Act.REMOVE],
        since=now,
        until=None,
        given_by=manager,
        reason="Svarar",
        now=now,
    )
    deciding.add_decision(
        number="KS 2026-14",
        name="Gallring",
        text="Det som bryter mot reglerna.",
        standing=True,
        scope="all",
        decided_by="Kommunstyrelsen",
        decided_on=date(2026, 1, 14),
        by=SETTER,
        now=now,
    )
    return {"channel": channel.pk, "cookie": session(officer)}


def session(person: Person) -> str:
    """A session of the person's, as the login makes it."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def tell() -> dict[str, Any]:
    """What the database holds."""
    cases = Case.objects.select_related("last_item__version")
    answers = Answer.objects.values("id", "case_id", "state", "out", "to__native_id", "intent_id")
    intents = Intent.objects.values("id", "state", "needs_person", "error_code", "payload", "attempts", "kind")
    removals = Removal.objects.values(
        "id",
        "state",
        "item__native_id",
        "item__state",
        "intent_id",
        "trouble_code",
        "evidence__state",
        "evidence__taken_at",
        "intent__written_at",
        "version_id",
        "evidence__version_id",
    )
    steps = Step.objects.filter(name__in=["take_in", "done", "try", "decide", "finish"])
    return {
        "channel": Channel.objects.values("trouble_code", "trouble_facts", "state").get(),
        "items": list(Item.objects.values("id", "native_id", "state", "direction", "versions_count")),
        "versions": list(Version.objects.order_by("id").values("item__native_id", "number", "text")),
        "cases": [
            {
                "id": case.pk,
                "state": case.state,
                "last": case.last_item.native_id,
                "text": case.last_item.version.text,
            }
            for case in cases
            if case.last_item.version
        ],
        "case_items": list(CaseItem.objects.values_list("item__native_id", flat=True)),
        "answers": list(answers),
        "intents": list(intents),
        "removals": list(removals),
        "steps": list(steps.values("kind", "thing_id", "name")),
    }


if __name__ == "__main__":
    serve({"set": set_scene, "tell": tell})
