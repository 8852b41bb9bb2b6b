"""Charts as Vega-Lite specifications: plain dictionaries, rendered by `render_svg`.

Each function takes typed rows and returns a specification with its data inside. The table of the
same figures travels in it and is read by `chart_table`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from wholesystem.pictures.chart_parts import (
    SHORT_ROW_HEIGHT,
    TALL_ROW_HEIGHT,
    Spec,
    figures_column,
    interval_rule,
    interval_text,
    known_or_none,
    row_axis,
    rows_chart,
    signed,
)
from wholesystem.pictures.chart_rows import (
    BodyDelay,
    ComparedFigure,
    ReasonDelay,
    WaitFigure,
)
from wholesystem.pictures.palette import BLUE, INK, SKY, VERMILION
from wholesystem.pictures.tables import PictureTable
from wholesystem.pictures.wording import NOT_KNOWN, clean_text, is_known

CLOSE_PERCENT = 5.0


def published_against_simulated(
    figures: Sequence[ComparedFigure], *, title: str = "Published and simulated figures"
) -> Spec:
    """How far each simulated figure lies from the published one, in per cent of the published.

    One axis serves figures of any unit: the published value is the line at 0, the shaded band is
    5% to either side, a figure is a mark with its 95% interval. Fitted figures are hollow squares,
    predicted ones full circles; both words stand in the key and the table. Figures of several
    units have the unit under each name; where all have the same, `title` should say which.

    Parameters
    ----------
    figures : sequence of ComparedFigure
        In the order to show. A figure without a published or simulated value keeps its row and
        its place in the table, without a mark.
    title : str
        Heading.

    Returns
    -------
    dict
        The Vega-Lite specification.
    """
    rows = [_compared_row(f) for f in figures]
    one_unit = len({f.unit for f in figures}) == 1
    y = row_axis([f.label for f in figures], None if one_unit else [f.unit for f in figures])
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
        _basis_marks(y, x, {f.basis for f in figures}),
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
    height = SHORT_ROW_HEIGHT if one_unit else TALL_ROW_HEIGHT
    return rows_chart(described, table, rows, layers, row_height=height)


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
            "tickCount": 5,
        },
    }


def _basis_marks(y: Spec, x: Spec, there: set[str]) -> Spec:
    looks = {"fitted": ("square", "white"), "predicted": ("circle", BLUE)}
    words = [word for word in looks if word in there]
    shapes, fills = ([looks[word][i] for word in words] for i in range(2))
    field = {"field": "basis", "type": "nominal"}
    return {
        "transform": [{"filter": "isValid(datum.percent)"}],
        "mark": {"type": "point", "size": 140, "strokeWidth": 2.5, "stroke": BLUE, "opacity": 1},
        "encoding": {
            "y": y,
            "x": {**x, "field": "percent"},
            "shape": {
                **field,
                "scale": {"domain": words, "range": shapes},
                "legend": {"title": None, "orient": "top"},
            },
            "fill": {
                **field,
                "scale": {"domain": words, "range": fills},
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
        "published_text": _published(figure.published, _as_published),
        "simulated_text": _figure_text(figure.mean),
    }


def _compared_cells(figure: ComparedFigure) -> tuple[str, ...]:
    difference = _percent_off(figure.mean, figure.published)
    shown = "" if difference is None else _percent_text(difference)
    return (
        clean_text(figure.label),
        clean_text(figure.unit),
        _published(figure.published, _as_published),
        _figure_text(figure.mean),
        interval_text(figure.lower95, figure.upper95, _figure_text),
        shown,
        figure.basis,
    )


def _percent_text(difference: float) -> str:
    text = f"{difference:+.1f}%"
    return "0.0%" if text in ("+0.0%", "-0.0%") else signed(text)


def _as_published(value: float) -> str:
    """A published figure with the digits it has, no more."""
    return signed(f"{value:,.10g}")


def _figure_text(value: float) -> str:
    """A figure of any size and unit, with at least three significant digits."""
    if not is_known(value):
        return NOT_KNOWN
    if abs(value) >= 1000:
        return signed(f"{value:,.0f}")
    return signed(f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}")


def delays_by_reason(
    delays: Sequence[ReasonDelay],
    *,
    title: str = "People delayed on an average day, by reason",
) -> Spec:
    """People delayed for each reason: bars simulated with 95% interval, diamonds published.

    Where no figure was published there is no column for it.

    Parameters
    ----------
    delays : sequence of ReasonDelay
        In the order to show.
    title : str
        Heading.

    Returns
    -------
    dict
        The Vega-Lite specification.
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

    Returns
    -------
    dict
        The Vega-Lite specification.
    """
    return _delays_chart(delays, title, "Responsible")


def _delays_chart(delays: Sequence[ReasonDelay], title: str, first_column: str) -> Spec:
    published = any(is_known(d.published) for d in delays)
    rows = [
        {
            "mean": known_or_none(d.mean),
            "low": known_or_none(d.lower95),
            "high": known_or_none(d.upper95),
            "published": known_or_none(d.published),
            "mean_text": _one_decimal(d.mean),
            "published_text": _published(d.published, _one_decimal),
        }
        for d in delays
    ]
    y = row_axis([d.label for d in delays])
    x = {"type": "quantitative", "axis": {"title": "People", "tickCount": 6}}
    layers = [_simulated_bars(y, x), interval_rule(y, x, INK)]
    described = f"{title}: {len(rows)} bars for the simulated mean, each with its 95% interval"
    if published:
        layers += [
            _published_diamonds(y, x),
            figures_column("published_text", "Published", y, 84),
            figures_column("mean_text", "Simulated", y, 168),
        ]
        described += ", and a diamond for the published figure"
    else:
        layers.append(figures_column("mean_text", "Simulated", y, 84))
    table = _delays_table(delays, title, first_column, published)
    return rows_chart(f"{described}.", table, rows, layers)


def _delays_table(
    delays: Sequence[ReasonDelay], title: str, first_column: str, published: bool
) -> PictureTable:
    """The figures of the chart; without a column of published ones where there are none."""
    kept = 4 if published else 3
    cells = tuple(
        (
            clean_text(d.label),
            _one_decimal(d.mean),
            interval_text(d.lower95, d.upper95, _one_decimal),
            _published(d.published, _one_decimal),
        )[:kept]
        for d in delays
    )
    columns = (first_column, "Simulated", "95% interval", "Published")
    return PictureTable(title, columns[:kept], cells, (False, True, True, True)[:kept])


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
            "size": 110,
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


def _published(value: float, form: Callable[[float], str]) -> str:
    return form(value) if is_known(value) else "not published"


def _one_decimal(value: float) -> str:
    return signed(f"{value:,.1f}") if is_known(value) else NOT_KNOWN


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

    Returns
    -------
    dict
        The Vega-Lite specification.
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
