"""Who has answered what: questions by those asked, and every answer as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wholesystem.reviews.requests.progress import QuestionProgress, RequestProgress

__all__ = ["ANSWER_COLUMNS", "AnswerGrid", "GridRow", "answer_rows", "make_grid"]

#: Columns of the export of all answers.
ANSWER_COLUMNS = (
    "request",
    "title",
    "asked",
    "request_state",
    "due_on",
    "question",
    "order",
    "question_text",
    "kloe",
    "state",
    "late",
    "given_on",
    "answer",
    "cannot_answer_because",
    "documents",
    "times_sent_back",
    "missing",
    "source",
)


@dataclass(frozen=True)
class GridRow:
    """A question, and how far each of those asked has come with it.

    Parameters
    ----------
    text : str
        The question.
    kloe : tuple of str
        What it informs.
    cells : mapping of str to QuestionProgress
        By id of the request; those who are not asked it are missing.
    """

    text: str
    kloe: tuple[str, ...]
    cells: Mapping[str, QuestionProgress]


@dataclass(frozen=True)
class AnswerGrid:
    """Questions by requests.

    Parameters
    ----------
    requests : tuple of RequestProgress
        The columns.
    rows : tuple of GridRow
        The same words are the same question, whoever is asked.
    """

    requests: tuple[RequestProgress, ...]
    rows: tuple[GridRow, ...]


def make_grid(requests: Sequence[RequestProgress]) -> AnswerGrid:
    """Who has answered what.

    Parameters
    ----------
    requests : sequence of RequestProgress
        Those that are shown, one a column.

    Returns
    -------
    AnswerGrid
        Questions in the order of the first request that asks them; those that are asked no longer
        by anybody are left out.
    """
    cells: dict[str, dict[str, QuestionProgress]] = {}
    for request in requests:
        for one in request.asked:
            # A question that stands twice in one request keeps both of its rows.
            text = one.question.text
            while request.code in cells.get(text, {}):
                text += "\n"
            cells.setdefault(text, {})[request.code] = one
    rows = tuple(
        GridRow(text.rstrip("\n"), next(iter(found.values())).question.kloe, found)
        for text, found in cells.items()
    )
    return AnswerGrid(tuple(requests), rows)


def answer_rows(
    requests: Sequence[RequestProgress],
    organisations: Mapping[str, str],
    documents: Mapping[str, str],
) -> list[tuple[str, ...]]:
    """Every question with its answer, for a spreadsheet.

    Parameters
    ----------
    requests : sequence of RequestProgress
        In order.
    organisations, documents : mapping of str to str
        Names by id.

    Returns
    -------
    list of tuple of str
        With the columns of `ANSWER_COLUMNS`. What is only a draft is told, without its words: it
        was not given.
    """
    return [
        _row(request, one, organisations, documents)
        for request in requests
        for one in request.questions
    ]


def _row(
    request: RequestProgress,
    one: QuestionProgress,
    organisations: Mapping[str, str],
    documents: Mapping[str, str],
) -> tuple[str, ...]:
    info, answer = request.request, one.answer
    given = answer if answer is not None and answer.state in ("given", "accepted") else None
    return (
        info.request,
        info.title,
        organisations.get(info.organisation, info.organisation) or "The system as a whole",
        request.words,
        info.due_on.isoformat() if info.due_on else "",
        one.code,
        str(one.question.order),
        one.question.text,
        "; ".join(one.question.kloe),
        one.words,
        answer.late if answer else "",
        answer.given_at.date().isoformat() if answer and answer.given_at else "",
        given.text if given else "",
        given.cannot if given else "",
        "; ".join(documents.get(digest, digest) for digest in given.documents) if given else "",
        str(len(one.returns)),
        one.returns[-1].missing if one.returns and one.state == "returned" else "",
        answer.source if answer else "",
    )
