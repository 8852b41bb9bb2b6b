"""The rules of `doubts`, put to a column of figures: what is taken back, and what the note says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.loaders.doubts import (
    group_medians,
    jumps,
    repeated_months,
    zeros_not_given,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from wholesystem.indicators.loaders.long_table import Figures, LongTable, Spans, Texts

    Mask = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]

__all__ = ["withdraw_jumps", "withdraw_repeated_months", "withdraw_sums", "withdraw_zeros"]


def withdraw_zeros(
    table: LongTable, codes: Texts, judged: Figures, *others: Figures, rows: Mask | None = None
) -> None:
    """Take back zeros that mean "not submitted" (`zeros_not_given`).

    Parameters
    ----------
    table : LongTable
        The table.
    codes : Texts
        Of the organisations.
    judged : Figures
        The column that is judged.
    *others : Figures
        Columns whose figures are taken back in the same rows.
    rows : ndarray of bool, optional
        Rows that are judged; without it all kept ones.
    """
    values = _judged_values(table, judged, rows)
    found = zeros_not_given(values, codes.index)
    usual = group_medians(values, codes.index)
    why = np.full(len(table), "", dtype=object)
    for i in np.flatnonzero(found):
        why[i] = (
            "{value} stands in the file; taken as not submitted, since the median of the "
            f"organisation's figures in the file is {usual[i]:,.10g}"
        )
    for one in (judged, *others):
        one.withdraw(found, why)


def _judged_values(table: LongTable, judged: Figures, rows: Mask | None) -> Floats:
    kept = table.kept if rows is None else rows & table.kept
    return np.where(kept, judged.values, np.nan)


def withdraw_jumps(
    table: LongTable,
    codes: Texts,
    spans: Spans,
    judged: Figures,
    *others: Figures,
    factor: float,
    least: float,
    falls: bool = True,
    rows: Mask | None = None,
) -> None:
    """Take back figures far from those before and after (`jumps`), with a warning for each.

    Parameters
    ----------
    table : LongTable
        The table.
    codes : Texts
        Of the organisations.
    spans : Spans
        When.
    judged : Figures
        The column that is judged.
    *others : Figures
        Columns whose figures are taken back in the same rows.
    factor, least, falls : float, float, bool
        As of `jumps`.
    rows : ndarray of bool, optional
        Rows that are judged; without it all kept ones.
    """
    values = _judged_values(table, judged, rows)
    found, usual = jumps(values, codes.index, spans.start, factor=factor, least=least, falls=falls)
    limit = f"more than {factor:g} times" + (f" or less than 1/{factor:g} of" if falls else "")
    for one in (judged, *others):
        why = np.full(len(table), "", dtype=object)
        for i in np.flatnonzero(found):
            judged_as = "" if one is judged else f"{judged.name} {values[i]:,.10g} of the row "
            why[i] = (
                f"{{value}} stands in cell {one.letters}{table.rows[i]}; {judged_as}taken as an "
                f"error: {limit} the medians before and after (the nearer is {usual[i]:,.10g})"
            )
        one.withdraw(found, why)
    count = int(found.sum())
    if count:
        first = int(np.flatnonzero(found)[0])
        table.warnings.append(
            f"{judged.name}: {count} {'figures are' if count > 1 else 'figure is'} {limit} those "
            f"before and after, and taken as not given; first "
            f"{table.where(first, judged.letters)}."
        )


def withdraw_repeated_months(
    table: LongTable, codes: Texts, spans: Spans, columns: list[Figures]
) -> None:
    """Take back the figures of months that repeat an earlier month (`repeated_months`).

    The earlier month stays, with a note, since the usual slip is to take an old file for a new
    month; which of the two is right cannot be told from the file.

    Parameters
    ----------
    table : LongTable
        Of one row an organisation and month; a warning is added for each such month.
    codes : Texts
        Of the organisations.
    spans : Spans
        Months.
    columns : list of Figures
        All columns of figures; they are changed.
    """
    kept = table.kept
    found = repeated_months(
        spans.start[kept], codes.index[kept], [one.values[kept] for one in columns]
    )
    for earlier, later in found:
        months = [f"{month.item():%B %Y}" for month in (earlier, later)]
        rows = (spans.start == later) & kept
        for figures in columns:
            figures.withdraw(
                rows,
                f"{{value}} stands in the file, as for {months[0]}: every organisation's figures "
                "are repeated, so one of the two months is wrong",
            )
            figures.remark(
                (spans.start == earlier) & kept & ~np.isnan(figures.values),
                f"the file repeats it under {months[1]}",
            )
        table.warnings.append(
            f"All figures of {months[1]} repeat those of {months[0]}: those of {months[1]} are "
            f"taken as not given ({int(rows.sum())} rows)."
        )


def withdraw_sums(table: LongTable, whole: Figures, parts: tuple[Figures, ...]) -> None:
    """Take back figures whose parts are more than the whole, or where all are given, not it.

    Parameters
    ----------
    table : LongTable
        The table; a warning is added.
    whole : Figures
        The total.
    parts : tuple of Figures
        One part of it, or all of them.
    """
    total = np.sum([one.values for one in parts], axis=0)
    unlike = (total != whole.values) if len(parts) > 1 else (total > whole.values)
    rows = unlike & ~np.isnan(total) & ~np.isnan(whole.values) & table.kept
    if not rows.any():
        return
    columns = (whole, *parts)
    said = np.full(len(table), "", dtype=object)
    for i in np.flatnonzero(rows):
        cells = ", ".join(f"{one.name} {one.values[i]:,.10g}" for one in columns)
        said[i] = f"the parts do not agree with the whole, so neither is used: {cells}"
    for one in columns:
        one.withdraw(rows, said)
    table.warnings.append(
        f"{whole.name}: in {int(rows.sum())} rows the parts do not agree with the whole; taken as "
        f"not given; first {table.where(int(np.flatnonzero(rows)[0]))}."
    )
