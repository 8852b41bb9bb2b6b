"""Every case of tests/spec/spc: figures in, hand-worked rules, variation and verdict out.

A case is a CSV file. Lines that start with ``#`` say what it shows and where it comes from
(``origin``), what the chart is told (``given``) and what must come of it (``expect``, figures to
four decimals); the table holds the figures and the words that each point must have.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wholesystem.indicators import spc


@dataclass(frozen=True)
class Case:
    name: str
    origin: str
    given: dict[str, str]
    expect: dict[str, str]
    rows: list[dict[str, str]]


def read_case(path: Path) -> Case:
    lines = path.read_text("utf-8").splitlines()
    comments = [line[2:] for line in lines if line.startswith("# ")]
    keyed = {"origin": {}, "given": {}, "expect": {}}
    for line in comments:
        head, colon, value = line.partition(":")
        kind, _, key = head.partition(" ")
        if colon and kind in keyed and (key or kind == "origin"):
            keyed[kind][key] = value.strip()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return Case(path.stem, keyed["origin"].get("", ""), keyed["given"], keyed["expect"], rows)


CASES = [read_case(path) for path in sorted((Path(__file__).parent / "spc").glob("*.csv"))]


def pairs(text: str) -> list[tuple[str, str]]:
    return [tuple(part.strip() for part in one.split("=")) for one in text.split(";")]


def setting(key: str, text: str) -> Any:
    if key in ("rebase", "exclude"):
        return pairs(text)
    if key == "target":
        return {day: float(one) for day, one in pairs(text)} if "=" in text else float(text)
    if text in ("yes", "no"):
        return text == "yes"
    return int(text) if text.isdigit() else text


def chart_of(case: Case, rows: list[dict[str, str]] | None = None) -> spc.Xmr:
    rows = case.rows if rows is None else rows
    return spc.xmr(
        [row["date"] for row in rows],
        [float(row["value"]) if row["value"] else None for row in rows],
        **{key: setting(key, text) for key, text in case.given.items()},
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_points_have_the_worked_words(case: Case) -> None:
    chart = chart_of(case)

    found = list(zip(chart.special_causes, chart.variations, strict=True))
    assert found == [(row["special_cause"], row["variation"]) for row in case.rows]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_verdict_is_the_worked_one(case: Case) -> None:
    chart = chart_of(case)
    here = chart.last
    words = {
        "icon": chart.summary.variation_icon,
        "target_icon": chart.summary.assurance_icon,
        "assurance": chart.summary.assurance,
    }
    figures = {
        "mean": chart.limits.centre,
        "lower": chart.limits.lower,
        "upper": chart.limits.upper,
        "near_lower": chart.limits.near_lower,
        "near_upper": chart.limits.near_upper,
    }

    assert case.expect
    for key, expected in case.expect.items():
        if key in words:
            assert words[key] == expected, key
        else:
            assert figures[key][here] == pytest.approx(float(expected), abs=5.1e-5), key


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_of_the_rows_changes_nothing(case: Case) -> None:
    backwards = chart_of(case, case.rows[::-1])

    assert backwards.rows() == chart_of(case).rows()


def test_every_case_says_where_it_comes_from() -> None:
    assert len(CASES) >= 12
    assert [case.name for case in CASES if not case.origin] == []


def test_every_rule_icon_and_setting_has_a_case() -> None:
    causes = {row["special_cause"] for case in CASES for row in case.rows}
    icons = {case.expect.get("icon") for case in CASES}
    targets = {case.expect.get("target_icon") for case in CASES}
    told = {key for case in CASES for key in case.given}

    assert causes >= {
        "",
        "outside limits",
        "seven rising or falling",
        "two of three near a limit",
        "seven one side",
    }
    assert icons >= {"common_cause", "concern_high", "concern_low", "improvement_high"}
    assert icons >= {"improvement_low", "neutral_low", "too_few_points"}
    assert targets >= {"passes", "fails", "hit_or_miss", ""}
    assert told >= {"target", "better", "rebase", "exclude", "screen_outliers", "run_length"}
    assert told >= {"baseline", "gaps", "count_beyond"}
