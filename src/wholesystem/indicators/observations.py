"""The observations table: one row is one published figure of one area and one period.

A figure that was suppressed or not given is a row without a value and with a note that says
which; it is never 0 and never left out. Every row names the file, sheet and cell that it stands
in. The columns are described in ``docs/reference/observations.md``.
"""

from __future__ import annotations

import pyarrow as pa

__all__ = ["AREA_KINDS", "OBSERVATIONS", "OF_WORDS"]

AREA_KINDS = ("area", "combined", "country", "icb", "region", "trust")
OF_WORDS = ("residents", "trust")

OBSERVATIONS = pa.schema(
    [
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("area_code", pa.string(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("area_kind", pa.string(), nullable=False),
        pa.field("geography", pa.string(), nullable=False),
        pa.field("of", pa.string(), nullable=False),
        pa.field("period_start", pa.date32(), nullable=False),
        pa.field("period_end", pa.date32(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("numerator", pa.float64()),
        pa.field("denominator", pa.float64()),
        pa.field("base", pa.string()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("publisher", pa.string(), nullable=False),
        pa.field("file", pa.string(), nullable=False),
        pa.field("sheet", pa.string()),
        pa.field("cell", pa.string()),
        pa.field("published", pa.date32()),
        pa.field("revised", pa.date32()),
        pa.field("note", pa.string()),
    ]
)
