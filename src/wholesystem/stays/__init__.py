"""The stays table, the spine of everything: one row is one person in one service.

Its columns and rules, reading and writing, and the measures made of it. Stays of real people and
of the flow model are the same table, measured by the same code.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.stays.checks import check_stays
    from wholesystem.stays.io import read_stays, write_stays
    from wholesystem.stays.schema import SPELLS_SCHEMA, STAYS_SCHEMA, Stays, as_stays, stamp

# Each public name with the module it is in: pyarrow, DuckDB and Ibis load on first use.
_HOMES = {
    "SPELLS_SCHEMA": "schema",
    "STAYS_SCHEMA": "schema",
    "Stays": "schema",
    "as_stays": "schema",
    "check_stays": "checks",
    "read_stays": "io",
    "stamp": "schema",
    "write_stays": "io",
}

__all__ = [
    "SPELLS_SCHEMA",
    "STAYS_SCHEMA",
    "Stays",
    "as_stays",
    "check_stays",
    "read_stays",
    "stamp",
    "write_stays",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
