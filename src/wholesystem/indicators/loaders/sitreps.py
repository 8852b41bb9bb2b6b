"""Winter daily situation reports: beds, long stays, ambulance handovers, closures and diverts.

The figures are NHS England's; the layout is a tidy table a winter that others made of its
workbooks. Columns and their order change from winter to winter; each is told by its name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.loaders.cells import fold
from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import (
    Figures,
    LongTable,
    Places,
    Spans,
    Texts,
    lacks_columns,
    same_figure,
)
from wholesystem.indicators.loaders.organisations import ENGLAND, TRUST_CODE
from wholesystem.indicators.loaders.spans import DAY
from wholesystem.indicators.loaders.withdrawals import withdraw_jumps, withdraw_zeros

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.long_table import Mask, Whole
    from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["COLUMNS", "FORMATS"]

PUBLISHER = "NHS England"
NEEDED = ("Code", "Name", "Date", "G&A Beds Open", "G&A beds occ'd")
# Column, indicator and unit.
COLUMNS = {
    "G&A Beds Open": ("winter_ga_beds_open", "beds"),
    "G&A beds occ'd": ("winter_ga_beds_occupied", "beds"),
    "CC Adult Open": ("winter_critical_care_beds_open", "beds"),
    "CC Adult Occ": ("winter_critical_care_beds_occupied", "beds"),
    "No. beds closed due to norovirus etc.": ("winter_norovirus_beds_closed", "beds"),
    "No. beds occupied by long-stay patients (> 7 days)": ("winter_beds_over_7_days", "beds"),
    "No. beds occupied by long-stay patients (> 21 days)": ("winter_beds_over_21_days", "beds"),
    "Delays30": ("handover_30_to_60", "handovers"),
    "Delays60": ("handover_over_60", "handovers"),
    "A&E Attendances": ("winter_ae_attendances", "attendances"),
    "Closures": ("winter_ae_closures", "closures"),
    "Diverts": ("winter_ae_diverts", "diverts"),
}
NOT_READ = frozenset(
    (
        "region",
        "occupancy rate",
        "critical care beds occupancy rate",
        "no. unoccupied beds closed due to norovirus etc.",
        "no. beds occupied by flu patients (g&a)",
        "no. beds occupied by flu patients (critical care)",
        "g&a beds unavailable to non-covid admissions “void”",
    )
)
RATES = {
    "Occupancy rate": ("G&A beds occ'd", "G&A Beds Open"),
    "Critical care beds occupancy rate": ("CC Adult Occ", "CC Adult Open"),
}
_LONG_STAYS = (
    "No. beds occupied by long-stay patients (> 7 days)",
    "No. beds occupied by long-stay patients (> 21 days)",
)
ZEROS_JUDGED = (
    "G&A Beds Open",
    "G&A beds occ'd",
    "CC Adult Open",
    "CC Adult Occ",
    *_LONG_STAYS,
    "A&E Attendances",
)
# Beds change slowly, so a day more than half as high again as the days around it is an error.
JUMPS_JUDGED = ("G&A Beds Open", "G&A beds occ'd", "CC Adult Open", *_LONG_STAYS)
FACTOR, LEAST_BEDS = 1.5, 50.0
# Counts of what happened, which cover the days left out after them; beds are counted at a time.
EVENTS = frozenset(("handovers", "attendances", "closures", "diverts"))
_ALL_TRUSTS = re.compile(r"england( \(all acute trusts\))?", re.ASCII)
_SOME_TRUSTS = re.compile(r"england \(type 1 acute trusts\)", re.ASCII)


def _recognise(workbook: Workbook) -> str:
    return lacks_columns(workbook, NEEDED)


def _load(workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, NEEDED)
    _warn_of_columns(table)
    places = _places(table)
    spans = table.periods("Date", *DAY)
    columns = {name: table.figures(name) for name in COLUMNS if table.has(name)}
    _warn_of_rates(table, columns)
    _settle_dates_in_doubt(table, places, spans, columns)
    _settle_repeats(table, places, spans, columns)
    _withdraw(table, places, spans, columns)
    counted = _covered_days(table, spans)
    for name, figures in columns.items():
        indicator, unit = COLUMNS[name]
        when = counted if unit in EVENTS else spans
        days = (when.end - when.start).astype(np.int64) + 1
        figures.remark(
            (days > 1) & table.kept & ~np.isnan(figures.values),
            "one figure for the days until the next that the file gives",
        )
        table.observe(indicator, figures, places, when, unit=unit)
    return table.loaded("winter_sitreps")


def _places(table: LongTable) -> Places:
    """Trusts by code and the row of England, which has no code of its own in these tables."""
    names = table.texts("Name")
    some = names.mask(lambda name: _SOME_TRUSTS.fullmatch(fold(name)))
    table.skip(some, "England, type 1 acute trusts only")
    is_england = names.mask(lambda name: _ALL_TRUSTS.fullmatch(fold(name)))
    published = table.texts("Code").replaced(is_england, ENGLAND)
    unknown = published.mask(lambda code: not TRUST_CODE.fullmatch(code)) & ~is_england
    for i in np.flatnonzero(unknown & table.kept):
        table.fault(
            int(i),
            "Code",
            published.values[published.index[i]],
            "An organisation's code of three letters and digits is needed, or the name England.",
            "Mend the cell.",
        )
    count = len(table)
    return Places(
        published,
        names.replaced(is_england, "England"),
        Texts.same("trust", count).replaced(is_england, "country"),
        Texts.same("trust-as-published", count).replaced(is_england, "country"),
        "trust",
    )


def _settle_dates_in_doubt(
    table: LongTable, places: Places, spans: Spans, columns: dict[str, Figures]
) -> None:
    """A day that the file gives twice for most organisations: no figure of it is used.

    Where the rows of a whole day are doubled, the dates of the file are in doubt, and a blank
    row beside one with figures does not say that the figures are of that day.
    """
    days = spans.start.astype(np.int64)
    groups = table.repeats((days, places.codes.index))
    if not groups:
        return
    repeated, counts = np.unique([days[rows[0]] for rows in groups], return_counts=True)
    for day, count in zip(repeated, counts, strict=True):
        of_day = (days == day) & table.kept
        if count * 2 <= len(np.unique(places.codes.index[of_day])):
            continue
        _settle_day(table, [rows for rows in groups if days[rows[0]] == day], of_day, columns)


def _settle_day(
    table: LongTable, groups: list[Whole], of_day: Mask, columns: dict[str, Figures]
) -> None:
    others = np.zeros(len(table), dtype=bool)
    for rows in groups:
        others[rows[1:]] = True
    for figures in columns.values():
        figures.withdraw(
            of_day,
            "{value} stands in the file; not used, since the file gives this day twice for most "
            "organisations, with different figures",
        )
    table.skip(others, "a second row of a day that the file gives twice for most organisations")


def _settle_repeats(
    table: LongTable, places: Places, spans: Spans, columns: dict[str, Figures]
) -> None:
    """Several rows of one organisation and day: the same figures once, unlike figures not at all.

    A row without any figure beside one with figures says nothing and is left out.
    """
    figures = list(columns.values())
    blank = np.all([np.isnan(one.values) for one in figures], axis=0)
    for rows in table.repeats((spans.start.astype(np.int64), places.codes.index)):
        filled = rows[~blank[rows]]
        first = int(filled[0] if len(filled) else rows[0])
        same, empty, unlike = (np.zeros(len(table), dtype=bool) for _ in range(3))
        for other in rows[rows != first]:
            if blank[other] and len(filled):
                empty[other] = True
            elif not all(same_figure(one.values[first], one.values[other]) for one in figures):
                unlike[other] = True
            else:
                same[other] = True
        _withdraw_unlike(table, first, np.flatnonzero(unlike), figures)
        table.skip(same, "the same organisation and day again with the same figures")
        table.skip(empty, "a row without figures beside one of the same organisation and day")
        table.skip(unlike, "the same organisation and day again with other figures")


def _withdraw_unlike(table: LongTable, first: int, others: Whole, figures: list[Figures]) -> None:
    for one in figures:
        unlike = [int(i) for i in others if not same_figure(one.values[first], one.values[i])]
        if not unlike:
            continue
        cells = ", ".join(
            f"{one.letters}{table.rows[i]} {'blank' if np.isnan(v) else format(v, ',.10g')}"
            for i in (first, *unlike)
            for v in (one.values[i],)
        )
        one.values[first] = np.nan
        one.notes[first] = f"given more than once with different figures, none is used: {cells}"


def _withdraw(table: LongTable, places: Places, spans: Spans, columns: dict[str, Figures]) -> None:
    """Zeros that mean "not submitted", then days far from those around them."""
    for name in ZEROS_JUDGED:
        if name in columns:
            withdraw_zeros(table, places.codes, columns[name])
    for name in JUMPS_JUDGED:
        if name in columns:
            withdraw_jumps(
                table, places.codes, spans, columns[name], factor=FACTOR, least=LEAST_BEDS
            )
    open_beds, occupied = columns["G&A Beds Open"], columns["G&A beds occ'd"]
    occupied.remark(
        (occupied.values > open_beds.values) & table.kept,
        "more beds occupied than open, as it stands in the file",
    )


def _warn_of_rates(table: LongTable, columns: dict[str, Figures]) -> None:
    """The printed rates are not read; where they are 0 although beds were occupied, say so."""
    for name, (occupied, open_beds) in RATES.items():
        if not table.has(name) or not {occupied, open_beds} <= columns.keys():
            continue
        rate = table.texts(name).mask(lambda text: text in ("0", "0.0"))
        wrong = int((rate & (columns[occupied].values > 0) & table.kept).sum())
        if wrong:
            table.warnings.append(
                f"{name} is 0 in {wrong:,} rows with occupied beds; rates are computed from the "
                "beds instead."
            )


def _warn_of_columns(table: LongTable) -> None:
    known = {fold(name) for name in (*NEEDED, *COLUMNS, *RATES)} | NOT_READ
    unknown = [name for one, name in table.names.items() if one not in known]
    if unknown:
        table.warnings.append(f"Columns that are not known and not read: {', '.join(unknown)}.")


def _covered_days(table: LongTable, spans: Spans) -> Spans:
    """Days that a count of events covers: until the day before the next date of the file.

    The winter of 2015/16 has no row for Saturdays, Sundays and holidays, and the attendances of
    the day before are those of all the days: 142,844 on Friday 4 December 2015 against 43,920 to
    48,711 on the four days before. A last Friday covers its weekend too.
    """
    dates = np.unique(spans.start[table.kept])
    if len(dates) < 2 or (np.diff(dates).astype(np.int64) == 1).all():
        return spans
    weekday = (dates.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
    last = dates[-1:] + (2 if weekday[-1] == 4 and not (weekday > 4).any() else 0)
    ends = np.append(dates[1:] - 1, last)
    where = np.minimum(np.searchsorted(dates, spans.start), len(dates) - 1)
    return Spans(spans.start, ends[where])


FORMATS = (
    Format(
        "winter_sitreps",
        "Winter daily situation reports by trust and day",
        PUBLISHER,
        "a tidy table (NHSWinterSitreps package) with the columns " + ", ".join(NEEDED),
        _recognise,
        _load,
    ),
)
