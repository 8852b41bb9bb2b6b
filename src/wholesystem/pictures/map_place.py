"""The height at which each box and passing band stands, and where bands join the boxes."""

from __future__ import annotations

from collections.abc import Sequence

from wholesystem.pictures.map_order import is_passing
from wholesystem.pictures.map_positions import HEAD, Layout, Port, band_width, node_gap

SWEEPS = 60
# A band passing two columns in a row counts more than one joining a box: bends stand out there.
PASSING_WEIGHT = 3.0
UNLINKED_WEIGHT = 0.5


def place_nodes(layout: Layout) -> None:
    """Set the tops of all nodes and the ports of all bands, so that bands run level where they can.

    Columns settle in turn towards their neighbours, to and fro.

    Parameters
    ----------
    layout : Layout
        Sizes and columns; tops and ports are set.
    """
    top, bottom = HEAD + 6.0, layout.body_bottom - 6.0
    for keys in layout.layers.columns:
        first = _queue(layout, keys[0])
        used = (
            first
            + sum(layout.heights[k] for k in keys)
            + sum(node_gap(a, b, layout.contents) for a, b in zip(keys, keys[1:], strict=False))
        )
        y = top + first + (bottom - top - used) / 2
        for i, key in enumerate(keys):
            if i:
                y += node_gap(keys[i - 1], key, layout.contents)
            layout.tops[key] = y
            y += layout.heights[key]
    set_ports(layout)
    count = len(layout.layers.columns)
    for sweep in range(SWEEPS):
        order = range(count) if sweep % 2 == 0 else range(count - 1, -1, -1)
        for c in order:
            _settle_column(layout, c, top, bottom)
        set_ports(layout)


def _settle_column(layout: Layout, c: int, top: float, bottom: float) -> None:
    """Move a column's nodes towards their neighbours, keeping order and gaps."""
    keys = layout.layers.columns[c]
    wanted, weights = _wanted_tops(layout, keys)
    offsets = [0.0]
    for above, below in zip(keys, keys[1:], strict=False):
        step = layout.heights[above] + node_gap(above, below, layout.contents)
        offsets.append(offsets[-1] + step)
    first = top + _queue(layout, keys[0])
    last = max(bottom - layout.heights[keys[-1]] - offsets[-1], first)
    settled = _in_order([w - o for w, o in zip(wanted, offsets, strict=True)], weights)
    for key, value, offset in zip(keys, settled, offsets, strict=True):
        layout.tops[key] = min(max(value, first), last) + offset


def _queue(layout: Layout, key: str) -> float:
    return 0.0 if is_passing(key) else layout.contents[key].queue_height


def _wanted_tops(layout: Layout, keys: Sequence[str]) -> tuple[list[float], list[float]]:
    """For each node the top at which its bands would run level, and how much that matters."""
    sums = {key: [0.0, 0.0] for key in keys}
    for link in layout.layers.links:
        if link.before not in sums and link.after not in sums:
            continue
        weight = band_width(link.weight, layout.scale)
        if is_passing(link.before) and is_passing(link.after):
            weight *= PASSING_WEIGHT
        before = _joint(layout, link.edge, link.before, False)
        after = _joint(layout, link.edge, link.after, True)
        moves = ((link.before, after - before), (link.after, before - after))
        for key, shift in moves:
            if key in sums:
                sums[key][0] += weight * (layout.tops[key] + shift)
                sums[key][1] += weight
    wanted = [w / n if n else layout.tops[k] for k, (w, n) in sums.items()]
    return wanted, [n or UNLINKED_WEIGHT for _, n in sums.values()]


def _in_order(wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Nearest non-decreasing values to those wanted, by weighted least squares (pooling)."""
    pools: list[list[float]] = []
    for value, weight in zip(wanted, weights, strict=True):
        pools.append([value, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            later, earlier = pools.pop(), pools.pop()
            total = earlier[1] + later[1]
            mean = (earlier[0] * earlier[1] + later[0] * later[1]) / total
            pools.append([mean, total, earlier[2] + later[2]])
    return [value for value, _, count in pools for _ in range(int(count))]


def _joint(layout: Layout, edge: int, key: str, entering: bool) -> float:
    if is_passing(key):
        return layout.tops[key] + layout.heights[key] / 2
    return (layout.entering if entering else layout.leaving)[edge].y


def set_ports(layout: Layout) -> None:
    """Stack the bands that join each side of each box, in the order of where they lead.

    Parameters
    ----------
    layout : Layout
        Positions; its ports are set.
    """
    onward: dict[int, float] = {}
    backward: dict[int, float] = {}
    middle = {key: layout.tops[key] + layout.heights[key] / 2 for key in layout.tops}
    for link in layout.layers.links:
        if not is_passing(link.before):
            onward[link.edge] = middle[link.after]
        if not is_passing(link.after):
            backward[link.edge] = middle[link.before]
    rights: dict[str, list[tuple[float, int, bool]]] = {}
    lefts: dict[str, list[tuple[float, int, bool]]] = {}
    for i, edge in enumerate(layout.graph.edges):
        if edge.kind == "forward":
            rights.setdefault(edge.source, []).append((onward[i], i, True))
            lefts.setdefault(edge.target, []).append((backward[i], i, False))
        elif edge.kind == "arc":
            down = middle[edge.target] > middle[edge.source]
            rights.setdefault(edge.source, []).append((1e6 if down else -1e6, i, True))
            rights.setdefault(edge.target, []).append((-1e6 if down else 1e6, i, False))
        elif edge.kind == "return":
            rights.setdefault(edge.source, []).append((2e6, i, True))
            lefts.setdefault(edge.target, []).append((2e6, i, False))
        else:
            lefts.setdefault(edge.target, []).append((-1e6, i, False))
    column_of = layout.graph.column_of()
    for side, ends in ((layout.box_width, rights), (0.0, lefts)):
        for key, joins in ends.items():
            _stack(layout, key, layout.column_x[column_of[key]] + side, joins)


def _stack(layout: Layout, key: str, x: float, joins: list[tuple[float, int, bool]]) -> None:
    joins.sort()
    total = sum(layout.band(i) for _, i, _ in joins)
    room = layout.heights[key] - 8.0
    gap = min(max((room - total) / (len(joins) + 1), 1.0), 14.0)
    y = layout.tops[key] + (layout.heights[key] - total - gap * (len(joins) - 1)) / 2
    for _, i, leaving in joins:
        width = layout.band(i)
        (layout.leaving if leaving else layout.entering)[i] = Port(x, y + width / 2)
        y += width + gap
