"""Small numbers: nobody must be found in a table of aggregates."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wholesystem.stays.lists import SmallNumberRule, small_number_rule

__all__ = ["suppress"]

Bools = NDArray[np.bool_]


def suppress(
    table: pd.DataFrame,
    counts: Mapping[str, Collection[str]],
    *,
    totals: Mapping[str, str] | None = None,
    margins: Collection[str] | None = None,
    rescale: Mapping[str, str] | None = None,
    rule: str = "hes",
    together: bool = False,
) -> pd.DataFrame:
    """Hide small counts, what could give them away, and round the rest.

    Parameters
    ----------
    table : pandas.DataFrame
        Aggregates.
    counts : mapping of str to collection of str
        Each column of people, with the columns to hide where it is hidden (rates, means).
    totals : mapping of str to str, optional
        Counts that are a part of another column, such as ``{"at_night": "people"}``: hidden too
        where what is left of the whole is small.
    margins : collection of str, optional
        Key columns whose groups might be published as totals, such as ``from`` and ``to`` of
        flows. In each group with one hidden cell the next smallest is hidden too, so that taking
        the others from the total gives nothing away. None guards the whole table as one group;
        an empty collection guards nothing.
    rescale : mapping of str to str, optional
        Columns in proportion to a count, such as ``{"per_day": "people"}``: they follow the
        rounded count.
    rule : str
        A rule of ``small_numbers.csv``: ``hes`` hides 1 to 7 and rounds to 5.
    together : bool
        Whether the hidden cells of a group of `margins` must add up to more than the rule hides, so
        that what is left of the total when the others are taken from it is no small number either.

    Returns
    -------
    pandas.DataFrame
        A copy with hidden cells missing and a last column ``hidden``: ``yes`` or blank.

    Raises
    ------
    ParameterError
        If there is no such rule.

    Notes
    -----
    Zeros are shown. Rates and means that rest on a hidden count are hidden; others are left as
    they are.

    References
    ----------
    NHS Digital, Hospital Episode Statistics disclosure rule; see ``small_numbers.csv``.
    """
    chosen = small_number_rule(rule)
    result, any_hidden = table.copy(), np.zeros(len(table), dtype=bool)
    for count, others in counts.items():
        values = table[count].to_numpy(dtype=np.float64)
        hidden = _small(values, chosen)
        whole = (totals or {}).get(count)
        if whole is not None:
            hidden |= _small(table[whole].to_numpy(dtype=np.float64) - values, chosen)
        hidden = _guard(table, values, hidden, margins, chosen.hidden_to if together else 0)
        shown = np.round(values / chosen.round_to) * chosen.round_to
        for name in (n for n, base in (rescale or {}).items() if base == count):
            ratio = np.divide(shown, values, out=np.ones_like(values), where=values > 0)
            result[name] = table[name].to_numpy(dtype=np.float64) * ratio
        result[count] = shown if chosen.round_to > 1 else values
        for name in (count, *others):
            result[name] = result[name].where(~hidden)
        any_hidden |= hidden
    result["hidden"] = np.where(any_hidden, "yes", "")
    return _whole_numbers(result, table)


def _small(values: NDArray[np.float64], rule: SmallNumberRule) -> Bools:
    """Counts in the hidden range; a mean number of people counts as the number nearest to it."""
    if rule.hidden_to == 0:
        return np.zeros(len(values), dtype=bool)
    nearest = np.where(values > 0, np.maximum(np.round(values), 1), 0)
    return np.asarray((nearest >= rule.hidden_from) & (nearest <= rule.hidden_to))


def _guard(
    table: pd.DataFrame,
    values: NDArray[np.float64],
    hidden: Bools,
    margins: Collection[str] | None,
    floor: int,
) -> Bools:
    """Hide a second cell wherever one alone is hidden, until no group has one alone.

    Nor hidden cells that add up to `floor` or less.
    """
    hidden = hidden.copy()
    if margins is None:
        groups = [np.zeros(len(table), dtype=np.int64)]
    else:
        groups = [pd.factorize(table[name])[0] for name in margins]
    changed = True
    while changed:
        changed = False
        for group in groups:
            for one in _given_away(group, values, hidden, floor):
                rest = np.flatnonzero((group == one) & ~hidden & (values > 0))
                if len(rest):
                    hidden[rest[np.argmin(values[rest])]] = True
                    changed = True
    return hidden


def _given_away(
    group: NDArray[np.int64], values: NDArray[np.float64], hidden: Bools, floor: int
) -> NDArray[np.int64]:
    """Groups whose total would tell too much of what is hidden in them."""
    cells = np.bincount(group, weights=hidden)
    people = np.bincount(group, weights=np.where(hidden, values, 0))
    return np.flatnonzero((cells == 1) | ((cells > 0) & (people <= floor)))


def _whole_numbers(result: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Counts that were whole numbers stay so, with a blank where hidden."""
    for name in table.columns:
        if pd.api.types.is_integer_dtype(table[name]):
            result[name] = result[name].astype("Int64")
    return result
