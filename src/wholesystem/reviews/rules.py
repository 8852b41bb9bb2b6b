"""What a review should look at again: each warning by a rule that says why.

A warning stops nothing. It says what was found, of which record, and what can be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from wholesystem.reviews.records import Evidence, Finding
from wholesystem.reviews.review import Review
from wholesystem.reviews.rules_table import Rule, Rules, packaged_rules
from wholesystem.reviews.triangulation import Contradiction, Grid, triangulate
from wholesystem.reviews.words import word_labels

if TYPE_CHECKING:
    from wholesystem.reviews.figures import LiveFigure

__all__ = ["ReviewWarning", "warnings_of"]

MOST_NAMED = 6


@dataclass(frozen=True)
class ReviewWarning:
    """One warning.

    Parameters
    ----------
    rule : Rule
        Whose label and reason are shown beside it.
    table, record : str
        What it is of: name of the table (``questions`` for a question) and id of the row.
    sentence : str
        What was found.
    remedy : str
        What can be done.
    """

    rule: Rule
    table: str
    record: str
    sentence: str
    remedy: str


@dataclass(frozen=True)
class _Asked:
    review: Review
    grid: Grid
    today: date
    figures: Mapping[str, LiveFigure]
    rules: Rules

    def open_findings(self) -> Iterator[tuple[Finding, tuple[Evidence, ...]]]:
        """Findings that are not withdrawn, with the evidence for them that stands."""
        for finding in self.review.findings:
            if finding.status != "withdrawn":
                linked = self.review.evidence_of(finding.finding, "for")
                yield finding, tuple(one for one in linked if self.review.is_current(one))


Found = Iterator[tuple[str, str, str, str]]


def warnings_of(
    review: Review,
    today: date,
    *,
    figures: Mapping[str, LiveFigure] | None = None,
    rules: Rules | None = None,
    grid: Grid | None = None,
) -> tuple[ReviewWarning, ...]:
    """What a review should look at again.

    Parameters
    ----------
    review : Review
        The review.
    today : date
        From which age and due dates are counted.
    figures : mapping of str to LiveFigure, optional
        What the cited figures are now, by the id of the evidence; none is looked at if not given.
    rules : Rules, optional
        The packaged ones if not given.
    grid : Grid, optional
        Of the review, where it was made already.

    Returns
    -------
    tuple of ReviewWarning
        In the order of the rules, the gravest first; within a rule in order of entry, questions
        in the framework's.
    """
    rules = rules or packaged_rules()
    asked = _Asked(review, grid or triangulate(review, rules), today, figures or {}, rules)
    return tuple(
        ReviewWarning(rule, *found)
        for rule in rules.rows
        if rule.on == "yes"
        for found in _FINDERS[rule.rule](asked)
    )


def _few_sources(asked: _Asked) -> Found:
    least = asked.rules.threshold("few_sources")
    for finding, evidence in asked.open_findings():
        sources = {one.source for one in evidence}
        if evidence and len(sources) < least:
            names = ", ".join(sorted(sources))
            yield (
                "findings",
                finding.finding,
                f"It rests on {len(sources)} source{'' if len(sources) == 1 else 's'}: {names}.",
                "Look for another source that says the same, or the contrary.",
            )


def _few_kinds(asked: _Asked) -> Found:
    least = asked.rules.threshold("few_kinds")
    labels = word_labels("source_kinds")
    # One source is of one kind: said once, where the rule on sources says it.
    single_is_told = asked.rules.is_on("few_sources") and asked.rules.threshold("few_sources") > 1
    for finding, evidence in asked.open_findings():
        sources = {one.source for one in evidence}
        kinds = {asked.review.source_by_id[name].kind for name in sources}
        if evidence and len(kinds) < least and not (single_is_told and len(sources) == 1):
            named = ", ".join(labels[kind][0].lower() for kind in sorted(kinds))
            many = "one kind" if len(kinds) == 1 else f"{len(kinds)} kinds"
            yield (
                "findings",
                finding.finding,
                f"All its sources are of {many}: {named}.",
                "Look for evidence of another kind, such as a figure, a visit or a record.",
            )


def _old_evidence(asked: _Asked) -> Found:
    most = asked.rules.threshold("old_evidence")
    for finding, evidence in asked.open_findings():
        dates = [asked.review.date_of(one) for one in evidence]
        # What has no date is warned of by a rule of its own; it may be new.
        known = [one for one in dates if one is not None]
        if not known or len(known) < len(dates):
            continue
        # A review is old itself one day: its evidence is held against the day it was opened.
        days = (min(asked.today, asked.review.info.opened_on) - max(known)).days
        if days > most:
            yield (
                "findings",
                finding.finding,
                f"Its newest evidence is of {_day(max(known))}, {days} days before the review.",
                "Look for newer evidence, or say in the finding when it was so.",
            )


def _contrary_not_considered(asked: _Asked) -> Found:
    most = asked.rules.threshold("contrary_not_considered")
    for finding, _ in asked.open_findings():
        against = asked.review.evidence_of(finding.finding, "against")
        standing = [one for one in against if asked.review.is_current(one)]
        if len(standing) > most and not finding.contrary_considered:
            yield (
                "findings",
                finding.finding,
                f"Evidence against it is not weighed: {_names(standing)}.",
                "Say how it was weighed.",
            )


def _opposite_not_linked(asked: _Asked) -> Found:
    most = asked.rules.threshold("opposite_not_linked")
    for finding, evidence in asked.open_findings():
        under = asked.grid.row_by_kloe[finding.kloe].total.evidence
        passed = _passed_over(asked.review, finding, evidence, under)
        if len(passed) > most:
            yield (
                "findings",
                finding.finding,
                "Under the same question other evidence, about the same organisations, shows the"
                f" opposite and is linked on neither side: {_names(passed)}.",
                "Link it against the finding, or for it, and say how it was weighed.",
            )


def _passed_over(
    review: Review,
    finding: Finding,
    evidence: tuple[Evidence, ...],
    under: tuple[Evidence, ...],
) -> list[Evidence]:
    """Evidence under the finding's question that shows the opposite of all that is for it."""
    shows = {one.shows for one in evidence} - {"neither"}
    if len(shows) != 1:
        return []
    opposite = {"strength": "concern", "concern": "strength"}[shows.pop()]
    about = {name for one in evidence for name in one.organisations}
    linked = {
        one.evidence
        for side in ("for", "against")
        for one in review.evidence_of(finding.finding, side)
    }
    return [
        one
        for one in under
        if one.shows == opposite
        and one.evidence not in linked
        and (not about or about & set(one.organisations))
    ]


