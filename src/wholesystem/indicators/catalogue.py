"""The indicator catalogue: one row an indicator, with all that must be said beside its figure.

A row tells what an indicator means, what it is made of, which direction is better, whether an
interval may be drawn and by which method, who supplies it, what it cannot show, and which
question of a review it informs. `read_catalogue` gives the packaged rows, with a user's own rows
added; a row that says too little, or contradicts itself, is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from wholesystem.errors import Fault, TableError
from wholesystem.indicators.catalogue_checks import check_row, check_rows
from wholesystem.indicators.small_tables import (
    packaged_rows,
    packaged_table,
    row_of_fault,
    table_rows,
    user_table,
)
from wholesystem.tables import Table
from wholesystem.tables.cells import CellError, parse_id
from wholesystem.tables.rows import BlankText, Id, OptionalId, Row, Text, choice, number, reader
from wholesystem.tables.rows import whole as whole_number

__all__ = ["Indicator", "Question", "read_catalogue", "review_questions"]

_FIGURE = re.compile(r"[FD]\d{2,3}")


def _parse_words(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(";"))
    if len(set(words)) < len(words) or not all(words):
        raise CellError(
            "Each must be written once, with one semicolon between two.",
            "Write them as one;another.",
        )
    return words


def _parse_figures(text: str) -> tuple[str, ...]:
    words = _parse_words(text)
    for word in words:
        if not _FIGURE.fullmatch(word):
            raise CellError(
                f"{word!r} is no id of a figure.", "Write ids such as F139;F140, or leave it blank."
            )
    return words


def _parse_suppliers(text: str) -> str:
    words = _parse_words(text)
    for word in words:
        parse_id(word)
    if len(words) > 1 and {"user", "computed"} & set(words):
        raise CellError(
            "An indicator is computed, supplied by users, or read from files: one of these.",
            "Write computed, user, or the formats of the files.",
        )
    return ";".join(words)


Words = Annotated[tuple[str, ...], reader(_parse_words)]
Figures = Annotated[tuple[str, ...], reader(_parse_figures, blank=())]
YesNo = Annotated[Literal["yes", "no"], choice("yes", "no")]


class Indicator(Row):
    """A row of the catalogue: what an indicator is and how its figure is to be read.

    Parameters
    ----------
    indicator : str
        Id, in lower case with underscores.
    name : str
        As a chart's title shows it.
    meaning : str
        One or two sentences for a reader who knows no jargon.
    group : str
        Heading that it stands under.
    kind : {'count', 'share', 'rate', 'mean'}
        Count of people, days or things; share in per cent; rate per population; mean or score.
    numerator, denominator : str
        In words. A count has no denominator.
    numerator_indicator, numerator_minus, denominator_indicator : str
        Of a computed indicator: value = multiplier x (numerator_indicator - numerator_minus) /
        denominator_indicator. Blank where there is none.
    multiplier : float or None
        100 for a share, 100,000 for a rate per 100,000; blank for a count, and for a mean,
        where it means 1.
    per_day : {'yes', 'no'}
        Whether the numerator is divided by the days of the period.
    monthly : {'as_is', 'sum', 'mean'}
        How daily figures become monthly ones; `as_is` where they are not daily.
    base : str
        Whom the denominator counts: ``people aged 18 and over``; blank where there is none.
    unit : str
        Of the value.
    decimals : int
        Shown, 0 to 4.
    better : {'low', 'high', 'none'}
        Which direction is better; `none` where neither is.
    interval : {'wilson', 'byar', 'none'}
        Method of the 95% interval; `none` with `interval_reason`.
    interval_reason : str
        Why there is no interval; blank where there is one.
    of : {'residents', 'trust', 'both'}
        Whose figure it is: of the people who live in the area, or of a trust wherever its
        patients live; `both` where either is published.
    profile : {'yes', 'no'}
        Whether the local data profile shows it.
    supplied_by : str
        Formats of files that give it, with a semicolon between two; ``user`` for a user's own
        table, ``computed`` from other indicators.
    source : str
        Publication that it is defined in, and how far that definition was checked.
    caveats : str
        What the figure cannot show.
    kloe : tuple of str
        Questions of a review that it informs; ids of `review_questions`.
    figures : tuple of str
        Ids of the figures of the Oxfordshire report that it is the indicator of.
    selection_metric : int or None
        1 to 6 where it is one of the six measures by which areas were chosen in 2017.
    """

    indicator: Id
    name: Text
    meaning: Text
    group: Text
    kind: Annotated[
        Literal["count", "share", "rate", "mean"], choice("count", "share", "rate", "mean")
    ]
    numerator: Text
    denominator: BlankText
    numerator_indicator: OptionalId
    numerator_minus: OptionalId
    denominator_indicator: OptionalId
    multiplier: Annotated[float | None, number(0, 1e9, blank=None, above=True)]
    per_day: YesNo
    monthly: Annotated[Literal["as_is", "sum", "mean"], choice("as_is", "sum", "mean")]
    base: BlankText
    unit: Text
    decimals: Annotated[int, whole_number(0, 4)]
    better: Annotated[Literal["low", "high", "none"], choice("low", "high", "none")]
    interval: Annotated[Literal["wilson", "byar", "none"], choice("wilson", "byar", "none")]
    interval_reason: BlankText
    of: Annotated[Literal["residents", "trust", "both"], choice("residents", "trust", "both")]
    profile: YesNo
    supplied_by: Annotated[str, reader(_parse_suppliers)]
    source: Text
    caveats: Text
    kloe: Words
    figures: Figures
    selection_metric: Annotated[int | None, whole_number(1, 6, blank=None)]

    def cells(self) -> dict[str, str]:
        """The row as text, to be written; lists have a semicolon between two."""
        lists = {"kloe": ";".join(self.kloe), "figures": ";".join(self.figures)}
        return super().cells() | lists

    @property
    def is_computed(self) -> bool:
        """Whether it is worked out from other indicators rather than read from a file."""
        return self.supplied_by == "computed"

    @property
    def formats(self) -> tuple[str, ...]:
        """Formats of files that give it; empty for a computed one and for a user's."""
        words = tuple(self.supplied_by.split(";"))
        return () if words[0] in ("user", "computed") else words

    @property
    def parts(self) -> tuple[str, ...]:
        """Ids of the indicators that it is computed from; empty for one read from a file."""
        named = (self.numerator_indicator, self.numerator_minus, self.denominator_indicator)
        return tuple(name for name in named if name)


