"""Which rules the policy holds, and what each may be set to: the schema of stored values. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from uppsikt.kernel.hours import NoHours, Spans, read_spans

# Up to an age in hours, look again every so many minutes.
Plan = tuple[tuple[int, int], ...]
PLAN_LINE = re.compile(r"(\d+)\D+(\d+)\D*")
PLAN_STEPS = 12
CODE = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)?")
MOST_SWITCHES = 200
CLOSED = ("stängt", "closed", "-", "–")


class Unit(StrEnum):
    """What a number counts."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    MINUTES = "minutes"
    WORKING_MINUTES = "working_minutes"
    SECONDS = "seconds"
    MEGABYTES = "megabytes"
    HOURS = "hours"
    # An hour of the day, Swedish time.
    CLOCK = "clock"
    COUNT = "count"


class BadValue(ValueError):  # the house names errors by what went wrong
    """A value that the rule cannot take; `code` says why: not_a_number, too_low, too_high, bad_plan, bad_switches."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Number:
    """A rule that is a whole number within limits. `duty` and `law` name what it carries out."""

    key: str
    default: int
    unit: Unit
    least: int
    most: int
    duty: str
    law: str

    def check(self, value: Any) -> int:
        """The value as it is stored. Raises BadValue."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadValue("not_a_number")
        if value < self.least:
            raise BadValue("too_low")
        if value > self.most:
            raise BadValue("too_high")
        return value


@dataclass(frozen=True, slots=True)
class Recheck:
    """A rule that is a plan: how often to look again at something, by its age."""

    key: str
    default: Plan
    duty: str
    law: str

    def check(self, value: Any) -> list[list[int]]:
        """The plan as it is stored: ages rising, intervals from a minute to a year. Raises BadValue."""
        try:
            steps = [[int(hours), int(minutes)] for hours, minutes in value]
        except (TypeError, ValueError) as error:
            raise BadValue("bad_plan") from error
        ages = [hours for hours, _minutes in steps]
        rising = ages == sorted(set(ages)) and min(ages, default=0) > 0
        if not rising or len(steps) > PLAN_STEPS or any(not 1 <= minutes <= 365 * 24 * 60 for _hours, minutes in steps):
            raise BadValue("bad_plan")
        return steps


@dataclass(frozen=True, slots=True)
class Switches:
    """A rule that says of things by their codes whether they hold: {"profile.logo": False}.

    What it does not name holds as the room says that owns the codes (`policy.choices`).
    """

    key: str
    default: Mapping[str, bool]
    duty: str
    law: str

    def check(self, value: Any) -> dict[str, bool]:
        """The switches as they are stored. Raises BadValue."""
        if not isinstance(value, Mapping) or len(value) > MOST_SWITCHES:
            raise BadValue("bad_switches")
        if not all(
            isinstance(code, str) and CODE.fullmatch(code) and isinstance(on, bool) for code, on in value.items()
        ):
            raise BadValue("bad_switches")
        return dict(sorted(value.items()))


RECORDS = "TF 2 kap. 4, 6 och 9 §§; OSL (2009:400) 4 kap. 1–2 §§"
SERVICE = "Förvaltningslagen (2017:900) 6 §"
BOARDS = "Lag (1998:112) 4 §"

Declared = Number | Recheck | Switches

