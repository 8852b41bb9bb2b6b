"""Between the rows of a case and the tables of stays that measures and pictures take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from wholesystem.reviews.cases.records import CaseDelay, CaseStay
from wholesystem.stays.schema import SPELLS_SCHEMA, STAYS_SCHEMA

__all__ = ["DELAY_COLUMNS", "delay_rows", "delays_table", "stay_rows", "stays_table"]

#: Columns of a case's rows by those of the companion table of delay spells.
DELAY_COLUMNS = {"from": "began_at", "to": "ceased_at"}


def stays_table(rows: Sequence[CaseStay]) -> pa.Table:
    """Stays of cases as the table that measures and pictures take.

    Parameters
    ----------
    rows : sequence of CaseStay
        Of one case or several; the person is the case's id.

    Returns
    -------
    pyarrow.Table
        Columns of `wholesystem.stays.STAYS_SCHEMA`, in the order of the rows.
    """
    return _table(rows, STAYS_SCHEMA, {})


def delays_table(rows: Sequence[CaseDelay]) -> pa.Table:
    """Parts of delays as the companion table of a stays table.

    Parameters
    ----------
    rows : sequence of CaseDelay
        Likewise.

    Returns
    -------
    pyarrow.Table
        Columns of `wholesystem.stays.SPELLS_SCHEMA`.
    """
    return _table(rows, SPELLS_SCHEMA, DELAY_COLUMNS)


def _table(rows: Sequence[Any], schema: pa.Schema, names: Mapping[str, str]) -> pa.Table:
    columns = {}
    for field in schema:
        own = "case" if field.name == "person" else names.get(field.name, field.name)
        values = [getattr(row, own) or None for row in rows]
        if pa.types.is_timestamp(field.type):
            values = [None if one is None else datetime.fromisoformat(one) for one in values]
        columns[field.name] = pa.array(values, field.type)
    return pa.table(columns, schema=schema)


def stay_rows(case: str, journey: pa.Table) -> list[CaseStay]:
    """Rows of a journey.

    Parameters
    ----------
    case : str
        Id of the case.
    journey : pyarrow.Table
        Columns of `wholesystem.stays.STAYS_SCHEMA`, one person's.

    Returns
    -------
    list of CaseStay
        In order of stay.

    Raises
    ------
    ValidationError
        If a cell cannot be kept, such as a service with control characters.
    """
    return [CaseStay.model_validate(one) for one in _cells(case, journey, {})]


def delay_rows(case: str, spells: pa.Table) -> list[CaseDelay]:
    """Rows of the parts of a journey's delays.

    Parameters
    ----------
    case : str
        Id of the case.
    spells : pyarrow.Table
        Columns of `wholesystem.stays.SPELLS_SCHEMA`, one person's.

    Returns
    -------
    list of CaseDelay
        In order of stay.
    """
    return [CaseDelay.model_validate(one) for one in _cells(case, spells, DELAY_COLUMNS)]


def _cells(case: str, table: pa.Table, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for line in table.sort_by("stay").to_pylist():
        del line["person"]
        yield {"case": case, **{names.get(name, name): value for name, value in line.items()}}
