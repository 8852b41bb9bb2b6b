"""What the pages of a question and of contradictions show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.urls import reverse

from wholesystem.reviews.framework import Prompt, Question
from wholesystem.reviews.records import Evidence, Finding, Source
from wholesystem.reviews.review import Review
from wholesystem.reviews.triangulation import Contradiction, Grid, QuestionRow, triangulate
from wholesystem.web.workspace.grids import State, kind_labels, states_of
from wholesystem.web.workspace.views.pages import Here

__all__ = [
    "Disagreement",
    "Piece",
    "QuestionPage",
    "Side",
    "contradictions_of",
    "make_question",
    "tell_pieces",
]

MOST_PIECES = 25
MOST_BESIDE = 5


@dataclass(frozen=True)
class Piece:
    """A piece of evidence as lists of it show it.

    Parameters
    ----------
    evidence : Evidence
        Itself.
    source : Source
        Where it came from.
    kind : str
        What that kind of source is called.
    about : tuple of str
        Names of the organisations.
    """

    evidence: Evidence
    source: Source
    kind: str
    about: tuple[str, ...]


class Side(NamedTuple):
    """Evidence that shows one thing: heading, the first pieces, how many, and all of them."""

    word: str
    heading: str
    pieces: list[Piece]
    total: int
    href: str


@dataclass(frozen=True)
class Disagreement:
    """A question on which evidence disagrees.

    Parameters
    ----------
    question : Question
        Which.
    sides : list of Side
        Strengths, then concerns.
    about : str
        Whether both sides are about the same organisations, as a sentence.
    considered_in : tuple of Finding
        Findings that weighed it.
    is_open : bool
        Whether it is still to be weighed.
    """

    question: Question
    sides: list[Side]
    about: str
    considered_in: tuple[Finding, ...]
    is_open: bool


@dataclass(frozen=True)
class QuestionPage:
    """All that bears on a question.

    Parameters
    ----------
    question : Question
        Itself.
    area : str
        Name of its area.
    prompts : tuple of Prompt
        What to look at and ask.
    row : QuestionRow
        Its row of the grid.
    state : State
        How well it is evidenced.
    sides : list of Side
        Strengths, concerns and what shows neither.
    contradiction : Disagreement or None
        If its evidence disagrees.
    findings : list of (Finding, int, int)
        Under it, each with how many pieces are for and against it; withdrawn ones last.
    gaps, kinds : list of str
        Kinds of source that nothing, and something, came from.
    parts : list of (Question, int)
        Questions that are parts of it, with how much evidence each has.
    whole : Question or None
        What it is a part of.
    indicators : list of (str, str)
        Name and meaning of each indicator that informs it.
    """

    question: Question
    area: str
    prompts: tuple[Prompt, ...]
    row: QuestionRow
    state: State
    sides: list[Side]
    contradiction: Disagreement | None
    findings: list[tuple[Finding, int, int]]
    gaps: list[str]
    kinds: list[str]
    parts: list[tuple[Question, int]]
    whole: Question | None
    indicators: list[tuple[str, str]]


def tell_pieces(review: Review, evidence: Iterable[Evidence]) -> list[Piece]:
    """Evidence with what a list shows beside it.

    Parameters
    ----------
    review : Review
        Whose it is.
    evidence : iterable of Evidence
        The pieces.

    Returns
    -------
    list of Piece
        In the same order, with the names of sources and organisations.
    """
    names = {one.organisation: one.name for one in review.organisations}
    labels = dict(kind_labels())
    return [
        Piece(
            one,
            source := review.source_by_id[one.source],
            labels[source.kind],
            tuple(names[code] for code in one.organisations),
        )
        for one in evidence
    ]


def _side(
    here: Here, review: Review, kloe: str, word: str, pieces: tuple[Evidence, ...], most: int
) -> Side:
    headings = {"strength": "Strengths", "concern": "Concerns", "neither": "Neither"}
    lists = reverse("workspace:evidence_list", args=[here.review.code])
    return Side(
        word,
        headings[word],
        tell_pieces(review, pieces[:most]),
        len(pieces),
        f"{lists}?kloe={kloe}&shows={word}",
    )


def make_question(here: Here, review: Review, kloe: str) -> QuestionPage:
    """What a question's page shows.

    Parameters
    ----------
    here : Here
        The review, and the person's part.
    review : Review
        The same review.
    kloe : str
        Id of a question of its framework.

    Returns
    -------
    QuestionPage
        From the whole review.
    """
    grid = triangulate(review)
    row, framework = grid.row_by_kloe[kloe], review.framework
    sides = zip(
        ("strength", "concern", "neither"),
        (row.total.strengths, row.total.concerns, row.total.neither),
        strict=True,
    )
    contradiction = grid.contradiction_by_kloe.get(kloe)
    labels = dict(kind_labels())
    return QuestionPage(
        question=row.question,
        area=framework.area_by_id[row.question.area].name,
        prompts=framework.prompts_of(kloe),
        row=row,
        state=states_of()[row.state],
        sides=[_side(here, review, kloe, word, ones, MOST_PIECES) for word, ones in sides],
        contradiction=_disagreement(here, review, grid, contradiction) if contradiction else None,
        findings=_findings(review, kloe),
        gaps=[labels[kind] for kind in grid.kinds if not row.cells[kind].count],
        kinds=[labels[kind] for kind in grid.kinds if row.cells[kind].count],
        parts=[
            (one, grid.row_by_kloe[one.kloe].total.count)
            for one in framework.questions
            if one.parent == kloe
        ],
        whole=framework.question_by_id.get(row.question.parent),
        indicators=_indicators(kloe),
    )


def _findings(review: Review, kloe: str) -> list[tuple[Finding, int, int]]:
    under = [one for one in review.findings if one.kloe == kloe]
    return [
        (
            one,
            len(review.evidence_of(one.finding, "for")),
            len(review.evidence_of(one.finding, "against")),
        )
        for one in sorted(under, key=lambda one: one.status == "withdrawn")
    ]


@cache
def _indicators(kloe: str) -> list[tuple[str, str]]:
    from wholesystem.indicators.catalogue import read_catalogue

    return [(one.name, one.meaning) for one in read_catalogue().values() if kloe in one.kloe]


def contradictions_of(here: Here, review: Review) -> list[Disagreement]:
    """Questions on which evidence disagrees.

    Parameters
    ----------
    here : Here
        The review, and the person's part.
    review : Review
        The same review.

    Returns
    -------
    list of Disagreement
        In the framework's order.
    """
    grid = triangulate(review)
    return [_disagreement(here, review, grid, one) for one in grid.contradictions]


def _disagreement(here: Here, review: Review, grid: Grid, found: Contradiction) -> Disagreement:
    sides = (("strength", found.strengths), ("concern", found.concerns))
    return Disagreement(
        review.framework.question_by_id[found.kloe],
        [_side(here, review, found.kloe, word, ones, MOST_BESIDE) for word, ones in sides],
        _about(review, found),
        tuple(review.finding_by_id[name] for name in found.considered_in),
        grid.row_by_kloe[found.kloe].state == "contradicted",
    )


def _about(review: Review, found: Contradiction) -> str:
    names = {one.organisation: one.name for one in review.organisations}
    shared = "; ".join(names[code] for code in found.organisations)
    if not found.may_meet:
        return "The two sides are about different organisations."
    if found.names_both:
        return f"Both sides are about {shared}."
    if any(one.organisations for one in (*found.strengths, *found.concerns)):
        return f"One side names no organisation, so both may be about {shared}."
    return "Neither side names an organisation, so both may be about the same."
