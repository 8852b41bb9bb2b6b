"""What new requests ask: of a packaged set, a request made before, a file, or nothing yet."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.documents import clean_name
from wholesystem.reviews.framework import Framework
from wholesystem.reviews.requests.question_sets import (
    packaged_question_sets,
    read_question_set,
    read_questions,
)
from wholesystem.web.requests.forms import OWN, StartForm
from wholesystem.web.requests.standing import find_request, load_progress
from wholesystem.web.workspace import models
from wholesystem.web.workspace.uploads import MOST_TABLES_BYTES, unpack_tables

__all__ = ["Asked", "find_questions"]


class Asked(NamedTuple):
    """What is asked: columns of the requests, the questions, and what is to be told of them."""

    values: dict[str, Any]
    questions: list[dict[str, Any]]
    note: str = ""


def find_questions(form: StartForm, review: models.Review, framework: Framework) -> Asked:
    """What new requests ask, as a form says.

    Parameters
    ----------
    form : StartForm
        Valid.
    review : models.Review
        The review.
    framework : Framework
        Its questions.

    Returns
    -------
    Asked
        Questions of the framework that this review has not are left out, and that is told.

    Raises
    ------
    TableError
        With every fault of a file.
    """
    chosen = form.cleaned_data["questions"]
    if chosen in packaged_question_sets():
        return _of_set(chosen, framework)
    if form.request_before():
        return _of_request(form.request_before(), review)
    if chosen == OWN:
        return Asked({"illustrative": "no"}, _of_file(form.cleaned_data["file"], framework))
    return Asked({"illustrative": "no"}, [])


_COLUMNS = ("text", "help", "kloe", "wants_document")


def _told(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _COLUMNS}


def _of_set(name: str, framework: Framework) -> Asked:
    made = read_question_set(name)
    known, lost = framework.question_by_id, 0
    questions = []
    for one in made.questions:
        kept = tuple(kloe for kloe in one.kloe if kloe in known)
        lost += len(one.kloe) - len(kept)
        questions.append({**_told(one), "kloe": kept})
    note = (
        f"The set is written for another framework: {lost} links to its questions were left out."
        if lost
        else ""
    )
    values = {"question_set": name, "illustrative": made.info.illustrative}
    return Asked(values, questions, note)


def _of_request(code: str, review: models.Review) -> Asked:
    before = find_request(review, code)
    values = {"question_set": before.question_set, "illustrative": before.illustrative}
    asked = load_progress(review, code)[0].asked
    return Asked(values, [_told(one.question) for one in asked])


def _of_file(upload: Any, framework: Framework) -> list[dict[str, Any]]:
    if upload.size > MOST_TABLES_BYTES:
        rule = f"It is larger than {MOST_TABLES_BYTES // 1_000_000} MB."
        raise TableError([Fault(upload.name, None, rule, "Leave out what is not needed.")])
    with tempfile.TemporaryDirectory(prefix="wholesystem-") as passing:
        name = clean_name(upload.name)
        if name.lower().endswith(".csv"):
            path = Path(passing) / "questions.csv"
            path.write_bytes(upload.read())
        else:
            path = unpack_tables(upload.read(), name, Path(passing))
        return [_told(one) for one in read_questions(path, framework.question_by_id)]
