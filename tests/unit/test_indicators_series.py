"""Series: stored and computed figures, months of days, sums of areas, and what is said of each."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

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
from wholesystem.errors import OurFault, ParameterError
from wholesystem.indicators import AreaSum, Figures, Store, indicator_series, write_observations
from wholesystem.indicators.catalogue import Indicator
from wholesystem.indicators.series import SERIES_COLUMNS
from wholesystem.indicators.series_sums import packaged_sums

CATALOGUE = days_and_people()
JUNE = {"period_start": pd.Timestamp(2017, 6, 1), "period_end": pd.Timestamp(2017, 6, 30)}

Make = Callable[..., Figures]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Figures of a new store with some rows."""

    def figures(
        *rows: dict[str, Any], known: dict[str, Indicator] = CATALOGUE, **more: Any
    ) -> Figures:
        store = Store.create(tmp_path / "store")
        store.add([loaded(*rows)], catalogue=known)
        return Figures(store, catalogue=known, **{"sums": (), **more})

    return figures


def adults(year: int, people: float, **cells: Any) -> dict[str, Any]:
    """Adults of Oxfordshire in the middle of a year."""
    own = {"indicator": "adults", "unit": "people", "value": people, "file": "population.csv"}
    return observation(
        **{**own, "sheet": None, "cell": f"B{year}", **day(date(year, 6, 30)), **cells}
    )


def only(found: pd.DataFrame) -> dict[str, Any]:
    assert len(found) == 1
    return dict(found.iloc[0])


def of_area(found: pd.DataFrame, code: str) -> pd.DataFrame:
    return found[found["area_code"] == code]


# --------------------------------------------------------------------------- stored and computed


def test_a_stored_figure_is_as_published_with_its_cell(make: Make) -> None:
    figures = make(observation(numerator=1.0, denominator=2.0, base="adults", note="provisional"))

    found = figures.series("days")

    assert tuple(found.columns) == SERIES_COLUMNS
    row = only(found)
    assert (row["value"], row["numerator"], row["denominator"]) == (6414.0, 1.0, 2.0)
    assert row["source"] == "June_17.xls, sheet LA, cell F12"
    assert row["source_file"] == "June_17.xls"
    assert (row["note"], row["base"], row["unit"], row["of"]) == (
        "provisional",
        "adults",
        "days",
        "residents",
    )
    assert row["published"] == pd.Timestamp(2017, 8, 10)
    assert pd.isna(row["revised"])


def test_a_rate_is_per_person_and_day_and_names_both_cells(make: Make) -> None:
    figures = make(observation(revised=date(2018, 6, 14)), adults(2017, 540_000.0))

    row = only(figures.series("rate"))

    # 6,414 days / 540,000 adults / 30 days of June, per 100,000.
    assert row["value"] == pytest.approx(100_000 * 6414 / 540_000 / 30)
    assert row["value"] == pytest.approx(39.5926, abs=5e-5)
    assert (row["numerator"], row["denominator"]) == (6414.0, 540_000.0)
    assert row["source"] == (
        "numerator: June_17.xls, sheet LA, cell F12;"
        " denominator: population.csv, cell B2017 (30 June 2017)"
    )
    assert (row["unit"], row["base"]) == ("per 100,000", "adults")
    assert row["revised"] == pd.Timestamp(2018, 6, 14)
    assert pd.isna(row["note"])


def test_a_mean_a_day_needs_no_denominator(make: Make) -> None:
    row = only(make(observation()).series("people"))

    assert row["value"] == pytest.approx(6414 / 30)
    assert pd.isna(row["denominator"])
    assert row["source"] == "numerator: June_17.xls, sheet LA, cell F12"
    assert pd.isna(row["base"])


def test_a_leap_february_has_29_days(make: Make) -> None:
    row = only(make(observation(value=290.0, **month(2016, 2))).series("people"))

    assert row["value"] == 10.0


