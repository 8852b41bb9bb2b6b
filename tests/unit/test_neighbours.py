"""Our own statistical neighbours: features, distances, what is left out, what is steady."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wholesystem.errors import ParameterError
from wholesystem.indicators.neighbours import (
    neighbour_features,
    packaged_features,
    statistical_neighbours,
)
from wholesystem.pictures.compare_points import neighbour_tables

# Councils with people in all, 18 and over, 65 and over, 85 and over.
PEOPLE = {
    "E10000025": ("Oxfordshire", 682_444, 536_000, 122_000, 17_000),
    "E10000003": ("Cambridgeshire", 647_000, 512_000, 119_000, 16_000),
    "E10000016": ("Kent", 1_554_636, 1_217_000, 310_000, 43_000),
    "E09000007": ("Camden", 253_000, 205_000, 30_000, 3_700),
    "E08000003": ("Manchester", 545_501, 424_319, 51_000, 6_000),
    "E06000017": ("Rutland", 39_474, 31_900, 9_700, 1_400),
    "E09000001": ("City of London", 7_654, 6_500, 1_200, 150),
}
COLUMNS = ("population", "population_18_plus", "population_65_plus", "population_85_plus")


def figures(people=PEOPLE, years=(2017,)) -> pd.DataFrame:
    rows = [
        (indicator, code, name, "area", date(year, 6, 30), float(value))
        for year in years
        for code, (name, *values) in people.items()
        for indicator, value in zip(COLUMNS, values, strict=True)
    ]
    rows.append(("population", "E92000001", "England", "country", date(2017, 6, 30), 55_619_430.0))
    columns = ["indicator", "area_code", "area", "area_kind", "period_end", "value"]
    return pd.DataFrame(rows, columns=columns)


def features(**options) -> pd.DataFrame:
    return neighbour_features(figures(), **options)


def test_every_feature_has_a_reason_a_source_and_a_weight() -> None:
    for feature in packaged_features():
        assert feature.reason
        assert feature.source
        assert feature.weight > 0


def test_features_are_made_of_the_indicators_of_one_year() -> None:
    made = features()
    oxfordshire = made.loc["E10000025"]

    assert "E92000001" not in made.index
    assert (oxfordshire["area"], oxfordshire["year"]) == ("Oxfordshire", 2017)
    assert oxfordshire["people"] == 682_444
    assert oxfordshire["share_under_18"] == pytest.approx(100 * (682_444 - 536_000) / 682_444)
    assert oxfordshire["share_65_plus"] == pytest.approx(100 * 122_000 / 682_444)
    assert oxfordshire["share_85_of_65"] == pytest.approx(100 * 17_000 / 122_000)
    assert oxfordshire["council_type"] == "county"
    assert made.loc["E08000003", "council_type"] == "metropolitan"


def test_the_latest_whole_year_is_taken_unless_another_is_asked_for() -> None:
    both = figures(years=(2017, 2019))
    halved = both[
        ~((both["indicator"] == "population_85_plus") & (both["period_end"] == date(2019, 6, 30)))
    ]

    assert set(neighbour_features(both)["year"]) == {2019}
    assert set(neighbour_features(both, year=2017)["year"]) == {2017}
    assert set(neighbour_features(halved)["year"]) == {2017}


def test_a_year_or_an_indicator_that_is_missing_is_told() -> None:
    with pytest.raises(ParameterError, match="estimates of 2012. There are those of 2017"):
        features(year=2012)
    some = figures()
    with pytest.raises(ParameterError, match="population_85_plus is missing"):
        neighbour_features(some[some["indicator"] != "population_85_plus"])


def test_distances_are_worked_by_hand() -> None:
    """Three areas, one number and one category: standardised, squared, rooted, rebased."""
    table = tuple(f for f in packaged_features() if f.feature in ("share_65_plus", "council_type"))
    made = pd.DataFrame(
        {
            "area": ["A", "B", "C"],
            "year": 2017,
            "people": 100_000.0,
            "share_65_plus": [10.0, 14.0, 18.0],
            "council_type": ["county", "county", "london"],
        },
        index=pd.Index(["X1", "X2", "X3"], name="area_code"),
    )
    found = statistical_neighbours(made, "X1", 2, table=table)

    # The standard deviation of 10, 14 and 18 is sqrt(32/3); squares of the differences of A are
    # 16/(32/3) = 1.5 and 64/(32/3) = 6; another type adds its weight, 2. The largest is 8.
    assert found.codes == ("X2", "X3")
    assert found.distances == pytest.approx(((1.5 / 8) ** 0.5, 1.0))
    assert found.contributions[0] == pytest.approx({"share_65_plus": 100, "council_type": 0})
    assert found.contributions[1] == pytest.approx({"share_65_plus": 75, "council_type": 25})


def test_the_nearest_comes_first() -> None:
    found = statistical_neighbours(features(), "E10000025", 3)

    assert found.codes[0] == "E10000003"
    assert list(found.distances) == sorted(found.distances)
    assert len(found.codes) == len(found.names) == len(found.contributions) == 3
    assert all(sum(one.values()) == pytest.approx(100) for one in found.contributions)
    assert "E10000025" not in found.codes


def test_very_small_areas_are_left_out_and_named() -> None:
    found = statistical_neighbours(features(), "E10000025", 3)

    assert found.excluded == (("City of London", "fewer than 20,000 people"),)
    assert found.compared == 5
    assert "City of London (fewer than 20,000 people)" in found.method


def test_areas_without_a_feature_are_left_out_and_named() -> None:
    made = features()
    made.loc["E10000016", "share_65_plus"] = np.nan
    found = statistical_neighbours(made, "E10000025", 3)

    assert ("Kent", "a feature is missing") in found.excluded
    assert "E10000016" not in found.codes


def test_the_method_names_features_year_and_what_it_is_not() -> None:
    found = statistical_neighbours(features(), "E10000025", 3)

    for feature in packaged_features():
        assert feature.name[1:] in found.method
    assert "mid-2017" in found.method
    assert "not the CIPFA model" in found.method
    assert found.label == "statistical neighbours, own open method, population of 2017"


def test_leaving_each_feature_out_tells_who_stays() -> None:
    found = statistical_neighbours(features(), "E10000025", 2)

    assert [one.feature for one in found.left_out] == [f.name for f in packaged_features()]
    for one in found.left_out:
        assert one.stay + len(one.gone) == 2
        assert len(one.gone) == len(one.come)
    gone = {name for one in found.left_out for name in one.gone}
    steady = [code for code, name in zip(found.codes, found.names, strict=True) if name not in gone]
    assert list(found.steady) == steady
    assert "E10000003" in found.steady


def test_a_feature_alike_everywhere_counts_for_nothing() -> None:
    made = features().assign(share_under_18=20.0)
    found = statistical_neighbours(made, "E10000025", 3)

    assert all(one["share_under_18"] == 0 for one in found.contributions)


def test_one_feature_alone_is_no_error() -> None:
    table = tuple(f for f in packaged_features() if f.feature == "population")
    found = statistical_neighbours(features(), "E10000025", 2, table=table)

    assert found.codes[0] == "E10000003"
    assert found.left_out[0].stay == 2


@pytest.mark.parametrize(
    ("code", "k", "told"),
    [
        ("E10000052", 3, "Did you mean E10000025"),
        ("zz", 3, "Check the code"),
        ("E09000001", 3, "City of London has no statistical neighbours: fewer than 20,000 people"),
        ("E10000025", 0, "at least 1 and at most 5"),
        ("E10000025", 6, "at least 1 and at most 5"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(code, k, told) -> None:
    with pytest.raises(ParameterError, match=told):
        statistical_neighbours(features(), code, k)


def test_the_tables_print_distances_shares_and_what_changes() -> None:
    found = statistical_neighbours(features(), "E10000025", 3)
    near, left = neighbour_tables(found)

    assert near.columns[:2] == ("Area", "Distance, 0 to 1")
    assert [row[0] for row in near.rows] == list(found.names)
    assert near.rows[0][-1] == "yes"
    assert len(near.columns) == len(near.numeric) == len(near.rows[0])
    assert [row[0] for row in left.rows] == list(found.features)
    assert [int(row[1]) for row in left.rows] == [one.stay for one in found.left_out]


def test_of_all_councils_most_are_those_of_another_method(shared_data) -> None:
    """With the estimates of mid-2017 the neighbours of two counties are 14 and 12 of Oflog's 15.

    The weight of the type of council was chosen knowing this, so it shows agreement, not proof.
    """
    from wholesystem.indicators.comparators import comparators_of, packaged_comparators

    path = shared_data / "data/population/utla_england_single_year_of_age_2017_2019_2020.csv"
    table = pd.read_csv(path)
    table = table[table["year"] == 2017]
    columns = ("total_population", "age_18_plus", "age_65_plus", "age_85_plus")
    people = {
        row["utla_code"]: (row["utla_name"], *(row[c] for c in columns))
        for _, row in table.iterrows()
        if row["utla_code"] != "E92000001"
    }
    made = neighbour_features(figures(people))
    lists = packaged_comparators()
    shared = {
        code: len(
            set(statistical_neighbours(made, code).codes) & set(comparators_of(lists, code).codes)
        )
        for code in ("E10000025", "E10000006")
    }

    assert len(made) == 151
    assert shared == {"E10000025": 14, "E10000006": 12}
