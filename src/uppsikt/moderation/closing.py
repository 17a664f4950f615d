"""Closing a proof: listed, signed with the installation's key, and time-stamped where an authority is set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from uppsikt.capture import package, signing
from uppsikt.kernel import stamps


def close(folder: Path, facts: Mapping[str, Any], *, now: datetime) -> datetime | None:
    """Sign and time-stamp what lies in a folder; when it was stamped, None without an authority.

    Raises package.PackFailed: then it is signed, and waits for the authority.
    """
    signer = signing.Signer.read(settings.EVIDENCE_KEY)
    package.pack(folder, facts=facts, signer=signer, authority=stamps.authority(), now=now)
    return now if (folder / package.STAMP).exists() else None
