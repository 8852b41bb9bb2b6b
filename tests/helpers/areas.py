"""Figures of areas and a row of the catalogue, with good defaults, for tests of comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

JULY = (date(2017, 7, 1), date(2017, 7, 31))
WHY_NOT = "A bed day is not a Poisson count: one person gives many."


def indicator(**changes: Any) -> Any:
    """A share in per cent, high is better, with a Wilson interval."""
    good = {
        "indicator": "at_home_91_days",
        "name": "At home after 91 days",
        "kind": "share",
        "better": "high",
        "interval": "wilson",
        "interval_reason": "",
        "multiplier": 100.0,
        "per_day": "no",
        "supplied_by": "computed",
        "unit": "%",
        "decimals": 1,
    }
    return SimpleNamespace(**good | changes)


def dtoc_rate(**changes: Any) -> Any:
    """A rate a day for which no interval may be drawn; low is better."""
    return indicator(
        **{
            "indicator": "dtoc_rate",
            "kind": "rate",
            "better": "low",
            "interval": "none",
            "interval_reason": WHY_NOT,
            "multiplier": 100_000.0,
            "per_day": "yes",
            "unit": "days",
        }
        | changes
    )


def frame(
    counts: Mapping[str, tuple[float | None, float | None]],
    *,
    scale: float = 100.0,
    period: tuple[date, date] = JULY,
    notes: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Rows of one indicator and period: numerator and denominator by code; None = no figure."""
    rows = []
    for code, (x, n) in counts.items():
        rows.append(
            {
                "indicator": "at_home_91_days",
                "area_code": code,
                "area": (names or {}).get(code, f"Area {code}"),
                "area_kind": (kinds or {}).get(code, kind_of(code)),
                "period_start": period[0],
                "period_end": period[1],
                "value": None if x is None or not n else x / n * scale,
                "numerator": x,
                "denominator": n,
                "note": (notes or {}).get(code),
            }
        )
    made = pd.DataFrame(rows)
    numbers = ["value", "numerator", "denominator"]
    return made.astype({column: "float64" for column in numbers})


def values_frame(values: Mapping[str, float | None], **options: Any) -> pd.DataFrame:
    """Rows with values and no counts."""
    made = frame(dict.fromkeys(values, (None, None)), **options)
    made["value"] = pd.Series(list(values.values()), dtype="float64")
    return made


def kind_of(code: str) -> str:
    """`country` for England, `region` for E12 codes, else `area`."""
    return {"E92": "country", "E12": "region"}.get(code[:3], "area")


def codes(many: int) -> Sequence[str]:
    """Codes of invented councils, in order."""
    return [f"X{i:08d}" for i in range(1, many + 1)]
