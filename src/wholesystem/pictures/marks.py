"""Marks and legends of the charts that compare areas: told apart by shape, size and dash.

Colour only repeats what the shape says, so that a chart can be read in grey.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from wholesystem.pictures.axes import axis_title
from wholesystem.pictures.palette import BLUE, DARK_BLUE, INK, PAPER, QUIET_INK, VERMILION
from wholesystem.pictures.svg import number, text_line, text_width, wrap_text

__all__ = [
    "LINES",
    "WIDTH",
    "LegendEntry",
    "chart_mark",
    "draw_legend",
    "draw_line",
    "draw_mark",
    "draw_unit",
    "has_value",
    "line_path",
]

# At 390 px of a phone a picture of this width shows its letters at about 10 px.
WIDTH = 520.0
SIZE = 15.0

# Dash, width and colour of the lines of an area, England and its comparators.
LINES = {
    "area": (None, 2.5, DARK_BLUE),
    "england": ("7 4", 2.0, INK),
    "comparators": ("1.5 4", 2.5, VERMILION),
    "baseline": (None, 1.5, QUIET_INK),
    "limit95": ("6 4", 1.5, BLUE),
    "limit998": (None, 1.5, BLUE),
}


# Outline from the centre, fill, stroke and width.
_SHAPES = {
    "area": ("m-7 -7h14v14h-14z", DARK_BLUE, PAPER, 2),
    "comparator": ("m0 -6l6 6l-6 6l-6 -6z", BLUE, PAPER, 1),
    "last": ("m-4 -4h8v8h-8z", DARK_BLUE, PAPER, 1),
    "other": ("m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", PAPER, QUIET_INK, 1.2),
    "above": ("m0 -5l5 9h-10z", PAPER, VERMILION, 1.5),
    "below": ("m0 5l5 -9h-10z", PAPER, VERMILION, 1.5),
}


@dataclass(frozen=True)
class LegendEntry:
    """One entry of a legend.

    Parameters
    ----------
    sample : str
        A mark of `draw_mark`, ``beyond`` or ``far_beyond`` (both triangles), a line of `LINES`,
        or ``area_line``.
    words : str
        What it stands for.
    """

    sample: str
    words: str


def chart_mark(kind: str, *content: str) -> str:
    """Letters for the ids of a chart, made of what it shows.

    Parameters
    ----------
    kind : str
        First letters.
    *content : str
        What tells this chart from others of the page: its title and what is drawn.

    Returns
    -------
    str
        Such as ``areas-1a2b3c4d``.
    """
    return f"{kind}-{zlib.crc32(chr(31).join(content).encode()):08x}"


def has_value(value: float | None) -> bool:
    """Whether a figure is there.

    Parameters
    ----------
    value : float or None
        The figure.

    Returns
    -------
    bool
        False for None, NaN and infinite.
    """
    return value is not None and math.isfinite(value)


def draw_mark(shape: str, x: float, y: float) -> str:
    """A mark at a point.

    Parameters
    ----------
    shape : str
        ``area`` (square), ``comparator`` (diamond), ``other`` (ring), ``above`` or ``below``
        (triangles: beyond the 95% limit), ``far_above`` or ``far_below`` (filled triangles: beyond
        the 99.8% limit), ``last`` (a small square).
    x, y : float
        Centre.

    Returns
    -------
    str
        SVG.
    """
    outline, fill, stroke, width = _SHAPES[shape.removeprefix("far_")]
    if shape.startswith("far_"):
        fill = stroke
    return (
        f'<path d="M{number(x)} {number(y)}{outline}" fill="{fill}" stroke="{stroke}"'
        f' stroke-width="{width}"/>'
    )


def draw_line(kind: str, path: str) -> str:
    """A line of one of the kinds.

    Parameters
    ----------
    kind : str
        Of `LINES`.
    path : str
        Path data: letters, digits and blanks only.

    Returns
    -------
    str
        SVG.
    """
    dash, width, colour = LINES[kind]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    ends = ' stroke-linecap="round"' if kind in ("comparators", "area") else ""
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"'
        f' stroke-linejoin="round"{dashes}{ends}/>'
    )


def line_path(xs: Sequence[float], ys: Sequence[float | None]) -> str:
    """Path through points, broken where a figure is missing.

    Parameters
    ----------
    xs : sequence of float
        Places across.
    ys : sequence of float or None
        Places down; None or NaN breaks the line.

    Returns
    -------
    str
        Path data; a figure between two gaps becomes a dot (a line of no length).
    """
    parts, open_ = [], False
    for x, y in zip(xs, ys, strict=True):
        if y is None or y != y:
            open_ = False
            continue
        # A line of no length shows as a dot with round ends; "h0" makes it one.
        parts.append(f"L{x:.1f} {y:.1f}" if open_ else f"M{x:.1f} {y:.1f}h0")
        open_ = True
    return "".join(parts)


def draw_unit(unit: str, x: float, y: float, *, after: str = "") -> tuple[str, float]:
    """The title of an axis: the unit in words, wrapped to the picture.

    Parameters
    ----------
    unit : str
        Of the figures.
    x, y : float
        Left end and upper edge.
    after : str
        Words after the unit.

    Returns
    -------
    str
        SVG.
    float
        Lower edge.
    """
    words = "Per cent" if unit == "%" else unit[:1].upper() + unit[1:]
    lines = wrap_text(words + after, SIZE, WIDTH - x - 4)
    parts = [axis_title(line, x, y + 18 * (i + 1) - 4, size=SIZE) for i, line in enumerate(lines)]
    return "".join(parts), y + 18 * len(lines)


def draw_legend(
    entries: Sequence[LegendEntry],
    top: float,
    *,
    left: float = 0.0,
    width: float = WIDTH,
    size: float = SIZE,
) -> tuple[str, float]:
    """Entries side by side, wrapped to the width.

    Parameters
    ----------
    entries : sequence of LegendEntry
        In reading order.
    top : float
        Upper edge.
    left, width : float
        Left edge and room.
    size : float
        Size of the letters.

    Returns
    -------
    str
        SVG.
    float
        Lower edge.
    """
    x, y, parts, step = left, top, [], size * 1.5
    for entry in entries:
        lines = wrap_text(entry.words, size, width - 40, max_lines=3)
        wide = 36 + max(text_width(line, size) for line in lines)
        if x > left and (x + wide > left + width or len(lines) > 1):
            x, y = left, y + step
        middle = y + step / 2
        parts.append(_sample(entry.sample, x, middle))
        for i, line in enumerate(lines):
            parts.append(text_line(line, x + 32, middle + size * 0.35 + i * size * 1.2, size=size))
        y += (len(lines) - 1) * size * 1.2
        x += wide + 16
    return "".join(parts), y + step


def _sample(sample: str, x: float, y: float) -> str:
    if sample in ("beyond", "far_beyond"):
        far = sample.removesuffix("beyond")
        return draw_mark(f"{far}above", x + 6, y) + draw_mark(f"{far}below", x + 20, y)
    if sample in LINES and sample != "area":
        return draw_line(sample, f"M{number(x + 1)} {number(y)}h25")
    if sample == "area_line":
        return draw_line("area", f"M{number(x + 1)} {number(y)}h25")
    return draw_mark(sample, x + 13, y)
