"""Charts as Vega-Lite specifications: plain dictionaries, rendered by `render_svg`.

Each function takes typed rows and returns a specification with its data inside. The table of the
same figures travels in it and is read by `chart_table`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wholesystem.errors import ParameterError
from wholesystem.pictures.palette import BLUE, INK, QUIET_INK, RULE, SKY, VERMILION
from wholesystem.pictures.svg import wrap_text
from wholesystem.pictures.tables import PictureTable
from wholesystem.pictures.wording import (
    clean_text,
    format_days,
    format_people,
    is_known,
)

Spec = dict[str, Any]

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
CHART_WIDTH = 560
ROW_HEIGHT = 34
LABEL_ROOM = 270
CLOSE_PERCENT = 5.0


@dataclass(frozen=True)
class ComparedFigure:
    """A published figure beside the simulated one.

    Parameters
    ----------
    label : str
        What is counted.
    unit : str
        Its unit, in words.
    published : float
        Published value; NaN = not published.
    mean, lower95, upper95 : float
        Simulated mean and its 95% interval, in the same unit; NaN = not known.
    basis : str
        ``fitted`` (the model was set so as to give it) or ``predicted``.

    Raises
    ------
    ParameterError
        If the basis is another word.
    """

    label: str
    unit: str
    published: float
    mean: float
    lower95: float
    upper95: float
    basis: str

    def __post_init__(self) -> None:
        if self.basis not in ("fitted", "predicted"):
            raise ParameterError(
                f"The figure {self.label!r} has basis {self.basis!r}. Use fitted or predicted."
            )


@dataclass(frozen=True)
class ReasonDelay:
    """People delayed for one reason: simulated with its 95% interval, and published.

    Parameters
    ----------
    label : str
        The reason in words, its code included where there is one.
    mean, lower95, upper95 : float
        Simulated mean number of people delayed, and its 95% interval.
    published : float
        Published mean number of people; NaN = not published.
    """

    label: str
    mean: float
    lower95: float
    upper95: float
    published: float = math.nan


@dataclass(frozen=True)
class BodyDelay(ReasonDelay):
    """People delayed for one responsible body; fields as for a reason."""


@dataclass(frozen=True)
class DailyBand:
    """People in one service on one day, over replications.

    Parameters
    ----------
    service : str
        Label of the service.
    day : int
        Day of the measured window, from 0.
    p05, p50, p95 : float
        5th percentile, median and 95th percentile over replications; NaN = not known.
    """

    service: str
    day: int
    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class WaitFigure:
    """Days waited for one service: simulated mean with its 95% interval.

    Parameters
    ----------
    label : str
        The service.
    mean, lower95, upper95 : float
        Days, >= 0; NaN = not known.
    """

    label: str
    mean: float
    lower95: float
    upper95: float


def chart_table(spec: Mapping[str, Any]) -> PictureTable:
    """The figures behind a chart of this module, as text.

    Parameters
    ----------
    spec : mapping
        A specification made here.

    Raises
    ------
    ParameterError
        If the specification was not made here and holds no table.
    """
    table = spec.get("usermeta", {}).get("table")
    if not table:
        raise ParameterError("This chart holds no table. Use a chart of wholesystem.pictures.")
    return PictureTable(
        title=table["title"],
        columns=tuple(table["columns"]),
        rows=tuple(tuple(row) for row in table["rows"]),
        numeric=tuple(table["numeric"]),
    )


def published_against_simulated(
    figures: Sequence[ComparedFigure], *, title: str = "Published and simulated figures"
) -> Spec:
    """How far each simulated figure lies from the published one, in per cent of the published.

    One axis serves figures of any unit: the published value is the line at 0, the shaded band is
    5% to either side, a figure is a dot with its 95% interval. Fitted figures are hollow squares
    and predicted ones full circles; both words stand in the legend and the table.

    Parameters
    ----------
    figures : sequence of ComparedFigure
        In the order to show. A figure without published or simulated value stands in the table
        and keeps a row without a dot.
    title : str
        Heading.
    """
    rows = [_compared_row(f) for f in figures]
    worst = max(
        (abs(r[k]) for r in rows for k in ("low", "high") if r[k] is not None), default=10.0
    )
    edge = max(10.0, math.ceil(worst * 1.08 / 5) * 5)
    order = [r["label"] for r in rows]
    y = {
        "field": "label",
        "type": "nominal",
        "sort": order,
        "axis": _label_axis(),
        "title": None,
    }
    x = {
        "type": "quantitative",
        "scale": {"domain": [-edge, edge], "nice": False},
        "axis": {
            "title": "Simulated above (+) or below (\u2212) published, %",
            "labelExpr": "(datum.value > 0 ? '+' : datum.value < 0 ? '\u2212' : '')"
            " + abs(datum.value) + '%'",
            "tickCount": 7,
        },
    }
    within = {"low": -CLOSE_PERCENT, "high": CLOSE_PERCENT}
    layers: list[Spec] = [
        {
            "data": {"values": [within]},
            "mark": {"type": "rect", "color": "#dfe7ec"},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "data": {"values": [{"at": 0}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 2},
            "encoding": {"x": {**x, "field": "at"}},
        },
        {
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 2.5},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "size": 130, "strokeWidth": 2.5, "color": BLUE},
            "encoding": {
                "y": y,
                "x": {**x, "field": "percent"},
                "shape": {
                    "field": "basis",
                    "type": "nominal",
                    "scale": {"domain": ["fitted", "predicted"], "range": ["square", "circle"]},
                    "legend": {"title": None, "orient": "top", "symbolFillColor": "white"},
                },
                "fill": {
                    "field": "basis",
                    "type": "nominal",
                    "scale": {"domain": ["fitted", "predicted"], "range": ["white", BLUE]},
                    "legend": None,
                },
            },
        },
        _right_text("published_text", "Published", y, 62),
        _right_text("simulated_text", "Simulated", y, 136),
    ]
    table = PictureTable(
        title,
        ("Figure", "Unit", "Published", "Simulated", "95% interval", "Difference", "Basis"),
        tuple(r["table"] for r in rows),
        (False, False, True, True, True, True, False),
    )
    described = (
        f"{len(rows)} figures: simulated against published, as a percentage of the published "
        "value with 95% intervals. The shaded band is 5% to either side."
    )
    return _spec(title, described, table, rows, layers, len(rows))


def _compared_row(figure: ComparedFigure) -> Spec:
    def percent(value: float) -> float | None:
        if not is_known(value) or not is_known(figure.published) or figure.published == 0:
            return None
        return 100 * (value / figure.published - 1)

    difference = percent(figure.mean)
    published, mean = _figure_text(figure.published), _figure_text(figure.mean)
    interval = _interval(figure.lower95, figure.upper95, _figure_text)
    shown = "" if difference is None else f"{difference:+.1f}%".replace("-", "\u2212")
    label = clean_text(f"{figure.label}, {figure.unit}" if figure.unit else figure.label)
    return {
        "label": label,
        "percent": difference,
        "low": percent(figure.lower95),
        "high": percent(figure.upper95),
        "basis": figure.basis,
        "published_text": published,
        "simulated_text": mean,
        "table": (
            clean_text(figure.label),
            clean_text(figure.unit),
            published,
            mean,
            interval,
            shown,
            figure.basis,
        ),
    }


def delays_by_reason(
    delays: Sequence[ReasonDelay],
    *,
    title: str = "People delayed on an average day, by reason",
    first_column: str = "Reason",
) -> Spec:
    """People delayed for each reason: bars simulated with 95% interval, diamonds published.

    Parameters
    ----------
    delays : sequence of ReasonDelay
        In the order to show.
    title : str
        Heading.
    first_column : str
        Heading of the first column of the table.
    """
    rows = [
        {
            "label": clean_text(d.label),
            "mean": _or_none(d.mean),
            "low": _or_none(d.lower95),
            "high": _or_none(d.upper95),
            "published": _or_none(d.published),
            "mean_text": format_people(d.mean),
            "published_text": format_people(d.published) if is_known(d.published) else "",
        }
        for d in delays
    ]
    table = PictureTable(
        title,
        (first_column, "Simulated people", "95% interval", "Published people"),
        tuple(
            (
                clean_text(d.label),
                format_people(d.mean),
                _interval(d.lower95, d.upper95, format_people),
                format_people(d.published) if is_known(d.published) else "not published",
            )
            for d in delays
        ),
        (False, True, True, True),
    )
    y = _rows_axis(rows)
    x = {"type": "quantitative", "axis": {"title": "People", "tickCount": 6}}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 16},
            "encoding": {"y": y, "x": {**x, "field": "mean"}, "color": _key("Simulated")},
        },
        {
            "mark": {"type": "rule", "color": INK, "strokeWidth": 2},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "transform": [{"filter": "isValid(datum.published)"}],
            "mark": {
                "type": "point",
                "shape": "diamond",
                "filled": True,
                "size": 130,
                "opacity": 1,
                "stroke": "white",
                "strokeWidth": 1,
            },
            "encoding": {"y": y, "x": {**x, "field": "published"}, "color": _key("Published")},
        },
        _right_text("published_text", "Published", y, 62),
        _right_text("mean_text", "Simulated", y, 136),
    ]
    described = (
        f"{title}: {len(rows)} bars of the simulated mean with its 95% interval, and the "
        "published figure as a diamond."
    )
    return _spec(title, described, table, rows, layers, len(rows))


def delays_by_body(
    delays: Sequence[BodyDelay],
    *,
    title: str = "People delayed on an average day, by responsible body",
) -> Spec:
    """People delayed for each responsible body: bars simulated, diamonds published.

    Parameters
    ----------
    delays : sequence of BodyDelay
        In the order to show.
    title : str
        Heading.
    """
    return delays_by_reason(delays, title=title, first_column="Responsible")


def waits(
    figures: Sequence[WaitFigure], *, title: str = "Mean days waited, by service waited for"
) -> Spec:
    """Mean days waited for each service, as dots with 95% intervals.

    Parameters
    ----------
    figures : sequence of WaitFigure
        In the order to show.
    title : str
        Heading.
    """
    rows = [
        {
            "label": clean_text(f.label),
            "mean": _or_none(f.mean),
            "low": _or_none(f.lower95),
            "high": _or_none(f.upper95),
            "mean_text": format_days(f.mean),
        }
        for f in figures
    ]
    table = PictureTable(
        title,
        ("Service", "Mean days waited", "95% interval"),
        tuple(
            (
                clean_text(f.label),
                format_days(f.mean),
                _interval(f.lower95, f.upper95, format_days),
            )
            for f in figures
        ),
        (False, True, True),
    )
    y = _rows_axis(rows)
    x = {
        "type": "quantitative",
        "scale": {"zero": True},
        "axis": {"title": "Days", "tickCount": 6},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 2.5},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 120, "color": BLUE, "opacity": 1},
            "encoding": {"y": y, "x": {**x, "field": "mean"}},
        },
        _right_text("mean_text", "Mean days", y, 70),
    ]
    described = f"{title}: a dot for the simulated mean of each service, with its 95% interval."
    return _spec(title, described, table, rows, layers, len(rows))


def occupancy_over_year(
    bands: Sequence[DailyBand],
    *,
    places: Mapping[str, float | None],
    start: date,
    title: str = "People in each service, day by day",
) -> Spec:
    """Small multiples of the people in each service: median, 5% to 95% band, and places.

    Parameters
    ----------
    bands : sequence of DailyBand
        Days of each service; services in the order to show.
    places : mapping of str to float or None
        Places by service label; None, NaN or missing = no line.
    start : date
        The date of day 0.
    title : str
        Heading.
    """
    order = list(dict.fromkeys(clean_text(b.service) for b in bands))
    limits = {clean_text(k): v for k, v in places.items() if is_known(v)}
    rows = [
        {
            "service": clean_text(b.service),
            "date": (start + timedelta(days=b.day)).isoformat(),
            "p05": _or_none(b.p05),
            "p50": _or_none(b.p50),
            "p95": _or_none(b.p95),
            "places": limits.get(clean_text(b.service)),
        }
        for b in bands
    ]
    table = PictureTable(
        title,
        ("Service", "Places", "Lowest median day", "Mean of medians", "Highest median day"),
        tuple(
            _occupancy_row(s, [b for b in bands if clean_text(b.service) == s], limits)
            for s in order
        ),
        (False, True, True, True, True),
    )
    x = {
        "field": "date",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%b", "tickCount": 4, "grid": False},
    }
    y_axis = {"title": None, "tickCount": 3}
    layer: list[Spec] = [
        {
            "mark": {"type": "area", "color": SKY, "opacity": 0.55},
            "encoding": {
                "x": x,
                "y": {"field": "p05", "type": "quantitative", "axis": y_axis},
                "y2": {"field": "p95"},
            },
        },
        {
            "mark": {"type": "line", "color": BLUE, "strokeWidth": 1.6},
            "encoding": {"x": x, "y": {"field": "p50", "type": "quantitative", "axis": y_axis}},
        },
        {
            "mark": {"type": "line", "color": VERMILION, "strokeDash": [6, 3], "strokeWidth": 1.8},
            "encoding": {"x": x, "y": {"field": "places", "type": "quantitative", "axis": y_axis}},
        },
    ]
    description = (
        f"{title}: for each of {len(order)} services a line for the median over replications, a "
        "band from the 5th to the 95th percentile, and a dashed line for the places."
    )
    spec = _frame(title, description, table)
    spec["title"]["subtitle"] = (
        "Line: median of the replications. Band: 5% to 95%. Dashed line: places."
    )
    return spec | {
        "data": {"values": rows},
        "facet": {
            "field": "service",
            "type": "nominal",
            "sort": order,
            "title": None,
            "header": {
                "labelFontSize": 13,
                "labelFontWeight": "bold",
                "labelAnchor": "start",
                "labelLimit": 220,
            },
        },
        "columns": 4,
        "spec": {"width": 190, "height": 92, "layer": layer},
        "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent"}},
    }


def _occupancy_row(
    service: str, bands: Sequence[DailyBand], limits: Mapping[str, float | None]
) -> tuple[str, ...]:
    medians = [b.p50 for b in bands if is_known(b.p50)]
    if not medians:
        return (service, "", "not known", "not known", "not known")
    limit = limits.get(service)
    return (
        service,
        "" if limit is None else format_people(limit),
        format_people(min(medians)),
        format_people(sum(medians) / len(medians)),
        format_people(max(medians)),
    )


def _spec(
    title: str,
    described: str,
    table: PictureTable,
    rows: Sequence[Mapping[str, Any]],
    layers: list[Spec],
    count: int,
) -> Spec:
    values = [{k: v for k, v in row.items() if k != "table"} for row in rows]
    return _frame(title, described, table) | {
        "data": {"values": values},
        "width": CHART_WIDTH,
        "height": max(count, 1) * ROW_HEIGHT,
        "layer": layers,
    }


def _frame(title: str, described: str, table: PictureTable) -> Spec:
    axis = {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#e3e8eb",
        "domainColor": RULE,
        "tickColor": RULE,
    }
    return {
        "$schema": SCHEMA,
        "title": {
            "text": wrap_text(title, 17, 900, bold=True, max_lines=2),
            "anchor": "start",
            "frame": "bounds",
            "fontSize": 17,
            "color": INK,
            "offset": 14,
            "subtitleColor": QUIET_INK,
            "subtitleFontSize": 13,
        },
        "description": described,
        "background": "white",
        "padding": 10,
        "usermeta": {
            "table": {
                "title": table.title,
                "columns": list(table.columns),
                "rows": [list(r) for r in table.rows],
                "numeric": list(table.numeric),
            }
        },
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": axis,
            "legend": {"labelFontSize": 13, "labelColor": INK, "symbolSize": 130},
        },
    }


def _rows_axis(rows: Sequence[Mapping[str, Any]]) -> Spec:
    return {
        "field": "label",
        "type": "nominal",
        "sort": [r["label"] for r in rows],
        "axis": _label_axis(),
        "title": None,
    }


def _label_axis() -> Spec:
    return {
        "labelLimit": LABEL_ROOM,
        "ticks": False,
        "domain": False,
        "labelPadding": 8,
        "grid": False,
    }


def _key(name: str) -> Spec:
    """A legend entry: the same name in every layer of the chart."""
    names, colours = ["Simulated", "Published"], [SKY, VERMILION]
    return {
        "datum": name,
        "type": "nominal",
        "scale": {"domain": names, "range": colours},
        "legend": {"title": None, "orient": "top"},
    }


def _right_text(field: str, heading: str, y: Spec, offset: int) -> Spec:
    """A column of figures to the right of the plot, with its heading."""
    x = {"value": CHART_WIDTH + offset}
    return {
        "layer": [
            {
                "mark": {"type": "text", "align": "right", "fontSize": 13, "color": INK},
                "encoding": {"y": y, "x": x, "text": {"field": field}},
            },
            {
                "data": {"values": [{}]},
                "mark": {
                    "type": "text",
                    "align": "right",
                    "fontSize": 13,
                    "fontWeight": "bold",
                    "color": INK,
                    "text": heading,
                },
                "encoding": {"x": x, "y": {"value": -10}},
            },
        ]
    }


def _figure_text(value: float) -> str:
    """A figure of any size with three or more significant digits."""
    if not is_known(value):
        return "not known"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _interval(low: float, high: float, form: Any) -> str:
    if not is_known(low) or not is_known(high):
        return ""
    return f"{form(low)} to {form(high)}"


def _or_none(value: float) -> float | None:
    return value if is_known(value) else None
