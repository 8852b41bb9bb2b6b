"""Figures of an experiment: intervals, tables and files."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.helpers.models import make_model
from wholesystem.errors import OutputError
from wholesystem.flow import Model, SimulationResult, compare, simulate
from wholesystem.flow.results import DAILY_MEASURES, MEASURES, interval95

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "output-files.md"

SERVICES = "service,places,arrivals_wait\nward,4,2\nteam,2,"
ARRIVALS = "service,per_day\nward,3"
DURATIONS = "service,days\nward,exponential(mean=1)\nteam,exponential(mean=1.5)"
ROUTES = (
    "from,to,share,reason,responsible\nward,team,0.4,E,social_care\nward,home,0.6,,\nteam,home,1,,"
)
COSTS = "service,state,per_day\nward,occupied,300\nward,delayed,50\nward,waiting,7"


def model(**changes: Any) -> Model:
    given: dict[str, Any] = {"costs": COSTS, "population": 50_000, "days": 30, "warm_up_days": 5}
    made: Model = make_model(SERVICES, ARRIVALS, DURATIONS, ROUTES, **(given | changes))
    return made


@pytest.fixture(scope="module")
def result() -> SimulationResult:
    return simulate(model(), replications=4, stays=True)


# --- intervals ----------------------------------------------------------------------------------


def test_the_interval_is_students_t() -> None:
    found = interval95(np.array([1.0, 2.0, 4.0]))

    # Mean 7/3; squared distances 16/9 + 1/9 + 25/9 over 2 give the variance 7/3; t with 2 degrees
    # of freedom is 4.302653, so half the width is 4.302653 x sqrt(7/3 / 3).
    assert found["mean"] == pytest.approx(7 / 3)
    assert found["sd"] == pytest.approx(math.sqrt(7 / 3))
    assert found["upper95"] - found["mean"] == pytest.approx(4.302653 * math.sqrt(7) / 3, rel=1e-6)
    assert found["mean"] - found["lower95"] == pytest.approx(4.302653 * math.sqrt(7) / 3, rel=1e-6)
    assert found["replications"] == 3


def test_replications_without_a_value_are_left_out() -> None:
    values = np.array([[1.0, np.nan, np.nan], [np.nan, 5.0, np.nan], [3.0, np.nan, np.nan]])

    found = interval95(values)

    assert found["replications"].tolist() == [2, 1, 0]
    np.testing.assert_array_equal(found["mean"], [2, 5, np.nan])
    # t with 1 degree of freedom is 12.7062; sd of 1 and 3 is sqrt(2), over sqrt(2).
    assert found["upper95"][0] == pytest.approx(2 + 12.7062, rel=1e-5)
    for name in ("lower95", "upper95", "sd"):
        assert np.isnan(found[name][1:]).all(), name


def test_equal_values_have_an_interval_of_no_width() -> None:
    found = interval95(np.full((5, 2), 3.25))

    for name in ("mean", "lower95", "upper95"):
        assert found[name].tolist() == [3.25, 3.25]
    assert found["sd"].tolist() == [0, 0]


# --- tables -------------------------------------------------------------------------------------


def documented(heading: str, place: int = 0) -> list[str]:
    """Names in the first column of a table of the reference page."""
    text = REFERENCE.read_text(encoding="utf-8")
    section = re.split(rf"^### {re.escape(heading)}$", text, flags=re.M)[1]
    section = re.split(r"^##", section, flags=re.M)[0]
    tables = re.findall(r"(?:^\|.*\n)+", section, flags=re.M)
    cells = [line.split("|")[1] for line in tables[place].splitlines()[2:]]
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_tables_have_the_columns_of_the_reference(result: SimulationResult) -> None:
    assert list(result.summary.columns) == documented("summary.csv")
    assert list(result.delays.columns) == documented("delays.csv")
    assert list(result.daily.columns) == documented("daily.csv")
    differences = compare(model(), {"more": model()}, replications=2)
    assert list(differences.columns) == documented("differences.csv")


def test_the_summary_has_the_measures_of_the_reference(result: SimulationResult) -> None:
    summary = result.summary

    assert list(MEASURES) == documented("summary.csv", 1)
    assert list(summary[summary.service == "ward"].measure) == list(MEASURES)
    # An outcome is only reached.
    assert list(summary[summary.service == "home"].measure) == ["arrivals_per_day"]


def test_the_record_of_a_run_has_the_keys_of_the_reference(result: SimulationResult) -> None:
    text = REFERENCE.read_text(encoding="utf-8").split("### run.json")[1].split("###")[0]

    assert set(result.run) == set(re.findall(r"`([^`]+)`", text))


def test_figures_are_means_over_replications(result: SimulationResult) -> None:
    for row in result.summary.to_dict("records"):
        values = result.replicates[row["measure"]][:, result.services.index(row["service"])]
        if row["replications"]:
            assert row["mean"] == pytest.approx(values.mean())
            assert row["sd"] == pytest.approx(values.std(ddof=1))


def test_costs_are_people_times_rates(result: SimulationResult) -> None:
    ward = {name: result.replicates[name][:, 0] for name in MEASURES}

    expected = 300 * ward["occupied"] + 50 * ward["delayed"] + 7 * ward["waiting_outside"]
    np.testing.assert_allclose(ward["cost_per_day"], expected)
    assert np.isnan(result.replicates["cost_per_day"][:, 1:]).all()


def test_delays_add_up_to_people_delayed(result: SimulationResult) -> None:
    delays = result.delays

    assert list(delays.reason) == ["E"]
    assert list(delays.responsible) == ["social_care"]
    summary = result.summary.set_index(["service", "measure"])
    total = delays.people_delayed.sum()
    assert total == pytest.approx(summary.loc[("ward", "delayed"), "mean"])
    # A person delayed for a day is a delayed day; 100,000 of 50,000 people.
    assert delays.delayed_days_per_day_per_100k.sum() == pytest.approx(2 * total)


def test_without_a_population_there_is_no_rate() -> None:
    without = make_model(SERVICES, ARRIVALS, DURATIONS, ROUTES, days=30)

    delays = simulate(without, replications=2).delays

    assert delays.delayed_days_per_day_per_100k.isna().all()
    assert (delays.people_delayed > 0).all()


def test_days_are_those_of_the_window_with_percentiles_over_replications(
    result: SimulationResult,
) -> None:
    daily = result.daily

    assert sorted(set(daily.day)) == list(range(30))
    assert set(daily.service) == {"ward", "team"}
    assert list(daily.measure[:4]) == list(DAILY_MEASURES)
    for k, name in enumerate(DAILY_MEASURES):
        row = daily[(daily.day == 7) & (daily.service == "team") & (daily.measure == name)].iloc[0]
        values = np.array(result.daily_values[:, 7, 1, k], dtype=np.float64)
        assert row["mean"] == pytest.approx(values.mean(), rel=1e-6)
        found = [row[column] for column in ("p05", "p50", "p95")]
        assert found == pytest.approx(np.percentile(values, [5, 50, 95]), rel=1e-6)


def test_days_average_to_the_window(result: SimulationResult) -> None:
    for k, name in enumerate(DAILY_MEASURES):
        found = np.array(result.daily_values[:, :, :2, k], dtype=np.float64).mean(axis=1)
        np.testing.assert_allclose(found, result.replicates[name][:, :2], rtol=1e-5, atol=1e-6)


def test_a_service_that_never_has_a_place_has_no_used_share() -> None:
    closed = make_model(
        "service,places\nward,0",
        "service,per_day\nward,1",
        "service,days\nward,fixed(2)",
        "from,to,share\nward,home,1",
        start="service,people\nward,2",
        days=5,
    )

    found = simulate(closed, replications=2)

    assert found.replicates["occupied"][:, 0].min() > 0
    assert np.isnan(found.replicates["used_share"][:, 0]).all()


# --- differences --------------------------------------------------------------------------------


def test_services_of_one_model_only_are_left_out() -> None:
    wider = make_model(
        SERVICES + "\naside,1,",
        ARRIVALS + "\naside,1",
        DURATIONS + "\naside,fixed(1)",
        ROUTES + "\naside,home,1,,",
        days=30,
        warm_up_days=5,
    )

    there = compare(model(), {"wider": wider}, replications=2)
    back = compare(wider, {"narrower": model()}, replications=2)

    assert list(dict.fromkeys(there.service)) == ["ward", "team", "home"]
    assert list(dict.fromkeys(back.service)) == ["ward", "team", "home"]


def test_pairs_without_a_value_on_either_side_are_left_out() -> None:
    # With so few arrivals a replication of 5 days may have nobody who left.
    rare = make_model(
        "service,places\nward,1",
        "service,per_day\nward,0.2",
        "service,days\nward,exponential(mean=2)",
        "from,to,share\nward,home,1",
        days=5,
    )
    slow = make_model(
        "service,places\nward,1",
        "service,per_day\nward,0.2",
        "service,days\nward,exponential(mean=6)",
        "from,to,share\nward,home,1",
        days=5,
    )
    before, after = (simulate(m, replications=30).replicates["stay_days"] for m in (rare, slow))
    both = ~np.isnan(before[:, 0]) & ~np.isnan(after[:, 0])
    assert 0 < both.sum() < (~np.isnan(before[:, 0])).sum()

    table = compare(rare, {"slow": slow}, replications=30)
    row = table[(table.service == "ward") & (table.measure == "stay_days")].iloc[0]

    assert row.replications == both.sum()
    assert row.baseline == pytest.approx(before[both, 0].mean())
    assert row.scenario_value == pytest.approx(after[both, 0].mean())
    assert row.difference == pytest.approx(row.scenario_value - row.baseline)


# --- files --------------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_hold_the_tables(result: SimulationResult, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    result.write(tmp_path / "deep" / "results")

    out = tmp_path / "deep" / "results"
    names = {"summary.csv", "delays.csv", "daily.csv", "run.json", "stays.parquet"}
    assert set(contents(out)) == names
    for name in ("summary", "delays", "daily"):
        written = pd.read_csv(out / f"{name}.csv")
        pd.testing.assert_frame_equal(
            written, getattr(result, name), check_dtype=False, rtol=1e-6, atol=1e-12
        )
    assert json.loads((out / "run.json").read_text("utf-8")) == result.run
    assert pq.read_table(out / "stays.parquet").equals(result.stays)


def test_missing_values_are_empty_cells(result: SimulationResult, tmp_path: Path) -> None:
    result.write(tmp_path)

    lines = (tmp_path / "summary.csv").read_text("utf-8").splitlines()
    assert "team,cost_per_day,,,,,0" in lines
    for name in ("summary.csv", "daily.csv", "delays.csv"):
        text = (tmp_path / name).read_bytes()
        assert b"nan" not in text
        assert b"\r" not in text


def test_days_are_written_without_digits_that_single_precision_lacks(
    result: SimulationResult, tmp_path: Path
) -> None:
    result.write(tmp_path)

    with (tmp_path / "daily.csv").open(encoding="utf-8", newline="") as file:
        means = [row["mean"] for row in csv.DictReader(file)]
    digits = [len(re.sub(r"e.*", "", mean).replace(".", "").strip("-0")) for mean in means]
    assert max(digits) <= 7


def test_a_failure_leaves_earlier_results_untouched(
    result: SimulationResult, tmp_path: Path
) -> None:
    result.write(tmp_path)
    before = contents(tmp_path)
    broken = dataclasses.replace(result, run={"warnings": object()})

    with pytest.raises(TypeError):
        broken.write(tmp_path)

    assert contents(tmp_path) == before
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_file_where_the_folder_should_be_is_told(
    result: SimulationResult, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")

    with pytest.raises(OutputError, match="out"):
        result.write(tmp_path / "out")

    assert (tmp_path / "out").read_text("utf-8") == "mine"
