"""The benchmark of triage, in a small size: everything is read once, and what is in the texts is found. No time."""

from __future__ import annotations

import argparse

import pytest
from benchmarks import triage

from uppsikt.records.models import Version
from uppsikt.triage.models import Alarm, Finding, Reading, Standing

pytestmark = pytest.mark.django_db


def test_every_wording_is_read_once() -> None:
    table = triage.run(argparse.Namespace(lot=80, batch=30, rounds=2))
    assert Reading.objects.filter(source="rules").count() == Version.objects.count() == Standing.objects.count() == 160
    assert Finding.objects.filter(kind="phone").count() >= 2
    # It is read as a history is: nobody is told.
    assert not Alarm.objects.exists()
    assert next(row[4] for row in table.rows) == "1.00 ×"
