"""Small models and what must come of them, written as text tables that people can read.

A case is a text file: a sentence, comments (``#``), and sections of cells parted by spaces, ``-``
being blank (see `stays_tables`). The tables of a model have the names that they have in a model
folder; ``[settings]`` holds keys of model.toml as JSON; ``[arrive]`` states the instants at which
people arrive from outside, in days from time 0. ``[stays]``, ``[summary]``, ``[delays]`` and
``[daily]`` say what must come of it, times in days, numbers as 0.25 or 1/4. All stays and delays
are listed; of the summary and the days, those that the case is about.

Person ``p0-2`` is the second to arrive of the first service and cohort of ``[arrive]``; ``s1-3``
is the third person of the second row of ``[start]``.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from tests.helpers.models import make_model
from tests.helpers.stays_tables import Row, Section, read_number, read_sections
from wholesystem.flow import Model, SimulationResult
from wholesystem.flow.compiled import Compiled, compile_model
from wholesystem.flow.fast import FastEngine
from wholesystem.flow.randomness import exponential, person_key, replication_key, stream_key
from wholesystem.flow.raw import RawResult
from wholesystem.flow.reference import run_reference
from wholesystem.flow.results import Replicate

ENGINES = ("reference", "kernel")
TABLES = ("services", "durations", "routes", "capacity", "needs", "cohorts", "costs", "start")
EXPECTED = ("stays", "summary", "delays", "daily")
SEED = 1


@dataclass(frozen=True)
class Case:
    name: str
    model: Model
    arrivals: tuple[tuple[str, str, float], ...]
    expected: dict[str, Section]


def read_case(path: Path) -> Case:
    sections = {section.name: section for section in read_sections(path.read_text("utf-8"))}
    unknown = set(sections) - {"settings", "arrive", *TABLES, *EXPECTED}
    if unknown:
        raise ValueError(f"{path.name} has unknown sections {sorted(unknown)}")
    arrive = [_filled(row) for row in sections["arrive"].rows] if "arrive" in sections else []
    arrivals = tuple(
        (row["service"], row.get("cohort", ""), read_number(row["day"])) for row in arrive
    )
    streams = dict.fromkeys((service, cohort) for service, cohort, _ in arrivals)
    tables: dict[str, Any] = {
        name: [_filled(row) for row in sections[name].rows] for name in TABLES if name in sections
    }
    model = make_model(
        arrivals=[{"service": s, "cohort": c, "per_day": "1"} for s, c in streams],
        **tables,
        **_settings(sections),
    )
    return Case(path.stem, model, arrivals, {k: s for k, s in sections.items() if k in EXPECTED})


def _settings(sections: dict[str, Section]) -> dict[str, Any]:
    given = {"days": 10, "start_residual": "fresh", "seed": SEED}
    return given | (sections["settings"].arguments if "settings" in sections else {})


def _filled(row: Row) -> dict[str, str]:
    return {column: cell or "" for column, cell in row.items()}


# --- arrivals at stated instants ----------------------------------------------------------------


def with_arrivals(
    compiled: Compiled, arrivals: tuple[tuple[str, str, float], ...], *, seed: int = SEED
) -> Compiled:
    """The same model with rates under which people arrive at exactly these instants.

    Engines find the k-th arrival of a stream where its cumulated rate reaches the sum of k
    exponential draws. Draws being functions of seed, stream and number, rates can be found that
    reach it at any instant wanted; only the first replication of the seed has these arrivals.

    Parameters
    ----------
    compiled : Compiled
        A model with an arrival stream for every service and cohort of `arrivals`.
    arrivals : tuple of (service, cohort, day)
        Days from time 0; > 0; different from each other within a service and cohort.
    seed : int
        Of the run.
    """
    key = replication_key(seed, 0)
    first, until, value = [0], [], []
    for i, stream in enumerate(compiled.stream_hashes):
        arrivals_key = stream_key(key, int(stream))
        service = compiled.services[compiled.stream_service[i]]
        cohort = compiled.cohorts[compiled.stream_cohort[i]]
        before = 0.0
        mine = sorted(day for s, c, day in arrivals if (s, c) == (service, cohort))
        for number, day in enumerate(mine, start=1):
            wanted = exponential(arrivals_key, person_key(arrivals_key, number))
            for end, rate in _steps_to(before, day, wanted):
                until.append(end)
                value.append(rate)
            before = day
        until.append(compiled.horizon_days)
        value.append(0.0)
        first.append(len(until))
    return dataclasses.replace(
        compiled,
        rate_first=np.array(first),
        rate_until=np.array(until),
        rate_value=np.array(value),
    )


def _steps_to(before: float, day: float, wanted: float) -> list[tuple[float, float]]:
    """Steps (until, rate) after `before` whose cumulated rate reaches `wanted` exactly at `day`.

    Nobody comes until a moment from which some rate gives the instant to the last bit; not every
    moment has such a rate.
    """
    for part in range(64):
        quiet = before + (day - before) * part / 64
        rate = wanted / (day - quiet)
        for _ in range(20):
            if rate * (day - quiet) >= wanted and quiet + wanted / rate == day:
                return [(quiet, 0.0), (day, rate)] if part else [(day, rate)]
            rate = math.nextafter(rate, math.inf)
    raise ValueError(f"no rate found that arrives at {day}")


# --- running ------------------------------------------------------------------------------------


def run_engine(compiled: Compiled, engine: str, *, seed: int = SEED) -> RawResult:
    """The first replication, with its stays."""
    if engine == "reference":
        return run_reference(compiled, seed, 0)
    return FastEngine(compiled).run(seed, 0, stays=True)


def run_case(case: Case, engine: str) -> dict[str, list[dict[str, Any]]]:
    """The tables that a case expects, as the engine gives them."""
    compiled = with_arrivals(compile_model(case.model), case.arrivals)
    raw = run_engine(compiled, engine)
    result = SimulationResult(case.model, compiled, (Replicate.of(compiled, raw),), [], {})
    assert raw.stays is not None
    start = case.model.settings.start
    stays = [_stay_row(row, start) for row in raw.stays.to_arrow(compiled, start).to_pylist()]
    return {
        "stays": sorted(stays, key=lambda row: (row["person"], row["stay"])),
        "summary": [
            {"service": r["service"], "measure": r["measure"], "value": r["mean"]}
            for r in result.summary.to_dict("records")
        ],
        "delays": [
            r | {"per_100k": r["delayed_days_per_day_per_100k"]}
            for r in result.delays.to_dict("records")
        ],
        "daily": [r | {"value": r["mean"]} for r in result.daily.to_dict("records")],
    }


def _stay_row(row: dict[str, Any], start: datetime) -> dict[str, Any]:
    names = ("requested", "started", "ready", "ended")
    times = {name: _days(row[f"{name}_at"], start) for name in names}
    return row | times | {"next": row["next_service"]}


def _days(time: datetime | None, start: datetime) -> float | None:
    return None if time is None else (time - start).total_seconds() / 86_400
