"""Laying out the system map: sizes, columns and the scale of the bands."""

from __future__ import annotations

from collections.abc import Mapping

from wholesystem.pictures.map_boxes import BoxContent, box_content, box_piles, people_per_figure
from wholesystem.pictures.map_data import SystemMap
from wholesystem.pictures.map_graph import Graph, build_graph, is_again, service_id
from wholesystem.pictures.map_order import Layers, build_layers, is_passing, order_layers
from wholesystem.pictures.map_place import place_nodes
from wholesystem.pictures.map_positions import (
    BAND_GAP,
    FOOT,
    HEAD,
    HOME_LOOP,
    MARGIN,
    NARROWEST_FULL_BAND,
    SHAPE,
    SMALL_COLUMNS,
    SMALL_WIDTH,
    STUB,
    TRACK,
    WIDEST_BAND,
    WIDEST_RETURN,
    WIDTH,
    Layout,
    band_width,
    node_gap,
)
from wholesystem.pictures.map_words import total_delayed
from wholesystem.pictures.wording import is_known


def lay_out(system_map: SystemMap) -> Layout:
    """Place boxes and bands.

    Parameters
    ----------
    system_map : SystemMap
        The map.

    Returns
    -------
    Layout
        All positions.
    """
    graph = build_graph(system_map)
    layers = order_layers(build_layers(graph))
    if len(graph.columns) <= SMALL_COLUMNS:
        small = _lay_out_on(system_map, graph, layers, SMALL_WIDTH)
        if small.height <= SMALL_WIDTH * SHAPE + 1:
            return small
    return _lay_out_on(system_map, graph, layers, WIDTH)


def _lay_out_on(system_map: SystemMap, graph: Graph, layers: Layers, width: float) -> Layout:
    box_width, gutter, column_x = _columns(len(graph.columns), width)
    contents, per_figure = _contents(system_map, graph, box_width)
    tracks = return_tracks(graph)
    scale = _largest_scale(graph)
    rows = _track_rows(graph, tracks, scale)
    room = width * SHAPE - HEAD - FOOT - rows[-1]
    scale, body = _fit_scale(scale, graph, layers, contents, room)
    layout = Layout(
        graph=graph,
        layers=layers,
        contents=contents,
        scale=scale,
        per_figure=per_figure,
        width=width,
        box_width=box_width,
        gutter=gutter,
        column_x=column_x,
        body_bottom=HEAD + body,
        height=HEAD + body + rows[-1] + FOOT,
        tracks={i: HEAD + body + rows[t] for i, t in tracks.items()},
    )
    layout.heights = _heights(graph, layers, contents, scale)
    place_nodes(layout)
    return layout


def _track_rows(graph: Graph, tracks: Mapping[int, int], scale: float) -> list[float]:
    """Middle of each track below the lanes, and last the room that all tracks need."""
    rows: list[float] = []
    used = 3.0 if tracks else 0.0
    for row in range(max(tracks.values(), default=-1) + 1):
        bands = [
            band_width(graph.edges[i].flow.people_per_day, scale)
            for i, t in tracks.items()
            if t == row and i != HOME_LOOP
        ]
        depth = max(TRACK, max(bands, default=0.0) + 5)
        rows.append(used + depth / 2)
        used += depth
    return [*rows, used + 3.0 if tracks else 0.0]


def return_tracks(graph: Graph) -> dict[int, int]:
    """The track beneath the boxes for each return: short ones first, none over another.

    Parameters
    ----------
    graph : Graph
        What is drawn.

    Returns
    -------
    dict of int to int
        Track from 0 (uppermost) by edge.
    """
    column_of = graph.column_of()
    spans = [
        (column_of[e.source] - column_of[e.target], column_of[e.target], column_of[e.source], i)
        for i, e in enumerate(graph.edges)
        if e.kind == "return"
    ]
    taken: list[list[tuple[int, int]]] = []
    tracks: dict[int, int] = {}
    for _, first, last, i in sorted(spans):
        row = 0
        while row < len(taken) and any(a <= last and first <= b for a, b in taken[row]):
            row += 1
        if row == len(taken):
            taken.append([])
        taken[row].append((first, last))
        tracks[i] = row
    if any(is_again(key) for keys in graph.columns for key in keys):
        tracks[HOME_LOOP] = len(taken)
    return tracks


