"""Working days of England."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholesystem.errors import ParameterError
from wholesystem.reviews.working_days import add_working_days, is_working_day, working_days_left

DAYS = st.dates(date(2010, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        # Counted by hand on a calendar; bank holidays as published by the government for England.
        (date(2018, 1, 8), 10, date(2018, 1, 22)),  # Monday to Monday, no holiday
        (date(2017, 12, 19), 10, date(2018, 1, 5)),  # Christmas, Boxing Day, New Year's Day
        (date(2018, 3, 27), 10, date(2018, 4, 12)),  # Good Friday and Easter Monday
        (date(2018, 1, 6), 1, date(2018, 1, 8)),  # begun on a Saturday
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # 19 September 2022: the State Funeral
    ],
)
def test_the_last_working_day(start: date, days: int, last: date) -> None:
    assert add_working_days(start, days) == last


@given(DAYS, st.integers(1, 60))
def test_counting_back_gives_the_same(start: date, days: int) -> None:
    last = add_working_days(start, days)
    assert is_working_day(last)
    assert working_days_left(start, last) == days
    assert working_days_left(last, start) in (-days, -days + 1 - is_working_day(start))
    assert working_days_left(last, last) == 0


@given(DAYS)
def test_a_week_has_at_most_five(start: date) -> None:
    assert 2 <= sum(is_working_day(start + timedelta(days=one)) for one in range(7)) <= 5


@pytest.mark.parametrize("days", [0, -1, 261])
def test_an_endless_clock_is_refused(days: int) -> None:
    with pytest.raises(ParameterError, match="from 1 to 260"):
        add_working_days(date(2018, 1, 8), days)
