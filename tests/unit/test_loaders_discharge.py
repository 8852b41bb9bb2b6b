"""Criteria to reside, discharges by 17:00, and reasons for delay."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.helpers.published import faults_of, frame, load_checked, load_table, one, skipped
from wholesystem.indicators.loaders.discharge import reason_indicators, reason_key
from wholesystem.indicators.small_tables import packaged_table

STAYING = ("nhs_trust22_code", "date", "do_not_meet_criteria_to_reside")
DISCHARGED = (
    "nhs_trust22_code",
    "date",
    "discharged_by_1700",
    "discharged_between_1701_2359",
    "discharged_total",
)
REASONS = ("nhs_trust22_name", "nhs_trust22_code", "date", "delay_reason", "delay_count")
TRANSPORT = "Hospital process – Awaiting patient transport services"
REVIEW = "Hospital process - Awaiting medical review of need for supported discharge"


def days(code: str, *counts: object, first: date = date(2022, 4, 1)) -> list[tuple[object, ...]]:
    """Rows of one trust, one a day."""
    return [(code, first + timedelta(days=i), count) for i, count in enumerate(counts)]


def test_people_who_no_longer_meet_the_criteria(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "nctr.csv", STAYING, days("RTH", "180.0", "190.0"))
    assert loaded.format == "nctr_trust"
    found = one(loaded, period_start="2022-04-02")
    assert (found["indicator"], found["value"], found["cell"]) == ("nctr_people", 190, "C3")
    assert (str(found["period_end"]), found["geography"]) == ("2022-04-02", "trust-2022")


def test_a_zero_of_a_trust_that_else_reports_is_not_submitted(tmp_path: Path) -> None:
    rows = days("RTH", 180, 0, 190, 200) + days("RP5", 2, 0, 3, 1)
    loaded = load_table(tmp_path, "nctr.csv", STAYING, rows)
    zero = one(loaded, area_code="RTH", period_start="2022-04-02")
    assert zero["value"] is None
    assert zero["note"] == (
        "0 stands in the file; taken as not submitted, since the median of the organisation's "
        "figures in the file is 185"
    )
    # a trust of two people a day may have none
    assert one(loaded, area_code="RP5", period_start="2022-04-02")["value"] == 0


def test_rows_without_a_code_are_counted_and_no_code_is_made_up(tmp_path: Path) -> None:
    rows = [*days("RTH", 180), ("", "2022-04-01", ""), ("", "2022-04-02", "5")]
    loaded = load_table(tmp_path, "nctr.csv", STAYING, rows)
    assert skipped(loaded) == {"no trust code": 2}
    assert loaded.skipped[0].first == "nctr.csv, row 3"
    assert set(frame(loaded).area_code) == {"RTH"}


def test_a_count_three_times_those_around_it_is_not_used(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "nctr.csv", STAYING, days("RDE", 230, 240, 1936, 236, 250))
    wrong = one(loaded, period_start="2022-04-03")
    assert wrong["value"] is None
    assert wrong["note"].startswith("1,936 stands in cell C4; taken as an error: more than 3 times")
    # the others are 230, 240, 236, 250: medians 235 before, 243 after; the larger is the nearer
    assert wrong["note"].endswith("(the nearer is 243)")
    assert "first nctr.csv, cell C4" in loaded.warnings[0]


def test_a_lasting_rise_stays(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "nctr.csv", STAYING, days("RJ6", 50, 50, 50, 200, 200, 200))
    assert frame(loaded).value.notna().all()


def test_boards_have_their_own_table(tmp_path: Path) -> None:
    header = ("icb22_code", *STAYING[1:])
    loaded = load_table(tmp_path, "icb.csv", header, days("E54000044", 440))
    assert loaded.format == "nctr_icb"
    assert one(loaded, area_code="E54000044")["area_kind"] == "icb"
    told = faults_of(tmp_path, "icb.csv", header, days("RTH", 440))
    assert told == [
        "icb.csv, cell A2 is 'RTH'. A code of an integrated care board (E54 and six digits) is "
        "needed. Mend the cell."
    ]


def test_discharges_by_five_and_later(tmp_path: Path) -> None:
    rows = [
        ("RTH", "2023-05-31", "70.0", "30.0", "100.0"),
        ("RTH", "2023-06-01", "", "", "110.0"),
        ("RTH", "2023-06-02", "0.0", "0.0", "0.0"),
    ]
    loaded = load_table(tmp_path, "out.csv", DISCHARGED, rows)
    assert loaded.format == "discharged_trust"
    day = frame(loaded)[frame(loaded).period_start == date(2023, 5, 31)]
    assert day.set_index("indicator").value.to_dict() == {
        "discharges": 100,
        "discharges_by_1700": 70,
        "discharges_after_1700": 30,
    }
    blank = one(loaded, indicator="discharges_by_1700", period_start="2023-06-01")
    assert (blank["value"], blank["note"]) == (None, "blank: no figure is given")
    none = frame(loaded)[frame(loaded).period_start == date(2023, 6, 2)]
    assert none.value.isna().all()
    assert none.note.str.startswith("0 stands in the file; taken as not submitted").all()


def test_parts_that_do_not_make_the_total_are_not_used(tmp_path: Path) -> None:
    rows = [("RTH", "2023-05-31", "70", "30", "90")]
    loaded = load_table(tmp_path, "out.csv", DISCHARGED, rows)
    assert frame(loaded).value.isna().all()
    assert (
        "discharged_total 90, discharged_by_1700 70, discharged_between_1701_2359 30"
        in (frame(loaded).note[0])
    )


def test_reasons_by_their_words(tmp_path: Path) -> None:
    rows = [
        ("Oxford", "RTH", "2024-06-01", TRANSPORT, "3.0"),
        ("Oxford", "RTH", "2024-06-01", REVIEW.replace("medical", "medical\u00a0"), "0.0"),
    ]
    loaded = load_table(tmp_path, "reasons.csv", REASONS, rows)
    assert loaded.format == "discharge_reasons"
    transport = one(loaded, indicator="discharge_delay_reason_04")
    assert (transport["value"], transport["cell"], transport["area"]) == (3, "E2", "Oxford")
    assert str(transport["period_end"]) == "2024-06-30"
    assert one(loaded, indicator="discharge_delay_reason_02")["value"] == 0


def test_a_trust_with_every_reason_zero_has_not_submitted(tmp_path: Path) -> None:
    rows = [
        ("Oxford", "RTH", "2024-06-01", TRANSPORT, "0.0"),
        ("Oxford", "RTH", "2024-06-01", REVIEW, "0.0"),
        ("Oxford", "RTH", "2024-07-01", REVIEW, "0.0"),
        ("Oxford", "RTH", "2024-07-01", TRANSPORT, "1.0"),
    ]
    loaded = load_table(tmp_path, "reasons.csv", REASONS, rows)
    assert frame(loaded).value.isna().tolist() == [True, True, False, False]
    assert "every reason of the trust is 0 in this month" in frame(loaded).note[0]


def test_a_reason_that_is_none_of_the_37(tmp_path: Path) -> None:
    rows = [("Oxford", "RTH", "2024-06-01", "Hospital process – Awaiting a taxi", "1")]
    told = faults_of(tmp_path, "reasons.csv", REASONS, rows)
    assert len(told) == 1
    assert told[0].startswith("reasons.csv, cell D2 is 'Hospital process – Awaiting a taxi'.")
    assert "none of the 37 reasons" in told[0]


def test_the_list_of_reasons_has_37_with_keys_of_their_own() -> None:
    rows = packaged_table("discharge_reasons").rows
    assert len({reason_key(row.cells["label"]) for row in rows}) == len(reason_indicators()) == 37


def test_a_file_in_windows_letters_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "reasons.csv"
    line = f"Oxford,RTH,2024-06-01,{TRANSPORT},3"
    path.write_bytes((",".join(REASONS) + "\r\n" + line + "\r\n").encode("cp1252"))
    assert one(load_checked(path), indicator="discharge_delay_reason_04")["value"] == 3


@pytest.mark.parametrize("text", ["*", "c", "-", "..", ""])
def test_suppressed_counts_are_rows_without_a_value(tmp_path: Path, text: str) -> None:
    loaded = load_table(tmp_path, "nctr.csv", STAYING, days("RTH", 12, text, 13))
    found = one(loaded, period_start="2022-04-02")
    assert found["value"] is None
    assert found["note"]
    assert loaded.rows_kept == 3
