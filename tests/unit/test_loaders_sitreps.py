"""Winter situation reports: columns of any winter, England's rows, doubled days, odd values."""

from datetime import date, timedelta
from pathlib import Path

from tests.helpers.published import faults_of, frame, load_table, one, skipped

OPEN, OCCUPIED, RATE = "G&A Beds Open", "G&A beds occ'd", "Occupancy rate"
WEEK, THREE_WEEKS = (
    "No. beds occupied by long-stay patients (> 7 days)",
    "No. beds occupied by long-stay patients (> 21 days)",
)
HEADER = ("Code", "Name", "Date", "Delays30", "Delays60", OPEN, OCCUPIED, RATE, WEEK, THREE_WEEKS)
OXFORD = "Oxford University Hospitals NHS Foundation Trust"
FIRST = date(2019, 12, 2)


def row(
    day: int,
    open_beds: object = 950,
    occupied: object = 900,
    week: object = 450,
    code: str = "RTH",
    name: str = OXFORD,
) -> tuple[object, ...]:
    """A row of the winter of 2019/20; `day` counts from its first."""
    when = FIRST + timedelta(days=day)
    rate = "" if occupied == "" else 0
    return (
        code,
        name,
        when,
        9.0 if occupied != "" else "",
        "",
        open_beds,
        occupied,
        rate,
        week,
        "",
    )


def test_each_column_by_its_name(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "winter.csv", HEADER, [row(0)])
    assert loaded.format == "winter_sitreps"
    found = frame(loaded).set_index("indicator")
    assert found.value.dropna().to_dict() == {
        "winter_ga_beds_open": 950,
        "winter_ga_beds_occupied": 900,
        "winter_beds_over_7_days": 450,
        "handover_30_to_60": 9,
    }
    assert found.cell["winter_ga_beds_occupied"] == "G2"
    assert found.area["handover_30_to_60"] == OXFORD
    assert set(found.area_kind) == {"trust"}


def test_columns_in_the_order_of_another_winter(tmp_path: Path) -> None:
    header = ("Code", "Name", "Region", "Date", OCCUPIED, OPEN, "Delays30", "Snow")
    rows = [("RTH", OXFORD, "South East", "2022-11-14", 973, 1010, 10, 3)]
    loaded = load_table(tmp_path, "winter.csv", header, rows)
    assert one(loaded, indicator="winter_ga_beds_open")["value"] == 1010
    assert loaded.warnings == ("Columns that are not known and not read: Snow.",)


def test_england_under_its_names(tmp_path: Path) -> None:
    rows = [
        row(0, 97742, 93405, "", "-", "ENGLAND"),
        row(1, 97742, 93405, "", "-", "England"),
        row(2, 97742, 93405, "", "-", "ENGLAND (All Acute Trusts)"),
        row(2, 95000, 91000, "", "-", "ENGLAND (Type 1 Acute Trusts)"),
    ]
    loaded = load_table(tmp_path, "winter.csv", HEADER, rows)
    beds = frame(loaded).query("indicator == 'winter_ga_beds_open'")
    assert beds.value.tolist() == [97742] * 3
    assert set(beds.area_code) == {"E92000001"}
    assert set(beds.area) == {"England"}
    assert set(beds.area_kind) == {"country"}
    assert skipped(loaded) == {"England, type 1 acute trusts only": 1}


def test_a_trust_without_a_code_is_a_fault(tmp_path: Path) -> None:
    told = faults_of(tmp_path, "winter.csv", HEADER, [row(0, code="-"), row(1)])
    assert told == [
        "winter.csv, cell A2 is '-'. An organisation's code of three letters and digits is "
        "needed, or the name England. Mend the cell."
    ]


def test_the_same_row_under_another_name_is_counted_once(tmp_path: Path) -> None:
    rows = [row(0), row(0, name="Oxford University Hospitals NHS Ft"), row(1)]
    loaded = load_table(
        tmp_path, "winter.csv", HEADER, [*rows, row(0, code="RHW"), row(1, code="RHW")]
    )
    assert skipped(loaded) == {"the same organisation and day again with the same figures": 1}
    assert one(loaded, indicator="winter_ga_beds_open", area_code="RTH", period_start=FIRST)


def others(day: int) -> list[tuple[object, ...]]:
    """Rows of two other trusts, so that a doubled row of one is not a doubled day."""
    return [row(day, code="RHW", name="Reading"), row(day, code="RN3", name="Swindon")]


def test_unlike_rows_of_one_trust_and_day_are_not_chosen_between(tmp_path: Path) -> None:
    rows = [row(0), row(0, 960, 900), *others(0)]
    loaded = load_table(tmp_path, "winter.csv", HEADER, rows)
    beds = one(loaded, indicator="winter_ga_beds_open", area_code="RTH")
    assert beds["value"] is None
    assert beds["note"] == (
        "given more than once with different figures, none is used: F2 950, F3 960"
    )
    # both rows say 900, so either way that is the figure
    assert one(loaded, indicator="winter_ga_beds_occupied", area_code="RTH")["value"] == 900
    assert skipped(loaded) == {"the same organisation and day again with other figures": 1}


