"""The packaged review's cited figures against the packaged extract, worked by hand.

Delayed days are those that NHS England published by local authority (June 2017: 6,414), people aged
18 and over those of the Office for National Statistics (Oxfordshire, mid-2017: 539,000), A&E
attendances those of the trust RTH. What is expected here was added and divided apart from the code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from wholesystem.examples.extract import open_extract
from wholesystem.examples.reperformance import read_report_figures, reperform
from wholesystem.examples.review import read_example_review
from wholesystem.indicators import Store
from wholesystem.reviews import FigureSources, LiveFigure, live_figures, records

ADULTS = 539_000
SPRING = 28 + 31 + 30


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_extract() as loading:
        yield loading.store


@pytest.fixture(scope="module")
def live(store: Store) -> dict[str, LiveFigure]:
    return live_figures(read_example_review().review, FigureSources.of_store(store))


@pytest.mark.parametrize(
    ("evidence", "value", "status"),
    [
        # NHS alone, February to April 2017.
        ("E246", 1e5 * (2848 + 2694 + 2246) / ADULTS / SPRING, "changed"),
        # Choice, the same months: 2.85 was cited as 2.9.
        ("E214", 1e5 * (406 + 498 + 464) / ADULTS / SPRING, "same"),
        # June 2017, one month: 39.67, cited as 39.9.
        ("E220", 1e5 * 6414 / ADULTS / 30, "changed"),
        # 2016/17, month by month.
        (
            "E244",
            3812 + 3771 + 3394 + 3552 + 3982 + 4209 + 4807 + 4075 + 4426 + 5251 + 5342 + 5615,
            "changed",
        ),
        # Of 151,073 attendances 21,046 took longer.
        ("E164", 100 * (151_073 - 21_046) / 151_073, "same"),
    ],
)
def test_values_worked_by_hand(
    live: dict[str, LiveFigure], evidence: str, value: float, status: str
) -> None:
    found = live[evidence]

    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.difference == pytest.approx(value - found.figure.value, abs=1e-9)
    assert found.status == status
    assert found.source


def test_how_many_of_the_review_stand(live: dict[str, LiveFigure]) -> None:
    assert Counter(one.status for one in live.values()) == {
        "same": 6, "changed": 11, "unavailable": 31,
    }  # fmt: skip


def test_a_published_month_and_its_revision_in_words(store: Store) -> None:
    cited = records.Figure(
        evidence="E1", kind="indicator", name="dtoc_days", area_code="E10000025",
        period_start=date(2017, 6, 1), period_end=date(2017, 6, 30), value=6414, unit="days",
    )  # fmt: skip
    sources = FigureSources.of_store(store)

    same = sources.look_up(cited)
    changed = sources.look_up(cited.model_copy(update={"value": 6432.0}))

    assert (same.status, same.value, same.difference) == ("same", 6414.0, 0.0)
    assert "June_17.xls" in same.source
    assert changed.words == "is now 6,414 days and was cited as 6,432 days."


def test_they_are_those_of_the_report_worked_out_again(
    store: Store, live: dict[str, LiveFigure]
) -> None:
    rows = read_report_figures()
    again = reperform(store, rows)
    by_figure = {
        (row.indicator, row.area_code, row.start, row.end): value
        for row, value in zip(rows, again["recomputed"], strict=True)
        if row.measure in ("value", "sum", "rate", "share")
    }
    compared = 0
    for one in live.values():
        cited = one.figure
        key = (cited.name, cited.area_code, cited.period_start, cited.period_end)
        if key in by_figure and one.value is not None:
            assert one.value == pytest.approx(by_figure[key], rel=1e-12), cited.evidence
            compared += 1
    assert compared == 17
