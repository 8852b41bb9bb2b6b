"""What moved by the follow-ups: the verdicts that each follow-up gave, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from wholesystem.reviews.programme.gathering import Gathered
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value

if TYPE_CHECKING:
    from wholesystem.reviews.follow_up import FollowUpResult

__all__ = ["MovedVerdict", "moved_counts_table", "moved_table", "verdicts_of"]


@dataclass(frozen=True)
class MovedVerdict:
    """What a follow-up says of one movement that a plan expected.

    Parameters
    ----------
    review : str
        Id of the review whose plan it is.
    as_of : date
        The day up to which the follow-up looked.
    action : str
        Id of the action in the plan.
    movement : str
        Id of the expected movement.
    measure : str
        Name of the indicator or measure.
    verdict, label : str
        Word of the follow-up's rule, and what people call it.
    sentence : str
        The verdict in words, with its figures.
    rests_on : str
        Where the figures stand.
    """

    review: str
    as_of: date
    action: str
    movement: str
    measure: str
    verdict: str
    label: str
    sentence: str
    rests_on: str = ""


def verdicts_of(result: FollowUpResult) -> tuple[MovedVerdict, ...]:
    """The verdicts of a follow-up, for a programme.

    Parameters
    ----------
    result : FollowUpResult
        From `follow_up`.

    Returns
    -------
    tuple of MovedVerdict
        One for each movement that the plan expects, in the plan's order.
    """
    review = result.recorded.plan.review.info.review
    return tuple(
        MovedVerdict(
            review,
            result.as_of,
            action.action.action,
            one.movement.expected_movement,
            one.name,
            one.verdict.verdict,
            one.verdict.label,
            " ".join(one.sentences),
            "; ".join(dict.fromkeys(figure.source for figure in one.rests_on)),
        )
        for action in result.actions
        for one in action.movements
    )


def moved_table(gathered: Gathered, verdicts: Sequence[MovedVerdict]) -> ResultTable:
    """Every verdict of every follow-up.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    verdicts : sequence of MovedVerdict
        Of the follow-ups that were made.

    Returns
    -------
    ResultTable
        In the order of areas; areas without a follow-up are told in a note.
    """
    names = {one.review.info.review: gathered.area_of(one) for one in gathered.reviews}
    order = {name: at for at, name in enumerate(names)}
    inside = sorted(
        (one for one in verdicts if one.review in names), key=lambda one: order[one.review]
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            names[one.review].area_code,
            names[one.review].area,
            one.review,
            one.as_of,
            one.action,
            one.movement,
            one.measure,
            one.verdict,
            one.label,
            one.sentence,
            one.rests_on,
        )
        for one in inside
    )
    followed = {names[one.review].area_code for one in inside}
    without = [one.area for one in gathered.programme.areas if one.area_code not in followed]
    notes = [f"{len(followed)} of the {len(gathered.programme.areas)} areas have a follow-up here."]
    if without:
        notes.append(f"No follow-up of {', '.join(without)} was given: nothing is said of them.")
    lost = sorted({one.review for one in verdicts} - set(names))
    if lost:
        notes.append(f"Follow-ups of reviews that were not read are left out: {', '.join(lost)}.")
    return ResultTable("moved", "What moved, by the follow-ups", _COLUMNS, rows, tuple(notes))


_COLUMNS = (
    ResultColumn("area_code", "Code"),
    ResultColumn("area", "Area"),
    ResultColumn("review", "Review"),
    ResultColumn("as_of", "Looked at on"),
    ResultColumn("action", "Action"),
    ResultColumn("movement", "Expected movement"),
    ResultColumn("measure", "Measure"),
    ResultColumn("verdict", "Verdict id"),
    ResultColumn("label", "Verdict"),
    ResultColumn("sentence", "In words"),
    ResultColumn("rests_on", "Rests on"),
)


def moved_counts_table(table: ResultTable) -> ResultTable:
    """Verdicts by measure: in how many areas each was given.

    Parameters
    ----------
    table : ResultTable
        From `moved_table`.

    Returns
    -------
    ResultTable
        A row for each measure and verdict that was given.
    """
    areas: dict[tuple[Value, Value, Value], dict[Value, None]] = {}
    for row in table.records():
        key = (row["measure"], row["verdict"], row["label"])
        areas.setdefault(key, {})[row["area"]] = None
    rows = tuple(
        (*key, len(names), "; ".join(str(name) for name in names)) for key, names in areas.items()
    )
    columns = (
        ResultColumn("measure", "Measure"),
        ResultColumn("verdict", "Verdict id"),
        ResultColumn("label", "Verdict"),
        ResultColumn("areas", "Areas"),
        ResultColumn("in_areas", "Which areas"),
    )
    return ResultTable("moved_counts", "What moved: verdicts by measure", columns, rows)
