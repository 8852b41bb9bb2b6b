"""A programme from bundles: what is read, what is not, and its figures side by side."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.conftest import ROOT
from tests.helpers.observations import loaded, observation
from wholesystem.errors import ParameterError
from wholesystem.examples.extract import PROGRAMME_FIGURES, open_programme_extract
from wholesystem.examples.follow_up import RETURN_VISIT
from wholesystem.examples.programme import PROGRAMME_INDICATORS, example_programme
from wholesystem.examples.review import EXAMPLE_REVIEWS, read_example_review
from wholesystem.indicators import Store, indicator_series
from wholesystem.indicators.profile import ProfileOptions
from wholesystem.indicators.series_sums import last_code
from wholesystem.reviews import write_bundle
from wholesystem.reviews.programme import (
    MovedVerdict,
    Programme,
    ProgrammeFigures,
    ProgrammeSummary,
    read_programme,
    summarise,
    write_summary,
)

ON = date(2018, 6, 1)
ROWS = dict[str, Any]
CUMBRIA = ROOT / "src" / "wholesystem" / "examples" / "cumbria_2018"


def rows_of(summary: ProgrammeSummary, table: str) -> list[ROWS]:
    return summary.table(table).records()


def delays(summary: ProgrammeSummary) -> list[ROWS]:
    return [row for row in rows_of(summary, "indicators") if row["indicator"] == "dtoc_rate"]


@pytest.fixture(scope="module")
def programme() -> Programme:
    return read_programme("local_system_reviews_2017")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("bundles")
    paths = [folder / "oxfordshire", folder / "cumbria.zip"]
    for name, path in zip(EXAMPLE_REVIEWS, paths, strict=True):
        bundle = read_example_review(name)
        write_bundle(bundle.review, bundle.files, path)
    return paths


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_programme_extract(tmp_path_factory.mktemp("programme") / "store") as loading:
        assert loading.errors == ()
        yield loading.store


@pytest.fixture(scope="module")
def summary(programme: Programme, bundles: list[Path], store: Store) -> ProgrammeSummary:
    options = ProfileOptions(until=date(2018, 11, 30))
    return summarise(programme, bundles, on=ON, figures=ProgrammeFigures(store, options=options))


# --------------------------------------------------------------------------- reading


def test_reviews_are_read_from_folders_and_zips(summary: ProgrammeSummary) -> None:
    rows = {row["area"]: row for row in rows_of(summary, "status")}

    assert len(rows) == 20
    assert rows["Oxfordshire"]["evidence"] == 265
    assert rows["Oxfordshire"]["confirmed"] == 31
    assert rows["Oxfordshire"]["areas_for_improvement"] == 15
    assert (rows["Cumbria"]["evidence"], rows["Cumbria"]["confirmed"]) == (28, 14)
    assert rows["York"]["stage"] == "No review was read"
    assert rows["York"]["evidence"] is None
    assert any("York" in note for note in summary.table("status").notes)


def test_one_bad_bundle_does_not_stop_the_others(
    programme: Programme, bundles: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 no zip")
    summary = summarise(programme, [broken, *bundles, tmp_path / "gone"], on=ON)

    places = summary.table("not_counted").column("place")
    assert [Path(str(place)).name for place in places] == ["broken.zip", "gone"]
    assert all(summary.table("not_counted").column("why"))
    assert len(summary.gathered.reviews) == 2


def test_a_review_given_twice_counts_once(programme: Programme, bundles: list[Path]) -> None:
    summary = summarise(programme, [bundles[1], bundles[1]], on=ON)

    assert len(summary.gathered.reviews) == 1
    assert "the same id" in str(summary.table("not_counted").column("why")[0])


def test_a_review_of_another_area_is_told_and_not_counted(programme: Programme) -> None:
    review = read_example_review("cumbria_2018").review
    info = review.info.model_copy(update={"area_code": "E10000003", "area": "Cambridgeshire"})
    summary = summarise(programme, reviews=[replace(review, info=info)], on=ON)

    assert summary.findings == ()
    assert "not in the programme" in str(summary.table("not_counted").column("why")[0])


# --------------------------------------------------------------------------- the packaged reviews


def test_what_oxfordshire_and_cumbria_share(summary: ProgrammeSummary) -> None:
    rows = {row["theme"]: row for row in rows_of(summary, "themes")}

    shared = {name for name, row in rows.items() if row["areas_with_concern"] == 2}
    assert {"vision", "information", "workforce", "voluntary", "discharge"} <= shared
    assert rows["information"]["word"] == "recurs"
    assert rows["money"]["areas_that_looked"] == 1
    assert rows["variation"]["concern_in"] == "Cumbria"


def test_cumbria_rests_on_one_page_and_says_so() -> None:
    review = read_example_review("cumbria_2018").review

    assert review.faults() == []
    assert len(review.sources) == 1
    assert not review.figures
    assert not review.areas_for_improvement
    assert "The report itself was not read" in review.info.note
    assert all(review.evidence_of(one.finding, "for") for one in review.findings)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def test_no_seven_words_in_a_row_are_the_pages(shared_data: Path) -> None:
    page = next((shared_data / "seeds").glob("004_*.txt")).read_text("utf-8")
    theirs = runs(page, 7)
    copied = set()
    for path in [*(CUMBRIA / "review").glob("*.csv")]:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    copied |= runs(cell, 7) & theirs

    assert len(theirs) > 400
    assert copied == set()


# --------------------------------------------------------------------------- figures


def test_every_area_has_its_delays(summary: ProgrammeSummary) -> None:
    rows = delays(summary)

    assert len(rows) == 20
    assert {row["period_end"] for row in rows} == {date(2018, 11, 30)}
    assert sorted(row["place"] for row in rows) == list(range(1, 21))
    assert all(row["source"] and row["value"] > 0 for row in rows)
    assert {row["funnel"] for row in rows} == {"no funnel"}
    assert {row["area"] for row in rows if row["small_area"] == "yes"} == {
        "Bracknell Forest", "Halton", "Hartlepool", "York"
    }  # fmt: skip


def test_values_are_those_of_the_store(summary: ProgrammeSummary, store: Store) -> None:
    series = indicator_series(store, "dtoc_rate")
    month = series[series["period_end"] == "2018-11-30"].set_index("area_code")["value"]
    values = dict(zip(summary.table("indicators").column("area_code"),
                      summary.table("indicators").column("value"), strict=True))  # fmt: skip
    rows = delays(summary)
    assert values
    for row in rows:
        assert row["value"] == month[last_code(str(row["area_code"]))]


def test_places_are_by_what_is_better(summary: ProgrammeSummary) -> None:
    rows = delays(summary)
    rows.sort(key=lambda row: row["place"])
    values = [row["value"] for row in rows]

    assert values == sorted(values)
    assert rows[0]["place_words"] == "1st of 20 (1st is lowest, which is best)"


def test_indicators_without_figures_are_told_as_gaps(summary: ProgrammeSummary) -> None:
    short = {row["indicator"]: row for row in rows_of(summary, "indicator_summary")}

    assert short["dtoc_rate"]["areas_with_figure"] == 20
    assert short["dtoc_rate"]["charts"] == 20
    assert short["dtoc_rate"]["areas_in_store"] == 34
    assert short["dtoc_rate"]["councils"] == 152
    assert short["reablement_offered"]["areas_with_figure"] == 0
    assert short["reablement_offered"]["median"] is None
    assert any("has no figure of any area" in note for note in summary.table("indicators").notes)


def test_what_stands_out_says_among_how_many(summary: ProgrammeSummary) -> None:
    table = summary.table("outliers")

    assert {row["indicator"] for row in table.records()} == {"dtoc_rate"}
    assert any("34 of England's 152 councils" in note for note in table.notes)
    assert any("No funnel could test" in note for note in table.notes)
    assert any("from 20 charts" in note for note in table.notes)


def test_a_funnel_places_each_area_where_counts_allow_one(
    programme: Programme, tmp_path: Path
) -> None:
    """Eighteen areas at 80%, York at 50% of 400, Halton at 80% of 10; Cumbria has no figure."""
    rows: list[ROWS] = []
    for one in programme.areas:
        people = 10 if one.area == "Halton" else 400
        share = 50 if one.area == "York" else 80
        if one.area != "Cumbria":
            rows.append(
                observation(
                    indicator="reablement_still_at_home_91", area_code=one.area_code,
                    area=one.area, value=float(share), numerator=people * share / 100,
                    denominator=float(people), unit="%", period_start=date(2016, 4, 1),
                    period_end=date(2017, 3, 31), base="people aged 65 and over discharged to"
                    " reablement", cell=f"B{len(rows) + 2}", publisher="Made up", sheet=None,
                )
            )  # fmt: skip
    store = Store.open_or_create(tmp_path / "store")
    report = store.add([loaded(*rows, file="own.csv")])
    assert report.refused == ()
    figures = ProgrammeFigures(store, ("reablement_still_at_home_91",))
    summary = summarise(programme, on=ON, figures=figures)

    found = {row["area"]: row for row in rows_of(summary, "indicators")}
    assert found["York"]["funnel"] == "below the 99.8% limit"
    assert found["Halton"]["funnel"] == found["Oxfordshire"]["funnel"] == "within the limits"
    assert found["Cumbria"]["value"] is None
    assert found["Cumbria"]["missing_because"]
    assert (found["York"]["numerator"], found["York"]["denominator"]) == (200, 400)
    assert ("York", "outside_funnel") in [
        (row["area"], row["rule"]) for row in rows_of(summary, "outliers")
    ]
    assert found["York"]["variation"] == "too few figures for a chart"


def test_an_unknown_indicator_is_refused(programme: Programme, store: Store) -> None:
    with pytest.raises(ParameterError, match="Did you mean dtoc_rate"):
        summarise(programme, on=ON, figures=ProgrammeFigures(store, ("dtoc_rat",)))


# --------------------------------------------------------------------------- follow-ups


def test_what_moved_stands_beside_the_areas(programme: Programme, bundles: list[Path]) -> None:
    verdicts = [
        MovedVerdict("oxfordshire_2017", date(2018, 11, 30), "A1", "M1", "Delayed days",
                     "moved_as_intended", "Moved as intended", "It fell.", "a cell"),
        MovedVerdict("nowhere", date(2018, 11, 30), "A1", "M1", "Delayed days", "no_sign_yet",
                     "No sign yet", "It did not."),
    ]  # fmt: skip
    summary = summarise(programme, bundles, on=ON, verdicts=verdicts)

    assert summary.table("moved").column("area") == ["Oxfordshire"]
    assert rows_of(summary, "moved_counts")[0]["areas"] == 1
    assert any("nowhere" in note for note in summary.table("moved").notes)
    assert any("Cumbria" in note for note in summary.table("moved").notes)


def test_the_packaged_programme_has_the_verdicts_of_the_packaged_follow_up() -> None:
    summary = example_programme()
    verdicts = {row["movement"]: row for row in rows_of(summary, "moved")}

    assert summary.on == RETURN_VISIT
    assert verdicts["X01"]["measure"] == "Delayed days a day per 100,000 adults"
    assert verdicts["X01"]["verdict"] == "moved_as_intended"
    assert "Nov_18.xls" in verdicts["X01"]["rests_on"]
    assert {row["area"] for row in verdicts.values()} == {"Oxfordshire"}
    indicators = {row["indicator"] for row in rows_of(summary, "indicators")}
    assert indicators == set(PROGRAMME_INDICATORS)
    assert all(row["value"] is not None for row in rows_of(summary, "indicators"))


# --------------------------------------------------------------------------- files


def test_a_summary_is_written_as_tables(summary: ProgrammeSummary, tmp_path: Path) -> None:
    write_summary(summary, tmp_path / "out")

    names = {path.stem for path in (tmp_path / "out").iterdir()}
    assert names == {one.name for one in summary.tables} | {"notes"}
    for one in summary.tables:
        read = pd.read_csv(tmp_path / "out" / f"{one.name}.csv", dtype=str)
        assert list(read) == [column.name for column in one.columns]
        assert len(read) == len(one.rows)


def test_the_further_figures_are_small() -> None:
    files = [path for path in PROGRAMME_FIGURES.parent.rglob("*") if path.is_file()]

    assert sum(path.stat().st_size for path in files) < 150_000
