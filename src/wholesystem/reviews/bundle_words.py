"""The pages of a bundle that are for people: what each file is, and the findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from wholesystem.reviews.records import Evidence, Finding
from wholesystem.reviews.review import Review
from wholesystem.reviews.words import word_labels

__all__ = ["findings_text", "readme_text"]

# What Markdown or HTML would take for its own.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def readme_text(review: Review) -> str:
    """The page that says what each file of a bundle is.

    Parameters
    ----------
    review : Review
        The review.

    Returns
    -------
    str
        Markdown.
    """
    info = review.info
    template = files("wholesystem.reviews").joinpath("bundle_readme.md").read_text("utf-8")
    return template.format(
        title=_plain(info.title),
        area=_plain(info.area),
        area_code=_plain(info.area_code),
        opened_on=info.opened_on.isoformat(),
    )


def findings_text(review: Review) -> str:
    """The findings of a review with their evidence, for reading.

    Parameters
    ----------
    review : Review
        The review.

    Returns
    -------
    str
        Markdown, in the framework's order.
    """
    return "\n".join([f"# Findings: {_plain(review.info.title)}", "", *_lines(review)]) + "\n"


def _lines(review: Review) -> Iterator[str]:
    yield f"{_plain(review.info.area)}. Made from the tables; changes here change nothing."
    yield ""
    of_question: dict[str, list[Finding]] = {}
    for finding in review.findings:
        of_question.setdefault(finding.kloe, []).append(finding)
    of_area: dict[str, list[str]] = {}
    for question in sorted(review.framework.questions, key=lambda one: one.order):
        lines = of_area.setdefault(question.area, [])
        lines += _question_lines(review, of_question.get(question.kloe, []), question.name)
    for area in sorted(review.framework.areas, key=lambda one: one.order):
        if of_area.get(area.area):
            yield from (f"## {_plain(area.name)}", "", *of_area[area.area])
    if not review.findings:
        yield from ("No finding was written.", "")
    if review.areas_for_improvement:
        yield from ("## Areas for improvement", "")
        for one in sorted(review.areas_for_improvement, key=lambda one: one.order):
            rests = f" ({', '.join(map(_plain, one.findings))})" if one.findings else ""
            yield f"- {one.level}, {one.verb}: {_plain(one.text)}{rests}"
        yield ""


def _question_lines(review: Review, findings: list[Finding], name: str) -> Iterator[str]:
    if findings:
        yield from (f"### {_plain(name)}", "")
    for finding in findings:
        yield from _finding_lines(review, finding)


def _finding_lines(review: Review, finding: Finding) -> Iterator[str]:
    yield f"**{_plain(finding.finding)}** ({finding.status}): {_plain(finding.statement)}"
    yield ""
    for side, heading in (("for", "Evidence for it"), ("against", "Evidence against it")):
        evidence = review.evidence_of(finding.finding, side)
        if evidence:
            yield from (f"{heading}:", "")
            yield from (_evidence_line(review, one) for one in evidence)
            yield ""
    if finding.contrary_considered:
        yield from (f"Contrary evidence considered: {_plain(finding.contrary_considered)}", "")


def _evidence_line(review: Review, evidence: Evidence) -> str:
    source = review.source_by_id[evidence.source]
    kind = word_labels("source_kinds")[source.kind][0]
    where = [f"{kind}: {_plain(source.title)}", _plain(source.who), _plain(evidence.place)]
    day = evidence.date or source.date
    where.append(day.isoformat() if day else "")
    text = _plain(evidence.text)
    words = f'"{text}"' if evidence.form == "quote" else text
    gone = "" if review.is_current(evidence) else " Withdrawn."
    told = ", ".join(filter(None, where))
    return f"- {_plain(evidence.evidence)}: {words} ({told}; shows {evidence.shows}).{gone}"


def _plain(text: str) -> str:
    """Text in one line that Markdown and HTML leave as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
