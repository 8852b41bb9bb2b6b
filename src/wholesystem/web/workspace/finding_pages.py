"""What the pages of findings show: each with its evidence both ways and what is warned of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from wholesystem.reviews.chain import Chain, chain_of
from wholesystem.reviews.framework import Question
from wholesystem.reviews.records import AreaForImprovement, Finding
from wholesystem.reviews.review import Review
from wholesystem.reviews.rules import ReviewWarning, warnings_of
from wholesystem.web.workspace import models, policies
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.live_figures import look_up_linked
from wholesystem.web.workspace.rows import load_review, to_utc

__all__ = [
    "FindingLine",
    "FindingPage",
    "digest_of_warnings",
    "list_findings",
    "make_finding",
    "warnings_by_record",
    "why_not_confirmed",
]


class FindingLine(NamedTuple):
    """A finding as the list shows it: its question, its evidence counted, what is warned of."""

    finding: Finding
    question: Question
    count_for: int
    count_against: int
    warnings: list[ReviewWarning]


@dataclass(frozen=True)
class FindingPage:
    """A finding with all that it stands on.

    Parameters
    ----------
    finding : Finding
        Itself.
    question : Question
        That it answers.
    chain : Chain
        Evidence for and against it, and what follows from it.
    warnings : list of ReviewWarning
        What should be looked at again.
    recorded_by, confirmed_by : str
        Names; empty for nobody.
    """

    finding: Finding
    question: Question
    chain: Chain
    warnings: list[ReviewWarning]
    recorded_by: str
    confirmed_by: str

    @property
    def recorded_at(self) -> datetime:
        """When it was drafted."""
        return to_utc(self.finding.recorded_at)

    @property
    def confirmed_at(self) -> datetime | None:
        """When it was confirmed; None if it is not."""
        at = self.finding.confirmed_at
        return to_utc(at) if at else None

    @property
    def follows(self) -> tuple[AreaForImprovement, ...]:
        """Areas for improvement that follow from it."""
        return self.chain.areas_for_improvement


def warnings_by_record(review: Review, table: str, **more: Any) -> dict[str, list[ReviewWarning]]:
    """Warnings of a table's records.

    Parameters
    ----------
    review : Review
        The review.
    table : str
        Name of the table.
    **more : object
        Of `warnings_of`.

    Returns
    -------
    dict of str to list of ReviewWarning
        By record; the gravest first.
    """
    found: dict[str, list[ReviewWarning]] = {}
    for one in warnings_of(review, timezone.localdate(), **more):
        if one.table == table:
            found.setdefault(one.record, []).append(one)
    return found


def list_findings(record: models.Review, status: str = "", kloe: str = "") -> list[FindingLine]:
    """Findings in the order of their questions.

    Parameters
    ----------
    record : models.Review
        The review.
    status, kloe : str
        Narrow the list; empty for any.

    Returns
    -------
    list of FindingLine
        Within a question in order of entry.
    """
    review = load_review(record)
    places = {one.kloe: n for n, one in enumerate(_in_order(review))}
    live = look_up_linked(record, review, [one.finding for one in review.findings])
    warnings = warnings_by_record(review, "findings", figures=live)
    found = [
        one
        for one in review.findings
        if (not status or one.status == status) and (not kloe or one.kloe == kloe)
    ]
    return [
        FindingLine(
            one,
            review.framework.question_by_id[one.kloe],
            len(review.evidence_of(one.finding, "for")),
            len(review.evidence_of(one.finding, "against")),
            warnings.get(one.finding, []),
        )
        for one in sorted(found, key=lambda one: places[one.kloe])
    ]


def _in_order(review: Review) -> list[Question]:
    areas = review.framework.area_by_id
    return sorted(review.framework.questions, key=lambda one: (areas[one.area].order, one.order))


def make_finding(record: models.Review, code: str) -> FindingPage:
    """What a finding's page shows.

    Parameters
    ----------
    record : models.Review
        The review.
    code : str
        Id of a finding that it has.

    Returns
    -------
    FindingPage
        With what the figures that it cites are now.
    """
    review = load_review(record)
    finding = review.finding_by_id[code]
    live = look_up_linked(record, review, [code])
    names = {one.person: one.name for one in review.people}
    return FindingPage(
        finding,
        review.framework.question_by_id[finding.kloe],
        chain_of(review, code, live),
        warnings_by_record(review, "findings", figures=live).get(code, []),
        names.get(finding.recorded_by, finding.recorded_by),
        names.get(finding.confirmed_by, finding.confirmed_by),
    )


def digest_of_warnings(warnings: Iterable[ReviewWarning]) -> str:
    """What a confirmation page was shown, so that a change of it is seen.

    Parameters
    ----------
    warnings : iterable of ReviewWarning
        Of a finding.

    Returns
    -------
    str
        Empty if there is none.
    """
    told = "\n".join(f"{one.rule.rule} {one.sentence}" for one in warnings)
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""


def why_not_confirmed(finding: models.Finding) -> str:
    """What stands in the way of a finding's confirmation.

    Parameters
    ----------
    finding : models.Finding
        Of the database.

    Returns
    -------
    str
        A sentence that says what to do; empty if nothing does.
    """
    try:
        policies.check_can_confirm(finding)
    except PolicyError as error:
        return str(error)
    return ""
