"""Which area a row of a DTOC workbook is of."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from wholesystem.errors import Fault
from wholesystem.indicators.geography import Area, every_area, geography_version
from wholesystem.indicators.loaders.cells import fold
from wholesystem.indicators.loaders.organisations import ENGLAND

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.dtoc_tables import AreaRow
    from wholesystem.indicators.loaders.sheets import Sheet

__all__ = ["area_of_row", "elsewhere", "is_england", "version_of"]

# Codes of people who are resident in no English council.
_ELSEWHERE = {
    "9900": "resident in Wales",
    "9901": "resident in Scotland",
    "9902": "resident outside Great Britain",
}
_NO_CODE = ("", "-")


@cache
def _by_dtoc_code() -> dict[str, tuple[Area, ...]]:
    found: dict[str, tuple[Area, ...]] = {}
    for area in every_area().values():
        if area.dtoc_code:
            found[area.dtoc_code] = (*found.get(area.dtoc_code, ()), area)
    return found


def is_england(row: AreaRow) -> bool:
    """Whether a row is the sum of England.

    Parameters
    ----------
    row : AreaRow
        Of a table of areas.

    Returns
    -------
    bool
        True for the row named England without a code.
    """
    return row.code in _NO_CODE and fold(row.name) == "england"


def elsewhere(row: AreaRow) -> str:
    """Where people of a row live who are resident in no English council.

    Parameters
    ----------
    row : AreaRow
        Of a table of areas.

    Returns
    -------
    str
        Such as ``resident in Wales``; "" for a council.
    """
    return _ELSEWHERE.get(row.code, "")


def area_of_row(row: AreaRow, sheet: Sheet, month: date, faults: list[Fault]) -> Area | None:
    """The area of a row, by the code of the Office for National Statistics or the older one.

    Parameters
    ----------
    row : AreaRow
        Of a table of areas.
    sheet : Sheet
        It stands in.
    month : date
        That the figures are of: a code may have passed to a new council.
    faults : list of Fault
        Added to where the code is missing, not known, or the two codes are of different areas.

    Returns
    -------
    Area or None
        None where a fault was added.
    """
    if is_england(row):
        return every_area()[ENGLAND]
    if row.ons not in _NO_CODE:
        return _by_ons_code(row, sheet, faults)
    found = _by_dtoc_code().get(row.code, ())
    then = [area for area in found if area.is_valid(month)] or list(found)
    if len(then) == 1:
        return then[0]
    what = f"{sheet.where(row.row)} ({row.name or 'no name'}), code"
    rule = "The code is that of no council." if row.code not in _NO_CODE else "A code is needed."
    faults.append(Fault(what, row.code, rule, "Fetch the workbook again, or mend the code."))
    return None


def _by_ons_code(row: AreaRow, sheet: Sheet, faults: list[Fault]) -> Area | None:
    area = every_area().get(row.ons)
    what = f"{sheet.where(row.row)} ({row.name or 'no name'}), ONS Geography"
    remedy = "Fetch the workbook again, or mend the code."
    if area is None:
        faults.append(Fault(what, row.ons, "The code is that of no council.", remedy))
    elif row.code and area.dtoc_code and row.code != area.dtoc_code:
        rule = f"It is {area.name}, whose code is {area.dtoc_code}; the row has {row.code}."
        faults.append(Fault(what, row.ons, rule, remedy))
        return None
    return area


def version_of(area: Area, month: date) -> str:
    """Version of the boundaries that the figures of an area are of.

    Parameters
    ----------
    area : Area
        Of the row.
    month : date
        That the figures are of. A month after the area's end (the workbook of April 2019 still
        has the councils of March) is of its last day.

    Returns
    -------
    str
        Such as ``utla-2019-04``.
    """
    return geography_version(min(month, area.valid_to or month))
