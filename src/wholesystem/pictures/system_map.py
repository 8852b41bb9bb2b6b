"""The system map: one picture of how people move through a local system and where they are held up.

Lanes by stage from left to right, a box for each service, a band for each flow: its width is people
a day, its colour and hatching the mean days waited. People delayed stand as figures at the exit
side of the box they block, people waiting outside before the box.
"""

from __future__ import annotations

from itertools import groupby
from zlib import crc32

from wholesystem.pictures.map_bands import (
    LABEL_LINE,
    LABEL_SIZE,
    Course,
    Label,
    Rect,
    box_rects,
    courses,
    home_loop,
    label_rect,
    place_labels,
)
from wholesystem.pictures.map_boxes import draw_box
from wholesystem.pictures.map_data import STAGE_LABELS, SystemMap
from wholesystem.pictures.map_graph import is_again
from wholesystem.pictures.map_layout import lay_out
from wholesystem.pictures.map_legend import dot_path, draw_legend, hatch_definitions
from wholesystem.pictures.map_order import is_passing
from wholesystem.pictures.map_positions import HOME_LOOP, MARGIN, Layout
from wholesystem.pictures.map_words import delay_headline
from wholesystem.pictures.palette import BAND_EDGE, DARK_BLUE, INK, LANE_TINT, PAPER, wait_step
from wholesystem.pictures.svg import FONT_FAMILY, element, escaped, number, text_line, wrap_text
from wholesystem.pictures.wording import format_days, format_per_day

MOST_LABELS = 44
LANE_TOP = 78.0


def draw_system_map(system_map: SystemMap) -> str:
    """The system map as the text of a self-contained SVG picture.

    Parameters
    ----------
    system_map : SystemMap
        What to show.

    Returns
    -------
    str
        SVG, 16 to 9, higher where many services need it, with letters of 14 units or more on a
        width of 1600. It holds no script, no
        link and no font, and starts with `<svg`, so it may stand in an HTML page as it is.

    Notes
    -----
    The same input gives the same text on every machine. Flows below 1% of the largest are left to
    the table, unless at least one person is held up by them; the foot says how many.
    """
    layout = lay_out(system_map)
    mark = f"map{crc32(repr(system_map).encode('utf-8', 'replace')):08x}"
    made = courses(layout)
    loop = home_loop(layout)
    taken = box_rects(layout)
    loop_label = _loop_label(layout, loop, taken)
    labels = place_labels(layout, made, taken, most=MOST_LABELS)
    content = [
        element("title", escaped(_spoken_title(system_map)), id=f"{mark}-title"),
        element("desc", escaped(_spoken_description(system_map)), id=f"{mark}-desc"),
        element("defs", hatch_definitions(mark)),
        element("rect", width=layout.width, height=layout.height, fill=PAPER),
        _heading(system_map, layout.width),
        _lanes(layout),
        "" if loop is None else _draw_loop(loop),
        _draw_bands(layout, made, mark, system_map),
        _draw_boxes(layout, mark),
        "".join(_draw_label(label) for label in (*labels, *loop_label)),
        draw_legend(system_map, layout, mark),
    ]
    return element(
        "svg",
        "\n".join(part for part in content if part),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(layout.width)} {number(layout.height)}",
        width=layout.width,
        height=layout.height,
        role="img",
        aria_labelledby=f"{mark}-title {mark}-desc",
        font_family=FONT_FAMILY,
        style="max-width:100%;height:auto",
    )


def _spoken_title(system_map: SystemMap) -> str:
    parts = [system_map.title, system_map.period]
    return "System map: " + ", ".join(part for part in parts if part)


def _spoken_description(system_map: SystemMap) -> str:
    parts = [
        system_map.description,
        delay_headline(system_map),
        f"{len(system_map.services)} services in lanes from where people live, over crisis and "
        "hospital services, to step-down services and home again; the tables beneath the picture "
        "hold every figure.",
    ]
    return " ".join(part for part in parts if part)


def _heading(system_map: SystemMap, width: float) -> str:
    heading = wrap_text(system_map.title, 27, width * 0.62, bold=True, max_lines=1)[0]
    lines = [text_line(heading, MARGIN, 34, size=27, bold=True, fill=DARK_BLUE)]
    if system_map.period:
        period = wrap_text(system_map.period, 18, width * 0.34, max_lines=1)[0]
        lines.append(text_line(period, width - MARGIN, 34, size=18, fill=INK, anchor="end"))
    message = delay_headline(system_map) or system_map.description
    if message:
        words = wrap_text(message, 18, width - 2 * MARGIN, max_lines=1)[0]
        lines.append(text_line(words, MARGIN, 60, size=18, fill=INK))
    return "".join(lines)