def _contradicted(asked: _Asked) -> Found:
    for row in asked.grid.rows:
        if row.state == "contradicted":
            one = asked.grid.contradiction_by_kloe[row.question.kloe]
            yield (
                "questions",
                row.question.kloe,
                f"Its evidence disagrees: strengths ({_names(one.strengths)}) and concerns"
                f" ({_names(one.concerns)}) {_about(one)}.",
                "Weigh the two sides in a finding under this question.",
            )


def _about(contradiction: Contradiction) -> str:
    if contradiction.names_both:
        return "about the same organisations"
    return "that name no organisation on one side or both, so may be about the same"


def _uncoded(asked: _Asked) -> Found:
    if len(asked.grid.uncoded) <= asked.rules.threshold("uncoded"):
        return
    for one in asked.grid.uncoded:
        yield (
            "evidence",
            one.evidence,
            "Nobody has coded it to a question.",
            "Choose the questions that it speaks to.",
        )


def _nothing(asked: _Asked) -> Found:
    least = asked.rules.threshold("nothing")
    for row in asked.grid.rows:
        many = row.with_parts.count
        if many < least:
            yield (
                "questions",
                row.question.kloe,
                f"There is only {_pieces(many)} on it." if many else "There is no evidence on it.",
                "Plan whom to ask or what to read; or say in the report that it was not looked at.",
            )


