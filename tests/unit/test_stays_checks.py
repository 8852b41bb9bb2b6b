"""The rules of the stays table: what is kept, what is rejected, and what is said of it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tests.helpers.stays_tables import make_stays, make_table
from wholesystem.errors import TableError
from wholesystem.stays import SPELLS_SCHEMA, STAYS_SCHEMA, check_stays, is_nhs_number
from wholesystem.stays.checks import check_delay_spells, require_sound, unknown_reasons
from wholesystem.stays.lists import reason_codes

START, END = "01T00:00", "31T00:00"


def table_of(text: str) -> pa.Table:
    return make_stays(text, START, END).table


def faults_of(text: str, **options: object) -> list[tuple[int, str, str | None]]:
    """Row, column and value of each fault."""
    _, rejected = check_stays(table_of(text), **options)
    return [(f["row"], f["column"], f["value"]) for f in rejected.to_pylist()]


def test_sound_rows_are_kept_in_order_of_person_and_stay() -> None:
    kept, rejected = check_stays(
        table_of(
            """person stay service started_at ended_at
            b 2 ward 03T00:00 04T00:00
            b 1 ae   02T00:00 03T00:00
            a 1 ward 05T00:00 05T00:00"""
        )
    )

    assert rejected.num_rows == 0
    assert kept.select(["person", "stay"]).to_pylist() == [
        {"person": "a", "stay": 1},
        {"person": "b", "stay": 1},
        {"person": "b", "stay": 2},
    ]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("- 1 ward - 02T00:00 - - -", "person", None),
        ("p 1 - - 02T00:00 - - -", "service", None),
        ("p - ward - 02T00:00 - - -", "stay", None),
        ("p 0 ward - 02T00:00 - - -", "stay", "0"),
        ("p 1 ward - - - - -", "started_at", None),
        ("p 1 ward 02T00:01 02T00:00 - - -", "started_at", "2017-01-02T00:00:00"),
        ("p 1 ward - 02T00:00 01T23:59 - -", "ready_at", "2017-01-01T23:59:00"),
        ("p 1 ward - 02T00:00 - 01T23:59 -", "ended_at", "2017-01-01T23:59:00"),
        ("p 1 ward - 02T00:00 04T00:00 03T00:00 -", "ended_at", "2017-01-03T00:00:00"),
        ("p 1 ward - 02T00:00 - - council", "responsible", "council"),
        ("p 1 ward - 1066-10-14T09:00 - - -", "started_at", "1066-10-14T09:00:00.000000"),
        ("p 1 ward - 02T00:00 - 2917-01-02T00:00 -", "ended_at", "2917-01-02T00:00:00.000000"),
        ("9434765919 1 ward - 02T00:00 - - -", "person", None),
    ],
)
def test_a_row_at_fault_is_rejected_with_its_place(
    row: str, column: str, value: str | None
) -> None:
    header = "person stay service requested_at started_at ready_at ended_at responsible\n"
    text = header + "ok 1 ward - 02T00:00 - - nhs\n" + row

    assert faults_of(text) == [(3, column, value)]


def test_all_faults_of_a_row_are_told() -> None:
    found = faults_of(
        "person stay service started_at ready_at responsible\np -4 ward 02T00:00 01T00:00 gp"
    )

    assert [column for _, column, _ in found] == ["stay", "responsible", "ready_at"]


def test_of_two_rows_with_one_number_the_second_is_rejected() -> None:
    text = """person stay service started_at ended_at
    p 1 ward 02T00:00 03T00:00
    p 1 ward 04T00:00 05T00:00"""
    _, rejected = check_stays(table_of(text))

    (fault,) = rejected.to_pylist()
    assert (fault["row"], fault["column"]) == (3, "stay")
    assert "Row 2 is stay 1" in fault["rule"]


def test_stays_must_be_numbered_in_order_of_time() -> None:
    text = """person stay service started_at ended_at
    p 1 ward 04T00:00 05T00:00
    p 2 ward 02T00:00 03T00:00"""

    assert faults_of(text) == [(3, "started_at", "2017-01-02T00:00:00")]


def test_an_overlap_rejects_the_later_stay_and_spares_the_one_after_it() -> None:
    text = """person stay service started_at ended_at
    p 1 ward 01T00:00 10T00:00
    p 2 unit 05T00:00 20T00:00
    p 3 home 15T00:00 25T00:00"""

    assert faults_of(text) == [(3, "started_at", "2017-01-05T00:00:00")]


def test_a_long_stay_overlaps_more_than_its_neighbour() -> None:
    text = """person stay service started_at ended_at
    p 1 home      01T00:00 10T00:00
    p 2 home_care 02T00:00 03T00:00
    p 3 ward      05T00:00 06T00:00"""

    beside = {"home", "home_care"}
    assert faults_of(text, concurrent=beside) == [(4, "started_at", "2017-01-05T00:00:00")]


def test_an_open_stay_followed_by_another_is_itself_rejected() -> None:
    text = """person stay service started_at ended_at
    p 1 ward 01T00:00 -
    p 2 home 05T00:00 06T00:00
    p 3 ward 07T00:00 -"""

    assert faults_of(text) == [(2, "ended_at", None)]


def test_stays_may_meet_and_have_no_length() -> None:
    text = """person stay service started_at ended_at
    p 1 ward 01T00:00 02T00:00
    p 2 unit 02T00:00 02T00:00
    p 3 unit 02T00:00 02T00:00
    p 4 home 02T00:00 -"""

    assert faults_of(text) == []


def test_only_two_concurrent_services_may_overlap() -> None:
    text = """person stay service started_at ended_at
    p 1 home 01T00:00 -
    p 2 home_care 02T00:00 -
    q 1 home 01T00:00 09T00:00
    q 2 ward 02T00:00 03T00:00"""

    assert faults_of(text, concurrent=["home", "home_care"]) == [
        (5, "started_at", "2017-01-02T00:00:00")
    ]
    assert faults_of(text) == [(2, "ended_at", None), (5, "started_at", "2017-01-02T00:00:00")]


def test_rows_may_bear_the_numbers_of_another_file() -> None:
    table = table_of("person stay service started_at\np 1 ward 01T00:00\np 0 ward 02T00:00")
    _, rejected = check_stays(table, rows=np.array([7, 40]))

    assert rejected["row"].to_pylist() == [40]


def test_refusing_lists_the_first_twenty_faults_and_the_number() -> None:
    rows = "\n".join(f"p{i} 0 ward 01T00:00" for i in range(50))
    table = table_of("person stay service started_at\n" + rows)

    with pytest.raises(TableError) as caught:
        require_sound(table, where="stays.csv")

    assert len(caught.value.faults) == 21
    assert "50 rows break a rule" in str(caught.value)
    assert "stays.csv row 2, column stay is '0'." in str(caught.value)


def test_no_message_repeats_an_nhs_number() -> None:
    table = table_of("person stay service started_at\n9434765919 0 ward 01T00:00")
    _, rejected = check_stays(table)

    assert rejected.num_rows == 2
    assert "9434765919" not in str(rejected.to_pylist())


@pytest.mark.parametrize(
    "text", ["9434765919", "943 476 5919", "943-476-5919", " 9434765919 ", "0000000000"]
)
def test_nhs_numbers_are_known_however_written(text: str) -> None:
    assert is_nhs_number(text)


@pytest.mark.parametrize(
    "text", ["9434765918", "943476591", "94347659190", "p9434765919", "9434 765919", "", "p1-4"]
)
def test_other_names_are_not_nhs_numbers(text: str) -> None:
    assert not is_nhs_number(text)


def test_a_number_that_would_need_check_digit_ten_is_none() -> None:
    # 100000001x: the sum is 1*10 + 1*2 = 12, remainder 1, so the check digit would be 10.
    assert not any(is_nhs_number(f"100000001{digit}") for digit in range(10))


def test_unknown_reasons_are_counted_and_kept() -> None:
    table = table_of(
        "person stay service started_at reason\n"
        "p 1 ward 01T00:00 Dii\nq 1 ward 01T00:00 Z\nr 1 ward 01T00:00 Z\ns 1 ward 01T00:00 -"
    )

    assert unknown_reasons(table, reason_codes()) == {"Z": 2}
    assert check_stays(table)[1].num_rows == 0


def test_the_packaged_reasons_are_those_of_the_workbooks() -> None:
    expected = ["A", "B", "C", "Di", "Dii", "E", "F", "G", "H", "I", "O"]

    assert list(reason_codes()) == expected


def test_missing_and_unknown_columns_are_told_together() -> None:
    table = STAYS_SCHEMA.empty_table().drop_columns(["service", "stay"])
    table = table.append_column("ward_name", pa.array([], pa.string()))

    with pytest.raises(TableError) as caught:
        check_stays(table)

    assert len(caught.value.faults) == 3


def spell_faults(text: str) -> list[tuple[int, str]]:
    stays = table_of(
        "person stay service started_at ready_at ended_at\n"
        "p 1 ward 01T00:00 02T00:00 10T00:00\nq 1 ward 01T00:00 02T00:00 -"
    )
    header, *lines = text.splitlines()
    cells = [[None if c == "-" else c for c in line.split()] for line in lines]
    rows = [dict(zip(header.split(), line, strict=True)) for line in cells]
    found = check_delay_spells(make_table(rows, SPELLS_SCHEMA), stays)
    return [(f["row"], f["column"]) for f in found.to_pylist()]


def test_sound_delay_spells_have_no_faults() -> None:
    assert (
        spell_faults(
            "person stay reason responsible from to\n"
            "p 1 A nhs 02T00:00 04T00:00\np 1 E both 04T00:00 10T00:00\nq 1 G - 05T00:00 -"
        )
        == []
    )


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("p 2 A nhs 02T00:00 04T00:00", "stay"),
        ("p 1 A nhs 01T12:00 04T00:00", "from"),
        ("p 1 A nhs 05T00:00 11T00:00", "from"),
        ("p 1 A nhs 05T00:00 -", "from"),
        ("p 1 A nhs 05T00:00 04T00:00", "from"),
        ("p 1 A gp 02T00:00 04T00:00", "responsible"),
        ("p 1 A nhs - 04T00:00", "from"),
    ],
)
def test_delay_spells_lie_inside_the_delay_of_their_stay(line: str, column: str) -> None:
    assert (2, column) in spell_faults(f"person stay reason responsible from to\n{line}")


def test_delay_spells_of_a_stay_do_not_overlap() -> None:
    found = spell_faults(
        "person stay reason responsible from to\n"
        "p 1 A nhs 02T00:00 06T00:00\np 1 E nhs 05T00:00 07T00:00"
    )

    assert found == [(3, "from")]
