"""Rows of a review: what a program gives is checked as a file's cells are."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.helpers import bundles
from wholesystem.reviews import Event, records
from wholesystem.reviews.cells import tidy

EVIDENCE, FIGURE = bundles.review().evidence[0], bundles.review().figures[0]
EVENT = bundles.events(1)[0]


def changed(row: Any, **changes: Any) -> Any:
    return type(row)(**row.model_dump() | changes)


@pytest.mark.parametrize(
    ("row", "changes", "told"),
    [
        (FIGURE, {"value": float("nan")}, "A finite number is needed here."),
        (FIGURE, {"value": float("-inf")}, "A finite number is needed here."),
        (FIGURE, {"value": 1e16}, "It must be at least"),
        (EVIDENCE, {"recorded_at": datetime(2017, 1, 1, tzinfo=UTC)}, "A local date and time"),
        (EVIDENCE, {"recorded_at": datetime(1800, 1, 1)}, "The year must be from 1900 to 2300."),
        (EVIDENCE, {"date": date(2400, 1, 1)}, "The year must be from 1900 to 2300."),
        (EVIDENCE, {"text": " \n\t"}, "A value is needed here."),
        (EVIDENCE, {"text": None}, "A value is needed here."),
        (EVIDENCE, {"place": "x" * 2_001}, "It may have at most 2,000 characters; it has 2,001."),
        (EVIDENCE, {"place": "a\x07"}, r"control characters \(U\+0007 at character 2\)"),
        (EVIDENCE, {"source": "  "}, "It must not be blank."),
        (EVIDENCE, {"kloe": ("a", "a")}, "a stands there twice."),
        (EVIDENCE, {"kloe": ("a;b",)}, "It must not contain ';'."),
        (EVIDENCE, {"kloe": tuple(f"k{n:050d}" for n in range(500))}, "more rows than a cell"),
        (EVIDENCE, {"form": "rumour"}, "It must be one of quote, paraphrase, figure."),
        (EVENT, {"changes": "[]"}, "It must be a JSON object of what changed."),
        (EVENT, {"changes": "{"}, "It must be a JSON object of what changed."),
        (EVENT, {"changes": '{"a": "\ud800"}'}, "It must be a JSON object of what changed."),
        (EVENT, {"digest": "ABC"}, "It must be a SHA-256 digest"),
        (EVENT, {"number": 0}, "It must be at least 1"),
    ],
)
def test_no_value_can_be_made_that_a_bundle_could_not_bring_back(
    row: Any, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        changed(row, **changes)


def test_values_come_as_texts_or_as_what_they_are() -> None:
    row = changed(
        EVIDENCE, source=" S1 ", place=" page 3\r\n", date="2017-04-01", kloe="a; b", withdrawn=None
    )

    assert (row.source, row.place, row.date) == ("S1", "page 3", date(2017, 4, 1))
    assert (row.kloe, row.withdrawn) == (("a", "b"), "")
    assert changed(FIGURE, value=3).value == 3.0
    assert type(EVENT).model_validate(EVENT.cells()) == EVENT == Event(**EVENT.model_dump())
    with pytest.raises(ValidationError):
        records.Evidence.model_validate([1])


def test_a_tidy_text_stays_as_it_is() -> None:
    for text in (" a\r\nb\rc ", "\N{NO-BREAK SPACE}x", "\x1cx", ""):
        assert tidy(tidy(text)) == tidy(text)
    assert tidy(" a\r\nb\rc ") == "a\nb\nc"
