"""Typed rows: every cell checked by pydantic, every fault told in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from wholesystem.errors import Fault
from wholesystem.tables import cells
from wholesystem.tables.cells import CellError, closest, number_text
from wholesystem.tables.raw import Table

__all__ = [
    "BlankDate",
    "BlankText",
    "Date",
    "DateTime",
    "Id",
    "OptionalId",
    "Row",
    "Text",
    "check_columns",
    "choice",
    "number",
    "reader",
    "whole",
]

T = TypeVar("T")


def reader(parse: Callable[[str], Any], *, blank: Any = ...) -> BeforeValidator:
    """Validator that reads a cell's text and tells a fault in our words.

    Parameters
    ----------
    parse : callable
        Takes the text; raises CellError.
    blank : object, optional
        What a blank cell means; a fault if not given.

    Returns
    -------
    BeforeValidator
        For an annotated type. Values that are no text pass unread.
    """

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if not value and blank is not ...:
            return blank
        try:
            if not value:
                raise CellError("A value is needed here.", _blank_remedy(parse))
            return parse(value)
        except CellError as error:
            # Braces would be read as placeholders of the message.
            raise PydanticCustomError(
                "cell", "{rule}", {"rule": error.rule, "remedy": error.remedy}
            ) from None

    return BeforeValidator(read)


def _blank_remedy(parse: Callable[[str], Any]) -> str:
    return getattr(parse, "blank_remedy", "Fill the cell.")


def number(
    low: float = 0, high: float = 1e12, *, blank: Any = ..., above: bool = False
) -> BeforeValidator:
    """Validator of a number within bounds.

    Parameters
    ----------
    low, high : float
        Bounds, allowed themselves.
    blank : object, optional
        What a blank cell means; a fault if not given.
    above : bool
        Whether `low` itself is refused.

    Returns
    -------
    BeforeValidator
        For an annotated float.
    """

    def parse(text: str) -> float:
        value = cells.parse_number(text)
        _check_bounds(value, low, high, above=above)
        return value

    parse.blank_remedy = "Write a number."  # type: ignore[attr-defined]
    return reader(parse, blank=blank)


def whole(low: int, high: int, *, blank: Any = ...) -> BeforeValidator:
    """Validator of a whole number within bounds.

    Parameters
    ----------
    low, high : int
        Bounds, allowed themselves.
    blank : object, optional
        What a blank cell means; a fault if not given.

    Returns
    -------
    BeforeValidator
        For an annotated int.
    """

    def parse(text: str) -> int:
        value = cells.parse_whole(text)
        _check_bounds(value, low, high, above=False)
        return value

    parse.blank_remedy = "Write a whole number."  # type: ignore[attr-defined]
    return reader(parse, blank=blank)


def _check_bounds(value: float, low: float, high: float, *, above: bool) -> None:
    if value < low or value > high or (above and value == low):
        lowest = f"more than {_bound_text(low)}" if above else f"at least {_bound_text(low)}"
        raise CellError(
            f"It must be {lowest} and at most {_bound_text(high)}.", "Correct the number."
        )


def _bound_text(bound: float) -> str:
    return str(bound) if isinstance(bound, int) else number_text(bound)


def choice(*allowed: str, blank: str | None = None) -> BeforeValidator:
    """Validator of one of a few words.

    Parameters
    ----------
    *allowed : str
        The words.
    blank : str, optional
        What a blank cell means; a fault if not given.

    Returns
    -------
    BeforeValidator
        For an annotated str.
    """

    def parse(text: str) -> str:
        if text in allowed:
            return text
        near = closest(text, allowed)
        words = ", ".join(allowed)
        raise CellError(
            f"It must be one of {words}.",
            f"Did you mean {near}?" if near else f"Write {allowed[0]}.",
        )

    parse.blank_remedy = f"Write one of {', '.join(allowed)}."  # type: ignore[attr-defined]
    return reader(parse, blank=... if blank is None else blank)


Id = Annotated[str, reader(cells.parse_id)]
OptionalId = Annotated[str, reader(cells.parse_id, blank="")]
Text = Annotated[str, reader(cells.parse_text)]
BlankText = Annotated[str, reader(cells.parse_text, blank="")]
Date = Annotated[date, reader(cells.parse_date)]
BlankDate = Annotated[date | None, reader(cells.parse_date, blank=None)]
DateTime = Annotated[datetime, reader(cells.parse_date_time)]


class Row(BaseModel):
    """One row of a table, checked when it is made and never changed after."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True
    )

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Columns of the table, in order.

        Returns
        -------
        tuple of str
            As the file's header names them.
        """
        return tuple(
            info.alias or name for name, info in cls.model_fields.items() if not info.exclude
        )

    @classmethod
    def needed_columns(cls) -> tuple[str, ...]:
        """Columns that the header must have.

        Returns
        -------
        tuple of str
            Those without a default.
        """
        return tuple(
            info.alias or name for name, info in cls.model_fields.items() if info.is_required()
        )

    def cells(self) -> dict[str, str]:
        """The row as text, to be written.

        Returns
        -------
        dict of str to str
            By column; None becomes blank, and a field that has a companion ``_text`` (what the
            person wrote) becomes that.
        """
        found = {}
        for name, info in type(self).model_fields.items():
            if not info.exclude:
                written = getattr(self, f"{name}_text", "")
                found[info.alias or name] = written or _cell_text(getattr(self, name))
        return found

    @classmethod
    def read(cls, table: Table) -> tuple[list[tuple[int, Any]], list[Fault]]:
        """Rows of a table.

        Parameters
        ----------
        table : Table
            As it stands in the file; its columns are already checked.

        Returns
        -------
        rows : list of (int, Row)
            Row numbers and the rows without a fault.
        faults : list of Fault
            All others, cell by cell.
        """
        known = set(cls.columns())
        rows, faults = [], []
        for raw in table.rows:
            try:
                given = {name: text for name, text in raw.cells.items() if name in known}
                rows.append((raw.number, cls.model_validate(given)))
            except ValidationError as error:
                # A missing column is told once for the whole table, by check_columns.
                faults += [
                    _to_fault(table, raw.number, one, given)
                    for one in error.errors()
                    if one["type"] != "missing"
                ]
        return rows, faults


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "; ".join(value)
    return str(value)


def _to_fault(table: Table, row: int, error: Any, given: Mapping[str, str]) -> Fault:
    column = str(error["loc"][0]) if error["loc"] else ""
    context = error.get("ctx", {})
    rule = context.get("rule", f"{error['msg']}.")
    return Fault(
        table.where(row, column),
        given.get(column, ""),
        rule,
        context.get("remedy", "Correct the cell."),
    )


def check_columns(table: Table, columns: tuple[str, ...], needed: tuple[str, ...]) -> list[Fault]:
    """Faults of a table's header.

    Parameters
    ----------
    table : Table
        As it stands in the file.
    columns : tuple of str
        Those that it may have.
    needed : tuple of str
        Those that it must have.

    Returns
    -------
    list of Fault
        Unknown and missing columns; empty if there is none.
    """
    faults = []
    missing = [name for name in needed if name not in table.columns]
    for name in table.columns:
        if name not in columns:
            near = closest(name, missing or columns)
            faults.append(
                Fault(
                    table.where(1),
                    None,
                    f"There is no column {name!r} in this table.",
                    f"Did you mean {near}?"
                    if near
                    else f"Remove it; the columns are {', '.join(columns)}.",
                )
            )
    for name in missing:
        faults.append(
            Fault(table.where(1), None, f"The column {name} is missing.", f"Add a column {name}.")
        )
    return faults
