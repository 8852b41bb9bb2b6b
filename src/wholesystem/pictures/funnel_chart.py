"""A funnel plot: areas by size, with the limits within which chance keeps them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wholesystem.indicators.funnel import OUTSIDE_WORDS
from wholesystem.indicators.spc.words import format_value
from wholesystem.pictures.axes import (
    GRID,
    LinearScale,
    axis_title,
    linear_scale,
    picture,
    unit_sign,
    upright_axis,
)
from wholesystem.pictures.marks import (
    SIZE,
    WIDTH,
    LegendEntry,
    chart_mark,
    draw_legend,
    draw_line,
    draw_mark,
    draw_unit,
    has_value,
)
from wholesystem.pictures.palette import QUIET_INK
from wholesystem.pictures.svg import number, text_line, text_width
from wholesystem.pictures.tables import PictureTable

__all__ = ["FunnelLines", "FunnelPoint", "funnel_chart", "funnel_table"]

_SHAPES = {-2: "far_below", -1: "below", 0: "other", 1: "above", 2: "far_above"}
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class FunnelPoint:
    """One area of a funnel.

    Parameters
    ----------
    name : str
        Of the area.
    size : float or None
        Denominator, > 0; None where it has no figure.
    value : float or None
        The figure, in the unit of the chart.
    outside : int
        -2, -1, 0, 1 or 2: beyond the lower 99.8% or 95% limit, within, beyond the upper ones.
    role : str
        ``area`` (the one looked at), ``comparator`` or ``other``.
    """

    name: str
    size: float | None
    value: float | None
    outside: int = 0
    role: Literal["area", "comparator", "other"] = "other"


@dataclass(frozen=True)
class FunnelLines:
    """The lines of a funnel.

    Parameters
    ----------
    baseline : float
        Figure of all areas together.
    sizes : sequence of float
        Denominators at which the limits stand, rising, > 0.
    lower95, upper95, lower998, upper998 : sequence of float
        Limits, in the unit of the figure.
    """

    baseline: float
    sizes: Sequence[float]
    lower95: Sequence[float]
    upper95: Sequence[float]
    lower998: Sequence[float]
    upper998: Sequence[float]


def funnel_chart(
    points: Sequence[FunnelPoint],
    lines: FunnelLines,
    *,
    title: str,
    unit: str,
    size_words: str,
    decimals: int = 1,
    baseline_name: str = "all areas together",
    note: str = "",
    mark: str | None = None,
) -> str:
    """A funnel plot; sizes run on a scale of doublings, since councils differ forty-fold.

    Parameters
    ----------
    points : sequence of FunnelPoint
        Areas; those without a figure are counted in the description.
    lines : FunnelLines
        Limits and baseline.
    title : str
        Figure, period and area.
    unit : str
        Of the figure.
    size_words : str
        What the denominator counts, such as ``people aged 65 and over``.
    decimals : int
        Of the figures in words.
    baseline_name : str
        What the middle line is.
    note : str
        What was done about over-dispersion; part of the description.
    mark : str, optional
        Start of the ids; made of the content where not given.

    Returns
    -------
    str
        SVG.
    """
    shown = [p for p in points if has_value(p.value) and has_value(p.size)]
    legend, top = draw_legend(_legend(shown, lines, decimals, unit, baseline_name), 4)
    unit_words, top = draw_unit(unit, 4, top + 4)
    height = top + 320
    upright = _upright(shown, lines, height - 62, top + 14)
    left = max(text_width(words, SIZE) for words in upright.labels("%")) + 14
    across = _SizeScale.of(lines.sizes, left + 6, WIDTH - 8)
    marks = _point_marks(shown, across, upright)
    made = mark or chart_mark("funnel", title, legend, *marks)
    axis = upright_axis(upright, left, WIDTH, unit=unit_sign(unit), size=SIZE)
    parts = [legend, unit_words, axis]
    parts += [_size_axis(across, height - 62, size_words, left)]
    parts += [_limit_lines(lines, across, upright, made, left), *marks]
    told = _describe(shown, points, lines, decimals, unit, note, baseline_name)
    return picture(WIDTH, height, title, told, parts, mark=made)


def funnel_table(
    points: Sequence[FunnelPoint], *, title: str, unit: str, size_words: str, decimals: int = 1
) -> PictureTable:
    """The table behind `funnel_chart`.

    Parameters
    ----------
    points : sequence of FunnelPoint
        As drawn.
    title : str
        Caption.
    unit : str
        Of the figure.
    size_words : str
        What the denominator counts.
    decimals : int
        Of the figures.

    Returns
    -------
    PictureTable
        Areas from largest to smallest, then those without a figure.
    """
    shown = sorted(
        (p for p in points if has_value(p.value) and has_value(p.size)), key=_size, reverse=True
    )
    gone = sorted(
        (p for p in points if not (has_value(p.value) and has_value(p.size))), key=lambda p: p.name
    )
    rows = [
        (
            p.name,
            format_value(p.size, 0),
            format_value(p.value, decimals),
            OUTSIDE_WORDS[p.outside],
        )
        for p in shown
    ]
    rows += [(p.name, format_value(p.size, 0), "", "no figure") for p in gone]
    heads = ("Area", size_words[:1].upper() + size_words[1:], f"Figure ({unit})", "Place")
    return PictureTable(title, heads, tuple(rows), (False, True, True, False))


def _size(point: FunnelPoint) -> float:
    return point.size or 0.0


@dataclass(frozen=True)
class _SizeScale:
    """Sizes by their logarithm."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def of(cls, sizes: Sequence[float], start: float, end: float) -> _SizeScale:
        low, high = math.log(min(sizes)), math.log(max(sizes))
        if high - low < 1e-9:
            low, high = low - 0.5, high + 0.5
        return cls(low, high, start, end)

    def place(self, size: float) -> float:
        share = (math.log(size) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        powers = range(math.floor(self.low / math.log(10)), math.ceil(self.high / math.log(10)))
        every = [step * 10.0**power for power in powers for step in _STEPS]
        return [one for one in every if self.low <= math.log(one) <= self.high]


def _upright(
    shown: Sequence[FunnelPoint], lines: FunnelLines, foot: float, top: float
) -> LinearScale:
    """Room for the points; limits of the smallest sizes may run out of the picture."""
    values: list[float | None] = [p.value for p in shown]
    middle = len(lines.sizes) // 3
    values += [lines.baseline, lines.lower998[middle], lines.upper998[middle]]
    return linear_scale(values, foot, top)


def _size_axis(scale: _SizeScale, foot: float, words: str, left: float) -> str:
    parts, taken = [], -math.inf
    for size in scale.ticks():
        x, label = scale.place(size), format_value(size, 0)
        parts.append(f'<path d="M{number(x)} {number(foot)}v6" stroke="{QUIET_INK}"/>')
        half = text_width(label, SIZE) / 2
        at = min(x, WIDTH - half)
        if at - half > taken:
            parts.append(text_line(label, at, foot + 22, size=SIZE, anchor="middle"))
            taken = at + half + 10
    line = f'<path d="M{number(left)} {number(foot)}H{number(WIDTH)}" stroke="{GRID}"/>'
    title = axis_title(words[:1].upper() + words[1:], left, foot + 46, size=SIZE)
    return line + "".join(parts) + title


def _limit_lines(
    lines: FunnelLines, across: _SizeScale, upright: LinearScale, mark: str, left: float
) -> str:
    xs = [across.place(size) for size in lines.sizes]
    parts = []
    for kind, limits in (
        ("limit998", lines.lower998),
        ("limit998", lines.upper998),
        ("limit95", lines.lower95),
        ("limit95", lines.upper95),
    ):
        ys = [upright.place(limit) for limit in limits]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))
        parts.append(draw_line(kind, f"M{path}"))
    y = upright.place(lines.baseline)
    parts.append(draw_line("baseline", f"M{number(left)} {number(y)}H{number(WIDTH)}"))
    # Limits of very small sizes leave the picture; they are cut at its edge.
    box = (
        f'<clipPath id="{mark}-box"><rect x="{number(left)}" y="{number(upright.end)}"'
        f' width="{number(WIDTH - left)}" height="{number(upright.start - upright.end)}"/>'
        "</clipPath>"
    )
    return f'{box}<g clip-path="url(#{mark}-box)">{"".join(parts)}</g>'


