"""Results of an experiment: figures of every replication, summarised with intervals."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wholesystem.files import staged_folder

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from wholesystem.flow.compiled import Compiled
    from wholesystem.flow.model import Model
    from wholesystem.flow.raw import RawResult, RawStays

__all__ = ["DAILY_MEASURES", "MEASURES", "Replicate", "SimulationResult", "interval95"]

Floats = NDArray[np.float64]

#: Measures of summary.csv, in order.
MEASURES = (
    "arrivals_per_day",
    "occupied",
    "delayed",
    "waiting_outside",
    "turned_away_per_day",
    "wait_days",
    "stay_days",
    "delay_days",
    "used_share",
    "cost_per_day",
)
#: Measures of daily.csv, in order.
DAILY_MEASURES = ("occupied", "delayed", "waiting_outside", "arrivals_per_day")

_PER = 100_000
_STATES = {"occupied": "occupied", "waiting": "waiting_outside", "delayed": "delayed"}


@dataclass(frozen=True)
class Replicate:
    """Figures of one replication.

    Parameters
    ----------
    measures : dict of str to ndarray, shape (n_services,)
        Every measure of `MEASURES` but the cost; NaN where it has no value.
    started_per_day : ndarray of float, shape (n_services,)
        People who took a place, a day.
    delayed : ndarray of float, shape (n_groups,)
        Mean people delayed, by delay group.
    daily : ndarray of float32, shape (n_days, n_services, 4)
        Measures of `DAILY_MEASURES` on every measured day.
    in_system : ndarray of float, shape (n_all_days,)
        Mean people in services with a limit or waiting for them, every day from time 0.
    events : int
        That the engine worked through.
    """

    measures: dict[str, Floats]
    started_per_day: Floats
    delayed: Floats
    daily: NDArray[np.float32]
    in_system: Floats
    events: int

    @classmethod
    def of(cls, compiled: Compiled, raw: RawResult) -> Replicate:
        """Figures of an engine's result."""
        warm, days = compiled.warm_snapshot, compiled.days
        delayed_days = _by_service(compiled, raw.delayed_days)
        started, wait, ended, stay, delay = (raw.totals[1] - raw.totals[0]).T

        def mean(total: Floats) -> Floats:
            return np.asarray((total[-1] - total[warm]) / days)

        with np.errstate(divide="ignore", invalid="ignore"):
            measures = {
                "arrivals_per_day": mean(raw.asked),
                "occupied": mean(raw.people_days),
                "delayed": mean(delayed_days),
                "waiting_outside": mean(raw.outside_days),
                "turned_away_per_day": mean(raw.turned_away),
                "wait_days": wait / started,
                "stay_days": stay / ended,
                "delay_days": delay / ended,
                "used_share": (raw.unit_days[-1] - raw.unit_days[warm]) / compiled.capacity_days,
            }
        limited = np.isfinite(compiled.capacity_days) & (compiled.capacity_days > 0)
        measures["used_share"][~limited] = np.nan
        for name in measures:
            if name != "arrivals_per_day":
                measures[name] = np.where(compiled.is_left, np.nan, measures[name])
        lengths = np.diff(compiled.snapshots)
        present = raw.people_days + raw.outside_days
        counted = np.isfinite(compiled.capacity_days) | np.isfinite(compiled.places)
        totals = (raw.people_days, delayed_days, raw.outside_days, raw.asked)
        daily = np.stack([np.diff(x, axis=0) for x in totals], axis=2)
        return cls(
            measures=measures,
            started_per_day=np.asarray(started / days),
            delayed=mean(raw.delayed_days),
            daily=(daily / lengths[:, None, None])[warm:].astype(np.float32),
            in_system=np.diff(present[:, counted].sum(axis=1)) / lengths,
            events=raw.events,
        )


def _by_service(compiled: Compiled, by_group: Floats) -> Floats:
    """Sum columns of delay groups to the service where people are delayed."""
    index = [compiled.services.index(group.service) for group in compiled.groups]
    total = np.zeros((len(by_group), len(compiled.services)))
    np.add.at(total.T, index, by_group.T)
    return total


def interval95(values: Floats) -> dict[str, Floats]:
    """Mean over replications with its 95% interval.

    Parameters
    ----------
    values : ndarray of float, shape (n_replications, ...)
        A figure of each replication; NaN where it has none.

    Returns
    -------
    dict of str to ndarray
        ``mean``, ``lower95``, ``upper95``, ``sd`` and ``replications`` (those with a value),
        each of the shape that is left. The interval and `sd` are NaN below two values.

    Notes
    -----
    Student's t: mean +/- t(0.975, n - 1) s / sqrt(n).
    """
    from scipy.special import stdtrit

    known = ~np.isnan(values)
    n = known.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(n > 0, np.where(known, values, 0.0).sum(axis=0) / n, np.nan)
        squares = (np.where(known, values - mean, 0.0) ** 2).sum(axis=0)
        sd = np.where(n > 1, np.sqrt(squares / (n - 1)), np.nan)
        half = stdtrit(np.maximum(n - 1, 1), 0.975) * sd / np.sqrt(n)
    return {"mean": mean, "lower95": mean - half, "upper95": mean + half, "sd": sd,
            "replications": n}  # fmt: skip


