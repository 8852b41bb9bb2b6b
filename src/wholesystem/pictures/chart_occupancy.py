"""The chart of people in each service over the year, as small multiples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from wholesystem.pictures.chart_parts import TEXT, Spec, frame, known_or_none
from wholesystem.pictures.chart_rows import DailyBand
from wholesystem.pictures.palette import BLUE, INK, SKY, VERMILION
from wholesystem.pictures.tables import PictureTable
from wholesystem.pictures.wording import NOT_KNOWN, clean_text, format_people, is_known

MULTIPLES_ACROSS = 4
PANEL_WIDTH, PANEL_HEIGHT = 230, 110


def occupancy_over_year(
    bands: Sequence[DailyBand],
    *,
    places: Mapping[str, float | None],
    start: date,
    step: str = "day",
    title: str | None = None,
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
    step : str
        What each of `bands` is the mean of: ``day`` or ``week``.
    title : str or None
        Heading; from `step` if None.

    Returns
    -------
    dict
        The Vega-Lite specification.
    """
    title = title or f"People in each service, {step} by {step}"
    by_service: dict[str, list[DailyBand]] = {}
    for band in bands:
        by_service.setdefault(clean_text(band.service), []).append(band)
    limits = {clean_text(k): v for k, v in places.items() if v is not None and is_known(v)}
    table = PictureTable(
        title,
        ("Service", "Places", f"Lowest {step}", "Mean", f"Highest {step}"),
        tuple(_occupancy_cells(s, days, limits.get(s)) for s, days in by_service.items()),
        (False, True, True, True, True),
    )
    described = (
        f"{title}: for each of {len(by_service)} services a line for the median over "
        "replications, a band from the 5th to the 95th percentile, and a dashed line for places."
    )
    spec = frame(described, table)
    spec["title"]["subtitle"] = [
        f"Line: mean of each {step}, median of the replications. Band: 5% to 95% of them."
        " Dashed line: places.",
        "Each axis has its own range and need not start at 0.",
    ]
    return spec | {
        "data": {
            "values": [
                _daily_row(s, b, start, limits) | (_room(days, limits.get(s)) if not i else {})
                for s, days in by_service.items()
                for i, b in enumerate(days)
            ]
        },
        "facet": {
            "field": "service",
            "type": "nominal",
            "sort": list(by_service),
            "title": None,
            "header": {"labelExpr": "''"},
        },
        "columns": MULTIPLES_ACROSS,
        # Flush: panels stand in line whatever the widths of their axes' labels.
        "bounds": "flush",
        "spacing": {"row": 64, "column": 60},
        "spec": {
            "width": PANEL_WIDTH,
            "height": PANEL_HEIGHT,
            "layer": _occupancy_layers(_dates_form(bands)),
        },
        "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent"}},
    }


def _dates_form(bands: Sequence[DailyBand]) -> str:
    """Months over a long time, days of the month over a short one."""
    return "%b" if max((b.day for b in bands), default=0) > 120 else "%-d %b"


def _daily_row(service: str, band: DailyBand, start: date, limits: Mapping[str, float]) -> Spec:
    return {
        "service": service,
        "date": (start + timedelta(days=band.day)).isoformat(),
        "p05": known_or_none(band.p05),
        "p50": known_or_none(band.p50),
        "p95": known_or_none(band.p95),
        "places": limits.get(service),
    }


def _room(days: Sequence[DailyBand], limit: float | None) -> Spec:
    """Ends that a panel's axis must hold: 10% to either side, or a change of one would look great.

    They stand in the first row of a service, since once is enough.
    """
    levels = [v for b in days for v in (b.p05, b.p50, b.p95) if is_known(v)]
    levels += [] if limit is None else [limit]
    if not levels:
        return {"named": clean_text(days[0].service)}
    middle = sum(levels) / len(levels)
    return {
        "named": clean_text(days[0].service),
        "least": min(*levels, 0.9 * middle),
        "most": max(*levels, 1.1 * middle),
    }


def _occupancy_layers(dates_form: str) -> list[Spec]:
    x = {
        "field": "date",
        "type": "temporal",
        "title": None,
        "axis": {"format": dates_form, "tickCount": 4, "grid": False},
    }
    y = {
        "type": "quantitative",
        "scale": {"zero": False},
        "axis": {"title": None, "tickCount": 3, "minExtent": 42},
    }
    once = {"transform": [{"filter": "isValid(datum.named)"}]}
    unseen = {**once, "mark": {"type": "point", "opacity": 0, "aria": False}}
    name = {
        "type": "text",
        "align": "left",
        "fontSize": TEXT,
        "fontWeight": "bold",
        "color": INK,
        "limit": PANEL_WIDTH + 40,
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
        {**unseen, "encoding": {"x": x, "y": {**y, "field": "least"}}},
        {**unseen, "encoding": {"x": x, "y": {**y, "field": "most"}}},
        {
            **once,
            "mark": name,
            "encoding": {"x": {"value": 0}, "y": {"value": -12}, "text": {"field": "named"}},
        },
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
