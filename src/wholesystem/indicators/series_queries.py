"""What profiles ask of a store, as Ibis expressions: figures as published, and daily ones.

What is asked for stands in small tables beside the observations, so that each expression is always
the same one and is compiled ahead: see `queries`. After a change run ``tools/compile_queries.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from wholesystem.indicators.observations import OBSERVATIONS
from wholesystem.indicators.queries import ASKED, BOOK_COLUMNS, PART_COLUMNS
from wholesystem.indicators.store import known_date

__all__ = ["EXPRESSIONS", "compiled_queries"]

_DAY_COLUMNS = ["area_code", "period_start", "value", "numerator", "denominator", "rank"]


def compiled_queries() -> dict[str, list[str]]:
    """Return every expression in DuckDB's SQL.

    Returns
    -------
    dict of str to list of str
        Lines by name.
    """
    return {
        name: str(ibis.to_sql(make(), dialect="duckdb")).splitlines()
        for name, make in EXPRESSIONS.items()
    }


def _indicators() -> ir.Table:
    """Every indicator of which there is a figure."""
    return _observations().select("indicator").distinct()


def _indicator_areas() -> ir.Table:
    """Every indicator and area of which there is a figure."""
    return _observations().select("indicator", "area_code").distinct()


def _standing() -> ir.Table:
    """Figures that stand as published, all revisions: all but daily ones."""
    return _rows(daily=False).select(*PART_COLUMNS, "rank")


def _standing_names() -> ir.Table:
    """Those of the indicators asked for that have any such figure."""
    return _rows(daily=False).select("indicator").distinct()


def _days() -> ir.Table:
    """Daily figures, all revisions; their texts by the number of a book."""
    rows = _rows(daily=True)
    return rows.select(*_DAY_COLUMNS, book=_book_of(rows))


def _days_with_cells() -> ir.Table:
    """The same with the cell of each, which takes twice the time."""
    rows = _rows(daily=True)
    return rows.select(*_DAY_COLUMNS, "cell", book=_book_of(rows))


def _days_of_areas() -> ir.Table:
    """The same of the areas asked for."""
    rows = _rows(daily=True, of_areas=True)
    return rows.select("indicator", "monthly", *_DAY_COLUMNS, "cell", book=_book_of(rows))


def _books() -> ir.Table:
    """The books: texts and dates that many daily figures have in common."""
    rows = _rows(daily=True)
    return rows.select("indicator", "monthly", *BOOK_COLUMNS, book=_book_of(rows)).distinct()


EXPRESSIONS: Mapping[str, Callable[[], ir.Table]] = {
    "indicators": _indicators,
    "indicator_areas": _indicator_areas,
    "standing": _standing,
    "standing_names": _standing_names,
    "days": _days,
    "days_with_cells": _days_with_cells,
    "days_of_areas": _days_of_areas,
    "books": _books,
}
"""The expressions by name."""


@ibis.udf.scalar.builtin(name="hash")  # type: ignore[untyped-decorator]
def _book(
    area: str,
    area_kind: str,
    of: str,
    base: str,
    unit: str,
    file: str,
    sheet: str,
    published: date,
    revised: date,
    note: str,
) -> dt.uint64:
    """Number of a book: 64 bits of what it says, by DuckDB's own function."""


def _book_of(rows: ir.Table) -> ir.Value:
    return _book(*(rows[name] for name in BOOK_COLUMNS))


def _observations() -> ir.Table:
    return ibis.table(ibis.Schema.from_pyarrow(OBSERVATIONS), name="observations")


def _asked(name: str) -> ir.Table:
    return ibis.table(dict(ASKED[name]), name=name)


def _rows(*, daily: bool, of_areas: bool = False) -> ir.Table:
    """All revisions of what is asked for; that of the highest rank is the current figure."""
    seen = _observations()
    if of_areas:  # First, so that parts of files without these areas are passed over.
        seen = seen.semi_join(_asked("asked_areas"), "area_code")
    rows = seen.join(_asked("asked_parts"), "indicator")
    is_daily = (rows["monthly"] != "as_is") & (rows["period_start"] == rows["period_end"])
    rows = rows.filter(is_daily == daily, known_date(rows) <= rows["known_on"])
    codes = _asked("asked_codes")
    rows = rows.left_join(codes, rows["area_code"] == codes["code"])
    return rows.mutate(
        area_code=rows["last_code"].coalesce(rows["area_code"]),
        # Known last; of two codes of one area known on one day, the later code.
        rank=known_date(rows).delta(ibis.literal(date.min, "date"), unit="day") * 100
        + rows["place"].fill_null(0),
    )
