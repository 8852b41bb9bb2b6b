"""Small charts side by side: one figure by reason or by body, the area against others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from wholesystem.indicators.spc.words import date_words, format_value
from wholesystem.pictures.axes import (
    GRID,
    LinearScale,
    date_scale,
    linear_scale,
    picture,
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
    line_path,
)
from wholesystem.pictures.palette import QUIET_INK
from wholesystem.pictures.svg import number, text_line, text_width, wrap_text
from wholesystem.pictures.tables import PictureTable

__all__ = ["Panel", "panels_table", "small_multiples"]

_COLUMNS, _GAP = 2, 24.0
_PLOT_HEIGHT, _HEAD_LINE = 86.0, 18.0
_SMALL = 13.5


@dataclass(frozen=True)
class Panel:
    """One small chart.

    Parameters
    ----------
    name : str
        Its heading.
    area, england, comparators : sequence of float or None
        Figures at the days of the chart; None or NaN = none. An empty sequence draws no line.
    """

    name: str
    area: Sequence[float | None]
    england: Sequence[float | None] = ()
    comparators: Sequence[float | None] = ()


def small_multiples(
    days: Sequence[date],
    panels: Sequence[Panel],
    *,
    title: str,
    unit: str,
    area_name: str,
    decimals: int = 1,
    shared_scale: bool = True,
    comparators_name: str = "comparators",
    mark: str | None = None,
) -> str:
    """Small line charts in two columns, on one scale or each on its own.

    Parameters
    ----------
    days : sequence of date
        A day for each figure, rising; at least one.
    panels : sequence of Panel
        In reading order.
    title : str
        Figure, period and area.
    unit : str
        Of the figures.
    area_name : str
        Of the area.
    decimals : int
        Of the figures in words.
    shared_scale : bool
        Whether all charts share one upright scale, so that heights can be compared; else each
        fills its own, and the legend says so.
    comparators_name : str
        Name of the comparators.
    mark : str, optional
        Start of the ids; made of the content where not given.

    Returns
    -------
    str
        SVG; a missing figure is a gap in the line.
    """
    legend, top = draw_legend(_legend(panels, area_name, comparators_name), 4)
    how = "one scale for all" if shared_scale else "each chart on its own scale"
    words, top = draw_unit(unit, 4, top + 4, after=f"; {how}")
    parts, top = [legend, words], top + 12
    shared = _range(v for panel in panels for v in _values(panel)) if shared_scale else None
    wide = (WIDTH - _GAP * (_COLUMNS - 1)) / _COLUMNS
    heads = _head_lines(panels, wide)
    for i, panel in enumerate(panels):
        if i and i % _COLUMNS == 0:
            top += _row_height(heads)
        x = (wide + _GAP) * (i % _COLUMNS)
        parts += _draw_panel(days, panel, x, top, wide, heads, shared, decimals)
    height = top + (_row_height(heads) if panels else 0)
    told = _describe(days, panels, area_name, decimals, unit)
    made = mark or chart_mark("panels", title, *parts)
    return picture(WIDTH, height, title, told, parts, mark=made)


def panels_table(
    days: Sequence[date],
    panels: Sequence[Panel],
    *,
    title: str,
    unit: str,
    area_name: str,
    decimals: int = 1,
    comparators_name: str = "comparators",
) -> PictureTable:
    """The table behind `small_multiples`: a row for each day and chart.

    Parameters
    ----------
    days : sequence of date
        As drawn.
    panels : sequence of Panel
        As drawn.
    title : str
        Caption.
    unit : str
        Of the figures.
    area_name : str
        Of the area.
    decimals : int
        Of the figures.
    comparators_name : str
        Name of the comparators.

    Returns
    -------
    PictureTable
        Rows chart by chart, in order of time; empty where there is no figure.
    """
    lines = [(area_name, "area"), ("England", "england"), (comparators_name, "comparators")]
    used = [(name, one) for name, one in lines if any(getattr(p, one) for p in panels)]
    rows = []
    for panel in panels:
        for i, day in enumerate(days):
            figures = [getattr(panel, one) for _, one in used]
            texts = [format_value(f[i], decimals) if len(f) else "" for f in figures]
            rows.append((panel.name, day.isoformat(), *texts))
    heads = ("Chart", "Period", *(f"{name} ({unit})" for name, _ in used))
    return PictureTable(title, heads, tuple(rows), (False, False, *([True] * len(used))))


def _values(panel: Panel) -> list[float | None]:
    return [*panel.area, *panel.england, *panel.comparators]


def _range(values: Iterable[float | None]) -> list[float]:
    known = [v for v in values if v is not None and math.isfinite(v)]
    return [min(known), max(known)] if known else []


def _legend(panels: Sequence[Panel], area_name: str, comparators_name: str) -> list[LegendEntry]:
    entries = [LegendEntry("area_line", area_name)]
    if any(len(panel.england) for panel in panels):
        entries.append(LegendEntry("england", "England"))
    if any(len(panel.comparators) for panel in panels):
        entries.append(LegendEntry("comparators", comparators_name))
    return entries


def _head_lines(panels: Sequence[Panel], wide: float) -> int:
    return max((len(wrap_text(p.name, SIZE, wide, bold=True)) for p in panels), default=1)


def _row_height(heads: int) -> float:
    return heads * _HEAD_LINE + _PLOT_HEIGHT + 46


def _draw_panel(
    days: Sequence[date],
    panel: Panel,
    x: float,
    top: float,
    wide: float,
    heads: int,
    shared: list[float] | None,
    decimals: int,
) -> list[str]:
    lines = wrap_text(panel.name, SIZE, wide, bold=True)
    parts = [
        text_line(line, x, top + _HEAD_LINE * (i + 1) - 4, size=SIZE, bold=True)
        for i, line in enumerate(lines)
    ]
    roof = top + heads * _HEAD_LINE + 8
    foot = roof + _PLOT_HEIGHT
    own = _range(_values(panel)) if shared is None else shared
    scale = linear_scale(own, foot, roof, ticks=3, zero=True)
    left = x + max(text_width(words, _SMALL) for words in scale.labels()) + 6
    time = date_scale(days[0], days[-1], left, x + wide, room=7)
    parts.append(_panel_axes(scale, left, x + wide, days, _last_words(days, panel, decimals)))
    xs = [time.place(day) for day in days]
    for kind, figures in (
        ("comparators", panel.comparators),
        ("england", panel.england),
        ("area", panel.area),
    ):
        if len(figures):
            ys = [scale.place(v) if v is not None and has_value(v) else None for v in figures]
            parts.append(draw_line(kind, line_path(xs, ys)))
    last = _last(panel)
    if last is not None:
        parts.append(draw_mark("last", xs[last], scale.place(panel.area[last] or 0.0)))
    return parts


def _panel_axes(
    scale: LinearScale, left: float, right: float, days: Sequence[date], last: str
) -> str:
    parts = []
    for value, words in zip(scale.ticks, scale.labels(), strict=True):
        y = scale.place(value)
        parts.append(f'<path d="M{number(left)} {number(y)}H{number(right)}" stroke="{GRID}"/>')
        parts.append(text_line(words, left - 5, y + 4.5, size=_SMALL, anchor="end"))
    foot = scale.start + 18
    if days[0] != days[-1]:
        parts.append(text_line(_month(days[0]), left, foot, size=_SMALL, fill=QUIET_INK))
    parts.append(text_line(last, right, foot, size=_SMALL, bold=True, anchor="end"))
    return "".join(parts)


def _month(day: date) -> str:
    return date_words(day, by_month=True)


def _last(panel: Panel) -> int | None:
    """Position of the area's last figure."""
    known = [i for i, value in enumerate(panel.area) if has_value(value)]
    return known[-1] if known else None


def _last_words(days: Sequence[date], panel: Panel, decimals: int) -> str:
    last = _last(panel)
    if last is None:
        return "no figures"
    return f"{_month(days[last])}: {format_value(panel.area[last], decimals)}"


def _describe(
    days: Sequence[date], panels: Sequence[Panel], area_name: str, decimals: int, unit: str
) -> str:
    words = [f"{len(panels)} charts from {_month(days[0])} to {_month(days[-1])} ({unit})."]
    for panel in panels:
        at = _last(panel)
        if at is None:
            words.append(f"{panel.name}: {area_name} has no figures.")
            continue
        figures = [f"{area_name} {format_value(panel.area[at], decimals)}"]
        for name, line in (("England", panel.england), ("comparators", panel.comparators)):
            if len(line) and has_value(line[at]):
                figures.append(f"{name} {format_value(line[at], decimals)}")
        words.append(f"{panel.name}, {_month(days[at])}: {', '.join(figures)}.")
    return " ".join(words)
