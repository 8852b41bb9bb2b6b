"""The system map of a simulated system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.flow.results import interval95
from wholesystem.pictures import MapFlow, MapService, SystemMap

if TYPE_CHECKING:
    import pandas as pd

    from wholesystem.flow import SimulationResult

__all__ = ["mean_flows", "system_map_of"]


def mean_flows(flows: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Mean of several replications' flows.

    Parameters
    ----------
    flows : sequence of DataFrame
        Each from `wholesystem.stays.flows`; at least one.

    Returns
    -------
    pandas.DataFrame
        ``from``, ``to``, ``per_day`` (mean over replications; none counts as 0) and
        ``mean_wait_days`` (over all people who moved; missing where no wait is known).
    """
    import pandas as pd

    table = pd.concat(flows, ignore_index=True)
    known = table["mean_wait_days"].notna()
    table["waited"] = (table["people"] * table["mean_wait_days"]).where(known, 0.0)
    table["counted"] = table["people"].where(known, 0)
    total = table.groupby(["from", "to"], as_index=False)[["per_day", "waited", "counted"]].sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        total["mean_wait_days"] = total["waited"].to_numpy() / total["counted"].to_numpy()
    total["per_day"] /= len(flows)
    return total[["from", "to", "per_day", "mean_wait_days"]]


def system_map_of(
    result: SimulationResult, flows: pd.DataFrame, *, title: str, period: str, source: str
) -> SystemMap:
    """Everything the system map shows, from a run and the flows of its stays.

    Parameters
    ----------
    result : SimulationResult
        The run.
    flows : DataFrame
        From `mean_flows`.
    title, period, source : str
        Heading, what time the figures are for, and where they come from.

    Returns
    -------
    SystemMap
        Ready to draw; the people of all cohorts together.
    """
    means = {name: interval95(values)["mean"] for name, values in result.replicates.items()}
    services = []
    for k, row in enumerate(result.model.services):
        left = row.stage == "left"
        places = _places(result, k)
        services.append(
            MapService(
                service=row.service,
                label=row.label,
                stage=row.stage,
                places=None if left else places,
                unit=row.unit,
                occupied=float("nan") if left else float(means["occupied"][k]),
                delayed=0.0 if left else float(means["delayed"][k]),
                waiting_outside=0.0 if left else float(means["waiting_outside"][k]),
                turned_away_per_day=0.0 if left else float(means["turned_away_per_day"][k]),
                used_share=None if places is None else float(means["used_share"][k]),
            )
        )
    known = set(result.services)
    delayed = _delayed_by_pair(result)
    drawn = tuple(
        MapFlow(
            from_service=row["from"],
            to_service=row["to"],
            people_per_day=row["per_day"],
            mean_wait_days=row["mean_wait_days"],
            people_delayed=delayed.get((row["from"], row["to"]), 0.0),
        )
        for row in flows.to_dict("records")
        if row["to"] in known
        and (row["from"] in known or not row["from"])
        and row["from"] != row["to"]
    )
    headline = _headline(sum(delayed.values()))
    return SystemMap(
        title=title,
        description=f"{headline} A move's colour is the days waited for it.",
        headline=headline,
        period=period,
        services=tuple(services),
        flows=drawn,
        source_note=source,
    )


def _headline(people: float) -> str:
    if people < 0.05:
        return "On an average day nobody is ready to move but delayed."
    count = f"{people:,.0f}" if people >= 9.5 else f"{people:.1f}"
    return (
        f"On an average day {count} people, all services together, are ready to move but delayed."
    )


def _places(result: SimulationResult, k: int) -> float | None:
    """Mean places over the measured window; None for no limit."""
    mean = float(result.compiled.capacity_days[k]) / result.compiled.days
    return mean if np.isfinite(mean) else None


def _delayed_by_pair(result: SimulationResult) -> dict[tuple[str, str], float]:
    """Mean people delayed, by where they are and what they wait for."""
    pairs: dict[tuple[str, str], float] = {}
    for group, people in zip(result.compiled.groups, result.delayed.mean(axis=0), strict=True):
        pair = (group.service, group.waiting_for)
        pairs[pair] = pairs.get(pair, 0.0) + float(people)
    return pairs
