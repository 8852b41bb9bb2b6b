"""The report of a programme: many reviews together, what recurs, and what moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from wholesystem.reports.documents.model import (
    Block,
    Contents,
    Cover,
    Document,
    Heading,
    Paragraph,
)
from wholesystem.reports.result_tables import document_table
from wholesystem.reviews.programme.summary import ProgrammeSummary
from wholesystem.reviews.result_tables import Value

__all__ = ["make_programme_report"]

Row = Mapping[str, Value]

# Heading, what is said under it, and the tables with the columns that a page holds.
_PARTS: Sequence[tuple[str, str, Sequence[tuple[str, Sequence[str]]]]] = (
    (
        "How far each review has come",
        "Every area of the programme, whether or not its review could be read.",
        (
            ("status", ("area", "review", "stage", "sources", "evidence", "confirmed", "candidate",
                        "areas_for_improvement")),
            ("not_counted", ("place", "why")),
        ),
    ),
    (
        "Common themes",
        "In how many areas something was found under each theme. An area counts once, however many"
        " findings it has; findings are put under themes by written rules.",
        (("themes", ("label", "word", "areas_with_concern", "areas_with_strength",
                     "areas_with_mixed", "areas_read", "findings")),),
    ),
    (
        "Findings under each theme",
        "What the reviews say, in their own words, with how much stands behind each.",
        (("theme_findings", ("label", "area", "finding", "direction", "statement", "evidence_for",
                             "evidence_against")),),
    ),
    (
        "Areas for improvement that recur",
        "By level, and by the theme or question that they come from.",
        (("recurring_improvements", ("kind", "label", "level", "word", "areas", "areas_must",
                                     "areas_should", "areas_continue")),),
    ),
    (
        "Good practice",
        "Confirmed findings that show a strength.",
        (("good_practice", ("area", "finding", "statement", "question", "evidence_for",
                            "evidence_against")),),
    ),
    (
        "Indicators across the areas",
        "The latest figure of each indicator that every area has.",
        (
            ("indicator_summary", ("name", "period", "unit", "areas_with_figure", "median",
                                   "lowest", "lowest_area", "highest", "highest_area", "england")),
            ("indicators", ("name", "area", "period_end", "value", "unit", "place_words",
                            "england_verdict", "variation")),
        ),
    ),
    (
        "What stands out",
        "By the rules of the data profile, for each area.",
        (("outliers", ("area", "name", "rule_words", "sentence")),),
    ),
    (
        "What moved, by the follow-ups",
        "Verdicts by the written rule, each on published figures.",
        (
            ("moved_counts", ("measure", "label", "areas", "in_areas")),
            ("moved", ("area", "action", "measure", "label", "sentence")),
        ),
    ),
)  # fmt: skip

_APPENDICES: Sequence[tuple[str, Sequence[tuple[str, Sequence[str]]]]] = (
    (
        "How themes are found",
        (("theme_rules", ("theme", "puts", "kloe", "words", "review", "finding", "matches")),),
    ),
    (
        "What each finding rests on",
        (("finding_evidence", ("review", "finding", "side", "evidence", "text", "source_title",
                               "place")),),
    ),
)  # fmt: skip

#: Themes and improvements of one area alone are in the tables of files; a page shows what is found.
_KEEP: Mapping[str, Callable[[Row], bool]] = {
    "themes": lambda row: bool(row["areas_found"]),
    "recurring_improvements": lambda row: isinstance(row["areas"], int) and row["areas"] >= 2,
}


def make_programme_report(
    summary: ProgrammeSummary, *, day: date, version: str = "DRAFT"
) -> Document:
    """The report of a programme.

    Parameters
    ----------
    summary : ProgrammeSummary
        From `summarise`.
    day : date
        On its cover.
    version : str
        A word such as DRAFT, on every page; empty for the final one.

    Returns
    -------
    Document
        A part for each subject, and as appendices the rules and the evidence. A table without a
        row says so.
    """
    title = summary.programme.info.name
    status = summary.table("status").records()
    reviewed = [one for one in status if one["review"]]
    blocks: list[Block] = [
        Contents(depth=1),
        Heading(1, "Summary"),
        Paragraph(
            f"The programme has {len(status)} areas. The reviews of {len(reviewed)} of them were"
            f" read: {', '.join(str(one['area']) for one in reviewed) or 'none'}. What is counted"
            " below is counted over these; nothing is known of the others' findings."
        ),
    ]
    for heading, words, tables in _PARTS:
        blocks += [Heading(1, heading), Paragraph(words), *_tables(summary, tables)]
    for heading, tables in _APPENDICES:
        blocks += [Heading(1, heading, appendix=True), *_tables(summary, tables)]
    return Document(
        title=title,
        blocks=tuple(blocks),
        cover=Cover(date=day, version=version, lines=(f"{len(reviewed)} reviews read",)),
        header=title,
        subject="A programme of local system reviews",
        numbered=True,
    )


def _tables(
    summary: ProgrammeSummary, tables: Sequence[tuple[str, Sequence[str]]]
) -> Iterator[Block]:
    for name, columns in tables:
        if name not in {one.name for one in summary.tables}:
            continue
        table = summary.table(name)
        made = document_table(table, columns, keep=_KEEP.get(name))
        if made.rows:
            yield made
        else:
            yield Paragraph(f"{table.title}: none.")
