"""What series ask of the store, as Ibis expressions: figures as published, and daily ones.

What is asked for stands in two small tables beside the observations, so that each expression is
always the same one and is compiled once, which takes longer than to run it.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from wholesystem.indicators.observations import OBSERVATIONS
from wholesystem.indicators.store import known_date

__all__ = [
    "ASKED",
    "BOOK_COLUMNS",
    "PART_COLUMNS",
    "books_sql",
    "days_sql",
    "standing_names_sql",
    "standing_sql",
]

ASKED: dict[str, dict[str, str]] = {
    # The stored indicators asked for.
    "asked_parts": {"indicator": "string", "monthly": "string", "known_on": "date"},
    # Codes of one and the same area; the last one stands for all.
    "asked_codes": {"code": "string", "last_code": "string", "place": "int64"},
}

PART_COLUMNS = [
    *("indicator", "area_code", "period_start", "period_end", "area", "area_kind", "of"),
    *("value", "numerator", "denominator", "base", "unit", "file", "sheet", "cell"),
    *("published", "revised", "note"),
]
BOOK_COLUMNS = [
    *("area", "area_kind", "of", "base", "unit", "file", "sheet", "published", "revised", "note"),
]


@cache
def standing_sql() -> str:
    """Return the query of figures that stand as published, all revisions: all but daily ones."""
    return _compiled(_rows(daily=False).select(*PART_COLUMNS, "rank"))


@cache
def standing_names_sql() -> str:
    """Return the query of the indicators that have any figure that stands as published."""
    return _compiled(_rows(daily=False).select("indicator").distinct())


@cache
def days_sql() -> str:
    """Return the query of the daily figures, all revisions; their texts by the number of a book."""
    rows = _rows(daily=True)
    numbers = {"book": _book(*(rows[name] for name in BOOK_COLUMNS))}
    columns = ("area_code", "period_start", "value", "numerator", "denominator", "rank", "cell")
    return _compiled(rows.select(*columns, **numbers))


@cache
def books_sql() -> str:
    """Return the query of the books: texts and dates that many daily figures have in common."""
    rows = _rows(daily=True)
    books = rows.select(*BOOK_COLUMNS, book=_book(*(rows[name] for name in BOOK_COLUMNS)))
    return _compiled(books.distinct())


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


def _compiled(expression: ir.Table) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb"))


def _asked(name: str) -> ir.Table:
    return ibis.table(ASKED[name], name=name)


def _rows(*, daily: bool) -> ir.Table:
    """All revisions of what is asked for; that of the highest rank is the current figure."""
    seen = ibis.table(ibis.Schema.from_pyarrow(OBSERVATIONS), name="observations")
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
