"""Areas: found by what people type, followed across changes of councils, and their trusts."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT
from wholesystem.errors import ParameterError
from wholesystem.indicators import area_search
from wholesystem.indicators.geography import (
    area,
    area_changes,
    areas_on,
    changes_of,
    combined_areas,
    combined_of,
    every_area,
    find_area,
    geography_version,
    predecessors,
    region_of,
    same_area_codes,
    successors,
    trusts_of_area,
)
from wholesystem.indicators.small_tables import packaged_table

DAY = date(2024, 1, 1)


def codes(areas: list) -> list[str]:
    return [one.code for one in areas]


# ---- what people type


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Oxfordshire", "E10000025"),
        ("oxfordshire", "E10000025"),
        ("  OXFORDSHIRE county council ", "E10000025"),
        ("E10000025", "E10000025"),
        ("e10000025", "E10000025"),
        ("608", "E10000025"),
        ("00EQ", "E06000049"),
        ("00eq", "E06000049"),
        ("Bournemouth, Christchurch and Poole", "E06000058"),
        ("Bournemouth Christchurch & Poole", "E06000058"),
        ("Bournemouth, Christchurch and Poole UA", "E06000058"),
        ("bcp", "E06000058"),
        ("Brighton & Hove UA", "E06000043"),
        ("Bristol, City of", "E06000023"),
        ("Bristol UA", "E06000023"),
        ("Bristol", "E06000023"),
        ("Herefordshire, County of", "E06000019"),
        ("Kingston upon Hull, City of", "E06000010"),
        ("Hull", "E06000010"),
        ("St. Helens", "E08000013"),
        ("St Helens", "E08000013"),
        ("Durham", "E06000047"),
        ("County Durham", "E06000047"),
        ("Durham County Council", "E06000047"),
        ("Medway Towns UA", "E06000035"),
        ("Southend UA", "E06000033"),
        ("Stockton On Tees UA", "E06000004"),
        ("Stoke-on-Trent", "E06000021"),
        ("City of York", "E06000014"),
        ("London", "E12000007"),
        ("City of London", "E09000001"),
        ("South East", "E12000008"),
        ("yorkshire and humber", "E12000003"),
        ("England", "E92000001"),
        ("Cumbria", "E10000006"),
        ("Poole", "E06000029"),
        ("combined-cumbria", "combined-cumbria"),
        ("Cumbria (combined)", "combined-cumbria"),
        # The same area under a new code: the latest.
        ("Buckinghamshire", "E06000060"),
        ("Somerset", "E06000066"),
        ("Northumberland", "E06000057"),
        ("Sheffield", "E08000039"),
        ("106", "E08000037"),
    ],
)
def test_an_area_is_found(text: str, code: str) -> None:
    assert find_area(text).code == code


def test_every_area_is_found_by_its_code_and_its_names_on_its_days() -> None:
    for one in every_area().values():
        assert find_area(one.code) is one
        day = one.valid_from or one.valid_to or DAY
        for name in one.names:
            assert find_area(name, on=day) is one


def test_every_name_of_the_delayed_transfer_workbooks_is_found(shared_data: Path) -> None:
    path = shared_data / "data" / "dtoc" / "dtoc_la_by_type_of_care_2011-04_2019-12.csv"
    with path.open(encoding="utf-8-sig") as file:
        rows = {
            (row["name"], row["la_code"], row["ons_code"], row["region"])
            for row in csv.DictReader(file)
            if row["ons_code"] and row["la_code"]
        }

    assert len(rows) == 153  # 150 councils, and Bournemouth, Poole and Dorset before and after
    for name, dtoc_code, code, region in rows:
        day = area(code).valid_from or area(code).valid_to or date(2015, 1, 1)
        assert find_area(name, on=day).code == code
        assert find_area(dtoc_code, on=day).code == code
        assert area(code).region == region


def test_dorset_is_two_areas_that_are_not_the_same() -> None:
    with pytest.raises(ParameterError) as caught:
        find_area("Dorset")

    assert str(caught.value) == (
        "The area 'Dorset' may be Dorset (E06000059, from 1 April 2019) or Dorset (E10000009, to 31"
        " March 2019). They are not the same area. Write the code of one. For the same ground"
        " before and after, write combined-dorset."
    )


def test_a_day_tells_which_dorset() -> None:
    assert find_area("Dorset", on=date(2019, 3, 31)).code == "E10000009"
    assert find_area("Dorset", on=date(2019, 4, 1)).code == "E06000059"
    assert find_area("809", on=date(2018, 1, 1)).code == "E10000009"


def test_an_area_that_ended_names_what_came_after() -> None:
    with pytest.raises(ParameterError) as caught:
        find_area("Cumbria", on=DAY)

    assert str(caught.value) == (
        "The area 'Cumbria' did not exist on 2024-01-01: it is Cumbria (E10000006, to 31 March"
        " 2023). The area must exist on the day. Write Cumberland (E06000063, from 1 April 2023)"
        " or Westmorland and Furness (E06000064, from 1 April 2023)."
    )


def test_an_area_that_did_not_exist_yet() -> None:
    with pytest.raises(ParameterError, match="did not exist on 2019-01-01: it is Cumberland"):
        find_area("Cumberland", on=date(2019, 1, 1))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Oxfordshir", "Did you mean Oxfordshire"),
        ("Newcastle", "Did you mean Newcastle upon Tyne"),
        ("Northampton", "Did you mean North Northamptonshire, West Northamptonshire, Northampt"),
        ("Cheshire", "Did you mean Cheshire East, Cheshire West and Chester"),
        ("Atlantis", "Write a name such as Oxfordshire."),
        ("E10000099", "is not known"),
        ("", "The area blank is not known."),
        ("???", "'???' is not known"),
        ("county council", "is not known"),
        ("x" * 5_000, "xxx...' is not known"),
        ("\x1b[31mKent\x07Kent", r"\x1b[31m"),
    ],
)
def test_an_unknown_area_names_the_nearest(text: str, words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        find_area(text)

    assert words in str(caught.value)
    assert len(str(caught.value)) < 500


def test_no_two_areas_of_one_day_have_one_name() -> None:
    for key in (area_search._strict, area_search._loose):
        for day in (date(2012, 1, 1), date(2018, 1, 1), date(2020, 1, 1), date(2026, 1, 1)):
            seen: dict[str, str] = {}
            for one in every_area().values():
                for name in {key(name) for name in one.names} if one.is_valid(day) else ():
                    # Without usual words the City of London is London; its full name comes first.
                    assert seen.setdefault(name, one.code) == one.code or name == "london"


# ---- which areas there are


@pytest.mark.parametrize(
    ("day", "count"),
    # 152 councils until 2019; Dorset's three became two (151), Northamptonshire two (152), Cumbria
    # two (153). With the Isles of Scilly, which the lookups have and the workbooks have not.
    [
        (date(2011, 4, 1), 152),
        (date(2019, 3, 31), 152),
        (date(2019, 4, 1), 151),
        (date(2020, 12, 31), 151),
        (date(2021, 4, 1), 152),
        (date(2023, 3, 31), 152),
        (date(2023, 4, 1), 153),
        (date(2026, 11, 1), 153),
    ],
)
def test_how_many_councils_there_are(day: date, count: int) -> None:
    assert len(areas_on(day)) == count


@pytest.mark.parametrize(("year", "column"), [(2019, "utla19"), (2021, "utla21"), (2023, "utla23")])
def test_the_councils_are_those_of_the_lookups(shared_data: Path, year: int, column: str) -> None:
    path = shared_data / "data" / "geography" / f"lookup_ltla{year % 100}_{column}.csv"
    with path.open(encoding="utf-8-sig") as file:
        rows = {row[f"{column}_code"]: row[f"{column}_name"] for row in csv.DictReader(file)}
    england = {code: name for code, name in rows.items() if code.startswith("E")}

    here = areas_on(date(year, 12, 31))

    assert set(codes(here)) == set(england)
    assert all(england[one.code] in one.names for one in here)


def test_nine_regions_and_england() -> None:
    assert len(areas_on(DAY, "region")) == 9
    assert codes(areas_on(DAY, "country")) == ["E92000001"]
    assert codes(areas_on(DAY, "combined")) == sorted(combined_areas())


def test_the_region_of_an_area() -> None:
    assert region_of("E10000025").name == "South East"
    assert region_of("E06000063").name == "North West"
    assert region_of("combined-northamptonshire").name == "East Midlands"
    assert region_of("E12000008") is None
    assert region_of("E92000001") is None


def test_every_council_lies_in_a_region_that_there_is() -> None:
    regions = {one.code: one.name for one in areas_on(DAY, "region")}
    for one in every_area().values():
        if one.kind in ("area", "combined"):
            assert regions[one.region_code] == one.region


def test_an_unknown_code() -> None:
    with pytest.raises(ParameterError, match="'E1' is no code of an area"):
        area("E1")


def test_every_row_has_a_source_and_the_licence() -> None:
    for name in ("areas", "area_changes", "combined_areas"):
        for row in packaged_table(name).rows:
            assert "Open Government Licence v3.0" in row.cells["source"]


# ---- changes


def test_what_became_of_areas() -> None:
    assert codes(successors("E10000006")) == ["E06000063", "E06000064"]
    assert codes(successors("E06000028")) == ["E06000058", "E06000059"]
    assert codes(successors("E10000002")) == ["E06000060"]
    assert successors("E10000025") == []
    assert codes(predecessors("E06000061")) == ["E10000021"]
    assert codes(predecessors("E06000059")) == ["E06000028", "E06000029", "E10000009"]
    assert predecessors("E10000025") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("E08000020", "E08000037"),  # Gateshead 2013
        ("E06000048", "E06000057"),  # Northumberland 2013
        ("E10000002", "E06000060"),  # Buckinghamshire 2020
        ("E10000023", "E06000065"),  # North Yorkshire 2023
        ("E10000027", "E06000066"),  # Somerset 2023
        ("E08000016", "E08000038"),  # Barnsley 2025
        ("E08000019", "E08000039"),  # Sheffield 2025
    ],
)
def test_the_same_area_under_a_new_code_is_joined(old: str, new: str) -> None:
    assert same_area_codes(old) == same_area_codes(new) == (old, new)


@pytest.mark.parametrize("code", ["E10000009", "E06000059", "E10000021", "E10000006", "E06000063"])
def test_areas_that_are_not_the_same_are_never_joined(code: str) -> None:
    assert same_area_codes(code) == (code,)
    assert combined_of(code) is not None


def test_every_change_tells_its_rule_and_offers_what_is_exact() -> None:
    for one in area_changes():
        ended = {area(code).valid_to for code in one.old}
        began = {area(code).valid_from for code in one.new}
        assert began == {one.date}
        assert {(one.date - day).days for day in ended if day} == {1}
        assert one.rule
        if one.same_area == "no":
            assert one.sum_exact == "yes"
            assert {*one.old, *one.new} == combined_areas()[one.combined].members
        else:
            assert len(one.old) == len(one.new) == 1
            assert not one.combined


def test_every_area_that_ended_or_began_has_its_change() -> None:
    for one in areas_on(date(2012, 1, 1)) + areas_on(DAY):
        assert bool(changes_of(one.code)) == bool(one.valid_from or one.valid_to)


def test_a_combination_is_whole_before_and_after() -> None:
    dorset = combined_areas()["combined-dorset"]

    assert [one.members for one in dorset.sets] == [
        ("E06000028", "E06000029", "E10000009"),
        ("E06000058", "E06000059"),
    ]
    assert [(one.valid_from, one.valid_to) for one in dorset.sets] == [
        (None, date(2019, 3, 31)),
        (date(2019, 4, 1), None),
    ]
    assert combined_of("E10000025") is None


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2010, 1, 1), "utla-2011-04"),
        (date(2013, 3, 31), "utla-2011-04"),
        (date(2019, 12, 31), "utla-2019-04"),
        (date(2024, 6, 1), "utla-2023-04"),
    ],
)
def test_the_name_of_the_boundaries(day: date, version: str) -> None:
    assert geography_version(day) == version


def test_districts_of_the_old_and_new_councils_agree(shared_data: Path) -> None:
    """The sums of a combination are exact: the same districts before and after."""
    folder = shared_data / "data" / "geography"
    old = pd.read_csv(folder / "lookup_ltla19_utla19.csv").groupby("utla19_code")["ltla19_code"]
    new = pd.read_csv(folder / "lookup_ltla21_utla21.csv").groupby("utla21_code")["ltla21_code"]
    small_areas = pd.read_csv(folder / "lookup_lsoa11_ltla19_utla19_england.csv.gz")

    assert len(old.get_group("E10000021")) == 7
    assert set(new.get_group("E06000061")) == {"E06000061"}
    # Christchurch, a district of the county until 2019, is in the new council.
    inside = small_areas[small_areas["utla19_code"] == "E06000058"]["lsoa11_name"]
    assert set(inside.str.rsplit(" ", n=1).str[0]) == {"Bournemouth", "Christchurch", "Poole"}


# ---- trusts


def shares(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["trust_code", "area_code", "share"])


PARTS = pd.DataFrame(
    [
        ("E07000177", "E10000025", 2021),
        ("E07000178", "E10000025", 2021),
        ("E07000178", "E10000025", 2019),
        ("E07000026", "E10000006", 2021),
    ],
    columns=["ltla_code", "area_code", "year"],
)


def test_shares_of_districts_are_added() -> None:
    frame = shares(("RTH", "E07000177", 0.1), ("RTH", "E07000178", 0.11), ("RXQ", "E07000177", 0.1))

    (one,) = trusts_of_area(frame, "E10000025", PARTS)

    assert (one.trust_code, one.area_code) == ("RTH", "E10000025")
    assert one.share == pytest.approx(0.21)


def test_a_fifth_counts_and_less_does_not() -> None:
    frame = shares(("A", "E10000025", 0.5), ("B", "E10000025", 0.2), ("C", "E10000025", 0.199))

    assert [one.trust_code for one in trusts_of_area(frame, "E10000025")] == ["A", "B"]


def test_the_largest_where_none_reaches_a_fifth() -> None:
    frame = shares(("A", "E10000025", 0.05), ("B", "E10000025", 0.07), ("C", "E10000014", 0.9))

    assert [one.trust_code for one in trusts_of_area(frame, "E10000025")] == ["B"]


def test_no_trust_at_all() -> None:
    assert trusts_of_area(shares(("A", "E10000014", 0.9)), "E10000025") == []


def test_a_lookup_older_than_the_area_gives_the_trusts_of_the_former_area_and_says_so() -> None:
    frame = shares(("RNN", "E07000026", 0.4))

    (one,) = trusts_of_area(frame, "E06000063", PARTS)

    assert (one.trust_code, one.area_code) == ("RNN", "E10000006")


def test_an_area_under_its_other_code_and_a_combination() -> None:
    frame = shares(("RXQ", "E06000060", 0.6), ("RBD", "E10000009", 0.4), ("RBD", "E06000029", 0.2))

    assert [one.trust_code for one in trusts_of_area(frame, "E10000002")] == ["RXQ"]
    (dorset,) = trusts_of_area(frame, "combined-dorset")
    assert dorset.share == pytest.approx(0.6)


def test_a_least_share_out_of_its_range() -> None:
    with pytest.raises(ParameterError, match="must be above 0 and at most 1"):
        trusts_of_area(shares(), "E10000025", least_share=0)


def real_lookups(shared_data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    folder = shared_data / "data" / "geography"
    trusts = pd.read_csv(folder / "lookup_nhs_trusts22_ltla21.csv")
    trusts.columns = pd.Index(["trust_code", "area_code", "share"])
    parts = pd.concat(
        pd.read_csv(folder / f"lookup_ltla{year}_utla{year}.csv")
        .rename(columns={f"ltla{year}_code": "ltla_code", f"utla{year}_code": "area_code"})
        .assign(year=2000 + year)[["ltla_code", "area_code", "year"]]
        for year in (19, 21, 23)
    )
    return trusts, parts


def test_the_trusts_of_oxfordshire_and_cumbria(shared_data: Path) -> None:
    trusts, parts = real_lookups(shared_data)

    oxfordshire = [one.trust_code for one in trusts_of_area(trusts, "E10000025", parts)]
    cumbria = [one.trust_code for one in trusts_of_area(trusts, "E10000006", parts)]
    cumberland = trusts_of_area(trusts, "E06000063", parts)

    assert oxfordshire[0] == "RTH"
    assert "RNN" in cumbria
    assert [one.trust_code for one in cumberland] == cumbria
    assert {one.area_code for one in cumberland} == {"E10000006"}


def test_no_share_is_more_than_all_patients(shared_data: Path) -> None:
    trusts, parts = real_lookups(shared_data)

    for code in ("E10000025", "E10000006", "combined-dorset", "E09000012"):
        for one in trusts_of_area(trusts, code, parts, least_share=0.01):
            assert 0 < one.share <= 1 + 1e-9


# ---- the explanation


def test_every_change_stands_in_the_explanation() -> None:
    text = (ROOT / "docs" / "explanation" / "areas-and-boundaries.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| April")]

    assert len(lines) == len(area_changes())
    for one in area_changes():
        (line,) = [line for line in lines if f"`{one.old[0]}`" in line]
        assert line.startswith(f"| {one.date:%B %Y} |")
        for code in (*one.old, *one.new):
            assert f"{area(code).name} `{code}`" in line
        assert one.combined in line
        assert ("| no |" in line) == (one.same_area == "no")
        assert ("moved edge" in line) == (one.kind == "boundary")
