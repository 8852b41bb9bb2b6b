"""The packaged instruments, instruments as workbooks, and which questions are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.helpers.feedback import make_instrument
from wholesystem.errors import TableError
from wholesystem.reviews.feedback import (
    packaged_instruments,
    read_instrument,
    write_instrument,
)


def test_two_instruments_are_packaged() -> None:
    assert packaged_instruments() == ("discharge_information_flow", "relational_audit")


@pytest.mark.parametrize("name", packaged_instruments())
def test_a_packaged_instrument_is_short_marked_and_asks_for_no_names(name: str) -> None:
    instrument = read_instrument(name)

    assert instrument.info.instrument == name
    assert instrument.info.illustrative == "yes"
    assert len(instrument.questions) <= 20
    assert "Please name no" in instrument.info.intro
    assert all("name" in one.hint for one in instrument.asked if one.kind == "text")
    assert instrument.info.source.startswith("Ours.")


def test_the_relational_audit_asks_about_every_other_kind() -> None:
    instrument = read_instrument("relational_audit")
    pairs = [one.question for one in instrument.asked if one.kind == "pair-scale"]

    assert pairs == ["trust", "communication"]
    assert len(instrument.kinds) == 9
    assert len(instrument.other_kinds("Care homes")) == 8
    assert {role.kind for role in instrument.roles} == set(instrument.kinds)


def test_the_information_flow_tool_has_the_band_of_half_or_fewer() -> None:
    instrument = read_instrument("discharge_information_flow")
    bands = {one.value: one for one in instrument.values_of("summary_comes")}

    assert bands["half_or_fewer"].label == "On half of occasions or fewer"
    assert bands["half_or_fewer"].positive == "no"


@pytest.mark.parametrize("out", ["tool.xlsx", "tool"])
@pytest.mark.parametrize("name", packaged_instruments())
def test_a_workbook_and_a_folder_say_the_same(name: str, out: str, tmp_path: Path) -> None:
    write_instrument(read_instrument(name), tmp_path / out)

    assert read_instrument(tmp_path / out) == read_instrument(name)


def test_a_sheet_that_is_no_table_is_told_as_an_instruments(tmp_path: Path) -> None:
    path = tmp_path / "tool.xlsx"
    write_instrument(make_instrument(), path)
    from openpyxl import load_workbook

    book = load_workbook(path)
    book.create_sheet("queries").append(["a"])
    book.remove(book["roles"])
    book.save(path)

    with pytest.raises(TableError) as caught:
        read_instrument(path)

    assert "tool.xlsx sheet queries: It is no table of an instrument." in str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("relational_audits", "Did you mean relational_audit?"),
        ("zzz", "the packaged ones are discharge_information_flow, relational_audit"),
    ],
)
def test_a_name_that_is_not_there(name: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="There is no such instrument") as caught:
        read_instrument(tmp_path / name)

    assert told in str(caught.value)


def test_a_single_table_is_no_instrument(tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    path.write_text("question\n", encoding="utf-8")

    with pytest.raises(TableError, match="neither a folder nor a workbook"):
        read_instrument(path)


@pytest.mark.parametrize(
    ("role", "answers", "shown"),
    [
        ("nurse", {}, ["came", "trust", "on_time", "ways", "beds"]),
        ("manager", {"came": "no"}, ["came", "trust", "on_time", "ways"]),
        ("manager", {"came": "yes"}, ["came", "trust", "on_time", "ways", "why"]),
    ],
)
def test_who_is_shown_what(role: str, answers: dict[str, str], shown: list[str]) -> None:
    instrument = make_instrument()

    found = [one.question for one in instrument.asked if instrument.is_shown(one, role, answers)]

    assert found == shown


def test_the_instrument_of_the_how_to_is_sound_and_its_fault_is_told(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "write-an-instrument.md").read_text("utf-8")
    blocks = page.split("```text\n")
    for part in blocks[1].partition("```")[0].strip().split("\n\n"):
        name, _, table = part.partition("\n")
        (tmp_path / name).write_text(f"{table}\n", encoding="utf-8")

    assert len(read_instrument(tmp_path).questions) == 3

    questions = tmp_path / "questions.csv"
    text = questions.read_text("utf-8").replace("came=yes", "cmae=yes")
    questions.write_text(text, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_instrument(tmp_path)
    assert [str(one) for one in caught.value.faults] == [blocks[2].partition("\n```")[0]]


def test_thousands_of_questions_are_refused_at_once(tmp_path: Path) -> None:
    write_instrument(make_instrument(), tmp_path)
    header = "question,page,order,kind,required,text,hint,scale,shown_if\n"
    hangs_on = ["" if n < 400 else f"q{n - 400}=yes" for n in range(20_000)]
    rows = [
        f"q{n},{1 + n // 400},{1 + n % 400},single,yes,Why?,,came,{one}"
        for n, one in enumerate(hangs_on)
    ]
    (tmp_path / "questions.csv").write_text(header + "\n".join(rows), encoding="utf-8")

    with pytest.raises(TableError) as caught:
        read_instrument(tmp_path)

    assert [str(one) for one in caught.value.faults] == [
        "questions.csv: Answers would need 20000 columns; there may be 240. A question on pairs"
        " needs one for each kind of organisation. Ask fewer questions, or have fewer kinds."
    ]


def test_conditions_must_all_hold() -> None:
    instrument = read_instrument("discharge_information_flow")
    nursing = instrument.question_by_id["nursing_needs"]

    assert instrument.is_shown(nursing, "nursing_home_manager", {"came": "yes"})
    assert not instrument.is_shown(nursing, "nursing_home_manager", {"came": "no"})
    assert not instrument.is_shown(nursing, "care_home_manager", {"came": "yes"})