def _shape(point: FunnelPoint) -> str:
    return point.role if point.role != "other" else _SHAPES[point.outside]


def _point_marks(
    shown: Sequence[FunnelPoint], across: _SizeScale, upright: LinearScale
) -> list[str]:
    return [
        draw_mark(_shape(p), across.place(_size(p)), upright.place(p.value or 0.0))
        for role in ("other", "comparator", "area")
        for p in shown
        if p.role == role
    ]


def _legend(
    shown: Sequence[FunnelPoint],
    lines: FunnelLines,
    decimals: int,
    unit: str,
    baseline_name: str,
) -> list[LegendEntry]:
    sign = unit_sign(unit)
    entries = [
        LegendEntry(
            "area", f"{p.name} {format_value(p.value, decimals)}{sign}, {OUTSIDE_WORDS[p.outside]}"
        )
        for p in shown
        if p.role == "area"
    ]
    if any(p.role == "comparator" for p in shown):
        entries.append(LegendEntry("comparator", "comparators"))
    steps = {abs(p.outside) for p in shown if p.role == "other"}
    kinds = (("other", "other areas"), ("beyond", "beyond 95%"), ("far_beyond", "beyond 99.8%"))
    entries += [LegendEntry(*kind) for step, kind in enumerate(kinds) if step in steps]
    figure = f"{baseline_name} {format_value(lines.baseline, decimals)}{sign}"
    return [
        *entries,
        LegendEntry("baseline", figure),
        LegendEntry("limit95", "95% limits"),
        LegendEntry("limit998", "99.8% limits"),
    ]


def _describe(
    shown: Sequence[FunnelPoint],
    points: Sequence[FunnelPoint],
    lines: FunnelLines,
    decimals: int,
    unit: str,
    note: str,
    baseline_name: str,
) -> str:
    words = [
        f"{len(shown)} areas by size; {baseline_name}: {format_value(lines.baseline, decimals)}"
        f" ({unit})."
    ]
    counts = {step: sum(p.outside == step for p in shown) for step in OUTSIDE_WORDS}
    words.append("; ".join(f"{many} {OUTSIDE_WORDS[step]}" for step, many in counts.items()) + ".")
    words += [
        f"{p.name} has {format_value(p.value, decimals)}, {OUTSIDE_WORDS[p.outside]}."
        for p in shown
        if p.role == "area"
    ]
    gone = len(points) - len(shown)
    if gone:
        words.append(f"{gone} {'area has' if gone == 1 else 'areas have'} no figure.")
    return " ".join([*words, *([note] if note else [])])
