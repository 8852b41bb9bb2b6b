"""Faults of uploaded files as rows of a table on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wholesystem.errors import Fault, shorten_value

__all__ = ["FaultRow", "fault_rows"]

_PLACE = re.compile(r"(?P<file>.*?)(?: row (?P<row>\d+))?(?:, column (?P<column>.+))?")


@dataclass(frozen=True)
class FaultRow:
    """A fault, its place taken apart.

    Parameters
    ----------
    file, row, column : str
        Where; row and column are empty where the fault is of more.
    value : str
        What stands there, in quotes; empty where the fault is of no value.
    rule, remedy : str
        The rule that it breaks, and what to do.
    """

    file: str
    row: str
    column: str
    value: str
    rule: str
    remedy: str


def fault_rows(faults: Iterable[Fault]) -> list[FaultRow]:
    """Faults as rows of a table.

    Parameters
    ----------
    faults : iterable of Fault
        In order.

    Returns
    -------
    list of FaultRow
        In the same order.
    """
    return [_row(one) for one in faults]


def _row(fault: Fault) -> FaultRow:
    match = _PLACE.fullmatch(fault.where)
    place = match.groupdict() if match else {"file": fault.where}
    return FaultRow(
        place.get("file") or "",
        place.get("row") or "",
        place.get("column") or "",
        "" if fault.value is None else shorten_value(fault.value),
        fault.rule,
        fault.remedy,
    )
