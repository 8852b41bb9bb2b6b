"""NHS England's own CSV files of the acute discharge situation reports, from 2025/26.

One row is one number: of a period, an organisation at some level, and a metric with its type and
group. The labels of the metrics are not published as a list. Two that mean what the catalogue has
get its indicator, and so do the 37 reasons for delay where they are not of long stays only; any
other metric is named after its words and kept only if a catalogue of one's own has a row of that
name. Rows of another month than the file's are left out and counted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.loaders.cells import fold, month_number
from wholesystem.indicators.loaders.discharge import (
    LEAST_PEOPLE,
    RISE,
    reason_indicators,
    reason_key,
)
from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import (
    Figures,
    LongTable,
    Places,
    Spans,
    Texts,
    lacks_columns,
)
from wholesystem.indicators.loaders.organisations import ENGLAND
from wholesystem.indicators.loaders.spans import one_day, whole_month
from wholesystem.indicators.loaders.withdrawals import withdraw_jumps, withdraw_zeros
from wholesystem.indicators.observations import Catalogue, packaged_unless

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.long_table import Mask
    from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["FORMATS", "metric_indicator"]

PUBLISHER = "NHS England"
NEEDED = (
    "Period",
    "Level",
    "Region",
    "ICB",
    "Org Code",
    "Org Name",
    "Metric",
    "Metric Type",
    "Metric Group",
    "Value",
)
LEVELS = {
    "national": "country",
    "england": "country",
    "region": "region",
    "icb": "icb",
    "integrated care board": "icb",
    "trust": "trust",
    "provider": "trust",
}
# Metrics that mean what an indicator of the catalogue does, by their labels. The people who remain
# at the end of the day are others: those discharged on it are not among them.
SAME_MEANING = {
    "Number of patients who no longer meet the criteria to reside": "nctr_people",
    "Number of patients discharged": "discharges",
}
NOT_KEPT = "no indicator in the catalogue"
MOST_TOLD = 5
_COUNTS = ("", "count", "number")
_CODE = re.compile(r"[A-Z0-9]{3,9}", re.ASCII)
_STAY = re.compile(r"(?:los|length of stay)\s*(\d+)\s*\+|(\d+)\s*\+\s*(?:days|los)", re.ASCII)
_FILE_MONTH = re.compile(r"([a-z]{3,9})[\s_-]*(20\d\d)(?!\d)", re.ASCII)


def metric_indicator(metric: str, kind: str, group: str) -> str:
    """Indicator of a metric.

    Parameters
    ----------
    metric, kind, group : str
        Its label, type and group, as published.

    Returns
    -------
    str
        That of the catalogue for a metric of the same meaning; for a reason for delay that of the
        reason, with the days of stay of the group; else ``acute_discharge_`` and the words of the
        three. Most of these are in no catalogue but one's own.

    Examples
    --------
    >>> metric_indicator("Number of patients discharged", "Count", "Discharges")
    'discharges'
    >>> metric_indicator("Hospital process - Awaiting patient transport services", "Count",
    ...     "Delay reason LOS 7+")
    'discharge_delay_reason_04_stay_7_plus'
    >>> metric_indicator("Total delayed bed days in month", "Count", "Bed days")
    'acute_discharge_bed_days_total_delayed_bed_days_in_month_count'
    """
    is_count = fold(kind) in _COUNTS
    if is_count and (same := _same_meaning().get(reason_key(metric))):
        return same
    if known := reason_indicators().get(reason_key(metric)):
        stay = _STAY.search(fold(f"{group} {kind}"))
        words = f" stay {stay[1] or stay[2]} plus" if stay else ""
        return _words(f"{known[0]}{words}{'' if is_count else f' {kind}'}")
    return _words(f"acute discharge {group} {metric} {kind}")


@cache
def _same_meaning() -> dict[str, str]:
    return {reason_key(label): indicator for label, indicator in SAME_MEANING.items()}


def _words(text: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", fold(text).replace("+", " plus ")))


def _load(workbook: Workbook, catalogue: Catalogue | None = None) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, NEEDED)
    days = table.periods("Period", _span, "A month or date is needed.", "Write it as 2025-09-01.")
    _leave_other_months(table, days)
    places = _places(table)
    metric, kind, group = (table.texts(name) for name in ("Metric", "Metric Type", "Metric Group"))
    table.skip(metric.mask(lambda text: not text), "no metric")
    joined = _joined(metric, kind, group)
    indicators = joined.map(lambda text: metric_indicator(*text.split("\t")))
    spans = _months_of_first_days(table, days, indicators)
    values = table.figures("Value", may_be_negative=True)
    numbers = [one.astype(np.int64) for one in (spans.start, spans.end)]
    keys = (places.codes.index, *numbers, indicators.index)
    table.refuse_repeats(keys, [values], "organisation, period and metric")
    known = packaged_unless(catalogue)
    _leave_unknown(table, indicators, known)
    _withdraw(table, places.codes, spans, values, indicators)
    units = indicators.map(lambda name: known[name].unit if name in known else "")
    for unit in sorted(set(units.values) - {""}):
        rows = units.mask(unit.__eq__)
        if (rows & table.kept).any():
            table.observe(indicators, values, places, spans, unit=unit, rows=rows)
    return table.loaded("acute_discharge")


def _span(text: str) -> tuple[date, date]:
    """A day where a date is given, else a month."""
    try:
        return one_day(text)
    except ValueError:
        return whole_month(text)


def _months_of_first_days(table: LongTable, spans: Spans, indicators: Texts) -> Spans:
    """Whole months for the metrics whose every date in the file is the first of a month.

    A metric that has other dates too is daily or weekly, and its first of the month is a day.
    """
    month = spans.start.astype("datetime64[M]")
    is_first = spans.start == month.astype("datetime64[D]")
    dated = np.unique(indicators.index[~is_first & table.kept])
    whole = is_first & ~np.isin(indicators.index, dated)
    last = (month + 1).astype("datetime64[D]") - 1
    return replace(spans, end=np.where(whole, last, spans.end))


def _leave_unknown(table: LongTable, indicators: Texts, known: Catalogue) -> None:
    """Leave out the metrics that no row of the catalogue describes, and name some of them."""
    unknown = indicators.mask(lambda name: name not in known) & table.kept
    names = [indicators.values[i] for i in np.unique(indicators.index[unknown])]
    if not table.skip(unknown, NOT_KEPT):
        return
    more = f" and {len(names) - MOST_TOLD} more" if len(names) > MOST_TOLD else ""
    table.warnings.append(
        f"{table.workbook.file}: metrics without an indicator in the catalogue are left out:"
        f" {', '.join(names[:MOST_TOLD])}{more}. To keep one, give it a row of that name in a"
        " catalogue of your own."
    )


def _withdraw(
    table: LongTable, codes: Texts, spans: Spans, values: Figures, indicators: Texts
) -> None:
    """Judge daily counts as those of the tidy tables are."""
    daily = spans.start == spans.end
    for indicator in SAME_MEANING.values():
        rows = indicators.mask(indicator.__eq__) & daily
        withdraw_zeros(table, codes, values, rows=rows)
        withdraw_jumps(
            table, codes, spans, values, factor=RISE, least=LEAST_PEOPLE, falls=False, rows=rows
        )


def _leave_other_months(table: LongTable, spans: Spans) -> None:
    """Leave out rows whose month is not the file's.

    The month of the file is the one in its name, where some row has it; else the one of most
    rows.
    """
    months = spans.start.astype("datetime64[M]")
    found, counts = np.unique(months[table.kept], return_counts=True)
    if len(found) < 2:
        return
    named = _month_of_name(table.workbook.file)
    right = named if named in found else found[int(np.argmax(counts))]
    for month in found:
        if month != right:
            reason = f"of {_month_name(month)}, in a file of {_month_name(right)}"
            table.skip(months == month, reason)


def _month_name(month: object) -> str:
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def _month_of_name(file: str) -> np.datetime64 | None:
    for word, year in _FILE_MONTH.findall(fold(file)):
        try:
            return np.datetime64(date(int(year), month_number(word), 1), "M")
        except ValueError:
            continue
    return None


def _places(table: LongTable) -> Places:
    levels = table.checked(
        "Level",
        lambda text: fold(text) in LEVELS,
        "The level must be National, Region, ICB or Trust (or Provider).",
        "Mend the cell.",
        blank="no level",
    )
    kinds = levels.map(lambda text: LEVELS.get(fold(text), ""))
    is_england = kinds.mask("country".__eq__)
    codes = table.texts("Org Code").replaced(is_england, ENGLAND)
    table.skip(codes.mask(lambda code: code in ("", "-")), "no organisation code")
    names = table.texts("Org Name").replaced(is_england, "England")
    _refuse_codes(table, codes)
    unnamed = names.mask(lambda name: not name)
    for i in np.flatnonzero(unnamed & table.kept):
        table.fault(int(i), "Org Name", "", "An organisation needs its name.", "Write the name.")
    versions = {"country": "country", "trust": "trust-as-published", "icb": "icb-as-published"}
    geography = kinds.map(lambda kind: versions.get(kind, "region-as-published"))
    return Places(codes, names, kinds, geography, "trust")


def _refuse_codes(table: LongTable, codes: Texts) -> None:
    wrong: Mask = codes.mask(lambda code: not _CODE.fullmatch(code)) & table.kept
    for i in np.flatnonzero(wrong):
        table.fault(
            int(i),
            "Org Code",
            codes.values[codes.index[i]],
            "An organisation's code of capital letters and digits is needed.",
            "Mend the cell.",
        )


def _joined(*columns: Texts) -> Texts:
    """Texts of several columns, as one with tabs between them; each different one once."""
    joined = np.zeros(len(columns[0].index), dtype=np.int64)
    for one in columns:
        joined = joined * len(one.values) + one.index
    distinct, first, index = np.unique(joined, return_index=True, return_inverse=True)
    values = tuple(
        "\t".join(one.values[one.index[first[i]]] for one in columns) for i in range(len(distinct))
    )
    return Texts(index.astype(np.int64), values)


FORMATS = (
    Format(
        "acute_discharge",
        "Acute discharge situation report, NHS England's monthly CSV file",
        PUBLISHER,
        "a table with the columns " + ", ".join(NEEDED),
        lambda workbook: lacks_columns(workbook, NEEDED),
        _load,
        uses_catalogue=True,
    ),
)
