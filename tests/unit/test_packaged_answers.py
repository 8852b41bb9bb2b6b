"""The packaged synthetic answers: drawn by the tool from the model's tables, and said to be so."""

import importlib.util
from collections import Counter
from pathlib import Path

import pytest

from wholesystem.examples.review import read_example_review
from wholesystem.reviews.bundle_feedback import read_tool
from wholesystem.reviews.feedback.kept import KeptTool
from wholesystem.reviews.free_text import find_names

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "src" / "wholesystem" / "examples" / "oxfordshire_2017" / "review"


def kept(tool: str) -> KeptTool:
    return read_tool(read_example_review().files.feedback[tool], tool)


def test_the_packaged_files_are_what_the_tool_draws() -> None:
    path = ROOT / "tools" / "make_example_answers.py"
    spec = importlib.util.spec_from_file_location("make_example_answers", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    made = tool.made_files()
    assert {name: (FOLDER / name).read_bytes() for name in made} == made


def test_as_many_answer_and_comment_as_the_report_says() -> None:
    audit, flow = kept("T01"), kept("T02")
    assert audit.sheets is not None
    assert flow.sheets is not None
    assert (len(audit.sheets), len(flow.sheets)) == (253, 16)
    texts = {one.question for one in audit.instrument.asked if one.kind == "text"}
    assert sum(bool(texts & set(one.answers)) for one in audit.sheets) == 97


def test_just_over_half_of_sixteen_get_a_summary_on_half_of_occasions_or_fewer() -> None:
    flow = kept("T02")
    assert flow.sheets is not None
    said = Counter(one.answers["summary_comes"] for one in flow.sheets)
    assert said["half_or_fewer"] + said["never"] == 9


@pytest.mark.parametrize("tool", ["T01", "T02"])
def test_nobody_is_named_and_everything_says_that_it_is_synthetic(tool: str) -> None:
    found = kept(tool)
    assert found.sheets is not None
    texts = {one.question for one in found.instrument.asked if one.kind == "text"}
    for sheet in found.sheets:
        for question in texts & set(sheet.answers):
            assert not find_names(str(sheet.answers[question]))
    row = next(one for one in read_example_review().review.feedback_tools if one.tool == tool)
    assert "synthetic" in row.title
    assert row.note.startswith("Synthetic: nobody said any of this.")
