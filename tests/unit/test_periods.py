"""Periods in words."""

from datetime import date

import pytest

from wholesystem.indicators.periods import MONTHS, period_days, period_label


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (date(2017, 6, 1), date(2017, 6, 30), "June 2017"),
        (date(2016, 2, 1), date(2016, 2, 29), "February 2016"),
        (date(2016, 2, 1), date(2016, 2, 28), "1 February 2016 to 28 February 2016"),
        (date(2017, 6, 2), date(2017, 6, 30), "2 June 2017 to 30 June 2017"),
        (date(2016, 4, 1), date(2017, 3, 31), "2016/17"),
        (date(1999, 4, 1), date(2000, 3, 31), "1999/00"),
        (date(2015, 4, 1), date(2016, 3, 31), "2015/16"),  # 366 days
        (date(2017, 1, 1), date(2017, 12, 31), "2017"),
        (date(2016, 7, 1), date(2017, 6, 30), "July 2016 to June 2017"),
        (date(2017, 4, 1), date(2017, 6, 30), "April to June 2017"),
        (date(2016, 12, 1), date(2017, 2, 28), "December 2016 to February 2017"),
        (date(2017, 10, 1), date(2017, 12, 31), "October to December 2017"),
        (date(2016, 4, 1), date(2018, 3, 31), "April 2016 to March 2018"),
        (date(2016, 6, 30), date(2016, 6, 30), "30 June 2016"),
        (date(2017, 8, 1), date(2017, 8, 1), "1 August 2017"),
        (date(2017, 7, 3), date(2017, 7, 9), "3 July 2017 to 9 July 2017"),
        (date(2017, 12, 25), date(2018, 1, 31), "25 December 2017 to 31 January 2018"),
    ],
)
def test_a_period_as_people_write_it(start: date, end: date, label: str) -> None:
    assert period_label(start, end) == label


def test_every_month_has_its_name_whatever_the_locale() -> None:
    labels = [period_label(date(2017, m, 1), date(2017, m, 28 if m == 2 else 30)) for m in (2, 4)]
    assert labels == ["February 2017", "April 2017"]
    assert len(MONTHS) == 12
    assert (MONTHS[0], MONTHS[11]) == ("January", "December")


def test_both_ends_are_counted() -> None:
    assert period_days(date(2017, 6, 1), date(2017, 6, 30)) == 30
    assert period_days(date(2016, 6, 30), date(2016, 6, 30)) == 1
    assert period_days(date(2015, 4, 1), date(2016, 3, 31)) == 366