@dataclass(frozen=True)
class SimulationResult:
    """What an experiment found.

    Parameters
    ----------
    model : Model
        What was run.
    compiled : Compiled
        The same as flat arrays.
    replicated : tuple of Replicate
        Figures of each replication, in order.
    warnings : list of str
        What a reader should know before trusting the figures.
    run : dict
        Content of run.json.
    raw_stays : RawStays or None
        Stays of the first replication, where they were asked for.
    """

    model: Model
    compiled: Compiled
    replicated: tuple[Replicate, ...]
    warnings: list[str]
    run: dict[str, Any]
    raw_stays: RawStays | None = None
    _cache: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def stays(self) -> pa.Table | None:
        """Stays of the first replication as the stays table, where they were asked for."""
        if self.raw_stays is None:
            return None
        if "stays" not in self._cache:
            self._cache["stays"] = stays_table(self.model, self.compiled, self.raw_stays)
        return self._cache["stays"]

    @property
    def services(self) -> list[str]:
        """Ids of the services, in the order of the model."""
        return list(self.compiled.services)

    @property
    def replicates(self) -> dict[str, Floats]:
        """Every measure of summary.csv: arrays of shape (n_replications, n_services)."""
        if "replicates" not in self._cache:
            found = {
                name: np.stack([r.measures[name] for r in self.replicated])
                for name in MEASURES
                if name != "cost_per_day"
            }
            self._cache["replicates"] = found | {"cost_per_day": self._costs(found)}
        kept: dict[str, Floats] = self._cache["replicates"]
        return kept

    @property
    def delayed(self) -> Floats:
        """People delayed, shape (n_replications, n_groups), by `compiled.groups`."""
        return np.stack([r.delayed for r in self.replicated])

    @property
    def daily_values(self) -> NDArray[np.float32]:
        """Shape (n_replications, n_days, n_services, 4), by `DAILY_MEASURES`."""
        return np.stack([r.daily for r in self.replicated])

    def _costs(self, found: Mapping[str, Floats]) -> Floats:
        """Pounds a day; NaN for services without a row in costs.csv."""
        cost = np.full(found["occupied"].shape, np.nan)
        for row in self.model.costs:
            k = self.services.index(row.service)
            people = found[_STATES[row.state]][:, k]
            cost[:, k] = np.nan_to_num(cost[:, k]) + people * float(row.per_day)
        return cost

    @property
    def summary(self) -> pd.DataFrame:
        """The table of summary.csv: a row for each service and measure."""
        import pandas as pd

        figures = {name: interval95(values) for name, values in self.replicates.items()}
        rows = []
        for k, service in enumerate(self.services):
            # An outcome is only reached: nothing else is measured there.
            named = MEASURES[:1] if self.compiled.is_left[k] else MEASURES
            for name in named:
                columns = {column: values[k] for column, values in figures[name].items()}
                rows.append({"service": service, "measure": name} | columns)
        return pd.DataFrame(rows)

    def lines(self) -> list[str]:
        """Short table of the means, for a terminal.

        Returns
        -------
        list of str
            A heading and a line for each service but the outcomes: people in places, of how many,
            share used, people delayed, people waiting outside, and days waited for a place.
        """
        means = {name: interval95(values)["mean"] for name, values in self.replicates.items()}
        heads = ("people", "places", "used", "delayed", "outside", "wait days")
        lines = [f"{'service':24}" + "".join(f"{head:>11}" for head in heads)]
        for k, row in enumerate(self.model.services):
            if self.compiled.is_left[k]:
                continue
            places = self.compiled.capacity_days[k] / self.compiled.days
            limit = f"{places:,.0f}" if np.isfinite(places) else "no limit"
            used = means["used_share"][k]
            cells = (
                f"{means['occupied'][k]:,.1f}",
                f"{limit} h/wk" if row.unit == "hours_per_week" and limit != "no limit" else limit,
                "" if np.isnan(used) else f"{used:.0%}",
                f"{means['delayed'][k]:,.1f}",
                f"{means['waiting_outside'][k]:,.1f}",
                "" if np.isnan(means["wait_days"][k]) else f"{means['wait_days'][k]:,.2f}",
            )
            lines.append(f"{row.service[:23]:24}" + "".join(f"{cell:>11}" for cell in cells))
        return lines

    @property
    def delays(self) -> pd.DataFrame:
        """The table of delays.csv: people delayed by what they wait for and why."""
        import pandas as pd

        groups = self.compiled.groups
        people = interval95(self.delayed.reshape(len(self.replicated), len(groups)))
        population = self.model.settings.population
        rate = np.nan if population is None else _PER / float(population)
        columns: dict[str, Any] = {
            name: [getattr(g, name) for g in groups]
            for name in ("service", "waiting_for", "reason", "responsible")
        }
        for name, scale in (("people_delayed", 1.0), ("delayed_days_per_day_per_100k", rate)):
            columns[name] = people["mean"] * scale
            columns[f"{name}_lower95"] = people["lower95"] * scale
            columns[f"{name}_upper95"] = people["upper95"] * scale
        table = pd.DataFrame(columns)
        return table[table["people_delayed"] > 0].reset_index(drop=True)

    @property
    def daily(self) -> pd.DataFrame:
        """The table of daily.csv: every measured day, with percentiles over replications."""
        import pandas as pd

        kept = np.flatnonzero(~self.compiled.is_left)
        values = self.daily_values[:, :, kept, :]
        n_days, n_services, n_measures = values.shape[1:]
        levels = np.percentile(values, [5, 50, 95], axis=0)
        names = [self.services[k] for k in kept]
        size = n_days * n_services * n_measures
        return pd.DataFrame(
            {
                "day": np.repeat(np.arange(n_days), n_services * n_measures),
                "service": np.tile(np.repeat(names, n_measures), n_days)[:size],
                "measure": np.tile(np.array(DAILY_MEASURES), n_days * n_services),
                "mean": values.mean(axis=0, dtype=np.float64).ravel(),
                "p05": levels[0].ravel(),
                "p50": levels[1].ravel(),
                "p95": levels[2].ravel(),
            }
        )

    def write(self, out: str | os.PathLike[str]) -> None:
        """Write summary.csv, delays.csv, daily.csv, run.json and the stays, if kept.

        Parameters
        ----------
        out : path
            Folder; made where it does not exist. Earlier results there stay untouched until all
            files are complete.

        Raises
        ------
        OutputError
            If the folder cannot be written.
        """
        with staged_folder(out) as folder:
            self.write_files(folder)

    def write_files(self, folder: Path, *, stays: bool = True) -> None:
        """Write the files of `write` straight into a folder that exists.

        Parameters
        ----------
        folder : Path
            Where to write.
        stays : bool
            Whether to write the stays, if they were kept.
        """
        for name in ("summary", "delays", "daily"):
            # Days are kept in single precision, which has seven digits.
            digits = 7 if name == "daily" else 10
            write_csv(getattr(self, name), folder / f"{name}.csv", digits=digits)
        text = json.dumps(self.run, indent=2, ensure_ascii=False)
        (folder / "run.json").write_text(text + "\n", encoding="utf-8")
        if stays and self.stays is not None:
            import pyarrow.parquet as pq

            pq.write_table(self.stays, folder / "stays.parquet")


