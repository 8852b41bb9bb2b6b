"""Measures written to files, what hides small numbers, and what the documents say of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.helpers.stays_tables import make_stays
from wholesystem import stays as stays_package
from wholesystem.errors import OutputError, ParameterError
from wholesystem.stays import Stays, measure_all, measures, small_number_rule, suppress

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "measures.md"
ROLES = {
    "department": ["ae"],
    "hospital": ["ward"],
    "reablement": ["reablement"],
    "home": ["home"],
}


@pytest.fixture
def stays() -> Stays:
    header = "person stay service requested_at started_at ready_at ended_at next_service reason\n"
    many = [f"p{i} 1 ae 01T00:00 01T01:00 01T02:00 01T03:00 home A" for i in range(12)]
    few = [f"q{i} 1 ward - 02T00:00 03T00:00 05T00:00 died E" for i in range(3)]
    return make_stays(header + "\n".join(many + few), "01T00:00", "11T00:00", population=1000)


def test_one_file_a_measure_is_written(tmp_path: Path, stays: Stays) -> None:
    names = measure_all(replace(stays, simulated=True), tmp_path / "out", roles=ROLES)

    assert sorted(names) == sorted(p.name for p in (tmp_path / "out").iterdir())
    assert {"flows.csv", "delays.csv", "length_of_stay.csv", "occupancy.csv"} <= set(names)
    delays = pd.read_csv(tmp_path / "out" / "delays.csv")
    assert list(delays.columns) == [
        "service",
        "waiting_for",
        "reason",
        "responsible",
        "people_delayed",
        "delayed_days_per_day_per_100k",
    ]
    flows = pd.read_csv(tmp_path / "out" / "flows.csv")
    assert list(flows.columns) == [
        "from",
        "to",
        "people",
        "per_day",
        "median_wait_days",
        "mean_wait_days",
    ]
    assert flows["people"].tolist() == [12, 12, 3, 3]


def test_small_numbers_of_real_people_are_hidden_in_every_file(
    tmp_path: Path, stays: Stays
) -> None:
    names = measure_all(stays, tmp_path, roles=ROLES)

    for name in names:
        table = pd.read_csv(tmp_path / name)
        assert table.columns[-1] == "hidden"
        people = table.filter(regex="^(people|occupied|ended|known|at_|still_|spells|attend)")
        if name not in ("occupancy.csv", "delays.csv"):  # means over the window, not counts
            assert not people.isin(range(1, 8)).to_numpy().any(), name
    flows = pd.read_csv(tmp_path / "flows.csv").set_index(["from", "to"])
    assert flows.loc[("ae", "home"), "people"] == 10
    assert flows.loc[("ae", "home"), "per_day"] == 1.0
    assert pd.isna(flows.loc[("ward", "died"), "mean_wait_days"])
    delays = pd.read_csv(tmp_path / "delays.csv")
    assert delays.loc[delays["service"] == "ward", "people_delayed"].isna().all()


def test_measures_without_their_role_are_not_written(tmp_path: Path, stays: Stays) -> None:
    names = measure_all(stays, tmp_path)

    assert "readmission.csv" not in names
    with pytest.raises(ParameterError, match="role is 'pub'"):
        measure_all(stays, tmp_path, roles={"pub": ["ae"]})


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path: Path, stays: Stays) -> None:
    (tmp_path / "out").write_text("mine")

    with pytest.raises(OutputError):
        measure_all(stays, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_counts_one_to_seven_are_hidden_and_others_rounded() -> None:
    table = pd.DataFrame({"k": list("abcdef"), "people": [0, 1, 7, 8, 12, 13], "mean": 2.5})
    safe = suppress(table, {"people": ["mean"]}, margins=[])

    assert safe["people"].fillna(-1).tolist() == [0, -1, -1, 10, 10, 15]
    assert safe["hidden"].tolist() == ["", "yes", "yes", "", "", ""]
    assert safe["mean"].isna().tolist() == [False, True, True, False, False, False]


def test_one_hidden_cell_takes_the_next_smallest_with_it() -> None:
    table = pd.DataFrame({"people": [3, 40, 20, 0]})

    assert suppress(table, {"people": []})["hidden"].tolist() == ["yes", "", "yes", ""]


def test_hidden_cells_that_are_few_together_take_another_with_them() -> None:
    table = pd.DataFrame({"k": list("aaabb"), "people": [1, 2, 30, 0, 9]})

    alone = suppress(table, {"people": []}, rule="below_5", margins=["k"])
    together = suppress(table, {"people": []}, rule="below_5", margins=["k"], together=True)

    # Taking 30 from the 33 of group a would leave three.
    assert alone["hidden"].tolist() == ["yes", "yes", "", "", ""]
    assert together["hidden"].tolist() == ["yes", "yes", "yes", "", ""]


def test_a_part_is_hidden_where_the_rest_of_its_whole_is_small() -> None:
    table = pd.DataFrame({"night": [98, 50], "people": [100, 100], "share": [0.98, 0.5]})
    safe = suppress(table, {"night": ["share"]}, totals={"night": "people"}, margins=[])

    assert safe["hidden"].tolist() == ["yes", ""]
    assert safe["share"].isna().tolist() == [True, False]


def test_the_rule_is_chosen_by_name() -> None:
    table = pd.DataFrame({"people": [4, 5, 6]})

    assert suppress(table, {"people": []}, rule="below_5", margins=[])["hidden"].tolist() == [
        "yes",
        "",
        "",
    ]
    assert suppress(table, {"people": []}, rule="none")["people"].tolist() == [4, 5, 6]
    with pytest.raises(ParameterError, match="hes, below_5, none"):
        small_number_rule("strict")


@pytest.mark.parametrize("name", measures.__all__)
def test_every_measure_is_defined_where_people_look(name: str) -> None:
    described = getattr(measures, name).__doc__
    assert "Notes\n" in described
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", REFERENCE.read_text(), re.M | re.S)
    assert section, f"docs/reference/measures.md has no section {name}"
    for word in ("umerator", "enominator", "nit", "ensor"):
        assert word in section[1], f"{name}: the reference does not say {word}"
    assert getattr(stays_package, name) is getattr(measures, name)


@pytest.mark.parametrize(
    ("measure", "arguments"),
    [
        ("spells", {"services": []}),
        ("spells", {"services": "ward"}),
        ("spells", {"services": ["ward"], "gap_hours": -1}),
        ("leaving_times", {"night_from_hour": 24}),
        ("leaving_times", {"groups": {"hospital": []}}),
        ("readmission", {"services": ["ward"], "within_days": 0}),
        ("still_at_home", {"hospital": ["w"], "reablement": ["r"], "home": ["h"], "day": 0}),
        ("still_at_home", {"hospital": ["w"], "reablement": ["r"], "home": []}),
    ],
)
def test_impossible_arguments_are_refused(
    stays: Stays, measure: str, arguments: dict[str, object]
) -> None:
    with pytest.raises(ParameterError):
        getattr(measures, measure)(stays, **arguments)


def test_spells_join_over_a_gap_that_is_allowed() -> None:
    given = make_stays(
        "person stay service started_at ended_at\n"
        "p 1 ward 01T00:00 02T00:00\np 2 ward 02T06:00 03T00:00",
        "01T00:00",
        "05T00:00",
    )

    assert len(measures.spells(given, ["ward"], gap_hours=5.9)) == 2
    assert len(measures.spells(given, ["ward"], gap_hours=6)) == 1


def test_the_measures_compile_for_other_databases() -> None:
    import ibis

    from wholesystem.stays.measures.links import moves
    from wholesystem.stays.measures.pieces import delayed_pieces, occupied_pieces
    from wholesystem.stays.measures.spells import spell_table

    given = make_stays("person stay service started_at\np 1 ward 01T00:00", "01T00:00", "02T00:00")
    expressions = [moves(given), occupied_pieces(given), delayed_pieces(given)]
    expressions.append(spell_table(given, ["ward"]))
    for dialect in ("postgres", "databricks"):
        for expression in expressions:
            assert "SELECT" in ibis.to_sql(expression, dialect=dialect)
