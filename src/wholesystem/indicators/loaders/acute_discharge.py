"""NHS England's own CSV files of the acute discharge situation reports, from 2025/26.

One row is one number: of a period, an organisation at some level, and a metric with its type and
group. The labels of the metrics are not published as a list, so each gets an indicator named
after its words; the reasons for delay get the indicators of the 37 reasons, apart by length of
stay. Rows of another month than the file's are left out and counted.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.loaders.cells import fold, month_number
from wholesystem.indicators.loaders.discharge import reason_indicators, reason_key
from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import (
    LongTable,
    Places,
    Spans,
    Texts,
    lacks_columns,
)
from wholesystem.indicators.loaders.organisations import ENGLAND
from wholesystem.indicators.loaders.spans import month_of, one_day, whole_month

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
        For a reason for delay that of the reason, with the days of stay of the group; else
        ``acute_discharge_`` and the words of the three.

    Examples
    --------
    >>> metric_indicator("Hospital process - Awaiting patient transport services", "Count",
    ...     "Delay reason LOS 7+")
    'discharge_delay_reason_04_stay_7_plus'
    >>> metric_indicator("Total delayed bed days in month", "Count", "Bed days")
    'acute_discharge_bed_days_total_delayed_bed_days_in_month_count'
    """
    known = reason_indicators().get(reason_key(metric))
    if known:
        stay = _STAY.search(fold(f"{group} {kind}"))
        words = f" stay {stay[1] or stay[2]} plus" if stay else ""
        more = "" if fold(kind) in ("", "count", "number") else f" {kind}"
        return _words(f"{known[0]}{words}{more}")
    return _words(f"acute discharge {group} {metric} {kind}")


def _words(text: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", fold(text).replace("+", " plus ")))


def _unit(kind: str, metric: str, group: str) -> str:
    """Unit in the words of the file; it has no column of units."""
    text = fold(f"{kind} {metric} {group}")
    if "cost" in text or "£" in text:
        return "pounds"
    if "%" in text or "percent" in text or "proportion" in text:
        return "%"
    return "bed days" if "bed days" in text else "people"


def _load(workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, NEEDED)
    spans = table.periods("Period", _span, "A month or date is needed.", "Write it as 2025-09-01.")
    _leave_other_months(table, spans)
    places = _places(table)
    metric, kind, group = (table.texts(name) for name in ("Metric", "Metric Type", "Metric Group"))
    table.skip(metric.mask(lambda text: not text), "no metric")
    joined = _joined(metric, kind, group)
    indicators = joined.map(lambda text: metric_indicator(*text.split("\t")))
    units = joined.map(lambda text: _unit(*(text.split("\t")[i] for i in (1, 0, 2))))
    values = table.figures("Value", may_be_negative=True)
    days = [one.astype(np.int64) for one in (spans.start, spans.end)]
    keys = (places.codes.index, *days, indicators.index)
    table.refuse_repeats(keys, [values], "organisation, period and metric")
    for unit in sorted(set(units.values)):
        rows = units.mask(unit.__eq__)
        if (rows & table.kept).any():
            table.observe(indicators, values, places, spans, unit=unit, rows=rows)
    return table.loaded("acute_discharge")


def _span(text: str) -> tuple[date, date]:
    """A month where a month or its first day is given, else a day."""
    try:
        month_of(text)
    except ValueError:
        return one_day(text)
    return whole_month(text)


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
    ),
)
