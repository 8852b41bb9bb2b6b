"""Answer sheets: what is refused, what is kept, and that nothing of a person is in them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.feedback import make_instrument, make_sheets
from wholesystem.errors import TableError
from wholesystem.reviews.feedback import AnswerSheet, make_sheet, read_answers, write_answers
from wholesystem.reviews.feedback.answer_files import shuffle_sheets

INSTRUMENT = make_instrument()


def refused(role: str, answers: dict[str, Any], organisation: str = "oak") -> str:
    with pytest.raises(TableError) as caught:
        make_sheet(INSTRUMENT, role, answers, organisation=organisation)
    return "\n".join(str(one) for one in caught.value.faults)


def test_a_sheet_holds_no_time_no_number_and_no_name() -> None:
    assert [one.name for one in fields(AnswerSheet)] == ["role", "kind", "organisation", "answers"]


def test_a_sheet_is_in_the_order_of_the_instrument_and_not_of_answering() -> None:
    answers = {"ways": ("paper", "post"), "on_time": "half", "why": " Late.\r\n", "came": "yes"}

    sheet = make_sheet(INSTRUMENT, "manager", answers, organisation="oak")

    assert list(sheet.answers) == ["came", "on_time", "ways", "why"]
    assert sheet.answers["ways"] == ("post", "paper")
    assert sheet.answers["why"] == "Late."
    assert sheet.kind == "Care homes"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"on_time": "alwyas"}, "question on_time is 'alwyas'. It is none of the answers"),
        ({"on_tme": "always"}, "question on_tme: There is no such question. Did you mean on_time?"),
        ({"why": "Late."}, "question why: This respondent is not asked the question."),
        ({"came": "no", "why": "Late."}, "question why: This respondent is not asked"),
        ({"beds": "half"}, "question beds: This respondent is not asked the question."),
        ({"came": "yes", "why": "x" * 10_001}, "at most 10,000 characters; it has 10,001"),
        ({"came": "yes", "why": "a\x00b"}, "must not contain control characters (U+0000"),
        ({"came": "yes", "why": ("a",)}, "question why: The question has one answer."),
        ({"ways": "post"}, "question ways: The question has a list of answers."),
        ({"ways": ("post", "post")}, "A value is blank or stands there twice."),
        ({"trust": "half"}, "question trust: The question has an answer for each kind"),
        ({"trust": {"Care homes": "half"}}, "It is no other kind of organisation"),
        ({"trust": {"Council": "hal"}}, "question trust is 'hal'"),
    ],
)
def test_what_is_refused(answers: dict[str, Any], told: str) -> None:
    assert told in refused("manager", answers)


def test_the_respondent_must_be_known() -> None:
    assert "role is 'manger'. There is no such role. Did you mean manager?" in refused("manger", {})
    assert "organisation is blank" in refused("manager", {}, organisation="")


def test_an_organisation_that_was_not_asked_for_is_not_kept() -> None:
    with pytest.raises(TableError, match="does not ask for the organisation"):
        make_sheet(make_instrument(organisation="no"), "manager", {}, organisation="oak")


def test_all_faults_are_told_together() -> None:
    told = refused("manager", {"came": "maybe", "on_time": "x", "nothing": "y", "why": "z"})

    # Whether `why` is asked hangs on `came`, so nothing is said of it.
    assert [line.split(":")[0].split(" is ")[0] for line in told.splitlines()] == [
        "question nothing",
        "question came",
        "question on_time",
    ]


def test_required_questions_are_demanded_of_those_who_see_them() -> None:
    instrument = make_instrument(required="yes")
    answers: dict[str, Any] = {
        "came": "no",
        "trust": {"Council": "half"},
        "on_time": "half",
        "ways": ("post",),
    }

    with pytest.raises(TableError) as caught:
        make_sheet(instrument, "manager", answers, organisation="oak")
    assert [str(one) for one in caught.value.faults] == [
        "question trust: It is not answered for Hospital. Answer for each."
    ]
    answers["trust"]["Hospital"] = "never"
    assert make_sheet(instrument, "manager", answers, organisation="oak")
    with pytest.raises(TableError, match="question why: The question must be answered"):
        make_sheet(instrument, "manager", {**answers, "came": "yes"}, organisation="oak")


def test_ten_thousand_characters_emoji_and_right_to_left_text_are_kept(tmp_path: Path) -> None:
    texts = ["x" * 10_000, "Gut 👍🏽", "שלום עליכם", "=1+1", "a\nb"]
    sheets = [
        make_sheet(INSTRUMENT, "manager", {"came": "yes", "why": text}, organisation="oak")
        for text in texts
    ]
    write_answers(INSTRUMENT, sheets, tmp_path / "answers.csv")

    read = read_answers(INSTRUMENT, tmp_path / "answers.csv")

    assert sorted(one.answers["why"] for one in read) == sorted(texts)


def test_writing_shuffles_and_no_two_orders_are_alike() -> None:
    sheets = tuple(range(100))

    orders = {shuffle_sheets(sheets) for _ in range(20)}

    assert all(sorted(order) == list(sheets) for order in orders)
    assert len(orders) == 20
    assert sheets not in orders


def test_every_order_is_as_likely_as_another() -> None:
    # 6,000 shuffles of three: each of six orders 1,000 times, standard deviation 29.
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(6_000):
        order = shuffle_sheets(range(3))
        counts[order] = counts.get(order, 0) + 1

    assert len(counts) == 6
    assert all(820 < count < 1_180 for count in counts.values())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("role,kind", "when,role,kind"), "There is no column 'when' in this table."),
        (("manager,Care homes", "manager,Hospital"), "The role manager is of the kind Care homes."),
        (("half", "hlaf"), "answers.csv row 2, question on_time is 'hlaf'."),
        (("manager", "manger"), "answers.csv row 2, role is 'manger'."),
    ],
)
def test_reading_is_strict(change: tuple[str, str], told: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    sheets = make_sheets(INSTRUMENT, {("manager", "oak"): 1}, {"on_time": "half"})
    write_answers(INSTRUMENT, sheets, path)
    text = path.read_text("utf-8").replace(*change)
    if "when" in change[1]:
        text = text.replace("\nmanager", "\n2017-11-01,manager")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(TableError) as caught:
        read_answers(INSTRUMENT, path)

    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        read_answers(INSTRUMENT, tmp_path / "none.csv")
