"""Whatever stands in a cell, a model is read or its faults are told; nothing else happens."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.full_model import full_model
from wholesystem.errors import TableError
from wholesystem.flow.model_files import build_model, model_to_tables
from wholesystem.tables import RawRow, Tables

CELLS = st.sampled_from(
    [
        "", "0", "-1", "1e308", "1e-308", "-0", "9" * 40, "NaN", "inf", "2024-01-01", "9999-12-31",
        "ward", "team", "home", "old", "day", "left", "hours_per_week", "outside", "priority",
        "fixed(0)", "fixed(36525)", "lognormal(mu=-700, sigma=8)", "lognormal(mean=1, sd=1e300)",
        "gamma(shape=0.01, scale=1e-300)", "gamma(p1=1e-300, p99=36525)", "gamma(mean=1, p1=0.999)",
        "weibull(shape=0.08, scale=1e-9)", "weibull(p1=1, p2=1.0000001)", "empirical(hours)",
        "lognormal(p98=1, p99=1e300)", "exponential(p99=1e-320)", "exponential(rate=1e-320)",
    ]
) | st.text(max_size=8)  # fmt: skip


@cache
def sound_tables() -> Any:
    return model_to_tables(full_model()).tables


@st.composite
def changed_tables(draw: st.DrawFn) -> Tables:
    tables = dict(sound_tables())
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(tables)))
        table = tables[name]
        at = draw(st.integers(0, len(table.rows) - 1))
        column = draw(st.sampled_from([c for c in table.columns if c not in ("key", "note")]))
        row = RawRow(table.rows[at].number, {**table.rows[at].cells, column: draw(CELLS)})
        tables[name] = replace(table, rows=(*table.rows[:at], row, *table.rows[at + 1 :]))
    return Tables(model_to_tables(full_model()).source, tables)


@settings(max_examples=150, deadline=None)
@given(changed_tables())
def test_any_cell_is_read_or_told(tables: Tables) -> None:
    try:
        model = build_model(tables)
    except TableError as error:
        for fault in error.faults:
            assert fault.where
            assert fault.rule.endswith(".")
            assert fault.remedy
    else:
        assert model_to_tables(model).tables
        for row in model.durations:
            values = model.empirical.get(row.days.name)
            assert 0 <= row.days.mean_days(values) <= 36_525
