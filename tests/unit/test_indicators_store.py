"""The store of observations: what is added, refused and found again; a fault changes nothing."""

import hashlib
import json
import multiprocessing
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from tests.conftest import ROOT
from tests.helpers.observations import (
    catalogue,
    days_and_people,
    indicator,
    loaded,
    month,
    observation,
    table,
)
from wholesystem.errors import OurFault, OutputError, ParameterError, UserError
from wholesystem.indicators import LoadError, Skipped, Store, check_observations
from wholesystem.indicators import store_files as files_module
from wholesystem.indicators import store_writing as writing_module
from wholesystem.indicators.store_files import write_lock

CATALOGUE = days_and_people()
ADD = {"catalogue": CATALOGUE}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")


def digest(folder: Path) -> dict[str, str]:
    """Every file of a folder with its content, so that any change of a byte shows."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def values(found: pd.DataFrame) -> list[float | None]:
    return [None if pd.isna(value) else value for value in found["value"]]


# --------------------------------------------------------------------------- adding and reading


def test_figures_come_back_as_they_were_added(store: Store) -> None:
    row = observation(numerator=1.0, denominator=2.0, base="adults", revised=date(2018, 6, 14))

    report = store.add([loaded(row)], **ADD)

    assert (report.added, report.duplicates, report.revisions) == (1, 0, 0)
    found = store.read().iloc[0].to_dict()
    for name, value in row.items():
        kept = found[name]
        if isinstance(value, date):
            kept = kept.date()
        assert pd.isna(kept) if value is None else kept == value, name


def test_a_suppressed_figure_stays_missing_and_keeps_its_note(store: Store) -> None:
    store.add([loaded(observation(value=None, note="suppressed (*)"))], **ADD)

    found = store.read("days")
    assert values(found) == [None]
    assert found["note"].tolist() == ["suppressed (*)"]


def test_the_figure_known_last_is_current_and_the_others_are_kept(store: Store) -> None:
    first = observation(value=6400.0, file="first.xls", published=date(2017, 8, 10))
    second = observation(value=6414.0, file="second.xls", revised=date(2018, 6, 14))

    # The later one is added first: the order of adding does not matter.
    store.add([loaded(second)], **ADD)
    report = store.add([loaded(first)], **ADD)

    assert (report.added, report.revisions) == (1, 0)
    assert values(store.read("days")) == [6414.0]
    revisions = store.revisions("days", "E10000025")
    assert values(revisions) == [6400.0, 6414.0]
    assert [day.date() for day in revisions["known"]] == [date(2017, 8, 10), date(2018, 6, 14)]


def test_a_later_figure_with_another_value_is_a_revision(store: Store) -> None:
    store.add([loaded(observation())], **ADD)
    same = observation(revised=date(2018, 1, 1), file="same.xls")
    other = observation(revised=date(2018, 6, 14), value=6500.0, file="other.xls")

    report = store.add([loaded(same), loaded(other)], **ADD)

    assert (report.added, report.duplicates, report.revisions) == (2, 0, 1)


@pytest.mark.parametrize(
    ("known_on", "expected"),
    [
        (date(2017, 8, 9), [1.0]),
        (date(2017, 8, 10), [2.0]),
        (date(2018, 6, 13), [2.0]),
        (date(2018, 6, 14), [3.0]),
        (None, [3.0]),
    ],
)
def test_what_was_known_on_a_date(
    store: Store, known_on: date | None, expected: list[float]
) -> None:
    undated = observation(value=1.0, published=None, file="undated.csv")
    published = observation(value=2.0)
    revised = observation(value=3.0, revised=date(2018, 6, 14))
    store.add([loaded(undated), loaded(published, revised)], **ADD)

    assert values(store.read("days", known_on=known_on)) == expected


def test_nothing_is_known_before_the_first_publication(store: Store) -> None:
    store.add([loaded(observation())], **ADD)

    assert len(store.read("days", known_on=date(2017, 8, 9))) == 0


def test_reading_filters_by_each_argument(store: Store) -> None:
    england = observation(area_code="E92000001", area="England", area_kind="country", cell="F3")
    july = observation(**month(2017, 7), value=5810.0)
    people = observation(indicator="adults", unit="people", value=5.0)
    store.add([loaded(observation(), england, july, people)], **ADD)

    assert len(store.read()) == 4
    assert len(store.read("adults")) == 1
    assert len(store.read(["adults", "days"])) == 4
    assert len(store.read([])) == 0
    assert len(store.read("days", areas=["E10000025"])) == 2
    assert len(store.read("days", kinds=["country"])) == 1
    assert values(store.read("days", start=date(2017, 7, 1))) == [5810.0]
    assert len(store.read("days", end=date(2017, 6, 30))) == 2
    assert store.indicators() == ["adults", "days"]
    assert store.areas()["area"].tolist() == ["Oxfordshire", "England"]
    with pytest.raises(ParameterError, match="no kind of area"):
        store.read("days", kinds=["council"])


def test_rows_are_in_order_of_indicator_area_and_period(store: Store) -> None:
    late, early = observation(**month(2017, 8)), observation(**month(2016, 8))
    first = observation(area_code="E06000001")
    store.add([loaded(late)], **ADD)
    store.add([loaded(early, first)], **ADD)

    found = store.read()
    keys = list(zip(found["area_code"], found["period_start"], strict=True))
    assert keys == sorted(keys)
    assert len(keys) == 3


def test_an_empty_store_answers(store: Store) -> None:
    assert len(store.read("days")) == 0
    assert store.indicators() == []
    assert len(store.areas()) == 0
    assert len(store.revisions("days", "E10000025")) == 0
    assert len(store.loads()) == 0


# --------------------------------------------------------------------------- the same again


def test_the_same_figure_of_another_file_is_a_duplicate(store: Store) -> None:
    store.add([loaded(observation())], **ADD)

    report = store.add([loaded(observation(file="again.xls", cell="G9"))], **ADD)

    assert (report.added, report.duplicates) == (0, 1)
    assert store.read()["file"].tolist() == ["June_17.xls"]
    assert store.loads()["duplicates"].tolist() == [0, 1]


def test_two_readings_of_one_number_may_differ_in_the_last_bits(store: Store) -> None:
    store.add([loaded(observation(value=0.1 + 0.2))], **ADD)

    report = store.add([loaded(observation(value=0.3, file="again.xls"))], **ADD)

    assert report.duplicates == 1


def test_the_same_file_again_adds_nothing_and_says_so(store: Store) -> None:
    one = loaded(observation(), file="June_17.xls", sha256="a" * 64)
    renamed = loaded(observation(), file="copy.xls", sha256="a" * 64)
    store.add([one], **ADD)
    before = digest(store.folder)

    report = store.add([one, renamed], **ADD)

    assert report.added == 0
    assert report.files == ()
    assert report.already == (
        "June_17.xls was added before; nothing of it was added.",
        "copy.xls was added before, as June_17.xls; nothing of it was added.",
    )
    assert "was added before" in str(report)
    assert digest(store.folder) == before


def test_the_same_file_twice_in_one_adding_counts_once(store: Store) -> None:
    one = loaded(observation())

    report = store.add([one, one], **ADD)

    assert (report.added, report.duplicates, len(report.already)) == (1, 0, 1)


# --------------------------------------------------------------------------- figures at odds


def test_two_values_known_on_one_date_name_both_cells(store: Store) -> None:
    store.add([loaded(observation())], **ADD)
    before = digest(store.folder)
    other = observation(value=6415.0, file="other.xls", sheet="Sheet 2", cell="B7")

    with pytest.raises(LoadError) as caught:
        store.add([loaded(other)], **ADD)

    message = str(caught.value)
    assert "June_17.xls, sheet LA, cell F12 and other.xls, sheet Sheet 2, cell B7" in message
    assert "6414 and 6415" in message
    assert "Oxfordshire (E10000025), 2017-06-01 to 2017-06-30" in message
    assert digest(store.folder) == before


@pytest.mark.parametrize(
    "change",
    [
        {"value": None, "note": "suppressed"},
        {"numerator": 1.0},
        {"numerator": 3.0, "denominator": 4.0},
    ],
)
def test_a_missing_value_and_other_parts_are_at_odds_too(
    store: Store, change: dict[str, Any]
) -> None:
    first = observation(numerator=1.0, denominator=4.0)
    second = {**observation(denominator=4.0, file="other.xls"), **change}
    if change == {"numerator": 1.0}:
        second["denominator"] = None

    with pytest.raises(LoadError, match="has two"):
        store.add([loaded(first), loaded(second)], **ADD)


def test_each_figure_is_held_against_the_first_of_its_date(store: Store) -> None:
    store.add([loaded(observation(value=5.0))], **ADD)
    wrong = loaded(observation(value=6.0, file="wrong.xls"))
    right = loaded(observation(value=5.0, file="right.xls"))

    report = store.add([wrong, right], **ADD, keep_good=True)

    assert len(report.refused) == 1
    assert "wrong.xls" in str(report.refused[0])
    assert report.files == ("right.xls",)
    assert (report.added, report.duplicates) == (0, 1)


def test_good_files_are_kept_where_asked_and_the_earlier_stands(store: Store) -> None:
    first = loaded(observation())
    at_odds = loaded(observation(value=1.0, file="odd.xls"), observation(**month(2019, 1)))
    bad = loaded(observation(indicator="dais", file="bad.xls"))
    good = loaded(observation(**month(2017, 7), file="July_17.xls"))

    report = store.add([first, at_odds, bad, good], **ADD, keep_good=True)

    assert report.files == ("June_17.xls", "July_17.xls")
    assert len(report.refused) == 2
    assert len(store.read()) == 2
    assert "odd.xls" in str(report)


def test_many_figures_at_odds_are_told_shortly(store: Store) -> None:
    rows = [observation(area_code=f"E{number}") for number in range(150)]
    store.add([loaded(*rows)], **ADD)
    other = [{**row, "value": 1.0, "file": "other.xls"} for row in rows]

    with pytest.raises(LoadError) as caught:
        store.add([loaded(*other)], **ADD)

    assert len(caught.value.faults) == 101
    assert "50 more figures" in str(caught.value.faults[-1])


# --------------------------------------------------------------------------- rules of a row


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"indicator": "dys"}, "Did you mean days?"),
        ({"indicator": "zzzzzzzz"}, "Give it a row in a catalogue of your own."),
        ({"indicator": "rate", "unit": "per 100,000"}, "It is not read from a file"),
        ({"area_code": ""}, "The column area_code is never blank."),
        ({"area_code": None}, "The column area_code is never blank."),
        ({"area": "  "}, "The column area is never blank."),
        ({"period_start": None}, "The column period_start is never blank."),
        ({"area_kind": "council"}, "has one of area, combined, country"),
        ({"of": "people"}, "has one of residents, trust"),
        ({"value": float("inf")}, "A value is a finite number"),
        ({"value": float("nan")}, "A value is a finite number"),
        ({"numerator": float("-inf")}, "A numerator is a finite number"),
        ({"period_end": date(2017, 5, 31)}, "A period ends on or after the day it starts."),
        ({"value": None}, "A figure without a value has a note"),
        ({"numerator": 1.0, "denominator": -2.0}, "A denominator is 0 or more."),
        ({"numerator": 0.0, "denominator": 0.0}, "has no value"),
        ({"unit": "people"}, "says 'days' under unit"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_its_cell(
    store: Store, cells: dict[str, Any], message: str
) -> None:
    before = digest(store.folder)

    with pytest.raises(LoadError) as caught:
        store.add([loaded(observation(), observation(**{"area_code": "E1", **cells}))], **ADD)

    assert len(caught.value.faults) == 1
    told = str(caught.value).replace("it is not", "It is not")
    assert "June_17.xls, sheet LA, cell F12" in told
    assert message in told
    assert digest(store.folder) == before


def test_whose_figure_it_is_must_agree_with_the_catalogue() -> None:
    own = catalogue(indicator("days", of="trust"), indicator("nights", of="residents"))
    rows = table(observation(of="trust"), observation(indicator="nights", of="trust"))

    with pytest.raises(LoadError) as caught:
        check_observations(rows, catalogue=own)

    assert len(caught.value.faults) == 1
    assert "says 'residents' under of" in str(caught.value)


def test_all_faults_of_all_files_are_told_at_once(store: Store) -> None:
    first = loaded(observation(unit="people"), observation(area_kind="x", area_code="E1"))
    second = loaded(observation(indicator="dais", file="second.xls"))

    with pytest.raises(LoadError) as caught:
        store.add([first, second], **ADD)

    assert len(caught.value.faults) == 3


def test_a_rule_broken_by_many_rows_is_told_shortly() -> None:
    rows = table(*(observation(area_code=f"E{n}", unit="people") for n in range(130)))

    with pytest.raises(LoadError) as caught:
        check_observations(rows, catalogue=CATALOGUE)

    assert len(caught.value.faults) == 101
    assert "30 more rows" in str(caught.value.faults[-1])


def test_an_unknown_indicator_is_told_once_a_file() -> None:
    rows = table(*(observation(area_code=f"E{n}", indicator="dais") for n in range(5)))

    with pytest.raises(LoadError) as caught:
        check_observations(rows, catalogue=CATALOGUE)

    assert len(caught.value.faults) == 1


def test_sound_rows_are_returned_in_order_of_columns() -> None:
    rows = table(observation(note=""))
    shuffled = rows.select(list(reversed(rows.column_names)))

    checked = check_observations(shuffled, catalogue=CATALOGUE)

    assert checked.column_names == rows.column_names
    assert checked["note"].to_pylist() == [None]


def test_the_packaged_catalogue_is_the_one_meant(store: Store) -> None:
    report = store.add([loaded(observation(indicator="dtoc_days"))])

    assert report.added == 1


@pytest.mark.parametrize("fault", ["column", "type"])
def test_a_table_that_a_loader_made_wrongly_is_our_fault(store: Store, fault: str) -> None:
    rows = table(observation())
    wrong = rows.drop_columns("cell")
    if fault == "type":
        place = rows.column_names.index("value")
        wrong = rows.set_column(place, "value", pa.array(["many"]))
    one = loaded(observation())

    with pytest.raises(OurFault, match="cell" if fault == "column" else "value"):
        store.add([type(one)(**{**vars(one), "observations": wrong})], **ADD)


def test_a_loader_accounts_for_every_row(store: Store) -> None:
    before = digest(store.folder)

    with pytest.raises(OurFault, match="accounts for every row"):
        store.add([loaded(observation(), rows_read=3)], **ADD)

    assert digest(store.folder) == before


def test_the_account_of_each_file_is_kept(store: Store) -> None:
    skipped = (Skipped("no area code (resident in Wales)", 2, "June_17.xls, sheet LA, row 168"),)
    one = loaded(observation(), rows_read=3, skipped=skipped, warnings=("hidden rows",))

    store.add([one], **ADD)

    account = Store.open(store.folder).loads().iloc[0]
    assert account["file"] == "June_17.xls"
    assert (account["rows_read"], account["rows_kept"], account["rows_skipped"]) == (3, 1, 2)
    assert account["observations"] == 1
    assert account["skipped"] == (
        "2 rows: no area code (resident in Wales) (first: June_17.xls, sheet LA, row 168)"
    )
    assert account["warnings"] == "hidden rows"


# --------------------------------------------------------------------------- whole or not at all


def break_parts(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    """Let the second Parquet file fail when half of it is written."""
    real, count = files_module.pq.write_table, iter(range(100))

    def write(rows: pa.Table, path: Path, **more: Any) -> None:
        real(rows, path, **more)
        if next(count) == 1:
            raise fault

    monkeypatch.setattr(files_module, "pq", ModuleType("pq"))
    monkeypatch.setattr(files_module.pq, "write_table", write, raising=False)


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_fault_while_writing_leaves_every_byte(
    store: Store, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    store.add([loaded(observation())], **ADD)
    before = digest(store.folder)
    break_parts(monkeypatch, fault)
    monkeypatch.setattr(writing_module, "BATCH_ROWS", 1)
    more = [loaded(observation(**month(2018, n), file=f"{n}.xls")) for n in (1, 2, 3)]

    with pytest.raises(KeyboardInterrupt if isinstance(fault, KeyboardInterrupt) else OutputError):
        store.add(more, **ADD)

    assert digest(store.folder) == before
    monkeypatch.undo()
    assert store.add(more, **ADD).added == 3


@pytest.mark.parametrize("when", ["before", "after"])
def test_ctrl_c_at_the_manifest_leaves_all_or_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    store.add([loaded(observation())], **ADD)
    before = digest(store.folder)
    real = writing_module.write_manifest

    def interrupted(*arguments: Any) -> None:
        if when == "after":
            real(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(writing_module, "write_manifest", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.add([loaded(observation(**month(2018, 1), file="more.xls"))], **ADD)

    rows = len(Store.open(store.folder).read())
    assert rows == (1 if when == "before" else 2)
    assert (digest(store.folder) == before) is (when == "before")


def test_a_loader_that_fails_on_the_way_leaves_every_byte(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_module, "BATCH_ROWS", 1)
    before = digest(store.folder)

    def some() -> Iterator[Any]:
        yield loaded(observation())
        raise UserError("the third file cannot be read")

    with pytest.raises(UserError, match="third file"):
        store.add(some(), **ADD)

    assert digest(store.folder) == before
    assert len(store.read()) == 0


def test_batches_are_held_against_each_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing_module, "BATCH_ROWS", 1)
    again = loaded(observation(file="again.xls"))
    revised = loaded(observation(value=1.0, revised=date(2018, 1, 1), file="revised.xls"))

    report = store.add([loaded(observation()), again, revised], **ADD)
    assert (report.added, report.duplicates, report.revisions) == (2, 1, 1)

    with pytest.raises(LoadError, match="has two"):
        store.add(
            [
                loaded(observation(**month(2019, 1), file="a.xls")),
                loaded(observation(**month(2019, 1), value=2.0, file="b.xls")),
            ],
            **ADD,
        )
    assert len(store.revisions("days", "E10000025")) == 2


def test_progress_is_told_file_by_file(store: Store) -> None:
    told: list[str] = []

    store.add(
        [loaded(observation()), loaded(observation(file="b.xls"))], **ADD, progress=told.append
    )

    assert told == ["June_17.xls", "b.xls"]


# --------------------------------------------------------------------------- many parts


def test_small_parts_are_written_together(store: Store) -> None:
    for number in range(40):
        year, month_number = divmod(number, 12)
        store.add([loaded(observation(**month(2010 + year, month_number + 1)))], **ADD)

    parts = list(store.folder.glob("observations-*.parquet"))
    # Sixteen become one; those that they were stay until the next adding, for who reads them.
    assert len(parts) < 34
    assert len(store.manifest.parts) < 16
    assert len(Store.open(store.folder).read("days")) == 40


def test_a_store_opened_before_parts_were_joined_still_answers(store: Store) -> None:
    for number in range(15):
        store.add([loaded(observation(area_code=f"E{number}"))], **ADD)
    reader = Store.open(store.folder)

    store.add([loaded(observation(area_code="E15"))], **ADD)

    assert len(store.manifest.parts) == 1
    assert len(reader.read()) == 15


def test_a_store_whose_parts_are_gone_says_to_open_it_again(store: Store) -> None:
    store.add([loaded(observation())], **ADD)
    reader = Store.open(store.folder)
    next(store.folder.glob("observations-*")).unlink()

    with pytest.raises(UserError, match="has changed since it was opened"):
        reader.read()


def test_parts_that_nothing_names_are_cleared_by_the_next_adding(store: Store) -> None:
    stray = store.folder / "observations-0123456789ab.parquet"
    stray.write_bytes(b"half a file, left when the power went")

    assert len(store.read()) == 0
    store.add([loaded(observation())], **ADD)

    assert not stray.exists()
    assert len(store.read()) == 1


# --------------------------------------------------------------------------- look-ups


def test_look_ups_are_kept(store: Store) -> None:
    names = pa.table({"trust_code": ["RTH", "RTH"], "trust": ["Oxford", "Oxford"]})
    more = pa.table({"trust_code": ["RXQ"], "trust": ["Buckinghamshire"]})
    store.add([loaded(observation(), lookups={"trust_names": names})], **ADD)
    store.add([loaded(observation(file="b.xls"), lookups={"trust_names": more})], **ADD)

    found = Store.open(store.folder).lookup("trust_names")

    assert found.to_dict("list") == {
        "trust_code": ["RTH", "RXQ"],
        "trust": ["Oxford", "Buckinghamshire"],
    }
    empty = store.lookup("trust_areas")
    assert len(empty) == 0
    assert list(empty.columns) == ["trust_code", "area_code", "share", "file", "cell"]


def test_a_look_up_that_is_gone_is_told(store: Store) -> None:
    names = pa.table({"trust_code": ["RTH"], "trust": ["Oxford"]})
    store.add([loaded(observation(), lookups={"trust_names": names})], **ADD)
    next(store.folder.glob("trust_names-*")).unlink()

    with pytest.raises(UserError, match="has changed since it was opened"):
        store.lookup("trust_names")


def test_an_unknown_look_up_is_refused(store: Store) -> None:
    with pytest.raises(ParameterError, match="Did you mean trust_names?"):
        store.lookup("trust_name")
    with pytest.raises(ParameterError, match="They are area_parts"):
        store.lookup("zzz")


# --------------------------------------------------------------------------- the folder


def test_a_store_is_made_in_a_new_or_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    Store.create(tmp_path / "empty")
    Store.create(tmp_path / "new" / "below")

    with pytest.raises(UserError, match="holds a store already"):
        Store.create(tmp_path / "empty")
    with pytest.raises(UserError, match="holds other files"):
        Store.create(tmp_path)
    assert len(Store.open_or_create(tmp_path / "empty").read()) == 0
    assert len(Store.open_or_create(tmp_path / "third").read()) == 0


def test_a_file_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "June_17.xls"
    path.write_text("a workbook")

    with pytest.raises(UserError, match="is a file"):
        Store.open(path)
    with pytest.raises(OutputError, match="is a file"):
        Store.create(path)


def damage_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{", encoding="utf-8")


def other_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"name": "an app"}', encoding="utf-8")


def list_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("[1]", encoding="utf-8")


def later_version(folder: Path) -> None:
    content = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**content, "version": 9}), encoding="utf-8")


def odd_parts(folder: Path) -> None:
    content = json.loads((folder / "manifest.json").read_text("utf-8"))
    odd = {**content, "parts": [{"name": "x"}]}
    (folder / "manifest.json").write_text(json.dumps(odd), encoding="utf-8")


def no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def no_part(folder: Path) -> None:
    next(folder.glob("observations-*")).unlink()


def flip_byte(folder: Path) -> None:
    path = next(folder.glob("observations-*"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_part(folder: Path) -> None:
    path = next(folder.glob("observations-*"))
    path.write_bytes(path.read_bytes()[:-10])


def part_is_folder(folder: Path) -> None:
    path = next(folder.glob("observations-*"))
    path.unlink()
    path.mkdir()


def manifest_is_folder(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").mkdir()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (damage_manifest, "is damaged"),
        (other_manifest, "is no manifest"),
        (list_manifest, "is no manifest"),
        (later_version, "store of version 9. This program reads version 1"),
        (odd_parts, "is damaged"),
        (no_manifest, "holds no store"),
        (manifest_is_folder, "cannot be read"),
        (no_part, "is missing"),
        (flip_byte, "is damaged: it is not as it was written"),
        (cut_part, "is damaged: it is not as it was written"),
        (part_is_folder, "damaged|cannot be read"),
    ],
)
def test_a_damaged_store_says_what_to_do(
    store: Store, damage: Callable[[Path], None], message: str
) -> None:
    store.add([loaded(observation())], **ADD)

    damage(store.folder)

    with pytest.raises(UserError, match=message) as caught:
        Store.open(store.folder)
    assert str(store.folder) in str(caught.value)


def test_a_part_that_may_not_be_read_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add([loaded(observation())], **ADD)

    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files_module, "_sha256", refuse)
    with pytest.raises(UserError, match="cannot be read: Permission denied"):
        Store.open(store.folder)


def test_a_store_that_is_added_to_while_it_is_opened_is_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add([loaded(observation())], **ADD)
    before = (store.folder / "manifest.json").read_bytes()
    store.add([loaded(observation(file="more.xls", **month(2018, 1)))], **ADD)
    after = (store.folder / "manifest.json").read_bytes()
    (store.folder / "manifest.json").write_bytes(before)
    gone = [store.manifest.parts[0].file]
    real = files_module._check_part

    def check(path: Path, part: files_module.Part) -> None:
        if path.name in gone:
            gone.clear()
            (store.folder / "manifest.json").write_bytes(after)
            raise UserError("the part is missing")
        real(path, part)

    monkeypatch.setattr(files_module, "_check_part", check)

    assert len(Store.open(store.folder).read()) == 2


def test_parts_stay_where_it_cannot_be_told_which_are_named(store: Store) -> None:
    store.add([loaded(observation())], **ADD)
    damage_manifest(store.folder)

    files_module.remove_unnamed(store.folder, list(store.manifest.parts))

    assert len(list(store.folder.glob("observations-*"))) == 1


def test_a_folder_that_may_not_be_written_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add([loaded(observation())], **ADD)
    lock = store.folder / ".lock"
    lock.unlink()
    lock.mkdir()  # so that it cannot be opened, as in a folder of someone else

    with pytest.raises(OutputError, match="may not be written"):
        store.add([loaded(observation(file="b.xls"))], **ADD)
    assert len(Store.open(store.folder).read()) == 1


def test_a_folder_with_odd_characters_is_read(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "it's [2017] a*b? é")
    store.add([loaded(observation())], **ADD)

    assert values(Store.open(store.folder).read("days")) == [6414.0]


def test_a_store_moves_with_its_folder(store: Store, tmp_path: Path) -> None:
    store.add([loaded(observation())], **ADD)
    shutil.move(store.folder, tmp_path / "moved")

    assert values(Store.open(tmp_path / "moved").read("days")) == [6414.0]


# --------------------------------------------------------------------------- several at once


def test_a_store_goes_to_another_process(store: Store) -> None:
    store.add([loaded(observation())], **ADD)

    copy = pickle.loads(pickle.dumps(store))

    assert values(copy.read("days")) == [6414.0]


def test_a_writer_waits_and_then_says_who_is_in_the_way(store: Store) -> None:
    with (
        write_lock(store.folder),
        pytest.raises(UserError, match="being written by another program"),
        write_lock(store.folder, seconds=0),
    ):
        pass


def test_a_writer_goes_on_when_the_other_has_ended(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as other:
        other.enter_context(write_lock(store.folder))
        monkeypatch.setattr(files_module.time, "sleep", lambda _: other.close())

        report = store.add([loaded(observation())], **ADD)

    assert report.added == 1


def test_a_disk_that_cannot_lock_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if files_module.fcntl is None:
        pytest.skip("the lock of this system is another")

    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(files_module.fcntl, "flock", refuse)
    with pytest.raises(OutputError, match="cannot be locked"), write_lock(store.folder):
        pass


ADDER = """
import sys
from pathlib import Path
from tests.helpers.observations import days_and_people, loaded, month, observation
from wholesystem.indicators import Store

folder, year = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
for number in range(1, 9):
    row = observation(**month(int(year), number), file=f"{year}-{number}.xls")
    Store.open(folder).add([loaded(row)], catalogue=days_and_people())
"""


def test_two_programs_that_add_at_once_lose_nothing(store: Store) -> None:
    jobs = [
        subprocess.Popen(
            [sys.executable, "-c", ADDER, str(store.folder), year],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for year in ("2018", "2019")
    ]
    for job in jobs:
        assert job.stdout is not None
        assert job.stdout.readline() == "ready\n"
    for job in jobs:
        job.communicate("go\n", timeout=60)

    assert [job.returncode for job in jobs] == [0, 0]
    assert len(Store.open(store.folder).read("days")) == 16


def count_rows(store: Store) -> int:
    return len(store.read("days"))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
def test_a_forked_child_has_a_database_of_its_own(store: Store) -> None:
    store.add([loaded(observation())], **ADD)
    parent = store.connection()

    assert count_rows(store) == 1
    store._connection = (-1, parent)  # as a child finds it: made by another process

    assert count_rows(store) == 1
    assert store.connection() is not parent
