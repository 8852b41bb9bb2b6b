"""The order of boxes and passing bands in each column: few crossings, by barycentre sweeps.

References
----------
Sugiyama, Tagawa and Toda (1981), IEEE Transactions on Systems, Man and Cybernetics 11(2), 109-125:
long edges are split by dummy nodes in the columns they pass, and each column is sorted by the mean
place of the neighbours, sweeping to and fro.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wholesystem.pictures.map_graph import Graph

SWEEPS = 24


@dataclass(frozen=True)
class Link:
    """A piece of a band between neighbouring columns."""

    edge: int
    before: str
    after: str
    weight: float


@dataclass(frozen=True)
class Layers:
    """Nodes of each column (boxes and passing bands) and the links between neighbours."""

    columns: tuple[tuple[str, ...], ...]
    links: tuple[Link, ...]


def passing_key(edge: int, column: int) -> str:
    """The key of the place where a band passes through a column.

    Parameters
    ----------
    edge : int
        Number of the edge.
    column : int
        Column, from 0.

    Returns
    -------
    str
        The key.
    """
    return f"pass:{edge}:{column}"


def is_passing(key: str) -> bool:
    """Whether a node is a band passing through, not a box.

    Parameters
    ----------
    key : str
        Key of a node.

    Returns
    -------
    bool
        True for a band.
    """
    return key.startswith("pass:")


def build_layers(graph: Graph) -> Layers:
    """Split forward edges that skip columns into links between neighbouring columns.

    Parameters
    ----------
    graph : Graph
        What is drawn.

    Returns
    -------
    Layers
        Not yet ordered.
    """
    column_of = graph.column_of()
    columns = [list(keys) for keys in graph.columns]
    links = []
    for i, edge in enumerate(graph.edges):
        if edge.kind != "forward":
            continue
        first, last = column_of[edge.source], column_of[edge.target]
        previous = edge.source
        for column in range(first + 1, last):
            key = passing_key(i, column)
            columns[column].append(key)
            links.append(Link(i, previous, key, edge.flow.people_per_day))
            previous = key
        links.append(Link(i, previous, edge.target, edge.flow.people_per_day))
    return Layers(tuple(tuple(c) for c in columns), tuple(links))


def order_layers(layers: Layers) -> Layers:
    """The same layers with each column in an order with few and light crossings.

    Parameters
    ----------
    layers : Layers
        Columns in any order.

    Returns
    -------
    Layers
        Ordered.
    """
    columns = [list(c) for c in layers.columns]
    gaps = _links_by_gap(layers)
    best, best_cost = [list(c) for c in columns], _total_crossings(columns, gaps)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        order = range(1, len(columns)) if forwards else range(len(columns) - 2, -1, -1)
        for c in order:
            _sort_by_neighbours(columns, gaps, c, forwards)
        _swap_neighbours(columns, gaps)
        cost = _total_crossings(columns, gaps)
        if cost < best_cost - 1e-9:
            best, best_cost = [list(c) for c in columns], cost
    return Layers(tuple(tuple(c) for c in best), layers.links)


def _links_by_gap(layers: Layers) -> list[list[Link]]:
    column_of = {key: c for c, keys in enumerate(layers.columns) for key in keys}
    gaps: list[list[Link]] = [[] for _ in layers.columns[1:]]
    for link in layers.links:
        gaps[column_of[link.before]].append(link)
    return gaps


def _sort_by_neighbours(
    columns: list[list[str]], gaps: Sequence[Sequence[Link]], c: int, forwards: bool
) -> None:
    fixed = columns[c - 1] if forwards else columns[c + 1]
    place = {key: (i + 0.5) / len(fixed) for i, key in enumerate(fixed)}
    sums: dict[str, list[float]] = {}
    for link in gaps[c - 1] if forwards else gaps[c]:
        mine, other = (link.after, link.before) if forwards else (link.before, link.after)
        total = sums.setdefault(mine, [0.0, 0.0])
        total[0] += link.weight * place[other]
        total[1] += link.weight
    count = len(columns[c])
    mean = {
        key: sums[key][0] / sums[key][1] if key in sums else (i + 0.5) / count
        for i, key in enumerate(columns[c])
    }
    columns[c].sort(key=lambda key: mean[key])


def _swap_neighbours(columns: list[list[str]], gaps: Sequence[Sequence[Link]]) -> None:
    """Swap neighbours in each column as long as that lessens the crossings."""
    for c, keys in enumerate(columns):
        sides = []
        if c > 0:
            sides.append(_ends_of(gaps[c - 1], columns[c - 1]))
        if c < len(gaps):
            sides.append(_ends_of(gaps[c], columns[c + 1]))
        for _ in range(len(keys)):
            if not _swap_once(keys, sides):
                break


def _swap_once(keys: list[str], sides: Sequence[Mapping[str, list[tuple[int, float]]]]) -> bool:
    moved = False
    for i in range(len(keys) - 1):
        upper, lower = keys[i], keys[i + 1]
        change = sum(
            _pair_crossings(side.get(lower, []), side.get(upper, []))
            - _pair_crossings(side.get(upper, []), side.get(lower, []))
            for side in sides
        )
        if change < -1e-9:
            keys[i], keys[i + 1] = lower, upper
            moved = True
    return moved


def _ends_of(
    links: Sequence[Link], other_column: Sequence[str]
) -> dict[str, list[tuple[int, float]]]:
    """For each node of the column in hand, the places and weights of its ends in the other."""
    place = {key: i for i, key in enumerate(other_column)}
    ends: dict[str, list[tuple[int, float]]] = {}
    for link in links:
        mine, other = (
            (link.before, link.after) if link.after in place else (link.after, link.before)
        )
        ends.setdefault(mine, []).append((place[other], link.weight))
    return ends


def _pair_crossings(
    upper: Sequence[tuple[int, float]], lower: Sequence[tuple[int, float]]
) -> float:
    return sum(min(w, v) for a, w in upper for b, v in lower if a > b)


def _total_crossings(columns: Sequence[Sequence[str]], gaps: Sequence[Sequence[Link]]) -> float:
    total = 0.0
    places: list[Mapping[str, int]] = [{k: i for i, k in enumerate(c)} for c in columns]
    for g, links in enumerate(gaps):
        ends = sorted(
            (places[g][link.before], places[g + 1][link.after], link.weight) for link in links
        )
        for i, (a, b, w) in enumerate(ends):
            total += sum(min(w, v) for p, q, v in ends[i + 1 :] if p > a and q < b)
    return total
