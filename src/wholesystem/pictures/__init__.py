"""Pictures: the system map (our own SVG) and charts (Vega-Lite rendered to SVG).

Nothing here knows about models or stays: callers hand over plain data, and every picture comes with
the table of the same figures (`map_tables`, `chart_table`, `case_timeline_table`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.pictures.case_timeline import case_timeline_table, draw_case_timeline
    from wholesystem.pictures.chart_occupancy import occupancy_over_year
    from wholesystem.pictures.chart_parts import chart_table
    from wholesystem.pictures.chart_rows import (
        BodyDelay,
        ComparedFigure,
        DailyBand,
        ReasonDelay,
        WaitFigure,
    )
    from wholesystem.pictures.charts import (
        delays_by_body,
        delays_by_reason,
        published_against_simulated,
        waits,
    )
    from wholesystem.pictures.map_data import MapFlow, MapService, SystemMap
    from wholesystem.pictures.map_words import map_tables
    from wholesystem.pictures.render import render_svg
    from wholesystem.pictures.system_map import draw_system_map
    from wholesystem.pictures.tables import PictureTable

# Each public name with the module it is in: nothing is loaded until it is drawn.
_HOMES = {
    "BodyDelay": "chart_rows",
    "ComparedFigure": "chart_rows",
    "DailyBand": "chart_rows",
    "MapFlow": "map_data",
    "MapService": "map_data",
    "PictureTable": "tables",
    "ReasonDelay": "chart_rows",
    "SystemMap": "map_data",
    "WaitFigure": "chart_rows",
    "case_timeline_table": "case_timeline",
    "chart_table": "chart_parts",
    "delays_by_body": "charts",
    "delays_by_reason": "charts",
    "draw_case_timeline": "case_timeline",
    "draw_system_map": "system_map",
    "map_tables": "map_words",
    "occupancy_over_year": "chart_occupancy",
    "published_against_simulated": "charts",
    "render_svg": "render",
    "waits": "charts",
}

__all__ = [
    "BodyDelay",
    "ComparedFigure",
    "DailyBand",
    "MapFlow",
    "MapService",
    "PictureTable",
    "ReasonDelay",
    "SystemMap",
    "WaitFigure",
    "case_timeline_table",
    "chart_table",
    "delays_by_body",
    "delays_by_reason",
    "draw_case_timeline",
    "draw_system_map",
    "map_tables",
    "occupancy_over_year",
    "published_against_simulated",
    "render_svg",
    "waits",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
