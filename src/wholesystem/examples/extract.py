"""The packaged extract of published figures: Oxfordshire, its comparators and England.

Tables in a plain form with a mapping beside each, as anyone may bring their own; each figure names
the file, sheet and cell where it was published. See the README beside them.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wholesystem.indicators import ComparatorList, packaged_comparators, read_comparators
from wholesystem.reports.profile_run import Loading, open_data

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["COMPARATORS", "EXTRACT", "FIGURES", "LIST_NAME", "extract_comparators", "open_extract"]

#: Everything that the profile of the packaged area is made from.
EXTRACT = Path(__file__).parent / "oxfordshire_2017" / "profile"
#: Tables of figures, each with its mapping.
FIGURES = EXTRACT / "figures"
#: The statistical neighbours, as found among all councils.
COMPARATORS = EXTRACT / "comparators.csv"
LIST_NAME = "Statistical neighbours, own open method"


@contextmanager
def open_extract(keep: str | os.PathLike[str] | None = None) -> Iterator[Loading]:
    """Give a store of the packaged figures.

    Parameters
    ----------
    keep : path, optional
        Folder of a store that they are added to; a passing one if None.

    Yields
    ------
    Loading
        The store, with an account of each table.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    with open_data(FIGURES, keep=None if keep is None else Path(keep)) as loading:
        yield loading


def extract_comparators() -> tuple[ComparatorList, ...]:
    """The lists of comparators whose figures the extract has.

    Returns
    -------
    tuple of ComparatorList
        The statistical neighbours first, then the packaged lists.
    """
    return (*read_comparators(COMPARATORS), *packaged_comparators())
