"""What holds for every sample of cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wholesystem.reviews.cases import Stratum, sample_cases
from wholesystem.stays import STAYS_SCHEMA, Stays

START = datetime(2017, 1, 1)
LATE = Stratum(stratum="late", label="Late", rule="long_delay", cases=2, days=3, source="t")
ORDINARY = Stratum(stratum="ordinary", label="O", rule="ordinary", cases=3, source="t")
RANDOM = Stratum(stratum="random", label="R", rule="random", cases=2, source="t")

# Days of delay by the number of a person: those of 3 or more are late.
delays = st.dictionaries(st.integers(0, 40), st.integers(0, 6), max_size=25)
seeds = st.integers(0, 2**63)


def stays_of(people: Sequence[tuple[int, int]]) -> Stays:
    rows: list[dict[str, Any]] = [
        {name: None for name in STAYS_SCHEMA.names}
        | {
            "person": f"p{number}",
            "stay": 1,
            "service": "ward",
            "started_at": START,
            "ready_at": START,
            "ended_at": START + timedelta(days=delay),
        }
        for number, delay in people
    ]
    table = pa.Table.from_pylist(rows, schema=STAYS_SCHEMA)
    return Stays(table, START, START + timedelta(days=30))


@settings(deadline=None)
@given(delays, seeds, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(people: dict[int, int], seed: int, shuffle: Any) -> None:
    strata = (LATE, RANDOM, ORDINARY)
    rows = list(people.items())
    mixed = list(rows)
    shuffle.shuffle(mixed)

    assert sample_cases(stays_of(rows), strata, seed) == sample_cases(stays_of(mixed), strata, seed)


@settings(deadline=None)
@given(delays, seeds)
def test_nobody_is_drawn_twice_and_the_counts_are_right(people: dict[int, int], seed: int) -> None:
    sample = sample_cases(stays_of(list(people.items())), (LATE, RANDOM, ORDINARY), seed)
    persons = [one.person for one in sample.cases]

    assert len(persons) == len(set(persons))
    for count in sample.counts:
        drawn = [one for one in sample.cases if one.stratum == count.stratum]
        assert len(drawn) == count.drawn == min(count.wanted, count.eligible)


@settings(deadline=None)
@given(delays, delays, seeds)
def test_people_of_one_stratum_change_nothing_in_another(
    people: dict[int, int], more: dict[int, int], seed: int
) -> None:
    """Where no stratum is random: people who are all late leave the ordinary as they were."""
    added = {number + 100: 5 for number in more}
    before = sample_cases(stays_of(list(people.items())), (LATE, ORDINARY), seed)
    after = sample_cases(stays_of(list((people | added).items())), (LATE, ORDINARY), seed)

    def ordinary(sample: Any) -> list[Any]:
        return [one for one in sample.cases if one.stratum == "ordinary"]

    assert ordinary(before) == ordinary(after)


@settings(deadline=None)
@given(delays, delays, seeds)
def test_within_a_stratum_newcomers_only_take_places(
    people: dict[int, int], more: dict[int, int], seed: int
) -> None:
    """Whoever is drawn after others came is one of these, or was drawn before; in that order."""
    added = {number + 100: 0 for number in more}
    before = sample_cases(stays_of(list(people.items())), (ORDINARY, LATE), seed)
    after = sample_cases(stays_of(list((people | added).items())), (ORDINARY, LATE), seed)
    old = [one.person for one in before.cases if one.stratum == "ordinary"]
    new = [one.person for one in after.cases if one.stratum == "ordinary"]
    stayed = [person for person in new if int(person[1:]) < 100]

    assert stayed == old[: len(stayed)]
