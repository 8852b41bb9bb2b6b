"""Builders of observations, loads and catalogues with good defaults, for tests of indicators."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from wholesystem.indicators.catalogue import Indicator
from wholesystem.indicators.loaders.loaded import Loaded
from wholesystem.indicators.observations import OBSERVATIONS

GOOD = {
    "indicator": "days",
    "area_code": "E10000025",
    "area": "Oxfordshire",
    "area_kind": "area",
    "geography": "utla-2017-04",
    "of": "residents",
    "period_start": date(2017, 6, 1),
    "period_end": date(2017, 6, 30),
    "value": 6414.0,
    "unit": "days",
    "publisher": "NHS England",
    "file": "June_17.xls",
    "sheet": "LA",
    "cell": "F12",
    "published": date(2017, 8, 10),
}

COUNT = {
    "name": "A count",
    "meaning": "How many there were.",
    "group": "Delays",
    "kind": "count",
    "numerator": "Days",
    "denominator": "",
    "numerator_indicator": "",
    "numerator_minus": "",
    "denominator_indicator": "",
    "multiplier": None,
    "per_day": "no",
    "monthly": "as_is",
    "base": "",
    "unit": "days",
    "decimals": 0,
    "better": "low",
    "interval": "none",
    "interval_reason": "Days are not independent events.",
    "of": "both",
    "profile": "yes",
    "supplied_by": "user",
    "source": "A publication",
    "caveats": "None known.",
    "kloe": ("step_down_responsive",),
    "figures": (),
    "selection_metric": None,
}


def observation(**cells: Any) -> dict[str, Any]:
    """One row; what is not given is Oxfordshire's delayed days of June 2017."""
    return {**dict.fromkeys(OBSERVATIONS.names), **GOOD, **cells}


def month(year: int, number: int) -> dict[str, date]:
    """First and last day of a month, as cells of a row."""
    last = calendar.monthrange(year, number)[1]
    return {"period_start": date(year, number, 1), "period_end": date(year, number, last)}


def day(when: date) -> dict[str, date]:
    """One day as a period."""
    return {"period_start": when, "period_end": when}


def table(*rows: Mapping[str, Any]) -> pa.Table:
    """Rows as a table in the columns of `OBSERVATIONS`, whatever is missing."""
    columns = {
        field.name: pa.array([row[field.name] for row in rows], field.type)
        for field in OBSERVATIONS
    }
    return pa.table(columns)


def loaded(*rows: Mapping[str, Any], file: str = "", sha256: str = "", **more: Any) -> Loaded:
    """What a loader gives of a file with these figures; the same rows have the same digest."""
    named = file or (rows[0]["file"] if rows else "empty.csv")
    content = [{**row, "file": file} if file else row for row in rows]
    digest = sha256 or hashlib.sha256(repr((named, content)).encode()).hexdigest()
    given = {"format": "tidy", "rows_read": len(rows), "rows_kept": len(rows), "skipped": ()}
    return Loaded(file=named, observations=table(*content), sha256=digest, **{**given, **more})


def indicator(name: str, **cells: Any) -> Indicator:
    """One row of a catalogue; what is not given is a count of days."""
    return Indicator(**{"indicator": name, **COUNT, **cells})


def ratio(name: str, numerator: str, denominator: str, **cells: Any) -> Indicator:
    """One row of a catalogue: a share computed from two counts."""
    own = {
        "kind": "share",
        "numerator_indicator": numerator,
        "denominator_indicator": denominator,
        "denominator": "All",
        "multiplier": 100.0,
        "unit": "%",
        "base": "all",
        "supplied_by": "computed",
    }
    return indicator(name, **{**own, **cells})


def catalogue(*rows: Indicator) -> dict[str, Indicator]:
    """Rows by id, as `read_catalogue` gives them."""
    return {row.indicator: row for row in rows}


def days_and_people() -> dict[str, Indicator]:
    """A small catalogue: delayed days, adults, and the rate and mean made of them."""
    adults = indicator("adults", unit="people")
    rate = ratio(
        "rate",
        "days",
        "adults",
        kind="rate",
        multiplier=100_000.0,
        per_day="yes",
        unit="per 100,000",
        base="adults",
    )
    people = ratio("people", "days", "", kind="mean", multiplier=1.0, per_day="yes", base="")
    return catalogue(indicator("days"), adults, rate, people)
