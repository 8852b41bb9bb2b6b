"""Measures of generated stays against the plainest possible Python, and against each other."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wholesystem.stays import (
    SPELLS_SCHEMA,
    STAYS_SCHEMA,
    Stays,
    check_stays,
    delays,
    delays_census,
    delays_daily,
    flows,
    length_of_stay,
    occupancy,
    occupancy_census,
    occupancy_daily,
    spells,
    suppress,
)

ORIGIN = datetime(2017, 1, 1)
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
SERVICES = ["ae", "home", "ward"]
OUTCOMES = ["died", None]
REASONS = [("A", "nhs"), ("E", "social_care"), (None, None)]

few = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def person_rows(draw: st.DrawFn, name: str) -> list[dict[str, object]]:
    """One person's stays, built forwards in quarters of an hour so that they keep every rule."""
    clock = draw(st.integers(-500, 700))
    count = draw(st.integers(1, 4))
    services = [draw(st.sampled_from(SERVICES)) for _ in range(count)]
    rows: list[dict[str, object]] = []
    for number, service in enumerate(services, start=1):
        asked = clock - draw(st.sampled_from([0, 0, 5]))
        started = clock
        ready = started + draw(st.sampled_from([0, 1, 37, 96, 200]))
        ended = ready + draw(st.sampled_from([0, 0, 3, 96, 150]))
        final = number == count
        is_open = final and draw(st.booleans())
        is_ready = draw(st.booleans())
        led_to = draw(st.sampled_from(OUTCOMES)) if final else services[number]
        led_to = draw(st.sampled_from([led_to, led_to, led_to, "elsewhere"]))
        reason, responsible = draw(st.sampled_from(REASONS))
        rows.append(
            {
                "person": name,
                "stay": number,
                "service": service,
                "organisation": None,
                "cohort": None,
                "requested_at": ORIGIN + asked * QUARTER if draw(st.booleans()) else None,
                "started_at": ORIGIN + started * QUARTER,
                "ready_at": ORIGIN + ready * QUARTER if is_ready else None,
                "ended_at": None if is_open else ORIGIN + ended * QUARTER,
                "next_service": led_to,
                "reason": reason if is_ready else None,
                "responsible": responsible if is_ready else None,
            }
        )
        clock = ended + draw(st.sampled_from([0, 0, 0, 20, 400]))
    return rows


@st.composite
def made_stays(draw: st.DrawFn) -> Stays:
    people = draw(st.integers(1, 5))
    rows = [row for i in range(people) for row in draw(person_rows(f"p{i}"))]
    start = ORIGIN + draw(st.sampled_from([0, 24, 50])) * QUARTER
    end = start + draw(st.sampled_from([7, 96, 300, 670])) * QUARTER
    return Stays(pa.Table.from_pylist(rows, schema=STAYS_SCHEMA), start, end, population=1000)


def overlap(begin: datetime, finish: datetime | None, start: datetime, end: datetime) -> float:
    """Days of an interval inside another."""
    last = end if finish is None else min(finish, end)
    return max(timedelta(0), last - max(begin, start)) / DAY


def brute_people(stays: Stays, service: str, since: str, start: datetime, end: datetime) -> float:
    """Mean number of people, one stay after the other."""
    total = 0.0
    for row in stays.table.to_pylist():
        if row["service"] == service and row[since] is not None:
            total += overlap(row[since], row["ended_at"], start, end)
    return total / ((end - start) / DAY)


def brute_count(stays: Stays, service: str, since: str, moment: datetime) -> int:
    return sum(
        row["service"] == service
        and row[since] is not None
        and row[since] <= moment
        and (row["ended_at"] is None or row["ended_at"] > moment)
        for row in stays.table.to_pylist()
    )


SINCE = {"occupied": "started_at", "delayed": "ready_at"}


@few
@given(made_stays())
def test_generated_stays_keep_every_rule(stays: Stays) -> None:
    kept, rejected = check_stays(stays.table)

    assert rejected.num_rows == 0
    assert kept.num_rows == stays.table.num_rows


@few
@given(made_stays())
def test_mean_people_is_the_exact_integral(stays: Stays) -> None:
    for row in occupancy(stays).to_dict("records"):
        for measure, since in SINCE.items():
            expected = brute_people(
                stays, row["service"], since, stays.window_start, stays.window_end
            )
            assert row[measure] == pytest.approx(expected, abs=1e-12)


