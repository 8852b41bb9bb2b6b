"""Columns of a long published table: texts, figures, whose they are and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    Whole = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Objects = npt.NDArray[np.object_]

__all__ = ["Figures", "Places", "Spans", "Texts"]


@dataclass(frozen=True)
class Texts:
    """Texts of a column, each different one held once.

    Parameters
    ----------
    index : ndarray of int, shape (n_rows,)
        Which of `values` stands in each row.
    values : tuple of str
        The different texts; "" for a blank cell.
    """

    index: Whole
    values: tuple[str, ...]

    def array(self) -> Objects:
        """One text a row.

        Returns
        -------
        ndarray of object, shape (n_rows,)
            "" where blank.
        """
        return np.array(self.values, dtype=object)[self.index]

    def arrow(self) -> pa.Array:
        """One text a row, as an Arrow array.

        Returns
        -------
        pyarrow.Array
            Of strings.
        """
        indices = pa.array(self.index.astype(np.int32))
        return pa.DictionaryArray.from_arrays(indices, list(self.values)).cast(pa.string())

    def map(self, change: Callable[[str], str]) -> Texts:
        """The texts, each changed.

        Parameters
        ----------
        change : callable
            Called once for each different text.

        Returns
        -------
        Texts
            Of the same rows.
        """
        new = tuple(change(value) for value in self.values)
        distinct = tuple(dict.fromkeys(new))
        places = {value: i for i, value in enumerate(distinct)}
        return Texts(np.array([places[value] for value in new], np.int64)[self.index], distinct)

    def replaced(self, rows: Mask, text: str) -> Texts:
        """The texts, with another in some rows.

        Parameters
        ----------
        rows : ndarray of bool, shape (n_rows,)
            Where.
        text : str
            What stands there instead.

        Returns
        -------
        Texts
            Of the same rows.
        """
        return Texts(np.where(rows, len(self.values), self.index), (*self.values, text))

    @classmethod
    def same(cls, text: str, count: int) -> Texts:
        """One text in every row.

        Parameters
        ----------
        text : str
            The text.
        count : int
            Of rows; >= 0.

        Returns
        -------
        Texts
            Of that many rows.
        """
        return cls(np.zeros(count, dtype=np.int64), (text,))

    def mask(self, holds: Callable[[str], object]) -> Mask:
        """Rows whose text meets a condition.

        Parameters
        ----------
        holds : callable
            Called once for each different text.

        Returns
        -------
        ndarray of bool, shape (n_rows,)
            True where it does.
        """
        found = np.array([bool(holds(value)) for value in self.values], dtype=bool)
        return found[self.index] if len(found) else np.zeros(len(self.index), dtype=bool)


@dataclass
class Figures:
    """Numbers of a column, with the note of each and the cell that it stands in.

    Parameters
    ----------
    name : str
        Of the column, as messages call it.
    letters : str
        Of the column, as a spreadsheet shows it.
    values : ndarray of float, shape (n_rows,)
        NaN where there is no figure; `notes` then says why.
    notes : ndarray of object, shape (n_rows,)
        Text or None.
    last_letters : str
        Of the last column, where the figure is a sum over neighbouring columns; else "".
    """

    name: str
    letters: str
    values: Floats
    notes: Objects
    last_letters: str = ""

    def withdraw(self, rows: Mask, note: str | Objects) -> int:
        """Take figures back that cannot be trusted; each leaves a note with what stood there.

        Parameters
        ----------
        rows : ndarray of bool, shape (n_rows,)
            Where; rows without a figure stay as they are.
        note : str or ndarray of object
            Why, for all or for each row. ``{value}`` becomes the figure as published.

        Returns
        -------
        int
            How many were taken back.
        """
        places = np.flatnonzero(rows & ~np.isnan(self.values))
        for i in places:
            text = note if isinstance(note, str) else str(note[i])
            self.notes[i] = text.replace("{value}", f"{self.values[i]:,.10g}")
        self.values[places] = np.nan
        return len(places)

    def remark(self, rows: Mask, note: str) -> None:
        """Add a note to figures that stay.

        Parameters
        ----------
        rows : ndarray of bool, shape (n_rows,)
            Where.
        note : str
            What a reader should know.
        """
        for i in np.flatnonzero(rows):
            self.notes[i] = f"{self.notes[i]}; {note}" if self.notes[i] else note


@dataclass(frozen=True)
class Places:
    """Whose figures the rows of a table are.

    Parameters
    ----------
    codes, names : Texts
        Of the organisations or areas; where the file has no names, the codes.
    kinds : Texts or str
        ``trust``, ``icb``, ``area``, ``region`` or ``country``.
    geography : Texts or str
        Version of the boundaries or codes.
    of : str
        ``residents`` or ``trust``.
    """

    codes: Texts
    names: Texts
    kinds: Texts | str
    geography: Texts | str
    of: str


@dataclass(frozen=True)
class Spans:
    """Periods of the rows of a table.

    Parameters
    ----------
    start, end : ndarray of datetime64[D], shape (n_rows,)
        First and last day, both within.
    """

    start: npt.NDArray[np.datetime64]
    end: npt.NDArray[np.datetime64]
