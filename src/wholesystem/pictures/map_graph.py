"""Which boxes and bands the system map draws, and in which column each box stands.

Journeys read from left to right. A person's own home both starts and ends them, so a place where
people live appears twice: at the far left, and again at the far right as where people go home to.
A move to an earlier column is a *return* and is led back beneath the boxes; a move inside one
column is an *arc*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wholesystem.pictures.map_data import OUTSIDE, STAGES, MapFlow, MapService, SystemMap
from wholesystem.pictures.wording import is_known

MAX_COLUMNS = 8
CROWDED_COLUMN = 6
# Flows below this share of the largest are left to the table, unless someone is held up by them.
SMALLEST_SHARE = 0.01
AGAIN = "again:"


@dataclass(frozen=True)
class Edge:
    """One flow as drawn: between two boxes, of a kind.

    Parameters
    ----------
    flow : MapFlow
        The figures.
    source, target : str
        Box keys; source is empty for arrivals from outside.
    kind : str
        ``forward``, ``arc``, ``return`` or ``arrival``.
    """

    flow: MapFlow
    source: str
    target: str
    kind: str


@dataclass(frozen=True)
class Graph:
    """Boxes in columns and the edges between them.

    Parameters
    ----------
    columns : tuple of tuple of str
        Box keys of each column, left to right.
    stages : tuple of str
        The stage of each column.
    edges : tuple of Edge
        Flows to draw, in the order given.
    folded : tuple of (MapFlow, str)
        Flows left to the table, each with the box it would have entered.
    """

    columns: tuple[tuple[str, ...], ...]
    stages: tuple[str, ...]
    edges: tuple[Edge, ...]
    folded: tuple[tuple[MapFlow, str], ...]

    def column_of(self) -> dict[str, int]:
        """The column of each box.

        Returns
        -------
        dict of str to int
            By box key, from 0.
        """
        return {key: c for c, keys in enumerate(self.columns) for key in keys}


def service_id(key: str) -> str:
    """The service a box shows, first or second time.

    Parameters
    ----------
    key : str
        Box key.

    Returns
    -------
    str
        Id of the service.
    """
    return key.removeprefix(AGAIN)


def is_again(key: str) -> bool:
    """Whether a box is the second showing of a place where people live.

    Parameters
    ----------
    key : str
        Box key.

    Returns
    -------
    bool
        True for the second showing.
    """
    return key.startswith(AGAIN)


def build_graph(system_map: SystemMap) -> Graph:
    """Choose what is drawn and in which column.

    Parameters
    ----------
    system_map : SystemMap
        The map.

    Returns
    -------
    Graph
        Boxes in columns, and edges.
    """
    drawn, folded = split_flows(system_map.flows)
    services = system_map.by_id()
    ends = [(f, *_box_keys(f, services)) for f in drawn]
    lanes = _lanes(system_map.services, {target for _, _, target in ends})
    weights = {(s, t): f.people_per_day for f, s, t in ends if s}
    columns, stages = _split_lanes(lanes, weights)
    column_of = {key: c for c, keys in enumerate(columns) for key in keys}
    edges = tuple(Edge(f, s, t, _kind(s, t, column_of)) for f, s, t in ends)
    left_out = tuple((f, _box_keys(f, services)[1]) for f in folded)
    return Graph(columns, stages, edges, left_out)


def split_flows(flows: Sequence[MapFlow]) -> tuple[list[MapFlow], tuple[MapFlow, ...]]:
    """The flows worth a band, and those left to the table.

    Parameters
    ----------
    flows : sequence of MapFlow
        Any flows; those not known or of nobody are never drawn.

    Returns
    -------
    tuple
        The flows to draw, and the others.
    """
    largest = max((f.people_per_day for f in flows if is_known(f.people_per_day)), default=0.0)
    drawn = [f for f in flows if _matters(f, largest)]
    return drawn, tuple(f for f in flows if not _matters(f, largest))


def _matters(flow: MapFlow, largest: float) -> bool:
    if not is_known(flow.people_per_day) or flow.people_per_day <= 0:
        return False
    held_up = is_known(flow.people_delayed) and flow.people_delayed >= 0.95
    return held_up or flow.people_per_day >= SMALLEST_SHARE * largest


def _box_keys(flow: MapFlow, services: Mapping[str, MapService]) -> tuple[str, str]:
    if flow.from_service == OUTSIDE:
        return OUTSIDE, flow.to_service
    before = services[flow.from_service].stage
    home = services[flow.to_service].stage == "usual_place" and before != "usual_place"
    return flow.from_service, (AGAIN if home else "") + flow.to_service


def _lanes(services: Sequence[MapService], targets: set[str]) -> dict[str, list[str]]:
    lanes: dict[str, list[str]] = {stage: [] for stage in STAGES}
    for service in services:
        lanes[service.stage].append(service.service)
        if AGAIN + service.service in targets:
            lanes["left"].append(AGAIN + service.service)
    lanes["left"].sort(key=lambda key: not is_again(key))
    return {stage: keys for stage, keys in lanes.items() if keys}


def _split_lanes(
    lanes: Mapping[str, list[str]], weights: Mapping[tuple[str, str], float]
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    gains = {stage: _split_gain(stage, keys, weights) for stage, keys in lanes.items()}
    spare = MAX_COLUMNS - len(lanes)
    best_first = sorted((s for s in gains if gains[s] > 0), key=lambda s: -gains[s])
    chosen = set(best_first[: max(spare, 0)])
    columns: list[tuple[str, ...]] = []
    stages: list[str] = []
    for stage, keys in lanes.items():
        parts = _halves(keys, weights) if stage in chosen else [tuple(keys)]
        columns += parts
        stages += [stage] * len(parts)
    return tuple(columns), tuple(stages)


def _split_gain(stage: str, keys: list[str], weights: Mapping[tuple[str, str], float]) -> float:
    inside = sum(w for (s, t), w in weights.items() if s in keys and t in keys)
    if stage in ("usual_place", "left") or len(keys) < 2:
        return 0.0
    return inside + 1e6 * max(0, len(keys) - CROWDED_COLUMN)


def _halves(keys: list[str], weights: Mapping[tuple[str, str], float]) -> list[tuple[str, ...]]:
    """Split a lane in two so that most people moving inside it move to the right."""
    inside = {pair: w for pair, w in weights.items() if pair[0] in keys and pair[1] in keys}
    total = sum(inside.values()) or 1.0
    sends = {
        k: sum(w if k == s else -w for (s, t), w in inside.items() if k in (s, t)) for k in keys
    }
    right = {k for k in keys if sends[k] < 0}
    if not inside:
        right = set(keys[(len(keys) + 1) // 2 :])

    def score(side: set[str]) -> float:
        forward = sum(w for (s, t), w in inside.items() if s not in side and t in side)
        backward = sum(w for (s, t), w in inside.items() if s in side and t not in side)
        uneven = abs(len(keys) - 2 * len(side)) / len(keys)
        return (forward - 2 * backward) / total - 0.4 * uneven

    for _ in range(len(keys)):
        best = max(keys, key=lambda k: score(right ^ {k}))
        if score(right ^ {best}) <= score(right) + 1e-12:
            break
        right = right ^ {best}
    parts = [tuple(k for k in keys if k not in right), tuple(k for k in keys if k in right)]
    return [part for part in parts if part]


def _kind(source: str, target: str, column_of: Mapping[str, int]) -> str:
    if source == OUTSIDE:
        return "arrival"
    gap = column_of[target] - column_of[source]
    return "forward" if gap > 0 else "arc" if gap == 0 else "return"
