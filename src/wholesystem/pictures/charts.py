"""Charts as Vega-Lite specifications: plain dictionaries, rendered by `render_svg`.

Each function takes typed rows and returns a specification with its data inside. The table of the
same figures travels in it and is read by `chart_table`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from wholesystem.pictures.chart_parts import (
    TEXT,
    Spec,
    figures_column,
    frame,
    interval_rule,
    interval_text,
    known_or_none,
    row_axis,
    rows_chart,
)
from wholesystem.pictures.chart_rows import (
    BodyDelay,
    ComparedFigure,
    DailyBand,
    ReasonDelay,
    WaitFigure,
)
from wholesystem.pictures.palette import BLUE, INK, SKY, VERMILION
from wholesystem.pictures.tables import PictureTable
from wholesystem.pictures.wording import NOT_KNOWN, clean_text, format_people, is_known

CLOSE_PERCENT = 5.0
MULTIPLES_ACROSS = 4


def published_against_simulated(
    figures: Sequence[ComparedFigure], *, title: str = "Published and simulated figures"
) -> Spec:
    """How far each simulated figure lies from the published one, in per cent of the published.

    One axis serves figures of any unit: the published value is the line at 0, the shaded band is
    5% to either side, a figure is a mark with its 95% interval. Fitted figures are hollow squares,
    predicted ones full circles; both words stand in the key and the table.

    Parameters
    ----------
    figures : sequence of ComparedFigure
        In the order to show. A figure without a published or simulated value keeps its row and
        its place in the table, without a mark.
    title : str
        Heading.
    """
    rows = [_compared_row(f) for f in figures]
    y = row_axis([f"{f.label}, {f.unit}" if f.unit else f.label for f in figures])
    x = _percent_axis(rows)
    within = {"from": -CLOSE_PERCENT, "to": CLOSE_PERCENT}
    layers: list[Spec] = [
        {
            "data": {"values": [within]},
            "mark": {"type": "rect", "color": "#dfe7ec"},
            "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
        },
        {
            "data": {"values": [{"at": 0}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 2},
            "encoding": {"x": {**x, "field": "at"}},
        },
        interval_rule(y, x, BLUE),
        _basis_marks(y, x),
        figures_column("published_text", "Published", y, 84),
        figures_column("simulated_text", "Simulated", y, 168),
    ]
    table = PictureTable(
        title,
        ("Figure", "Unit", "Published", "Simulated", "95% interval", "Difference", "Basis"),
        tuple(_compared_cells(f) for f in figures),
        (False, False, True, True, True, True, False),
    )
    described = (
        f"{len(rows)} figures: simulated against published, in per cent of the published value, "
        "with 95% intervals. The shaded band is 5% to either side."
    )
    return rows_chart(described, table, rows, layers)


def _percent_axis(rows: Sequence[Spec]) -> Spec:
    ends = [abs(row[k]) for row in rows for k in ("low", "high", "percent") if row[k] is not None]
    edge = max(10.0, math.ceil(max(ends, default=0.0) * 1.08 / 5) * 5)
    return {
        "type": "quantitative",
        "scale": {"domain": [-edge, edge], "nice": False},
        "axis": {
            "title": "Simulated below (\u2212) or above (+) published",
            "labelExpr": "(datum.value > 0 ? '+' : datum.value < 0 ? '\u2212' : '')"
            " + abs(datum.value) + '%'",
            "tickCount": 7,
        },
    }


def _basis_marks(y: Spec, x: Spec) -> Spec:
    words = ["fitted", "predicted"]
    field = {"field": "basis", "type": "nominal"}
    return {
        "transform": [{"filter": "isValid(datum.percent)"}],
        "mark": {"type": "point", "size": 140, "strokeWidth": 2.5, "stroke": BLUE, "opacity": 1},
        "encoding": {
            "y": y,
            "x": {**x, "field": "percent"},
            "shape": {
                **field,
                "scale": {"domain": words, "range": ["square", "circle"]},
                "legend": {"title": None, "orient": "top"},
            },
            "fill": {
                **field,
                "scale": {"domain": words, "range": ["white", BLUE]},
                "legend": {"title": None, "orient": "top"},
            },
        },
    }


def _percent_off(value: float, published: float) -> float | None:
    if not is_known(value) or not is_known(published) or published == 0:
        return None
    return 100 * (value - published) / abs(published)


def _compared_row(figure: ComparedFigure) -> Spec:
    low = _percent_off(figure.lower95, figure.published)
    high = _percent_off(figure.upper95, figure.published)
    return {
        "percent": _percent_off(figure.mean, figure.published),
        "low": low,
        "high": high,
        "basis": figure.basis,
        "published_text": _figure_text(figure.published),
        "simulated_text": _figure_text(figure.mean),
    }


def _compared_cells(figure: ComparedFigure) -> tuple[str, ...]:
    difference = _percent_off(figure.mean, figure.published)
    shown = "" if difference is None else f"{difference:+.1f}%".replace("-", "\u2212")
    return (
        clean_text(figure.label),
        clean_text(figure.unit),
        _figure_text(figure.published),
        _figure_text(figure.mean),
        interval_text(figure.lower95, figure.upper95, _figure_text),
        shown,
        figure.basis,
    )


def _figure_text(value: float) -> str:
    """A figure of any size and unit, with at least three significant digits."""
    if not is_known(value):
        return NOT_KNOWN
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def delays_by_reason(
    delays: Sequence[ReasonDelay],
    *,
    title: str = "People delayed on an average day, by reason",
) -> Spec:
    """People delayed for each reason: bars simulated with 95% interval, diamonds published.

    Parameters
    ----------
    delays : sequence of ReasonDelay
        In the order to show.
    title : str
        Heading.
    """
    return _delays_chart(delays, title, "Reason")


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
    return _delays_chart(delays, title, "Responsible")


def _delays_chart(delays: Sequence[ReasonDelay], title: str, first_column: str) -> Spec:
    rows = [
        {
            "mean": known_or_none(d.mean),
            "low": known_or_none(d.lower95),
            "high": known_or_none(d.upper95),
            "published": known_or_none(d.published),
            "mean_text": _one_decimal(d.mean),
            "published_text": _one_decimal(d.published),
        }
        for d in delays
    ]
    cells = tuple(
        (
            clean_text(d.label),
            _one_decimal(d.mean),
            interval_text(d.lower95, d.upper95, _one_decimal),
            _one_decimal(d.published),
        )
        for d in delays
    )
    table = PictureTable(
        title,
        (first_column, "Simulated people", "95% interval", "Published people"),
        cells,
        (False, True, True, True),
    )
    y = row_axis([d.label for d in delays])
    x = {"type": "quantitative", "axis": {"title": "People", "tickCount": 6}}
    layers = [
        _simulated_bars(y, x),
        interval_rule(y, x, INK),
        _published_diamonds(y, x),
        figures_column("published_text", "Published", y, 84),
        figures_column("mean_text", "Simulated", y, 168),
    ]
    described = (
        f"{title}: {len(rows)} bars for the simulated mean, each with its 95% interval, and a "
        "diamond for the published figure."
    )
    return rows_chart(described, table, rows, layers)


def _simulated_bars(y: Spec, x: Spec) -> Spec:
    name = "Simulated (line: 95% interval)"
    return {
        "mark": {"type": "bar", "height": 18},
        "encoding": {
            "y": y,
            "x": {**x, "field": "mean"},
            "color": {
                "datum": name,
                "type": "nominal",
                "scale": {"domain": [name], "range": [SKY]},
                "legend": {"title": None, "orient": "top", "labelLimit": 300},
            },
        },
    }


def _published_diamonds(y: Spec, x: Spec) -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.published)"}],
        "mark": {
            "type": "point",
            "size": 140,
            "opacity": 1,
            "fill": VERMILION,
            "stroke": "white",
            "strokeWidth": 1,
        },
        "encoding": {
            "y": y,
            "x": {**x, "field": "published"},
            "shape": {
                "datum": "Published",
                "type": "nominal",
                "scale": {"domain": ["Published"], "range": ["diamond"]},
                "legend": {
                    "title": None,
                    "orient": "top",
                    "symbolFillColor": VERMILION,
                    "symbolStrokeWidth": 0,
                },
            },
        },
    }


def _one_decimal(value: float) -> str:
    return f"{value:,.1f}" if is_known(value) else NOT_KNOWN


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
            "mean": known_or_none(f.mean),
            "low": known_or_none(f.lower95),
            "high": known_or_none(f.upper95),
            "mean_text": _one_decimal(f.mean),
        }
        for f in figures
    ]
    cells = tuple(
        (
            clean_text(f.label),
            _one_decimal(f.mean),
            interval_text(f.lower95, f.upper95, _one_decimal),
        )
        for f in figures
    )
    table = PictureTable(
        title, ("Service", "Mean days waited", "95% interval"), cells, (False, True, True)
    )
    y = row_axis([f.label for f in figures])
    x = {
        "type": "quantitative",
        "scale": {"zero": True},
        "axis": {"title": "Days", "tickCount": 6},
    }
    dots = {
        "transform": [{"filter": "isValid(datum.mean)"}],
        "mark": {"type": "point", "filled": True, "size": 120, "color": BLUE, "opacity": 1},
        "encoding": {"y": y, "x": {**x, "field": "mean"}},
    }
    layers = [interval_rule(y, x, BLUE), dots, figures_column("mean_text", "Mean days", y, 84)]
    described = f"{title}: a dot for the simulated mean of each service, with its 95% interval."
    return rows_chart(described, table, rows, layers)


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
        Places by service label, where they count people; None, NaN or missing = no line.
    start : date
        The date of day 0.
    title : str
        Heading.
    """
    by_service: dict[str, list[DailyBand]] = {}
    for band in bands:
        by_service.setdefault(clean_text(band.service), []).append(band)
    limits = {clean_text(k): v for k, v in places.items() if v is not None and is_known(v)}
    table = PictureTable(
        title,
        ("Service", "Places", "Lowest median day", "Mean of medians", "Highest median day"),
        tuple(_occupancy_cells(s, days, limits.get(s)) for s, days in by_service.items()),
        (False, True, True, True, True),
    )
    described = (
        f"{title}: for each of {len(by_service)} services a line for the median over "
        "replications, a band from the 5th to the 95th percentile, and a dashed line for places."
    )
    spec = frame(described, table)
    spec["title"]["subtitle"] = [
        "Line: median of the replications. Band: 5% to 95% of them. Dashed line: places.",
        "Each axis has its own range and need not start at 0.",
    ]
    header = {"labelFontSize": TEXT, "labelFontWeight": "bold", "labelAnchor": "start"}
    return spec | {
        "data": {
            "values": [
                _daily_row(s, b, start, limits) for s, days in by_service.items() for b in days
            ]
        },
        "facet": {
            "field": "service",
            "type": "nominal",
            "sort": list(by_service),
            "title": None,
            "header": {**header, "labelLimit": 215, "labelColor": INK},
        },
        "columns": MULTIPLES_ACROSS,
        "spec": {"width": 178, "height": 92, "layer": _occupancy_layers()},
        "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent"}},
    }


