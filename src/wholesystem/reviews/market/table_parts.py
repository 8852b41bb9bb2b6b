"""What the tables of a money and care market share: notes, and figures that may be missing."""

from __future__ import annotations

from collections.abc import Iterable

from wholesystem.reviews.market.checks import Disagreement
from wholesystem.reviews.result_tables import ResultColumn

__all__ = ["SOURCE", "less", "notes_of", "percent_of"]

SOURCE = (ResultColumn("note", "To be known"), ResultColumn("source", "Source"))


def notes_of(found: Iterable[Disagreement], table: str, *more: str) -> tuple[str, ...]:
    """Notes of a table: those given, then what does not agree in it."""
    told = [f"Does not agree: {one.words}" for one in found if one.table == table]
    return (*(note for note in more if note), *told)


def percent_of(whole: float | None, part: float | None) -> float | None:
    """100 x part / whole; None where either is missing, or the whole is nought."""
    return None if part is None or not whole else 100 * part / whole


def less(one: float | None, other: float | None) -> float | None:
    """One less the other; None where either is missing."""
    return None if one is None or other is None else one - other
