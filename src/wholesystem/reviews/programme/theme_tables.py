"""Themes, their findings and rules, and questions, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wholesystem.reviews.programme.findings import (
    ProgrammeFinding,
    count_matches,
    question_name,
)
from wholesystem.reviews.programme.gathering import Gathered
from wholesystem.reviews.programme.records import DIRECTIONS
from wholesystem.reviews.programme.tables import Programme
from wholesystem.reviews.programme.themes import (
    AreaCounts,
    ThemeCount,
    count_areas,
    looked_by_question,
)
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value

__all__ = [
    "FINDING_COLUMNS",
    "finding_cells",
    "questions_table",
    "rules_table",
    "theme_findings_table",
    "themes_table",
    "unthemed_table",
]

_AREAS = (
    ResultColumn("areas_with_concern", "Areas with a concern"),
    ResultColumn("areas_with_strength", "Areas with a strength"),
    ResultColumn("areas_with_mixed", "Areas with a mixed finding"),
    ResultColumn("areas_not_shown", "Areas with a finding that shows neither"),
    ResultColumn("areas_found", "Areas with any confirmed finding"),
    ResultColumn("areas_open_only", "Areas where it is still open"),
    ResultColumn("areas_that_looked", "Areas that looked"),
    ResultColumn("areas_read", "Areas with a review"),
    ResultColumn("areas", "Areas of the programme"),
)


def _numbers(areas: AreaCounts, gathered: Gathered) -> tuple[int, ...]:
    return (
        *(len(areas.by_direction[word]) for word in DIRECTIONS),
        len(areas.found),
        len(areas.open_only),
        len(areas.looked),
        areas.read,
        len(gathered.programme.areas),
    )


def _named(codes: Iterable[str], gathered: Gathered) -> str:
    names = {one.area_code: one.area for one in gathered.programme.areas}
    return "; ".join(names[code] for code in codes)


COUNTING = (
    "An area counts once, however many findings and reviews it has, and only where a finding is"
    " confirmed. One with findings of two directions counts under both."
)
CHOSEN = (
    "The areas were chosen, not drawn: a count is of these areas, and says nothing of others. So"
    " there is no interval."
)


def themes_table(gathered: Gathered, counts: Sequence[ThemeCount]) -> ResultTable:
    """Themes with the number of areas that found each.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    counts : sequence of ThemeCount
        From `count_themes`.

    Returns
    -------
    ResultTable
        Those with most concerns first; of equal ones in the order of the themes.
    """
    ordered = sorted(counts, key=lambda one: -len(one.areas.by_direction["concern"]))
    rows: list[tuple[Value, ...]] = [
        (
            one.theme.theme,
            one.theme.label,
            one.word,
            *_numbers(one.areas, gathered),
            sum(finding.is_confirmed for finding, _ in one.findings),
            _named(one.areas.by_direction["concern"], gathered),
            _named(one.areas.by_direction["strength"], gathered),
        )
        for one in ordered
    ]
    return ResultTable(
        "themes",
        "Common themes: in how many areas each was found",
        (
            ResultColumn("theme", "Id"),
            ResultColumn("label", "Theme"),
            ResultColumn("word", "Concerns"),
            *_AREAS,
            ResultColumn("findings", "Confirmed findings"),
            ResultColumn("concern_in", "A concern in"),
            ResultColumn("strength_in", "A strength in"),
        ),
        tuple(rows),
        (COUNTING, CHOSEN, _few_note(gathered)),
    )


def _few_note(gathered: Gathered) -> str:
    read, many = len(gathered.by_area), len(gathered.programme.areas)
    if read == many:
        return "Every area of the programme has a review that was read."
    return (
        f"{read} of {many} areas have a review that was read. An area without one has not been"
        " found free of anything."
    )


FINDING_COLUMNS = (
    ResultColumn("area_code", "Code"),
    ResultColumn("area", "Area"),
    ResultColumn("review", "Review"),
    ResultColumn("finding", "Finding"),
    ResultColumn("status", "Status"),
    ResultColumn("direction", "Shows"),
    ResultColumn("statement", "In its own words"),
    ResultColumn("kloe", "Question id"),
    ResultColumn("question", "Question"),
    ResultColumn("evidence_for", "Evidence for it"),
    ResultColumn("evidence_against", "Evidence against it"),
    ResultColumn("source_kinds", "Kinds of source"),
)


def finding_cells(one: ProgrammeFinding) -> tuple[Value, ...]:
    """A finding as cells of a table.

    Parameters
    ----------
    one : ProgrammeFinding
        The finding.

    Returns
    -------
    tuple of Value
        For `FINDING_COLUMNS`.
    """
    return (
        one.area_code,
        one.area,
        *one.key,
        one.finding.status,
        one.direction,
        one.finding.statement,
        one.finding.kloe,
        one.question,
        "; ".join(row.evidence for row in one.evidence_for),
        "; ".join(row.evidence for row in one.evidence_against),
        "; ".join(one.source_kinds),
    )


def theme_findings_table(counts: Sequence[ThemeCount]) -> ResultTable:
    """The findings under each theme, quoted, with the rule that put each there.

    Parameters
    ----------
    counts : sequence of ThemeCount
        From `count_themes`.

    Returns
    -------
    ResultTable
        In the order of themes and areas; open ones are marked by their status.
    """
    rows = [
        (count.theme.theme, count.theme.label, *finding_cells(one), why.rule, why.because)
        for count in counts
        for one, why in count.findings
    ]
    columns = (
        ResultColumn("theme", "Id"),
        ResultColumn("label", "Theme"),
        *FINDING_COLUMNS,
        ResultColumn("rule", "Rule"),
        ResultColumn("because", "What it found"),
    )
    return ResultTable("theme_findings", "Findings under each theme", columns, tuple(rows))


def unthemed_table(findings: Sequence[ProgrammeFinding]) -> ResultTable:
    """Findings that no rule puts under a theme, so that nobody takes them for counted.

    Parameters
    ----------
    findings : sequence of ProgrammeFinding
        Of all reviews.

    Returns
    -------
    ResultTable
        In the order of areas.
    """
    rows = tuple(finding_cells(one) for one in findings if not one.themes)
    return ResultTable("findings_without_theme", "Findings under no theme", FINDING_COLUMNS, rows)


def rules_table(programme: Programme, findings: Sequence[ProgrammeFinding]) -> ResultTable:
    """The rules of themes, with how many findings each matches.

    Parameters
    ----------
    programme : Programme
        With the rules.
    findings : sequence of ProgrammeFinding
        Of all reviews.

    Returns
    -------
    ResultTable
        With a note on rules that match nothing.
    """
    counted = count_matches(programme, findings)
    rows = tuple(
        (
            rule.rule,
            rule.theme,
            rule.puts,
            rule.framework,
            "; ".join(rule.kloe),
            rule.words,
            rule.review,
            rule.finding,
            many,
            rule.source,
        )
        for rule, many in counted
    )
    idle = [rule.rule for rule, many in counted if not many]
    told = f"These match no finding, and may hold a slip: {', '.join(idle)}."
    names = ("rule", "theme", "puts", "framework", "kloe", "words", "review", "finding")
    return ResultTable(
        "theme_rules",
        "Rules that put findings under themes",
        (
            *(ResultColumn(name, name.capitalize()) for name in names),
            ResultColumn("matches", "Findings that it matches"),
            ResultColumn("source", "Why"),
        ),
        rows,
        (told,) if idle else (),
    )


# ------------------------------------------------------------------------- questions


def questions_table(gathered: Gathered, findings: Sequence[ProgrammeFinding]) -> ResultTable:
    """Questions of each framework with the number of areas that found something.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    findings : sequence of ProgrammeFinding
        Of all of them.

    Returns
    -------
    ResultTable
        By framework, in its order; a question on which nobody has anything is there too, since a
        question not asked is no question answered. Only reviews of that framework can have
        looked.
    """
    looked = looked_by_question(gathered)
    rows: list[tuple[Value, ...]] = []
    for name in dict.fromkeys(one.review.info.framework for one in gathered.reviews):
        reads = [one for one in gathered.reviews if one.review.info.framework == name]
        read = len({gathered.area_of(one).area_code for one in reads})
        # A user's framework may have been changed between two reviews: every question is there.
        asked = {
            question.kloe: one.review
            for one in reads
            for question in one.review.framework.questions
        }
        for kloe, review in asked.items():
            mine = [one for one in findings if _is_under(one, name, kloe)]
            areas = count_areas(mine, looked.get((name, kloe), ()), read)
            rows.append(
                (
                    name,
                    kloe,
                    question_name(review, kloe),
                    *_numbers(areas, gathered),
                    "; ".join("/".join(one.key) for one in mine if one.is_confirmed),
                )
            )
    return ResultTable(
        "questions",
        "Questions: in how many areas something was found",
        (
            ResultColumn("framework", "Framework"),
            ResultColumn("kloe", "Id"),
            ResultColumn("question", "Question"),
            *_AREAS,
            ResultColumn("findings", "Confirmed findings (review/finding)"),
        ),
        tuple(rows),
        (COUNTING, CHOSEN, _few_note(gathered)),
    )


def _is_under(one: ProgrammeFinding, framework: str, kloe: str) -> bool:
    return one.review.info.framework == framework and one.finding.kloe == kloe
