"""What all charts share: frame, axes of named rows, columns of figures, the table inside."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wholesystem.errors import ParameterError
from wholesystem.pictures.palette import INK, QUIET_INK, RULE
from wholesystem.pictures.svg import wrap_text
from wholesystem.pictures.tables import PictureTable
from wholesystem.pictures.wording import clean_text, is_known

Spec = dict[str, Any]

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
CHART_WIDTH = 450
ROW_HEIGHT = 34
TALL_ROW_HEIGHT = 44
SHORT_ROW_HEIGHT = 30
LABEL_ROOM = 372
TEXT = 13
LINE = 16


def chart_table(spec: Mapping[str, Any]) -> PictureTable:
    """The figures behind a chart of `wholesystem.pictures`, as text.

    Parameters
    ----------
    spec : mapping
        A specification made by one of the chart functions.

    Returns
    -------
    PictureTable
        The table that travels in the chart.

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


def rows_chart(
    described: str,
    table: PictureTable,
    rows: Sequence[Spec],
    layers: Sequence[Spec],
    *,
    row_height: float = ROW_HEIGHT,
) -> Spec:
    """A chart with one row for each figure.

    Parameters
    ----------
    described : str
        What a screen reader says of the chart.
    table : PictureTable
        The figures as text; its title is the chart's.
    rows : sequence of dict
        Data, one for each row.
    layers : sequence of dict
        Vega-Lite layers whose y is `row_axis`.
    row_height : float
        Height of each row.

    Returns
    -------
    dict
        The specification.
    """
    return frame(described, table) | {
        "data": {"values": [row | {"row": i} for i, row in enumerate(rows)]},
        "width": CHART_WIDTH,
        "height": max(len(rows), 1) * row_height,
        "layer": list(layers),
    }


def frame(described: str, table: PictureTable) -> Spec:
    """Title, fonts, colours and the table of a chart.

    Parameters
    ----------
    described : str
        What a screen reader says of the chart.
    table : PictureTable
        The figures as text; its title is the chart's.

    Returns
    -------
    dict
        A specification without data and marks.
    """
    axis = {
        "labelFontSize": TEXT,
        "titleFontSize": TEXT,
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
            "text": wrap_text(table.title, 17, 800, bold=True, max_lines=2),
            "anchor": "start",
            "frame": "bounds",
            "fontSize": 17,
            "color": INK,
            "offset": 14,
            "subtitleColor": QUIET_INK,
            "subtitleFontSize": TEXT,
        },
        "description": clean_text(described),
        "background": "white",
        "padding": 10,
        "usermeta": {
            "table": {
                "title": clean_text(table.title),
                "columns": list(table.columns),
                "rows": [list(row) for row in table.rows],
                "numeric": list(table.numeric),
            }
        },
        "config": {
            # The picture is one image with a title and a description; its figures are in a table.
            "aria": False,
            "font": FONT,
            "view": {"stroke": None},
            "axis": axis,
            "legend": {"labelFontSize": TEXT, "labelColor": INK, "symbolSize": 130},
        },
    }


def row_axis(labels: Sequence[str], second_lines: Sequence[str] | None = None) -> Spec:
    """The y encoding of a chart of rows: each row its own place, whatever its label.

    Rows are placed by number and named through a list, so that two figures of the same name keep
    two rows and no character of a label is read as an expression.

    Parameters
    ----------
    labels : sequence of str
        Names in the order of the rows; shortened to one line, the table has them whole.
    second_lines : sequence of str or None
        A second line for each name, such as the unit.

    Returns
    -------
    dict
        The encoding.
    """
    lines = [_one_line(label) for label in labels]
    if second_lines is not None:
        lines = [
            first + _one_line(second) for first, second in zip(lines, second_lines, strict=True)
        ]
    return {
        "field": "row",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(range(len(labels)))},
        "axis": {
            "labelExpr": f"{json.dumps(lines)}[datum.value]",
            "labelLimit": LABEL_ROOM,
            "labelLineHeight": LINE,
            # Vega sets the first line on the row's middle; two lines are moved up by half a line.
            "labelOffset": 0 if second_lines is None else -LINE / 2,
            "ticks": False,
            "domain": False,
            "labelPadding": 8,
            "grid": False,
        },
        "title": None,
    }


def _one_line(text: str) -> list[str]:
    return wrap_text(text, TEXT, LABEL_ROOM - 10, max_lines=1)


def figures_column(field: str, heading: str, y: Spec, offset: float) -> Spec:
    """A column of figures to the right of the plot, under its heading.

    Parameters
    ----------
    field : str
        Field of the data that holds the text.
    heading : str
        Words over the column.
    y : dict
        The chart's `row_axis`.
    offset : float
        Right edge of the column, in units right of the plot.

    Returns
    -------
    dict
        A layer.
    """
    x = {"value": CHART_WIDTH + offset}
    mark = {"type": "text", "align": "right", "fontSize": TEXT, "color": INK}
    return {
        "layer": [
            {"mark": mark, "encoding": {"y": y, "x": x, "text": {"field": field}}},
            {
                "data": {"values": [{}]},
                "mark": {**mark, "fontWeight": "bold", "text": heading},
                "encoding": {"x": x, "y": {"value": -10}},
            },
        ]
    }


def interval_rule(y: Spec, x: Spec, colour: str) -> Spec:
    """The 95% interval of each row as a line from ``low`` to ``high``.

    Parameters
    ----------
    y, x : dict
        Encodings; a field is added to `x`.
    colour : str
        Colour of the line.

    Returns
    -------
    dict
        A layer.
    """
    return {
        "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
        "mark": {"type": "rule", "color": colour, "strokeWidth": 2.5},
        "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }


def interval_text(low: float, high: float, form: Callable[[float], str]) -> str:
    """An interval in words; empty where an end is not known.

    Parameters
    ----------
    low, high : float
        Ends.
    form : callable
        Writes a number.

    Returns
    -------
    str
        For instance ``"1.2 to 3.4"``.
    """
    if not is_known(low) or not is_known(high):
        return ""
    return f"{form(low)} to {form(high)}"


def signed(text: str) -> str:
    """A written number with a minus sign, not a hyphen, and none before nought.

    Parameters
    ----------
    text : str
        For instance ``"-0.17"`` or ``"-0.0"``.

    Returns
    -------
    str
        For instance ``"\u22120.17"`` or ``"0.0"``.
    """
    if not text.startswith("-"):
        return text
    return "\u2212" * any(digit in text for digit in "123456789") + text[1:]


def known_or_none(value: float) -> float | None:
    """The value for the chart's data, where NaN and infinities have no place.

    Parameters
    ----------
    value : float
        Any number.

    Returns
    -------
    float or None
        The value, or None where it is not known.
    """
    return value if is_known(value) else None