def test_what_is_taken_off_the_numerator_must_be_there(make: Make) -> None:
    known = catalogue(
        indicator("all"),
        indicator("late"),
        ratio("in_time", "all", "all", numerator_minus="late"),
    )
    june = observation(indicator="all", value=200.0, cell="A1")
    july = observation(indicator="all", value=100.0, cell="A2", **month(2017, 7))
    august = observation(indicator="all", value=100.0, cell="A3", **month(2017, 8))
    late = observation(indicator="late", value=30.0, cell="B1")
    hidden = observation(
        indicator="late", value=None, note="suppressed", cell="B2", **month(2017, 7)
    )

    found = make(june, july, august, late, hidden, known=known).series("in_time")

    first, second, third = (dict(row) for _, row in found.iterrows())
    assert (first["value"], first["numerator"], first["denominator"]) == (85.0, 170.0, 200.0)
    assert first["source"] == (
        "numerator: June_17.xls, sheet LA, cell A1 less June_17.xls, sheet LA, cell B1;"
        " denominator: June_17.xls, sheet LA, cell A1"
    )
    assert pd.isna(second["value"])
    assert second["note"] == "late: suppressed"
    assert pd.isna(third["value"])
    assert third["note"] == "no figure of late"


def test_a_missing_numerator_is_missing_with_its_note(make: Make) -> None:
    figures = make(observation(value=None, note="suppressed (*)"), adults(2017, 540_000.0))

    row = only(figures.series("rate"))

    assert pd.isna(row["value"])
    assert row["note"] == "suppressed (*)"


def test_no_denominator_is_no_figure_and_says_which(make: Make) -> None:
    row = only(make(observation()).series("rate"))

    assert pd.isna(row["value"])
    assert row["note"] == "no figure of adults"


def test_a_denominator_of_0_gives_no_figure(make: Make) -> None:
    known = catalogue(indicator("all"), indicator("some"), ratio("share", "some", "all"))
    rows = [observation(indicator=name, value=0.0) for name in ("all", "some")]

    row = only(make(*rows, known=known).series("share"))

    assert pd.isna(row["value"])
    assert row["note"] == "the denominator is 0"


def test_the_denominator_of_the_same_period_comes_before_a_mid_year(make: Make) -> None:
    monthly = adults(2017, 500_000.0, **month(2017, 6))

    row = only(make(observation(), adults(2017, 540_000.0), monthly).series("rate"))

    assert row["denominator"] == 500_000.0


@pytest.mark.parametrize(
    ("period", "year"),
    [
        (month(2011, 4), 2016),  # none is nearer
        # The middle of December 2017 is 169 days from mid-2017 and 196 from mid-2018.
        (month(2017, 12), 2017),
        # The middle of January 2018 is 200 days from mid-2017 and 165 from mid-2018.
        (month(2018, 1), 2018),
        (month(2019, 12), 2018),
        # 30 June 2016 and 30 June 2017 are 365 days apart; the middle of this period is 182 and a
        # half from both.
        ({"period_start": date(2016, 12, 29), "period_end": date(2016, 12, 30)}, 2016),
    ],
)
def test_the_nearest_mid_year_is_taken_and_the_earlier_of_two(
    make: Make, period: dict[str, date], year: int
) -> None:
    estimates = [adults(2016, 2016.0), adults(2017, 2017.0), adults(2018, 2018.0)]

    row = only(make(observation(**period), *estimates).series("rate"))

    assert row["denominator"] == float(year)
    assert f"cell B{year} (30 June {year})" in row["source"]


def test_a_suppressed_estimate_is_passed_over_and_other_days_are_none(make: Make) -> None:
    hidden = adults(2017, 1.0, value=None, note="suppressed")
    census = adults(2017, 9.0, cell="C1", **day(date(2017, 3, 27)))

    row = only(make(observation(), hidden, census, adults(2019, 2019.0)).series("rate"))

    assert row["denominator"] == 2019.0


def test_shares_of_a_population_are_of_the_same_estimate(make: Make) -> None:
    known = catalogue(
        indicator("adults", unit="people"),
        indicator("old", unit="people"),
        ratio("share", "old", "adults"),
    )
    rows = [adults(2017, 100.0), adults(2019, 200.0), adults(2019, 50.0, indicator="old")]

    assert only(make(*rows, known=known).series("share"))["value"] == 25.0


# --------------------------------------------------------------------------- dates and areas


def test_series_are_as_known_on_a_date(make: Make, tmp_path: Path) -> None:
    first = observation(value=30.0)
    revised = observation(value=60.0, revised=date(2018, 6, 14), file="revised.xls")
    people = adults(2017, 100_000.0, published=date(2018, 6, 28))
    figures = make(first, revised, people)

    def on(when: date | None) -> dict[str, Any]:
        return only(
            indicator_series(figures.store, "rate", catalogue=CATALOGUE, known_on=when).query(
                "area_kind == 'area'"
            )
        )

    assert on(None)["value"] == pytest.approx(2.0)
    assert on(date(2018, 6, 27))["note"] == "no figure of adults"
    assert on(date(2018, 6, 13))["numerator"] == 30.0
    assert on(date(2018, 6, 28))["numerator"] == 60.0


