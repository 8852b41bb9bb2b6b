"""Cited figures beside what is there now: units, decimals, statuses, measures, search."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import any_review as made
from tests.helpers.observations import loaded, month, observation
from wholesystem.examples.extract import open_extract
from wholesystem.indicators import Store, read_catalogue
from wholesystem.reviews import (
    FigureSources,
    cite,
    find_observations,
    live_figures,
    observations_of,
    published_figures,
    records,
)
from wholesystem.reviews.figure_measures import MeasureTables
from wholesystem.reviews.figure_series import PublishedFigures, over_period
from wholesystem.reviews.figure_units import (
    cited_decimals,
    convert_units,
    is_same,
    unit_of_column,
)
from wholesystem.reviews.figures import figure_words

JUNE = (date(2017, 6, 1), date(2017, 6, 30))


def of_days(year: int, number: int, value: float | None, **cells: Any) -> dict[str, Any]:
    """Delayed days of Oxfordshire in a month."""
    note = None if value is not None else "not given"
    return observation(
        indicator="dtoc_days", value=value, note=note, **month(year, number), **cells
    )


def adults(code: str = "E10000025") -> dict[str, Any]:
    """People aged 18 and over."""
    return observation(
        indicator="population_18_plus", area_code=code, period_start=date(2017, 6, 30),
        period_end=date(2017, 6, 30), value=500_000.0, unit="people", file="people.csv",
        published=None,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Delayed days of five months, and the adults that they are held against."""
    made = Store.create(tmp_path / "store")
    rows = [of_days(2017, n, value) for n, value in ((4, 3000.0), (5, 3100.0), (6, 6000.0))]
    rows += [of_days(2017, 7, None), of_days(2017, 9, 4000.0), adults()]
    made.add([loaded(*rows)])
    return made


def figure(**changes: Any) -> records.Figure:
    """Days of June 2017."""
    given: dict[str, Any] = {
        "evidence": "E1", "kind": "indicator", "name": "dtoc_days", "area_code": "E10000025",
        "period_start": JUNE[0], "period_end": JUNE[1], "value": 6000, "unit": "days",
    }  # fmt: skip
    return records.Figure(**given | changes)


# ----------------------------------------------------------------------------- the same or not


@pytest.mark.parametrize(
    ("value", "text", "decimals"),
    [
        (13.8, "", 1),
        (16.0, "", 0),
        (13.0, "It was 13.0 in June.", 1),
        (13.0, "It was 13 in June, and 13.00 in July.", 2),
        (51_000.0, "Over 51,000 days.", 0),
        (13.0, "In 2013.0 it was 113.0.", 0),
        (-5.5, "-5.5 days", 1),
        (0.1 + 0.2, "", 12),
        (13.8, "It was 13.8.", 1),
    ],
)
def test_decimals_are_those_that_were_cited(value: float, text: str, decimals: int) -> None:
    assert cited_decimals(value, text) == decimals


@pytest.mark.parametrize(
    ("cited", "live", "decimals", "same"),
    [
        (13.8, 13.83, 1, True),
        (13.8, 13.85, 1, True),
        (13.8, 13.75, 1, True),
        (13.8, 13.86, 1, False),
        (13.8, 13.74, 1, False),
        (13.0, 13.4, 0, True),
        (13.0, 13.04, 1, True),
        (13.0, 13.4, 1, False),
        (51_000, 52_236, 0, False),
        (0.0, -0.04, 1, True),
        (1e9, 1e9 + 0.4, 0, True),
    ],
)
def test_the_same_is_what_rounds_to_the_cited_value(
    cited: float, live: float, decimals: int, same: bool
) -> None:
    assert is_same(cited, live, decimals) is same


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (0.861, "share", "%", 86.1),
        (86.1, "per cent", "%", 86.1),
        (86.13, "%", "proportion", 0.8613),
        (86.1, "%", "PERCENT", 86.1),
        (12.0, "per 1,000 people", "per 100,000 people", 1200.0),
        (1.5, "per 100,000  aged 65 and over", "Per 100,000 aged 65 and over", 1.5),
        (36.0, "hours", "days", 1.5),
        (2.0, "days", "day", 2.0),
        (1.0, "beds", "days", None),
        (1.0, "per 100,000 aged 65 and over", "per 100,000 aged 18 and over", None),
        (1.0, "per 0 people", "per 0 people", 1.0),
        (5.0, "days per 1,000 people", "per 1,000 people", None),
    ],
)
def test_units_convert_where_they_are_of_one_kind(
    value: float, unit: str, to: str, expected: float | None
) -> None:
    found = convert_units(value, unit, to)

    assert found == (None if expected is None else pytest.approx(expected, rel=1e-15))


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("occupied", "people"),
        ("per_day", "people a day"),
        ("median_wait_days", "days"),
        ("share_over_7_days", "share"),
        ("share", "share"),
        ("p90_hours", "hours"),
        ("delayed_days_per_day_per_100k", "per 100,000 people a day"),
    ],
)
def test_columns_of_measures_have_units(column: str, unit: str) -> None:
    assert unit_of_column(column) == unit


