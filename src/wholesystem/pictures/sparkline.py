"""A sparkline: a series the height of a line of text, with its mean, limits and latest point."""

from __future__ import annotations

import numpy as np

from wholesystem.indicators.spc.chart import Chart
from wholesystem.pictures.palette import INK, QUIET_INK, RULE
from wholesystem.pictures.spc_icons import KIND_COLOURS, mark_path
from wholesystem.pictures.svg import element, escaped

WIDTH, HEIGHT = 120.0, 28.0
_ROOM = 5.0


def draw_sparkline(chart: Chart, *, words: str = "") -> str:
    """A chart as a sparkline.

    Parameters
    ----------
    chart : Chart
        Worked out.
    words : str
        What it shows, for people who do not see it; the chart's first two sentences if empty.

    Returns
    -------
    str
        One SVG element, 120 by 28. The latest point bears the mark of its kind of variation. It
        has no id, so it may stand on a page many times.
    """
    places = _places(chart)
    label = words or " ".join(chart.summary.sentences[:2])
    return element(
        "svg",
        f"<title>{escaped(label)}</title>"
        + _band(chart, places)
        + _line(chart, places)
        + _latest(chart, places),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
        aria_label=label,
    )


def _places(chart: Chart) -> tuple[np.ndarray, float, float]:
    """Horizontal place of each point, the highest figure and the share of height of one unit."""
    days = chart.series.dates.astype(np.int64)
    span = max(1, int(days[-1] - days[0]))
    x = _ROOM + (days - days[0]) / span * (WIDTH - 2 * _ROOM)
    known = [chart.series.values, chart.limits.centre, chart.limits.lower, chart.limits.upper]
    figures = np.concatenate(known)
    figures = figures[~np.isnan(figures)]
    low, high = float(figures.min()), float(figures.max())
    scale = (HEIGHT - 2 * _ROOM) / (high - low) if high > low else 0.0
    return x, high, scale


def _height(value: float, high: float, scale: float) -> float:
    return _ROOM + (high - value) * scale if scale else HEIGHT / 2


def _band(chart: Chart, places: tuple[np.ndarray, float, float]) -> str:
    x, high, scale = places
    parts = []
    for part in chart.series.phase_parts():
        start = part.start
        lower, upper = float(chart.limits.lower[start]), float(chart.limits.upper[start])
        left, right = x[start], x[part.stop - 1]
        if lower == lower:
            top, foot = _height(upper, high, scale), _height(lower, high, scale)
            parts.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(1.0, right - left):.1f}"'
                f' height="{foot - top:.1f}" fill="#e8edee"/>'
            )
        centre = float(chart.limits.centre[start])
        if centre == centre:
            y = _height(centre, high, scale)
            parts.append(f'<path d="M{left:.1f} {y:.1f}H{right:.1f}" stroke="{RULE}"/>')
    return "".join(parts)


def _line(chart: Chart, places: tuple[np.ndarray, float, float]) -> str:
    x, high, scale = places
    gaps = set(chart.series.gaps_after.tolist())
    parts, pen = [], "M"
    rows = zip(x.tolist(), chart.series.values.tolist(), chart.series.dates.tolist(), strict=True)
    for place, value, day in rows:
        if value != value:
            pen = "M"
            continue
        parts.append(f"{pen}{place:.1f} {_height(value, high, scale):.1f}")
        pen = "M" if day in gaps else "L"
    return (
        f'<path d="{"".join(parts)}" fill="none" stroke="{QUIET_INK}" stroke-width="1.25"'
        ' stroke-linejoin="round"/>'
    )


def _latest(chart: Chart, places: tuple[np.ndarray, float, float]) -> str:
    x, high, scale = places
    here = chart.last
    kind = chart.variations[here].partition(" ")[0]
    y = _height(float(chart.series.values[here]), high, scale)
    colour = KIND_COLOURS[kind][0]
    outline = mark_path(kind, float(x[here]), y, 3.2)
    return f'<path d="{outline}" fill="{colour}" stroke="{INK}" stroke-width="1"/>'
