"""What may be wrong between rows of tables that hang on a review: keys and links."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from wholesystem.errors import Fault
from wholesystem.reviews.checks import Places, key_columns
from wholesystem.reviews.review import Review
from wholesystem.tables.cells import closest
from wholesystem.tables.rows import Row

__all__ = ["Link", "dead_links", "known_ids", "repeated_keys"]

#: Column of a table that names rows of another: table, column, the other table.
Link = tuple[str, str, str]
MOST_NEAR = 100


def known_ids(review: Review, tables: Mapping[str, Sequence[Row]]) -> dict[str, set[str]]:
    """Ids that rows may name.

    Parameters
    ----------
    review : Review
        That the tables hang on.
    tables : mapping of str to sequence of Row
        Tables beside it; the first column of each is its key.

    Returns
    -------
    dict of str to set of str
        By table.
    """
    found = {
        name: {getattr(row, key_columns(name)[0]) for row in rows}
        for name, rows in review.tables().items()
    }
    for name, rows in tables.items():
        found[name] = {getattr(row, type(row).columns()[0]) for row in rows}
    return found


def repeated_keys(tables: Mapping[str, Sequence[Row]], where: Places) -> Iterator[Fault]:
    """Faults of ids that stand twice.

    Parameters
    ----------
    tables : mapping of str to sequence of Row
        The first column of each is its key.
    where : Places
        Where the rows stand.

    Yields
    ------
    Fault
        In the order of tables and rows.
    """
    for name, rows in tables.items():
        seen = set()
        for at, row in enumerate(rows):
            column = type(row).columns()[0]
            key = getattr(row, column)
            if key in seen:
                yield Fault(
                    where(name, at, column),
                    key,
                    "It stands in an earlier row too. Each must be there once.",
                    "Remove one of the rows, or give it another id.",
                )
            seen.add(key)


def dead_links(
    tables: Mapping[str, Sequence[Any]],
    links: Sequence[Link],
    known: Mapping[str, Collection[str]],
    where: Places,
) -> Iterator[Fault]:
    """Faults of rows that name others which are not there.

    Parameters
    ----------
    tables : mapping of str to sequence of Row
        The tables.
    links : sequence of Link
        Which column names rows of which table; a blank names none.
    known : mapping of str to collection of str
        Ids by table.
    where : Places
        Where the rows stand.

    Yields
    ------
    Fault
        With the nearest id, for the first hundred.
    """
    told = 0
    for table, column, other in links:
        for at, row in enumerate(tables[table]):
            value = getattr(row, column)
            for name in (value,) if isinstance(value, str) else value:
                if name and name not in known[other]:
                    near = closest(name, known[other]) if told < MOST_NEAR else None
                    told += 1
                    yield Fault(
                        where(table, at, column),
                        name,
                        f"There is no such row in {other}.csv.",
                        f"Did you mean {near}?" if near else "Add the row, or clear the cell.",
                    )