# ----------------------------------------------------------------------------- indicators


def test_a_figure_that_still_stands(store: Store) -> None:
    live = FigureSources.of_store(store).look_up(figure())

    assert (live.status, live.value, live.unit, live.difference) == ("same", 6000.0, "days", 0.0)
    assert live.known == date(2017, 8, 10)
    assert "June_17.xls" in live.source
    assert live.words == "still stands as 6,000 days."


def test_a_figure_that_was_revised_shows_both(store: Store) -> None:
    revised = of_days(2017, 6, 5990.0, revised=date(2018, 1, 1), file="again.xls")
    store.add([loaded(revised, file="again.xls")])

    live = FigureSources.of_store(store).look_up(figure())

    assert (live.status, live.value, live.difference) == ("changed", 5990.0, -10.0)
    assert live.known == date(2018, 1, 1)
    assert live.words == "is now 5,990 days and was cited as 6,000 days."


def test_a_computed_figure_is_held_to_the_decimals_of_the_text(store: Store) -> None:
    cited = figure(name="dtoc_rate", value=40, unit="per 100,000 aged 18 and over")
    sources = FigureSources.of_store(store)

    assert sources.look_up(cited).value == pytest.approx(100_000 * 6000 / 500_000 / 30)
    assert sources.look_up(cited, "It was 40.0.").status == "same"
    assert (
        sources.look_up(figure(name="dtoc_rate", value=40.3, unit=cited.unit)).status == "changed"
    )


def test_a_change_too_small_for_the_cited_decimals_is_still_seen_in_words() -> None:
    sources = FigureSources(
        measures={"year": {"occupancy.csv": "service,occupied\nward,13.0501\n"}}
    )
    live = sources.look_up(
        figure(kind="measure", name="occupancy", measures="year", key="service=ward",
               column="occupied", value=13.1001, unit="people")
    )  # fmt: skip

    assert live.words == "is now 13.0501 people and was cited as 13.1001 people."


def test_a_period_is_made_of_its_months(store: Store) -> None:
    sources = FigureSources.of_store(store)
    quarter = {"period_start": date(2017, 4, 1), "period_end": JUNE[1]}
    days = sources.look_up(figure(**quarter, value=12_100))
    rate = sources.look_up(
        figure(**quarter, name="dtoc_rate", value=26.6, unit="per 100,000 aged 18 and over")
    )

    assert (days.status, days.value, days.why) == ("same", 12_100.0, "made of 3 published periods")
    assert rate.value == pytest.approx(100_000 * 12_100 / (500_000 * 91))


@pytest.mark.parametrize(
    ("changes", "status", "why"),
    [
        ({"period_start": date(2017, 7, 1), "period_end": date(2017, 7, 31)}, "gone", "not given"),
        ({"period_start": date(2017, 8, 1), "period_end": date(2017, 8, 31)}, "gone", "none of"),
        ({"period_start": JUNE[0], "period_end": date(2017, 9, 30)}, "gone", "none of June to"),
        (
            {"period_start": date(2016, 6, 1), "period_end": date(2016, 6, 30)},
            "unavailable",
            "are of April to September 2017, not of June 2016",
        ),
        ({"name": "dtoc_dayz"}, "unavailable", "no indicator dtoc_dayz"),
        ({"name": "ae_within_4_hours", "unit": "%"}, "unavailable", "are loaded here"),
        ({"area_code": "E10000012"}, "unavailable", "are loaded here"),
        ({"unit": "beds"}, "unavailable", "in days now and was cited in beds"),
    ],
)
def test_what_cannot_be_shown_says_why(
    store: Store, changes: dict[str, Any], status: str, why: str
) -> None:
    live = FigureSources.of_store(store).look_up(figure(**changes))

    assert live.status == status
    assert why in live.words


