"""One unchanging view of the database, for reading much of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

__all__ = ["one_view"]


@contextmanager
def one_view() -> Iterator[None]:
    """Read everything within as it stands now, while others go on writing.

    Yields
    ------
    None
        Within it nothing may be written.
    """
    if connection.vendor == "sqlite":
        with _readers_transaction(), transaction.atomic():
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _readers_transaction() -> Iterator[None]:
    """Begin transactions as a reader: one that begins IMMEDIATE would keep writers out."""
    connection.ensure_connection()  # it learns its mode only then
    before = connection.transaction_mode  # type: ignore[attr-defined]
    connection.transaction_mode = None  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = before  # type: ignore[attr-defined]
