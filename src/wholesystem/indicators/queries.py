"""What profiles ask of a store: queries in DuckDB's SQL, made ahead from Ibis expressions.

To load Ibis and compile them takes half a second, a tenth of a profile's time. They are written in
`series_queries`, and ``tools/compile_queries.py`` compiles them into ``queries.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

__all__ = ["ASKED", "BOOK_COLUMNS", "PART_COLUMNS", "QUERIES_FILE", "query"]

QUERIES_FILE = Path(__file__).with_name("queries.json")

ASKED: Mapping[str, Mapping[str, str]] = {
    # The stored indicators asked for.
    "asked_parts": {"indicator": "string", "monthly": "string", "known_on": "date"},
    # Codes of one and the same area; the last one stands for all.
    "asked_codes": {"code": "string", "last_code": "string", "place": "int64"},
    # The areas asked for, under every code.
    "asked_areas": {"area_code": "string"},
}
"""Small tables beside the observations that say what is asked for: column to type."""

PART_COLUMNS = [
    *("indicator", "area_code", "period_start", "period_end", "area", "area_kind", "of"),
    *("value", "numerator", "denominator", "base", "unit", "file", "sheet", "cell"),
    *("published", "revised", "note"),
]
BOOK_COLUMNS = [
    *("area", "area_kind", "of", "base", "unit", "file", "sheet", "published", "revised", "note"),
]


def query(name: str) -> str:
    """Return a query that was compiled ahead.

    Parameters
    ----------
    name : str
        Of `series_queries.EXPRESSIONS`, which says what each asks for.

    Returns
    -------
    str
        SQL over ``observations`` and the tables of `ASKED`.
    """
    return _queries()[name]


@cache
def _queries() -> dict[str, str]:
    written = json.loads(QUERIES_FILE.read_text(encoding="utf-8"))
    return {name: "\n".join(lines) for name, lines in written.items()}
