"""Triangulation: each question by each kind of source, and where the evidence disagrees.

Withdrawn evidence, and evidence of withdrawn sources, counts nowhere. One piece of evidence that
speaks to two questions counts under both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from wholesystem.reviews.framework import Question
from wholesystem.reviews.records import Evidence
from wholesystem.reviews.review import Review
from wholesystem.reviews.rules_table import Rules, packaged_rules
from wholesystem.reviews.words import SOURCE_KINDS, word_labels

__all__ = ["Cell", "Contradiction", "Grid", "QuestionRow", "grid_table", "triangulate"]

STATES = ("nothing", "contradicted", "thin", "well evidenced")


@dataclass(frozen=True)
class Cell:
    """Evidence on one question from one kind of source, or from all.

    Parameters
    ----------
    strengths, concerns, neither : tuple of Evidence
        What it shows, in order of entry.
    sources : int
        Distinct sources that it comes from.
    """

    strengths: tuple[Evidence, ...] = ()
    concerns: tuple[Evidence, ...] = ()
    neither: tuple[Evidence, ...] = ()
    sources: int = 0

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All of it: strengths, concerns, and what shows neither."""
        return self.strengths + self.concerns + self.neither

    @property
    def count(self) -> int:
        """How many pieces; 0 is a gap."""
        return len(self.strengths) + len(self.concerns) + len(self.neither)


@dataclass(frozen=True)
class Contradiction:
    """A question on which evidence shows a strength and other evidence a concern.

    Parameters
    ----------
    kloe : str
        The question.
    strengths, concerns : tuple of Evidence
        Both sides.
    organisations : tuple of str
        Those that both sides are about: the sharper contradiction. Empty if they share none. A
        side of which no piece names any may be about all: then the other side's, or where that
        names none either, all of the review's.
    considered_in : tuple of str
        Findings under the question, withdrawn ones aside, that have evidence that stands on both
        their sides and say how the contrary was weighed.
    """

    kloe: str
    strengths: tuple[Evidence, ...]
    concerns: tuple[Evidence, ...]
    organisations: tuple[str, ...]
    considered_in: tuple[str, ...]

    @property
    def names_both(self) -> bool:
        """Whether on each side some piece names an organisation."""
        return all(
            any(one.organisations for one in side) for side in (self.strengths, self.concerns)
        )

    @property
    def may_meet(self) -> bool:
        """Whether both sides are, or may be, about the same organisation."""
        return bool(self.organisations) or not self.names_both


@dataclass(frozen=True)
class QuestionRow:
    """One question of the grid.

    Parameters
    ----------
    question : Question
        Of the framework.
    cells : mapping of str to Cell
        By kind of source, every kind.
    total : Cell
        All kinds together.
    with_parts : Cell
        The same, with the evidence of the questions that are parts of this one, each piece once.
    findings : int
        Under the question, withdrawn ones aside.
    newest, oldest : date or None
        Of the evidence that has a date, its own or its source's.
    state : str
        ``nothing``, ``contradicted``, ``thin`` or ``well evidenced``, by the rules' thresholds.
    """

    question: Question
    cells: Mapping[str, Cell]
    total: Cell
    with_parts: Cell
    findings: int
    newest: date | None
    oldest: date | None
    state: str


@dataclass(frozen=True)
class Grid:
    """Questions by kinds of source.

    Parameters
    ----------
    kinds : tuple of str
        The columns: every kind of source, also one that nobody has used.
    rows : tuple of QuestionRow
        In the framework's order.
    contradictions : tuple of Contradiction
        In the framework's order.
    uncoded : tuple of Evidence
        What stands and speaks to no question yet.
    """

    kinds: tuple[str, ...]
    rows: tuple[QuestionRow, ...]
    contradictions: tuple[Contradiction, ...]
    uncoded: tuple[Evidence, ...]

    @cached_property
    def row_by_kloe(self) -> dict[str, QuestionRow]:
        """Rows by the id of their question."""
        return {row.question.kloe: row for row in self.rows}

    @cached_property
    def contradiction_by_kloe(self) -> dict[str, Contradiction]:
        """Contradictions by the id of their question."""
        return {one.kloe: one for one in self.contradictions}

    def count_states(self) -> dict[str, int]:
        """How many questions are in each state.

        Returns
        -------
        dict of str to int
            Of every state, also those that no question is in.
        """
        return {state: sum(row.state == state for row in self.rows) for state in STATES}


def triangulate(review: Review, rules: Rules | None = None) -> Grid:
    """The grid of a review.

    Parameters
    ----------
    review : Review
        The review.
    rules : Rules, optional
        Thresholds of what is thin or contradicted; the packaged ones if not given.

    Returns
    -------
    Grid
        In time that grows as the evidence does.
    """
    rules = rules or packaged_rules()
    current = {one.evidence: one for one in review.evidence if review.is_current(one)}
    by_kloe: dict[str, list[Evidence]] = defaultdict(list)
    for one in current.values():
        for kloe in one.kloe:
            by_kloe[kloe].append(one)
    found = {one.kloe: one for one in _contradictions(review, by_kloe)}
    ordered = sorted(review.framework.questions, key=lambda one: _place(review, one))
    parts = _parts(review)
    places = {name: at for at, name in enumerate(current)}
    return Grid(
        kinds=SOURCE_KINDS,
        rows=tuple(_row(review, one, by_kloe, parts, places, found, rules) for one in ordered),
        contradictions=tuple(found[one.kloe] for one in ordered if one.kloe in found),
        uncoded=tuple(one for one in current.values() if not one.kloe),
    )


def _place(review: Review, question: Question) -> tuple[int, int]:
    return review.framework.area_by_id[question.area].order, question.order


