"""Figures to be cited and cited ones: as a form carries them, and beside what stands there now."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from wholesystem.errors import UserError
from wholesystem.reviews.figure_measures import MeasureTables
from wholesystem.reviews.figure_units import unit_of_column
from wholesystem.reviews.figures import FigureSources, LiveFigure, figure_words
from wholesystem.web.workspace import models
from wholesystem.web.workspace.published import figure_sources
from wholesystem.web.workspace.rows import row_of

if TYPE_CHECKING:
    from wholesystem.reviews.figure_search import Observation

__all__ = ["is_number", "look_up_figure", "told_measure", "told_observation"]


def look_up_figure(review: models.Review, evidence: models.Evidence) -> LiveFigure:
    """The figure that evidence cites, beside what stands there now.

    Parameters
    ----------
    review : models.Review
        The review.
    evidence : models.Evidence
        That cites a figure.

    Returns
    -------
    LiveFigure
        Unavailable where the statistics cannot be read.
    """
    row = row_of("figures", evidence.figure)
    sources = figure_sources(review)
    try:
        return sources.look_up(row, evidence.text)
    except UserError:
        return FigureSources(None, sources.measures).look_up(row, evidence.text)


def told_observation(observation: Observation) -> dict[str, Any]:
    """A published figure as the form of evidence carries it.

    Parameters
    ----------
    observation : Observation
        To be cited.

    Returns
    -------
    dict
        ``row``, columns of ``figures.csv``; ``title``, ``period`` and ``shown`` for the page; and
        ``text`` to begin the evidence with.
    """
    from wholesystem.reviews.figure_search import cite

    row = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in cite(observation).items()
    }
    return {
        "row": row,
        "title": f"{observation.indicator.name}, {observation.area}",
        "period": observation.period,
        "shown": observation.words,
        "text": observation.sentence,
    }


def told_measure(
    folder: models.Measures, file: str, rows: Sequence[Mapping[str, str]], at: int, column: str
) -> dict[str, Any] | None:
    """A cell of a measure of stays as the form of evidence carries it.

    Parameters
    ----------
    folder : models.Measures
        Kept with the review.
    file : str
        Name of the table, such as ``delays.csv``.
    rows : sequence of mapping of str to str
        Of the table.
    at : int
        The row, from 0.
    column : str
        The cell's column.

    Returns
    -------
    dict or None
        As of `told_observation`. None where the cell has no number, or its row cannot be told from
        others.
    """
    key = _key_of(rows, at, column)
    name = file.removesuffix(".csv")
    tables = MeasureTables({folder.name: folder.tables})
    found = tables.look_up(folder.name, name, key, column)
    if found.value is None or not math.isclose(found.value, float(rows[at][column])):
        return None
    unit = unit_of_column(column)
    shown = figure_words(found.value, unit)
    title = f"{name.replace('_', ' ').capitalize()}, {column.replace('_', ' ')}"
    where = f"{title} ({key})" if key else title
    return {
        "row": {
            "kind": "measure", "name": name, "area_code": "", "period_start": "",
            "period_end": "", "measures": folder.name, "key": key, "column": column,
            "value": found.value, "unit": unit, "source_file": f"measures/{folder.name}/{file}",
        },
        "title": where,
        "period": f"measures {folder.name}",
        "shown": shown,
        "text": f"{where}: {shown}.",
    }  # fmt: skip


def is_number(text: str) -> bool:
    """Whether a cell holds a number.

    Parameters
    ----------
    text : str
        Of the cell.

    Returns
    -------
    bool
        False for blank, infinite and any other text.
    """
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _key_of(rows: Sequence[Mapping[str, str]], at: int, column: str) -> str:
    """By which the row is told from all others: its words, and numbers too where those need it."""
    if len(rows) == 1:
        return ""
    names = [name for name in rows[at] if name != column]
    in_words = [
        name for name in names if any(one[name] and not is_number(one[name]) for one in rows)
    ]
    chosen = in_words
    for name in [one for one in names if one not in in_words]:
        if _is_alone(rows, at, chosen):
            break
        chosen = [*chosen, name]
    return "; ".join(f"{name}={rows[at][name]}" for name in chosen)


def _is_alone(rows: Sequence[Mapping[str, str]], at: int, names: Sequence[str]) -> bool:
    mine = [rows[at][name] for name in names]
    return sum([one[name] for name in names] == mine for one in rows) == 1
