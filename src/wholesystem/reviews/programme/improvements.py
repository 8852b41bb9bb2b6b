"""Areas for improvement that recur, and good practice that others can learn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wholesystem.reviews.programme.findings import ProgrammeFinding
from wholesystem.reviews.programme.gathering import Gathered, ReadReview
from wholesystem.reviews.programme.theme_tables import FINDING_COLUMNS, finding_cells
from wholesystem.reviews.records import AreaForImprovement
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value
from wholesystem.reviews.rules_table import Rules

__all__ = [
    "ProgrammeImprovement",
    "RecurringImprovement",
    "good_practice_table",
    "improvements_table",
    "programme_improvements",
    "recurring_improvements",
    "recurring_table",
]

VERBS = ("must", "should", "continue")
LEVELS = ("strategic", "operational", "engagement")


@dataclass(frozen=True)
class ProgrammeImprovement:
    """An area for improvement of one of the reviews.

    Parameters
    ----------
    area_code, area : str
        As the programme has them.
    read : ReadReview
        Its review.
    row : AreaForImprovement
        As it stands there.
    findings : tuple of ProgrammeFinding
        That it follows from, withdrawn ones left out.
    """

    area_code: str
    area: str
    read: ReadReview
    row: AreaForImprovement
    findings: tuple[ProgrammeFinding, ...]

    @property
    def key(self) -> str:
        """Review and id, which together name it in the programme."""
        return f"{self.read.review.info.review}/{self.row.area_for_improvement}"

    @property
    def themes(self) -> tuple[str, ...]:
        """Themes of its findings, each once."""
        return tuple(dict.fromkeys(why.theme for one in self.findings for why in one.themes))

    @property
    def questions(self) -> tuple[str, ...]:
        """Questions of its findings, each once."""
        return tuple(dict.fromkeys(one.finding.kloe for one in self.findings))


@dataclass(frozen=True)
class RecurringImprovement:
    """What several areas were told to improve.

    Parameters
    ----------
    kind : str
        ``theme`` or ``question``: what they have in common.
    name, label : str
        Id of the theme or question (with its framework), and what people call it.
    level : str
        ``strategic``, ``operational`` or ``engagement``.
    improvements : tuple of ProgrammeImprovement
        All of them.
    """

    kind: str
    name: str
    label: str
    level: str
    improvements: tuple[ProgrammeImprovement, ...]

    def areas(self, verb: str | None = None) -> tuple[str, ...]:
        """Names of the areas, each once.

        Parameters
        ----------
        verb : str, optional
            Only those with this verb.

        Returns
        -------
        tuple of str
            In the programme's order.
        """
        mine = (one for one in self.improvements if verb is None or one.row.verb == verb)
        return tuple(dict.fromkeys(one.area for one in mine))


def programme_improvements(
    gathered: Gathered, findings: Iterable[ProgrammeFinding]
) -> tuple[ProgrammeImprovement, ...]:
    """The areas for improvement of every review.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    findings : iterable of ProgrammeFinding
        Of all of them.

    Returns
    -------
    tuple of ProgrammeImprovement
        In the order of areas, reviews and the order in each.
    """
    known = {one.key: one for one in findings}
    found = []
    for read in gathered.reviews:
        area = gathered.area_of(read)
        for row in sorted(read.review.areas_for_improvement, key=lambda one: one.order):
            keys = ((read.review.info.review, name) for name in row.findings)
            mine = tuple(known[key] for key in keys if key in known)
            found.append(ProgrammeImprovement(area.area_code, area.area, read, row, mine))
    return tuple(found)


def recurring_improvements(
    gathered: Gathered, improvements: Sequence[ProgrammeImprovement]
) -> tuple[RecurringImprovement, ...]:
    """Areas for improvement by theme and level, and by question and level.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    improvements : sequence of ProgrammeImprovement
        Of all of them.

    Returns
    -------
    tuple of RecurringImprovement
        Those of most areas first. What two have in common is the theme or the question of the
        findings that they follow from; their words are not compared.
    """
    groups: dict[tuple[str, str, str, str], list[ProgrammeImprovement]] = {}
    themes = gathered.programme.theme_by_id
    for one in improvements:
        framework = one.read.review.framework
        keys = [("theme", name, themes[name].label) for name in one.themes]
        keys += [
            ("question", f"{framework.info.framework}/{name}", framework.question_by_id[name].name)
            for name in one.questions
        ]
        for key in keys:
            groups.setdefault((*key, one.row.level), []).append(one)
    found = [RecurringImprovement(*key, tuple(mine)) for key, mine in groups.items()]
    return tuple(sorted(found, key=lambda one: (one.kind != "theme", -len(one.areas()))))


def recurring_table(
    gathered: Gathered, recurring: Sequence[RecurringImprovement], rules: Rules
) -> ResultTable:
    """What several areas were told to improve, with counts by verb.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    recurring : sequence of RecurringImprovement
        From `recurring_improvements`.
    rules : Rules
        Of the programme.

    Returns
    -------
    ResultTable
        A row for each theme and level, then for each question and level.
    """
    rows: list[tuple[Value, ...]] = []
    for one in recurring:
        areas = one.areas()
        recurs = len(areas) >= rules.threshold("recurs")
        rows.append(
            (
                one.kind,
                one.name,
                one.label,
                one.level,
                "recurs" if recurs else "in one area",
                len(areas),
                *(len(one.areas(verb)) for verb in VERBS),
                "; ".join(areas),
                "; ".join(improvement.key for improvement in one.improvements),
            )
        )
    told = {code for code in (one.area_code for group in recurring for one in group.improvements)}
    notes = (
        "Two areas for improvement belong together where the findings that they follow from share"
        " a theme, or a question; their words are not compared. One that follows from several"
        " findings stands in several rows.",
        f"{len(told)} of {len(gathered.by_area)} areas with a review have areas for improvement"
        " in it that follow from a finding.",
    )
    return ResultTable(
        "recurring_improvements",
        "Areas for improvement that recur",
        (
            ResultColumn("kind", "In common"),
            ResultColumn("name", "Id"),
            ResultColumn("label", "Theme or question"),
            ResultColumn("level", "Level"),
            ResultColumn("word", "How often"),
            ResultColumn("areas", "Areas"),
            *(ResultColumn(f"areas_{verb}", f"Areas: {verb}") for verb in VERBS),
            ResultColumn("in_areas", "Which areas"),
            ResultColumn("areas_for_improvement", "Rows (review/id)"),
        ),
        tuple(rows),
        notes,
    )


def improvements_table(
    gathered: Gathered, improvements: Sequence[ProgrammeImprovement]
) -> ResultTable:
    """Every area for improvement, quoted, with what it follows from.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    improvements : sequence of ProgrammeImprovement
        Of all of them.

    Returns
    -------
    ResultTable
        With a note on reviews that have none.
    """
    rows = tuple(
        (
            one.area_code,
            one.area,
            one.read.review.info.review,
            one.row.area_for_improvement,
            one.row.level,
            one.row.verb,
            one.row.text,
            "; ".join(finding.finding.finding for finding in one.findings),
            "; ".join(one.questions),
            "; ".join(one.themes),
        )
        for one in improvements
    )
    none = [
        f"{gathered.area_of(one).area} ({one.review.info.review})"
        for one in gathered.reviews
        if not one.review.areas_for_improvement
    ]
    notes = [f"No area for improvement is recorded in {', '.join(none)}."] if none else []
    loose = [one.key for one in improvements if not one.findings]
    if loose:
        notes.append(f"These follow from no finding that stands: {', '.join(loose)}.")
    return ResultTable(
        "areas_for_improvement",
        "Areas for improvement",
        (
            ResultColumn("area_code", "Code"),
            ResultColumn("area", "Area"),
            ResultColumn("review", "Review"),
            ResultColumn("area_for_improvement", "Id"),
            ResultColumn("level", "Level"),
            ResultColumn("verb", "Verb"),
            ResultColumn("text", "In its own words"),
            ResultColumn("findings", "Findings"),
            ResultColumn("questions", "Questions"),
            ResultColumn("themes", "Themes"),
        ),
        rows,
        tuple(notes),
    )


def good_practice_table(findings: Sequence[ProgrammeFinding], rules: Rules) -> ResultTable:
    """Strengths that were confirmed.

    Parameters
    ----------
    findings : sequence of ProgrammeFinding
        Of all reviews.
    rules : Rules
        Of the programme.

    Returns
    -------
    ResultTable
        Those that rest on several kinds of source first.
    """
    fewest = rules.threshold("good_practice_kinds")
    strengths = [one for one in findings if one.is_confirmed and one.direction == "strength"]
    strengths.sort(key=lambda one: len(one.source_kinds) < fewest)
    rows = tuple(
        (
            *finding_cells(one),
            "yes" if len(one.source_kinds) >= fewest else "no",
            "; ".join(why.theme for why in one.themes),
            one.finding.contrary_considered,
        )
        for one in strengths
    )
    notes = (
        f"Confirmed findings of which most evidence shows a strength. {fewest:.0f} kinds of source"
        " or more make it more than a claim; those with fewer are here and marked.",
    )
    columns = (
        *FINDING_COLUMNS,
        ResultColumn("several_kinds", "Several kinds of source"),
        ResultColumn("themes", "Themes"),
        ResultColumn("contrary_considered", "How the contrary was weighed"),
    )
    return ResultTable("good_practice", "Good practice", columns, rows, notes)
