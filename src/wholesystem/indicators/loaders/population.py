"""Population by single year of age: mid-year estimates of the Office for National Statistics.

The layout is a tidy table of councils by year, with one column for each year of age.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.cells import CellError
from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import (
    Figures,
    LongTable,
    Places,
    Spans,
    Texts,
    lacks_columns,
)
from wholesystem.indicators.loaders.organisations import ENGLAND, GSS_CODE
from wholesystem.indicators.loaders.spans import one_day

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["FORMATS"]

PUBLISHER = "Office for National Statistics"
AGES = (*(str(age) for age in range(90)), "90+")
NEEDED = ("year", "utla_code", "utla_name", "total_population", *AGES)
# First age of each band, with the column that the file may give it in.
BANDS = {18: "age_18_plus", 65: "age_65_plus", 75: "age_75_plus", 85: "age_85_plus"}


def _load(workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, NEEDED)
    spans = table.periods(
        "year", _mid_year, "A year of four digits is needed.", "Write it as 2019."
    )
    places = _places(table, spans)
    ages = [table.figures(age) for age in AGES]
    total = table.figures("total_population")
    keys = (places.codes.index, spans.start.astype(np.int64))
    table.refuse_repeats(keys, [total, *ages], "area and year")
    _check_ages(table, ages)
    _check_total(table, total, ages)
    bands = {first: _band(table, ages, first) for first in BANDS}
    for first, column in BANDS.items():
        if table.has(column):
            _check_total(table, table.figures(column), ages[first:])
    if not table.faults:
        _check_england(table, places, spans, (total, *bands.values()))
    table.observe("population", total, places, spans, unit="people")
    for first, figures in bands.items():
        table.observe(f"population_{first}_plus", figures, places, spans, unit="people")
    return table.loaded("population")


def _mid_year(text: str) -> tuple[date, date]:
    if not re.fullmatch(r"\d{4}", text, re.ASCII):
        raise CellError("A year of four digits is needed.", "Write it as 2019.")
    return one_day(f"{text}-06-30")


def _places(table: LongTable, spans: Spans) -> Places:
    codes = table.checked(
        "utla_code",
        GSS_CODE.fullmatch,
        "A code of the Office for National Statistics (a letter and eight digits) is needed.",
        "Mend the cell.",
    )
    is_england = codes.mask(lambda code: code == ENGLAND)
    count = len(table)
    return Places(
        codes,
        table.texts("utla_name"),
        Texts.same("area", count).replaced(is_england, "country"),
        _versions(table, codes, spans).replaced(is_england, "country"),
        "residents",
    )


def _versions(table: LongTable, codes: Texts, spans: Spans) -> Texts:
    """Version of the boundaries of each year: the latest in which all its codes are valid."""
    from wholesystem.indicators.geography import area_changes, areas_on, geography_version

    days = sorted({one.date for one in area_changes()}, reverse=True)
    valid = {day: {one.code for one in areas_on(day)} for day in days}
    known = {ENGLAND}.union(*valid.values())
    table.skip(codes.mask(lambda code: code not in known), "no upper-tier council of England")
    versions = Texts.same(geography_version(date.min), len(table))
    for mid_year in np.unique(spans.start):
        rows = (spans.start == mid_year) & table.kept
        there = set(codes.array()[rows]) - {ENGLAND}
        day = next((day for day in days if there <= valid[day]), None)
        if day is None:
            table.warnings.append(
                f"The councils of {mid_year.item().year} are of no one day's boundaries."
            )
            day = mid_year.item()
        versions = versions.replaced(rows, geography_version(day))
    return versions


def _check_ages(table: LongTable, ages: list[Figures]) -> None:
    for one in ages:
        for i in np.flatnonzero(np.isnan(one.values) & table.kept):
            table.fault(
                int(i),
                one.name,
                "",
                "Every year of age needs its number of people.",
                "Fetch the file again.",
            )


def _check_total(table: LongTable, total: Figures, ages: list[Figures]) -> None:
    sums = np.sum([one.values for one in ages], axis=0)
    unlike = (total.values != sums) & ~np.isnan(total.values) & ~np.isnan(sums) & table.kept
    for i in np.flatnonzero(unlike):
        table.fault(
            int(i),
            total.name,
            f"{total.values[i]:.10g}",
            f"The ages {ages[0].name} to {ages[-1].name} of the row add up to {sums[i]:.10g}.",
            "Fetch the file again, or mend the cell that is wrong.",
        )


def _band(table: LongTable, ages: list[Figures], first: int) -> Figures:
    """People of an age or more, added up from the single years."""
    sums = np.sum([one.values for one in ages[first:]], axis=0)
    notes = np.full(len(table), None, dtype=object)
    return Figures(f"{first}+", ages[first].letters, sums, notes, last_letters=ages[-1].letters)


def _check_england(
    table: LongTable, places: Places, spans: Spans, columns: tuple[Figures, ...]
) -> None:
    """Where a year has every council of its boundaries, they must add up to England."""
    from wholesystem.indicators.geography import area_changes, areas_on

    codes = places.codes.array()
    complete = [{one.code for one in areas_on(one.date)} for one in area_changes()]
    for mid_year in np.unique(spans.start):
        rows = (spans.start == mid_year) & table.kept
        england = np.flatnonzero(rows & (codes == ENGLAND))
        councils = rows & (codes != ENGLAND)
        if not len(england) or set(codes[councils]) not in complete:
            continue
        for figures in columns:
            total = figures.values[councils].sum()
            if figures.values[england[0]] != total:
                place = table.where(int(england[0]), figures.letters)
                table.faults.append(
                    Fault(
                        place,
                        f"{figures.values[england[0]]:.10g}",
                        f"The councils of {mid_year.item().year} add up to {total:.10g} "
                        f"({figures.name}).",
                        "Fetch the file again.",
                    )
                )


FORMATS = (
    Format(
        "population",
        "Population of councils by single year of age, mid-year estimates",
        PUBLISHER,
        "a tidy table (from the demographr package) with the columns year, utla_code, utla_name, "
        "total_population, 0 to 89 and 90+",
        lambda workbook: lacks_columns(workbook, NEEDED),
        _load,
    ),
)
