"""Runs inside an installation's own environment: starts channels as a person would, and tells what a backup is about.

Asked `resume` it starts every paused channel, asked `tell` it tells what is there (see `crash.standing`).
"""

from __future__ import annotations

from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django had to be set up first

from crash.standing import serve  # noqa: E402
from uppsikt.channels import actions as channels  # noqa: E402
from uppsikt.channels.models import Channel  # noqa: E402
from uppsikt.inbox.models import Answer  # noqa: E402
from uppsikt.kernel import blobs  # noqa: E402
from uppsikt.kernel.models import Blob, Intent, Step  # noqa: E402
from uppsikt.kernel.trail import Doer  # noqa: E402


def resume() -> dict[str, Any]:
    """Start what the restore paused."""
    for channel in Channel.objects.filter(state="paused"):
        channels.resume(channel, by=Doer.system("stage"), now=timezone.now())
    return {}


def tell() -> dict[str, Any]:
    """The state of channels, answers and intents, and that every blob can be read."""
    return {
        "channels": list(Channel.objects.values("state", "trouble_code", "pulled_at")),
        "intents": list(Intent.objects.order_by("id").values("id", "state", "needs_person", "error_code")),
        "answers": list(Answer.objects.order_by("id").values("id", "state", "out")),
        "steps": Step.objects.count(),
        "blobs": sum(bool(blobs.read(row.sha256) or not row.size) for row in Blob.objects.iterator()),
    }


if __name__ == "__main__":
    serve({"resume": resume, "tell": tell})
