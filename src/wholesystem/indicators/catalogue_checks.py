"""Rules of the catalogue that hold between cells of a row, and between rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from wholesystem.errors import Fault
from wholesystem.tables import Table
from wholesystem.tables.cells import closest

if TYPE_CHECKING:
    from wholesystem.indicators.catalogue import Indicator

__all__ = ["check_row", "check_rows"]

_ID = re.compile(r"[a-z][a-z0-9_]*")
PARTS = ("numerator_indicator", "numerator_minus", "denominator_indicator")

# (column, rule, remedy) of a row; the cell's text is taken from the row.
Breach = tuple[str, str, str]


def check_row(
    table: Table, row_number: int, row: Indicator, questions: Collection[str]
) -> list[Fault]:
    """Faults between the cells of one row.

    Parameters
    ----------
    table : Table
        That it stands in, for the place.
    row_number : int
        As a spreadsheet numbers it.
    row : Indicator
        Each cell already right by itself.
    questions : collection of str
        Ids that the column kloe may hold.

    Returns
    -------
    list of Fault
        Empty if there is none.
    """
    breaches = [*_of_id(row), *_of_kind(row), *_of_interval(row), *_of_parts(row)]
    breaches += _of_questions(row, questions)
    texts = next((raw.cells for raw in table.rows if raw.number == row_number), {})
    return [
        Fault(table.where(row_number, column), texts.get(column, ""), rule, remedy)
        for column, rule, remedy in breaches
    ]


def _of_id(row: Indicator) -> Iterator[Breach]:
    if not _ID.fullmatch(row.indicator):
        yield (
            "indicator",
            "An id has lower-case letters, digits and underscores, and starts with a letter.",
            "Write one such as dtoc_rate.",
        )


def _of_kind(row: Indicator) -> Iterator[Breach]:
    if row.kind == "count":
        yield from _of_count(row)
    elif row.kind in ("rate", "share"):
        yield from _of_ratio(row)
    if row.kind == "share" and row.unit != "%":
        yield "unit", "A share is in per cent.", "Write %."


def _of_count(row: Indicator) -> Iterator[Breach]:
    for column in ("denominator", "denominator_indicator", "base"):
        if getattr(row, column):
            yield column, "A count has no denominator.", "Clear it, or make the kind rate or share."
    if row.multiplier is not None:
        yield "multiplier", "A count has no multiplier.", "Clear it."


def _of_ratio(row: Indicator) -> Iterator[Breach]:
    for column in ("denominator", "base"):
        if not getattr(row, column):
            yield column, f"A {row.kind} needs one.", "Say in words whom or what it is out of."
    if row.multiplier is None:
        example = "100" if row.kind == "share" else "100000"
        yield "multiplier", f"A {row.kind} needs a multiplier.", f"Write one such as {example}."
    elif row.kind == "share" and row.multiplier != 100:
        yield "multiplier", "A share is in per cent.", "Write 100."


def _of_interval(row: Indicator) -> Iterator[Breach]:
    if row.interval == "none":
        if not row.interval_reason:
            yield (
                "interval_reason",
                "Where there is no interval the reason must be given.",
                "Say why, such as: Bed days are not independent events.",
            )
        return
    if row.interval_reason:
        yield "interval_reason", "There is an interval, so no reason against one.", "Clear it."
    if row.interval == "wilson" and row.kind != "share":
        yield "interval", "A Wilson interval is for a share.", "Write byar or none."
    if row.interval == "byar" and row.kind not in ("count", "rate"):
        yield "interval", "A Byar interval is for a count or a rate.", "Write wilson or none."


def _of_parts(row: Indicator) -> Iterator[Breach]:
    if not row.is_computed:
        for column in PARTS:
            if getattr(row, column):
                yield (
                    column,
                    "Only a computed indicator is made of others.",
                    "Clear it, or write computed under supplied_by.",
                )
        if row.per_day == "yes":
            yield "per_day", "Only a computed indicator is divided by days.", "Write no."
        return
    if not row.numerator_indicator:
        yield "numerator_indicator", "A computed indicator needs one.", "Name the indicator."
    if row.kind in ("rate", "share") and not row.denominator_indicator:
        yield "denominator_indicator", f"A computed {row.kind} needs one.", "Name the indicator."


def _of_questions(row: Indicator, questions: Collection[str]) -> Iterator[Breach]:
    for name in row.kloe:
        if name not in questions:
            near = closest(name, questions)
            yield (
                "kloe",
                f"{name!r} is no question of a review.",
                f"Did you mean {near}?" if near else f"Write one of {', '.join(questions)}.",
            )


def check_rows(
    table: Table,
    rows: Sequence[tuple[int, Indicator]],
    known: Mapping[str, Indicator],
    written: Collection[str],
) -> list[Fault]:
    """Faults between rows: parts that are not there or do not fit, circles, double metrics.

    Parameters
    ----------
    table : Table
        That they stand in, for the place.
    rows : sequence of (int, Indicator)
        Row numbers and rows of this table.
    known : mapping of str to Indicator
        Every indicator, of this table and of the packaged one.
    written : collection of str
        Ids as they stand in this table, those of faulty rows too, which are not told again.

    Returns
    -------
    list of Fault
        Empty if there is none.
    """
    faults = []
    metrics: dict[int, str] = {}
    for name, one in known.items():
        if one.selection_metric:
            metrics.setdefault(one.selection_metric, name)
    for row_number, row in rows:
        for column, rule, remedy in _between(row, known, written, metrics):
            value = str(getattr(row, column))
            faults.append(Fault(table.where(row_number, column), value, rule, remedy))
    return faults


def _between(
    row: Indicator,
    known: Mapping[str, Indicator],
    written: Collection[str],
    metrics: Mapping[int, str],
) -> Iterator[Breach]:
    for column in PARTS:
        name = getattr(row, column)
        if name and name in known:
            yield from _fits(row, column, known[name])
        elif name and name not in written:
            near = closest(name, known)
            remedy = f"Did you mean {near}?" if near else "Add a row for it."
            yield column, "There is no such indicator.", remedy
    if circle := _circle(row.indicator, known):
        rule = f"It is made of itself: {' of '.join(circle)}."
        yield "numerator_indicator", rule, "Name an indicator that is read from a file."
    if row.selection_metric and metrics[row.selection_metric] != row.indicator:
        rule = f"{metrics[row.selection_metric]} is this measure already."
        yield "selection_metric", rule, "Clear one of the two."


def _fits(row: Indicator, column: str, part: Indicator) -> Iterator[Breach]:
    if "both" not in (row.of, part.of) and part.of != row.of:
        rule = f"{part.indicator} is of {_whose(part.of)}, this one of {_whose(row.of)}."
        yield column, rule, "Name one of the same people, or write both under of."


def _whose(of: str) -> str:
    return "the residents" if of == "residents" else "a trust"


def _circle(name: str, known: Mapping[str, Indicator]) -> list[str]:
    """Path from an indicator back to itself through its parts; empty if there is none."""
    paths = [[name]]
    seen = {name}
    while paths:
        path = paths.pop()
        for part in known[path[-1]].parts if path[-1] in known else ():
            if part == name:
                return [*path, name]
            if part not in seen:
                seen.add(part)
                paths.append([*path, part])
    return []
