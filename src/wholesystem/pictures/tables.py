"""The table behind a picture, as text ready to print."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PictureTable:
    """The figures of a picture as rows of text.

    Parameters
    ----------
    title : str
        Caption of the table.
    columns : tuple of str
        Headings, units included.
    rows : tuple of tuple of str
        One text per column; empty where the figure is not known.
    numeric : tuple of bool
        For each column, whether it holds numbers (to align right).
    links : tuple of str
        For each row, the page beside this one that its first cell leads to; empty = no links.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    links: tuple[str, ...] = ()
