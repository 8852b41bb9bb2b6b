"""Files in our own columns: what `wholesystem` writes, and packaged extracts of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import lacks_columns
from wholesystem.indicators.loaders.tidy import load_mapped
from wholesystem.indicators.loaders.tidy_mapping import same_names
from wholesystem.indicators.observations import OBSERVATIONS, Catalogue

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["FORMATS"]

_NEEDED = ("indicator", "area_code", "period_start", "period_end", "value", "publisher", "file")


def _recognise(workbook: Workbook) -> str:
    return lacks_columns(workbook, _NEEDED)


def _load(workbook: Workbook, catalogue: Catalogue | None = None) -> Loaded:
    """Read a file in our own columns: its rows name file, sheet and cell of each observation."""
    sheet = workbook.first()
    header = next(one for one in sheet.top_headers() if set(_NEEDED) <= set(one))
    names = [name for name in OBSERVATIONS.names if name in header]
    return load_mapped(workbook, "observations", same_names(names), catalogue)


FORMATS = (
    Format(
        "observations",
        "Observations in our own columns",
        "any",
        "a header with indicator, area_code, period_start, period_end, value, publisher and file",
        _recognise,
        _load,
        uses_catalogue=True,
    ),
)
