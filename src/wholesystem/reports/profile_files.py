"""The files of a profile: page, workbook and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wholesystem.indicators.compare import ENGLAND
from wholesystem.indicators.intervals import Interval
from wholesystem.reports.page import Picture
from wholesystem.reports.profile_page import LoadedFile, profile_page
from wholesystem.reports.profile_view import summary_row
from wholesystem.reports.profile_workbook import write_profile_workbook
from wholesystem.tables.grid import escape_cell

if TYPE_CHECKING:
    from wholesystem.indicators.profile.build import AreaProfile, IndicatorProfile
    from wholesystem.indicators.profile.panel import Row

__all__ = ["write_profile"]

#: Fixed: other people's scripts read them. Further columns may follow.
OBSERVATION_COLUMNS = (
    "indicator area_code area period_start period_end value numerator denominator unit source_file"
).split()


def write_profile(
    profile: AreaProfile,
    folder: Path,
    files: Sequence[LoadedFile] = (),
    more: Sequence[Picture] = (),
) -> None:
    """Write ``index.html``, ``profile.xlsx``, ``indicators.csv`` and ``observations.csv``.

    Parameters
    ----------
    profile : AreaProfile
        From `make_profile`.
    folder : Path
        An existing folder; `wholesystem.files.staged_folder` makes the writing atomic.
    files : sequence of LoadedFile
        Files that the figures were read from.
    more : sequence of Picture
        Further pictures and tables for the page.
    """
    page = profile_page(profile, files, more)
    (folder / "index.html").write_text(page, encoding="utf-8")
    write_profile_workbook(profile, folder / "profile.xlsx", files)
    _write_csv(_indicator_rows(profile), folder / "indicators.csv")
    _write_csv(_observation_rows(profile), folder / "observations.csv", OBSERVATION_COLUMNS)


def _write_csv(
    rows: Iterable[dict[str, object]], path: Path, columns: Sequence[str] | None = None
) -> None:
    frame = pd.DataFrame(list(rows))
    if columns is not None:
        frame = frame[[*columns, *(c for c in frame.columns if c not in columns)]]
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = [escape_cell(c) if isinstance(c, str) else c for c in frame[name]]
    frame.to_csv(path, index=False, lineterminator="\n", float_format="%.10g")


def _indicator_rows(profile: AreaProfile) -> Iterable[dict[str, object]]:
    for one in profile.indicators:
        yield _indicator_row(one)


def _indicator_row(one: IndicatorProfile) -> dict[str, object]:
    comparison, text = one.comparison, summary_row(one)
    start, end = one.periods[one.latest]
    interval = comparison.interval
    lower, upper, why = (
        (interval.lower, interval.upper, "")
        if isinstance(interval, Interval)
        else (None, None, interval.reason)
    )
    group, england, rank = comparison.comparators, comparison.england, comparison.rank
    summary = one.chart.summary if one.chart else None
    return {
        "indicator": one.indicator.indicator,
        "name": one.indicator.name,
        "group": one.indicator.group,
        "area_code": one.subject.code,
        "area": one.subject.name,
        "of": "trust" if one.subject.kind == "trust" else "residents",
        "period_start": start.isoformat(),
        "period_end": end.isoformat(),
        "value": one.latest_value,
        "lower95": lower,
        "upper95": upper,
        "no_interval_because": why,
        "unit": one.indicator.unit,
        "comparators": group.versus.value if group else None,
        "comparators_list": group.name if group else "",
        "england": england.value if england else None,
        "better": one.indicator.better,
        "place": rank.place if rank else None,
        "of_areas": rank.of if rank else None,
        "fifth": rank.fifth if rank else None,
        "against_england": england.verdict if england else "",
        "against_comparators": group.versus.verdict if group else "",
        "mean": summary.mean if summary else None,
        "lower_limit": summary.lower if summary else None,
        "upper_limit": summary.upper if summary else None,
        "target": one.target.target if one.target else None,
        "trend": text.trend,
        "special_cause": summary.special_cause if summary else "",
        "variation": text.variation_words,
        "assurance": text.assurance_words,
        "source": one.row.sources[one.latest],
    }


def _observation_rows(profile: AreaProfile) -> Iterable[dict[str, object]]:
    """The figures of the charts: the area's, its trusts', and England's beside them."""
    seen: set[str] = set()
    for one in profile.indicators:
        yield from _rows_of(one, one.row, one.subject.code, one.subject.name)
        if one.england_row is not None and one.indicator.indicator not in seen:
            seen.add(one.indicator.indicator)
            yield from _rows_of(one, one.england_row, ENGLAND, "England")


def _rows_of(one: IndicatorProfile, row: Row, code: str, name: str) -> Iterable[dict[str, object]]:
    for i, (start, end) in enumerate(one.periods):
        if not np.isnan(row.values[i]) or row.notes[i]:
            yield {
                "indicator": one.indicator.indicator,
                "area_code": code,
                "area": name,
                "period_start": start.isoformat(),
                "period_end": end.isoformat(),
                "value": row.values[i],
                "numerator": row.numerators[i],
                "denominator": row.denominators[i],
                "unit": one.indicator.unit,
                "source_file": row.files[i],
                "source": row.sources[i],
                "note": row.notes[i],
            }
