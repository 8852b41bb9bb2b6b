"""The key at the foot of the system map, and the hatchings."""

from __future__ import annotations

from wholesystem.pictures.map_boxes import FIGURE_WIDTH, figures_path
from wholesystem.pictures.map_data import SystemMap
from wholesystem.pictures.map_positions import FOOT, MARGIN, THINNEST, Layout
from wholesystem.pictures.palette import (
    BAND_EDGE,
    DELAYED,
    INK,
    PAPER,
    QUIET_INK,
    UNKNOWN_WAIT,
    WAIT_STEPS,
)
from wholesystem.pictures.svg import element, number, text_line, text_width, wrap_text
from wholesystem.pictures.wording import format_per_day, is_known, people_words

SWATCH_WIDTH = 30.0
SWATCH_HEIGHT = 15.0


def hatch_definitions(mark: str) -> str:
    """The hatchings named by the steps of waiting, as SVG patterns.

    Parameters
    ----------
    mark : str
        Start of every id, so that two maps may stand in one page.

    Returns
    -------
    str
        SVG patterns.
    """
    return "".join(
        (
            _pattern(f"{mark}-sparse", 9, "M0 0V9", "#ffffff", 1.2),
            _pattern(f"{mark}-dense", 5, "M0 0V5", "#ffffff", 1.1),
            _pattern(f"{mark}-cross", 6, "M0 0V6M0 0H6", "#ffffff", 0.9),
            _pattern(f"{mark}-dots", 5, "M0 0V1", INK, 1.2),
            _pattern(f"{mark}-hatch", 4, "M0 0V4", "#ffffff", 1.2),
        )
    )


def dot_path(x: float, y: float) -> str:
    """The dot at the start of a band that comes from outside the map, as path data.

    Parameters
    ----------
    x, y : float
        Its middle.

    Returns
    -------
    str
        Data of an SVG path.
    """
    return f"M{number(x - 4)} {number(y)}a4 4 0 1 1 8 0a4 4 0 1 1-8 0z"


def _pattern(name: str, size: float, path: str, colour: str, width: float) -> str:
    line = element("path", d=path, stroke=colour, stroke_width=width, fill="none")
    return element(
        "pattern",
        line,
        id=name,
        width=size,
        height=size,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def draw_legend(system_map: SystemMap, layout: Layout, mark: str) -> str:
    """The key: colours, widths, figures, and what was left to the table.

    Parameters
    ----------
    system_map : SystemMap
        The map.
    layout : Layout
        Positions, scale and people per figure.
    mark : str
        Start of the ids of the hatchings.

    Returns
    -------
    str
        An SVG group.
    """
    y = layout.height - FOOT + 20
    parts = []
    x = MARGIN
    parts.append(text_line("Waited for the move:", x, y, bold=True))
    x += text_width("Waited for the move:", 14, bold=True) + 10
    unknown = any(not is_known(e.flow.mean_wait_days) for e in layout.graph.edges)
    for step in (*WAIT_STEPS, UNKNOWN_WAIT) if unknown else WAIT_STEPS:
        frame = {"x": x, "y": y - 12, "width": SWATCH_WIDTH, "height": SWATCH_HEIGHT}
        parts.append(element("rect", fill=step.colour, stroke=BAND_EDGE, **frame))
        if step.hatch:
            parts.append(element("rect", fill=f"url(#{mark}-{step.hatch})", **frame))
        parts.append(text_line(step.label, x + SWATCH_WIDTH + 5, y))
        x += SWATCH_WIDTH + 5 + text_width(step.label, 14) + 16
    parts.append(_width_key(layout, x + 10, y))
    second = y + 21
    parts.append(_second_row(layout, second))
    note = _note(system_map, layout)
    for i, line in enumerate(wrap_text(note, 14, layout.width - 2 * MARGIN, max_lines=1)):
        parts.append(text_line(line, MARGIN, second + 20 + 17 * i, fill=QUIET_INK))
    return element("g", "".join(parts), class_="legend")


def _width_key(layout: Layout, x: float, y: float) -> str:
    largest = max((e.flow.people_per_day for e in layout.graph.edges), default=0.0)
    if largest <= 0:
        return ""
    parts = [text_line("Width:", x, y, bold=True)]
    x += text_width("Width:", 14, bold=True) + 8
    step = _round_below(20 / layout.scale)
    for people in (step, step / 5):
        words = f"{people_words(format_per_day(people))} a day"
        if x + SWATCH_WIDTH + 5 + text_width(words, 14) > layout.width - MARGIN:
            break
        width = max(people * layout.scale, THINNEST)
        path = f"M{number(x)} {number(y - 5)}h{number(SWATCH_WIDTH)}"
        parts.append(element("path", d=path, stroke=BAND_EDGE, stroke_width=width + 1.6))
        parts.append(element("path", d=path, stroke=WAIT_STEPS[0].colour, stroke_width=width))
        parts.append(text_line(words, x + SWATCH_WIDTH + 5, y))
        x += SWATCH_WIDTH + 5 + text_width(words, 14) + 14
    return "".join(parts)


def _round_below(value: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above `value`."""
    power = 1.0
    while power > value:
        power /= 10
    while power * 10 <= value:
        power *= 10
    return next(n * power for n in (5, 2, 1) if n * power <= value)


def _second_row(layout: Layout, y: float) -> str:
    people = people_words(str(layout.per_figure))
    x = MARGIN
    parts = []
    items = (
        (DELAYED, "none", f"{people} ready but delayed, by what they wait for"),
        (PAPER, INK, f"{people} waiting outside"),
    )
    for fill, stroke, words in items:
        parts.append(element("path", d=figures_path(x, y - 12, 1), fill=fill, stroke=stroke))
        parts.append(text_line(words, x + FIGURE_WIDTH + 6, y))
        x += FIGURE_WIDTH + 6 + text_width(words, 14) + 18
    parts.append(
        element(
            "path",
            d=f"M{number(x)} {number(y - 5)}h30",
            stroke=INK,
            stroke_width=6,
            stroke_dasharray="7 4",
        )
    )
    parts.append(
        element(
            "path",
            d=f"M{number(x)} {number(y - 5)}h30",
            stroke=WAIT_STEPS[0].colour,
            stroke_width=3,
        )
    )
    parts.append(text_line("return to earlier stage", x + 36, y))
    x += 36 + text_width("return to earlier stage", 14) + 18
    parts.append(element("path", d=dot_path(x + 4, y - 5), fill=INK))
    parts.append(text_line("from outside", x + 13, y))
    x += 13 + text_width("from outside", 14) + 18
    parts.append(text_line("On bands: people a day \u00b7 mean days waited (d)", x, y))
    return "".join(parts)


def _note(system_map: SystemMap, layout: Layout) -> str:
    flows = [f.people_per_day for f, _ in layout.graph.folded]
    folded = [people for people in flows if is_known(people) and people > 0]
    words = []
    if folded:
        words.append(
            f"Not drawn: {_count_flows(len(folded), 'smaller')}, "
            f"{people_words(format_per_day(sum(folded)))} a day together (in the table)."
        )
    if unknown := sum(not is_known(people) for people in flows):
        words.append(f"Not drawn: {_count_flows(unknown, 'not known')} (in the table).")
    if system_map.source_note:
        words.append(f"Source: {system_map.source_note}")
    return " ".join(words)


def _count_flows(count: int, kind: str) -> str:
    flows = "flow" if count == 1 else "flows"
    return f"{count} {kind} {flows}" if kind == "smaller" else f"{count} {flows} {kind}"
