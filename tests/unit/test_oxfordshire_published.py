"""The table of published figures: what may stand in it, and what is made of it."""

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from tests.helpers.models import make_model
from wholesystem.errors import ParameterError, TableError
from wholesystem.examples.published import COLUMNS, compare_with_published, read_published
from wholesystem.examples.published_measures import MEASURES, OneYear, window_of
from wholesystem.stays import STAYS_SCHEMA, Stays

HEADER = "id,label,figure,published,unit,period,base,role,window,measure,arguments,note\n"
START = datetime(2017, 1, 1)


def write(folder: Path, *lines: str) -> Path:
    (folder / "published.csv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return folder


def line(**changes: str) -> str:
    cells = {
        "id": "P01", "label": "People delayed", "figure": "D01", "published": "10",
        "unit": "people", "period": "2017", "base": "adults", "role": "fitted",
        "window": "year", "measure": "people_delayed", "arguments": "services=ward", "note": "",
    } | changes  # fmt: skip
    return ",".join(cells.values())


def faults(folder: Path) -> str:
    with pytest.raises(TableError) as caught:
        read_published(folder)
    return str(caught.value)


def test_a_right_row_is_read(tmp_path: Path) -> None:
    (figure,) = read_published(write(tmp_path, line(arguments="services=ward|unit;reasons=A")))
    assert figure.published == 10
    assert figure.named_arguments() == {"services": "ward|unit", "reasons": "A"}


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text("nonsense", encoding="utf-8")
    assert len(read_published(write(tmp_path, line()))) == 1


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    text = faults(
        write(
            tmp_path,
            line(measure="people_delayd"),
            line(role="guessed"),
            line(window="2017-05-01/2017-02-01"),
            line(arguments="servces=ward"),
            line(published="ten"),
            line(measure="share_over_days", arguments="services=ward;days=week"),
        )
    )
    assert "published.csv row 2, column measure is 'people_delayd'" in text
    assert "Did you mean people_delayed?" in text
    assert "row 3, column role is 'guessed'" in text
    assert "row 4, column window" in text
    assert "Did you mean services?" in text
    assert "needs the argument services" in text
    assert "row 6, column published is 'ten'" in text
    assert "row 7, column arguments is 'week'" in text


def test_a_window_is_two_midnights_or_the_year() -> None:
    assert window_of("year") is None
    assert window_of("2017-02-01/2017-05-01") == (datetime(2017, 2, 1), datetime(2017, 5, 1))
    with pytest.raises(ValueError, match="two dates"):
        window_of("2017-02-01")


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def year_of(*stays: tuple[str, int, str, str, float, float, float, str, str, str]) -> OneYear:
    """Stays of person, number, service, cohort, started, ready, ended, next, reason, body."""
    columns: dict[str, list[object]] = {name: [] for name in STAYS_SCHEMA.names}
    for person, stay, service, cohort, started, ready, ended, to, reason, body in stays:
        row = {
            "person": person, "stay": stay, "service": service, "organisation": None,
            "cohort": cohort, "requested_at": at(started), "started_at": at(started),
            "ready_at": at(ready), "ended_at": at(ended), "next_service": to,
            "reason": reason or None, "responsible": body or None,
        }  # fmt: skip
        for name, value in row.items():
            columns[name].append(value)
    table = pa.table(columns, schema=STAYS_SCHEMA)
    used = {"hart": (0.5, 140.0)}
    return OneYear(Stays(table, START, at(100), population=1000.0), used)


def ask(year: OneYear, measure: str, window: str = "year", **arguments: str) -> float:
    named = {name.rstrip("_"): value for name, value in arguments.items()}
    return MEASURES[measure].ask(year, window, named)


@pytest.fixture
def year() -> OneYear:
    return year_of(
        # Monday 2 January (day 1) to Saturday 7 January: two days' delay on the ward.
        ("a", 1, "unit", "x", 1, 2, 2, "ward", "", ""),
        ("a", 2, "ward", "x", 2, 4, 6, "home", "E", "both"),
        ("a", 3, "home", "x", 6, 20, 20, "unit", "", ""),
        ("a", 4, "unit", "x", 20, 21, 21, "settled", "", ""),
        # Nine days in all, out on a Tuesday (day 16).
        ("b", 1, "ward", "y", 7, 12, 16, "settled", "C", "nhs"),
    )


def test_people_delayed_by_reason_body_and_window(year: OneYear) -> None:
    everything = ask(year, "people_delayed", services="ward|unit")
    assert everything == pytest.approx((2 + 4) / 100)
    assert ask(year, "people_delayed", services="ward", reasons="E") == pytest.approx(0.02)
    assert ask(year, "people_delayed", services="ward", responsible="nhs") == pytest.approx(0.04)
    window = "2017-01-05/2017-01-07"  # days 4 and 5
    assert ask(year, "people_delayed", window, services="ward") == pytest.approx(1.0)


def test_entries_count_only_from_outside_the_services(year: OneYear) -> None:
    # Three: a twice, b once; a's move from unit to ward is inside.
    found = ask(year, "entries_per_100k", services="unit|ward", population="1000")
    assert found == pytest.approx(3 / 100 * 365 / 1000 * 100_000)
    one = ask(year, "entries_per_100k", services="unit|ward", population="1000", cohorts="y")
    assert one == pytest.approx(found / 3)


def test_lengths_and_shares_of_spells(year: OneYear) -> None:
    # Spells of 5, 1 and 9 days.
    assert ask(year, "share_over_days", services="unit|ward", days="7") == pytest.approx(1 / 3)
    assert ask(year, "p90_days", services="unit|ward") == pytest.approx(5 + 0.8 * 4)
    # Of the three leavings (day 6 Saturday, 21 Sunday, 16 Tuesday) two are at a weekend.
    assert ask(year, "weekend_share", services="unit|ward") == pytest.approx(2 / 3)
    assert ask(year, "within_hours", services="unit|ward", hours="24") == pytest.approx(1 / 3)
    assert ask(year, "route_share", from_="unit", to="settled") == pytest.approx(1 / 2)


def test_readmission_and_still_at_home(year: OneYear) -> None:
    # a comes back 14 days after the first discharge; the other two discharges are followed by none.
    share = ask(
        year, "readmitted_share", services="unit|ward", destinations="home|settled", days="30"
    )
    assert share == pytest.approx(1 / 3)
    home = ask(
        year, "at_home_share", hospital="unit|ward", reablement="home", home="home", day="10"
    )
    assert home == pytest.approx(1.0)


def test_use_of_capacity(year: OneYear) -> None:
    assert ask(year, "used_share", service="hart") == 0.5
    assert ask(year, "hours_delivered", service="hart", days="30") == pytest.approx(300.0)


def test_a_model_is_compared_with_what_was_published(tmp_path: Path) -> None:
    # One arrival every tenth of a day for half a day: five people in ten places, none delayed.
    model = make_model(
        services="service,places\nward,10",
        arrivals="service,per_day\nward,10",
        durations="service,days\nward,fixed(0.5)",
        routes="from,to,share\nward,home,1",
        days=50,
        warm_up_days=5,
    )
    figures = read_published(
        write(
            tmp_path,
            line(
                id="P01", published="50", unit="%", measure="used_share", arguments="service=ward"
            ),
            line(id="P02", published="0", arguments="services=ward"),
            line(
                id="P03", published="70", unit="%", measure="used_share", arguments="service=ward"
            ),
            line(
                id="P04", published="54", unit="%", measure="used_share", arguments="service=ward"
            ),
        )
    )
    table = compare_with_published(model, figures, replications=8, seed=1).set_index("id")
    assert list(table.reset_index().columns) == list(COLUMNS)
    assert table.loc["P01", "mean"] == pytest.approx(50, rel=0.05)
    assert table.loc["P01", "lower95"] < table.loc["P01", "mean"] < table.loc["P01", "upper95"]
    assert table["verdict"].to_dict() == {
        "P01": "agrees", "P02": "agrees", "P03": "differs", "P04": "near",
    }  # fmt: skip


def test_an_interval_needs_two_replications(tmp_path: Path) -> None:
    model = make_model(
        services="service,places\nward,1",
        arrivals="service,per_day\nward,1",
        durations="service,days\nward,fixed(0.5)",
        routes="from,to,share\nward,home,1",
        days=5,
    )
    with pytest.raises(ParameterError, match="2 or more"):
        compare_with_published(model, read_published(write(tmp_path, line())), replications=1)
