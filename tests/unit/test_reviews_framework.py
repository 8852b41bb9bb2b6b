"""Packaged frameworks, and reading and writing a user's own."""

from __future__ import annotations

import csv
from pathlib import Path
from time import monotonic

import pytest

from tests.conftest import ROOT
from wholesystem.errors import OutputError, TableError
from wholesystem.reviews.framework import (
    Framework,
    FrameworkInfo,
    Question,
    QuestionArea,
    faults_between_questions,
)
from wholesystem.reviews.frameworks import packaged_frameworks, read_framework, write_framework

CATALOGUE = ROOT / "src" / "wholesystem" / "indicators" / "kloe.csv"


def small_framework(**changes: object) -> Framework:
    """Two questions in the wrong order of their rows."""
    told = {"framework": "ours", "name": "Ours", "illustrative": "no", "source": "Us"}
    area = QuestionArea(area="home", name="Home", order=1, source="Us")
    questions = [
        Question(
            kloe=name, area="home", question=name, name=name, asks="Is it?", order=at, source="Us"
        )
        for name, at in (("second", 2), ("first", 1))
    ]
    return Framework(FrameworkInfo(**{**told, **changes}), (area,), tuple(questions))


def faults_of(path: Path | str) -> list[str]:
    with pytest.raises(TableError) as caught:
        read_framework(path)
    return [str(fault) for fault in caught.value.faults]


# --------------------------------------------------------------------------- packaged


def test_three_frameworks_are_packaged() -> None:
    assert packaged_frameworks() == (
        "high_impact_change_model",
        "integration_today",
        "local_system_review_2017",
    )


@pytest.mark.parametrize("name", packaged_frameworks())
def test_a_packaged_framework_bears_its_folders_name_and_says_what_it_rests_on(name: str) -> None:
    framework = read_framework(name)

    assert framework.info.framework == name
    assert framework.info.note
    assert "ours" in framework.info.note
    assert all(framework.prompts_of(one.kloe) for one in framework.questions)
    assert {one.area for one in framework.questions} == set(framework.area_by_id)


def test_wording_that_was_not_checked_is_marked_illustrative() -> None:
    marked = {name: read_framework(name).info.illustrative for name in packaged_frameworks()}

    assert marked == {
        "high_impact_change_model": "yes",
        "integration_today": "yes",
        "local_system_review_2017": "no",
    }


def test_every_question_of_the_indicator_catalogue_is_asked_in_the_same_words() -> None:
    questions = read_framework("local_system_review_2017").question_by_id
    catalogue = list(csv.DictReader(CATALOGUE.read_text("utf-8").splitlines()))

    assert len(catalogue) == 14
    for row in catalogue:
        question = questions[row["kloe"]]
        assert (question.name, question.asks) == (row["name"], row["asks"])


def test_the_review_of_2017_has_the_reports_parts() -> None:
    framework = read_framework("local_system_review_2017")
    by_area = {
        area.area: [one for one in framework.questions if one.area == area.area]
        for area in framework.areas
    }
    sections = [one.kloe for one in by_area["well_led"] if one.parent == "well_led"]
    parts = {
        section: sum(one.parent == section for one in by_area["well_led"]) for section in sections
    }

    assert list(by_area) == [
        "summary", "well_led", "usual_place", "crisis", "step_down", "maturity", "context"
    ]  # fmt: skip
    assert len(by_area["summary"]) == 5
    assert parts == {
        "vision": 4, "governance": 3, "workforce": 2, "commissioning": 4, "resources": 0
    }  # fmt: skip
    for area in ("usual_place", "crisis", "step_down"):
        columns = [one.question for one in by_area[area]]
        assert columns == ["safe", "effective", "caring", "responsive"]


# --------------------------------------------------------------------------- one's own


def test_questions_come_in_the_order_of_their_column(tmp_path: Path) -> None:
    write_framework(small_framework(), tmp_path)

    assert [one.kloe for one in read_framework(tmp_path).questions] == ["first", "second"]


@pytest.mark.parametrize("name", packaged_frameworks())
@pytest.mark.parametrize("out", ["folder", "book.xlsx"])
def test_what_is_written_is_read_again(name: str, out: str, tmp_path: Path) -> None:
    framework = read_framework(name)

    write_framework(framework, tmp_path / out)

    assert read_framework(tmp_path / out) == framework


def test_a_text_that_looks_like_a_formula_comes_back(tmp_path: Path) -> None:
    framework = small_framework(name="=1+1", note="'@x\nand more")
    write_framework(framework, tmp_path / "folder")
    write_framework(framework, tmp_path / "book.xlsx")

    assert "'=1+1" in (tmp_path / "folder" / "framework.csv").read_text("utf-8")
    assert read_framework(tmp_path / "folder").info == framework.info
    assert read_framework(tmp_path / "book.xlsx").info == framework.info


