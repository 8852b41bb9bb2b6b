"""A programme in one result: what its reviews have in common, and how its areas stand."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from wholesystem.reviews.programme.chain import chain_table
from wholesystem.reviews.programme.findings import ProgrammeFinding, programme_findings
from wholesystem.reviews.programme.gathering import Gathered, gather_reviews
from wholesystem.reviews.programme.improvements import (
    ProgrammeImprovement,
    RecurringImprovement,
    good_practice_table,
    improvements_table,
    programme_improvements,
    recurring_improvements,
    recurring_table,
)
from wholesystem.reviews.programme.moved import MovedVerdict, moved_counts_table, moved_table
from wholesystem.reviews.programme.status import status_table, unread_table
from wholesystem.reviews.programme.tables import Programme, packaged_programme_rules
from wholesystem.reviews.programme.theme_tables import (
    questions_table,
    rules_table,
    theme_findings_table,
    themes_table,
    unthemed_table,
)
from wholesystem.reviews.programme.themes import ThemeCount, count_themes
from wholesystem.reviews.result_tables import ResultTable, write_result_tables
from wholesystem.reviews.rules_table import Rules

if TYPE_CHECKING:
    from wholesystem.reviews.programme.figures import ProgrammeFigures, ProgrammeIndicator
    from wholesystem.reviews.review import Review

__all__ = ["ProgrammeSummary", "summarise", "write_summary"]


@dataclass(frozen=True)
class ProgrammeSummary:
    """A programme on a day.

    Parameters
    ----------
    programme : Programme
        Its areas and themes.
    on : date
        The day from which due dates are counted.
    gathered : Gathered
        The reviews, and what could not be read.
    findings : tuple of ProgrammeFinding
        Of all reviews, withdrawn ones left out.
    themes : tuple of ThemeCount
        In the order of the themes.
    improvements : tuple of ProgrammeImprovement
        Of all reviews.
    recurring : tuple of RecurringImprovement
        By theme and level, and by question and level.
    indicators : tuple of ProgrammeIndicator
        Empty where no figures were given.
    tables : tuple of ResultTable
        All of it as tables, each of another name.
    """

    programme: Programme
    on: date
    gathered: Gathered
    findings: tuple[ProgrammeFinding, ...]
    themes: tuple[ThemeCount, ...]
    improvements: tuple[ProgrammeImprovement, ...]
    recurring: tuple[RecurringImprovement, ...]
    indicators: tuple[ProgrammeIndicator, ...]
    tables: tuple[ResultTable, ...]

    def table(self, name: str) -> ResultTable:
        """One of the tables.

        Parameters
        ----------
        name : str
            Its name, as its file has it.

        Returns
        -------
        ResultTable
            With its notes.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        return {one.name: one for one in self.tables}[name]


def summarise(
    programme: Programme,
    bundles: Iterable[str | os.PathLike[str]] = (),
    *,
    on: date,
    reviews: Iterable[Review] = (),
    figures: ProgrammeFigures | None = None,
    verdicts: Iterable[MovedVerdict] = (),
    rules: Rules | None = None,
) -> ProgrammeSummary:
    """Bring the reviews of a programme together.

    Parameters
    ----------
    programme : Programme
        Its areas and themes, from `read_programme`.
    bundles : iterable of path
        Folders and zips. One that cannot be read is told, and the others are counted.
    on : date
        The day from which due dates are counted.
    reviews : iterable of Review
        Further ones that are in memory.
    figures : ProgrammeFigures, optional
        Where indicators are looked up; tables of them are left out if None.
    verdicts : iterable of MovedVerdict
        What follow-ups said.
    rules : Rules, optional
        Thresholds; `packaged_programme_rules` if None.

    Returns
    -------
    ProgrammeSummary
        Frozen: the reviews as they were read now.

    Raises
    ------
    ParameterError
        If an indicator is asked for that the catalogue does not have.
    UserError
        If the store of figures has been damaged.
    """
    limits = rules or packaged_programme_rules()
    gathered = gather_reviews(programme, bundles, reviews)
    findings = programme_findings(gathered, limits)
    themes = count_themes(gathered, findings, limits)
    improvements = programme_improvements(gathered, findings)
    recurring = recurring_improvements(gathered, improvements)
    moved = moved_table(gathered, tuple(verdicts))
    indicators, of_figures = _figures(programme, figures, limits)
    tables = (
        status_table(gathered, on),
        unread_table(gathered),
        themes_table(gathered, themes),
        theme_findings_table(themes),
        unthemed_table(findings),
        rules_table(programme, findings),
        questions_table(gathered, findings),
        recurring_table(gathered, recurring, limits),
        improvements_table(gathered, improvements),
        good_practice_table(findings, limits),
        chain_table(findings),
        moved_counts_table(moved),
        moved,
        *of_figures,
    )
    return ProgrammeSummary(
        programme, on, gathered, findings, themes, improvements, recurring, indicators, tables
    )


def _figures(
    programme: Programme, figures: ProgrammeFigures | None, rules: Rules
) -> tuple[tuple[ProgrammeIndicator, ...], tuple[ResultTable, ...]]:
    if figures is None:
        return (), ()
    # pandas and the indicators load on first use.
    from wholesystem.reviews.programme.figure_tables import (
        indicator_summary_table,
        indicators_table,
        outliers_table,
    )
    from wholesystem.reviews.programme.figures import programme_indicators

    indicators, stand_outs, older_people = programme_indicators(programme, figures)
    return indicators, (
        indicator_summary_table(indicators),
        indicators_table(programme, indicators, older_people, rules),
        outliers_table(programme, stand_outs, indicators),
    )


def write_summary(summary: ProgrammeSummary, out: str | os.PathLike[str]) -> None:
    """Write a summary as a folder of CSV files, with the notes of all in ``notes.csv``.

    Parameters
    ----------
    summary : ProgrammeSummary
        The programme.
    out : path
        Made if it does not exist; files of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    write_result_tables(summary.tables, out)
