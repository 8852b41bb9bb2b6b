"""Feedback tools in a bundle: what was asked and answered comes back, and nothing else does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import any_review
from tests.helpers.feedback import make_instrument, make_sheets
from wholesystem.errors import TableError
from wholesystem.reviews import BundleFiles, Review, read_bundle, write_bundle
from wholesystem.reviews.bundle_feedback import read_tool
from wholesystem.reviews.feedback import AnswerSheet, make_sheet
from wholesystem.reviews.feedback.answer_files import shuffle_sheets
from wholesystem.reviews.feedback.kept import ANSWERS, KeptTool, read_kept, write_kept
from wholesystem.reviews.feedback.records import (
    FeedbackInvited,
    FeedbackTool,
    OrganisationMerger,
    merged_names,
)

INSTRUMENT = make_instrument()
NASTY = ("=1+1", "'apostrophe", "line\nline", "שלום \u202e", "🚑" * 20, 'a "quote", and a comma')


def sheets() -> list[AnswerSheet]:
    plain = make_sheets(INSTRUMENT, {("manager", "home"): 6}, {"on_time": "often"})
    told = [
        make_sheet(
            INSTRUMENT,
            "nurse",
            {"came": "yes", "ways": ("phone", "post"), "trust": {"Council": "half"}, "why": text},
            organisation="trust",
        )
        for text in NASTY
    ]
    return [*plain, *told]


def tool(state: str = "closed", **changes: Any) -> FeedbackTool:
    days: dict[str, Any] = {
        "draft": {},
        "open": {"opened_on": date(2017, 11, 1)},
        "closed": {"opened_on": date(2017, 11, 1), "closed_on": date(2017, 11, 20)},
    }[state]
    made = {"tool": "T01", "title": "Board", "instrument": "board", "state": state, **days}
    return FeedbackTool(**{**made, **any_review.BY, **changes})


def invited(**changes: Any) -> FeedbackInvited:
    made: dict[str, Any] = {
        "invited": "I01", "tool": "T01", "organisation": "trust", "role": "nurse",
        "links": "single", "number": 7, "last_day": date(2017, 11, 20), **any_review.BY,
    }  # fmt: skip
    return FeedbackInvited(**made | changes)


def review(**tables: Any) -> Review:
    return any_review.review(
        **{"feedback_tools": (tool(),), "feedback_invited": (invited(),), **tables}
    )


def files(**changes: bytes | None) -> BundleFiles:
    kept = write_kept(KeptTool(INSTRUMENT, tuple(sheets())))
    named = {f"{name}.csv": content for name, content in changes.items()}
    held = {name: one for name, one in {**kept, **named}.items() if one is not None}
    return BundleFiles(feedback={"T01": held})


def faults_of(path: Path) -> str:
    with pytest.raises(TableError) as error:
        read_bundle(path)
    return str(error.value)


# ----------------------------------------------------------------------------- there and back


@pytest.mark.parametrize("name", ["bundle.zip", "bundle"])
def test_a_tool_comes_back_and_is_written_the_same_again(name: str, tmp_path: Path) -> None:
    write_bundle(review(), files(), tmp_path / name)

    found = read_bundle(tmp_path / name)
    again = tmp_path / f"again_{name}"
    write_bundle(found.review, found.files, again)

    kept = read_tool(found.files.feedback["T01"], "T01")
    assert kept.instrument == INSTRUMENT
    assert sorted(map(repr, kept.sheets or ())) == sorted(map(repr, sheets()))
    assert (found.edited, found.notes) == ((), ())
    if again.is_file():
        assert again.read_bytes() == (tmp_path / name).read_bytes()
    else:
        for path in (tmp_path / name).rglob("*.csv"):
            assert (again / path.relative_to(tmp_path / name)).read_bytes() == path.read_bytes()


def test_the_order_of_answers_follows_from_their_words_alone() -> None:
    given = sheets()
    written = {tuple(write_kept(KeptTool(INSTRUMENT, tuple(given))).values())}
    for _ in range(20):
        shuffled = shuffle_sheets(given)
        written.add(tuple(write_kept(KeptTool(INSTRUMENT, shuffled)).values()))

    assert len(written) == 1


def test_answers_have_no_column_but_those_of_the_questions() -> None:
    header = write_kept(KeptTool(INSTRUMENT, ()))[ANSWERS].decode().strip()

    assert header == (
        "role,kind,organisation,came,trust: Care homes,trust: Council,trust: Hospital,on_time,"
        "ways,why,beds"
    )


def test_a_tool_that_is_not_closed_has_no_answers(tmp_path: Path) -> None:
    held = review(feedback_tools=(tool("open"),))
    write_bundle(held, files(answers=None), tmp_path / "open.zip")

    assert read_tool(read_bundle(tmp_path / "open.zip").files.feedback["T01"], "T01").sheets is None
    with pytest.raises(TableError, match="answers are shown of closed tools only"):
        write_bundle(held, files(), tmp_path / "again.zip")


def test_a_bundle_without_tools_is_as_it_was_before_there_were_any(tmp_path: Path) -> None:
    write_bundle(any_review.review(), None, tmp_path / "bundle")

    names = {path.name for path in (tmp_path / "bundle").iterdir()}
    assert not names & {"feedback", "feedback_tools.csv", "organisation_mergers.csv"}
    assert "feedback" not in (tmp_path / "bundle" / "bundle.json").read_text("utf-8")


# ----------------------------------------------------------------------------- what is wrong


def test_faults_of_an_instrument_are_told_by_row(tmp_path: Path) -> None:
    write_bundle(review(), files(), tmp_path / "bundle")
    folder = tmp_path / "bundle" / "feedback" / "T01"
    text = (folder / "questions.csv").read_text("utf-8")
    (folder / "questions.csv").write_text(text.replace("came=yes", "cmae=yes"), "utf-8")

    told = faults_of(tmp_path / "bundle")

    assert "feedback/T01/questions.csv row 6, column shown_if" in told
    assert "Did you mean came?" in told


def test_faults_of_answers_are_told_by_row(tmp_path: Path) -> None:
    write_bundle(review(), files(), tmp_path / "bundle")
    path = tmp_path / "bundle" / "feedback" / "T01" / "answers.csv"
    path.write_text(path.read_text("utf-8").replace("often", "oftne", 1), "utf-8")

    told = faults_of(tmp_path / "bundle")

    assert "feedback/T01/answers.csv row" in told
    assert "Did you mean often?" in told


@pytest.mark.parametrize("column", ["answered_at", "name", "number"])
def test_answers_with_a_time_a_name_or_a_number_are_refused(column: str, tmp_path: Path) -> None:
    write_bundle(review(), files(), tmp_path / "bundle")
    path = tmp_path / "bundle" / "feedback" / "T01" / "answers.csv"
    header = path.read_text("utf-8").splitlines()[0]
    path.write_text(f"{header},{column}\nnurse,Hospital,trust{',' * 8},x\n", "utf-8")

    told = faults_of(tmp_path / "bundle")
    assert f"There is no column '{column}' in this table" in told


def test_a_tool_without_its_instrument_is_told_with_every_table(tmp_path: Path) -> None:
    with pytest.raises(TableError) as error:
        write_bundle(review(), BundleFiles(), tmp_path / "bundle.zip")

    told = str(error.value)
    for name in ("instrument", "questions", "scales", "roles"):
        assert f"feedback/T01/{name}.csv" in told


def test_rows_must_fit_the_files(tmp_path: Path) -> None:
    wrong = review(
        feedback_tools=(tool(instrument="other"),), feedback_invited=(invited(role="pilot"),)
    )

    with pytest.raises(TableError) as error:
        write_bundle(wrong, files(), tmp_path / "bundle.zip")

    assert "The instrument in feedback/T01 is board." in str(error.value)
    assert "feedback_invited.csv row 2, column role is 'pilot'" in str(error.value)


def test_a_folder_of_no_tool_is_left_out_and_told(tmp_path: Path) -> None:
    write_bundle(review(), files(), tmp_path / "bundle")
    stray = tmp_path / "bundle" / "feedback" / "T02"
    stray.mkdir()
    (stray / "questions.csv").write_text("x", "utf-8")
    (tmp_path / "bundle" / "feedback" / "T01" / "names.csv").write_text("x", "utf-8")

    notes = "\n".join(read_bundle(tmp_path / "bundle").notes)

    assert "feedback/T02/questions.csv: left out" in notes
    assert "feedback/T01/names.csv: left out" in notes


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"feedback_tools": (tool(closed_on=None),)}, "column closed_on"),
        ({"feedback_tools": (tool("draft", opened_on=date(2017, 11, 1)),)}, "column opened_on"),
        ({"feedback_tools": (tool(last_day=date(2017, 10, 1)),)}, "column last_day"),
        ({"feedback_invited": (invited(links="open"),)}, "column number"),
        ({"feedback_invited": (invited(number=0),)}, "column number"),
        ({"feedback_invited": (invited(tool="T09"),)}, "no such row in feedback_tools.csv"),
        ({"feedback_invited": (invited(organisation="x"),)}, "no such row in organisations.csv"),
    ],
)
def test_rows_that_contradict_themselves_are_refused(rows: dict[str, Any], told: str) -> None:
    with pytest.raises(TableError) as error:
        review(**rows)

    assert told in str(error.value)


def test_files_of_one_tool_are_read_alone() -> None:
    kept = write_kept(KeptTool(INSTRUMENT))

    assert set(kept) == {"instrument.csv", "questions.csv", "scales.csv", "roles.csv"}
    assert read_kept(kept, "feedback/T01") == KeptTool(INSTRUMENT)


# ----------------------------------------------------------------------------- mergers


def merger(name: str, organisation: str, into: str) -> OrganisationMerger:
    return OrganisationMerger(merger=name, organisation=organisation, into=into, **any_review.BY)


def test_who_went_into_who_went_into_another_counts_there() -> None:
    rows = (merger("M01", "ccg", "trust"), merger("M02", "trust", "council"))
    held = any_review.review(organisation_mergers=rows)

    assert merged_names(held.organisation_mergers) == {"ccg": "council", "trust": "council"}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("ccg", "ccg")], "in a ring"),
        ([("ccg", "trust"), ("trust", "ccg")], "in a ring"),
        ([("ccg", "trust"), ("trust", "council"), ("council", "ccg")], "in a ring"),
        ([("ccg", "trust"), ("ccg", "council")], "in an earlier row"),
        ([("ccg", "nowhere")], "no such row in organisations.csv"),
    ],
)
def test_organisations_do_not_go_round_in_a_ring(rows: list[tuple[str, str]], told: str) -> None:
    made = tuple(merger(f"M{at}", *one) for at, one in enumerate(rows))

    with pytest.raises(TableError, match=told):
        any_review.review(organisation_mergers=made)