def test_other_files_of_a_folder_are_passed_over(tmp_path: Path) -> None:
    write_framework(small_framework(), tmp_path)
    for name in ("README.md", "~$areas.csv", ".hidden.csv"):
        (tmp_path / name).write_text("mine", "utf-8")

    assert read_framework(tmp_path).info.framework == "ours"


def test_faults_of_a_workbook_name_the_sheet(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "book.xlsx"
    write_framework(small_framework(), path)
    book = load_workbook(path)
    book["questions"]["B2"] = "hoem"
    book["framework"]["D2"] = "perhaps"
    del book["prompts"]
    book.create_sheet("promts")["A1"] = "prompt"
    book.create_sheet("notes")["A1"] = "anything"
    book.create_sheet("empty")
    book.save(path)

    assert faults_of(path) == [
        "book.xlsx sheet promts: It is no table of a framework."
        " Did you mean prompts? Rename it so.",
        "book.xlsx sheet framework row 2, column illustrative is 'perhaps'."
        " It must be one of yes, no. Write yes.",
        "book.xlsx sheet prompts: This table is missing."
        " Add it; its columns are prompt, kloe, text, source.",
        "book.xlsx sheet questions row 2, column area is 'hoem'."
        " There is no such row. Did you mean home?",
    ]


def test_a_formula_without_a_result_is_a_fault(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "book.xlsx"
    write_framework(small_framework(), path)
    book = load_workbook(path)
    book["framework"]["E2"] = "=A2"
    book.save(path)

    assert faults_of(path) == [
        "book.xlsx sheet framework cell E2: The result of its formula is not stored in the file."
        " Open the workbook in Excel, save it, and try again."
    ]


def test_a_damaged_workbook_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"nothing of the kind")

    assert [fault.split(". ")[0] for fault in faults_of(path)] == [
        "book.xlsx: It cannot be read as a workbook"
    ]


def test_what_is_no_framework_is_refused_with_the_way_out(tmp_path: Path) -> None:
    table = tmp_path / "areas.csv"
    table.write_text("area\n", "utf-8")
    old = tmp_path / "old.xls"
    old.write_bytes(b"")
    text = tmp_path / "text.txt"
    text.write_text("", "utf-8")

    assert faults_of("local_system_reviw_2017") == [
        "local_system_reviw_2017: There is no such framework, folder or workbook."
        " Did you mean local_system_review_2017?"
    ]
    assert "the packaged ones are high_impact_change_model" in faults_of("zzz")[0]
    assert f"Give the folder that it is in: {tmp_path}." in faults_of(table)[0]
    assert "save it as an Excel workbook" in faults_of(old)[0]
    assert "Give the folder of its tables" in faults_of(text)[0]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert len(faults_of(empty)) == 4


def test_a_framework_made_in_python_is_checked_too() -> None:
    sound = small_framework()
    one = sound.questions[0].model_copy(update={"parent": "second"})

    with pytest.raises(TableError, match="part of itself"):
        Framework(sound.info, sound.areas, (one,))
    with pytest.raises(TableError, match="There is no such row"):
        Framework(sound.info, (), sound.questions)


def test_a_part_of_a_ring_is_not_told_for_the_ring() -> None:
    sound = small_framework()
    links = {"a": "b", "b": "c", "c": "b", "d": "a", "e": ""}
    rows = [
        sound.questions[0].model_copy(update={"kloe": kloe, "parent": parent})
        for kloe, parent in links.items()
    ]

    with pytest.raises(TableError) as caught:
        Framework(sound.info, sound.areas, tuple(rows))

    assert [fault.where for fault in caught.value.faults] == [
        "questions.csv row 3, column parent",
        "questions.csv row 4, column parent",
    ]


@pytest.mark.parametrize("kind", ["chain", "dead", "same"])
def test_many_rows_are_checked_in_seconds(kind: str) -> None:
    one = small_framework().questions[0]
    rows = [
        one.model_copy(
            update={
                "kloe": "same" if kind == "same" else f"q{at}",
                "parent": {"chain": f"q{at - 1}" if at else "", "dead": f"p{at}"}.get(kind, ""),
            }
        )
        for at in range(30_000)
    ]
    started = monotonic()

    faults = faults_between_questions(small_framework().areas, rows, ())

    assert len(faults) == {"chain": 0, "dead": 30_000, "same": 29_999}[kind]
    assert monotonic() - started < 5


def test_a_framework_is_not_written_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")

    with pytest.raises(OutputError):
        write_framework(small_framework(), tmp_path / "file")
