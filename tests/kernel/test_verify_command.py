"""`./uppsikt verify`: what it prints, what it ends with (D40)."""

from __future__ import annotations

import json

import pytest

from kernel.sealing import NOW, change, seal, steps, tamper
from uppsikt.kernel import seals
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.verify_command import Asked, faults, head, verify
from uppsikt.policy.guideline_models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def test_it_says_that_all_is_well_and_gives_the_head_to_keep(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refused, match="Nothing is sealed yet"):
        head()
    steps(3)
    assert verify(Asked()) == 0
    # What migrations lay in waits too: the guideline's first edition.
    assert f"{3 + Edition.objects.count()} rows wait for their seals" in capsys.readouterr().out
    seal(NOW)
    assert head() == 0
    kept = capsys.readouterr().out.strip()
    assert kept == str(seals.head())
    assert verify(Asked(heads=(kept,))) == 0
    assert f"The chain ends with {kept}" in capsys.readouterr().out
    with pytest.raises(Refused, match="That is no head"):
        verify(Asked(heads=("hej",)))


def test_it_names_what_is_wrong_with_code_3_for_people_and_programs(capsys: pytest.CaptureFixture[str]) -> None:
    keys = steps(4)
    seal(NOW)
    kept = str(seals.head())
    change("kernel_step", "reason = 'x'", keys[1])
    assert verify(Asked(blobs=False)) == 3
    said = capsys.readouterr().out
    assert f"BAD  Changed: row {keys[1]} among the trail's steps." in said
    assert "Find out who has had access" in said
    assert verify(Asked(as_json=True)) == 3
    told = json.loads(capsys.readouterr().out)
    assert not told["ok"] and told["counts"] == {"changed_row": 1}
    assert (told["findings"][0]["first"], told["findings"][0]["seal"]) == (keys[1], 1)
    tamper("kernel_seal", "DELETE FROM kernel_seal")
    assert verify(Asked(heads=(kept,))) == 3
    # One seal of the steps, and one of what migrations laid in.
    assert "Cut off: seals 1–2." in capsys.readouterr().out
    said = faults([seals.Head.parse(kept)])
    assert len(said) == 1 and said[0].startswith("Cut off: seals 1–2. The chain ends earlier than it has done.")
