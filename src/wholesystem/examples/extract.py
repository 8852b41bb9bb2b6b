"""The packaged extracts of published figures.

One is of Oxfordshire, its comparators and England; the other of the areas of the programme of
local system reviews that the first does not have.

Tables in a plain form with a mapping beside each, as anyone may bring their own; each figure names
the file, sheet and cell where it was published. See the README beside them.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wholesystem.indicators import ComparatorList, packaged_comparators, read_comparators
from wholesystem.reports.profile_run import Loading, files_of, open_data

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "COMPARATORS",
    "EXTRACT",
    "FIGURES",
    "LIST_NAME",
    "PROGRAMME_FIGURES",
    "extract_comparators",
    "open_extract",
    "open_programme_extract",
]

#: Everything that the profile of the packaged area is made from.
EXTRACT = Path(__file__).parent / "oxfordshire_2017" / "profile"
#: Tables of figures, each with its mapping.
FIGURES = EXTRACT / "figures"
#: The statistical neighbours, as found among all councils.
COMPARATORS = EXTRACT / "comparators.csv"
LIST_NAME = "Statistical neighbours, own open method"
#: Tables of the further areas of the programme: those that the extract above does not have.
PROGRAMME_FIGURES = Path(__file__).parent / "programme_2017" / "figures"


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


@contextmanager
def open_programme_extract(keep: str | os.PathLike[str] | None = None) -> Iterator[Loading]:
    """Give a store of the packaged figures with those of every area of the programme.

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
    from wholesystem.indicators.loaders import load_files

    with open_extract(keep) as loading:
        loaded, errors = load_files(PROGRAMME_FIGURES)
        report = loading.store.add(loaded, keep_good=True)
        refused = (*loading.errors, *errors, *report.refused)
        yield Loading(loading.store, files_of(loading.store), refused)