def stays_table(model: Model, compiled: Compiled, stays: RawStays) -> pa.Table:
    """Stays of an engine as the stays table, with window and population in the metadata.

    Parameters
    ----------
    model : Model
        What was run.
    compiled : Compiled
        The same as flat arrays.
    stays : RawStays
        Of one replication.

    Returns
    -------
    pyarrow.Table
        All stays of people who are there in the measured window.
    """
    from wholesystem.stays import stamp

    start = model.settings.start
    return stamp(
        stays.to_arrow(compiled, start),
        start + timedelta(days=compiled.warm_up_days),
        start + timedelta(days=compiled.horizon_days),
        population=model.settings.population,
        simulated=True,
    )


def write_csv(table: pd.DataFrame, path: Path, *, digits: int = 10) -> None:
    """Write figures as CSV: so many significant digits, nothing for a missing value."""
    table.to_csv(
        path, index=False, float_format=f"%.{digits}g", lineterminator="\n", encoding="utf-8"
    )


def paired_differences(
    baseline: SimulationResult, scenarios: Mapping[str, SimulationResult]
) -> pd.DataFrame:
    """The table of differences.csv: scenario less baseline, replication by replication.

    Parameters
    ----------
    baseline : SimulationResult
        Without the change.
    scenarios : mapping of str to SimulationResult
        With it, by name, from the same seed and number of replications.

    Returns
    -------
    pandas.DataFrame
        A row for each scenario, service that both have, and measure.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for scenario, result in scenarios.items():
        for k, service in enumerate(baseline.services):
            if service in result.services:
                rows += _differences(baseline, result, scenario, k, result.services.index(service))
    return pd.DataFrame(rows)


def _differences(
    baseline: SimulationResult, result: SimulationResult, scenario: str, k: int, j: int
) -> Sequence[dict[str, Any]]:
    rows = []
    named = MEASURES[:1] if baseline.compiled.is_left[k] else MEASURES
    for name in named:
        before = baseline.replicates[name][:, k]
        after = result.replicates[name][:, j]
        paired = np.isnan(before) | np.isnan(after)
        before, after = np.where(paired, np.nan, before), np.where(paired, np.nan, after)
        found = interval95(after - before)
        rows.append(
            {
                "scenario": scenario,
                "service": baseline.services[k],
                "measure": name,
                "baseline": float(interval95(before)["mean"]),
                "scenario_value": float(interval95(after)["mean"]),
                "difference": float(found["mean"]),
                "lower95": float(found["lower95"]),
                "upper95": float(found["upper95"]),
                "replications": int(found["replications"]),
            }
        )
    return rows
