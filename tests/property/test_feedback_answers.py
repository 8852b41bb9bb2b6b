"""Whatever is answered: a sheet that can be made comes back from its file, as one of a set."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.feedback import KINDS, ROLES, VALUES, make_instrument
from wholesystem.errors import TableError
from wholesystem.reviews.feedback import AnswerSheet, make_sheet, read_answers, write_answers

INSTRUMENT = make_instrument()
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "came": st.sampled_from(("yes", "no")),
        "trust": st.dictionaries(st.sampled_from(KINDS), st.sampled_from(VALUES)),
        "on_time": st.sampled_from(VALUES),
        "ways": st.lists(st.sampled_from(("post", "phone", "paper")), unique=True).map(tuple),
        "why": st.text(max_size=40),
        "beds": st.sampled_from(VALUES),
    },
)


def try_sheet(role: str, organisation: str, answers: dict[str, object]) -> AnswerSheet | None:
    try:
        return make_sheet(INSTRUMENT, role, answers, organisation=organisation)  # type: ignore[arg-type]
    except TableError:
        return None


SHEETS = st.builds(
    try_sheet, st.sampled_from(sorted(ROLES)), st.sampled_from(("oak", "elm")), ANSWERS
)


@settings(deadline=None)
@given(st.lists(SHEETS, max_size=8))
def test_sheets_come_back_from_their_file(given_sheets: list[AnswerSheet | None]) -> None:
    sheets = [one for one in given_sheets if one is not None]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        write_answers(INSTRUMENT, sheets, path)
        read = read_answers(INSTRUMENT, path)

    assert Counter(map(repr, read)) == Counter(map(repr, sheets))


@given(SHEETS)
def test_a_sheet_made_again_is_the_same(sheet: AnswerSheet | None) -> None:
    if sheet is not None:
        assert try_sheet(sheet.role, sheet.organisation, dict(sheet.answers)) == sheet
