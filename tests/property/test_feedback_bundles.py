"""Any answers to a feedback tool come back from a bundle, whatever people wrote."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import any_review
from tests.helpers.feedback import KINDS, ROLES, VALUES, make_instrument
from wholesystem.reviews import BundleFiles, read_bundle, write_bundle
from wholesystem.reviews.bundle_feedback import read_tool
from wholesystem.reviews.feedback import AnswerSheet, make_sheet
from wholesystem.reviews.feedback.answer_files import shuffle_sheets
from wholesystem.reviews.feedback.kept import KeptTool, write_kept
from wholesystem.reviews.feedback.records import FeedbackTool

INSTRUMENT = make_instrument()
#: Anything but control characters and halves of letters, which no answer may hold.
WRITTEN = st.text(
    st.one_of(st.sampled_from("=+-@'\"\n\t,; a"), st.characters(exclude_categories=("Cs", "Cc"),
                                                               exclude_characters="\ufffe\uffff")),
    max_size=60,
)  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn) -> AnswerSheet:
    role = draw(st.sampled_from(sorted(ROLES)))
    others = [kind for kind in KINDS if kind != ROLES[role]]
    answers: dict[str, Any] = {
        "came": draw(st.sampled_from(["", "yes", "no"])),
        "trust": draw(st.dictionaries(st.sampled_from(others), st.sampled_from(VALUES))),
        "on_time": draw(st.sampled_from(["", *VALUES])),
        "ways": tuple(draw(st.lists(st.sampled_from(["post", "phone", "paper"]), unique=True))),
    }
    if answers["came"] == "yes":
        answers["why"] = draw(WRITTEN)
    return make_sheet(
        INSTRUMENT, role, answers, organisation=draw(st.sampled_from(any_review.ORGANISATIONS))
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(sheets(), max_size=8))
def test_any_answers_come_back_and_the_same_answers_make_the_same_bytes(
    given_sheets: list[AnswerSheet],
) -> None:
    day = date(2017, 11, 1)
    tool = FeedbackTool(
        tool="T01", title="Board", instrument="board", state="closed", opened_on=day,
        closed_on=day, **any_review.BY,
    )  # fmt: skip
    review = any_review.review(feedback_tools=(tool,))

    def write(path: Path, told: tuple[AnswerSheet, ...]) -> bytes:
        files = BundleFiles(feedback={"T01": write_kept(KeptTool(INSTRUMENT, told))})
        write_bundle(review, files, path)
        return path.read_bytes()

    with tempfile.TemporaryDirectory() as folder:
        first = write(Path(folder) / "first.zip", tuple(given_sheets))
        found = read_bundle(Path(folder) / "first.zip")
        kept = read_tool(found.files.feedback["T01"], "T01")
        assert kept.sheets is not None
        assert sorted(map(repr, kept.sheets)) == sorted(map(repr, given_sheets))
        assert write(Path(folder) / "again.zip", shuffle_sheets(kept.sheets)) == first
