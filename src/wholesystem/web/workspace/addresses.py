"""Ids that can stand in the address of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.framework import Framework
from wholesystem.reviews.review import Review
from wholesystem.tables.rows import Row

__all__ = ["check_framework_ids", "check_review_ids"]

# Tables whose first column is another record's id, which is told where that stands.
_LINKS = (
    "anchors",
    "case_answers",
    "case_delays",
    "case_stays",
    "figures",
    "finding_evidence",
)
_RULE = "A / parts an address; here the id is part of one."


def check_review_ids(review: Review) -> None:
    """Refuse a review with ids that no page could have.

    Parameters
    ----------
    review : Review
        To be stored.

    Raises
    ------
    TableError
        With every such id.
    """
    of_their_own = {name: rows for name, rows in review.tables().items() if name not in _LINKS}
    _check({"review": (review.info,), **of_their_own})


def check_framework_ids(framework: Framework) -> None:
    """Refuse a framework with ids that no page could have.

    Parameters
    ----------
    framework : Framework
        To be kept.

    Raises
    ------
    TableError
        With every such id.
    """
    _check({"framework": (framework.info,), "questions": framework.questions})


def _check(tables: Mapping[str, Iterable[Row]]) -> None:
    faults = []
    for table, rows in tables.items():
        for number, row in enumerate(rows, start=2):
            key = row.columns()[0]
            code = str(getattr(row, key))
            if "/" in code:
                where = f"{table}.csv row {number}, column {key}"
                faults.append(Fault(where, code, _RULE, "Write _ in its place."))
    if faults:
        raise TableError(faults)