def _columns(count: int, width: float) -> tuple[float, float, list[float]]:
    room = width - 2 * MARGIN - STUB
    box = min(max(room / count * 0.725, 126.0), 200.0)
    gutter = (room - box * count) / max(count - 1, 1)
    return box, gutter, [MARGIN + STUB + (box + gutter) * c for c in range(count)]


def _contents(
    system_map: SystemMap, graph: Graph, width: float
) -> tuple[dict[str, BoxContent], int]:
    services = system_map.by_id()
    names = {s.service: s.name for s in system_map.services}
    total = total_delayed(system_map)
    piles = {
        s.service: box_piles(
            [f for f in system_map.flows if f.from_service == s.service], names, total
        )
        for s in system_map.services
    }
    crowds = [n for s in system_map.services for n in (s.delayed, s.waiting_outside)]
    per_figure = people_per_figure(crowds)
    arriving = arrivals_by_box(graph)
    contents = {}
    for key in (key for keys in graph.columns for key in keys):
        service = services[service_id(key)]
        held = piles[service.service] if key == service.service else []
        contents[key] = box_content(key, service, held, arriving.get(key, 0.0), width, per_figure)
    return contents, per_figure


def arrivals_by_box(graph: Graph) -> dict[str, float]:
    """People a day entering each box by the edges drawn and the flows left to the table.

    Parameters
    ----------
    graph : Graph
        What is drawn.

    Returns
    -------
    dict of str to float
        People a day by box key.
    """
    arriving: dict[str, float] = {}
    for edge in graph.edges:
        arriving[edge.target] = arriving.get(edge.target, 0.0) + edge.flow.people_per_day
    for flow, target in graph.folded:
        if is_known(flow.people_per_day):
            arriving[target] = arriving.get(target, 0.0) + flow.people_per_day
    return arriving


def _largest_scale(graph: Graph) -> float:
    """Width for one person a day at which no band, and no return, is wider than allowed."""
    largest = max((e.flow.people_per_day for e in graph.edges), default=1.0)
    back = [e.flow.people_per_day for e in graph.edges if e.kind == "return"]
    return min([WIDEST_BAND / largest, *(WIDEST_RETURN / people for people in back)])


def _fit_scale(
    scale: float,
    graph: Graph,
    layers: Layers,
    contents: Mapping[str, BoxContent],
    room: float,
) -> tuple[float, float]:
    """Narrow the bands, within reason, until every column fits; then let the picture grow."""
    least = scale * NARROWEST_FULL_BAND / WIDEST_BAND
    while True:
        needed = _tallest_column(layers, contents, _heights(graph, layers, contents, scale))
        if needed <= room or scale <= least:
            return scale, max(room, needed)
        scale = max(scale * 0.94, least)


def _heights(
    graph: Graph, layers: Layers, contents: Mapping[str, BoxContent], scale: float
) -> dict[str, float]:
    widths = [band_width(e.flow.people_per_day, scale) for e in graph.edges]
    out: dict[str, float] = {}
    into: dict[str, float] = {}
    for edge, width in zip(graph.edges, widths, strict=True):
        out[edge.source] = out.get(edge.source, 8.0) + width + BAND_GAP
        side = out if edge.kind == "arc" else into
        side[edge.target] = side.get(edge.target, 8.0) + width + BAND_GAP
    heights = {
        key: max(content.height, out.get(key, 0.0), into.get(key, 0.0))
        for key, content in contents.items()
    }
    for keys in layers.columns:
        for key in keys:
            if is_passing(key):
                heights[key] = widths[int(key.split(":")[1])]
    return heights


def _tallest_column(
    layers: Layers, contents: Mapping[str, BoxContent], heights: Mapping[str, float]
) -> float:
    tallest = 0.0
    for keys in layers.columns:
        total = 16.0 + (0.0 if is_passing(keys[0]) else contents[keys[0]].queue_height)
        total += sum(heights[k] for k in keys)
        total += sum(node_gap(a, b, contents) for a, b in zip(keys, keys[1:], strict=False))
        tallest = max(tallest, total)
    return tallest