def test_a_row_without_figures_beside_one_with_figures_says_nothing(tmp_path: Path) -> None:
    rows = [row(0, "", "", "", name="Oxford under its next name"), row(0), *others(0)]
    loaded = load_table(tmp_path, "winter.csv", HEADER, rows)
    beds = one(loaded, indicator="winter_ga_beds_open", area_code="RTH")
    assert (beds["value"], beds["cell"]) == (950, "F3")
    assert skipped(loaded) == {
        "a row without figures beside one of the same organisation and day": 1
    }


def test_no_figure_is_used_of_a_day_that_is_doubled_for_most(tmp_path: Path) -> None:
    """The dates themselves are in doubt there, so a blank row does not settle which is right."""
    doubled = [row(1), *others(1), row(1, "", "", ""), row(1, "", "", "", code="RHW", name="R")]
    loaded = load_table(tmp_path, "winter.csv", HEADER, [row(0), *others(0), *doubled])
    beds = frame(loaded).query("indicator == 'winter_ga_beds_open'")
    assert beds.groupby("period_start").value.count().tolist() == [3, 0]
    assert skipped(loaded) == {
        "a second row of a day that the file gives twice for most organisations": 2
    }
    note = one(loaded, indicator="winter_ga_beds_open", cell="F5")["note"]
    assert note.startswith("950 stands in the file; not used, since the file gives this day twice")


def test_twice_the_next_day_is_not_possible(tmp_path: Path) -> None:
    rows = [row(0, 1984, 1960), *(row(i, 940 + i, 900 + i) for i in range(1, 10))]
    loaded = load_table(tmp_path, "winter.csv", HEADER, rows)
    beds = one(loaded, indicator="winter_ga_beds_open", period_start=FIRST)
    assert beds["value"] is None
    # medians of 941 to 947 is 944, the next day is 941: the larger is the nearer
    assert beds["note"] == (
        "1,984 stands in cell F2; taken as an error: more than 1.5 times or less than 1/1.5 of "
        "the medians before and after (the nearer is 944)"
    )
    assert one(loaded, indicator="winter_ga_beds_open", cell="F3")["value"] == 941
    assert any("G&A Beds Open: 1 figure is more than 1.5 times" in one for one in loaded.warnings)


def test_a_small_hospital_may_change_by_half(tmp_path: Path) -> None:
    rows = [row(i, 30, 20, 5) for i in range(4)] + [row(4, 60, 20, 5)]
    assert one(load_table(tmp_path, "w.csv", HEADER, rows), cell="F6")["value"] == 60


def test_zeros_of_beds_and_long_stays_are_not_submitted(tmp_path: Path) -> None:
    rows = [row(i) for i in range(5)] + [row(5, 950, 0, 0)]
    loaded = load_table(tmp_path, "winter.csv", HEADER, rows)
    for cell in ("G7", "I7"):
        found = one(loaded, cell=cell)
        assert found["value"] is None
        assert found["note"].startswith("0 stands in the file; taken as not submitted")


def test_printed_rates_of_zero_are_told_and_not_read(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "winter.csv", HEADER, [row(0), row(1)])
    assert loaded.warnings == (
        "Occupancy rate is 0 in 2 rows with occupied beds; rates are computed from the beds "
        "instead.",
    )
    assert not any("occupancy" in name for name in frame(loaded).indicator)


def test_more_occupied_than_open_stays_with_a_note(tmp_path: Path) -> None:
    loaded = load_table(tmp_path, "winter.csv", HEADER, [row(0, 900, 910)])
    found = one(loaded, indicator="winter_ga_beds_occupied")
    assert (found["value"], found["note"]) == (
        910,
        "more beds occupied than open, as it stands in the file",
    )


def test_attendances_of_a_friday_cover_the_weekend_that_is_left_out(tmp_path: Path) -> None:
    header = ("Code", "Name", "Date", "Diverts", "Closures", "A&E Attendances", OPEN, OCCUPIED)
    rows = [
        ("-", "ENGLAND", "2015-12-03", 0, 0, 48711, 96949, 90365),
        ("-", "ENGLAND", "2015-12-04", 18, 0, 142844, 96949, 90365),
        ("-", "ENGLAND", "2015-12-07", 0, 0, 54612, 96949, 90365),
        ("-", "ENGLAND", "2015-12-11", 9, 0, 139984, 96949, 90365),
    ]
    loaded = load_table(tmp_path, "winter.csv", header, rows)
    seen = frame(loaded).query("indicator == 'winter_ae_attendances'")
    ends = [str(day) for day in seen.period_end]
    assert ends == ["2015-12-03", "2015-12-06", "2015-12-10", "2015-12-13"]
    assert seen.note.isna().tolist() == [True, False, False, False]
    assert seen.note.iloc[1] == "one figure for the days until the next that the file gives"
    # beds are counted at one time of the day
    beds = frame(loaded).query("indicator == 'winter_ga_beds_open'")
    assert (beds.period_end == beds.period_start).all()


def test_a_dash_is_no_figure(tmp_path: Path) -> None:
    rows = [row(0, week="-"), row(1)]
    found = one(load_table(tmp_path, "winter.csv", HEADER, rows), cell="I2")
    assert (found["value"], found["note"]) == (None, "no figure is given (-)")
