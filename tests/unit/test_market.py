"""Money and care market: what follows from the tables, what does not agree, what is missing."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from wholesystem.errors import TableError
from wholesystem.examples.market import read_example_market
from wholesystem.indicators.intervals import byar, wilson
from wholesystem.reviews.market import (
    Market,
    MarketResult,
    market_result,
    read_market,
    write_market,
    write_market_result,
)

AREA = ROOT / "src" / "wholesystem" / "examples" / "oxfordshire_2017"
GOOD = {
    "market": "market,title,area_code,area,source\nm,M,E10000025,Oxfordshire,us\n",
    "populations": "population,subject,label,on,people,source\n"
    "here,area,aged 65 and over,2017-06-30,200000,ons\n"
    "there,england,aged 65 and over,2017-06-30,10000000,ons\n",
    "pools": "pool,label,from,to,budget_gbp,forecast_gbp,as_of,source\n"
    "bcf,BCF,2017-04-01,2018-03-31,1000000,1100000,2017-12-31,us\n"
    "gone,Gone,2017-04-01,2018-03-31,500000,,,us\n",
    "pool_lines": "line,pool,label,budget_gbp,forecast_gbp,source\n"
    "a,bcf,Homes,600000,700000,us\nb,bcf,Equipment,400000,400000,us\nc,gone,Else,1000,900,us\n",
    "contributions": "contribution,pool,organisation,amount_gbp,share,source\n"
    "a,bcf,Council,250000,0.25,us\nb,bcf,CCG,700000,0.75,us\nc,gone,Council,,,us\n",
    "risk_shares": "risk_share,pool,applies_to,organisation,share,source\n"
    "a,bcf,overspend,Council,0.4,us\nb,bcf,overspend,CCG,0.6,us\n"
    "c,bcf,underspend,Council,1,us\n",
    "organisation_finances": "finance,organisation,from,to,budget_gbp,forecast_gbp,position,"
    "source\n"
    "a,Council,2017-04-01,2018-03-31,100,90,deficit,us\n",
    "supply": "supply,kind,label,unit,subject,on,count,population,stated_rate,stated_per,source\n"
    "a,beds,Beds,beds,area,2017-04-30,1000,here,,,us\n"
    "e,beds,Beds,beds,england,2017-04-30,200000,there,,,us\n"
    "r,agencies,Agencies,agencies,area,2017-04-30,113,here,113,,us\n",
    "ratings": "sector,label,group,on,services,outstanding,good,requires_improvement,inadequate,"
    "not_rated,source\n"
    "homes,Homes,care,2017-09-29,10,1,5,2,0,2,us\n"
    "agencies,Agencies,care,2017-09-29,9,0,3,1,0,4,us\n",
    "shares": "figure,measure,group,label,subject,from,to,number,out_of,stated_percent,bound,"
    "source\n"
    "v,staff_vacancies,all,Posts,area,2017-04-01,2018-03-31,30,400,7.5,,us\n"
    "t,staff_turnover,all,Staff,area,2017-04-01,2018-03-31,90,300,31,,us\n"
    "f,vacant_places,homes,Beds,area,,,12,100,,,us\n"
    "s,self_funders,homes,Residents,area,,,,,,,us\n"
    "g,good_or_outstanding,care,Care,area,,,,,64,,us\n",
}


def write(folder: Path, **tables: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in (GOOD | tables).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def market(tmp_path: Path) -> Market:
    return read_market(write(tmp_path / "own"))


@pytest.fixture
def result(market: Market) -> MarketResult:
    return market_result(market)


def row(result: MarketResult, table: str, key: str) -> dict[str, Any]:
    found = result.table(table)
    name = found.columns[0].name
    return next(one for one in found.records() if one[name] == key)


# --------------------------------------------------------------------------- money


def test_a_pool_is_held_against_contributions_and_lines(result: MarketResult) -> None:
    bcf = row(result, "pools", "bcf")

    assert bcf["contributions_gbp"] == 950_000
    assert bcf["unexplained_gbp"] == 50_000
    assert bcf["lines_gbp"] == 1_000_000
    assert bcf["overspend_gbp"] == 100_000
    assert bcf["forecast_percent"] == pytest.approx(110)
    assert bcf["position"] == "overspend"


def test_a_sum_with_a_part_missing_is_no_sum(result: MarketResult) -> None:
    gone = row(result, "pools", "gone")

    assert gone["contributions_gbp"] is gone["unexplained_gbp"] is None
    assert gone["overspend_gbp"] is gone["forecast_percent"] is None
    assert gone["position"] == "not known"
    assert row(result, "contributions", "c")["share_percent"] is None


def test_lines_and_contributions(result: MarketResult) -> None:
    homes = row(result, "pool_lines", "a")

    assert (homes["overspend_gbp"], homes["position"]) == (100_000, "overspend")
    assert homes["forecast_percent"] == pytest.approx(700 / 6)
    assert row(result, "pool_lines", "b")["position"] == "on budget"
    assert row(result, "pool_lines", "c")["position"] == "underspend"
    council = row(result, "contributions", "a")
    assert council["share_percent"] == pytest.approx(100 * 250 / 950)
    assert council["stated_share_percent"] == 25


def test_who_bears_an_overspend(result: MarketResult) -> None:
    assert row(result, "risk_shares", "a")["bears_gbp"] == pytest.approx(40_000)
    assert row(result, "risk_shares", "b")["bears_gbp"] == pytest.approx(60_000)
    assert row(result, "risk_shares", "c")["bears_gbp"] == ""  # of an underspend: there is none


# --------------------------------------------------------------------------- market


def test_rates_are_for_100_000_of_the_people_named(result: MarketResult) -> None:
    beds = row(result, "supply", "a")

    assert beds["per_100_000"] == pytest.approx(500)
    assert row(result, "supply", "e")["per_100_000"] == pytest.approx(2_000)
    assert beds["against_england_percent"] == pytest.approx(-75)
    assert beds["against_comparators_percent"] is None
    assert (beds["people"], beds["people_label"]) == (200_000, "aged 65 and over")


def test_ratings_sum_over_sectors_of_a_group(result: MarketResult) -> None:
    homes, care = row(result, "ratings", "homes"), row(result, "ratings", "care")

    assert (homes["rated"], homes["good_percent"]) == (8, 75)
    assert homes["good_of_all_percent"] == 60
    assert (care["services"], care["outstanding"], care["good"], care["rated"]) == (19, 1, 8, 12)
    assert care["good_percent"] == 75


def test_intervals_stand_only_where_they_do_not_mislead(result: MarketResult) -> None:
    vacancies, turnover = row(result, "workforce", "v"), row(result, "workforce", "t")
    free, payers = row(result, "market_shares", "f"), row(result, "market_shares", "s")

    lower, upper = wilson(30, 400)
    assert vacancies["percent"] == 7.5
    assert (vacancies["lower_percent"], vacancies["upper_percent"]) == pytest.approx(
        (100 * lower, 100 * upper)
    )
    low, high = byar(90)
    assert (turnover["lower_percent"], turnover["upper_percent"]) == pytest.approx(
        (low / 3, high / 3)
    )
    assert free["percent"] == 12
    assert free["lower_percent"] is None
    assert "empty together" in free["no_interval_because"]
    assert payers["percent"] is payers["lower_percent"] is None
    assert payers["no_interval_because"] == "The counts are not given."


@pytest.mark.parametrize(
    ("number", "out_of", "hidden"),
    [(3, 100, True), (97, 100, True), (0, 5, True), (7, 50, True), (8, 50, False), (0, 50, False)],
)
def test_shares_of_few_people_are_hidden_whole(
    tmp_path: Path, number: int, out_of: int, hidden: bool
) -> None:
    changed = f"s,self_funders,homes,Residents,area,,,{number},{out_of},99,,us"
    shares = GOOD["shares"].replace("s,self_funders,homes,Residents,area,,,,,,,us", changed)
    result = market_result(read_market(write(tmp_path / "own", shares=shares)))
    found = row(result, "market_shares", "s")

    names = ("number", "out_of", "percent", "lower_percent", "upper_percent", "stated_percent")
    assert all(found[name] is None for name in names) is hidden
    assert ("Hidden" in found["no_interval_because"]) is hidden
    assert any(one.row == "s" for one in result.disagreements) is not hidden


def test_few_posts_are_no_people(tmp_path: Path) -> None:
    shares = GOOD["shares"].replace("30,400,7.5", "3,40,7.5")
    result = market_result(read_market(write(tmp_path / "own", shares=shares)))

    assert row(result, "workforce", "v")["number"] == 3


def test_what_does_not_agree_is_told_and_not_mended(result: MarketResult) -> None:
    told = {(one.table, one.row): one for one in result.disagreements}

    assert set(told) == {
        ("pools", "bcf"), ("pools", "gone"), ("contributions", "b"), ("contributions", "a"),
        ("organisation_finances", "a"), ("supply", "r"), ("ratings", "agencies"), ("shares", "t"),
        ("shares", "g"),
    }  # fmt: skip
    assert "£50,000 less than its budget of £1,000,000" in told["pools", "bcf"].words
    assert told["pools", "gone"].difference == 499_000
    assert told["ratings", "agencies"].worked_out == 8
    assert told["shares", "t"].worked_out == pytest.approx(30)
    assert told["shares", "g"].worked_out == pytest.approx(75)
    assert "one is likely a slip" in told["supply", "r"].words
    assert told["supply", "r"].worked_out == pytest.approx(56.5)
    beside = result.table("ratings").notes
    assert any(told["ratings", "agencies"].words in note for note in beside)


def test_a_percentage_is_held_to_the_places_that_it_is_printed_in(tmp_path: Path) -> None:
    def told(stated: str) -> int:
        table = GOOD["shares"].replace(",7.5,,us", f",{stated},,us")
        found = market_result(read_market(write(tmp_path / "own", shares=table))).disagreements
        return sum(one.row == "v" for one in found)

    assert [told("8"), told("7.5"), told("7.50"), told("7.6"), told("7")] == [0, 0, 0, 1, 1]


def test_what_nobody_gave_is_listed(result: MarketResult, tmp_path: Path) -> None:
    found = {(one["table"], one["row"]) for one in result.table("missing").records()}

    assert found == {("pools", "gone"), ("contributions", "c"), ("shares", "s")}
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "market.csv").write_text(GOOD["market"])
    gaps = market_result(read_market(bare)).table("missing").records()
    assert len(gaps) == 8
    assert {one["words"] for one in gaps} == {"The whole table is missing."}


# --------------------------------------------------------------------------- reading


@pytest.mark.parametrize("name", ["again", "again.xlsx"])
def test_a_set_is_written_and_read_again(market: Market, tmp_path: Path, name: str) -> None:
    write_market(market, tmp_path / name)

    assert read_market(tmp_path / name) == market


@pytest.mark.parametrize(
    ("table", "old", "new", "where", "words"),
    [
        ("pool_lines", "a,bcf", "a,bfc", "pool_lines.csv row 2, column pool", "Did you mean bcf?"),
        ("pool_lines", "600000", "-1", "row 2, column budget_gbp", "at least 0"),
        ("pool_lines", "600000", "lots", "row 2, column budget_gbp", "number"),
        ("contributions", "b,bcf", "a,bcf", "row 3, column contribution", "earlier row"),
        ("contributions", "0.25", "25", "row 2, column share", "at most 1"),
        ("risk_shares", "0.4", "0.5", "risk_shares.csv row 2, column share", "must sum to 1"),
        ("supply", "1000,here", "1000,there", "row 2, column population", "is that of england"),
        ("supply", "1000,here", "1000,her", "row 2, column population", "Did you mean here?"),
        ("shares", "30,400", "500,400", "row 2, column number", "never more than the whole"),
        ("shares", "30,400", "30,", "shares.csv row 2", "both counts, or neither"),
        ("shares", "30,400", "0,0", "row 2, column out_of", "share of nothing"),
        ("shares", "staff_vacancies", "staff_vacancy", "row 2, column measure", "Did you mean"),
        ("shares", "2018-03-31,30", "2016-03-31,30", "row 2, column to", "ends before"),
        ("ratings", "agencies,Agencies", "homes,Agencies", "row 3, column sector", "earlier row"),
        ("market", "E10000025", "E10000052", "row 2, column area_code", "No area has this code"),
        ("pools", "source\n", "sauce\n", "pools.csv row 1", "source"),
    ],
)
def test_faults_say_where_and_what_to_do(
    tmp_path: Path, table: str, old: str, new: str, where: str, words: str
) -> None:
    assert old in GOOD[table]
    changed = GOOD[table].replace(old, new, 1)

    with pytest.raises(TableError) as caught:
        read_market(write(tmp_path / "own", **{table: changed}))

    told = str(caught.value)
    assert where in told
    assert words in told


def test_risk_shares_of_which_one_is_not_known_need_not_sum(tmp_path: Path) -> None:
    shares = GOOD["risk_shares"].replace("Council,0.4", "Council,")
    found = market_result(read_market(write(tmp_path / "own", risk_shares=shares)))

    assert row(found, "risk_shares", "a")["bears_gbp"] is None
    assert row(found, "risk_shares", "b")["bears_gbp"] == pytest.approx(60_000)


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    folder = write(tmp_path / "own", ratings="sector,label\n", pool_line="x\n")
    (folder / "pools.csv").unlink()

    with pytest.raises(TableError) as caught:
        read_market(folder)

    told = str(caught.value)
    assert "pool_line.csv" in told
    assert "Did you mean pool_lines" in told
    assert "The column on is missing" in told


def test_a_set_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such money and care market set"):
        read_market(tmp_path / "nothing")


# --------------------------------------------------------------------------- packaged


def test_oxfordshires_inconsistencies_are_told() -> None:
    result = market_result(read_example_market())

    assert {(one.table, one.row) for one in result.disagreements} == {
        ("supply", "home_care_count"), ("shares", "good_social_care")
    }  # fmt: skip
    ratings = row(result, "ratings", "social_care")
    assert (ratings["services"], ratings["rated"]) == (247, 212)
    assert ratings["good_percent"] == pytest.approx(100 * 188 / 212)
    assert any("10 rates the source does not print" in x for x in result.table("supply").notes)


def test_oxfordshires_money_is_missing_and_never_nought() -> None:
    result = market_result(read_example_market())

    for name in ("pools", "pool_lines", "contributions", "risk_shares"):
        found = result.table(name)
        amounts = [x for one in found.columns if one.unit for x in found.column(one.name)]
        assert amounts
        assert set(amounts) == {None}
    assert len(result.table("missing").rows) == 15


def test_packaged_figures_are_those_of_the_report() -> None:
    with (AREA / "figures.csv").open(encoding="utf-8", newline="") as file:
        known = {one["id"]: one for one in csv.DictReader(file)}
    column = {"area": "value", "comparators": "comparator_value", "england": "england_value"}
    market, checked = read_example_market(), 0
    stated: list[tuple[Any, float | None]] = [(one, one.stated_rate) for one in market.supply]
    stated += [(one, one.stated_percent) for one in market.shares]
    for one, figure in stated:
        if figure is not None:
            rows = [known[name] for name in re.findall(r"F\d{3}", one.source)]
            values = {text for x in rows if (text := x[column[one.subject]])}
            assert f"{figure:g}" in values, one.source
            checked += 1
    assert checked == 10 + 13


def test_tables_are_written_for_a_report(result: MarketResult, tmp_path: Path) -> None:
    write_market_result(result, tmp_path / "out")

    names = {path.stem for path in (tmp_path / "out").iterdir()}
    assert names == {one.name for one in result.tables} | {"notes"}
