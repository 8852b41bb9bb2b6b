"""A follow-up as one flat table: a row an expected movement, for spreadsheets and programmes."""

from __future__ import annotations

import math

from wholesystem.reviews.follow_up.following import (
    FollowedAction,
    FollowedMovement,
    FollowUpResult,
)
from wholesystem.reviews.follow_up.observed import Period
from wholesystem.reviews.follow_up.verdict import change_of
from wholesystem.tables.cells import number_text
from wholesystem.tables.writing import csv_bytes

__all__ = ["RESULT_COLUMNS", "follow_up_csv", "follow_up_rows"]

#: Columns of the table, in order.
RESULT_COLUMNS = (
    "action", "areas_for_improvement", "owner", "status", "said_on", "claim", "evidence",
    "expected_movement", "name", "area", "direction", "verdict", "why", "unit", "before",
    "before_start", "before_end", "since", "since_start", "since_end", "change", "change_in",
    "others", "others_change", "target", "reached", "words",
)  # fmt: skip


def follow_up_rows(result: FollowUpResult) -> list[dict[str, str]]:
    """A follow-up as one flat table.

    Parameters
    ----------
    result : FollowUpResult
        From `follow_up`.

    Returns
    -------
    list of dict of str to str
        A row for each expected movement, and one for each action without any, in the plan's
        order. `before` is the mean that changes are counted from; `others` those that decide;
        changes are shares of the figure before where `change_in` is ``share``, else in the unit.
    """
    return [
        row
        for action in result.actions
        for row in (
            [_of_action(action) | _of_movement(one) for one in action.movements]
            or [dict.fromkeys(RESULT_COLUMNS, "") | _of_action(action)]
        )
    ]


def follow_up_csv(result: FollowUpResult) -> bytes:
    """A follow-up as a CSV file.

    Parameters
    ----------
    result : FollowUpResult
        From `follow_up`.

    Returns
    -------
    bytes
        UTF-8; no cell is taken for a formula by a spreadsheet.
    """
    return csv_bytes(RESULT_COLUMNS, follow_up_rows(result))


def _of_action(one: FollowedAction) -> dict[str, str]:
    latest = one.progress[0] if one.progress else None
    return {
        "action": one.action.action,
        "areas_for_improvement": "; ".join(one.action.areas_for_improvement),
        "owner": one.action.owner,
        "status": one.status,
        "said_on": latest.on.isoformat() if latest else "",
        "claim": latest.claim if latest else "",
        "evidence": "; ".join(latest.evidence) if latest else "",
    }


def _of_movement(one: FollowedMovement) -> dict[str, str]:
    found = {
        "expected_movement": one.movement.expected_movement,
        "name": one.movement.name,
        "area": one.area,
        "direction": one.movement.direction,
        "verdict": one.verdict.verdict,
        "why": one.why,
        "unit": one.unit,
        "target": _number(one.target.value),
        "reached": one.target.reached,
        "words": " ".join(one.sentences),
    }
    return {name: found.get(name, "") for name in RESULT_COLUMNS[7:]} | _figures(one)


def _figures(one: FollowedMovement) -> dict[str, str]:
    judged = one.judged
    if judged is None:
        return {}
    moved = judged.moved
    first = judged.beside[0] if judged.beside else None
    before = moved.of_level(moved.sign.before)
    others = change_of(first.before, first.since, by_ratio=judged.by_ratio) if first else math.nan
    return {
        "before": _number(moved.before),
        "since": _number(moved.since),
        "change": _number(change_of(moved.before, moved.since, by_ratio=judged.by_ratio)),
        "change_in": "share" if judged.by_ratio else "unit",
        "others": first.observed.label if first else "",
        "others_change": _number(others),
        **_ends("before", before),
        **_ends("since", moved.since_periods),
    }


def _ends(name: str, periods: tuple[Period, ...]) -> dict[str, str]:
    if not periods:
        return {}
    return {
        f"{name}_start": periods[0].start.isoformat(),
        f"{name}_end": periods[-1].end.isoformat(),
    }


def _number(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else number_text(value)