def test_until_ends_the_series_but_not_the_estimates(make: Make) -> None:
    rows = [observation(**month(2017, n), value=float(n)) for n in (5, 6, 7)]
    figures = make(*rows, adults(2017, 1000.0), until=date(2017, 5, 31))

    row = only(figures.series("rate"))

    assert (row["numerator"], row["denominator"]) == (5.0, 1000.0)


def test_areas_are_chosen_by_any_of_their_codes(make: Make) -> None:
    # Buckinghamshire took the code E06000060 in 2020.
    old = observation(area_code="E10000002", area="Buckinghamshire")
    new = observation(area_code="E06000060", area="Buckinghamshire", **month(2020, 6))
    figures = make(old, new, observation())

    for code in ("E10000002", "E06000060"):
        found = figures.series("days", areas=[code])
        assert found["area_code"].tolist() == ["E06000060", "E06000060"]
    assert len(figures.series("days", areas=["E99"])) == 0


def test_of_two_codes_of_one_area_and_period_the_later_counts(make: Make) -> None:
    old = observation(area_code="E10000002", value=1.0)
    new = observation(area_code="E06000060", value=2.0)

    assert only(make(old, new).series("days"))["value"] == 2.0


def test_an_unknown_indicator_is_refused(make: Make) -> None:
    figures = make(observation())

    with pytest.raises(ParameterError, match="Did you mean people?"):
        figures.series("peple")
    with pytest.raises(ParameterError, match="wholesystem indicators list"):
        figures.series("zzzzzz")


def test_an_indicator_of_a_computed_one_is_refused(make: Make) -> None:
    known = CATALOGUE | {"odd": ratio("odd", "rate", "adults")}

    with pytest.raises(ParameterError, match="odd is computed from rate, which is itself"):
        make(observation(), known=known).series("odd")


def test_an_indicator_without_figures_has_no_rows(make: Make) -> None:
    figures = make(observation())

    for name in ("adults", "rate", "people"):
        found = figures.series(name)
        assert tuple(found.columns) == SERIES_COLUMNS
        assert len(found) == (0 if name == "adults" else 1)


def test_a_series_is_computed_once_and_is_yours_to_change(make: Make) -> None:
    figures = make(observation())
    figures.prepare(["days", "people"])

    first = figures.series("days")
    first["value"] = 0.0
    figures.store.add([loaded(observation(file="b.xls", **month(2018, 1)))], catalogue=CATALOGUE)

    assert figures.series("days")["value"].tolist() == [6414.0]
    assert len(Figures(figures.store, catalogue=CATALOGUE, sums=()).series("days")) == 2


def test_rows_are_in_order_of_area_and_period(make: Make) -> None:
    rows = [
        observation(area_code=code, **month(2017, n))
        for n in (9, 3)
        for code in ("E10000025", "E06000001")
    ]

    found = make(*rows).series("people")

    keys = list(zip(found["area_code"], found["period_start"], strict=True))
    assert keys == sorted(keys)
    assert len(keys) == 4


# --------------------------------------------------------------------------- months of days

DAILY = catalogue(
    indicator("beds", monthly="mean", of="trust"),
    indicator("open", monthly="mean", of="trust"),
    indicator("out", monthly="sum", of="trust"),
    indicator("out_early", monthly="sum", of="trust"),
    indicator("month_beds", of="trust"),
    ratio("occupancy", "beds", "open", monthly="mean", of="trust"),
    ratio("early", "out_early", "out", monthly="sum", of="trust"),
    ratio("late", "out", "out", numerator_minus="out_early", monthly="sum", of="trust"),
    ratio("of_month", "beds", "month_beds", monthly="mean", of="trust"),
)


def daily(name: str, number: int, value: float | None, **cells: Any) -> dict[str, Any]:
    """A figure of one day of June 2017 of Oxford University Hospitals."""
    own = {"area_code": "RTH", "area": "Oxford", "area_kind": "trust", "of": "trust"}
    when = day(date(2017, 6, 1) + timedelta(days=number - 1))
    note = "not submitted" if value is None else None
    more = {"indicator": name, "value": value, "cell": f"{name}{number}", "note": note}
    return observation(**{**own, **when, **more, "sheet": None, **cells})