class Question(Row):
    """A row of kloe.csv: a question of a review, in our words.

    Parameters
    ----------
    kloe : str
        Id.
    area : str
        Part of the system: `usual_place`, `crisis`, `step_down` or `system`.
    question : str
        `safe`, `effective`, `caring`, `responsive`, `well_led`; `context` for no question.
    name : str
        For a heading.
    asks : str
        The question in one sentence.
    source : str
        Where the structure comes from.
    """

    kloe: Id
    area: Annotated[str, choice("usual_place", "crisis", "step_down", "system")]
    question: Annotated[
        str, choice("safe", "effective", "caring", "responsive", "well_led", "context")
    ]
    name: Text
    asks: Text
    source: Text


@cache
def review_questions() -> Mapping[str, Question]:
    """Return the questions that an indicator may inform.

    Returns
    -------
    mapping of str to Question
        By id: three areas by four questions, well-led, and `context`.

    Examples
    --------
    >>> review_questions()["step_down_responsive"].area
    'step_down'
    """
    rows = packaged_rows("kloe", Question)
    return MappingProxyType({row.kloe: row for row in rows})


def read_catalogue(path: str | os.PathLike[str] | None = None) -> Mapping[str, Indicator]:
    """Return the indicators by id: the packaged ones, and those of a user's table.

    Parameters
    ----------
    path : path, optional
        A CSV file, or a workbook with a sheet ``catalogue``, of the columns of `Indicator`. Its
        rows are added; it may not define a packaged indicator again. None for the packaged rows
        alone.

    Returns
    -------
    mapping of str to Indicator
        In the order of the tables; cannot be changed.

    Raises
    ------
    TableError
        With every fault: an unknown or missing column, a word that is not allowed, a part that is
        no indicator, a rate without a multiplier, no interval without a reason, a circle.

    Examples
    --------
    >>> read_catalogue()["dtoc_rate"].better
    'low'
    """
    packaged = _packaged_catalogue()
    if path is None:
        return packaged
    return _read_table(user_table(Path(path), "catalogue", Indicator), packaged)


@cache
def _packaged_catalogue() -> Mapping[str, Indicator]:
    return _read_table(packaged_table("catalogue"), {})


def _read_table(table: Table, packaged: Mapping[str, Indicator]) -> Mapping[str, Indicator]:
    rows, faults = table_rows(table, Indicator)
    found: dict[str, Indicator] = dict(packaged)
    for row_number, row in rows:
        faults += check_row(table, row_number, row, review_questions())
        if row.indicator in found:
            faults.append(_twice(table, row_number, row.indicator, packaged))
        else:
            found[row.indicator] = row
    unread = {raw.cells.get("indicator", "") for raw in table.rows}
    faults += check_rows(table, rows, found, unread)
    if faults:
        raise TableError(sorted(faults, key=row_of_fault))
    return MappingProxyType(found)


def _twice(table: Table, row_number: int, name: str, packaged: Mapping[str, Indicator]) -> Fault:
    rule = "This indicator is defined twice; each has one row."
    remedy = "Remove one of the two rows."
    if name in packaged:
        rule = "This is a packaged indicator; a table may add indicators, not change them."
        remedy = f"Give yours another id, such as local_{name}."
    return Fault(table.where(row_number, "indicator"), name, rule, remedy)
