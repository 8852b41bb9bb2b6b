"""What the reading of one published file gives, and what it raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wholesystem.errors import TableError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["LoadError", "Loaded", "Skipped"]


class LoadError(TableError):
    """Faults of one published file, all of them together.

    Parameters
    ----------
    faults : iterable of Fault
        At least one.
    """


@dataclass(frozen=True)
class Skipped:
    """Rows of a published table that became no observation, for one reason.

    Parameters
    ----------
    reason : str
        Why, such as ``no area code (resident in Wales)``.
    rows : int
        How many; >= 1.
    first : str
        Place of the first of them: file, sheet and row.
    """

    reason: str
    rows: int
    first: str


@dataclass(frozen=True)
class Loaded:
    """One published file, read whole.

    Parameters
    ----------
    file : str
        Its name as published.
    format : str
        Id of its format.
    rows_read : int
        Rows of its tables; equal to `rows_kept` and the skipped rows together.
    rows_kept : int
        Rows that became one or more observations, or a row of a look-up.
    skipped : tuple of Skipped
        The others, by reason.
    observations : pyarrow.Table
        In the columns of `OBSERVATIONS`.
    sha256 : str
        Of the file.
    lookups : mapping of str to pyarrow.Table
        Such as ``trust_areas``; none for most formats.
    warnings : tuple of str
        What a reader should know and that breaks no rule: a file name with another month than
        the cells, hidden rows.
    """

    file: str
    format: str
    rows_read: int
    rows_kept: int
    skipped: tuple[Skipped, ...]
    observations: pa.Table
    sha256: str
    lookups: Mapping[str, pa.Table] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
