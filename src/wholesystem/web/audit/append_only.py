"""Triggers by which the database itself refuses to change or delete the rows of a table.

A migration of any app can put them on its own table:
``migrations.RunPython(refuse_changes("audit_siteevent"), allow_changes("audit_siteevent"))``.
They keep out the program's own mistakes and a person with a query; whoever owns the database
can drop them, which the chain then shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from wholesystem.errors import OurFault

__all__ = ["allow_changes", "allow_replacing", "refuse_changes", "refuse_replacing"]

TABLE = re.compile("[a-z_]{1,40}")
Step = Callable[[Any, Any], None]

SQLITE = """\
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, 'Rows of {table} are never changed.'); END"""

# INSERT OR REPLACE deletes what is in its way, and no trigger on DELETE hears of it.
SQLITE_REPLACE = """\
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ({same}))
BEGIN SELECT RAISE(ABORT, 'Rows of {table} are never changed.'); END"""

POSTGRESQL_FUNCTION = """\
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'Rows of {table} are never changed.'; END $$"""
POSTGRESQL = """\
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"""


def _check(table: str, vendor: str) -> None:
    if not TABLE.fullmatch(table) or vendor not in ("sqlite", "postgresql"):
        raise OurFault(f"There is no trigger for table {table} on {vendor}.")


def _verbs(vendor: str) -> tuple[str, ...]:
    return ("update", "delete") if vendor == "sqlite" else ("update", "delete", "truncate")


def refuse_changes(table: str) -> Step:
    """Step of a migration that makes a table one to which rows are only added.

    Parameters
    ----------
    table : str
        Its name in the database.

    Returns
    -------
    callable
        For `migrations.RunPython`.
    """

    def step(apps: Any, editor: Any) -> None:
        vendor = editor.connection.vendor
        _check(table, vendor)
        if vendor == "postgresql":
            editor.execute(POSTGRESQL_FUNCTION.format(table=table))
        form = SQLITE if vendor == "sqlite" else POSTGRESQL
        for verb in _verbs(vendor):
            editor.execute(form.format(table=table, verb=verb, VERB=verb.upper()))

    return step


def allow_changes(table: str) -> Step:
    """Step of a migration that takes back `refuse_changes`.

    Parameters
    ----------
    table : str
        Its name in the database.

    Returns
    -------
    callable
        For `migrations.RunPython`.
    """

    def step(apps: Any, editor: Any) -> None:
        vendor = editor.connection.vendor
        _check(table, vendor)
        for verb in _verbs(vendor):
            on = "" if vendor == "sqlite" else f" ON {table}"
            editor.execute(f"DROP TRIGGER {table}_no_{verb}{on}")
        if vendor == "postgresql":
            editor.execute(f"DROP FUNCTION {table}_refuse()")

    return step


def refuse_replacing(table: str, *once: str) -> Step:
    """Step of a migration by which SQLite puts no row in the place of another.

    Parameters
    ----------
    table : str
        Its name in the database; rows of it are known by ``id`` too.
    *once : str
        Columns that no two rows share together.

    Returns
    -------
    callable
        For `migrations.RunPython`. PostgreSQL has no such statement, and nothing is done there.
    """

    def step(apps: Any, editor: Any) -> None:
        vendor = editor.connection.vendor
        _check(table, vendor)
        if vendor == "sqlite":
            same = " AND ".join(f"{column} = NEW.{column}" for column in once)
            editor.execute(SQLITE_REPLACE.format(table=table, same=same))

    return step


def allow_replacing(table: str) -> Step:
    """Step of a migration that takes back `refuse_replacing`.

    Parameters
    ----------
    table : str
        Its name in the database.

    Returns
    -------
    callable
        For `migrations.RunPython`.
    """

    def step(apps: Any, editor: Any) -> None:
        vendor = editor.connection.vendor
        _check(table, vendor)
        if vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {table}_no_replace")

    return step
