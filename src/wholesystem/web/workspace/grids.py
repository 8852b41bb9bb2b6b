"""The grid as its page shows it: questions by kinds of source, every number with where it leads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from django.urls import reverse

from wholesystem.reviews.framework import Question
from wholesystem.reviews.rules_table import packaged_rules
from wholesystem.reviews.triangulation import STATES, Cell, Grid, QuestionRow
from wholesystem.reviews.words import word_labels
from wholesystem.web.workspace.views.pages import Here

__all__ = ["GridArea", "GridCell", "GridLine", "State", "grid_areas", "kind_labels", "states_of"]


class State(NamedTuple):
    """How well a question is evidenced: word, label, colour of its tag, meaning."""

    word: str
    label: str
    colour: str
    meaning: str


class GridCell(NamedTuple):
    """Evidence on a question from one kind of source: its label, and rows of text and address.

    No row is a gap.
    """

    label: str
    rows: tuple[tuple[str, str], ...]


class GridLine(NamedTuple):
    """A question of the grid: itself, its page, its state, its cells, and all kinds together.

    Its gaps are told in words too, for narrow screens, where no cell stands for them.
    """

    question: Question
    href: str
    state: State
    row: QuestionRow
    cells: list[GridCell]
    total: GridCell
    gaps: str


class GridArea(NamedTuple):
    """An area of the framework with its questions."""

    name: str
    lines: list[GridLine]


def states_of() -> dict[str, State]:
    """States of a question, with what each means by the rules' thresholds.

    Returns
    -------
    dict of str to State
        By word, the gravest first.
    """
    rules = packaged_rules()
    sources, kinds = (int(rules.threshold(name)) for name in ("few_sources", "few_kinds"))
    told = {
        "nothing": ("Nothing", "grey", "No evidence that stands speaks to it."),
        "contradicted": (
            "Contradicted",
            "orange",
            "Strengths and concerns about the same organisations are near in number, and no"
            " finding has weighed them.",
        ),
        "thin": (
            "Thin",
            "yellow",
            f"There is evidence, from fewer than {sources} sources or fewer than {kinds} kinds of"
            " source.",
        ),
        "well evidenced": (
            "Well evidenced",
            "green",
            f"Evidence from at least {sources} sources of at least {kinds} kinds.",
        ),
    }
    return {word: State(word, *told[word]) for word in STATES}


def kind_labels() -> list[tuple[str, str]]:
    """Kinds of source with their labels.

    Returns
    -------
    list of (str, str)
        In the grid's order.
    """
    return [(word, label) for word, (label, _) in word_labels("source_kinds").items()]


def grid_areas(here: Here, grid: Grid, only: str = "") -> list[GridArea]:
    """The grid, area by area.

    Parameters
    ----------
    here : Here
        The review.
    grid : Grid
        Of the review.
    only : str
        A state; questions in any other are left out. All are there if empty.

    Returns
    -------
    list of GridArea
        In the framework's order; no area without a question.
    """
    lists = reverse("workspace:evidence_list", args=[here.review.code])
    states, labels = states_of(), dict(kind_labels())
    areas: dict[str, GridArea] = {}
    for row in grid.rows:
        if only and row.state != only:
            continue
        base = f"{lists}?kloe={quote(row.question.kloe)}"
        area = here.framework.area_by_id[row.question.area]
        one = areas.setdefault(area.area, GridArea(area.name, []))
        cells = [_cell(labels[k], row.cells[k], f"{base}&kind={quote(k)}") for k in grid.kinds]
        href = reverse("workspace:question", args=[here.review.code, row.question.kloe])
        total = _cell("All kinds", row.total, base)
        gaps = ", ".join(cell.label for cell in cells if not cell.rows).lower()
        one.lines.append(GridLine(row.question, href, states[row.state], row, cells, total, gaps))
    return list(areas.values())


_SIDES = (("strength", "strengths"), ("concern", "concerns"), ("neither", "neither"))


def _cell(label: str, cell: Cell, href: str) -> GridCell:
    return GridCell(label, tuple(_rows(cell, href)))


def _rows(cell: Cell, href: str) -> Iterable[tuple[str, str]]:
    counts = (len(cell.strengths), len(cell.concerns), len(cell.neither))
    for (word, many), count in zip(_SIDES, counts, strict=True):
        if count:
            yield f"{count} {word if count == 1 else many}", f"{href}&shows={word}"