RULES: tuple[Declared, ...] = (
    Number("answer.within_working_days", 1, Unit.WORKING_DAYS, 1, 10, "D35", f"{SERVICE}; lag (1930:173) 2 §"),
    Number("answer.promise_working_days", 3, Unit.WORKING_DAYS, 1, 30, "D38", SERVICE),
    Number("answer.warn_before_minutes", 60, Unit.WORKING_MINUTES, 5, 480, "D35", SERVICE),
    Number("answer.undo_seconds", 8, Unit.SECONDS, 0, 120, "D36", ""),
    Number("answer.escalate_before_minutes", 30, Unit.WORKING_MINUTES, 0, 480, "D35", SERVICE),
    Number("claim.minutes", 10, Unit.MINUTES, 1, 120, "D36", ""),
    Number("forward.link_days", 14, Unit.DAYS, 1, 90, "D37", ""),
    Number("forward.remind_after_minutes", 240, Unit.WORKING_MINUTES, 15, 4800, "D37", SERVICE),
    Number("forward.remind_before_minutes", 90, Unit.WORKING_MINUTES, 0, 480, "D37", SERVICE),
    Number("login.link_minutes", 30, Unit.MINUTES, 5, 1440, "D21", ""),
    Number("inbox.history_days", 30, Unit.DAYS, 0, 3650, "D35", SERVICE),
    Number("pull.every_minutes", 5, Unit.MINUTES, 1, 1440, "D25", "Lag (1998:112) 4 §"),
    Number("oversight.rounds_a_day", 1, Unit.COUNT, 1, 12, "D25", BOARDS),
    Number("oversight.items_per_round", 150, Unit.COUNT, 10, 5000, "D66", BOARDS),
    Number("oversight.most_rounds", 4, Unit.COUNT, 1, 12, "D66", BOARDS),
    Number("oversight.first_look_days", 7, Unit.DAYS, 0, 365, "D25", BOARDS),
    Number("oversight.remind_before_minutes", 120, Unit.MINUTES, 0, 720, "D25", BOARDS),
    Number("oversight.tell_manager_after_minutes", 60, Unit.MINUTES, 0, 1440, "D25", BOARDS),
    Number("oversight.tell_communications_after_minutes", 180, Unit.MINUTES, 0, 2880, "D25", BOARDS),
    Number("oversight.after_removal_hours", 72, Unit.HOURS, 1, 720, "D26", BOARDS),
    Number("oversight.after_traffic_hours", 24, Unit.HOURS, 1, 168, "D26", BOARDS),
    Number("oversight.heightened_every_minutes", 180, Unit.MINUTES, 30, 720, "D26", BOARDS),
    Number("oversight.heightened_first_hour", 7, Unit.CLOCK, 0, 12, "D26", BOARDS),
    Number("oversight.heightened_last_hour", 22, Unit.CLOCK, 13, 23, "D26", BOARDS),
    Number("oversight.traffic_least", 30, Unit.COUNT, 3, 10_000, "D26", BOARDS),
    Number("oversight.traffic_factor", 5, Unit.COUNT, 1, 50, "D26", BOARDS),
    Number("oversight.rota_ahead_days", 14, Unit.DAYS, 1, 60, "D27", BOARDS),
    Recheck(
        "recheck.plan",
        ((24, 30), (7 * 24, 6 * 60), (30 * 24, 24 * 60), (365 * 24, 7 * 24 * 60), (5 * 365 * 24, 30 * 24 * 60)),
        "D18",
        RECORDS,
    ),
    Number("recheck.gone_interval_minutes", 10, Unit.MINUTES, 1, 1440, "D40", RECORDS),
    Number("triage.urgent_percent", 80, Unit.COUNT, 30, 100, "D20", "Lag (1998:112) 5 §"),
    Number("triage.history_days", 7, Unit.DAYS, 0, 365, "D20", "Dataskyddsförordningen (EU) 2016/679"),
    Number("triage.sample_per_thousand", 20, Unit.COUNT, 0, 1000, "D71", "Förvaltningslagen (2017:900) 5 §"),
    Number("triage.learn_each", 200, Unit.COUNT, 30, 100_000, "D71", "Förvaltningslagen (2017:900) 5 §"),
    Number("removal.people", 1, Unit.COUNT, 1, 2, "D45", "Lag (1998:112) 5 §"),
    Number("removal.ask_again_hours", 24, Unit.HOURS, 1, 336, "D43", RECORDS),
    Number("ruling.within_working_days", 1, Unit.WORKING_DAYS, 0, 20, "D44", "OSL (2009:400) 5 kap. 1–2 §§"),
    Number(
        "reconsideration.within_working_days", 5, Unit.WORKING_DAYS, 0, 40, "D68", "Förvaltningslagen (2017:900) 5 §"
    ),
    Number("block.most_days", 90, Unit.DAYS, 1, 365, "D69", "RF 1 kap. 9 §, 2 kap. 1 §"),
    Switches("account.must_have", {}, "D5", "Lag (1998:112) 4 §"),
    Switches("order.veto", {}, "D6", BOARDS),
    Number("account.remind_working_days", 5, Unit.WORKING_DAYS, 1, 60, "D6", BOARDS),
    Number("deviation.within_days", 14, Unit.DAYS, 1, 180, "D5", BOARDS),
    Number("profile.look_days", 60, Unit.DAYS, 7, 366, "D13", SERVICE),
    Number("activity.still_days", 60, Unit.DAYS, 7, 730, "D51", SERVICE),
    Number("activity.talk_within_days", 21, Unit.DAYS, 1, 180, "D51", SERVICE),
    Number("activity.after_talk_days", 60, Unit.DAYS, 7, 365, "D51", SERVICE),
    Number("discover.pages", 300, Unit.COUNT, 5, 5000, "D12", ""),
    Number("discover.every_days", 7, Unit.DAYS, 1, 90, "D12", ""),
    Number("guideline.acknowledge_days", 14, Unit.DAYS, 0, 120, "D24", ""),
    Number("mandate.most_days", 366, Unit.DAYS, 7, 1100, "D21", ""),
    Number("mandate.remind_days", 30, Unit.DAYS, 1, 120, "D21", ""),
    Number("loan.most_days", 92, Unit.DAYS, 1, 366, "D31", ""),
    Number("load.answer_minutes", 10, Unit.MINUTES, 1, 240, "D24", ""),
    Number("load.round_minutes", 10, Unit.MINUTES, 0, 240, "D24", ""),
    Number("load.post_minutes", 30, Unit.MINUTES, 1, 480, "D24", ""),
    Number("export.keep_days", 7, Unit.DAYS, 1, 30, "D18", ""),
    Number("network.max_megabytes", 16, Unit.MEGABYTES, 1, 512, "D18", ""),
    Number("network.total_seconds", 60, Unit.SECONDS, 5, 600, "D18", ""),
    Number("network.max_redirects", 5, Unit.COUNT, 0, 20, "D18", ""),
)
BY_KEY = {rule.key: rule for rule in RULES}


def read_plan(text: str) -> Plan:
    """A plan from lines of two numbers, "24 timmar: var 30 minut". Raises BadValue."""
    steps: list[tuple[int, int]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = PLAN_LINE.fullmatch(re.sub(r"^\D+", "", line))
        if not found:
            raise BadValue("bad_plan")
        steps.append((int(found[1]), int(found[2])))
    return tuple(steps)


def write_plan(plan: Plan) -> str:
    """The lines that `read_plan` reads back."""
    return "\n".join(f"{hours}: {minutes}" for hours, minutes in plan)


def read_day(text: str) -> Spans | None:
    """A day's hours as written in a form: spans, a word for closed, or nothing at all (None). Raises NoHours."""
    words = text.strip().lower()
    if not words:
        return None
    return () if words in CLOSED else read_spans(words)


def read_month_day(text: str) -> tuple[int, int]:
    """(month, day) from "06-01". Raises NoHours."""
    month, _dash, day = text.partition("-")
    if not (month.isdigit() and day.isdigit()):
        raise NoHours("bad_date")
    return int(month), int(day)


def write_month_day(pair: tuple[int, int]) -> str:
    """The text that is stored: "06-01"."""
    return f"{pair[0]:02}-{pair[1]:02}"