def test_a_month_is_the_mean_of_its_days(make: Make) -> None:
    rows = [daily("beds", n, float(n)) for n in range(1, 31)]

    row = only(make(*rows, known=DAILY).series("beds"))

    assert row["value"] == 15.5
    assert (row["period_start"], row["period_end"]) == tuple(JUNE.values())
    assert row["source"] == "June_17.xls, cell beds1 to June_17.xls, cell beds30"
    assert pd.isna(row["note"])


@pytest.mark.parametrize(
    ("days", "value", "note"),
    [
        (29, 10.0, "29 of 30 days have a figure"),
        (15, 10.0, "15 of 30 days have a figure"),
        (14, None, "14 of 30 days have a figure; fewer than half"),
    ],
)
def test_a_mean_needs_half_of_the_days(
    make: Make, days: int, value: float | None, note: str
) -> None:
    rows = [daily("beds", n, 10.0) for n in range(1, days + 1)]

    row = only(make(*rows, known=DAILY).series("beds"))

    assert (None if pd.isna(row["value"]) else row["value"]) == value
    assert row["note"] == note


def test_days_without_a_figure_say_why(make: Make) -> None:
    rows = [daily("beds", n, None if n == 7 else 10.0) for n in range(1, 31)]

    row = only(make(*rows, known=DAILY).series("beds"))

    assert row["value"] == 10.0
    assert row["note"] == "29 of 30 days have a figure; not submitted"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (["a.csv", "b.csv"], "a.csv; b.csv"),
        (["a.csv", "b.csv", "c.csv"], "a.csv; c.csv; 1 more file"),
        (["a.csv", "b.csv", "c.csv", "d.csv"], "a.csv; d.csv; 2 more files"),
    ],
)
def test_a_month_of_several_files_names_them(make: Make, files: list[str], told: str) -> None:
    figures = make(observation(indicator="month_beds", of="trust", area_kind="trust"), known=DAILY)
    for start, file in enumerate(files):
        days = range(1 + start, 31, len(files))
        rows = [daily("beds", n, 1.0, file=file) for n in days]
        figures.store.add([loaded(*rows)], catalogue=DAILY)

    assert only(figures.series("beds"))["source_file"] == told


def test_a_month_without_any_figure_names_its_file(make: Make) -> None:
    rows = [daily("beds", n, None) for n in range(1, 31)]

    row = only(make(*rows, known=DAILY).series("beds"))

    assert pd.isna(row["value"])
    assert row["source"] == "June_17.xls"
    assert row["note"] == "0 of 30 days have a figure; fewer than half; not submitted"


def test_a_sum_needs_every_day(make: Make) -> None:
    whole = [daily("out", n, 2.0) for n in range(1, 31)]
    lacking = [daily("out", n, 2.0, area_code="RXQ") for n in range(1, 30)]

    found = make(*whole, *lacking, known=DAILY).series("out")

    assert of_area(found, "RTH")["value"].tolist() == [60.0]
    row = only(of_area(found, "RXQ"))
    assert pd.isna(row["value"])
    assert row["note"] == "29 of 30 days have a figure; a sum needs all"


def test_a_ratio_is_over_the_days_that_have_both(make: Make) -> None:
    beds = [daily("beds", n, None if n == 1 else 90.0) for n in range(1, 31)]
    # The second day's beds are not known; the others are 100.
    free = [daily("open", n, None if n == 2 else 100.0) for n in range(1, 31)]

    row = only(make(*beds, *free, known=DAILY).series("occupancy"))

    assert (row["value"], row["numerator"], row["denominator"]) == (90.0, 90.0, 100.0)
    assert row["note"] == "28 of 30 days have a figure; not submitted"
    assert row["source"] == (
        "numerator: June_17.xls, cell beds3 to June_17.xls, cell beds30;"
        " denominator: June_17.xls, cell open3 to June_17.xls, cell open30"
    )


