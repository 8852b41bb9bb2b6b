"""Rows of tables as lines of JSON, and back again, exactly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import IO, Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, JSONField, Model
from django.utils.duration import duration_iso_string

from wholesystem.errors import OurFault

__all__ = ["LEFT_OUT", "digest_of_rows", "models_of", "read_rows", "table_lines", "write_rows"]

LEFT_OUT = frozenset({"sessions.session"})
"""Whoever holds a session's key is signed in: that is not for a file that is carried about."""

BATCH = 500
TEXTS = (date, datetime, time, UUID, Decimal)


def models_of(apps: Apps) -> list[type[Model]]:
    """Models whose rows are kept, in order of their names.

    Parameters
    ----------
    apps : Apps
        Of the program, or of the state after some migrations.

    Returns
    -------
    list of model classes
        With the tables between two models; without those of `LEFT_OUT`.
    """
    found = {
        one._meta.label_lower: one
        for one in apps.get_models(include_auto_created=True)
        if one._meta.managed and not one._meta.proxy
    }
    # The list of migrations is told in the manifest; making them writes it anew.
    left_out = LEFT_OUT | {MigrationRecorder.Migration._meta.label_lower}
    return [found[name] for name in sorted(found) if name not in left_out]


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    # By name: the state after some migrations may hold them in another order than the program.
    return sorted(model._meta.concrete_fields, key=lambda field: str(field.column))


def _cell(value: object, field: Field[Any, Any]) -> object:
    if value is None or isinstance(field, JSONField) or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, TEXTS):
        return str(value)
    raise OurFault(f"A backup cannot hold {type(value).__name__} of {field}.")


def table_lines(model: type[Model]) -> Iterator[str]:
    """A table as text, a row a line in order of its key, the column names first.

    Parameters
    ----------
    model : model class
        Whose table.

    Yields
    ------
    str
        A JSON array, with its line end.
    """
    fields = _fields(model)
    yield _line([field.column for field in fields])
    names = [field.attname for field in fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        yield _line([_cell(value, field) for value, field in zip(row, fields, strict=True)])


def _line(cells: list[object]) -> str:
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def digest_of_rows(model: type[Model]) -> tuple[int, str]:
    """How many rows a table has, and the SHA-256 of its lines.

    Parameters
    ----------
    model : model class
        Whose table.

    Returns
    -------
    tuple of (int, str)
        Rows, and hexadecimal digits.
    """
    digest, count = hashlib.sha256(), -1
    for line in table_lines(model):
        digest.update(line.encode("utf-8"))
        count += 1
    return count, digest.hexdigest()


def read_rows(file: IO[bytes]) -> Iterator[list[Any]]:
    """Lines of a table, taken apart; the first holds the column names.

    Parameters
    ----------
    file : binary file
        As `table_lines` wrote it.

    Yields
    ------
    list
        Cells.
    """
    for line in file:
        yield json.loads(line)


def write_rows(model: type[Model], lines: Iterable[list[Any]]) -> None:
    """Put rows into a table, as they are: no default, no time of now.

    Parameters
    ----------
    model : model class
        Of the state in which they were kept.
    lines : iterable of list
        As `read_rows` gives them.

    Raises
    ------
    OurFault
        If the columns are not the table's.
    """
    rows = iter(lines)
    fields = {field.column: field for field in _fields(model)}
    columns = next(rows)
    if set(columns) != set(fields):
        raise OurFault(f"The backup's columns of {model._meta.label} are not the table's.")
    chosen = [fields[column] for column in columns]
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})"
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(insert, [_stored(row, chosen) for row in batch])


def _stored(row: list[Any], fields: list[Field[Any, Any]]) -> list[Any]:
    values = []
    for cell, field in zip(row, fields, strict=True):
        value = cell if isinstance(field, JSONField) else field.to_python(cell)
        values.append(field.get_db_prep_save(value, connection))
    return values
