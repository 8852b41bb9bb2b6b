"""Where everything on the system map stands: sizes, columns, heights, and where bands join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wholesystem.pictures.map_boxes import BoxContent, box_content, box_piles, people_per_figure
from wholesystem.pictures.map_data import SystemMap, total_delayed
from wholesystem.pictures.map_graph import Graph, build_graph, is_again, service_id
from wholesystem.pictures.map_order import Layers, build_layers, is_passing, order_layers
from wholesystem.pictures.wording import is_known

WIDTH = 1600.0
# A small map is drawn on a smaller canvas of the same shape, so that it is read from further away.
SMALL_WIDTH = 1200.0
SMALL_COLUMNS = 5
SHAPE = 9 / 16
WIDEST_RETURN = 18.0
MARGIN = 16.0
HEAD = 96.0
FOOT = 66.0
TRACK = 18.0
STUB = 34.0
WIDEST_BAND = 64.0
NARROWEST_FULL_BAND = 37.0
THINNEST = 2.0
BAND_GAP = 3.0
BOX_GAP = 11.0
PASS_GAP = 2.4
SWEEPS = 60
HOME_LOOP = -1


@dataclass(frozen=True)
class Port:
    """Where one end of an edge joins a box: its middle, and which side."""

    x: float
    y: float


@dataclass
class Layout:
    """All positions, in units of the picture (1600 wide).

    Parameters
    ----------
    graph : Graph
        What is drawn.
    layers : Layers
        Ordered columns with passing bands.
    contents : dict of str to BoxContent
        What stands in each box.
    scale : float
        Band width for one person a day.
    per_figure : int
        People per figure.
    width : float
        Width of the picture.
    box_width : float
        Width of every box.
    gutter : float
        Distance between columns.
    column_x : list of float
        Left edge of each column.
    tops, heights : dict of str to float
        Top and height of each node: the frame of a box (its queue stands above), or a band.
    leaving, entering : dict of int to Port
        Ends of each edge, by its number.
    body_bottom, height : float
        Lower edge of the lanes, and of the picture.
    tracks : dict of int to float
        Height at which each return runs back, by its edge; `HOME_LOOP` is the loop that joins the
        two showings of where people live.
    """

    graph: Graph
    layers: Layers
    contents: dict[str, BoxContent]
    scale: float
    per_figure: int
    width: float
    box_width: float
    gutter: float
    column_x: list[float]
    body_bottom: float
    height: float
    tracks: dict[int, float] = field(default_factory=dict)
    tops: dict[str, float] = field(default_factory=dict)
    heights: dict[str, float] = field(default_factory=dict)
    leaving: dict[int, Port] = field(default_factory=dict)
    entering: dict[int, Port] = field(default_factory=dict)

    def band(self, edge: int) -> float:
        """Width of the band of an edge."""
        return band_width(self.graph.edges[edge].flow.people_per_day, self.scale)


def band_width(people_per_day: float, scale: float) -> float:
    """Width of a band; the thinnest line stands for every smaller flow."""
    return max(people_per_day * scale, THINNEST)


def lay_out(system_map: SystemMap) -> Layout:
    """Place boxes and bands.

    Parameters
    ----------
    system_map : SystemMap
        The map.
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
    _place(layout)
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
    """People a day entering each box by the edges drawn and the flows left to the table."""
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


def _gap(above: str, below: str, contents: Mapping[str, BoxContent]) -> float:
    """Least distance from the foot of one node to the top of the next, queue included."""
    if is_passing(above) and is_passing(below):
        return PASS_GAP
    queue = 0.0 if is_passing(below) else contents[below].queue_height
    return queue + (BOX_GAP if not (is_passing(above) or is_passing(below)) else 9.0)


def _tallest_column(
    layers: Layers, contents: Mapping[str, BoxContent], heights: Mapping[str, float]
) -> float:
    tallest = 0.0
    for keys in layers.columns:
        total = 16.0 + (0.0 if is_passing(keys[0]) else contents[keys[0]].queue_height)
        total += sum(heights[k] for k in keys)
        total += sum(_gap(a, b, contents) for a, b in zip(keys, keys[1:], strict=False))
        tallest = max(tallest, total)
    return tallest


def _place(layout: Layout) -> None:
    top, bottom = HEAD + 6.0, layout.body_bottom - 6.0
    for keys in layout.layers.columns:
        first = 0.0 if is_passing(keys[0]) else layout.contents[keys[0]].queue_height
        used = (
            first
            + sum(layout.heights[k] for k in keys)
            + sum(_gap(a, b, layout.contents) for a, b in zip(keys, keys[1:], strict=False))
        )
        y = top + first + (bottom - top - used) / 2
        for i, key in enumerate(keys):
            if i:
                y += _gap(keys[i - 1], key, layout.contents)
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
    pulls: dict[str, list[tuple[float, float]]] = {key: [] for key in keys}
    for link in layout.layers.links:
        weight = band_width(link.weight, layout.scale)
        before, after = (
            _joint(layout, link.edge, link.before, False),
            _joint(layout, link.edge, link.after, True),
        )
        if link.before in pulls:
            shift = before - layout.tops[link.before]
            factor = 3.0 if is_passing(link.after) and is_passing(link.before) else 1.0
            pulls[link.before].append((after - shift, weight * factor))
        if link.after in pulls:
            shift = after - layout.tops[link.after]
            factor = 3.0 if is_passing(link.after) and is_passing(link.before) else 1.0
            pulls[link.after].append((before - shift, weight * factor))
    wanted, weights = [], []
    for key in keys:
        total = sum(w for _, w in pulls[key])
        middle = sum(y * w for y, w in pulls[key]) / total if total else layout.tops[key]
        wanted.append(middle)
        weights.append(total or 0.5)
    offsets = [0.0]
    for above, below in zip(keys, keys[1:], strict=False):
        step = layout.heights[above] + _gap(above, below, layout.contents)
        offsets.append(offsets[-1] + step)
    first = 0.0 if is_passing(keys[0]) else layout.contents[keys[0]].queue_height
    last = bottom - layout.heights[keys[-1]] - offsets[-1]
    settled = _in_order([w - o for w, o in zip(wanted, offsets, strict=True)], weights)
    for key, value, offset in zip(keys, settled, offsets, strict=True):
        layout.tops[key] = min(max(value, top + first), max(last, top + first)) + offset


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
    """Stack the bands that join each side of each box, in the order of where they lead."""
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