def test_a_ratio_of_sums_stands_on_half_of_the_days(make: Make) -> None:
    rows = [daily("out", n, float(n)) for n in range(1, 31)]
    early = [daily("out_early", n, n / 4) for n in range(1, 16)]
    figures = make(*rows, *early, known=DAILY)

    row = only(figures.series("early"))
    assert (row["value"], row["numerator"], row["denominator"]) == (25.0, 30.0, 120.0)
    assert row["note"] == "15 of 30 days have a figure"
    # What is taken off must be there as well, day by day.
    row = only(figures.series("late"))
    assert (row["value"], row["numerator"], row["denominator"]) == (75.0, 90.0, 120.0)


def test_a_daily_figure_is_set_against_the_month_of_a_monthly_one(make: Make) -> None:
    days = [daily("beds", n, 80.0) for n in range(1, 31)]
    whole = daily("month_beds", 1, 100.0, **month(2017, 6))

    row = only(make(*days, whole, known=DAILY).series("of_month"))

    assert row["value"] == 80.0
    assert row["source"].endswith("denominator: June_17.xls, cell month_beds1")


def test_monthly_figures_of_a_daily_indicator_stand_as_they_are(make: Make) -> None:
    beds = daily("beds", 1, 90.0, **month(2017, 7))
    free = daily("open", 1, 120.0, **month(2017, 7))
    days = [daily(name, n, 50.0) for name in ("beds", "open") for n in range(1, 31)]
    figures = make(beds, free, *days, known=DAILY)

    assert figures.series("beds")["value"].tolist() == [50.0, 90.0]
    assert figures.series("occupancy")["value"].tolist() == [100.0, 75.0]


def test_days_of_one_part_alone_are_no_ratio(make: Make) -> None:
    days = [daily("beds", n, 50.0) for n in range(1, 31)]

    assert len(make(*days, known=DAILY).series("occupancy")) == 0


# --------------------------------------------------------------------------- whose sources

BUCKS_ONCE, BUCKS = "E10000002", "E06000060"


def test_sources_are_told_of_the_areas_asked_for_alone(make: Make) -> None:
    rows = [observation(), observation(area_code="E10000016", area="Kent", cell="F13")]
    people = [adults(2017, 540_000.0), adults(2017, 1e6, area_code="E10000016", area="Kent")]
    every = make(*rows, *people)
    some = Figures(every.store, catalogue=CATALOGUE, sums=(), sourced=["E10000016"])

    for name in ("days", "rate"):
        whole, found = every.series(name), some.series(name)
        kent = found["area_code"] == "E10000016"
        assert found.loc[kent, "source"].tolist() == whole.loc[kent, "source"].tolist()
        assert found.loc[~kent, "source"].isna().all()
        pd.testing.assert_frame_equal(found.drop(columns="source"), whole.drop(columns="source"))


def test_cells_of_days_are_told_of_the_areas_asked_for_alone(make: Make) -> None:
    kinds: dict[str, dict[str, Any]] = {
        "RTH": {},
        "RXQ": {"area_code": "RXQ", "area": "Buckinghamshire trust"},
        BUCKS: {"area_code": BUCKS_ONCE, "area": "Buckinghamshire", "area_kind": "area"},
    }
    rows = [
        daily(name, n, float(n), **{"cell": f"{code}{n}", **cells})
        for code, cells in kinds.items()
        for name in ("beds", "open")
        for n in range(1, 31)
    ]
    every = make(*rows, known=DAILY)
    # A former code is as good as the last one.
    some = Figures(every.store, catalogue=DAILY, sums=(), sourced=["RXQ", BUCKS_ONCE])

    for name in ("beds", "occupancy"):
        whole, found = every.series(name), some.series(name)
        assert found["area_code"].tolist() == [BUCKS, "RTH", "RXQ"]
        assert found["source"].isna().tolist() == [False, True, False]
        told = found["source"].notna()
        assert found.loc[told, "source"].tolist() == whole.loc[told, "source"].tolist()
        pd.testing.assert_frame_equal(found.drop(columns="source"), whole.drop(columns="source"))


# --------------------------------------------------------------------------- sums of areas

EARLIER = (("E1", "E2"), date.min, date(2019, 3, 31))
LATER = (("E3",), date(2019, 4, 1), date.max)
JOINED = AreaSum("combined-x", "X (combined)", "combined", (EARLIER, LATER))
WHOLE = AreaSum(
    "E92000001",
    "England",
    "country",
    ((("E1", "E2", "E9"), date.min, date(2019, 3, 31)), (("E3", "E9"), date(2019, 4, 1), date.max)),
)
SUMS = (JOINED, WHOLE)


