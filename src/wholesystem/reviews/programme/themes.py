"""How many areas found something: by question of the framework, and by theme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wholesystem.reviews.programme.findings import (
    Membership,
    ProgrammeFinding,
    question_name,
)
from wholesystem.reviews.programme.gathering import Gathered
from wholesystem.reviews.programme.records import DIRECTIONS, Theme
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value
from wholesystem.reviews.rules_table import Rules

__all__ = [
    "FINDING_COLUMNS",
    "AreaCounts",
    "ThemeCount",
    "count_areas",
    "count_themes",
    "finding_cells",
    "questions_table",
    "theme_findings_table",
    "themes_table",
    "unthemed_table",
]


@dataclass(frozen=True)
class AreaCounts:
    """In how many areas something was found.

    Parameters
    ----------
    found : tuple of str
        Codes of areas with a confirmed finding, each once.
    by_direction : dict of str to tuple of str
        The same by what the findings show. An area with findings of two directions is in both.
    open_only : tuple of str
        Areas with a candidate and no confirmed finding: not counted.
    looked : tuple of str
        Areas whose review has evidence or a finding on it.
    read : int
        Areas with a review that was read.
    """

    found: tuple[str, ...]
    by_direction: dict[str, tuple[str, ...]]
    open_only: tuple[str, ...]
    looked: tuple[str, ...]
    read: int


@dataclass(frozen=True)
class ThemeCount:
    """A theme with what belongs to it.

    Parameters
    ----------
    theme : Theme
        Of the programme.
    areas : AreaCounts
        In how many areas it was found.
    findings : tuple of (ProgrammeFinding, Membership)
        Confirmed and open ones, with the rule that put each there.
    word : str
        ``common``, ``recurs``, ``in one area``, ``not found``, by the rules; of concerns alone.
    """

    theme: Theme
    areas: AreaCounts
    findings: tuple[tuple[ProgrammeFinding, Membership], ...]
    word: str


def count_areas(
    findings: Iterable[ProgrammeFinding], looked: Iterable[str], read: int
) -> AreaCounts:
    """Count areas, each once however many findings and reviews it has.

    Parameters
    ----------
    findings : iterable of ProgrammeFinding
        All on one thing.
    looked : iterable of str
        Codes of areas with evidence on it.
    read : int
        Areas with a review that was read.

    Returns
    -------
    AreaCounts
        Only confirmed findings make an area count.
    """
    every = tuple(findings)
    confirmed = [one for one in every if one.is_confirmed]
    found = _codes(confirmed)
    by_direction = {
        word: _codes(one for one in confirmed if one.direction == word) for word in DIRECTIONS
    }
    waiting = tuple(code for code in _codes(every) if code not in found)
    seen = tuple(dict.fromkeys((*_codes(every), *looked)))
    return AreaCounts(found, by_direction, waiting, seen, read)


def _codes(findings: Iterable[ProgrammeFinding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.area_code for one in findings))


# ------------------------------------------------------------------------- themes


def count_themes(
    gathered: Gathered, findings: Sequence[ProgrammeFinding], rules: Rules
) -> tuple[ThemeCount, ...]:
    """Every theme of the programme, counted.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    findings : sequence of ProgrammeFinding
        Of all of them.
    rules : Rules
        Of the programme.

    Returns
    -------
    tuple of ThemeCount
        In the order of the themes; one that nobody found is there with noughts.
    """
    looked = _looked_by_question(gathered)
    counted = []
    for theme in gathered.programme.themes:
        mine = tuple(
            (one, membership)
            for one in findings
            for membership in one.themes
            if membership.theme == theme.theme
        )
        asked = _looked_at_theme(gathered, theme, looked)
        areas = count_areas((one for one, _ in mine), asked, len(gathered.by_area))
        counted.append(ThemeCount(theme, areas, mine, _word(areas, rules)))
    return tuple(counted)


def _looked_by_question(gathered: Gathered) -> dict[tuple[str, str], tuple[str, ...]]:
    """Areas with evidence that stands, by framework and question."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for read in gathered.reviews:
        review, code = read.review, gathered.area_of(read).area_code
        for one in review.evidence:
            if review.is_current(one):
                for kloe in one.kloe:
                    found.setdefault((review.info.framework, kloe), {})[code] = None
    return {key: tuple(codes) for key, codes in found.items()}


def _looked_at_theme(
    gathered: Gathered, theme: Theme, looked: dict[tuple[str, str], tuple[str, ...]]
) -> tuple[str, ...]:
    """Areas with evidence on a question that puts findings under the theme.

    A rule of words alone names no question, so nobody can say who looked and found nothing.
    """
    codes: dict[str, None] = {}
    for rule in gathered.programme.rules:
        if rule.theme != theme.theme or rule.puts == "out" or rule.names_finding:
            continue
        for (framework, kloe), areas in looked.items():
            if kloe in rule.kloe and rule.framework in ("", framework):
                codes |= dict.fromkeys(areas)
    return tuple(codes)


def _word(areas: AreaCounts, rules: Rules) -> str:
    many, looked = len(areas.by_direction["concern"]), len(areas.looked)
    if not many:
        return "not found"
    enough = looked >= rules.threshold("fewest_areas")
    if enough and many > rules.threshold("common_share") * looked:
        return "common"
    return "recurs" if many >= rules.threshold("recurs") else "in one area"


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
    looked = _looked_by_question(gathered)
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
