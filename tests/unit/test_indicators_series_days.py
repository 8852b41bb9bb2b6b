"""Months of daily figures, against the same sums worked out row by row in plain Python."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zlib import crc32

import pyarrow as pa
import pytest

from wholesystem.errors import OurFault
from wholesystem.indicators.series_days import Days, month_sums

BOOK = {
    **{"area": "A trust", "area_kind": "trust", "of": "trust", "base": None, "unit": "people"},
    **{"file": "a.csv", "sheet": None, "published": None, "revised": None, "note": None},
}


def days_of(figures: list[tuple[str, date, float | None, int]], **book: Any) -> Days:
    columns: dict[str, pa.Array] = {
        "area_code": pa.array([code for code, *_ in figures], pa.string()),
        "period_start": pa.array([day for _, day, *_ in figures], pa.date32()),
        "value": pa.array([value for _, _, value, _ in figures], pa.float64()),
        "numerator": pa.nulls(len(figures), pa.float64()),
        "denominator": pa.nulls(len(figures), pa.float64()),
        "rank": pa.array([rank for *_, rank in figures], pa.int64()),
        "cell": pa.array([f"B{n}" for n in range(len(figures))], pa.string()),
        "book": pa.array([7] * len(figures), pa.uint64()),
    }
    kinds = {"published": pa.date32(), "revised": pa.date32()}
    told = {
        name: pa.array([word], kinds.get(name, pa.string())) for name, word in (BOOK | book).items()
    }
    books = pa.table({**told, "book": pa.array([7], pa.uint64())})
    return Days(pa.table(columns), books)


def made_up(seed: int) -> list[tuple[str, date, float | None, int]]:
    figures = []
    for rank in range(300):
        number = crc32(f"{seed} {rank}".encode())
        day = date(2023, 12, 20) + timedelta(days=number // 3 % 50)
        value = number // 150 % 9 or None
        figures.append((("RB", "RA", "RC")[number % 3], day, value, rank))
    return figures


def test_the_last_known_figure_counts_even_if_it_was_withdrawn() -> None:
    day = date(2024, 1, 5)
    days = days_of([("RA", day, 5.0, 2), ("RA", day, None, 3), ("RB", day, 1.0, 9)])
    sums = month_sums(days)
    assert sums["days"].tolist() == [0, 1]
    assert sums["x_source_first"].tolist() == [None, "a.csv, cell B2"]


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_the_days_that_both_have(seed: int) -> None:
    top, below = made_up(seed), made_up(seed + 100)
    sums = month_sums(days_of(top), {"z": days_of(below, file="z.csv", sheet="S")})
    x, z = ({row[:2]: row[2] for row in rows} for rows in (top, below))
    expected: dict[tuple[str, date], list[float]] = {}
    for code, day in x.keys() & z.keys():
        a, b = x[code, day], z[code, day]
        month = expected.setdefault((code, day.replace(day=1)), [0, 0, 0])
        if a is not None and b is not None:
            month[:] = [month[0] + 1, month[1] + a, month[2] + b]
    keys = zip(sums["area_code"], sums["month"].dt.date, strict=True)
    figures = sums[["days", "x", "z"]].fillna(0).to_numpy().tolist()
    assert dict(zip(keys, figures, strict=True)) == expected
    assert all(text.startswith("z.csv, sheet S, cell B") for text in sums["z_source_last"].dropna())


def test_no_day_makes_no_month() -> None:
    days = days_of([("RA", date(2024, 1, 5), 5.0, 2)])
    assert not len(month_sums(days_of([])))
    assert not len(month_sums(days, {"z": days_of([("RB", date(2024, 1, 5), 5.0, 2)])}))


def test_two_texts_of_one_number_are_refused_not_mixed_up() -> None:
    rows = pa.table(
        {
            "area_code": pa.array(["RA"]),
            "period_start": pa.array([date(2024, 1, 5)], pa.date32()),
            "value": pa.array([5.0]),
            "numerator": pa.nulls(1, pa.float64()),
            "denominator": pa.nulls(1, pa.float64()),
            "rank": pa.array([1], pa.int64()),
            "cell": pa.array(["B2"]),
            "book": pa.array([7], pa.uint64()),
        }
    )
    kinds = {"published": pa.date32(), "revised": pa.date32()}
    told = {
        name: pa.array([word, word], kinds.get(name, pa.string())) for name, word in BOOK.items()
    }
    books = pa.table({**told, "book": pa.array([7, 7], pa.uint64())})
    with pytest.raises(OurFault, match="one number"):
        Days(rows, books)
