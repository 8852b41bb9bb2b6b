"""What a review holds and lacks, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from wholesystem.reviews.review import TABLES, Review
from wholesystem.reviews.rules import ReviewWarning, warnings_of
from wholesystem.reviews.triangulation import STATES, Grid, triangulate
from wholesystem.reviews.words import word_labels

if TYPE_CHECKING:
    from wholesystem.reviews.figures import LiveFigure
    from wholesystem.reviews.rules_table import Rules

__all__ = ["count_lines", "question_lines", "warning_lines"]

LONGEST_NAME = 44
LONGEST_STATE = max(map(len, STATES))
MOST_OF_A_RULE = 5


def count_lines(review: Review) -> list[str]:
    """How many rows each table has, and how long the history is.

    Parameters
    ----------
    review : Review
        The review.

    Returns
    -------
    list of str
        One line each.
    """
    tables = review.tables()
    lines = [f"{name.replace('_', ' ')}: {len(tables[name])}" for name in TABLES]
    return [*lines, f"events of history: {len(review.history)}"]


def question_lines(review: Review, rules: Rules | None = None) -> list[str]:
    """Evidence that stands, by question and kind of source, with findings and what is thin.

    Parameters
    ----------
    review : Review
        The review.
    rules : Rules, optional
        Thresholds of what is thin or contradicted; the packaged ones if not given.

    Returns
    -------
    list of str
        A table: a line for each question of the framework, in its order, and one for evidence that
        nobody has coded; below it how many questions are in each state. Kinds of which there is no
        source have no column.
    """
    grid = triangulate(review, rules)
    used = {one.kind for one in review.sources}
    kinds = [kind for kind in grid.kinds if kind in used]
    heads = ["findings", *(word_labels("source_kinds")[kind][0] for kind in kinds)]
    rows = [*_rows(review, grid, kinds)]
    wide = max(len(name) for name, _, _ in rows)
    lines = ["  ".join([" " * (wide + 2 + LONGEST_STATE), *heads])]
    for name, state, counts in rows:
        numbers = [str(n).rjust(len(head)) for n, head in zip(counts, heads, strict=True)]
        lines.append("  ".join([name.ljust(wide), state.ljust(LONGEST_STATE), *numbers]))
    states = ", ".join(f"{many} {state}" for state, many in grid.count_states().items())
    return [*lines, f"Questions: {states}."]


def _rows(review: Review, grid: Grid, kinds: list[str]) -> Iterator[tuple[str, str, list[int]]]:
    for row in grid.rows:
        area, name = review.framework.area_by_id[row.question.area].name, row.question.name
        called = name if name.startswith(area) else f"{area}: {name}"
        counts = [row.findings, *(row.cells[kind].count for kind in kinds)]
        yield _shorten(called), row.state, counts
    if grid.uncoded:
        of_kinds = [review.source_by_id[one.source].kind for one in grid.uncoded]
        yield "(not coded)", "", [0, *(of_kinds.count(kind) for kind in kinds)]


def _shorten(name: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in name)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 3]}..."


def warning_lines(
    review: Review,
    today: date,
    *,
    rules: Rules | None = None,
    figures: Mapping[str, LiveFigure] | None = None,
) -> list[str]:
    """What a review should look at again.

    Parameters
    ----------
    review : Review
        The review.
    today : date
        From which age and due dates are counted.
    rules : Rules, optional
        The packaged ones if not given.
    figures : mapping of str to LiveFigure, optional
        What cited figures are now, by the id of the evidence; none is looked at if not given.

    Returns
    -------
    list of str
        For each rule that warns a line with how often, one with why, and the first five.
    """
    by_rule: dict[str, list[ReviewWarning]] = {}
    for one in warnings_of(review, today, rules=rules, figures=figures):
        by_rule.setdefault(one.rule.rule, []).append(one)
    lines = []
    for warnings in by_rule.values():
        rule = warnings[0].rule
        lines += [f"Warning: {rule.label}: {len(warnings)}", f"  ({rule.why})"]
        lines += [f"  {one.record}: {one.sentence}" for one in warnings[:MOST_OF_A_RULE]]
        more = len(warnings) - MOST_OF_A_RULE
        lines += [f"  ... and {more} more"] if more > 0 else []
    return lines
