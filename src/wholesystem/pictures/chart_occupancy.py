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

    Returns
    -------
    dict
        The Vega-Lite specification.
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
