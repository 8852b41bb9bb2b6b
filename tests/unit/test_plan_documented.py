"""The page of plans is the packaged tables; what the how-to tells to type works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.unit.test_plan_workbook import set_cell
from wholesystem.examples.review import read_example_review
from wholesystem.reviews import Rules, write_bundle
from wholesystem.reviews.follow_up import packaged_verdict_rules, statuses, verdict_words
from wholesystem.reviews.follow_up.records import FOLLOW_UP_TABLES
from wholesystem.reviews.plan import PLAN_TABLES, packaged_gap_rules
from wholesystem.reviews.plan.workbook_layout import sheet_layouts
from wholesystem.tables.cells import number_text

DOCS = ROOT / "docs"
PAGE = (DOCS / "reference" / "action-plan.md").read_text("utf-8")


def rule_lines(rules: Rules) -> Iterator[str]:
    for one in rules.rows:
        number = f"{number_text(one.threshold)} {one.unit}"
        yield f"| `{one.rule}` | {one.label} | {number} | {one.on} | {one.why} |"


def expected_lines() -> Iterator[str]:
    yield from rule_lines(packaged_gap_rules())
    yield from rule_lines(packaged_verdict_rules())
    for one in statuses().values():
        yield f"| `{one.status}` | {one.meaning} | {one.done} |"
    for word in verdict_words().values():
        yield f"| `{word.verdict}` | {word.label} | {word.meaning} |"
    for layout in sheet_layouts().values():
        for column in layout.columns:
            yield f"| {column.header} | {', '.join(column.names[1:])} | {column.help} |"


def test_the_page_is_the_packaged_tables() -> None:
    lines = set(PAGE.splitlines())

    assert [line for line in expected_lines() if line not in lines] == []


def test_every_column_of_every_table_is_told() -> None:
    for name, kind in {**PLAN_TABLES, **FOLLOW_UP_TABLES}.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
        for column in kind.columns():
            assert f"`{column}`" in row or column in ("recorded_by", "recorded_at"), (name, column)


def test_every_rule_of_the_verdict_is_explained() -> None:
    page = (DOCS / "explanation" / "follow-up-verdict.md").read_text("utf-8")

    assert [one.rule for one in packaged_verdict_rules().rows if f"`{one.rule}`" not in page] == []


def test_every_reason_is_told() -> None:
    source = ROOT / "src" / "wholesystem" / "reviews" / "follow_up"
    words = re.findall(r'why = "(\w+)"|"(not_agreed)"', "".join(
        path.read_text("utf-8") for path in source.glob("*.py")
    ))  # fmt: skip
    named = {one or other for one, other in words} | {
        "few_before", "few_since", "common_cause", "one_figure", "both_ways", "gone", "bad_spell",
        "moved_before", "season",
    }  # fmt: skip

    assert [word for word in named if f"`{word}`" not in PAGE] == []


def test_the_how_to_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (DOCS / "how-to" / "import-an-action-plan.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    bundle = read_example_review()
    write_bundle(bundle.review, bundle.files, tmp_path / "my_review")
    names: dict[str, object] = {"at": datetime(2018, 12, 1), "today": date(2018, 12, 1)}
    program = [compile(block, "how-to", "exec") for block in blocks]

    exec(program[0], names)
    for header, value in {
        "Action no.": "A01", "Action": "Open a hub.", "Owner organisation": "The counsil",
        "Due": "31/12/2018",
    }.items():  # fmt: skip
        set_cell(tmp_path / "plan.xlsx", "Action plan", 2, header, value)
    exec(program[1], names)
    told = capsys.readouterr().out
    assert "Action plan 1 read, 0 kept, 1 rejected" in told
    assert "column Due is '31/12/2018'. A date is needed here, written year first." in told
    exec(program[2], names)
    exec(program[3], names)

    assert "Areas for improvement without an action | strategic_1" in capsys.readouterr().out
    assert (tmp_path / "my_plan" / "actions.csv").is_file()
    assert len(blocks) == 4
