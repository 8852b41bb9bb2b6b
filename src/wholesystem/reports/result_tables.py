"""Tables of results in the document model: the columns wanted, figures as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from wholesystem.errors import ParameterError
from wholesystem.reports.documents import Cell, Column, Table, number_cell
from wholesystem.reports.documents.checks import MOST_COLUMNS
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value
from wholesystem.tables.cells import closest

__all__ = ["NOT_KNOWN", "document_table"]

#: What stands in a cell of which nobody has the value.
NOT_KNOWN = "not known"


def document_table(
    result: ResultTable,
    columns: Sequence[str] = (),
    *,
    keep: Callable[[Mapping[str, Value]], bool] | None = None,
    caption: str = "",
    anchor: str = "",
) -> Table:
    """A table of results as a table of a document.

    Parameters
    ----------
    result : ResultTable
        With every column that a file has.
    columns : sequence of str
        Those wanted, in order; all if empty. A page holds 16.
    keep : callable, optional
        Whether a row, by name of column, is wanted; every row if None.
    caption : str
        The table's title if empty.
    anchor : str
        What references name.

    Returns
    -------
    Table
        Units stand in the headings, notes under the table. A figure is rounded to the places of
        its column; one that nobody has says so; a cell that does not apply stays blank.

    Raises
    ------
    ParameterError
        If there is no such column, or there are more than a page holds.
    """
    known = {one.name: one for one in result.columns}
    for name in columns:
        if name not in known:
            near = closest(name, known)
            did = f"Did you mean {near}?" if near else f"They are {', '.join(known)}."
            raise ParameterError(f"The table {result.name} has no column {name!r}. {did}")
    chosen = [known[name] for name in columns] or list(result.columns)
    if len(chosen) > MOST_COLUMNS:
        raise ParameterError(
            f"The table {result.name} has {len(chosen)} columns, and a page holds {MOST_COLUMNS}."
            " Name those that are wanted."
        )
    records = [row for row in result.records() if keep is None or keep(row)]
    numeric = {one.name for one in chosen if _is_numeric(one.name, records)}
    return Table(
        caption or result.title,
        tuple(Column(_heading(one), "right" if one.name in numeric else "left") for one in chosen),
        tuple(tuple(_cell(one, row[one.name]) for one in chosen) for row in records),
        source=" ".join(result.notes),
        anchor=anchor,
    )


def _heading(column: ResultColumn) -> str:
    return f"{column.heading} ({column.unit})" if column.unit else column.heading


def _is_numeric(name: str, records: Sequence[Mapping[str, Value]]) -> bool:
    values = [row[name] for row in records if row[name] not in (None, "")]
    return bool(values) and all(isinstance(value, int | float) for value in values)


def _cell(column: ResultColumn, value: Value) -> Cell | str:
    if value is None:
        return NOT_KNOWN
    if isinstance(value, int | float):
        places = 0 if isinstance(value, int) or value.is_integer() else 2
        return number_cell(float(value), places if column.decimals is None else column.decimals)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return value