def test_parts_that_make_no_whole_are_unavailable_and_say_why(tmp_path: Path) -> None:
    days = [(date(2017, 4, 1), date(2017, 4, 30)), (date(2017, 5, 1), date(2017, 5, 31))]
    names = {"nursing_homes_open": "locations", "los_90th_percentile_65_plus": "days"}
    made_store = Store.create(tmp_path / "parts")
    made_store.add(
        [
            loaded(
                *(
                    observation(indicator=name, value=9.0, unit=unit, period_start=start,
                                period_end=end)
                    for name, unit in names.items()
                    for start, end in days
                )
            )
        ]
    )  # fmt: skip
    period = {"period_start": days[0][0], "period_end": days[1][1]}
    sources = FigureSources.of_store(made_store)

    homes, means = (
        sources.look_up(figure(**period, name=name, unit=unit)) for name, unit in names.items()
    )

    assert (homes.status, means.status) == ("unavailable", "unavailable")
    assert homes.words == (
        "cannot be compared: only parts of April to May 2017 are published, and locations counted"
        " on a day do not add up over several."
    )
    assert "means of parts do not make the mean of the whole" in means.words


def test_without_a_store_every_indicator_is_unavailable() -> None:
    live = FigureSources().look_up(figure())

    assert live.status == "unavailable"
    assert live.words == "cannot be compared: no published statistics are loaded here."


def test_people_on_a_day_and_means_do_not_add_up() -> None:
    catalogue = read_catalogue()
    rows = _months(catalogue["population"].unit)
    for name in ("population", "winter_beds_over_7_days", "eq5d_long_term_conditions"):
        assert over_period(catalogue[name], rows, date(2017, 4, 1), date(2017, 5, 31)) is None


def _months(unit: str) -> tuple[Any, ...]:
    from wholesystem.reviews.figure_series import Published

    return tuple(
        Published("A", date(2017, n, 1), date(2017, n, last), 1.0, None, None, unit, "f", "s",
                  None, "")
        for n, last in ((4, 30), (5, 31))
    )  # fmt: skip


def test_a_ratio_without_its_parts_is_not_made_of_months() -> None:
    one = read_catalogue()["dtoc_rate"]
    assert over_period(one, _months("x"), date(2017, 4, 1), date(2017, 5, 31)) is None


# ----------------------------------------------------------------------------- the cache


