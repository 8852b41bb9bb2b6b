"""General and acute and critical care beds by trust and month.

The figures are NHS England's monthly averages of the urgent and emergency care daily situation
reports; the layout is a tidy table that the British Red Cross made of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import Figures, LongTable, lacks_columns
from wholesystem.indicators.loaders.organisations import trust_places
from wholesystem.indicators.loaders.spans import MONTH
from wholesystem.indicators.loaders.withdrawals import withdraw_repeated_months

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["FORMATS"]

PUBLISHER = "NHS England"
# Columns as the tidy table spells them, and what each is called here.
BEDS = {
    "general_acute_beds_available": "ga_beds_available",
    "general_acute_beds_occupied": "ga_beds_occupied",
    "adult_general_acute_beds_available": "adult_ga_beds_available",
    "adult_general_acute_beds_occupied": "adult_ga_beds_occupied",
    "paediatric_general_acute_beds_available": "paediatric_ga_beds_available",
    "paediatric_general_acute_beds_occupied": "paediatric_ga_beds_occupied",
    "adult_critical_care_beds_available": "adult_critical_care_beds_available",
    "adult_critical_care_beds_occupied": "adult_critical_care_beds_occupied",
    "paediatric_intensive_cared_beds_available": "paediatric_intensive_care_beds_available",
    "paediatric_intensive_cared_beds_occupied": "paediatric_intensive_care_beds_occupied",
    "neonatal_intensive_care_bed_available": "neonatal_intensive_care_beds_available",
    "neonatal_intensive_care_bed_occupied": "neonatal_intensive_care_beds_occupied",
}
NEEDED = ("nhs_trust22_code", "date", *list(BEDS)[:2])


def _recognise(workbook: Workbook) -> str:
    return lacks_columns(workbook, NEEDED)


def _load(workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, NEEDED)
    places = trust_places(table, "nhs_trust22_code")
    spans = table.periods("date", *MONTH)
    columns = {name: table.figures(name) for name in BEDS if table.has(name)}
    figures = list(columns.values())
    keys = (places.codes.index, spans.start.astype(np.int64))
    table.refuse_repeats(keys, figures, "trust and month")
    _withdraw_all_zero(table, figures)
    withdraw_repeated_months(table, places.codes, spans, figures)
    for name, one in columns.items():
        table.observe(BEDS[name], one, places, spans, unit="beds")
    return table.loaded("beds")


def _withdraw_all_zero(table: LongTable, figures: list[Figures]) -> None:
    """A trust with no bed of any kind in a month has not reported."""
    general = figures[0].values
    rows = (general == 0) & (figures[1].values == 0) & table.kept
    for one in figures:
        one.withdraw(
            rows,
            "{value} stands in the file; taken as not submitted, since no general and acute bed is "
            "reported as available",
        )


FORMATS = (
    Format(
        "beds",
        "General and acute and critical care beds by trust and month",
        PUBLISHER,
        "a tidy table (healthyr package) with the columns " + ", ".join(NEEDED),
        _recognise,
        _load,
    ),
)
