"""Stores and series of generated figures: order does not matter, and nothing is lost."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.observations import (
    catalogue,
    day,
    days_and_people,
    indicator,
    loaded,
    month,
    observation,
    ratio,
)
from wholesystem.indicators import AreaSum, Figures, Store

CATALOGUE = days_and_people()
SOME = settings(max_examples=25, deadline=None)


@st.composite
def published(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of a few figures on a few dates; of one figure and date there is one value."""
    keys = st.tuples(
        st.sampled_from(["E1", "E2", "E3"]),
        st.integers(1, 4),
        st.sampled_from([None, date(2018, 1, 1), date(2018, 2, 1), date(2018, 3, 1)]),
    )
    figures = draw(st.dictionaries(keys, st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1))
    return [
        observation(
            area_code=code,
            area=code,
            value=value,
            note="suppressed" if value is None else None,
            published=known,
            file=f"{known}.xls",
            **month(2017, number),
        )
        for (code, number, known), value in figures.items()
    ]


def contents(found: pd.DataFrame) -> list[tuple[Any, ...]]:
    columns = found[["area_code", "period_start", "file"]]
    values = found["value"].astype(object).where(found["value"].notna(), None)
    return [(*row, value) for row, value in zip(columns.to_numpy().tolist(), values, strict=True)]


@SOME
@given(rows=published(), seed=st.integers(0, 99), known=st.sampled_from([None, 1, 2, 3]))
def test_current_figures_are_the_latest_whatever_the_order_of_adding(
    rows: list[dict[str, Any]], seed: int, known: int | None
) -> None:
    on = None if known is None else date(2018, known, 15)
    expected: dict[tuple[Any, ...], tuple[date, dict[str, Any]]] = {}
    for row in rows:
        since = row["published"] or date.min
        key = (row["area_code"], row["period_start"])
        if (on is None or since <= on) and since >= expected.get(key, (date.min, {}))[0]:
            expected[key] = (since, row)
    shuffled = [rows[place] for place in np.random.default_rng(seed).permutation(len(rows))]
    half = len(shuffled) // 2

    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "store")
        first = store.add([loaded(*shuffled[:half])], catalogue=CATALOGUE)
        second = store.add([loaded(*shuffled[half:])], catalogue=CATALOGUE)
        found = store.read("days", known_on=on)
        again = Store.open(store.folder).read("days", known_on=on)
        every = len(store.connection().sql("SELECT * FROM observations").to_arrow_table())

    assert first.added + second.added == len(rows) == every
    assert contents(found) == [
        (code, pd.Timestamp(start), row["file"], row["value"])
        for (code, start), (_, row) in sorted(expected.items())
    ]
    assert contents(again) == contents(found)


@SOME
@given(rows=published())
def test_adding_the_same_figures_again_adds_nothing(rows: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "store")
        store.add([loaded(*rows)], catalogue=CATALOGUE)
        before = contents(store.read())
        report = store.add([loaded(*rows, sha256="another")], catalogue=CATALOGUE)
        after = contents(store.read())

    assert (report.added, report.duplicates) == (0, len(rows))
    assert after == before


@SOME
@given(
    values=st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 10_000)), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)
def test_a_sum_is_that_of_its_members_or_missing(values: list[list[int | None]]) -> None:
    codes = ("E1", "E2", "E3")
    whole = AreaSum("all", "All", "combined", ((codes, date.min, date.max),))
    rows = [
        observation(
            area_code=code,
            value=None if value is None else float(value),
            note="suppressed" if value is None else None,
            **month(2017, number),
        )
        for number, numbers in enumerate(values, start=1)
        for code, value in zip(codes, numbers, strict=True)
    ]

    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "store")
        store.add([loaded(*rows)], catalogue=CATALOGUE)
        found = Figures(store, catalogue=CATALOGUE, sums=(whole,)).series("days", areas=["all"])

    for row, numbers in zip(found.to_dict("records"), values, strict=True):
        if None in numbers:
            have = sum(number is not None for number in numbers)
            assert pd.isna(row["value"])
            assert row["note"] == f"{have} of 3 areas have a figure; a sum needs all"
        else:
            assert row["value"] == sum(number for number in numbers if number is not None)
            assert row["note"] is None


DAILY = catalogue(
    indicator("beds", monthly="mean", of="trust"),
    indicator("open", monthly="mean", of="trust"),
    ratio("occupancy", "beds", "open", monthly="mean", of="trust"),
)
SHARED = {"area_code": "R1", "area_kind": "trust", "of": "trust"}
NUMBERS = st.lists(st.one_of(st.none(), st.integers(1, 999)), min_size=30, max_size=30)


@SOME
@given(beds=NUMBERS, free=NUMBERS)
def test_a_monthly_ratio_is_over_the_days_that_have_both(
    beds: list[int | None], free: list[int | None]
) -> None:
    rows = [
        observation(
            indicator=name,
            value=None if value is None else float(value),
            note="not submitted" if value is None else None,
            **SHARED,
            **day(date(2017, 6, 1) + timedelta(days=number)),
        )
        for name, numbers in (("beds", beds), ("open", free))
        for number, value in enumerate(numbers)
    ]
    both = [(x, z) for x, z in zip(beds, free, strict=True) if x is not None and z is not None]

    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "store")
        store.add([loaded(*rows)], catalogue=DAILY)
        row = Figures(store, catalogue=DAILY, sums=()).series("occupancy").iloc[0]

    if len(both) < 15:
        assert pd.isna(row["value"])
    else:
        total = sum(z for _, z in both)
        assert np.isclose(row["value"], 100 * sum(x for x, _ in both) / total)
        assert np.isclose(row["denominator"], total / len(both))
