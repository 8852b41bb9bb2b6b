"""What series ask of the store, as Ibis expressions: current figures, and daily ones as months.

What is asked for stands in two small tables beside the observations, so that each expression is
always the same one and is compiled once, which takes longer than to run it.
"""

from __future__ import annotations

from functools import cache

import ibis
import ibis.expr.types as ir

from wholesystem.indicators.observations import OBSERVATIONS

__all__ = ["ASKED", "PART_COLUMNS", "current_sql", "months_sql", "paired_months_sql"]

ASKED: dict[str, dict[str, str]] = {
    # The stored indicators asked for. x, y and z are the parts of a computed one: (x - y) / z; a
    # stored one has x alone.
    "asked_parts": {
        "wanted": "string",
        "role": "string",
        "indicator": "string",
        "monthly": "string",
        "has_y": "boolean",
        "known_on": "date",
    },
    # Codes of one and the same area; the last one stands for all.
    "asked_codes": {"code": "string", "last_code": "string", "place": "int64"},
}

PART_COLUMNS = [
    *("wanted", "area_code", "period_start", "period_end", "area", "area_kind", "of"),
    *("value", "numerator", "denominator", "base", "unit", "file", "source", "published"),
    *("revised", "note"),
]
FIGURE = ["wanted", "role", "area_code", "period_start", "period_end"]
FIRST_DAY = (1, 1, 1)


@cache
def current_sql() -> str:
    """Return the query of figures that stand as published: all but daily ones to be months."""
    rows = _parts(daily=False)
    return _compiled(rows.select(*PART_COLUMNS).order_by("wanted"))


@cache
def months_sql() -> str:
    """Return the query of months made of the daily figures of one indicator."""
    rows = _parts(daily=True)
    days = rows.mutate(x=rows["value"], whole=rows["value"].notnull())
    return _compiled(_months(days, ["x", "numerator", "denominator"], ["source"]))


@cache
def paired_months_sql() -> str:
    """Return the query of months made of daily numerators and denominators, day by day."""
    rows = _parts(daily=True)
    days = _role(rows, "x", all_columns=True).left_join(_role(rows, "y"), _DAY)
    days = days.drop(*(name for name in days.columns if name.endswith("_right")))
    days = days.join(_role(rows, "z"), _DAY)
    x_and_z = days["x"].notnull() & days["z"].notnull()
    days = days.mutate(whole=x_and_z & (days["y"].notnull() | ~days["has_y"]))
    sources = [f"{role}_source" for role in "xyz"]
    return _compiled(_months(days, list("xyz"), sources))


def _compiled(expression: ir.Table) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb"))


def _asked(name: str) -> ir.Table:
    return ibis.table(ASKED[name], name=name)


def _parts(*, daily: bool) -> ir.Table:
    """Current figures of what is asked for, under the last code of each area."""
    seen = ibis.table(ibis.Schema.from_pyarrow(OBSERVATIONS), name="observations")
    rows = seen.join(_asked("asked_parts"), "indicator")
    is_daily = (rows["monthly"] != "as_is") & (rows["period_start"] == rows["period_end"])
    known = ibis.coalesce(rows["revised"], rows["published"], ibis.date(*FIRST_DAY))
    rows = rows.filter(is_daily == daily, known <= rows["known_on"])
    codes = _asked("asked_codes")
    rows = rows.left_join(codes, rows["area_code"] == codes["code"])
    known = ibis.coalesce(rows["revised"], rows["published"], ibis.date(*FIRST_DAY))
    rows = rows.mutate(
        area_code=rows["last_code"].coalesce(rows["area_code"]),
        # Known last; of two codes of one area known on one day, the later code.
        rank=known.delta(ibis.date(*FIRST_DAY), unit="day") * 100 + rows["place"].fill_null(0),
        source=_joined(rows),
    )
    rows = rows.mutate(last_rank=rows["rank"].max().over(ibis.window(group_by=FIGURE)))
    return rows.filter(rows["rank"] == rows["last_rank"])


def _joined(rows: ir.Table) -> ir.Value:
    """File, sheet and cell; what is missing is left out."""
    sheet = ibis.literal("sheet ") + rows["sheet"]
    cell = ibis.literal("cell ") + rows["cell"]
    return ibis.literal(", ").join([rows["file"], sheet, cell])


_DAY = ["wanted", "area_code", "period_start"]


def _role(rows: ir.Table, role: str, *, all_columns: bool = False) -> ir.Table:
    own = rows.filter(rows["role"] == role)
    more = ["area", "area_kind", "of", "base", "unit", "file", "published", "revised", "note"]
    return own.select(
        *_DAY,
        *((*more, "monthly", "has_y") if all_columns else ()),
        **{role: own["value"], f"{role}_source": own["source"]},
    )


def _months(days: ir.Table, numbers: list[str], sources: list[str]) -> ir.Table:
    """Sums over the days that are whole, and how many these are."""
    start, whole = days["period_start"], days["whole"]
    days = days.mutate(month=start.truncate("M"))
    sums = days.group_by("wanted", "area_code", "month", "monthly").agg(
        days=whole.sum(),
        **{name: days[name].sum(where=whole) for name in numbers},
        **{f"{name}_first": days[name].argmin(start, where=whole) for name in sources},
        **{f"{name}_last": days[name].argmax(start, where=whole) for name in sources},
        **{name: days[name].argmax(start) for name in ("area", "area_kind", "of")},
        base=days["base"].max(),
        unit=days["unit"].max(),
        file=days["file"].min(),
        last_file=days["file"].max(),
        files=days["file"].nunique(),
        published=days["published"].max(),
        revised=days["revised"].max(),
        note=days["note"].argmin(start, where=~whole),
    )
    return sums.order_by("wanted")
