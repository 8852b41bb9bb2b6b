"""Geography: finding an area, what it is, what became of it, and its trusts.

The one door to `areas` (codes, names, changes, combinations), `area_search` (what a person types)
and `area_trusts` (whose figures stand beside the area's).
"""

from wholesystem.indicators.area_search import find_area
from wholesystem.indicators.area_trusts import LEAST_SHARE, TrustShare, trusts_of_area
from wholesystem.indicators.areas import (
    Area,
    AreaChange,
    CombinedArea,
    MemberSet,
    area,
    area_changes,
    areas_on,
    changes_of,
    combined_areas,
    combined_of,
    every_area,
    geography_version,
    predecessors,
    region_of,
    same_area_codes,
    successors,
)

__all__ = [
    "LEAST_SHARE",
    "Area",
    "AreaChange",
    "CombinedArea",
    "MemberSet",
    "TrustShare",
    "area",
    "area_changes",
    "areas_on",
    "changes_of",
    "combined_areas",
    "combined_of",
    "every_area",
    "find_area",
    "geography_version",
    "predecessors",
    "region_of",
    "same_area_codes",
    "successors",
    "trusts_of_area",
]
