"""Yearly measures of adult social care by council, as the Office for Local Government gave them.

The figures are of NHS Digital's adult social care outcomes framework and of Skills for Care; the
layout is the table behind the text that the Office for Local Government made of them. There is
no row of England; the column of medians is of councils and is not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import (
    LongTable,
    Places,
    Spans,
    Texts,
    lacks_columns,
)
from wholesystem.indicators.loaders.organisations import GSS_CODE
from wholesystem.indicators.loaders.spans import financial_year
from wholesystem.tables.cells import closest

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["FORMATS", "MEASURES"]

PUBLISHER = "Office for Local Government, from NHS Digital and Skills for Care"
NEEDED = ("Financial year", "Local authority code", "Local authority name", "Code", "Value")
# Code of the measure: indicator, unit, whom it is about.
MEASURES = {
    "ASC1": ("carers_quality_of_life", "score (0 to 12)", "carers who answered the survey"),
    "ASC2": ("quality_of_life", "score (0 to 1)", "people who answered the survey"),
    "ASC3": ("ease_of_information", "%", "people with care who looked for information"),
    "ASC4": ("carers_ease_of_information", "%", "carers who looked for information"),
    "ASC5": ("short_term_service_sequel", "%", "new people with short-term support"),
    "ASC6": (
        "requests_resulting_in_service",
        "per 100,000 aged 18 and over",
        "people aged 18 and over",
    ),
    "ASC7": ("asc_turnover", "%", "staff in post"),
}
# Mean scores of many people: 0 would need the worst answer of each of them to every question.
SCORES = ("ASC1", "ASC2")


def _load(workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, NEEDED)
    measures = table.checked(
        "Code",
        MEASURES.__contains__,
        "It is none of the measures ASC1 to ASC7.",
        "Mend the cell, or load the other measures as a table of your own (tidy).",
    )
    spans = table.periods(
        "Financial year", financial_year, "A financial year is needed.", "Write it as 2016-17."
    )
    places = _places(table, spans)
    values = table.figures("Value")
    keys = (places.codes.index, spans.start.astype(np.int64), measures.index)
    table.refuse_repeats(keys, [values], "council, year and measure")
    values.withdraw(
        (values.values == 0) & measures.mask(SCORES.__contains__) & table.kept,
        "{value} stands in the file; taken as not given, since a mean score of 0 is not possible",
    )
    for code, (indicator, unit, base) in MEASURES.items():
        rows = measures.mask(code.__eq__)
        if rows.any():
            table.observe(indicator, values, places, spans, unit=unit, base=base, rows=rows)
    return table.loaded("oflog_asc")


def _places(table: LongTable, spans: Spans) -> Places:
    from wholesystem.indicators.geography import every_area, geography_version

    known = {code: one.name for code, one in every_area().items() if one.kind == "area"}
    names = table.texts("Local authority name")
    codes = table.checked(
        "Local authority code",
        lambda code: GSS_CODE.fullmatch(code) and code in known,
        "No upper-tier council of England has this code.",
        "Mend the cell.",
    )
    for i in np.flatnonzero(names.mask(lambda name: not name)):
        near = closest(codes.values[codes.index[i]], known)
        remedy = f"Write the council's name, such as {known[near]}." if near else "Name it."
        table.fault(int(i), "Local authority name", "", "A council needs its name.", remedy)
    ends = {end: geography_version(end.item()) for end in np.unique(spans.end)}
    distinct = tuple(dict.fromkeys(ends.values()))
    index = np.array([distinct.index(ends[end]) for end in spans.end], dtype=np.int64)
    return Places(codes, names, "area", Texts(index, distinct), "residents")


FORMATS = (
    Format(
        "oflog_asc",
        "Adult social care measures by council and year",
        PUBLISHER,
        "a tidy table (Oflog) with the columns " + ", ".join(NEEDED),
        lambda workbook: lacks_columns(workbook, NEEDED),
        _load,
    ),
)
