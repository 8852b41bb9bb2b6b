"""Definitions, published figures, comparison and statistical process control.

Figures as published are observations, read from the publishers' own files, kept with their
revisions in a store, and asked for as series. Each indicator is defined in the catalogue.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.indicators.area_figures import AreaFigures
    from wholesystem.indicators.area_search import find_area
    from wholesystem.indicators.area_trusts import TrustShare, trusts_of_area
    from wholesystem.indicators.areas import Area
    from wholesystem.indicators.catalogue import Indicator, read_catalogue
    from wholesystem.indicators.comparators import (
        ComparatorList,
        comparators_of,
        packaged_comparators,
        read_comparators,
    )
    from wholesystem.indicators.compare import compare_areas
    from wholesystem.indicators.comparison import Comparison
    from wholesystem.indicators.intervals import Interval, NoInterval
    from wholesystem.indicators.loaders.loaded import Loaded, LoadError, Skipped
    from wholesystem.indicators.neighbours import (
        Neighbours,
        neighbour_features,
        statistical_neighbours,
    )
    from wholesystem.indicators.observation_files import write_observations
    from wholesystem.indicators.observations import (
        AREA_KINDS,
        OBSERVATIONS,
        OF_WORDS,
        check_observations,
    )
    from wholesystem.indicators.series import AreaSum, Figures, indicator_series
    from wholesystem.indicators.store import Store
    from wholesystem.indicators.store_writing import StoreReport

# Each public name with the module it is in: pyarrow, DuckDB and Ibis load on first use.
_HOMES = {
    "AREA_KINDS": "observations",
    "Area": "areas",
    "AreaFigures": "area_figures",
    "AreaSum": "series",
    "ComparatorList": "comparators",
    "Comparison": "comparison",
    "Figures": "series",
    "Indicator": "catalogue",
    "Interval": "intervals",
    "LoadError": "loaders.loaded",
    "Loaded": "loaders.loaded",
    "Neighbours": "neighbours",
    "NoInterval": "intervals",
    "OBSERVATIONS": "observations",
    "OF_WORDS": "observations",
    "Skipped": "loaders.loaded",
    "Store": "store",
    "StoreReport": "store_writing",
    "TrustShare": "area_trusts",
    "check_observations": "observations",
    "comparators_of": "comparators",
    "compare_areas": "compare",
    "find_area": "area_search",
    "indicator_series": "series",
    "neighbour_features": "neighbours",
    "packaged_comparators": "comparators",
    "read_catalogue": "catalogue",
    "read_comparators": "comparators",
    "statistical_neighbours": "neighbours",
    "trusts_of_area": "area_trusts",
    "write_observations": "observation_files",
}

__all__ = [
    "AREA_KINDS",
    "OBSERVATIONS",
    "OF_WORDS",
    "Area",
    "AreaFigures",
    "AreaSum",
    "ComparatorList",
    "Comparison",
    "Figures",
    "Indicator",
    "Interval",
    "LoadError",
    "Loaded",
    "Neighbours",
    "NoInterval",
    "Skipped",
    "Store",
    "StoreReport",
    "TrustShare",
    "check_observations",
    "comparators_of",
    "compare_areas",
    "find_area",
    "indicator_series",
    "neighbour_features",
    "packaged_comparators",
    "read_catalogue",
    "read_comparators",
    "statistical_neighbours",
    "trusts_of_area",
    "write_observations",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
