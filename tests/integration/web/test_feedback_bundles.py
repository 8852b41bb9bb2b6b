"""Feedback tools out of one workspace, into another, and out again: the same bytes, no identity."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import any_review
from tests.helpers.feedback import make_instrument, make_sheets
from tests.helpers.programs import run_in_workspace
from wholesystem.reviews import BundleFiles, Review, write_bundle
from wholesystem.reviews.feedback import AnswerSheet, make_sheet
from wholesystem.reviews.feedback.kept import KeptTool, write_kept
from wholesystem.reviews.feedback.records import (
    FeedbackInvited,
    FeedbackTool,
    OrganisationMerger,
)

INSTRUMENT = make_instrument()
BRING_IN = """
from wholesystem.web.workspace.bundles import store_bundle
store_bundle(Path(sys.argv[1]), user=None)
"""
TAKE_OUT = """
from wholesystem.web.database import one_view
from wholesystem.web.workspace import models
from wholesystem.web.workspace.bundles import write_review
with one_view():
    review = models.Review.objects.get(code="made_up")
    write_review(review, Path(sys.argv[1]), with_answers=sys.argv[2] == "with")
"""


def sheets() -> list[AnswerSheet]:
    told = [
        make_sheet(
            INSTRUMENT,
            "nurse",
            {"came": "yes", "ways": ("phone", "post"), "trust": {"Council": "half"}, "why": text},
            organisation="ccg",
        )
        for text in ("=1+1", "line\nline", "שלום \u202e", "🚑" * 20, "x" * 10_000, "'apostrophe")
    ]
    return [*make_sheets(INSTRUMENT, {("manager", "trust"): 7}, {"on_time": "often"}), *told]


def review() -> Review:
    days: dict[str, Any] = {"opened_on": date(2017, 11, 1), "last_day": date(2017, 11, 19)}

    def tool(name: str, state: str, **changes: Any) -> FeedbackTool:
        made = {"tool": name, "title": f"Board {name} 🚑", "instrument": "board", "state": state}
        return FeedbackTool(**{**made, **any_review.BY, **changes})

    def invited(name: str, **changes: Any) -> FeedbackInvited:
        made: dict[str, Any] = {
            "invited": name, "tool": "T03", "organisation": "trust", "links": "single",
            "number": 7, "last_day": date(2017, 11, 19), **any_review.BY,
        }  # fmt: skip
        return FeedbackInvited(**made | changes)

    return any_review.review(
        feedback_tools=(
            tool("T01", "draft", note="Not yet."),
            tool("T02", "open", **days),
            tool("T03", "closed", closed_on=date(2017, 11, 20), contact="The team", **days),
        ),
        feedback_invited=(
            invited("I01", role="nurse"),
            invited("I02", organisation="", links="open", number=0, withdrawn="Lost."),
        ),
        organisation_mergers=(
            OrganisationMerger(merger="M01", organisation="ccg", into="trust", **any_review.BY),
        ),
    )


def files() -> BundleFiles:
    plain = write_kept(KeptTool(INSTRUMENT))
    told = write_kept(KeptTool(INSTRUMENT, tuple(sheets())))
    return BundleFiles(feedback={"T01": plain, "T02": plain, "T03": told})


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    write_bundle(review(), files(), path)
    return path


def there_and_back(bundle: Path, answers: str, database: str) -> Path:
    out, folder = bundle.with_name("again.zip"), bundle.with_name("workspace")
    settings: Any = {"DATABASE": database} if database else {}
    run_in_workspace(folder, BRING_IN, str(bundle), **settings)
    run_in_workspace(folder, TAKE_OUT, str(out), answers, **settings)
    return out


def test_tools_and_answers_come_back_to_the_byte(bundle: Path, database: str) -> None:
    again = there_and_back(bundle, "with", database)

    with zipfile.ZipFile(bundle) as first, zipfile.ZipFile(again) as second:
        assert first.namelist() == second.namelist()
        for name in first.namelist():
            assert first.read(name) == second.read(name), name
    assert bundle.read_bytes() == again.read_bytes()


def test_who_may_not_have_answers_takes_out_none(bundle: Path, database: str) -> None:
    again = there_and_back(bundle, "without", database)

    with zipfile.ZipFile(bundle) as first, zipfile.ZipFile(again) as second:
        assert set(first.namelist()) - set(second.namelist()) == {"feedback/T03/answers.csv"}
        text = b"".join(second.read(name) for name in second.namelist())
    assert b"line\nline" not in text
    assert b"x" * 100 not in text
