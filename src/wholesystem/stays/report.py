"""Every measure of a stays table, written as one CSV a measure."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from wholesystem.errors import ParameterError
from wholesystem.files import staged_folder
from wholesystem.stays import measures
from wholesystem.stays.disclosure import suppress
from wholesystem.stays.io import write_csv
from wholesystem.stays.measures.delays import delays_counted
from wholesystem.stays.measures.occupancy import occupancy_counted
from wholesystem.stays.schema import Stays, as_stays

__all__ = ["ROLES", "measure_all"]

ROLES = ("department", "hospital", "discharged_to", "emergency", "reablement", "home")
"""What a service may be to the measures that need to know."""

Roles = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class _Guard:
    """How a measure is protected: its counts, what rests on each, and the sums to guard."""

    counts: dict[str, list[str]]
    totals: dict[str, str] | None = None
    margins: tuple[str, ...] | None = ()
    rescale: dict[str, str] | None = None


_SHARE = ["share", "lower95", "upper95"]
_PEOPLE_NOW = {"occupied": ["delayed"], "delayed": []}


def measure_all(
    stays: Stays | pa.Table,
    out: str | os.PathLike[str],
    *,
    roles: Roles | None = None,
    rule: str = "hes",
) -> list[str]:
    """Write every measure as a CSV, all of them or none.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        What to measure.
    out : path
        Folder for the files; made if it does not exist.
    roles : mapping of str to collection of str, optional
        Which services are the ``department`` (accident and emergency), the ``hospital``,
        ``reablement`` and ``home`` (outcomes included). Measures whose roles are not given are
        not written: time in department, readmission, still at home. ``discharged_to`` are the
        ways out of hospital alive and ``emergency`` the services at which an emergency spell
        begins; without them readmission counts every end and every return.
    rule : str
        How small numbers are hidden (see `suppress`). Simulated stays hold no real person:
        theirs are never hidden.

    Returns
    -------
    list of str
        Names of the files written, such as ``flows.csv``.

    Raises
    ------
    ParameterError
        If a role or rule is not known.
    OutputError
        If the folder cannot be written.
    """
    stays, roles = as_stays(stays), dict(roles or {})
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        raise ParameterError(
            f"The role is {unknown[0]!r}. It must be one of {', '.join(ROLES)}. Correct it."
        )
    found = _everywhere(stays, roles) | _by_role(stays, roles)
    with staged_folder(Path(out)) as folder:
        for name, (table, guard) in found.items():
            safe = table if stays.simulated else _protect(table, guard, rule)
            safe = safe.drop(columns="persons", errors="ignore")
            write_csv(pa.Table.from_pandas(safe, preserve_index=False), folder / f"{name}.csv")
    return [f"{name}.csv" for name in found]


Measured = dict[str, tuple[pd.DataFrame, _Guard]]


def _protect(table: pd.DataFrame, guard: _Guard, rule: str) -> pd.DataFrame:
    return suppress(
        table,
        guard.counts,
        totals=guard.totals,
        margins=guard.margins,
        rescale=guard.rescale,
        rule=rule,
    )


def _everywhere(stays: Stays, roles: Roles) -> Measured:
    """Measures that need to know nothing about the services."""
    groups = {"hospital": roles["hospital"]} if "hospital" in roles else None
    lengths = measures.length_of_stay(stays, groups=groups)
    waits = measures.waits(stays)
    return {
        "flows": (
            measures.flows(stays),
            _Guard(
                {"people": ["per_day", "median_wait_days", "mean_wait_days"]},
                margins=("from", "to"),
                rescale={"per_day": "people"},
            ),
        ),
        "delays": (
            delays_counted(stays),
            _Guard({"persons": ["people_delayed", "delayed_days_per_day_per_100k"]}, margins=None),
        ),
        "delays_census": (
            measures.delays_census(stays),
            _Guard({"people_delayed": []}, margins=("midnight",)),
        ),
        "occupancy": (
            occupancy_counted(stays),
            _Guard({"persons": ["occupied", "delayed"]}, margins=None),
        ),
        "occupancy_daily": (measures.occupancy_daily(stays), _Guard(_PEOPLE_NOW)),
        "occupancy_census": (measures.occupancy_census(stays), _Guard(_PEOPLE_NOW)),
        "waits": (
            waits,
            _Guard({"people": [], "known": _figures(waits), "still_waiting": []}),
        ),
        "length_of_stay": (
            lengths,
            _Guard({"ended": _figures(lengths), "still_here": []}),
        ),
        "leaving_times": (measures.leaving_times(stays, groups=groups), _LEAVING),
    }


_LEAVING = _Guard(
    {
        "people": [
            f"{when}_{what}" for when in ("night", "weekend") for what in ("lower95", "upper95")
        ],
        "at_night": ["share_at_night", "night_lower95", "night_upper95"],
        "at_weekend": ["share_at_weekend", "weekend_lower95", "weekend_upper95"],
    },
    totals={"at_night": "people", "at_weekend": "people"},
)


def _figures(table: pd.DataFrame) -> list[str]:
    """Columns of means and shares."""
    return [name for name in table.columns if name.endswith("_days") or name.startswith("share_")]


def _by_role(stays: Stays, roles: Roles) -> Measured:
    """Measures that need to know what the services are."""
    found: Measured = {}
    if "department" in roles:
        figures = ["share_within", "lower95", "upper95"]
        found["time_in_department"] = (
            measures.time_in_department(stays, roles["department"]),
            _Guard(
                {
                    "attendances": ["median_hours", "p90_hours"],
                    "within": figures,
                    "still_here": [],
                },
                totals={"within": "attendances"},
            ),
        )
    if "hospital" in roles:
        found["readmission"] = (
            measures.readmission(
                stays,
                roles["hospital"],
                destinations=roles.get("discharged_to"),
                emergency=roles.get("emergency"),
            ),
            _Guard(
                {"spells": [], "readmitted": _SHARE, "censored": []},
                totals={"readmitted": "spells"},
            ),
        )
    if {"hospital", "reablement", "home"} <= set(roles):
        found["still_at_home"] = (
            measures.still_at_home(
                stays,
                hospital=roles["hospital"],
                reablement=roles["reablement"],
                home=roles["home"],
            ),
            _Guard(
                {"people": [], "at_home": _SHARE, "censored": []},
                totals={"at_home": "people"},
            ),
        )
    return found
