"""A published table with any cell spoilt: it loads, every row counted, or tells the fault."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.published import csv_text, load_checked
from wholesystem.errors import Fault
from wholesystem.indicators.loaders import Loaded, LoadError
from wholesystem.indicators.observations import OBSERVATIONS

few = settings(max_examples=60, deadline=None, derandomize=True)
SPOILT = (
    "", " ", "*", "-", "..", "c", "0", "-5", "1e400", "nan", "inf", "1,234 (r)", "86.1%",
    "=1+1", "#REF!", "2017-13-45", "31/02/2019", "April 0001", "2016-18", "99999999999999999999",
    "E92000001", "ENGLAND", "England (Type 1 Acute Trusts)", "RTH", "x" * 5000,
    "\N{BLACK HEART SUIT}", "\u202e", 'a "quoted", cell', "line\nbreak",
)  # fmt: skip
REASON = "Hospital process – Awaiting patient transport services"
AGES = [*(str(age) for age in range(90)), "90+"]
TABLES: dict[str, list[list[str]]] = {
    "ae_by_type": [
        ["period", "org_code", "type", "attendances", "breaches", "admissions"],
        ["2016-04-01", "RTH", "1", "9000", "900", "2000"],
        ["2016-04-01", "RTH", "2", "1000", "100", "0"],
    ],
    "ae_trust": [
        ["nhs_trust22_code", "date", "total_attendances", "attendances_over_4hours",
         "total_emergency_admissions", "emergency_admissions_over_4hours"],
        ["RTH", "April 2021", "12475", "1845", "7150", "225"],
        ["RTH", "May 2021", "14232", "2348", "7664", "364"],
    ],
    "discharged_trust": [
        ["nhs_trust22_code", "date", "discharged_by_1700", "discharged_between_1701_2359",
         "discharged_total"],
        ["RTH", "2023-05-30", "70", "30", "100"],
        ["RTH", "2023-05-31", "71", "31", "102"],
    ],
    "discharge_reasons": [
        ["nhs_trust22_name", "nhs_trust22_code", "date", "delay_reason", "delay_count"],
        ["Oxford", "RTH", "2024-06-01", REASON, "3"],
        ["Reading", "RHW", "2024-06-01", REASON, "1"],
    ],
    "acute_discharge": [
        ["Period", "Level", "Region", "ICB", "Org Code", "Org Name", "Metric", "Metric Type",
         "Metric Group", "Value"],
        ["2025-09-01", "Trust", "South East", "BOB", "RTH", "Oxford", REASON, "Count",
         "Delay reason", "4"],
        ["2025-09-01", "National", "", "", "-", "England", "Number of patients discharged",
         "Count", "NCTR", "13032"],
    ],
    "beds": [
        ["nhs_trust22_code", "date", "general_acute_beds_available",
         "general_acute_beds_occupied"],
        ["RTH", "August 2025", "1007", "938"],
        ["RHW", "August 2025", "650", "600"],
    ],
    "winter_sitreps": [
        ["Code", "Name", "Date", "Delays30", "G&A Beds Open", "G&A beds occ'd", "Occupancy rate"],
        ["-", "ENGLAND", "2019-12-02", "1690", "97742", "93405", "0"],
        ["RTH", "Oxford", "2019-12-02", "9", "950", "900", "0"],
        ["RTH", "Oxford", "2019-12-05", "9", "950", "900", "0"],
    ],
    "population": [
        ["year", "utla_code", "utla_name", "total_population", *AGES],
        ["2017", "E10000025", "Oxfordshire", "910", *(["10"] * 91)],
        ["2017", "E92000001", "England", "1820", *(["20"] * 91)],
    ],
    "area_parts": [
        ["ltla21_name", "ltla21_code", "utla21_name", "utla21_code"],
        ["Oxford", "E07000178", "Oxfordshire", "E10000025"],
        ["Cherwell", "E07000177", "Oxfordshire", "E10000025"],
    ],
    "trust_areas": [
        ["nhs_trust22_code", "ltla21_code", "proportion_trust_came_from_ltla"],
        ["RTH", "E07000178", "0.75"],
        ["RTH", "E07000177", "0.25"],
    ],
    "trust_successors": [["old_code", "new_code", "date"], ["RW3", "R0A", "2017-10-01"]],
    "oflog_asc": [
        ["Financial year", "Local authority code", "Local authority name", "Code", "Value"],
        ["2016-17", "E10000025", "Oxfordshire", "ASC5", "68.2"],
        ["2017-18", "E10000025", "Oxfordshire", "ASC5", "57.3"],
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_the_sound_table_loads(tmp_path: Path, name: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(csv_text(TABLES[name][0], TABLES[name][1:]), encoding="utf-8")
    loaded = load_checked(path)
    assert loaded.format == name
    assert loaded.rows_kept == len(TABLES[name]) - 1


@pytest.mark.parametrize("name", TABLES)
@few
@given(data=st.data())
def test_any_cell_spoilt(name: str, data: st.DataObject) -> None:
    table = [list(row) for row in TABLES[name]]
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.integers(0, len(table[0]) - 1))
    table[row][column] = data.draw(st.sampled_from(SPOILT))
    loaded, faults = spoilt(table)
    assert all(fault.where.startswith("table.csv") for fault in faults)
    assert all(fault.rule and fault.remedy for fault in faults)
    if loaded is None:
        assert faults
        return
    found = loaded.observations
    assert found.schema == OBSERVATIONS
    assert found["value"].to_pandas().dropna().abs().lt(1e300).all()
    assert found["note"].filter(pc.is_null(found["value"])).null_count == 0


def spoilt(table: list[list[str]]) -> tuple[Loaded | None, tuple[Fault, ...]]:
    """What loading a table gives: one or the other."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text(csv_text(table[0], table[1:]), encoding="utf-8")
        try:
            return load_checked(path), ()
        except LoadError as error:
            return None, error.faults
