"""The figures that are compared: published, by our engine, and by PathSimR's rules.

``python -m tests.verification.pathsimr.figures`` prints the tables of the documentation.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.verification.pathsimr.as_pathsimr import Run, weekly_figures
from wholesystem.flow import read_model, replicate_stays, simulate

HERE = Path(__file__).parent
HOURS_A_DAY = 24
PUBLISHED_RUNS = 100
"""Replications of 168 hours behind each published figure."""

WARM_UP_HOURS = 252
"""Of the urology run: not published. Of those tried, the nearest to the published figures."""


@cache
def read_case_model(case: str) -> Any:
    """Model of a case."""
    return read_model(HERE / "models" / case)


@cache
def published(case: str, statistic: str = "mean") -> dict[tuple[str, str], float]:
    """Published value by service and figure."""
    with (HERE / "published.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["service"], row["figure"]): float(row["value"])
            for row in csv.DictReader(file)
            if row["case"] == case and row["statistic"] == statistic
        }


MEASURES = {
    "occupied": ("occupied", 1),
    "waiting": ("waiting_outside", 1),
    "wait hours": ("wait_days", HOURS_A_DAY),
    "stay hours": ("stay_days", HOURS_A_DAY),
    "delayed in transition": ("delayed", 1),
    "turned away": ("turned_away_per_day", 1 / HOURS_A_DAY),
}
"""Our measure of each published figure, and its factor to that tool's unit."""


@cache
def ours(case: str, replications: int = 400) -> dict[tuple[str, str], np.ndarray]:
    """Weekly values of our engine by service and figure, after 28 days of warm-up."""
    result = simulate(read_case_model(case), replications=replications, days=7)
    return {
        (service, figure): np.asarray(result.replicates[measure])[:, at] * factor
        for figure, (measure, factor) in MEASURES.items()
        for at, service in enumerate(result.services)
    }


@cache
def by_our_rules(weeks: int = 60) -> dict[tuple[str, str], np.ndarray]:
    """Weekly values of the small simulation of the urology case: one long run by our rules."""
    run = Run(read_case_model("urology"), 71, 28 + 7 * weeks)
    run.run()
    return weekly_figures(run, 28)


def by_pathsimr_rules(
    warm_up_hours: int = WARM_UP_HOURS, runs: int = 150
) -> dict[tuple[str, str], np.ndarray]:
    """Values of the week after the warm-up in separate runs by PathSimR's rules."""
    return _weeks_after(warm_up_hours, runs)


@cache
def _weeks_after(warm_up_hours: int, runs: int) -> dict[tuple[str, str], np.ndarray]:
    warm_up = warm_up_hours / HOURS_A_DAY
    weeks: dict[tuple[str, str], list[float]] = defaultdict(list)
    for seed in range(runs):
        run = Run(read_case_model("urology"), seed, warm_up + 7, warm_up_hours)
        run.run()
        for key, (value,) in weekly_figures(run, warm_up).items():
            weeks[key].append(value)
    return {key: np.array(values) for key, values in weeks.items()}


BY_RULES = ("occupied", "waiting", "wait hours", "wait hours sd")
"""Figures that the small simulation has too; the last is the spread between people."""


def published_urology() -> dict[tuple[str, str], float]:
    """Published values of those figures."""
    spread = published("urology", "sd")
    known = published("urology") | {(s, f"{f} sd"): value for (s, f), value in spread.items()}
    return {key: value for key, value in known.items() if key[1] in BY_RULES}


def distances(warm_up_hours: int = WARM_UP_HOURS, runs: int = 150) -> dict[tuple[str, str], float]:
    """Published value less that by PathSimR's rules, in standard errors of the difference.

    Without the queue and waits of H_W, where nobody waits in most weeks.
    """
    values = by_pathsimr_rules(warm_up_hours, runs)
    return {
        key: float(value - values[key].mean())
        / math.hypot(standard_error(values[key], runs), standard_error(values[key], PUBLISHED_RUNS))
        for key, value in published_urology().items()
        if key[0] != "H_W" or key[1] == "occupied"
    }


def counted_hours(case: str, service: str, begin: str, end: str, replications: int) -> np.ndarray:
    """Mean hours between two times of the visits with both in the measured week.

    That tool averages over visits with both times after its warm-up and before the end, so long
    ones that straddle either edge are left out.
    """
    means = []
    model = read_case_model(case)
    opens = np.datetime64(model.settings.start, "us") + np.timedelta64(28, "D")
    for replication in range(replications):
        stays = replicate_stays(model, replication).to_pandas()
        mine = stays[(stays.service == service) & (stays[begin] >= opens) & stays[end].notna()]
        means.append(((mine[end] - mine[begin]) / np.timedelta64(1, "h")).mean())
    return np.array(means)


def standard_error(values: np.ndarray, runs: int) -> float:
    """Standard error of a mean over so many runs like these."""
    return float(np.nanstd(values, ddof=1)) / math.sqrt(runs)


def _row(cells: list[Any]) -> str:
    return "| " + " | ".join(f"{c:.3f}" if isinstance(c, float) else str(c) for c in cells) + " |"


def _print_table(case: str, figures: list[str]) -> None:
    known, mine = published(case), ours(case)
    for figure in figures:
        print(f"\n{case}: {figure}\n")
        extra = ["by its rules"] if case == "urology" else []
        print(_row(["service", "published", "ours", *extra, "standard error"]))
        print(_row(["---", *["---:"] * (3 + len(extra))]))
        for service in dict.fromkeys(s for s, f in known if f == figure):
            values = mine[service, figure]
            cells: list[Any] = [known[service, figure], float(np.nanmean(values))]
            if extra:
                values = by_pathsimr_rules(runs=400)[service, figure]
                cells.append(float(values.mean()))
            print(_row([service, *cells, standard_error(values, PUBLISHED_RUNS)]))


def _print_warm_ups(warm_ups: list[int], runs: int) -> None:
    print(f"\nurology: all figures after other warm-ups, {runs} runs each\n")
    print(_row(["hours", "sum of squares", "largest", "H_C waiting", "H_W occupied"]))
    print(_row(["---:"] * 5))
    for hours in warm_ups:
        gaps = np.abs(list(distances(hours, runs).values()))
        values = by_pathsimr_rules(hours, runs)
        means = [float(values[key].mean()) for key in (("H_C", "waiting"), ("H_W", "occupied"))]
        print(_row([hours, float(gaps @ gaps), float(gaps.max()), *means]))


if __name__ == "__main__":
    _print_table("ae", ["occupied", "waiting", "wait hours", "stay hours", "delayed in transition"])
    _print_table("urology", ["occupied", "waiting", "wait hours"])
    hours = counted_hours("urology", "H_W", "started_at", "ended_at", 100)
    print(f"\nH_W hours of visits within the week: {hours.mean():.2f}")
    _print_warm_ups(list(range(240, 264)), 40)
    _print_warm_ups([180, 204, 228, 252, 276, 300, 348], 150)
