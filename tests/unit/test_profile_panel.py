"""All figures of an indicator as matrices, and several areas taken together."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.helpers.observations import indicator, ratio
from wholesystem.indicators.area_figures import AreaFigures
from wholesystem.indicators.compare import compare_areas
from wholesystem.indicators.profile.panel import Panel, make_panel

JUNE = (date(2017, 6, 1), date(2017, 6, 30))
JULY = (date(2017, 7, 1), date(2017, 7, 31))
RATE = ratio("rate", "days", "adults", kind="rate", multiplier=100_000.0, per_day="yes")
SHARE = ratio("share", "some", "all")
SCORE = indicator("score", kind="mean", unit="score")


def frame(*rows: tuple[str, tuple[date, date], float | None, float | None, float | None]):
    """Rows of code, period, value, numerator and denominator, as `indicator_series` has them."""
    made = pd.DataFrame(
        [
            {
                "area_code": code,
                "area": f"Area {code}",
                "area_kind": "area",
                "period_start": pd.Timestamp(period[0]),
                "period_end": pd.Timestamp(period[1]),
                "value": value,
                "numerator": above,
                "denominator": below,
                "source_file": f"{code}.xls",
                "source": f"{code}.xls, sheet LA, cell F{period[0].month}",
                "note": None if value is not None else "not given",
            }
            for code, period, value, above, below in rows
        ]
    )
    numbers = ["value", "numerator", "denominator"]
    return made.astype(dict.fromkeys(numbers, "float64"))


def shares(*rows: tuple[str, tuple[date, date], float | None, float | None]) -> Panel:
    """A panel of shares in per cent from numerators and denominators."""
    full = [(c, p, None if x is None or not n else 100 * x / n, x, n) for c, p, x, n in rows]
    return make_panel(SHARE, frame(*full))


def test_areas_and_periods_are_in_order_whatever_the_order_of_the_rows() -> None:
    panel = shares(("B", JULY, 2, 4), ("A", JULY, 1, 4), ("B", JUNE, 3, 4), ("A", JUNE, 4, 4))
    assert panel.codes == ("A", "B")
    assert panel.names == ("Area A", "Area B")
    assert panel.periods == (JUNE, JULY)
    assert panel.values.tolist() == [[100, 25], [75, 50]]
    assert panel.index("B") == 1


def test_a_row_has_figures_and_where_they_were_read() -> None:
    row = shares(("A", JUNE, 4, 4), ("A", JULY, 1, 4), ("B", JUNE, 3, 4)).row("A")
    assert row is not None
    assert row.values.tolist() == [100, 25]
    assert row.numerators.tolist() == [4, 1]
    assert row.denominators.tolist() == [4, 4]
    assert list(row.files) == ["A.xls", "A.xls"]
    assert list(row.sources) == ["A.xls, sheet LA, cell F6", "A.xls, sheet LA, cell F7"]
    assert list(row.notes) == ["", ""]
    assert row.part(slice(1, 2)).values.tolist() == [25]
    assert list(row.part(slice(1, 2)).sources) == ["A.xls, sheet LA, cell F7"]


def test_what_is_missing_is_no_figure_and_keeps_its_note() -> None:
    panel = shares(("A", JUNE, 4, 4), ("A", JULY, None, 4), ("B", JUNE, 3, 4))
    a, b = panel.row("A"), panel.row("B")
    assert a is not None
    assert b is not None
    assert np.isnan(a.values[1])
    assert a.notes[1] == "not given"
    assert np.isnan(b.values[1])
    assert b.notes[1] == ""
    assert panel.row("C") is None
    assert panel.index("C") is None


def test_no_figure_at_all_makes_an_empty_panel() -> None:
    panel = make_panel(SHARE, frame(("A", JUNE, 1.0, 1.0, 1.0)).iloc[:0])
    assert panel.codes == ()
    assert panel.periods == ()
    assert panel.row("A") is None
    assert panel.group(["A"]).shape == (0,)


def test_a_group_is_the_sum_of_numerators_over_the_sum_of_denominators() -> None:
    panel = shares(("A", JUNE, 10, 100), ("B", JUNE, 90, 300), ("C", JUNE, 0, 1000))
    # (10 + 90) / (100 + 300) = 25%; the mean of 10% and 30% would be 20%.
    assert panel.group(["A", "B"]) == pytest.approx([25.0])


def test_a_rate_a_day_is_pooled_over_the_days_of_each_period() -> None:
    panel = make_panel(
        RATE,
        frame(
            ("A", JUNE, 1000 / 30, 300, 30_000),
            ("B", JUNE, 500 / 30, 300, 60_000),
            ("A", JULY, 1000 / 31, 300, 30_000),
            ("B", JULY, 500 / 31, 300, 60_000),
        ),
    )
    # 600 days of 90,000 adults: 666.7 per 100,000 in the month.
    assert panel.group(["A", "B"]) == pytest.approx([600 / 0.9 / 30, 600 / 0.9 / 31])


def test_an_area_without_a_figure_is_left_out_of_that_period() -> None:
    panel = shares(
        ("A", JUNE, 10, 100), ("A", JULY, 20, 100), ("B", JUNE, 30, 100), ("B", JULY, None, 100)
    )
    assert panel.group(["A", "B"]) == pytest.approx([20.0, 20.0])
    assert panel.group(["A", "B", "unknown"]) == pytest.approx([20.0, 20.0])


def test_no_area_with_a_figure_is_no_figure_of_the_group() -> None:
    panel = shares(("A", JUNE, 10, 100), ("A", JULY, None, 100))
    assert np.isnan(panel.group([])).all()
    assert np.isnan(panel.group(["unknown"])).all()
    assert panel.group(["A"])[0] == pytest.approx(10.0)
    assert np.isnan(panel.group(["A"])[1])


def test_figures_without_parts_are_averaged_each_area_counting_the_same() -> None:
    panel = make_panel(SCORE, frame(("A", JUNE, 7.0, None, None), ("B", JUNE, 8.0, None, None)))
    assert panel.group(["A", "B"]) == pytest.approx([7.5])


def test_where_one_area_has_no_parts_all_are_averaged() -> None:
    """Pooling would silently leave that area out."""
    panel = make_panel(
        SHARE, frame(("A", JUNE, 10.0, 10, 100), ("B", JUNE, 30.0, 90, 300), ("C", JUNE, 50, None,
                                                                             None))
    )  # fmt: skip
    assert panel.group(["A", "B", "C"]) == pytest.approx([30.0])
    assert panel.group(["A", "B"]) == pytest.approx([25.0])


def test_the_chart_and_the_comparison_take_areas_together_by_one_rule() -> None:
    figures = frame(
        ("E1", JUNE, 10.0, 1.0, 10.0),
        ("E2", JUNE, 50.0, 5.0, 10.0),
        ("E3", JUNE, 40.0, None, None),
        ("E4", JUNE, 30.0, 3.0, 10.0),
    )
    panel = make_panel(SHARE, figures)
    compared = AreaFigures(figures, SHARE)
    for codes in (["E2", "E4"], ["E2", "E3"], ["E3"]):
        group = compare_areas(compared, "E1", SHARE, codes).comparators
        assert group is not None
        assert panel.group(codes).tolist() == [group.versus.value]
