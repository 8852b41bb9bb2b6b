"""A&E attendances and emergency admissions: by provider and type, by trust and by ICB.

The figures are NHS England's; the three layouts are tidy tables that others made of its monthly
workbooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import (
    Figures,
    LongTable,
    Places,
    Spans,
    lacks_columns,
)
from wholesystem.indicators.loaders.organisations import (
    provider_places,
    trust_or_icb_places,
)
from wholesystem.indicators.loaders.spans import MONTH
from wholesystem.indicators.loaders.withdrawals import withdraw_repeated_months, withdraw_sums

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["FORMATS"]

PUBLISHER = "NHS England"
BY_TYPE = ("period", "org_code", "type", "attendances", "breaches", "admissions")
MONTHLY = (
    "date",
    "total_attendances",
    "attendances_over_4hours",
    "total_emergency_admissions",
    "emergency_admissions_over_4hours",
)
TYPES = ("1", "2", "other")


def _is_by_type(workbook: Workbook) -> str:
    return lacks_columns(workbook, BY_TYPE)


def _load_by_type(workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, BY_TYPE)
    places = provider_places(table, "org_code")
    spans = table.periods("period", *MONTH)
    types = table.checked(
        "type", TYPES.__contains__, "The type must be 1, 2 or other.", "Mend the cell."
    )
    seen, late, admitted = (table.figures(name) for name in BY_TYPE[3:])
    keys = (places.codes.index, spans.start.astype(np.int64), types.index)
    table.refuse_repeats(keys, (seen, late, admitted), "provider, month and type")
    withdraw_sums(table, seen, (late,))
    by_column = {
        "ae_attendances": (seen, "attendances"),
        "ae_over_4_hours": (late, "attendances"),
        "ae_emergency_admissions": (admitted, "admissions"),
    }
    for indicator, (figures, unit) in by_column.items():
        ids = types.map(f"{indicator}_type_{{}}".format)
        table.observe(ids, figures, places, spans, unit=unit)
        _observe_all_types(table, indicator, figures, places, spans, unit)
    return table.loaded("ae_by_type")


def _observe_all_types(
    table: LongTable, indicator: str, figures: Figures, places: Places, spans: Spans, unit: str
) -> None:
    """All types of a provider and month, at the first of their rows, with the cells added up."""
    kept = np.flatnonzero(table.kept)
    months = spans.start.astype(np.int64)
    joined = places.codes.index[kept] * 1_000_000 + months[kept]
    _, first, number = np.unique(joined, return_index=True, return_inverse=True)
    sums = np.bincount(number, figures.values[kept])
    count = np.bincount(number)
    rows = kept[first]
    whole = Figures(
        figures.name, figures.letters, figures.values.copy(), np.full(len(table), None, object)
    )
    whole.values[rows] = sums
    cells = np.array([f"{figures.letters}{row}" for row in table.rows[kept]], dtype=object)
    order = np.argsort(number, kind="stable")
    parts = np.split(cells[order], np.cumsum(count)[:-1])
    for row, part in zip(rows, parts, strict=True):
        if len(part) > 1:
            whole.notes[row] = f"all types: sum of {' + '.join(part)}"
        if np.isnan(whole.values[row]):
            whole.notes[row] = f"all types: not every one of {', '.join(part)} has a figure"
    mask = np.zeros(len(table), dtype=bool)
    mask[rows] = True
    table.observe(indicator, whole, places, spans, unit=unit, rows=mask)


def _is_monthly(code: str, workbook: Workbook) -> str:
    return lacks_columns(workbook, (code, *MONTHLY))


def _load_monthly(format_id: str, code: str, workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, (code, *MONTHLY))
    places = trust_or_icb_places(table, code)
    spans = table.periods("date", *MONTH)
    columns = [table.figures(name) for name in MONTHLY[1:]]
    seen, late, admitted, late_admitted = columns
    keys = (places.codes.index, spans.start.astype(np.int64))
    table.refuse_repeats(keys, columns, "organisation and month")
    withdraw_repeated_months(table, places.codes, spans, columns)
    _withdraw_missing_waits(late, late_admitted)
    withdraw_sums(table, seen, (late,))
    withdraw_sums(table, admitted, (late_admitted,))
    for indicator, figures, unit in (
        ("ae_attendances", seen, "attendances"),
        ("ae_over_4_hours", late, "attendances"),
        ("ae_emergency_admissions", admitted, "admissions"),
        ("ae_admission_over_4_hours", late_admitted, "admissions"),
    ):
        table.observe(indicator, figures, places, spans, unit=unit)
    return table.loaded(format_id)


def _withdraw_missing_waits(late: Figures, late_admitted: Figures) -> None:
    """No wait over four hours, though people waited over four hours for a bed, is not possible."""
    rows = (late.values == 0) & (late_admitted.values > 0)
    cells = np.full(len(rows), "", dtype=object)
    for i in np.flatnonzero(rows):
        cells[i] = (
            "{value} stands in the file; taken as not submitted, since "
            f"{late_admitted.values[i]:,.0f} people of the same month waited over four hours "
            "to be admitted"
        )
    late.withdraw(rows, cells)


FORMATS = (
    Format(
        "ae_by_type",
        "A&E attendances by provider, month and type of department",
        PUBLISHER,
        "a tidy table (NHSRdatasets package) with the columns " + ", ".join(BY_TYPE),
        _is_by_type,
        _load_by_type,
    ),
    Format(
        "ae_trust",
        "A&E attendances by trust and month, all types",
        PUBLISHER,
        "a tidy table (healthyr package) with the columns nhs_trust22_code, " + ", ".join(MONTHLY),
        lambda workbook: _is_monthly("nhs_trust22_code", workbook),
        lambda workbook: _load_monthly("ae_trust", "nhs_trust22_code", workbook),
    ),
    Format(
        "ae_icb",
        "A&E attendances by integrated care board and month, all types",
        PUBLISHER,
        "a tidy table (healthyr package) with the columns icb22_code, " + ", ".join(MONTHLY),
        lambda workbook: _is_monthly("icb22_code", workbook),
        lambda workbook: _load_monthly("ae_icb", "icb22_code", workbook),
    ),
)