def _lanes(layout: Layout) -> str:
    parts = []
    for n, (stage, group) in enumerate(groupby(enumerate(layout.graph.stages), lambda p: p[1])):
        columns = [c for c, _ in group]
        half = layout.gutter / 2
        left = layout.column_x[columns[0]] - half if n else 0.0
        end = layout.column_x[columns[-1]] + layout.box_width + half
        right = layout.width if columns[-1] == len(layout.column_x) - 1 else end
        tint = LANE_TINT if n % 2 == 0 else PAPER
        parts.append(
            element(
                "rect",
                x=left,
                y=LANE_TOP - 6,
                width=right - left,
                height=layout.body_bottom - LANE_TOP + 6,
                fill=tint,
                class_="lane",
                data_stage=stage,
            )
        )
        room = right - left - 8
        words = wrap_text(STAGE_LABELS[stage], 16, room, bold=True, max_lines=1)[0]
        centre = (layout.column_x[columns[0]] + end - half) / 2
        parts.append(
            text_line(
                words, centre, LANE_TOP + 11, size=16, bold=True, fill=DARK_BLUE, anchor="middle"
            )
        )
    return "".join(parts)


def _draw_boxes(layout: Layout, mark: str) -> str:
    parts = []
    for c, keys in enumerate(layout.layers.columns):
        for key in keys:
            if not is_passing(key):
                parts.append(
                    draw_box(
                        layout.contents[key],
                        layout.column_x[c],
                        layout.tops[key],
                        layout.box_width,
                        layout.heights[key],
                        f"{mark}-hatch",
                    )
                )
    return "\n".join(parts)


def _draw_bands(layout: Layout, made: list[Course], mark: str, system_map: SystemMap) -> str:
    """Wide bands first, so that narrow ones stay visible on top; returns last."""
    names = {s.service: s.name for s in system_map.services}

    def depth(course: Course) -> tuple[bool, float, int]:
        edge = layout.graph.edges[course.edge]
        return edge.kind == "return", -edge.flow.people_per_day, course.edge

    return "\n".join(_draw_band(layout, c, mark, names) for c in sorted(made, key=depth))


def _draw_band(layout: Layout, course: Course, mark: str, names: dict[str, str]) -> str:
    edge = layout.graph.edges[course.edge]
    flow, width = edge.flow, layout.band(course.edge)
    step = wait_step(flow.mean_wait_days)
    back = edge.kind == "return"
    before = names.get(flow.from_service, "outside")
    words = (
        f"{before} to {names[flow.to_service]}: {format_per_day(flow.people_per_day)} people a "
        f"day, mean days waited: {format_days(flow.mean_wait_days)}"
    )
    line = {"d": course.path, "fill": "none"}
    parts = [
        element("title", escaped(words)),
        element(
            "path",
            stroke=INK if back else BAND_EDGE,
            stroke_width=width + (3 if back else 1.2),
            stroke_dasharray="7 4" if back else None,
            **line,
        ),
        element("path", class_="band", stroke=step.colour, stroke_width=width, **line),
    ]
    if step.hatch and width >= 4:
        parts.append(
            element("path", stroke=f"url(#{mark}-{step.hatch})", stroke_width=width, **line)
        )
    if back:
        end = layout.entering[course.edge]
        parts.append(_arrow(end.x, end.y))
    if edge.kind == "arrival":
        parts.append(_outside_mark(course))
    return element(
        "g",
        "".join(parts),
        class_="flow",
        data_from=flow.from_service,
        data_to=flow.to_service,
        data_kind=edge.kind,
        data_people_per_day=repr(flow.people_per_day),
    )


def _arrow(x: float, y: float) -> str:
    return element("path", d=f"M{number(x)} {number(y)}l-11 -6.5v13z", fill=INK)


def _outside_mark(course: Course) -> str:
    """A dot at the start of a band that comes from outside the map."""
    x, y = (float(v) for v in course.path[1:].split("L")[0].split())
    return element("path", d=dot_path(x, y), fill=INK)


def _draw_loop(loop: Course) -> str:
    line = element(
        "path", d=loop.path, fill="none", stroke=DARK_BLUE, stroke_width=1.6, stroke_dasharray="2 4"
    )
    x, y = (float(v) for v in loop.path.rsplit("L", 1)[1].split())
    return line + element("path", d=f"M{number(x)} {number(y - 10)}l-6 11h12z", fill=DARK_BLUE)


def _loop_label(layout: Layout, loop: Course | None, taken: list[Rect]) -> list[Label]:
    if loop is None:
        return []
    home = sum(e.flow.people_per_day for e in layout.graph.edges if is_again(e.target)) + sum(
        f.people_per_day for f, target in layout.graph.folded if is_again(target)
    )
    text = f"{format_per_day(home)} people a day go back to where they live (at the left)"
    label = Label(HOME_LOOP, text, *loop.places[0])
    taken.append(label_rect(label))
    return [label]


def _draw_label(label: Label) -> str:
    room = label_rect(label)
    plate = element(
        "rect",
        x=room.left,
        y=room.top,
        width=room.right - room.left,
        height=room.bottom - room.top,
        rx=3,
        fill=PAPER,
        fill_opacity=0.88,
    )
    lines = label.text.split("\n")
    first = label.y + 5 - LABEL_LINE * (len(lines) - 1) / 2
    return plate + "".join(
        text_line(line, label.x, first + LABEL_LINE * i, size=LABEL_SIZE, anchor="middle")
        for i, line in enumerate(lines)
    )
