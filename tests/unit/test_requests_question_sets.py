"""Sets of questions: the packaged one, and those that users bring, with every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from wholesystem.errors import TableError
from wholesystem.reviews.frameworks import read_framework
from wholesystem.reviews.requests.question_sets import (
    packaged_question_sets,
    read_question_set,
    read_questions,
    write_question_set,
)

KLOES = ("crisis_safe", "well_led")


def told(error: pytest.ExceptionInfo[TableError]) -> list[tuple[str, str | None]]:
    return [(one.where, one.value) for one in error.value.faults]


def write(folder: Path, text: str, name: str = "questions.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", packaged_question_sets())
def test_a_packaged_set_says_that_it_is_illustrative_and_names_real_questions(name: str) -> None:
    found = read_question_set(name)

    assert found.info.illustrative == "yes"
    known = read_framework(found.info.framework).question_by_id
    assert {kloe for one in found.questions for kloe in one.kloe} <= set(known)
    assert all(one.kloe and "ours" in one.source.lower() for one in found.questions)
    assert len({one.text for one in found.questions}) == len(found.questions) >= 15


@pytest.mark.parametrize("target", ["own", "own.xlsx"])
def test_a_set_is_written_and_read_again(target: str, tmp_path: Path) -> None:
    found = read_question_set("system_overview")
    write_question_set(found, tmp_path / target)

    assert read_question_set(tmp_path / target) == found
    assert read_questions(tmp_path / target, read_framework(found.info.framework).question_by_id)


def test_a_file_of_ones_own_needs_the_text_alone(tmp_path: Path) -> None:
    path = write(tmp_path, "text\nSecond?\n=First?\n")

    assert [one.text for one in read_questions(path, KLOES)] == ["Second?", "=First?"]


def test_questions_stand_in_their_order_and_those_without_one_follow(tmp_path: Path) -> None:
    path = write(tmp_path, "order,text,wants_document\n,Last?,\n20,Second?,yes\n10,First?,no\n")
    found = read_questions(path, KLOES)

    assert [one.text for one in found] == ["First?", "Second?", "Last?"]
    assert [one.wants_document for one in found] == ["no", "yes", "no"]


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "order,text,kloe,wants_document,colour\n"
        "0,,crisis_saf,perhaps,red\n1,Who?,well_led; crisis_saf,yes,\n",
    )
    with pytest.raises(TableError) as error:
        read_questions(path, KLOES)

    assert {where for where, _ in told(error)} >= {
        "questions.csv row 2, column order",
        "questions.csv row 2, column text",
        "questions.csv row 2, column wants_document",
        "questions.csv row 3, column kloe",
    }
    assert any("colour" in str(one) for one in error.value.faults)
    assert "Did you mean crisis_safe?" in str(error.value)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("help\nwhat\n", "text"),
        ("text\n", "1 to 500 questions"),
        ("text\n" + "Who?\n" * 501, "it has 501"),
    ],
)
def test_what_no_request_can_be(text: str, rule: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=rule):
        read_questions(write(tmp_path, text), KLOES)


def test_a_set_without_its_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError) as error:
        read_question_set(tmp_path)

    assert {one.where for one in error.value.faults} == {"question_set.csv", "questions.csv"}
    with pytest.raises(TableError, match="Did you mean system_overview"):
        read_question_set("system_overvew")
