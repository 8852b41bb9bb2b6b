"""The packaged review's cases: synthetic and labelled so, and just what the tool makes."""

from __future__ import annotations

import importlib.util
from collections import Counter

import pytest

from tests.conftest import ROOT
from wholesystem.examples.review import read_example_review
from wholesystem.reviews.review import Review


@pytest.fixture(scope="module")
def review() -> Review:
    return read_example_review().review


def test_the_tool_makes_the_packaged_tables_byte_by_byte() -> None:
    path = ROOT / "tools" / "make_example_cases.py"
    spec = importlib.util.spec_from_file_location("make_example_cases", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    for name, data in tool.tables().items():
        assert (tool.FOLDER / name).read_bytes() == data, name


def test_there_are_as_many_cases_as_the_review_tracked_by_the_packaged_strata(
    review: Review,
) -> None:
    assert Counter(one.stratum for one in review.cases) == {
        "long_delay": 6, "night_discharge": 4, "readmitted": 4, "ordinary": 4
    }  # fmt: skip
    assert {one.seed for one in review.cases} == {2017}


def test_each_says_that_it_is_synthetic_and_nothing_was_made_up_for_it(review: Review) -> None:
    for one in review.cases:
        assert one.synthetic == "yes"
        for text in (one.title, one.origin, one.notes):
            assert "synthetic" in text.lower()
        assert one.source == ""
    assert review.case_answers == ()
    assert {one.illustrative for one in review.case_checklist} == {"yes"}


def test_every_sign_of_a_timeline_is_in_one_of_them(review: Review) -> None:
    stays = review.case_stays

    assert any(one.reason for one in stays)
    assert any(one.requested_at < one.started_at for one in stays if one.requested_at)
    assert any(not one.ended_at for one in stays)