def _daily_row(service: str, band: DailyBand, start: date, limits: Mapping[str, float]) -> Spec:
    return {
        "service": service,
        "date": (start + timedelta(days=band.day)).isoformat(),
        "p05": known_or_none(band.p05),
        "p50": known_or_none(band.p50),
        "p95": known_or_none(band.p95),
        "places": limits.get(service),
    }


def _occupancy_layers() -> list[Spec]:
    x = {
        "field": "date",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%b", "tickCount": 4, "grid": False},
    }
    y = {
        "type": "quantitative",
        "scale": {"zero": False},
        "axis": {"title": None, "tickCount": 3, "minExtent": 42},
    }
    dashed = {"type": "line", "color": VERMILION, "strokeDash": [6, 3], "strokeWidth": 1.8}
    return [
        {
            "mark": {"type": "area", "color": SKY, "opacity": 0.55},
            "encoding": {"x": x, "y": {**y, "field": "p05"}, "y2": {"field": "p95"}},
        },
        {
            "mark": {"type": "line", "color": BLUE, "strokeWidth": 1.6},
            "encoding": {"x": x, "y": {**y, "field": "p50"}},
        },
        {"mark": dashed, "encoding": {"x": x, "y": {**y, "field": "places"}}},
    ]


def _occupancy_cells(
    service: str, days: Sequence[DailyBand], limit: float | None
) -> tuple[str, ...]:
    medians = [b.p50 for b in days if is_known(b.p50)]
    places = "" if limit is None else format_people(limit)
    if not medians:
        return (service, places, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN)
    figures = (min(medians), sum(medians) / len(medians), max(medians))
    return (service, places, *(format_people(v) for v in figures))
