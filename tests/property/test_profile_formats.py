"""Whatever the figures, page, workbook and CSV of a profile hold the same."""

import csv
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.observations import catalogue, indicator, loaded, month, observation
from tests.helpers.pages import check_page
from wholesystem.indicators import Store, find_area
from wholesystem.indicators.profile import AreaProfile, ProfileData, ProfileOptions, make_profile
from wholesystem.indicators.spc.words import format_value
from wholesystem.reports.profile_files import write_profile

CODES = ("E10000025", "E10000003", "E10000008", "E92000001")
FIGURES = st.one_of(
    st.none(),
    st.floats(0, 1e7, allow_nan=False).map(lambda value: round(value, 4)),
    st.sampled_from([0.0, 1.0, 0.05, 99.995, 1e7]),
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[float | None]]:
    """Figures of each area by month; Oxfordshire has one at least."""
    months = draw(st.integers(1, 16))
    rows = [draw(st.lists(FIGURES, min_size=months, max_size=months)) for _ in CODES]
    if all(value is None for value in rows[0]):
        rows[0][-1] = draw(st.floats(0, 1e4).map(lambda value: round(value, 4)))
    return rows


def profile_of(table: list[list[float | None]], decimals: int, better: str, folder: Path):
    row = indicator("score", kind="mean", unit="points", decimals=decimals, better=better)
    kinds = {"E92000001": "country"}
    rows = [
        observation(indicator="score", unit="points", area_code=code, area=code, value=value,
                    area_kind=kinds.get(code, "area"), cell=f"F{i}",
                    note="suppressed" if value is None else None,
                    **month(2016 + n // 12, n % 12 + 1))
        for i, (code, values) in enumerate(zip(CODES, table, strict=True), start=1)
        for n, value in enumerate(values)
    ]  # fmt: skip
    store = Store.create(folder)
    store.add([loaded(*rows)], catalogue=catalogue(row))
    data = ProfileData(store, ProfileOptions(), catalogue(row))
    return make_profile(data, find_area("Oxfordshire"))


def check_formats(profile: AreaProfile, folder: Path, values: list[float | None]) -> None:
    write_profile(profile, folder)
    (one,) = profile.indicators
    first = next(i for i, value in enumerate(values) if value is not None)
    last = max(i for i, value in enumerate(values) if value is not None)
    shown = values[first : last + 1]

    tables = check_page((folder / "index.html").read_text("utf-8")).rows
    over_time = next(rows for caption, rows in tables.items() if "Period" in rows[0][0])
    decimals = one.indicator.decimals
    on_page = ["–" if v is None else format_value(v, decimals) for v in shown]
    assert [row[1] for row in over_time[1:]] == on_page

    sheet = openpyxl.load_workbook(folder / "profile.xlsx").worksheets[-1]
    in_book = [row[2] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert len(in_book) == len(shown)
    half = 0.5001 * 10 ** -(decimals + 2)
    for cell, value in zip(in_book, shown, strict=True):
        assert cell is value if value is None else cell == pytest.approx(value, abs=half, rel=1e-12)

    with (folder / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["area_code"] == CODES[0]]
    in_csv = [float(row["value"]) if row["value"] else None for row in rows]
    assert [value is None for value in in_csv] == [value is None for value in shown]
    known = [value for value in in_csv if value is not None]
    assert known == pytest.approx([value for value in shown if value is not None], rel=1e-9)
    with (folder / "indicators.csv").open(encoding="utf-8", newline="") as file:
        (latest,) = csv.DictReader(file)
    assert float(latest["value"]) == pytest.approx(shown[-1], rel=1e-9)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.integers(0, 3), st.sampled_from(["low", "high", "none"]))
def test_page_workbook_and_csv_hold_the_same_figures(
    table: list[list[float | None]], decimals: int, better: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        profile = profile_of(table, decimals, better, Path(folder) / "store")
        out = Path(folder) / "out"
        out.mkdir()
        check_formats(profile, out, table[0])