def _parts(review: Review) -> dict[str, set[str]]:
    """Each question with all that are parts of it, parts of parts too."""
    parents = {one.kloe: one.parent for one in review.framework.questions}
    parts: dict[str, set[str]] = {kloe: {kloe} for kloe in parents}
    for kloe in parents:
        above = parents[kloe]
        while above:
            parts[above].add(kloe)
            above = parents[above]
    return parts


def _cell(review: Review, evidence: Iterable[Evidence]) -> Cell:
    shown: dict[str, list[Evidence]] = {"strength": [], "concern": [], "neither": []}
    sources = set()
    for one in evidence:
        shown[one.shows].append(one)
        sources.add(one.source)
    return Cell(
        tuple(shown["strength"]), tuple(shown["concern"]), tuple(shown["neither"]), len(sources)
    )


def _row(
    review: Review,
    question: Question,
    by_kloe: Mapping[str, list[Evidence]],
    parts: Mapping[str, set[str]],
    places: Mapping[str, int],
    contradictions: Mapping[str, Contradiction],
    rules: Rules,
) -> QuestionRow:
    evidence = by_kloe.get(question.kloe, [])
    by_kind: dict[str, list[Evidence]] = defaultdict(list)
    for one in evidence:
        by_kind[review.source_by_id[one.source].kind].append(one)
    cells = {kind: _cell(review, by_kind[kind]) for kind in SOURCE_KINDS}
    total = _cell(review, evidence)
    together = total
    if len(parts[question.kloe]) > 1:
        together = _cell(review, _of_parts(by_kloe, parts[question.kloe], places))
    dates = sorted(day for one in evidence if (day := review.date_of(one)) is not None)
    return QuestionRow(
        question=question,
        cells=cells,
        total=total,
        with_parts=together,
        findings=sum(
            one.kloe == question.kloe and one.status != "withdrawn" for one in review.findings
        ),
        newest=dates[-1] if dates else None,
        oldest=dates[0] if dates else None,
        state=_state(cells, total, contradictions.get(question.kloe), rules),
    )


def _of_parts(
    by_kloe: Mapping[str, list[Evidence]], kloes: Iterable[str], places: Mapping[str, int]
) -> list[Evidence]:
    """Evidence on any of the questions, each piece once, in order of entry."""
    found = {one.evidence: one for kloe in kloes for one in by_kloe.get(kloe, ())}
    return sorted(found.values(), key=lambda one: places[one.evidence])


def _state(
    cells: Mapping[str, Cell], total: Cell, contradiction: Contradiction | None, rules: Rules
) -> str:
    if not total.count:
        return "nothing"
    if contradiction is not None and _is_open(contradiction, rules):
        return "contradicted"
    kinds = sum(cell.count > 0 for cell in cells.values())
    if total.sources < rules.threshold("few_sources") or kinds < rules.threshold("few_kinds"):
        return "thin"
    return "well evidenced"


def _is_open(contradiction: Contradiction, rules: Rules) -> bool:
    """Whether the two sides are near in weight, about the same organisation, and not yet weighed.

    Good and bad stand beside each other under nearly every question of a real review; a lead must
    see the ones that are still to be weighed.
    """
    sides = sorted((len(contradiction.strengths), len(contradiction.concerns)))
    near = sides[0] >= rules.threshold("contradicted_share") * sides[1]
    return near and contradiction.may_meet and not contradiction.considered_in


def _contradictions(
    review: Review, by_kloe: Mapping[str, list[Evidence]]
) -> Iterator[Contradiction]:
    considered: dict[str, list[str]] = defaultdict(list)
    for finding in review.findings:
        stands = [
            any(review.is_current(one) for one in review.evidence_of(finding.finding, side))
            for side in ("for", "against")
        ]
        if finding.status != "withdrawn" and finding.contrary_considered and all(stands):
            considered[finding.kloe].append(finding.finding)
    for kloe, evidence in by_kloe.items():
        cell = _cell(review, evidence)
        if cell.strengths and cell.concerns:
            about = [
                {name for one in side for name in one.organisations}
                for side in (cell.strengths, cell.concerns)
            ]
            shared = [
                one.organisation
                for one in review.organisations
                if all(one.organisation in names for names in about if names)
            ]
            yield Contradiction(
                kloe, cell.strengths, cell.concerns, tuple(shared), tuple(considered[kloe])
            )


def grid_table(grid: Grid, review: Review) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The grid as text, for a file or a terminal.

    Parameters
    ----------
    grid : Grid
        Of the review.
    review : Review
        For the names of its areas.

    Returns
    -------
    columns : tuple of str
        Question, area, name, state, then for each kind and for all: evidence, strengths, concerns.
    rows : list of tuple of str
        One a question.
    """
    labels = [word_labels("source_kinds")[kind][0] for kind in grid.kinds]
    counted = [
        f"{label}: {what}"
        for label in (*labels, "All kinds")
        for what in ("evidence", "strengths", "concerns")
    ]
    columns = (
        *("question", "area", "name", "state", "sources", "findings"),
        *counted,
        "newest",
        "oldest",
    )
    rows = []
    for row in grid.rows:
        cells = [*(row.cells[kind] for kind in grid.kinds), row.total]
        numbers = [n for one in cells for n in (one.count, len(one.strengths), len(one.concerns))]
        rows.append(
            (
                row.question.kloe,
                review.framework.area_by_id[row.question.area].name,
                row.question.name,
                row.state,
                str(row.total.sources),
                str(row.findings),
                *(str(number) for number in numbers),
                "" if row.newest is None else row.newest.isoformat(),
                "" if row.oldest is None else row.oldest.isoformat(),
            )
        )
    return columns, rows