def of(code: str, value: float | None, **cells: Any) -> dict[str, Any]:
    """A figure of June 2017 of one council."""
    note = None if value is not None else "suppressed"
    return observation(area_code=code, area=code, value=value, note=note, **cells)


def test_a_sum_has_all_members_or_is_missing(make: Make) -> None:
    june = [of("E1", 1.0), of("E2", 2.0), of("E9", 4.0)]
    july = [of("E1", 1.0, **month(2017, 7)), of("E2", None, **month(2017, 7))]
    found = make(*june, *july, sums=SUMS).series("days")

    joined = of_area(found, "combined-x")
    assert joined["area_kind"].tolist() == ["combined", "combined"]
    assert joined["value"].tolist()[0] == 3.0
    assert joined["source"].tolist()[0] == "sum of 2 areas in June_17.xls"
    assert pd.isna(joined["note"].tolist()[0])
    assert pd.isna(joined["value"].tolist()[1])
    assert joined["note"].tolist()[1] == "1 of 2 areas have a figure; a sum needs all"
    england = of_area(found, "E92000001")
    assert england["value"].tolist()[0] == 7.0
    assert england["note"].tolist()[1] == "1 of 3 areas have a figure; a sum needs all"


def test_the_published_figure_stands_even_where_it_is_missing(make: Make) -> None:
    england = {"area": "England", "area_kind": "country", "area_code": "E92000001"}
    members = [of(code, 1.0) for code in ("E1", "E2", "E9")]
    more = [of(code, 1.0, **month(2017, 7)) for code in ("E1", "E2", "E9")]
    published = observation(value=100.0, **england)
    hidden = observation(value=None, note="withheld", **england, **month(2017, 7))

    found = of_area(make(*members, *more, published, hidden, sums=SUMS).series("days"), "E92000001")

    assert found["value"].tolist()[0] == 100.0
    assert pd.isna(found["value"].tolist()[1])
    assert found["note"].tolist()[1] == "withheld"


def test_members_are_those_of_the_period(make: Make) -> None:
    rows = [of("E1", 1.0), of("E2", 2.0), of("E3", 30.0, **month(2019, 6))]

    found = of_area(make(*rows, sums=SUMS).series("days"), "combined-x")

    assert found["value"].tolist() == [3.0, 30.0]


def test_a_publisher_may_use_other_councils_if_it_has_them_all(make: Make) -> None:
    """The estimate of 2017 on councils of 2019; a month after the change on the old ones."""
    late = {"published": date(2019, 6, 13), **month(2019, 4)}
    rows = [of("E1", 1.0, **late), of("E2", 2.0, **late)]
    people = adults(2017, 1000.0, area_code="E3")

    found = of_area(make(*rows, people, sums=SUMS).series("rate"), "combined-x")

    assert found["numerator"].tolist() == [3.0]
    assert found["denominator"].tolist() == [1000.0]


def test_a_joined_rate_is_of_both_sums(make: Make) -> None:
    people = [adults(2017, 1000.0, area_code="E1"), adults(2017, 3000.0, area_code="E2")]

    found = make(of("E1", 30.0), of("E2", 30.0), *people, sums=SUMS).series("rate")

    row = only(of_area(found, "combined-x"))
    assert row["value"] == pytest.approx(100_000 * 60 / 4000 / 30)
    assert row["source"] == (
        "numerator: sum of 2 areas in June_17.xls;"
        " denominator: sum of 2 areas in population.csv (30 June 2017)"
    )


def test_ratios_are_summed_by_what_they_are_made_of(make: Make) -> None:
    known = catalogue(
        indicator("share", kind="share", multiplier=100.0, unit="%", base="all", denominator="All"),
        indicator("score", kind="mean", unit="score"),
    )
    rows = [
        of("E1", 10.0, indicator="share", unit="%", numerator=1.0, denominator=10.0),
        of("E2", 50.0, indicator="share", unit="%", numerator=15.0, denominator=30.0),
        of("E1", 1.0, indicator="score", unit="score"),
        of("E2", 3.0, indicator="score", unit="score"),
    ]
    figures = make(*rows, known=known, sums=(JOINED,))

    row = only(of_area(figures.series("share"), "combined-x"))
    assert (row["value"], row["numerator"], row["denominator"]) == (40.0, 16.0, 40.0)
    # A mean score says nothing of how many it is of.
    assert len(of_area(figures.series("score"), "combined-x")) == 0


