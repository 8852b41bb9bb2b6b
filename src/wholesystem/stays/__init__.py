"""The stays table, the spine of everything: one row is one person in one service.

Its columns and rules, reading and writing, and the measures made of it. Stays of real people and
of the flow model are the same table, measured by the same code.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.stays.checks import check_stays
    from wholesystem.stays.disclosure import suppress
    from wholesystem.stays.importer import ImportResult, check_file, import_stays
    from wholesystem.stays.io import read_stays, write_stays
    from wholesystem.stays.lists import reason_codes, small_number_rule
    from wholesystem.stays.measures import (
        delays,
        delays_census,
        delays_daily,
        flows,
        leaving_times,
        length_of_stay,
        occupancy,
        occupancy_census,
        occupancy_daily,
        readmission,
        spells,
        still_at_home,
        time_in_department,
        waits,
    )
    from wholesystem.stays.persons import is_nhs_number
    from wholesystem.stays.report import measure_all
    from wholesystem.stays.schema import SPELLS_SCHEMA, STAYS_SCHEMA, Stays, as_stays, stamp

# Each public name with the module it is in: pyarrow, DuckDB and Ibis load on first use.
_HOMES = {
    "ImportResult": "importer",
    "SPELLS_SCHEMA": "schema",
    "STAYS_SCHEMA": "schema",
    "Stays": "schema",
    "as_stays": "schema",
    "check_file": "importer",
    "check_stays": "checks",
    "delays": "measures",
    "delays_census": "measures",
    "delays_daily": "measures",
    "flows": "measures",
    "import_stays": "importer",
    "is_nhs_number": "persons",
    "leaving_times": "measures",
    "length_of_stay": "measures",
    "measure_all": "report",
    "occupancy": "measures",
    "occupancy_census": "measures",
    "occupancy_daily": "measures",
    "read_stays": "io",
    "readmission": "measures",
    "reason_codes": "lists",
    "small_number_rule": "lists",
    "spells": "measures",
    "stamp": "schema",
    "still_at_home": "measures",
    "suppress": "disclosure",
    "time_in_department": "measures",
    "waits": "measures",
    "write_stays": "io",
}

__all__ = [
    "SPELLS_SCHEMA",
    "STAYS_SCHEMA",
    "ImportResult",
    "Stays",
    "as_stays",
    "check_file",
    "check_stays",
    "delays",
    "delays_census",
    "delays_daily",
    "flows",
    "import_stays",
    "is_nhs_number",
    "leaving_times",
    "length_of_stay",
    "measure_all",
    "occupancy",
    "occupancy_census",
    "occupancy_daily",
    "read_stays",
    "readmission",
    "reason_codes",
    "small_number_rule",
    "spells",
    "stamp",
    "still_at_home",
    "suppress",
    "time_in_department",
    "waits",
    "write_stays",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
