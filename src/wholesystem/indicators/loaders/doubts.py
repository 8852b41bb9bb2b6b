"""Written rules for figures that stand in a published file and cannot be true.

A figure that one of these rules finds becomes "no figure", with a note that says what stood
there and which rule found it. Nothing is put in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    Whole = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

__all__ = ["NEIGHBOURS", "group_medians", "jumps", "repeated_months", "zeros_not_given"]

NEIGHBOURS = 7
USUAL = 10.0
FEWEST = 10


def group_medians(values: Floats, groups: Whole) -> Floats:
    """Median of the figures of each row's group, in the units of the figures.

    Parameters
    ----------
    values : ndarray of float, shape (n_rows,)
        NaN where there is none.
    groups : ndarray of int, shape (n_rows,)
        Which organisation, from 0.

    Returns
    -------
    ndarray of float, shape (n_rows,)
        NaN for a group without a figure.

    Examples
    --------
    >>> group_medians(np.array([1.0, 9.0, 5.0, 2.0]), np.array([0, 0, 0, 1]))
    array([5., 5., 5., 2.])
    """
    given = np.flatnonzero(~np.isnan(values))
    medians = np.full(int(groups.max(initial=-1)) + 1, np.nan)
    order = given[np.lexsort((values[given], groups[given]))]
    names, starts, counts = np.unique(groups[order], return_index=True, return_counts=True)
    low, high = starts + (counts - 1) // 2, starts + counts // 2
    medians[names] = (values[order][low] + values[order][high]) / 2
    return medians[groups]


def zeros_not_given(values: Floats, groups: Whole, usual: float = USUAL) -> Mask:
    """Zeros that mean "not submitted".

    A zero is taken so where the median of the same organisation's figures in the file is
    `usual` or more: were daily counts of mean 10 independent, a true zero would come once in
    22,000 days.

    Parameters
    ----------
    values : ndarray of float, shape (n_rows,)
        Counts; NaN where there is none.
    groups : ndarray of int, shape (n_rows,)
        Which organisation, from 0.
    usual : float
        The median from which on; > 0.

    Returns
    -------
    ndarray of bool, shape (n_rows,)
        True where a zero is taken so.

    Examples
    --------
    >>> zeros_not_given(np.array([50.0, 0.0, 40.0, 0.0, 2.0]), np.array([0, 0, 0, 1, 1]))
    array([False,  True, False, False, False])
    """
    return np.asarray((values == 0) & (group_medians(values, groups) >= usual))


def jumps(
    values: Floats,
    groups: Whole,
    days: npt.NDArray[np.datetime64],
    *,
    factor: float,
    least: float,
    falls: bool = True,
) -> tuple[Mask, Floats]:
    """Figures far from those before and those after.

    A figure is found where it is more than `factor` times both the median of up to 7 figures
    before it and that of up to 7 after it (of the same organisation and file), or less than one
    `factor`-th of both, and differs from both by `least` or more. A lasting change is not found,
    since one side agrees with it. At the start and end of a file there is one side only: there
    the figure must be as far from the very next one too, or the first days after a lasting change
    would be found.

    Parameters
    ----------
    values : ndarray of float, shape (n_rows,)
        NaN where there is none.
    groups : ndarray of int, shape (n_rows,)
        Which organisation.
    days : ndarray of datetime64, shape (n_rows,)
        When.
    factor : float
        > 1.
    least : float
        Smallest difference that counts, in the units of the figures.
    falls : bool
        Whether figures far below are found too.

    Returns
    -------
    found : ndarray of bool, shape (n_rows,)
        True where a figure is found.
    usual : ndarray of float, shape (n_rows,)
        The nearer of what it is compared with; NaN where there is no other figure.

    References
    ----------
    Ours. The figures that it is for are listed in ``docs/reference/published-formats.md``.
    """
    given = np.flatnonzero(~np.isnan(values))
    order = given[np.lexsort((days[given], groups[given]))]
    figure, group = values[order], groups[order]
    before = _side_median(figure, group, -1)
    after = _side_median(figure, group, 1)
    next_to = np.where(np.isnan(before), _side_median(figure, group, 1, 1), after)
    next_to = np.where(np.isnan(after), _side_median(figure, group, -1, 1), next_to)
    low = np.fmin(np.fmin(before, after), next_to)
    high = np.fmax(np.fmax(before, after), next_to)
    found = (figure > factor * high) & (figure - high >= least)
    if falls:
        found |= (figure * factor < low) & (low - figure >= least)
    mask, usual = np.zeros(len(values), dtype=bool), np.full(len(values), np.nan)
    mask[order] = found
    usual[order] = np.where(figure > high, high, low)
    return mask, usual


def _side_median(figure: Floats, group: Whole, step: int, most: int = NEIGHBOURS) -> Floats:
    """Median of up to 7 figures on one side of each, of the same group; NaN where there is none."""
    count = len(figure)
    around = np.full((count, most), np.nan)
    for i in range(1, most + 1):
        there = np.arange(count) + step * i
        inside = (there >= 0) & (there < count)
        inside[inside] = group[there[inside]] == group[inside]
        around[inside, i - 1] = figure[there[inside]]
    around.sort(axis=1)  # NaN last
    number = most - np.isnan(around).sum(axis=1)
    rows = np.arange(count)
    low, high = np.maximum(number - 1, 0) // 2, number // 2
    median: Floats = (around[rows, low] + around[rows, np.minimum(high, most - 1)]) / 2
    return np.where(number == 0, np.nan, median)


def repeated_months(
    months: npt.NDArray[np.datetime64], groups: Whole, figures: list[Floats]
) -> list[tuple[np.datetime64, np.datetime64]]:
    """Months whose figures are, for every organisation, those of an earlier month.

    Parameters
    ----------
    months : ndarray of datetime64, shape (n_rows,)
        First day of the month of each row.
    groups : ndarray of int, shape (n_rows,)
        Which organisation.
    figures : list of ndarray of float, shape (n_rows,)
        All columns of figures.

    Returns
    -------
    list of tuple
        The earlier month and the later; only where 10 organisations or more have a row.
    """
    seen: dict[bytes, np.datetime64] = {}
    found: list[tuple[np.datetime64, np.datetime64]] = []
    order = np.lexsort((groups, months))
    edges = np.flatnonzero(np.diff(months[order].astype(np.int64))) + 1
    for rows in np.split(order, edges):
        if len(rows) < FEWEST:
            continue
        columns = [groups[rows].astype(np.float64), *(one[rows] for one in figures)]
        content = np.nan_to_num(np.stack(columns), nan=-1.0)
        key = content.tobytes()
        if key in seen and (content[1:] > 0).any():
            found.append((seen[key], months[rows[0]]))
        else:
            seen[key] = months[rows[0]]
    return found
