"""A year of talk: quick, the same for the same seed, varied, and with nobody real in it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from practice import office, script
from practice.clock import Clock, moment
from practice.fill import fill
from practice.grammar import dice, expand
from practice.store import Store
from practice.world import World
from practice_network import MONDAY, SOURCE, Network

UNTIL = moment(MONDAY)


def year(folder: Path, seed: str = "1", share: float = 1.0) -> list[dict[str, Any]]:
    store = Store(folder)
    fill(World(store, Clock(store)), until=UNTIL, seed=seed, share=share)
    rows = [dict(row) for row in store.rows("SELECT * FROM items ORDER BY id")]
    store.close()
    return rows


def test_a_year_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first, second, other = (year(tmp_path / name, seed, 0.1) for name, seed in (("a", "1"), ("b", "1"), ("c", "2")))
    assert first == second
    assert first != other


def test_a_year_is_a_year(tmp_path: Path) -> None:
    rows = year(tmp_path)
    assert 5000 < len(rows) < 10_000
    assert len({row["handle"] for row in rows}) == 12
    citizens = [row for row in rows if row["person_id"]]
    assert len({row["text"] for row in citizens}) > 1500
    assert all(row["created_at"] <= row["modified_at"] <= "2026-11-23T09:00:00.000Z" for row in rows)
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert sorted(row["created_at"] for row in rows) == [row["created_at"] for row in rows]
    assert {row["state"] for row in rows} >= {"visible", "deleted"}
    assert not [row for row in rows if re.search(r"[\[\]{}|]|::", row["text"])]


def test_of_late_something_is_due_something_overdue_something_fresh(tmp_path: Path) -> None:
    rows = year(tmp_path)
    answered = {row["asked_id"] for row in rows if row["person_id"] is None}
    open_ones = [
        moment(row["created_at"])
        for row in rows
        if row["person_id"] and row["state"] == "visible" and row["id"] not in answered
        and any(sort in row["meaning"] for sort in ('"question"', '"complaint"'))
    ]  # fmt: skip
    day, two = office.working_days_before(UNTIL, 1), office.working_days_before(UNTIL, 2)
    assert len([at for at in open_ones if at >= day]) >= 8
    assert len([at for at in open_ones if two <= at < day]) >= 2
    signed = [row for row in rows if row["person_id"] is None and row["kind"] == "comment"]
    names = {f"{s.name}, {s.title}, {s.unit}" for role in script.roles() for s in role.signers}
    assert all(row["text"].rsplit("\n\n", 1)[-1] in names for row in signed)


def test_every_template_can_be_said() -> None:
    """A slot without words would break the demo on an unlucky day."""
    everything: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, str):
            everything.append(value)
        elif isinstance(value, dict):
            for one in value.values():
                collect(one)
        elif isinstance(value, list):
            for one in value:
                collect(one)

    collect(script.load("common"))
    for name in script.topics():
        collect(script.load(f"topics/{name}"))
    for template in filter(None, everything):
        assert expand(template, dice(template), script.words(), {})
    assert len(everything) > 700


def luhn(digits: str) -> bool:
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(digits)]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def test_no_real_person_can_be_meant() -> None:
    """Phones are from the series reserved for fiction; personal numbers are test numbers or fail their check digit."""
    words = script.words()
    for phone in words["phone"]:
        digits = re.sub(r"\D", "", phone)
        assert (
            "0701740605" <= digits <= "0701740699"
            or "0313900600" <= digits <= "0313900699"
            or "0846500400" <= digits <= "0846500499"
        )
    known = {"19121212-1212", "19811218-9876"}
    for number in words["pnr"]:
        assert number in known or not luhn(re.sub(r"\D", "", number)[2:])
    everything = "".join(path.read_text() for path in script.CONTENT.rglob("*.toml"))
    for host in re.findall(r"[\w-]+\.(?:se|com|org|net|nu|eu)\b", everything):
        raise AssertionError(f"{host} may belong to somebody")
    for number in re.findall(r"\b0[0-9]{1,3}-[0-9 ]{5,}", everything):
        assert number.startswith(("08-465 004", "070-174 06", "031-390 06"))


def test_the_command_line_fills_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "practice", "fill", "--data", str(tmp_path), "--share", "0.05"]
    first, second = (
        subprocess.run(command, env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert "är fyllt" in first
    assert "redan fyllt" in second


def lived(network: Network) -> list[dict[str, Any]]:
    for role in script.roles()[:3]:
        network.control("POST", "accounts", handle=role.handle, name=role.name, flavour=role.flavour)
        network.say("Snö i natt.", handle=role.handle)
    network.control("POST", "live", every=120)
    for _ in range(3):
        network.control("POST", "clock", step=3600)
    return network.dump()


def test_people_live_the_same_life_by_the_same_clock(network: Network, tmp_path: Path) -> None:
    """Stepped, or killed and started in between: the same talk."""
    first = lived(network)
    twin = Network(tmp_path / "twin", list(network.options))
    twin.start()
    second = lived(twin)
    twin.stop()
    assert len(first) > 40
    assert first == second


def test_people_answer_back(network: Network) -> None:
    role = script.roles()[0]
    token = network.open(role.handle)
    network.say("Snö i natt.", handle=role.handle)
    network.control("POST", "live", every=60)
    network.control("POST", "clock", step=7200)
    asked = [one for one in network.dump() if one["person_id"] and one["state"] == "visible"]
    for one in asked:
        network.api("POST", f"comments/{one['id']}/replies", token, json={"text": f"Svar till {one['id']}"})
    ours = {one["id"] for one in network.dump() if one["text"].startswith("Svar till")}
    assert len(ours) == len(asked)
    network.control("POST", "clock", step=600)
    back = [one for one in network.dump() if one["asked_id"] in ours]
    assert 0 < len(back) < len(ours)
    assert any("thanks" in str(one["meaning"]) for one in back)