@few
@given(made_stays())
def test_daily_means_are_the_exact_integral_of_each_day(stays: Stays) -> None:
    found = occupancy_daily(stays)
    services = set(stays.table["service"].to_pylist())
    assert len(found) == len(services) * math.ceil(stays.days)
    for row in found.to_dict("records"):
        start = stays.window_start + row["day"] * DAY
        end = min(start + DAY, stays.window_end)
        for measure, since in SINCE.items():
            expected = brute_people(stays, row["service"], since, start, end)
            assert row[measure] == pytest.approx(expected, abs=1e-9)


@few
@given(made_stays())
def test_census_counts_who_is_there_at_midnight(stays: Stays) -> None:
    found = occupancy_census(stays)
    for row in found.to_dict("records"):
        for measure, since in SINCE.items():
            moment = row["midnight"].to_pydatetime()
            assert row[measure] == brute_count(stays, row["service"], since, moment)


@few
@given(made_stays())
def test_delays_over_reasons_add_up_to_people_delayed(stays: Stays) -> None:
    by_reason = delays(stays).groupby("service")["people_delayed"].sum()
    delayed = occupancy(stays).set_index("service")["delayed"]

    for service, people in delayed.items():
        assert by_reason.get(service, 0.0) == pytest.approx(people, abs=1e-9)


@few
@given(made_stays())
def test_delays_by_day_and_midnight_add_up_over_reasons(stays: Stays) -> None:
    daily = delays_daily(stays).groupby(["day", "service"])["people_delayed"].sum()
    for (day, service), people in daily.items():
        found = occupancy_daily(stays).set_index(["day", "service"]).loc[(day, service)]
        assert people == pytest.approx(found["delayed"], abs=1e-9)
        break  # one day is enough: each day is compared with brute force above
    at_midnight = delays_census(stays).groupby(["midnight", "service"])["people_delayed"].sum()
    found = occupancy_census(stays).set_index(["midnight", "service"])["delayed"]
    for key, people in at_midnight.items():
        assert people == found.loc[key]


@few
@given(made_stays())
def test_people_are_conserved(stays: Stays) -> None:
    """Moves in less moves out is the change in people, stays of no length included."""
    rows = stays.table.to_pylist()
    moved = flows(stays)
    started = {s: 0 for s in SERVICES}
    ended = {s: 0 for s in SERVICES}
    waiting = {s: 0 for s in SERVICES}
    for place, row in enumerate(rows):
        service = row["service"]
        if stays.window_start <= row["started_at"] < stays.window_end:
            started[service] += 1
        if row["ended_at"] and stays.window_start <= row["ended_at"] < stays.window_end:
            ended[service] += 1
        waiting[service] += _moved_elsewhen(stays, rows, place)
    for service in SERVICES:
        arrived = moved.loc[moved["to"] == service, "people"].sum()
        unrecorded = _unrecorded(stays, rows, service)
        assert arrived == started[service] + unrecorded
        left = moved.loc[moved["from"] == service, "people"].sum()
        assert left == ended[service] + waiting[service]


def _following(rows: list[dict[str, object]], place: int) -> dict[str, object] | None:
    """The same person's next stay, if it is where this stay led."""
    after = rows[place + 1] if place + 1 < len(rows) else None
    if after is None or after["person"] != rows[place]["person"]:
        return None
    return after if after["service"] == rows[place]["next_service"] else None


def _is_last(rows: list[dict[str, object]], place: int) -> bool:
    return place + 1 == len(rows) or rows[place + 1]["person"] != rows[place]["person"]


def _moved_elsewhen(stays: Stays, rows: list[dict[str, object]], place: int) -> int:
    """Correction of one stay's end to when its move is counted: at the start of the next stay."""
    row, after = rows[place], _following(rows, place)
    if row["ended_at"] is None:
        return 0
    here = {r["service"] for r in rows}
    left = stays.window_start <= row["ended_at"] < stays.window_end
    if after is None:
        waits_on = _is_last(rows, place) and row["next_service"] in here
        return -1 if left and waits_on else 0
    return int(stays.window_start <= after["started_at"] < stays.window_end) - int(left)