def test_several_files_of_a_sum_are_named(make: Make) -> None:
    codes = ("E1", "E2", "E3", "E4")
    every = AreaSum("region", "Region", "region", ((codes, date.min, date.max),))
    store_rows = [
        of(code, 1.0, published=date(2017, 8, n), file=f"{n}.xls")
        for n, code in enumerate(codes, start=1)
    ]
    figures = make(observation(area_code="other"), sums=(every,))
    figures.store.add([loaded(row) for row in store_rows], catalogue=CATALOGUE)

    row = only(of_area(figures.series("days"), "region"))

    assert row["source_file"] == "1.xls; 2.xls; 2 more files"
    assert row["published"] == pd.Timestamp(2017, 8, 4)


def test_councils_that_a_publication_never_names_are_left_out_and_told(make: Make) -> None:
    codes = ("E1", "E2", "E06000053")
    every = AreaSum("region", "Region", "region", ((codes, date.min, date.max),))
    rows = [of("E1", 1.0), of("E2", 2.0)]

    row = only(of_area(make(*rows, sums=(every,)).series("days"), "region"))

    assert row["value"] == 3.0
    assert row["note"] == "without Isles of Scilly, of which nothing is published"


def test_a_council_named_in_another_month_is_not_left_out(make: Make) -> None:
    codes = ("E1", "E06000053")
    every = AreaSum("region", "Region", "region", ((codes, date.min, date.max),))
    rows = [of("E1", 1.0), of("E1", 1.0, **month(2017, 7)), of("E06000053", 0.0, **month(2017, 7))]

    found = of_area(make(*rows, sums=(every,)).series("days"), "region")

    assert pd.isna(found["value"].tolist()[0])
    assert found["value"].tolist()[1] == 1.0


def test_the_packaged_sums_are_whole() -> None:
    sums = {one.code: one for one in packaged_sums()}

    # Councils with social care duties: 152 to March 2019, 151 to March 2021, 152 to March 2023 and
    # 153 since (Dorset joined 3 as 2; Northamptonshire and Cumbria became 2 each).
    assert [len(members) for members, *_ in sums["E92000001"].sets] == [152, 151, 152, 153]
    regions = [one for one in sums.values() if one.kind == "region"]
    for when, count in ((date(2017, 6, 1), 152), (date(2023, 6, 1), 153)):
        members = [
            code
            for one in regions
            for codes, start, end in one.sets
            if start <= when <= end
            for code in codes
        ]
        assert len(members) == len(set(members)) == count
    for one in sums.values():
        ends = [end for _, _, end in one.sets[:-1]]
        starts = [start for _, start, _ in one.sets[1:]]
        assert [end + timedelta(days=1) for end in ends] == starts
        assert one.sets[0][1] == date.min
        assert one.sets[-1][2] == date.max
    assert sums["combined-dorset"].sets[1][0] == ("E06000058", "E06000059")


# --------------------------------------------------------------------------- sums over trusts

TRUSTS = catalogue(
    indicator("all", of="trust"),
    indicator("late", of="trust"),
    ratio("in_time", "all", "all", numerator_minus="late", of="trust"),
    indicator("share", kind="share", multiplier=100.0, unit="%", of="trust"),
)
TRUST = {"area_kind": "trust", "of": "trust"}


def trust(code: str, name: str, value: float | None, **cells: Any) -> dict[str, Any]:
    note = None if value is not None else "not submitted"
    own = {"area_code": code, "area": code, "indicator": name, "value": value, "note": note}
    return observation(**{**own, **TRUST, **cells})


def test_england_is_summed_over_the_trusts_that_reported(make: Make) -> None:
    rows = [trust("R1", "all", 100.0), trust("R2", "all", 300.0), trust("R3", "all", 1000.0)]
    rows += [trust("R1", "late", 10.0), trust("R2", "late", 70.0), trust("R3", "late", None)]
    figures = make(*rows, known=TRUSTS, least_trusts=3)

    england = only(of_area(figures.series("in_time"), "E92000001"))

    # R3 gives no late ones, so neither part of it counts: (400 - 80) / 400.
    assert (england["value"], england["numerator"], england["denominator"]) == (80.0, 320.0, 400.0)
    assert england["note"] == "sum over the 2 of 3 trusts that reported"
    assert england["source"] == "numerator: sum over 2 trusts in June_17.xls"
    assert (england["area_kind"], england["of"]) == ("country", "trust")
    counts = only(of_area(figures.series("late"), "E92000001"))
    assert counts["value"] == 80.0
    assert counts["source"] == "sum over 2 trusts in June_17.xls"


