"""Experiments: a model run many times over, alone or beside scenarios."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from wholesystem import __version__
from wholesystem.errors import OurFault, ParameterError
from wholesystem.flow.compiled import Compiled, compile_model
from wholesystem.flow.families import MOST_DAYS
from wholesystem.flow.model import Model, model_hash
from wholesystem.flow.model_rows import LAST_SEED, MOST_REPLICATIONS
from wholesystem.flow.results import (
    Replicate,
    SimulationResult,
    interval95,
    paired_differences,
    stays_table,
)
from wholesystem.flow.warmup import differs_before, mser5_days

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from wholesystem.flow.raw import RawResult

__all__ = ["SimulationResult", "compare", "replicate_stays", "simulate", "stays_of"]

Engine = Literal["kernel", "reference"]
Progress = bool | Callable[[int, int], None] | None

_FEW_REPLICATIONS = 10


def simulate(
    model: Model,
    *,
    replications: int | None = None,
    days: float | None = None,
    seed: int | None = None,
    stays: bool = False,
    engine: Engine = "kernel",
    executor: Executor | None = None,
    progress: Progress = None,
) -> SimulationResult:
    """Run a model many times and summarise it with 95% intervals.

    Parameters
    ----------
    model : Model
        From `read_model`.
    replications : int, optional
        1 to 10,000; the model's own number if None.
    days : float, optional
        Measured length, above 0; warm-up and measured days together at most 36,525. The model's
        own if None.
    seed : int, optional
        0 to 2**63 - 1; the model's own if None. The same seed gives the same result on any
        number of threads.
    stays : bool
        Whether to keep the stays of the first replication.
    engine : {"kernel", "reference"}
        The fast one, or the slow one that is written to be read. They give the same result.
    executor : concurrent.futures.Executor, optional
        Where replications run; threads of this process, one for each processor, if None.
    progress : bool or callable, optional
        True shows a progress bar on standard error; a callable is given the replications done
        and their number.

    Returns
    -------
    SimulationResult
        Its `summary`, `delays` and `daily` are tables; `write` writes them to a folder.

    Raises
    ------
    ParameterError
        If a number is out of range.
    """
    model = _with_settings(model, replications, days, seed)
    compiled = compile_model(model)
    settings = model.settings
    run = _engine(compiled, engine)
    kept: list[RawResult] = []

    def one(replication: int) -> Replicate:
        raw = run(settings.seed, replication, stays and replication == 0)
        # The reference engine keeps the stays of every replication.
        if stays and replication == 0:
            kept.append(raw)
        return Replicate.of(compiled, raw)

    if executor is not None:
        job: Callable[[int], Replicate] = _Job(model, engine)
    else:
        job = one
    replicated = tuple(_map(job, settings.replications, executor, progress))
    if stays and not kept:
        kept.append(run(settings.seed, 0, True))
    warnings = [*model.warnings, *_warnings(compiled, replicated)]
    return SimulationResult(
        model=model,
        compiled=compiled,
        replicated=replicated,
        warnings=warnings,
        run=_run_record(model, warnings),
        raw_stays=kept[0].stays if kept else None,
    )


def replicate_stays(model: Model, replication: int = 0, seed: int | None = None) -> pa.Table:
    """Stays of one replication, as the stays table.

    Parameters
    ----------
    model : Model
        From `read_model`.
    replication : int
        From 0.
    seed : int, optional
        The model's own if None.

    Returns
    -------
    pyarrow.Table
        All stays of people who are there in the measured window, with the columns of
        `wholesystem.stays.STAYS_SCHEMA`; the window and the population are in the metadata.

    Raises
    ------
    ParameterError
        If a number is out of range.
    """
    if not (replication >= 0 and replication == int(replication)):
        raise ParameterError(
            f"The replication is {replication}. It must be a whole number, 0 or more."
        )
    return stays_of(model, seed)(replication)


def stays_of(model: Model, seed: int | None = None) -> Callable[[int], pa.Table]:
    """A function that gives the stays of any replication; the model is prepared once for all.

    Parameters
    ----------
    model : Model
        From `read_model`.
    seed : int, optional
        The model's own if None.

    Returns
    -------
    callable
        Takes the number of a replication, from 0; gives what `replicate_stays` does. Several
        threads may call it at once.

    Raises
    ------
    ParameterError
        If the seed is out of range.
    """
    model = _with_settings(model, None, None, seed)
    compiled = compile_model(model)
    run = _engine(compiled, "kernel")

    def one(replication: int) -> pa.Table:
        raw = run(model.settings.seed, replication, True)
        if raw.stays is None:
            raise OurFault("The engine was asked for stays and kept none.")
        return stays_table(model, compiled, raw.stays)

    return one


def compare(
    model: Model,
    scenarios: Mapping[str, Model],
    *,
    replications: int | None = None,
    days: float | None = None,
    seed: int | None = None,
    executor: Executor | None = None,
    progress: Progress = None,
) -> pd.DataFrame:
    """Run scenarios beside a model on the same draws; paired differences with intervals.

    Parameters
    ----------
    model : Model
        The baseline.
    scenarios : mapping of str to Model
        By name.
    replications, days, seed, executor, progress
        As in `simulate`; those of the baseline hold for all.

    Returns
    -------
    pandas.DataFrame
        The table of differences.csv.

    Raises
    ------
    ParameterError
        If a number is out of range.
    """
    settings = _with_settings(model, replications, days, seed).settings
    same: dict[str, Any] = {
        "replications": settings.replications,
        "days": settings.days,
        "seed": settings.seed,
        "executor": executor,
        "progress": progress,
    }
    baseline = simulate(model, **same)
    return paired_differences(
        baseline, {name: simulate(scenario, **same) for name, scenario in scenarios.items()}
    )


# --- running -----------------------------------------------------------------------------------


def _engine(compiled: Compiled, engine: str) -> Callable[[int, int, bool], RawResult]:
    if engine == "kernel":
        from wholesystem.flow.fast import FastEngine

        fast = FastEngine(compiled)
        return lambda seed, replication, stays: fast.run(seed, replication, stays=stays)
    if engine == "reference":
        from wholesystem.flow.reference import run_reference

        return lambda seed, replication, _: run_reference(compiled, seed, replication)
    raise ParameterError(f"The engine is {engine!r}. It must be 'kernel' or 'reference'.")


@dataclasses.dataclass
class _Job:
    """One replication, in a form that can be sent to another process or machine."""

    model: Model
    engine: str

    def __call__(self, replication: int) -> Replicate:
        compiled = compile_model(self.model)
        raw = _engine(compiled, self.engine)(self.model.settings.seed, replication, False)
        return Replicate.of(compiled, raw)


def _map(
    job: Callable[[int], Replicate], n: int, executor: Executor | None, progress: Progress
) -> Iterator[Replicate]:
    with _threads(executor) as pool, _bar(progress, n) as advance:
        futures = [pool.submit(job, replication) for replication in range(n)]
        try:
            for done, future in enumerate(futures, start=1):
                yield future.result()
                advance(done)
        except BaseException:
            for future in futures:
                future.cancel()
            raise


@contextmanager
def _threads(executor: Executor | None) -> Iterator[Executor]:
    if executor is not None:
        yield executor
        return
    pool = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        yield pool
    finally:
        # After Ctrl-C at any moment, submitting included, what has not begun never begins.
        pool.shutdown(cancel_futures=True)


@contextmanager
def _bar(progress: Progress, n: int) -> Iterator[Callable[[int], None]]:
    if callable(progress):
        report = progress
        yield lambda done: report(done, n)
        return
    if not progress:
        yield lambda done: None
        return
    from tqdm import tqdm

    # The first run on a machine compiles the kernel before anything is done.
    with tqdm(total=n, desc="Preparing the engine", unit="run") as bar:

        def advance(done: int) -> None:
            bar.set_description("Simulating")
            bar.update(done - bar.n)

        yield advance


# --- settings and what is said of them ----------------------------------------------------------


def _with_settings(
    model: Model, replications: int | None, days: float | None, seed: int | None
) -> Model:
    changes: dict[str, Any] = {}
    if replications is not None:
        if not (1 <= replications <= MOST_REPLICATIONS and replications == int(replications)):
            raise ParameterError(
                f"replications is {replications}. It must be a whole number from 1 to"
                f" {MOST_REPLICATIONS:,}."
            )
        changes["replications"] = int(replications)
    if days is not None:
        if not (days > 0 and days + model.settings.warm_up_days <= MOST_DAYS):
            raise ParameterError(
                f"days is {days}, after a warm-up of {model.settings.warm_up_days:g}. It must be"
                f" above 0, and the two together at most {MOST_DAYS:,}."
            )
        changes["days"] = float(days)
    if seed is not None:
        if not (0 <= seed <= LAST_SEED and seed == int(seed)):
            raise ParameterError(
                f"seed is {seed}. It must be a whole number from 0 to {LAST_SEED}."
            )
        changes["seed"] = int(seed)
    if not changes:
        return model
    settings = model.settings.model_copy(update=changes)
    return dataclasses.replace(model, settings=settings)


def _run_record(model: Model, warnings: list[str]) -> dict[str, Any]:
    settings = model.settings
    return {
        "version": __version__,
        "model": settings.name,
        "model_hash": model_hash(model),
        "seed": settings.seed,
        "replications": settings.replications,
        "days": float(settings.days),
        "warm_up_days": float(settings.warm_up_days),
        "warnings": warnings,
    }


def _warnings(compiled: Compiled, replicated: tuple[Replicate, ...]) -> list[str]:
    found = []
    if len(replicated) < _FEW_REPLICATIONS:
        runs = "1 replication" if len(replicated) == 1 else f"{len(replicated)} replications"
        found.append(
            f"Only {runs}: the intervals are unreliable. Run at least {_FEW_REPLICATIONS}."
        )
    found += _full_services(compiled, replicated)
    if not len(compiled.start_service):
        found += _short_warm_up(compiled, replicated)
    return found


def _full_services(compiled: Compiled, replicated: tuple[Replicate, ...]) -> list[str]:
    """Say where more is asked of a service than it can give."""
    found = []
    load = offered_load(compiled, replicated)
    away = interval95(np.stack([r.measures["turned_away_per_day"] for r in replicated]))["mean"]
    for k in np.flatnonzero(load >= 1.0):
        asked = f"{compiled.services[k]}: offered load is {load[k]:.0%} of its capacity."
        if away[k] > 0:
            found.append(f"{asked} Its queue is kept short: {away[k]:.2g} people a day turn away.")
        else:
            found.append(
                f"{asked} Its queue grows for as long as the model runs, so means depend on the"
                " length of the run."
            )
    return found


def offered_load(compiled: Compiled, replicated: tuple[Replicate, ...]) -> Any:
    """Share of each service's capacity that those who ask for it would use if none waited.

    Parameters
    ----------
    compiled : Compiled
        The model.
    replicated : tuple of Replicate
        Its replications.

    Returns
    -------
    ndarray of float, shape (n_services,)
        Used capacity over available, times the people who asked over the people who started;
        NaN with no limit, with no places at all, and where nobody started.

    Notes
    -----
    Those who start use what is used, so everybody who asked would have used that much more. In
    balance as many start as ask, and the load is the used share. The mean time in the place is
    left out on purpose: over a window that is short beside the stays, those who happened to leave
    in it stayed longer than most.
    """
    used = interval95(np.stack([r.measures["used_share"] for r in replicated]))["mean"]
    asked = interval95(np.stack([r.measures["arrivals_per_day"] for r in replicated]))["mean"]
    started = interval95(np.stack([r.started_per_day for r in replicated]))["mean"]
    with np.errstate(divide="ignore", invalid="ignore"):
        load = used * asked / started
    return np.where(compiled.capacity_days > 0, load, np.nan)


def _short_warm_up(compiled: Compiled, replicated: tuple[Replicate, ...]) -> list[str]:
    """Say where MSER-5 would leave out more than the warm-up, and it matters."""
    series = np.stack([r.in_system for r in replicated])
    wanted = mser5_days(series.mean(axis=0))
    warm_up = compiled.warm_up_days
    if not differs_before(series, warm_up, wanted):
        return []
    if wanted is None:
        return [
            "The number of people in the system has not settled (MSER-5): the warm-up of"
            f" {warm_up:g} days, or the whole run, is too short. Lengthen warm_up_days, or state"
            " who is present at time 0 in start.csv."
        ]
    return [
        f"The warm-up of {warm_up:g} days is too short: the number of people in the system"
        f" settles after about {wanted} (MSER-5). Set warm_up_days to {wanted} or more."
    ]
