"""A DTOC workbook with any cells spoilt loads whole or is refused with places: never half."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.workbooks import Cells, dtoc_cells
from wholesystem.errors import Fault
from wholesystem.indicators.loaders import Loaded, LoadError
from wholesystem.indicators.loaders.dtoc import DTOC
from wholesystem.indicators.loaders.sheets import Sheet, Workbook
from wholesystem.indicators.observations import check_observations

NASTY: list[Any] = [
    "", "-", "*", "#REF!", "=?", "NA", "Name", "England", "Total", "608", "1,234 (r)", "Nov 2099",
    0.0, -1.0, 0.5, 1e300, float("inf"), True, "x" * 500, "A) ", "\x00", "９９",
]  # fmt: skip
SHEETS = list(dtoc_cells())


def workbook(sheets: dict[str, Cells]) -> Workbook:
    rows = {
        name: [[float(v) if isinstance(v, int) else v for v in row] for row in cells]
        for name, cells in sheets.items()
    }
    return Workbook(
        "July_17.xlsx", b"", "xlsx", tuple(rows), lambda n: Sheet("July_17.xlsx", n, rows[n])
    )


def load_or_faults(book: Workbook) -> Loaded | tuple[Fault, ...]:
    try:
        return DTOC.load(book)
    except LoadError as error:
        return error.faults


def test_the_sound_workbook_loads() -> None:
    assert DTOC.load(workbook(dtoc_cells())).rows_kept == 35


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(SHEETS),
            st.integers(0, 45),
            st.integers(0, 17),
            st.sampled_from(NASTY),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_any_cells_spoilt(changes: list[tuple[str, int, int, Any]]) -> None:
    sheets = dtoc_cells()
    for name, row, column, value in changes:
        cells = sheets[name]
        cells += [[] for _ in range(row + 1 - len(cells))]
        cells[row] += [""] * (column + 1 - len(cells[row]))
        cells[row][column] = value
    book = workbook(sheets)
    if DTOC.recognise(book):
        return
    loaded = load_or_faults(book)
    if not isinstance(loaded, Loaded):
        assert loaded
        assert all(fault.where.startswith("July_17.xlsx") for fault in loaded)
        return

    assert loaded.rows_read == loaded.rows_kept + sum(one.rows for one in loaded.skipped)
    assert check_observations(loaded.observations).num_rows == loaded.observations.num_rows
