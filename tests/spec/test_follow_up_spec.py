"""Every case of tests/spec/follow_up: figures and an agreed date in, the hand-worked verdict out.

A case is a CSV file. Lines that start with ``#`` say what it shows, what the rule is told
(``given``) and what must come of it (``expect``, figures to four decimals). Column ``other`` holds
the figures of others in the same months.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from wholesystem.reviews.follow_up import (
    Judgement,
    Observed,
    Period,
    judge_movement,
    packaged_verdict_rules,
    verdict_words,
)
from wholesystem.reviews.follow_up.signs import Level
from wholesystem.reviews.rules_table import Rules

FOLDER = Path(__file__).parent / "follow_up"


@dataclass(frozen=True)
class Case:
    name: str
    given: dict[str, str]
    expect: dict[str, str]
    rows: list[dict[str, str]]


def read_case(path: Path) -> Case:
    lines = path.read_text("utf-8").splitlines()
    keyed: dict[str, dict[str, str]] = {"given": {}, "expect": {}}
    for line in lines:
        head, colon, value = line.removeprefix("# ").partition(": ")
        kind, _, key = head.partition(" ")
        if line.startswith("# ") and colon and kind in keyed:
            keyed[kind][key] = value.strip()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return Case(path.stem, keyed["given"], keyed["expect"], rows)


CASES = [read_case(path) for path in sorted(FOLDER.glob("*.csv"))]


def observed(case: Case, column: str) -> Observed:
    starts = [date.fromisoformat(f"{row['month']}-01") for row in case.rows]
    months = 1 if (starts[1] - starts[0]).days < 32 else 3
    return Observed(
        column,
        tuple(
            Period(start, last_day(start, months), float(text) if (text := row[column]) else None)
            for start, row in zip(starts, case.rows, strict=True)
        ),
    )


def last_day(start: date, months: int) -> date:
    month = start.month + months - 1
    return date(start.year, month, monthrange(start.year, month)[1])


def rules_of(case: Case) -> Rules:
    off = case.given.get("off", "").split(";")
    rows = packaged_verdict_rules().rows
    return Rules(
        tuple(one.model_copy(update={"on": "no"}) if one.rule in off else one for one in rows)
    )


def judged(case: Case) -> Judgement:
    recording = case.given.get("recording")
    return judge_movement(
        observed(case, "value"),
        "up" if case.given["direction"] == "up" else "down",
        date.fromisoformat(case.given["agreed"]),
        others=[observed(case, "other")] if "other" in case.rows[0] else [],
        by_ratio=case.given.get("by") == "ratio",
        recording=[date.fromisoformat(recording)] if recording else [],
        rules=rules_of(case),
    )


def check_words(found: Judgement, rule: str) -> str:
    checks = {one.rule: one for one in found.moved.sign.checks}
    return ("stands" if checks[rule].passed else "fails") if rule in checks else "not asked"


def reference(found: Judgement) -> Level:
    level = found.moved.sign.reference
    assert level is not None
    return level


def level_of(found: Judgement, rule: str) -> float:
    level = next(one.level for one in found.moved.sign.checks if one.rule == rule)
    assert level is not None
    return level.mean


FOUND: dict[str, Callable[[Judgement], object]] = {
    "verdict": lambda found: found.verdict,
    "why": lambda found: found.why,
    "mean": lambda found: reference(found).mean,
    "lower": lambda found: reference(found).lower,
    "upper": lambda found: reference(found).upper,
    "before": lambda found: found.moved.before,
    "since": lambda found: found.moved.since,
    "flagged": lambda found: int((found.moved.sign.directions != 0).sum()),
    "bad_spell": lambda found: check_words(found, "bad_spell"),
    "moved_before": lambda found: check_words(found, "moved_before"),
    "season": lambda found: check_words(found, "season"),
    "level of bad_spell": lambda found: level_of(found, "bad_spell"),
    "level of moved_before": lambda found: level_of(found, "moved_before"),
    "share of season": lambda found: found.moved.sign.checks[-1].share,
    "other share": lambda found: found.beside[0].share,
    "gap": lambda found: found.beside[0].gap.sign.direction,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_verdict_is_the_worked_one(case: Case) -> None:
    found = judged(case)

    for key, wanted in case.expect.items():
        value = FOUND[key](found)
        if isinstance(value, str):
            assert value == wanted, key
        else:
            assert value == pytest.approx(float(wanted), abs=5e-5), key


def test_every_case_expects_a_verdict_and_every_verdict_has_a_case() -> None:
    assert {one.expect["verdict"] for one in CASES} == set(verdict_words())


def test_every_reason_has_a_case() -> None:
    told = {one.expect.get("why", "") for one in CASES} - {""}
    assert told == {
        "few_before", "few_since", "common_cause", "one_figure", "both_ways", "bad_spell",
        "moved_before", "season", "gone",
    }  # fmt: skip


def turn(text: str) -> str:
    return str(-float(text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_upside_down_nothing_but_the_signs_change(case: Case) -> None:
    if case.given.get("by") == "ratio":
        pytest.skip("a ratio of figures below 0 says nothing")
    turned = replace(
        case,
        given={**case.given, "direction": {"up": "down", "down": "up"}[case.given["direction"]]},
        rows=[
            {
                key: text if key == "month" or not text else str(-float(text))
                for key, text in row.items()
            }
            for row in case.rows
        ],
    )
    one, other = judged(case), judged(turned)

    assert (one.verdict, one.why) == (other.verdict, other.why)
    assert one.moved.sign.direction == -other.moved.sign.direction
    assert [c.passed for c in one.moved.sign.checks] == [c.passed for c in other.moved.sign.checks]