def _rests_on_withdrawn(asked: _Asked) -> Found:
    most = asked.rules.threshold("rests_on_withdrawn")
    for finding in asked.review.findings:
        linked = asked.review.evidence_of(finding.finding, "for")
        lost = [one for one in linked if not asked.review.is_current(one)]
        if len(lost) > most and finding.status == "confirmed":
            yield (
                "findings",
                finding.finding,
                f"It is confirmed and rests on what was withdrawn: {_names(lost)}.",
                "Reopen it, take that evidence away, and see whether it still stands.",
            )


def _no_evidence(asked: _Asked) -> Found:
    least = asked.rules.threshold("no_evidence")
    for finding, evidence in asked.open_findings():
        many = len(evidence)
        if many < least:
            yield (
                "findings",
                finding.finding,
                f"It rests on only {_pieces(many)}." if many else "No evidence for it stands.",
                "Link evidence, or withdraw it.",
            )


def _figure_changed(asked: _Asked) -> Found:
    most = asked.rules.threshold("figure_changed")
    for finding, evidence in asked.open_findings():
        against = asked.review.evidence_of(finding.finding, "against")
        standing = (one for one in against if asked.review.is_current(one))
        live = {one.evidence: asked.figures.get(one.evidence) for one in (*evidence, *standing)}
        changed = {
            name: figure
            for name, figure in live.items()
            if figure is not None and figure.status in ("changed", "gone")
        }
        if len(changed) > most:
            for name, figure in changed.items():
                yield (
                    "findings",
                    finding.finding,
                    f"{name} cites a figure that {figure.words}",
                    "Look whether the finding still holds, and cite the figure anew.",
                )


def _no_date(asked: _Asked) -> Found:
    without = Counter(
        one.source
        for one in asked.review.evidence
        if asked.review.date_of(one) is None and asked.review.is_current(one)
    )
    most = asked.rules.threshold("no_date")
    for source in asked.review.sources:
        many = without[source.source]
        if many > most:
            yield (
                "sources",
                source.source,
                f"It has no date, and {_pieces(many, 'its ')}"
                f" {'has' if many == 1 else 'have'} none either.",
                "Give the source's date, or the dates that its evidence speaks of.",
            )


def _no_finding(asked: _Asked) -> Found:
    least = asked.rules.threshold("no_finding")
    for one in asked.review.areas_for_improvement:
        status = [asked.review.finding_by_id[name].status for name in one.findings]
        many = status.count("confirmed")
        if many < least:
            yield (
                "areas_for_improvement",
                one.area_for_improvement,
                f"It follows from {f'only {many}' if many else 'no'} confirmed"
                f" finding{'' if many < 2 else 's'}.",
                "Link the finding that it follows from, and confirm that.",
            )


def _overdue(asked: _Asked) -> Found:
    for one in asked.review.due_dates:
        days = (asked.today - one.on).days
        if one.done_on is None and days > asked.rules.threshold("overdue"):
            yield (
                "due_dates",
                one.due_date,
                f"{one.title} was due {days} day{'' if days == 1 else 's'} ago.",
                "Tick it off, or give it another date.",
            )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _pieces(many: int, whose: str = "") -> str:
    return f"{many} piece{'' if many == 1 else 's'} of {whose}evidence"


def _names(evidence: Sequence[Evidence]) -> str:
    names = [one.evidence for one in evidence[:MOST_NAMED]]
    more = len(evidence) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


_FINDERS: Mapping[str, Callable[[_Asked], Found]] = {
    "rests_on_withdrawn": _rests_on_withdrawn,
    "no_evidence": _no_evidence,
    "contrary_not_considered": _contrary_not_considered,
    "opposite_not_linked": _opposite_not_linked,
    "figure_changed": _figure_changed,
    "contradicted_share": _contradicted,
    "few_sources": _few_sources,
    "few_kinds": _few_kinds,
    "old_evidence": _old_evidence,
    "no_finding": _no_finding,
    "nothing": _nothing,
    "uncoded": _uncoded,
    "no_date": _no_date,
    "overdue": _overdue,
}