def _unrecorded(stays: Stays, rows: list[dict[str, object]], service: str) -> int:
    """Moves to a service of the table for which the person has no stay recorded."""
    return sum(
        row["ended_at"] is not None
        and stays.window_start <= row["ended_at"] < stays.window_end
        and row["next_service"] == service
        and _following(rows, place) is None
        and not _is_last(rows, place)
        for place, row in enumerate(rows)
    )


@few
@given(made_stays())
def test_both_ways_of_linking_moves_agree(stays: Stays) -> None:
    other = replace(stays, concurrent=frozenset({"nowhere"}))

    pd.testing.assert_frame_equal(flows(stays), flows(other))


@few
@given(made_stays())
def test_spells_of_one_service_are_its_stays_joined(stays: Stays) -> None:
    found = spells(stays, ["ward"])
    expected = _brute_spells(stays, {"ward"})

    assert [(r["person"], r["started_at"]) for r in found.to_dict("records")] == [
        (person, start) for person, start, _ in expected
    ]
    ends = [None if pd.isna(end) else end for end in found["ended_at"]]
    assert ends == [end for _, _, end in expected]


@few
@given(made_stays())
def test_a_group_of_all_services_lasts_at_least_as_long_as_each_stay(stays: Stays) -> None:
    found = length_of_stay(stays, groups={"all": SERVICES}).set_index("service")
    expected = _brute_spells(stays, set(SERVICES))
    ended = [
        (end - start) / DAY
        for _, start, end in expected
        if end is not None and stays.window_start <= end < stays.window_end
    ]

    assert found.loc["all", "ended"] == len(ended)
    if ended:
        assert found.loc["all", "mean_days"] == pytest.approx(sum(ended) / len(ended))


def _brute_spells(stays: Stays, services: set[str]) -> list[tuple[str, datetime, datetime | None]]:
    found: list[tuple[str, datetime, datetime | None]] = []
    for row in stays.table.to_pylist():
        if row["service"] not in services:
            continue
        joins = (
            bool(found)
            and found[-1][0] == row["person"]
            and (found[-1][2] is None or row["started_at"] <= found[-1][2])
        )
        if joins:
            person, start, _ = found.pop()
            found.append((person, start, row["ended_at"]))
        else:
            found.append((row["person"], row["started_at"], row["ended_at"]))
    return found


@few
@given(made_stays(), st.data())
def test_delay_spells_move_delay_between_reasons_and_lose_none(
    stays: Stays, data: st.DataObject
) -> None:
    rows = []
    for row in stays.table.to_pylist():
        if row["ready_at"] is None or row["ended_at"] is None or not data.draw(st.booleans()):
            continue
        length = row["ended_at"] - row["ready_at"]
        middle = row["ready_at"] + length / 2
        rows.append(
            {k: row[k] for k in ("person", "stay")}
            | {"reason": "G", "responsible": "both", "from": row["ready_at"], "to": middle}
        )
    dated = replace(stays, spells=pa.Table.from_pylist(rows, schema=SPELLS_SCHEMA))
    plain, split = delays(stays), delays(dated)

    assert split["people_delayed"].sum() == pytest.approx(plain["people_delayed"].sum(), abs=1e-9)
    moved = sum(
        overlap(row["from"], row["to"], stays.window_start, stays.window_end) for row in rows
    )
    to_choice = split.loc[split["reason"] == "G", "people_delayed"].sum()
    assert to_choice * stays.days == pytest.approx(moved, abs=1e-9)


@few
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz"), st.integers(0, 30)),
        unique_by=lambda row: row[:2],
        min_size=1,
    )
)
def test_no_hidden_flow_can_be_found_from_a_total(cells: list[tuple[str, str, int]]) -> None:
    table = pd.DataFrame(cells, columns=["from", "to", "people"])
    safe = suppress(table, {"people": []}, margins=["from", "to"])

    small = table["people"].between(1, 7)
    assert safe.loc[small, "people"].isna().all()
    assert (safe["people"].dropna() % 5 == 0).all()
    for margin in ("from", "to"):
        for _, group in safe.groupby(margin):
            hidden = group["people"].isna().sum()
            others = (table.loc[group.index, "people"] > 0) & group["people"].notna()
            assert hidden != 1 or not others.any()