def test_figures_of_a_review_are_one_fetch_and_then_none(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    ask = store.run_with

    def told(*given: Any) -> Any:
        asked.append(given)
        return ask(*given)

    monkeypatch.setattr(store, "run_with", told)
    review = made.review(
        sources=(made.source("S1", "data"),),
        evidence=tuple(
            made.evidence(f"E{n}", "S1", form="figure", text="6,000") for n in range(30)
        ),
        figures=tuple(
            figure(evidence=f"E{n}", name="dtoc_rate" if n % 2 else "dtoc_days") for n in range(30)
        ),
    )

    first = live_figures(review, FigureSources.of_store(store))
    queries = len(asked)
    again = live_figures(review, FigureSources.of_store(store))

    assert list(first) == [f"E{n}" for n in range(30)]
    assert first == again
    assert queries < 8
    assert len(asked) == queries


def test_figures_added_to_the_store_are_seen(store: Store) -> None:
    before = published_figures(store)
    before.fetch([("dtoc_days", "E10000025")])
    store.add([loaded(of_days(2017, 8, 5000.0), file="more.xls")])

    assert published_figures(store) is not before
    assert len(published_figures(store).series("dtoc_days", "E10000025")) == 6


def test_threads_share_one_fetch(store: Store) -> None:
    found: list[Any] = []

    def look() -> None:
        found.append(FigureSources.of_store(store).look_up(figure()).status)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert found == ["same"] * 8


# ----------------------------------------------------------------------------- measures

OCCUPANCY = "service,occupied,delayed,hidden\nward,12.5,3,\nacute,,,yes\nhome,x,1,\n"


def measured(**changes: Any) -> records.Figure:
    """People in a ward."""
    given: dict[str, Any] = {
        "kind": "measure", "name": "occupancy", "area_code": "", "period_start": None,
        "period_end": None, "measures": "year", "key": "service=ward", "column": "occupied",
        "value": 12.5, "unit": "people",
    }  # fmt: skip
    return figure(**given | changes)


@pytest.fixture(params=["text", "bytes", "folder"])
def measures(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A folder of measures in each way in which one is kept."""
    if request.param == "folder":
        (tmp_path / "measures" / "year").mkdir(parents=True)
        (tmp_path / "measures" / "year" / "occupancy.csv").write_text(OCCUPANCY)
        yield tmp_path / "measures"
    else:
        content = OCCUPANCY if request.param == "text" else OCCUPANCY.encode()
        yield {"year": {"occupancy.csv": content}}


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({}, "same", "still stands as 12.5 people."),
        ({"value": 13}, "same", "still stands as 13 people."),
        ({"value": 12.6}, "changed", "is now 12.5 people and was cited as 12.6 people."),
        ({"column": "delayed", "value": 4}, "changed", "is now 3 people and was cited as 4"),
        ({"key": "service=acute"}, "gone", "it is hidden as a small number"),
        ({"key": "service=home"}, "gone", "it is blank"),
        ({"key": "service=none"}, "gone", "no row has the key service=none"),
        ({"key": ""}, "gone", "3 rows have the key (blank)"),
        ({"column": "beds"}, "gone", "it has no column beds"),
        ({"key": "ward=1"}, "gone", "it has no column ward"),
        ({"measures": "other"}, "unavailable", "the folder of measures other is not kept"),
        ({"name": "flows"}, "unavailable", "has no flows.csv"),
    ],
)
def test_a_measure_is_looked_up_by_its_key(
    measures: Any, changes: dict[str, Any], status: str, words: str
) -> None:
    live = FigureSources(measures=measures).look_up(measured(**changes))

    assert live.status == status
    assert words in live.words


def test_a_measure_tells_its_cell(measures: Any) -> None:
    live = FigureSources(measures=measures).look_up(measured())

    assert live.source == "measures/year/occupancy.csv, row 2, column occupied"


def test_a_share_of_a_measure_may_be_cited_in_per_cent() -> None:
    sources = FigureSources(
        measures={"year": {"waits.csv": "service,share_over_1_day\nward,0.861\n"}}
    )
    cited = measured(name="waits", column="share_over_1_day", value=86.1, unit="%")

    assert sources.look_up(cited).status == "same"
    assert sources.look_up(cited.model_copy(update={"value": 86.2})).words == (
        "is now 86.1% and was cited as 86.2%."
    )


def test_a_measure_that_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    gone = {"year": {"occupancy.csv": tmp_path / "gone.csv"}}
    broken = {"year": {"occupancy.csv": b"\xff\xff\x00"}}

    for folders in (gone, broken):
        assert FigureSources(measures=folders).look_up(measured()).status == "unavailable"
    assert FigureSources(measures=tmp_path / "none").look_up(measured()).status == "unavailable"


# ----------------------------------------------------------------------------- searching


def test_words_of_a_name_and_a_period_find_a_figure_to_cite(store: Store) -> None:
    published = published_figures(store)

    found = find_observations(published, "E10000025", "dtoc days june 2017")[0]

    assert (found.indicator.indicator, found.period, found.words) == (
        "dtoc_days", "June 2017", "6,000 days",
    )  # fmt: skip
    assert found.sentence.endswith(", Oxfordshire, June 2017: 6,000 days.")
    cited = records.Figure(evidence="E1", **cite(found))
    assert FigureSources(published).look_up(cited).status == "same"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("dtoc_days", "September 2017"),
        ("dtoc days apr", "April 2017"),
        ("dtoc dayz", "September 2017"),
        ("dtocs days", "September 2017"),
        ("dtoc days 2017/18", "September 2017"),
        ("dtoc days 2017-18", "September 2017"),
        ("dtoc days 2017", "September 2017"),
        ("dtoc days 2016", None),
        ("dtoc days december", None),
        ("dtoc days july", None),
        ("zebra", None),
        ("june", None),
        ("", None),
    ],
)
def test_the_newest_figure_of_the_period_is_offered(
    store: Store, text: str, period: str | None
) -> None:
    found = find_observations(published_figures(store), "E10000025", text)

    assert [one.period for one in found[:1]] == ([] if period is None else [period])


def test_a_cited_figure_is_rounded_as_it_is_shown(store: Store) -> None:
    found = observations_of(published_figures(store), "dtoc_rate", "E10000025")

    assert [one.period for one in found] == [
        "September 2017", "June 2017", "May 2017", "April 2017",
    ]  # fmt: skip
    assert cite(found[0])["value"] == 26.7
    assert observations_of(published_figures(store), "zebra", "E10000025") == ()


def test_several_areas_are_searched_together(store: Store) -> None:
    found = find_observations(
        published_figures(store), ["RTH", "E10000025", "E10000025"], "dtoc days", limit=1
    )

    assert [one.area for one in found] == ["Oxfordshire"]


def test_a_year_that_was_typed_is_offered_as_a_whole(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    rows = [of_days(2016 + (n > 9), (n + 2) % 12 + 1, 100.0) for n in range(1, 13)]
    store.add([loaded(*rows, of_days(2017, 4, 7.0))])
    published = published_figures(store)

    whole, newest, june = (
        find_observations(published, "E10000025", f"dtoc_days {period}")[0]
        for period in ("2016/17", "2017", "june 2016/17")
    )

    assert (whole.period, whole.value, whole.note) == (
        "2016/17", 1_200.0, "made of 12 published periods",
    )  # fmt: skip
    assert (newest.period, june.period) == ("April 2017", "June 2016")
    cited = records.Figure(evidence="E1", **cite(whole))
    assert FigureSources(published).look_up(cited).status == "same"


def test_figures_of_the_trusts_and_of_england_stand_beside() -> None:
    with open_extract() as extract:
        published = published_figures(extract.store)
        areas = published.areas_beside("E10000025")
        found = find_observations(published, areas, "within four hours 2016/17")

    assert areas == ("E10000025", "RTH", "E92000001")
    assert [(one.area, one.words) for one in found] == [
        ("Oxford University Hospitals NHS Foundation Trust", "86.1%"),
        ("England", "89.1%"),
    ]


def test_a_store_without_trusts_has_england_beside(store: Store) -> None:
    published = published_figures(store)

    assert published.areas_beside("E10000025") == ("E10000025", "E92000001")
    assert published.areas_beside("nowhere") == ("nowhere", "E92000001")


# ----------------------------------------------------------------------------- bounds


def test_what_is_kept_in_memory_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wholesystem.reviews.figure_series.MOST_SERIES", 1)
    published = PublishedFigures(store)
    both = [("dtoc_days", "E10000025"), ("population_18_plus", "E10000025")]

    published.fetch(both[:1])
    published.fetch(both)

    assert [len(published.series(*one)) for one in both] == [5, 1]


def test_areas_that_nobody_knows_cost_no_query_each(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = store.run_with
    monkeypatch.setattr(store, "run_with", lambda *given: asked.append("") or ask(*given))
    many = [figure(evidence=f"E{n}", area_code=f"X{n}") for n in range(500)]

    found = FigureSources.of_store(store).look_up_all(many)

    assert {one.status for one in found.values()} == {"unavailable"}
    assert len(asked) <= 2


def test_a_figure_without_its_period_is_unavailable(store: Store) -> None:
    live = FigureSources.of_store(store).look_up(figure(period_start=None))

    assert live.words == "cannot be compared: it was cited without its period."


def test_a_table_is_read_once() -> None:
    tables = MeasureTables({"year": {"occupancy.csv": OCCUPANCY}})

    first = tables.look_up("year", "occupancy", "service=ward", "occupied")
    again = tables.look_up("year", "occupancy", "service=ward", "delayed")

    assert (first.value, again.value) == (12.5, 3.0)


def test_figures_read_as_every_page_writes_them() -> None:
    live = FigureSources(measures={"year": {"occupancy.csv": OCCUPANCY}}).look_up(measured())

    assert (live.cited_words, live.live_words) == ("12.5 people", "12.5 people")
    assert FigureSources().look_up(figure()).live_words == ""
    assert figure_words(None, "days") == ""
    assert figure_words(51_000, "days") == "51,000 days"
    assert figure_words(86.13, "%", 1) == "86.1%"