def test_too_few_trusts_are_not_england(make: Make) -> None:
    rows = [trust(f"R{n}", "all", 1.0) for n in range(99)]
    figures = make(*rows, known=TRUSTS)

    assert len(of_area(figures.series("all"), "E92000001")) == 0
    figures.store.add([loaded(trust("R99", "all", 1.0, file="b.xls"))], catalogue=TRUSTS)
    again = Figures(figures.store, catalogue=TRUSTS, sums=())
    assert of_area(again.series("all"), "E92000001")["value"].tolist() == [100.0]


def test_no_trust_that_reported_is_no_england(make: Make) -> None:
    rows = [trust(f"R{n}", "all", None) for n in range(3)]

    found = make(*rows, known=TRUSTS, least_trusts=2).series("all")

    assert len(of_area(found, "E92000001")) == 0


def test_a_published_england_stands_if_it_is_whole(make: Make) -> None:
    england = {"area_code": "E92000001", "area": "England", "area_kind": "country"}
    rows = [trust(f"R{n}", name, 1.0) for n in range(3) for name in ("all", "late")]
    published = trust("E92000001", "all", 500.0, **england)
    figures = make(*rows, published, known=TRUSTS, least_trusts=2)

    assert of_area(figures.series("all"), "E92000001")["value"].tolist() == [500.0]
    # Of the late ones nothing is published for England, so both parts are of the trusts.
    row = only(of_area(figures.series("in_time"), "E92000001"))
    assert (row["value"], row["denominator"]) == (0.0, 3.0)


def test_shares_of_trusts_are_summed_by_what_they_are_made_of(make: Make) -> None:
    own = {"indicator": "share", "unit": "%"}
    rows = [
        trust("R1", "share", 10.0, **own | {"numerator": 1.0, "denominator": 10.0}),
        trust("R2", "share", 50.0, **own | {"numerator": 15.0, "denominator": 30.0}),
        trust("R3", "share", 99.0, **own),
    ]

    row = only(of_area(make(*rows, known=TRUSTS, least_trusts=3).series("share"), "E92000001"))

    assert (row["value"], row["numerator"], row["denominator"]) == (40.0, 16.0, 40.0)
    assert row["note"] == "sum over the 2 of 3 trusts that reported"


# --------------------------------------------------------------------------- as a file


def test_figures_are_written_with_the_fixed_columns_first(make: Make, tmp_path: Path) -> None:
    row = observation(area="=HYPERLINK(1)", value=None, note="-x")
    figures = make(row, observation(**month(2017, 7), value=0.1))

    write_observations(figures.series("days"), tmp_path / "observations.csv")

    lines = (tmp_path / "observations.csv").read_text("utf-8").splitlines()
    assert (
        lines[0]
        .replace('"', "")
        .startswith(
            "indicator,area_code,area,period_start,period_end,value,numerator,denominator,unit,"
            "source_file,"
        )
    )
    assert '"\'=HYPERLINK(1)"' in lines[1]
    assert '"2017-06-01","2017-06-30",,,,"days","June_17.xls"' in lines[1]
    assert lines[1].endswith('"\'-x"')
    assert '"2017-07-31",0.1,,,' in lines[2]


def test_figures_as_published_are_written_too(make: Make, tmp_path: Path) -> None:
    figures = make(observation())

    write_observations(figures.store.read("days"), tmp_path / "observations.csv")

    found = pd.read_csv(tmp_path / "observations.csv")
    assert found.columns[9] == "source_file"
    assert found["source_file"].tolist() == ["June_17.xls"]
    assert found["cell"].tolist() == ["F12"]


def test_figures_that_lack_a_column_are_our_fault(make: Make, tmp_path: Path) -> None:
    figures = make(observation()).series("days").drop(columns=["unit", "value"])

    with pytest.raises(OurFault, match="value, unit"):
        write_observations(figures, tmp_path / "observations.csv")
    assert not (tmp_path / "observations.csv").exists()
