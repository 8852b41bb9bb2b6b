"""The flow model: what its tables mean, as typed and checked rows.

A `Model` comes from `read_model` (flow/model_files.py), which refuses any that breaks a rule, so
the engines trust what they are given. What happens to people in it is stated in
docs/explanation and executed by the engines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wholesystem.flow.durations import Distribution
from wholesystem.flow.model_rows import (
    ROWS,
    Arrival,
    CapacityRow,
    Cohort,
    Cost,
    Duration,
    Need,
    ProfileWeight,
    Route,
    Service,
    Settings,
    StartRow,
)

__all__ = [
    "Arrival",
    "CapacityRow",
    "Cohort",
    "Cost",
    "Duration",
    "Model",
    "Need",
    "ProfileWeight",
    "Route",
    "Service",
    "Settings",
    "StartRow",
    "model_hash",
]

# What explains a row and changes no result.
_NO_MEANING = {"source", "label", "description", "days_text", "hours_per_week_text"} | {
    "arranging_days_text"
}


@dataclass(frozen=True)
class Model:
    """A local system as tables: valid, and never changed after.

    Parameters
    ----------
    settings : Settings
        Name, time 0, lengths in days, replications, seed.
    services, arrivals, profiles, capacity, durations, needs, routes, cohorts, costs, start : tuple
        Rows of each table in its order. No cohorts means one implicit cohort named with the
        empty text.
    empirical : mapping of str to tuple of float
        Observed values by name, in the order of the table: days (hours a week where needs.csv
        names them).
    warnings : tuple of str
        What is allowed but probably not meant, in plain words.
    """

    settings: Settings
    services: tuple[Service, ...]
    arrivals: tuple[Arrival, ...]
    profiles: tuple[ProfileWeight, ...]
    capacity: tuple[CapacityRow, ...]
    durations: tuple[Duration, ...]
    needs: tuple[Need, ...]
    routes: tuple[Route, ...]
    cohorts: tuple[Cohort, ...]
    costs: tuple[Cost, ...]
    start: tuple[StartRow, ...]
    empirical: Mapping[str, tuple[float, ...]]
    warnings: tuple[str, ...] = field(default=())


def _plain(value: Any) -> Any:
    if isinstance(value, Distribution):
        return [value.family, value.a, value.b, value.c, value.name]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _row_content(row: Any) -> dict[str, Any]:
    return {
        name: _plain(getattr(row, name))
        for name in type(row).model_fields
        if name not in _NO_MEANING
    }


def model_hash(model: Model) -> str:
    """Fingerprint of what a model means.

    Parameters
    ----------
    model : Model
        Any.

    Returns
    -------
    str
        64 hexadecimal digits: the SHA-256 of its content. Sources, labels, comments and the
        spelling of numbers and durations do not count; the order of rows does.
    """
    content: dict[str, Any] = {"settings": _row_content(model.settings)}
    for name in ROWS:
        content[name] = [_row_content(row) for row in getattr(model, name)]
    content["empirical"] = {name: list(values) for name, values in model.empirical.items()}
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
