"""Pictures: the system map (our own SVG) and charts (Vega-Lite rendered to SVG).

Nothing here knows about models, stays or reviews: callers hand over plain data, and every picture
comes with the table of the same figures (`map_tables`, `chart_table`).
"""

from importlib import import_module
from typing import Any

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
    "chart_table": "chart_parts",
    "delays_by_body": "charts",
    "delays_by_reason": "charts",
    "draw_system_map": "system_map",
    "map_tables": "map_data",
    "occupancy_over_year": "charts",
    "published_against_simulated": "charts",
    "render_svg": "render",
    "waits": "charts",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that charts cost nothing until drawn."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
