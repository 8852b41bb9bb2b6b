"""Results as tables, in Excel and CSV: only what a `Results` holds, so only what may be shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from wholesystem.errors import OurFault
from wholesystem.files import staged_folder
from wholesystem.reviews.feedback.analysis import Result, Share
from wholesystem.reviews.feedback.groups import least_shown
from wholesystem.reviews.feedback.response import ResponseRate
from wholesystem.reviews.feedback.results import Results, group_label
from wholesystem.reviews.feedback.shown_comments import CommentCount
from wholesystem.reviews.result_tables import (
    ResultColumn,
    ResultTable,
    Value,
    write_result_tables,
)
from wholesystem.tables import Table, Tables, write_excel
from wholesystem.tables.reading import parse_csv_table

__all__ = ["result_tables", "write_results"]

_GROUP = (
    ResultColumn("axis", "By"),
    ResultColumn("group", "Group"),
    ResultColumn("label", "Name"),
    ResultColumn("within", "Within"),
    ResultColumn("shown", "Shown"),
)
_ASKED = (
    ResultColumn("question", "Question"),
    ResultColumn("about", "Asked about"),
)


def result_tables(results: Results) -> tuple[ResultTable, ...]:
    """Everything that may be shown, as tables.

    Parameters
    ----------
    results : Results
        Of the tool.

    Returns
    -------
    tuple of ResultTable
        ``response``, ``answers`` (a row for each answer of each group), ``shares``, ``comments``
        and ``comment_counts``. Each says where it is from and by what rule groups are hidden.
    """
    return (
        _response(results),
        _answers(results),
        _shares(results),
        _comments(results),
        _comment_counts(results),
    )


def write_results(results: Results, out: str | os.PathLike[str]) -> None:
    """Write results as a folder: a CSV file for each table, and all of them in one workbook.

    Parameters
    ----------
    results : Results
        Of the tool.
    out : path
        Made if it does not exist; files of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.

    Notes
    -----
    Cells that begin like a formula are escaped in both.
    """
    tables = result_tables(results)
    with staged_folder(Path(out)) as stage:
        write_result_tables(tables, stage)
        # The workbook is made of the very files, so that it cannot say anything else.
        names = ["notes", *(one.name for one in tables)]
        sheets = {name: _sheet(stage / f"{name}.csv", name) for name in names}
        write_excel(Tables(stage, sheets), stage / "results.xlsx")


def _sheet(path: Path, name: str) -> Table:
    table, faults = parse_csv_table(path.read_bytes(), name, path.name)
    if table is None:
        raise OurFault(f"{path.name} was written and cannot be read: {faults}")
    return table


def _notes(results: Results) -> tuple[str, ...]:
    info = results.instrument.info
    return (
        f"Feedback tool: {info.name} ({info.instrument}). {info.source}.",
        *(
            ["The wording of the questions is illustrative: it was not tried out."]
            if info.illustrative == "yes"
            else []
        ),
        f"Groups of fewer than {least_shown()} respondents to a question are not shown, nor are"
        " groups by which they could be worked out; which of the two it was is not said.",
    )


def _group(
    results: Results, one: Result | ResponseRate | CommentCount, count: int | None
) -> tuple[Value, ...]:
    label = group_label(results, one)
    return one.axis, one.name, label, one.within, "no" if count is None else "yes"


def _response(results: Results) -> ResultTable:
    columns = (
        *_GROUP,
        ResultColumn("invited", "Invited"),
        ResultColumn("answered", "Answered"),
        ResultColumn("rate", "Rate", "0 to 1", 3),
        ResultColumn("why_no_rate", "Why there is no rate"),
    )
    rows = tuple(
        (*_group(results, o, o.answered), o.invited, o.answered, o.rate, o.reason)
        for o in results.rates
    )
    return ResultTable("response", "Response", columns, rows, _notes(results))


def _answers(results: Results) -> ResultTable:
    columns = (
        *_ASKED,
        *_GROUP,
        ResultColumn("answer", "Answer"),
        ResultColumn("answer_label", "In words"),
        ResultColumn("respondents", "Respondents"),
    )
    return ResultTable("answers", "Answers", columns, tuple(_answer_rows(results)), _notes(results))


def _answer_rows(results: Results) -> Iterator[tuple[Value, ...]]:
    for asked in results.questions:
        name = asked.question.question
        values = results.instrument.values_of(name)
        for one in asked.results:
            for value in values:
                count = None if one.counts is None else one.counts[value.value]
                yield (
                    name,
                    asked.about,
                    *_group(results, one, one.answered),
                    value.value,
                    value.label,
                    count,
                )


def _shares(results: Results) -> ResultTable:
    of_share = [
        ResultColumn(f"{kind}_{part}", f"{label}: {words}", unit, decimals)
        for kind, label in (("positive", "Positive"), ("low", "At or below"))
        for part, words, unit, decimals in (
            ("respondents", "respondents", "", None),
            ("share", "share", "0 to 1", 3),
            ("lower95", "lower 95% limit", "0 to 1", 3),
            ("upper95", "upper 95% limit", "0 to 1", 3),
        )
    ]
    columns = (
        *_ASKED,
        *_GROUP,
        ResultColumn("answered", "Answered"),
        ResultColumn("with_a_score", "Gave an answer with a score"),
        *of_share[:4],
        ResultColumn("low_answer", "At or below which answer"),
        *of_share[4:],
    )
    rows = tuple(
        (
            asked.question.question,
            asked.about,
            *_group(results, one, one.answered),
            one.answered,
            positive.whole if positive else None,
            *_share_cells(positive),
            asked.low_value,
            *_share_cells(low),
        )
        for asked in results.questions
        for one, positive, low in zip(asked.results, asked.positive, asked.low, strict=True)
    )
    notes = (
        *_notes(results),
        "Shares are of answers with a score; limits are Wilson's, for 95%. A blank share is one of"
        " nobody, or of a group that is not shown.",
    )
    return ResultTable("shares", "Shares", columns, rows, notes)


def _share_cells(one: Share | None) -> tuple[Value, ...]:
    return (None,) * 4 if one is None else (one.part, one.value, one.lower, one.upper)


def _comments(results: Results) -> ResultTable:
    columns = (
        ResultColumn("question", "Question"),
        ResultColumn("comment", "Comment"),
        ResultColumn("kind", "Kind of organisation"),
        ResultColumn("role", "Role"),
        ResultColumn("organisation", "Organisation"),
        ResultColumn("text", "Text"),
    )
    rows = tuple(
        (one.question, one.comment, one.kind, one.role, one.organisation, one.text)
        for asked in results.comments
        for one in asked.comments or ()
    )
    notes = (
        *_notes(results),
        "Who wrote a comment is blank where that group is not shown. The order is drawn anew each"
        " time. Comments that are held or withheld are not here.",
    )
    return ResultTable("comments", "Comments", columns, rows, notes)


def _comment_counts(results: Results) -> ResultTable:
    columns = (
        ResultColumn("question", "Question"),
        *_GROUP,
        ResultColumn("comments", "Comments"),
    )
    rows = tuple(
        (asked.question.question, *_group(results, one, one.comments), one.comments)
        for asked in results.comments
        for one in asked.counts
    )
    return ResultTable("comment_counts", "How many wrote", columns, rows, _notes(results))
