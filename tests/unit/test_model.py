"""Models as a whole: what they say, their fingerprint, writing them, and the packaged ones."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.full_model import FULL, full_model
from tests.helpers.models import make_model, write_model
from wholesystem import examples
from wholesystem.errors import OutputError, TableError
from wholesystem.flow import (
    from_excel,
    model_hash,
    parse_duration,
    read_model,
    to_excel,
    write_model_folder,
)
from wholesystem.flow.model_files import LAYOUT
from wholesystem.flow.model_rows import ROWS
from wholesystem.tables import read_tables

EXAMPLES = Path(examples.__file__).parent
PACKAGED = sorted(path.parent.name for path in EXAMPLES.glob("*/model.toml"))


def test_rows_are_typed() -> None:
    model = full_model(begins="2024-01-01", population=1000)

    assert model.settings.start == datetime(2024, 1, 1)
    assert model.settings.population == 1000
    assert model.settings.warm_up_days == 0
    assert model.services[0].places == 20
    assert model.services[0].arrivals_wait == 0
    assert model.services[1].arrivals_wait is None
    assert model.services[2].stage == "left"
    assert model.arrivals[0].to_date == date(2024, 6, 30)
    assert model.arrivals[1].from_date is None
    assert model.profiles[0].hour == 3
    assert model.capacity[0].end_hour == 6.5
    assert model.durations[1].days == parse_duration("fixed(3)")
    assert model.routes[0].arranging_days == parse_duration("fixed(1)")
    assert model.routes[1].arranging_days is None
    assert model.start[1].service == ""
    assert model.empirical["team"] == (10, 20.5)


def test_settings_have_defaults(tmp_path: Path) -> None:
    folder = write_model(tmp_path, **{k: v for k, v in FULL.items() if k != "empirical"})
    (folder / "model.toml").write_text('name = "a"\nstart = 2024-01-01\ndays = 10\n')
    for name in ("team", "hours"):
        (folder / f"empirical_{name}.csv").write_text("days\n3\n")

    settings = read_model(folder).settings

    assert (settings.replications, settings.seed, settings.warm_up_days) == (10, 1, 0)
    assert (settings.population, settings.start_residual) == (None, "equilibrium")


def test_a_model_is_written_and_read_back(tmp_path: Path) -> None:
    model = full_model()

    write_model_folder(model, tmp_path / "model")

    assert read_model(tmp_path / "model") == model


def test_a_workbook_is_a_model_too(tmp_path: Path) -> None:
    write_model_folder(full_model(), tmp_path / "model")

    to_excel(tmp_path / "model", tmp_path / "model.xlsx")
    from_excel(tmp_path / "model.xlsx", tmp_path / "back")

    assert read_model(tmp_path / "model.xlsx") == read_model(tmp_path / "model")
    assert read_model(tmp_path / "back") == read_model(tmp_path / "model")


def test_faulty_tables_can_go_to_a_workbook_to_be_mended(tmp_path: Path) -> None:
    write_model_folder(full_model(), tmp_path)
    (tmp_path / "durations.csv").write_text("service,days\nward,nonsense\n")

    to_excel(tmp_path, tmp_path / "model.xlsx")

    table = read_tables(tmp_path / "model.xlsx", LAYOUT).tables["durations"]
    assert table.rows[0].cells["days"] == "nonsense"


# --------------------------------------------------------------------------- fingerprint


def test_the_fingerprint_is_of_what_the_model_means(tmp_path: Path) -> None:
    model = full_model()
    write_model_folder(model, tmp_path)
    services = (tmp_path / "services.csv").read_text()
    (tmp_path / "services.csv").write_text(
        services.replace(",20,", ",20.0,").replace("assumed: a test model", "page 3")
    )
    durations = (tmp_path / "durations.csv").read_text()
    (tmp_path / "durations.csv").write_text(durations.replace("fixed(3)", "fixed( 3.0 )"))

    assert len(model_hash(model)) == 64
    assert model_hash(read_model(tmp_path)) == model_hash(model)


@pytest.mark.parametrize(
    "change",
    [
        {"services": "service,places,unit\nward,21,\nteam,100,hours_per_week"},
        {"durations": "service,days\nward,fixed(2)\nteam,empirical(team)"},
        {"empirical": {"team": [10.0, 20.6], "hours": [3.0, 4.0]}},
        {"costs": ""},
        {"seed": 2},
    ],
)
def test_the_fingerprint_changes_with_the_meaning(change: dict[str, Any]) -> None:
    assert model_hash(full_model(**change)) != model_hash(full_model())


# --------------------------------------------------------------------------- warnings


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {
                "services": "service,places,unit\nward,20,\nteam,100,hours_per_week\nspare,5,",
                "durations": f"{FULL['durations']}\nspare,,fixed(1)",
                "routes": f"{FULL['routes']}\nspare,home,1,,,",
            },
            "Nobody ever comes to spare",
        ),
        (
            {"arrivals": "service,cohort,per_day\nward,old,0", "start": "", "profiles": ""},
            "Nobody ever arrives",
        ),
        ({"services": "service,places,unit\nward,0,\nteam,100,hours_per_week", "capacity": "",
          "start": ""}, "ward never has a place"),
        ({"start": "service,cohort,people\nward,old,25"}, "25 people are in ward at the start"),
        ({"needs": 'service,hours_per_week\nteam,"exponential(mean=40)"', "empirical":
          {"team": [3.0]}}, "1 in 1,000 need more hours a week than its 100"),
        ({"arrivals": "service,cohort,per_day\nward,old,2\nward,young,1"},
         "The profile day is used by no row"),
        ({"empirical": {"team": [3.0], "hours": [3.0], "spare": [1.0]}},
         "empirical_spare.csv is used by no row"),
    ],
)  # fmt: skip
def test_what_is_probably_not_meant_is_a_warning(change: dict[str, Any], words: str) -> None:
    (warning,) = full_model(**change).warnings

    assert words in warning


def test_a_blank_source_is_a_warning(tmp_path: Path) -> None:
    write_model_folder(full_model(), tmp_path)
    text = (tmp_path / "costs.csv").read_text().replace("assumed: a test model", "")
    (tmp_path / "costs.csv").write_text(text)

    assert read_model(tmp_path).warnings == ("costs.csv gives no source in 1 rows (row 2).",)


def test_a_service_that_a_cohort_never_comes_to_needs_no_rows_for_it() -> None:
    model = make_model(
        "service\nward\nteam",
        "service,cohort,per_day\nward,old,1\nward,young,1",
        "service,cohort,days\nward,,fixed(1)\nteam,old,fixed(1)",
        "from,to,cohort,share\nward,team,old,0.5\nward,home,old,0.5\nward,home,young,1\n"
        "team,home,old,1",
        cohorts="cohort\nold\nyoung",
    )

    assert model.warnings == ()


# --------------------------------------------------------------------------- packaged areas


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_models_are_sound_and_give_every_source(name: str) -> None:
    model = read_model(EXAMPLES / name)

    assert [warning for warning in model.warnings if "source" in warning] == []
    for table in ROWS:
        for row in getattr(model, table):
            assert getattr(row, "source", "none needed"), f"{table}: {row}"


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_models_survive_a_workbook(name: str, tmp_path: Path) -> None:
    to_excel(EXAMPLES / name, tmp_path / "area.xlsx")
    from_excel(tmp_path / "area.xlsx", tmp_path / "back")

    assert read_model(tmp_path / "back") == read_model(EXAMPLES / name)


def test_the_small_model_is_the_same_to_the_byte_after_a_workbook(tmp_path: Path) -> None:
    to_excel(EXAMPLES / "new_model", tmp_path / "area.xlsx")
    from_excel(tmp_path / "area.xlsx", tmp_path / "back")

    for path in (tmp_path / "back").iterdir():
        assert path.read_bytes() == (EXAMPLES / "new_model" / path.name).read_bytes(), path.name


def test_the_small_model_explains_every_table_that_it_has(tmp_path: Path) -> None:
    examples.copy_new_model(tmp_path / "my-area")
    readme = (tmp_path / "my-area" / "README.md").read_text(encoding="utf-8")

    assert read_model(tmp_path / "my-area").warnings == ()
    for path in (tmp_path / "my-area").iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in readme


def test_a_new_model_is_never_written_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(OutputError, match="is not empty"):
        examples.copy_new_model(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


# --------------------------------------------------------------------------- documentation

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "model-tables.md"


@pytest.mark.parametrize("table", list(ROWS))
def test_every_column_is_documented(table: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    section = text.split(f"\n## {table}.csv\n")[1].split("\n## ")[0]

    for column in ROWS[table].columns():
        assert f"| `{column}` |" in section, f"{table}.{column}"


def test_every_setting_is_documented() -> None:
    from wholesystem.flow.model_rows import Settings

    section = PAGE.read_text(encoding="utf-8").split("\n## model.toml\n")[1].split("\n## ")[0]

    for key in Settings.columns():
        assert f"| `{key}` |" in section


@pytest.mark.parametrize("table", list(ROWS))
def test_the_documented_example_can_be_read(table: str, tmp_path: Path) -> None:
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {table}.csv\n")[1]
    (tmp_path / f"{table}.csv").write_text(section.split("```csv\n")[1].split("```")[0])

    read = read_tables(tmp_path, LAYOUT).tables[table]
    rows, faults = ROWS[table].read(read)

    assert read.columns == ROWS[table].columns()
    assert (len(rows), faults) == (1, [])


def test_a_workbook_is_told_of_sheets(tmp_path: Path) -> None:
    write_model_folder(full_model(), tmp_path / "model")
    routes = tmp_path / "model" / "routes.csv"
    routes.write_text(routes.read_text().replace("ward,team", "ward,taem"))
    to_excel(tmp_path / "model", tmp_path / "model.xlsx")

    with pytest.raises(TableError) as caught:
        read_model(tmp_path / "model.xlsx")

    assert str(caught.value.faults[0]) == (
        "model.xlsx sheet routes row 2, column to is 'taem'. There is no service of that name in"
        " sheet services. Did you mean team?"
    )
