"""Changes of single cells, as typed after ``--set``: ``services.acute.places=120``.

The changed tables are checked again as if they had been read so, and every fault says which
``--set`` caused it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wholesystem.errors import Fault, TableError
from wholesystem.flow.durations import parse_duration
from wholesystem.flow.model import Model
from wholesystem.flow.model_files import build_model, model_to_tables
from wholesystem.flow.model_rows import Settings
from wholesystem.tables import RawRow, Table, Tables
from wholesystem.tables.cells import CellError, closest, number_text, parse_number

__all__ = ["KEY_COLUMNS", "apply_sets"]

#: What a row of each table is found by, in the order in which a key is written.
KEY_COLUMNS: dict[str, tuple[str, ...]] = {
    "services": ("service",),
    "arrivals": ("service", "cohort", "from", "to", "profile"),
    "profiles": ("profile", "month", "weekday", "hour"),
    "capacity": ("service", "from", "to", "weekday", "start_hour", "end_hour"),
    "durations": ("service", "cohort"),
    "needs": ("service", "cohort"),
    "routes": ("from", "to", "cohort", "reason", "responsible"),
    "cohorts": ("cohort",),
    "costs": ("service", "state", "payer", "price_year"),
    "start": ("service", "waiting_for", "cohort"),
}
_DURATIONS = {("durations", "days"), ("needs", "hours_per_week"), ("routes", "arranging_days")}
_TEXTS = {"label", "source", "stage", "unit", "order", "transfers_wait", "state", "reason"} | {
    "responsible",
    "payer",
    "profile",
    "name",
    "description",
    "start",
    "start_residual",
}
_EXAMPLE = "For example: --set services.acute.places=120"
_MOST_KEYS_SHOWN = 8


@dataclass(frozen=True)
class _Change:
    """One ``--set`` taken apart."""

    typed: str
    table: str
    key: str
    column: str
    value: str

    @property
    def where(self) -> str:
        return f"--set {self.typed}"

    def fault(self, rule: str, remedy: str) -> Fault:
        return Fault(self.where, None, rule, remedy)


class _WrongSetError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def apply_sets(model: Model, sets: Sequence[str]) -> Model:
    """Model with single cells changed.

    Parameters
    ----------
    model : Model
        Left as it is.
    sets : sequence of str
        ``TABLE.KEY.COLUMN=VALUE`` each, later ones on top of earlier ones. KEY is the row's key
        columns joined by ``:``, such as ``acute:home_care`` in routes; it may stop early where
        that leaves one row, an empty part means a blank cell, and a part ``*`` means every row.
        ``model.COLUMN=VALUE`` changes a setting. A VALUE that starts with ``+``, ``-`` or ``*``
        changes the present number: ``+10``, ``-10``, ``*1.1``; durations take ``*`` only. An
        empty VALUE makes the cell blank.

    Returns
    -------
    Model
        Valid; the model itself where `sets` is empty.

    Raises
    ------
    TableError
        If a cell cannot be found, or the changed model breaks a rule: all faults together, each
        naming its ``--set``.
    """
    if not sets:
        return model
    tables = dict(model_to_tables(model).tables)
    faults: list[Fault] = []
    places: dict[str, str] = {}
    for typed in sets:
        try:
            change = _parse(typed)
            tables[change.table], changed = _apply(tables, change)
            places.update(dict.fromkeys(changed, change.where))
        except _WrongSetError as error:
            faults.append(error.fault)
    if faults:
        raise TableError(faults)
    try:
        return build_model(Tables(model_to_tables(model).source, tables))
    except TableError as error:
        raise TableError(_told_by_set(error.faults, places)) from None


def _told_by_set(faults: Iterable[Fault], places: dict[str, str]) -> list[Fault]:
    """Faults of changed cells under their ``--set``; the others say what came before them."""
    told = []
    for fault in faults:
        mine = places.get(fault.where)
        if mine is not None:
            told.append(replace(fault, where=mine, value=None))
        else:
            after = ", ".join(dict.fromkeys(places.values()))
            told.append(replace(fault, where=f"{fault.where} (after {after})"))
    return told


def _parse(typed: str) -> _Change:
    left, equals, value = typed.partition("=")
    parts = left.strip().split(".")
    needed = 2 if parts[0].strip() == "model" else 3
    if not equals or len(parts) < needed or not all((parts[0], parts[-1])):
        raise _WrongSetError(
            Fault(
                f"--set {typed}",
                None,
                "It must be TABLE.KEY.COLUMN=VALUE, or model.SETTING=VALUE.",
                _EXAMPLE,
            )
        )
    table, column = parts[0].strip(), parts[-1].strip()
    change = _Change(typed, table, ".".join(parts[1:-1]).strip(), column, _unquoted(value))
    if table not in (*KEY_COLUMNS, "model"):
        near = closest(table, (*KEY_COLUMNS, "model"))
        raise _WrongSetError(
            change.fault(
                f"There is no table {table}.",
                f"Did you mean {near}?" if near else f"The tables are {', '.join(KEY_COLUMNS)}.",
            )
        )
    return change


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _apply(tables: dict[str, Table], change: _Change) -> tuple[Table, list[str]]:
    """The table with the cells changed, and where those cells are as messages call them."""
    table = tables.get(change.table)
    if change.table == "model":
        return _apply_to_settings(tables["model"], change)
    if table is None:
        raise _WrongSetError(
            change.fault(
                f"The model has no table {change.table}.",
                f"Add {change.table}.csv to the model, or set another table.",
            )
        )
    if change.column not in table.columns:
        near = closest(change.column, table.columns)
        raise _WrongSetError(
            change.fault(
                f"{change.table} has no column {change.column}.",
                f"Did you mean {near}?" if near else f"Its columns are {', '.join(table.columns)}.",
            )
        )
    chosen = {row.number for row in _find(table, change)}
    rows = tuple(
        RawRow(row.number, {**row.cells, change.column: _new(change, row.cells[change.column])})
        if row.number in chosen
        else row
        for row in table.rows
    )
    return replace(table, rows=rows), [table.where(n, change.column) for n in sorted(chosen)]


def _apply_to_settings(table: Table, change: _Change) -> tuple[Table, list[str]]:
    key = change.column
    allowed = [name for name in Settings.columns() if name != "format"]
    if change.key or key not in allowed:
        near = closest(key, allowed)
        raise _WrongSetError(
            change.fault(
                f"There is no setting {f'{change.key}.' if change.key else ''}{key}.",
                f"Did you mean model.{near}?" if near else f"Settings are {', '.join(allowed)}.",
            )
        )
    rows = list(table.rows)
    at = next((i for i, row in enumerate(rows) if row.cells["key"] == key), len(rows))
    number = rows[at].number if at < len(rows) else len(rows) + 2
    old = rows[at].cells["value"] if at < len(rows) else ""
    rows[at : at + 1] = [RawRow(number, {"key": key, "value": _new(change, old), "note": ""})]
    return replace(table, rows=tuple(rows)), [f"{table.where(number)}, {key}"]


def _find(table: Table, change: _Change) -> list[RawRow]:
    columns = KEY_COLUMNS[change.table]
    parts = [part.strip() for part in change.key.split(":")] if change.key else []
    if not parts or len(parts) > len(columns):
        raise _WrongSetError(
            change.fault(
                f"A key of {change.table} is {':'.join(columns)}, or the beginning of it.", _EXAMPLE
            )
        )
    found = [
        row
        for row in table.rows
        if all(
            part in ("*", row.cells.get(column, ""))
            for part, column in zip(parts, columns, strict=False)
        )
    ]
    if not found:
        raise _WrongSetError(_no_such_row(table, change, parts, columns))
    if len(found) > 1 and "*" not in parts:
        keys = [_key(row, found, columns) for row in found]
        raise _WrongSetError(
            change.fault(
                f"{len(found)} rows of {change.table} have the key {change.key}.",
                f"Write a longer key: {', '.join(keys[:_MOST_KEYS_SHOWN])}; or"
                f" {change.key}:* for all of them.",
            )
        )
    return found


def _key(row: RawRow, rows: Sequence[RawRow], columns: Sequence[str]) -> str:
    """The shortest key that is of this row alone."""
    for length in range(1, len(columns) + 1):
        part = [row.cells.get(column, "") for column in columns[:length]]
        same = [r for r in rows if [r.cells.get(c, "") for c in columns[:length]] == part]
        if len(same) == 1:
            break
    return ":".join(part)


def _no_such_row(
    table: Table, change: _Change, parts: Sequence[str], columns: Sequence[str]
) -> Fault:
    keys = dict.fromkeys(
        ":".join(row.cells.get(column, "") for column in columns[: len(parts)])
        for row in table.rows
    )
    near = closest(change.key, keys)
    shown = ", ".join(list(keys)[:_MOST_KEYS_SHOWN]) + (" ..." if len(keys) > 8 else "")
    return change.fault(
        f"No row of {change.table} has the key {change.key}.",
        f"Did you mean {near}?" if near else f"There are {shown}." if keys else "It has no rows.",
    )


_RELATIVE = re.compile(r"[+\-*]")


def _new(change: _Change, old: str) -> str:
    """New text of a cell."""
    if not _RELATIVE.match(change.value) or change.column in _TEXTS:
        return change.value
    sign, amount_text = change.value[0], change.value[1:].strip()
    try:
        amount = parse_number(amount_text)
        if (change.table, change.column) in _DURATIONS:
            return _scaled(change, old, sign, amount)
        if not old:
            raise CellError(
                f"{change.column} is blank, so it cannot be changed by {change.value}.",
                "Set it to a number.",
            )
        number = parse_number(old)
    except CellError as error:
        raise _WrongSetError(change.fault(error.rule, error.remedy)) from None
    result = {"+": number + amount, "-": number - amount, "*": number * amount}[sign]
    # 80 * 1.1 is 88.00000000000001 in binary; twelve digits are what anybody means.
    return number_text(float(f"{result:.12g}"))


def _scaled(change: _Change, old: str, sign: str, amount: float) -> str:
    if sign != "*" or amount <= 0:
        raise CellError(
            "A duration can be multiplied by a number above 0, such as *0.9.",
            "Or write the whole expression.",
        )
    if not old:
        raise CellError(f"{change.column} is blank, so it cannot be multiplied.", "Set it.")
    return str(parse_duration(old).scaled(amount))
